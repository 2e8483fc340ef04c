// What a reviewer does: go through a queue, say what is right, take it back.
import { ask, quiet, tell } from "./api.mjs";
import { ahead, excerpt, fetchForm, forget, picture, placeOf, prepared } from "./originals.mjs";
import { address, query } from "./address.mjs";
import { correction, holds, item, loaded, meta, openIn, ready, rowOf, standing, set, state, t, together, unseen, value } from "./state.mjs";

export async function loadQueue(first) {
  await quiet(); // what was said counts before more is asked for
  forget();
  set({ view: "queue", items: [], at: 0, form: null, page: null, lines: null, loading: true, said: "" });
  const filters = query({ ...state.filters, who: state.who });
  const { ok, body } = await ask(`/api/queue?${filters}`);
  if (!ok) return set({ said: body.error, loading: false });
  set(body);
  await show(0);
}

const NEAR = 20; // values before the end at which more are fetched
const MORE = 40;
let fetchingMore = false;
const decided = () => state.undo.filter((entry) => state.items.includes(entry.at)).length; // of these the server knows

// More values behind those at hand, so that nobody comes to an end that is none.
async function more() {
  if (fetchingMore || state.view !== "queue" || meta("sample") || state.items.length - state.at > NEAR || !state.left) return;
  fetchingMore = true;
  await quiet();
  const { ok, body } = await ask(`/api/queue?${query({ ...state.filters, who: state.who, size: state.items.length - decided() + MORE })}`);
  fetchingMore = false;
  if (!ok || state.view !== "queue") return;
  const known = new Set(state.items.map((i) => `${i.form} ${i.pointer}`));
  const fresh = body.items.filter((i) => !known.has(`${i.form} ${i.pointer}`));
  if (fresh.length) set({ items: [...state.items, ...fresh], others: body.others });
}

export async function openForm(number, pointer) {
  await quiet();
  set({ view: "form", items: [], at: 0, loading: true, said: "", open: false });
  const [queue, form] = await Promise.all([ask(`/api/forms/${number}/queue`), fetchForm(number, true)]);
  if (form.error || !queue.ok) return set({ form: null, loading: false, said: form.error ?? queue.body.error });
  const items = [...queue.body.items];
  let at = pointer ? items.findIndex((i) => i.pointer === pointer) : 0;
  if (at < 0 && form.byPointer.has(pointer)) { items.unshift({ form: number, pointer, risk: 0, why: "form", rest: [] }); at = 0; }
  set({ ...queue.body, items, form });
  await show(Math.max(at, 0));
}

export async function show(at, again = false) {
  const wanted = state.items[at];
  set({ at, editing: null, adding: null, conflict: null, asking: null, note: "", loading: !!wanted, wanted: null });
  address();
  if (!wanted) return;
  if (again || state.form?.form !== wanted.form) {
    const form = await fetchForm(wanted.form, again);
    if (item() !== wanted) return; // somebody went on meanwhile
    if (form.error) return set({ form: null, loading: false, said: form.error });
    set({ form });
  }
  await showPlace(wanted);
  ahead(at);
  more();
  document.querySelector(".leaf.now")?.scrollIntoView({ block: "nearest" });
}

async function showPlace(wanted) {
  const place = placeOf(state.form, wanted.pointer);
  const still = () => item() === wanted;
  if (!place) return set({ page: null, lines: null, loading: false });
  if (place.lines) {
    const near = await excerpt(place.lines, place.line);
    if (!still()) return;
    set({ lines: near.error ? null : near, page: null, loading: false, ...(near.error ? { said: near.error } : {}) });
    document.querySelector(".line.now")?.scrollIntoView({ block: "center" });
    return;
  }
  set({ wanted: place.url });
  if (state.page?.url !== place.url) {
    const page = await picture(place.url, place.page);
    if (!still()) return;
    if (page.error) return set({ page: null, lines: null, loading: false, wanted: null, said: page.error });
    set({ page, lines: null, loading: false });
  } else set({ loading: false });
  light();
}

