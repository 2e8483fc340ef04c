"""Tables that lost their merged cells, and those that other text holds: Markdown, commas, tabs, HTML in a text."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from helpers_carriers import (
    COLS,
    EXPECTED,
    FORM,
    ROWS,
    TITLE,
    YEAR,
    as_csv,
    as_html,
    as_markdown,
    as_tabs,
    grid,
    read_text,
    records,
    values_of,
)
from openpyxl.styles import Alignment, Border, Side

from extractors.dump.delimited import is_delimited
from extractors.dump.markdown import is_marked_down, markdown_blocks, plain_cell
from extractors.marked.groups import group_rows
from schemas.language.vocabulary import load_words
from schemas.model import Line, Table

THIN = Side(style="thin")


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("name", ["x.md", "x.markdown", "x.txt"])
def test_a_markdown_table_is_read_as_the_form(name: str, filled: bool, tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, name, as_markdown(grid(filled=filled)))
    assert values_of(record) == EXPECTED


def without_outer_pipes(text: str) -> str:
    return "\n".join(line[1:-1] if line.startswith("|") else line for line in text.split("\n"))


def without_rules(text: str) -> str:
    return "\n".join(line for line in without_outer_pipes(text).split("\n") if set(line) - set("-:| "))


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


@pytest.mark.parametrize("written", [without_outer_pipes, without_rules, quoted])
def test_pipes_around_rows_may_miss_and_tables_may_be_quoted(written: Callable[[str], str], tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.md", written(as_markdown(grid(filled=False))))
    assert values_of(record) == EXPECTED


@pytest.mark.parametrize("rule", ["--- | --- | ---\n", ""])
def test_a_blank_first_cell_of_a_row_without_pipes_around_it_is_a_cell(rule: str) -> None:
    """The texts behind it were moved to the left."""
    (table,) = markdown_blocks(f"甲 | 乙 | 丙\n{rule} | 长度 | 8公里\n | 面积 | 3亩\n", load_words())
    assert isinstance(table, Table)
    assert {cell.text: cell.col for cell in table.cells}.items() >= {
        "长度": 1,
        "8公里": 2,
        "面积": 1,
        "3亩": 2,
    }.items()


def test_a_mark_of_comparison_is_no_quote() -> None:
    text = "".join(f"> {line}\n" for line in ("| 甲 | 乙 |", "| --- | --- |", "| 长度 | 8公里 |"))
    *_, line = markdown_blocks(f"{text}\n>95%\n", load_words())
    assert isinstance(line, Line)
    assert line.text == ">95%"


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_commas_is_read_as_the_form(encoding: str, mark: str, filled: bool, tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.csv", as_csv(grid(filled=filled), mark), encoding)
    assert values_of(record) == EXPECTED


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("page_break", ["", "\n", "\f"])
def test_tabs_may_repeat_or_leave_out(filled: bool, page_break: str, tmp_path: Path) -> None:
    lines = as_tabs(grid(filled=filled)).split("\n")
    lines[12] = page_break + lines[12]
    (record,) = read_text(tmp_path, "x.txt", "\n".join(lines))
    assert values_of(record) == EXPECTED


@pytest.mark.parametrize("name", ["x.md", "x.txt"])
def test_html_tables_in_a_text_keep_their_spans_and_lines(name: str, tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, name, f"# {TITLE}\n\n{YEAR}\n\n{as_html().replace('<tr>', chr(10) + '<tr>')}\n")
    assert values_of(record) == EXPECTED


def test_formulas_of_parsers_are_the_characters_of_the_page(tmp_path: Path) -> None:
    text = as_html().replace("≥90%", "$\\geq 90\\%$").replace("≥8公里", "$\\ge 8$公里")
    (record,) = read_text(tmp_path, "x.md", f"# {TITLE}\n{YEAR}\n{text}")
    assert values_of(record) == EXPECTED


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ("**项目名称**", "项目名称"),
        ("$\\leq 5\\%$", "≤5%"),
        ("\\(\\ge 3\\)", "≥3"),
        ("5 $ 与 6 $", "5 $ 与 6 $"),
        ("甲\\|乙\\_丙", "甲|乙_丙"),
        ("甲<br>乙", "甲\n乙"),
        ("&ge;95%&nbsp;", "≥95%"),
        ("[x] 新增项目", "☑新增项目"),
        ("*", "*"),
        ("3*4*5", "3*4*5"),
    ],
)
def test_the_marks_of_markdown_are_no_text(marked: str, shown: str) -> None:
    assert plain_cell(marked) == shown


def test_cells_in_quotes_hold_marks_and_line_breaks(tmp_path: Path) -> None:
    rows = grid(filled=False)
    rows[5][1] = '1.清淤,"八公里"\n2.汛期行洪通畅'
    rows[2][3] = "1,120.50"
    (record,) = read_text(tmp_path, "x.csv", as_csv(rows))
    assert record.fields["annual_goal"] == rows[5][1]
    assert record.funds[0].amount == "1120.50"
    assert len(record.indicators) == 7


def test_a_text_with_amounts_is_no_table_of_commas() -> None:
    assert not is_delimited("年度资金总额 1,120,500,000.00\n" * 5)
    assert not is_marked_down("甲 | 乙\n丙 | 丁\n\n说明。")


def test_a_table_over_two_pages_of_pipes_is_one(tmp_path: Path) -> None:
    rows = grid(filled=False)
    lines = as_markdown(rows).split("\n")
    (record,) = read_text(tmp_path, "x.md", "\n".join([*lines[:14], "", *lines[14:]]))
    assert values_of(record) == EXPECTED


@pytest.mark.parametrize(
    ("rows", "at", "starts"),
    [
        (7, [0, 4, 6], [0, 4, 6]),  # at the top
        (7, [3, 5, 6], [0, 4, 6]),  # at the bottom
        (8, [1, 4, 6], [0, 3, 6]),  # in the middle
        (5, [2], [0]),
        (4, [1], [0]),
        (6, [], None),
        (9, [1, 2], None),
    ],
)
def test_a_name_counts_for_the_rows_of_its_group(rows: int, at: list[int], starts: list[int] | None) -> None:
    groups = group_rows(rows, at)
    assert (None if groups is None else [g.start for g in groups]) == starts


def test_groups_are_whole_and_hold_their_names() -> None:
    dice = random.Random(7)
    for _ in range(200):
        sizes = [dice.randint(1, 6) for _ in range(dice.randint(1, 8))]
        starts = [sum(sizes[:i]) for i in range(len(sizes))]
        lower = dice.randint(0, 1)
        at = [start + (size - 1 + lower) // 2 for start, size in zip(starts, sizes, strict=True)]
        own = [i for i, size in enumerate(sizes) for _ in range(size)]
        groups = group_rows(sum(sizes), at, lambda row, name, own=own: 1 if own[row] == name else -1)  # type: ignore[misc]
        assert groups is not None
        assert [g.at for g in groups] == at
        assert [g.end for g in groups][-1] == sum(sizes)
        if at[0] > 0:
            assert [g.start for g in groups] == starts


# ── sheets that nobody merged


def sheet(path: Path, *, inner: bool, level_at: str, across: bool = False) -> Path:
    """The form as a sheet without merged cells. `inner`: lines are drawn around each cell, else around what belongs
    together; `level_at`: in which row of its group the name of a level stands."""
    book = openpyxl.Workbook()
    page = book.active
    page["A1"], page["A2"] = TITLE, YEAR
    for text, top, left, high, wide in FORM:
        at = {"top": 0, "middle": (high - 1) // 2, "bottom": high - 1}[level_at if top > 6 else "top"]
        for row in range(high):
            for col in range(wide):
                cell = page.cell(top + 3 + row, left + 1 + col)
                ends = (row == 0, row == high - 1, col == 0, col == wide - 1)
                sides = [THIN if inner or end else None for end in ends]
                cell.border = Border(top=sides[0], bottom=sides[1], left=sides[2], right=sides[3])
                if across and wide > 1:
                    cell.alignment = Alignment(horizontal="centerContinuous")
        page.cell(top + 3 + at, left + 1).value = text
    for row in range(7, ROWS):
        page.cell(row + 3, COLS).border = Border(top=THIN, bottom=THIN, left=THIN, right=THIN)
    book.save(path)
    return path


@pytest.mark.parametrize("level_at", ["top", "middle", "bottom"])
@pytest.mark.parametrize("inner", [False, True])
def test_a_sheet_that_nobody_merged(inner: bool, level_at: str, tmp_path: Path) -> None:
    (record,) = records(sheet(tmp_path / "x.xlsx", inner=inner, level_at=level_at))
    assert values_of(record) == EXPECTED
    told = {f.where for f in record.findings if f.rule == "inferred"}
    if inner and level_at != "top":  # nothing but the place of the name says so
        assert "/indicators/0/level1" in told


def test_texts_centered_over_blanks_are_one_cell_with_them(tmp_path: Path) -> None:
    (record,) = records(sheet(tmp_path / "x.xlsx", inner=True, level_at="top", across=True))
    assert values_of(record) == EXPECTED


@pytest.mark.parametrize("gap", [0, 1])
def test_forms_side_by_side_are_two(gap: int, tmp_path: Path) -> None:
    other = [(t.replace("河道", "湖泊"), r, c, h, w) for t, r, c, h, w in FORM]
    book = openpyxl.Workbook()
    page = book.active
    for shift, cells in ((0, FORM), (COLS + gap, other)):
        for text, top, left, high, wide in (
            (TITLE, -2, 0, 1, COLS), (YEAR, -1, 0, 1, COLS), *cells
        ):  # fmt: skip
            for row in range(high):
                for col in range(wide):
                    page.cell(top + 3 + row, left + 1 + shift + col).border = Border(THIN, THIN, THIN, THIN)
            page.cell(top + 3, left + 1 + shift).value = text
            if high > 1 or wide > 1:
                page.merge_cells(
                    start_row=top + 3, end_row=top + 2 + high, start_column=left + 1 + shift,
                    end_column=left + shift + wide,
                )  # fmt: skip
    book.save(tmp_path / "x.xlsx")
    first, second = records(tmp_path / "x.xlsx")
    assert values_of(first) == EXPECTED
    assert second.fields["project_name"] == "湖泊清淤工程"
    assert len(second.indicators) == 7


def test_a_blank_below_the_second_row_of_a_header_is_a_blank_target(tmp_path: Path) -> None:
    """Names and targets of two halves stand in the second row of the header, which could be one by itself."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("项目支出绩效目标表",),
        ("项目名称", "测试项目"),
        ("一级指标", "二级指标", None, "中期绩效指标", None, "年度绩效指标", None),
        (None, None, None, "三级指标", "指标值", "三级指标", "指标值"),
        ("产出指标", "数量指标", None, "办理件数", "≥9件", "办理件数", "≥3件"),
        (None, None, None, "帮扶家庭人数", None, "维修设备份数", "57778份"),
        (None, "质量指标", None, "合格率", "≥98%", "返修次数", "≤2次"),
    ):
        sheet.append(row)
    for area in ("A1:G1", "B2:G2", "A3:A4", "B3:C4", "D3:E3", "F3:G3", "A5:A7", "B5:C6", "B7:C7"):
        sheet.merge_cells(area)
    book.save(tmp_path / "x.xlsx")
    (record,) = records(tmp_path / "x.xlsx")
    told = [(i.level2, i.level3, i.targets) for i in record.indicators]
    assert told == [
        ("数量指标", "办理件数", {"whole_project": "≥9件", "full_year": "≥3件"}),
        ("数量指标", "帮扶家庭人数", {"whole_project": None}),
        ("数量指标", "维修设备份数", {"full_year": "57778份"}),
        ("质量指标", "合格率", {"whole_project": "≥98%"}),
        ("质量指标", "返修次数", {"full_year": "≤2次"}),
    ]
    assert list(record.fields) == ["project_name"]


