// The plan is typed in place, by several people at once. A field is kept a second after its last key and when somebody
// leaves it; what others write comes in meanwhile, and never touches what is being typed here.
// Without this script every form and link of the page works as it is.
import { Idiomorph } from "./vendor/idiomorph.js";
import { addTokens, ask, receive, say, send, start, words } from "./live.js";

const root = document.getElementById("live");
const state = root.querySelector("[data-live=state]");
const FIELDS = ".cell-text, .cell-day, .plan-next .input";
const PAUSE = 1000, AGAIN = 4000, HAND = 8000, KEPT = 1500;
const page = Math.random().toString(36).slice(2, 12); // the name of this window, as long as it is there

const sent = new Map(); // by id of a field: what was sent last
const timers = new Map(), underWay = new Map(), lateForms = new Set(), unsure = new Map(); // by id of a form
const drafts = new Map(); // by id of the form of an empty row: what is becoming a line there
let waiting = "", latest = ""; // a state that would move the row somebody types in, and the newest of all
let unanswered = 0; // lines on their way
let isShutOut = false; // logged out while something was not kept
let handLine = null, handAt = 0, dragged = null;

const isField = part => part instanceof Element && part.matches(FIELDS);
const isNew = form => form?.matches("[data-new]");
const isDirty = field => isNew(field.form)
  ? fold(field.value) !== fold(drafts.get(field.form.id)?.kept ?? "")
  : field.value !== field.defaultValue;
const fieldsOf = form => [...form.elements].filter(isField);
const rowOf = part => part?.closest?.("[data-line]");
const fold = text => text.split(/\s+/).filter(Boolean).join(" ");

// ---- Keeping ----

state.addEventListener("input", event => {
  if (!isField(event.target)) return;
  const form = event.target.form, made = drafts.get(form.id)?.address;
  const line = made ? made.split("/").pop() : rowOf(form).dataset.line;
  lateForms.delete(form.id);
  keepSoon(form, PAUSE);
  if (/^\d+$/.test(line)) hold(+line);
  fit(event.target);
});

state.addEventListener("change", event => isField(event.target) && !isNew(event.target.form) && keep(event.target.form));

state.addEventListener("focusout", event => {
  if (!isField(event.target)) return;
  const row = rowOf(event.target), form = event.target.form, held = handLine;
  setTimeout(() => {
    if (row.contains(document.activeElement)) return;
    if (handLine === held) hold(null); // or somebody writes in another line already
    if (isNew(form)) handOver(form);
    if (waiting && !isTyping(waiting)) swap(waiting);
  });
});

document.addEventListener("submit", event => {
  const form = event.target;
  if (!root.contains(form) && !form.matches("[data-quiet]")) return;
  event.preventDefault();
  keep(form, event.submitter);
});

function keepSoon(form, pause) {
  clearTimeout(timers.get(form.id));
  timers.set(form.id, setTimeout(keep, pause, form));
}

// Send what changed in a form, each field with what stood there before; or the form of a button as it is.
async function keep(form, button) {
  clearTimeout(timers.get(form.id));
  if (isNew(form)) return button ? handOver(form) : saveDraft(form);
  while (form.id && underWay.has(form.id)) await underWay.get(form.id);
  const fields = fieldsOf(form).filter(isDirty);
  if (!button && (!fields.length || lateForms.has(form.id))) return;
  if (fieldsOf(form).length && button && !button.name && !fields.length) return; // nothing to keep
  const work = keepFields(form, fields, button);
  underWay.set(form.id, work);
  await work;
  underWay.delete(form.id);
  if (waiting && !isTyping(waiting)) swap(waiting);
}

