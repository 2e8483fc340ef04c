"""Text dumps: what the bytes are, where each text stands, and which marks of HTML are read."""

from __future__ import annotations

import random

import pytest

from extractors.dump.lines import read_lines
from extractors.dump.pieces import pieces_of
from extractors.encoding import decode
from extractors.refusals import NotText
from schemas.language.vocabulary import load_words

TEXT = "部门整体绩效目标表\n\n单位名称\t某市某局\n年度目标\t≥95%，“按时”完成。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("gb18030"), "gb18030"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
    ],
    ids=["utf-8", "utf-8 BOM", "gb18030", "utf-16-le BOM", "utf-16-be BOM"],
)
def test_encodings_of_filings(data: bytes, encoding: str) -> None:
    assert decode(data) == (TEXT, encoding)


NUMBERS = "项目支出\t1286.83\t975.00\n" * 20


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(name: str) -> None:
    assert decode(TEXT.encode(name))[0] == TEXT


def test_utf_16_le_without_a_mark_among_numbers() -> None:
    assert decode(NUMBERS.encode("utf-16-le")) == (NUMBERS, "utf-16-le")


def test_utf_16_be_without_a_mark_among_numbers() -> None:
    assert decode(NUMBERS.encode("utf-16-be")) == (NUMBERS, "utf-16-be")


def test_an_empty_dump_is_an_empty_text() -> None:
    assert decode(b"") == ("", "utf-8")


def test_rubbish_is_no_text() -> None:
    rubbish = random.Random(7).randbytes(4000)
    with pytest.raises(NotText):
        decode(rubbish)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8\x41\x00", b"\xff\xfeabc", b"\xef\xbb\xbf\xff\xff\xff"])
def test_a_mark_that_the_rest_belies_is_said(data: bytes) -> None:
    with pytest.raises(NotText, match="begins like"):
        decode(data)


# ── lines, columns, tabs


def test_cells_have_their_tab_line_and_column() -> None:
    first, blank, last = read_lines("单位\t\t 某局 \n\n\t甲\t")
    assert [(c.text, c.tab, c.line, c.column) for c in first.cells] == [("单位", 0, 1, 1), ("某局", 2, 1, 6)]
    assert (first.number, first.tabs, first.text) == (1, 2, "单位 某局")
    assert (blank.number, blank.cells, blank.tabs) == (2, (), 0)
    assert [(c.text, c.tab, c.line, c.column) for c in last.cells] == [("甲", 1, 3, 2)]
    assert (last.number, last.tabs) == (3, 2)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_one_line(end: str) -> None:
    lines = read_lines(end.join(["甲", "", "乙"]))
    assert [(line.number, line.text) for line in lines] == [(1, "甲"), (2, ""), (3, "乙")]


def test_blank_cells_are_none_whatever_blank_they_hold() -> None:
    (line,) = read_lines("甲\t \t　\t\xa0\t乙")
    assert [(c.text, c.tab) for c in line.cells] == [("甲", 0), ("乙", 4)]


# ── marks


def shown(text: str) -> str:
    (line,) = read_lines(text)
    return line.text


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("<p>一是甲。</p> <p>二是乙。</p>", "一是甲。\n二是乙。"),
        ("<p>一是甲。</p><p class='x'>二是乙。</p>", "一是甲。\n二是乙。"),
        ("<P>一是甲。<P>二是乙。", "一是甲。\n二是乙。"),
        ("甲<br>乙<br/>丙 <BR /> 丁", "甲\n乙\n丙\n丁"),
        ("<p></p><p>甲</p>", "甲"),
    ],
)
def test_paragraphs_and_breaks_are_line_breaks(marked: str, text: str) -> None:
    assert shown(marked) == text


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ('常年安排 <input checked="" type="checkbox"/>', "常年安排☑"),
        ('常年安排 <input type="checkbox" checked>', "常年安排☑"),
        ("常年安排 <input type=checkbox>", "常年安排□"),
        ("甲 <INPUT TYPE='radio' CHECKED> 乙 <input type='radio'>", "甲☑ 乙□"),
    ],
)
def test_check_boxes_are_ticks_behind_what_they_tick(marked: str, text: str) -> None:
    assert shown(marked) == text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<b>甲</b>",
        '<input type="text" value="甲">',
        "a<p1",
        "满意度<95%且>90%",
        "<pre>甲</pre>",
    ],
)
def test_all_else_that_looks_like_a_mark_is_text(text: str) -> None:
    assert shown(text) == text


def test_control_characters_are_shown_by_their_pictures() -> None:
    assert shown("甲\x07乙") == "甲␇乙"


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("项目编码及名称 预算数（万元）   绩效目标", ["项目编码及名称", "预算数（万元）", "绩效目标"]),
        ("其中： 财政拨款   项目 支出", ["其中： 财政拨款", "项目 支出"]),
        ("省级 财政资金   12", ["省级 财政资金", "12"]),
    ],
)
def test_a_blank_between_two_listed_names_parts_cells(line: str, pieces: list[str]) -> None:
    assert [piece.text for piece in pieces_of(read_lines(line), load_words())] == pieces
