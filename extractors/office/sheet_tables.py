"""From a sheet to lines and tables.

Rows without borders that print one text, or labels with colons, stand outside the table: titles, 填报单位, 单位：万元.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from extractors.marked.build import MOST_SLOTS, MarkedCell, MarkedTable, make_line
from extractors.marked.loose import regrown
from extractors.marked.side_by_side import Band, Extent, bands
from extractors.office.sheet_page import BLANK, Page, Shown
from extractors.refusals import OfficeTooLarge
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Line, Place, Unshown

LABEL = re.compile(r"[:：]")
MOST_SAID = 20  # hidden rows and columns that are told one by one

Parts = list[Line | MarkedTable]


@dataclass(frozen=True, slots=True)
class _Area:
    """A visible area of a sheet that is one cell: visible rows and columns, and the cell that holds its text."""

    rows: tuple[int, ...]
    cols: tuple[int, ...]
    shown: Shown
    place: Place

    @property
    def text(self) -> str:
        return self.shown.text.strip()

    @property
    def prints(self) -> bool:
        return self.shown.prints


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a sheet that is read by itself: its visible rows and columns, and the areas that begin in each row."""

    name: str
    rows: Sequence[int]
    cols: Sequence[int]
    by_row: Mapping[int, Sequence[_Area]]

    @property
    def areas(self) -> Iterator[_Area]:
        return (area for row in self.rows for area in self.by_row[row])


def sheet_blocks(page: Page, words: Words) -> tuple[Parts, list[str]]:
    """The lines and tables of a sheet from top to bottom, those of forms side by side one after the other, and what it
    hides where it has no table. Raises OfficeTooLarge."""
    out: Parts = []
    spans: dict[int, Sequence[int]] = {}  # by position in `out`: the sheet's rows of a table
    for part in _parts(page, words):
        for rows, blocks in _runs(part, words):
            if blocks and isinstance(blocks[0], MarkedTable):
                spans[len(out)] = rows
            out += blocks
    return _say_hidden(page, out, spans)


# ── cells


def _parts(page: Page, words: Words) -> Iterator[_Part]:
    """The sheet as one part, or as several where forms stand side by side."""
    areas, rows, cols = _areas(page)
    texts = [Extent(a.text, a.rows[0], a.rows[-1] + 1, a.cols[0], a.cols[-1] + 1) for a in areas if a.prints]
    for band in bands(texts, words):
        inside = [r for r in rows if band.top <= r < band.bottom]
        by_row: dict[int, list[_Area]] = {row: [] for row in inside}
        for area in areas:
            if band.holds(area.rows[0], area.cols[0]):
                by_row[area.rows[0]].append(area)
        yield _Part(page.name, inside, _columns(cols, band), by_row)


def _columns(cols: Sequence[int], band: Band) -> list[int]:
    return [c for c in cols if band.left <= c < band.right]


def _areas(page: Page) -> tuple[list[_Area], list[int], list[int]]:
    """The visible cells within the rows and columns that hold text; with these rows and columns."""
    merges = page.seen_as_one()
    merged = {(m[0], m[1]): m for m in merges}
    boxes = [merged.get(at, (*at, *at)) for at, shown in page.cells.items() if shown.prints]
    if not boxes:
        return [], [], []
    top, left = min(b[0] for b in boxes), min(b[1] for b in boxes)
    bottom, right = max(b[2] for b in boxes), max(b[3] for b in boxes)
    if (bottom - top + 1) * (right - left + 1) > MOST_SLOTS:
        raise OfficeTooLarge(detail=f"sheet {page.name}: {bottom - top + 1} rows of {right - left + 1} columns")
    rows = [r for r in range(top, bottom + 1) if r not in page.hidden_rows]
    cols = [c for c in range(left, right + 1) if c not in page.hidden_cols]
    areas: list[_Area] = []
    covered: set[tuple[int, int]] = set()
    for r0, c0, r1, c1 in merges:
        own_rows = tuple(r for r in range(max(r0, top), min(r1, bottom) + 1) if r not in page.hidden_rows)
        own_cols = tuple(c for c in range(max(c0, left), min(c1, right) + 1) if c not in page.hidden_cols)
        if not own_rows or not own_cols:
            continue
        covered.update((r, c) for r in own_rows for c in own_cols)
        areas.append(
            _Area(own_rows, own_cols, _whole(page, (r0, c0, r1, c1)), Place(line=r0, column=c0, sheet=page.name))
        )
    for r in rows:
        for c in cols:
            if (r, c) not in covered:
                shown = page.cells.get((r, c), BLANK)
                areas.append(_Area((r,), (c,), shown, Place(line=r, column=c, sheet=page.name)))
    return areas, rows, cols


