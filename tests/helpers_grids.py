"""Grids of pages to stitch, and what is looked at in the tables that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.tables.blocks import PageBlocks
from extractors.tables.furniture import part_furniture
from extractors.tables.stitch import stitch
from schemas.language.vocabulary import load_words
from schemas.model import Block, Box, Cell, Grid, Line, Place, Table

PAGE_HEIGHT = 800.0
LEFT, TOP = 40.0, 100.0
COLUMN, ROW = 120.0, 30.0  # points: of one column, of one row
SIZE = 10.0  # points: of the characters
FULL = "一二三四五六七八九十甲"  # as many characters as fill the line of one column


@dataclass(frozen=True)
class Spec:
    """A cell to build: its place in its page's grid and its text, whose lines are parted by `|`."""

    row: int
    col: int
    text: str = ""
    rows: int = 1
    cols: int = 1


def line(text: str, page: int, left: float, top: float, size: float = SIZE) -> Line:
    box = Box(left, top, left + size * len(text), top + size)
    return Line(text, Place(page=page, box=box), size=size)


def make_grid(
    page: int,
    specs: Sequence[Spec],
    *,
    left: float = LEFT,
    top: float = TOP,
    height: float = ROW,
    ruled: bool = True,
) -> Grid:
    """A grid whose cells' texts begin at the top left of the cell, one line below the other."""
    rows = max(s.row + s.rows for s in specs)
    cols = max(s.col + s.cols for s in specs)
    xs = tuple(left + COLUMN * c for c in range(cols + 1))
    ys = tuple(top + height * r for r in range(rows + 1))
    cells = []
    for s in specs:
        box = Box(xs[s.col], ys[s.row], xs[s.col + s.cols], ys[s.row + s.rows])
        lines = tuple(
            line(text, page, box.left + 3, box.top + 4 + 12 * i) for i, text in enumerate(s.text.split("|")) if text
        )
        text = "".join(ln.text for ln in lines)
        parts = ((s.row, Place(page=page, box=box)),)
        cells.append(Cell(s.row, s.col, s.rows, s.cols, text, lines, parts))
    return Grid(page, Box(xs[0], ys[0], xs[-1], ys[-1]), xs, ys, tuple(cells), ruled)


def rows_of(*rows: Sequence[str]) -> list[Spec]:
    """Cells without spans, one text each."""
    return [Spec(r, c, text) for r, texts in enumerate(rows) for c, text in enumerate(texts)]


def pages(*blocks: Sequence[Line | Grid]) -> list[PageBlocks]:
    return [PageBlocks(n, PAGE_HEIGHT, tuple(page)) for n, page in enumerate(blocks, 1)]


def stitched(read: Sequence[PageBlocks]) -> tuple[Block, ...]:
    """The blocks of pages, without what belongs to the pages."""
    words = load_words()
    return stitch(part_furniture(read, words)[0], words)


def table_of(*grids: Grid) -> Table:
    """The one table that grids on consecutive pages make."""
    (table,) = stitched(pages(*([g] for g in grids)))
    assert isinstance(table, Table)
    return table


def shape(table: Table | Grid) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells]


def texts(table: Table) -> list[list[str]]:
    """The texts by row, of cells that begin there."""
    return [[c.text for c in table.cells if c.row == r] for r in range(table.rows)]


def tables(blocks: Sequence[Line | Table]) -> list[Table]:
    return [b for b in blocks if isinstance(b, Table)]
