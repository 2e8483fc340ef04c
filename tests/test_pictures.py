"""Pictures of pages: the boxes of what was read lie on its ink, however the page is cut, turned or scanned."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from helpers_pdf import raw_pdf
from PIL import Image, ImageDraw

from extractors.pdf.boxes import visible_part
from extractors.pdf.images import PdfImages
from extractors.scan.straighten import Image as Pixels
from pipeline.output.pictures.originals import Filings
from pipeline.output.pictures.pages import CannotShow, Filing, NoSuchPage
from pipeline.output.pictures.upright import as_read, fit
from schemas.model import Box

MEDIA, CROP = (10, 20, 410, 320), (60, 40, 390, 250)
TEXT = b"BT /F 20 Tf 120 180 Td (MMMMM) Tj ET BT /F 20 Tf 300 70 Td (MM) Tj ET"


def cut_pdf(path: Path, rotation: int, *, inherited: bool = False, unit: float = 1) -> Path:
    """A page with two words; its boxes are its own, or those of the tree of pages. Its units are so many points."""
    media, crop = (" ".join(str(at / unit) for at in box) for box in (MEDIA, CROP))
    boxes = f"/MediaBox [{media}] /CropBox [{crop}]".encode()
    text = b"%f 0 0 %f 0 0 cm %s" % (1 / unit, 1 / unit, TEXT)
    own, above = (b"", boxes) if inherited else (boxes, b"")
    path.write_bytes(
        raw_pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 %s >>" % above,
                b"<< /Type /Page /Parent 2 0 R /Rotate %d %s /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >>"
                b" /UserUnit %s >>" % (rotation, own, str(unit).encode()),
                b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
                b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            ]
        )
    )
    return path


def gray(picture: Image.Image) -> Any:
    return np.asarray(picture.convert("L"))


@pytest.mark.parametrize(
    "how", [{"inherited": False}, {"inherited": True}, {"unit": 0.5}, {"unit": 2}, {"unit": 10}], ids=str
)
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_all_ink_of_a_cut_and_turned_page_lies_in_its_words(tmp_path: Path, rotation: int, how: dict[str, Any]) -> None:
    with Filing(cut_pdf(tmp_path / "cut.pdf", rotation, **how)) as filing:
        picture = filing.picture(1, 2.0)
        sheet = filing.sheet(1)
    assert sheet is not None
    assert sheet.turned == rotation
    assert (picture.width, picture.height, picture.px, picture.scan) == (sheet.width, sheet.height, 2.0, False)
    assert picture.image.size == (800, 600)  # its text upright, whichever way the page lies in the file
    ink = gray(picture.image) < 128
    assert ink.sum() > 500
    for word in sheet.words:
        for edges in itertools.pairwise(word.edges):
            left, right, top, bottom = (round(2 * at) for at in (*edges, word.box.top, word.box.bottom))
            assert ink[top:bottom, left:right].any()
            ink[top : bottom + 1, left : right + 1] = False
    assert not ink.any()


def test_a_visible_part_larger_than_the_sheet_begins_with_it() -> None:
    assert visible_part((0, 0, 100, 200), (-10, -10, 110, 210), 0) == Box(0, 0, 100, 200)
    assert visible_part((100, 200, 0, 0), (10, 180, 90, 50), 90) == Box(50, 10, 180, 90)
    assert visible_part((0, 0, 100, 200), (300, 300, 400, 400), 0) == Box(0, 0, 100, 200)


def test_a_page_too_large_is_shown_smaller(tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(14400, 14400)
    pdf.save(tmp_path / "large.pdf")
    pdf.close()
    with Filing(tmp_path / "large.pdf") as filing:
        picture = filing.picture(1, 2.0)
    assert picture.image.width < 6400
    assert picture.image.width == pytest.approx(14400 * picture.px, abs=1)


# ── scans


def scan() -> tuple[Pixels, Box]:
    """A page at 150 dots an inch with lines of text, so to say, and a box in points around the first."""
    page = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(page)
    for y in range(100, 900, 60):
        for x in range(100, 900 - y // 2, 25):
            pen.rectangle((x, y, x + 14, y + 18), fill="black")
    return np.asarray(page), Box(47, 47, 400, 58)


@pytest.mark.parametrize("turned", [0, 2])
def test_a_scan_is_turned_to_where_its_boxes_hold_ink(turned: int) -> None:
    page, box = scan()
    shown = as_read(np.ascontiguousarray(np.rot90(page, turned)), 150 / 72, [box])
    assert fit(shown, 150 / 72, [box]) == pytest.approx(fit(page, 150 / 72, [box]), abs=0.02)


def test_a_page_stays_upright_though_its_boxes_hold_more_ink_upside_down() -> None:
    page, box = scan()
    left, top, right, bottom = (round(v * 150 / 72) for v in (box.left, box.top, box.right, box.bottom))
    page = page.copy()
    page[1754 - bottom - 20 : 1754 - top + 20, 1240 - right - 20 : 1240 - left + 20] = 0  # a shadow
    assert as_read(page, 150 / 72, [box])[:877].mean() == pytest.approx(page[:877].mean(), rel=0.05)


def test_a_scan_whose_boxes_were_counted_on_the_tilted_page_stays_tilted() -> None:
    page, _ = scan()
    tilted = np.asarray(Image.fromarray(page).rotate(4, fillcolor="white"))
    x, y, turn = 107 - 620, 109 - 877, np.radians(4)  # the middle of the first character, from that of the page
    across, down = 620 + x * np.cos(turn) + y * np.sin(turn), 877 - x * np.sin(turn) + y * np.cos(turn)
    box = Box(*(float(v) * 0.48 for v in (across - 6, down - 8, across + 6, down + 8)))
    assert np.array_equal(as_read(tilted, 150 / 72, [box]), tilted)
    assert not np.array_equal(as_read(tilted, 150 / 72, []), tilted)


def test_the_image_is_the_one_that_the_reader_takes(tmp_path: Path) -> None:
    page, box = scan()
    Image.fromarray(page).save(tmp_path / "scan.pdf", resolution=150)
    with Filing(tmp_path / "scan.pdf") as filing:
        assert filing.sheet(1) is None
        picture = filing.picture(1, 2.0, scanned=True, boxes=[box])
        plain = filing.picture(1, 2.0)
    assert (picture.scan, round(picture.px * 72)) == (True, 150)
    assert picture.image.size == pytest.approx((1240, 1754), abs=1)
    assert (plain.scan, plain.px) == (False, 2.0)


def test_a_scan_on_a_page_of_other_units_is_rendered_at_its_resolution(tmp_path: Path) -> None:
    page, _ = scan()
    Image.fromarray(page).save(tmp_path / "scan.pdf", resolution=150)
    images = PdfImages(tmp_path / "scan.pdf")
    of_points = images.page(1, 1240, 595.2)
    of_units = images.page(1, 1240, 595.2 / 2, 0.5)
    images.close()
    assert of_units.pixels.shape == of_points.pixels.shape
    assert (round(of_points.dpi), round(of_units.dpi)) == (150, 300)


# ── what cannot be shown, and where originals stand


def test_what_cannot_be_shown_says_why_with_and_without_the_file(tmp_path: Path) -> None:
    path = cut_pdf(tmp_path / "cut.pdf", 0, inherited=False)
    with Filing(path) as filing, pytest.raises(NoSuchPage) as error:
        filing.picture(2, 1.0)
    assert error.value.why == "there is no page 2; the file has 1 page"
    assert str(error.value) == f"{path}: {error.value.why}"
    with pytest.raises(CannotShow, match="there is no such file"):
        Filing(tmp_path)


def test_only_the_very_content_is_the_original(tmp_path: Path) -> None:
    for folder, content in (("a", b"one"), ("b", b"two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "form.pdf").write_bytes(content)
    two = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"
    filings = Filings(tmp_path)
    assert filings.find("else/form.pdf", two) == tmp_path / "b" / "form.pdf"
    assert filings.find("else/form.pdf", None) is None
    (tmp_path / "b" / "form.pdf").write_bytes(b"three")
    assert filings.find("else/form.pdf", two) is None
    (tmp_path / "a" / "form.pdf").write_bytes(b"two")
    os.utime(tmp_path / "a" / "form.pdf", ns=(1, 1))
    assert filings.find("form.pdf", two) == tmp_path / "a" / "form.pdf"
