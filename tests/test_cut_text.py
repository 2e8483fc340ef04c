"""What tells whether the texts on both sides of a page break are one: their words, and those of their column."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.tables.cut_text import (
    Cut,
    Meeting,
    fills_its_line,
    hangs,
    parted,
    runs_over,
    stands_in_the_middle,
    told_by_words,
)
from schemas.model import Box, Cell, Line, Place

SIZE, PITCH = 10.0, 12.0  # points: of the characters, from line to line
WIDE = 4  # characters to a line


def name(text: str, rows: int = 2, room: float = 2.0) -> Cell:
    """A merged cell whose lines, parted by `|`, stand at its upper edge with `room` points below them."""
    shown = [
        Line(part, Place(page=1, box=Box(3, 2 + PITCH * i, 3 + SIZE * len(part), 2 + PITCH * i + SIZE)), size=SIZE)
        for i, part in enumerate(text.split("|"))
    ]
    box = Box(0, 0, SIZE * WIDE + 6, 2 + PITCH * (len(shown) - 1) + SIZE + room)
    parts = ((0, Place(page=1, box=box)),)
    return Cell(0, 0, rows, 1, text.replace("|", ""), tuple(shown), parts)


def told(above: str, upper: str, lower: str, below: str) -> Cut:
    """What is told of two texts among the names of their column; names are parted by spaces, the nearest come first."""
    others = [[name(text) for text in side.split()] for side in (above, below)]
    return told_by_words(Meeting(name(upper), name(lower), *others))


@pytest.mark.parametrize(
    ("above", "upper", "lower", "below"),
    [
        ("乙(4) 甲(3)", "一二三四", "余下(5)", ""),
        ("甲(3)", "一二三四", "余下(5)", "丁(6)"),
        ("", "职能2：|组织台账", "和档案。", ""),
        ("1.好。", "2.组织|台账一二", "三四。", ""),
        ("", "1.组织|台账一二", "三四。", "2.好。"),
        ("对应项目：甲", "对应项", "目：乙", ""),
        ("对应项目：甲", "对应项|目：一二", "三四", ""),
        ("", "一二三，", "四五", ""),
        ("", "一二三四", "，五", ""),
        ("", "一（二三", "余下）五（六", ""),
        ("", "1）一（二", "余下）", ""),
        ("", "一（权重", "10）", ""),
        ("", "一二三（", "2）四", ""),
        ("甲乙丙丁 乙丙丁戊", "一二三|四五六七", "八九", "丙丁戊己庚"),
    ],
    ids=[
        "points",
        "points below",
        "a sentence",
        "numbers",
        "numbers below",
        "a label cut",
        "a label",
        "a comma",
        "begins with one",
        "a bracket",
        "a bracket of a numbered item",
        "a bracket that a number closes",
        "a bracket opened at the end",
        "a rest shorter than any name",
    ],
)
def test_one_text(above: str, upper: str, lower: str, below: str) -> None:
    assert told(above, upper, lower, below) is Cut.ONE


@pytest.mark.parametrize(
    ("above", "upper", "lower", "below"),
    [
        ("甲(3)", "一二三四|五(4)", "余下(5)", ""),
        ("", "职能1：|组织台账", "职能2：好。", ""),
        ("", "对应项目：|二三四五", "对应项目：甲", ""),
        ("一、甲", "二、乙丙", "三、丁", ""),
    ],
    ids=["both end in points", "both numbered", "both labelled", "each has its number"],
)
def test_two_texts(above: str, upper: str, lower: str, below: str) -> None:
    assert told(above, upper, lower, below) is Cut.TWO


@pytest.mark.parametrize(
    ("above", "upper", "lower", "below"),
    [
        ("", "一二三四", "余下(5)", "丁(6) 戊(7)"),
        ("乙(4) 甲(3)", "一二", "余下(5)", ""),
        ("乙(4) 甲(3)", "一二三四", "", ""),
        ("", "1.组织|台账一二", "三四。", ""),
        ("甲(3) 二级指标", "二级指标", "余下(5)", "丁(6)"),
        ("", "1.组织|台账一二", "2.好。", ""),
        ("", "培训（线上", "2）发放补贴", ""),
        ("", "培训（线上", "发放》补贴", ""),
        ("", "其中政府|政策类：", "财政拨款", ""),
        ("99.5%以上 较上年提高", "一二三|四五六七", "是", "达成预期指标"),
        ("收入类 其他类", "一二三|四五六七", "八", "支出类"),
    ],
    ids=[
        "a header may stand above",
        "room on the last line",
        "a blank",
        "a bare number",
        "a header printed again",
        "a list",
        "the number of an item",
        "a bracket of another kind",
        "a label that ends in a colon",
        "values with figures",
        "short names",
    ],
)
def test_what_is_not_told(above: str, upper: str, lower: str, below: str) -> None:
    assert told(above, upper, lower, below) is Cut.UNDECIDED


def test_in_a_column_without_merged_cells_only_a_bracket_tells() -> None:
    above = [name("乙(4)", rows=1), name("甲(3)", rows=1)]
    assert told_by_words(Meeting(name("一二三四", rows=1), name("余下(5)", rows=1), above, [])) is Cut.UNDECIDED


def test_merged_cells_whose_names_end_in_points_are_not_joined_though_they_fill_their_pages() -> None:
    meeting = Meeting(name("一二三四|五(4)"), name("余下(5)"), [name("甲(3)")], [])
    assert runs_over(meeting.upper, meeting.lower)
    assert parted(meeting, sure=False) is Cut.TWO


def test_a_header_printed_again_is_not_joined_to_the_tall_cell_below_it() -> None:
    tall = name("余下", rows=4)
    assert parted(Meeting(name("二级指标"), tall, [name("甲"), name("二级指标")], []), sure=False) is not Cut.ONE
    assert parted(Meeting(name("一二三四"), tall, [name("甲"), name("二级指标")], []), sure=False) is Cut.ONE


def test_a_text_at_the_cut_goes_on_from_above_where_the_others_stand_in_the_middle() -> None:
    upper, lower = name("一二三四", rows=1), name("余下", room=26.0)
    assert hangs(lower)
    assert not hangs(name("余下", room=10.0))
    assert parted(Meeting(upper, lower, [], [], hangs=True), sure=False) is Cut.ONE
    assert parted(Meeting(upper, lower, [], []), sure=False) is Cut.UNDECIDED
    assert parted(Meeting(name("一", rows=1), lower, [], [], hangs=True), sure=False) is Cut.TWO


def test_where_texts_with_room_around_them_stand() -> None:
    low, high = name("甲", room=30.0), name("甲", room=2.0)
    (row, place), *_ = low.parts
    assert place.box is not None
    middle = replace(low, parts=((row, replace(place, box=replace(place.box, top=-28.0))),))
    assert stands_in_the_middle([middle] * 4 + [low])
    assert not stands_in_the_middle([middle] * 3 + [low])
    assert not stands_in_the_middle([low] * 4)
    assert not stands_in_the_middle([high] * 4)


@pytest.mark.parametrize(("room", "over"), [(14.0, True), (18.0, False)])
def test_a_text_runs_to_the_cut_where_no_further_line_fits(room: float, over: bool) -> None:
    assert runs_over(name("一二三四|五六七八", room=room), name("余下")) is over


@pytest.mark.parametrize(("upper", "lower", "over"), [("满|意|度", "指|标", True), ("满意|度", "指|标", False)])
def test_letters_below_each_other_run_to_the_cut_though_their_lines_have_room(
    upper: str, lower: str, over: bool
) -> None:
    assert runs_over(name(upper), name(lower)) is over


def test_a_number_wraps_as_a_whole_and_with_the_mark_behind_it() -> None:
    assert runs_over(name("一"), name("2024年"))
    assert not runs_over(name("一"), name("二"))


@pytest.mark.parametrize("upper", ["甲方为：", "甲（乙丙"])
def test_an_unfinished_text_that_fills_its_line_is_doubted(upper: str) -> None:
    assert parted(Meeting(name(upper, rows=1), name("2）余", rows=1), [], []), sure=False) is Cut.UNDECIDED
    assert parted(Meeting(name("甲乙丙丁", rows=1), name("2）余", rows=1), [], []), sure=False) is Cut.TWO


def test_a_text_that_ended_a_page_before_the_break_does_not_run_over_it() -> None:
    upper, lower = name("一二三四"), name("余下")
    blank = replace(upper.parts[0][1], page=2)
    after = replace(
        lower,
        lines=tuple(replace(ln, place=replace(ln.place, page=3)) for ln in lower.lines),
        parts=((0, replace(lower.parts[0][1], page=3)),),
    )
    over_two = replace(upper, parts=(*upper.parts, (2, blank)))
    assert fills_its_line(upper, lower)
    assert not fills_its_line(over_two, after)
    assert not runs_over(over_two, after)
    assert not runs_over(over_two, after, anywhere=True)
    late = replace(
        lower,
        parts=(lower.parts[0], (2, blank)),
        lines=tuple(replace(ln, place=replace(ln.place, page=2)) for ln in lower.lines),
    )
    assert not runs_over(upper, late)
