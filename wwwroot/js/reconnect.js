// One amber bar while the server does not answer. The page stays readable; Blazor does the trying.
const bar = document.getElementById("components-reconnect-modal");
const seconds = document.getElementById("components-seconds-to-next-attempt");

function show(state) {
  bar.dataset.state = state;
  document.documentElement.dataset.connection = "lost";
}

function hide() {
  delete document.documentElement.dataset.connection;
}

bar.addEventListener("components-reconnect-state-changed", async ({ detail }) => {
  switch (detail.state) {
    case "show": show("trying"); break;
    case "retrying": show(Number(seconds.textContent) > 0 ? "waiting" : "trying"); break;
    case "hide": hide(); break;
    case "failed": show("gone"); break;
    case "paused": show("gone"); await resume(); break;
    case "rejected": await resume(); break;
  }
});

new MutationObserver(() => {
  if (bar.dataset.state !== "gone") bar.dataset.state = Number(seconds.textContent) > 0 ? "waiting" : "trying";
}).observe(seconds, { childList: true, characterData: true, subtree: true });

// The server is back but no longer knows this page: take over what it saved, else load the page anew.
async function resume() {
  try {
    if (await Blazor.resumeCircuit()) hide(); else location.reload();
  } catch {
    show("gone");
  }
}

async function tryNow() {
  show("trying");
  try {
    if (await Blazor.reconnect()) hide(); else await resume();
  } catch {
    show("gone");
  }
}

// Tries for as long as the page is open: at once, then ever more rarely, at least every 15 s.
Blazor.start({
  circuit: {
    reconnectionOptions: {
      maxRetries: Number.MAX_SAFE_INTEGER,
      retryIntervalMilliseconds: tries => Math.min(15_000, tries === 0 ? 0 : 1000 * 2 ** (tries - 1)),
    },
  },
});

document.getElementById("components-reconnect-button").addEventListener("click", tryNow);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && bar.dataset.state === "gone" && document.documentElement.dataset.connection) tryNow();
});