export function light() {
  const lit = document.querySelector(".box.now");
  const pane = document.querySelector(".paper");
  if (!lit || !pane) return;
  const a = lit.getBoundingClientRect(), b = pane.getBoundingClientRect();
  if (a.top < b.top + 40 || a.bottom > b.bottom - 40) pane.scrollTop += a.top - b.top - b.height / 3;
  if (a.left < b.left || a.right > b.right) pane.scrollLeft += a.left - b.left - b.width / 3;
}

export function step(by) {
  const at = state.at + by;
  if (at >= 0 && at <= state.items.length) show(at);
}

// To the next value that this person has not decided on: a form accepted at once leaves none of its own.
function on() {
  let at = state.at + 1;
  while (state.items[at]?.form === state.form?.form && settled(state.items[at].pointer)) at++;
  show(at);
}

const settled = (pointer) => {
  const v = state.form.byPointer.get(pointer);
  return v && (holds(v) || state.form.gone.has(rowOf(pointer)));
};

export function jump(pointer) {
  const there = state.items.findIndex((i) => i.form === state.form.form && i.pointer === pointer);
  set({ open: false });
  if (there >= 0) return show(there);
  const items = [...state.items];
  items.splice(state.at + 1, 0, { form: state.form.form, pointer, risk: 0, why: "form", rest: [] });
  set({ items });
  show(state.at + 1);
}

// A verdict on the value, and on what was lost with it. Who agrees with what somebody said says the same again.
export function judge(verdict, text = null, why = null) {
  if (!ready()) return;
  const v = value(), all = together();
  if (all.length > 1 && verdict !== "corrected") return judgeAll(all, verdict);
  const said = verdict === "accepted" && holds(v) && ["unreadable", "wrong_at_source"].includes(v.look.verdict) ? v.look.verdict : verdict;
  const shown = verdict === "accepted" ? { shown: standing(v) } : {};
  decide("/api/looks", [v], said, () => ({ pointer: v.pointer, verdict: said, value: v.value, text, seen: v.last, ...shown }), why,
    verdict === "corrected" ? textValue(v, text) : shown.shown);
}

// Who chooses the reading where a correction stands takes it for right after all.
export function choose(option) {
  const v = value();
  if (!ready() || !option) return;
  if (!option.reading) return judge("corrected", option.text);
  if (correction(v) === undefined) return judge("accepted");
  decide("/api/looks", [v], "accepted", () => ({ pointer: v.pointer, verdict: "accepted", value: v.value, shown: v.value, seen: v.last }), null, v.value);
}

export function judgeAll(values, verdict) {
  if (!values.length) return;
  // what a lost row is called and where it stands was read: only what is missing is unreadable
  const [own, rest] = verdict === "accepted" ? [values, []] : [values.filter((v) => empty(v.value)), values.filter((v) => !empty(v.value))];
  const parts = own.length && rest.length ? [[own, verdict], [rest, "accepted"]] : [[values, verdict]];
  for (const [n, [some, said]] of parts.entries()) {
    const many = () => ({ verdict: said, values: some.map((v) => ({ pointer: v.pointer, value: v.value, seen: v.last })) });
    decide("/api/looks/many", some, said, many, null, undefined, n === parts.length - 1, n > 0);
  }
}

const empty = (v) => v === null || v === "" || (Array.isArray(v) && !v.length);
const textValue = (v, text) => (Array.isArray(v.value) ? text.split("\n").map((x) => x.trim()).filter(Boolean) : text.trim() || null);

// The page takes a decision for told and goes on; where the server has something against it, it comes back.
// What goes on with the decision before is taken back with it.
function decide(url, values, verdict, made, why, shown, moves = true, goesOn = false) {
  const form = state.form, before = values.map((v) => ({ v, look: v.look, standing: v.standing }));
  const at = item(), open = openIn(form);
  for (const v of values) {
    const made = shown !== undefined && shown !== v.value ? JSON.stringify(shown) : verdict === "unreadable" || !holds(v) ? null : v.look.new;
    v.look = { verdict, new: made, who: state.who };
    v.standing = "holds";
  }
  const entry = goesOn ? state.undo.at(-1) : { form: form.form, values: [], at }, fresh = open - openIn(form);
  entry.values = [...entry.values, ...values];
  set({ left: state.left - fresh, said: "", undo: goesOn ? state.undo : [...state.undo.slice(-50), entry] });
  const told = tell(url, () => ({ form: form.form, who: state.who, why, ...made() }));
  if (moves) on();
  told.then((answer) => {
    if (answer.ok) return confirmed(values, [answer.body].flat());
    for (const { v, look, standing } of before) Object.assign(v, { look, standing });
    entry.values = entry.values.filter((v) => !values.includes(v));
    set({ left: state.left + fresh, undo: state.undo.filter((x) => x.values.length) });
    back(at, answer, { url, values, verdict, made, why, shown });
  });
}

