"""Cells whose text is turned or runs downwards are read in the order of their lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.text_layer import read_sheet
from extractors.tables.grid import find_grids
from schemas.model import Cell

FONT = "STSong-Light"


def first_cell(path: Path, draw: Callable[[Canvas], None]) -> Cell:
    """A cell of 40 by 100 points at the left of two rows of text."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    pdf = Canvas(str(path), pagesize=(400, 400))
    pdf.setFont(FONT, 10)
    pdf.rect(50, 200, 40, 100)
    pdf.rect(90, 200, 260, 50)
    pdf.rect(90, 250, 260, 50)
    for y in (220, 270):
        pdf.drawString(95, y, "上下两行都是横排的说明文字")
    draw(pdf)
    pdf.save()
    with pdfplumber.open(path) as opened:
        (grid,) = find_grids(read_sheet(opened.pages[0], 1))
    return grid.cells[0]


@pytest.mark.parametrize("angle", [90, 270])
@pytest.mark.parametrize("lines", [["年度产出指标和社会", "效益指标"], ["甲", "乙"], ["annual output", "indicators"]])
def test_lines_of_turned_text_keep_their_order(tmp_path: Path, angle: int, lines: list[str]) -> None:
    def draw(pdf: Canvas) -> None:
        pdf.translate(70, 250)
        pdf.rotate(angle)
        for i, line in enumerate(lines):
            pdf.drawString(-pdf.stringWidth(line, FONT, 10) / 2, 4 - 13 * i, line)

    cell = first_cell(tmp_path / "a.pdf", draw)
    assert [line.text for line in cell.lines] == lines
    assert cell.text.split() == " ".join(lines).split() or cell.text == "".join(lines)
    for line in cell.lines:
        assert line.place.box is not None
        assert line.place.box.left >= 50
        assert line.place.box.right <= 90
        assert line.place.box.top >= 100
        assert line.place.box.bottom <= 200


def stacked(pdf: Canvas, text: str, x: float) -> None:
    for i, letter in enumerate(text):
        pdf.drawString(x, 285 - 12 * i, letter)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["产出指标"], "产出指标"),
        (["年度产出", "指标"], "年度产出指标"),
        (["2025年度"], "2025年度"),
        (["社会", "效益", "指标"], "社会效益指标"),
    ],
)
def test_letters_one_below_the_other_are_one_text(tmp_path: Path, columns: list[str], expected: str) -> None:
    def draw(pdf: Canvas) -> None:
        for i, text in enumerate(columns):
            stacked(pdf, text, 72 - 14 * i)

    assert first_cell(tmp_path / "a.pdf", draw).text == expected


def test_brackets_and_figures_that_lie_on_their_side_stand_where_they_are_read(tmp_path: Path) -> None:
    """As text that is written downwards has them; a shorter column stands in the middle of its height."""

    def draw(pdf: Canvas) -> None:
        stacked(pdf, "项目资金", 72)
        stacked(pdf, " 万元", 58)
        for top, text in ((283, "("), (255, "12)")):
            pdf.saveState()
            pdf.translate(60, top)
            pdf.rotate(-90)
            pdf.drawString(0, 0, text)
            pdf.restoreState()

    assert first_cell(tmp_path / "a.pdf", draw).text == "项目资金(万元12)"


def test_figures_one_below_the_other_are_values(tmp_path: Path) -> None:
    assert first_cell(tmp_path / "a.pdf", lambda pdf: stacked(pdf, "531", 65)).text == "5\n3\n1"
