"""Boxes and circles that a page draws beside its options are read as signs; other small shapes are not."""

from __future__ import annotations

from pathlib import Path

import pdfplumber
from reportlab.lib.colors import black, white
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.text_layer import read_sheet


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
