"""Tables laid out as published forms are, written without merged cells: as Markdown, with commas, with tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from helpers_carriers import TITLE, YEAR, as_csv, as_html, as_markdown, as_tabs, grid, read_text, records
from helpers_tables import C, make_table, money, read

from schemas.record import Record

NAME = "设备购置"
REVIEW_WITH_OPERATORS = (
    ("项目名称", C(NAME, cols=8)),
    (C("绩效指标", cols=3), C("年度指标值", cols=3), C("实际完成值", rows=2), C("分值", rows=2), C("得分", rows=2)),
    ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位"),
    (C("产出指标", rows=2), "数量指标", "购置设备数量", "=", "13", "台（套）", "13台（套）", "50", "50.00"),
    ("质量指标", "验收合格率", ">=", "98", "%", "100%", "20", "20.00"),
    ("效益指标", "社会效益指标", "等候时间缩短", "=", "明显", "—", "明显", "30", "28.00"),
    (C("其他需要说明事项", cols=3), C("无", cols=6)),
    ("总分", "总分值", C("100.00", cols=2), "总得分", C("98.00", cols=2), "自评等级", "优"),
)
"""云南: two rows of headers from the first column on, totals behind labels of their own."""

MONEY_OF_TASKS = (
    ("项目名称", C(NAME, cols=7)),
    (
        C("预算执行情况（万元）", rows=4), C("任务名称", rows=2), C("年初预算数", cols=3), C("1—7月执行数", cols=2),
        C("1—7月执行率", rows=2),
    ),
    ("总额", "财政拨款", "其他资金", "总额", "财政拨款"),
    ("环卫保洁", "2300", "2300", "", "1280.5", "1280.5", "55.67%"),
    ("设施维护", "960", "900", "60", "488.2", "460", "50.85%"),
    ("一级指标", "二级指标", "三级指标", C("年度指标值", cols=3), C("1—7月执行情况", cols=2)),
    ("产出指标", "数量指标", "保洁面积", C("≥860万平方米", cols=3), C("860万平方米", cols=2)),
)  # fmt: skip
"""A name of the lines between the block and two rows of headers."""

LEVELS_OF_TWO_YEARS = C("上年度实际水平", rows=2), C("本年度计划水平", rows=2), C("公式", rows=2)
HEADS = "项目", "上年度预算安排", "上年度实际执行", "本年度申请金额"
BLOCKS_AND_PAST = (
    ("项目名称", C(NAME, cols=5)),
    (C("项目资金情况", rows=6), C("资金来源（万元）", rows=3), *HEADS),
    ("合计", "90", "88.6", "120"),
    ("上年结转", "——", "——", ""),
    (C("支出明细预算（万元）", rows=3), *HEADS),
    ("合计", "90", "88.6", "120"),
    ("1.扫描费", "90", "88.6", "120"),
    (C("绩效指标", rows=4), C("指标名称", cols=2), *LEVELS_OF_TWO_YEARS),
    ("二级指标", "三级指标"),
    (C("目标完成程度", rows=2), "1.数字化页数", "45万页", "60万页", "上传的页数"),
    ("2.抽检合格率", "99.2%", "99.5%", "合格页数/抽检页数"),
    ("财政主管科室意见", C("同意申报（盖章）", cols=5)),
)  # fmt: skip
"""黑龙江 大庆: blocks within a block, whose lines may have no amount of this year."""

NAMED_AS_MONEY = (
    (C("项目名称", cols=2), C("健身中心运营补助", cols=2), "项目属性", "延续项目☑ 新增项目□"),
    (C("总体目标", rows=2), C("年度目标", cols=3), C("年度总体目标完成情况", cols=2)),
    (C("接待群众48万人次。", cols=3), C("", cols=2)),
    ("一级指标", C("二级指标", cols=2), "三级指标", "指标值", "备注"),
    ("产出指标", C("数量指标", cols=2), "1.接待健身人次", "48万人次", ""),
)
"""湖南: a project called as a line of money is, and a goal that nothing is said of yet."""

Rows = Sequence[Sequence[str | C]]


def carried(rows: Rows, name: str, folder: Path) -> Record:
    """The record of a table in a file of this name."""
    table = make_table(*rows)
    cells = [(c.text, c.row, c.col, c.rowspan, c.colspan) for c in table.cells]
    texts = grid(filled=False, cells=cells, rows=table.rows, cols=table.cols)
    written: dict[str, Callable[[], str]] = {
        "x.html": lambda: f"<p>{TITLE}</p><p>{YEAR}</p>{as_html(cells, table.rows)}",
        "x.md": lambda: as_markdown(texts),
        "x.csv": lambda: as_csv(texts),
        "x.txt": lambda: as_tabs(texts),
    }
    (record,) = read_text(folder, name, written[name]())
    return record


@pytest.mark.parametrize("name", ["x.md", "x.csv", "x.txt"])
@pytest.mark.parametrize("rows", [REVIEW_WITH_OPERATORS, MONEY_OF_TASKS, BLOCKS_AND_PAST, NAMED_AS_MONEY])
def test_what_lost_its_merged_cells_is_read_as_the_page(rows: Rows, name: str, tmp_path: Path) -> None:
    page, dump = carried(rows, "x.html", tmp_path), carried(rows, name, tmp_path)
    for part in ("fields", "choices", "funds", "columns", "indicators"):
        assert getattr(dump, part) == getattr(page, part), part


def test_the_page_itself_is_read_by_its_headers(tmp_path: Path) -> None:
    review = carried(REVIEW_WITH_OPERATORS, "x.html", tmp_path)
    assert [(i.level1, i.op, i.unit, i.actual, i.score) for i in review.indicators] == [
        ("产出指标", "=", "台（套）", "13台（套）", "50.00"),
        ("产出指标", ">=", "%", "100%", "20.00"),
        ("效益指标", "=", "—", "明显", "28.00"),
    ]
    assert review.fields == {
        "project_name": NAME, "other_notes": "无", "total_weight": "100.00", "total_score": "98.00", "grade": "优",
    }  # fmt: skip
    lines = money(carried(MONEY_OF_TASKS, "x.html", tmp_path))
    assert [amount for _, _, column, amount in lines if column == "progress_rate"] == ["55.67", "50.85"]
    past = carried(BLOCKS_AND_PAST, "x.html", tmp_path)
    assert [amount for _, _, column, amount in money(past) if column == "full_year_budget"] == [
        "120",
        None,
        "120",
        "120",
    ]
    assert [i.targets for i in past.indicators] == [{"full_year": "60万页"}, {"full_year": "99.5%"}]


def test_a_project_called_as_money_has_its_name_in_a_dump(tmp_path: Path) -> None:
    record = carried(NAMED_AS_MONEY, "x.md", tmp_path)
    assert record.fields == {
        "project_name": "健身中心运营补助", "annual_goal": "接待群众48万人次。", "goal_achieved": None,
    }  # fmt: skip


def test_a_heading_that_is_merged_tells_of_no_repeated_text(tmp_path: Path) -> None:
    """Two equal years side by side in a workbook whose merged cells are marked are two cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["项目名称", NAME],
        ["实施计划", "内容", None, "开始时间", "完成时间"],
        [None, "1、规划", None, 2016, 2020],
        [None, "2、建设", None, 2021, 2021],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
        [None, "产出指标", "数量指标", "道路", "88公里"],
        [None, "效益指标", "社会效益指标", "受益人口", "2万人"],
    ):
        sheet.append(row)
    for place in ("B1:E1", "A2:A4", "B2:C2", "B3:C3", "B4:C4", "A5:A7"):
        sheet.merge_cells(place)
    book.save(tmp_path / "x.xlsx")
    (record,) = records(tmp_path / "x.xlsx")
    assert record.fields == {"project_name": NAME}


def test_amounts_without_a_header_are_doubted() -> None:
    rows = (C("项目资金（万元）", rows=2), "财政拨款", "90", "120"), ("其他资金", "5", "6")
    record = read(make_table(("项目名称", C(NAME, cols=3)), *rows))
    told = {f.where for f in record.findings if f.rule == "inferred"}
    assert [f.amount for f in record.funds] == ["90", "5"]
    assert {"/funds/0", "/funds/1"} <= told
