// What is typed is kept until it is asked; "/" leads to the box, and who asks is remembered.
import { keep, kept } from "./keeping.js";

const box = document.querySelector("#text");

// What has been asked comes back only to who comes back to it.
function hold(area) {
  const place = `typed ${location.pathname} ${area.id}`;
  const note = (sent) => {
    const typed = area.value !== area.defaultValue;
    keep("sessionStorage", place, typed ? JSON.stringify({ text: area.value, sent }) : null);
  };
  const typed = JSON.parse(kept("sessionStorage", place) ?? "null");
  const [visit] = performance.getEntriesByType("navigation");
  if (typed && !(typed.sent && visit?.type === "navigate") && (area !== box || !area.value)) {
    area.value = typed.text;
    const folded = area.closest("details");
    if (folded) folded.open = true;
  }
  area.addEventListener("input", () => note(false));
  area.form.addEventListener("submit", () => note(true));
  area.form.addEventListener("unasked", () => note(false));
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
  if (audience) keep("localStorage", "audience", audience);
}

function recall() {
  const known = kept("localStorage", "audience");
  const choices = box.form.elements.namedItem("audience");
  if (known && choices && location.pathname === "/") choices.value = known;
}

for (const area of document.querySelectorAll("main textarea")) hold(area);
if (box) {
  recall();
  document.addEventListener("keydown", keys);
  document.addEventListener("submit", remember);
}
