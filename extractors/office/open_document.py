"""Read an OpenDocument text or workbook (.odt, .ods, or flat .fodt, .fods): paragraphs and tables in order, sheets with
cells as shown.

The file itself holds what its program shows of a value, so no format is followed. What it does not show is not read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.marked.build import MOST_SLOTS, Flow, MarkedCell, MarkedTable
from extractors.office.sheet_page import NONE, Edges, Page, Shown
from extractors.office.sheet_tables import sheet_blocks
from extractors.office.xml_files import parsed, xml_root
from extractors.refusals import Encrypted, OfficeTooLarge
from schemas.language.vocabulary import Words
from schemas.model import Line, Unshown

NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, TABLE = (f"{{{NAMES}{name}:1.0}}" for name in ("office", "text", "table"))
STYLE, DRAW = (f"{{{NAMES}{name}:1.0}}" for name in ("style", "drawing"))
FO = f"{{{NAMES}xsl-fo-compatible:1.0}}"
NOT_SHOWN = frozenset({TEXT + "tracked-changes", TEXT + "note", OFFICE + "annotation", TEXT + "hidden-text"})
SIDES = ("top", "bottom", "left", "right")
FURTHEST = 1 << 14  # repeated blank rows and columns beyond are the rest of an endless sheet


@dataclass(slots=True)
class _Styles:
    """What the styles say: the lines around cells, and which rows, columns and sheets are not shown."""

    edges: dict[str, Edges] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)


def read_open_document(path: Path, words: Words) -> tuple[Flow, list[str]]:
    """(lines and tables, what it holds and does not show). Raises Encrypted, and whatever the libraries raise on a
    damaged file."""
    root, common = _roots(path)
    styles = _Styles()
    for part in (common, root):
        if part is not None:
            _read_styles(part, styles)
    sheets = root.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    if sheets is not None:
        return _sheets(sheets, styles, words)
    text = root.find(f"{OFFICE}body/{OFFICE}text")
    if text is None:
        raise ValueError("it holds neither a text nor sheets")
    hidden: list[str] = []
    return list(_flow(text, styles, hidden)), hidden


def _roots(path: Path) -> tuple[Any, Any]:
    """The content and the common styles, None where a flat file or a package without them holds none apart."""
    if not zipfile.is_zipfile(path):
        return xml_root(path), None
    with zipfile.ZipFile(path) as archive:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Encrypted
        common = parsed(archive.read("styles.xml")) if "styles.xml" in archive.namelist() else None
        return parsed(archive.read("content.xml")), common


def _read_styles(root: Any, styles: _Styles) -> None:
    for style in root.iter(STYLE + "style"):
        name = style.get(STYLE + "name", "")
        cell, table = style.find(STYLE + "table-cell-properties"), style.find(STYLE + "table-properties")
        base = styles.edges.get(style.get(STYLE + "parent-style-name", ""), NONE)
        if cell is not None:
            everywhere = cell.get(FO + "border")
            said = [cell.get(f"{FO}border-{side}", everywhere) for side in SIDES]
            own = (base.top, base.bottom, base.left, base.right)
            drawn = [was if text is None else not text.startswith("none") for text, was in zip(said, own, strict=True)]
            base = Edges(*drawn)
        styles.edges[name] = base
        if table is not None and table.get(TABLE + "display") == "false":
            styles.unseen.add(name)


# ── texts


def _flow(parent: Any, styles: _Styles, hidden: list[str]) -> Iterator[str | MarkedTable]:
    """The paragraphs and tables below an element, in order."""
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in NOT_SHOWN:
            continue
        if child.tag in (TEXT + "p", TEXT + "h"):
            yield _inline(child)
            for box in child.iter(DRAW + "text-box"):
                yield from _flow(box, styles, hidden)
        elif child.tag == TABLE + "table":
            yield _table(child, styles, hidden)
        else:
            yield from _flow(child, styles, hidden)


def _inline(element: Any) -> str:
    """The text that a paragraph shows; each run of white space is one blank, as the format says."""
    out = [" ".join((element.text or "").split("\n"))]
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == TEXT + "s":
            out.append(" " * min(_number(child, TEXT + "c", 1), 100))
        elif tag == TEXT + "tab":
            out.append("\t")
        elif tag == TEXT + "line-break":
            out.append("\n")
        elif tag and tag not in NOT_SHOWN and not tag.startswith(DRAW):
            out.append(_inline(child))
        out.append(" ".join((child.tail or "").split("\n")))
    return "".join(out)


def _table(table: Any, styles: _Styles, hidden: list[str]) -> MarkedTable:
    cells: list[MarkedCell] = []
    unseen: list[Unshown] = []
    row = slots = 0
    drawn = False
    for line in _rows(table):
        if _is_unseen(line):
            if shown := " ".join("".join(line.itertext()).split()):
                unseen.append(Unshown(row, f"a hidden row: {shown}"))
            continue
        col = 0
        for box in line:
            if box.tag not in (TABLE + "table-cell", TABLE + "covered-table-cell"):
                continue
            times = min(_number(box, TABLE + "number-columns-repeated", 1), FURTHEST)
            if box.tag == TABLE + "table-cell":
                wide = _number(box, TABLE + "number-columns-spanned", 1)
                high = _number(box, TABLE + "number-rows-spanned", 1)
                slots += wide * high * times
                if slots > MOST_SLOTS:
                    raise OfficeTooLarge(detail=f"more than {MOST_SLOTS} rows and columns")
                flow = tuple(_flow(box, styles, hidden))
                drawn = drawn or bool(styles.edges.get(box.get(TABLE + "style-name", ""), NONE))
                cells += [MarkedCell(row, col + n, high, wide, flow) for n in range(times)]
            col += times
        row += 1
    cols = max((c.col + c.colspan for c in cells), default=0)
    whole = [MarkedCell(c.row, c.col, min(c.rowspan, row - c.row), c.colspan, c.flow) for c in cells]
    return MarkedTable(row, cols, tuple(whole), hidden=tuple(unseen), ruled=drawn)


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table, those in groups too, not those of tables inside."""
    for child in table:
        if child.tag == TABLE + "table-row":
            yield child
        elif child.tag in (TABLE + "table-header-rows", TABLE + "table-rows", TABLE + "table-row-group"):
            yield from _rows(child)


