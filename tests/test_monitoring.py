"""Forms that look at a plan within its year: what is reached and expected, past years, ticked causes and chances."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from helpers_pdf import write_tables
from openpyxl.styles import Border, Side

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from extractors.intake import take_in
from pipeline.reading.forms import split_forms
from pipeline.reading.interpret.form import identify, read_form
from pipeline.running.worker import read_file
from schemas.language.vocabulary import load_words
from schemas.model import Document, Reader
from schemas.record import Kind, Record

WORDS = load_words()
HEAD = "<p>某市2024年度项目支出绩效运行监控表</p>"
MONEY = """
<tr><td rowspan=2>资金情况（万元）</td><td>资金名称</td><td>年初预算数</td><td>{until}执行数</td><td>{until}执行率</td>
<td>全年预计执行数</td><td>占比</td></tr>
<tr><td>年度资金总额</td><td>86.50</td><td>45.20</td><td>52.25%</td><td>86.50</td><td>100%</td></tr>
"""
HEADERS = """
<tr><td rowspan=2>一级指标</td><td rowspan=2>二级指标</td><td rowspan=2>三级指标</td><td colspan=2>{past}</td>
<td rowspan=2>年度指标值</td><td rowspan=2>{until}{reached}</td><td rowspan=2>{expected}</td>
<td colspan=4>{why}</td><td colspan=3>完成目标可能性</td></tr>
<tr><td>前年</td><td>上年</td><td>经费保障</td><td>制度保障</td><td>其他</td><td>原因说明</td>
<td>确定能</td><td>有可能</td><td>完全不可能</td></tr>
"""
ROWS = """
<tr><td>产出指标</td><td>数量指标</td><td>检查次数</td><td>8次</td><td>10次</td><td>≥12次</td><td>6次</td><td>12次</td>
<td>√</td><td></td><td>√</td><td>经费晚到</td><td></td><td>√</td><td></td></tr>
<tr><td>效益指标</td><td>社会效益指标</td><td>知晓率</td><td></td><td>85%</td><td>≥90%</td><td>88%</td><td>≥90%</td>
<td></td><td></td><td></td><td></td><td>√</td><td></td><td></td></tr>
"""


def read(path: Path) -> Record:
    (form,) = read_file(take_in(path, path.name), path.stem, (), WORDS).forms
    return form.record


def page(tmp_path: Path, rows: str = ROWS, **words: str) -> Record:
    """The record of a web page whose headers have these words, or the usual ones."""
    said = {"past": "历史值", "until": "1-7月", "reached": "完成情况", "expected": "全年预计完成情况"}
    said |= {"why": "偏差原因分析"} | words
    tables = f"<table border=1>{MONEY}</table><table border=1>{HEADERS}{rows}</table>"
    path = tmp_path / "form.html"
    path.write_text(HEAD + tables.format(**said), encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"until": "1—8月", "reached": "实际完成值", "expected": "预计全年完成值"},
        {"until": "上半年", "reached": "完成值", "why": "未完成原因分析"},
        {"until": "截至9月底", "past": "近三年指标值"},
    ],
)
def test_each_column_has_its_place(tmp_path: Path, words: dict[str, str]) -> None:
    record = page(tmp_path, **words)
    assert record.kind is Kind.PROJECT_MONITORING
    first, second = record.indicators
    assert (first.targets, first.progress, first.forecast, first.actual) == (
        {"full_year": "≥12次"},
        "6次",
        "12次",
        None,
    )
    assert first.history == {"前年": "8次", "上年": "10次"}
    assert (first.causes, first.likelihood, first.note) == (["经费保障", "其他"], "有可能", "经费晚到")
    assert {key: value.number for key, value in first.values.items() if value} == {
        "full_year": "12", "progress": "6", "forecast": "12",
    }  # fmt: skip
    assert second.history == {"前年": None, "上年": "85%"}
    assert (second.causes, second.likelihood, second.note) == ([], "确定能", None)
    assert set(record.columns) >= {"history", "progress", "forecast", "causes", "likelihood", "note"}
    assert "actual" not in record.as_dict()["columns"]
    assert [f for f in record.findings if f.where.startswith("/indicators")] == []


def test_money_columns_that_have_no_name_keep_their_header(tmp_path: Path) -> None:
    amounts = [(fund.column, fund.amount) for fund in page(tmp_path).funds]
    assert amounts[:2] == [("initial_budget", "86.50"), ("progress", "45.20")]
    assert amounts[2:] == [("progress_rate", "52.25"), ("forecast", "86.50"), ("other:占比", "100")]


def test_two_ticks_where_one_can_be_are_doubted(tmp_path: Path) -> None:
    rows = ROWS.replace("<td></td><td>√</td><td></td></tr>", "<td></td><td>√</td><td>√</td></tr>")
    record = page(tmp_path, rows)
    assert record.indicators[0].likelihood == "有可能"
    assert [(f.rule, f.where) for f in record.findings if "ticked" in f.message] == [
        ("inferred", "/indicators/0/likelihood")
    ]


def test_a_reason_in_one_column_is_a_remark(tmp_path: Path) -> None:
    """The same header over no columns of its own: nothing is ticked there."""
    rows = [
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "偏差原因分析及改进措施"],
        ["产出指标", "数量指标", "检查次数", "≥12次", "12次", "无偏差"],
        ["效益指标", "社会效益指标", "知晓率", "≥90%", "95%", ""],
    ]
    path = tmp_path / "form.pdf"
    write_tables(path, ["某市项目支出绩效自评表", (rows, [])], widths=[70] * 6)
    record = read(path)
    assert record.kind is Kind.PROJECT_REVIEW
    assert [(i.note, i.causes) for i in record.indicators] == [("无偏差", None), (None, None)]
    assert "causes" not in record.as_dict()["indicators"][0]


def test_a_dump_puts_them_in_their_places() -> None:
    lines = (
        "某市项目支出绩效运行监控表",
        "项目名称\t某项经费",
        "一级指标\t二级指标\t三级指标\t上年完成值\t年度指标值\t1-7月完成情况\t全年预计完成情况\t完成目标可能性",
        "产出指标\t数量指标\t检查次数\t10次\t≥12次\t6次\t12次\t确定能",
        "效益指标\t社会效益指标\t知晓率\t85%\t≥90%\t88%\t≥90%\t有可能",
    )
    blocks = align_blocks(read_lines("\n".join(lines) + "\n"), WORDS)
    (form,) = split_forms(blocks, WORDS)
    document = Document("a.txt", "0" * 64, Reader.DUMP, 0, blocks)
    first, second = read_form(form, 0, document, identify(form, ()), WORDS).record.indicators
    assert (first.history, first.progress, first.forecast, first.likelihood) == (
        {"上年完成值": "10次"},
        "6次",
        "12次",
        "确定能",
    )
    assert (second.history, second.progress, second.likelihood) == ({"上年完成值": "85%"}, "88%", "有可能")


GRID = (
    (
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "1～7月执行情况",
        "偏差原因分析",
        "",
        "",
        "完成目标可能性",
        "",
        "备注",
    ),
    ("", "", "", "", "", "经费保障", "其他", "原因说明", "确定能", "有可能", ""),
    ("产出指标", "数量指标", "检查次数", "≥12次", "6次", "", "√", "人员调整", "", "√", ""),
    ("", "质量指标", "合格率", "≥98%", "99%", "", "", "", "√", "", "四季度复查"),
)


def by_column(record: Record) -> list[tuple[object, ...]]:
    return [(i.level1, i.progress, i.causes, i.likelihood, i.note, i.other) for i in record.indicators]


EXPECTED = [
    ("产出指标", "6次", ["其他"], "有可能", "人员调整", {"备注": None}),
    ("产出指标", "99%", [], "确定能", None, {"备注": "四季度复查"}),
]


@pytest.mark.parametrize("merged", [True, False])
def test_a_sheet_whose_ticks_stand_alone_among_blanks(tmp_path: Path, merged: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["某市2024年度部门整体绩效运行监控表"])
    for row in GRID:
        sheet.append(row)
    if merged:
        for area in ("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "F2:H2", "I2:J2", "K2:K3", "A4:A5"):
            sheet.merge_cells(area)
    thin = Side(style="thin")
    for line in sheet.iter_rows(min_row=2, max_col=len(GRID[0])):
        for cell in line:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    book.save(tmp_path / "form.xlsx")
    record = read(tmp_path / "form.xlsx")
    assert record.kind is Kind.DEPARTMENT_MONITORING
    assert by_column(record) == EXPECTED


def test_a_dump_whose_header_has_two_lines() -> None:
    text = "某市项目支出绩效运行监控表\n" + "".join("\t".join(row) + "\n" for row in GRID)
    blocks = align_blocks(read_lines(text), WORDS)
    (form,) = split_forms(blocks, WORDS)
    document = Document("a.txt", "0" * 64, Reader.DUMP, 0, blocks)
    record = read_form(form, 0, document, identify(form, ()), WORDS).record
    assert by_column(record) == EXPECTED
