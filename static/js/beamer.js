// The wall: makes the words fit, and listens to a few keys.
import { stayAwake, tellPlace } from "./screens.js";
import { isOn, sendPress } from "./clicker.js";
import { start } from "./live.js";

const root = document.documentElement;
const state = document.querySelector("[data-live=state]");
const bigQr = document.getElementById("big-qr"), banner = document.getElementById("banner");
const CLOSER = ["0", "1", "2"], SMALLER = ["3", "4"];
let wanted = 0; // letters larger or smaller than usual, as the keys asked

const fits = () => root.scrollHeight <= innerHeight && root.scrollWidth <= innerWidth;
const sizeOf = part => part.getClientRects().length ? parseFloat(getComputedStyle(part).fontSize) : 0;
const findSizes = () => [...document.querySelectorAll("html, .stage *")].map(sizeOf);

function layOut(scale, steps) {
  root.dataset.scale = scale;
  return steps.some(step => { root.dataset.fit = step; return fits(); });
}

// Larger only where everything still fits, and nothing goes or gets smaller by it, such as a heading that makes room.
function grow() {
  for (let scale = 1; scale <= wanted; scale++) {
    const { fit, scale: before } = root.dataset, sizes = findSizes();
    if (layOut(scale, CLOSER) && findSizes().every((size, place) => size >= sizes[place])) continue;
    Object.assign(root.dataset, { fit, scale: before });
    break;
  }
}

// First closer together, then without the help text, last a little smaller. Without this script the page scrolls.
function fit() {
  const lines = [...document.querySelectorAll("[data-line]")];
  const spare = [...document.querySelectorAll("[data-spare]")]; // stands on the phones as well
  [...lines, ...spare].forEach(part => { part.hidden = false; });
  tell("line", lines);
  if (!layOut(0, CLOSER)) layOut(0, SMALLER);
  else if (wanted < 0) root.dataset.scale = -1;
  else grow();
  for (const part of [...spare, ...lines.reverse()]) {
    if (fits()) break;
    part.hidden = true;
    tell("line", lines);
  }
}

// How many lines do not show; a kind without lines that show goes as well.
function tell(kind, lines) {
  const more = document.querySelector(`[data-more=${kind}]`);
  if (!more) return;
  const count = lines.filter(line => line.hidden).length;
  more.hidden = !count;
  more.textContent = count === 1 ? more.dataset.one : more.dataset.many.replace("#", count);
  document.querySelectorAll(".stage-lines section").forEach(section => {
    section.hidden = !section.querySelector("li:not([hidden])");
  });
}

function scale(by) {
  // What had no room here is larger on the next screen, and does not have to be pressed away on this one.
  wanted = Math.max(-1, Math.min(2, by + (by > 0 ? wanted : +root.dataset.scale)));
  fit();
}

// The code of now: the address follows the network, and behind a door that is shut there is none.
function fillBigQr() {
  const there = bigQr.querySelector("svg"), now = state.querySelector("svg.qr");
  if (there) there.remove();
  if (now) bigQr.prepend(now.cloneNode(true));
  return now;
}

const keys = {
  q: () => bigQr.open ? bigQr.close() : fillBigQr() && bigQr.showModal(),
  c: () => { if (root.dataset.theme) delete root.dataset.theme; else root.dataset.theme = "contrast"; fit(); },
  f: () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen(),
  "+": () => scale(1),
  "=": () => scale(1),
  "-": () => scale(-1),
};

addEventListener("keydown", event => {
  const act = !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key.toLowerCase()];
  if (act) { event.preventDefault(); act(); }
});
addEventListener("keydown", event => {
  if (!isOn() || event.key !== "ArrowRight" && event.key !== "PageDown") return;
  event.preventDefault();
  if (!event.repeat) sendPress(document.getElementById("live"));
});
tellPlace(document.getElementById("live").dataset.poll.split("/")[2]);
stayAwake();
addEventListener("resize", fit);
document.fonts.ready.then(fit);
if (window.ResizeObserver) new ResizeObserver(fit).observe(banner); // it comes and goes, and takes its place
start({
  onState() {
    if (bigQr.open && !fillBigQr()) bigQr.close();
    fit();
  },
  onCounts: fit,
});
