// The review page. Every text of a filing is put in as text by preact; nothing is ever parsed as HTML.
import { h, render } from "./vendor/preact.mjs";
import htm from "./vendor/htm.mjs";
import { TEXTS } from "./texts.mjs";

const html = htm.bind(h);
const meta = (name) => document.querySelector(`meta[name=${name}]`).content;
const kept = (name, otherwise) => localStorage.getItem("jixiao." + name) ?? otherwise;
const dark = matchMedia("(prefers-color-scheme: dark)").matches;

const state = {
  items: [], at: 0, form: null, page: null, lines: null, zoom: 1, editing: false, text: "", why: "", said: "", conflict: null,
  mode: "queue", busy: false, loading: false, wanted: null,
  lang: kept("lang", navigator.language.startsWith("zh") ? "zh" : "en"),
  theme: kept("theme", dark ? "dark" : "light"),
  who: kept("who", "") || meta("by"),
};
const t = (key) => TEXTS[state.lang][key] ?? key;
const item = () => state.items[state.at];
const loaded = () => state.form?.form === item()?.form; // between two forms there is no value that a key could mean
const value = () => loaded() ? state.form?.values.find((v) => v.pointer === item()?.pointer) : undefined;
// a verdict is about ink that is seen: none is given before the value's own page is drawn
const ready = () => !state.loading && (!state.wanted || state.page?.url === state.wanted);
const last = (v) => v?.looks[v.looks.length - 1];

function set(changes) {
  Object.assign(state, changes);
  document.documentElement.dataset.theme = state.theme;
  document.documentElement.lang = state.lang;
  render(html`<${App} />`, document.getElementById("app"));
}

async function ask(url, options) {
  const answer = await fetch(url, options);
  const body = await answer.json();
  return { ok: answer.ok, status: answer.status, body };
}

async function loadQueue(mode = "queue") {
  const url = mode === "form" ? `/api/forms/${state.form.form}/queue` : "/api/queue";
  const { ok, body } = await ask(url);
  if (!ok) return set({ said: body.error });
  set({ items: body, at: 0, mode, said: "" });
  await show(0);
}

async function show(at, again = false) {
  const wanted = state.items[at];
  set({ at, editing: false, conflict: null, text: "", why: "", loading: !!wanted, wanted: null });
  if (!wanted) return;
  if (again || state.form?.form !== wanted.form) {
    const { ok, body } = await ask(`/api/forms/${wanted.form}`);
    if (item() !== wanted) return; // somebody went on meanwhile
    if (!ok) return set({ form: null, loading: false, said: body.error });
    set({ form: body });
  }
  await showPlace();
  ahead(at);
  document.querySelector(".leaf.now")?.scrollIntoView({ block: "nearest" });
}

async function showPlace() {
  const place = value()?.origin;
  const form = state.form;
  if (!place || form.missing) return set({ page: null, lines: null, loading: false });
  if (place.line && form.source.reader === "dump") {
    const near = state.lines;
    if (!near || near.form !== form.form || place.line < near.first || place.line >= near.first + near.lines.length) {
      const { ok, body } = await ask(`/api/forms/${form.form}/lines/${place.line}`);
      if (!ok) return set({ said: body.error, page: null, lines: null, loading: false });
      if (state.form !== form || value()?.origin !== place) return;
      set({ lines: { ...body, form: form.form }, page: null, loading: false });
    } else set({ page: null, loading: false });
    document.querySelector(".line.now")?.scrollIntoView({ block: "center" });
    return;
  }
  if (!place.page) return set({ page: null, lines: null, loading: false });
  const url = `/api/forms/${form.form}/pages/${place.page}`;
  set({ wanted: url });
  if (state.page?.url !== url) {
    const page = await picture(url, place.page);
    if (state.form !== form || value()?.origin !== place) return;
    if (page.error) return set({ page: null, lines: null, loading: false, wanted: null, said: page.error });
    set({ page, lines: null });
  }
  set({ loading: false });
  light();
}

const PICTURES = 12; // pages that are kept, so that going back or on waits for nothing
const pictures = new Map();

// A page's picture, decoded before it is shown: what is on the screen is always the page that its boxes are of.
function picture(url, number) {
  if (!pictures.has(url)) {
    pictures.set(url, load(url, number));
    if (pictures.size > PICTURES) {
      const [oldest, page] = pictures.entries().next().value;
      pictures.delete(oldest);
      page.then((p) => p.src && p.url !== state.page?.url && URL.revokeObjectURL(p.src));
    }
  }
  return pictures.get(url);
}

