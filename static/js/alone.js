// Keeps the path of a walk alone in this browser. Everything works without it: the address holds role and path.
// Storage may be blocked, or hold anything at all: then nothing is kept, and nothing breaks.

const KEY = "buurtboom-alleen";
const walk = document.querySelector("[data-walk]");

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    const here = new URL(kept.here, location.origin);
    const isOurs = here.origin === location.origin && here.pathname.startsWith("/alleen");
    return isOurs && typeof kept.trail === "string" && kept.trail ? { here, trail: kept.trail } : null;
  } catch (error) {
    return null;
  }
}

function keep(here, trail) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ here, trail }));
  } catch (error) {
    // Storage is blocked or full. The address still holds the path.
  }
}

function wipe() {
  try {
    localStorage.removeItem(KEY);
  } catch (error) {
    // Nothing was kept either.
  }
}

function offer(kept) {
  const box = walk.querySelector("[data-kept]");
  const link = box.querySelector("[data-kept-link]");
  link.href = kept.here.pathname + kept.here.search;
  box.querySelector("[data-kept-wipe]").addEventListener("click", () => {
    wipe();
    box.hidden = true;
    document.getElementById("main").focus();
  });
  box.hidden = false;
}

const trail = walk.dataset.trail;
const kept = read();

if (trail) {
  keep(walk.dataset.here, trail);
} else if (kept && "broken" in walk.dataset && kept.trail === new URLSearchParams(location.search).get("pad")) {
  wipe();  // what we kept no longer fits the content
} else if (kept) {
  offer(kept);
}

walk.querySelectorAll("[data-wipe]").forEach((link) => link.addEventListener("click", wipe));
walk.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
