"""Prints layouts as text dumps do: a line a row, cells parted by tabs, spans lost, rows shifted behind a page break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .layout import Heading, Labels, Layout, Table
from .lots import Lots

ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16")
CHECKED = ' <input checked="" type="checkbox"/>'
PAGE = (22, 45)  # rows of a table between two page breaks


@dataclass(frozen=True, slots=True)
class Style:
    """How a form is dumped. `shift` drops the blanks before rows behind a page break and fills up behind them, `boxes`
    writes ticks as HTML check boxes and drops empty ones, `marks` puts long cells into `<p>`."""

    shift: bool = False
    boxes: bool = False
    marks: bool = False
    breaks: bool = True


def draw_style(lots: Lots) -> Style:
    return Style(lots.chance(0.4), lots.chance(0.3), lots.chance(0.2), lots.chance(0.7))


def write_dump(path: Path, layouts: Sequence[tuple[Layout, Style]], encoding: str, lots: Lots) -> Path:
    """Write the forms one after the other, a blank line or three between what the paper prints apart."""
    parts = [line for layout, style in layouts for line in ["", "", *_lines(layout, style, lots)]]
    path.write_bytes("\n".join(parts).encode(encoding))
    return path


def _lines(layout: Layout, style: Style, lots: Lots) -> list[str]:
    out: list[str] = []
    for part in layout.parts:
        if isinstance(part, Heading):
            out += ["\t\t\t".join(text for _, text in part.texts), ""]
        elif isinstance(part, Labels):
            for _, texts in part.columns:
                for text in texts:
                    out += [text, ""]
        else:
            out += _table(part, style, lots)
    return out


def _table(table: Table, style: Style, lots: Lots) -> list[str]:
    """A line a row: a cell's text at its first row and column, blanks for the rest of what it spans."""
    wide = len(table.widths)
    grid = [[""] * wide for _ in table.rows]
    for p in table.placed():
        grid[p.row][p.column] = _shown(p.cell.text, style)
    out: list[str] = []
    following = lots.randint(*PAGE)
    broken = False
    for number, row in enumerate(grid):
        if style.breaks and following == number and table.header is not None:
            out.append("")
            following += lots.randint(*PAGE)
            broken = number > table.header
        texts = row
        if broken and style.shift:
            first = next((n for n, text in enumerate(row) if text), 0)
            drop = min(first, 1)
            texts = row[drop:] + [""] * drop
        out.append("\t".join(texts))
    return out


def _shown(text: str, style: Style) -> str:
    if style.boxes:
        for mark in "√■●":
            text = text.replace(mark, CHECKED)
        for mark in "□○":
            text = text.replace(mark, "")
    if style.marks and len(text) > 40:
        text = f"<p>{text}</p>"
    return text.replace("\n", " ")