async function load(url, number) {
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error((await answer.json()).error);
    const width = Number(answer.headers.get("X-Page-Width"));
    const height = Number(answer.headers.get("X-Page-Height"));
    const src = URL.createObjectURL(await answer.blob());
    const image = new Image();
    image.src = src;
    await image.decode();
    return { url, src, width, height, number };
  } catch (error) {
    pictures.delete(url); // it is asked for again the next time
    return { error: error.message };
  }
}

// Fetch what the next values stand on while somebody looks at this one.
const AHEAD = 3;
async function ahead(at) {
  const forms = new Map([[state.form?.form, state.form]]);
  for (const next of state.items.slice(at + 1, at + 1 + AHEAD)) {
    if (!forms.has(next.form)) {
      const { ok, body } = await ask(`/api/forms/${next.form}`);
      forms.set(next.form, ok ? body : null);
    }
    if (state.at !== at) return;
    const form = forms.get(next.form);
    const page = form?.missing ? null : form?.values.find((v) => v.pointer === next.pointer)?.origin?.page;
    if (page && form.source.reader !== "dump") await picture(`/api/forms/${next.form}/pages/${page}`, page);
  }
}

function light() {
  const lit = document.querySelector(".box.now");
  const pane = document.querySelector(".paper");
  if (!lit || !pane) return;
  const a = lit.getBoundingClientRect(), b = pane.getBoundingClientRect();
  if (a.top < b.top + 40 || a.bottom > b.bottom - 40) pane.scrollTop += a.top - b.top - b.height / 3;
  if (a.left < b.left || a.right > b.right) pane.scrollLeft += a.left - b.left - b.width / 3;
}

function step(by) {
  const at = state.at + by;
  if (at < 0 || at > state.items.length) return;
  show(at);
}

async function post(verdict, text = null, seen = null) {
  const v = value();
  if (!v || state.busy) return;
  if (!ready()) return;
  set({ busy: true, said: "" });
  const body = {
    form: state.form.form, pointer: v.pointer, verdict, value: v.value, text, why: state.why || null, who: state.who,
    seen: seen ?? last(v)?.id ?? 0,
  };
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": meta("csrf") };
  try {
    const answer = await ask("/api/looks", { method: "POST", headers, body: JSON.stringify(body) });
    state.busy = false;
    if (answer.ok) {
      v.looks.push(answer.body);
      v.standing = "holds";
      return step(1);
    }
    if (answer.body.last) return set({ conflict: { verdict, text, last: answer.body.last } });
    if (answer.body.changed) return await show(state.at, true), set({ said: t("changed") });
    set({ said: answer.body.error });
  } catch (error) {
    set({ busy: false, said: String(error) });
  }
}

function edit() {
  const v = value();
  if (!v) return;
  const now = last(v)?.new ? JSON.parse(last(v).new) : v.value;
  set({ editing: true, text: now === null ? "" : Array.isArray(now) ? now.join("\n") : String(now) });
  const input = document.getElementById("typed");
  input.focus();
  input.select();
}

function settle(again) {
  const c = state.conflict;
  set({ conflict: null });
  if (again) return post(c.verdict, c.text, c.last.id);
  show(state.at, true);
}

const KEYS = {
  a: () => post("accepted"), c: edit, u: () => post("unreadable"), w: () => post("wrong_at_source"),
  b: () => step(-1), n: () => step(1), ArrowLeft: () => step(-1), ArrowRight: () => step(1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea")) {
    if (event.key === "Escape") { event.target.blur(); set({ editing: false }); }
    if (event.key === "Enter" && !event.shiftKey && state.editing && event.target.closest(".edit")) {
      event.preventDefault();
      event.target.blur();
      post("corrected", state.text);
    }
    return;
  }
  if (state.conflict) {
    if (event.key === "Enter") { event.preventDefault(); settle(true); }
    if (event.key === "Escape") settle(false);
    return;
  }
  if (event.key === "+" || event.key === "=") return zoom(1.25);
  if (event.key === "-") return zoom(0.8);
  if (event.key === "0") return set({ zoom: 1 });
  if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); }
});

const zoom = (by) => { set({ zoom: Math.min(6, Math.max(0.5, state.zoom * by)) }); light(); };

