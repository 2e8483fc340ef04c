"""Sheets: what their cells show, where each value stands, and what is hidden or was not stored."""

from __future__ import annotations

import datetime
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from helpers_office import (
    HOSTILE_SHEET,
    ROOT,
    SETS,
    change_part,
    layout,
    lines,
    paper,
    reading,
    saved,
    sheet_form,
    tables,
    write_xlsx,
)
from helpers_xls import XlsSheet, write_xls
from typer.testing import CliRunner

from pipeline.archive.store import Store
from pipeline.cli import app
from pipeline.review.views import form_view
from schemas.record import Finding


def findings(path: Path, rule: str) -> list[Finding]:
    (form,) = reading(path).forms
    return [f for f in form.record.findings if f.rule == rule]


# ── Where a value stands


def test_a_place_in_a_workbook_is_its_cell(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", paper("unlisted-review"))
    sheet = openpyxl.load_workbook(path).active
    cells = [c for t in tables(path) for c in t.cells if c.text]
    assert len(cells) > 80
    for cell in cells:
        assert cell.place.sheet == sheet.title
        assert sheet.cell(cell.place.line, cell.place.column).value == cell.text
    (table,) = tables(path)
    assert table.notes[0].startswith(f"sheet {sheet.title}, A")


def test_the_database_names_the_sheet_and_the_cell_of_each_value(tmp_path: Path) -> None:
    path = saved(sheet_form(12.5), tmp_path / "x.xlsx")
    result = CliRunner().invoke(app, ["run", str(path), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    with closing(sqlite3.connect(tmp_path / "out" / "jixiao.db")) as connection:
        assert connection.execute("SELECT reader, pages, outcome FROM files").fetchall() == [("office", 0, "forms")]
        (found,) = connection.execute(
            "SELECT o.raw, o.reader, o.page, o.line, o.column, t.notes"
            " FROM origins o JOIN tables t ON t.id = o.table_id WHERE o.pointer = '/funds/0'"
        ).fetchall()
    assert found == ("12.5", "office", None, 4, 2, "sheet Sheet, A3 to D8")


@pytest.fixture(scope="module")
def two_sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over a workbook with the same form on two sheets; the second's name would like to be markup, and one of its
    targets is an error."""
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "raw").mkdir()
    book = sheet_form(12.5)
    book.active.title = "支出"
    book.copy_worksheet(book.active).title = HOSTILE_SHEET
    book[HOSTILE_SHEET]["D7"] = "#DIV/0!"
    saved(book, folder / "raw" / "x.xlsx")
    result = CliRunner().invoke(app, ["run", str(folder / "raw"), "--out", str(folder / "out")])
    assert result.exit_code == 0, result.output
    return folder


def test_a_record_and_its_values_tell_their_sheet(two_sheets: Path) -> None:
    with closing(sqlite3.connect(two_sheets / "out" / "jixiao.db")) as connection:
        query = 'SELECT form_id, sheet, line, "column", count(*) FROM origins WHERE pointer = ? GROUP BY 1, 2, 3, 4'
        assert connection.execute(query, ["/title"]).fetchall() == [(1, "支出", 1, 1, 1), (2, HOSTILE_SHEET, 1, 1, 1)]
        found = connection.execute("SELECT DISTINCT form_id, sheet FROM origins ORDER BY form_id").fetchall()
        assert found == [(1, "支出"), (2, HOSTILE_SHEET)]  # in tables and outside of them
        records = [json.loads(text) for (text,) in connection.execute("SELECT record FROM forms ORDER BY id")]
    assert [record["source"]["sheets"] for record in records] == [["支出"], [HOSTILE_SHEET]]
    assert "sheets" not in reading(ROOT / SETS["002"].sources["text-layer"]).forms[0].record.as_dict()["source"]


def test_show_names_the_sheet(two_sheets: Path) -> None:
    result = CliRunner().invoke(app, ["show", str(two_sheets / "raw" / "x.xlsx")], env={"COLUMNS": "300"})
    assert result.exit_code == 0
    assert "x.xlsx, sheet 支出, office, form 0" in result.stdout
    assert f"x.xlsx, sheet {HOSTILE_SHEET}, office, form 1" in result.stdout
    assert f"/indicators/0/targets/full_year  sheet {HOSTILE_SHEET}, row 7, column 4" in result.stdout


def test_the_review_page_is_told_the_sheet(two_sheets: Path) -> None:
    with Store.open(two_sheets / "out" / "jixiao.db", create=False) as store:
        values = form_view(store, 2).as_dict()["values"]
    [origin] = [value["origin"] for value in values if value["pointer"] == "/funds/0/amount"]
    assert (origin["sheet"], origin["line"], origin["column"], origin["page"]) == (HOSTILE_SHEET, 4, 2, None)


@pytest.mark.parametrize("files", ["raw", "out"])  # with the workbook at hand, and without
def test_the_diff_report_names_the_sheet(two_sheets: Path, tmp_path: Path, files: str) -> None:
    other = shutil.copytree(two_sheets / "out" / "records", tmp_path / "records")
    path = other / "x" / "1.json"
    path.write_text(path.read_text(encoding="utf-8").replace("≥95%", "≥94%"), encoding="utf-8")
    call = ["diff", str(two_sheets / "out"), str(other), "--out", str(tmp_path / "d"), "--files"]
    result = CliRunner().invoke(app, [*call, str(two_sheets / files)])
    assert result.exit_code == 1, result.output
    rows = json.loads((tmp_path / "d" / "diff.json").read_text(encoding="utf-8"))["rows"]
    [row] = [row for row in rows if row["where_a"] == "/indicators/1/targets/full_year"]
    assert row["at_a"] == {"sheet": HOSTILE_SHEET, "line": 8, "column": 4}
    page = (tmp_path / "d" / "report.html").read_text(encoding="utf-8")
    assert HOSTILE_SHEET not in page  # escaped
    data = json.loads(page.split('id="data">', 1)[1].split("</script>", 1)[0])
    assert [None, 8, "≥95%", 0, HOSTILE_SHEET, 4] in data["places"]
    assert (data["missing"], data["unreadable"]) == ([], [])  # there is no picture to be missed


# ── What cells show


def test_what_stands_above_a_sheets_table_is_read_as_lines(tmp_path: Path) -> None:
    path = saved(sheet_form(12.5), tmp_path / "x.xlsx")
    assert lines(path) == ["项目支出绩效目标表", "填报单位：测试局", "单位：万元"]
    (form,) = reading(path).forms
    record = form.record
    assert (record.title, record.amount_unit) == ("项目支出绩效目标表", "万元")
    assert record.fields["reporting_unit"] == "测试局"
    assert [(f.amount, f.raw) for f in record.funds] == [("12.5", "12.5")]
    assert [i.level3 for i in record.indicators] == ["数量", "质量"]
    assert [f for f in record.findings if f.rule != "inferred"] == []


def test_a_title_merged_over_rows_and_columns_is_a_line(tmp_path: Path) -> None:
    book = sheet_form(1)
    sheet = book.active
    sheet.insert_rows(2)
    sheet.merge_cells("A1:D2")
    path = saved(book, tmp_path / "x.xlsx")
    assert lines(path)[0] == "项目支出绩效目标表"
    assert [t.rows for t in tables(path)] == [6]


def test_numbers_are_read_as_they_are_shown(tmp_path: Path) -> None:
    (form,) = reading(saved(sheet_form(1234567.5, "#,##0.00"), tmp_path / "x.xlsx")).forms
    assert [(f.amount, f.raw) for f in form.record.funds] == [("1234567.50", "1,234,567.50")]


def test_a_formula_is_read_by_its_stored_result(tmp_path: Path) -> None:
    path = saved(sheet_form("=6*7"), tmp_path / "x.xlsx")
    part = "xl/worksheets/sheet1.xml"
    change_part(
        path,
        part,
        lambda xml: xml.replace(b"<f>6*7</f><v></v>", b"<f>6*7</f><v>42</v>").replace(
            b"<f>6*7</f><v />", b"<f>6*7</f><v>42</v>"
        ),
    )
    (form,) = reading(path).forms
    assert [f.raw for f in form.record.funds] == ["42"]


def test_a_formula_without_a_stored_result_is_unreadable(tmp_path: Path) -> None:
    book = sheet_form("=6*7")
    book.active["D7"] = "=A1"
    path = saved(book, tmp_path / "x.xlsx")
    (form,) = reading(path).forms
    assert form.record.fields["年度资金总额"] is None
    assert form.record.indicators[0].targets == {"full_year": None}
    advice = "has no stored result; open the file in Excel, save it and give it again"
    assert {f.where: f.message for f in findings(path, "unreadable")} == {
        "/fields/年度资金总额": f"=6*7 {advice}",
        "/indicators/0/targets/full_year": f"=A1 {advice}",
    }


def test_a_formula_that_fills_nothing_is_told_too(tmp_path: Path) -> None:
    book = sheet_form(1)
    book.active["D4"] = "=1/0"
    (finding,) = findings(saved(book, tmp_path / "x.xlsx"), "unreadable")
    assert "=1/0 has no stored result" in finding.message
    assert "row 4, column 4" in finding.message


def test_hidden_rows_columns_and_sheets_are_not_read_and_told(tmp_path: Path) -> None:
    book = sheet_form(1)
    book.active.row_dimensions[8].hidden = True
    book.active["F6"] = "内部"
    book.active.column_dimensions["F"].hidden = True
    secret = book.create_sheet("底稿")
    secret["A1"] = "秘密"
    secret.sheet_state = "hidden"
    path = saved(book, tmp_path / "x.xlsx")
    (form,) = reading(path).forms
    assert [i.level3 for i in form.record.indicators] == ["数量"]
    places = [f.model_dump(mode="json").get("place") for f in findings(path, "hidden")]
    title = book.active.title
    assert places == [
        None,  # of the whole file
        {"sheet": title, "row": 8, "column": 1},
        {"sheet": title, "row": 6, "column": 6},
    ]
    told = [f.message.split("not read: ")[1] for f in findings(path, "hidden")]
    assert told == [
        "the hidden sheet 底稿 (1 cells with a value)",
        f"hidden row 8 of sheet {book.active.title}: 产出指标 | 质量指标 | 质量 | ≥95%",
        f"hidden column F of sheet {book.active.title}: 内部",
    ]


def test_a_merged_cell_over_hidden_rows_counts_its_visible_ones(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for i in range(1, 5):
        sheet.cell(i, 2, f"值{i}")
        sheet.cell(i, 3, "x")
    sheet["A1"] = "名"
    sheet.merge_cells("A1:A4")
    sheet.row_dimensions[1].hidden = True
    (table,) = tables(saved(book, tmp_path / "x.xlsx"))
    assert layout(table)[0] == (0, 0, 3, 1, "名")
    assert table.rows == 3


def test_the_old_format_shows_the_same(tmp_path: Path) -> None:
    shown = XlsSheet(
        "数",
        {
            (0, 0): (0.985, 1, True),
            (0, 1): (1234567.5, 2, True),
            (0, 2): (45356.0, 3, True),
            (1, 0): (12.0, 0, True),
            (1, 1): ("文", 0, True),
            (1, 2): (None, 0, True),
            (2, 0): ("隐", 0, True),
        },
        hidden_rows={2},
        errors={(1, 2)},
    )
    path = write_xls(tmp_path / "x.xls", [shown, XlsSheet("底稿", {(0, 0): ("密", 0, False)}, hidden=True)])
    (table,) = tables(path)
    assert [c.text for c in table.cells] == ["98.50%", "1,234,567.50", "2024年3月5日", "12", "文", ""]
    assert [c.inferred for c in table.cells if c.unreadable] == ["the formula's result is the error #DIV/0!"]
    assert [one.what for one in table.hidden] == [
        "the hidden sheet 底稿 (1 cells with a value)",
        "hidden row 3 of sheet 数: 隐",
    ]


def test_dates_by_the_chinese_formats_that_no_file_holds(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active["B1"] = 45356
    book.active["B1"].number_format = "0.00"
    path = saved(book, tmp_path / "x.xlsx")
    change_part(path, "xl/styles.xml", lambda xml: xml.replace(b'numFmtId="2"', b'numFmtId="31"'))
    assert [c.text for t in tables(path) for c in t.cells] == ["x", "2024年3月5日"]


def test_two_forms_on_two_sheets(tmp_path: Path) -> None:
    book = sheet_form(1)
    other = book.create_sheet("二")
    for row in sheet_form(2).active.iter_rows(values_only=True):
        other.append(row)
    found = reading(saved(book, tmp_path / "x.xlsx")).forms
    assert [f.record.funds[0].raw for f in found] == ["1", "2"]


def test_dates_in_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for i, form in enumerate(("yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"', "h:mm"), 1):
        book.active.cell(1, i, datetime.datetime(2024, 3, 5, 9, 7)).number_format = form
    (table,) = tables(saved(book, tmp_path / "x.xlsx"))
    assert [c.text for c in table.cells] == ["2024-03-05", "2024/3/5", "2024年3月", "9:07"]


def test_fields_of_a_form_on_two_sheets_stand_in_the_order_of_the_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("下")
    for row in (["项目支出绩效目标表"], [], [], ["项目名称", "甲项目"], ["主管部门", "乙局"]):
        first.append(row)
    for row in (
        ["实施单位", "丙所"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "次数", "≥3次"],
    ):
        second.append(row)
    path = tmp_path / "x.xlsx"
    book.save(path)
    [form] = reading(path).forms
    assert form.record.source.sheets == [first.title, "下"]
    assert list(form.record.fields) == ["project_name", "supervising_department", "implementing_unit"]
