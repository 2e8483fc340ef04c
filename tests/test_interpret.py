"""From tables made by hand to records: fields, choices, money, tasks, indicators, and what no field owns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from extractors.tables.hierarchy import Level, memberships
from pipeline.reading.forms import Form, split_forms, title_of
from pipeline.reading.interpret.form import Identity, identify, read_form
from schemas.families import Family
from schemas.language.vocabulary import load_words
from schemas.model import Block, Box, Cell, Document, Line, Place, Reader, Table
from schemas.record import Fund, Kind, Record, Verdict

WORDS = load_words()
TITLE = "某市项目支出绩效目标表"
WHOLE = "某市部门整体支出绩效目标表"


@dataclass(frozen=True)
class C:
    """A merged cell: its text, the rows and the columns that it spans."""

    text: str
    rows: int = 1
    cols: int = 1


def make_table(*rows: Sequence[str | C], breaks: tuple[int, ...] = (), ruled: bool = True) -> Table:
    """A table laid out as HTML lays one out: each cell takes the next free place of its row."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        col = 0
        for item in row:
            cell = item if isinstance(item, C) else C(item)
            while (r, col) in taken:
                col += 1
            taken |= {(r + i, col + j) for i in range(cell.rows) for j in range(cell.cols)}
            box = Box(100.0 * col, 20.0 * r, 100.0 * (col + cell.cols), 20.0 * (r + cell.rows))
            place = Place(page=1, box=box)
            lines = (Line(cell.text, place),) if cell.text else ()
            cells.append(Cell(r, col, cell.rows, cell.cols, cell.text, lines, ((r, place),)))
    height = max(r for r, _ in taken) + 1
    width = max(c for _, c in taken) + 1
    assert len(taken) == height * width, "the rows of a hand-made table must fill it"
    return Table(height, width, tuple(cells), (1,) * height, breaks, ruled)


def make_line(text: str, gaps: tuple[int, ...] = ()) -> Line:
    return Line(text, Place(page=1, box=Box(0, 0, 10, 10)), gaps=gaps)


def read(*blocks: Block | str, title: str | None = TITLE, families: Sequence[Family] = ()) -> Record:
    """The record of one form: its title, lines and tables."""
    shown = [make_line(b) if isinstance(b, str) else b for b in blocks]
    lines: list[Line | tuple[int, Table]] = []
    number = 0
    for block in shown:
        if isinstance(block, Table):
            lines.append((number, block))
            number += 1
        else:
            lines.append(block)
    form = Form(make_line(title) if title else None, tuple(lines))
    document = Document("a.pdf", "0" * 64, Reader.TEXT_LAYER, 1, tuple(shown))
    return read_form(form, 0, document, identify(form, families), WORDS).record


def fields(*rows: Sequence[str | C], ruled: bool = True) -> dict[str, str | None]:
    return read(make_table(*rows, ruled=ruled)).fields


def doubts(record: Record) -> list[tuple[str, str]]:
    """(rule, where) of the findings."""
    return [(f.rule, f.where) for f in record.findings]


# ── labels and values


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


# ── options


def test_ticked_options_in_printed_order() -> None:
    record = read(make_table(("项目属性", "□常年安排 ☑分年安排 ☑一次性安排"), ("项目类别", "☑其他运转类 □特定目标类")))
    assert record.choices == {
        "project_attribute": ["分年安排", "一次性安排"],
        "project_category": ["其他运转类"],
    }
    assert record.fields == {}


def test_an_option_group_with_nothing_ticked_is_empty_not_absent() -> None:
    record = read(make_table(("项目属性", "□常年安排 □分年安排"), ("项目名称", "某项")))
    assert record.choices == {"project_attribute": []}


def test_options_run_over_cells_and_rows() -> None:
    record = read(
        make_table(
            ("项目属性", "常年安排☑", "分年安排□", C("项目级次", rows=2), "市本级□"),
            ("项目类别", "其他运转类□", "特定目标类☑", "转移支付☑"),
        )
    )
    assert record.choices == {
        "project_attribute": ["常年安排"],
        "project_level": ["转移支付"],
        "project_category": ["特定目标类"],
    }


def test_a_group_that_the_vocabulary_does_not_know_is_kept_by_its_label() -> None:
    record = read(make_table(("项目名称", "某项"), ("资金投向", "□民生 ☑产业")))
    assert record.choices == {"资金投向": ["产业"]}


