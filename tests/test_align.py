"""Text dumps, whose spans are lost and whose rows are shifted, become the record that the paper prints."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers_dumps import HEAD, REVIEW, TICK, TITLE, WORDS, doubts, dump, money, names, read, read_all, row
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from schemas.families import Family
from schemas.model import Line, Table
from schemas.record import Indicator, Kind

# ── blocks


def test_tabs_make_tables_and_all_else_is_lines() -> None:
    text = dump(TITLE, "(2024年度)", "", row("项目名称", "某项经费"), row("主管部门", "某局"), "注：略。")
    blocks = align_blocks(read_lines(text), WORDS)
    assert [type(b) for b in blocks] == [Line, Line, Table, Line]
    table = blocks[2]
    assert isinstance(table, Table)
    assert not table.ruled
    assert [(c.row, c.col, c.text) for c in table.cells] == [
        (0, 0, "项目名称"),
        (0, 1, "某项经费"),
        (1, 0, "主管部门"),
        (1, 1, "某局"),
    ]


def test_each_text_keeps_its_line_and_column() -> None:
    blocks = align_blocks(read_lines(dump(TITLE, "", row("项目名称", "某项经费"))), WORDS)
    table = blocks[-1]
    assert isinstance(table, Table)
    assert [(c.place.line, c.place.column) for c in table.cells] == [(3, 1), (3, 6)]


def test_every_cell_of_a_table_has_a_place_of_its_own() -> None:
    text = dump(
        row(*HEAD), row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"), row("培训举办次数", "≥", "4", "次")
    )
    (table,) = align_blocks(read_lines(text), WORDS)
    assert isinstance(table, Table)
    covered = [(r, c) for cell in table.cells for r in cell.rows for c in cell.cols]
    assert len(covered) == len(set(covered))
    assert all(r < table.rows and c < table.cols for r, c in covered)


def test_a_label_whose_value_stands_on_the_next_line_is_one_line_with_it() -> None:
    text = dump("填报单位（盖章）：", "某中心", TITLE, row("项目名称", "某项"))
    first = align_blocks(read_lines(text), WORDS)[0]
    assert isinstance(first, Line)
    assert first.text == "填报单位（盖章）： 某中心"


# ── labels and options


def test_labels_options_and_lines_of_a_whole_form() -> None:
    record = read(
        "(2024年度)",
        "",
        "填报单位(盖章): 某中心",
        "",
        row("项目名称", "某项经费", "", "主管部门", "某局"),
        row("项目属性", f"常年安排 {TICK}", "分年安排", "一次性安排", "项目级次", f"市本级 {TICK}"),
        row("项目类别", f"其他运转类 {TICK} 特定目标类", "", "", "", "转移支付"),
        row("开始时间", "2024年1月", "", "完成时间", "2024年12月"),
        row("实施单位:", "某中心", "", "项目负责人/联系电话 张三/0513-87280000"),
        row("立项必要性", "<p>一、甲。</p> <p>二、乙。</p>", "", "", ""),
        row(*HEAD),
        row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
    )
    assert record.title == TITLE
    assert record.year == 2024
    assert record.fields == {
        "reporting_unit": "某中心",
        "project_name": "某项经费",
        "supervising_department": "某局",
        "start_date": "2024-01",
        "end_date": "2024-12",
        "implementing_unit": "某中心",
        "contact_name": "张三",
        "contact_phone": "0513-87280000",
        "necessity": "一、甲。\n二、乙。",
    }
    assert record.choices == {
        "project_attribute": ["常年安排"],
        "project_level": ["市本级"],
        "project_category": ["其他运转类"],
    }
    assert record.findings == []


def test_a_groups_second_row_belongs_to_the_group_above_it() -> None:
    record = read(
        row("项目属性", "常年安排", f"分年安排 {TICK}", "项目级次", "市本级"),
        row("项目类别", f"其他运转类 特定目标类 {TICK}", "", "", f"转移支付 {TICK}"),
        row(*HEAD),
        row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
    )
    assert record.choices == {
        "project_attribute": ["分年安排"],
        "project_level": ["转移支付"],
        "project_category": ["特定目标类"],
    }


# ── money


def test_money_with_its_groups_and_two_sides() -> None:
    record = read(
        row("项目资金(万元)", "收入", "资金来源", "", "全年预算数"),
        row("", "", "资金总额", "", "9"),
        row("", "", "财政拨款", "小计", "", "9"),
        row("", "", "", "一般公共预算资金", "", "9"),
        row("", "", "其他资金", "", ""),
        row("", "支出", "资金分配", "半年计划执行数", "全年预算数"),
        row("", "", "资金总额", "4", "9"),
        row("", "", "某项经费", "", "9"),
        row(*HEAD),
        row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
    )
    assert money(record) == [
        ("income", "资金总额", "full_year_budget", "9"),
        ("income", "财政拨款/小计", "full_year_budget", "9"),
        ("income", "财政拨款/一般公共预算资金", "full_year_budget", "9"),
        ("income", "其他资金", "full_year_budget", None),
        ("expenditure", "资金总额", "half_year_plan", "4"),
        ("expenditure", "资金总额", "full_year_budget", "9"),
        ("expenditure", "某项经费", "half_year_plan", None),
        ("expenditure", "某项经费", "full_year_budget", "9"),
    ]
    assert record.amount_unit == "万元"
    assert record.findings == []


def test_money_rows_shifted_to_the_left_fall_into_place() -> None:
    record = read(
        row("项目资金(万元)", "支出", "资金分配", "半年计划执行数", "全年预算数"),
        row("", "", "资金总额", "4", "9"),
        row("甲经费", "1", "2"),
        row(*HEAD),
        row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
    )
    assert money(record)[2:] == [
        ("expenditure", "甲经费", "half_year_plan", "1"),
        ("expenditure", "甲经费", "full_year_budget", "2"),
    ]


SHIFTED_LINE = (
    row("项目资金(万元)", "收入", "资金来源", "", "全年预算数"),
    row("", "", "财政拨款", "小计", "", "9"),
    row("一般公共预算资金", "9"),
    row("其他资金", "1"),
    row(*HEAD),
    row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
)


def test_a_shifted_line_of_a_group_belongs_to_it_by_its_name() -> None:
    record = read(*SHIFTED_LINE)
    assert [("/".join(f.path), f.amount) for f in record.funds] == [
        ("财政拨款/小计", "9"),
        ("财政拨款/一般公共预算资金", "9"),
        ("其他资金", "1"),
    ]


def test_a_line_put_into_a_group_by_its_name_is_said() -> None:
    record = read(*SHIFTED_LINE)
    assert ("inferred", "/funds/1/path") in doubts(record)


def test_headers_whose_amounts_the_dump_lost_are_lines_with_lost_amounts() -> None:
    record = read(
        row("总体资金情况(万元)", "", "预算支出总额", "基本支出", "", "项目支出", ""),
        row("", "", "", "合计", "财政拨款", "合计", "财政拨款"),
        row("整体绩效目标", "做好。"),
        row(*HEAD),
        row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
    )
    assert [("/".join(f.path), f.amount) for f in record.funds] == [
        ("预算支出总额", None),
        ("基本支出/合计", None),
        ("基本支出/财政拨款", None),
        ("项目支出/合计", None),
        ("项目支出/财政拨款", None),
    ]
    assert doubts(record) == [("lost", f"/funds/{n}") for n in range(5)]
    assert record.fields == {"overall_goal": "做好。"}


def test_where_the_dumps_columns_belie_the_family_its_lines_are_put_right_and_said() -> None:
    family = Family(
        id="mine",
        kind=Kind.PROJECT_TARGET,
        issuer="某局",
        years="2024",
        about="made for a test",
        title=TITLE,
        fiscal_children=["小计", "一般公共预算资金"],
    )
    record = read(
        row("项目资金(万元)", "收入", "资金来源", "", "全年预算数"),
        row("", "", "财政拨款", "小计", "", "9"),
        row("", "", "", "上年结转资金", "", "9"),
        row(*HEAD),
        row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
        families=[family],
    )
    assert [f.path for f in record.funds] == [["财政拨款", "小计"], ["上年结转资金"]]
    assert doubts(record) == [("inferred", "/funds/1/path")]


# ── indicators


SECTION = (
    HEAD,
    ("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
    ("", "", "培训举办次数", "≥", "4", "次"),
    ("", "质量指标", "培训考核合格率", "≥", "95", "%"),
    ("效益指标", "社会效益指标", "政策公众知晓率", "定性", "明显提高", "其他"),
    ("", "", "服务企业满意率", "=", "90", "%"),
)


def indicators(rows: Sequence[Sequence[str]]) -> list[Indicator]:
    return read(*(row(*r) for r in rows)).indicators


def test_a_section_whose_rows_stand_below_their_headers() -> None:
    record = read(*(row(*r) for r in SECTION))
    assert record.columns == ["level1", "level2", "level3", "op", "targets.full_year", "unit"]
    assert names(record) == [
        ("产出指标", "数量指标", "培训参加人数"),
        ("产出指标", "数量指标", "培训举办次数"),
        ("产出指标", "质量指标", "培训考核合格率"),
        ("效益指标", "社会效益指标", "政策公众知晓率"),
        ("效益指标", "社会效益指标", "服务企业满意率"),
    ]
    assert [(i.op, i.targets["full_year"], i.unit) for i in record.indicators][::3] == [
        ("≥", "100", "人"),
        ("定性", "明显提高", "其他"),
    ]
    assert record.findings == []


@pytest.mark.parametrize("cut", [1, 2])
def test_rows_shifted_to_the_left_after_a_page_break_fall_into_place(cut: int) -> None:
    rows = [*(row(*r) for r in SECTION[:2]), "", row(*SECTION[2][cut:]), row(*SECTION[3][min(cut, 1) :])]
    record = read(*rows)
    assert names(record) == [
        ("产出指标", "数量指标", "培训参加人数"),
        ("产出指标", "数量指标", "培训举办次数"),
        ("产出指标", "质量指标", "培训考核合格率"),
    ]
    assert [i.targets["full_year"] for i in record.indicators] == ["100", "4", "95"]
    assert doubts(record) == [
        ("inferred", "/indicators/1/level1"),
        ("inferred", "/indicators/1/level2"),
        ("inferred", "/indicators/2/level1"),
    ]


def test_level_names_that_moved_below_a_page_break_count_above_it() -> None:
    head = ("一级指标", "二级指标", "三级指标", "指标值")
    record = read(
        row(*head),
        row("", "", "培训参加人数", "≥100人"),
        "",
        row("产出指标", "数量指标", "培训举办次数", "≥4次"),
        row("效益指标", "社会效益指标", "政策公众知晓率", "≥90%"),
    )
    assert names(record) == [
        ("产出指标", "数量指标", "培训参加人数"),
        ("产出指标", "数量指标", "培训举办次数"),
        ("效益指标", "社会效益指标", "政策公众知晓率"),
    ]
    assert doubts(record) == [("inferred", "/indicators/0/level1"), ("inferred", "/indicators/0/level2")]


def test_a_level_2_that_a_page_break_lost_is_taken_from_the_framework_and_said() -> None:
    head = ("一级指标", "二级指标", "三级指标", "指标值")
    record = read(
        row(*head),
        row("过程指标", "预算编制", "预算编制科学性", "合理"),
        "",
        row("", "", "预算调整率", "≤5%"),
        title="某市部门整体支出绩效目标表",
    )
    assert [i.level2 for i in record.indicators] == ["预算编制", "预算执行"]
    (finding,) = [f for f in record.findings if f.where == "/indicators/1/level2"]
    assert finding.rule == "inferred"
    assert "framework" in finding.message


def test_a_column_that_the_dump_cut_off_is_lost_not_blank() -> None:
    head = ("一级指标", "二级指标", "三级指标", "半年指标值", "全年指标值")
    record = read(
        row(*head),
        row("产出指标", "数量指标", "培训参加人数", "≥50人", "≥100人"),
        row("", "", "培训举办次数", "≥2次"),
        row("", "", "培训覆盖企业数", "", "≥9家"),
    )
    assert [i.targets for i in record.indicators] == [
        {"half_year": "≥50人", "full_year": "≥100人"},
        {"half_year": "≥2次", "full_year": None},
        {"half_year": None, "full_year": "≥9家"},
    ]
    assert doubts(record) == [("lost", "/indicators/1/targets/full_year")]


def test_a_header_in_mid_table_gives_new_roles_from_there_on() -> None:
    first = ("一级指标", "二级指标", "三级指标", "半年指标值", "全年指标值")
    record = read(
        row(*first),
        row("产出指标", "数量指标", "培训参加人数", "≥50人", "≥100人"),
        row("一级指标", "重点工作", "对应项目", "三级指标", "半年指标值", "全年指标值"),
        row("履职指标", "党建工作", "对应项目：党建经费", "活动开展次数", "≥1次", "≥2次"),
        row("", "", "", "活动参加人数", "≥10人", "≥20人"),
        row(*first),
        row("满意度指标", "服务对象满意度", "办事群众满意度", "≥95%", "≥95%"),
    )
    assert [(i.level1, i.level2, i.focus_work, i.linked_project, i.level3) for i in record.indicators] == [
        ("产出指标", "数量指标", None, None, "培训参加人数"),
        ("履职指标", None, "党建工作", "党建经费", "活动开展次数"),
        ("履职指标", None, "党建工作", "党建经费", "活动参加人数"),
        ("满意度指标", "服务对象满意度", None, None, "办事群众满意度"),
    ]
    assert {"focus_work", "linked_project"} < set(record.columns)


def test_a_total_row_gives_points_and_score_and_level_names_their_points() -> None:
    record = read(
        row("一级指标", "二级指标", "三级指标", "目标值", "实际完成值", "分值", "得分", "备注"),
        row("决策(10)", "预算编制(10)", "预算编制科学性", "合理", "合理", "10", "10", "无"),
        row("过程(20)", "预算执行(20)", "预算资金执行率", "100%", "98%", "20", "19"),
        row("合计", "", "", "", "", "30", "29"),
        title=REVIEW,
    )
    assert (record.fields["total_weight"], record.fields["total_score"]) == ("30", "29")
    assert [i.level_points for i in record.indicators] == [
        {"level1": "10", "level2": "10"},
        {"level1": "20", "level2": "20"},
    ]
    second = record.indicators[1]
    assert (second.targets["full_year"], second.actual, second.weights, second.score, second.note) == (
        "100%",
        "98%",
        {"full_year": "20"},
        "19",
        None,
    )
    assert doubts(record) == [("lost", "/indicators/1/note")]


@pytest.mark.parametrize(
    "total", [("合计", "30", "29"), ("合计", "", "30", "29"), ("合计", "", "", "", "30", "", "29")]
)
def test_a_total_row_may_be_shifted(total: Sequence[str]) -> None:
    record = read(
        row("一级指标", "二级指标", "三级指标", "目标值", "实际完成值", "分值", "得分"),
        row("决策(30)", "预算编制(30)", "预算编制科学性", "合理", "合理", "30", "29"),
        row(*total),
        title=REVIEW,
    )
    assert (record.fields["total_weight"], record.fields["total_score"]) == ("30", "29")
    assert len(record.indicators) == 1


def test_rows_that_print_no_indicator_are_none() -> None:
    record = read(
        row(*HEAD),
        row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
        row("", "质量指标", "", "", "", ""),
        row("", "", "……", "", "", ""),
        row("效益指标", "社会效益指标", "政策公众知晓率", "≥", "90", "%"),
    )
    assert [i.level3 for i in record.indicators] == ["培训参加人数", "政策公众知晓率"]


def test_a_row_of_more_texts_than_columns_is_doubted() -> None:
    head = ("一级指标", "二级指标", "三级指标", "指标值", "备注")
    record = read(
        row(*head),
        row("产出指标", "数量指标", "培训参加人数", "≥100人", ""),
        row("效益指标", "社会效益指标", "政策公众知晓率", "≥90%", "甲", "乙", "丙"),
    )
    assert any(f.where.startswith("/indicators/1") for f in record.findings)


def test_two_forms_of_one_dump_are_two_records() -> None:
    one = [TITLE, row("项目名称", "甲项目"), row(*HEAD), row(*SECTION[1])]
    two = [TITLE, row("项目名称", "乙项目"), row(*HEAD), row(*SECTION[4])]
    records = read_all(dump(*one, "", *two))
    assert [r.fields["project_name"] for r in records] == ["甲项目", "乙项目"]
    assert [names(r) for r in records] == [
        [("产出指标", "数量指标", "培训参加人数")],
        [("效益指标", "社会效益指标", "政策公众知晓率")],
    ]
    assert [r.source.form for r in records] == [0, 1]
    assert [r.source.pages for r in records] == [[], []]


SHIFTS = st.lists(st.integers(-2, 3), min_size=len(SECTION) - 1, max_size=len(SECTION) - 1)


@settings(deadline=None, derandomize=True)
@given(SHIFTS)
def test_shifting_every_row_leaves_the_indicators_the_same(shifts: list[int]) -> None:
    """Rows lose tabs before their first text, or gain some."""
    shifted: list[Sequence[str]] = [SECTION[0]]
    for cells, shift in zip(SECTION[1:], shifts, strict=True):
        blanks = next(i for i, text in enumerate(cells) if text)
        shifted.append(("",) * shift + cells if shift >= 0 else cells[min(-shift, blanks) :])
    assert indicators(shifted) == indicators(SECTION)


@pytest.mark.parametrize("amounts", [("", ""), ("5", ""), ("", "8"), ("5", "8")])
def test_lines_below_a_total_stay_lines_where_their_amounts_are_blank(amounts: tuple[str, str]) -> None:
    record = read(
        "资金名称\t\t良种推广补助资金\t\t\t",
        "资金情况\t\t年度金额（元）：\t\t1889\t",
        f"\t\t其中：中央补助（元）\t\t{amounts[0]}\t",
        f"\t\t地方资金（元）\t\t{amounts[1]}\t",
        "年度目标\t\t做好推广。\t\t\t",
        "绩效指标\t一级指标\t二级指标\t三级指标\t单位\t指标值",
        "\t产出指标\t数量指标\t推广面积\t亩\t100",
    )
    read_amounts = [(fund.path[-1], fund.amount) for fund in record.funds]
    assert read_amounts == [("年度金额", "1889"), ("中央补助", amounts[0] or None), ("地方资金", amounts[1] or None)]
