"""What a PDF page does not show is not read, and what it shows turned is read in its own direction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest
from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.text_layer import read_sheet
from extractors.tables.accounting import unseen_of
from extractors.tables.grid import find_grids
from schemas.model import Sheet

Draw = Callable[[Canvas], None]
TEXTS = ["alpha one", "beta two", "gamma 3", "delta 44"]


def table(pdf: Canvas) -> None:
    """Two by two cells of 100 by 40 points, texts in them."""
    for i in range(3):
        pdf.line(50 + 100 * i, 220, 50 + 100 * i, 300)
        pdf.line(50, 220 + 40 * i, 250, 220 + 40 * i)
    for i, text in enumerate(TEXTS):
        pdf.drawString(55 + 100 * (i % 2), 275 - 40 * (i // 2), text)


def sheet_of(path: Path, *draw: Draw, rotate: int = 0, turn: int = 0) -> Sheet:
    pdf = Canvas(str(path), pagesize=(400, 400))
    if rotate:
        pdf.setPageRotation(rotate)
    if turn:
        pdf.translate(200, 200)
        pdf.rotate(turn)
        pdf.translate(-200, -200)
    for step in draw:
        step(pdf)
    pdf.save()
    with pdfplumber.open(path) as opened:
        return read_sheet(opened.pages[0], 1)


def cells(sheet: Sheet) -> list[str]:
    (grid,) = find_grids(sheet)
    return [cell.text for cell in grid.cells]


def string(text: str, *, mode: int = 0, size: float = 12, colour: Color = black, x: float = 90, y: float = 262) -> Draw:
    def draw(pdf: Canvas) -> None:
        run = pdf.beginText(x, y)
        run.setFont("Helvetica", size)
        run.setTextRenderMode(mode)
        run.setFillColor(colour)
        run.setStrokeColor(colour)
        run.textOut(text)
        pdf.drawText(run)

    return draw


def crushed(text: str, wide: float, high: float) -> Draw:
    def draw(pdf: Canvas) -> None:
        run = pdf.beginText()
        run.setTextTransform(wide, 0, 0, high, 90, 262)
        run.setFont("Helvetica", 12)
        run.textOut(text)
        pdf.drawText(run)

    return draw


def cover(pdf: Canvas) -> None:
    pdf.setFillColor(white)
    pdf.rect(88, 261, 50, 11, stroke=0, fill=1)


def see_through(pdf: Canvas) -> None:
    pdf.setFillColor(Color(1, 1, 0, alpha=0.3))
    pdf.rect(88, 261, 50, 11, stroke=0, fill=1)


def dark(pdf: Canvas) -> None:
    pdf.setFillColor(black)
    pdf.rect(88, 261, 50, 11, stroke=0, fill=1)


@pytest.mark.parametrize(
    "draw",
    [
        [string("999", mode=3)],
        [string("999", colour=white)],
        [string("999", colour=white, mode=1)],
        [string("999", size=0.5)],
        [string("999"), cover],
        [dark, string("999", colour=black)],
        [string("999", y=-30)],
        [string("999", colour=Color(0, 0, 0, alpha=0.0))],
        [crushed("999", 1.0, 0.02)],
        [crushed("999", 0.02, 1.0)],
    ],
)
def test_unseen_text_is_told_and_not_read(tmp_path: Path, draw: list[Draw]) -> None:
    sheet = sheet_of(tmp_path / "a.pdf", table, *draw)
    assert cells(sheet) == TEXTS
    assert [text for text, _ in sheet.hidden] == ["999"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_dots_of_small_text_are_seen_however_the_page_lies(tmp_path: Path, turn: int) -> None:
    sheet = sheet_of(tmp_path / "a.pdf", string("3.5 l", size=3.2), string("1,553.00", size=3.2, y=200), turn=turn)
    assert [word.text for word in sheet.words] == ["3.5 l", "1,553.00"]
    assert not sheet.hidden


@pytest.mark.parametrize(
    "draw",
    [
        [string("999")],
        [dark, string("999", colour=white)],
        [cover, string("999")],
        [string("999"), see_through],
        [string("999", mode=1)],
        [string("999", colour=Color(0.7, 0.7, 0.7))],
    ],
)
def test_seen_text_is_read(tmp_path: Path, draw: list[Draw]) -> None:
    sheet = sheet_of(tmp_path / "a.pdf", table, *draw)
    assert "999" in cells(sheet)[0]
    assert sheet.hidden == ()


def test_text_beside_a_dark_table_as_large_as_the_page_is_seen(tmp_path: Path) -> None:
    """Many pages draw their rules so: a black area, and white cells on it a little apart."""

    def cells_on_black(pdf: Canvas) -> None:
        pdf.setFillColor(black)
        pdf.rect(15, 15, 370, 350, stroke=0, fill=1)
        pdf.setFillColor(white)
        for k in range(12):
            pdf.rect(16 + 123 * (k % 3), 16 + 87 * (k // 3), 122, 86, stroke=0, fill=1)
        pdf.setFillColor(black)
        for k in range(12):
            pdf.drawString(30 + 123 * (k % 3), 60 + 87 * (k // 3), f"cell {k}")
        pdf.drawString(150, 375, "above the table")

    sheet = sheet_of(tmp_path / "dark.pdf", cells_on_black)
    assert sheet.hidden == ()
    assert cells(sheet) == [f"cell {k}" for k in (9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2)]


@pytest.mark.parametrize("angle", [30, 45, -20, 135])
def test_a_stamp_aslant_stands_in_no_cell(tmp_path: Path, angle: int) -> None:
    def stamp(pdf: Canvas) -> None:
        pdf.saveState()
        pdf.translate(120, 240)
        pdf.rotate(angle)
        pdf.setFillColor(Color(0.8, 0.8, 0.8))
        pdf.drawString(0, 0, "internal")
        pdf.restoreState()

    sheet = sheet_of(tmp_path / "a.pdf", stamp, table)
    assert cells(sheet) == TEXTS
    assert [text for text, _ in sheet.hidden] == ["internal"]


@pytest.mark.parametrize(("rotate", "turn"), [(90, 0), (180, 0), (270, 0), (0, 90), (0, 180), (0, 270), (90, 90)])
def test_a_page_that_lies_is_read_upright(tmp_path: Path, rotate: int, turn: int) -> None:
    assert cells(sheet_of(tmp_path / "a.pdf", table, rotate=rotate, turn=turn)) == TEXTS


@pytest.mark.parametrize("angle", [90, 270])
def test_text_turned_in_a_cell_is_read_in_its_direction(tmp_path: Path, angle: int) -> None:
    def side(pdf: Canvas) -> None:
        pdf.rect(20, 220, 30, 80)
        pdf.translate(35, 260)
        pdf.rotate(angle)
        pdf.drawCentredString(0, 0, "level")

    sheet = sheet_of(tmp_path / "a.pdf", table, side)
    assert sheet.turned == 0
    assert "level" in cells(sheet)


def rows(pdf: Canvas) -> None:
    """Eight rows of text, 30 points high, between rules."""
    pdf.setFillColor(black)
    pdf.setFont("Helvetica", 10)
    for i in range(9):
        pdf.line(50, 100 + 30 * i, 350, 100 + 30 * i)
    for x in (50, 150, 350):
        pdf.line(x, 100, x, 340)
    for i in range(8):
        pdf.drawString(55, 110 + 30 * i, f"count {i}")
        pdf.drawString(155, 110 + 30 * i, f"all {i} of the tasks are done as planned")


def stamp(x: float, y: float, size: float, colour: Color, angle: float = 0) -> Draw:
    def draw(pdf: Canvas) -> None:
        pdf.saveState()
        pdf.setFillColor(colour)
        pdf.setFont("Helvetica", size)
        pdf.translate(x, y)
        pdf.rotate(angle)
        pdf.drawString(0, 0, "ZZsample")
        pdf.restoreState()

    return draw


def tiled(size: float, colour: Color, dx: float, dy: float) -> list[Draw]:
    return [stamp(x, y, size, colour) for x in range(20, 400, int(dx)) for y in range(20, 400, int(dy))]


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "draws",
    [
        [stamp(60, 200, 60, Color(1, 0, 0))],
        [stamp(60, 200, 60, black)],
        [stamp(230, 110, 50, Color(1, 0, 0), 90)],
        [stamp(230, 330, 50, Color(0.8, 0.8, 0.8), 270)],
        tiled(12, Color(1, 0, 0), 90, 55),
        tiled(10, black, 90, 55),
        tiled(12, Color(0.8, 0.8, 0.8), 90, 55),
        tiled(9, Color(1, 0.6, 0.6), 130, 90),
    ],
)
def test_large_and_tiled_stamps_of_any_colour_stand_in_no_cell(tmp_path: Path, draws: list[Draw], first: bool) -> None:
    steps = [*draws, rows] if first else [rows, *draws]
    sheet = sheet_of(tmp_path / "a.pdf", *steps)
    assert not any("Z" in word.text or "sample" in word.text for word in sheet.words)
    assert len(cells(sheet)) == 16
    assert {text for text, _ in sheet.hidden} >= {"ZZsample"}


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("angle", [90, 270])
def test_a_large_text_across_the_rules_of_blank_cells_is_a_stamp(tmp_path: Path, angle: int, first: bool) -> None:
    """It lies across no text, and along no rule."""

    def blank_rows(pdf: Canvas) -> None:
        for y in range(60, 380, 30):
            pdf.line(50, y, 350, y)
        for x in (50, 150, 350):
            pdf.line(x, 60, x, 360)
        for y in range(60, 330, 30):
            pdf.drawString(55, y + 10, "count")
        pdf.setFont("Helvetica", 24)
        pdf.drawString(110, 337, "total")  # over one border

    mark = stamp(260, 80 if angle == 90 else 340, 50, Color(0.8, 0.8, 0.8), angle)
    sheet = sheet_of(tmp_path / "a.pdf", *([mark, blank_rows] if first else [blank_rows, mark]))
    assert {word.text for word in sheet.words} == {"count", "total"}
    assert {text for text, _ in sheet.hidden} == {"ZZsample"}


def test_texts_that_repeat_in_rows_or_run_over_a_border_are_no_stamps(tmp_path: Path) -> None:
    def draw(pdf: Canvas) -> None:
        rows(pdf)
        pdf.setFont("Helvetica", 24)
        pdf.drawString(100, 360, "Plan of the year")
        pdf.setFont("Helvetica", 10)
        for i in range(8):
            pdf.drawString(120, 120 + 30 * i, "over the border")
            pdf.drawString(300, 120 + 30 * i, "done")

    sheet = sheet_of(tmp_path / "a.pdf", draw)
    assert sheet.hidden == ()


@pytest.mark.parametrize("draws", [[stamp(60, 200, 60, Color(1, 0, 0))], tiled(12, Color(0.8, 0.8, 0.8), 90, 55)])
def test_values_that_repeat_under_a_stamp_are_read(tmp_path: Path, draws: list[Draw]) -> None:
    def values(pdf: Canvas) -> None:
        pdf.setFillColor(black)
        for i in range(8):
            pdf.drawString(100, 110 + 30 * i, "as planned")

    sheet = sheet_of(tmp_path / "a.pdf", rows, values, *draws)
    assert sum("as planned" in cell for cell in cells(sheet)) == 16
    assert {text for text, _ in sheet.hidden} >= {"ZZsample"}


def line(x0: float, x1: float, y: float, thick: float = 0) -> Draw:
    def draw(pdf: Canvas) -> None:
        pdf.setFillColor(black)
        if thick:
            pdf.rect(x0, y, x1 - x0, thick, stroke=0, fill=1)
        else:
            pdf.line(x0, y, x1, y)

    return draw


@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize("strike", [line(89, 112, 266), line(89, 112, 265.5, 0.6)])
def test_text_that_is_struck_out_is_told_and_not_read(tmp_path: Path, strike: Draw, rotate: int) -> None:
    sheet = sheet_of(tmp_path / "a.pdf", table, string("9999", size=10), strike, rotate=rotate)
    assert cells(sheet) == TEXTS
    assert [text for text, _ in sheet.struck] == ["9999"]
    (aside,) = unseen_of(sheet)
    assert (aside.text, aside.why) == ("9999", "it is struck out")


@pytest.mark.parametrize("under", [line(89, 112, 260.5), line(89, 160, 266), line(50, 90, 266)])
def test_text_that_is_underlined_or_meets_a_rule_is_read(tmp_path: Path, under: Draw) -> None:
    sheet = sheet_of(tmp_path / "a.pdf", table, string("9999", size=10), under)
    assert "9999" in "".join(word.text for word in sheet.words)
    assert sheet.struck == ()


UNDER_TEXT = [line(55, 103.4, 273.6), line(55, 103.4, 273, 0.6)]


@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize("under", UNDER_TEXT)
def test_an_underline_parts_no_cell(tmp_path: Path, under: Draw, rotate: int) -> None:
    """Here it reaches from side to side of a narrow cell, as near to its borders as the text does."""

    def narrow(pdf: Canvas) -> None:
        pdf.line(105, 220, 105, 300)

    sheet = sheet_of(tmp_path / "a.pdf", table, narrow, string("again", x=55, y=262), under, rotate=rotate)
    assert cells(sheet)[0] == "alpha one again"


def test_a_border_drawn_in_pieces_under_a_text_wider_than_they_are_is_one(tmp_path: Path) -> None:
    """Spreadsheets draw the border of a merged cell column by column."""

    def pieces(pdf: Canvas) -> None:
        pdf.rect(50, 180, 300, 40)
        pdf.rect(50, 180, 60, 40)
        for k in range(6):
            pdf.line(110 + 40 * k, 200, 150 + 40 * k, 200)
        pdf.line(50, 200, 110, 200)
        for i in range(2):
            pdf.drawString(55, 203 - 20 * i, f"row {i}")
            pdf.drawString(120, 203 - 20 * i, f"the text of the merged cell {i}")

    texts = ["row 0", "the text of the merged cell 0", "row 1", "the text of the merged cell 1"]
    assert cells(sheet_of(tmp_path / "a.pdf", pieces)) == texts


def test_a_border_under_a_text_as_wide_as_its_cell_is_one(tmp_path: Path) -> None:
    def snug(pdf: Canvas) -> None:
        pdf.setFont("Helvetica", 12)
        wide = pdf.stringWidth("first", "Helvetica", 12)
        for i, text in enumerate(("first", "fifth")):
            pdf.drawString(60, 200 - 14 * i, text)
            pdf.rect(60, 197.5 - 14 * i, wide, 14)
            pdf.drawString(60 + wide + 20, 200 - 14 * i, "more")
            pdf.rect(60 + wide, 197.5 - 14 * i, 80, 14)

    assert cells(sheet_of(tmp_path / "a.pdf", snug)) == ["first", "more", "fifth", "more"]
