// Asking without leaving the page: look for identities, stream, recover, then open the answer.
import { element, Progress } from "./drawing.js";
import { events } from "./events.js";
import { identifying } from "./identity.js";
import { keep, kept } from "./keeping.js";

const main = document.querySelector("main");
const status = document.querySelector("#status");
const READY = "ready";

class Lost extends Error {}

class Refused extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

async function ask(form, submitter) {
  const asked = new FormData(form, submitter);
  const chosen = document.querySelector(".ask")?.elements.namedItem("audience")?.value;
  if (chosen && !asked.has("audience")) asked.set("audience", chosen);
  clear(form);
  const typed = ["text", "query", "population"].map((name) => asked.get(name) ?? "").join("\n");
  const tellings = asked.get("anyway") ? [] : identifying(typed);
  if (tellings.length) return warn(form, tellings);
  const stopping = new AbortController();
  const progress = show(asked.get("text"), stopping);
  try {
    open(await streamed(asked, progress, stopping.signal));
  } catch (error) {
    if (stopping.signal.aborted) restore(form, progress);
    else if (error instanceof Lost) await recover(form, asked, progress);
    else refuse(form, progress, error);
  }
}

async function streamed(asked, progress, signal) {
  const response = await sent(asked, "text/event-stream", signal);
  try {
    for await (const event of events(response)) {
      if (event.name === "error") throw new Refused(event.data);
      if (event.name === "answer") return event.data.answer;
      progress.draw(event);
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Lost();
  }
  throw new Lost();
}

async function sent(asked, accept, signal) {
  const body = new URLSearchParams(asked);
  const response = await fetch("/ask", { method: "POST", body, signal, headers: { Accept: accept } });
  if (response.ok) return response;
  const told = response.headers.get("Content-Type")?.includes("json");
  throw new Refused(told ? await response.json() : { detail: "The service met an error that it did not expect." });
}

// The answer may be kept although its stream was lost; if not, it is asked for in one piece.
async function recover(form, asked, progress) {
  progress.title.after(element("p", "notice", "The connection was lost. Looking for the answer…"));
  try {
    const answer = await stored(form, asked);
    if (answer) return open(answer);
    const response = await sent(asked, "text/html");
    announceLater("Answer ready");
    location.assign(response.url);
  } catch (error) {
    refuse(form, progress, error);
  }
}

async function stored(form, asked) {
  const conversation = asked.get("conversation_id");
  if (!conversation || !form.dataset.turns) return null;
  const response = await fetch(`/v1/conversations/${encodeURIComponent(conversation)}`);
  const { answers } = await response.json();
  const last = answers.at(-1);
  const words = (text) => text.split(/\s+/).filter(Boolean).join(" ");
  const isIt = answers.length > Number(form.dataset.turns) && last.question === words(asked.get("text"));
  return isIt ? last : null;
}

function show(question, stopping) {
  const progress = new Progress(question);
  progress.article.querySelector("[data-stop]").addEventListener("click", () => stopping.abort());
  main.classList.add("asking");
  main.append(progress.article);
  scrollTo(0, 0);
  progress.title.focus();
  status.textContent = "Looking for the answer";
  return progress;
}

function restore(form, progress) {
  main.classList.remove("asking");
  progress?.article.remove();
  status.textContent = "";
  form.dispatchEvent(new Event("unasked"));
  form.querySelector("textarea, button")?.focus();
}

function refuse(form, progress, error) {
  restore(form, progress);
  const told = error instanceof Refused;
  if (told && error.problem.type?.endsWith(":identity")) {
    warn(form, []);
    return;
  }
  const problem = form.querySelector(".problem") ?? form.appendChild(element("p", "problem"));
  problem.hidden = false;
  problem.setAttribute("role", "alert");
  problem.textContent = told
    ? error.message
    : "The service cannot be reached. The question is still here: ask again in a moment.";
}

function warn(form, tellings) {
  const panel = form.querySelector(".identity");
  const items = tellings.map(({ words, kind }) => {
    const item = element("li");
    item.append(element("q", "", words), ` looks like ${kind}`);
    return item;
  });
  panel.querySelector("ul").replaceChildren(...items);
  panel.hidden = false;
  panel.setAttribute("role", "alert");
  form.dispatchEvent(new Event("unasked"));
  panel.querySelector("button").focus();
}

function clear(form) {
  for (const told of form.querySelectorAll(".problem, .identity")) told.hidden = true;
}

function open(answer) {
  const references = answer.references.length;
  const stated = references ? `Answer ready, ${references} reference${references === 1 ? "" : "s"}` : "No answer was found";
  announceLater(stated);
  location.assign(`/answers/${encodeURIComponent(answer.id)}`);
}

function announceLater(words) {
  keep("sessionStorage", READY, words);
}

function announce() {
  const words = kept("sessionStorage", READY);
  keep("sessionStorage", READY, null);
  if (!words || !location.pathname.startsWith("/answers/")) return;
  main.querySelector("h1")?.focus();
  setTimeout(() => (status.textContent = words), 200);
}

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/ask") return;
  event.preventDefault();
  if (!main.classList.contains("asking")) ask(event.target, event.submitter);
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  main.classList.remove("asking");
  main.querySelector(".progress")?.remove();
});
announce();
