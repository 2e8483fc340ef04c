"""Lists of projects, and names broken over lines, in texts whose columns blanks set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers_carriers import read_text


def lines(*rows: Mapping[int, str]) -> str:
    """A text with a line for each row: its texts by the place at which they begin, in characters."""
    return "\n".join(_line(sorted(row.items())) for row in rows) + "\n"


def _line(texts: Sequence[tuple[int, str]]) -> str:
    out = ""
    for place, text in texts:
        out = out.ljust(place) + text
    return out


LIST = lines(
    {30: "预算项目绩效目标批复表"},
    {10: "资金总额（万", 86: "历史值"},
    {0: "项目名称", 20: "绩效目标", 34: "一级指标", 44: "二级指标", 56: "三级指标", 70: "指标值"},
    {12: "元）", 86: "上年"},
    {20: "清淤河道，改善水", 34: "产出指标", 44: "数量指标", 56: "清淤河道长度", 70: "≥8公里", 86: "6公里"},
    {0: "河道清淤工程", 20: "质。"},
    {11: "860.5", 34: "效益指标", 44: "社会效益指标", 56: "受益人口数", 70: "≥3万人"},
    {0: "甲"},
    {34: "满意度指标", 44: "服务对象满意度", 56: "居民满意度", 70: "≥90%"},
    {44: "指标"},
    {20: "修缮校舍，保障安", 34: "产出指标", 44: "数量指标", 56: "修缮校舍面积", 70: "≥600平方米"},
    {0: "校舍修缮补助乙", 11: "42", 20: "全。"},
    {34: "效益指标", 44: "社会效益指标", 56: "受益学生数", 70: "≥500人"},
)


def test_each_project_of_a_list_is_a_record_with_its_money_and_goal_and_says_where_it_was_worked_out(
    tmp_path: Path,
) -> None:
    first, second = read_text(tmp_path, "x.txt", LIST)
    assert first.fields["project_name"] == "河道清淤工程甲"
    assert second.fields["project_name"] == "校舍修缮补助乙"
    assert first.fields["annual_goal"] == "清淤河道，改善水质。"
    assert [[line.amount for line in record.funds] for record in (first, second)] == [["860.5"], ["42"]]
    assert [len(record.indicators) for record in (first, second)] == [3, 2]
    assert first.indicators[0].history == {"上年": "6公里"}
    assert first.indicators[2].level2 == "服务对象满意度指标"
    assert second.indicators[0].level3 == "修缮校舍面积"
    for record in (first, second):
        assert {"/fields/project_name", "/funds/0"} <= {f.where for f in record.findings if f.rule == "inferred"}


BROKEN = lines(
    {20: "某地专项绩效目标批复表"},
    {0: "项目名称", 20: "河道清淤工程", 40: "主管部门", 54: "南关区水务局"},
    {18: "二   级 指"},
    {0: "一级指标", 36: "三级指标", 54: "指标值"},
    {21: "标"},
    {18: "数量指标", 36: "清淤河道长度", 54: "≥8公里"},
    {0: "（一）产出"},
    {18: "质量指标", 36: "工程验收合格率", 54: "100%"},
    {2: "指标"},
    {18: "社会效益"},
    {36: "受益人口数", 54: "≥3万人"},
    {0: "（二）效益", 20: "指标"},
    {2: "指标"},
    {18: "生态效益指标", 36: "河道水质", 54: "明显改善"},
)


def test_a_level_whose_parts_stand_around_the_line_of_its_row_is_one_name(tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", BROKEN)
    assert [(i.level1, i.level2, i.level3) for i in record.indicators] == [
        ("产出指标", "数量指标", "清淤河道长度"),
        ("产出指标", "质量指标", "工程验收合格率"),
        ("效益指标", "社会效益指标", "受益人口数"),
        ("效益指标", "生态效益指标", "河道水质"),
    ]


def test_a_part_of_which_nothing_was_read_is_doubted_where_no_cells_are_told(tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", BROKEN)
    assert {"/tasks", "/tasks_total", "/choices", "/year", "/amount_unit"} <= {f.where for f in record.findings}


def test_a_list_whose_cells_nothing_tells_says_that_several_projects_may_be_read_as_one(tmp_path: Path) -> None:
    flat = "\n".join(word for line in LIST.splitlines() for word in line.split()) + "\n"
    (record,) = read_text(tmp_path, "x.txt", flat)
    assert any(f.where == "" and "several projects" in f.message for f in record.findings)
