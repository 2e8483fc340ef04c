"""The pictures of pages: the page unchanged beneath, the drawing where the page has its rules and cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.draw import (
    ALIGNED,
    CELL,
    MERGED,
    NO_CELL,
    RULE,
    WORD,
    FileMissing,
    NoSuchPage,
    NotAPdf,
    cell_box,
    draw_page,
    draw_sheet,
    holes,
    tag_of,
)
from schemas.model import Box, Cell, Grid, Rule, Sheet, Word

WIDTH, HEIGHT = 400, 300  # points
LEFT, TOP, RIGHT, BOTTOM = 50, 60, 350, 180
MIDDLE_X, MIDDLE_Y = 150, 100
SCALE = 2  # pixels a point at 144 dpi

Pixel = tuple[int, int, int]


def make_pdf(path: Path, draw: Callable[[Any], None], pages: int = 1, **page: Any) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=True, **page)
    for _ in range(pages):
        canvas.setFont("STSong-Light", 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def table(canvas: Any) -> None:
    """Two columns, two rows; the cells of the upper row are merged."""
    for y in (TOP, MIDDLE_Y, BOTTOM):
        canvas.line(LEFT, HEIGHT - y, RIGHT, HEIGHT - y)
    canvas.line(LEFT, HEIGHT - TOP, LEFT, HEIGHT - BOTTOM)
    canvas.line(RIGHT, HEIGHT - TOP, RIGHT, HEIGHT - BOTTOM)
    canvas.line(MIDDLE_X, HEIGHT - MIDDLE_Y, MIDDLE_X, HEIGHT - BOTTOM)
    canvas.drawString(180, HEIGHT - 85, "绩效目标")
    canvas.drawString(80, HEIGHT - 145, "项目")
    canvas.drawString(220, HEIGHT - 145, "9.5")


def columns(canvas: Any) -> None:
    """Labels and values in columns without a rule."""
    for i, (label, value) in enumerate([("单位：甲", "项目：乙"), ("负责：丙", "电话：丁"), ("开始：戊", "完成：己")]):
        canvas.drawString(60, HEIGHT - 100 - 20 * i, label)
        canvas.drawString(220, HEIGHT - 100 - 20 * i, value)


@pytest.fixture
def ruled(tmp_path: Path) -> Path:
    return make_pdf(tmp_path / "ruled.pdf", table, pages=2)


def opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        return picture.convert("RGB")


def pixel(picture: Image.Image, x: float, y: float) -> Pixel:
    """The pixel at a point of the page."""
    value = picture.getpixel((round(x * SCALE), round(y * SCALE)))
    assert isinstance(value, tuple)
    return value[0], value[1], value[2]


def has(picture: Image.Image, colour: Pixel, box: tuple[float, float, float, float] | None = None) -> bool:
    """Whether the colour is anywhere in a box of the page (in points), by default in all of the page."""
    left, top, right, bottom = box or (0, 0, WIDTH, HEIGHT)
    part = picture.crop((round(left * SCALE), round(top * SCALE), round(right * SCALE), round(bottom * SCALE)))
    return colour in {value for _, value in part.getcolors(maxcolors=1 << 24) or []}


def test_the_picture_is_the_page_at_144_dpi_with_a_legend_below(ruled: Path, tmp_path: Path) -> None:
    drawing = draw_page(ruled, 1, tmp_path / "new" / "page.png")
    picture = opened(tmp_path / "new" / "page.png")
    assert drawing.out == tmp_path / "new" / "page.png"
    assert drawing.scale == SCALE
    assert picture.width == WIDTH * SCALE
    assert picture.height > HEIGHT * SCALE
    legend = picture.crop((0, HEIGHT * SCALE + 1, picture.width, picture.height))
    inks = {value for _, value in legend.getcolors(maxcolors=1 << 24) or []}
    assert {RULE, CELL, ALIGNED, MERGED} <= inks
    assert WORD not in inks


def test_the_grid_is_the_one_that_was_read(ruled: Path, tmp_path: Path) -> None:
    drawing = draw_page(ruled, 2, tmp_path / "page.png")
    assert drawing.sheet.number == 2
    (grid,) = drawing.grids
    assert [tag_of(cell) for cell in grid.cells] == ["r0c0 1x2", "r1c0", "r1c1"]
    assert [cell.text for cell in grid.cells] == ["绩效目标", "项目", "9.5"]


def test_rules_are_coloured_where_they_stand(ruled: Path, tmp_path: Path) -> None:
    draw_page(ruled, 1, tmp_path / "page.png")
    picture = opened(tmp_path / "page.png")
    for x in range(LEFT + 1, RIGHT, 7):
        assert pixel(picture, x, TOP) == RULE
        assert pixel(picture, x, BOTTOM) == RULE
    for y in range(MIDDLE_Y + 1, BOTTOM, 7):
        assert pixel(picture, MIDDLE_X, y) == RULE
    for y in range(TOP + 2, MIDDLE_Y - 1, 7):
        assert pixel(picture, MIDDLE_X, y) != RULE  # no rule parts the merged cell
    assert pixel(picture, 20, 20) == (255, 255, 255)


def test_cells_are_outlined_and_merged_ones_tinted(ruled: Path, tmp_path: Path) -> None:
    draw_page(ruled, 1, tmp_path / "page.png")
    picture = opened(tmp_path / "page.png")
    for x in range(LEFT + 60, RIGHT - 5, 11):
        assert pixel(picture, x, BOTTOM - 1) == CELL
    assert pixel(picture, RIGHT - 1, 140) == CELL
    red, green, blue = pixel(picture, 320, 90)  # in the merged cell, beside its text
    assert (red, green, blue) != (255, 255, 255)
    assert green < red
    assert green < blue
    assert pixel(picture, 320, 160) == (255, 255, 255)  # in a cell of its own


def test_words_are_drawn_only_when_asked_for(ruled: Path, tmp_path: Path) -> None:
    draw_page(ruled, 1, tmp_path / "plain.png")
    draw_page(ruled, 1, tmp_path / "words.png", words=True)
    assert not has(opened(tmp_path / "plain.png"), WORD)
    with_words = opened(tmp_path / "words.png")
    assert has(with_words, WORD, (75, 130, 120, 150))
    assert not has(with_words, WORD, (250, 65, 345, 95))


def test_the_page_lies_unchanged_beneath(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "text.pdf", lambda canvas: canvas.drawString(60, 150, "没有表格"))
    drawing = draw_page(path, 1, tmp_path / "page.png")
    assert drawing.grids == ()
    pdf = pypdfium2.PdfDocument(path)
    page = pdf[0].render(scale=SCALE).to_pil().convert("RGB")
    pdf.close()
    assert opened(tmp_path / "page.png").crop((0, 0, WIDTH * SCALE, HEIGHT * SCALE)).tobytes() == page.tobytes()


def test_aligned_text_has_a_colour_of_its_own(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "aligned.pdf", columns)
    drawing = draw_page(path, 1, tmp_path / "page.png")
    assert [grid.ruled for grid in drawing.grids] == [False]
    picture = opened(tmp_path / "page.png")
    assert has(picture, ALIGNED)
    assert not has(picture, CELL)


def test_a_cropped_page_is_drawn_where_its_words_are(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "cropped.pdf", table, cropBox=(20, 30, 380, 290))
    draw_page(path, 1, tmp_path / "page.png", words=True)
    picture = opened(tmp_path / "page.png")
    assert picture.width == WIDTH * SCALE
    left, top, right, bottom = 75, 130, 110, 150
    inks = picture.crop((left * SCALE, top * SCALE, right * SCALE, bottom * SCALE))
    darkest, _ = inks.convert("L").getextrema()
    assert darkest < 20  # the ink of 项目 …
    assert has(picture, WORD, (left, top, right, bottom))  # … and the box of the word
    assert pixel(picture, 10, 10) == (255, 255, 255)
    pdf = pypdfium2.PdfDocument(path)
    assert pdf[0].get_size() == (360, 260)
    pdf.close()


def test_pictures_of_the_same_page_are_the_same(ruled: Path, tmp_path: Path) -> None:
    draw_page(ruled, 1, tmp_path / "one.png", words=True)
    draw_page(ruled, 1, tmp_path / "two.png", words=True)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize("page", [0, -1, 3])
def test_a_page_out_of_range_says_how_many_there_are(ruled: Path, tmp_path: Path, page: int) -> None:
    with pytest.raises(NoSuchPage, match=f"no page {page}; the file has 2 pages"):
        draw_page(ruled, page, tmp_path / "page.png")
    assert not (tmp_path / "page.png").exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"gone\.pdf: "):
        draw_page(tmp_path / "gone.pdf", 1, tmp_path / "page.png")
    with pytest.raises(FileMissing):
        draw_page(tmp_path, 1, tmp_path / "page.png")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "单位\t甲".encode(), b"%PDF-1.7\nnothing more"])
def test_what_is_no_pdf_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.pdf"
    path.write_bytes(content)
    with pytest.raises(NotAPdf, match=r"other\.pdf: "):
        draw_page(path, 1, tmp_path / "page.png")


def test_a_locked_pdf_cannot_be_opened(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "locked.pdf", table, encrypt="secret")
    with pytest.raises(NotAPdf, match=r"locked\.pdf: "):
        draw_page(path, 1, tmp_path / "page.png")


def grid_of(cells: list[Cell]) -> Grid:
    return Grid(1, Box(10, 10, 90, 90), (10, 50, 90), (10, 50, 90), tuple(cells))


def test_a_place_without_a_cell_is_crossed_out() -> None:
    grid = grid_of([Cell(0, 0, 1, 2, "x"), Cell(1, 0, 1, 1, "y")])
    assert holes(grid) == [Box(50, 50, 90, 90)]
    assert cell_box(grid, grid.cells[0]) == Box(10, 10, 90, 50)
    sheet = Sheet(1, 100, 100, (), (Rule(False, 10, 10, 90),))
    picture = draw_sheet(Image.new("RGB", (200, 200), "white"), sheet, [grid])
    assert pixel(picture, 70, 70) == NO_CELL
    assert pixel(picture, 30, 70) == (255, 255, 255)


def test_a_scan_of_any_size_is_drawn_on_to_scale() -> None:
    sheet = Sheet(1, 100, 100, (Word("x", Box(20, 20, 40, 40), (20, 40)),), (Rule(True, 60, 10, 90),))
    picture = draw_sheet(Image.new("L", (500, 500), 255), sheet, [], words=True)
    assert picture.getpixel((300, 250)) == RULE
    assert picture.getpixel((100, 150)) == WORD
    assert picture.getpixel((300, 30)) == (255, 255, 255)
