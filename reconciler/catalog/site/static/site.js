// The first page: search with typing errors, and facets. What documents say only ever becomes text, never markup.
"use strict";
(() => {
  const data = globalThis.meshformData, most = 50;
  const form = document.querySelector(".search"), field = document.getElementById("search");
  const list = document.getElementById("products"), count = document.getElementById("count");
  const facets = [...document.querySelectorAll("select[data-facet]")];
  const fuzzy = new uFuzzy({ intraMode: 1, intraIns: 1 });
  const names = data.name.map((name, n) => `${name} ${data.words.domain[data.domain[n]]} ${data.description[n]}`);
  const otherTexts = data.others.map(([kind, name, , , about]) => `${name} ${about} ${kind}`);
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

  // Numbers of products that have all of the words somewhere, the best first; with columns that were found.
  const found = (words) => {
    if (!words) return data.name.map((_, n) => [n, []]);
    const hits = new Map();
    for (const n of ranked(names, words)) hits.set(n, []);
    const { rows, texts } = columns(), byName = new Set(hits.keys());
    for (const number of ranked(texts, words)) {
      const [n, ...column] = rows[number];
      if (byName.has(n)) continue;
      if (!hits.has(n)) hits.set(n, []);
      if (hits.get(n).length < 3) hits.get(n).push(column);
    }
    return [...hits];
  };

  // Made when the browser has time, or when somebody is faster than that.
  const columns = () => {
    if (known) return known;
    const rows = data.columns.flatMap((text, n) =>
      text.split(";").flatMap((part) => {
        const [table, ...names] = part.split("/");
        return names.map((name) => [n, table, name]);
      }),
    );
    known = { rows, texts: rows.map(([, table, name]) => `${table} ${name}`.replace(/[._]/g, " ")) };
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

  // A link to a column, and its last day where it goes.
  const foundAt = (n, table, name) => {
    const link = make("a", `${table}.${name}`), whole = `${data.name[n]}.${table}`, until = data.until[`${whole}.${name}`] ?? data.until[whole];
    link.href = `columns/${encodeURIComponent(data.files[whole] ?? whole)}.html#${encodeURIComponent(name)}`;
    return until ? [link, ` (goes after ${until})`] : [link];
  };

  const show = () => {
    const hits = found(field.value.trim()).filter(([n]) => fits(n));
    list.replaceChildren(
      ...hits.slice(0, most).map(([n, columns]) => {
        const item = document.createElement("li"), link = make("a", data.name[n]);
        link.href = `products/${encodeURIComponent(data.name[n])}.html`;
        const label = data.words.highest[data.highest[n]];
        item.append(link, " ", make("span", `${data.words.domain[data.domain[n]]}, ${data.words.owner[data.owner[n]]}`, "of"), " ");
        item.append(make("span", label || "not classified", "label"));
        const state = data.words.promises[data.promises[n]];
        if (state) item.append(" ", make("span", `promises ${state}`, `state ${state.replace(" ", "-")}`));
        const going = data.words.going[data.going[n]];
        const until = Object.hasOwn(data.until, data.name[n]) && data.until[data.name[n]];
        if (going) item.append(" ", make("span", until ? `goes after ${until}` : going, "state ends"));
        const said = make("p", columns.length ? "" : data.description[n]);
        for (const [table, name] of columns) said.append(said.firstChild ? ", " : "column ", ...foundAt(n, table, name));
        item.append(said);
        return item;
      }),
    );
    const words = field.value.trim(), also = words ? ranked(otherTexts, words).slice(0, 20) : [];
    document.getElementById("others-part").hidden = !also.length;
    document.getElementById("others").replaceChildren(...also.map((n) => {
      const [kind, name, page, going, about] = data.others[n], item = document.createElement("li"), link = make("a", name);
      link.href = page;
      item.append(`${kind} `, link, " ", make("span", about, "of"));
      if (going) item.append(" ", make("span", going, "state ends"));
      return item;
    }));
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
