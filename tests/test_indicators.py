"""Indicator tables made by hand: every printed row under its headings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers_tables import C, doubts, indicator_table, make_table, read

from schemas.record import Kind


def test_indicators_carry_the_names_of_their_merged_cells() -> None:
    record = read(
        indicator_table(
            (C("产出指标(50)", rows=2), C("数量指标", rows=2), "培训人数", "≥100人", ""),
            ("培训次数", "4次", "/"),
            ("效益指标（30分）", "社会效益(30)", "知晓率", "有所提高", "问卷"),
        )
    )
    assert record.columns == ["level1", "level2", "level3", "targets.full_year", "note"]
    assert [(i.level1, i.level2, i.level3) for i in record.indicators] == [
        ("产出指标", "数量指标", "培训人数"),
        ("产出指标", "数量指标", "培训次数"),
        ("效益指标", "社会效益", "知晓率"),
    ]
    first, second, third = record.indicators
    assert (first.level_points, third.level_points) == ({"level1": "50"}, {"level1": "30", "level2": "30"})
    assert (first.targets, second.targets) == ({"full_year": "≥100人"}, {"full_year": "4次"})
    value = first.values["full_year"]
    assert value is not None
    assert (value.op, value.number, value.unit, value.text) == ("≥", "100", "人", None)
    assert (first.note, second.note, third.note) == (None, "/", "问卷")
    assert (first.op, first.unit, first.score, first.weights) == (None, None, None, {})
    assert record.findings == []


def test_operator_and_unit_columns_count() -> None:
    record = read(
        make_table(
            ("一级指标", "三级指标", "指标性质", "指标值", "度量单位", "权重"),
            ("产出", "甲", "≥", "95", "%", "10"),
            ("产出", "乙", "定性", "优良", "", "5分"),
            ("产出", "丙", "＝", "", "次", ""),
        )
    )
    first, second, third = record.indicators
    assert first.values["full_year"] is not None
    assert first.values["full_year"].model_dump() == {"op": "≥", "number": "95", "unit": "%", "text": None}
    assert (second.op, second.unit, second.weights) == ("定性", None, {"full_year": "5"})
    assert second.values["full_year"] is not None
    assert second.values["full_year"].text == "优良"
    assert third.targets == {"full_year": None}
    assert third.values == {"full_year": None}
    assert third.weights == {"full_year": None}


def test_two_periods_and_a_blank_one() -> None:
    record = read(
        make_table(
            ("一级指标", "二级指标", "三级指标", "半年指标值", "全年指标值"),
            ("产出", "数量", "甲", "", "≥9次"),
        )
    )
    assert record.columns[-2:] == ["targets.half_year", "targets.full_year"]
    assert record.indicators[0].targets == {"half_year": None, "full_year": "≥9次"}
    assert record.indicators[0].values["half_year"] is None


def test_the_whole_projects_target_beside_this_years() -> None:
    record = read(
        make_table(
            ("一级指标", "三级指标", "指标值", "本年指标值", "权重", "本年权重"),
            ("产出", "甲", "≥9次", "≥3次", "20", "10"),
        )
    )
    assert record.indicators[0].targets == {"whole_project": "≥9次", "full_year": "≥3次"}
    assert record.indicators[0].weights == {"whole_project": "20", "full_year": "10"}


def test_a_header_in_mid_table_gives_new_roles_and_the_same_one_again_changes_nothing() -> None:
    head = ("一级指标", "二级指标", "三级指标", "指标值")
    record = read(
        make_table(
            head,
            ("产出", "数量", "甲", "1次"),
            head,
            ("效益", "社会效益", "乙", "2次"),
            ("一级指标", "重点工作", "三级指标", "指标值"),
            ("履职", "某工作", "丙", "3次"),
        )
    )
    assert [(i.level1, i.level2, i.focus_work, i.level3) for i in record.indicators] == [
        ("产出", "数量", None, "甲"),
        ("效益", "社会效益", None, "乙"),
        ("履职", None, "某工作", "丙"),
    ]


@pytest.mark.parametrize("name", ["……", "...", "指标2：", "指标 2:", "目标3："])
def test_rows_that_print_no_indicator_are_none(name: str) -> None:
    record = read(indicator_table(("产出", "数量", "甲", "1次", ""), ("", "", name, "", "")))
    assert [i.level3 for i in record.indicators] == ["甲"]


def test_a_total_row_is_no_indicator_and_gives_points_and_score() -> None:
    record = read(
        make_table(
            ("一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
            ("产出", "数量", "甲", "≥1次", "2次", "100", "98.5", ""),
            (C("合计", cols=5), "100", "98.5", ""),
        ),
        title="项目支出绩效自评表",
    )
    assert len(record.indicators) == 1
    assert (record.indicators[0].actual, record.indicators[0].score) == ("2次", "98.5")
    assert (record.fields["total_weight"], record.fields["total_score"]) == ("100", "98.5")
    assert record.kind is Kind.PROJECT_REVIEW


def test_a_column_without_a_name_of_ours_is_kept_by_its_header() -> None:
    record = read(
        make_table(("一级指标", "二级指标", "三级指标", "指标值", "数据来源"), ("产出", "数量", "甲", "1次", "台账"))
    )
    assert record.columns == ["level1", "level2", "level3", "targets.full_year"]  # only names of the contract
    assert record.indicators[0].other == {"数据来源": "台账"}


def test_labels_above_and_below_the_indicators_are_fields() -> None:
    record = read(
        make_table(
            ("项目名称", C("某项", cols=3)),
            ("一级指标", "二级指标", "三级指标", "指标值"),
            ("产出", "数量", "甲", "1次"),
            ("其他说明", C("无", cols=3)),
        )
    )
    assert record.fields == {"project_name": "某项", "other_notes": "无"}
    assert len(record.indicators) == 1


@pytest.mark.parametrize(("label", "field"), [("其他说明", "other_notes"), ("资金投向", "资金投向")])
def test_a_label_row_below_a_section_beside_its_heading_is_no_indicator(label: str, field: str) -> None:
    record = read(
        make_table(
            (C("绩效指标", rows=2), "一级指标", "二级指标", "三级指标", "指标值"),
            ("产出", "数量", "甲", "1次"),
            (label, C("无。", cols=4)),
        )
    )
    assert [i.level3 for i in record.indicators] == ["甲"]
    assert record.fields == {field: "无。"}


@pytest.mark.parametrize(
    "numbers",
    [
        ("1", "2", "3", "4", "5"),
        ("（1）", "（2）", "（3）", "（4）", "（5）"),
        ("①", "②", "③", "④", "5"),
        ("甲", "乙", "丙", "1", "2"),
        (C("栏次", cols=2), "1", "2", "3"),
    ],
)
def test_a_row_that_numbers_the_columns_is_no_indicator(numbers: Sequence[str | C]) -> None:
    header = ("一级指标", "二级指标", "三级指标", "指标值", "分值")
    record = read(make_table(header, numbers, ("产出指标", "数量指标", "建成座数", "3", "50")))
    assert [i.level3 for i in record.indicators] == ["建成座数"]


def test_an_indicator_whose_values_count_on_is_no_numbering() -> None:
    header = ("一级指标", "二级指标", "三级指标", "指标值", "分值")
    record = read(make_table(header, ("产出指标", "数量指标", "建成座数", "3", "4")))
    assert [i.level3 for i in record.indicators] == ["建成座数"]


HEADER = ("一级指标", "二级指标", "三级指标", "指标值", "分值")


def test_a_row_of_several_numbered_names_is_as_many_indicators() -> None:
    row = ("产出指标", "数量指标", "指标1：建成座数\n指标2：培训人数", "≥3座\n≥12名", "20\n10")
    record = read(make_table(HEADER, row))
    assert [(i.level1, i.level3, i.targets["full_year"], i.weights["full_year"]) for i in record.indicators] == [
        ("产出指标", "指标1：建成座数", "≥3座", "20"),
        ("产出指标", "指标2：培训人数", "≥12名", "10"),
    ]
    assert [v.number for i in record.indicators if (v := i.values["full_year"])] == ["3", "12"]


def test_names_and_values_that_differ_in_number_stay_one_row_and_are_doubted() -> None:
    record = read(make_table(HEADER, ("产出指标", "数量指标", "指标1：建成座数指标2：培训人数", "≥3座", "20")))
    assert [i.level3 for i in record.indicators] == ["指标1：建成座数\n指标2：培训人数"]
    assert ("inferred", "/indicators/0") in doubts(record)


def test_quarters_are_targets_of_their_own() -> None:
    header = ("一级指标", "指标名称", "年度指标值", "第一季度", "第二季度", "第三季度", "第四季度")
    record = read(make_table(header, ("产出指标", "场次", "60场", "12场", "30场", "48场", "60场")))
    assert record.indicators[0].targets == {
        "full_year": "60场", "quarter1": "12场", "quarter2": "30场", "quarter3": "48场", "quarter4": "60场",
    }  # fmt: skip


@pytest.mark.parametrize("wave", ["～", "~", "〜", "∼", "-", "—"])
def test_a_range_may_be_set_with_any_wave(wave: str) -> None:
    record = read(indicator_table(("产出", "数量", "甲", f"3{wave}5次", "")))
    value = record.indicators[0].values["full_year"]
    assert value is not None
    assert (value.op, value.number, value.unit) == ("range", "3~5", "次")


@pytest.mark.parametrize("wave", ["～", "〜", "-"])
def test_a_header_of_months_may_be_set_with_any_wave(wave: str) -> None:
    header = ("一级指标", "二级指标", "三级指标", "指标值", f"1{wave}7月执行情况")
    (one,) = read(make_table(header, ("产出", "数量", "甲", "3次", "2次"))).indicators
    assert (one.progress, one.other) == ("2次", None)


def test_a_value_that_runs_over_the_unit_beside_it_is_the_targets() -> None:
    header = ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位")
    wide = ("效益指标", "社会效益指标", "安全", "定性", C("提升", cols=2))
    record = read(make_table(header, ("产出指标", "数量指标", "盏数", "≥", "8", "盏"), wide))
    assert [(i.level3, i.op, i.targets["full_year"], i.unit) for i in record.indicators] == [
        ("盏数", "≥", "8", "盏"),
        ("安全", "定性", "提升", None),
    ]


def test_rows_of_levels_below_no_header_are_no_fields() -> None:
    record = read(
        make_table(
            ("", "", "", "", "权重"),
            (C("产出指标", rows=2), "数量指标", "参保人数", "≥", "20"),
            ("质量指标", "拨付准确率", "≥", "20"),
        )
    )
    assert (record.indicators, record.fields) == ([], {})
    assert ("unreadable", "/indicators") in doubts(record)
    assert {f.printed for f in record.findings if f.rule == "unowned"} >= {"参保人数", "拨付准确率"}
