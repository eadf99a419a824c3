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
const timers = new Map(), underWay = new Map(), lateForms = new Set(); // by id of a form
let waiting = "", latest = ""; // a state that would move the row somebody types in, and the newest of all
let isShutOut = false; // logged out while something was not kept
let handLine = null, handAt = 0, dragged = null;

const isField = part => part instanceof Element && part.matches(FIELDS);
const isDirty = field => field.value !== field.defaultValue;
const fieldsOf = form => [...form.elements].filter(isField);
const rowOf = part => part?.closest?.("[data-line]");
const fold = text => text.split(/\s+/).filter(Boolean).join(" ");

// ---- Keeping ----

state.addEventListener("input", event => {
  if (!isField(event.target)) return;
  const form = event.target.form, line = rowOf(form ?? event.target)?.dataset.line;
  lateForms.delete(form.id);
  keepSoon(form, PAUSE);
  if (/^\d+$/.test(line)) hold(+line);
  fit(event.target);
});

state.addEventListener("change", event => isField(event.target) && keep(event.target.form));

state.addEventListener("focusout", event => {
  if (!isField(event.target)) return;
  const row = rowOf(event.target), form = event.target.form;
  setTimeout(() => {
    if (row.contains(document.activeElement)) return;
    hold(null);
    if (waiting && !underWay.has(form.id)) swap(waiting);
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
  while (form.id && underWay.has(form.id)) await underWay.get(form.id);
  const fields = fieldsOf(form).filter(isDirty);
  if (!button && (!fields.length || lateForms.has(form.id))) return;
  if (fieldsOf(form).length && button && !button.name && !fields.length) return; // nothing to keep
  const work = post(form, fields, button);
  underWay.set(form.id, work);
  await work;
  underWay.delete(form.id);
  if (waiting && !isTyping(waiting)) swap(waiting);
}

async function post(form, fields, button) {
  const body = new URLSearchParams({ page });
  [...form.elements].forEach(part => part.type === "hidden" && !part.name.startsWith("was-") && body.set(part.name, part.value));
  // Who logged in again in another tab has a new token there.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token) body.set("csrfmiddlewaretoken", token);
  if (button?.name) body.set(button.name, button.value);
  fields.forEach(field => {
    body.set(field.name, field.value);
    body.set(`was-${field.name}`, field.defaultValue);
    sent.set(field.id, field.value);
  });
  button?.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected) return stay(form, fields); // logged out meanwhile
    take(await answer.json(), form, fields, answer.status === 201 && answer.headers.get("Location"));
  } catch {
    say(words.failed, "banner--alarm", 0, null);
    if (fields.length) keepSoon(form, AGAIN);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

// What was typed stays, and is kept as soon as somebody logged in again in another tab.
function stay(form, fields) {
  isShutOut = true;
  say(words.elsewhere, "banner--alarm", 0, null);
  if (fields.length) keepSoon(form, AGAIN);
}

// `made` is the address of the line that a new row just became.
function take(frame, form, fields, made) {
  tellWrong(form, frame.type === "unkept" ? frame.errors : {});
  if (frame.type === "unkept") return;
  if (frame.type === "refused") {
    say(frame.code === "late" && fields.length ? words.late : frame.message, "banner--alarm", 0, null);
    // What stands there now has been told: the next key replaces it.
    lateForms.add(form.id);
    fields.forEach(field => sent.delete(field.id));
    return send({ type: "state" });
  }
  say("");
  if (made) becomeLine(form, made);
  receive(frame, false);
  if (made) waiting = waiting || latest; // it may have come in before this answer
  if (fields.length) tellKept(form);
  if (isShutOut && !findDirty().length) location.reload(); // with a socket again
}

// The empty row that just became a line: what is typed on in it belongs to that line, until somebody leaves it.
function becomeLine(form, address) {
  const field = fieldsOf(form)[0];
  form.dataset.became = address.split("/").pop();
  form.action = address;
  setBase(field, sent.get(field.id));
}

function clearNew() {
  state.querySelectorAll("[data-new][data-became]").forEach(form => {
    fieldsOf(form).forEach(field => { field.value = field.defaultValue = ""; });
    delete form.dataset.became;
    form.action = form.dataset.new;
  });
}

// ---- Showing ----

function parse(html) {
  const next = document.createElement("div");
  next.innerHTML = html;
  addTokens(next);
  return next;
}

function swap(html, isDone = false) {
  const next = parse(html);
  latest = html;
  takeValues(next);
  if (!isDone && isTyping(html, next)) {
    waiting = html;
    return;
  }
  waiting = "";
  clearNew();
  Idiomorph.morph(state, next, {
    morphStyle: "innerHTML",
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: old => !isField(old),
      beforeNodeRemoved: old => !(old instanceof Element && [old, ...old.querySelectorAll(FIELDS)].some(part => isField(part) && isDirty(part))),
      beforeAttributeUpdated: (name, part) => !(name === "open" && part.tagName === "DETAILS" || name === "hidden" && part.matches(".row-kept, .row-wrong") || name === "data-became"),
    },
  });
  settle();
}

// What stands in a field now, unless somebody is typing there. What was sent from here and kept is where typing goes on.
function takeValues(next) {
  state.querySelectorAll(FIELDS).forEach(field => {
    const became = field.form?.dataset.became;
    const fresh = next.querySelector(became ? `#regel-${became}-${field.name}` : `#${CSS.escape(field.id)}`);
    if (!fresh) return;
    if (!became) Object.assign(field, { className: fresh.className, placeholder: fresh.placeholder });
    const isMine = sent.has(field.id) && fold(sent.get(field.id)) === fold(fresh.defaultValue);
    // Somebody else was there first: what was typed here stands beside it now, to be picked.
    const isBeside = field.value === sent.get(field.id) && fresh.closest(".cell")?.querySelector(`[data-page="${page}"]`);
    const isKept = isMine && fold(field.value) === fold(fresh.defaultValue);
    if (!isDirty(field) || isBeside || (isKept && document.activeElement !== field)) field.value = field.defaultValue = fresh.defaultValue;
    else if (isMine) setBase(field, fresh.defaultValue);
    else if (lateForms.has(field.form?.id)) setBase(field, fresh.defaultValue);
  });
}

function setBase(field, text) {
  const { value } = field;
  field.defaultValue = text;
  field.value = value;
}

// Somebody types in a row that stands elsewhere in this state.
function isTyping(html, next = parse(html)) {
  const row = isField(document.activeElement) ? rowOf(document.activeElement) : null;
  if (!row) return false;
  if (row.querySelector("[data-new]")) return !!document.activeElement.form.dataset.became;
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
  fieldsOf(form).forEach(field => field.toggleAttribute("aria-invalid", field.name in errors));
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

// Kept, and on to the next field; in the empty row one goes on with the next line.
async function goOn(field) {
  const row = rowOf(field), isNew = row.querySelector("[data-new]");
  await keep(field.form);
  if (isNew) return waiting && swap(waiting, true);
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
addEventListener("beforeunload", event => { if (findDirty().length) event.preventDefault(); });
settle();
// Logged out, or out of the team: only the server can say what belongs here now. Not over what is not kept yet.
const reload = () => findDirty().length ? stay(findDirty()[0].form, findDirty()) : location.reload();
start({ swap, reload, onCounts() {}, onFrame: frame => say(frame.message, "banner--alarm", 0, null) });