function pan(event) {
  const pane = event.currentTarget;
  if (event.button || event.target.closest("rect.box:not(.now)")) return;
  const from = [event.clientX, event.clientY, pane.scrollLeft, pane.scrollTop];
  const move = (e) => { pane.scrollLeft = from[2] - (e.clientX - from[0]); pane.scrollTop = from[3] - (e.clientY - from[1]); };
  const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
}

function jump(pointer) {
  const found = state.items.findIndex((i) => i.form === state.form.form && i.pointer === pointer);
  if (found >= 0) return show(found);
  const items = [...state.items];
  items.splice(state.at + 1, 0, { form: state.form.form, pointer, risk: 0, why: "form" });
  set({ items });
  show(state.at + 1);
}

const shown = (v) => v === null ? html`<i class="blank">${t("blank")}</i>`
  : Array.isArray(v) ? (v.length ? v.join(" · ") : html`<i class="blank">${t("none")}</i>`) : String(v);
const bare = (text) => String(text).replace(/\s/g, "");
const LONG = 60; // characters from which a value is set as prose
const isRows = (v) => ["/funds", "/indicators", "/tasks"].includes(v.pointer);
const said = (v) => last(v)?.new ? JSON.parse(last(v).new) : v.value;

function spot(place) {
  if (place.sheet) return `${t("sheet")} ${place.sheet} · ${t("row")} ${place.line}, ${t("column")} ${place.column}`;
  if (place.page) return `${t("page")} ${place.page}`;
  return place.line ? `${t("line")} ${place.line}${place.column ? `:${place.column}` : ""}` : "";
}

function Paper() {
  const { page, lines, form } = state;
  const place = value()?.origin;
  if (!loaded()) return null;
  if (form?.missing) return html`<div class="notice">${t("missing")}<small>${form.missing}</small></div>`;
  if (lines && place?.line) return html`<div class="dump">${lines.lines.map((text, i) => {
    const number = lines.first + i;
    const now = number === place.line;
    if (!place.column) return html`<div class=${now ? "line now" : "line"} key=${number}><b>${number}</b><code>${text}</code></div>`;
    const from = place.column - 1, to = from + Math.max(1, text.startsWith(place.raw ?? "", from) ? (place.raw ?? "").length : 1);
    return html`<div class=${now ? "line now" : "line"} key=${number}><b>${number}</b><code>${
      now ? html`${text.slice(0, from)}<mark>${text.slice(from, to)}</mark>${text.slice(to)}` : text}</code></div>`;
  })}</div>`;
  if (place && !place.page && spot(place)) return html`<div class="notice">${spot(place)}<small>${place.raw}</small></div>`;
  if (state.loading || (state.wanted && page?.url !== state.wanted)) return html`<div class="notice">${t("waiting")}</div>`;
  if (!page || !place) return html`<div class="notice">${t("noPage")}</div>`;
  const boxes = form.values.filter((v) => v.origin?.page === page.number && v.origin.box);
  const rect = (v, cls) => {
    const [x, y, r, b] = v.origin.box;
    return html`<rect class=${cls} key=${cls + v.pointer} x=${x - 2} y=${y - 2} width=${r - x + 4} height=${b - y + 4} rx="1.5"
      onClick=${() => jump(v.pointer)}><title>${label(v)}</title></rect>`;
  };
  return html`<div class="sheet" style=${{ width: `${state.zoom * 100}%` }}>
    <img key=${page.url} src=${page.src} alt="" draggable=${false} />
    <svg viewBox=${`0 0 ${page.width} ${page.height}`}>
      ${boxes.map((v) => rect(v, `box ${v.findings.length ? "doubt" : ""} ${last(v) ? "seen" : ""}`))}
      ${value()?.origin?.box && rect(value(), "box now")}
    </svg></div>`;
}

const keysOf = (pointer) => pointer.split("/").slice(1).map((k) => k.replaceAll("~1", "/").replaceAll("~0", "~"));
function label(v) {
  const keys = keysOf(v.pointer);
  if (v.line) return `${v.line.path.join(" › ")} · ${v.line.column}${keys[2] === "amount" ? "" : " · " + keys.slice(2).join(".")}`;
  if (keys.length === 1) return keys[0];
  return keys[0] === "indicators" || keys[0] === "tasks" ? `${Number(keys[1]) + 1} · ${keys.slice(2).join(".")}` : keys.slice(1).join(".");
}

