// All values of the form in its order, with what was said of each; rows that people added or took out.
import { h } from "./vendor/preact.mjs";
import htm from "./vendor/htm.mjs";
import { cellName, columnName, label, moneyColumn, said, word } from "./names.mjs";
import { addRow, finish, jump } from "./review.mjs";
import { holds, isRows, item, keysOf, sample, set, standing, state, t, unseen } from "./state.mjs";
import { shown } from "./value.mjs";

const html = htm.bind(h);
const MARKS = { accepted: "✓", corrected: "✎", unreadable: "?", wrong_at_source: "✗" };
const mark = (v) => (!v.look ? "" : v.standing === "stale" ? "!" : MARKS[v.look.verdict]);

function Leaf({ v, name, depth = 0 }) {
  const now = v.pointer === item()?.pointer;
  const cls = `leaf ${now ? "now" : ""} ${v.findings.length ? "doubt" : ""} ${holds(v) ? v.look.verdict : ""}`;
  return html`<button type="button" class=${cls} aria-current=${now ? "true" : undefined} style=${{ paddingLeft: `${0.6 + depth}em` }} onClick=${() => jump(v.pointer)}>
    <span class="name">${name}</span><span class="what">${shown(said(v, standing(v)))}${isRows(v.pointer) ? " " + t("rows") : ""}</span><span class="mark">${mark(v)}</span></button>`;
}

function rowed(list) {
  const rows = new Map();
  for (const v of list) { const k = keysOf(v.pointer)[1] ?? ""; rows.set(k, [...(rows.get(k) ?? []), v]); }
  return [...rows];
}

const addedBefore = (of, row) => state.form.rows.filter((r) => r.value !== null && r.pointer.startsWith(`/${of}/${row}+`) && r.standing !== "stale");

function Added({ of, row }) {
  return addedBefore(of, row).map((r) => html`<div class="row added" key=${r.pointer}><span>＋ ${r.value.level3 ?? r.value.name ?? (r.value.path ?? []).join(" › ")}</span>
    <small>${t("addedBy", r.look.who)}</small></div>`);
}

function Adding({ of, before }) {
  const { adding } = state;
  if (!adding || adding.of !== of || adding.before !== before) return null;
  const cells = state.form.cells[of];
  return html`<form class="edit adding" onSubmit=${(e) => { e.preventDefault(); addRow(of, before, Object.fromEntries(new FormData(e.target))); }}>
    ${cells.map((role, n) => html`<label key=${role}>${columnName(role)} ${role === "path" ? html`<textarea name=${role} rows="2"></textarea>`
      : role === "side" ? html`<select name="side"><option value="income">${word("side", "income")}</option><option value="expenditure">${word("side", "expenditure")}</option></select>`
      : html`<input name=${role} id=${n ? undefined : "newrow"} value=${adding.from[role] ?? ""} />`}</label>`)}
    <div class="acts"><button type="submit" class="good">${t("saveButton")}</button><button type="button" onClick=${() => set({ adding: null })}>${t("cancel")}</button></div></form>`;
}

// A new row begins with the levels of the one above it.
export function begin(of, row) {
  const at = (key) => state.form.byPointer.get(`/${of}/${row}/${key}`)?.value ?? "";
  const line = state.form.byPointer.get(`/${of}/${row}/amount`)?.line;
  const from = of === "indicators" ? { level1: at("level1"), level2: at("level2") } : of === "funds" ? { column: line?.column ?? "" } : {};
  set({ adding: { of, before: row + 1, from } });
  document.getElementById("newrow")?.focus();
}

function RowActs({ of, row }) {
  if (sample) return null;
  return html`<div class="rowacts"><button type="button" onClick=${() => begin(of, row)}>＋ ${t("addRow")}</button></div>`;
}

function Row({ of, row, values, name, open }) {
  const gone = state.form.gone.has(`/${of}/${row}`);
  const doubts = values.filter((v) => v.findings.length && !holds(v)).length, seen = values.filter(holds).length;
  return html`<${Added} of=${of} row=${row} /><details open=${open} class=${gone ? "row gone" : "row"} key=${row}><summary><span>${name}</span>
    <small>${gone ? t("takenOut") : html`${doubts ? `⚑ ${doubts} ` : ""}${seen}/${values.length}`}</small></summary>
    ${!gone && values.map((v) => html`<${Leaf} key=${v.pointer} v=${v} name=${v.line ? (v.pointer.endsWith("amount") ? moneyColumn(v.line.column) : cellName(keysOf(v.pointer).slice(2))) : cellName(keysOf(v.pointer).slice(2))} depth=${1} />`)}
    <${RowActs} of=${of} row=${Number(row)} /></details><${Adding} of=${of} before=${Number(row) + 1} />`;
}

function List({ of, values }) {
  const own = (row, key) => values.find((v) => v.pointer === `/${of}/${row}/${key}`)?.value;
  const count = values.find((v) => v.pointer === `/${of}`)?.value ?? 0;
  const now = keysOf(item()?.pointer ?? "/");
  let before = "";
  const rows = rowed(values).map(([row, some]) => {
    if (row === "") return some.map((v) => html`<${Leaf} key=${v.pointer} v=${v} name=${t("count")} />`);
    const open = now[0] === of && now[1] === row;
    if (of === "funds") {
      const money = some.find((v) => v.pointer.endsWith("/amount")) ?? some[0];
      return html`<${Row} of=${of} row=${row} values=${some} open=${open} name=${html`${money.line.path.join(" › ")} · ${moneyColumn(money.line.column)} <b>${shown(standing(money))}</b>`} />`;
    }
    const levels = of === "indicators" ? ["level1", "level2"].map((k) => own(row, k)).filter(Boolean).join(" › ") : "";
    const head = levels && levels !== before && html`<div class="levels">${levels}</div>`;
    before = levels || before;
    return html`${head}<${Row} of=${of} row=${row} values=${some} open=${open} name=${`${Number(row) + 1}. ${own(row, "level3") ?? own(row, "name") ?? "—"}`} />`;
  });
  return html`${rows}<${Added} of=${of} row=${count} />`;
}

// How much of the form is left, and the golden that it becomes when nothing is.
export function Finish() {
  const left = unseen().length;
  const finished = state.form.golden ? html`<em class="chip whole">${t("isGolden")}</em>` : left ? html`<small>${t("leftInForm", left, state.form.values.length)}</small>` : "";
  return html`<div class="finish">${finished}
    ${!left && !sample && html`<button type="button" id="finish" class="good" onClick=${() => finish(state.form.golden)}>${t(state.form.golden ? "goldenAgain" : "makeGolden")}</button>`}</div>`;
}

export function Tree() {
  const groups = { head: [], fields: [], choices: [], tasks: [], funds: [], indicators: [] };
  for (const v of state.form.values) (groups[keysOf(v.pointer)[0]] ?? groups.head).push(v);
  return html`<div class="tree" tabindex="0" aria-label=${t("values")}><${Finish} />
    ${Object.entries(groups).filter(([, list]) => list.length).map(([name, list]) => html`<section key=${name}><h3>${t(name)}</h3>
      ${["indicators", "funds", "tasks"].includes(name) ? html`<${List} of=${name} values=${list} />` : list.map((v) => html`<${Leaf} key=${v.pointer} v=${v} name=${label(v)} />`)}</section>`)}</div>`;
}
