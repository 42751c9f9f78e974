// A number opens a card with the words behind it: on hover, on focus, and pinned by a click.
import { element } from "./drawing.js";

const OPEN_MS = 120;
const CLOSE_MS = 300;

const card = element("div", "card");
card.popover = "manual";
card.tabIndex = -1;
card.setAttribute("role", "dialog");

let marker = null;
let pinned = false;
let timer = 0;

function later(ms, act) {
  clearTimeout(timer);
  timer = setTimeout(act, ms);
}

function open(next, pin) {
  clearTimeout(timer);
  if (next !== marker) {
    if (!fill(next)) return;
    if (marker) card.hidePopover();
    marker = next;
    marker.after(card);
    card.showPopover();
    place();
    reveal();
  }
  pinned = pin || pinned;
}

function close() {
  clearTimeout(timer);
  if (!marker) return;
  const back = card.contains(document.activeElement) ? marker : null;
  card.hidePopover();
  card.remove();
  marker = null;
  pinned = false;
  if (back) {
    quiet = true;
    back.focus();
    quiet = false;
  }
}

let quiet = false; // the focus that a closing card gives back opens nothing

function fill(link) {
  const note = document.querySelector(link.hash);
  if (!note) return false;
  const said = link.closest(".statement");
  const words = note.querySelector(".passage").cloneNode(true);
  for (const mark of words.querySelectorAll("mark")) {
    if (!mark.dataset.by.split(" ").includes(said.id)) mark.replaceWith(...mark.childNodes);
  }
  const entry = note.querySelector(".entry").cloneNode(true);
  const first = document.getElementById(`ref-${note.dataset.sourceOf}`);
  entry.querySelector(".same")?.replaceWith(first.querySelector(".source").cloneNode(true));
  const grade = said.querySelector(".grade");
  if (grade) {
    entry.querySelector(".marks .grade")?.remove();
    entry.querySelector(".marks").append(grade.cloneNode(true));
  }
  const links = note.querySelector(".links").cloneNode(true);
  if (navigator.clipboard) links.firstElementChild.after(copyQuote(words, entry));
  card.setAttribute("aria-label", `Reference ${link.textContent}`);
  card.replaceChildren(closing(), entry, words, links);
  return true;
}

function copyQuote(words, entry) {
  const button = element("button", "link", "Copy the quote");
  button.type = "button";
  button.addEventListener("click", async () => {
    const quoted = [...words.querySelectorAll("mark")].map((mark) => mark.textContent.trim()).join(" … ");
    const from = [".by", "cite"].map((name) => entry.querySelector(name).textContent.trim()).join(". ");
    await navigator.clipboard.writeText(`“${quoted || words.textContent.trim()}” (${from})`);
    button.textContent = "Copied";
  });
  return button;
}

function closing() {
  const button = element("button", "close", "×");
  button.type = "button";
  button.setAttribute("aria-label", "Close");
  button.addEventListener("click", close);
  return button;
}

function place() {
  const at = marker.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  const room = document.documentElement.clientWidth - size.width - 16;
  const below = at.bottom + 6 + size.height < innerHeight || at.top < size.height + 6;
  card.style.setProperty("--x", `${Math.max(16, Math.min(at.left - 24, room)) + scrollX}px`);
  card.style.setProperty("--y", `${(below ? at.bottom + 6 : at.top - size.height - 6) + scrollY}px`);
}

// The quoted words are in sight, and a sheet at the bottom hides no number.
function reveal() {
  const mark = card.querySelector("mark");
  const end = mark && mark.offsetTop + mark.offsetHeight + card.querySelector(".links").offsetHeight + 12;
  if (mark) card.scrollTop = Math.min(end - card.clientHeight, mark.offsetTop);
  const hidden = marker.getBoundingClientRect().bottom + 12 - card.getBoundingClientRect().top;
  if (getComputedStyle(card).position === "fixed" && hidden > 0) scrollBy({ top: hidden });
}

function numberUnder(event) {
  return event.target.closest?.('a[role="doc-noteref"]');
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const link = numberUnder(event);
  if (link && !pinned) later(OPEN_MS, () => open(link, false));
  else if (marker && event.target.closest(".card")) clearTimeout(timer);
  else if (marker && !pinned && !link) later(CLOSE_MS, close);
  else if (!link && !marker) clearTimeout(timer);
});
document.addEventListener("focusin", (event) => {
  const link = numberUnder(event);
  if (link && !quiet && link.matches(":focus-visible")) open(link, false);
  else if (marker && !card.contains(event.target) && event.target !== marker) close();
});
document.addEventListener("click", (event) => {
  const link = numberUnder(event);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link === marker && pinned) close();
  else open(link, true);
  if (!marker) return;
  event.preventDefault();
  card.focus({ preventScroll: true });
});
document.addEventListener("pointerdown", (event) => {
  if (marker && !card.contains(event.target) && event.target !== marker) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && marker) {
    event.preventDefault();
    close();
  }
});
addEventListener("resize", () => marker && place());
