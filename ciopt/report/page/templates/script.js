"use strict";
(function () {
  const value = (cell) => {
    const text = cell.textContent.trim();
    const number = parseFloat(text.replace(/[^0-9.eE+-]/g, ""));
    return cell.classList.contains("n") && !Number.isNaN(number) ? number : text;
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b
      : typeof a === "number" ? -1 : typeof b === "number" ? 1 : a.localeCompare(b);
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = table.querySelectorAll("thead th");
    const body = table.tBodies[0];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = Array.from(body.rows);
        rows.sort((a, b) => (up ? 1 : -1) * compare(value(a.cells[column]), value(b.cells[column])));
        body.append(...rows);
      });
    });
    if (!("filtered" in table.dataset)) continue;
    const label = document.createElement("label");
    const input = document.createElement("input");
    label.className = "filter";
    label.append("Show rows with", input);
    input.type = "search";
    table.closest(".scroll").before(label);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase();
      for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  }
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = Array.from(document.querySelectorAll("details[id^=partner-]:not([open])"));
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of folded) each.open = false; });
})();
