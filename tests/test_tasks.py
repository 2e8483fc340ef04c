"""The tasks of the year."""

from __future__ import annotations

import pytest
from helpers_tables import WHOLE, C, doubts, make_table, read


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


def test_tasks_with_money_below_one_heading_and_a_goal() -> None:
    record = read(
        make_table(
            (C("年度重点工作任务", rows=5), C("名称", rows=2), C("主要实施内容", rows=2),
             C("拟投入的资金（万元）", cols=3), C("期望达到的目标（概述）", rows=2)),
            ("总金额", "财政拨款", "其他资金"),
            ("甲任务", "做甲。", "3,260.00", "3,200.00", "60.00", "甲成。"),
            ("乙任务", "做乙。", "5", "5", "", "乙成。"),
            (C("金额合计", cols=2), "3,265.00", "3,205.00", "60.00", ""),
        ),
        title=WHOLE,
    )  # fmt: skip
    assert record.tasks == [
        {"name": "甲任务", "content": "做甲。", "goal": "甲成。",
         "amounts": {"总金额": "3260.00", "财政拨款": "3200.00", "其他资金": "60.00"}},
        {"name": "乙任务", "content": "做乙。", "goal": "乙成。",
         "amounts": {"总金额": "5", "财政拨款": "5", "其他资金": None}},
    ]  # fmt: skip
    assert record.tasks_total == {"总金额": "3265.00", "财政拨款": "3205.00", "其他资金": "60.00"}
    assert record.amount_unit == "万元"
    assert record.funds == []
    assert record.findings == []


def test_tasks_with_money_columns_in_one_header_row() -> None:
    record = read(
        make_table(
            (C("年度主要任务", rows=3), "任务名称", "主要内容", "预算金额（万元）", "其中：财政拨款"),
            ("甲任务", "做甲。", "10", "约8"),
            ("合计", "", "10", "8"),
        ),
        title=WHOLE,
    )
    assert record.tasks == [{"name": "甲任务", "content": "做甲。", "amounts": {"预算金额": "10", "财政拨款": None}}]
    assert record.tasks_total == {"预算金额": "10", "财政拨款": "8"}
    assert doubts(record) == [("unreadable", "/tasks/0/amounts/财政拨款")]


@pytest.mark.parametrize(
    "below",
    [
        ("绩效目标情况", "做好全年各项工作。", ""),  # a heading where a task's name would stand
        ("本年度要做到的", C("做好全年各项工作。", cols=2)),  # one text over several columns
        ("项目绩效目标情况", "部门整体绩效目标", "做好全年各项工作。"),  # a goal before a label
    ],
)
def test_what_stands_below_the_tasks_is_no_task(below: tuple[str | C, ...]) -> None:
    rows = ("年度主要任务", "主要内容", "责任科室"), ("甲任务", "做甲。", "一科"), below
    record = read(make_table(*rows), title=WHOLE)
    assert record.tasks == [{"name": "甲任务", "content": "做甲。", "责任科室": "一科"}]


def test_a_tall_cell_beside_a_label_is_no_task() -> None:
    record = read(
        make_table(
            ("年度主要任务", "主要内容", "责任科室"),
            ("甲任务", "做甲。", "一科"),
            (C("情况", rows=2), "部门整体绩效目标", "做好全年各项工作。"),
            ("单位职能", "管理工程。"),
        ),
        title=WHOLE,
    )
    assert record.tasks == [{"name": "甲任务", "content": "做甲。", "责任科室": "一科"}]
    assert record.fields["overall_goal"] == "做好全年各项工作。"
