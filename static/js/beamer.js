// The wall: makes the words fit, and listens to a few keys.
import { start } from "./live.js";

const root = document.documentElement;
const bigQr = document.getElementById("big-qr");

// First closer together, then without the help text, last a little smaller. Without this script the page scrolls.
function fit() {
  for (const step of ["0", "1", "2", "3", "4"]) {
    root.dataset.fit = step;
    if (root.scrollHeight <= innerHeight) return;
  }
}

function scale(by) {
  root.dataset.scale = Math.max(-1, Math.min(2, (+root.dataset.scale || 0) + by));
  fit();
}

const keys = {
  q: () => bigQr.open ? bigQr.close() : bigQr.showModal(),
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
addEventListener("resize", fit);
document.fonts.ready.then(fit);
start({ onState: fit, onCounts: fit });
