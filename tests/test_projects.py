"""Several projects in one table, one below the other: each is a record, with what stands once for all."""

from __future__ import annotations

from collections.abc import Sequence

from helpers_tables import TITLE, WORDS, C, make_line, make_table, read_all

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from schemas.model import Table
from schemas.record import Record

HEADER = ("单位名称", "项目名称", "预算数", "年度目标", "一级指标", "二级指标", "三级指标", "指标值")
OF_ALL = C("某中心", 5)
ROWS: Sequence[Sequence[str | C]] = (
    (
        OF_ALL,
        C("54012-路灯维护", 2),
        C("286.40", 2),
        C("亮灯。", 2),
        C("产出指标", 2),
        "数量指标",
        "路灯盏数",
        "≥8600盏",
    ),
    ("质量指标", "亮灯率", "≥98%"),
    (C("管网清淤", 3), C("145", 3), C("清淤。", 3), "产出指标", "数量指标", "清淤长度", "≥62公里"),
    (C("效益指标", 2), "生态效益指标", "内涝点位", "≤6处"),
    ("社会效益指标", "投诉", "≤3件"),
)


def told(record: Record) -> tuple[object, ...]:
    funds = [(f.path, f.amount) for f in record.funds]
    return record.fields, funds, [(i.level1, i.level3, i.targets["full_year"]) for i in record.indicators]


FIRST = (
    {"reporting_unit": "某中心", "project_code": "54012", "project_name": "路灯维护", "annual_goal": "亮灯。"},
    [(["预算数"], "286.40")],
    [("产出指标", "路灯盏数", "≥8600盏"), ("产出指标", "亮灯率", "≥98%")],
)
SECOND = (
    {"reporting_unit": "某中心", "project_name": "管网清淤", "annual_goal": "清淤。"},
    [(["预算数"], "145")],
    [("产出指标", "清淤长度", "≥62公里"), ("效益指标", "内涝点位", "≤6处"), ("效益指标", "投诉", "≤3件")],
)


def test_each_project_of_a_table_is_a_record() -> None:
    records = read_all(make_line("2024年度" + TITLE), make_line("单位：万元"), make_table(HEADER, *ROWS))
    assert [told(r) for r in records] == [FIRST, SECOND]
    assert [(r.title, r.year, r.amount_unit, r.source.form) for r in records] == [
        (TITLE, 2024, "万元", 0),
        (TITLE, 2024, "万元", 1),
    ]
    assert not [f for r in records for f in r.findings if f.rule == "unowned"]


def unmerged(table: Table) -> Table:
    """The table as a sheet holds it whose cells are not merged: names stand in the first row, blanks below them."""
    rows: list[list[str]] = [["" for _ in range(table.cols)] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row][cell.col] = cell.text
    return make_table(*rows)


def test_names_that_are_not_merged_hold_for_the_blanks_below_them() -> None:
    records = read_all(make_line(TITLE), unmerged(make_table(HEADER, *ROWS)))
    assert [told(r)[1:] for r in records] == [FIRST[1:], SECOND[1:]]
    assert [r.fields["project_name"] for r in records] == ["路灯维护", "管网清淤"]


def test_a_total_of_all_projects_belongs_to_none_and_is_told() -> None:
    total = (C("合计", cols=2), "431.40", *[""] * 5)
    records = read_all(make_line(TITLE), make_table(HEADER, total, *ROWS))
    assert [told(r) for r in records] == [FIRST, SECOND]
    assert all(any(f.rule == "unowned" and f.printed == "431.40" for f in r.findings) for r in records)


def test_a_header_printed_again_parts_no_project() -> None:
    again = ("甲站", *row_of("路灯维护", "亮灯率"))
    table = make_table(
        HEADER,
        ("甲站", *row_of("路灯维护", "路灯盏数")),
        HEADER,
        again,
        ("甲站", *row_of("管网清淤", "清淤长度")),
    )
    records = read_all(make_line(TITLE), table)
    assert [[i.level3 for i in r.indicators] for r in records] == [["路灯盏数", "亮灯率"], ["清淤长度"]]


def row_of(project: str, name: str) -> tuple[str, ...]:
    return project, "1", "完成。", "产出指标", "数量指标", name, "≥1"


