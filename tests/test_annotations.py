"""What form fields and system stamps show: fields are read, upright stamps are not."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pdfplumber
import pytest
from helpers_pdf import raw_pdf
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.images import PdfImages
from extractors.pdf.pages import page_count
from extractors.pdf.text_layer import read_sheet
from extractors.tables.grid import find_grids
from pipeline.output.pictures.pages import Filing
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


def test_a_page_that_is_read_as_it_looks_shows_its_fields(tmp_path: Path) -> None:
    pdf = Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 400))
    pdf.acroForm.textfield(name="amount", x=100, y=300, width=200, height=20, value="86.50", borderWidth=0)
    pdf.showPage()
    pdf.save()
    images = PdfImages(tmp_path / "a.pdf")
    pixels = images.page(1, None, 400.0).pixels
    images.close()
    with Filing(tmp_path / "a.pdf") as pages:
        shown = np.asarray(pages.rendered(1, 2.0).image)
    for picture in (pixels, shown):
        height, width, _ = picture.shape
        field = picture[height * 80 // 400 : height * 100 // 400, width * 100 // 400 : width * 300 // 400]
        assert field.min() < 100


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


def field(kind: bytes, box: bytes, more: bytes) -> bytes:
    return b"<< /Type /Annot /Subtype /Widget /FT /%s /T (f) /Rect [%s] /F 4 /DA (/F 9 Tf 0 g) %s >>" % (
        kind,
        box,
        more,
    )


VALUE, KIND = b"203 262 347 298", b"203 222 347 258"  # the right cells of the table


def filled(*annotations: bytes, form: bytes = b"", more: bytes = b"") -> list[str]:
    """The cells of a page of the table with annotations; their objects count from 7. The page says `more` of itself."""
    content = (
        b"50 220 m 50 300 l 200 220 m 200 300 l 350 220 m 350 300 l S 50 220 m 350 220 l 50 260 m 350 260 l S "
        + (b"50 300 m 350 300 l S BT /F 12 Tf 55 275 Td (name) Tj 0 -40 Td (kind) Tj ET")
    )
    numbers = b" ".join(b"%d 0 R" % (7 + i) for i in range(len(annotations)))
    data = raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] %s >> >>" % form,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Annots [%s]"
            b" /Resources << /Font << /F 5 0 R >> >> %s >>" % (numbers, more),
            b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            STALE,
            *annotations,
        ]
    )
    with pdfplumber.open(io.BytesIO(data)) as opened:
        assert page_count(opened) == 1
        return cells(read_sheet(opened.pages[0], 1))


PICTURE = b"BT /F 9 Tf 2 10 Td (old) Tj ET"
STALE = (
    b"<< /Length %d /Subtype /Form /BBox [0 0 144 36] /Resources << /Font << /F 5 0 R >> >> >> stream\n%s\nendstream"
    % (len(PICTURE), PICTURE)
)


@pytest.mark.parametrize(
    ("annotation", "form", "expected"),
    [
        (field(b"Tx", VALUE, b"/V (86.50)"), b"", "86.50"),
        (field(b"Tx", VALUE, b"/V <FEFF4E2D6587>"), b"", "中文"),
        (field(b"Tx", VALUE, b"/V (new) /AP << /N 6 0 R >>"), b"", "old"),
        (field(b"Tx", VALUE, b"/V (new) /AP << /N 6 0 R >>"), b"/NeedAppearances true", "new"),
        (field(b"Tx", VALUE, b"/AP << /N 6 0 R >>"), b"/NeedAppearances true", ""),
        (field(b"Tx", VALUE, b"/Ff 16777216 /MaxLen 12 /V (320102)"), b"", "320102"),  # one letter a box
        (field(b"Tx", VALUE, b"/Ff 4096 /V (a first line\rand a second one)"), b"", "a first line\nand a second one"),
        (field(b"Tx", VALUE, b"/Ff 8192 /V (secret)"), b"", "******"),
        (field(b"Tx", VALUE, b"/F 2 /V (unseen)"), b"", ""),
        (field(b"Ch", VALUE, b"/Ff 131072 /Opt [[(1) (one)] [(2) (two)]] /V (2)"), b"", "two"),
        (field(b"Ch", VALUE, b"/Ff 131072 /Opt [(one) (two)] /V (two)"), b"", "two"),
        (field(b"Ch", VALUE, b"/Opt [(one) (two)] /V (two) /AP << /N 6 0 R >>"), b"", "two"),  # a list shows them all
        (
            b"<< /Type /Annot /Subtype /FreeText /Rect [%s] /DA (/F 9 Tf) /Contents (a remark) >>" % VALUE,
            b"",
            "a remark",
        ),
    ],
)
def test_values_without_a_picture_are_read_as_programs_show_them(annotation: bytes, form: bytes, expected: str) -> None:
    assert filled(annotation, form=form) == ["name", expected, "kind", ""]


@pytest.mark.parametrize("more", [b"/UserUnit 2", b"/UserUnit 0.5", b"/UserUnit 4 /Rotate 90"])
def test_values_stand_in_their_fields_whatever_the_unit_of_the_page(more: bytes) -> None:
    pictured = field(b"Tx", KIND, b"/AP << /N 6 0 R >>")
    assert filled(field(b"Tx", VALUE, b"/V (86.50)"), pictured, more=more) == ["name", "86.50", "kind", "old"]


def test_a_long_value_stays_in_its_field() -> None:
    text = b"all that is to be done this year, down to the last of the villages of the county and beyond"
    assert filled(field(b"Tx", VALUE, b"/V (%s)" % text))[1] == text.decode()
    assert filled(field(b"Tx", VALUE, b"/Ff 4096 /V (%s)" % text))[1].split() == text.decode().split()


ON, OFF = b"/AP << /N << /2 6 0 R /Off 6 0 R >> >>", b"/AP << /N << /1 6 0 R /Off 6 0 R >> >>"


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (field(b"Btn", b"206 232 218 244", ON + b" /AS /2"), "☑"),
        (field(b"Btn", b"206 232 218 244", ON + b" /AS /Off"), "□"),
        (field(b"Btn", b"206 232 218 244", ON + b" /V /2"), "☑"),
        (field(b"Btn", b"206 232 218 244", b"/V /Yes"), "☑"),
        (field(b"Btn", b"206 232 218 244", ON + b" /AS /Yes"), "□"),
        (field(b"Btn", b"206 232 218 244", b"/Ff 32768 /V /2 " + ON), "●"),
        (field(b"Btn", b"206 232 218 244", b"/Ff 32768 /V /2 " + OFF), "○"),
    ],
)
def test_a_button_is_marked_by_its_state_or_the_value_of_its_field(annotation: bytes, expected: str) -> None:
    assert filled(annotation)[3] == expected
