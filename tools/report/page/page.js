// SPDX-License-Identifier: Apache-2.0
// Switches between light and dark colors, starts with the system's, and remembers the choice where
// the browser allows it. Opens a closed section when a link leads into it. Computes the headline at
// another scale, groups the steps of a figure, copies commands, sorts and filters tables.
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

  // Two digits, as `wording.brief` writes seconds.
  const brief = (seconds) => {
    for (const [factor, unit] of [[1, "s"], [1e3, "ms"], [1e6, "µs"]]) {
      const value = Number((seconds * factor).toPrecision(2));
      if (seconds === 0 || value >= 1 || unit === "µs") {
        const digits = value !== 0 && value < 10 ? 1 : 0;
        const shown = value.toLocaleString("en-US",
          { minimumFractionDigits: digits, maximumFractionDigits: digits });
        return `${shown}\u00a0${unit}`;
      }
    }
    return "";
  };
  const headline = document.querySelector("[data-cost]");
  if (headline) {
    const costs = JSON.parse(headline.dataset.cost);
    const fields = {};
    const update = () => {
      const items = fields.items ? Number(fields.items.value) : 1;
      const candidates = Number(fields.candidates.value);
      const at = ([seconds, item, candidate]) =>
        seconds * (item ? items : 1) * (candidate ? candidates : 1);
      for (const output of headline.querySelectorAll("[data-seconds]")) {
        const { added, together, over } = costs[output.dataset.seconds];
        const slowest = Math.max(0, ...together.map(at));
        const seconds = added.map(at).reduce((sum, one) => sum + one, 0) + over * slowest;
        output.textContent = items > 0 && candidates > 0 ? brief(seconds) : "–";
      }
    };
    for (const place of headline.querySelectorAll("[data-scale]")) {
      const field = document.createElement("input");
      Object.assign(field, { type: "number", min: "1", step: "1",
        value: place.textContent.replaceAll(",", "") });
      field.setAttribute("aria-label", place.dataset.label);
      field.style.width = `${Math.max(field.value.length, 2) + 3}ch`;
      field.addEventListener("input", () => {
        field.style.width = `${Math.max(field.value.length, 2) + 3}ch`;
        update();
      });
      fields[place.dataset.scale] = field;
      place.replaceWith(field);
    }
  }
  const grouping = document.getElementById("grouping");
  if (grouping) {
    const box = grouping.querySelector("input");
    const show = () => {
      for (const one of document.querySelectorAll("[data-grouped]")) {
        one.hidden = (one.dataset.grouped === "yes") !== box.checked;
      }
    };
    box.addEventListener("change", show);
    grouping.hidden = false;
    show(); // A browser may remember the choice.
  }
  for (const copy of document.querySelectorAll("button.copy")) {
    const command = copy.previousElementSibling;
    copy.hidden = false;
    copy.setAttribute("aria-label", `Copy: ${command.getAttribute("aria-label")}`);
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(command.textContent);
        copy.textContent = "Copied";
      } catch { // Without permission the command is selected, ready to be copied by hand.
        getSelection().selectAllChildren(command);
        copy.textContent = "Selected";
      }
      setTimeout(() => { copy.textContent = "Copy"; }, 2000);
    });
  }
  const scales = { "µs": 1e-6, ms: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, kB: 1e3, MB: 1e6, GB: 1e9 };
  const number = (text) => {
    const found = text.match(/^[<+]?\s*(-?[\d,]*\.?\d+)\s*([^\d\s]+)?/);
    return found ? Number(found[1].replaceAll(",", "")) * (scales[found[2]] ?? 1) : NaN;
  };
  for (const table of document.querySelectorAll(".scroll table")) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    if (!body || body.rows.length < 3) continue;
    heads.forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up > 0 ? "ascending" : "descending");
        const rows = [...body.rows].map((row) => [row, row.cells[column].textContent.trim()]);
        rows.sort(([, one], [, other]) => {
          const [first, last] = [number(one), number(other)];
          if (isNaN(first) !== isNaN(last)) return isNaN(first) ? 1 : -1;
          return up * (isNaN(first) ? one.localeCompare(other) : first - last);
        });
        body.append(...rows.map(([row]) => row));
      });
    });
    if (body.rows.length > 8) {
      const field = document.createElement("input");
      Object.assign(field, { type: "search", className: "filter", placeholder: "Filter rows" });
      field.setAttribute("aria-label", `Filter rows of: ${table.parentElement.ariaLabel}`);
      field.addEventListener("input", () => {
        const words = field.value.toLowerCase().split(/\s+/);
        for (const row of body.rows) {
          const text = row.textContent.toLowerCase();
          row.hidden = !words.every((word) => text.includes(word));
        }
      });
      table.parentElement.before(field);
    }
  }
})();
