// A clicker, or the keys it presses: switched on once per device, and heard in whichever window has the focus.
// The beamer has no buttons: it tells the console of the same browser, which presses when it shows the same.
const KEY = "klikker", PRESS = "klik";

const read = key => { try { return localStorage.getItem(key); } catch { return null; } };
const write = (key, text) => { try { localStorage.setItem(key, text); } catch { /* private window */ } };

export const isOn = () => read(KEY) === "ja";
export const switchOn = isWanted => write(KEY, isWanted ? "ja" : "nee");

// Each press is another text, for only a change is told to the other windows.
export const sendPress = root => write(PRESS, JSON.stringify([codeOf(root), +root.dataset.version, Date.now()]));

export function hear(root, press) {
  addEventListener("storage", event => {
    if (event.key !== PRESS || !event.newValue || !isOn()) return;
    const [code, version] = JSON.parse(event.newValue);
    if (code === codeOf(root) && version === +root.dataset.version) press();
  });
}

const codeOf = root => root.dataset.poll.split("/")[2];