def _whole(page: Page, area: tuple[int, int, int, int]) -> Shown:
    """What an area shows: the text that stands in it, in its first cell but for names that nobody merged."""
    top, left, bottom, right = area
    corners = [page.cells.get(at, BLANK) for at in ((top, left), (bottom, right), (bottom, left))]
    edges = next((c.edges for c in corners if c.bordered), corners[0].edges)
    if corners[0].prints or area in page.merges:
        return replace(corners[0], edges=edges)
    inside = (page.cells.get((r, c), BLANK) for r in range(top, bottom + 1) for c in range(left, right + 1))
    return replace(next((shown for shown in inside if shown.prints), BLANK), edges=edges)


# ── rows


def _runs(part: _Part, words: Words) -> Iterator[tuple[Sequence[int], Parts]]:
    """The rows of a part with the lines that each prints, or together with the table that they are."""
    kinds = _kinds(part)
    start = None
    for i, row in enumerate([*part.rows, None]):
        kind = kinds[i] if row is not None else "end"
        if kind == "table":
            start = i if start is None else start
            continue
        if start is not None:
            rows = part.rows[start:i]
            yield rows, [regrown(_table(part, rows), words, levels=False)]
            start = None
        if row is not None and kind == "line":
            yield [row], list(_lines(sorted(part.by_row[row], key=lambda a: a.cols[0])))


def _kinds(part: _Part) -> list[str]:
    """What each row is: blank, a line, or a row of a table."""
    texts: Counter[int] = Counter(r for area in part.areas if area.prints for r in area.rows)
    tall = [area for area in part.areas if len(area.rows) > 1 and area.text]
    # a title may be merged over several rows; beside other texts, or with borders, a tall cell is a table's
    inside = {r for a in tall if a.shown.bordered or any(texts[r] > 1 for r in a.rows) for r in a.rows}
    kinds = ["table" if r in inside else _kind(part.by_row[r]) for r in part.rows]
    if not any(area.shown.bordered and area.text for area in part.areas):
        # without borders, a lone text in the middle is a row of the table
        first = next((i for i, kind in enumerate(kinds) if kind == "table"), len(kinds))
        last = max((i for i, kind in enumerate(kinds) if kind == "table"), default=-1)
        kinds[first : last + 1] = ["table"] * (last + 1 - first)
    return kinds


def _kind(areas: Sequence[_Area]) -> str:
    """Whether a row is blank, a line outside the table, or a row of the table."""
    texts = [area for area in areas if area.prints]
    if any(area.shown.bordered for area in texts) or (not texts and any(a.shown.bordered for a in areas)):
        return "table"
    if not texts:
        return "blank"
    labelled = sum(1 for area in texts if LABEL.search(area.text))
    return "line" if len(texts) == 1 or labelled * 2 >= len(texts) else "table"


