"""What form fields and system stamps show: fields are read, upright stamps are not."""

from __future__ import annotations

from pathlib import Path

import pdfplumber
import pytest
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.text_layer import read_sheet
from extractors.tables.grid import find_grids
from schemas.model import Sheet


def sheet_of(path: Path) -> Sheet:
    with pdfplumber.open(path) as opened:
        return read_sheet(opened.pages[0], 1)


def cells(sheet: Sheet) -> list[str]:
    (grid,) = find_grids(sheet)
    return [cell.text for cell in grid.cells]


def table(pdf: Canvas, texts: list[str]) -> None:
    for i in range(3):
        pdf.line(50 + 150 * i, 220, 50 + 150 * i, 300)
        pdf.line(50, 220 + 40 * i, 350, 220 + 40 * i)
    for i, text in enumerate(texts):
        pdf.drawString(55 + 150 * (i % 2), 275 - 40 * (i // 2), text)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_values_and_marks_of_form_fields_are_read(tmp_path: Path, rotate: int) -> None:
    pdf = Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 400))
    pdf.setPageRotation(rotate)
    table(pdf, ["name", "", "kind", "     new       old"])
    form = pdf.acroForm
    form.textfield(name="n", value="86.50", x=210, y=265, width=100, height=20, fontSize=10, borderWidth=0)
    form.checkbox(name="a", checked=False, x=205, y=232, size=12)
    form.checkbox(name="b", checked=True, x=246, y=232, size=12)
    pdf.save()
    name, value, kind, options = cells(sheet_of(tmp_path / "a.pdf"))
    assert (name, value, kind) == ("name", "86.50", "kind")
    assert "".join(options.split()) == "□new☑old"


def test_radio_buttons_are_read(tmp_path: Path) -> None:
    pdf = Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 400))
    table(pdf, ["kind", "     new       old", "x", "y"])
    for value, x in (("p", 205), ("q", 246)):
        pdf.acroForm.radio(name="r", value=value, selected=value == "q", x=x, y=272, size=12)
    pdf.save()
    assert "".join(cells(sheet_of(tmp_path / "a.pdf"))[1].split()) == "○new●old"


@pytest.mark.parametrize(("size", "times"), [(40, 1), (12, 4)])
def test_a_pale_stamp_across_text_stands_in_no_cell(tmp_path: Path, size: int, times: int) -> None:
    texts = ["alpha one", "beta two", "gamma 3", "delta 44"]
    pdf = Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 400))
    table(pdf, texts)
    pdf.setFillColor(Color(0.6, 0.6, 0.6, alpha=0.5))
    pdf.setFont("Helvetica", size)
    for i in range(times):
        pdf.drawString(62 + 150 * (i % 2), 271 - 40 * (i // 2), "internal")
    pdf.save()
    sheet = sheet_of(tmp_path / "a.pdf")
    assert cells(sheet) == texts
    assert sheet.hidden[0][0].startswith("internal")


def test_pale_text_that_stands_by_itself_is_read(tmp_path: Path) -> None:
    pdf = Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 400))
    table(pdf, ["alpha", "", "beta", ""])
    pdf.setFillColor(Color(0.6, 0.6, 0.6))
    for y in (275, 235):
        pdf.drawString(205, y, "none yet")
    pdf.save()
    sheet = sheet_of(tmp_path / "a.pdf")
    assert cells(sheet) == ["alpha", "none yet", "beta", "none yet"]
    assert sheet.hidden == ()
