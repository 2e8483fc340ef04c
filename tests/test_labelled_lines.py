"""The second line of a label's value outside of tables belongs to it; no other line does."""

from __future__ import annotations

import pytest

from extractors.tables.labelled_lines import free_lines
from schemas.language.vocabulary import load_words
from schemas.model import Box, Word

WORDS = load_words()
RIGHT = 500.0  # points: where the page's text ends
FIRST = "填报单位（盖章）：某市某区社会保险事业管理中心城乡居民养老保险管理"
END = 60.0 + 10 * len(FIRST)


def word(text: str, left: float = 60.0, top: float = 100.0, size: float = 10.0) -> Word:
    edges = tuple(left + size * i for i in range(len(text) + 1))
    return Word(text, Box(left, top, edges[-1], top + size), edges)


def lines(*words: Word, right: float = RIGHT) -> list[str]:
    return [line.text for line in free_lines(words, 1, right, WORDS)]


@pytest.mark.parametrize("top", [100.0, 106.0, 113.0], ids=["on the first line", "between both", "on the second line"])
def test_a_value_that_wraps_beside_another_text_is_one(top: float) -> None:
    read = lines(word(FIRST), word("中心", top=113), word("单位：万元", left=END + 20, top=top))
    assert "".join(read).replace("单位：万元", "") == FIRST + "中心"
    assert any(FIRST + "中心" in line for line in read)


def test_the_gap_to_the_text_beside_it_stays_where_it_is() -> None:
    (line,) = free_lines([word(FIRST), word("中心", top=113), word("单位：万元", left=END + 20)], 1, RIGHT, WORDS)
    assert line.text == FIRST + "中心单位：万元"
    assert line.gaps == (len(FIRST) + 2,)
    assert line.place.box == Box(60, 100, END + 70, 123)


def test_a_value_that_wraps_at_the_end_of_the_page_s_text_goes_on_below_its_own_beginning() -> None:
    assert lines(word(FIRST), word("中心", left=60 + 90, top=113), right=END + 5) == [FIRST + "中心"]


def test_a_label_that_the_end_of_a_line_cuts_goes_on_below() -> None:
    cut = "主管部门：某市水利局　　　　联系电话：6620011　　　　填"
    assert lines(word(cut), word("报时间：2024年3月1日", top=113), right=60 + 10 * len(cut)) == [
        cut + "报时间：2024年3月1日"
    ]


@pytest.mark.parametrize(("letters", "joined"), [("填", True), ("填报人姓名", False), ("张", False)])
def test_the_first_letters_of_a_label_stand_at_the_end_of_the_line(letters: str, joined: bool) -> None:
    beside = word(letters, left=400.0 if letters != "张" else 200.0)
    end = 400.0 + 10 * len(letters)
    read = lines(word("联系电话：6620011"), beside, word("报时间：2024年3月1日", top=113), right=end)
    assert read == (
        ["联系电话：6620011" + letters + "报时间：2024年3月1日"]
        if joined
        else [f"联系电话：6620011{letters}", "报时间：2024年3月1日"]
    )


@pytest.mark.parametrize(
    ("below", "top", "left", "size"),
    [
        ("项目名称：道路", 113, 60, 10),
        ("（2024年度）", 113, 60, 10),
        ("项目绩效目标表", 113, 60, 10),
        ("注：以上为初步数", 113, 60, 10),
        ("中心", 130, 60, 10),
        ("中心", 113, 200, 10),
        ("中心", 113, 60, 16),
    ],
    ids=["a label", "a year", "a title", "a remark", "further below", "elsewhere", "of another size"],
)
def test_a_text_of_its_own_stays_apart(below: str, top: float, left: float, size: float) -> None:
    assert lines(word(FIRST), word(below, left, top, size), right=END + 5) == [FIRST, below]


def test_nothing_goes_on_with_a_line_that_had_room_or_has_no_label() -> None:
    assert lines(word(FIRST), word("中心", top=113), right=END + 60) == [FIRST, "中心"]
    plain = FIRST.replace("：", "的")
    assert lines(word(plain), word("中心", top=113), right=END + 5) == [plain, "中心"]
