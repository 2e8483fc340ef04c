"""Characters that are not as wide as what they stand for tell that a font maps codes to something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_pdf import FONT, register_font
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.legible import why_illegible
from extractors.pdf.marks import BLACK, Char
from extractors.pdf.misfits import misfits
from extractors.pdf.pages import open_pdf, page_count
from extractors.pdf.text_layer import read_sheet
from schemas.language.writing import is_ideograph
from schemas.model import Sheet

SIZE = 10.0


def line(*texts: str, wide: str = "", narrow: str = "", scale: float = 1.0) -> list[Char]:
    """Characters one behind the other: ideographs as wide as they are high, others half as wide; those in `wide` as
    ideographs, those in `narrow` as figures; all of it set by a `scale`."""
    out: list[Char] = []
    at = 50.0
    for text in texts:
        usual = any(map(is_ideograph, text)) or text > "\u0100"
        width = scale * SIZE * (1.0 if text in wide or (usual and text not in narrow) else 0.5)
        out.append(Char(text, at, 100.0, at + width, 100.0 + SIZE, len(out)))
        at += width
    return out


SOUND = "项目资金总额（万元）：1,286.40，2024年第3季度完成A4纸PPP项目≥95%W×m①㎡"


@pytest.mark.parametrize("scale", [0.5, 0.7, 1.0, 1.6])
def test_sound_text_has_none_however_wide_it_is_set(scale: float) -> None:
    assert not misfits(line(*SOUND, scale=scale))


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.6])
def test_a_letter_as_wide_as_the_ideographs_beside_it_is_one(scale: float) -> None:
    chars = line(*"增ò幅度0.5万元，服ó对象g99%", wide="òóg", scale=scale)
    assert misfits(chars) == {"ò", "ó", "g"}


def test_an_ideograph_as_narrow_as_a_figure_is_one_and_so_are_two_in_the_place_of_one() -> None:
    assert misfits(line(*"金额为三二万元", narrow="二")) == {"二"}
    assert misfits(line("负", "责任", "人", "姓", "名")) == {"责任"}


def test_figures_of_a_font_without_widths_among_ideographs_tell_nothing() -> None:
    assert not misfits(line(*"完成2024年道路养护115公里，A级", wide="0123456789A"))


def test_codes_shown_as_letters_alone_are_all_of_them() -> None:
    codes = [chr(code) for code in range(0x30, 0x60) if chr(code).isalnum()]
    assert len(misfits(line(*codes, wide="".join(codes)))) > 20


def test_characters_that_stand_on_each_other_as_they_have_no_width_are_some() -> None:
    shown = Char("1", 50.0, 100.0, 50.0, 110.0)
    later = BLACK._replace(order=1)
    assert misfits([shown, shown._replace(text="2"), shown._replace(text="期")]) == {"1", "2"}
    assert not misfits([shown, shown._replace(text="2", left=55.0, right=55.0)])  # each is placed by itself
    assert not misfits([shown, shown._replace(text="2", ink=later)])
    assert not misfits([shown._replace(text="."), shown])


def test_two_kinds_make_a_page_no_text() -> None:
    assert why_illegible([], {"g"}) is None
    assert "as wide" in (why_illegible([], {"g", "ò"}) or "")


@pytest.mark.parametrize("turn", [0, 90])
def test_pages_tell_them(tmp_path: Path, turn: int) -> None:
    def sheet(stretched: float) -> Sheet:
        register_font()
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
        if turn:
            canvas.translate(595, 0)
            canvas.rotate(turn)
        text = canvas.beginText(60, 500)
        text.setFont(FONT, 12)
        text.textOut("项目资金1286万元")
        text.setHorizScale(stretched)
        text.textOut("A")
        text.setHorizScale(100)
        text.textOut("目标")
        canvas.drawText(text)
        canvas.save()
        with open_pdf(tmp_path / "a.pdf") as pdf:
            assert page_count(pdf) == 1
            return read_sheet(pdf.pages[0], 1)

    assert sheet(100).misfits == set()
    letter = next(word for word in sheet(100).words if "A" in word.text)
    at = letter.text.index("A")
    stretched = 100 * 12 / (letter.edges[at + 1] - letter.edges[at])
    assert sheet(stretched).misfits == {"A"}
