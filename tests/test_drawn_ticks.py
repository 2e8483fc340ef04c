"""Boxes and circles that a page draws beside its options are read as signs; other small shapes are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest
from reportlab.lib.colors import black, white
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.text_layer import read_sheet
from extractors.tables.grid import find_grids
from schemas.language.values import parse_options
from schemas.language.vocabulary import load_words


def read(path: Path, pdf: Canvas) -> str:
    pdf.save()
    with pdfplumber.open(path) as opened:
        return "".join("".join(word.text.split()) for word in read_sheet(opened.pages[0], 1).words)


def options(path: Path) -> Canvas:
    pdf = Canvas(str(path), pagesize=(300, 300))
    pdf.setFont("Helvetica", 10)
    pdf.drawString(50, 200, "     new        old")
    return pdf


def test_stroked_boxes(tmp_path: Path) -> None:
    pdf = options(tmp_path / "a.pdf")
    pdf.rect(53, 200, 8, 8)
    pdf.rect(99, 200, 8, 8)
    pdf.lines([(100, 204, 103, 201), (103, 201, 107, 208)])
    assert read(tmp_path / "a.pdf", pdf) == "□new☑old"


def test_boxes_with_round_corners_and_those_drawn_as_filled_paths_with_a_hole(tmp_path: Path) -> None:
    pdf = options(tmp_path / "a.pdf")
    pdf.roundRect(53, 200, 8, 8, 1.5)
    path = pdf.beginPath()
    path.rect(99, 200, 8, 8)
    path.rect(99.7, 200.7, 6.6, 6.6)
    pdf.drawPath(path, stroke=0, fill=1, fillMode=0)
    pdf.lines([(54, 204, 56, 201), (56, 201, 60, 208)])
    assert read(tmp_path / "a.pdf", pdf) == "☑new□old"


def test_boxes_without_a_text_beside_them_are_signs_where_some_are_marked(tmp_path: Path) -> None:
    def page(name: str, marked: bool) -> str:
        pdf = options(tmp_path / name)
        for x in (160, 220, 280):
            pdf.circle(x, 204, 4)
        if marked:
            pdf.circle(220, 204, 2, stroke=0, fill=1)
        return read(tmp_path / name, pdf)

    assert page("a.pdf", marked=True) == "newold○●○"
    assert page("b.pdf", marked=False) == "newold"
    letters = Canvas(str(tmp_path / "c.pdf"), pagesize=(300, 300))  # 回, drawn as a shape
    letters.rect(53, 200, 9, 9)
    letters.rect(56, 203, 3, 3, fill=1)
    assert read(tmp_path / "c.pdf", letters) == ""


def test_circles(tmp_path: Path) -> None:
    pdf = options(tmp_path / "a.pdf")
    pdf.circle(57, 204, 4)
    pdf.circle(103, 204, 4)
    pdf.setFillColor(black)
    pdf.circle(57, 204, 2, stroke=0, fill=1)
    assert read(tmp_path / "a.pdf", pdf) == "●new○old"


def test_a_white_mark_in_a_filled_box(tmp_path: Path) -> None:
    pdf = options(tmp_path / "a.pdf")
    pdf.rect(53, 200, 8, 8, stroke=0, fill=1)
    pdf.setStrokeColor(white)
    mark = pdf.beginPath()
    mark.moveTo(54, 204)
    mark.lineTo(56, 201)
    mark.lineTo(60, 207)
    pdf.drawPath(mark)
    assert read(tmp_path / "a.pdf", pdf) == "☑newold"


def test_a_box_around_a_character_or_beside_none_is_no_sign(tmp_path: Path) -> None:
    pdf = options(tmp_path / "a.pdf")
    pdf.drawString(152, 201, "5")
    pdf.rect(150, 199, 11, 11)
    pdf.rect(200, 100, 8, 8)
    assert read(tmp_path / "a.pdf", pdf) == "newold5"


def grid(path: Path, draw: Callable[[Canvas], None]) -> list[list[str]]:
    """The cells of each table of a page with two by two cells, the upper right one 200 by 40 points from (150, 280)."""
    pdf = Canvas(str(path), pagesize=(400, 400))
    for y in (240, 280, 320):
        pdf.line(50, y, 350, y)
    for x in (50, 150, 350):
        pdf.line(x, 240, x, 320)
    pdf.setFont("Helvetica", 10)
    for x, y, text in ((55, 295, "kind"), (55, 255, "unit"), (155, 255, "bureau")):
        pdf.drawString(x, y, text)
    draw(pdf)
    pdf.save()
    with pdfplumber.open(path) as opened:
        return [[cell.text for cell in found.cells] for found in find_grids(read_sheet(opened.pages[0], 1))]


def stroke(pdf: Canvas, *points: tuple[float, float], fill: int = 0) -> None:
    path = pdf.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    if fill:
        path.close()
    pdf.drawPath(path, stroke=1 - fill, fill=fill)


def names(pdf: Canvas) -> None:
    pdf.drawString(172, 295, "newer")
    pdf.drawString(242, 295, "older")


def boxes(pdf: Canvas) -> None:
    names(pdf)
    pdf.rect(158, 294, 10, 10)
    pdf.rect(228, 294, 10, 10)


def box_of_lines(pdf: Canvas) -> None:
    names(pdf)
    for x in (158, 228):
        pdf.lines([(x, 294, x + 10, 294), (x, 304, x + 10, 304), (x, 294, x, 304), (x + 10, 294, x + 10, 304)])


def tick(pdf: Canvas) -> None:
    stroke(pdf, (229, 299), (232, 295), (239, 306))


def dingbat(pdf: Canvas) -> None:
    pdf.setFont("ZapfDingbats", 10)
    pdf.drawString(229, 295.5, "\u2714")


@pytest.mark.parametrize(
    "steps",
    [
        [boxes, tick],
        [boxes, lambda pdf: pdf.lines([(229, 299, 232, 295), (232, 295, 239, 306)])],
        [boxes, lambda pdf: pdf.lines([(229, 295, 237, 303), (229, 303, 237, 295)])],
        [boxes, lambda pdf: stroke(pdf, (226, 300), (231, 292), (243, 310))],  # beyond the box
        [
            boxes,
            lambda pdf: stroke(pdf, (229, 299), (230, 300), (232, 297), (238, 306), (239, 305), (232, 294), fill=1),
        ],
        [boxes, lambda pdf: pdf.rect(230.5, 296.5, 5, 5, stroke=0, fill=1)],
        [boxes, lambda pdf: pdf.rect(228, 294, 10, 10, fill=1)],
        [boxes, dingbat],
        [box_of_lines, tick],
    ],
)
def test_a_box_is_marked_by_what_is_drawn_in_it_or_across_it(
    tmp_path: Path, steps: list[Callable[[Canvas], None]]
) -> None:
    def draw(pdf: Canvas) -> None:
        for step in steps:
            step(pdf)

    assert grid(tmp_path / "a.pdf", draw) == [["kind", "□newer☑older", "unit", "bureau"]]


@pytest.mark.parametrize("fill", [0, 1])
def test_a_ring_is_marked_by_a_blot_or_by_its_fill(tmp_path: Path, fill: int) -> None:
    def draw(pdf: Canvas) -> None:
        names(pdf)
        pdf.circle(163, 299, 5)
        pdf.circle(233, 299, 5, fill=fill)
        if not fill:
            pdf.circle(233, 299, 2.5, fill=1)

    assert grid(tmp_path / "a.pdf", draw)[0][1] == "○newer●older"


@pytest.mark.parametrize(
    ("shift", "expected"), [(0, "newer √older"), (38, "newerolder√"), (-21, "newer√older"), (200, "newerolder")]
)
def test_a_tick_without_a_box_stands_with_the_nearer_text(tmp_path: Path, shift: int, expected: str) -> None:
    def draw(pdf: Canvas) -> None:
        names(pdf)
        stroke(pdf, (229 + shift, 299), (232 + shift, 295), (239 + shift, 306))

    cell = grid(tmp_path / "a.pdf", draw)[0][1]
    assert cell == expected
    if shift == 0:
        assert [(o.text, o.ticked) for o in parse_options(cell, load_words())] == [("newer", False), ("older", True)]


def test_a_ring_around_an_option_ticks_it(tmp_path: Path) -> None:
    def draw(pdf: Canvas) -> None:
        names(pdf)
        pdf.ellipse(238, 290, 272, 308)

    assert grid(tmp_path / "a.pdf", draw)[0][1] == "newerolder√"


def test_small_cells_beside_text_are_cells(tmp_path: Path) -> None:
    pdf = Canvas(str(tmp_path / "a.pdf"), pagesize=(300, 300))
    pdf.setFont("Helvetica", 10)
    for row in range(2):
        for i in range(4):
            pdf.rect(100 + 14 * i, 200 + 14 * row, 14, 14)
        pdf.rect(40, 200 + 14 * row, 60, 14)
        pdf.drawString(70, 203 + 14 * row, "code")
    assert read(tmp_path / "a.pdf", pdf) == "codecode"


def test_boxes_and_marks_that_are_characters(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def draw(pdf: Canvas) -> None:
        pdf.setFont("STSong-Light", 10)
        pdf.drawString(158, 295, "□甲  □乙")
        x = 158 + pdf.stringWidth("□甲  ", "STSong-Light", 10)
        pdf.drawString(x, 295, "√")

    assert "".join(grid(tmp_path / "a.pdf", draw)[0][1].split()) == "□甲☑乙"

    def struck(pdf: Canvas) -> None:
        pdf.setFont("STSong-Light", 10)
        pdf.drawString(158, 295, "□甲")
        stroke(pdf, (159, 299), (162, 295), (169, 306))

    assert grid(tmp_path / "b.pdf", struck)[0][1] == "☑甲"
