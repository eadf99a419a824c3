// Keeps a screen in step with its session. Every frame is a whole state with a revision, so there is nothing to
// replay: a lost frame, a slept phone and a new page all end in the same "show me how it is now".
// Written for phones of 2018 and younger; an older one uses the plain forms.
const root = document.getElementById("live");
const state = root.querySelector("[data-live=state]");
const banner = document.getElementById("banner");
const announcer = document.getElementById("announce");
export const words = document.getElementById("words").dataset;

const PING = 20000, PONG = 5000, WAKE_PONG = 3000, CONNECT = 5000, POLL = 4000, AWAY = 3000, ANSWER = 6000, HIDDEN = 60000;
const FLOODED = 4429, CROWDED = 4408;
const FAREWELLS = ["deleted", "restorable", "logged-out"]; // nothing went wrong; the page that comes next says more

let socket, isHeard = false, revision = +root.dataset.revision, lastHtml, lastStep = null, lastRound, tries = 0, etag = "";
let pingTimer, lifeTimer, connectTimer, awayTimer, pollTimer, retryTimer, bannerTimer;
let wasAway = false, isPolling = false, polledAt = 0, saidAt = banner.hidden ? undefined : null;
const listeners = { onState() {}, onFrame() {}, swap, reload: () => location.reload(), backText: () => words.back };
export const kept = {}; // per round: what somebody typed or chose on this screen and did not send

export const isOpen = () => socket && socket.readyState === 1;
export const send = frame => isOpen() && (socket.send(JSON.stringify(frame)), true);
export const csrf = root.dataset.csrf;

// A message ends with the step it is about: by default that of now, with `null` the one that the next state brings.
export function say(text, kind = "", stay = 0, step = lastStep) {
  saidAt = text ? step : undefined;
  clearTimeout(bannerTimer);
  if (stay) bannerTimer = setTimeout(say, stay, "");
  banner.className = "banner " + kind;
  banner.lastElementChild.textContent = text;
  banner.hidden = !text;
}

export function announce(text) {
  if (announcer && text) announcer.textContent = text.trim();
}

export function start(given) {
  Object.assign(listeners, given);
  lastRound = roundOf();
  connect();
  // iPhones keep a dead socket "open" behind a lock screen: ask for a sign of life the moment somebody looks again.
  addEventListener("pageshow", wake);
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
}

function wake() {
  if (document.hidden || socket.readyState === 0) return;
  // The whole state, not a ping: in another tab of this phone somebody may have voted, or changed role.
  if (send({ type: "state" })) return expectLife(WAKE_PONG);
  tries = 0;
  connect();
  fallBack(polledAt ? 0 : POLL);
}

function connect() {
  if (socket && socket.readyState < 2) return;
  forget();
  const mine = socket = new WebSocket(location.origin.replace("http", "ws") + root.dataset.socket + revision);
  connectTimer = setTimeout(() => mine.close(), CONNECT);
  mine.onopen = () => {
    clearTimeout(connectTimer);
    etag = ""; // older than what comes now
    expectLife(PONG); // some proxies open a socket and let nothing through
    pingTimer = setInterval(ping, PING);
  };
  mine.onmessage = event => {
    if (mine !== socket) return;
    isHeard = true;
    clearTimeout(lifeTimer); // any frame is a sign of life
    receive(JSON.parse(event.data));
  };
  mine.onclose = event => mine === socket && lose(event.code);
}

function forget() {
  isHeard = false;
  [connectTimer, lifeTimer, pingTimer, retryTimer].forEach(clearTimeout);
}

function lose(code) {
  forget();
  // The seat or the session is gone: only the server can say what belongs here now.
  if (code === 4401 || code === 4404) return setTimeout(listeners.reload, 1000);
  tries = code === FLOODED ? 9 : tries + 1;
  // While nobody looks there is no hurry.
  const pause = document.hidden ? HIDDEN : Math.min(10000, 400 * 2 ** tries);
  // This phone has enough windows open, all newer. Coming back would push out the next one: wait for somebody to look.
  if (code !== CROWDED) retryTimer = setTimeout(connect, pause * (0.5 + Math.random()));
  if (!document.hidden) fallBack(code === CROWDED ? 0 : POLL);
}

function fallBack(pause) {
  // As long as polling works there is a connection, only a slow one.
  awayTimer = awayTimer || Date.now() - polledAt > 3 * POLL && setTimeout(() => { wasAway = true; say(words.away); }, AWAY);
  pollTimer = pollTimer || !isPolling && setTimeout(poll, pause);
}

function ping() {
  if (send({ type: "ping" })) expectLife(PONG);
}

function expectLife(patience) {
  const mine = socket;
  clearTimeout(lifeTimer);
  lifeTimer = setTimeout(() => { mine.onclose = null; mine.close(); lose(); }, patience);
}

function arrive(bySocket) {
  clearTimeout(awayTimer); awayTimer = 0;
  if (bySocket) { clearTimeout(pollTimer); pollTimer = 0; tries = 0; }
  if (wasAway) { wasAway = false; say(bySocket ? listeners.backText() : words.slow || words.back, "banner--good", 4000, null); }
}

// A hall's wifi may swallow a request without a word.
export function ask(url, options) {
  const stop = window.AbortController && new AbortController();
  if (stop) setTimeout(() => stop.abort(), ANSWER);
  return fetch(url, { ...options, signal: stop ? stop.signal : undefined });
}

