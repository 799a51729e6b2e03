// Asking for a product: what a choice gives and who approves it was worked out when the site was made (data-asked).
"use strict";
(() => {
  const form = document.getElementById("ask"), asked = JSON.parse(form.dataset.asked);
  const at = (id) => document.getElementById(id);
  const { readers, taken, center } = globalThis.meshformData;
  const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/;

  for (const [consumer, principals] of readers) {
    for (const principal of principals) at("who-known").append(new Option("", `${consumer}/${principal}`));
  }

  const choice = (type, name, value, text) => {
    const label = document.createElement("label"), input = document.createElement("input");
    Object.assign(input, { type, name, value });
    label.className = "choice";
    label.append(input, ` ${text}`);
    return label;
  };
  const s = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

  const columns = asked.columns.map(([table, column, label]) => ({ table, column, label, name: `${table}.${column}` }));
  const valuesUpTo = (label) => asked.levels.slice(0, asked.levels.indexOf(label) + 1);
  // What is suspended nobody gets, and who is suspended gets nothing.
  const held = new Set(asked.held), suspended = new Set(asked.suspended);
  const given = (some) => some.filter(({ name }) => !held.has(name));
  const columnsUpTo = (label) => given(columns.filter((each) => valuesUpTo(label).includes(each.label)));

  for (const [label] of asked.offers) {
    at("levels").append(choice("radio", "how", label, `up to ${label}: ${s(columnsUpTo(label).length, "column")}`));
  }
  columns.forEach((each, number) => {
    at("picked").append(choice("checkbox", "column", String(number), `${each.name} (${each.label || "not classified"}${held.has(each.name) ? ", suspended: nobody gets it" : ""})`));
  });
  // The page of a column leads here with its name.
  const wanted = new Set(new URLSearchParams(location.search).getAll("column"));
  for (const box of form.querySelectorAll("input[name=column]")) box.checked = wanted.has(columns[box.value].name);
  const named = form.querySelector("input[name=column]:checked");
  (form.querySelector(named ? "input[name=how][value='']" : "input[name=how]") ?? {}).checked = true;

  // What is chosen: { columns, approvers, part } where part is what the document says of it.
  const chosen = () => {
    const how = form.querySelector("input[name=how]:checked")?.value ?? "";
    if (how) {
      const [, approvers] = asked.offers.find(([label]) => label === how), values = valuesUpTo(how);
      return { columns: columnsUpTo(how).map(({ name }) => name), approvers, part: `clearance:\n  ${text(asked.key)}:\n${values.map((each) => `  - ${text(each)}\n`).join("")}` };
    }
    const boxes = [...form.querySelectorAll("input[name=column]:checked")], tables = new Map();
    const picked = boxes.map((box) => columns[box.value]);
    for (const { table, column } of picked) tables.set(table, [...(tables.get(table) ?? []), column]);
    const rows = at("rows").value.trim(), where = rows ? `  rows: ${JSON.stringify(rows)}\n` : "";
    const parts = [...tables].map(([table, of]) => `- name: ${text(table)}\n  columns:\n${of.map((each) => `  - ${text(each)}\n`).join("")}${where}`);
    const rank = (each) => (each.label ? asked.levels.indexOf(each.label) : -1);
    const worst = picked.reduce((best, each) => (best && rank(best) >= rank(each) ? best : each), null);
    return { columns: given(picked).map(({ name }) => name), rows, approvers: worst ? asked.approvers[worst.label] : [], part: `tables:\n${parts.join("")}` };
  };

  // Names of subscriptions are unique in the mesh.
  const free = (name, number = 2) => {
    if (!taken.includes(name)) return name;
    while (taken.includes(`${name.slice(0, 46)}-${number}`)) number += 1;
    return `${name.slice(0, 46)}-${number}`;
  };

  // JSON's strings are YAML's, in double quotes.
  const text = (value) => (slug.test(value) && !/^[0-9]|^(y|n|yes|no|on|off|true|false|null)$/.test(value) ? value : JSON.stringify(value));

  // Who is written, with commas between, and who is ticked below. A consumer alone is one whose principals are ticked.
  const written = () => at("who").value.split(",").map((each) => each.trim()).filter(Boolean);
  const whom = () => {
    const ticked = [...at("also").querySelectorAll("input:checked")].map(({ value }) => value);
    return [...new Set([...written().filter((each) => each.includes("/")), ...ticked])];
  };
  // The other principals of the consumer that is written, to tick; those that are ticked stay so.
  const showOthers = () => {
    const said = written(), ticked = whom(), consumer = said[0]?.split("/")[0];
    const all = (readers.find(([name]) => name === consumer)?.[1] ?? []).map((each) => `${consumer}/${each}`);
    const others = all.filter((each) => !said.includes(each)), boxes = [...at("also").querySelectorAll("input")];
    at("also-part").hidden = !others.length;
    if (others.join() === boxes.map(({ value }) => value).join()) return;
    at("also").replaceChildren(...others.map((each) => choice("checkbox", "also", each, each)));
    for (const box of at("also").querySelectorAll("input")) box.checked = ticked.includes(box.value);
  };

  const made = () => {
    const { columns, rows, approvers, part } = chosen(), who = whom(), consumer = (who[0] ?? written()[0] ?? "").split("/")[0];
    const principals = who.map((each) => each.slice(each.indexOf("/") + 1)), principal = principals[0];
    const why = at("why").value.trim(), until = at("until").value;
    const known = readers.find(([name]) => name === consumer)?.[1] ?? [], unknown = principals.find((each) => !known.includes(each));
    const wrong =
      [...written(), ...who].some((each) => each.split("/")[0] !== consumer) ? "One request is of one consumer: leave out those of others."
      : !slug.test(consumer) || !principals.length || principals.some((each) => !each || each.includes("/")) ? "Say who reads, as consumer/principal."
      : readers.length && unknown !== undefined ? `The mesh knows no reader ${consumer}/${unknown}.`
      : who.every((each) => suspended.has(each)) ? `${who.join(" and ")} ${who.length > 1 ? "are" : "is"} suspended: nothing is given until that is over.`
      : !columns.length ? held.size ? "Choose columns that are not suspended." : "Choose columns."
      : !why ? "Say what for."
      : until && until < form.dataset.today ? "The last day is over already." : "";
    const name = free(`${asked.product.split("/")[1]}-${principal}`.slice(0, 50).replace(/-$/, ""));
    const path = `consumers/${consumer}/subscriptions/${name}.yaml`;
    const yaml =
      `apiVersion: meshform/v1\nkind: Subscription\nname: ${text(name)}\nconsumer: ${text(consumer)}\n` +
      `product: ${asked.product}\n${part}principals:\n${principals.map((each) => `- ${text(each)}\n`).join("")}purpose: ${JSON.stringify(why)}\n${until ? `expires: ${until}\n` : ""}`;
    return { who, columns, rows, approvers, wrong, path, yaml };
  };

  const show = () => {
    showOthers();
    const { who, columns, rows, approvers, wrong, path, yaml } = made(), link = at("open"), none = who.filter((each) => suspended.has(each));
    // To whom only IAM Identity Center knows, Lake Formation supports no grants across accounts.
    const perhaps = who.filter((each) => !suspended.has(each) && Object.hasOwn(center, each) && center[each] !== asked.account);
    const unsure = perhaps.length ? `; whether ${perhaps.join(" and ")} get${perhaps.length > 1 ? "" : "s"} it is not known: Lake Formation supports nobody of IAM Identity Center across accounts` : "";
    at("picked-part").hidden = form.querySelector("input[name=how]:checked")?.value !== "";
    const asks = approvers.length ? `${approvers.join(" and ")} must approve it` : "nobody has to approve it";
    const each = who.length - none.length > 1 ? " each of them" : "", but = none.length ? `; nothing to ${none.join(" and ")} while suspended` : "";
    at("gives").textContent = columns.length && !(who.length && none.length === who.length) ? `That gives${each} ${s(columns.length, "column")}: ${columns.join(", ")}${rows ? `, of the rows where ${rows}` : ""}${but}${unsure}; ${asks}.` : "";
    at("wrong").textContent = form.dataset.tried ? wrong : "";
    at("path").textContent = wrong ? "" : path;
    at("yaml").textContent = wrong ? "" : yaml;
    link.hidden = !asked.newFile;
    link.setAttribute("aria-disabled", wrong ? "true" : "false");
    if (wrong) link.removeAttribute("href");
    else link.href = asked.newFile.replace("{path}", encodeURIComponent(path)).replace("{text}", encodeURIComponent(yaml));
    link.tabIndex = 0;
    return wrong;
  };

  const tried = () => {
    form.dataset.tried = "yes";
    return show();
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => { event.preventDefault(); if (!tried()) at("open").click(); });
  at("open").addEventListener("click", (event) => { if (tried()) event.preventDefault(); });
  at("copy").addEventListener("click", async () => {
    if (tried()) return;
    try { await navigator.clipboard.writeText(made().yaml); at("copied").textContent = "Copied."; }
    catch { at("copied").textContent = "Copy it from the document below."; form.querySelector("details").open = true; }
  });
  show();
})();
