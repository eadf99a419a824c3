// A vote travels over the socket and falls back to a plain POST by itself. It stays on the screen as "nog niet
// verzonden" until the server says that it is on disk.
import { announce, ask, csrf, receive, say, send, start, words } from "./live.js";

const root = document.getElementById("live");
const PATIENCE = 3000, STILL = 400, KEYS = 100;
const KEEP = "stem " + root.dataset.poll; // a vote that waits belongs to this session, not to the next one
const { role } = root.dataset;
const [first, ...others] = root.dataset.ownAnswer.split(" ");
export let own = { round: +root.dataset.ownRound, answer: first || null, more: others };
const MEMORY = "keuze " + root.dataset.poll; // some time after a meeting only this phone knows what it chose
if ("sealed" in root.dataset) try { own = JSON.parse(localStorage.getItem(MEMORY)) || own; } catch (error) { /* private window */ }
let pending = null, acked, timer, light; // the vote that waits for an answer, and the last that was acknowledged
let movedAt = Date.now(), keyAt = 0; // when the answers moved, and when a key did something
let sure, unsent, isTold; // the answer that was tapped once, the one that was chosen and not sent, and whether that was told

const form = () => root.querySelector("form.vote-form");
const all = ({ answer, more }) => answer ? [answer, ...more || []] : []; // some rounds take several
const isSame = (one, other) => all(one).join() === all(other).join();

// Everybody of a role gets the same words; what this phone chose is put in here.
function showOwn() {
  try { own.answer ? localStorage.setItem(MEMORY, JSON.stringify(own)) : localStorage.removeItem(MEMORY); } catch (error) { /* private window */ }
  const scene = root.querySelector("[data-round]"), here = form();
  const isMine = scene && own.answer && own.round === +scene.dataset.round;
  const rows = isMine ? [...root.querySelectorAll("[data-answer]")].filter(part => all(own).includes(part.dataset.answer) && !part.closest("[data-own-slot]")) : [], row = rows[0];
  const line = root.querySelector("[data-own-line]"), letter = root.querySelector("[data-own-letter]");
  if (line) line.hidden = !row;
  if (row && letter) letter.textContent = (here ? ": " : "") + [...new Set(rows.map(part => part.dataset.letter))].join(", ");
  if (here && here.dataset.most) {
    if (!pending) here.querySelectorAll(".answer-input").forEach(field => { field.checked = rows.some(part => part.contains(field)); });
  } else if (here) {
    if (row) fillSlot(row);
    here.dataset.voted = row && here.dataset.status !== "reading" ? "yes" : "no";
    const choose = here.querySelector(".choose"), chosen = row && row.querySelector("input");
    if (choose && !pending) choose.open = !row;
    if (chosen && !pending) chosen.checked = true;
  }
  showSure();
  showSending();
  keepAwake();
}

// An answer that gives somebody away asks once more.
function showSure() {
  const slot = root.querySelector(".when-sure"), chosen = root.querySelector("[data-gives-away] :checked");
  if (slot) slot.textContent = chosen ? inWords(words.sure, chosen) : "";
}

const inWords = (text, field) => text.replace("#", field.closest("label").dataset.letter);

function fillSlot(row) {
  const copy = document.createElement("div"), slot = root.querySelector("[data-own-slot]");
  copy.className = "answer";
  row.querySelectorAll(".letter, .bubble").forEach(part => copy.append(part.cloneNode(true)));
  copy.querySelector(".letter").className = "letter letter--leaf";
  copy.querySelector(".bubble").className = "bubble bubble--own";
  slot.textContent = "";
  slot.append(copy);
}

function showSending() {
  const button = root.querySelector(".button--vote");
  if (!button) return;
  const old = button.querySelector(".sending");
  if (old) old.remove();
  if (pending) {
    button.dataset.sending = pending.late ? "late" : "yes";
    button.setAttribute("aria-busy", "true");
    button.insertAdjacentHTML("beforeend", '<span class="sending"></span>');
    button.lastElementChild.textContent = pending.late ? words.unsent : pending.answer ? words.sending : words.taking;
  } else {
    delete button.dataset.sending;
    button.removeAttribute("aria-busy");
  }
}