function Leaf({ v, name, depth = 0 }) {
  const mark = last(v) ? (v.standing === "stale" ? "!" : { accepted: "✓", corrected: "✎", unreadable: "?", wrong_at_source: "✗" }[last(v).verdict]) : "";
  const cls = `leaf ${v.pointer === item()?.pointer ? "now" : ""} ${v.findings.length ? "doubt" : ""} ${last(v)?.verdict ?? ""}`;
  return html`<button type="button" class=${cls} style=${{ paddingLeft: `${0.6 + depth}em` }} onClick=${() => jump(v.pointer)}>
    <span class="name">${name}</span><span class="what">${shown(said(v))}${isRows(v) ? " " + t("rows") : ""}</span><span class="mark">${mark}</span></button>`;
}

function Tree() {
  const groups = { head: [], fields: [], choices: [], tasks: [], funds: [], indicators: [] };
  for (const v of state.form.values) (groups[keysOf(v.pointer)[0]] ?? groups.head).push(v);
  const rowed = (list) => {
    const rows = new Map();
    for (const v of list) { const k = keysOf(v.pointer)[1] ?? ""; rows.set(k, [...(rows.get(k) ?? []), v]); }
    return [...rows];
  };
  const title = (values, row, key) => values.find((v) => v.pointer === `/indicators/${row}/${key}`)?.value;
  let before = "";
  const indicator = ([row, values]) => {
    if (row === "") return values.map((v) => html`<${Leaf} v=${v} name=${t("indicators")} />`);
    const levels = ["level1", "level2"].map((k) => title(values, row, k)).filter(Boolean).join(" › ");
    const head = levels !== before && html`<div class="levels">${levels}</div>`;
    before = levels;
    const open = values.some((v) => v.pointer === item()?.pointer);
    const doubts = values.filter((v) => v.findings.length).length, seen = values.filter(last).length;
    return html`${head}<details open=${open} class="row"><summary><span>${Number(row) + 1}. ${title(values, row, "level3") ?? "—"}</span>
      <small>${doubts ? `⚑ ${doubts} ` : ""}${seen}/${values.length}</small></summary>
      ${values.map((v) => html`<${Leaf} key=${v.pointer} v=${v} name=${keysOf(v.pointer).slice(2).join(".")} depth=${1} />`)}</details>`;
  };
  const fund = ([row, values]) => values.map((v) => {
    const kind = keysOf(v.pointer)[2];
    if (!v.line) return html`<${Leaf} v=${v} name=${t("funds")} />`;
    const now = v.pointer === item()?.pointer;
    if (kind !== "amount" && !now) return null;
    const name = kind === "amount" ? `${v.line.path.at(-1)} · ${v.line.column}` : `${v.line.path.at(-1)} · ${kind}`;
    return html`<${Leaf} key=${v.pointer} v=${v} name=${name} depth=${v.line.path.length - 1} />`;
  });
  return html`<div class="tree">${Object.entries(groups).filter(([, list]) => list.length).map(([name, list]) => html`
    <section key=${name}><h3>${t(name)}</h3>${name === "indicators" ? rowed(list).map(indicator)
      : name === "funds" ? rowed(list).map(fund) : list.map((v) => html`<${Leaf} key=${v.pointer} v=${v} name=${label(v)} />`)}</section>`)}</div>`;
}

