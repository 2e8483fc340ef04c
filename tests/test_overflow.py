"""A text that runs over the border of its cell is one text; neighbours that touch are two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.text_layer import read_sheet
from extractors.tables.grid import find_grids

Draw = Callable[[Canvas], None]
LONG = "every unit of the county"  # 119 points wide in a cell of 60


def cells(path: Path, draw: Draw) -> list[str]:
    """The texts of three cells of 60, 60 and 120 points, from x = 50."""
    pdf = Canvas(str(path), pagesize=(400, 400))
    pdf.setFont("Helvetica", 12)
    for x in (50, 110, 170, 290):
        pdf.line(x, 280, x, 300)
    for y in (280, 300):
        pdf.line(50, y, 290, y)
    draw(pdf)
    pdf.save()
    with pdfplumber.open(path) as opened:
        (grid,) = find_grids(read_sheet(opened.pages[0], 1))
    return [cell.text for cell in grid.cells]


@pytest.mark.parametrize("shift", [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0])
def test_a_text_over_blank_neighbours_is_that_of_its_cell(tmp_path: Path, shift: float) -> None:
    assert cells(tmp_path / "a.pdf", lambda pdf: pdf.drawString(52 + shift, 286, LONG)) == [LONG, "", ""]


def test_it_is_that_of_the_cell_whose_middle_or_right_edge_it_keeps_to(tmp_path: Path) -> None:
    assert cells(tmp_path / "a.pdf", lambda pdf: pdf.drawCentredString(140, 286, LONG)) == ["", LONG, ""]
    assert cells(tmp_path / "b.pdf", lambda pdf: pdf.drawRightString(168, 286, LONG)) == ["", LONG, ""]


def test_a_neighbour_that_it_runs_into_keeps_its_own_text(tmp_path: Path) -> None:
    def draw(pdf: Canvas) -> None:
        pdf.drawString(52, 286, "over the border")
        pdf.drawString(200, 286, "45")

    assert cells(tmp_path / "a.pdf", draw) == ["over the border", "", "45"]


def test_texts_that_fill_their_cells_are_two(tmp_path: Path) -> None:
    def draw(pdf: Canvas) -> None:
        width = pdf.stringWidth("full", "Helvetica", 12)
        pdf.drawString(110.5 - width, 286, "full")
        pdf.drawString(110.5, 286, "next")

    assert cells(tmp_path / "a.pdf", draw) == ["full", "next", ""]


def test_texts_that_overlap_at_the_border_are_two(tmp_path: Path) -> None:
    def draw(pdf: Canvas) -> None:
        width = pdf.stringWidth("full", "Helvetica", 12)
        pdf.drawString(112 - width, 286, "full")
        pdf.drawString(111, 286, "next")

    assert cells(tmp_path / "a.pdf", draw) == ["full", "next", ""]


def test_texts_of_several_cells_that_are_shown_at_once_are_parted_at_spaces(tmp_path: Path) -> None:
    texts = cells(tmp_path / "a.pdf", lambda pdf: pdf.drawString(86, 286, "first  other"))
    assert texts == ["first", "other", ""]