# ── money


def money(record: Record) -> list[tuple[str, str, str, str | None]]:
    """(side, path, column, amount) of the money cells."""
    return [(f.side, "/".join(f.path), f.column, f.amount) for f in record.funds]


def test_two_sides_with_fiscal_money_and_its_kinds() -> None:
    record = read(
        make_table(
            (C("项目资金(万元)", rows=8), C("收入", rows=5), C("资金来源", cols=2), C("全年预算数", cols=2)),
            (C("资金总额", cols=2), C("1,009", cols=2)),
            (C("财政拨款", rows=2), "小计", C("1009.0", cols=2)),
            ("一般公共预算资金", C("", cols=2)),
            (C("其他资金", cols=2), C("/", cols=2)),
            (C("支出", rows=3), C("资金分配", cols=2), "半年计划执行数", "全年预算数"),
            (C("资金总额", cols=2), "4", "9"),
            (C("人员经费", cols=2), "", "9"),
        )
    )
    assert money(record) == [
        ("income", "资金总额", "full_year_budget", "1009"),
        ("income", "财政拨款/小计", "full_year_budget", "1009.0"),
        ("income", "财政拨款/一般公共预算资金", "full_year_budget", None),
        ("income", "其他资金", "full_year_budget", "/"),
        ("expenditure", "资金总额", "half_year_plan", "4"),
        ("expenditure", "资金总额", "full_year_budget", "9"),
        ("expenditure", "人员经费", "half_year_plan", None),
        ("expenditure", "人员经费", "full_year_budget", "9"),
    ]
    assert record.funds[0] == Fund(
        side="income", path=["资金总额"], column="full_year_budget", amount="1009", raw="1,009"
    )
    assert record.amount_unit == "万元"
    assert record.findings == []


def test_lines_below_fiscal_money_without_merged_cells_are_its_kinds() -> None:
    record = read(
        make_table(
            (C("部门整体资金（元）", rows=6), "资金来源", "全年预算数"),
            ("资金总额", "10"),
            ("财政拨款", "10"),
            ("一般公共预算资金", "8"),
            ("政府性基金预算", "2"),
            ("上年结转资金", "0"),
        )
    )
    assert [f.path for f in record.funds] == [
        ["资金总额"],
        ["财政拨款"],
        ["财政拨款", "一般公共预算资金"],
        ["财政拨款", "政府性基金预算"],
        ["上年结转资金"],
    ]
    assert record.amount_unit == "元"


def test_lines_below_project_expenditure_are_its_children_to_the_end() -> None:
    record = read(
        make_table(
            (C("部门整体资金（万元）", rows=5), C("支出", rows=5), "支出情况", "全年预算数"),
            ("基本支出", "2"),
            ("项目支出", "3"),
            ("甲经费", "1"),
            ("乙经费", "2"),
        )
    )
    assert [f.path for f in record.funds] == [
        ["基本支出"],
        ["项目支出"],
        ["项目支出", "甲经费"],
        ["项目支出", "乙经费"],
    ]
    assert {f.side for f in record.funds} == {"expenditure"}


@pytest.mark.parametrize("first", ["其中：中央补助", "其中:中央补助", "其中： 中央补助"])
def test_from_of_which_on_all_lines_are_children(first: str) -> None:
    record = read(
        make_table(
            (C("资金情况（万元）", rows=3), "年度金额：", "397"),
            (first, "300"),
            ("地方资金", "97"),
        )
    )
    assert money(record) == [
        ("income", "年度金额", "full_year_budget", "397"),
        ("income", "年度金额/中央补助", "full_year_budget", "300"),
        ("income", "年度金额/地方资金", "full_year_budget", "97"),
    ]


