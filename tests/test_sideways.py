"""A sheet whose further columns stand on pages of their own is one table again; other pages stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractors.tables.blocks import PageBlocks
from extractors.tables.sideways import join_wide
from extractors.tables.stitch import stitch
from schemas.language.vocabulary import load_words
from schemas.model import Box, Cell, Grid, Line, Place, Table

ROW = 20.0


def line(text: str, page: int, left: float, top: float) -> Line:
    return Line(text, Place(page=page, box=Box(left, top, left + 10 * len(text), top + 10)), size=10)


def grid(page: int, rows: Sequence[Sequence[str]], widths: Sequence[float], top: float = 100.0, wide: int = 0) -> Grid:
    """A grid of one-line texts; the first `wide` rows are merged over all columns."""
    xs = tuple(40.0 + sum(widths[:c]) for c in range(len(widths) + 1))
    ys = tuple(top + ROW * r for r in range(len(rows) + 1))
    cells = []
    for r, texts in enumerate(rows):
        for c, text in enumerate(texts[:1] if r < wide else texts):
            end = len(widths) if r < wide else c + 1
            box = Box(xs[c], ys[r], xs[end], ys[r + 1])
            lines = (line(text, page, xs[c] + 3, ys[r] + 4),) if text else ()
            cells.append(Cell(r, c, 1, end - c, text, lines, ((r, Place(page=page, box=box)),)))
    return Grid(page, Box(xs[0], ys[0], xs[-1], ys[-1]), xs, ys, tuple(cells))


FIRST = [["目标表", "", ""], ["一级指标", "二级指标", "三级指标"], *([f"{n}1", f"{n}2", f"{n}3"] for n in "甲乙丙丁")]
FURTHER = [["", ""], ["指标值", "备注"], *([f"{n}4", ""] for n in "甲乙丙丁")]
NARROW, WIDE = (100.0, 120.0, 200.0), (150.0, 90.0)


def table(*pages: PageBlocks) -> Table:
    (found,) = (b for b in stitch(pages, load_words()) if isinstance(b, Table))
    return found


def page(number: int, *blocks: Line | Grid) -> PageBlocks:
    return PageBlocks(number, 842.0, blocks)


def test_the_parts_of_a_row_are_one_row_and_keep_their_pages() -> None:
    read = table(
        page(1, line("项目绩效目标表", 1, 200, 60), grid(1, FIRST, NARROW, wide=1)),
        page(2, grid(2, FURTHER, WIDE, wide=1)),
    )
    assert (read.rows, read.cols) == (6, 5)
    assert [c.text for c in read.cells if c.row == 2] == ["甲1", "甲2", "甲3", "甲4", ""]
    assert [(c.text, c.colspan) for c in read.cells if c.row == 0] == [("目标表", 5)]
    assert next(c for c in read.cells if c.text == "乙4").place.page == 2
    assert any("further columns stand on page 2" in note for note in read.notes)


@pytest.mark.parametrize("order", ["down then over", "over then down"])
def test_a_sheet_of_several_pages_each_way_is_one_table(order: str) -> None:
    down = [[f"戊{r}{c}" for c in range(3)] for r in range(5)]
    over = [[f"己{r}{c}" for c in range(2)] for r in range(5)]
    parts = [(FIRST, NARROW), (down, NARROW), (FURTHER, WIDE), (over, WIDE)]
    if order == "over then down":
        parts = [parts[0], parts[2], parts[1], parts[3]]
    read = table(*(page(n, grid(n, rows, widths)) for n, (rows, widths) in enumerate(parts, 1)))
    assert (read.rows, read.cols) == (11, 5)
    assert [c.text for c in read.cells if c.row == 7] == ["戊10", "戊11", "戊12", "己10", "己11"]


@pytest.mark.parametrize(
    "second",
    [
        page(2, grid(2, FURTHER, WIDE, top=130)),
        page(2, grid(2, FURTHER[:5], WIDE)),
        page(2, grid(2, FIRST, NARROW)),
        page(2, line("项目绩效目标表", 2, 200, 60), grid(2, FURTHER, WIDE)),
        page(2, grid(2, FURTHER, WIDE), grid(2, FURTHER, WIDE, top=400)),
    ],
    ids=["at another height", "of fewer rows", "of the same columns", "below a title", "of two tables"],
)
def test_other_pages_are_left_alone(second: PageBlocks) -> None:
    pages = [page(1, grid(1, FIRST, NARROW)), second]
    assert join_wide(pages) == pages


def test_few_rows_at_the_same_heights_are_chance() -> None:
    pages = [page(1, grid(1, FIRST[:3], NARROW)), page(2, grid(2, FURTHER[:3], WIDE))]
    assert join_wide(pages) == pages
