"""Text dumps, whose spans are lost and whose rows are shifted, become the record that the paper prints."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from pipeline.reading.forms import split_forms
from pipeline.reading.interpret.form import identify, read_form
from schemas.families import Family
from schemas.language.vocabulary import load_words
from schemas.model import Document, Line, Reader, Table
from schemas.record import Indicator, Kind, Record

WORDS = load_words()
TITLE = "某市项目支出绩效目标表"
REVIEW = "某市项目支出绩效自评表"
TICK = '<input checked="" type="checkbox"/>'
HEAD = ("一级指标", "二级指标", "三级指标", "计算符号", "指标值", "度量单位")


def known_bug(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(raises=AssertionError, strict=True, reason=reason)


def row(*cells: str) -> str:
    return "\t".join(cells)


def dump(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def read_all(text: str, families: Sequence[Family] = ()) -> list[Record]:
    """The records of a dump."""
    blocks = align_blocks(read_lines(text), WORDS)
    document = Document("a.txt", "0" * 64, Reader.DUMP, 0, blocks)
    forms = split_forms(blocks, WORDS)
    return [read_form(f, n, document, identify(f, families), WORDS).record for n, f in enumerate(forms)]


def read(*lines: str, title: str = TITLE, families: Sequence[Family] = ()) -> Record:
    """The record of a dump of one form: its title, then these lines."""
    (record,) = read_all(dump(title, *lines), families)
    return record


def names(record: Record) -> list[tuple[str | None, str | None, str | None]]:
    return [(i.level1, i.level2, i.level3) for i in record.indicators]


def money(record: Record) -> list[tuple[str, str, str, str | None]]:
    """(side, path, column, amount) of the money cells."""
    return [(f.side, "/".join(f.path), f.column, f.amount) for f in record.funds]


def doubts(record: Record) -> list[tuple[str, str]]:
    return [(f.rule, f.where) for f in record.findings]


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


# ── dumps without tabs


FLAT = """某市部门整体支出绩效自评价表
（2024 年）

单位名称 某市某中心

主要职能

（1）贯彻执行有关的法律、法规和方针政策，参与拟定有关的政策、管理办法和年度工作计划，

并组织实施。

（2）负责登记。

一级指标 二级指标 三级指标 指标值 实际完
成值 分值 得分

决策(10) 预算编制(10) 预算编制
科学性 100% 100% 10 10

过程(20) 预算执行(20) 预算资金
执行率 ≥100% 98% 20 19

合计 30 29

绩效等级 优

存在问题

