"""The pictures of pages: the page unchanged beneath, the drawing where the page has its rules and cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.ocr.engine import Engine, EngineMissing, Seen
from extractors.ocr.models import ModelsMissing
from extractors.scan.ticks import Tick
from pipeline.output.draw import (
    ALIGNED,
    CELL,
    MERGED,
    NO_CELL,
    RULE,
    SEAL,
    TICK,
    UNSURE,
    WORD,
    DrawingEngineFailed,
    DrawnMarks,
    NoEngineToDraw,
    cell_box,
    draw_page,
    draw_sheet,
    holes,
    score_tag,
    tag_of,
)
from pipeline.output.pictures.pages import FileMissing, NoPdfToShow, NoSuchPage, UnreadableImage
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
    with pytest.raises(NoPdfToShow, match=r"other\.pdf: "):
        draw_page(path, 1, tmp_path / "page.png")


def test_a_locked_pdf_cannot_be_opened(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "locked.pdf", table, encrypt="secret")
    with pytest.raises(NoPdfToShow, match=r"locked\.pdf: "):
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


# ── scans

SCAN_DPI = 200
PX = SCAN_DPI / 72  # pixels of the scan to the point
SURE_BOX, DOUBTFUL_BOX = (150, 250, 230, 278), (600, 250, 680, 278)  # pixels of the scan


class Fake:
    """An engine that gives what it was told to, and counts the pages it was given."""

    name = "fake"

    def __init__(self, seen: Sequence[Seen] = (), error: Exception | None = None) -> None:
        self.seen, self.error, self.pages = list(seen), error, 0

    def __call__(self) -> Engine:
        return self

    def check(self) -> None:
        pass

    def read_page(self, image: Any) -> list[Seen]:
        self.pages += 1
        if self.error is not None:
            raise self.error
        return self.seen

    def read_lines(self, images: Sequence[Any]) -> list[tuple[str, float]]:
        return [("", 0.0) for _ in images]


def a_reading() -> list[Seen]:
    return [Seen("甲方", SURE_BOX, 0.999), Seen("乙方", DOUBTFUL_BOX, 0.9)]


def no_engine() -> Engine:
    raise AssertionError("no engine is needed for a page with text")


def scan(seal: bool = False, boxes: bool = False) -> Image.Image:
    """A table of two rows; the cells of the lower row are merged. A seal stands below it, boxes in it."""
    picture = Image.new("RGB", (1160, 1650), "white")
    pen = ImageDraw.Draw(picture)
    for y in (200, 330, 460):
        pen.rectangle((120, y, 1042, y + 2), fill="black")
    for x, bottom in ((120, 460), (580, 330), (1040, 460)):
        pen.rectangle((x, 200, x + 2, bottom + 2), fill="black")
    for left, top, right, bottom in (SURE_BOX, DOUBTFUL_BOX):
        pen.rectangle((left + 4, top + 4, right - 4, bottom - 4), fill="black")
    if seal:
        pen.ellipse((700, 900, 1000, 1200), outline=(220, 30, 40), width=12)
    if boxes:
        for x in (700, 860):
            pen.rectangle((x, 250, x + 26, 276), outline="black", width=3)
        pen.line((704, 254, 722, 272), fill="black", width=4)
        pen.line((704, 272, 722, 254), fill="black", width=4)
    return picture


def scanned(path: Path, *pictures: Image.Image) -> Path:
    """The pictures as the pages of a file, whose kind follows from its name."""
    first, *others = pictures
    more: dict[str, Any] = {"save_all": True, "append_images": others} if others else {}
    if path.suffix == ".pdf":
        first.save(path, resolution=SCAN_DPI, **more)
    else:
        first.save(path, dpi=(SCAN_DPI, SCAN_DPI), **more)
    return path


def inks(picture: Image.Image, box: tuple[float, float, float, float] | None = None) -> set[Any]:
    """The colours in a box given in pixels of the scan, by default everywhere."""
    scale = 144 / SCAN_DPI
    part = picture if box is None else picture.crop(tuple(round(v * scale) for v in box))  # type: ignore[arg-type]
    return {value for _, value in part.getcolors(maxcolors=1 << 24) or []}


@pytest.mark.parametrize("name", ["x.pdf", "x.png", "x.jpg", "x.tif"])
def test_a_scan_is_drawn_whatever_file_it_comes_in(tmp_path: Path, name: str) -> None:
    drawing = draw_page(scanned(tmp_path / name, scan()), 1, tmp_path / "p.png", engine=Fake(a_reading()))
    picture = opened(tmp_path / "p.png")
    assert picture.width == pytest.approx(1160 * 144 / SCAN_DPI, abs=1)  # pdfium rounds up
    assert picture.height > 1650 * 144 / SCAN_DPI
    (grid,) = drawing.grids
    assert [tag_of(cell) for cell in grid.cells] == ["r0c0", "r0c1", "r1c0 1x2"]
    assert [cell.text for cell in grid.cells] == ["甲方", "乙方", ""]
    assert RULE in inks(picture, (580, 210, 583, 320))
    assert RULE not in inks(picture, (570, 345, 590, 450))  # no rule parts the merged cell
    assert CELL in inks(picture, (120, 330, 1042, 465))


def test_a_doubtful_word_is_always_drawn_and_a_sure_one_when_asked_for(tmp_path: Path) -> None:
    path = scanned(tmp_path / "x.png", scan())
    left, top, right, bottom = DOUBTFUL_BOX
    doubtful, sure = (left - 8, top - 8, right + 40, bottom + 8), (140, 242, 270, 286)
    draw_page(path, 1, tmp_path / "plain.png", engine=Fake(a_reading()))
    plain = opened(tmp_path / "plain.png")
    assert UNSURE in inks(plain, doubtful)
    assert WORD not in inks(plain)
    draw_page(path, 1, tmp_path / "words.png", words=True, engine=Fake(a_reading()))
    words = opened(tmp_path / "words.png")
    assert UNSURE in inks(words, doubtful)
    assert WORD in inks(words, sure)
    beside = (right + 1, top, right + 36, bottom)  # where the score stands
    assert inks(plain, beside) != {(255, 255, 255)}
    assert inks(plain, (231, 250, 266, 278)) == {(255, 255, 255)}
    assert inks(words, (231, 250, 266, 278)) != {(255, 255, 255)}


@pytest.mark.parametrize(
    ("score", "tag"), [(0.0, ".00"), (0.5, ".50"), (0.9799, ".97"), (0.999, ".99"), (1.0, "1.0"), (-0.5, ".00")]
)
def test_a_score_is_never_rounded_up(score: float, tag: str) -> None:
    assert score_tag(score) == tag


def test_a_score_stays_in_the_picture() -> None:
    sheet = Sheet(1, 100, 100, (Word("x", Box(60, 20, 100, 40), (60, 100), 0.5),), ())
    picture = draw_sheet(Image.new("RGB", (400, 400), "white"), sheet, [])
    assert np.asarray(picture.crop((384, 82, 399, 96)).convert("L")).min() < 150
    assert inks(picture.crop((399, 0, 400, 80))) == {(255, 255, 255)}


def test_a_seal_is_tinted_where_it_lies(tmp_path: Path) -> None:
    draw_page(scanned(tmp_path / "x.png", scan(seal=True)), 1, tmp_path / "p.png", engine=Fake(a_reading()))
    draw_page(scanned(tmp_path / "y.png", scan()), 1, tmp_path / "q.png", engine=Fake(a_reading()))
    ring = (704, 1040, 707, 1060)
    for red, green, blue in inks(opened(tmp_path / "p.png"), ring):
        assert red > 200
        assert green > 80  # the seal alone has 30
        assert blue < 60
    assert inks(opened(tmp_path / "p.png"), (840, 1040, 860, 1060)) == {(255, 255, 255)}
    assert inks(opened(tmp_path / "q.png"), ring) == {(255, 255, 255)}
    assert {SEAL, TICK, UNSURE} <= inks(opened(tmp_path / "q.png"))  # in the legend


def test_ticks_are_outlined_and_marked_ones_filled(tmp_path: Path) -> None:
    seen = [
        Seen("项目类型", SURE_BOX, 0.999),
        Seen("延续项目", (740, 250, 848, 277), 0.999),
        Seen("新增项目", (900, 250, 1008, 277), 0.999),
    ]
    picture = scan(boxes=True)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((590, 240, 690, 290), fill="white")
    for x in range(740, 1008, 27):
        if not 840 <= x < 900:
            pen.line((x + 4, 254, x + 4, 274), fill="black", width=3)
            pen.line((x + 4, 264, x + 22, 264), fill="black", width=3)
    path = scanned(tmp_path / "x.png", picture)
    drawing = draw_page(path, 1, tmp_path / "p.png", engine=Fake(seen))
    assert [tick.sign for tick in drawing.ticks] == ["☑", "□"]
    drawn = opened(tmp_path / "p.png")
    assert TICK in inks(drawn, (690, 242, 732, 284))
    assert TICK in inks(drawn, (850, 242, 892, 284))
    assert TICK not in inks(drawn, (300, 242, 560, 284))


def test_marks_are_drawn_on_any_picture() -> None:
    sheet = Sheet(1, 100, 100, (), ())
    seal = np.zeros((50, 50), dtype=np.uint8)
    seal[25:] = 255
    ticks = (Tick(Box(20, 20, 30, 30), "□"), Tick(Box(60, 20, 70, 30), "√"))
    picture = draw_sheet(Image.new("RGB", (200, 200), "white"), sheet, [], marks=DrawnMarks(ticks, seal))
    assert pixel(picture, 19, 25) == TICK
    assert pixel(picture, 25, 25) == (255, 255, 255)
    assert pixel(picture, 65, 25) not in (TICK, (255, 255, 255))
    red, green, blue = pixel(picture, 50, 75)
    assert blue < green < red == 255


def test_a_tilted_scan_is_drawn_straightened(tmp_path: Path) -> None:
    tilted = scan().rotate(1.5, Image.Resampling.BICUBIC, fillcolor="white")
    draw_page(scanned(tmp_path / "x.png", tilted), 1, tmp_path / "p.png", engine=Fake())
    picture = opened(tmp_path / "p.png").crop((0, 0, 835, 1188))
    rows = (np.asarray(picture) == RULE).all(axis=2).sum(axis=1)
    assert sorted(rows)[-3] > 600  # rules are level …
    dark = (np.asarray(picture).max(axis=2) < 140) | (np.asarray(picture) == RULE).all(axis=2)
    at = int(rows.argmax())
    assert dark[at - 6 : at - 3, 100:700].mean() < 0.1  # … and the page's ink lies under them


def test_a_page_of_a_long_tiff_is_drawn_by_its_number(tmp_path: Path) -> None:
    blank = Image.new("RGB", (1160, 1650), "white")
    path = scanned(tmp_path / "x.tiff", blank, scan(), blank)
    engine = Fake()
    drawing = draw_page(path, 2, tmp_path / "p.png", engine=engine)
    assert (drawing.sheet.number, len(drawing.grids), engine.pages) == (2, 1, 1)
    assert draw_page(path, 3, tmp_path / "p.png", engine=engine).grids == ()
    for page in (0, 4):
        with pytest.raises(NoSuchPage, match=f"no page {page}; the file has 3 pages"):
            draw_page(path, page, tmp_path / "q.png", engine=engine)
    assert not (tmp_path / "q.png").exists()


def test_a_page_with_text_needs_no_engine(ruled: Path, tmp_path: Path) -> None:
    assert draw_page(ruled, 1, tmp_path / "p.png", engine=no_engine).ticks == ()


@pytest.mark.parametrize("error", [EngineMissing("no paddleocr"), ModelsMissing("no models"), ImportError("no cv2")])
@pytest.mark.parametrize("name", ["x.pdf", "x.png"])
def test_without_an_engine_a_scan_is_not_drawn(tmp_path: Path, error: Exception, name: str) -> None:
    def source() -> Engine:
        raise error

    with pytest.raises(NoEngineToDraw, match=rf"x\.{name[2:]}: page 1 is a scan.*{error}.*jixiao doctor"):
        draw_page(scanned(tmp_path / name, scan()), 1, tmp_path / "p.png", engine=source)
    assert not (tmp_path / "p.png").exists()


@pytest.mark.parametrize("error", [RuntimeError("boom"), OSError("boom")])
def test_an_engine_that_fails_is_said_to_have_failed(tmp_path: Path, error: Exception) -> None:
    path = scanned(tmp_path / "x.png", scan())
    with pytest.raises(DrawingEngineFailed, match=rf"x\.png: page 1 cannot be read: {type(error).__name__}: boom"):
        draw_page(path, 1, tmp_path / "p.png", engine=Fake(error=error))


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\nrubbish", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*\x00\x00\x00\x08"]
)
def test_a_damaged_image_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(content)
    with pytest.raises(UnreadableImage, match=r"x\.png: the image cannot be read: "):
        draw_page(path, 1, tmp_path / "p.png", engine=Fake())


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.tif"])
def test_an_image_that_breaks_off_is_named(tmp_path: Path, name: str) -> None:
    path = scanned(tmp_path / name, scan())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableImage, match="the image cannot be read: "):
        draw_page(path, 1, tmp_path / "p.png", engine=Fake())