function keepPending() {
  try { pending ? sessionStorage.setItem(KEEP, JSON.stringify(pending)) : sessionStorage.removeItem(KEEP); } catch (error) { /* private window */ }
}

// Without an answer the vote is taken back.
function cast(round, answer, more = []) {
  pending = { type: answer ? "vote" : "withdraw", id: Math.random().toString(36).slice(2), round, role, answer: answer || undefined, more: more.length ? more : undefined };
  unsent = sure = null;
  keepPending();
  deliver();
}

function deliver() {
  clearTimeout(timer);
  if (!pending) return;
  const { late, ...frame } = pending;
  if (send(frame)) timer = setTimeout(post, PATIENCE);
  else post();
  showSending();
}

async function post() {
  const mine = pending;
  if (!mine) return;
  try {
    const { answer: chosen, more, ...rest } = mine, body = new URLSearchParams({ ...rest, [mine.type]: 1, csrfmiddlewaretoken: csrf });
    all(mine).forEach(one => body.append("answer", one));
    const answer = await ask(root.dataset.voteUrl, { method: "POST", body, headers: { Accept: "application/json" } });
    const frame = await answer.json();
    if (pending === mine) receive(frame, false);
    // An older vote that arrived after a newer one: the newer one is what this person wants.
    else if (frame.type === "ack" && !pending && own.round === mine.round && !isSame(own, mine)) cast(own.round, own.answer, own.more);
  } catch (error) {
    if (pending !== mine) return;
    mine.late = true;
    showSending();
    clearTimeout(timer);
    timer = setTimeout(deliver, PATIENCE);
  }
}

function settle(frame) {
  if (!pending || (frame.id && frame.id !== pending.id)) {
    if (frame.type === "refused") say(frame.message, "banner--alarm", 0, null);
    return;
  }
  clearTimeout(timer);
  if (frame.code === "busy") {
    pending.late = true;
    showSending();
    timer = setTimeout(deliver, PATIENCE);
    return;
  }
  const round = pending.round;
  pending = null;
  keepPending();
  if (frame.type === "ack") {
    own = acked = { round: frame.round, answer: frame.answer, more: frame.more };
    say(own.answer || form() && form().dataset.most ? "" : words.withdrawn);
    if (!own.answer) root.querySelectorAll(".answer-input").forEach(field => { field.checked = false; });
    showOwn();
    tellTabs();
    if (form() && form().dataset.most) announce(own.answer ? "" : words.withdrawn); // else its own line says so
    else if (form() && +form().dataset.round === round) {
      const heading = root.querySelector(own.answer ? ".vote-in h1" : ".when-not-voted h1");
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      scrollTo(0, 0);
      if (own.answer) announce(heading.textContent);
    }
  } else {
    say(frame.message, "banner--alarm", 0, null);
    showOwn();
    send({ type: "state" });
  }
}

// Only while a vote is open. The browser takes the light back from a hidden page; it may also come too late.
function keepAwake() {
  const here = form(), isWanted = here && here.dataset.status === "open" && !document.hidden;
  if (!navigator.wakeLock || !isWanted === !light) return;
  if (isWanted) light = navigator.wakeLock.request("screen").catch(() => {});
  else {
    light.then(lock => lock && lock.release());
    light = null;
  }
}
document.addEventListener("visibilitychange", keepAwake);