function Current() {
  const v = value();
  if (!v) return null;
  const o = v.origin ?? {};
  const look = last(v);
  const seen = v.looks.length > 0;
  return html`<div class="current">
    <div class="where"><span>${label(v)}</span><span class="chips">
      <em class=${"chip " + (item().why)}>${item().why === "risk" ? `${t("risk")} ${item().risk.toFixed(2)}` : t(item().why)}</em></span></div>
    ${v.standing === "stale" && html`<p class="warn">${t("stale")}</p>`}
    <div class=${String(said(v) ?? "").length > LONG ? "value long" : "value"}>${shown(said(v))}${isRows(v) ? " " + t("rows") : ""}</div>
    ${state.editing && html`<div class="edit"><textarea id="typed" rows=${Array.isArray(v.value) ? 4 : 2} aria-label=${t("typing")} value=${state.text}
      onInput=${(e) => set({ text: e.target.value })}></textarea>
      <input id="why" placeholder=${t("why")} value=${state.why} onInput=${(e) => set({ why: e.target.value })} />
      <small>${t("save")}${Array.isArray(v.value) ? ` (${t("list")}: Shift+Enter)` : ""}</small></div>`}
    <dl>
      ${seen && look.new !== null && html`<dt>${t("reading")}</dt><dd>${shown(v.value)}</dd>`}
      ${o.raw != null && !(o.raw.length > LONG && bare(o.raw) === bare(v.value)) && html`<dt>${t("raw")}</dt><dd>${o.raw}</dd>`}
      <dt>${t("score")}</dt><dd>${o.score == null ? "—" : o.score.toFixed(3)} ${o.reader ? `· ${o.reader}` : ""}${spot(o) && ` · ${spot(o)}`}</dd>
      ${o.readings?.length > 0 && html`<dt>${t("readings")}</dt><dd>${o.readings.map(([text, score]) => html`<div><q>${text}</q> ${Number(score).toFixed(3)}</div>`)}</dd>`}
      ${o.covered && html`<dt>${t("covered")}</dt><dd>${o.covered}</dd>`}
      ${v.risk.reasons && html`<dt>${t("risk")}</dt><dd class="lines">${v.risk.reasons}</dd>`}
      <dt>${t("findings")}</dt><dd>${v.findings.length ? v.findings.map((f) => html`<div class="finding"><b>${f.rule}</b> ${f.message}</div>`) : t("nothing")}</dd>
      ${seen && html`<dt>${t("looks")}</dt><dd>${v.looks.map((l) => html`<div class="look"><b>${t(l.verdict)}</b> ${l.who} · ${l.at.replace("T", " ").slice(0, 16)}${l.new !== null ? html` · ${l.old} → ${l.new}` : ""}${l.why ? ` · ${l.why}` : ""}</div>`)}</dd>`}
    </dl></div>`;
}

function Bar() {
  const button = (key, name, act, cls = "") => html`<button type="button" class=${cls} onClick=${act}><kbd>${key}</kbd>${t(name)}</button>`;
  return html`<div class="bar">${button("A", "accept", KEYS.a, "good")}${button("C", "correct", KEYS.c)}${button("U", "unreadable", KEYS.u)}
    ${button("W", "wrong", KEYS.w)}<span class="gap"></span>${button("B", "back", KEYS.b)}${button("N", "next", KEYS.n)}</div>`;
}

function App() {
  const { form, items, at, mode, conflict } = state;
  const pick = (name, v) => { localStorage.setItem("jixiao." + name, v); set({ [name]: v }); };
  return html`<header><b>jixiao</b><span class="file">${form ? `${form.source.file} · ${form.title ?? ""}` : ""}</span>
    <span class="count">${mode === "form" ? t("form") : meta("sample") ? `${t("sample")} ${meta("sample")}` : t("queue")} ${Math.min(at + 1, items.length)}/${items.length}</span>
    ${form && !meta("sample") && html`<button type="button" onClick=${() => loadQueue(mode === "form" ? "queue" : "form")}>${t(mode === "form" ? "backToQueue" : "wholeForm")}</button>`}
    <label>${t("who")} <input class="who" value=${state.who} onChange=${(e) => pick("who", e.target.value.trim() || meta("by"))} /></label>
    <button type="button" id="lang" onClick=${() => pick("lang", state.lang === "zh" ? "en" : "zh")}>${state.lang === "zh" ? "English" : "中文"}</button>
    <button type="button" id="theme" onClick=${() => pick("theme", state.theme === "dark" ? "light" : "dark")}>${state.theme === "dark" ? "☀" : "☾"}</button></header>
    ${state.said && html`<div class="said" role="alert">${state.said}</div>`}
    <div class="panes"><div class="left"><div class="tools"><button type="button" onClick=${() => zoom(0.8)}>−</button><span>${Math.round(state.zoom * 100)} %</span>
      <button type="button" onClick=${() => zoom(1.25)}>+</button><button type="button" onClick=${() => set({ zoom: 1 })}>${t("fit")}</button></div>
      <div class="paper" onPointerDown=${pan}><${Paper} /></div></div>
    <div class="right">${item() && form ? html`<${Current} /><${Bar} />${conflict && html`<div class="conflict" role="alertdialog"><b>${t("confirm")}:</b>
      ${" "}${conflict.last.who} · ${t(conflict.last.verdict)}${conflict.last.new !== null ? ` · ${conflict.last.new}` : ""}<br />${t("confirmAsk")}</div>`}<${Tree} />`
      : html`<div class="notice">${items.length ? t("done") : t("empty")}<button type="button" onClick=${() => loadQueue()}>${t("reload")}</button></div>`}</div></div>`;
}

set({});
loadQueue();
