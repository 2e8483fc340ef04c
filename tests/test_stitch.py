"""A table, a row, a merged cell or one text that runs over page breaks becomes whole again, and nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from helpers_grids import (
    FULL,
    LEFT,
    PAGE_HEIGHT,
    ROW,
    Spec,
    line,
    make_grid,
    pages,
    rows_of,
    shape,
    stitched,
    table_of,
    tables,
    texts,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.tables.blocks import PageBlocks
from schemas.model import Cell, Grid, Line, Table

# ── whole tables


def test_a_table_over_two_pages_is_one() -> None:
    table = table_of(make_grid(1, rows_of(("甲", "乙"))), make_grid(2, rows_of(("丙", "丁"))))
    assert texts(table) == [["甲", "乙"], ["丙", "丁"]]
    assert (table.rows, table.cols) == (2, 2)
    assert table.row_pages == (1, 2)
    assert table.breaks == (1,)
    assert table.pages == (1, 2)


def test_a_table_over_three_pages_is_one() -> None:
    grids = [make_grid(n, rows_of((f"名{n}", f"值{n}"), (f"又名{n}", f"又值{n}"))) for n in (1, 2, 3)]
    table = table_of(*grids)
    assert table.rows == 6
    assert table.breaks == (2, 4)
    assert table.row_pages == (1, 1, 2, 2, 3, 3)


def test_each_row_keeps_the_page_and_box_it_came_from() -> None:
    below = make_grid(2, rows_of(("丙", "丁")))
    table = table_of(make_grid(1, rows_of(("甲", "乙"))), below)
    moved = next(c for c in table.cells if c.text == "丙")
    assert moved.parts == ((1, below.cells[0].parts[0][1]),)
    assert moved.place.page == 2


@pytest.mark.parametrize(
    "below",
    [
        make_grid(2, rows_of(("丙", "丁")), left=LEFT + 20),
        make_grid(2, rows_of(("丙", "丁", "戊"))),
        make_grid(2, rows_of(("丙", "丁")), ruled=False),
        make_grid(3, rows_of(("丙", "丁"))),
    ],
    ids=["further right", "wider", "without rules", "two pages on"],
)
def test_a_table_of_another_place_or_make_is_another(below: Grid) -> None:
    above = make_grid(1, rows_of(("甲", "乙")))
    found = stitched([PageBlocks(1, PAGE_HEIGHT, (above,)), PageBlocks(below.page, PAGE_HEIGHT, (below,))])
    assert len(tables(found)) == 2


HEADED = rows_of(
    ("项目名称", "道路养护", "", ""),
    ("一级指标", "二级指标", "三级指标", "指标值"),
    ("产出指标", "数量指标", "养护里程", "10公里"),
)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((("", "", "养护桥梁", "5座"),), 1),
        ((("效益指标", "社会效益指标", "受益人口", "8万人"),), 1),
        ((("项目名称", "桥梁检测", "", ""),), 2),
        ((("一级指标", "二级指标", "三级指标", "指标值"), ("产出指标", "数量指标", "检测桥梁", "5座")), 2),
        ((("经办人", "张三"),), 2),
    ],
)
def test_a_table_goes_on_below_a_gap_of_its_page_with_indicators_alone(
    rows: tuple[tuple[str, ...], ...], found: int
) -> None:
    above = make_grid(1, HEADED, top=100.0)
    below = make_grid(1, rows_of(*rows), top=400.0, left=above.box.left)
    assert len(tables(stitched([PageBlocks(1, PAGE_HEIGHT, (above, below))]))) == found


def test_a_merged_cell_that_is_blank_above_a_header_printed_again_ends_there() -> None:
    header = ("一级指标", "三级指标", "指标值", "权重")
    first = make_grid(1, rows_of(("项目", "道路养护", "", ""), header, ("产出指标", "养护里程", "10公里", "10")))
    rows = rows_of(header, ("", "养护桥梁", "5座", "5"), ("", "养护涵洞", "9处", "5"))
    second = make_grid(2, [*(s for s in rows if s.col or not s.row), Spec(1, 0, rows=2)])
    third = make_grid(3, rows_of(header, ("", "养护隧道", "2座", "5")))
    table = table_of(first, second, third)
    level = [c for c in table.cells if c.col == 0]
    assert [c.text for c in level] == ["项目", "一级指标", "产出指标", "一级指标", "", "一级指标", ""]


def test_columns_that_a_page_cuts_finer_get_spans() -> None:
    upper = make_grid(1, [Spec(0, 0, "甲"), Spec(0, 1, "乙", cols=2)])
    upper = Grid(
        1,
        upper.box,
        (upper.xs[0], upper.xs[1], upper.xs[3]),
        upper.ys,
        (upper.cells[0], Cell(0, 1, 1, 1, "乙", upper.cells[1].lines, upper.cells[1].parts)),
    )
    table = table_of(upper, make_grid(2, rows_of(("丙", "丁", "戊"))))
    assert shape(table) == [
        (0, 0, 1, 1, "甲"),
        (0, 1, 1, 2, "乙"),
        (1, 0, 1, 1, "丙"),
        (1, 1, 1, 1, "丁"),
        (1, 2, 1, 1, "戊"),
    ]


# ── merged cells


def level(upper: str, lower: str) -> Table:
    """A merged cell of two rows above a page break and two below, beside four rows."""
    above = [Spec(0, 0, upper, rows=2), Spec(0, 1, "指标1"), Spec(1, 1, "指标2")]
    below = [Spec(0, 0, lower, rows=2), Spec(0, 1, "指标3"), Spec(1, 1, "指标4")]
    return table_of(make_grid(1, above), make_grid(2, below))


@pytest.mark.parametrize(("upper", "lower", "part"), [("产出指标", "", 0), ("", "产出指标", 1)])
def test_a_merged_cell_that_a_break_cut_is_one_again(upper: str, lower: str, part: int) -> None:
    table = level(upper, lower)
    merged = table.cells[0]
    assert (merged.row, merged.rowspan, merged.text) == (0, 4, "产出指标")
    assert [row for row, _ in merged.parts] == [0, 2]
    assert [place.page for _, place in merged.parts] == [1, 2]
    assert merged.text_part == part
    assert merged.place.page == part + 1
    assert [c.text for c in table.cells[1:]] == ["指标1", "指标2", "指标3", "指标4"]


def test_two_merged_cells_with_names_of_their_own_stay_two() -> None:
    table = level("产出指标", "效益指标")
    assert [(c.row, c.rowspan, c.text) for c in table.cells if c.col == 0] == [(0, 2, "产出指标"), (2, 2, "效益指标")]


def test_where_a_group_begins_anew_so_do_the_columns_to_its_right() -> None:
    above = [Spec(0, 0, "产出指标", rows=2), Spec(0, 1, "数量指标", rows=2), Spec(0, 2, "甲"), Spec(1, 2, "乙")]
    below = [Spec(0, 0, "效益指标", rows=2), Spec(0, 1, "", rows=2), Spec(0, 2, "丙"), Spec(1, 2, "丁")]
    table = table_of(make_grid(1, above), make_grid(2, below))
    assert [(c.row, c.rowspan, c.text) for c in table.cells if c.col == 1] == [(0, 2, "数量指标"), (2, 2, "")]


def test_a_merged_cell_over_three_pages_is_one() -> None:
    def part(page: int, text: str) -> Grid:
        return make_grid(page, [Spec(0, 0, text, rows=2), Spec(0, 1, f"{page}甲"), Spec(1, 1, f"{page}乙")])

    table = table_of(part(1, ""), part(2, "产出指标"), part(3, ""))
    merged = table.cells[0]
    assert (merged.rowspan, merged.text, merged.text_part) == (6, "产出指标", 1)
    assert [row for row, _ in merged.parts] == [0, 2, 4]


# ── rows that a break cut


def test_a_row_cut_in_mid_text_is_joined_without_a_gap() -> None:
    above = rows_of(("甲类", "上一行"), ("年度目标", f"{FULL}|{FULL}"))
    below = rows_of(("", "余下的字。"), ("乙类", "下一行"))
    table = table_of(make_grid(1, above), make_grid(2, below))
    assert texts(table) == [["甲类", "上一行"], ["年度目标", f"{FULL}{FULL}余下的字。"], ["乙类", "下一行"]]
    joined = next(c for c in table.cells if c.text.startswith(FULL))
    assert joined.inferred
    assert [place.page for _, place in joined.parts] == [1, 2]
    assert len(joined.lines) == 3
    assert any("joined" in note for note in table.notes)
    assert table.rows == len(table.row_pages) == 3


def test_a_row_cut_by_two_breaks_is_one() -> None:
    grids = [
        make_grid(1, rows_of(("年度目标", f"{FULL}|{FULL}"))),
        make_grid(2, rows_of(("", f"{FULL}|{FULL}"))),
        make_grid(3, rows_of(("", "末句。"), ("乙类", "下一行"))),
    ]
    table = table_of(*grids)
    assert texts(table) == [["年度目标", FULL * 4 + "末句。"], ["乙类", "下一行"]]
    assert table.row_pages == (1, 3)


def test_a_cut_row_of_many_columns_is_joined_where_its_texts_run_to_the_cut() -> None:
    above = make_grid(1, rows_of(("产出", f"{FULL}|{FULL}", "95%")))
    below = make_grid(2, rows_of(("", "完成率", "")))
    table = table_of(above, below)
    assert texts(table) == [["产出", f"{FULL}{FULL}完成率", "95%"]]


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (("指标一", "≥95%", "10"), ("指标二", "≥98%", "")),
        (("指标一", "≥95%", "10"), ("指标二", "", "10")),
        (("指标一", "按时完成", "按期"), ("指标二", "及时完成", "")),
        ((FULL, "100", "万元"), ("余下", "200", "")),
        (("人员经费", "120.5", "120.5"), ("公用经费", "80", "")),
        (("人员经费", "120.50"), ("", "80.00")),
    ],
    ids=[
        "numbers",
        "a blank among them",
        "short texts",
        "numbers beside a full line",
        "money",
        "an amount without a label",
    ],
)
def test_a_new_row_is_never_joined_to_the_one_before_the_break(last: Sequence[str], first: Sequence[str]) -> None:
    table = table_of(make_grid(1, rows_of(last)), make_grid(2, rows_of(first)))
    assert texts(table) == [list(last), list(first)]
    assert all(c.inferred is None for c in table.cells)


def test_two_rates_with_their_bounds_are_the_targets_of_two_rows_also_where_they_run_to_the_cut() -> None:
    above = make_grid(1, rows_of((f"{FULL}|{FULL}", "不低于|99.5000000%", "人")))
    below = make_grid(2, rows_of(("余下", "95%以上", "")))
    assert texts(table_of(above, below)) == [[FULL + FULL, "不低于99.5000000%", "人"], ["余下", "95%以上", ""]]


@pytest.mark.parametrize(
    ("last", "first"),
    [(("项目名称", "某项经费"), ("其他说明", "")), (("基本支出", "120.50"), ("项目支出", ""))],
    ids=["labels", "money"],
)
def test_a_label_with_a_blank_value_after_a_break_is_a_row_of_its_own(
    last: Sequence[str], first: Sequence[str]
) -> None:
    table = table_of(make_grid(1, rows_of(last)), make_grid(2, rows_of(first)))
    assert texts(table) == [list(last), list(first)]


def test_an_enumerated_row_with_blanks_after_a_break_is_a_row_of_its_own() -> None:
    last, first = ("1.党建工作", "开展学习", "按期"), ("2.帮扶工作", "", "")
    table = table_of(make_grid(1, rows_of(last), height=18), make_grid(2, rows_of(first), height=18))
    assert texts(table) == [list(last), list(first)]


# ── heads


HEAD = ("一级指标", "三级指标", "指标值")


def test_a_head_printed_again_is_dropped_and_noted() -> None:
    first = make_grid(1, rows_of(HEAD, ("产出", "甲", "1")))
    second = make_grid(2, rows_of(HEAD, ("效益", "乙", "2")))
    table = table_of(first, second)
    assert texts(table) == [list(HEAD), ["产出", "甲", "1"], ["效益", "乙", "2"]]
    assert any("page 2" in note and "printed again" in note for note in table.notes)
    assert table.row_pages == (1, 1, 2)


def test_a_head_of_two_rows_printed_again_is_dropped_whole() -> None:
    head = [Spec(0, 0, "指标", rows=2), Spec(0, 1, "指标值", cols=2), Spec(1, 1, "半年"), Spec(1, 2, "全年")]
    first = make_grid(1, [*head, Spec(2, 0, "甲"), Spec(2, 1, "1"), Spec(2, 2, "2")])
    second = make_grid(2, [*head, Spec(2, 0, "乙"), Spec(2, 1, "3"), Spec(2, 2, "4")])
    assert texts(table_of(first, second))[2:] == [["甲", "1", "2"], ["乙", "3", "4"]]


def test_a_merged_cell_goes_on_below_a_head_printed_again() -> None:
    head = [Spec(0, c, text) for c, text in enumerate(HEAD)]
    first = make_grid(
        1, [*head, Spec(1, 0, "产出", rows=2), *(Spec(r, c, f"{r}{c}甲") for r in (1, 2) for c in (1, 2))]
    )
    second = make_grid(2, [*head, Spec(1, 0, "", rows=2), *(Spec(r, c, f"{r}{c}乙") for r in (1, 2) for c in (1, 2))])
    merged = next(c for c in table_of(first, second).cells if c.text == "产出")
    assert (merged.row, merged.rowspan) == (1, 4)


def test_no_other_row_is_dropped() -> None:
    first = make_grid(1, rows_of(HEAD, ("产出", "甲", "1")))
    second = make_grid(2, rows_of(("产出", "甲", "1"), HEAD))
    assert texts(table_of(first, second)) == [list(HEAD), ["产出", "甲", "1"], ["产出", "甲", "1"], list(HEAD)]


def test_a_second_table_of_the_same_make_is_not_stitched() -> None:
    """Each prints its title in its first row and the same first label: two forms."""
    title = Spec(0, 0, "项目绩效目标表", cols=2)
    first = make_grid(1, [title, Spec(1, 0, "项目名称"), Spec(1, 1, "甲项目")])
    second = make_grid(2, [title, Spec(1, 0, "项目名称"), Spec(1, 1, "乙项目")])
    found = tables(stitched(pages([first], [second])))
    assert [shape(t) for t in found] == [shape(first), shape(second)]


# ── what stands between


def test_page_numbers_and_running_heads_do_not_part_a_table() -> None:
    blocks: list[list[Line | Grid]] = []
    for n in (1, 2, 3):
        head = line("某市财政局文件", n, 60, 20)
        number = line(f"- {n} -", n, 280, PAGE_HEIGHT - 30)
        blocks.append([head, make_grid(n, rows_of((f"名{n}", f"值{n}"))), number])
    (table,) = stitched(pages(*blocks))
    assert isinstance(table, Table)
    assert table.rows == 3


@pytest.mark.parametrize("text", ["(2024年度)", "填报单位：某中心　单位：万元"])
def test_what_every_form_prints_below_its_title_is_no_running_head(text: str) -> None:
    blocks: list[list[Line | Grid]] = [
        [
            line("项目绩效目标表", n, 200, 30, size=16),
            line(text, n, 220, 60),
            make_grid(n, rows_of((f"名{n}", f"值{n}"))),
        ]
        for n in (1, 2, 3)
    ]
    found = [b.text for b in stitched(pages(*blocks)) if isinstance(b, Line)]
    assert found == ["项目绩效目标表", text] * 3


def test_a_line_of_the_filing_parts_two_tables() -> None:
    first, second = make_grid(1, rows_of(("甲", "乙"))), make_grid(2, rows_of(("丙", "丁")))
    below: list[Line | Grid] = [line("二、下一张表的说明文字", 2, 60, 85), second]
    found = stitched(pages([first], below))
    assert [type(b) for b in found] == [Table, Line, Table]


def test_a_title_on_every_page_is_no_running_head() -> None:
    blocks: list[list[Line | Grid]] = []
    for n in (1, 2, 3):
        blocks.append([line("项目绩效目标表", n, 200, 40, size=16), make_grid(n, rows_of((f"名{n}", f"值{n}")))])
    found = stitched(pages(*blocks))
    assert [type(b) for b in found] == [Line, Table] * 3


def test_a_title_printed_again_above_the_header_of_the_indicators_parts_no_table() -> None:
    above = [line("项目支出绩效目标表", 1, 200, 30, size=16), line("（2024年度）", 1, 220, 60)]
    again = [line("项目支出绩效目标表（续表）", 2, 200, 30, size=16), line("（2024年度）", 2, 220, 60)]
    first = make_grid(1, rows_of(("项目名称", "甲", ""), HEAD, ("产出", "甲", "1")))
    second = make_grid(2, rows_of(HEAD, ("效益", "乙", "2")))
    found = stitched(pages([*above, first], [*again, second]))
    assert [type(b) for b in found] == [Line, Line, Table]
    table = found[-1]
    assert isinstance(table, Table)
    assert texts(table)[-1] == ["效益", "乙", "2"]
    assert [a.text for a in table.aside] == ["项目支出绩效目标表（续表）", "（2024年度）"]


def test_a_heading_beside_the_header_that_is_blank_where_it_is_printed_again_parts_no_table() -> None:
    title = [line("项目支出绩效目标表", n, 200, 30, size=16) for n in (1, 2)]
    first = make_grid(1, rows_of(("项目名称", "甲", "", ""), ("绩效指标", *HEAD), ("", "产出", "甲", "1")))
    second = make_grid(2, rows_of(("", *HEAD), ("", "效益", "乙", "2")))
    assert [type(b) for b in stitched(pages([title[0], first], [title[1], second]))] == [Line, Table]


def test_a_title_printed_again_above_indicators_alone_parts_no_table() -> None:
    first = make_grid(1, rows_of(HEAD, ("产出", "甲", "1")))
    second = make_grid(2, rows_of(("效益", "乙", "2"), ("", "丙", "3")))
    title = [line("项目支出绩效目标表", n, 200, 30, size=16) for n in (1, 2)]
    assert [type(b) for b in stitched(pages([title[0], first], [title[1], second]))] == [Line, Table]


@pytest.mark.parametrize(
    "below",
    [
        ((HEAD,), (HEAD, ("效益", "乙", "2"))),
        ((("", "乙", "2"), HEAD, ("效益", "丙", "3")),),
        ((("存在问题", "无", ""), ("改进措施", "无", "")),),
    ],
    ids=["a header apart from its body", "rows before a header", "labels that close the form"],
)
def test_a_title_printed_again_parts_no_table_from_what_goes_on(below: Sequence[Sequence[Sequence[str]]]) -> None:
    rows = (("项目名称", "甲", ""), HEAD, ("产出", "甲", "1"))
    title = [line("项目支出绩效目标表", n, 200, 30, size=16) for n in (1, 2)]
    grids = [make_grid(2, rows_of(*part), top=100 + 200 * n) for n, part in enumerate(below)]
    found = stitched(pages([title[0], make_grid(1, rows_of(*rows))], [title[1], *grids]))
    assert [type(b) for b in found] == [Line, Table]


def test_a_title_with_labels_that_the_form_has_printed_begins_another_form_without_indicators() -> None:
    rows = (("项目名称", "甲", ""), HEAD, ("产出", "甲", "1"))
    title = [line("项目支出绩效目标表", n, 200, 30, size=16) for n in (1, 2)]
    below = make_grid(2, rows_of(("存在问题", "无", ""), ("项目名称", "乙", "")))
    found = stitched(pages([title[0], make_grid(1, rows_of(*rows))], [title[1], below]))
    assert [type(b) for b in found] == [Line, Table] * 2


@pytest.mark.parametrize("labelled", [False, True], ids=["the title again", "another form"])
def test_a_title_above_labels_without_rules_is_that_of_the_table_below_them(labelled: bool) -> None:
    title = [line("项目支出绩效目标表", n, 200, 30, size=16) for n in (1, 2)]
    labels = [make_grid(n, rows_of(("项目名称：甲", "主管部门：乙")), ruled=False) for n in (1, 2)]
    first = make_grid(1, rows_of(HEAD, ("产出", "甲", "1")), top=300)
    second = make_grid(2, rows_of(HEAD, ("效益", "乙", "2")), top=300)
    below = [title[1], labels[1], second] if labelled else [title[1], second]
    found = tables(stitched(pages([title[0], labels[0], first], below)))
    assert [t.pages for t in found if t.ruled] == ([(1,), (2,)] if labelled else [(1, 2)])


@pytest.mark.parametrize("name", ["甲", "乙"])
def test_a_title_with_labels_below_it_begins_another_form(name: str) -> None:
    """Also where the form below is the same form printed twice."""
    rows = (("项目名称", "甲", ""), HEAD, ("产出", "甲", "1"))
    title = [line("项目支出绩效目标表", n, 200, 30, size=16) for n in (1, 2)]
    below = make_grid(2, rows_of(("项目名称", name, ""), *rows[1:]))
    found = stitched(pages([title[0], make_grid(1, rows_of(*rows))], [title[1], below]))
    assert [type(b) for b in found] == [Line, Table] * 2


@pytest.mark.parametrize("gap", [2, 14, 40])
def test_a_header_in_a_table_of_its_own_is_the_head_of_the_table_below_it(gap: float) -> None:
    labels = make_grid(1, rows_of(("项目名称", "甲", ""), ("主管部门", "乙", "")))
    head = make_grid(1, rows_of(HEAD), top=300)
    body = make_grid(1, rows_of(("产出", "甲", "1"), ("效益", "乙", "2")), top=300 + ROW + gap)
    found = tables(stitched(pages([labels, head, body])))
    assert [texts(t) for t in found][1] == [list(HEAD), ["产出", "甲", "1"], ["效益", "乙", "2"]]
    assert found[1].breaks == ()


def test_two_grids_of_one_page_stay_two() -> None:
    first, second = make_grid(1, rows_of(("甲", "乙"))), make_grid(1, rows_of(("丙", "丁")), top=400)
    assert len(tables(stitched(pages([first, second])))) == 2


# ── stitch(split(t)) == t


@dataclass(frozen=True)
class Cut:
    """A table as one page would show it, and the rows at which page breaks cut it."""

    rows: int
    cols: int
    specs: tuple[Spec, ...]
    breaks: tuple[int, ...]
    upper: bool  # a merged cell that is cut keeps its text in its upper part, else its lower


@st.composite
def cut_tables(draw: st.DrawFn) -> Cut:
    """Level columns of merged cells over leaf columns without blanks, cut at row borders.

    A merged cell is cut so that one of its parts has two rows or more: where both parts are of one row, geometry
    does not tell them from two cells, and nothing is merged.
    """
    rows = draw(st.integers(2, 9))
    levels = draw(st.integers(0, 2))
    leaves = draw(st.integers(1, 3))
    borders = set(draw(st.lists(st.integers(1, rows - 1), max_size=4)))
    specs: list[Spec] = []
    groups: list[tuple[int, int]] = []
    for col in range(levels):
        starts = sorted({0, *borders})
        groups += list(zip(starts, [*starts[1:], rows], strict=True))
        specs += [Spec(a, col, f"级{col}组{a}", rows=b - a) for a, b in zip(starts, [*starts[1:], rows], strict=True)]
        borders |= set(draw(st.lists(st.integers(1, rows - 1), max_size=2)))
    specs += [Spec(r, levels + c, f"第{r}行{c}") for r in range(rows) for c in range(leaves)]

    upper = draw(st.booleans())
    wanted = draw(st.lists(st.integers(1, rows - 1), max_size=3 if upper else 1))
    breaks: list[int] = []
    for at in sorted(set(wanted)):
        following = min([b for b in wanted if b > at], default=rows)
        if all(not a < at < b or at - a > 1 or min(b, following) - at > 1 for a, b in groups):
            breaks.append(at)
    return Cut(rows, levels + leaves, tuple(specs), tuple(breaks), upper)


def split(cut: Cut) -> list[Grid]:
    """The grids that the pages show."""
    starts = [0, *cut.breaks]
    grids = []
    for page, (top, bottom) in enumerate(zip(starts, [*cut.breaks, cut.rows], strict=True), 1):
        shown = []
        for s in cut.specs:
            first, last = max(s.row, top), min(s.row + s.rows, bottom)
            if first >= last:
                continue
            keeps = first == s.row if cut.upper else last == s.row + s.rows
            shown.append(Spec(first - top, s.col, s.text if keeps else "", rows=last - first, cols=s.cols))
        grids.append(make_grid(page, shown))
    return grids


@settings(deadline=None, derandomize=True, max_examples=200)
@given(cut_tables())
def test_a_table_split_at_row_borders_is_stitched_to_itself(cut: Cut) -> None:
    table = table_of(*split(cut))
    whole = make_grid(1, cut.specs)
    assert sorted(shape(table)) == sorted(shape(whole))
    assert (table.rows, table.cols) == (cut.rows, cut.cols)
    assert table.breaks == cut.breaks
    assert table.row_pages == tuple(1 + sum(at <= r for at in cut.breaks) for r in range(cut.rows))
