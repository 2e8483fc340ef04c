"""Ticks drawn by hand and printed ones, at several sizes, tilts and resolutions; and ink that is no table."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from helpers_ocr import Fake
from PIL import Image, ImageDraw, ImageFilter

from extractors.ocr.engine import Seen
from extractors.scan.drive import read_page
from extractors.scan.ticks import tick_of
from schemas.language.values import parse_options
from schemas.language.vocabulary import load_words
from schemas.model import Box, Grid

WORDS = load_words()
DPI = 200
FINE = 4  # times larger than wanted, in which shapes are drawn
CHARACTER = 10.5  # points: the size of the text beside the marks

Stroke = list[tuple[float, float]]
BOX: Stroke = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
CHECK: Stroke = [(0.2, 0.5), (0.42, 0.78), (0.85, 0.2)]
LOOSE: Stroke = [(0, 0.55), (0.35, 1), (1, 0)]
BEYOND: Stroke = [(0.1, 0.4), (0.45, 0.85), (1.35, -0.35)]
CROSS: list[Stroke] = [[(0.15, 0.15), (0.85, 0.85)], [(0.85, 0.15), (0.15, 0.85)]]

STROKES: dict[str, list[Stroke]] = {
    "empty box": [BOX],
    "ticked box": [BOX, CHECK],
    "crossed box": [BOX, *CROSS],
    "tick beyond its box": [BOX, BEYOND],
    "tick": [LOOSE],
}
SIGNS = {
    "empty box": "□",
    "ticked box": "☑",
    "crossed box": "☑",
    "tick beyond its box": "☑",
    "tick": "√",
    "filled box": "☑",
    "ring": "○",
    "disc": "●",
    "dotted ring": "☑",
}
MEANS = {"□": "empty", "○": "empty", "☑": "marked", "●": "marked", "√": "tick"}


def drawn(pen: ImageDraw.ImageDraw, shape: str, left: float, top: float, side: float, width: int, shake: float) -> None:
    """A shape on a picture, its strokes shaken by `shake` of its side as by a hand; pixels."""
    rng = np.random.default_rng(3)
    for stroke in STROKES.get(shape, []):
        wide = width if stroke is BOX else round(1.3 * width)
        points = [
            (left + (x + rng.normal(0, shake)) * side, top + (y + rng.normal(0, shake)) * side) for x, y in stroke
        ]
        pen.line(points, fill=0, width=wide, joint="curve")
        for x, y in points:
            pen.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill=0)
    around = (left, top, left + side, top + side)
    if shape == "filled box":
        pen.rectangle(around, fill=0)
    if shape in ("ring", "dotted ring", "disc"):
        pen.ellipse(around, outline=0, width=width, fill=0 if shape == "disc" else None)
    if shape == "dotted ring":
        pen.ellipse((left + 0.3 * side, top + 0.3 * side, left + 0.7 * side, top + 0.7 * side), fill=0)


def piece(
    shape: str, px: float, size: float, width: float, tilt: float, noise: float
) -> tuple[npt.NDArray[np.bool_], Box]:
    """The ink of a shape of `size` points, and its box in points, as a scan at `px` pixels to the point shows it."""
    side = size * px * FINE
    large = Image.new("L", (round(2.2 * side), round(2.2 * side)), 255)
    drawn(ImageDraw.Draw(large), shape, 0.6 * side, 0.6 * side, side, max(1, round(width * px * FINE)), 0.02)
    scan = large.resize((large.width // FINE, large.height // FINE), Image.Resampling.LANCZOS)
    scan = scan.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=255)
    grain = np.random.default_rng(1).normal(0, noise, (scan.height, scan.width))
    ink = np.asarray(scan) + grain < 150
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    x, y, w, h, _ = (int(v) for v in stats[1 + int(np.argmax(stats[1:count, cv2.CC_STAT_AREA]))])
    return ink[y : y + h, x : x + w], Box(0, 0, w / px, h / px)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("shape", SIGNS)
def test_marks_are_known_by_their_shape(shape: str, dpi: int) -> None:
    for size, width, tilt, noise in itertools.product((8, 10, 12), (0.7, 1.0), (0, 2, -3), (0, 15)):
        tick = tick_of(*piece(shape, dpi / 72, size, width, tilt, noise), CHARACTER)
        assert tick is not None, (size, width, tilt, noise)
        assert MEANS[tick.sign] == MEANS[SIGNS[shape]], (size, width, tilt, noise)


@pytest.mark.parametrize(
    "stroke", [[(0, 0.5), (1, 0.5)], [(0.5, 0), (0.5, 1)], [(0, 0), (1, 1)], [(0, 0), (0, 1), (1, 1)]]
)
def test_other_strokes_are_no_ticks(stroke: Stroke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STROKES, "stroke", [stroke])
    for dpi in (150, 200, 300):
        assert tick_of(*piece("stroke", dpi / 72, 10, 0.8, 0, 0), CHARACTER) is None


# ── In a form

SIDE = 30  # pixels of a character


def form(items: list[str], *, tilt: float = 0.0, label: str = "项目属性", told: str = "") -> str:
    """The text of the cell behind a label, on a drawn page: `items` are names of shapes, gaps, or texts, which are
    drawn as blots and told by the engine; so are shapes called `told`, as empty boxes."""
    page = Image.new("L", (1654, 900), 255)
    pen = ImageDraw.Draw(page)
    rng = np.random.default_rng(2)
    seen: list[Seen] = []

    def write(text: str, left: int, top: int) -> int:
        for k in range(len(text)):
            blot = Image.fromarray(np.where(rng.random((9, 9)) < 0.55, 0, 255).astype(np.uint8))
            page.paste(blot.resize((SIDE - 4, SIDE - 4), Image.Resampling.NEAREST), (left + k * SIDE + 2, top + 2))
        seen.append(Seen(text, (left, top, left + len(text) * SIDE, top + SIDE), 0.999))
        return left + len(text) * SIDE

    for row in range(4):
        top = 200 + 110 * row
        pen.rectangle((150, top, 1500, top + 110), outline=0, width=3)
        pen.line((450, top, 450, top + 110), fill=0, width=3)
        write(label if row == 1 else "测试项目", 200, top + 40)
        if row != 1:
            write("测试内容", 500, top + 40)
    at = 500
    for item in items:
        if item == "gap":
            at += 40
        elif item in SIGNS:
            large = Image.new("L", (60 * FINE, 60 * FINE), 255)
            drawn(ImageDraw.Draw(large), item, 12 * FINE, 22 * FINE, 27 * FINE, 2 * FINE, 0.02)
            mark = large.resize((60, 60), Image.Resampling.LANCZOS)
            area = (at - 12, 310 + 20, at + 48, 310 + 80)
            page.paste(Image.fromarray(np.minimum(np.asarray(page.crop(area)), np.asarray(mark))), area)
            if item == told:
                seen.append(Seen("□", (at, 352, at + 27, 379), 0.99))
            at += 36
        else:
            at = write(item, at + 6, 350) + 10
    picture = page.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=255)
    blocks = read_page(np.asarray(picture.convert("RGB")), DPI, 1, Fake(seen), WORDS).blocks.blocks
    (grid,) = (b for b in blocks if isinstance(b, Grid))
    (cell,) = (c for c in grid.cells if (c.row, c.col) == (1, 1))
    return cell.text


GROUPS: dict[str, tuple[list[str], list[str]]] = {
    "printed": (["ticked box", "新增项目", "empty box", "延续项目"], ["新增项目"]),
    "crossed": (["empty box", "新增项目", "crossed box", "延续项目"], ["延续项目"]),
    "filled": (["empty box", "新增项目", "filled box", "延续项目"], ["延续项目"]),
    "rings": (["disc", "新增项目", "ring", "延续项目"], ["新增项目"]),
    "a dot in a ring": (["ring", "新增项目", "dotted ring", "延续项目"], ["延续项目"]),
    "through the box": (["tick beyond its box", "新增项目", "empty box", "延续项目"], ["新增项目"]),
    "before the box": (["tick", "empty box", "新增项目", "empty box", "延续项目"], ["新增项目"]),
    "behind the box": (["empty box", "tick", "新增项目", "empty box", "延续项目"], ["新增项目"]),
    "behind the option": (["empty box", "新增项目", "tick", "gap", "empty box", "延续项目"], ["新增项目"]),
    "before a later box": (["empty box", "新增项目", "gap", "tick", "empty box", "延续项目"], ["延续项目"]),
    "behind the last option": (["empty box", "新增项目", "empty box", "延续项目", "tick"], ["延续项目"]),
    "without boxes": (["新增项目", "tick", "延续项目"], ["新增项目"]),
    "none": (["empty box", "新增项目", "empty box", "延续项目"], []),
    "both": (["ticked box", "新增项目", "crossed box", "延续项目"], ["新增项目", "延续项目"]),
}


@pytest.mark.parametrize("group", GROUPS)
def test_ticked_options_of_a_form(group: str) -> None:
    items, ticked = GROUPS[group]
    options = parse_options(form(items), WORDS)
    assert [o.text for o in options] == [i for i in items if i not in SIGNS and i != "gap"]
    assert [o.text for o in options if o.ticked] == ticked


@pytest.mark.parametrize("label", ["项目属性", "项目名称"])
def test_marks_count_where_options_are_announced(label: str) -> None:
    """A form that announces none and prints none that is known keeps its text as read."""
    text = form(["empty box", "甲乙丙丁"], label=label)
    assert text == ("□甲乙丙丁" if label == "项目属性" else "甲乙丙丁")


def test_a_box_that_was_read_announces_the_others_of_its_cell() -> None:
    text = form(["empty box", "甲乙丙丁", "ticked box", "戊己庚辛"], label="测试名称", told="empty box")
    assert text == "□甲乙丙丁☑戊己庚辛"


# ── Ink that is no table


def grids(page: Image.Image) -> list[Grid]:
    blocks = read_page(np.asarray(page.convert("RGB")), DPI, 1, Fake(), WORDS).blocks.blocks
    return [block for block in blocks if isinstance(block, Grid)]


def text_page() -> Image.Image:
    """A page of blots like characters in lines."""
    rng = np.random.default_rng(4)
    page = Image.new("L", (1654, 2339), 250)
    for top in range(250, 2000, 62):
        for left in range(260, 1400, 34):
            blot = Image.fromarray(np.where(rng.random((9, 9)) < 0.5, 20, 250).astype(np.uint8))
            page.paste(blot.resize((27, 27), Image.Resampling.NEAREST), (left, top))
    return page


def punched(page: Image.Image) -> None:
    pen = ImageDraw.Draw(page)
    for top in (300, 850, 1400, 1950):
        pen.ellipse((60, top, 130, top + 70), fill=30)


def ringed(page: Image.Image) -> None:
    pen = ImageDraw.Draw(page)
    for top in range(100, 2250, 90):
        pen.rectangle((40, top, 75, top + 40), outline=20, width=4)


def bordered(page: Image.Image) -> None:
    """The scanner's lid around the page."""
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 1653, 34), fill=5)
    pen.rectangle((0, 0, 26, 2338), fill=5)
    pen.rectangle((1630, 0, 1653, 2338), fill=5)
    pen.rectangle((0, 2300, 1653, 2338), fill=5)


