// A proposal for the plan. It stays on the screen until the server says that it is on disk.
import { announce, ask, csrf, receive, say, words } from "./live.js";
import { own } from "./phone.js";

const root = document.getElementById("live");
const PATIENCE = 3000;
const KEEP = "voorstel " + root.dataset.poll;
let isSending = false;

const form = () => root.querySelector("form.propose");
const field = () => form() && form().elements.line;

function keep() {
  try { sessionStorage.setItem(KEEP, JSON.stringify([form().dataset.round, field().value])); } catch (error) { /* private window */ }
}

// Everybody gets the same words; what this phone sent is put in here.
function show() {
  const here = form(), list = here && root.querySelector("[data-own-lines]");
  if (!list || own.round !== +here.dataset.round || !own.lines) return;
  const parked = here.dataset.parked.split(" ");
  const shown = [...root.querySelectorAll("[data-from]")].flatMap(line => line.dataset.from.split(" "));
  list.textContent = "";
  own.lines.forEach(({ handle, words: line }) => {
    const state = shown.includes(handle) ? "shown" : parked.includes(handle) ? "parked" : "waiting";
    const row = document.createElement("li");
    row.innerHTML = '<bdi></bdi><p class="soft small"></p>';
    row.firstChild.textContent = line;
    row.lastChild.textContent = list.dataset[state];
    if (state === "waiting") {
      row.lastChild.insertAdjacentHTML("beforeend", ' <button class="button button--quiet" name="take-back"></button>');
      row.lastChild.lastChild.value = handle;
      if (list.dataset.form) row.lastChild.lastChild.setAttribute("form", list.dataset.form);
      row.lastChild.lastChild.textContent = list.dataset.takeBack;
      row.lastChild.lastChild.insertAdjacentHTML("beforeend", '<span class="hidden-text"></span>');
      row.lastChild.lastChild.lastChild.textContent = ": " + line;
    }
    list.append(row);
  });
  list.parentElement.hidden = !own.lines.length;
}

async function post(body, sent) {
  if (isSending) return;
  isSending = true;
  root.querySelector("[data-send]").setAttribute("aria-busy", "true");
  try {
    const answer = await ask(form().action, { method: "POST", body, headers: { Accept: "application/json" } });
    const frame = await answer.json();
    if (frame.type === "refused") say(frame.message, "banner--alarm");
    else {
      say("");
      receive(frame, false);
      if (sent && field() && field().value === sent) {
        field().value = "";
        keep();
        announce(words.sent);
      }
    }
  } catch (error) {
    say(words.unsentLine, "banner--alarm", 0, null);
    if (sent) setTimeout(() => field() && field().value === sent && deliver(), PATIENCE);
  }
  isSending = false;
  const now = root.querySelector("[data-send]");
  if (now) now.removeAttribute("aria-busy");
}

// The same line again is harmless: it counts once.
function deliver() {
  post(new URLSearchParams({ round: form().dataset.round, line: field().value, csrfmiddlewaretoken: csrf }), field().value);
}

root.addEventListener("submit", event => {
  if (!event.target.matches("form.propose")) return;
  event.preventDefault();
  const button = event.submitter || document.activeElement;
  if (button.name === "take-back") return post(new URLSearchParams({ "take-back": button.value, csrfmiddlewaretoken: csrf }));
  deliver();
});
root.addEventListener("input", ({ target }) => target === field() && keep());
// One line: Enter sends it.
root.addEventListener("keydown", event => {
  if (event.target !== field() || event.key !== "Enter") return;
  event.preventDefault();
  deliver();
});
root.addEventListener("shown", show);
show();
try {
  const [round, line] = JSON.parse(sessionStorage.getItem(KEEP)) || [];
  if (form() && round === form().dataset.round && field() && !field().value) field().value = line;
} catch (error) { /* nothing was left */ }
