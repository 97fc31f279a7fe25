// What the browser knows and the server does not: theme, time zone, width; and clipboard, download, focus.
const widths = [["Wide", "(min-width: 1800px)"], ["Desktop", "(min-width: 1101px)"], ["Tablet", "(min-width: 720px)"]];
const railKey = "portal-rail";

const width = () => widths.find(([, query]) => matchMedia(query).matches)?.[0] ?? "Phone";
const facts = () => ({
  theme: portalTheme.choice(),
  isDark: portalTheme.isDark(),
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC",
  width: width(),
  rail: stored(railKey) === "1",
  id: browserId,
  target: stored("portal-target"),
});

// By this id the server finds the drafts of this browser again; without storage it lasts as long as the page.
const browserId = (() => {
  const known = stored("portal-browser");
  if (known) return known;
  const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
  try { localStorage.setItem("portal-browser", made); } catch { /* storage is off */ }
  return made;
})();

function stored(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

export function start(server) {
  const tell = () => server.invokeMethodAsync("BrowserChanged", facts()).catch(() => { /* the circuit is gone; the next one asks again */ });
  for (const [, query] of widths) matchMedia(query).addEventListener("change", tell);
  document.addEventListener("portal-theme", tell);
  document.addEventListener("keydown", keys, true);
  document.addEventListener("click", skip, true);
  for (const type of ["dragover", "drop"]) window.addEventListener(type, stay);
  return facts();
}

// Ctrl+K opens the command palette, / goes to the search of the page, arrows in a search box do not move the caret.
function keys(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    if (!document.querySelector(".cmd-input")) document.querySelector(".palette")?.click();
  } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("input[data-search], [data-search] input");
    if (search) { event.preventDefault(); search.focus(); }
  } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && event.target.matches?.("[data-arrows]")) {
    event.preventDefault();
  }
}

// A file that is dropped beside the place for it would be opened instead of the page, and unsaved work lost.
function stay(event) {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files") || event.target.closest?.("input[type=file]")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

// The link before everything: moves the focus, not only the view.
function skip(event) {
  if (!event.target.closest?.(".skip")) return;
  event.preventDefault();
  event.stopPropagation();
  document.getElementById("main")?.focus();
}

export function setTheme(choice) {
  portalTheme.set(choice);
}

export function setRail(rail) {
  try { localStorage.setItem(railKey, rail ? "1" : "0"); } catch { /* storage is off */ }
}

export function open(url) {
  location.assign(url);
}

export async function copy(text) {
  if (navigator.clipboard && isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = Object.assign(document.createElement("textarea"), { value: text });
  area.style.cssText = "position:fixed;opacity:0";
  (document.activeElement?.closest(".mud-dialog") ?? document.body).append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export async function download(name, type, stream) {
  const url = URL.createObjectURL(new Blob([await stream.arrayBuffer()], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function focus(id) {
  const element = document.getElementById(id);
  element?.scrollIntoView({ block: "center" });
  element?.focus({ preventScroll: true });
}

// For a box in a dialog that has just opened: the dialog's focus trap takes the focus once more, later.
export function focusInDialog(id) {
  const element = document.getElementById(id);
  const back = event => { if (event.target.parentElement?.matches(".mud-focus-trap") && event.target.tabIndex < 0) element.focus(); };
  element?.focus();
  document.addEventListener("focusin", back);
  setTimeout(() => document.removeEventListener("focusin", back), 1000);
}

export function scrollTo(id) {
  document.getElementById(id)?.scrollIntoView({ block: "nearest" });
}
