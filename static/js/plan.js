// Filling in the plan without leaving the place: a line is kept, and what stands typed in other lines stays.
// Without this script every form and link here works as it is.

const FIELDS = "input:not([type=hidden])";
const sending = new Set();

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isCommand = form.matches("[data-command]");
  if (!isCommand && !form.closest("[data-live=plan]")) return;
  event.preventDefault();
  if (sending.has(form)) return; // a double click
  sending.add(form);
  const done = isCommand ? tell(form, event.submitter) : keep(form, event.submitter);
  done.finally(() => sending.delete(form));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-change]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const line = link.closest("[data-line]").dataset.line;
  follow(() => fetch(link.href), () => show(line), line);
});

// Typed but not kept: the browser asks before the page goes.
window.addEventListener("beforeunload", (event) => {
  if (findDirty().length) event.preventDefault();
});

function keep(form, button) {
  const body = read(form, button);
  const line = form.closest("[data-line]")?.dataset.line;
  return follow(
    () => fetch(form.action, { method: "POST", body }),
    (response) => show(line ?? new URL(response.url).searchParams.get("wijzig")),
    line,
  );
}

function tell(form, button) {
  const body = read(form, button);
  return follow(
    async () => {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok) return fetch(location.pathname);
      const { message } = await answer.json();
      const page = await fetch(location.pathname);
      return Object.assign(page, { message });
    },
    (response) => {
      if (response.message) say(response.message);
      document.querySelector("[data-command] button")?.focus();
    },
  );
}

function read(form, button) {
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  // Who logged in again in another tab has a new token there.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token) body.set("csrfmiddlewaretoken", token);
  return body;
}

// Ask the server for the page as it is now, take over the parts that live, and set the focus.
async function follow(ask, then, sent) {
  const button = document.activeElement;
  button?.setAttribute("aria-busy", "true");
  try {
    const response = await ask();
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const parts = [...page.querySelectorAll("[data-live]")];
    if (!parts.length) {
      say(document.querySelector("[data-elsewhere]").dataset.elsewhere); // logged out meanwhile
      return;
    }
    say("");
    const dirty = findDirty().filter((line) => line.dataset.line !== sent);
    for (const part of parts) {
      for (const line of dirty) part.querySelector(`[data-line="${line.dataset.line}"]`)?.replaceWith(line);
      for (const print of part.querySelectorAll("[data-print]")) print.hidden = false;
      document.querySelector(`[data-live=${part.dataset.live}]`).replaceWith(part);
    }
    then(response);
  } catch {
    say(document.querySelector("[data-offline]").dataset.offline);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

function findDirty() {
  const isChanged = (field) => field.value !== field.defaultValue;
  return [...document.querySelectorAll("form[data-line]")].filter(
    (form) => form.matches("[data-unkept]") || [...form.querySelectorAll(FIELDS)].some(isChanged),
  );
}

// A refused field first; a line that stands open next; and once it is kept, the next line that waits for words.
function show(line) {
  const here = document.querySelector(`[data-line="${line}"]`);
  if (!here) return;
  const field = here.querySelector("[aria-invalid=true]") ?? here.querySelector(FIELDS);
  if (field) {
    field.focus();
    return;
  }
  const next = [...document.querySelectorAll("[data-line]")].find(
    (other) => other.matches("form") && here.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  (next?.querySelector(FIELDS) ?? here).focus();
}

function say(words) {
  const banner = document.querySelector("[data-says]");
  banner.hidden = !words;
  banner.querySelector("span").textContent = words;
  if (words) banner.scrollIntoView({ block: "nearest" });
}
