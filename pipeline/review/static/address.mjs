// The address of the page says what it shows, so that everything has a link.
import { item, sample, state } from "./state.mjs";

export const FILTERS = ["q", "file", "family", "kind", "year", "reader", "rule", "reviewer", "state"];

export const query = (pairs) => new URLSearchParams(Object.entries(pairs).filter(([, v]) => v)).toString();

export function link(changes) {
  const shown = { view: state.view, ...state.filters, sort: state.sort, ...changes };
  if (shown.view === "archive" && !sample) delete shown.view;
  if (shown.view === "form") delete shown.view;
  if (shown.sort === "risk") delete shown.sort;
  const asked = query(shown);
  return asked ? `/?${asked}` : "/";
}

// Write down where we are; a value is no step of the history, a view is.
export function address(step = false) {
  const i = item();
  const at = state.view === "archive" ? {} : state.view === "form" ? { form: i?.form ?? state.form?.form, at: i?.pointer } : {};
  const url = link(at);
  if (url === location.pathname + location.search) return;
  history[step ? "pushState" : "replaceState"](null, "", url);
}

export function asked() {
  const given = Object.fromEntries(new URLSearchParams(location.search));
  const filters = Object.fromEntries(FILTERS.filter((name) => given[name]).map((name) => [name, given[name]]));
  const form = Number(given.form) || null;
  const view = form ? "form" : given.view === "queue" || sample ? "queue" : "archive";
  return { view, form, at: given.at, filters, sort: given.sort ?? "risk", page: Number(given.page) || 1 };
}
