"""Text layers that are no text: noticed by what they decode to, and then the page is read as it looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_pdf import write_form

from extractors.intake import take_in
from extractors.pdf.legible import why_illegible
from extractors.pdf.pages import Cover, scan_reason
from extractors.read import read_document
from pipeline.running.worker import read_forms
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.model import Box, Reader, Sheet, Word
from schemas.record import Record

SENTENCE = "项目支出绩效目标申报表单位名称财政拨款项目资金总体绩效目标完成道路养护群众满意度"
BOX = Box(0.0, 0.0, 10.0, 10.0)


def words(*texts: str) -> list[Word]:
    return [Word(text, BOX, tuple(float(i) for i in range(len(text) + 1))) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "项目支出绩效目标申报表≥95%①㎡",
        "Résumé détaillé des dépenses budgétaires à Genève éèàùôîç",
        "Бюджетные расходы по проекту",
        "2025 1,286.40 %",
        "Müller & Söhne 承建，Ångström 单位，Ø600管Ø800管，nǐ hǎo，2平方米²，25℃",
        "e\x0ecient \x0cnancial \x0brst",  # ligatures of fonts without a map
        "項目績效目標申報表",
        "項目單位財政預算績效報告關於審計縣鄉鎮衛生臺灣裏線爲說",
        "项目负责人：镕堃垚喆，昇玥甯",  # characters of names
        "项目(cid:12)绩效目标申报表单位名称",
    ],
)
def test_a_text_is_read_as_it_stands(text: str) -> None:
    assert why_illegible(words(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"(cid:{i})" for i in range(3, 40)),
        "".join(chr(0xE000 + i) for i in range(30)),
        "\u2a79目支\u10e9目\u8f3b\u0733\u1a68\u0b81老\u1959\u1a65\u0da1\u22e8\u1f44",
        "项目\ufffd\ufffd绩效\ufffd\ufffd目标\ufffd\ufffd",
        "项目资金ÿ万元Ā总体绩效目标ÿ2023年度Ā",
        "".join(chr(ord(char) + 1) for char in SENTENCE),
        "".join(chr(ord(char) + 29) for char in SENTENCE),
        "\x00" * 40,
        "ù目名称全\x80预算数城区背街小巷改造当\x80财政拨款预期目标改造背街小巷三十六条\x80度指标",
    ],
)
def test_codes_and_stray_scripts_are_no_text(text: str) -> None:
    assert why_illegible(words(text)) is not None


def test_a_page_without_text_but_with_outlines_is_looked_at() -> None:
    sheet = Sheet(1, 595.0, 842.0, (), (), Reader.TEXT_LAYER)
    assert scan_reason(sheet, Cover(0.0, 0.0)) is None
    assert "shapes" in (scan_reason(sheet, Cover(0.0, 0.0, outlines=400)) or "")


def read_of(path: Path) -> list[Record]:
    words = load_words()
    return [form.record for form in read_forms(read_document(take_in(path, path.name), words), load_families(), words)]


@pytest.mark.engine
def test_a_page_whose_font_names_no_characters_is_read_as_it_looks(tmp_path: Path) -> None:
    path = write_form(tmp_path / "x.pdf")
    [sound] = read_of(path)
    path.write_bytes(path.read_bytes().replace(b"(GB1)", b"(XY1)"))
    [seen] = read_of(path)
    assert (sound.source.reader, seen.source.reader) == (Reader.TEXT_LAYER, Reader.OCR)
    assert [(i.level3, i.targets) for i in seen.indicators] == [(i.level3, i.targets) for i in sound.indicators]
