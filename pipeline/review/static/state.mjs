// What the page knows, in one place. `set` changes it and has the page drawn anew.
import { TEXTS } from "./texts.mjs";

export const meta = (name) => document.querySelector(`meta[name=${name}]`).content;
const kept = (name, otherwise) => localStorage.getItem("jixiao." + name) ?? otherwise;
const dark = matchMedia("(prefers-color-scheme: dark)").matches;

export const state = {
  view: "archive", // archive: all forms; queue: what is doubtful; form: one form whole
  filters: {}, sort: "risk", list: null, // of the archive
  items: [], at: 0, total: 0, left: 0, others: {}, // of the queue
  form: null, page: null, lines: null, wanted: null, loading: false,
  zoom: 1, editing: null, adding: null, conflict: null, asking: null, said: "", note: "", pending: 0, help: false,
  open: false, // the list of values, where the window is narrow
  undo: [], // decisions of this person, the last one behind
  lang: kept("lang", navigator.language.startsWith("zh") ? "zh" : "en"),
  theme: kept("theme", dark ? "dark" : "light"),
  who: kept("who", "") || meta("by"),
};
export const sample = meta("sample");
export const blind = meta("blind") === "yes";

let draw = () => {};
export const onChange = (drawer) => { draw = drawer; };

export function set(changes) {
  Object.assign(state, changes);
  document.documentElement.dataset.theme = state.theme;
  document.documentElement.lang = state.lang;
  document.documentElement.dataset.ready = ready() ? "yes" : "no"; // for those who wait: a verdict counts
  document.title = title();
  draw();
}

const title = () => state.view === "archive" || !state.form ? "jixiao" : `${state.form.title ?? ""} · jixiao`;

export function pick(name, value) {
  localStorage.setItem("jixiao." + name, value);
  set({ [name]: value });
}

export function t(key, ...given) {
  const text = TEXTS[state.lang][key] ?? key;
  return given.reduce((said, value, n) => said.replaceAll(`{${n}}`, value), text);
}

export const item = () => state.items[state.at];
export const loaded = () => state.form && state.form.form === item()?.form; // between two forms no key means a value
export const value = () => (loaded() ? state.form.byPointer.get(item().pointer) : undefined);
// A verdict is about ink that is seen: none is given before the value's own page is drawn.
export const ready = () => !!value() && !state.loading && (!state.wanted || state.page?.url === state.wanted);

export const holds = (v) => v.look && v.standing !== "stale";
export const correction = (v) => (holds(v) && v.look.new !== null ? JSON.parse(v.look.new) : undefined);
// What stands in a value's place: the correction that holds, else the reading.
export const standing = (v) => { const c = correction(v); return c === undefined ? v.value : c; };
export const isRows = (pointer) => ["/funds", "/indicators", "/tasks"].includes(pointer);
export const keysOf = (pointer) => pointer.split("/").slice(1).map((k) => k.replaceAll("~1", "/").replaceAll("~0", "~"));
export const rowOf = (pointer) => pointer.split("/").slice(0, 3).join("/");
// The values of the decision: the value and those that were lost with it.
export const together = () => [item().pointer, ...(item().rest ?? [])].map((p) => state.form.byPointer.get(p)).filter(Boolean);
const open = (form) => (form.values ?? []).filter((v) => !holds(v) && !form.gone.has(rowOf(v.pointer)));
export const unseen = () => open(state.form);
// How many values of a form are among those that the page says are left.
export const openIn = (form) => open(form).filter((v) => counted(form, v)).length;
function counted(form, v) {
  if (state.view !== "queue") return true;
  if (sample) return state.items.some((i) => i.form === form.form && i.pointer === v.pointer);
  return !!v.doubts && v.standing !== "stale" && (!state.filters.rule || v.doubts.includes(state.filters.rule));
}
