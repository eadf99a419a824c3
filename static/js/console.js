// The console works as plain forms. With this script a button does not reload the page.
import { receive, say, send, start, words } from "./live.js";

const root = document.getElementById("live");
let busy = false;

root.addEventListener("submit", async event => {
  const form = event.target, button = event.submitter;
  if (!/\/(opdracht|handen)$/.test(form.action)) return;
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
      if (frame.code === "why-missing") document.getElementById("why")?.focus();
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

// The second half of a double click would press the next button, which says something else.
root.addEventListener("click", event => {
  if (event.detail > 1 && event.target.closest("button[name=command]")) event.preventDefault();
});

// A clicker or the arrow key presses the big button, except while somebody is typing or choosing.
addEventListener("keydown", event => {
  const isFree = !event.target.closest("input, textarea, select, summary, button, a");
  if (isFree && !event.repeat && (event.key === "ArrowRight" || event.key === "PageDown")) document.getElementById("next")?.click();
});

start({
  onCounts() {},
  onFrame: frame => say(frame.message, "banner--alarm"),
});
