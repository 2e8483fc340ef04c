// The opening page: all forms with what is doubtful of them, how far they were looked at and by whom.
import { h } from "./vendor/preact.mjs";
import htm from "./vendor/htm.mjs";
import { ask } from "./api.mjs";
import { address, link, query } from "./address.mjs";
import { word } from "./names.mjs";
import { set, state, t } from "./state.mjs";

const html = htm.bind(h);
const FACETS = ["state", "family", "kind", "year", "reader", "rule", "reviewer"];
const FEW = 8; // values of a facet that are listed before somebody asks for more
const SORTS = ["risk", "left", "file", "year", "looked"];
let asking = 0;

export async function loadArchive(page = 1) {
  const mine = ++asking;
  set({ view: "archive", form: null, items: [] });
  const { ok, body } = await ask(`/api/forms?${query({ ...state.filters, sort: state.sort, page })}`);
  if (mine !== asking || state.view !== "archive") return;
  set(ok ? { list: body, said: "" } : { said: body.error });
}

export function filter(changes) {
  const filters = Object.fromEntries(Object.entries({ ...state.filters, ...changes }).filter(([, v]) => v));
  set({ filters });
  address(true);
  loadArchive();
}

let typing;
function search(event) {
  const q = event.target.value;
  clearTimeout(typing);
  typing = setTimeout(() => filter({ q }), 200);
}

const told = (facet, value) => (facet === "state" ? t(`state.${value}`) : word(facet, value));

function Facet({ name }) {
  const values = state.list.facets[name];
  const chosen = state.filters[name];
  if (!values.length && !chosen) return null;
  const row = ([value, count]) => html`<li key=${value}><a href=${link({ [name]: value === chosen ? "" : value, view: "archive", page: "" })}
    class=${value === chosen ? "chosen" : ""} aria-current=${value === chosen ? "true" : undefined}
    onClick=${(e) => { e.preventDefault(); filter({ [name]: value === chosen ? "" : value }); }}>
    <span>${told(name, value)}</span><small>${count}</small></a></li>`;
  const [few, more] = [values.slice(0, FEW), values.slice(FEW)];
  return html`<section><h3>${t(`facet.${name}`)}</h3><ul>${few.map(row)}</ul>
    ${more.length > 0 && html`<details><summary>${t("more", more.length)}</summary><ul>${more.map(row)}</ul></details>`}</section>`;
}

function Chips() {
  const set = Object.entries(state.filters);
  if (!set.length) return null;
  return html`<div class="chosenfilters">${set.map(([name, value]) => html`<button type="button" key=${name} onClick=${() => filter({ [name]: "" })}>
    ${t(`facet.${name}`)}: ${told(name, value)} <b aria-hidden="true">×</b><span class="aside">${t("takeOff")}</span></button>`)}</div>`;
}

function Row({ row }) {
  const done = row.doubtful - row.left;
  const share = row.doubtful ? Math.round((100 * done) / row.doubtful) : 100;
  const names = [row.unit, row.project].filter(Boolean);
  return html`<tr>
    <td><a href=${link({ view: "form", form: row.form, sort: "", page: "" })}><b>${row.title ?? t("untitled")}</b></a>
      <small>${names.join(" · ")}</small><small class="path">${row.file}${row.form_index ? ` #${row.form_index}` : ""}</small></td>
    <td>${row.year ?? "—"}</td><td>${told("family", row.family)}<small>${told("kind", row.kind)} · ${told("reader", row.reader)}</small></td>
    <td class="num">${row.doubtful ? html`<b class=${row.left ? "some" : ""}>${row.left}</b>/${row.doubtful}` : "—"}
      ${row.doubtful > 0 && html`<progress max="100" value=${share} aria-label=${t("progress", share)}></progress>`}</td>
    <td>${row.people.join("、") || "—"}${row.holder && row.holder !== state.who && html`<small>${t("with", row.holder)}</small>`}</td>
    <td><em class=${`chip ${row.state}`}>${t(`state.${row.state}`)}</em></td></tr>`;
}

export function Archive() {
  const { list } = state;
  if (!list) return html`<div class="notice">${t("waiting")}</div>`;
  const { counts, rows, page, pages } = list;
  const done = counts.doubtful - counts.left;
  return html`<div class="archive"><aside><details open=${innerWidth > 800}><summary>${t("filters")}</summary>${FACETS.map((name) => html`<${Facet} key=${name} name=${name} />`)}</details></aside>
    <div class="list" tabindex="0"><div class="head"><input type="search" id="search" placeholder=${t("search")} aria-label=${t("search")} value=${state.filters.q ?? ""} onInput=${search} />
      <label>${t("sort")} <select value=${state.sort} onChange=${(e) => { set({ sort: e.target.value }); address(true); loadArchive(); }}>
        ${SORTS.map((name) => html`<option value=${name}>${t(`sort.${name}`)}</option>`)}</select></label>
      <a class="button good" id="start" href=${link({ view: "queue", sort: "", page: "" })}>${t("start", counts.left)}</a></div>
      <${Chips} />
      <p class="sum">${t("sum", counts.forms, counts.files, counts.left, counts.doubtful)}
        <progress max=${counts.doubtful || 1} value=${counts.doubtful ? done : 1} aria-label=${t("progress", counts.doubtful ? Math.round((100 * done) / counts.doubtful) : 100)}></progress></p>
      <table><thead><tr>${["formName", "year", "facet.family", "doubts", "people", "facet.state"].map((key) => html`<th>${t(key)}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<${Row} key=${row.form} row=${row} />`)}</tbody></table>
      ${!rows.length && html`<p class="notice">${t("noForms")}</p>`}
      ${pages > 1 && html`<nav aria-label=${t("pages")}><button type="button" disabled=${page < 2} onClick=${() => loadArchive(page - 1)}>‹</button>
        ${page} / ${pages} <button type="button" disabled=${page >= pages} onClick=${() => loadArchive(page + 1)}>›</button></nav>`}</div></div>`;
}
