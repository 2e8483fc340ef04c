// Forms and the places where their values stand: fetched once, and before somebody comes to them.
import { ask } from "./api.mjs";
import { state } from "./state.mjs";

const PICTURES = 24; // pages that are kept, so that going back or on waits for nothing
const FORMS = 12;
const AHEAD = 3; // forms behind this one whose values are fetched before somebody comes to them
const pictures = new Map();
const forms = new Map();
const lines = new Map();

function keep(map, key, made, most, dropped = () => {}) {
  const value = map.get(key) ?? made();
  map.delete(key); // the last used stands last
  map.set(key, value);
  while (map.size > most) {
    const [oldest, gone] = map.entries().next().value;
    map.delete(oldest);
    dropped(gone);
  }
  return value;
}

export function fetchForm(number, again = false) {
  if (again) forms.delete(number);
  return keep(forms, number, async () => {
    const { ok, body } = await ask(`/api/forms/${number}?who=${encodeURIComponent(state.who)}`);
    if (!ok) { forms.delete(number); return { error: body.error }; }
    return prepared(body);
  }, FORMS);
}

export function prepared(form) {
  form.byPointer = new Map(form.values.map((v) => [v.pointer, v]));
  form.gone = new Set(form.rows.filter((r) => r.value === null && r.standing === "holds").map((r) => r.pointer));
  return form;
}

export const forget = () => forms.clear();

export function placeOf(form, pointer) {
  const place = form.byPointer.get(pointer)?.origin;
  if (!place || form.missing) return null;
  if (place.line && form.source.reader === "dump") return { lines: `/api/forms/${form.form}/lines/`, line: place.line };
  return place.page ? { url: `/api/forms/${form.form}/pages/${place.page}`, page: place.page } : null;
}

// A page's picture, decoded before it is shown: what is on the screen is always the page that its boxes are of.
export const picture = (url, number) => keep(pictures, url, () => load(url, number), PICTURES,
  (gone) => gone.then((page) => page.src && page.url !== state.page?.url && URL.revokeObjectURL(page.src)));

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
    return { url, error: error.message };
  }
}

// The lines of a dump around one; those at hand are used as long as they hold it.
export async function excerpt(url, line) {
  for (const at of lines.keys()) {
    if (!at.startsWith(url)) continue;
    const near = await lines.get(at);
    if (near.lines && line >= near.first && line < near.first + near.lines.length) return near;
  }
  return keep(lines, url + line, async () => {
    const { ok, body } = await ask(url + line);
    if (!ok) lines.delete(url + line);
    return ok ? { ...body, url } : { error: body.error };
  }, PICTURES);
}

// Fetch what the next values stand on while somebody looks at this one.
let fetching = 0;
export async function ahead(at) {
  const mine = ++fetching;
  const seen = new Set();
  let behind = 0;
  for (const next of state.items.slice(at + 1)) {
    if (!seen.has(next.form) && seen.size > AHEAD) return;
    seen.add(next.form);
    if (++behind > PICTURES) return;
    const form = await fetchForm(next.form);
    if (mine !== fetching) return;
    const place = form.error ? null : placeOf(form, next.pointer);
    if (place?.url) await picture(place.url, place.page);
    if (place?.lines) await excerpt(place.lines, place.line);
    if (mine !== fetching) return;
  }
}

