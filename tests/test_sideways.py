"""A sheet whose further columns stand on pages of their own is one table again; other pages stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from helpers_pdf import FONT, register_font
from reportlab.lib import colors
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table as PdfTable

import jixiao
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
PARTED = [[f"{n}{c}" for c in range(4)] for n in "戊己庚辛壬癸"]
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
        page(2, grid(2, PARTED, (NARROW[0], NARROW[1] / 2, NARROW[1] / 2, NARROW[2]))),
        page(2, line("项目绩效目标表", 2, 200, 60), grid(2, FURTHER, WIDE)),
        page(2, grid(2, FURTHER, WIDE), grid(2, FURTHER, WIDE, top=400)),
    ],
    ids=[
        "at another height",
        "of fewer rows",
        "of the same columns",
        "of one column parted",
        "below a title",
        "of two tables",
    ],
)
def test_other_pages_are_left_alone(second: PageBlocks) -> None:
    pages = [page(1, grid(1, FIRST, NARROW)), second]
    assert join_wide(pages) == pages


def test_few_rows_at_the_same_heights_are_chance() -> None:
    pages = [page(1, grid(1, FIRST[:3], NARROW)), page(2, grid(2, FURTHER[:3], WIDE))]
    assert join_wide(pages) == pages


def test_a_cell_that_the_edge_of_a_page_cuts_is_one_cell() -> None:
    """Where a column ends with the page, its cells are closed by a rule; where the page cuts a cell, none is there."""
    cut, whole = frozenset({3, 4}), frozenset()
    left = replace(grid(1, FIRST, NARROW, wide=1), open_sides=(whole, cut))
    further = [["", ""], ["指标值", "备注"], ["甲4", ""], ["续", "乙5"], ["", "丙5"], ["丁4", ""]]
    right = replace(grid(2, further, WIDE, wide=1), open_sides=(cut, whole))
    read = table(page(1, left), page(2, right))
    rows = [[c.text for c in read.cells if c.row == row] for row in range(2, 6)]
    assert rows == [
        ["甲1", "甲2", "甲3", "甲4", ""],
        ["乙1", "乙2", "乙3续", "乙5"],
        ["丙1", "丙2", "丙3", "丙5"],
        ["丁1", "丁2", "丁3", "丁4", ""],
    ]
    joined = next(c for c in read.cells if c.text == "乙3续")
    assert joined.inferred
    assert {line.place.page for line in joined.lines} == {1, 2}


def test_rows_that_only_one_of_the_pages_parts() -> None:
    right = grid(2, FURTHER, WIDE, wide=1)
    xs = (*right.xs,)
    merged = [c for c in right.cells if c.row not in (2, 3)]
    tall = replace(right.cells[0], row=2, rowspan=2, colspan=2, text="合写", lines=())
    rows = {0: 0, 1: 1, 2: 2, 4: 3, 5: 4}
    cells = [
        replace(c, row=rows[c.row], parts=((rows[c.row], c.parts[0][1]),)) for c in [*merged, tall] if c is not tall
    ]
    fewer = replace(
        right,
        ys=tuple(y for k, y in enumerate(right.ys) if k != 3),
        xs=xs,
        cells=(*cells, replace(tall, rowspan=1, parts=((2, tall.parts[0][1]),))),
    )
    read = table(page(1, grid(1, FIRST, NARROW, wide=1)), page(2, fewer))
    assert [(c.row, c.rowspan) for c in read.cells if c.text == "合写"] == [(2, 2)]
    assert [c.text for c in read.cells if c.row == 4] == ["丙1", "丙2", "丙3", "丙4", ""]


def write_wide(path: Path, rows: Sequence[Sequence[str]], widths: Sequence[float], edge: float) -> None:
    """A table that two pages share, as programs print a sheet: each shows what lies on its side of `edge`."""
    register_font()
    drawn = PdfTable(rows, colWidths=widths, rowHeights=24)
    drawn.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), FONT, 9)])
    canvas = Canvas(str(path), pagesize=(595, 842))
    for start, end in ((0.0, edge), (edge, sum(widths))):
        canvas.saveState()
        shown = canvas.beginPath()
        shown.rect(50, 0, end - start, 842)
        canvas.clipPath(shown, stroke=0, fill=0)
        drawn.wrapOn(canvas, 0, 0)
        drawn.drawOn(canvas, 50 - start, 500)
        canvas.restoreState()
        if not start:
            canvas.setFont(FONT, 14)
            canvas.drawString(60, 780, "项目支出绩效目标表")
        canvas.showPage()
    canvas.save()


@pytest.mark.parametrize("edge", [392.0, 480.0, 510.0])
def test_a_sheet_that_is_cut_within_a_column_is_read_as_it_was_printed(edge: float, tmp_path: Path) -> None:
    rows = [
        ["一级指标", "二级指标", "三级指标名称", "全年指标值", "备注"],
        *(["产出指标", "数量指标", f"第{n}类事项办理件数", f"≥{n}2345件", f"说明{n}"] for n in range(1, 6)),
    ]
    write_wide(tmp_path / "wide.pdf", rows, (90, 90, 180, 150, 120), edge)
    (form,) = jixiao.read(tmp_path / "wide.pdf").forms
    told = [(i.level3, i.targets["full_year"], i.note) for i in form.record.indicators]
    assert told == [(row[2], row[3], row[4]) for row in rows[1:]]
    assert all(any(f.where.startswith(f"/indicators/{n}/targets") for f in form.record.findings) for n in range(5)) is (
        edge == 392.0
    )
