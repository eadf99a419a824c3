// Beamer and console on one laptop: a window of its own for the wall, whether both stand on the same screen, and a
// screen that stays on. Where a browser does not tell or cannot, nothing is claimed.

const place = () => "availLeft" in screen ? `${screen.availLeft},${screen.availTop}` : Math.random();
const write = (key, text) => { try { localStorage.setItem(key, text); } catch { /* private window */ } };
const read = key => { try { return localStorage.getItem(key); } catch { return null; } };
const EVERY = 3000;

// The wall tells where it stands, for as long as it is there.
export function tellPlace(code) {
  const tell = () => write(`beamer ${code}`, JSON.stringify([place(), Date.now()]));
  tell();
  setInterval(tell, EVERY);
}

// Calls back with whether the wall stands on this very screen. Not while no wall tells.
export function watchPlace(code, show) {
  setInterval(() => {
    let where, at;
    try { [where, at] = JSON.parse(read(`beamer ${code}`)); } catch { /* no wall yet */ }
    show(Date.now() - at < 3 * EVERY && where === place());
  }, EVERY);
}

// A link to the wall opens a window, not a tab: one can drag it to the beamer.
export function openWindows(links) {
  for (const link of links) {
    link.addEventListener("click", event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const left = (screen.availLeft || 0) + screen.availWidth; // on the next screen, where the browser allows it
      if (window.open(link.href, link.target, `popup,width=1024,height=700,left=${left},top=0`)) event.preventDefault();
    });
  }
}

// Resolves to whether the browser keeps the screen on. It takes that back from a hidden page, so ask again.
export async function stayAwake() {
  const ask = () => navigator.wakeLock.request("screen");
  if (!navigator.wakeLock) return false;
  document.addEventListener("visibilitychange", () => document.hidden || ask().catch(() => {}));
  return ask().then(() => true, () => false);
}
