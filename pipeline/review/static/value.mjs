// The value that is looked at: what was read, what else it may be, what speaks against it, who looked, and the editor.
import { h } from "./vendor/preact.mjs";
import htm from "./vendor/htm.mjs";
import { pieces } from "./marks.mjs";
import { label, said, word } from "./names.mjs";
import { spot } from "./paper.mjs";
import { acceptForm, acceptRow, choose, judge, removeRow, settle, step, undo } from "./review.mjs";
import { correction, holds, isRows, item, sample, set, standing, state, t, together, value } from "./state.mjs";

const html = htm.bind(h);
const LONG = 60; // characters from which a value is set as prose
const bare = (text) => String(text).replace(/\s/g, "");
const isLong = (v) => Array.isArray(v.value) || String(standing(v) ?? "").length > LONG;

export const shown = (v) => v === null ? html`<i class="blank">${t("blank")}</i>`
  : Array.isArray(v) ? (v.length ? v.join(" · ") : html`<i class="blank">${t("none")}</i>`) : String(v);

// What the value may be, each with the key that chooses it.
export function options() {
  const v = value();
  if (!v) return [];
  const now = correction(v);
  const texts = [...v.options, ...(typeof now === "string" && now !== v.value ? [now] : [])];
  if (!texts.length) return [];
  return [{ text: v.value, reading: true }, ...[...new Set(texts)].map((text) => ({ text }))].slice(0, 9);
}

function Text({ text, v }) {
  const others = v.options.filter((other) => other.length > 0.5 * text.length);
  const made = typeof text === "string" ? pieces(text, others, v.origin?.covered) : [];
  if (!made.some((piece) => piece.doubtful)) return shown(said(v, text));
  return made.map((piece, n) => piece.doubtful ? html`<mark key=${n}>${piece.text}</mark>` : piece.text);
}

export function edit() {
  const v = value();
  if (!v || state.loading) return;
  const now = standing(v);
  const text = now === null ? "" : Array.isArray(now) ? now.join("\n") : String(now);
  set({ editing: { text, before: text, why: "", sure: false } });
  const input = document.getElementById("typed");
  input.focus();
  if (!isLong(v)) return input.select(); // a short value is typed anew; a paragraph is mended where it is wrong
  const first = pieces(text, v.options, v.origin?.covered);
  const at = first[0]?.doubtful ? 0 : first.length > 1 ? first[0].text.length : text.length;
  input.setSelectionRange(at, at);
}

// What empties a paragraph is asked for a second time.
export function save() {
  const { text, before, why, sure } = state.editing;
  const v = value();
  if (before.length > LONG && text.trim().length < before.length / 2 && !sure) return set({ editing: { ...state.editing, sure: true } });
  if (text === before) return set({ editing: null });
  set({ editing: null });
  if (text.trim() === String(v.value ?? "").trim()) return choose({ reading: true });
  judge("corrected", text, why || null);
}

function Editor({ v }) {
  const { editing } = state;
  const long = isLong(v);
  const rows = Math.min(18, Math.max(long ? 4 : 1, Math.ceil(editing.text.length / 38)));
  return html`<form class="edit" onSubmit=${(e) => { e.preventDefault(); save(); }}>
    <textarea id="typed" rows=${rows} aria-label=${t("typing")} value=${editing.text} onInput=${(e) => set({ editing: { ...editing, text: e.target.value, sure: false } })}></textarea>
    <input id="why" aria-label=${t("why")} placeholder=${t("why")} value=${editing.why} onInput=${(e) => set({ editing: { ...editing, why: e.target.value } })} />
    ${editing.sure && html`<p class="warn" role="alert">${t("mostGone")}</p>`}
    <div class="acts"><button type="submit" class="good">${t("saveButton")}</button><button type="button" onClick=${() => set({ editing: null })}>${t("cancel")}</button>
    <small>${t(long ? "saveLong" : "save")}${Array.isArray(v.value) ? ` ${t("list")}` : ""}</small></div></form>`;
}

export const editorIsLong = () => isLong(value());

function Said({ v }) {
  if (!holds(v)) return null;
  const { verdict, who } = v.look;
  return html`<p class=${`stands ${verdict}`}>${t(`said.${verdict}`, who)}</p>`;
}

