// The first page: search with typing errors, and facets. What documents say only ever becomes text, never markup.
"use strict";
(() => {
  const data = globalThis.meshformData, most = 50;
  const form = document.querySelector(".search"), field = document.getElementById("search");
  const list = document.getElementById("products"), count = document.getElementById("count");
  const facets = [...document.querySelectorAll("select[data-facet]")];
  const fuzzy = new uFuzzy({ intraMode: 1, intraIns: 1 });
  const names = data.name.map((name, n) => `${name} ${data.words.domain[data.domain[n]]} ${data.description[n]}`);
  let known = null;

  for (const select of facets) {
    data.words[select.dataset.facet].forEach((word, n) => select.append(new Option(word || "none", String(n))));
  }

  const make = (tag, text, className) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  // Numbers of products that have all of the words somewhere, the best first; with the column that was found.
  const found = (words) => {
    if (!words) return data.name.map((_, n) => [n, ""]);
    const hits = new Map();
    for (const n of ranked(names, words)) hits.set(n, "");
    const { rows, texts } = columns();
    for (const number of ranked(texts, words)) {
      const [column, n] = rows[number];
      if (!hits.has(n)) hits.set(n, column);
    }
    return [...hits];
  };

  // Made when the browser has time, or when somebody is faster than that.
  const columns = () => {
    if (known) return known;
    const rows = data.columns.flatMap((text, n) => (text ? text.split(" ").map((column) => [column, n]) : []));
    known = { rows, texts: rows.map(([column]) => column.replace(/[._]/g, " ")) };
    return known;
  };

  const ranked = (texts, words) => {
    const [ids, info, order] = fuzzy.search(texts, words, 5, 2000);
    if (!ids) return [];
    return order ? order.map((n) => info.idx[n]) : [...ids];
  };

  const fits = (n) =>
    facets.every(({ value, dataset: { facet } }) => {
      if (value === "") return true;
      const has = data[facet][n];
      return Array.isArray(has) ? has.includes(Number(value)) : has === Number(value);
    });

  const show = () => {
    const hits = found(field.value.trim()).filter(([n]) => fits(n));
    list.replaceChildren(
      ...hits.slice(0, most).map(([n, column]) => {
        const item = document.createElement("li"), link = make("a", data.name[n]);
        link.href = `products/${encodeURIComponent(data.name[n])}.html${column ? `#${column}` : ""}`;
        const label = data.words.highest[data.highest[n]];
        item.append(link, " ", make("span", data.words.domain[data.domain[n]], "of"), " ");
        item.append(make("span", label || "not classified", "label"));
        const state = data.words.promises[data.promises[n]];
        if (state) item.append(" ", make("span", `promises ${state}`, `state ${state.replace(" ", "-")}`));
        item.append(make("p", column ? `column ${column}` : data.description[n]));
        return item;
      }),
    );
    const shown = hits.length > most ? `; the first ${most} are here` : "";
    count.textContent = `${hits.length} product${hits.length === 1 ? "" : "s"}${shown}.`;
  };

  form.hidden = false;
  (globalThis.requestIdleCallback ?? setTimeout)(columns);
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", show);
  for (const select of facets) select.addEventListener("change", show);
  if (field.value || facets.some((select) => select.value)) show();
})();