def _lines(areas: Sequence[_Area]) -> Iterator[Line]:
    """The texts of a row, each line of a cell by itself; a label that ends with a colon takes its value along."""
    texts = [area for area in areas if area.prints]
    i = 0
    while i < len(texts):
        text, place = texts[i].shown.text, texts[i].place
        while texts[i].text.endswith((":", "：")) and i + 1 < len(texts) and not LABEL.search(texts[i + 1].text):
            i += 1
            text += texts[i].text
        for part in text.split("\n"):
            if part.strip():
                yield make_line(part, place)
        i += 1


def _table(part: _Part, rows: Sequence[int]) -> MarkedTable:
    """The rows of a part as a table; columns that are blank at its sides are left out."""
    areas = [area for row in rows for area in part.by_row[row]]
    used = [c for area in areas if area.prints for c in area.cols]
    first, last = min(used, default=part.cols[0]), max(used, default=part.cols[-1])
    cols = [c for c in part.cols if first <= c <= last]
    at_row, at_col = {r: i for i, r in enumerate(rows)}, {c: i for i, c in enumerate(cols)}
    cells = []
    for area in areas:
        own = [at_col[c] for c in area.cols if c in at_col]
        high = [at_row[r] for r in area.rows if r in at_row]
        if own and high:
            flow = (area.shown.text,) if area.text else ()
            cells.append(MarkedCell(high[0], own[0], len(high), len(own), flow, area.place, area.shown.unreadable))
    where = f"sheet {part.name}, {reference(rows[0], cols[0])} to {reference(rows[-1], cols[-1])}"
    drawn = any(area.shown.bordered for area in areas)
    return MarkedTable(len(rows), len(cols), tuple(cells), (where,), ruled=drawn)


# ── what is hidden


def _say_hidden(
    page: Page, blocks: list[Line | MarkedTable], spans: Mapping[int, Sequence[int]]
) -> tuple[list[Line | MarkedTable], list[str]]:
    """The blocks with each hidden row or column that holds text noted on the table that it stands in or before."""
    said: dict[int, list[Unshown]] = {at: [] for at in spans}
    rest: list[str] = []
    for number, text, place in _hidden_texts(page):
        at = next((i for i, rows in spans.items() if number is None or number < rows[-1]), max(spans, default=None))
        if at is None:
            rest.append(text)
            continue
        rows = spans[at]
        row = 0 if number is None else min(sum(1 for r in rows if r < number), len(rows) - 1)
        if len(said[at]) < MOST_SAID:
            said[at].append(Unshown(row, text, place))
        elif len(said[at]) == MOST_SAID:
            said[at].append(Unshown(row, "and more hidden rows and columns", Place(sheet=page.name)))
    out = [replace(b, hidden=tuple(said[i])) if isinstance(b, MarkedTable) else b for i, b in enumerate(blocks)]
    return out, rest


def _hidden_texts(page: Page) -> Iterator[tuple[int | None, str, Place]]:
    """(hidden row of the sheet, or None for a column; what it holds; where that begins), rows first."""
    rows: dict[int, list[str]] = {}
    cols: dict[int, list[str]] = {}
    for (row, col), shown in sorted(page.cells.items()):
        if shown.text.strip() and row in page.hidden_rows:
            rows.setdefault(row, []).append(shown.text.strip())
        elif shown.text.strip() and col in page.hidden_cols:
            cols.setdefault(col, []).append(shown.text.strip())
    for row, texts in sorted(rows.items()):
        place = Place(line=row, column=min(c for r, c in page.cells if r == row), sheet=page.name)
        yield row, f"hidden row {row} of sheet {page.name}: {' | '.join(texts)}", place
    for col, texts in sorted(cols.items()):
        first = min(r for r, c in page.cells if c == col and r not in page.hidden_rows)
        place = Place(line=first, column=col, sheet=page.name)
        yield None, f"hidden column {column_name(col)} of sheet {page.name}: {' | '.join(texts)}", place


def column_name(number: int) -> str:
    """A column's letters: 1 is A, 28 is AB."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def reference(row: int, col: int) -> str:
    """A cell's reference: B7."""
    return f"{column_name(col)}{row}"