def test_a_review_prints_several_columns() -> None:
    record = read(
        make_table(
            (C("项目资金（万元）", rows=3), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
            ("年度资金总额", "10", "8", "6", "10", "75%", "7.5"),
            ("其中：财政拨款", "10", "8", "6", "—", "75%", "—"),
        ),
        title="项目支出绩效自评表",
    )
    columns = ["initial_budget", "full_year_budget", "actual", "weight", "execution_rate", "score"]
    assert [f.column for f in record.funds] == columns * 2
    assert [f.amount for f in record.funds] == ["10", "8", "6", "10", "75", "7.5", "10", "8", "6", "—", "75", "—"]
    assert record.funds[6].path == ["年度资金总额", "财政拨款"]


def test_a_matrix_of_kinds_makes_each_kind_a_child_of_its_line() -> None:
    record = read(
        make_table(
            (C("部门预算（元）", rows=3), "资金类别", "一般公共预算", "单位资金"),
            ("基本支出", "100", "20"),
            ("项目支出", "50", ""),
        )
    )
    assert money(record) == [
        ("expenditure", "基本支出/一般公共预算", "full_year_budget", "100"),
        ("expenditure", "基本支出/单位资金", "full_year_budget", "20"),
        ("expenditure", "项目支出/一般公共预算", "full_year_budget", "50"),
        ("expenditure", "项目支出/单位资金", "full_year_budget", None),
    ]


def test_a_tree_of_headers_over_one_row_of_amounts() -> None:
    record = read(
        make_table(
            (
                C("总体资金情况（万元）", rows=3),
                C("预算支出总额", rows=2),
                C("基本支出", cols=2),
                C("项目支出", cols=2),
            ),
            ("合计", "财政拨款", "合计", "财政拨款"),
            ("30", "10", "10", "20", "20"),
        )
    )
    assert [("/".join(f.path), f.amount) for f in record.funds] == [
        ("预算支出总额", "30"),
        ("基本支出/合计", "10"),
        ("基本支出/财政拨款", "10"),
        ("项目支出/合计", "20"),
        ("项目支出/财政拨款", "20"),
    ]
    assert {f.side for f in record.funds} == {"expenditure"}


def test_an_amount_beside_its_label_in_one_cell() -> None:
    record = read(make_table(("项目总额：2.00 万元",), ("其中：财政资金：1.50 万元",), ("社会资金：0.50 万元",)))
    assert [("/".join(f.path), f.amount, f.raw) for f in record.funds] == [
        ("项目总额", "2.00", "2.00 万元"),
        ("项目总额/财政资金", "1.50", "1.50 万元"),
        ("项目总额/社会资金", "0.50", "0.50 万元"),
    ]
    assert record.amount_unit == "万元"


def test_a_part_in_one_cell_below_a_total_in_two_is_its_child() -> None:
    record = read(make_table(("项目总额：", "2.00 万元"), ("其中：财政资金：1.50 万元", "")))
    assert [f.path for f in record.funds] == [["项目总额"], ["项目总额", "财政资金"]]


def test_an_amount_that_cannot_be_read_is_null_with_a_finding() -> None:
    record = read(
        make_table(
            (C("项目资金（万元）", rows=3), "资金来源", "全年预算数"),
            ("资金总额", "1.2.3"),
            ("财政拨款", "5"),
        )
    )
    assert [(f.amount, f.raw) for f in record.funds] == [(None, "1.2.3"), ("5", "5")]
    assert doubts(record) == [("unreadable", "/funds/0")]


# ── tasks


def test_tasks_of_the_year() -> None:
    record = read(
        make_table(
            (C("年度主要任务", rows=3), "任务名称", "主要内容"),
            ("甲任务", "做甲。"),
            ("乙任务", ""),
            ("整体绩效目标", C("做好。", cols=2)),
        ),
        title=WHOLE,
    )
    assert record.tasks == [{"name": "甲任务", "content": "做甲。"}, {"name": "乙任务", "content": None}]
    assert record.fields == {"overall_goal": "做好。"}
    assert record.findings == []


# ── indicators


def indicator_table(*rows: Sequence[str | C], breaks: tuple[int, ...] = ()) -> Table:
    return make_table(("一级指标", "二级指标", "三级指标", "指标值", "备注"), *rows, breaks=breaks)


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


# ── what nothing owns, what is a form


def test_text_that_no_field_owns_is_a_finding_that_says_where() -> None:
    stray = make_line("盖章处")
    record = read(stray, make_table(("项目名称", "某项", "主管部门", "某局"), (C("甲乙丙。", cols=4),)))
    found = [(f.rule, f.printed) for f in record.findings]
    assert found == [("unowned", "盖章处"), ("unowned", "甲乙丙。")]
    assert "table 1, row 2, column 1" in record.findings[1].message


def test_a_form_whose_title_is_not_printed_says_so() -> None:
    record = read(indicator_table(("产出", "数量", "甲", "1次", "")), title=None)
    assert record.title is None
    assert ("inferred", "/title") in doubts(record)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某市部门整体支出绩效目标表", Kind.DEPARTMENT_TARGET),
        ("某市项目支出绩效目标申报表", Kind.PROJECT_TARGET),
        ("部门整体支出绩效自评表", Kind.DEPARTMENT_REVIEW),
        ("部门预算项目绩效自评表", Kind.PROJECT_REVIEW),
    ],
)
def test_the_kind_of_a_generic_form_is_told_by_its_title(title: str, kind: Kind) -> None:
    record = read(make_table(("项目名称", "某项")), title=title)
    assert (record.family, record.kind) == ("generic", kind)


