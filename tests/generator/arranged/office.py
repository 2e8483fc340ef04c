"""Prints layouts as Word, Excel and HTML files: one table with merged cells, the lines above it as they stand."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter

from ..layout import Heading, Layout, Placed, Table

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>",
}  # fmt: skip
TWIPS = 9000  # of a table's width
BORDERS = "".join(f'<w:{s} w:val="single" w:sz="4"/>' for s in ("top", "left", "bottom", "right", "insideH", "insideV"))


def _lines(part: Heading) -> str:
    return "\u3000\u3000\u3000".join(text for _, text in part.texts)


def write_docx(path: Path, layout: Layout) -> Path:
    body = "".join(
        _word_table(p) if isinstance(p, Table) else _paragraph(_lines(p))
        for p in layout.parts
        if isinstance(p, (Heading, Table))
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in PARTS.items():
            out.writestr(name, text)
        out.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return path


def _paragraph(text: str) -> str:
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{html.escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def _word_table(table: Table) -> str:
    grid = "".join(f'<w:gridCol w:w="{int(w / sum(table.widths) * TWIPS)}"/>' for w in table.widths)
    rows: list[dict[int, str]] = [{} for _ in table.rows]
    for p in table.placed():
        for n in range(p.cell.down):
            rows[p.row + n][p.column] = _word_cell(p, n)
    body = "".join(f"<w:tr>{''.join(cells[c] for c in sorted(cells))}</w:tr>" for cells in rows)
    return (
        f"<w:tbl><w:tblPr><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )


def _word_cell(p: Placed, row: int) -> str:
    span = f'<w:gridSpan w:val="{p.cell.across}"/>' if p.cell.across > 1 else ""
    merge = "" if p.cell.down == 1 else '<w:vMerge w:val="restart"/>' if row == 0 else "<w:vMerge/>"
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{_paragraph(p.cell.text if row == 0 else '')}</w:tc>"


def write_xlsx(path: Path, layout: Layout) -> Path:
    book = Workbook()
    sheet = book.active
    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    table = next(part for part in layout.parts if isinstance(part, Table))
    for n, width in enumerate(table.widths):
        sheet.column_dimensions[get_column_letter(n + 1)].width = 4 * width
    top = 1
    for part in layout.parts:
        if isinstance(part, Heading):
            sheet.cell(top, 1, _lines(part))
            sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=len(table.widths))
            top += 1
        elif isinstance(part, Table):
            for p in part.placed():
                cell = sheet.cell(top + p.row, 1 + p.column, p.cell.text or None)
                cell.data_type = "s" if p.cell.text else "n"  # =5 is a text, and no formula
                cell.number_format = "@"
                cell.alignment = Alignment(wrap_text=True, vertical="center")
                last_row, last_column = top + p.row + p.cell.down - 1, p.column + p.cell.across
                for r in range(top + p.row, last_row + 1):
                    for c in range(1 + p.column, last_column + 1):
                        sheet.cell(r, c).border = border
                if p.cell.down > 1 or p.cell.across > 1:
                    sheet.merge_cells(
                        start_row=top + p.row, end_row=last_row, start_column=1 + p.column, end_column=last_column
                    )
            top += len(part.rows)
    book.save(path)
    return path


def write_html(path: Path, layout: Layout) -> Path:
    body = "".join(
        _html_table(p) if isinstance(p, Table) else f"<p>{html.escape(_lines(p))}</p>"
        for p in layout.parts
        if isinstance(p, (Heading, Table))
    )
    path.write_text(f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>", encoding="utf-8")
    return path


def write_sheet_page(path: Path, layout: Layout) -> Path:
    """As programs save a sheet as a page: the lines above and below are rows of the one table."""
    columns = max(len(p.widths) for p in layout.parts if isinstance(p, Table))
    lines = [
        "".join(_html_rows(p))
        if isinstance(p, Table)
        else f'<tr><td colspan="{columns}">{html.escape(_lines(p))}</td></tr>'
        for p in layout.parts
        if isinstance(p, (Heading, Table))
    ]
    page = f"<html><head><meta charset='utf-8'></head><body><table>{''.join(lines)}</table></body></html>"
    path.write_text(page, encoding="utf-8")
    return path


def _html_table(table: Table) -> str:
    return f"<table border='1'>{''.join(_html_rows(table))}</table>"


def _html_rows(table: Table) -> list[str]:
    rows: list[list[str]] = [[] for _ in table.rows]
    for p in table.placed():
        shown = "<br>".join(html.escape(line) for line in p.cell.text.split("\n"))
        rows[p.row].append(f'<td colspan="{p.cell.across}" rowspan="{p.cell.down}">{shown}</td>')
    return [f"<tr>{chr(10).join(r)}</tr>" for r in rows]


WRITERS: Mapping[str, Callable[[Path, Layout], Path]] = {
    ".docx": write_docx,
    ".xlsx": write_xlsx,
    ".html": write_html,
    ".htm": write_sheet_page,
}