function confirmed(values, looks) {
  values.forEach((v, n) => { v.looks.push(looks[n]); v.last = looks[n].id; v.look = { ...looks[n], new: looks[n].new }; });
  set({});
}

async function back(at, answer, decision) {
  const place = state.items.indexOf(at);
  await show(Math.max(place, 0), true);
  if (answer.body.last) return set({ conflict: { last: answer.body.last, decision } });
  set({ said: answer.body.changed ? t("changed") : answer.body.error });
}

export function settle(again) {
  const { decision } = state.conflict;
  set({ conflict: null });
  if (!again || !loaded()) return;
  const values = decision.values.map((v) => state.form.byPointer.get(v.pointer)).filter(Boolean);
  const many = () => ({ verdict: decision.verdict, values: values.map((v) => ({ pointer: v.pointer, value: v.value, seen: v.last })) });
  const one = () => ({ ...decision.made(), seen: values[0].last });
  decide(decision.url, values, decision.verdict, decision.url.endsWith("many") ? many : one, decision.why, decision.shown);
}

export async function undo() {
  const entry = state.undo[state.undo.length - 1];
  if (!entry) return set({ note: t("nothingToUndo") });
  set({ undo: state.undo.slice(0, -1) });
  await quiet();
  const before = openIn(await fetchForm(entry.form));
  const made = () => ({ form: entry.form, who: state.who, values: entry.values.map((v) => ({ pointer: v.pointer, seen: v.last })) });
  const answer = await tell("/api/looks/undo", made);
  if (!answer.ok) return set({ said: answer.body.error });
  const place = state.items.indexOf(entry.at);
  if (place >= 0) await show(place, true);
  else await reload();
  set({ left: state.left + openIn(await fetchForm(entry.form, place < 0)) - before, note: t("undone") });
}

export async function reload() {
  if (!state.form) return;
  const form = await fetchForm(state.form.form, true);
  if (!form.error) set({ form: prepared(form) });
}

// All values of the row, of the form, as they are shown.
export function acceptRow() {
  if (!ready()) return;
  const row = rowOf(value().pointer);
  judgeAll(unseen().filter((v) => rowOf(v.pointer) === row), "accepted");
}

export function acceptForm() {
  if (!ready()) return;
  const left = unseen();
  if (!left.length) return;
  if (state.asking !== "form") return set({ asking: "form" });
  set({ asking: null });
  judgeAll(left, "accepted");
}

export async function removeRow() {
  const [of, row] = value()?.pointer.split("/").slice(1) ?? [];
  if (!ready() || !["indicators", "funds", "tasks"].includes(of) || row === undefined || meta("sample")) return;
  if (state.asking !== "row") return set({ asking: "row" });
  set({ asking: null });
  await tellRow({ of, row: Number(row) }, `/${of}/${row}`);
  on();
}

export async function addRow(of, before, cells) {
  if (await tellRow({ of, before, cells })) set({ adding: null });
}

async function tellRow(row, pointer) {
  const form = state.form, at = item(), open = openIn(form);
  const seen = form.rows.find((r) => r.pointer === pointer)?.last ?? 0;
  const answer = await tell("/api/rows", () => ({ form: form.form, who: state.who, seen, ...row }));
  if (!answer.ok) { set({ said: answer.body.error }); return false; }
  const told = { pointer: answer.body.pointer, last: answer.body.id };
  set({ undo: [...state.undo, { form: form.form, values: [told], at }] });
  await reload();
  set({ left: state.left - open + openIn(state.form) });
  return true;
}

export async function finish(force = false) {
  const answer = await tell(`/api/forms/${state.form.form}/golden`, () => ({ who: state.who, force }));
  if (!answer.ok) return set({ said: answer.body.error });
  set({ note: t("goldenMade", answer.body.path) });
  await reload();
}