// A tap votes: by finger, mouse or screen reader, each of which clicks the field itself. It comes on release, so
// scrolling never votes. A key on the field (an arrow, a space) clicks it too, and only chooses.
root.addEventListener("click", event => {
  const field = event.target, isAnswer = field.matches(".answer-input"), isMoving = Date.now() - movedAt < STILL;
  if (!isAnswer && field.name !== "withdraw" || field.type === "radio" && Date.now() - keyAt < KEYS) return;
  if (!isAnswer || isMoving) event.preventDefault();
  if (isMoving) return; // meant for what stood here a moment ago
  if (isAnswer && form().dataset.most) return castAll(event);
  if (!isAnswer) return cast(+form().dataset.round);
  const tapped = form().dataset.round + field.value;
  if (!field.closest("[data-gives-away]") || sure === tapped) return castChosen(field);
  sure = tapped;
  announce(inWords(words.again, field));
});
// Of several each tap tells all that is chosen by now.
function castAll(event) {
  const [answer, ...more] = [...form().querySelectorAll(":checked")].map(field => field.value);
  if (more.length < form().dataset.most) return cast(+form().dataset.round, answer, more);
  event.preventDefault();
  say(words.most, "banner--alarm", 6000);
}
root.onkeydown = root.onkeyup = () => { keyAt = Date.now(); };
new MutationObserver(changes => {
  if (changes.some(({ target, attributeName: name, oldValue }) => !name || target.getAttribute(name) !== oldValue)) movedAt = Date.now();
}).observe(root, { subtree: true, childList: true, attributeFilter: ["hidden", "open"], attributeOldValue: true });

root.addEventListener("change", ({ target }) => {
  if (!target.matches(".answer-input[type=radio]")) return;
  if (!(pending && pending.answer === target.value)) unsent = target;
  if (sure !== form().dataset.round + target.value) sure = null;
  showSure();
});

function castChosen(field) {
  if (!(pending && pending.answer === field.value)) cast(+form().dataset.round, field.value);
}

// The button is there for keys and switches.
root.addEventListener("submit", event => {
  if (!event.target.matches(".vote-form")) return;
  event.preventDefault();
  if (form().dataset.most) return;
  const chosen = event.target.querySelector(":checked");
  if (chosen) return castChosen(chosen);
  say(words.noAnswer, "banner--alarm");
  event.target.querySelector("[name=answer]").focus();
});

// Nobody loses a choice in silence: who chose and did not send hears so while the vote can still be opened again.
function tellUnsent({ status, round }) {
  const isLost = unsent && status === "closed" && +unsent.form.dataset.round === round && unsent.value !== own.answer;
  if (isLost && !isTold) say(inWords(words.lost, unsent), "banner--alarm");
  isTold = isLost;
}

// A state that was read before a vote may come in after its acknowledgement. What contradicts one is asked again, and
// then believed: another tab may have changed the vote.
function believe(told) {
  if (own !== acked || told.round !== own.round || isSame(told, own)) own = told;
  else {
    acked = 0;
    send({ type: "state" }); // without a socket the next poll tells
  }
}

// Two tabs of one phone are one seat.
function tellTabs() {
  try { localStorage.setItem(KEEP, [role, own.round, all(own)]); } catch (error) { /* private window */ }
}
addEventListener("storage", event => event.key === KEEP && send({ type: "state" }));

// What only some rounds need comes when it is needed.
function fetchMore() {
  const { module } = (root.querySelector("[data-module]") || { dataset: {} }).dataset;
  if (!module) return;
  if (!document.head.querySelector(`[src="${module}"]`)) document.head.append(Object.assign(document.createElement("script"), { type: "module", src: module }));
  root.dispatchEvent(new Event("shown"));
}

start({
  onState(frame) {
    if (frame.role != null && frame.role !== role) {
      // Changed in another tab: the page of now, which says so to who voted here.
      return location.replace(root.dataset.voteUrl.replace("/stem", pending || own.answer ? "?opnieuw=" + own.round : ""));
    }
    if (frame.own) believe({ lines: [], ...frame.own });
    if (pending && own.round === pending.round && isSame(own, pending)) settle({ type: "ack", ...own });
    else if (pending && frame.round !== pending.round) settle({ type: "refused", message: words.gone });
    showOwn();
    tellUnsent(frame);
    if (pending) deliver(); // harmless when it arrived already: the same vote counts once
    fetchMore();
  },
  onFrame: settle,
  backText: () => form() && form().dataset.voted === "yes" ? words.backVoted : words.back,
});

root.dataset.taps = "yes";
tellTabs();
fetchMore();
try {
  const left = JSON.parse(sessionStorage.getItem(KEEP));
  if (left && form() && left.round === +form().dataset.round && !isSame(own, left)) {
    pending = left;
    deliver();
  }
} catch (error) { /* nothing was left */ }
