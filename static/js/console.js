// The console works as plain forms. With this script a button does not reload the page.
import { hear, isOn, switchOn } from "./clicker.js";
import { openWindows, stayAwake, watchPlace } from "./screens.js";
import { ask, fillTyped, keepTyped, kept, receive, say, send, start, words } from "./live.js";

const root = document.getElementById("live");
const REST = 600; // as long as the second half of a nervous press may take
const KEEP = `getypt ${root.dataset.poll}`;
const FIELDS = { "answer-missing": "[name=answer]", "how-missing": "[name=how]", "why-missing": "[name=why]" };
const IS_OURS = /missing|number|long|shown|full/; // refused for what was typed, and not because we are behind
let underWay = "", label = sayNext(), relabelled = 0;

function sayNext() {
  return document.getElementById("next")?.textContent.trim();
}

root.addEventListener("submit", async event => {
  const form = event.target, button = event.submitter, address = button?.getAttribute("formaction") ?? form.action;
  if (!/\/(opdracht|handen|stappen|voorstellen|weg|wifi|netwerk)$/.test(address)) return;
  event.preventDefault();
  // Once a new state is there, however it came, the next step does not wait for the answer to the last one.
  const step = address + form.elements.version?.value + form.elements.key?.value;
  if (underWay === step) return;
  underWay = step;
  button?.setAttribute("aria-busy", "true");
  // What stands in the fields for hands travels with every step, also from a form of its own.
  const hands = form.id === "act" ? [] : [...new FormData(document.getElementById("act"))].filter(([name]) => /:|^round$/.test(name));
  const body = new URLSearchParams([...new FormData(form), ...hands]);
  if (button?.name) body.set(button.name, button.value);
  try {
    const answer = await ask(address, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected) return location.reload(); // logged out meanwhile
    const frame = await answer.json();
    if (frame.type === "refused") {
      say(frame.message, "banner--alarm", 0, IS_OURS.test(frame.code) ? undefined : null);
      if (FIELDS[frame.code]) root.querySelector(FIELDS[frame.code] + "[form=act]")?.focus();
      if (!IS_OURS.test(frame.code)) send({ type: "state" });
    } else {
      say("");
      receive(frame, false);
    }
  } catch {
    say(words.failed, "banner--alarm");
  }
  if (underWay === step) underWay = "";
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

// A clicker presses the big button, here or from the beamer, except while somebody is typing or choosing. The keys
// scroll where nobody switched it on.
const press = () => document.getElementById("next")?.click();
addEventListener("keydown", event => {
  if (!isOn() || event.key !== "ArrowRight" && event.key !== "PageDown" || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  if (!event.repeat) press();
});
hear(root, press);

root.addEventListener("change", event => event.target.id === "clicker" && switchOn(event.target.checked));

// A click beside the 0 and then a 7 is 7, not 70.
root.addEventListener("focusin", event => event.target.matches(".input--count") && event.target.select());
root.addEventListener("mouseup", event => event.target.matches(".input--count") && event.preventDefault());

// What was typed or chosen and not sent is still there after a link and back, and after a reload.
root.addEventListener("input", keep);

function keep() {
  keepTyped();
  try { sessionStorage.setItem(KEEP, JSON.stringify(kept)); } catch { /* private window */ }
  showKept();
}

function bringBack() {
  try { Object.assign(kept, JSON.parse(sessionStorage.getItem(KEEP))); } catch { /* nothing was kept */ }
  fillTyped();
}

// Beside a number that was typed and not kept: the one that is kept, perhaps by somebody else.
function showKept() {
  root.querySelectorAll(".kept").forEach(part => {
    const field = part.previousElementSibling;
    part.hidden = (field.value.trim() || "0") === part.dataset.kept;
    if (!part.hidden) part.closest("details").open = true;
  });
}

function tidy(frame) {
  if (frame.status === "decided") delete kept[frame.round];
  keep();
  root.querySelectorAll("[data-clicker]").forEach(part => { part.hidden = false; });
  root.querySelectorAll("#clicker").forEach(field => { field.checked = isOn(); });
  // Whose step it was is told of somebody else's.
  root.querySelectorAll("[data-by]").forEach(part => { part.hidden = part.dataset.by === root.dataset.me; });
}

bringBack();
tidy({});
// The pictures of how a beamer is set up are for the first time on this device.
const STEPS = "beamer geopend", code = root.dataset.poll.split("/")[2];
let isAwake = true;

function showSteps() {
  const steps = document.getElementById("beamer-steps"), sleepy = document.getElementById("may-sleep");
  try { if (steps && localStorage.getItem(STEPS)) steps.open = false; } catch { /* private window */ }
  if (sleepy) sleepy.hidden = isAwake;
}

openWindows(root, () => { try { localStorage.setItem(STEPS, "ja"); } catch { /* private window */ } });
watchPlace(code, isSame => { document.getElementById("same-screen").hidden = !isSame; });
stayAwake().then(isKept => { isAwake = isKept; showSteps(); });
showSteps();

start({
  onState(frame) {
    if (sayNext() !== label) relabelled = Date.now();
    label = sayNext();
    tidy(frame);
    showSteps();
  },
  onCounts() {},
  onFrame: frame => say(frame.message, "banner--alarm", 0, null),
});
