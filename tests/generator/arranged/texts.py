"""Prints layouts as the texts that other programs make of a form: tables of pipes, of commas, columns of blanks, lines.

What a program writes for a merged cell is random: its text once, at its first row or in its middle, or in each part.
Columns and lines of a page are what `pdftotext` writes of the printed form.
"""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

from ..layout import Heading, Labels, Layout, Table
from ..lots import Lots

ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "gb18030")
ENDS = ("\n", "\n", "\r\n")
PAGE_TEXT = {".layout.txt": ("-layout",), ".raw.txt": ("-raw",), ".plain.txt": ()}
"""What `pdftotext` is told: keep the columns, keep the order of the content, or find an order."""


def write_markdown(path: Path, layout: Layout, lots: Lots) -> Path:
    """Lines, the title as a heading, and tables between pipes."""
    fill = lots.chance(0.3)
    wide = lots.chance(0.5)
    out: list[str] = []
    for part in layout.parts:
        if not isinstance(part, Table):
            out += [*(f"# {line}" if n == 0 and not out else line for n, line in enumerate(_lines(part))), ""]
            continue
        for number, row in enumerate(texts_of(part, fill=fill)):
            cells = [text.replace("|", "\\|").replace("\n", "<br>") for text in row]
            out.append("| " + " | ".join(cells) + " |" if wide else "|" + "|".join(cells) + "|")
            if number == 0:
                out.append("|" + "---|" * len(row))
        out.append("")
    return _write(path, out, lots)


def write_commas(path: Path, layout: Layout, lots: Lots) -> Path:
    """One table of commas; the lines above it stand in its first column."""
    fill = lots.chance(0.2)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    width = max(len(part.widths) for part in layout.parts if isinstance(part, Table))
    for part in layout.parts:
        if isinstance(part, Table):
            writer.writerows(texts_of(part, fill=fill))
        else:
            writer.writerows([line, *[""] * (width - 1)] for line in _lines(part))
    return _write(path, out.getvalue().split("\n"), lots)


def write_page_text(path: Path, pdf: Path, road: str, lots: Lots) -> Path:
    """What `pdftotext` makes of a printed form."""
    command = ["pdftotext", *PAGE_TEXT[road], str(pdf), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
    return _write(path, text.split("\n"), lots)


def texts_of(table: Table, *, fill: bool = False) -> list[list[str]]:
    """The texts of a table row by row: that of a merged cell once, blanks for its rest, or with `fill` in each part."""
    grid = [[""] * len(table.widths) for _ in table.rows]
    for p in table.placed():
        for row in range(p.row, p.row + p.cell.down):
            for column in range(p.column, p.column + p.cell.across):
                if fill or (row, column) == (p.row, p.column):
                    grid[row][column] = p.cell.text
    return grid


def _lines(part: Heading | Labels | Table) -> list[str]:
    if isinstance(part, Heading):
        return ["  ".join(text for _, text in part.texts)]
    return [text for _, texts in part.columns for text in texts] if isinstance(part, Labels) else []


def _write(path: Path, lines: list[str], lots: Lots) -> Path:
    path.write_bytes(lots.one(ENDS).join(lines).encode(lots.one(ENCODINGS), errors="replace"))
    return path