function About({ v }) {
  const o = v.origin ?? {};
  return html`<dl>
    ${correction(v) !== undefined && html`<dt>${t("reading")}</dt><dd>${shown(v.value)}</dd>`}
    ${o.raw != null && !(o.raw.length > LONG && bare(o.raw) === bare(v.value)) && html`<dt>${t("raw")}</dt><dd>${o.raw}</dd>`}
    <dt>${t("score")}</dt><dd>${o.score == null ? "—" : o.score.toFixed(3)} ${o.reader ? `· ${word("reader", o.reader)}` : ""}${spot(o) && ` · ${spot(o)}`}</dd>
    ${o.covered && html`<dt>${t("covered")}</dt><dd>${o.covered}</dd>`}
    <dt>${t("findings")}</dt><dd>${v.findings.length ? v.findings.map((f) => html`<div class="finding"><b>${word("rule", f.rule)}</b> ${f.message}</div>`) : t("nothing")}</dd>
    ${v.risk.reasons && !v.findings.length && html`<dt>${t("risk")}</dt><dd class="lines">${v.risk.reasons}</dd>`}
    ${v.looks.length > 0 && html`<dt>${t("looks")}</dt><dd>${v.looks.map((l) => html`<div class="look"><b>${word("look", l.verdict)}</b> ${l.who} · ${l.at.replace("T", " ").slice(0, 16)}${l.new !== null ? html` · ${l.old} → ${l.new}` : ""}${l.why ? ` · ${l.why}` : ""}</div>`)}</dd>`}
  </dl>`;
}

export function Current() {
  const v = value();
  if (!v) return html`<div class="current"></div>`;
  const many = together();
  const text = standing(v);
  const choices = options();
  const why = item().why;
  return html`<div class="current" tabindex="0" aria-live="polite">
    <div class="where"><span>${label(v)}</span><span class="chips"><em class=${"chip " + why}>${why === "risk" ? `${t("risk")} ${item().risk.toFixed(2)}` : t(why)}</em></span></div>
    ${v.standing === "stale" && html`<p class="warn">${t("stale")}</p>`}
    ${many.length > 1 && html`<p class="block">${t("together", many.length)}</p>`}
    ${state.editing ? html`<${Editor} v=${v} />` : html`<div class=${isLong(v) ? "value long" : "value"}><${Text} text=${text} v=${v} />${isRows(v.pointer) ? " " + t("rows") : ""}</div>`}
    <${Said} v=${v} />
    ${!state.editing && choices.length > 0 && html`<ol class="options" aria-label=${t("readings")}>${choices.map((c, n) => html`<li key=${n}><button type="button" onClick=${() => choose(c)}>
      <kbd>${n + 1}</kbd>${c.text === null ? shown(null) : c.reading ? c.text : pieces(c.text, [v.value ?? ""], "").map((p) => p.doubtful ? html`<mark>${p.text}</mark>` : p.text)}<small>${c.reading ? t("reading") : ""}</small></button></li>`)}</ol>`}
    <${About} v=${v} /></div>`;
}

export function Bar() {
  const button = (key, name, act, cls = "") => html`<button type="button" class=${cls} onClick=${act}><kbd>${key}</kbd>${t(name)}</button>`;
  const v = value();
  const row = v && ["indicators", "funds", "tasks"].includes(v.pointer.split("/")[1]) && v.pointer.split("/").length > 3;
  return html`<div class="bar">${button("A", "accept", () => judge("accepted"), "good")}${button("C", "correct", edit)}${button("U", "unreadable", () => judge("unreadable"))}
    ${button("W", "wrong", () => judge("wrong_at_source"))}<span class="gap"></span>${button("B", "back", () => step(-1))}${button("N", "next", () => step(1))}${button("Z", "undo", undo)}
    <span class="second">${button("R", "acceptRow", acceptRow)}${button("F", "acceptForm", acceptForm)}${row && !sample && button("D", "removeRow", removeRow)}
    <button type="button" class="narrow" onClick=${() => set({ open: !state.open })}>${t("values")}</button></span></div>
    ${state.asking && html`<div class="conflict" role="alertdialog" aria-label=${t("sure")}>${t(`ask.${state.asking}`)} <button type="button" onClick=${state.asking === "form" ? acceptForm : removeRow}>${t("yes")}</button>
      <button type="button" onClick=${() => set({ asking: null })}>${t("no")}</button></div>`}
    ${state.conflict && html`<div class="conflict" role="alertdialog" aria-label=${t("confirm")}><b>${t("confirm")}:</b> ${state.conflict.last.who} · ${word("look", state.conflict.last.verdict)}
      ${state.conflict.last.new !== null ? ` · ${state.conflict.last.new}` : ""}<br />${t("confirmAsk")}
      <button type="button" onClick=${() => settle(true)}>${t("yes")}</button> <button type="button" onClick=${() => settle(false)}>${t("no")}</button></div>`}`;
}
