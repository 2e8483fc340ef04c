"""Read a workbook (.xlsx, .xls): each visible sheet, its cells as the program shows them."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import IO, Any

from extractors.marked.build import MOST_SLOTS, MarkedTable
from extractors.office.number_formats import shown_date, shown_number
from extractors.office.sheet_page import NONE, Edges, Page, Shown
from extractors.office.sheet_tables import sheet_blocks
from extractors.refusals import OfficeTooLarge
from schemas.language.sheet_words import DATES
from schemas.language.vocabulary import Words
from schemas.model import Line

FORMULAS = re.compile(rb"<(?:\w+:)?f[ >/]")
A_T = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
ACROSS, OLD_ACROSS = "centerContinuous", 6  # an alignment: centered over this cell and the blank ones behind it
MOST_SHEETS = 500  # a workbook with more is no filing


def read_workbook(source: Path | IO[bytes], words: Words) -> tuple[list[Line | MarkedTable], list[str]]:
    """(lines and tables of an .xlsx, what it holds and does not show). Raises what the library raises."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of drop-down lists and the like, which show nothing
        book: Any = openpyxl.load_workbook(source, data_only=True)
        formulas: Any = openpyxl.load_workbook(source) if _has_formulas(source) else None
    flow: list[Line | MarkedTable] = []
    hidden = [f"a text box or drawing: {text}" for text in _drawn_texts(source)]
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
        blocks, rest = sheet_blocks(page, words)
        flow += blocks
        hidden += rest
    return flow, hidden


def _extent(sheet: Any) -> str:
    texts = sum(1 for cell in sheet._cells.values() if cell.value is not None)
    return f" ({texts} cells with a value)"


def _has_formulas(source: Path | IO[bytes]) -> bool:
    with zipfile.ZipFile(source) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        return any(FORMULAS.search(archive.read(name)) for name in names)


def _drawn_texts(source: Path | IO[bytes]) -> Iterator[str]:
    """The texts of text boxes and shapes: they stand over the cells, in none of them."""
    from lxml import etree

    with zipfile.ZipFile(source) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("xl/drawings/drawing") and name.endswith(".xml"):
                root = etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
                if text := "".join(t.text or "" for t in root.iter(A_T)).strip():
                    yield text


def _shown(cell: Any, formula: Any, epoch: Any) -> Shown:
    value = cell.value
    edges = _edges(cell.border)
    across = cell.has_style and cell.alignment.horizontal == ACROSS
    if value is None and formula is not None:
        text = formula if isinstance(formula, str) else getattr(formula, "text", None) or "a formula"
        return Shown("", edges, f"{text} has no stored result; open the file in Excel, save it and give it again")
    if cell.data_type == "e":
        return Shown("", edges, f"the formula's result is the error {value}")
    number = getattr(getattr(cell, "_style", None), "numFmtId", 0)
    number_format = DATES.get(number, cell.number_format)
    if number in DATES and isinstance(value, (int, float)) and not isinstance(value, bool):
        from openpyxl.utils.datetime import from_excel

        value = from_excel(value, epoch)
    return Shown(_text(value, number_format), edges, across=across)


def _edges(border: Any) -> Edges:
    sides = (getattr(border, name, None) for name in ("top", "bottom", "left", "right"))
    return Edges(*(side is not None and bool(side.style) for side in sides))


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


def read_old_workbook(path: Path, words: Words) -> tuple[list[Line | MarkedTable], list[str]]:
    """(lines and tables of an .xls, what it holds and does not show). Raises what the library raises."""
    import xlrd

    book = xlrd.open_workbook(str(path), formatting_info=True, on_demand=True, logfile=StringIO())
    flow: list[Line | MarkedTable] = []
    hidden = []
    if book.nsheets > MOST_SHEETS:
        raise OfficeTooLarge(detail=f"{book.nsheets} sheets")
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        if sheet.visibility:
            texts = sum(1 for r in range(sheet.nrows) for t in sheet.row_types(r) if t not in (0, 6))
            hidden.append(f"the hidden sheet {sheet.name} ({texts} cells with a value)")
        else:
            blocks, rest = sheet_blocks(_old_page(sheet, book), words)
            flow += blocks
            hidden += rest
        book.unload_sheet(number)
    return flow, hidden


def _old_page(sheet: Any, book: Any) -> Page:
    page = Page(sheet.name)
    # one cell far away makes millions between: cells that the file does not hold are blank there, without borders
    sparse = sheet.nrows * sheet.ncols > MOST_SLOTS
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        if sparse and not any(kinds):
            continue
        for col, kind in enumerate(kinds):
            if kind or not sparse:
                page.cells[row + 1, col + 1] = _old_shown(sheet.cell(row, col), book)
        if len(page.cells) > MOST_SLOTS:
            raise OfficeTooLarge(detail=f"sheet {sheet.name}: more than {MOST_SLOTS} cells")
    page.merges = [(r0 + 1, c0 + 1, r1, c1) for r0, r1, c0, c1 in sheet.merged_cells]
    page.hidden_rows = {r + 1 for r, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    page.hidden_cols = {c + 1 for c, info in sheet.colinfo_map.items() if info.hidden or info.width == 0}
    return page


def _old_edges(border: Any) -> Edges:
    return Edges(*(bool(getattr(border, f"{name}_line_style")) for name in ("top", "bottom", "left", "right")))


def _old_shown(cell: Any, book: Any) -> Shown:
    import xlrd

    style = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
    edges = _old_edges(style.border) if style is not None else NONE
    across = style is not None and style.alignment.hor_align == OLD_ACROSS
    number = style.format_key if style is not None else 0
    known = book.format_map.get(number)
    number_format = DATES.get(number, known.format_str if known is not None else "General")
    if cell.ctype == xlrd.XL_CELL_ERROR:
        error = xlrd.error_text_from_code.get(cell.value, cell.value)
        return Shown("", edges, f"the formula's result is the error {error}")
    value: Any = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE or (cell.ctype == xlrd.XL_CELL_NUMBER and number in DATES):
        value = xlrd.xldate_as_datetime(cell.value, book.datemode)
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        value = bool(cell.value)
    elif cell.ctype == xlrd.XL_CELL_NUMBER and float(cell.value).is_integer():
        value = int(cell.value)
    return Shown(_text(value, number_format), edges, across=across)