async function keepFields(form, fields, button) {
  button?.setAttribute("aria-busy", "true");
  try {
    // Whether this arrived the last time, nobody knows: once more as it was, and only then what was typed since.
    const before = unsure.get(form.id);
    if (before && fields.length) {
      const again = await post(form.action, before);
      if (again.redirected) return stay(form, fields);
      // A state that came in meanwhile knew it already, and says what stands there now.
      if (again.ok) fields.forEach(field => field.defaultValue === before.get(`was-${field.name}`) && setBase(field, before.get(field.name)));
    }
    const body = bodyOf(form);
    if (button?.name) body.set(button.name, button.value);
    fields.forEach(field => {
      body.set(field.name, field.value);
      body.set(`was-${field.name}`, field.defaultValue);
      sent.set(field.id, field.value);
    });
    if (fields.length) unsure.set(form.id, body);
    const answer = await post(form.action, body);
    if (answer.redirected) return stay(form, fields); // logged out meanwhile
    const frame = await answer.json();
    unsure.delete(form.id);
    take(frame, form, fields);
  } catch {
    say(words.failed, "banner--alarm", 0, null);
    if (fields.length) keepSoon(form, AGAIN);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

function bodyOf(form) {
  const body = new URLSearchParams({ page });
  [...form.elements].forEach(part => part.type === "hidden" && !part.name.startsWith("was-") && body.set(part.name, part.value));
  return body;
}

function post(address, body) {
  // Who logged in again in another tab has a new token there.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token) body.set("csrfmiddlewaretoken", token);
  return ask(address, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
}

// What was typed stays, and is kept as soon as somebody logged in again in another tab.
function stay(form, fields) {
  isShutOut = true;
  say(words.elsewhere, "banner--alarm", 0, null);
  if (fields.length) keepSoon(form, AGAIN);
}

function take(frame, form, fields) {
  tellWrong(form, frame.type === "unkept" ? frame.errors : {});
  if (frame.type === "unkept") return;
  if (frame.type === "refused") {
    const isLate = frame.code === "late" && fields.length;
    say(isLate ? words.late : frame.message, "banner--alarm", 0, null);
    fields.forEach(field => sent.delete(field.id));
    // What stands there now has been told: the next key replaces it.
    if (isLate) lateForms.add(form.id);
    else if (fields.length) keepSoon(form, AGAIN);
    if (isLate && latest) takeValues(parse(latest));
    send({ type: "state" });
    return;
  }
  say("");
  receive(frame, false);
  if (fields.length) tellKept(form);
  if (isShutOut && !findDirty().length) location.reload(); // with a socket again
}

// ---- A new line ----

// What is typed in an empty row becomes a line after a second, and typing goes on. Each writing waits for the one before.
function saveDraft(form) {
  const draft = drafts.get(form.id) ?? { add: form.action, address: "", kept: "", work: Promise.resolve(), body: newBody(form) };
  const text = fieldsOf(form)[0].value;
  drafts.set(form.id, draft);
  unanswered++;
  draft.work = draft.work.then(() => writeDraft(draft, text, form)).finally(() => { unanswered--; });
  return draft.work;
}

// The row is empty again, for the next line; what was typed in it is on its way.
function handOver(form) {
  clearTimeout(timers.get(form.id));
  const [field] = fieldsOf(form), text = field.value;
  const work = fold(text) || drafts.has(form.id) ? saveDraft(form) : Promise.resolve();
  drafts.delete(form.id);
  field.value = "";
  fit(field);
  return work.then(() => waiting && !isTyping(waiting) && swap(waiting));
}

function newBody(form) {
  const body = bodyOf(form);
  body.set("token", Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join(""));
  return body;
}

async function writeDraft(draft, text, form) {
  while (fold(text) !== fold(draft.kept)) {
    const body = new URLSearchParams(draft.body);
    body.set("text-0", text);
    if (draft.address) body.set("was-text-0", draft.kept);
    try {
      const answer = await post(draft.address || draft.add, body);
      const frame = answer.redirected ? { type: "elsewhere" } : await answer.json();
      if (frame.type === "state") {
        const line = answer.headers.get("Location");
        draft.address = draft.address || line;
        draft.kept = text;
        say("");
        receive(frame, false);
        if (drafts.get(form.id) === draft) waiting = waiting || latest; // it may have come in before this answer
        tellKept(form);
        return;
      }
      if (frame.type === "elsewhere") say(words.elsewhere, "banner--alarm", 0, null);
      else if (frame.type === "refused" && frame.code === "busy") say(frame.message, "banner--alarm", 0, null);
      else return putBack(frame, text, form);
    } catch {
      say(words.failed, "banner--alarm", 0, null);
    }
    await new Promise(done => setTimeout(done, AGAIN));
  }
}

// It cannot be kept as it is: it stands there again, to be made shorter, say.
function putBack(frame, text, form) {
  const [field] = fieldsOf(form);
  if (!fold(field.value)) field.value = text;
  if (frame.type === "unkept") tellWrong(form, frame.errors);
  else say(frame.message, "banner--alarm", 0, null);
}

// ---- Showing ----

function parse(html) {
  const next = document.createElement("div");
  next.innerHTML = html;
  addTokens(next);
  return next;
}

function swap(html) {
  const next = parse(html);
  latest = html;
  takeValues(next);
  if (isTyping(html, next)) {
    waiting = html;
    return;
  }
  waiting = "";
  Idiomorph.morph(state, next, {
    morphStyle: "innerHTML",
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: old => !isField(old),
      beforeNodeRemoved: old => !(old instanceof Element && [old, ...old.querySelectorAll(FIELDS)].some(part => isField(part) && isDirty(part))),
      beforeAttributeUpdated: (name, part) => !(name === "open" && part.tagName === "DETAILS" || name === "hidden" && part.matches(".row-kept, .row-wrong")),
    },
  });
  settle();
}

// What stands in a field now, unless somebody is typing there. What was sent from here and kept is where typing goes on.
function takeValues(next) {
  state.querySelectorAll(FIELDS).forEach(field => {
    const fresh = next.querySelector(`#${CSS.escape(field.id)}`);
    if (!fresh) return;
    Object.assign(field, { className: fresh.className, placeholder: fresh.placeholder });
    if (isNew(field.form)) return;
    const isMine = sent.has(field.id) && fold(sent.get(field.id)) === fold(fresh.defaultValue);
    // Somebody else was there first: what was typed here stands beside it now, to be picked.
    const isBeside = field.value === sent.get(field.id) && fresh.closest(".cell")?.querySelector(`[data-page="${page}"]`);
    const isKept = isMine && fold(field.value) === fold(fresh.defaultValue) && document.activeElement !== field;
    // A day that is half typed has no value yet: nothing is written over it while nobody else changed it.
    if (!isDirty(field) && field.value === fresh.defaultValue) setBase(field, fresh.defaultValue);
    else if (!isDirty(field) || isBeside || isKept) field.value = field.defaultValue = fresh.defaultValue;
    else if (isMine || lateForms.has(field.form?.id)) setBase(field, fresh.defaultValue);
  });
}

function setBase(field, text) {
  if (field.defaultValue === text) return;
  const { value } = field;
  field.defaultValue = text;
  field.value = value;
}

// Somebody types in a row that stands elsewhere in this state.
function isTyping(html, next = parse(html)) {
  const row = isField(document.activeElement) ? rowOf(document.activeElement) : null;
  if (!row) return false;
  if (isNew(document.activeElement.form)) return !!drafts.get(document.activeElement.form.id)?.address;
  const there = next.querySelector(`[data-line="${CSS.escape(row.dataset.line)}"]`);
  return listOf(there) !== listOf(row);
}

const listOf = row => row?.closest("[data-list]")?.dataset.list;

function settle() {
  state.querySelectorAll("[data-hands]").forEach(row => {
    const others = row.dataset.hands.split(" ").filter(name => name && name !== page);
    const note = row.querySelector(".row-hand");
    if (note) note.hidden = !others.length;
  });
  state.querySelectorAll("[data-drag]").forEach(handle => { handle.draggable = true; });
  state.querySelectorAll(".cell-text").forEach(fit);
}

const isFitted = CSS.supports("field-sizing", "content");
function fit(field) {
  if (isFitted || field.tagName !== "TEXTAREA") return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function tellKept(form) {
  const note = rowOf(form)?.querySelector(".row-kept");
  if (!note) return;
  note.hidden = false;
  clearTimeout(note.timer);
  note.timer = setTimeout(() => { note.hidden = true; }, KEPT);
}

function tellWrong(form, errors) {
  const note = rowOf(form)?.querySelector(".row-wrong");
  fieldsOf(form).forEach(field => {
    if (field.name in errors) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  });
  if (note) {
    note.hidden = !Object.keys(errors).length;
    note.querySelector("span").textContent = Object.values(errors).join(" ");
  } else if (Object.keys(errors).length) say(Object.values(errors).join(" "), "banner--alarm", 0, null);
}

// ---- Others see who writes where ----

function hold(line) {
  if (line === handLine && (line === null || Date.now() - handAt < HAND)) return;
  handLine = line;
  handAt = Date.now();
  send({ type: "writing", page, line });
}

// ---- Keys and dragging ----

state.addEventListener("keydown", event => {
  const field = event.target;
  if (!isField(field) || event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey && field.tagName === "TEXTAREA") {
    event.preventDefault();
    goOn(field);
  }
  const move = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const button = move && rowOf(field).querySelector(`[name=move][value=${move}]`);
  if (button) {
    event.preventDefault();
    keep(button.form, button);
  }
});

// Kept, and on to the next field; in an empty row one goes on with the next line.
function goOn(field) {
  if (isNew(field.form)) return handOver(field.form);
  keep(field.form);
  const all = [...state.querySelectorAll(FIELDS)].filter(part => part.getClientRects().length);
  all[all.indexOf(field) + 1]?.focus();
}

state.addEventListener("dragstart", event => {
  dragged = event.target.closest?.("[data-drag]") && rowOf(event.target);
  event.dataTransfer.effectAllowed = "move";
});

state.addEventListener("dragover", event => {
  const over = rowOf(event.target);
  mark(dragged && over && over !== dragged && listOf(over) === listOf(dragged) ? over : null);
  if (over?.matches(".is-target")) event.preventDefault();
});

state.addEventListener("drop", event => {
  const over = rowOf(event.target), place = dragged?.querySelector(".row-place");
  if (over?.matches(".is-target") && place) {
    event.preventDefault();
    const before = /^\d+$/.test(over.dataset.line) ? over.dataset.line : "";
    keep(place, { name: "before", value: before, setAttribute() {}, removeAttribute() {} });
  }
  mark(null);
});

state.addEventListener("dragend", () => { dragged = null; mark(null); });

function mark(row) {
  state.querySelectorAll(".is-target").forEach(part => part.classList.toggle("is-target", part === row));
  row?.classList.add("is-target");
}

// ---- Beginning and leaving ----

document.documentElement.classList.add("has-live-plan");
const findDirty = () => [...state.querySelectorAll(FIELDS)].filter(isDirty);
document.addEventListener("visibilitychange", () => document.hidden && new Set(findDirty().map(field => field.form)).forEach(form => keep(form)));
addEventListener("beforeunload", event => { if (findDirty().length || unanswered) event.preventDefault(); });
settle();
// Logged out, or out of the team: only the server can say what belongs here now. Not over what is not kept yet.
const reload = () => findDirty().length ? stay(findDirty()[0].form, findDirty()) : location.reload();
start({ swap, reload, onCounts() {}, onFrame: frame => say(frame.message, "banner--alarm", 0, null) });
