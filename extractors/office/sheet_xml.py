"""Read a workbook of Excel 2003 XML: each visible sheet, its cells as the program shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractors.marked.build import MOST_SLOTS, MarkedTable
from extractors.office.number_formats import shown_date, shown_number
from extractors.office.sheet_page import NONE, Edges, Page, Shown
from extractors.office.sheet_tables import sheet_blocks
from extractors.office.xml_files import SHEET_2003, xml_root
from extractors.refusals import OfficeTooLarge
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Line

S = "{" + SHEET_2003 + "}"
X = "{urn:schemas-microsoft-com:office:excel}"
NAMED_FORMATS = {
    "General Number": "General",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Currency": "#,##0.00",
    "General Date": "yyyy/m/d h:mm",
    "Short Date": "yyyy/m/d",
}
FURTHEST = 1 << 20  # rows or columns that a sheet has at most
ACROSS = "CenterAcrossSelection"
NO_LINE = ("None", "")


@dataclass(frozen=True, slots=True)
class _Style:
    edges: Edges = NONE
    number_format: str = "General"
    across: bool = False


def read_sheet_xml(path: Path, words: Words) -> tuple[list[Line | MarkedTable], list[str]]:
    """(lines and tables, what it holds and does not show). Raises whatever the library raises on a damaged file."""
    root = xml_root(path)
    styles = _styles(root)
    flow: list[Line | MarkedTable] = []
    hidden: list[str] = []
    for sheet in root.iter(S + "Worksheet"):
        name = sheet.get(S + "Name", "")
        shown = sheet.find(f"{X}WorksheetOptions/{X}Visible")
        page = _page(name, sheet.find(S + "Table"), styles)
        if shown is not None and (shown.text or "").startswith("SheetHidden"):
            texts = sum(1 for cell in page.cells.values() if cell.prints)
            hidden.append(f"the hidden sheet {name} ({texts} cells with a value)")
            continue
        blocks, rest = sheet_blocks(page, words)
        flow += blocks
        hidden += rest
    return flow, hidden


def _styles(root: Any) -> dict[str, _Style]:
    """The styles by their names; what one does not say it takes from the one that it is based on, or from Default."""
    out: dict[str, _Style] = {}
    for style in root.iter(S + "Style"):
        base = out.get(style.get(S + "Parent", ""), out.get("Default", _Style()))
        borders, number = style.find(S + "Borders"), style.find(S + "NumberFormat")
        alignment = style.find(S + "Alignment")
        edges = base.edges
        if borders is not None and len(borders):
            drawn = {b.get(S + "Position") for b in borders if b.get(S + "LineStyle", "Continuous") not in NO_LINE}
            edges = Edges(*(side in drawn for side in ("Top", "Bottom", "Left", "Right")))
        code = number.get(S + "Format", "General") if number is not None else base.number_format
        across = base.across if alignment is None else alignment.get(S + "Horizontal") == ACROSS
        out[style.get(S + "ID", "")] = _Style(edges, NAMED_FORMATS.get(code, code), across)
    return out


def _page(name: str, table: Any, styles: dict[str, _Style]) -> Page:
    """A sheet's cells with its merges and what it hides."""
    page = Page(name)
    if table is None:
        return page
    column_styles: dict[int, str] = {}
    covered: dict[int, set[int]] = {}  # by row: columns that a merged cell from above takes
    for col, element, span in _counted(table, "Column"):
        for one in range(col, min(col + span, FURTHEST) + 1):
            column_styles[one] = element.get(S + "StyleID", "")
            if _is_hidden(element, "Width"):
                page.hidden_cols.add(one)
    for row, line, span in _counted(table, "Row"):
        if _is_hidden(line, "Height"):
            page.hidden_rows.update(range(row, row + span + 1))
        for col, cell, _ in _counted(line, "Cell", covered.pop(row, frozenset())):
            own = cell.get(S + "StyleID") or line.get(S + "StyleID") or column_styles.get(col, "")
            style = styles.get(own, styles.get("Default", _Style()))
            page.cells[row, col] = _shown(cell, style)
            wide, high = _number(cell, "MergeAcross"), _number(cell, "MergeDown")
            if wide or high:
                page.merges.append((row, col, row + high, col + wide))
                if high * wide > MOST_SLOTS:
                    raise OfficeTooLarge(detail=f"sheet {name}: a merged cell of {high} rows and {wide} columns")
                for below in range(row + 1, row + high + 1):
                    covered.setdefault(below, set()).update(range(col, col + wide + 1))
    return page


def _counted(parent: Any, tag: str, taken: Collection[int] = ()) -> Iterator[tuple[int, Any, int]]:
    """(number, element, how many more it stands for) of the children of a kind; one that names no number has the next
    that is not taken."""
    at = 0
    for element in parent.findall(S + tag):
        own = _number(element, "Index")
        at = own or at + 1
        while not own and at in taken:
            at += 1
        if at > FURTHEST:
            raise OfficeTooLarge(detail=f"{tag.lower()} {at}")
        span = min(_number(element, "Span"), FURTHEST)
        yield at, element, span
        at += span + (_number(element, "MergeAcross") if tag == "Cell" else 0)


def _number(element: Any, name: str) -> int:
    value = element.get(S + name, "0")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 0


def _is_hidden(element: Any, size: str) -> bool:
    return bool(element.get(S + "Hidden") == "1" or element.get(S + size) == "0")


def _shown(cell: Any, style: _Style) -> Shown:
    data = cell.find(S + "Data")
    text, unreadable = "", None
    if data is not None:
        raw, kind = "".join(data.itertext()), data.get(S + "Type", "String")
        if kind == "Error":
            unreadable = f"the formula's result is the error {raw}"
        else:
            text = _text(raw, kind, style.number_format)
    elif cell.get(S + "Formula"):
        unreadable = "the formula has no stored result; open the file in Excel, save it and give it again"
    return Shown(text, style.edges, unreadable, style.across)


def _text(raw: str, kind: str, number_format: str) -> str:
    """A value as its format shows it; one that is not of the kind it says stays as it stands."""
    try:
        if kind == "Number":
            number = Decimal(raw)
            return shown_number(int(number) if number == number.to_integral_value() else float(raw), number_format)
        if kind == "DateTime":
            return shown_date(datetime.fromisoformat(raw), number_format)
    except (ArithmeticError, ValueError):
        return raw
    return {"1": "TRUE", "0": "FALSE"}.get(raw, raw) if kind == "Boolean" else raw.replace("\r\n", "\n")
