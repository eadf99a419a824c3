// The console works as plain forms. With this script a button does not reload the page.
import { receive, say, send, start, words } from "./live.js";

const root = document.getElementById("live");
const REST = 600; // as long as the second half of a nervous press may take
const FIELDS = { "answer-missing": "[name=answer]", "how-missing": "[name=how]", "why-missing": "[name=why]" };
let busy = false, label = sayNext(), relabelled = 0;

function sayNext() {
  return document.getElementById("next")?.textContent;
}

root.addEventListener("submit", async event => {
  const form = event.target, button = event.submitter;
  if (!/\/(opdracht|handen|weg)$/.test(form.action)) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  button?.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected) return location.reload(); // logged out meanwhile
    const frame = await answer.json();
    if (frame.type === "refused") {
      say(frame.message, "banner--alarm");
      if (FIELDS[frame.code]) root.querySelector(FIELDS[frame.code] + "[form=act]")?.focus();
      if (frame.code === "late") send({ type: "state" });
    } else {
      say("");
      receive(frame, false);
    }
  } catch {
    say(words.failed, "banner--alarm");
  }
  busy = false;
  button?.removeAttribute("aria-busy");
});

// The second half of a double click would press the next button, which says something else. So would a second press of
// the big button that had just begun to say something else.
root.addEventListener("click", event => {
  const button = event.target.closest("button[name=command]");
  if (!button) return;
  const isTooSoon = button.id === "next" && Date.now() - relabelled < REST;
  if (event.detail > 1 || isTooSoon) event.preventDefault();
});

// A key that is held down presses once.
addEventListener("keydown", event => {
  const isPress = event.key === "Enter" ? !event.target.closest("textarea") : event.key === " " && event.target.closest("button");
  if (event.repeat && isPress) event.preventDefault();
});

// A clicker or the arrow key presses the big button, except while somebody is typing or choosing.
addEventListener("keydown", event => {
  if (event.key !== "ArrowRight" && event.key !== "PageDown" || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  if (!event.repeat) document.getElementById("next")?.click();
});

start({
  onState() {
    if (sayNext() !== label) relabelled = Date.now();
    label = sayNext();
  },
  onCounts() {},
  onFrame: frame => say(frame.message, "banner--alarm"),
});
