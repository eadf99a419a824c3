// The phone forgets what it chose here, as the server did. Storage may be blocked: then nothing was kept either.
const code = document.querySelector("[data-wiped]").dataset.wiped;
try {
  localStorage.removeItem(`keuze /m/${code}/stand`);
  sessionStorage.clear();
} catch (error) { /* a private window */ }
