"""Labels and values of tables made by hand."""

from __future__ import annotations

import pytest
from helpers_tables import TITLE, C, doubts, fields, make_table, read

from schemas.verdicts import Verdict


def test_a_value_stands_beside_its_label() -> None:
    assert fields(
        ("项目名称", "某项经费", "主管部门", "某局"),
        ("实施单位：", C("某中心", cols=3)),
        ("立 项\n必要性", C("一、甲。\n二、乙。", cols=3)),
    ) == {
        "project_name": "某项经费",
        "supervising_department": "某局",
        "implementing_unit": "某中心",
        "necessity": "一、甲。\n二、乙。",
    }


def test_labels_in_a_row_of_their_own_stand_over_their_values() -> None:
    found = fields(("中长期目标", "年度目标"), ("三年内完成。", "今年开工。"))
    assert found == {"medium_term_goal": "三年内完成。", "annual_goal": "今年开工。"}


def test_a_heading_left_of_labels_is_no_label() -> None:
    found = fields(
        (C("年度绩效目标", rows=2), "年初设定目标", "实际完成情况"),
        ("开工。", "已开工。"),
    )
    assert found == {"annual_goal": "开工。", "goal_achieved": "已开工。"}


def test_label_and_value_in_one_cell() -> None:
    assert fields(("项目名称：某项经费", "实施单位: 某中心")) == {
        "project_name": "某项经费",
        "implementing_unit": "某中心",
    }


def test_a_label_ending_in_a_colon_has_its_value_in_the_next_cell() -> None:
    assert fields(("项目名称：", "某项经费"), ("实施单位:", "某中心")) == {
        "project_name": "某项经费",
        "implementing_unit": "某中心",
    }


def test_lines_outside_tables_hold_labels_too() -> None:
    record = read("填报单位(盖章)：某中心　　预算年度：2024　　单位：万元", make_table(("项目名称", "某项经费")))
    assert record.fields == {"reporting_unit": "某中心", "project_name": "某项经费"}
    assert (record.year, record.amount_unit) == (2024, "万元")


def test_a_label_that_the_vocabulary_does_not_know_is_kept_as_printed() -> None:
    assert fields(("项目名称", "某项经费"), ("省级财政部门：", "某省财政厅"), ("区县 主管部门", "某委")) == {
        "project_name": "某项经费",
        "省级财政部门": "某省财政厅",
        "区县主管部门": "某委",
    }


def test_four_states_of_a_value_stay_apart() -> None:
    record = read(
        make_table(
            ("项目名称", "某项经费"),
            ("其他说明", ""),
            ("存在问题", "/"),
            ("主要成效", "—"),
            ("改进措施", "*"),
            ("立项必要性", "[■■■]"),
        )
    )
    assert "feasibility" not in record.fields  # the form has no such field
    assert record.fields == {
        "project_name": "某项经费",
        "other_notes": None,
        "problems": "/",
        "main_achievements": "—",
        "improvement_measures": "*",
        "necessity": None,
    }
    assert doubts(record) == [("redacted", "/fields/necessity")]
    assert record.findings[0].printed == "[■■■]"
    assert record.findings[0].verdict is Verdict.UNDECIDABLE


@pytest.mark.parametrize("printed", ["[■■■]", "███", "[Redacted]", "[redacted]", "[]", "【██】"])
def test_a_blacked_out_value_is_null_with_a_finding(printed: str) -> None:
    record = read(make_table(("项目名称", printed), ("主管部门", "某局")))
    assert record.fields["project_name"] is None
    assert doubts(record) == [("redacted", "/fields/project_name")]


def test_a_partly_blacked_out_value_keeps_what_can_be_read_and_is_doubted() -> None:
    record = read(make_table(("项目名称", "某█████经费"), ("主管部门", "某局")))
    assert record.fields["project_name"] == "某█████经费"
    assert doubts(record) == [("redacted", "/fields/project_name")]


@pytest.mark.parametrize(
    "row",
    [
        ("项目负责人/联系电话", "张三/0513-87280000"),
        ("项目负责人及联系电话", "张三 0513-87280000"),
        ("项目负责人", "张三"),
    ],
)
def test_contact_and_phone_in_one_cell_are_split(row: tuple[str, str]) -> None:
    found = fields(row, ("项目名称", "某项经费"))
    assert found["contact_name"] == "张三"
    if "电话" in row[0]:
        assert found["contact_phone"] == "0513-87280000"
    else:
        assert "contact_phone" not in found


