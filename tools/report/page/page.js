// SPDX-License-Identifier: Apache-2.0
// Switches between light and dark colors, starts with the system's, and remembers the choice where
// the browser allows it. Opens a closed section when a link leads into it.
(() => {
  const root = document.documentElement;
  const button = document.getElementById("colors");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const shown = () => root.dataset.colors || (dark.matches ? "dark" : "light");
  const label = () => {
    button.textContent = shown() === "dark" ? "Light colors" : "Dark colors";
  };
  const remember = (colors) => {
    try { localStorage.setItem("colors", colors); } catch { /* The browser allows no storage. */ }
  };
  try { root.dataset.colors = localStorage.getItem("colors") || ""; } catch { /* The browser allows no storage. */ }
  label();
  button.hidden = false;
  dark.addEventListener("change", label);
  button.addEventListener("click", () => {
    root.dataset.colors = shown() === "dark" ? "light" : "dark";
    remember(root.dataset.colors);
    label();
  });
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
    }
    if (target) target.scrollIntoView();
  };
  if (location.hash) open();
  addEventListener("hashchange", open);
})();
