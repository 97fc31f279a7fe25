// Runs before the first paint: the palette of the last choice, or of the system, is on <html> already.
(() => {
  const key = "portal-theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const choice = () => {
    try { return localStorage.getItem(key) ?? "system"; } catch { return "system"; }
  };
  const isDark = () => choice() === "dark" || (choice() === "system" && dark.matches);
  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    document.dispatchEvent(new Event("portal-theme"));
  };
  dark.addEventListener("change", apply);
  addEventListener("storage", e => { if (e.key === key) apply(); });
  window.portalTheme = {
    choice,
    isDark,
    set(value) {
      try { localStorage.setItem(key, value); } catch { /* storage is off: the choice lasts as long as the page */ }
      document.documentElement.dataset.theme = value;
      apply();
    },
  };
  apply();
})();

// A link with ?target=name chooses the target of this browser; the page itself does not see it.
(() => {
  const url = new URL(location.href);
  const target = url.searchParams.get("target");
  if (!target) return;
  try { localStorage.setItem("portal-target", target); } catch { /* storage is off: the default target is shown */ }
  url.searchParams.delete("target");
  history.replaceState(history.state, "", url);
})();