async function poll() {
  pollTimer = 0;
  if (document.hidden) return;
  isPolling = true;
  try {
    const answer = await ask(root.dataset.poll, { headers: { Accept: "application/json", "If-None-Match": etag }, cache: "no-store" });
    if (isHeard) return;
    if (answer.redirected) return listeners.reload(); // logged out meanwhile
    if (answer.status < 400) polledAt = Date.now();
    if (answer.status === 200) {
      receive(await answer.json(), false);
      etag = answer.headers.get("ETag"); // of a page that was shown: one that broke off is asked for again
    }
    else if (answer.status === 304) arrive(false);
    else if (answer.status === 403 || answer.status === 404) return setTimeout(listeners.reload, 1000);
  } catch (error) { /* still away: the banner says so */ } finally { isPolling = false; }
  clearTimeout(pollTimer);
  pollTimer = isHeard ? 0 : setTimeout(poll, POLL * (0.75 + Math.random() / 2));
}

export function receive(frame, bySocket = true) {
  if (frame.type !== "refused") arrive(bySocket);
  if (frame.type === "pong") {
    if (frame.revision > revision) send({ type: "state" });
  } else if (frame.type === "counts") {
    if (frame.revision === revision) root.querySelectorAll("[data-live=counts]").forEach(part => { part.innerHTML = frame.html; });
    else if (frame.revision > revision) send({ type: "state" });
    listeners.onCounts(frame);
  } else if (frame.type === "state") {
    show(frame, bySocket);
  } else if (FAREWELLS.includes(frame.code)) {
    say(frame.message);
  } else listeners.onFrame(frame);
}

// A press is down and up on one button: swapped in between, it is lost. So the newest state is held until its end, but
// not for a finger that rests on the glass.
let held, letGo; // while somebody presses: a state with how it came, or nothing yet
const hold = wait => () => {
  clearTimeout(letGo);
  letGo = setTimeout(release, wait);
};
state.addEventListener("pointerdown", () => { held = held || []; });
state.addEventListener("pointerdown", hold(3000));
addEventListener("pointerup", hold(50)); // the click comes just after it
addEventListener("pointercancel", hold(50));

function release() {
  const [frame, bySocket] = held || [];
  held = 0;
  if (frame) show(frame, bySocket);
}

function show(frame, bySocket) {
  if (frame.revision < (held && held[0] || { revision }).revision) return;
  if (held) {
    held = [frame, bySocket];
    return;
  }
  // The page itself brought this state to a phone already; swapping it would undo a choice that is being made. What a
  // socket says was compared with the page, and a screen with counts takes it: somebody may have joined or voted since.
  const isFirst = lastHtml === undefined && !bySocket && !listeners.onCounts;
  const isSame = !frame.html || frame.html === lastHtml || (isFirst && frame.revision === revision);
  lastHtml = frame.html;
  revision = frame.revision;
  Object.assign(root.dataset, { version: frame.version, scene: frame.scene, status: frame.status }); // what this screen shows
  if (!isSame) listeners.swap(frame.html);
  const question = [frame.scene, frame.round].join(), step = question + frame.status;
  // A new step begins at its top, also for who had scrolled down.
  if (!isSame && lastStep !== null && step !== lastStep) scrollTo(0, 0);
  lastStep = step;
  // News is about a question, everything else about a step of it.
  const here = banner.matches(".banner--news") ? question : step;
  if (saidAt === null) saidAt = here;
  else if (saidAt && saidAt !== here) say("");
  listeners.onState(frame);
}

// Put the new state in place. What somebody was reading stays as long as it is about the same round; what they were
// typing or choosing also comes back with that round, after a break or an undo.
function swap(html) {
  const before = roundOf(), focused = document.activeElement;
  keepTyped();
  const opened = [...state.querySelectorAll("details[id][open]")].map(part => part.id);
  const focusKey = state.contains(focused) ? keyOf(focused) : "";
  state.innerHTML = html;
  addTokens(state);
  const isSameRound = roundOf() === before;
  fillTyped();
  fields().forEach(field => isSameRound && keyOf(field) === focusKey && field.focus());
  if (isSameRound) opened.forEach(id => { const part = document.getElementById(id); if (part) part.open = true; });
  if (focusKey && document.activeElement === document.body) {
    const again = [...state.querySelectorAll("button, a, summary")].find(part => keyOf(part) === focusKey);
    if (again) again.focus({ preventScroll: true });
  }
  const said = (state.querySelector("[data-announce]") || { dataset: {} }).dataset;
  announce(roundOf() === lastRound && said.announceAgain || said.announce); // a round that comes back is not new
  lastRound = roundOf() || lastRound;
}

// A frame is the same for everybody, so its forms come without a token.
export function addTokens(part) {
  part.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(field => { field.value = csrf; });
  part.querySelectorAll("form[method=post]").forEach(form => {
    if (!form.elements.csrfmiddlewaretoken) form.insertAdjacentHTML("afterbegin", `<input type="hidden" name="csrfmiddlewaretoken" value="${csrf}">`);
  });
}

// Only what somebody changed here; what another device filled in comes with the new state.
export function keepTyped() {
  const typed = kept[roundOf()] = kept[roundOf()] || {};
  fields().forEach(field => {
    const first = isTicked(field) ? field.defaultChecked : field.defaultValue, now = field[partOf(field)];
    if (now === first) delete typed[keyOf(field)];
    else typed[keyOf(field)] = now;
  });
}

export function fillTyped() {
  const typed = kept[roundOf()] || {};
  fields().forEach(field => { if (keyOf(field) in typed) field[partOf(field)] = typed[keyOf(field)]; });
}

const fields = () => state.querySelectorAll("input:not([type=hidden]), textarea");
const isTicked = field => field.type === "radio" || field.type === "checkbox";
const partOf = field => isTicked(field) ? "checked" : "value";
const roundOf = () => (state.querySelector("[data-round]") || { dataset: {} }).dataset.round;
const keyOf = field => field.id || [field.name, isTicked(field) || field.tagName === "BUTTON" ? field.value : ""].join("=");
