"""Read a workbook (.xlsx, .xls): each visible sheet as lines and tables, its cells as the program shows them.

Rows without borders that print one text, or labels with colons, stand outside the table: titles, 填报单位, 单位：万元.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from extractors.office.build import MOST_SLOTS, MarkedCell, MarkedTable, make_line
from extractors.office.number_formats import CHINESE_DATES, shown_date, shown_number
from extractors.refusals import OfficeTooLarge
from schemas.model import Line, Place

FORMULAS = re.compile(rb"<(?:\w+:)?f[ >/]")
LABEL = re.compile(r"[:：]")
A_T = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
MOST_SHEETS = 500  # a workbook with more is no filing
MOST_SAID = 20  # hidden rows and columns that are told one by one


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as shown: its text, whether a border is drawn at it, why its value cannot be read."""

    text: str
    bordered: bool = False
    unreadable: str | None = None


@dataclass(slots=True)
class Page:
    """A visible sheet. Rows and columns count from 1; merges are (top, left, bottom, right), all inclusive."""

    name: str
    cells: dict[tuple[int, int], Shown] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)


def read_workbook(path: Path) -> tuple[list[Line | MarkedTable], list[str]]:
    """(lines and tables of an .xlsx, what it holds and does not show). Raises what the library raises."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of drop-down lists and the like, which show nothing
        book: Any = openpyxl.load_workbook(path, data_only=True)
        formulas: Any = openpyxl.load_workbook(path) if _has_formulas(path) else None
    flow: list[Line | MarkedTable] = []
    hidden = [f"a text box or drawing: {text}" for text in _drawn_texts(path)]
    if len(book.worksheets) > MOST_SHEETS:
        raise OfficeTooLarge(detail=f"{len(book.worksheets)} sheets")
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(f"the hidden sheet {sheet.title}{_extent(sheet)}")
            continue
        page = Page(sheet.title)
        asked = formulas[sheet.title] if formulas is not None else None
        for (row, col), cell in sheet._cells.items():
            formula = asked._cells[row, col].value if asked is not None and (row, col) in asked._cells else None
            page.cells[row, col] = _shown(cell, formula, book.epoch)
        page.merges = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges]
        page.hidden_rows = {r for r, d in sheet.row_dimensions.items() if d.hidden or d.height == 0}
        for each in sheet.column_dimensions.values():
            if each.hidden or each.width == 0:
                page.hidden_cols.update(range(each.min, min(each.max, 16384) + 1))
        blocks, rest = page_blocks(page)
        flow += blocks
        hidden += rest
    return flow, hidden


def _extent(sheet: Any) -> str:
    texts = sum(1 for cell in sheet._cells.values() if cell.value is not None)
    return f" ({texts} cells with a value)"


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        return any(FORMULAS.search(archive.read(name)) for name in names)


def _drawn_texts(path: Path) -> Iterator[str]:
    """The texts of text boxes and shapes: they stand over the cells, in none of them."""
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("xl/drawings/drawing") and name.endswith(".xml"):
                root = etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
                if text := "".join(t.text or "" for t in root.iter(A_T)).strip():
                    yield text


def _shown(cell: Any, formula: Any, epoch: Any) -> Shown:
    value = cell.value
    border = cell.border
    bordered = bool(border and any(s is not None and s.style for s in (border.top, border.bottom, border.left)))
    if value is None and formula is not None:
        text = formula if isinstance(formula, str) else getattr(formula, "text", None) or "a formula"
        return Shown("", bordered, f"{text} has no stored result; open the file in Excel, save it and give it again")
    if cell.data_type == "e":
        return Shown("", bordered, f"the formula's result is the error {value}")
    number = getattr(getattr(cell, "_style", None), "numFmtId", 0)
    number_format = CHINESE_DATES.get(number, cell.number_format)
    if number in CHINESE_DATES and isinstance(value, (int, float)) and not isinstance(value, bool):
        from openpyxl.utils.datetime import from_excel

        value = from_excel(value, epoch)
    return Shown(_text(value, number_format), bordered)


def _text(value: Any, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (datetime, date, time, timedelta)):
        return shown_date(value, number_format)
    if isinstance(value, (int, float)):
        return shown_number(value, number_format)
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")


def read_old_workbook(path: Path) -> tuple[list[Line | MarkedTable], list[str]]:
    """(lines and tables of an .xls, what it holds and does not show). Raises what the library raises."""
    import xlrd

    book = xlrd.open_workbook(str(path), formatting_info=True, logfile=StringIO())
    flow: list[Line | MarkedTable] = []
    hidden = []
    if book.nsheets > MOST_SHEETS:
        raise OfficeTooLarge(detail=f"{book.nsheets} sheets")
    for sheet in book.sheets():
        if sheet.visibility:
            texts = sum(1 for r in range(sheet.nrows) for t in sheet.row_types(r) if t not in (0, 6))
            hidden.append(f"the hidden sheet {sheet.name} ({texts} cells with a value)")
            continue
        blocks, rest = page_blocks(_old_page(sheet, book))
        flow += blocks
        hidden += rest
    return flow, hidden


def _old_page(sheet: Any, book: Any) -> Page:
    page = Page(sheet.name)
    for row in range(sheet.nrows):
        for col in range(sheet.row_len(row)):
            page.cells[row + 1, col + 1] = _old_shown(sheet.cell(row, col), book)
    page.merges = [(r0 + 1, c0 + 1, r1, c1) for r0, r1, c0, c1 in sheet.merged_cells]
    page.hidden_rows = {r + 1 for r, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    page.hidden_cols = {c + 1 for c, info in sheet.colinfo_map.items() if info.hidden or info.width == 0}
    return page


def _old_shown(cell: Any, book: Any) -> Shown:
    import xlrd

    style = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
    bordered = style is not None and any(
        (style.border.top_line_style, style.border.bottom_line_style, style.border.left_line_style)
    )
    number = style.format_key if style is not None else 0
    known = book.format_map.get(number)
    number_format = CHINESE_DATES.get(number, known.format_str if known is not None else "General")
    if cell.ctype == xlrd.XL_CELL_ERROR:
        error = xlrd.error_text_from_code.get(cell.value, cell.value)
        return Shown("", bordered, f"the formula's result is the error {error}")
    value: Any = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE or (cell.ctype == xlrd.XL_CELL_NUMBER and number in CHINESE_DATES):
        value = xlrd.xldate_as_datetime(cell.value, book.datemode)
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        value = bool(cell.value)
    elif cell.ctype == xlrd.XL_CELL_NUMBER and float(cell.value).is_integer():
        value = int(cell.value)
    return Shown(_text(value, number_format), bordered)


# ── from a sheet to lines and tables


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


def page_blocks(page: Page) -> tuple[list[Line | MarkedTable], list[str]]:
    """The lines and tables of a sheet from top to bottom, and what it hides where it has no table. Raises
    OfficeTooLarge."""
    areas, rows, cols = _areas(page)
    by_row: dict[int, list[_Area]] = {row: [] for row in rows}
    for area in areas:
        by_row[area.rows[0]].append(area)
    drawn = any(area.shown.bordered and area.text for area in areas)
    texts: Counter[int] = Counter(r for area in areas if area.text or area.shown.unreadable for r in area.rows)
    tall = [area for area in areas if len(area.rows) > 1 and area.text]
    # a title may be merged over several rows; beside other texts, or with borders, a tall cell is a table's
    inside = {r for a in tall if a.shown.bordered or any(texts[r] > 1 for r in a.rows) for r in a.rows}
    kinds = ["table" if r in inside else _kind(by_row[r]) for r in rows]
    if not drawn:  # without borders, a lone text in the middle is a row of the table
        first = next((i for i, kind in enumerate(kinds) if kind == "table"), len(kinds))
        last = max((i for i, kind in enumerate(kinds) if kind == "table"), default=-1)
        kinds[first : last + 1] = ["table"] * (last + 1 - first)
    out: list[Line | MarkedTable] = []
    spans: dict[int, Sequence[int]] = {}  # by position in `out`: the sheet's rows of a table
    start = None
    for i, row in enumerate([*rows, None]):
        kind = kinds[i] if row is not None else "end"
        if kind == "table":
            start = i if start is None else start
            continue
        if start is not None:
            spans[len(out)] = rows[start:i]
            out.append(_table(page, rows[start:i], cols, by_row))
            start = None
        if row is not None and kind == "line":
            out += _lines(sorted(by_row[row], key=lambda a: a.cols[0]))
    return _say_hidden(page, out, spans)


def _areas(page: Page) -> tuple[list[_Area], list[int], list[int]]:
    """The visible cells within the rows and columns that hold text; with these rows and columns."""
    merged: dict[tuple[int, int], tuple[int, int, int, int]] = {(m[0], m[1]): m for m in page.merges}
    boxes = [merged.get(at, (*at, *at)) for at, shown in page.cells.items() if shown.text.strip() or shown.unreadable]
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
    for r0, c0, r1, c1 in page.merges:
        own_rows = tuple(r for r in range(max(r0, top), min(r1, bottom) + 1) if r not in page.hidden_rows)
        own_cols = tuple(c for c in range(max(c0, left), min(c1, right) + 1) if c not in page.hidden_cols)
        if not own_rows or not own_cols:
            continue
        covered.update((r, c) for r in own_rows for c in own_cols)
        edge = [page.cells.get((r, c), Shown("")) for r, c in ((r0, c0), (r1, c1), (r1, c0))]
        shown = Shown(edge[0].text, any(e.bordered for e in edge), edge[0].unreadable)
        areas.append(_Area(own_rows, own_cols, shown, Place(line=r0, column=c0, sheet=page.name)))
    for r in rows:
        for c in cols:
            if (r, c) not in covered:
                shown = page.cells.get((r, c), Shown(""))
                areas.append(_Area((r,), (c,), shown, Place(line=r, column=c, sheet=page.name)))
    return areas, rows, cols


def _kind(areas: Sequence[_Area]) -> str:
    """Whether a row is blank, a line outside the table, or a row of the table."""
    texts = [area for area in areas if area.text or area.shown.unreadable]
    if any(area.shown.bordered for area in texts) or (not texts and any(a.shown.bordered for a in areas)):
        return "table"
    if not texts:
        return "blank"
    labelled = sum(1 for area in texts if LABEL.search(area.text))
    return "line" if len(texts) == 1 or labelled * 2 >= len(texts) else "table"


def _lines(areas: Sequence[_Area]) -> Iterator[Line]:
    """The texts of a row, each line of a cell by itself; a label that ends with a colon takes its value along."""
    texts = [area for area in areas if area.text or area.shown.unreadable]
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


def _table(page: Page, rows: Sequence[int], cols: Sequence[int], by_row: dict[int, list[_Area]]) -> MarkedTable:
    areas = [area for row in rows for area in by_row[row]]
    used = [c for area in areas if area.text or area.shown.unreadable for c in area.cols]
    first, last = min(used, default=cols[0]), max(used, default=cols[-1])
    cols = [c for c in cols if first <= c <= last]
    at_row, at_col = {r: i for i, r in enumerate(rows)}, {c: i for i, c in enumerate(cols)}
    cells = []
    for area in areas:
        own = [c for c in area.cols if c in at_col]
        high = [r for r in area.rows if r in at_row]
        if own and high:
            cells.append(
                MarkedCell(
                    at_row[high[0]],
                    at_col[own[0]],
                    len(high),
                    len(own),
                    (area.shown.text,) if area.text else (),
                    area.place,
                    area.shown.unreadable,
                )
            )
    where = f"sheet {page.name}, {reference(rows[0], cols[0])} to {reference(rows[-1], cols[-1])}"
    drawn = any(area.shown.bordered for area in areas)
    return MarkedTable(len(rows), len(cols), tuple(cells), (where,), ruled=drawn)


def _say_hidden(
    page: Page, blocks: list[Line | MarkedTable], spans: Mapping[int, Sequence[int]]
) -> tuple[list[Line | MarkedTable], list[str]]:
    """The blocks with each hidden row or column that holds text noted on the table that it stands in or before."""
    said: dict[int, list[tuple[int, str]]] = {at: [] for at in spans}
    rest: list[str] = []
    for number, text in _hidden_texts(page):
        at = next((i for i, rows in spans.items() if number is None or number < rows[-1]), max(spans, default=None))
        if at is None:
            rest.append(text)
            continue
        rows = spans[at]
        row = 0 if number is None else min(sum(1 for r in rows if r < number), len(rows) - 1)
        if len(said[at]) < MOST_SAID:
            said[at].append((row, text))
        elif len(said[at]) == MOST_SAID:
            said[at].append((row, "and more hidden rows and columns"))
    out = [replace(b, hidden=tuple(said[i])) if isinstance(b, MarkedTable) else b for i, b in enumerate(blocks)]
    return out, rest


def _hidden_texts(page: Page) -> Iterator[tuple[int | None, str]]:
    """(hidden row of the sheet, or None for a column; what it holds), rows first."""
    rows: dict[int, list[str]] = {}
    cols: dict[int, list[str]] = {}
    for (row, col), shown in sorted(page.cells.items()):
        if shown.text.strip() and row in page.hidden_rows:
            rows.setdefault(row, []).append(shown.text.strip())
        elif shown.text.strip() and col in page.hidden_cols:
            cols.setdefault(col, []).append(shown.text.strip())
    for row, texts in sorted(rows.items()):
        yield row, f"hidden row {row} of sheet {page.name}: {' | '.join(texts)}"
    for col, texts in sorted(cols.items()):
        yield None, f"hidden column {column_name(col)} of sheet {page.name}: {' | '.join(texts)}"


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
