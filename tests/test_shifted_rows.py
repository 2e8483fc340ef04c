"""Texts whose rows all moved to the left, as programs write them that know of no merged cells."""

from __future__ import annotations

import pytest
from helpers_dumps import TITLE, WORDS, dump, money, names, row
from helpers_dumps import read as read_tabs

from extractors.dump.road import text_blocks
from pipeline.reading.forms import split_forms
from pipeline.reading.interpret.form import identify, read_form
from schemas.model import Document, Reader
from schemas.record import Record

HEADS = ("一级指标", "二级指标", "三级指标", "指标值", "完成值", "权重", "得分", "备注")
WHY = (
    "1.低于九成的须说明原因；2.其他资金含银行贷款，须逐项说明其来源、用途与结余情况，"
    + "并附上有关的合同、凭证、批复。" * 3
)
ROWS = (
    ("项目名称", "设备更新", "", ""),
    ("预算执行情况（10分）", "年度预算数（万元）", "年初预算", "预算执行数", "权重", "得分", "原因"),
    ("总额", "3.40", "3.36", "10", "10", WHY),
    ("其中：财政资金", "3.00", "3.00", "/", "/"),
    ("其他资金", "/", "/"),
    ("绩效指标", *HEADS),
    ("产出指标", "数量指标", "购买台数", "13台", "13台", "40", "40", ""),
    ("质量指标", "合格率", "≥98%", "99%", "40", "40"),
    ("效益指标", "社会效益指标", "使用率", "≥90%", "95%", "10", "10"),
    ("合计", "100", "100"),
    ("评价结论", "按办法支付给施工方。"),
    ("存在问题", "无"),
)  # fmt: skip
WIDTH = max(map(len, ROWS))


def read(text: str) -> Record:
    blocks = text_blocks(text, WORDS)
    (form,) = split_forms(blocks, WORDS)
    return read_form(form, 0, Document("a.md", "0" * 64, Reader.DUMP, 0, blocks), identify(form, ()), WORDS).record


def piped(*, around: bool) -> str:
    lines = [" | ".join([*r, *[""] * (WIDTH - len(r))]) for r in ROWS]
    return dump(f"# {TITLE}", "", *(f"| {line} |" if around else line for line in lines))


@pytest.mark.parametrize(
    "text",
    [piped(around=True), piped(around=False), dump(TITLE, *(row(*r) for r in ROWS))],
    ids=["pipes", "bare", "tabs"],
)
def test_rows_that_all_moved_to_the_left_fall_into_place_and_are_doubted(text: str) -> None:
    record = read(text)
    assert names(record) == [
        ("产出指标", "数量指标", "购买台数"), ("产出指标", "质量指标", "合格率"),
        ("效益指标", "社会效益指标", "使用率"),
    ]  # fmt: skip
    assert [(i.actual, i.weights, i.score) for i in record.indicators] == [
        ("13台", {"full_year": "40"}, "40"), ("99%", {"full_year": "40"}, "40"), ("95%", {"full_year": "10"}, "10"),
    ]  # fmt: skip
    assert [(path, column, amount) for _, path, column, amount in money(record) if column != "other:原因"] == [
        ("总额", "initial_budget", "3.40"), ("总额", "actual", "3.36"),
        ("总额", "weight", "10"), ("总额", "score", "10"),
        ("总额/财政资金", "initial_budget", "3.00"), ("总额/财政资金", "actual", "3.00"),
        ("总额/财政资金", "weight", "/"), ("总额/财政资金", "score", "/"),
        ("总额/其他资金", "initial_budget", None), ("总额/其他资金", "actual", None),
        ("总额/其他资金", "weight", "/"), ("总额/其他资金", "score", "/"),
    ]  # fmt: skip
    assert record.fields["评价结论"] == "按办法支付给施工方。"
    assert (record.fields["problems"], record.fields["total_score"]) == ("无", "100")
    doubted = {f.where for f in record.findings if f.rule == "inferred"}
    assert {"/fields", "/funds", "/indicators"} <= doubted


