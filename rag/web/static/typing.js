// The box: "/" leads to it, what is typed is kept until it is asked, and who asks is remembered.
const box = document.querySelector("#text");
const place = `typed ${location.pathname}`;

function noted() {
  return JSON.parse(sessionStorage.getItem(place) ?? "null");
}

function note(text, sent) {
  if (text) sessionStorage.setItem(place, JSON.stringify({ text, sent }));
  else sessionStorage.removeItem(place);
}

// What has been asked comes back only to who comes back to it.
function restore() {
  const kept = noted();
  const [visit] = performance.getEntriesByType("navigation");
  if (!kept || box.value || (kept.sent && visit?.type === "navigate")) return;
  box.value = kept.text;
}

function keys(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing?.form) {
    typing.form.requestSubmit();
  }
}

function remember(event) {
  const audience = new FormData(event.target, event.submitter).get("audience");
  if (audience) localStorage.setItem("audience", audience);
}

function recall() {
  const known = localStorage.getItem("audience");
  const choices = box.form.elements.namedItem("audience");
  if (known && choices && location.pathname === "/") choices.value = known;
}

if (box) {
  restore();
  recall();
  box.addEventListener("input", () => note(box.value, false));
  box.form.addEventListener("submit", () => note(box.value, true));
  box.form.addEventListener("unasked", () => note(box.value, false));
  document.addEventListener("keydown", keys);
  document.addEventListener("submit", remember);
}