def test_a_family_gives_its_kind_and_the_fields_that_it_always_prints() -> None:
    family = Family(
        id="mine",
        kind=Kind.DEPARTMENT_REVIEW,
        issuer="某局",
        years="2024",
        about="made for a test",
        title=TITLE,
        labels=["项目名称"],
        prints=["project_name", "necessity"],
    )
    record = read(make_table(("项目名称：", "某项")), families=[family])
    assert (record.family, record.kind) == ("mine", Kind.DEPARTMENT_REVIEW)
    assert record.fields == {"project_name": "某项", "necessity": None}
    assert doubts(record) == [("lost", "/fields/necessity")]


def test_titles_part_a_document_into_forms_and_prose_is_none() -> None:
    one = indicator_table(("产出", "数量", "甲", "1次", ""))
    two = indicator_table(("效益", "社会效益", "乙", "2次", ""))
    other = make_table(("科目", "金额"), ("公务接待费", "1"))
    blocks: list[Block] = [
        make_line("目录"),
        other,
        make_line("(2024年度)某市项目支出绩效目标表"),
        one,
        make_line("某市部门整体支出绩效目标表（2024年度）"),
        two,
    ]
    forms = split_forms(blocks, WORDS)
    assert [f.title.text for f in forms if f.title] == [
        "(2024年度)某市项目支出绩效目标表",
        "某市部门整体支出绩效目标表（2024年度）",
    ]
    assert [title_of(f.title.text) for f in forms if f.title] == [TITLE, WHOLE]
    assert [[i for i, _ in f.tables] for f in forms] == [[1], [2]]


def test_a_title_in_a_row_of_its_own_cuts_the_table() -> None:
    head = ("一级指标", "二级指标", "三级指标", "指标值")
    table = make_table(
        (C(TITLE, cols=4),), head, ("产出", "数量", "甲", "1"), (C(WHOLE, cols=4),), head, ("产出", "数量", "乙", "2")
    )
    forms = split_forms([table], WORDS)
    assert [f.title.text for f in forms if f.title] == [TITLE, WHOLE]
    document = Document("a.pdf", "0" * 64, Reader.TEXT_LAYER, 1, (table,))
    records = [
        read_form(f, n, document, Identity(None, None, identify(f, []).match), WORDS).record
        for n, f in enumerate(forms)
    ]
    assert [[i.level3 for i in r.indicators] for r in records] == [["甲"], ["乙"]]


# ── levels over page breaks


def levels_of(table: Table, *columns: int, named: bool = True) -> list[list[tuple[str | None, bool]]]:
    """For each level the (name, whether it was carried) of every row."""
    at = {(r, c): cell for cell in table.cells for r in cell.rows for c in cell.cols}
    rows = range(table.rows)
    levels = [Level({r: at[r, col] for r in rows}, named) for col in columns]
    found = memberships(table, rows, levels)
    return [[(m.cell.text if m.cell else None, m.carried is not None) for m in level] for level in found]


def test_a_merged_cell_names_all_its_rows() -> None:
    table = make_table((C("产出", rows=2), "甲"), ("乙",), ("效益", "丙"))
    assert levels_of(table, 0) == [[("产出", False), ("产出", False), ("效益", False)]]


def test_a_blank_at_the_top_of_a_page_goes_on_from_above() -> None:
    table = make_table(("产出", "甲"), ("", "乙"), ("效益", "丙"), breaks=(1,))
    assert levels_of(table, 0) == [[("产出", False), ("产出", True), ("效益", False)]]


def test_a_name_that_moved_below_the_break_counts_above_it() -> None:
    table = make_table(("", "甲"), ("产出", "乙"), breaks=(1,))
    assert levels_of(table, 0) == [[("产出", True), ("产出", False)]]


