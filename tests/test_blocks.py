"""Blocks of indicators: halves side by side, bands, long-term and annual ones, levels that are printed otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers_tables import TITLE, C, doubts, make_line, make_table, read, read_all

from schemas.model import Table
from schemas.record import Record

HEAD = ("一级指标", "二级指标", "三级指标", "指标值")
HALVES = (*HEAD, "二级指标", "三级指标", "指标值")


def rows_of(record: Record) -> list[tuple[object, ...]]:
    return [(i.level1, i.level2, i.level3, i.targets) for i in record.indicators]


# ── halves side by side


def halves(left: str, right: str, header: Sequence[str] = HALVES) -> Table:
    """Two halves below their headings, which stand over the goals of each."""
    return make_table(
        (C("总体目标", 2), C(left, cols=3), C(right, cols=3)),
        (C("三年内建成。", cols=3), C("今年开工。", cols=3)),
        header,
        (C("产出指标", 2), C("数量指标", 2), "台站数量", "≥12个", C("数量指标", 2), "台站数量", "≥4个"),
        ("仪器完好率", "≥90%", "检修合格率", "100%"),
        ("效益指标", "社会效益指标", "参观人次", "≥60人次", "社会效益指标", "", ""),
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("中期目标（2023年—2025年）", "年度目标"),
        ("长期目标", "年度目标"),
        ("总体目标", "2024年目标"),
        ("三年目标", "当年目标"),
        ("实施期目标", "年度目标"),
    ],
)
def test_a_row_whose_halves_name_one_indicator_is_one_with_both_targets(left: str, right: str) -> None:
    record = read(halves(left, right))
    assert rows_of(record) == [
        ("产出指标", "数量指标", "台站数量", {"whole_project": "≥12个", "full_year": "≥4个"}),
        ("产出指标", "数量指标", "仪器完好率", {"whole_project": "≥90%"}),
        ("产出指标", "数量指标", "检修合格率", {"full_year": "100%"}),
        ("效益指标", "社会效益指标", "参观人次", {"whole_project": "≥60人次"}),
    ]
    assert record.columns == ["level1", "level2", "level3", "targets.whole_project", "targets.full_year"]
    assert ("inferred", "/indicators") not in doubts(record)
    assert not any(i.other for i in record.indicators)


def test_halves_may_stand_the_other_way_round() -> None:
    record = read(halves("年度目标", "中期目标"))
    assert record.indicators[0].targets == {"full_year": "≥12个", "whole_project": "≥4个"}


def test_the_headers_of_halves_may_name_their_periods() -> None:
    header = ("一级指标", "二级指标", "三级指标", "中期指标值", "二级指标", "三级指标", "年度指标值")
    record = read(make_table(header, ("产出", "数量", "甲", "≥9次", "数量", "甲", "≥3次")))
    assert rows_of(record) == [("产出", "数量", "甲", {"whole_project": "≥9次", "full_year": "≥3次"})]


def test_halves_without_any_heading_are_taken_in_their_usual_order_and_doubted() -> None:
    record = read(make_table(HALVES, ("产出", "数量", "甲", "≥9次", "数量", "甲", "≥3次")))
    assert record.indicators[0].targets == {"whole_project": "≥9次", "full_year": "≥3次"}
    assert ("inferred", "/indicators") in doubts(record)


def test_each_half_may_print_all_its_levels() -> None:
    record = read(make_table((*HEAD, *HEAD), ("产出", "数量", "甲", "≥9次", "效益", "社会效益", "乙", "≥3次")))
    assert [i.level1 for i in record.indicators] == ["产出", "效益"]


def test_groups_below_names_of_a_level_stand_side_by_side() -> None:
    table = make_table(
        (C("项目名称", 3), C("年度目标", 3), C("绩效指标", cols=6)),
        (C("成本指标", cols=2), C("产出指标", cols=2), C("满意度指标", cols=2)),
        ("三级指标", "指标值") * 3,
        (C("路灯", 2), C("亮灯。", 2), "费用", "≤5万元", "盏数", "≥8盏", "市民满意度", "≥9%"),
        ("", "", "亮灯率", "≥98%", "", ""),
        ("管网", "清淤。", "费用", "≤7万元", "长度", "≥6公里", "", ""),
    )
    lamps, pipes = read_all(make_line(TITLE), table)
    assert [(i.level1, i.level3, i.targets["full_year"]) for i in lamps.indicators] == [
        ("成本指标", "费用", "≤5万元"),
        ("产出指标", "盏数", "≥8盏"),
        ("产出指标", "亮灯率", "≥98%"),
        ("满意度指标", "市民满意度", "≥9%"),
    ]
    assert [(i.level1, i.level3) for i in pipes.indicators] == [("成本指标", "费用"), ("产出指标", "长度")]
    assert lamps.columns == ["level1", "level3", "targets.full_year"]
    assert (lamps.fields, pipes.fields) == (
        {"project_name": "路灯", "annual_goal": "亮灯。"},
        {"project_name": "管网", "annual_goal": "清淤。"},
    )


# ── long-term and annual blocks


@pytest.mark.parametrize("whole", ["长期绩效指标", "中期绩效指标", "中长期绩效指标", "实施期绩效指标", "三年绩效指标"])
@pytest.mark.parametrize("place", ["beside", "over", "over, one header", "beside, one header"])
def test_the_heading_of_a_block_tells_the_period_of_its_values(whole: str, place: str) -> None:
    a, b = ("产出指标", "数量指标", "长度", "18公里"), ("产出指标", "数量指标", "长度", "6公里")
    year = "年度绩效指标"
    table = {
        "beside": make_table((C(whole, 2), *HEAD), a, (C(year, 2), *HEAD), b),
        "over": make_table((C(whole, cols=4),), HEAD, a, (C(year, cols=4),), HEAD, b),
        "over, one header": make_table(HEAD, (C(whole, cols=4),), a, (C(year, cols=4),), b),
        "beside, one header": make_table(("", *HEAD), (C(whole, 2), *a), a, (C(year, 2), *b), b),
    }[place]
    record = read(table)
    targets = [i.targets for i in record.indicators]
    assert [t for i, t in enumerate(targets) if t not in targets[:i]] == [
        {"whole_project": "18公里"},
        {"full_year": "6公里"},
    ]
    assert not any(f.rule == "unowned" for f in record.findings)


@pytest.mark.parametrize("whole", ["总目标绩效指标", "总体绩效指标", "总体指标"])
def test_a_heading_of_the_whole_beside_one_of_the_year_need_not_say_for_how_long(whole: str) -> None:
    a, b = ("产出指标", "数量指标", "长度", "18公里"), ("产出指标", "数量指标", "长度", "6公里")
    record = read(make_table((C(whole, 2), *HEAD), a, (C("本年度绩效指标", 2), *HEAD), b))
    assert [i.targets for i in record.indicators] == [{"whole_project": "18公里"}, {"full_year": "6公里"}]


@pytest.mark.parametrize("heading", ["绩效指标", "年度绩效指标", "长期和年度绩效指标", "总体绩效指标"])
def test_other_headings_leave_the_values_the_years(heading: str) -> None:
    record = read(make_table((C(heading, 2), *HEAD), ("产出指标", "数量指标", "长度", "18公里")))
    assert record.indicators[0].targets == {"full_year": "18公里"}


# ── bands, enumerators, letters


@pytest.mark.parametrize("mark", ["", "一、", "（一）", "1."])
def test_a_level_printed_across_the_table_counts_for_the_rows_below_it(mark: str) -> None:
    record = read(
        make_table(
            ("二级指标", "三级指标", "指标值"),
            (C(f"{mark}产出指标（50分）", cols=3),),
            (C("数量指标", 2), "甲", "1次"),
            ("乙", "2次"),
            (C(f"{mark}效益指标", cols=3),),
            ("社会效益指标", "丙", "3次"),
        )
    )
    assert [(i.level1, i.level2, i.level3) for i in record.indicators] == [
        ("产出指标", "数量指标", "甲"),
        ("产出指标", "数量指标", "乙"),
        ("效益指标", "社会效益指标", "丙"),
    ]
    assert record.indicators[0].level_points == {"level1": "50"}
    assert record.columns == ["level1", "level2", "level3", "targets.full_year"]
    assert not any(f.rule == "unowned" for f in record.findings)


def test_bands_of_two_levels_stand_below_each_other() -> None:
    record = read(
        make_table(
            ("三级指标", "指标值", "分值"),
            (C("产出指标", cols=3),),
            (C("数量指标", cols=3),),
            ("甲", "1次", "10"),
            (C("效益指标", cols=3),),
            ("乙", "2次", "10"),
        )
    )
    assert [(i.level1, i.level2, i.level3) for i in record.indicators] == [
        ("产出指标", "数量指标", "甲"),
        ("效益指标", None, "乙"),
    ]


def test_a_band_of_no_usual_name_is_a_level_where_no_column_holds_it() -> None:
    record = read(make_table(("三级指标", "指标值", "分值"), (C("民生保障类", cols=3),), ("甲", "1次", "10")))
    assert [(i.level1, i.level3) for i in record.indicators] == [("民生保障类", "甲")]


def test_levels_stand_without_their_enumerators_and_names_with_them() -> None:
    record = read(
        make_table(
            HEAD, ("一、产出指标", "（二）质量指标", "1.合格率", "≥9%"), ("2、效益", "（1）社会效益", "乙", "1次")
        )
    )
    assert [(i.level1, i.level2, i.level3) for i in record.indicators] == [
        ("产出指标", "质量指标", "1.合格率"),
        ("效益", "社会效益", "乙"),
    ]


def test_a_name_written_letter_by_letter_down_a_column_is_one_and_doubted() -> None:
    record = read(
        make_table(
            HEAD,
            ("产", "数量指标", "甲", "1次"),
            ("出", "质量指标", "乙", "2次"),
            ("指", "时效指标", "丙", "3次"),
            ("标", "成本指标", "丁", "4次"),
            ("", "成本指标", "戊", "5次"),
            ("效益", "社会效益指标", "己", "6次"),
        )
    )
    assert [i.level1 for i in record.indicators] == ["产出指标"] * 5 + ["效益"]
    assert ("inferred", "/indicators/1/level1") in doubts(record)


# ── targets over unnamed columns


@pytest.mark.parametrize(
    ("cells", "op", "target", "unit"),
    [
        (("≥", "12", "个"), "≥", "12", "个"),
        (("不低于", "95", "%"), "不低于", "95", "%"),
        (("定性", "健全", ""), "定性", "健全", None),
        (("", "12", "个"), None, "12", "个"),
        (("＝", "100", "百分点"), "＝", "100", "百分点"),
    ],
)
def test_a_target_over_three_unnamed_columns(cells: Sequence[str], op: str, target: str, unit: str | None) -> None:
    header = ("一级指标", "二级指标", "三级指标", C("指标值", cols=3))
    record = read(make_table(header, ("产出", "数量", "甲", *cells)))
    (one,) = record.indicators
    assert (one.op, one.targets, one.unit, one.other) == (op, {"full_year": target}, unit, None)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(("≥", "12个"), ("≥", "12个", None)), (("≥12", "个"), (None, "≥12", "个"))],
)
def test_a_target_over_two_unnamed_columns(cells: Sequence[str], expected: tuple[object, ...]) -> None:
    header = ("一级指标", "二级指标", "三级指标", C("指标值", cols=2))
    (one,) = read(make_table(header, ("产出", "数量", "甲", *cells))).indicators
    assert (one.op, one.targets["full_year"], one.unit) == expected


# ── several numbered indicators in one cell


@pytest.mark.parametrize("values", ["≥3座\n≥12名", "≥3座；≥12名", "≥3座 ≥12名"])
def test_values_of_numbered_names_may_be_parted_by_lines_marks_or_blanks(values: str) -> None:
    record = read(make_table(HEAD, ("产出指标", "数量指标", "指标1：建成座数\n指标2：培训人数", values)))
    assert [(i.level3, i.targets["full_year"]) for i in record.indicators] == [
        ("指标1：建成座数", "≥3座"),
        ("指标2：培训人数", "≥12名"),
    ]


# ── past years


@pytest.mark.parametrize(
    ("header", "history"),
    [
        (("前年", "上年", "预期当年实现值"), {"前年": "45万页", "上年": "52万页"}),
        (("上年完成值", "以前年度", "指标值"), {"上年完成值": "45万页", "以前年度": "52万页"}),
        (("2022年", "2023年", "2024年"), {"2022年": "45万页", "2023年": "52万页"}),
        (("2022年实际值", "2023年实际值", "2024年目标值"), {"2022年实际值": "45万页", "2023年实际值": "52万页"}),
        (("2022年完成值", "2023年完成值", "年度指标值"), {"2022年完成值": "45万页", "2023年完成值": "52万页"}),
    ],
)
def test_values_of_past_years_stand_by_their_headers(header: Sequence[str], history: dict[str, str]) -> None:
    table = make_table((*HEAD[:3], *header), ("产出", "数量", "甲", "45万页", "52万页", "≥60万页"))
    record = read(table, title="2024年度某市项目支出绩效目标表")
    (one,) = record.indicators
    assert (one.history, one.targets, one.actual) == (history, {"full_year": "≥60万页"}, None)
    assert record.columns == ["level1", "level2", "level3", "history", "targets.full_year"]
    assert not one.other


def test_past_years_under_one_header() -> None:
    table = make_table(
        (C("一级指标", 2), C("三级指标", 2), C("近三年指标值", cols=2), C("年度指标值", 2)),
        ("2022年", "2023年"),
        ("产出", "甲", "1次", "2次", "≥3次"),
    )
    (one,) = read(table).indicators
    assert (one.history, one.targets) == ({"2022年": "1次", "2023年": "2次"}, {"full_year": "≥3次"})


def test_a_form_that_prints_no_past_years_has_no_such_key() -> None:
    assert "history" not in read(make_table(HEAD, ("产出", "数量", "甲", "1次"))).indicators[0].model_dump()


def test_the_year_in_the_headers_of_a_review_is_its_own() -> None:
    header = (*HEAD[:3], "2024年目标值", "2024年实际完成值")
    (one,) = read(make_table(header, ("产出", "数量", "甲", "≥3次", "4次"))).indicators
    assert (one.targets, one.actual, one.history) == ({"full_year": "≥3次"}, "4次", None)


@pytest.mark.parametrize("head", ["指标类型", "类别", ""])
def test_a_column_of_level_names_is_one_whatever_its_header_says(head: str) -> None:
    table = make_table(
        (head, "指标名称", "目标值", "备注"),
        (C("产出指标", 2), "甲", "1套", ""),
        ("乙", "2套", ""),
        ("效益指标", "丙", "3套", ""),
    )
    record = read(table)
    assert [(i.level1, i.level3) for i in record.indicators] == [
        ("产出指标", "甲"),
        ("产出指标", "乙"),
        ("效益指标", "丙"),
    ]
    assert not any(f.rule == "unowned" for f in record.findings)


def test_a_band_that_names_a_period_is_no_title_of_another_form() -> None:
    header = ("一级指标", "二级指标", "三级指标", "指标值")
    table = make_table(
        ("项目名称", C("水质监测", cols=3)),
        (C("长期绩效目标表", cols=4),),
        header,
        ("产出指标", "数量指标", "累计监测次数", "≥30次"),
        (C("年度绩效目标表", cols=4),),
        header,
        ("产出指标", "数量指标", "监测次数", "≥10次"),
    )
    [record] = read_all(make_line(TITLE), table)
    assert [(i.level3, i.targets) for i in record.indicators] == [
        ("累计监测次数", {"whole_project": "≥30次"}),
        ("监测次数", {"full_year": "≥10次"}),
    ]


def test_a_title_with_labels_below_it_begins_a_form() -> None:
    header = ("一级指标", "二级指标", "三级指标", "指标值")
    table = make_table(
        (C("项目绩效目标表", cols=4),),
        ("项目名称", C("甲", cols=3)),
        header,
        ("产出指标", "数量指标", "次数", "≥30次"),
        (C("项目年度绩效目标表", cols=4),),
        ("项目名称", C("乙", cols=3)),
        header,
        ("产出指标", "数量指标", "次数", "≥10次"),
    )
    assert [record.fields["project_name"] for record in read_all(table)] == ["甲", "乙"]


def test_a_header_cell_with_the_names_of_two_columns_is_both() -> None:
    table = make_table(("一级指标", C("二级指标三级指标", cols=2), "指标值"), ("产出指标", "数量指标", "甲", "1次"))
    assert rows_of(read(table)) == [("产出指标", "数量指标", "甲", {"full_year": "1次"})]


@pytest.mark.parametrize("mark", ["", "一、", "（二）"])
def test_a_line_above_a_table_of_indicators_tells_their_period(mark: str) -> None:
    table = make_table(HEAD, ("产出指标", "数量指标", "甲", "3套"))
    (record,) = read_all(make_line(TITLE), make_line(f"{mark}长期绩效指标"), table, make_line("年度绩效指标"), table)
    assert [i.targets for i in record.indicators] == [{"whole_project": "3套"}, {"full_year": "3套"}]
    assert not any(f.rule == "unowned" for f in record.findings)


def test_parts_of_a_target_are_those_of_the_rows_above_it() -> None:
    header = ("一级指标", "三级指标", C("指标值", cols=2))
    record = read(make_table(header, ("产出", "甲", "≥", "5件"), ("效益", "乙", "下降", "10%")))
    assert [(i.op, i.targets["full_year"], i.other) for i in record.indicators] == [
        ("≥", "5件", None),
        ("下降", "10%", None),
    ]
