"""The tasks of the year."""

from __future__ import annotations

from helpers_tables import WHOLE, C, make_table, read


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
