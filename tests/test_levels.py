"""Level names over page breaks and blank cells."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers_tables import C, doubts, make_table, read

from extractors.tables.hierarchy import Level, memberships
from schemas.model import Box, Cell, Line, Place, Table
from schemas.record import Record


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


NAMES = ("数量指标", "质量指标", "时效指标", "社会效益指标", "经济效益指标")


@pytest.mark.parametrize("rows", [(2, 4), (1, 4), (1, 3)])
def test_names_in_the_middle_or_at_the_end_of_their_group_count_for_it(rows: tuple[int, int]) -> None:
    first, second = rows
    outer = [{first: "产出指标", second: "效益指标"}.get(i, "") for i in range(5)]
    table = make_table(
        ("一级指标", "二级指标", "三级指标", "指标值"),
        *((outer[i], name, f"指标{name}", "≥1次") for i, name in enumerate(NAMES)),
    )
    record = read(table)
    assert [i.level1 for i in record.indicators] == ["产出指标"] * 3 + ["效益指标"] * 2
    doubted = {w for r, w in doubts(record) if r == "inferred"}
    assert doubted == {f"/indicators/{i}/level1" for i in range(5) if i not in rows}


def test_a_blank_that_no_word_places_is_blank_where_names_do_not_stand_at_the_top() -> None:
    table = make_table(("", "甲"), ("产出", "乙"), ("", "丙"), ("效益", "丁"))
    assert levels_of(table, 0) == [[(None, False), ("产出", False), (None, False), ("效益", False)]]


def test_a_level_set_letter_below_letter_is_one_name() -> None:
    record = read(
        make_table(
            ("一级指标", "二级指标", "三级指标", "指标值"),
            ("产\n出\n指\n标", "数量\n指标", "系统数", "5套"),
        )
    )
    assert (record.indicators[0].level1, record.indicators[0].level2) == ("产出指标", "数量指标")


PARTS = ("一级指标", C("二级指标", cols=3), "三级指标", "指标值")


def related(record: Record) -> list[tuple[str | None, str | None]]:
    return [(row.focus_work, row.linked_project) for row in record.indicators]


def test_unnamed_sub_columns_go_on_over_a_page_break_as_the_level_does() -> None:
    record = read(
        make_table(
            PARTS,
            (C("履职", rows=3), "负责某项", "某工作", "对应项目：某经费", "甲", "1次"),
            ("", "", "", "乙", "2次"),
            ("承担他项", "他工作", "对应项目：他经费", "丙", "3次"),
            breaks=(2,),
        )
    )
    assert related(record) == [("某工作", "某经费"), ("某工作", "某经费"), ("他工作", "他经费")]
    where = {("inferred", f"/indicators/1/{role}") for role in ("level2", "focus_work", "linked_project")}
    assert where <= set(doubts(record))


def test_they_do_so_below_a_header_that_is_printed_again_too() -> None:
    record = read(
        make_table(
            PARTS,
            ("履职", "负责某项", "某工作", "某经费", "甲", "1次"),
            PARTS,
            ("", "", "", "", "乙", "2次"),
            ("履职", "承担他项", "他工作", "", "丙", "3次"),
            breaks=(2,),
        )
    )
    assert related(record) == [("某工作", "某经费"), ("某工作", "某经费"), ("他工作", None)]


def test_a_name_of_a_sub_column_that_moved_below_the_break_counts_above_it_too() -> None:
    record = read(
        make_table(
            PARTS,
            (C("履职", rows=4), C("负责某项", rows=2), "某工作", "某经费", "甲", "1次"),
            ("另一工作", "另一经费", "乙", "2次"),
            ("", "", "", "丙", "3次"),
            ("承担他项", "他工作", "他经费", "丁", "4次"),
            breaks=(4,),
        )
    )
    assert related(record)[1:] == [("另一工作", "另一经费"), ("他工作", "他经费"), ("他工作", "他经费")]


def test_a_blank_sub_column_where_no_page_ends_is_blank() -> None:
    record = read(
        make_table(
            PARTS,
            (C("履职", rows=2), C("负责某项", rows=2), "某工作", "某经费", "甲", "1次"),
            ("", "", "乙", "2次"),
        )
    )
    assert related(record) == [("某工作", "某经费"), (None, None)]
