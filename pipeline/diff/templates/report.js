"use strict";
(() => {
  // Every text of a filing goes to the page as text, never as markup.
  const D = JSON.parse(document.getElementById("data").textContent);
  const [ID, CLS, FILE, FORM, FAMILY, READER, KIND, LEFT, RIGHT, A, B, TO, FROM, RISK, NOTE, SPOTA, SPOTB, VALUES] = Array(18).keys();
  const HEIGHT = 30, SPARE = 12, PRINTED = 500, LONGEST = 4000000;
  const AGREEING = new Set(["same", "reformatted", "signs", "excused"]);
  const T = D.texts;
  const $ = (id) => document.getElementById(id);
  const keep = { get(k) { try { return localStorage.getItem("jixiao-diff-" + k); } catch { return null; } },
    set(k, v) { try { localStorage.setItem("jixiao-diff-" + k, v); } catch { /* a page from disk may have no storage */ } } };
  const browser = (navigator.languages || [navigator.language || ""]).map((l) => l.slice(0, 2)).find((l) => l === "zh" || l === "en");
  let lang = keep.get("language") || D.asked || browser || "en";
  let theme = Number(keep.get("theme")) || 0;
  const t = (key, values) => (Object.hasOwn(T[lang], key) ? T[lang][key] : key).replace(/\{(\w)\}/g, (_, k) => values[k].toLocaleString());
  const el = (tag, cls, text) => { const e = document.createElement(tag); if (cls) e.className = cls; if (text !== undefined) e.textContent = text; return e; };

  // What people call the place of a value: its names as the forms print them, rows counted from 1; in English the pointer.
  const W = (key) => D.words[lang][key] ?? key;
  function named(pointer, language = lang) {
    const W = (key) => D.words[language][key] ?? key;
    if (language === "en") return pointer === "" ? "/" : pointer;
    const [section, ...rest] = pointer.split("/").slice(1).map((p) => p.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (section === undefined) return t("whole-form");
    if ((section === "fields" || section === "choices") && rest.length) return rest.map(W).join(" · ");
    if (!/^\d+$/.test(rest[0] ?? "")) return [section, ...rest].map(W).join(" · ");
    const column = rest.slice(1), role = column.join(".");
    const last = role in D.words[language] ? [W(role)] : column.map(W);
    return [`${W(section)} ${Number(rest[0]) + 1}`, ...last].join(" · ");
  }
  const said = (sentence) => (lang === "en" ? sentence : D.told[sentence] ?? sentence);
  const label = (r) => named(r[LEFT] ?? r[RIGHT]);
  const number = (r) => r[FORM] + 1;
  const haystack = D.rows.map((r) => [r[ID], D.names.file[r[FILE]], r[LEFT], r[RIGHT], r[A] || "", r[B] || "", r[NOTE] || "", named(r[LEFT] ?? r[RIGHT], "zh")].join("\n").toLowerCase());
  const place = new Map(D.rows.map((r, i) => [r[ID], i]));
  let sorted = { by: null, down: false }, view = [], at = -1;

  // ── filters and order
  const FILTERS = ["class", "kind", "family", "file", "risk"];
  const COLUMN = { kind: KIND, family: FAMILY, file: FILE };
  const RISKS = [0.9, 0.5, 0.2, 0.1, 0.05];
  function choices() {
    const used = new Set(D.rows.map((r) => r[CLS]));
    const fill = (name, options) => {
      const select = $("f-" + name), old = select.options.length ? select.value : null;
      select.replaceChildren(...options.map(([value, text]) => { const o = el("option", "", text); o.value = value; return o; }));
      if (options.some(([value]) => value === old)) select.value = old;
    };
    fill("class", [["differing", t("differing")], ["", t("all")], ...D.classes.filter((c) => used.has(c)).map((c) => [c, t(c)])]);
    for (const name of ["kind", "family", "file"])
      fill(name, [["", t("all")], ...D.names[name].map((v, i) => [String(i), name === "kind" ? t(v) : name === "family" ? W(v) : v])]);
    const known = D.rows.some((r) => r[RISK]);
    fill("risk", known ? [["", t("all")], ...RISKS.map((v) => [String(v), t("riskat") + " " + v])] : [["", t("norisk")]]);
    $("f-risk").disabled = !known;
  }
  function select() {
    const cls = $("f-class").value, risk = Number($("f-risk").value || -1), words = $("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = Object.entries(COLUMN).map(([name, c]) => [c, $("f-" + name).value]).filter(([, v]) => v !== "").map(([c, v]) => [c, Number(v)]);
    view = [];
    D.rows.forEach((r, i) => {
      if (cls === "differing" ? AGREEING.has(r[CLS]) : cls && r[CLS] !== cls) return;
      if (risk >= 0 && !(r[RISK] && r[RISK][0] >= risk)) return;
      if (wanted.some(([c, v]) => r[c] !== v)) return;
      if (words.length && !words.every((w) => haystack[i].includes(w))) return;
      view.push(i);
    });
    if (sorted.by !== null) {
      const key = KEYS[sorted.by], sign = sorted.down ? -1 : 1;
      const keys = new Map(view.map((i) => [i, key(D.rows[i])]));
      view.sort((x, y) => { const a = keys.get(x), b = keys.get(y); return sign * (a < b ? -1 : a > b ? 1 : 0) || x - y; });
    }
    $("count").textContent = t("shown", { n: view.length, m: D.rows.length });
    $("list").setAttribute("aria-rowcount", String(view.length + 1));
    $("rows").style.height = view.length * HEIGHT + "px";
  }
  const digits = (text) => text.replace(/\d+/g, (n) => n.padStart(6, "0"));
  const KEYS = { class: (r) => D.classes.indexOf(r[CLS]), kind: (r) => D.names.kind[r[KIND]], file: (r) => D.names.file[r[FILE]], form: (r) => r[FORM],
    where: (r) => digits(label(r)), a: (r) => r[A] || "", b: (r) => r[B] || "", risk: (r) => (r[RISK] ? r[RISK][0] : -1) };

  // ── the list: only the rows in sight stand in the page
  function value(cell, v) {
    if (v === 0) { cell.classList.add("blank"); cell.textContent = "—"; cell.title = t("absent"); }
    else if (v === null) { cell.classList.add("blank"); cell.textContent = t("blank"); }
    else cell.textContent = v.length > 200 ? v.slice(0, 200) + "…" : v;
    return cell;
  }
  // Where two long texts begin to differ in more than white space, a little before it: the list shows no room for more.
  const BEFORE = 8, SHORT = 24;
  const blankless = (v) => { const at = [], out = []; Array.from(v).forEach((c, i) => { if (!/\s/.test(c)) { at.push(i); out.push(c); } }); return [out, at]; };
  function excerpts(a, b) {
    if (typeof a !== "string" || typeof b !== "string" || Math.max(a.length, b.length) <= SHORT) return [a, b];
    const [x, atX] = blankless(a.slice(0, 20000)), [y, atY] = blankless(b.slice(0, 20000));
    let same = 0;
    while (same < x.length && same < y.length && x[same] === y[same]) same++;
    if (same <= BEFORE || (same === x.length && same === y.length)) return [a, b];
    const from = same - BEFORE;
    return [[a, atX], [b, atY]].map(([v, at]) => "…" + Array.from(v.slice(0, 20000)).slice(at[from] ?? 0).join(""));
  }
  function line(n) {
    const r = D.rows[view[n]], row = el("div", "r");
    row.setAttribute("role", "row"); row.setAttribute("aria-rowindex", String(n + 2)); row.setAttribute("aria-selected", String(n === at));
    row.id = "v" + n; row.dataset.n = n;
    const cls = el("span", "cls", t(r[CLS])); cls.style.setProperty("--c", `var(--${r[CLS]})`);
    const pointer = el("span", "pointer"); pointer.append(el("bdi", "", label(r)));
    row.append(cls, el("span", "soft", t(D.names.kind[r[KIND]])), el("span", "", D.names.file[r[FILE]]), el("span", "num", number(r)), pointer,
      ...excerpts(r[A], r[B]).map((v, k) => value(el("span", k ? "b" : "a"), v)), el("span", "num", r[RISK] ? r[RISK][0].toFixed(2) : ""));
    for (const cell of row.children) { cell.setAttribute("role", "gridcell"); if (!cell.title) cell.title = cell.textContent; }
    return row;
  }
  function draw() {
    const list = $("list"), first = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - SPARE);
    const last = Math.min(view.length, first + Math.ceil(list.clientHeight / HEIGHT) + 2 * SPARE);
    const rows = []; for (let n = first; n < last; n++) rows.push(line(n));
    $("window").style.top = first * HEIGHT + "px";
    $("window").replaceChildren(...(rows.length ? rows : [el("p", "soft", t("empty"))]));
    if (at >= first && at < last) list.setAttribute("aria-activedescendant", "v" + at); else list.removeAttribute("aria-activedescendant");
  }
  function go(n, link = true) {
    if (!view.length) { at = -1; $("detail").replaceChildren(); draw(); return; }
    at = Math.max(0, Math.min(view.length - 1, n));
    const list = $("list"), top = at * HEIGHT, room = list.clientHeight - 2 * HEIGHT;
    if (top < list.scrollTop) list.scrollTop = top; else if (top > list.scrollTop + room) list.scrollTop = top - room;
    draw(); detail(D.rows[view[at]]);
    if (link) history.replaceState(null, "", "#" + D.rows[view[at]][ID]);
  }
  function refresh(stay) {
    const id = stay ?? (at >= 0 && view[at] !== undefined ? D.rows[view[at]][ID] : null);
    select();
    const found = id === null ? -1 : view.indexOf(place.get(id));
    if (found < 0) $("list").scrollTop = 0;
    go(Math.max(found, 0), found >= 0);
  }

  // ── one row
  function marked(a, b) {
    const x = Array.from(a), y = Array.from(b); let start = 0, end = 0;
    while (start < x.length && start < y.length && x[start] === y[start]) start++;
    while (end < x.length - start && end < y.length - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end++;
    const n = x.length - start - end, m = y.length - start - end;
    const inA = new Uint8Array(x.length), inB = new Uint8Array(y.length);
    inA.fill(1, start, start + n); inB.fill(1, start, start + m);
    if (n && m && n * m <= LONGEST) {
      const w = m + 1, best = new Uint16Array((n + 1) * w);
      for (let i = n - 1; i >= 0; i--) for (let j = m - 1; j >= 0; j--)
        best[i * w + j] = x[start + i] === y[start + j] ? best[(i + 1) * w + j + 1] + 1 : Math.max(best[(i + 1) * w + j], best[i * w + j + 1]);
      for (let i = 0, j = 0; i < n && j < m;)
        if (x[start + i] === y[start + j]) { inA[start + i++] = 0; inB[start + j++] = 0; }
        else if (best[(i + 1) * w + j] >= best[i * w + j + 1]) i++; else j++;
    }
    return [pieces(x, inA), pieces(y, inB)];
  }
  function pieces(chars, flags) {
    const out = []; let from = 0;
    for (let i = 1; i <= chars.length; i++)
      if (i === chars.length || flags[i] !== flags[from] || (flags[from] && /\s/.test(chars[i]) !== /\s/.test(chars[from]))) {
        const text = chars.slice(from, i).join(""); out.push(flags[from] ? mark(text) : document.createTextNode(text)); from = i;
      }
    return out;
  }
  // White space that differs is marked faintly: a changed comma must not drown in it.
  const mark = (text) => el("mark", /^\s+$/.test(text) ? "space" : "", text);
  function shownValue(side, v, parts) {
    const box = el("div", "value " + side);
    if (v === 0) box.append(el("span", "blank", t("absent"))); else if (v === null) box.append(el("span", "blank", t("blank")));
    else box.append(...(parts || [document.createTextNode(v)]));
    return box;
  }
  function spot(n) {
    const s = D.places[n];
    if (s[0] === null) {
      const box = el("div", "value line"), text = s[2]; let stop = text.indexOf("\t", s[3]); if (stop < 0) stop = text.length;
      box.append(text.slice(0, s[3]), el("mark", "", text.slice(s[3], stop)), text.slice(stop));
      return [s.length > 4 ? `${t("sheet")} ${s[4]} · ${t("row")} ${s[1]}, ${t("column")} ${s[5]}` : t("line") + " " + s[1], box];
    }
    const box = el("div", "crop"), inner = el("div"), img = el("img"), frame = el("i"), [width, height] = D.sizes[s[0]];
    box.tabIndex = 0; box.setAttribute("role", "group"); box.setAttribute("aria-label", t("page") + " " + s[2]);  // it scrolls, by keys too
    img.src = "data:image/png;base64," + D.crops[s[0]]; img.width = width; img.height = height; img.alt = t("page") + " " + s[2];
    const [x0, y0, x1, y1] = s[1];
    frame.style.left = x0 * width - 3 + "px"; frame.style.top = y0 * height - 3 + "px";
    frame.style.width = (x1 - x0) * width + 6 + "px"; frame.style.height = (y1 - y0) * height + 6 + "px";
    inner.append(img, frame); box.append(inner);
    requestAnimationFrame(() => { box.scrollLeft = (x0 + x1) / 2 * width - box.clientWidth / 2; box.scrollTop = (y0 + y1) / 2 * height - box.clientHeight / 2; });
    return [t("page") + " " + s[2], box];
  }
  function detail(r) {
    const out = [], title = el("h2", "cls", t(r[CLS])); title.style.setProperty("--c", `var(--${r[CLS]})`);
    out.push(title, el("p", "", [D.names.file[r[FILE]], t("form") + " " + number(r), t(D.names.kind[r[KIND]]), W(D.names.family[r[FAMILY]]), W(D.names.reader[r[READER]])].join(" · ")), el("p", "place", label(r)));
    if (r[VALUES] > 1) out.push(el("p", "", t("whole", { n: r[VALUES] })));
    const both = typeof r[A] === "string" && typeof r[B] === "string" ? marked(r[A], r[B]) : [null, null];
    for (const [side, v, pointer, where, k] of [["a", r[A], r[LEFT], r[SPOTA], 0], ["b", r[B], r[RIGHT], r[SPOTB], 1]]) {
      const head = el("h3", "", t(side) + " "); head.append(el("span", "pointer", pointer ?? ""));
      out.push(head, shownValue(side, v, both[k]));
      const once = where === r[SPOTB] && where === r[SPOTA]; // both sides read the same ink
      if (where >= 0 && !(once && side === "a")) { const [name, shown] = spot(where); out.push(el("h3", "", (once ? "A, B" : t(side)) + ": " + name), shown); }
    }
    if (r[SPOTA] < 0 && r[SPOTB] < 0) out.push(el("p", "soft", t("nocrop")));
    for (const [key, v] of [["movedto", r[TO]], ["movedfrom", r[FROM]], ["note", r[NOTE]]])
      if (v) { const p = el("p", "", t(key) + ": "); p.append(el("span", "pointer", key === "note" ? said(v) : named(v))); out.push(p); }
    if (r[RISK]) out.push(el("p", "", t("risk") + ": " + r[RISK][0].toFixed(3) + (r[RISK][1] ? " · " + r[RISK][1].split("\n").map(said).join(" · ") : "")));
    const link = el("a", "", t("link") + " #" + r[ID]); link.href = "#" + r[ID]; out.push(el("p")); out.at(-1).append(link);
    $("detail").replaceChildren(...out); $("detail").scrollTop = 0;
  }

  // ── figures
  function table(heads, rows, cls) {
    const made = el("table", cls), head = el("tr"), top = el("thead"), body = el("tbody");
    heads.forEach((h) => { const th = el("th", "", h); th.scope = "col"; head.append(th); }); top.append(head);
    for (const cells of rows) {
      const tr = el("tr");
      cells.forEach((c) => tr.append(el("td", c === 0 ? "zero" : "", typeof c === "number" ? c.toLocaleString() : c ?? "—"))); body.append(tr);
    }
    made.append(top, body); return made;
  }
  function figures() {
    $("sides").textContent = `A: ${D.a}  →  B: ${D.b}`;
    $("verdict").textContent = D.differences ? t("some", { d: D.differences, n: D.values }) : t("none") + " " + t("values") + ": " + D.values.toLocaleString();
    const sums = D.classes.map((_, k) => D.totals.kind.reduce((sum, row) => sum + row[k + 1], 0));
    $("cards").replaceChildren(...D.classes.map((c, k) => {
      const card = el("button"); card.type = "button"; card.style.setProperty("--c", `var(--${c})`); card.append(el("span", "", t(c)), el("b", "", sums[k].toLocaleString()));
      card.disabled = ![...$("f-class").options].some((o) => o.value === c);
      card.onclick = () => { $("f-class").value = c; refresh(); $("list").focus(); };
      return card;
    }));
    const heads = [...D.classes.map((c) => t(c)), t("values")];
    const shown = (by, k) => (by === "kind" ? t(k) : by === "reader" || by === "family" ? W(k) : k);
    const totals = Object.entries(D.totals).filter(([by]) => by !== "file");
    $("tables").replaceChildren(...totals.map(([by, rows]) => table([t(by), ...heads], rows.slice(0, 1000).map(([k, ...v]) => [shown(by, k), ...v]))));
    worst();
    $("matched").replaceChildren(table(["A", "B", t("by"), t("forms")], D.matches.slice(0, 2000).map(([a, b, by, n, m]) => [a, b, t(by), `${n} / ${m}`]), "words"));
    const few = (list) => list.slice(0, 5).join(", ") + (list.length > 5 ? " …" : "");
    const notes = D.left ? [t("left", { n: D.left })] : [];
    if (D.missing.length) notes.push(t("missing", { n: D.missing.length }) + few(D.missing));
    if (D.unreadable.length) notes.push(t("unreadable") + few(D.unreadable));
    if (D.over) notes.push(t("over", { n: D.over, m: D.most / 1e6 }));
    $("notes").textContent = notes.join(" ");
  }
  // ── the files, those that differ most first; a row filters the list
  const FEW = 5, MOST = 2000;
  let every = false;
  function worst() {
    const used = D.classes.map((_, k) => D.totals.file.some((row) => row[k + 1]));
    const rows = D.totals.file.map(([name, ...v]) => {
      const differing = v.slice(0, -1).reduce((sum, n, k) => sum + (AGREEING.has(D.classes[k]) ? 0 : n), 0);
      return { name, counts: v.slice(0, -1), values: v.at(-1), differing, share: v.at(-1) ? differing / v.at(-1) : 0 };
    }).sort((x, y) => y.share - x.share || y.differing - x.differing || (x.name < y.name ? -1 : 1));
    const classes = D.classes.map((c, k) => [c, k]).filter(([c, k]) => used[k] && c !== "same");
    const made = table([t("file"), t("share"), "%", ...classes.map(([c]) => t(c)), t("values")],
      rows.slice(0, every ? MOST : FEW).map((r) => [r.name, r.differing, (100 * r.share).toFixed(r.share && r.share < 0.01 ? 2 : 1), ...classes.map(([, k]) => r.counts[k]), r.values]));
    [...made.tBodies[0].rows].forEach((tr, n) => {
      const name = rows[n].name, index = D.names.file.indexOf(name), cell = tr.cells[0], button = el("button", "", name);
      button.type = "button"; button.disabled = index < 0;
      button.onclick = () => { $("f-file").value = $("f-file").value === String(index) ? "" : String(index); refresh(); worst(); };
      cell.replaceChildren(button);
      tr.setAttribute("aria-current", String(index >= 0 && $("f-file").value === String(index)));
    });
    const more = el("button", "", every ? t("few-files", { n: FEW }) : t("all-files", { n: rows.length }));
    more.type = "button"; more.onclick = () => { every = !every; worst(); };
    $("worst").replaceChildren(el("h2", "", t("worst")), made, ...(rows.length > FEW ? [more] : []));
  }
  function heads() {
    $("head").className = "r";
    $("head").replaceChildren(...["class", "kind", "file", "form", "where", "a", "b", "risk"].map((name) => {
      const b = el("button", "", t(name) + (sorted.by === name ? (sorted.down ? " ↓" : " ↑") : "")); b.type = "button"; b.setAttribute("role", "columnheader");
      b.setAttribute("aria-sort", sorted.by !== name ? "none" : sorted.down ? "descending" : "ascending");
      b.onclick = () => { sorted = sorted.by !== name ? { by: name, down: name === "risk" } : { by: name, down: !sorted.down }; at = -1; heads(); refresh(); };
      return b;
    }));
  }
  function words() {
    document.documentElement.lang = lang;
    if (theme) document.documentElement.dataset.theme = theme === 1 ? "light" : "dark"; else delete document.documentElement.dataset.theme;
    for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
    $("language").textContent = t("language"); $("theme").textContent = t(["theme0", "theme1", "theme2"][theme]);
    $("list").setAttribute("aria-label", t("title"));
    choices(); figures(); heads(); refresh();
  }
  function paper() {
    const rows = view.slice(0, PRINTED).map((i) => D.rows[i]);
    const say = (v) => (v === 0 ? t("absent") : v === null ? t("blank") : v);
    const made = table([t("class"), t("file"), t("form"), t("where"), "A", "B"],
      rows.map((r) => [t(r[CLS]), D.names.file[r[FILE]], String(number(r)), label(r), say(r[A]), say(r[B])]));
    const caption = el("caption", "", t("printed", { n: rows.length, m: view.length }));
    $("paper").replaceChildren(caption, ...made.children);
    $("figures").open = every = true;
    worst();
  }

  // ── what people do
  for (const name of FILTERS) $("f-" + name).addEventListener("change", () => { refresh(); if (name === "file") worst(); });
  let waiting = 0;
  $("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => refresh(), 120); });
  $("list").addEventListener("scroll", () => draw(), { passive: true });
  $("window").addEventListener("click", (e) => { const row = e.target.closest(".r"); if (row) go(Number(row.dataset.n)); });
  $("language").onclick = () => { lang = lang === "zh" ? "en" : "zh"; keep.set("language", lang); words(); };
  $("theme").onclick = () => { theme = (theme + 1) % 3; keep.set("theme", theme); words(); };
  $("printer").onclick = () => { paper(); print(); };
  addEventListener("beforeprint", paper);
  addEventListener("resize", () => draw());
  addEventListener("hashchange", open);
  addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName);
    if (typing) { if (e.key === "Escape") { $("list").focus(); e.preventDefault(); } return; }
    const page = Math.max(1, Math.floor($("list").clientHeight / HEIGHT) - 2);
    const keys = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: view.length - 1 };
    if (e.key in keys) { go(keys[e.key]); $("list").focus({ preventScroll: true }); }
    else if (e.key === "/") { $("q").focus(); $("q").select(); }
    else if (e.key === "l") $("language").click();
    else if (e.key === "t") $("theme").click();
    else if (e.key === "Escape") $("list").focus();
    else return;
    e.preventDefault();
  });
  function open() {
    const id = decodeURIComponent(location.hash.slice(1)), n = place.get(id);
    if (n === undefined) return;
    if (!view.includes(n)) { for (const name of FILTERS) $("f-" + name).value = ""; $("q").value = ""; }
    refresh(id);
  }
  words();
  if (location.hash) open();
  document.documentElement.dataset.ready = String(D.rows.length);
})();