def _is_unseen(element: Any) -> bool:
    return bool(element.get(TABLE + "visibility", "visible") != "visible")


def _number(element: Any, name: str, default: int) -> int:
    value = element.get(name, "")
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) < 9 else default


# ── sheets


def _sheets(parent: Any, styles: _Styles, words: Words) -> tuple[Flow, list[str]]:
    flow: list[Line | MarkedTable] = []
    hidden: list[str] = []
    for sheet in parent.findall(TABLE + "table"):
        page = _page(sheet, styles)
        if sheet.get(TABLE + "style-name", "") in styles.unseen:
            texts = sum(1 for cell in page.cells.values() if cell.prints)
            hidden.append(f"the hidden sheet {page.name} ({texts} cells with a value)")
            continue
        blocks, rest = sheet_blocks(page, words)
        flow += blocks
        hidden += rest
    return flow, hidden


def _page(sheet: Any, styles: _Styles) -> Page:
    """A sheet's cells with its merges and what it hides."""
    page = Page(sheet.get(TABLE + "name", ""))
    by_column: dict[int, str] = {}
    col = 1
    for column in sheet.iter(TABLE + "table-column"):
        times = _number(column, TABLE + "number-columns-repeated", 1)
        for one in range(col, min(col + times, FURTHEST)):
            by_column[one] = column.get(TABLE + "default-cell-style-name", "")
            if _is_unseen(column):
                page.hidden_cols.add(one)
        col += times
    row = 1
    for line in _rows(sheet):
        times = _number(line, TABLE + "number-rows-repeated", 1)
        filled = list(_row_cells(line, by_column, styles))
        for one in range(row, row + (times if any(shown.prints for _, shown, _ in filled) else min(times, 1))):
            if len(page.cells) > MOST_SLOTS:
                raise OfficeTooLarge(detail=f"sheet {page.name}: more than {MOST_SLOTS} cells")
            for at, shown, (high, wide) in filled:
                page.cells[one, at] = shown
                if high > 1 or wide > 1:
                    page.merges.append((one, at, one + high - 1, at + wide - 1))
        if _is_unseen(line):
            page.hidden_rows.update(range(row, row + min(times, FURTHEST)))
        row += times
    return page


def _row_cells(line: Any, by_column: dict[int, str], styles: _Styles) -> Iterator[tuple[int, Shown, tuple[int, int]]]:
    """(column, what it shows, (height, width)) of the cells of a row; those beyond the last one with a text or lines
    are left out."""
    at = 1
    boxes = [box for box in line if box.tag in (TABLE + "table-cell", TABLE + "covered-table-cell")]
    for box in boxes:
        times = _number(box, TABLE + "number-columns-repeated", 1)
        own = box.get(TABLE + "style-name")
        text = "\n".join(_inline(p) for p in box.findall(TEXT + "p")) if box.tag == TABLE + "table-cell" else ""
        failed = box.get(TABLE + "formula") is not None and text.startswith(("#", "Err:"))
        error = f"the formula's result is the error {text}" if failed else None
        shown = Shown("" if error else text, styles.edges.get(own or by_column.get(at, ""), NONE), error)
        span = (_number(box, TABLE + "number-rows-spanned", 1), _number(box, TABLE + "number-columns-spanned", 1))
        if shown.prints or shown.bordered or box is not boxes[-1]:
            for one in range(at, min(at + times, FURTHEST)):
                yield one, shown, span
        at += times
