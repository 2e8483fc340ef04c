"""Blocks, lists and headings in tables of texts that hold no merged cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from helpers_carriers import read_text
from helpers_tables import doubts, money

from schemas.record import Record

HEAD = (
    "一级指标|二级指标|三级指标|指标值|分值",
    "产出指标|数量指标|整治村庄|32个|50",
    "效益指标|社会效益指标|受益人口|6万人|50",
)


def read(folder: Path, *lines: str, title: str = "某县部门整体支出绩效目标表") -> list[Record]:
    """The records of a form whose table is printed between pipes, its rows filled up with blanks."""
    width = max(line.count("|") for line in lines) + 1
    rows = [line + "|" * (width - 1 - line.count("|")) for line in lines]
    rows.insert(1, "|".join(["---"] * width))
    return read_text(folder, "x.md", "\n".join([f"# {title}", "", *(f"|{row}|" for row in rows), ""]))


BLOCKS = [
    (
        ("预算情况|财政拨款|小计||30", "||一般公共预算资金||30", "|其他资金|||5"),
        {"财政拨款/小计": "30", "财政拨款/一般公共预算资金": "30", "其他资金": "5"},
    ),
    (("预算情况|资金总额||35", "|其中：财政拨款||30"), {"资金总额": "35", "资金总额/财政拨款": "30"}),
    (("项目资金执行情况|收入||支出", "|财政拨款|36|基本支出|35"), {"财政拨款": "36", "基本支出": "35"}),
    (
        ("年度资金总额（万元）|35|其中：财政拨款|30|其他资金|5",),
        {"年度资金总额": "35", "年度资金总额/财政拨款": "30", "年度资金总额/其他资金": "5"},
    ),
    (("预算资金情况|资金总额：35", "|财政拨款：30"), {"资金总额": "35", "财政拨款": "30"}),
]


@pytest.mark.parametrize(("block", "lines"), BLOCKS)
def test_the_name_of_a_block_of_money_ends_the_indicators(
    block: tuple[str, ...], lines: dict[str, str], tmp_path: Path
) -> None:
    (record,) = read(tmp_path, *HEAD, *block)
    assert {path: amount for _, path, _, amount in money(record)} == lines
    assert len(record.indicators) == 2


def test_the_name_of_a_block_of_money_ends_the_tasks(tmp_path: Path) -> None:
    tasks = ("主要任务|主要内容|期望达到的目标|预算金额", "清淤|清淤三处|河道通畅|30", "金额合计|||30")
    (record,) = read(tmp_path, *tasks, "项目资金执行情况|收入||支出", "|财政拨款|35|基本支出|35", *HEAD)
    assert [task["name"] for task in record.tasks] == ["清淤"]
    assert [(path, amount) for _, path, _, amount in money(record)] == [("财政拨款", "35"), ("基本支出", "35")]


@pytest.mark.parametrize("name", ["项目预算", "经费预算"])
def test_amounts_below_their_names_are_in_the_block_beside_them(name: str, tmp_path: Path) -> None:
    (record,) = read(tmp_path, f"{name}|总金额（万元）|财政拨款|其他资金", "|28|20|8", "绩效目标|河道通畅。", *HEAD)
    assert [(path, amount) for _, path, _, amount in money(record)] == [
        ("总金额", "28"), ("财政拨款", "20"), ("其他资金", "8"),
    ]  # fmt: skip
    assert record.amount_unit == "万元"


def test_a_list_that_repeats_its_projects_in_each_row_is_one_of_projects(tmp_path: Path) -> None:
    rows = [f"{name}|{amount}|{row}" for name, amount in (("清淤", "30"), ("绿化", "12")) for row in (HEAD[1], HEAD[2])]
    records = read(tmp_path, f"项目名称|预算金额（万元）|{HEAD[0]}", *rows, title="某县项目绩效目标表")
    assert [record.fields["project_name"] for record in records] == ["清淤", "绿化"]
    assert [[amount for *_, amount in money(record)] for record in records] == [["30"], ["12"]]
    assert [len(record.indicators) for record in records] == [2, 2]


def test_a_heading_below_a_row_of_dates_has_no_value_of_its_own(tmp_path: Path) -> None:
    blocks = ("开始时间||2022-01-01|完成时间|2026-03", "实施期绩效指标", *HEAD, "年度绩效指标", *HEAD)
    (record,) = read(tmp_path, *blocks)
    assert list(record.fields) == ["start_date", "end_date"]
    assert [list(indicator.targets) for indicator in record.indicators] == [
        ["whole_project"], ["whole_project"], ["full_year"], ["full_year"],
    ]  # fmt: skip


def test_years_of_money_above_two_halves_name_no_periods(tmp_path: Path) -> None:
    (record,) = read(
        tmp_path,
        "项目名称|清淤",
        "资金来源|项目|2023年|2024年|当年预算数",
        "|资金总额（元）|63|64|65",
        "一级指标|二级指标|实施期绩效指标||当年绩效指标",
        "||绩效指标|目标值|绩效指标|目标值",
        "产出指标|数量指标|整治村庄|90个|整治村庄|32个",
    )
    assert record.indicators[0].targets == {"whole_project": "90个", "full_year": "32个"}
    assert [(column, amount) for _, _, column, amount in money(record)] == [
        ("other:2023年", "63"), ("other:2024年", "64"), ("full_year_budget", "65"),
    ]  # fmt: skip


def test_options_in_a_line_are_ticked(tmp_path: Path) -> None:
    text = "某县项目绩效目标表\n项目属性：●新增项目 ○延续项目\n"
    (record,) = read_text(tmp_path, "x.md", f"# {text}\n|{HEAD[0]}|\n|---|---|---|---|---|\n|{HEAD[1]}|\n")
    assert record.choices == {"project_attribute": ["新增项目"]}


def test_a_phone_without_a_digit_is_doubted(tmp_path: Path) -> None:
    (record,) = read(tmp_path, "联系电话|资产移交安排", *HEAD)
    assert record.fields["contact_phone"] == "资产移交安排"
    assert ("inferred", "/fields/contact_phone") in doubts(record)


TASKS = ("|清淤||清淤三处，保障畅通。", "|护坡||护坡两处，保障安全。", "|巡查||巡查十次，保障质量。")


@pytest.mark.parametrize("heading", ["年度主要任务", "重点任务", "本年工作安排"])
def test_the_name_of_a_block_may_be_that_of_its_first_column(heading: str, tmp_path: Path) -> None:
    (record,) = read(tmp_path, f"{heading}|年度主要任务||主要内容", *TASKS, *HEAD)
    assert [task["name"] for task in record.tasks] == ["清淤", "护坡", "巡查"]
    assert not record.fields


MONEY = ("项目资金执行情况（万元）|收入||支出", "|财政拨款|36|基本支出|35")
TWO_ROWS = [
    (
        ("主要任务|任务事项|任务内容|拟投入的资金（万元）||", "|||总额|财政拨款|其他资金"),
        "|清淤|清淤三处，保障畅通。|||10",
    ),
    (("任务事项|任务内容|拟投入的资金（万元）||", "||总额|财政拨款|其他资金"), "清淤|清淤三处，保障畅通。|||10"),
]


@pytest.mark.parametrize(("header", "task"), TWO_ROWS)
@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_tasks_below_indicators_whose_money_has_a_second_header_row_begin_under_the_first(
    header: tuple[str, ...], task: str, suffix: str, tmp_path: Path
) -> None:
    total = "|" * task.startswith("|") + "金额合计||12|2|10"
    lines = (*HEAD, *header, task, total, *MONEY)
    record = (read if suffix == ".md" else read_tabs)(tmp_path, *lines)[0]
    amounts = {"总额": None, "财政拨款": None, "其他资金": "10"}
    assert [(t["name"], t["amounts"]) for t in record.tasks] == [("清淤", amounts)]
    assert record.tasks_total == {"总额": "12", "财政拨款": "2", "其他资金": "10"}
    assert [(path, amount) for _, path, _, amount in money(record)] == [("财政拨款", "36"), ("基本支出", "35")]
    assert len(record.indicators) == 2


def read_tabs(folder: Path, *lines: str) -> list[Record]:
    """The records of the same form, printed between tabs."""
    width = max(line.count("|") for line in lines)
    rows = [(line + "|" * (width - line.count("|"))).replace("|", "\t") for line in lines]
    return read_text(folder, "x.txt", "\n".join(["某县部门整体支出绩效目标表", "", *rows, ""]))


def test_a_text_in_the_columns_of_other_labels_and_values_is_a_label_behind_a_blank(tmp_path: Path) -> None:
    units = "单位名称||甲局||主管部门||乙局"
    (record,) = read(tmp_path, units, "项目负责人||||归口业务科室||某工程", *HEAD)
    assert record.fields["contact_name"] is None
    assert record.fields["归口业务科室"] == "某工程"
    (record,) = read(tmp_path, units, "项目负责人||王建国||联系电话||123", *HEAD)
    assert (record.fields["contact_name"], record.fields["contact_phone"]) == ("王建国", "123")


def test_a_value_before_a_text_that_no_label_claims_is_doubted(tmp_path: Path) -> None:
    (record,) = read(tmp_path, "项目负责人|||归口业务科室||某工程", "单位名称|甲局", *HEAD)
    assert record.fields["contact_name"] == "归口业务科室"
    assert ("inferred", "/fields/contact_name") in doubts(record)


def test_amounts_below_their_names_may_stand_beside_blanks(tmp_path: Path) -> None:
    (record,) = read(tmp_path, "项目预算|项目资金总额||本级财政补助||上级补助|", "|61.10||10.42||50.68|", *HEAD)
    assert {path.split("/")[-1]: amount for _, path, _, amount in money(record)} == {
        "项目资金总额": "61.10", "本级财政补助": "10.42", "上级补助": "50.68",
    }  # fmt: skip


def test_a_band_that_is_repeated_in_each_column_parts_the_indicators(tmp_path: Path) -> None:
    bands = ["|".join([name] * 5) for name in ("长期绩效指标", "本年绩效指标")]
    goal = "绩效目标|" + "|".join(["河道通畅。"] * 4)
    (record,) = read(tmp_path, goal, bands[0], *HEAD, bands[1], *HEAD, title="某县项目绩效目标表")
    assert [indicator.level3 for indicator in record.indicators] == ["整治村庄", "受益人口"] * 2
    assert [list(indicator.targets) for indicator in record.indicators] == [["whole_project"]] * 2 + [["full_year"]] * 2


def test_labels_over_their_values_may_be_repeated_beside_a_blank(tmp_path: Path) -> None:
    labels = "项目名称|项目名称|联系电话|联系电话|采购组织形式|采购组织形式|主管部门"
    values = "清淤工程|清淤工程|0821-2675884|0821-2675884|||某局"
    (record,) = read(tmp_path, labels, values, *HEAD)
    assert record.fields == {
        "project_name": "清淤工程", "contact_phone": "0821-2675884", "采购组织形式": None,
        "supervising_department": "某局",
    }  # fmt: skip


@pytest.mark.parametrize("form", [read, read_tabs])
def test_a_header_may_bear_the_name_of_the_one_over_the_causes_before_it(
    form: Callable[..., list[Record]], tmp_path: Path
) -> None:
    lines = (
        "一级指标|二级指标|三级指标|全年预期值|上半年完成情况|未完成原因||未完成原因",
        "|||||经费保障|制度保障|",
        "产出指标|数量指标|整治村庄|32个|30个|√||雨期延误。",
        "效益指标|社会效益指标|受益人口|6万人|5万人|||",
    )
    (record,) = form(tmp_path, *lines)
    assert [(i.causes, i.note, i.other) for i in record.indicators] == [
        (["经费保障"], "雨期延误。", None), ([], None, None),
    ]  # fmt: skip
