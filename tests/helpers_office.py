"""Office files for tests: a document's lines and tables written as Word, Excel or HTML with the same merged cells, and
what is read of a file."""

from __future__ import annotations

import html
import itertools
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
from openpyxl.styles import Border, Side

from extractors.intake import take_in
from extractors.read import read_document
from pipeline.people.goldens import load_sets
from pipeline.running.worker import read_file
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.model import Block, Document, Line, Table
from schemas.reading import FileReading

ROOT = Path(__file__).parent.parent
SETS = {each.name: each for each in load_sets(ROOT / "tests" / "golden")}
HOSTILE_SHEET = "自评<script>'&amp;"
HEAD = ["一级指标", "二级指标", "三级指标", "指标值"]
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def filled(table: Table) -> list[tuple[int, int, int, int, str]]:
    """(row, column, rowspan, colspan, text) of every cell, what no cell covers as blank cells."""
    cells = [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells]
    covered = {(r, c) for top, left, h, w, _ in cells for r in range(top, top + h) for c in range(left, left + w)}
    cells += [(r, c, 1, 1, "") for r in range(table.rows) for c in range(table.cols) if (r, c) not in covered]
    return sorted(cells)


def write_docx(path: Path, blocks: Sequence[Block]) -> Path:
    document = docx.Document()
    for block in blocks:
        if not isinstance(block, Table):
            document.add_paragraph(with_gaps(block.text, block.gaps))
            continue
        grid = document.add_table(block.rows, block.cols, style="Table Grid" if block.ruled else None)
        for row, col, high, wide, text in filled(block):
            cell = grid.cell(row, col)
            if high > 1 or wide > 1:
                cell = cell.merge(grid.cell(row + high - 1, col + wide - 1))
            first, *rest = text.split("\n")
            cell.paragraphs[0].text = first
            for paragraph in rest:
                cell.add_paragraph(paragraph)
        document.add_paragraph("")
    document.save(str(path))
    return path


def write_xlsx(path: Path, blocks: Sequence[Block]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    top = 1
    for block in blocks:
        if not isinstance(block, Table):
            cuts = [0, *block.gaps, len(block.text)]
            for col, (a, b) in enumerate(itertools.pairwise(cuts), 1):
                sheet.cell(top, col).value = block.text[a:b]
                sheet.cell(top, col).data_type = "s"
            top += 1
            continue
        for row, col, high, wide, text in filled(block):
            for r in range(top + row, top + row + high):
                for c in range(col + 1, col + wide + 1):
                    sheet.cell(r, c).border = BOX if block.ruled else Border()
            sheet.cell(top + row, col + 1).value = text or None
            if text:
                sheet.cell(top + row, col + 1).data_type = "s"  # `=` at the beginning is no formula
            if high > 1 or wide > 1:
                sheet.merge_cells(
                    start_row=top + row, end_row=top + row + high - 1, start_column=col + 1, end_column=col + wide
                )
        top += block.rows + 1
    book.save(path)
    return path


def write_html(path: Path, blocks: Sequence[Block]) -> Path:
    parts = ["<!DOCTYPE html><html><head><meta charset='utf-8'><title>x</title></head><body>"]
    for block in blocks:
        if not isinstance(block, Table):
            parts.append(f"<p>{html.escape(with_gaps(block.text, block.gaps)).replace(chr(9), '&emsp;&emsp;')}</p>")
            continue
        parts.append(f"<table border={int(block.ruled)}>")
        cells = filled(block)
        for row in range(block.rows):
            parts.append("<tr>")
            for _, _, high, wide, text in (c for c in cells if c[0] == row):
                inside = "<br>".join(html.escape(line) for line in text.split("\n"))
                parts.append(f"<td rowspan={high} colspan={wide}>{inside}</td>")
            parts.append("</tr>")
        parts.append("</table>")
    path.write_text("\n".join([*parts, "</body></html>"]), encoding="utf-8")
    return path


def with_gaps(text: str, gaps: Sequence[int]) -> str:
    """A line with a tab where a wide gap stands."""
    cuts = [0, *gaps, len(text)]
    return "\t".join(text[a:b] for a, b in itertools.pairwise(cuts))


def change_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Rewrite one part of an office file in place."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in parts.items():
            archive.writestr(each, data)
    return path


WRITERS = {".docx": write_docx, ".xlsx": write_xlsx, ".html": write_html}


def document(path: Path) -> Document:
    return read_document(take_in(path, path.name), load_words())


def reading(path: Path) -> FileReading:
    return read_file(take_in(path, path.name), path.stem, load_families(), load_words())


def tables(path: Path) -> list[Table]:
    return [block for block in document(path).blocks if isinstance(block, Table)]


def lines(path: Path) -> list[str]:
    return [block.text for block in document(path).blocks if isinstance(block, Line)]


def layout(table: Table) -> list[tuple[int, int, int, int, str]]:
    return sorted((c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells)


@cache
def paper(name: str) -> tuple[Block, ...]:
    """The lines and tables of a golden set's PDF."""
    source = SETS[name].sources["text-layer"]
    return read_document(take_in(ROOT / source, source), load_words()).blocks


def sheet_form(amount: Any, number_format: str = "General") -> openpyxl.Workbook:
    """A small form: title, unit line, a block of labels, an indicator."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["项目支出绩效目标表"],
        ["填报单位：测试局", None, None, "单位：万元"],
        ["项目名称", "测试项目", "实施单位", "测试局"],
        ["年度资金总额", amount],
        ["年度目标", "目标一"],
        HEAD,
        ["产出指标", "数量指标", "数量", "≥5个"],
        ["产出指标", "质量指标", "质量", "≥95%"],
    ):
        sheet.append(row)
    sheet["B4"].number_format = number_format
    return book


def saved(book: openpyxl.Workbook, path: Path) -> Path:
    book.save(path)
    return path
