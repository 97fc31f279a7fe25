// The import page: takes what is dropped, chosen or pasted, and hands it over as one stream of names and bytes.
let chosen = [];
const muchPasted = 256 * 1024;
const skipped = /(^|\/)(\.git|node_modules|bin|obj)\//;

export function start(dropId, pasteId, server, mostBytes) {
  const drop = document.getElementById(dropId);
  const paste = document.getElementById(pasteId);
  if (!drop || !paste) return;
  const take = files => {
    chosen = files.filter(file => !skipped.test(file.webkitRelativePath || file.portalPath || ""));
    const bytes = chosen.reduce((sum, file) => sum + file.size, 0);
    if (chosen.length === 0 || bytes > mostBytes) server.invokeMethodAsync("Refused", chosen.length === 0 ? "nothing" : "large");
    else server.invokeMethodAsync("Chosen");
  };
  for (const input of drop.querySelectorAll("input[type=file]")) {
    const chose = () => { take([...input.files]); input.value = ""; };
    input.addEventListener("change", chose);
    // The page stood there before this script did: what was chosen meanwhile is not lost.
    if (input.files.length > 0) chose();
  }
  // Much text in a box is slow in every browser: it goes straight on.
  paste.addEventListener("paste", event => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (event.clipboardData?.files.length) { event.preventDefault(); take([...event.clipboardData.files]); }
    else if (text.length > muchPasted) { event.preventDefault(); take([new File([text], "pasted text")]); }
  });
  const over = event => { event.preventDefault(); drop.classList.toggle("over", event.type === "dragover"); };
  const page = drop.closest(".page");
  page.addEventListener("dragover", over);
  page.addEventListener("dragleave", over);
  page.addEventListener("drop", async event => {
    over(event);
    const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
    take(entries.length > 0 ? (await Promise.all(entries.map(entry => walk(entry, "")))).flat() : [...event.dataTransfer.files]);
  });
}

// Files of a folder, however deep; a folder tells its entries a hundred at a time.
async function walk(entry, path) {
  const here = path + entry.name;
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed));
    file.portalPath = here;
    return [file];
  }
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return files;
    files.push(...(await Promise.all(some.map(one => walk(one, here + "/")))).flat());
  }
}

// The text of a box, or the files that were chosen; null when there is nothing.
export function contents(textId) {
  const text = textId ? document.getElementById(textId)?.value ?? "" : null;
  const files = text === null ? chosen : text.trim() === "" ? [] : [new File([text], "pasted text")];
  chosen = [];
  if (files.length === 0) return null;
  const header = files.map(file => ({ name: file.webkitRelativePath || file.portalPath || file.name, bytes: file.size }));
  return new Blob([JSON.stringify(header), "\n", ...files]);
}

// Scrolls the text to a line; with reveal also the page to the text, for a narrow screen has it below.
export function showLine(id, line, reveal) {
  const code = document.getElementById(id);
  if (!code) return;
  const height = code.querySelector(".ln")?.offsetHeight || 20;
  code.scrollTop = Math.max(0, (line - 1) * height - code.clientHeight / 3);
  code.scrollLeft = 0;
  if (reveal) code.scrollIntoView({ block: "nearest" });
}