def edged(page: Image.Image) -> None:
    """The page's own edge as a thin line all around."""
    ImageDraw.Draw(page).rectangle((22, 18, 1632, 2320), outline=40, width=3)


def folded(page: Image.Image) -> None:
    pen = ImageDraw.Draw(page)
    pen.line((0, 1170, 1654, 1172), fill=130, width=3)
    pen.line((827, 0, 829, 2339), fill=130, width=3)


def stapled(page: Image.Image) -> None:
    ImageDraw.Draw(page).line((120, 90, 210, 130), fill=20, width=6)


def shaded(page: Image.Image) -> None:
    """The shadow in the gutter of a book."""
    shade = np.clip(np.linspace(90, 255, 1654) + 40, 0, 255)[None, :] / 255
    page.paste(Image.fromarray((np.asarray(page) * shade).astype(np.uint8)))


def underlined(page: Image.Image) -> None:
    pen = ImageDraw.Draw(page)
    for top in (346, 656, 966):  # below lines of text
        pen.line((260, top, 900, top), fill=10, width=3)


@pytest.mark.parametrize("mark", [punched, ringed, bordered, edged, folded, stapled, shaded, underlined])
@pytest.mark.parametrize("tilt", [0.0, 1.2])
def test_holes_borders_and_folds_are_no_tables(mark: object, tilt: float) -> None:
    page = text_page()
    assert callable(mark)
    mark(page)
    page = page.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=250).filter(ImageFilter.GaussianBlur(0.6))
    assert grids(page) == []


def test_a_table_within_the_edge_of_the_page_is_kept_as_it_is() -> None:
    page = Image.new("L", (1654, 2339), 250)
    pen = ImageDraw.Draw(page)
    for top, left in itertools.product(range(400, 1900, 150), range(200, 1400, 300)):
        pen.rectangle((left, top, left + 300, top + 150), outline=10, width=3)
    (alone,) = grids(page)
    edged(page)
    (within,) = grids(page)
    assert [(c.row, c.col, c.rowspan, c.colspan) for c in within.cells] == [
        (c.row, c.col, c.rowspan, c.colspan) for c in alone.cells
    ]
    assert len(within.cells) == 40
