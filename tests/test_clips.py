"""What a clip, an image or a layer that is off keeps from view is told and not read; what shows is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest
from helpers_pdf import raw_pdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.clips import Clip, Outline, box_ring, is_box, rings_of
from extractors.pdf.content import operations
from extractors.pdf.text_layer import read_sheet
from extractors.tables.grid import find_grids
from schemas.model import Sheet

HERE = (1, 0, 0, 1, 0, 0)
TABLE = b"""50 220 m 50 300 l 150 220 m 150 300 l 250 220 m 250 300 l S
50 220 m 250 220 l 50 260 m 250 260 l 50 300 m 250 300 l S
BT /F 12 Tf 55 275 Td (alpha one) Tj 100 0 Td (beta two) Tj -100 -40 Td (gamma 3) Tj 100 0 Td (delta 44) Tj ET
"""
TEXTS = ["alpha one", "beta two", "gamma 3", "delta 44"]
SHOW = b"BT /F 12 Tf 120 262 Td (999) Tj ET "


def page(content: bytes, *more: bytes, resources: bytes = b"", catalog: bytes = b"") -> bytes:
    """A page of 400 by 400 points; further objects count from 6."""
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R"
            b" /Resources << /Font << /F 5 0 R >> %s >> >>" % resources,
            stream(content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *more,
        ]
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >> stream\n%s\nendstream" % (len(content), entries, content)


def form(content: bytes, box: bytes, matrix: bytes = b"1 0 0 1 0 0") -> bytes:
    entries = b"/Type /XObject /Subtype /Form /BBox [%s] /Matrix [%s] /Resources << /Font << /F 5 0 R >> >>"
    return stream(content, entries % (box, matrix))


def sheet_of(data: bytes) -> Sheet:
    with pdfplumber.open(io.BytesIO(data)) as opened:
        return read_sheet(opened.pages[0], 1)


def cells(sheet: Sheet) -> list[str]:
    (grid,) = find_grids(sheet)
    return [cell.text for cell in grid.cells]


@pytest.mark.parametrize(
    "content",
    [
        b"q 0 0 100 100 re W n " + SHOW + b"Q",
        b"q 0 0 100 100 re W* n " + SHOW + b"Q",
        b"q 0 0 m 100 0 l 100 100 l 0 100 l h W n " + SHOW + b"Q",
        b"q 0 0 300 300 re W n 200 200 80 80 re W n " + SHOW + b"Q",  # one inside the other
        b"q 0 0 50 50 re W n 200 200 80 80 re W n " + SHOW + b"Q",  # with nothing in common
        b"q 0 0 0 0 re W n " + SHOW + b"Q",
        b"q 100 200 m 240 200 l 100 340 l h W n 1 0 0 1 40 0 cm " + SHOW.replace(b"120", b"160") + b"Q",
        b"q 0 0 400 400 re 110 250 60 40 re W* n " + SHOW + b"Q",  # a hole
        b"q 0 1 -1 0 400 0 cm 0 0 100 100 re W n 0 -1 1 0 0 400 cm " + SHOW + b"Q",
        b"q 50 50 m 50 100 100 100 100 50 c 100 0 50 0 50 50 c W n " + SHOW + b"Q",
        b"q BT /F 12 Tf 7 Tr 20 20 Td (mask) Tj ET " + SHOW.replace(b"BT", b"BT 0 Tr") + b"Q",  # seen through text
        b"q 0 0 100 100 re W n q " + SHOW + b"Q Q",
    ],
)
def test_text_outside_a_clip_is_told_and_not_read(content: bytes) -> None:
    sheet = sheet_of(page(TABLE + content))
    assert cells(sheet) == TEXTS
    assert "999" in "".join(text for text, _ in sheet.hidden)


@pytest.mark.parametrize(
    "content",
    [
        b"q 110 250 60 40 re W n " + SHOW + b"Q",
        b"q 0 0 100 100 re W n Q " + SHOW,
        b"q W n " + SHOW + b"Q",  # without a path
        b"q 0 0 400 400 re 110 250 60 40 re W n " + SHOW + b"Q",
        b"q 0 0 400 400 re 0 0 100 100 re W* n " + SHOW + b"Q",
        b"q 200 265 m 200 320 100 320 100 265 c 100 210 200 210 200 265 c W n " + SHOW + b"Q",
        b"q 1 g 0 0 100 100 re W f Q " + SHOW,
        b"q 0 0 100 100 re W " + SHOW + b"n Q",  # a clip counts from the end of its path
    ],
)
def test_text_inside_a_clip_is_read(content: bytes) -> None:
    sheet = sheet_of(page(TABLE + content))
    assert "999" in cells(sheet)[0]
    assert sheet.hidden == ()


@pytest.mark.parametrize(
    ("box", "matrix", "seen"),
    [
        (b"0 0 400 400", b"1 0 0 1 0 0", True),
        (b"0 0 100 100", b"1 0 0 1 0 0", False),
        (b"100 100 0 0", b"1 0 0 1 0 0", False),
        (b"0 0 300 300", b"1 0 0 1 0 -10", True),
        (b"0 0 110 400", b"1 0 0 1 0 0", False),
    ],
)
def test_a_form_shows_what_its_box_holds(box: bytes, matrix: bytes, seen: bool) -> None:
    sheet = sheet_of(page(TABLE + b"/X Do", form(SHOW, box, matrix), resources=b"/XObject << /X 6 0 R >>"))
    assert ("999" in "".join(cells(sheet))) is seen
    assert [text for text, _ in sheet.hidden] == ([] if seen else ["999"])


def test_a_form_within_a_clip_is_cut_off_too() -> None:
    content = TABLE + b"q 0 0 100 100 re W n /X Do Q"
    sheet = sheet_of(page(content, form(SHOW, b"0 0 400 400"), resources=b"/XObject << /X 6 0 R >>"))
    assert cells(sheet) == TEXTS


def test_rules_outside_a_clip_are_none_and_others_end_at_it() -> None:
    inner = b"q 50 220 200 80 re W n 100 0 m 100 400 l S 60 290 20 100 re S 0 0 40 40 re f Q "
    sheet = sheet_of(page(TABLE + inner))
    down = [(r.at, r.start, r.end) for r in sheet.rules if r.vertical and r.at in (60.0, 80.0, 100.0)]
    assert sorted(down) == [(60.0, 100.0, 110.0), (80.0, 100.0, 110.0), (100.0, 100.0, 180.0)]
    assert not [r for r in sheet.rules if not r.vertical and r.at < 99]


def picture(kind: str) -> ImageReader:
    alpha = Image.new("RGBA", (8, 8), (255, 255, 255, 90))
    return ImageReader(Image.new("RGB", (8, 8), "white") if kind == "whole" else alpha)


@pytest.mark.parametrize(
    ("kind", "first", "box", "seen"),
    [
        ("whole", False, (118, 258, 40, 20), False),
        ("whole", True, (118, 258, 40, 20), True),
        ("whole", False, (118, 258, 2, 20), True),
        ("clear", False, (118, 258, 40, 20), True),
    ],
)
def test_an_image_covers_what_was_painted_before_it(
    tmp_path: Path, kind: str, first: bool, box: tuple[float, float, float, float], seen: bool
) -> None:
    pdf = Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 400))
    for i in range(3):
        pdf.line(50 + 100 * i, 220, 50 + 100 * i, 300)
        pdf.line(50, 220 + 40 * i, 250, 220 + 40 * i)

    def image() -> None:
        pdf.drawImage(picture(kind), *box, mask="auto" if kind == "clear" else None)

    steps: list[Callable[[], None]] = [lambda: pdf.drawString(120, 262, "999"), image]
    for step in reversed(steps) if first else steps:
        step()
    for i, text in enumerate(TEXTS):
        pdf.drawString(55 + 100 * (i % 2), 285 - 40 * (i // 2), text)
    pdf.save()
    sheet = sheet_of((tmp_path / "a.pdf").read_bytes())
    assert ("999" in cells(sheet)[0]) is seen
    assert [text for text, _ in sheet.hidden] == ([] if seen else ["999"])


def test_a_page_of_hidden_text_does_not_come_to_light() -> None:
    long = b"BT /F 9 Tf 1 g 55 240 Td (what nobody is meant to see, and more than all else on the page, by far) Tj ET"
    sheet = sheet_of(page(TABLE + long))
    assert cells(sheet) == TEXTS
    assert len(sheet.hidden) == 1


LAYERS = b"/OCProperties << /OCGs [6 0 R 7 0 R] /D << /OFF [6 0 R] /Order [] >> >>"
OFF, ON = b"<< /Type /OCG /Name (off) >>", b"<< /Type /OCG /Name (on) >>"


@pytest.mark.parametrize(
    ("membership", "seen"),
    [
        (b"6 0 R", False),
        (b"7 0 R", True),
        (b"<< /Type /OCMD /OCGs [6 0 R 7 0 R] /P /AllOn >>", False),
        (b"<< /Type /OCMD /OCGs [6 0 R 7 0 R] >>", True),
        (b"<< /Type /OCMD /OCGs 6 0 R >>", False),
        (b"<< /Type /OCMD /VE [/Not 6 0 R] >>", True),
        (b"<< /Type /OCMD /VE [/And 6 0 R 7 0 R] >>", False),
    ],
)
def test_what_stands_in_a_layer_that_is_off_is_not_shown(membership: bytes, seen: bool) -> None:
    content = TABLE + b"/Span << /MCID 0 >> BDC /OC /L BDC " + SHOW + b"100 220 m 100 300 l S EMC EMC "
    data = page(content, OFF, ON, resources=b"/Properties << /L %s >>" % membership, catalog=LAYERS)
    sheet = sheet_of(data)
    assert ("999" in "".join(word.text for word in sheet.words)) is seen
    assert any(rule.vertical and rule.at == 100.0 for rule in sheet.rules) is seen


def test_the_words_of_a_content_stream() -> None:
    content = (
        rb"% (a remark) Tj"
        b"\n1 0 0 1 .5 -.25 cm/F1 12 Tf(a\\(b\\)\\101\\\nc(d))Tj<4142 4>Tj[(x)-250(y)]TJ\n"
        b"/P<</MCID 3/A[1 2]>>BDC true 5d0 +7 --8 T* (open \\"
    )

    class Stream:
        def get_data(self) -> bytes:
            return content

    (move, font, one, two, row, mark, glyph, line) = operations([Stream()])  # type: ignore[list-item]
    assert move == (b"cm", [1, 0, 0, 1, 0.5, -0.25])
    assert (font[1][0].name, font[1][1]) == ("F1", 12)
    assert one == (b"Tj", [b"a(b)Ac(d)"])
    assert two == (b"Tj", [b"AB@"])
    assert row == (b"TJ", [[b"x", -250, b"y"]])
    assert mark[1][1] == {"MCID": 3, "A": [1, 2]}
    assert glyph == (b"d0", [True, 5])
    assert line == (b"T*", [7, -8])


def test_an_image_in_the_content_is_one_and_what_follows_it_is_read() -> None:
    image = b"q 10 0 0 10 20 20 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00(\xffE\nEI Q "
    sheet = sheet_of(page(image + TABLE))
    assert cells(sheet) == TEXTS


def test_rings() -> None:
    box = [("m", 0.0, 0.0), ("l", 10.0, 0.0), ("l", 10.0, 5.0), ("l", 0.0, 5.0), ("h",)]
    (ring,) = rings_of(box, HERE)
    assert is_box(ring)
    assert is_box(box_ring(0, 0, 10, 5, (0, 1, -1, 0, 3, 3)))
    assert not is_box(box_ring(0, 0, 10, 5, (1, 1, -1, 1, 0, 0)))
    shape = Outline((ring, box_ring(2, 2, 4, 4, HERE)), even_odd=True)
    assert shape.holds(1, 1)
    assert not shape.holds(3, 3)
    assert Clip(0, 0, 10, 10).narrowed([box_ring(5, -5, 15, 5, HERE)]) == Clip(5, 0, 10, 5)
    assert Clip(0, 0, 10, 10).narrowed([]) == Clip(0, 0, 10, 10)
    assert Clip(0, 0, 10, 10).part(11, 0, 12, 5) is None


@pytest.mark.parametrize("wide", [0.7, 2.0])
def test_a_border_that_is_filled_through_its_outline_is_a_rule(wide: float) -> None:
    def cell(left: float, bottom: float, right: float, top: float) -> bytes:
        outer = f"{left} {bottom} m {right} {bottom} l {right} {top} l {left} {top} l h "
        a, b, c, d = left + wide, bottom + wide, right - wide, top - wide
        inner = f"{a} {b} m {c} {b} l {c} {d} l {a} {d} l h "
        whole = f"{left} {bottom} {right - left} {top - bottom} re f "
        strip = f"{right - 2 * wide - 1} {bottom} {2 * wide + 1} {top - bottom} re W n "  # as each side is painted
        ring = f"q {outer}{inner}W* n "
        return f"{ring}{strip}{whole}Q {ring}{whole}Q ".encode()

    boxes = [(50 + 100 * c, 220 + 40 * r, 150 + 100 * c, 260 + 40 * r) for c in (0, 1) for r in (0, 1)]
    texts = TABLE[TABLE.index(b"BT") :]
    assert cells(sheet_of(page(b" ".join(cell(*box) for box in boxes) + texts))) == TEXTS


def test_bands_of_a_clip() -> None:
    frame = Clip(0, 0, 100, 50, (Outline((box_ring(0, 0, 100, 50, HERE), box_ring(2, 2, 98, 48, HERE)), True),))
    assert frame.part(0, 0, 100, 50) is None
    assert frame.bands(0, 0, 100, 50) == [(0, 0, 2, 50), (98, 0, 100, 50), (0, 0, 100, 2), (0, 48, 100, 50)]
    assert frame.bands(90, 0, 100, 50) == [(98, 0, 100, 50), (90, 0, 100, 2), (90, 48, 100, 50)]
    assert frame.bands(10, 10, 90, 40) == []
