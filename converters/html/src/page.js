"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    // No <button>: browsers do not print one in the heading that stands again on each page.
    const button = document.createElement("span");
    button.setAttribute("role", "button");
    button.tabIndex = 0;
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); button.click(); }
    });
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[at].dataset.key ?? row.cells[at].textContent;
      const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
      const rows = [...table.tBodies[0].rows].map((row, place) => [key(row), place, row]);
      rows.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])) || a[1] - b[1]);
      table.tBodies[0].append(...rows.map((row) => row[2]));
    });
  });
}
let opened = [];
window.addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
window.addEventListener("afterprint", () => { for (const details of opened) details.open = false; });
for (const table of document.querySelectorAll("table[data-search]")) {
  const words = table.dataset, rows = [...table.tBodies[0].rows], heads = [...table.tHead.rows[0].cells];
  const cells = rows.map((row) => [...row.cells].map((cell) => cell.textContent));
  const found = cells.map((row) => row.join("\n").toLowerCase());
  const bar = document.createElement("div");
  bar.className = "filters";
  bar.setAttribute("role", "search");
  const labelled = (name, field) => {
    const label = document.createElement("label");
    label.append(name, field);
    bar.append(label);
    return field;
  };
  const search = labelled(words.search, document.createElement("input"));
  search.type = "search";
  const filters = heads.flatMap((head, at) => {
    if (head.dataset.filter === undefined) return [];
    const keys = new Map(rows.map((row, place) => [cells[place][at], row.cells[at].dataset.key ?? cells[place][at]]));
    const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    const values = [...keys].sort((a, b) => compare(a[1], b[1])).map((pair) => pair[0]);
    const select = labelled(head.textContent, document.createElement("select"));
    select.append(new Option(words.all, "*"), ...values.map((value) => new Option(value || "\u2013", value)));
    return [[at, select]];
  });
  const button = (name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = name;
    made.addEventListener("click", () => act(made));
    bar.append(made);
    return made;
  };
  const count = document.createElement("output");
  const apply = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = wanted.every((word) => found[place].includes(word))
        && filters.every(([at, select]) => select.value === "*" || select.value === cells[place][at]);
      row.hidden = !fits;
      shown += fits;
    });
    const number = (value) => value.toLocaleString(document.documentElement.lang);
    count.textContent = words.shown.replace("%1", number(shown)).replace("%2", number(rows.length));
  };
  const keep = () => {
    const state = new URLSearchParams();
    if (search.value) state.set("q", search.value);
    for (const [at, select] of filters) if (select.value !== "*") state.set(`c${at}`, select.value);
    history.replaceState(null, "", `#${state}`);
    apply();
  };
  const restore = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    search.value = state.get("q") ?? "";
    for (const [at, select] of filters) {
      select.value = state.get(`c${at}`) ?? "*";
      if (select.selectedIndex < 0) select.value = "*";
    }
    apply();
  };
  button(words.copy, async (made) => {
    // What a spreadsheet would take for a formula is text.
    const field = (text) => `"${text.replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`;
    const order = [...table.tBodies[0].rows].filter((row) => !row.hidden);
    const lines = [heads, ...order.map((row) => [...row.cells])].map((row) => row.map((cell) => field(cell.textContent)).join(","));
    const text = `${lines.join("\r\n")}\r\n`;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      bar.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    made.textContent = words.copied;
    setTimeout(() => { made.textContent = words.copy; }, 2000);
  });
  button(words.clear, () => {
    search.value = "";
    for (const [, select] of filters) select.value = "*";
    keep();
  });
  bar.append(count);
  search.addEventListener("input", keep);
  for (const [, select] of filters) select.addEventListener("change", keep);
  addEventListener("hashchange", restore);
  table.parentElement.before(bar);
  restore();
}
