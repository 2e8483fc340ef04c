// The place where the value stands: the page with its boxes, or the lines of a dump.
import { h } from "./vendor/preact.mjs";
import htm from "./vendor/htm.mjs";
import { jump, light } from "./review.mjs";
import { holds, loaded, set, state, t, value } from "./state.mjs";
import { label } from "./names.mjs";

const html = htm.bind(h);

export const zoom = (by) => { set({ zoom: by ? Math.min(6, Math.max(0.5, state.zoom * by)) : 1 }); light(); };

export function spot(place) {
  if (place.sheet) return `${t("sheet")} ${place.sheet} · ${t("row")} ${place.line}, ${t("column")} ${place.column}`;
  if (place.page) return `${t("page")} ${place.page}`;
  return place.line ? `${t("line")} ${place.line}${place.column ? `:${place.column}` : ""}` : "";
}

export function pan(event) {
  const pane = event.currentTarget;
  if (event.button || event.pointerType === "touch" || event.target.closest("rect.box:not(.now), .dump")) return;
  const from = [event.clientX, event.clientY, pane.scrollLeft, pane.scrollTop];
  const move = (e) => { pane.scrollLeft = from[2] - (e.clientX - from[0]); pane.scrollTop = from[3] - (e.clientY - from[1]); };
  const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
}

function Lines({ lines, place }) {
  return html`<div class="dump">${lines.lines.map((text, i) => {
    const number = lines.first + i;
    const now = number === place.line;
    if (!now || !place.column) return html`<div class=${now ? "line now" : "line"} key=${number}><b>${number}</b><code>${text}</code></div>`;
    const raw = place.raw ?? "";
    const from = place.column - 1, to = from + Math.max(1, text.startsWith(raw, from) ? raw.length : 1);
    return html`<div class="line now" key=${number}><b>${number}</b><code>${text.slice(0, from)}<mark>${text.slice(from, to)}</mark>${text.slice(to)}</code></div>`;
  })}</div>`;
}

function Sheet({ page, form }) {
  const boxes = form.values.filter((v) => v.origin?.page === page.number && v.origin.box);
  const rect = (v, cls) => {
    const [x, y, r, b] = v.origin.box;
    return html`<rect class=${cls} key=${cls + v.pointer} x=${x - 2} y=${y - 2} width=${r - x + 4} height=${b - y + 4} rx="1.5"
      onClick=${() => jump(v.pointer)}><title>${label(v)}</title></rect>`;
  };
  return html`<div class="sheet" style=${{ width: `${state.zoom * 100}%` }}>
    <img key=${page.url} src=${page.src} alt=${`${t("page")} ${page.number}`} draggable=${false} />
    <svg viewBox=${`0 0 ${page.width} ${page.height}`} aria-hidden="true">
      ${boxes.map((v) => rect(v, `box ${v.findings.length ? "doubt" : ""} ${holds(v) ? "seen" : ""}`))}
      ${value()?.origin?.box && rect(value(), "box now")}
    </svg></div>`;
}

export function Paper() {
  const { page, lines, form } = state;
  const place = value()?.origin;
  if (!loaded()) return html`<div class="notice">${t("waiting")}</div>`;
  if (form.missing) return html`<div class="notice">${t("missing")}<small>${form.missing}</small></div>`;
  if (lines && place?.line && form.source.reader === "dump") return html`<${Lines} lines=${lines} place=${place} />`;
  if (place && !place.page && spot(place)) return html`<div class="notice">${spot(place)}<small>${place.raw}</small></div>`;
  if (state.loading || (state.wanted && page?.url !== state.wanted)) return html`<div class="notice">${t("waiting")}</div>`;
  if (!page || !place) return html`<div class="notice">${t("noPage")}</div>`;
  return html`<${Sheet} page=${page} form=${form} />`;
}
