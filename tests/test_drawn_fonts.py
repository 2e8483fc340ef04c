"""Fonts whose letters are drawings (Type 3): their boxes stand where the letters do, however the font measures them."""

from __future__ import annotations

import re
from pathlib import Path

import pdfplumber
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.pages import open_pdf
from extractors.pdf.text_layer import read_sheet
from extractors.tables.grid import find_grids

TO_UNICODE = b"1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <00> <7532> <01> <4E59> endbfchar"
TABLE = b"50 100 300 40 re S 50 140 300 40 re S 50 180 300 40 re S "


def drawn(
    path: Path, matrix: str, box: str, width: float, size: float, names: str = "a b", mapped: bytes = TO_UNICODE
) -> Path:
    """Three cells of 40 points, a letter of 12 points in the middle of the lowest and the highest one."""
    first, second = names.split()
    glyph = f"{width} 0 d0 0 0 {width} {width} re f".encode()
    font = (
        f"<< /Type /Font /Subtype /Type3 /FontMatrix [{matrix}] /FontBBox [{box}] /FirstChar 0 /LastChar 1"
        f" /Widths [{width} {width}] /CharProcs << /{first} 6 0 R /{second} 6 0 R >> /Resources << >> /ToUnicode 7 0 R"
        f" /Encoding << /Type /Encoding /Differences [0 /{first} /{second}] >> >>"
    ).encode()
    text = f"BT /F {size} Tf 60 196 Td <00> Tj ET BT /F {size} Tf 60 116 Td <01> Tj ET".encode()
    streams = (TABLE + text, glyph, mapped)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 5 0 R /Resources <</Font <</F 4 0 R>>>>>>",
        font,
        *(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data) for data in streams),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    path.write_bytes(out)
    return path


@pytest.mark.parametrize(
    ("matrix", "box", "width", "size"),
    [
        ("1 0 0 1 0 0", "0 -0.12 1 0.88", 1, 12),
        ("0.001 0 0 0.001 0 0", "0 -120 1000 880", 1000, 12),
        ("0.001 0 0 -0.001 0 0", "0 120 1000 -880", 1000, 12),  # upside down
        ("1 0 0 -1 0 0", "0 -0.86 0.98 0.09", 1, 12),  # the box of the drawings, which the matrix turns over
        ("1 0 0 -1 0 0", "0.1 -0.35 0.9 -0.3", 1, 12),  # of few letters: a dash
        ("1 0 0 1 0 0", "0 0 0 0", 1, 12),
        ("0.12 0 0 0.12 0 0", "0 -12 100 88", 100, 1),  # in the dots of a printer
    ],
)
def test_letters_stand_in_their_cells(tmp_path: Path, matrix: str, box: str, width: float, size: float) -> None:
    with pdfplumber.open(drawn(tmp_path / "a.pdf", matrix, box, width, size)) as pdf:
        sheet = read_sheet(pdf.pages[0], 1)
    (grid,) = find_grids(sheet)
    assert [cell.text for cell in grid.cells] == ["甲", "", "乙"]
    for word, line in zip(sheet.words, (204, 284), strict=True):  # points from the top to the line of writing
        assert line - 10.6 - 2.0 <= word.box.top < word.box.bottom <= line + 4.3
        assert 10 <= word.box.bottom - word.box.top <= 13


@pytest.mark.parametrize(
    ("names", "read"),
    [("g6946 g6947", ["(cid:65)", "(cid:66)"]), ("a65 G42", ["A", "B"]), ("one two", ["1", "2"]), ("A B", ["A", "B"])],
)
def test_a_glyph_that_only_has_a_number_is_no_character(tmp_path: Path, names: str, read: list[str]) -> None:
    """Unless the number is the code's own, or the font maps the code."""
    path = drawn(tmp_path / "a.pdf", "1 0 0 1 0 0", "0 0 0 0", 1, 12, names, b"1 beginbfchar <43> <7532> endbfchar")
    data = path.read_bytes().replace(b"[0 /", b"[65/").replace(b"<00> Tj", b"<41> Tj").replace(b"<01> Tj", b"<42> Tj")
    path.write_bytes(data.replace(b"/FirstChar 0 /LastChar 1", b"/FirstChar 65/LastChar 66"))
    with open_pdf(path) as pdf:
        assert [word.text for word in read_sheet(pdf.pages[0], 1).words] == read


def test_a_depth_that_no_line_has_is_not_believed(tmp_path: Path) -> None:
    """A program that rewrites PDFs gives the lowest point of all glyphs of a font as its descent."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    pdf = Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 400))
    pdf.setFont("STSong-Light", 12)
    pdf.drawString(60, 200, "甲乙")
    pdf.save()
    data = (tmp_path / "a.pdf").read_bytes()
    (told,) = re.findall(rb"/Descent (-?\d+)", data)
    boxes = []
    for descent in (told, b"-1049"):
        (tmp_path / "b.pdf").write_bytes(data.replace(b"/Descent " + told, b"/Descent " + descent))
        with pdfplumber.open(tmp_path / "b.pdf") as opened:
            boxes.append(read_sheet(opened.pages[0], 1).words[0].box)
    assert abs(boxes[0].top - boxes[1].top) < 2.0