def test_rows_below_their_headers_are_not_doubted() -> None:
    whole = ("产出指标", "质量指标", "合格率", "≥98%", "99%", "50", "50", "")
    record = read(dump(TITLE, "", *(f"| {' | '.join(r)} |" for r in (HEADS, whole, whole, whole, whole))))
    assert not any(f.rule == "inferred" for f in record.findings)


def test_a_text_between_the_amounts_of_a_line() -> None:
    record = read_tabs(
        row("项目名称", "安保"),
        row("主管部门", "某局"),
        row("实施单位", "某中心"),
        row("年度目标", "办好。"),
        row("项目预算（万元）", "成本构成", "金额", "测算依据", "上年执行数"),
        row("保安服务费", "191", "招标文件", "190"),
        row("保洁服务费", "99", "招标文件", "98"),
    )
    assert [(path, column, amount) for _, path, column, amount in money(record)] == [
        ("保安服务费", "full_year_budget", "191"), ("保安服务费", "other:测算依据", None),
        ("保安服务费", "other:上年执行数", "190"),
        ("保洁服务费", "full_year_budget", "99"), ("保洁服务费", "other:测算依据", None),
        ("保洁服务费", "other:上年执行数", "98"),
    ]  # fmt: skip


def test_the_first_header_is_of_amounts_where_a_line_lacks_the_last() -> None:
    record = read_tabs(
        row("项目名称", "安保", "", "", ""), row("主管部门", "某局", "", "", ""), row("实施单位", "某中心", "", "", ""),
        row("预算安排及支出情况", "", "", "全年预算数", "实际支出数"),
        row("", "资金总额", "", "1341.77", ""),
        row("", "基本支出", "", "1232.59", "616.59"),
    )  # fmt: skip
    assert [(path, column, amount) for _, path, column, amount in money(record)] == [
        ("资金总额", "full_year_budget", "1341.77"), ("资金总额", "actual", None),
        ("基本支出", "full_year_budget", "1232.59"), ("基本支出", "actual", "616.59"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["（数量、质量、成本方面的指标）", "（经济效益、社会效益等方面指标）"])
def test_a_list_of_levels_is_a_level(name: str) -> None:
    assert WORDS.level(name, "level2")
    assert not WORDS.level("数量、质量", "level2")
    assert not WORDS.level(name, "level1")


def test_opinions_behind_indicators_end_them() -> None:
    record = read_tabs(
        row(*HEADS),
        row("产出指标", "数量指标", "台数", "13台", "13台", "40", "40"),
        row("质量指标", "合格率", "≥98%", "99%", "40", "40"),
        row("主管部门审核意见", "同意申报"),
    )
    assert len(record.indicators) == 2
    assert record.fields["主管部门审核意见"] == "同意申报"


@pytest.mark.parametrize(
    ("foot", "fields"),
    [
        (("填报人：李梅", "", "填报日期：2024年3月2日"), {"填报人": "李梅", "填报日期": "2024年3月2日"}),
        (("填报人：李梅", "", ""), {"填报人": "李梅"}),
        (("", "填报人：李梅", "复核：周全"), {"填报人": "李梅", "复核": "周全"}),
        (("填报人：", "", "填报日期：2024年3月2日"), {"填报人": None, "填报日期": "2024年3月2日"}),
        (("备注：本表一式两份，单位和财政部门各存一份。", ""), {"备注": "本表一式两份，单位和财政部门各存一份。"}),
    ],
)
def test_lines_with_labels_inside_end_the_indicators_above_them(
    foot: tuple[str, ...], fields: dict[str, str | None]
) -> None:
    """Of a section that has no total nothing else tells that they are none of its rows."""
    record = read_tabs(*(row(*r) for r in ROWS[:-3]), row(*foot))
    assert names(record)[-1] == ("效益指标", "社会效益指标", "使用率")
    assert len(record.indicators) == 3
    assert {name: record.fields.get(name, "absent") for name in fields} == fields
