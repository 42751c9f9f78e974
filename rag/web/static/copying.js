// Taking an answer along: to the clipboard, or onto paper.
const status = document.querySelector("#status");

function copied(link) {
  const said = link.textContent;
  link.textContent = "Copied";
  status.textContent = "Copied";
  setTimeout(() => {
    link.textContent = said;
    status.textContent = "";
  }, 2000);
}

async function text(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}

async function blob(address, type) {
  return new Blob([await text(address)], { type });
}

async function copy(link) {
  if (link.dataset.copy !== "html") return navigator.clipboard.writeText(await text(link.href));
  const forms = {
    "text/html": blob(link.href, "text/html"),
    "text/plain": blob(link.href.replace(/html$/, "txt"), "text/plain"),
  };
  return navigator.clipboard.write([new ClipboardItem(forms)]);
}

for (const link of document.querySelectorAll("[data-copy]")) {
  link.addEventListener("click", async (event) => {
    if (!navigator.clipboard) return; // then the link opens the text, to be copied by hand
    event.preventDefault();
    try {
      await copy(link);
      copied(link);
    } catch {
      location.assign(link.href);
    }
  });
}

for (const item of document.querySelectorAll("[data-print]")) {
  item.hidden = false;
  item.querySelector("button").addEventListener("click", () => print());
}

// On paper the passages stand open.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details.behind:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
