"""Texts of tabs with a form feed or a blank line within a table whose rows are whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_carriers import EXPECTED, as_tabs, grid, read_text, values_of
from helpers_dumps import names, read, row
from helpers_tables import doubts

HEAD = ("一级指标", "二级指标", "", "三级指标", "指标值", "", "分值")
ROWS = (
    ("产出指标", "数量指标", "", "整治村庄", "32个", "", "30"),
    ("", "", "", "修复管网", "6公里", "", "20"),
    ("", "质量指标", "", "验收合格率", "≥95%", "", "20"),
    ("效益指标", "社会效益指标", "", "受益人口", "6万人", "", "30"),
)
WHOLE = [
    ("产出指标", "数量指标", "整治村庄"), ("产出指标", "数量指标", "修复管网"), ("产出指标", "质量指标", "验收合格率"),
    ("效益指标", "社会效益指标", "受益人口"),
]  # fmt: skip


@pytest.mark.parametrize("mark", ["\n", "\f", "\f\n"])
def test_a_mark_before_any_row_moves_nothing(mark: str, tmp_path: Path) -> None:
    lines = as_tabs(grid(filled=False)).split("\n")
    first = next(i for i, line in enumerate(lines) if "\t" in line)
    for at in range(first + 1, len(lines) - 1):
        marked = [*lines[:at], mark + lines[at], *lines[at + 1 :]]
        (record,) = read_text(tmp_path, "x.txt", "\n".join(marked))
        assert values_of(record) == EXPECTED, lines[at]


def test_the_names_carried_over_a_mark_are_doubted() -> None:
    lines = [row(*each) for each in (HEAD, *ROWS)]
    record = read(*lines[:2], "", *lines[2:])
    assert names(record) == WHOLE
    assert [i.weights["full_year"] for i in record.indicators] == ["30", "20", "20", "30"]
    assert {where for rule, where in doubts(record) if rule == "inferred"} >= {
        "/indicators/1/level1", "/indicators/1/level2",
    }  # fmt: skip


def test_a_mark_beside_names_that_are_printed_again_is_no_doubt() -> None:
    lines = [row(*each) for each in (HEAD, *ROWS)]
    record = read(*lines[:4], "", lines[4])
    assert names(record) == WHOLE
    assert doubts(record) == []


BANDED = (
    ("二级指标", "", "三级指标", "", "计算符号", "1季度", "", "2季度", "说明"),
    ("产出指标", "", "", "", "", "", "", "", ""),
    ("一、数量指标", "", "整治村庄", "", "≥", "20个", "", "32个", ""),
    ("", "", "修复管网", "", "≥", "2公里", "", "6公里", "分两段"),
    ("效益指标", "", "", "", "", "", "", "", ""),
    ("一、社会效益指标", "", "受益人口", "", "≥", "3万人", "", "6万人", ""),
)


@pytest.mark.parametrize("mark", ["", "\f"])
@pytest.mark.parametrize("at", range(2, len(BANDED)))
def test_bands_and_blank_columns_stay_where_they_are(at: int, mark: str) -> None:
    lines = [row(*each) for each in BANDED]
    lines[at:] = [mark + lines[at], *lines[at + 1 :]] if mark else ["", *lines[at:]]
    record = read(*lines)
    assert record.columns == ["level1", "level2", "level3", "op", "targets.quarter1", "targets.quarter2", "note"]
    assert names(record) == [
        ("产出指标", "数量指标", "整治村庄"), ("产出指标", "数量指标", "修复管网"),
        ("效益指标", "社会效益指标", "受益人口"),
    ]  # fmt: skip
    assert [i.targets for i in record.indicators] == [
        {"quarter1": "20个", "quarter2": "32个"}, {"quarter1": "2公里", "quarter2": "6公里"},
        {"quarter1": "3万人", "quarter2": "6万人"},
    ]  # fmt: skip


def test_rows_that_lost_a_blank_behind_a_mark_are_still_put_back() -> None:
    moved = [(*each[1:], "") for each in ROWS[1:3]]
    record = read(row(*HEAD), row(*ROWS[0]), "", *(row(*each) for each in moved), row(*ROWS[3]))
    assert names(record) == WHOLE
    assert [i.targets["full_year"] for i in record.indicators] == ["32个", "6公里", "≥95%", "6万人"]


def test_a_blank_target_at_the_end_of_a_row_is_blank() -> None:
    heads = ("一级指标", "", "三级指标", "", "上年值", "", "指标值", "")
    rows = (("产出指标", "", "整治村庄", "", "20个", "", "32个", ""), ("", "", "修复管网", "", "6公里", "", "", ""))
    record = read(*(row(*each) for each in (heads, *rows)))
    assert [(i.history, i.targets["full_year"]) for i in record.indicators] == [
        ({"上年值": "20个"}, "32个"), ({"上年值": "6公里"}, None),
    ]  # fmt: skip


def test_a_block_of_money_left_of_the_levels_is_no_project() -> None:
    record = read(
        row("绩效指标", "一级指标", "二级指标", "三级指标", "指标值"),
        row("", "产出指标", "数量指标", "整治村庄", "32个"),
        row("项目预算（万元）", "资金总额", "8.8", "其中：财政拨款", "1.5"),
    )
    assert [("/".join(fund.path), fund.amount) for fund in record.funds] == [
        ("资金总额", "8.8"), ("资金总额/财政拨款", "1.5"),
    ]  # fmt: skip
    assert len(record.indicators) == 1