def test_a_name_is_not_carried_up_where_no_break_stands_between() -> None:
    assert levels_of(make_table(("", "甲"), ("产出", "乙")), 0) == [[(None, False), ("产出", False)]]


def test_a_level_needs_a_name_but_a_column_of_its_own_may_be_blank() -> None:
    table = make_table(("产出", "甲"), ("", "乙"))
    assert levels_of(table, 0) == [[("产出", False), ("产出", True)]]
    assert levels_of(table, 0, named=False) == [[("产出", False), (None, False)]]


def test_nothing_is_carried_into_a_group_that_begins_anew() -> None:
    table = make_table(("产出", "数量", "甲"), ("效益", "", "乙"), breaks=(1,))
    assert levels_of(table, 0, 1)[1] == [("数量", False), (None, False)]


def test_a_cell_cut_by_a_break_is_carried_to_its_other_part() -> None:
    place = [Place(page=n, box=Box(0, 0, 10, 10)) for n in (1, 2)]
    name = Cell(0, 0, 2, 1, "产出", (Line("产出", place[1]),), ((0, place[0]), (1, place[1])), text_part=1)
    table = Table(2, 1, (name,), (1, 2), (1,))
    upper, lower = memberships(table, [0, 1], [Level({0: name, 1: name})])[0]
    assert upper.carried is not None
    assert "page 2" in upper.carried
    assert lower.carried is None


def test_blank_sub_columns_beside_a_name_in_doubt_behind_a_page_break_are_doubted_too() -> None:
    table = make_table(
        ("一级指标", C("二级指标", cols=3), "三级指标", "指标值"),
        (C("履职", rows=3), "负责某项", "某工作", "某经费", "甲", "1次"),
        (C("工作", rows=2), C("", rows=2), C("", rows=2), "乙", "2次"),
        ("丙", "3次"),
        breaks=(2,),
    )
    parts = ("focus_work", "linked_project")
    where = {("inferred", f"/indicators/{i}/{role}") for i in (1, 2) for role in parts}
    assert not where & set(doubts(read(table)))
    cut = tuple(replace(c, inferred="may be one text") if c.text == "工作" else c for c in table.cells)
    assert where <= set(doubts(read(replace(table, cells=cut))))


def test_a_level_name_that_only_both_sides_of_a_page_break_make_is_one() -> None:
    record = read(
        make_table(
            ("一级指标", "二级指标", "三级指标", "指标值"),
            (C("产出", 1), "数量", "巡查次数", "≥3次"),
            ("效益指", "经济效益", "增收人数", "≥4人"),
            (C("标(7)", 2), "社会效益", "受益人数", "≥5人"),
            ("生态效益", "复绿面积", "≥6亩"),
            breaks=(3,),
        )
    )
    assert [i.level1 for i in record.indicators] == ["产出", "效益指标", "效益指标", "效益指标"]
    assert [i.level_points for i in record.indicators] == [None] + [{"level1": "7"}] * 3
    assert {w for _, w in doubts(record)} >= {f"/indicators/{n}/level1" for n in (1, 2, 3)}
    assert not any(f.rule == "unowned" for f in record.findings)


def test_whole_level_names_on_both_sides_of_a_page_break_stay_two() -> None:
    record = read(
        make_table(
            ("一级指标", "二级指标", "三级指标", "指标值"),
            ("产出", "数量", "巡查次数", "≥3次"),
            ("效益", "经济效益", "增收人数", "≥4人"),
            breaks=(2,),
        )
    )
    assert [i.level1 for i in record.indicators] == ["产出", "效益"]


def test_a_line_of_money_beside_another_label_is_money_in_its_unit() -> None:
    record = read(make_table(("实施单位", "某站", "年度资金总额（万元）", "48.60"), ("主管部门", C("某局", cols=3))))
    assert [(f.path, f.amount) for f in record.funds] == [(["年度资金总额"], "48.60")]
    assert record.amount_unit == "万元"
    assert record.fields == {"implementing_unit": "某站", "supervising_department": "某局"}


def test_a_label_that_ends_like_money_keeps_a_text_that_is_none() -> None:
    assert fields(("实施单位", "某站", "是否涉及专项资金", "否"))["是否涉及专项资金"] == "否"


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


@pytest.mark.parametrize("left", ["绩效目标", "总体目标", "目标情况", "年度绩效目标"])
@pytest.mark.parametrize("whole", ["项目总目标", "三年总目标", "中长期工作目标"])
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