一是不够。
"""


def test_a_flat_dump_with_cells_broken_over_lines() -> None:
    (record,) = read_all(FLAT)
    assert record.title == "某市部门整体支出绩效自评价表"
    assert record.year == 2024
    assert record.columns == ["level1", "level2", "level3", "targets.full_year", "actual", "weights.full_year", "score"]
    assert [(i.level1, i.level2, i.level3, i.actual, i.score) for i in record.indicators] == [
        ("决策", "预算编制", "预算编制科学性", "100%", "10"),
        ("过程", "预算执行", "预算资金执行率", "98%", "19"),
    ]
    assert [i.targets for i in record.indicators] == [{"full_year": "100%"}, {"full_year": "≥100%"}]
    assert record.fields == {
        "reporting_unit": "某市某中心",
        "main_functions": "（1）贯彻执行有关的法律、法规和方针政策，参与拟定有关的政策、管理办法和年度工作计划，"
        "并组织实施。\n（2）负责登记。",
        "total_weight": "30",
        "total_score": "29",
        "grade": "优",
        "problems": "一是不够。",
    }


def test_a_flat_money_block_with_two_columns() -> None:
    text = dump(
        TITLE,
        "项目名称 某项经费",
        "项目资金（万元）",
        "半年计划执行数 全年预算数",
        "资金总额 4 9",
        "甲经费 4 9",
        "立项必要性 必要。",
    )
    (record,) = read_all(text + dump("一级指标 二级指标 三级指标 指标值", "产出指标 数量指标 培训参加人数 ≥100人"))
    assert record.fields == {"project_name": "某项经费", "necessity": "必要。"}
    assert [(f.path, f.column, f.amount) for f in record.funds] == [
        (["资金总额"], "half_year_plan", "4"),
        (["资金总额"], "full_year_budget", "9"),
        (["甲经费"], "half_year_plan", "4"),
        (["甲经费"], "full_year_budget", "9"),
    ]
    assert record.amount_unit == "万元"


FLAT_SECTION = dump("立项必要性 必要。", "一级指标 二级指标 三级指标 指标值", "产出指标 数量指标 培训参加人数 ≥100人")


def test_a_flat_money_block_with_one_column_is_not_the_value_above_it() -> None:
    (record,) = read_all(
        dump(TITLE, "项目名称 某项经费", "项目资金（万元）", "资金来源 全年预算数", "资金总额 9") + FLAT_SECTION
    )
    assert record.fields["project_name"] == "某项经费"


def test_a_flat_money_line_with_fewer_amounts_than_columns_is_doubted() -> None:
    (record,) = read_all(
        dump(TITLE, "项目名称 某项经费", "项目资金（万元）", "半年计划执行数 全年预算数", "资金总额 4 9", "甲经费 9")
        + FLAT_SECTION
    )
    assert any(f.where.startswith(("/funds/2", "/funds/3")) for f in record.findings)


def test_amounts_below_names_side_by_side_stand_under_their_columns() -> None:
    text = (
        "部门整体支出绩效目标申报表\n"
        "总体资金情况(万元)\t\t预算支出总额\t基本支出\t\t项目支出\t\n"
        "\t\t\t合计\t财政拨款\t合计\t财政拨款\n"
        "\t\t502.19\t192.82\t98.93\t309.37\t\n"
    )
    (table,) = [b for b in align_blocks(read_lines(text), load_words()) if isinstance(b, Table)]
    row = {c.col: c.text for c in table.cells if c.row == table.rows - 1 and c.col >= 2}
    assert list(row.values()) == ["502.19", "192.82", "98.93", "309.37", ""]
    assert not any(c.lost for c in table.cells)


def test_a_line_with_a_colon_and_no_amount_is_no_header() -> None:
    text = "项目绩效目标表\n资金情况\t\t年度金额（元）：\t\t\t\n"
    text += "\t\t其中：中央补助（元）\t\t250\t\n\t\t地方资金（元）\t\t\t\n"
    (table,) = [b for b in align_blocks(read_lines(text), load_words()) if isinstance(b, Table)]
    rows = [[c.text for c in table.cells if c.row == r and c.col >= 2] for r in range(table.rows)]
    assert rows == [["年度金额（元）：", ""], ["其中：中央补助（元）", "250"], ["地方资金（元）", ""]]


PERIODS = ("一级指标", "二级指标", "重点工作", "对应项目", "三级指标", "半年指标值", "全年指标值")


@pytest.mark.parametrize(
    ("project", "half", "full"),
    [("物业管理费", "≥3次", ""), ("物业管理费", "", "≥6次"), ("", "≥3次", ""), ("", "", "≥6次")],
)
def test_a_row_beside_a_blank_target_is_read_as_it_stands_and_doubted(project: str, half: str, full: str) -> None:
    record = read(
        row(*PERIODS),
        row(
            "履职",
            "负责办公楼的日常管理和维护，保障机关各项工作正常运转",
            "某楼维护工作",
            project,
            "巡查次数",
            half,
            full,
        ),
        row("", "", "", "", "维修次数", "≥2次", "≥4次"),
        row("", "", "某院绿化工作", project, "补种次数", half, full),
    )
    first, _, last = record.indicators
    assert (last.focus_work, last.linked_project, last.level3) == ("某院绿化工作", project or None, "补种次数")
    assert (first.level3, first.targets) == ("巡查次数", {"half_year": half or None, "full_year": full or None})
    assert last.targets == first.targets
    blank = "half_year" if full else "full_year"
    assert {where for _, where in doubts(record)} >= {f"/indicators/2/{at}" for at in ("level3", f"targets/{blank}")}


def test_lines_of_money_below_one_another_stay_lines_where_all_their_amounts_are_blank() -> None:
    record = read(
        row("资金情况", "", "年度金额（元）：", "", ""),
        row("", "", "其中：中央补助（元）", "", ""),
        row("", "", "地方资金（元）", "", ""),
        row(*HEAD),
        row("产出指标", "数量指标", "培训参加人数", "≥", "100", "人"),
    )
    assert money(record) == [
        ("income", "年度金额", "full_year_budget", None),
        ("income", "年度金额/中央补助", "full_year_budget", None),
        ("income", "年度金额/地方资金", "full_year_budget", None),
    ]
    assert doubts(record) == []


def test_a_shifted_row_tells_columns_that_no_header_names_by_the_gap_they_stand_in() -> None:
    record = read(
        row("一级指标", "二级指标", "", "", "三级指标", "半年指标值", "全年指标值"),
        row("履职", "负责群众来信的办理，做到应保尽保。", "甲区巡查工作", "对应项目：甲费", "巡查次数", "≥3次", "≥4次"),
        "",
        row("", "乙区帮扶家庭相关工作", "对应项目：乙费", "检测合格率", "90%", "—", ""),
    )
    last = record.indicators[-1]
    assert (last.level2, last.focus_work, last.linked_project, last.level3) == (
        "负责群众来信的办理，做到应保尽保。",
        "乙区帮扶家庭相关工作",
        "乙费",
        "检测合格率",
    )


def test_a_project_named_by_its_year_is_no_condition() -> None:
    record = read(
        row(*PERIODS),
        row("履职", "负责道路的日常养护，保障通行。", "甲路养护工作", "2024年续建工程", "培训学员长度", "", "≥45公里"),
        row("", "", "乙路养护工作", "设施维修费", "养护长度", "2024年底前", "2024年12月"),
    )
    first, last = record.indicators
    assert (first.linked_project, first.level3) == ("2024年续建工程", "培训学员长度")
    assert first.targets == {"half_year": None, "full_year": "≥45公里"}
    assert last.targets == {"half_year": "2024年底前", "full_year": "2024年12月"}


def test_a_row_whose_texts_stand_where_those_of_the_rows_before_stood_is_shifted_with_them() -> None:
    record = read(
        row("一级指标", "二级指标", "三级指标", "年度指标值", "分值", "评分规则", "实际完成值", "得分"),
        row("效益(12)", "社会效益(4)", "检测样品及时率", "≥90%", "4", "", "≥90%", "4"),
        "",
        row("生态效益(8)", "维修设备达标率", "≤9%", "4", "", "≤9%", "4", ""),
        row("", "检测样品人次", "持续改善", "4", "", "持续改善", "3.5", ""),
        title=REVIEW,
    )
    last = record.indicators[-1]
    assert (last.level2, last.level3, last.actual, last.score) == ("生态效益", "检测样品人次", "持续改善", "3.5")
    assert (last.targets, last.weights) == ({"full_year": "持续改善"}, {"full_year": "4"})
