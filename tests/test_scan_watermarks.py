"""Watermarks of scanned pages: large and small, level and turned, of any light colour; text and rules over them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from extractors.scan.grounds import ground_of
from extractors.scan.ink import read_ink
from extractors.scan.straighten import Image
from extractors.scan.watermarks import find_watermark, without_watermark
from extractors.tables.grid import find_grids
from schemas.model import Reader, Sheet

DPI = 200
PX = DPI / 72
SIZE = (1160, 900)
XS, YS = (100, 360, 620, 1060), tuple(range(100, 821, 80))
MARK, WORD = "COPY ONLY 2025", "1234"


def font(points: float) -> ImageFont.FreeTypeFont:
    given = ImageFont.load_default(points * PX)
    assert isinstance(given, ImageFont.FreeTypeFont)
    return given


def form() -> Pictures.Image:
    """A table with a number in each cell."""
    picture = Pictures.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    for y in YS:
        draw.line((XS[0], y, XS[-1], y), fill=(0, 0, 0), width=2)
    for x in XS:
        draw.line((x, YS[0], x, YS[-1]), fill=(0, 0, 0), width=2)
    for y in YS[:-1]:
        for x in XS[:-1]:
            draw.text((x + 60, y + 26), WORD, fill=(20, 20, 20), font=font(10))
    return picture


def marked(picture: Pictures.Image, points: float, angle: float, step: int, colour: tuple[int, int, int]) -> Image:
    """A page with a watermark laid under its ink, every `step` pixels."""
    text = font(points)
    wide, high = (int(v) + 8 for v in text.getbbox(MARK)[2:])
    stamp = Pictures.new("RGB", (wide, high), "white")
    ImageDraw.Draw(stamp).text((4, 2), MARK, fill=colour, font=text)
    stamp = stamp.rotate(angle, expand=True, fillcolor="white", resample=Pictures.Resampling.BICUBIC)
    under = Pictures.new("RGB", SIZE, "white")
    for y in range(30, SIZE[1], step):
        for x in range(20, SIZE[0], step + 40):
            under.paste(stamp, (x, y))
    both = np.asarray(under).astype(float) * np.asarray(picture).astype(float) / 255
    noise = np.random.default_rng(3).normal(0, 3, both.shape[:2])[..., None]
    return np.asarray(np.clip(both + noise, 0, 255), np.uint8)


KINDS = [
    (14.0, 25.0, 240, (190, 190, 190)),  # small and tiled
    (14.0, 0.0, 240, (200, 200, 200)),  # level, of the size of a text
    (20.0, 40.0, 300, (180, 195, 235)),  # coloured
    (56.0, 30.0, 2000, (205, 205, 205)),  # one, and large
    (30.0, 90.0, 400, (170, 170, 170)),  # upright
]


@pytest.mark.parametrize(("points", "angle", "step", "colour"), KINDS)
def test_a_watermark_leaves_the_cells_and_their_ink(
    points: float, angle: float, step: int, colour: tuple[int, int, int]
) -> None:
    plain = read_ink(np.asarray(form()), DPI)
    ink = read_ink(marked(form(), points, angle, step, colour), DPI)
    grids = find_grids(Sheet(1, SIZE[0] / PX, SIZE[1] / PX, (), ink.rules, Reader.OCR))
    assert [len(grid.cells) for grid in grids] == [(len(XS) - 1) * (len(YS) - 1)]
    dark, was = ink.gray < 128, plain.gray < 128
    assert (dark & ~was).sum() < 0.05 * was.sum()
    assert (was & ~dark).sum() < 0.1 * was.sum()


def test_faint_text_that_keeps_to_its_cells_is_text() -> None:
    picture = form()
    draw = ImageDraw.Draw(picture)
    for y in YS[:-1]:
        draw.text((XS[1] + 160, y + 26), "96.5", fill=(170, 170, 170), font=font(10))
    gray = np.asarray(picture)[..., 0]
    mark = find_watermark(gray, ground_of(gray, PX), np.zeros_like(gray), PX)
    assert mark is None
    assert without_watermark(gray, mark) is gray
