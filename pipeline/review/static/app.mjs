// The review page. Every text of a filing is put in as text by preact; nothing is ever parsed as HTML.
import { h, render } from "./vendor/preact.mjs";
import htm from "./vendor/htm.mjs";
import { asked, link } from "./address.mjs";
import { Archive, loadArchive } from "./archive.mjs";
import { pressed } from "./keys.mjs";
import { forget } from "./originals.mjs";
import { pan, Paper, zoom } from "./paper.mjs";
import { loadQueue, openForm, reload } from "./review.mjs";
import { blind, item, meta, onChange, pick, sample, set, state, t } from "./state.mjs";
import { Finish, Tree } from "./tree.mjs";
import { Bar, Current } from "./value.mjs";

const html = htm.bind(h);

function Head() {
  const { form, view, items, at } = state;
  const count = view === "form" ? t("form") : sample ? `${t("sample")} ${sample}` : t("queue");
  return html`<header><a class="home" href=${sample ? "/" : link({ view: "archive", form: "", at: "" })}>jixiao</a>
    ${view !== "archive" && html`<span class="file">${form ? `${form.source.file}${form.form_index ? ` #${form.form_index}` : ""} · ${form.title ?? ""}` : ""}</span>
      <span class="count">${count} ${Math.min(at + 1, items.length)}/${items.length}</span><span class="left-over">${t("leftOf", state.left, state.total)}</span>
      ${form && view === "queue" && !sample && html`<a class="button" href=${link({ view: "form", form: form.form })}>${t("wholeForm")}</a>`}
      ${view === "form" && html`<a class="button" href=${link({ view: "queue", form: "", at: "" })}>${t("backToQueue")}</a>`}`}
    ${view === "archive" && html`<span class="file">${t("archive")}</span>`}
    ${state.pending > 0 && html`<span class="pending" role="status">${t("saving", state.pending)}</span>`}
    <label class="whois">${t("who")} <input class="who" value=${state.who} onChange=${(e) => { pick("who", e.target.value.trim() || meta("by")); forget(); }} /></label>
    <button type="button" id="lang" onClick=${speak}>${state.lang === "zh" ? "English" : "中文"}</button>
    <button type="button" id="theme" aria-label=${t("theme")} onClick=${() => pick("theme", state.theme === "dark" ? "light" : "dark")}>${state.theme === "dark" ? "☀" : "☾"}</button>
    ${view !== "archive" && html`<button type="button" id="help" aria-label=${t("keys")} onClick=${() => set({ help: !state.help })}>?</button>`}</header>`;
}

function Workplace() {
  const { form, items, view } = state;
  const others = Object.entries(state.others ?? {});
  const end = html`<div class="notice">${t(state.loading ? "waiting" : items.length ? "done" : "empty")}
    ${others.length > 0 && html`<small>${others.map(([who, count]) => t("withOther", who, count)).join(" · ")}</small>`}
    ${!state.loading && view === "form" && form && html`<${Finish} />`}
    ${!state.loading && html`<button type="button" onClick=${() => loadQueue()}>${t("reload")} ⏎</button><a class="button" href=${sample ? "/" : link({ view: "archive", form: "", at: "" })}>${t("archive")}</a>`}</div>`;
  return html`<div class=${state.open ? "panes open" : "panes"}><div class="left"><div class="tools"><button type="button" aria-label=${t("smaller")} onClick=${() => zoom(0.8)}>−</button><span>${Math.round(state.zoom * 100)} %</span>
      <button type="button" aria-label=${t("larger")} onClick=${() => zoom(1.25)}>+</button><button type="button" onClick=${() => zoom(0)}>${t("fit")}</button></div>
      <div class="paper" tabindex="0" aria-label=${t("page")} onPointerDown=${pan}>${item() ? html`<${Paper} />` : null}</div></div>
    <div class="right">${item() && form ? html`<${Current} /><${Bar} /><${Tree} />` : end}</div></div>`;
}

function Help() {
  const keys = ["A accept", "C correct", "1–9 chooseKey", "U unreadable", "W wrong", "B back", "N next", "Z undo", "R acceptRow", "F acceptForm", "D removeRow", "I addRow", "+/− zoom", "? keys"];
  return html`<div class="help" role="dialog" aria-label=${t("keys")}><h2>${t("keys")}</h2><dl>${keys.map((each) => { const [key, name] = each.split(" "); return html`<dt><kbd>${key}</kbd></dt><dd>${t(name)}</dd>`; })}</dl>
    <button type="button" onClick=${() => set({ help: false })}>${t("close")}</button></div>`;
}

function App() {
  return html`<${Head} />
    ${state.said && html`<div class="said" role="alert">${state.said} <button type="button" onClick=${() => set({ said: "" })} aria-label=${t("close")}>×</button></div>`}
    ${state.note && html`<div class="note" role="status">${state.note}</div>`}
    ${blind && html`<div class="note">${t("blind")}</div>`}
    ${state.view === "archive" ? html`<${Archive} />` : html`<${Workplace} />`}${state.help && html`<${Help} />`}`;
}

// The page in the other language, and what the server says in it.
function speak() {
  pick("lang", state.lang === "zh" ? "en" : "zh");
  forget();
  reload();
}

function route() {
  const { view, form, at, filters, sort, page } = asked();
  set({ view, filters, sort, said: "", note: "" });
  if (view === "form") return openForm(form, at);
  return view === "queue" ? loadQueue() : loadArchive(page);
}

// Links of the page are followed without loading it anew.
function followed(event) {
  const to = event.target.closest?.("a[href^='/']");
  if (!to || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", to.getAttribute("href"));
  route();
}

onChange(() => render(html`<${App} />`, document.getElementById("app")));
document.addEventListener("keydown", pressed);
document.addEventListener("click", followed);
addEventListener("popstate", route);
route();
