"""What stands where labels stand is one: headings over goals, labels below each other; lists hold no labels."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers_tables import C, doubts, fields, make_table, read


@pytest.mark.parametrize("parent", ["项目立项情况", "基本情况", "立项依据及必要性", "项目概况"])
@pytest.mark.parametrize("first", ["项目立项的依据", "政策依据"])
def test_labels_below_each_other_beside_a_heading_have_a_value_each(parent: str, first: str) -> None:
    rows: Sequence[Sequence[str | C]] = (
        (C(parent, 3), first, C("《三年行动方案》", cols=2)),
        ("可行性研究", C("用地已落实，资金来源明确。", cols=2)),
        ("项目必要性", C("汛期污水外溢。", cols=2)),
        ("项目名称", C("某桥", cols=3)),
    )
    assert fields(*rows) == {
        first: "《三年行动方案》",
        "可行性研究": "用地已落实，资金来源明确。",
        "necessity": "汛期污水外溢。",
        "project_name": "某桥",
    }


def test_a_list_beside_a_heading_is_no_field_and_is_told() -> None:
    table = make_table(
        (C("实施进度计划", 4), "项目实施内容", "开始时间", "完成时间"),
        ("1、方案设计", "2024-01", "2024-03"),
        ("2、管网施工", "2024-04", "2024-10"),
        ("3、竣工验收", "2024-11", "2024-12"),
        ("项目名称", C("某桥", cols=3)),
    )
    record = read(table)
    assert record.fields == {"project_name": "某桥"}
    unowned = {f.printed for f in record.findings if f.rule == "unowned"}
    assert {"2、管网施工", "2024-10"} <= unowned


def test_a_list_over_the_whole_table_is_no_field() -> None:
    table = make_table(
        ("设备名称", "数量", "单价", "用途"),
        ("检测仪", "2", "3.50", "检测"),
        ("运输车", "1", "20.00", "运输"),
        ("项目名称", C("某桥", cols=3)),
    )
    assert read(table).fields == {"project_name": "某桥"}


@pytest.mark.parametrize("amount", ["3,260.00", "0.00", "98%", "2024-01", "2024年3月", "12个", "≥95%"])
def test_an_amount_a_rate_or_a_date_is_no_label(amount: str) -> None:
    table = make_table(("某某情况", amount, "说明文字"), ("项目名称", C("某桥", cols=2)))
    assert amount not in read(table).fields


@pytest.mark.parametrize(
    ("heads", "names"),
    [
        (("中长期目标", "年度目标"), ("medium_term_goal", "annual_goal")),
        (("三年总目标", "2024年度目标"), ("medium_term_goal", "annual_goal")),
        (("远期", "近期"), ("远期", "近期")),
        (("第一阶段", "第二阶段"), ("第一阶段", "第二阶段")),
    ],
)
def test_what_stands_over_goals_is_a_heading_known_or_not(heads: Sequence[str], names: Sequence[str]) -> None:
    table = make_table((C("绩效目标", 2), *heads), ("三年内建成。", "今年开工。"), ("项目名称", C("某桥", cols=2)))
    record = read(table)
    assert record.fields == {names[0]: "三年内建成。", names[1]: "今年开工。", "project_name": "某桥"}
    unknown = [
        ("inferred", f"/fields/{n}") for h, n in zip(heads, names, strict=True) if h not in ("中长期目标", "年度目标")
    ]
    assert doubts(record) == unknown


def test_goals_of_several_rows_stand_below_their_headings() -> None:
    rows = (
        (C("总体目标", 3), "长期目标", "年度目标"),
        ("目标1：建成。", "目标1：开工。"),
        ("目标2：通车。", "目标2：勘测。"),
    )
    assert fields(*rows) == {
        "medium_term_goal": "目标1：建成。\n目标2：通车。",
        "annual_goal": "目标1：开工。\n目标2：勘测。",
    }


def test_goals_below_headings_that_run_over_the_whole_table() -> None:
    found = fields(
        (C("五年总目标", cols=2), C("2024年目标", cols=2)), (C("五年建成。", cols=2), C("今年开工。", cols=2))
    )
    assert found == {"medium_term_goal": "五年建成。", "annual_goal": "今年开工。"}


def test_a_label_over_its_value_in_rows_of_their_own() -> None:
    rows = (
        ("项目名称", "某桥"),
        (C("年度总体目标", cols=2),),
        (C("今年开工，明年建成。", cols=2),),
        (C("存在问题", cols=2),),
    )
    assert fields(*rows, (C("无", cols=2),)) == {
        "project_name": "某桥",
        "annual_goal": "今年开工，明年建成。",
        "problems": "无",
    }


def test_a_bare_option_ends_where_another_label_begins() -> None:
    record = read(make_table(("项目属性", "延续项目", "项目期", "3 年"), ("项目名称", C("某桥", cols=3))))
    assert record.choices == {"project_attribute": ["延续项目"]}
    assert record.fields == {"项目期": "3 年", "project_name": "某桥"}


def test_an_unknown_label_over_a_sentence_is_one() -> None:
    rows = (("项目名称", "某桥"), (C("立项依据", cols=2),), (C("《水利规划》及会议纪要。", cols=2),))
    assert fields(*rows) == {"project_name": "某桥", "立项依据": "《水利规划》及会议纪要。"}


def test_a_table_beside_an_unknown_heading_is_no_value_of_it() -> None:
    table = make_table(
        (C("进度安排", 3), "时间", "工作内容", "责任人"),
        ("2025年3月", "招标", "张三"),
        ("2025年9月", "施工", "李四"),
        ("项目名称", C("某桥", cols=3)),
    )
    assert read(table).fields == {"project_name": "某桥"}


@pytest.mark.parametrize("numbers", [("1", "2"), ("（一）", "（二）"), ("目标1", "目标2")])
def test_parts_of_a_value_may_be_numbered_in_cells_of_their_own(numbers: tuple[str, str]) -> None:
    rows = (C("年度目标", 2), numbers[0], "建成。"), (numbers[1], "通车。"), ("项目名称", C("某桥", cols=2))
    record = read(make_table(*rows))
    assert record.fields == {"annual_goal": f"{numbers[0]} 建成。\n{numbers[1]} 通车。", "project_name": "某桥"}
    assert doubts(record) == [("inferred", "/fields/annual_goal")]


def test_rows_of_several_things_beside_a_heading_are_no_pairs() -> None:
    table = make_table(
        (C("项目组成", 2), "子项目1", "土建", "500", "万元", ""),
        ("子项目2", "设备", "200", "万元", ""),
        ("项目名称", C("某桥", cols=5)),
    )
    assert read(table).fields == {"project_name": "某桥"}
