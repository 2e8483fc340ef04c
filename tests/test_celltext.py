"""Lines of a cell: what wraps is one text, what does not is parted, and numbers are never joined."""

from __future__ import annotations

import pytest

from extractors.tables.celltext import join_lines
from schemas.model import Box, Line, Place

SIZE = 10.0


def joined(texts: list[str], width: float, centred: bool = True) -> str:
    """The text of a cell of that width (points), its lines set in the middle or at the left."""
    lines = []
    for i, text in enumerate(texts):
        wide = sum(SIZE * (0.55 if char.isascii() else 1.0) for char in text)
        left = (width - wide) / 2 if centred else 3.0
        place = Place(page=1, box=Box(left, 14.0 * i, left + wide, 14.0 * i + SIZE))
        lines.append(Line(text, place, size=SIZE))
    return join_lines(tuple(lines), {1: Box(0.0, 0.0, width, 14.0 * len(texts))})


@pytest.mark.parametrize("centred", [True, False])
@pytest.mark.parametrize(
    "texts",
    [["12", "45"], ["800", "80"], ["120.5", "118.0", "2.5"], ["95%", "≥90%"], ["12个", "45个"], ["合格", "良好"]],
)
def test_stacked_values_stay_apart(texts: list[str], centred: bool) -> None:
    assert joined(texts, 80.0, centred) == "\n".join(texts)


@pytest.mark.parametrize("texts", [["800", "80"], ["1,200.00", "1,100.00"]])
def test_numbers_stay_apart_though_their_lines_are_full(texts: list[str]) -> None:
    assert joined(texts, 50.0) == "\n".join(texts)


@pytest.mark.parametrize(
    "texts", [["11,000,000", ".00"], ["11,000", ",000.00"], ["3,000.", "50"], ["417,75", "8.90"], ["11,914.6", "9"]]
)
def test_a_number_that_its_line_cut_is_one(texts: list[str]) -> None:
    assert joined(texts, 58.0) == "".join(texts)


@pytest.mark.parametrize(
    "texts",
    [["服务对象满", "意度指标"], ["完成投资1", "200万元"], ["项目资金（万", "元）"], ["附件（", "上年）"]],
)
def test_what_wraps_is_one_text(texts: list[str]) -> None:
    assert joined(texts, 60.0) == "".join(texts)


def test_a_value_below_a_line_that_left_room_is_apart_in_a_cell_that_wraps() -> None:
    assert joined(["完成八个街道的改造共12个", "完成6个"], 125.0, centred=False) == "完成八个街道的改造共12个完成6个"
    assert (
        joined(["完成12个", "95%以上的街道完成改造工作"], 125.0, centred=False) == "完成12个\n95%以上的街道完成改造工作"
    )


@pytest.mark.parametrize("remark", ["(2024 年-2026 年)", "（盖章）", "（万元）"])
def test_a_remark_in_brackets_belongs_to_what_it_stands_below(remark: str) -> None:
    assert joined(["项目总体目标", remark], 300.0) == "项目总体目标" + remark


def test_a_number_in_brackets_is_a_value_of_its_own() -> None:
    assert joined(["合格", "(6.50)"], 300.0) == "合格\n(6.50)"
