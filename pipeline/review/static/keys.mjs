// What the keys do. While somebody types no key is a verdict.
import { zoom } from "./paper.mjs";
import { acceptForm, acceptRow, choose, judge, loadQueue, removeRow, settle, step, undo } from "./review.mjs";
import { item, keysOf, sample, set, state, value } from "./state.mjs";
import { begin } from "./tree.mjs";
import { edit, editorIsLong, options, save } from "./value.mjs";

const KEYS = {
  a: () => judge("accepted"), c: edit, u: () => judge("unreadable"), w: () => judge("wrong_at_source"),
  b: () => step(-1), n: () => step(1), ArrowLeft: () => step(-1), ArrowRight: () => step(1),
  z: undo, r: acceptRow, f: acceptForm, d: removeRow, i: insert,
  "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: () => zoom(0),
  "?": () => set({ help: !state.help }),
};

function insert() {
  const [of, row] = keysOf(value()?.pointer ?? "/");
  if (["indicators", "funds", "tasks"].includes(of) && row !== undefined && !sample) begin(of, Number(row));
}

function typing(event) {
  if (event.key === "Escape") { event.target.blur(); return set({ editing: null, adding: null }); }
  if (event.key !== "Enter" || !state.editing || !event.target.closest(".edit")) return;
  const long = event.target.id === "typed" && editorIsLong();
  if (long ? event.ctrlKey || event.metaKey : !event.shiftKey) { event.preventDefault(); save(); }
}

export function pressed(event) {
  if (event.isComposing) return;
  if (event.target.closest?.("input, textarea, select")) return typing(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (state.view === "archive") return event.key === "/" ? focusSearch(event) : undefined;
  if (event.key === "Escape" && (state.help || state.asking)) return set({ help: false, asking: null });
  if (state.conflict) {
    if (event.key === "Enter") { event.preventDefault(); settle(true); }
    if (event.key === "Escape") settle(false);
    return;
  }
  if (event.key === "Enter" && event.target.closest?.("button, a, summary")) return; // it is pressed
  if (event.key === "Enter" && state.asking) { event.preventDefault(); return state.asking === "form" ? acceptForm() : removeRow(); }
  if (event.key === "Enter" && !item() && state.view === "queue") return loadQueue();
  if (/^[1-9]$/.test(event.key)) return choose(options()[Number(event.key) - 1]);
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function focusSearch(event) {
  event.preventDefault();
  document.getElementById("search")?.focus();
}
