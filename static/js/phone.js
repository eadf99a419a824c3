// A vote travels over the socket and falls back to a plain POST by itself. It stays on the screen as "nog niet
// verzonden" until the server says that it is on disk.
import { announce, ask, csrf, receive, say, send, start, words } from "./live.js";

const root = document.getElementById("live");
const PATIENCE = 3000;
const KEEP = "stem " + root.dataset.socket; // a vote that waits belongs to this session, not to the next one
let own = { round: +root.dataset.ownRound, answer: root.dataset.ownAnswer || null };
let pending = null, timer, light;

const form = () => root.querySelector("form.vote-form");

// Everybody of a role gets the same words; what this phone chose is put in here.
function showOwn() {
  const scene = root.querySelector("[data-round]"), here = form();
  const isMine = scene && own.answer && own.round === +scene.dataset.round;
  const row = isMine && [...root.querySelectorAll("[data-answer]")].find(part => part.dataset.answer === own.answer && !part.closest("[data-own-slot]"));
  const line = root.querySelector("[data-own-line]"), letter = root.querySelector("[data-own-letter]");
  if (line) line.hidden = !row;
  if (row && letter) letter.textContent = (here ? ": " : "") + row.dataset.letter;
  if (here) {
    if (row) fillSlot(row);
    here.dataset.voted = row && here.dataset.status !== "reading" ? "yes" : "no";
    const choose = here.querySelector(".choose"), chosen = row && row.querySelector("input");
    if (choose && !pending) choose.open = !row;
    if (chosen && !pending) chosen.checked = true;
  }
  showSending();
  keepAwake();
}

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
    button.dataset.sending = "yes";
    button.setAttribute("aria-busy", "true");
    button.insertAdjacentHTML("beforeend", '<span class="sending"></span>');
    button.lastElementChild.textContent = pending.late ? words.unsent : words.sending;
  } else {
    delete button.dataset.sending;
    button.removeAttribute("aria-busy");
  }
}

function keepPending() {
  try { pending ? sessionStorage.setItem(KEEP, JSON.stringify(pending)) : sessionStorage.removeItem(KEEP); } catch (error) { /* private window */ }
}

function cast(round, answer) {
  pending = { type: "vote", id: Math.random().toString(36).slice(2), round, answer };
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
    const body = new URLSearchParams({ id: mine.id, round: mine.round, answer: mine.answer, csrfmiddlewaretoken: csrf });
    const answer = await ask(root.dataset.voteUrl, { method: "POST", body, headers: { Accept: "application/json" } });
    const frame = await answer.json();
    if (pending === mine) receive(frame, false);
    // An older vote that arrived after a newer one: the newer one is what this person wants.
    else if (frame.type === "ack" && !pending && own.round === mine.round && own.answer !== mine.answer) cast(own.round, own.answer);
  } catch (error) {
    if (pending !== mine) return;
    mine.late = true;
    showSending();
    clearTimeout(timer);
    timer = setTimeout(deliver, PATIENCE);
  }
}

// What the page said about the question it came with ends with that question.
function forgetNews(frame) {
  const isOver = frame.scene !== "question" || frame.round !== +root.dataset.ownRound;
  if (isOver && root.querySelector(".banner--news")) say("");
}

function settle(frame) {
  if (!pending || (frame.id && frame.id !== pending.id)) {
    if (frame.type === "refused") say(frame.message, "banner--alarm");
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
    own = { round: frame.round, answer: frame.answer };
    say("");
    showOwn();
    if (form() && +form().dataset.round === round) {
      const heading = root.querySelector(".vote-in h1");
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      scrollTo(0, 0);
      announce(heading.textContent);
    }
  } else {
    say(frame.message, "banner--alarm");
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

root.addEventListener("submit", event => {
  if (!event.target.matches(".vote-form")) return;
  event.preventDefault();
  const chosen = event.target.querySelector(":checked");
  if (!chosen) {
    say(words.noAnswer, "banner--alarm");
    event.target.querySelector("[name=answer]").focus();
  } else if (!(pending && pending.answer === chosen.value)) cast(+event.target.dataset.round, chosen.value);
});

start({
  onState(frame) {
    if (frame.own) own = frame.own;
    forgetNews(frame);
    if (pending && own.round === pending.round && own.answer === pending.answer) settle({ type: "ack", round: own.round, answer: own.answer });
    else if (pending && frame.round !== pending.round) settle({ type: "refused", message: words.gone });
    showOwn();
    if (pending) deliver(); // harmless when it arrived already: the same vote counts once
  },
  onFrame: settle,
  backText: () => form() && form().dataset.voted === "yes" ? words.backVoted : words.back,
});

try {
  const left = JSON.parse(sessionStorage.getItem(KEEP));
  if (left && form() && left.round === +form().dataset.round && own.answer !== left.answer) cast(left.round, left.answer);
} catch (error) { /* nothing was left */ }