def test_amounts_under_one_header_stand_each_under_its_own() -> None:
    table = make_table(
        (C("项目名称", 2), C("资金", cols=2), C("绩效指标", cols=3)),
        ("财政拨款", "其他资金", "一级指标", "三级指标", "指标值"),
        ("路灯维护", "5", "1", "产出指标", "盏数", "≥3盏"),
        ("管网清淤", "7", "2", "产出指标", "长度", "≥4公里"),
    )
    records = read_all(make_line(TITLE), table)
    assert [[(f.path[-1], f.amount) for f in r.funds] for r in records] == [
        [("财政拨款", "5"), ("其他资金", "1")],
        [("财政拨款", "7"), ("其他资金", "2")],
    ]
    assert [r.fields for r in records] == [{"project_name": "路灯维护"}, {"project_name": "管网清淤"}]


def test_one_project_beside_its_indicators_is_one_record() -> None:
    rows = [("甲站", *row_of("路灯维护", "盏数")), ("", "", "", "", "", "质量指标", "亮灯率", "≥98%")]
    (record,) = read_all(make_line(TITLE), make_table(HEADER, *rows))
    assert record.fields == {"reporting_unit": "甲站", "project_name": "路灯维护", "annual_goal": "完成。"}
    assert [i.level3 for i in record.indicators] == ["盏数", "亮灯率"]


def test_numbers_of_rows_left_of_the_levels_are_no_values() -> None:
    table = make_table(
        ("序号", "项目名称", "一级指标", "三级指标", "指标值"),
        ("1", "路灯维护", "产出指标", "盏数", "≥3盏"),
        ("2", "管网清淤", "产出指标", "长度", "≥4公里"),
    )
    assert [r.fields for r in read_all(make_line(TITLE), table)] == [
        {"project_name": "路灯维护"},
        {"project_name": "管网清淤"},
    ]


def test_a_unit_over_its_projects_is_no_project() -> None:
    of_unit = (C("某市城管局", cols=2), "450", *[""] * 5)
    records = read_all(make_line(TITLE), make_table(HEADER, of_unit, *ROWS))
    assert [told(r) for r in records] == [FIRST, SECOND]
    assert all(any(f.printed == "某市城管局" for f in r.findings) for r in records)


def test_a_row_that_sums_up_a_units_projects_is_no_project() -> None:
    table = make_table(
        ("单位编码（项目编码）", "项目单位（项目名称）", "资金总额", "绩效目标", "一级指标", "三级指标", "指标值"),
        ("001001", "某中心", "9", "", "", "", ""),
        ("410000240000000001", "电梯维修费", "5", "保障安全。", "产出指标", "台数", "≥3台"),
        ("410000240000000002", "管网清淤", "4", "清淤。", "产出指标", "长度", "≥4公里"),
    )
    assert [r.fields for r in read_all(make_line(TITLE), table)] == [
        {"project_code": "410000240000000001", "project_name": "电梯维修费", "annual_goal": "保障安全。"},
        {"project_code": "410000240000000002", "project_name": "管网清淤", "annual_goal": "清淤。"},
    ]


def test_part_of_an_amount_in_a_column_of_its_own_is_its_child() -> None:
    header = ("项目名称", "项目资金", "其中：财政拨款", "其他资金", "一级指标", "三级指标", "指标值")
    rows = [(name, "9", "5", "4", "产出指标", "数", "≥1个") for name in ("甲", "乙")]
    records = read_all(make_line(TITLE), make_table(header, *rows))
    assert [[f.path for f in r.funds] for r in records] == [
        [["项目资金"], ["项目资金", "财政拨款"], ["项目资金", "其他资金"]]
    ] * 2


def test_remarks_below_the_projects_are_no_project() -> None:
    remark, signed = (C("说明：本表按项目逐一填列。", cols=8),), (C("填报人：张三　　联系电话：0513-87280000", cols=8),)
    records = read_all(make_line(TITLE), make_table(HEADER, *ROWS, remark, signed))
    assert [r.fields["project_name"] for r in records] == ["路灯维护", "管网清淤"]


def test_a_column_with_a_unit_of_money_holds_amounts() -> None:
    header = ("项目名称", "预算安排（万元）", "一级指标", "三级指标", "指标值")
    records = read_all(make_line(TITLE), make_table(header, *((n, "5", "产出", "数", "1个") for n in ("甲", "乙"))))
    assert [[(f.path, f.amount) for f in r.funds] for r in records] == [[(["预算安排"], "5")]] * 2
    assert {r.amount_unit for r in records} == {"万元"}


def test_projects_of_a_dump_that_keeps_its_tabs_are_records() -> None:
    table = make_table(HEADER, *ROWS)
    rows = [["" for _ in range(table.cols)] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row][cell.col] = cell.text
    text = "\n".join([TITLE, "单位：万元", *("\t".join(row) for row in rows)])
    blocks = align_blocks(read_lines(text + "\n"), WORDS)
    assert [told(r) for r in read_all(*blocks)] == [FIRST, SECOND]
