"""What is a form: a title with labels or an indicator table; a list of projects under a title is none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers_tables import C, make_line, make_table, read_all

from pipeline.reading.forms import split_forms
from schemas.language.vocabulary import load_words
from schemas.model import Block, Cell, Line, Place, Table


def table(*rows: Sequence[str]) -> Table:
    cells = tuple(Cell(r, c, 1, 1, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Table(len(rows), max(map(len, rows)), cells)


def forms(title: str, *rows: Sequence[str]) -> int:
    blocks: list[Block] = [Line(title, Place(line=1)), table(*rows)]
    return len(split_forms(blocks, load_words()))


HEAD = ("序号", "项目名称", "主管部门", "全年预算数", "自评得分", "自评等级")


def test_a_list_of_projects_with_scores_is_no_form() -> None:
    rows = [(str(n), f"项目{n}", "市城管局", "120.00", "96.5", "优") for n in (1, 2, 3)]
    assert forms("项目支出绩效自评结果汇总表", HEAD, *rows) == 0
    assert forms("部门项目绩效自评得分表", HEAD[1:], *(row[1:] for row in rows)) == 0


def test_a_form_that_prints_its_labels_in_a_row_is_one() -> None:
    head, values = ("项目名称", "主管部门", "实施单位", "联系人"), ("道路养护", "市城管局", "养护中心", "张三")
    goal = ("年度目标", "完成养护", "", "")
    assert forms("项目支出绩效目标表", head, values, goal) == 1


def test_a_form_of_labels_beside_their_values_is_one() -> None:
    rows = (("项目名称", "道路养护", "主管部门", "市城管局"), ("实施单位", "养护中心", "联系人", "张三"))
    assert forms("项目支出绩效目标表", *rows, ("年度目标", "完成养护", "绩效等级", "优")) == 1


INDICATORS = (("一级指标", "二级指标", "三级指标", "指标值"), ("产出指标", "数量指标", "甲", "1次"))
PROSE = (
    "三、预算绩效情况说明",
    "本部门按照绩效管理的要求，对上述项目开展了绩效自评，各项指标完成较好。",
    "政府采购支出总额为一百二十万元，其中授予中小企业合同金额占政府采购支出总额的比例较高。",
)


def test_chapters_and_their_tables_between_two_forms_are_of_neither() -> None:
    first = make_table(("项目名称", C("甲项目", cols=3)), ("主管部门", C("某局", cols=3)), *INDICATORS)
    second = make_table(("部门名称", C("某局", cols=3)), *INDICATORS)
    list_of_money = make_table(("项目", "预算数"), ("因公出国费", "0"), ("公务接待费", "1.5"), ("合计", "1.5"))
    titles = make_line("2024年度项目支出绩效目标表"), make_line("2024年度部门整体支出绩效目标表")
    prose = [make_line(text) for text in PROSE]
    records = read_all(titles[0], first, *prose, list_of_money, *prose, titles[1], second, *prose)
    assert [(r.fields, r.funds, r.findings) for r in records] == [
        ({"project_name": "甲项目", "supervising_department": "某局"}, [], []),
        ({"reporting_unit": "某局"}, [], []),
    ]


def test_a_table_behind_a_heading_or_a_remark_goes_on_with_its_form() -> None:
    table = make_table(("项目名称", C("甲项目", cols=3)), *INDICATORS)
    more = make_table(("其他说明", "无"), ("存在问题", "无"))
    title = make_line("2024年度项目支出绩效目标表")
    for text in ("四、其他情况", "注：以上各项指标由本单位按照预算管理办法的要求自行填报并对其真实性负责"):
        (record,) = read_all(title, table, make_line(text), more)
        assert record.fields == {"project_name": "甲项目", "other_notes": "无", "problems": "无"}


@pytest.mark.parametrize("gap", [(), ("",)])
def test_forms_side_by_side_are_parted_at_their_titles(gap: tuple[str, ...]) -> None:
    def row(*cells: str | C) -> tuple[str | C, ...]:
        return (*cells, *gap, *cells)

    title, year = C("项目支出绩效目标申报表", cols=4), C("（2025年度）", cols=4)
    rows = [row(title), row(year), row("项目名称", C("甲项目", cols=3)), *(row(*cells) for cells in INDICATORS)]
    records = read_all(make_table(*rows))
    assert [(r.title, r.year, r.fields, len(r.indicators)) for r in records] == [
        ("项目支出绩效目标申报表", 2025, {"project_name": "甲项目"}, 1)
    ] * 2


def test_a_form_below_one_of_two_side_by_side_has_its_own_title() -> None:
    title = C("项目支出绩效目标申报表", cols=4)
    left = [(title,), ("项目名称", C("甲", cols=3)), *INDICATORS]
    right = [(C("部门整体支出绩效目标申报表", cols=4),), ("部门名称", C("乙", cols=3)), *INDICATORS]
    rows = [(*a, *b) for a, b in zip(left + right, right + left, strict=True)]
    records = read_all(make_table(*rows))
    project, whole = ("项目支出绩效目标申报表", ["甲"]), ("部门整体支出绩效目标申报表", ["乙"])
    assert [(r.title, list(r.fields.values())) for r in records] == [project, whole, whole, project]


STATISTICS = (
    ("地区生产总值", "亿元", "1234.5", "6.1"),
    ("常住人口", "万人", "310.2", "0.4"),
    ("城镇化率", "%", "65.4", "1.2"),
)


@pytest.mark.parametrize("head", [("指标名称", "计量单位", "绝对量", "增长"), ("指标名称", "单位", "指标值", "增长")])
def test_a_sheet_of_statistics_is_no_form(head: tuple[str, ...]) -> None:
    """Neither a title nor the levels of its indicators, nor of whom it is."""
    assert forms("2023年主要经济指标", head, *STATISTICS) == 0
    levels = ("一级指标", "二级指标", "指标名称", "指标值")
    assert forms("第一页", levels, ("产出指标", "数量指标", "检查次数", "≥5次")) == 1
    assert forms("第一页", head, ("数量指标", "次", "5", "1")) == 1