def test_a_blank_contact_leaves_both_blank() -> None:
    found = fields(("项目负责人/联系电话", ""), ("项目名称", "某项经费"))
    assert (found["contact_name"], found["contact_phone"]) == (None, None)


def test_a_code_before_a_name_goes_to_a_field_of_its_own() -> None:
    found = fields(("单位信息", "203001-某市某局"), ("主管部门", "某局"), ("预算项目", "51178123T0001-某项"))
    assert found == {
        "reporting_unit_code": "203001",
        "reporting_unit": "某市某局",
        "supervising_department": "某局",
        "project_code": "51178123T0001",
        "project_name": "某项",
    }


def test_dates_are_iso() -> None:
    found = fields(("开始时间", "2024年1月", "完成时间", "长期"))
    assert found == {"start_date": "2024-01", "end_date": "长期"}


def test_the_year_is_the_titles_and_another_is_a_finding() -> None:
    record = read(make_table(("预算年度", "2023"), ("项目名称", "某项")), title="2024年度" + TITLE)
    assert record.title == TITLE
    assert record.year == 2024
    assert ("year.one", "/year") in doubts(record)


def test_a_form_without_a_year_has_none() -> None:
    assert read(make_table(("项目名称", "某项"))).year is None


@pytest.mark.parametrize("left", ["绩效目标", "总体目标", "目标情况", "年度绩效目标"])
@pytest.mark.parametrize("whole", ["项目建设总目标", "三年总目标", "中长期工作目标"])
@pytest.mark.parametrize("annual", ["年度总体目标", "年度工作目标", "2025年度目标"])
def test_goals_side_by_side_stand_under_their_own_headings(left: str, whole: str, annual: str) -> None:
    record = read(
        make_table((C(left, rows=2), whole, annual), ("三年内建成。", "今年开工。"), ("项目名称", C("某桥", cols=2)))
    )
    assert record.fields == {"medium_term_goal": "三年内建成。", "annual_goal": "今年开工。", "project_name": "某桥"}
    assert ("inferred", "/fields/medium_term_goal") in doubts(record)


def test_several_labels_in_one_cell_have_a_value_each() -> None:
    row = C("项目名称：某桥　　主管部门：某局　　实施单位：某中心", cols=2)
    assert fields((row,), ("年度目标", "建成。")) == {
        "project_name": "某桥",
        "supervising_department": "某局",
        "implementing_unit": "某中心",
        "annual_goal": "建成。",
    }


def test_labels_in_a_row_stand_over_their_values_known_or_not() -> None:
    assert fields(
        ("项目名称", "主管部门", "资金渠道", "项目起始日期"),
        ("河道长效管理", "区水务局", "专项", "2024-01-01"),
        ("项目概述", C("保洁。", cols=3)),
    ) == {
        "project_name": "河道长效管理",
        "supervising_department": "区水务局",
        "资金渠道": "专项",
        "start_date": "2024-01-01",
        "content": "保洁。",
    }


def test_labels_beside_their_values_are_not_labels_above() -> None:
    assert fields(
        ("项目名称", "河道长效管理", "主管部门", "区水务局"),
        ("资金渠道", "专项", "经办科室", "综合科"),
    ) == {
        "project_name": "河道长效管理",
        "supervising_department": "区水务局",
        "资金渠道": "专项",
        "经办科室": "综合科",
    }


def test_a_year_behind_a_value_in_a_line_is_the_years() -> None:
    record = read("填报单位：某局 2023年度", make_table(("项目名称", "某项经费")))
    assert (record.fields["reporting_unit"], record.year) == ("某局", 2023)


@pytest.mark.parametrize("broken", [True, False], ids=["a page break", "no page break"])
def test_a_heading_that_a_page_break_cuts_from_the_goals_beside_it_is_no_blank_goal(broken: bool) -> None:
    rows = ("项目名称", C("甲项目", cols=2)), ("总体目标", "预期总目标", "年度目标完成情况"), ("", "做好。", "做完了。")
    record = read(make_table(*rows, breaks=(2,) if broken else ()))
    goals = {"annual_goal": "做好。", "goal_achieved": "做完了。"}
    assert record.fields == {"project_name": "甲项目", **({} if broken else {"medium_term_goal": None}), **goals}