def test_a_header_without_names_below_it_covers_the_second_row(tmp_path: Path) -> None:
    """A header of several columns without names of its own is one column: 计划指标值 is one target."""
    rows = [
        "项目支出绩效目标表,,,,,,,",
        "项目名称,测试项目,,,,,,",
        "一级指标,二级指标,三级指标,历史值,,计划指标值,,1-6月目标值",
        ",,,前年完成值,上年完成值,,,",
        "产出指标,数量指标,办理件数,3件,4件,≥5件,,≥2件",
        ",质量指标,合格率,95%,,≥98%,,≥96%",
    ]
    (record,) = read_text(tmp_path, "x.csv", "\n".join(rows))
    assert record.columns == ["level1", "level2", "level3", "history", "targets.full_year", "targets.half_year"]
    assert [i.targets for i in record.indicators] == [
        {"full_year": "≥5件", "half_year": "≥2件"},
        {"full_year": "≥98%", "half_year": "≥96%"},
    ]


def test_blanks_of_a_whole_dump_stay_what_they_are(tmp_path: Path) -> None:
    """A blank below the name of an amount, a blank part of a total, and one below a label whose options go on."""
    rows = [
        "项目支出绩效目标表",
        "项目名称\t测试项目\t\t\t主管部门\t某市民政局\t",
        "项目属性\t常年安排■\t分年安排□\t一次性安排□\t项目级次\t市本级■\t",
        "项目类别\t其他运转类□\t\t特定目标类■\t\t转移支付■\t",
        "资金情况\t\t年度资金总额（万元）：\t\t1525\t\t",
        "\t\t其中：中央补助（万元）\t\t\t\t",
        "\t\t地方资金（万元）\t\t1365\t\t",
        "总体资金情况(万元)\t\t预算支出总额\t基本支出\t\t项目支出\t",
        "\t\t\t财政拨款\t单位资金\t财政拨款\t单位资金",
        "\t\t\t727.9\t209.60\t163.8\t112.80",
        "年度目标\t完成全年各项工作。\t\t\t\t\t",
        "一级指标\t二级指标\t三级指标\t指标值\t\t\t",
        "产出指标\t数量指标\t办理件数\t≥5件\t\t\t",
    ]
    (record,) = read_text(tmp_path, "x.txt", "\n".join(rows))
    assert record.choices["project_level"] == ["市本级", "转移支付"]
    amounts = {tuple(fund.path): fund.amount for fund in record.funds}
    assert amounts["年度资金总额", "中央补助"] is None
    assert amounts["年度资金总额", "地方资金"] == "1365"
    assert amounts["预算支出总额",] is None
    assert amounts["基本支出", "财政拨款"] == "727.9"
    assert amounts["项目支出", "单位资金"] == "112.80"


@pytest.mark.parametrize("name", ["x.md", "x.csv"])
def test_a_blank_before_an_unknown_label_is_the_value_of_the_one_before_it(name: str, tmp_path: Path) -> None:
    """Both stand where the row above has a label, its value, and a label."""
    rows = [
        ["项目名称", "测试项目", "", "主管部门", "某市民政局", ""],
        ["项目联系人", "", "", "绩效管理岗位", "", ""],
        ["一级指标", "二级指标", "三级指标", "指标值", "", ""],
        ["产出指标", "数量指标", "办理件数", "≥5件", "", ""],
    ]
    (record,) = read_text(tmp_path, name, as_csv(rows) if name.endswith("csv") else as_markdown(rows))
    assert {name: record.fields.get(name, "absent") for name in ("contact_name", "绩效管理岗位")} == {
        "contact_name": None, "绩效管理岗位": None,
    }  # fmt: skip
