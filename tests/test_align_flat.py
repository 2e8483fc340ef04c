"""Text dumps without tabs, and rows that only the gaps of others place, become the record that the paper prints."""

from __future__ import annotations

import pytest
from helpers_dumps import HEAD, REVIEW, TITLE, doubts, dump, money, read, read_all, row

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from schemas.language.vocabulary import load_words
from schemas.model import Table

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
