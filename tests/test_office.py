"""Word, Excel and web pages: the same tables as on paper, the same records, and nothing of them lost unseen."""

from __future__ import annotations

import datetime
import json
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from helpers_office import WRITERS, change_part, write_xlsx
from helpers_xls import XlsSheet, write_xls, xls_sheet
from typer.testing import CliRunner

from extractors.intake import take_in
from extractors.office.numbering import counted
from extractors.office.symbols import overlap
from extractors.read import read_document
from pipeline.archive.store import Store
from pipeline.cli import app
from pipeline.people.goldens import judge, load_sets
from pipeline.review.views import form_view
from pipeline.running.worker import read_file
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.model import Block, Cell, Document, Line, Reader, Table
from schemas.reading import FileReading
from schemas.record import Finding

ROOT = Path(__file__).parent.parent
SETS = {each.name: each for each in load_sets(ROOT / "tests" / "golden")}
QUICK = ("002", "003", "unlisted-fund", "unlisted-review")
HOSTILE_SHEET = "自评<script>'&amp;"
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

names = pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in sorted(SETS)]
)
suffixes = pytest.mark.parametrize("suffix", [*WRITERS, ".xls"])


@cache
def paper(name: str) -> tuple[Block, ...]:
    """The lines and tables of a golden set's PDF."""
    source = SETS[name].sources["text-layer"]
    return read_document(take_in(ROOT / source, source), load_words()).blocks


def rebuilt(path: Path, blocks: tuple[Block, ...]) -> Path:
    if path.suffix == ".xls":
        return write_xls(path, [xls_sheet("表", blocks)])
    return WRITERS[path.suffix](path, blocks)


def document(path: Path) -> Document:
    return read_document(take_in(path, path.name), load_words())


def reading(path: Path) -> FileReading:
    return read_file(take_in(path, path.name), path.stem, load_families(), load_words())


def tables(path: Path) -> list[Table]:
    return [block for block in document(path).blocks if isinstance(block, Table)]


def lines(path: Path) -> list[str]:
    return [block.text for block in document(path).blocks if isinstance(block, Line)]


def layout(table: Table) -> list[tuple[int, int, int, int, str]]:
    return sorted((c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells)


def page(path: Path, body: str) -> Path:
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return path


# ── The goldens in every format


@names
@suffixes
def test_a_rebuilt_golden_is_read_as_the_paper_is(name: str, suffix: str, tmp_path: Path) -> None:
    path = rebuilt(tmp_path / f"x{suffix}", paper(name))
    found = reading(path)
    assert len(found.forms) == len(SETS[name].goldens)
    for form, golden in zip(found.forms, SETS[name].goldens, strict=True):
        judged = judge(form.record.as_dict(), golden, "office")
        assert judged.wrong == ()
        assert judged.right == judged.values > 80
        assert (form.record.source.reader, form.record.source.pages) == (Reader.OFFICE, [])


@suffixes
def test_merged_cells_keep_their_spans(suffix: str, tmp_path: Path) -> None:
    blocks = tuple(b for b in paper("002") if isinstance(b, Table))
    found = tables(rebuilt(tmp_path / f"x{suffix}", blocks))
    assert [(t.rows, t.cols) for t in found] == [(t.rows, t.cols) for t in blocks]
    for own, table in zip(blocks, found, strict=True):
        spans = {(c.row, c.col, c.rowspan, c.colspan) for c in own.cells}
        assert spans <= {(c.row, c.col, c.rowspan, c.colspan) for c in table.cells}
        assert any(c.rowspan > 1 for c in own.cells)
        assert any(c.colspan > 1 for c in own.cells)


@suffixes
def test_every_value_has_the_cell_that_it_stands_in(suffix: str, tmp_path: Path) -> None:
    found = reading(rebuilt(tmp_path / f"x{suffix}", paper("unlisted-review")))
    (form,) = found.forms
    seen = 0
    for origin in form.origins:
        assert origin.place.page is None
        assert origin.place.line is not None
        assert origin.place.column is not None
        if origin.table is not None and origin.raw:
            cell = next(c for c in found.tables[origin.table].cells if (c.row, c.col) == (origin.row, origin.col))
            assert "".join(origin.raw.split()) in "".join(cell.text.split())
            seen += 1
    assert seen > 80


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


# ── Word


def word(path: Path, *bodies: str) -> Path:
    """A Word file with these pieces of XML in its body."""
    made = docx.Document()
    for i, body in enumerate(bodies):
        made.element.body.insert(i, parse_xml(body.replace(">", f" {NS}>", 1)))
    made.save(str(path))
    return path


def w_cell(inside: str, how: str = "") -> str:
    return f"<w:tc><w:tcPr>{how}</w:tcPr>{inside}</w:tc>"


def w_text(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r" eq \o\ac(□,√)", "☑"),
        (r"EQ \O(□;×)", "☑"),
        (r"eq \o \al(\s\up1(√),□)", "☑"),
        (r"eq \o\ac(○,●)", "☑"),
        (r"eq \o\ac(○,3)", "③"),
        (r"eq \o\ac(□, )", "□"),
        (r"eq \o\ac(○,印)", "印"),
        (r" PAGE ", None),
        (r"eq \f(1,2)", None),
    ],
)
def test_fields_that_print_one_character_over_another(instruction: str, shown: str | None) -> None:
    assert overlap(instruction) == shown


def test_word_shows_the_signs_of_fields_and_symbol_fonts(tmp_path: Path) -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def code(text: str) -> str:
        return f"<w:r><w:instrText>{text}</w:instrText></w:r>"

    def letter(text: str, font: str = "Wingdings 2") -> str:
        return f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr><w:t>{text}</w:t></w:r>'

    box = code(r"\o\ac(□,")
    tick = f"{mark('begin')}{code('eq ')}{box}{code('√)')}{mark('end')}"
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    over = f"{mark('begin')}{code('eq ')}{box}{symbol}{code(')')}{mark('end')}"
    page = f"{mark('begin')}{code('PAGE')}{mark('separate')}<w:r><w:t>7</w:t></w:r>{mark('end')}"
    path = word(
        tmp_path / "x.docx",
        f"<w:p>{tick}<w:r><w:t>甲</w:t></w:r>{over}<w:r><w:t>乙</w:t></w:r>{page}</w:p>",
        f"<w:p>{letter('R')}{letter('£')}{letter('þ', 'Wingdings')}{letter('R', 'Arial')}</w:p>",
        f"<w:p>{mark('begin')}{code('eq ')}<w:r><w:t>open</w:t></w:r></w:p>",
    )
    assert lines(path) == ["☑甲☑乙7", "\uf052\uf0a3\uf0feR", "open"]


def test_text_that_is_struck_out_is_told_and_not_read(tmp_path: Path) -> None:
    struck = "<w:r><w:rPr><w:strike/></w:rPr><w:t>90.00</w:t></w:r>"
    kept = '<w:r><w:rPr><w:dstrike w:val="0"/></w:rPr><w:t>86.50</w:t></w:r>'
    path = word(
        tmp_path / "x.docx", f"<w:tbl><w:tr>{w_cell(f'<w:p>{struck}{kept}</w:p>')}{w_cell(w_text('丑'))}</w:tr></w:tbl>"
    )
    (table,) = tables(path)
    assert [cell.text for cell in table.cells] == ["86.50", "丑"]
    assert [one.what for one in table.hidden] == ["text that is struck out: 90.00"]


def test_word_shows_insertions_controls_and_boxes_but_no_deletions(tmp_path: Path) -> None:
    path = word(
        tmp_path / "x.docx",
        "<w:p><w:r><w:t>甲</w:t></w:r><w:ins><w:r><w:t>乙</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>丙</w:delText></w:r></w:del><w:sdt><w:sdtContent><w:r><w:t>丁</w:t></w:r></w:sdtContent></w:sdt>"
        '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r><w:r><w:noBreakHyphen/></w:r></w:p>',
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>明</w:t></w:r></w:p>",
        f"<w:tbl>{'<w:tr>' + w_cell(w_text('子')) + w_cell(w_text('丑')) + '</w:tr>'}</w:tbl>",
    )
    assert lines(path) == ["甲乙丁\uf052-", "明"]
    (table,) = tables(path)
    assert [one.what for one in table.hidden] == ["text that Word does not show: 暗"]


def test_word_spans(tmp_path: Path) -> None:
    begin, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    path = word(
        tmp_path / "x.docx",
        "<w:tbl><w:tr>"
        + w_cell(w_text("一"), begin)
        + w_cell(w_text("二"), '<w:gridSpan w:val="2"/>')
        + "</w:tr><w:tr>"
        + w_cell("<w:p/>", go_on)
        + w_cell(w_text("三"))
        + w_cell(w_text("四") + w_text("五"))
        + '</w:tr><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>'
        + w_cell(w_text("六"), '<w:gridSpan w:val="2"/>')
        + "</w:tr></w:tbl>",
    )
    (table,) = tables(path)
    assert layout(table) == [
        (0, 0, 2, 1, "一"),
        (0, 1, 1, 2, "二"),
        (1, 1, 1, 1, "三"),
        (1, 2, 1, 1, "四\n五"),
        (2, 1, 1, 2, "六"),
    ]


def test_a_row_of_word_that_is_too_short_is_doubted(tmp_path: Path) -> None:
    """A program that loses merged cells leaves the rows beside them short: what is left stands under other headings."""
    row = "".join(w_cell(w_text(text)) for text in "一二三")
    short = w_cell(w_text("四")) + w_cell(w_text("五"))
    ended = '<w:trPr><w:gridAfter w:val="1"/></w:trPr>' + w_cell(w_text("六")) + w_cell(w_text("七"))
    path = word(tmp_path / "x.docx", f"<w:tbl><w:tr>{row}</w:tr><w:tr>{short}</w:tr><w:tr>{ended}</w:tr></w:tbl>")
    (table,) = tables(path)
    assert [cell.text for cell in table.cells if cell.inferred] == ["四", "五"]


def test_word_prints_the_numbers_of_its_lists(tmp_path: Path) -> None:
    made = docx.Document()
    for text in ("甲", "乙"):
        made.add_paragraph(text, style="List Number")
    made.add_paragraph("丙", style="List Bullet")
    made.add_paragraph("", style="List Number")
    made.add_paragraph("丁")
    made.save(str(tmp_path / "x.docx"))
    assert lines(tmp_path / "x.docx") == ["1.甲", "2.乙", "•丙", "3.", "丁"]


@pytest.mark.parametrize(
    ("number", "how", "shown"),
    [
        (1, "decimal", "1"),
        (3, "chineseCounting", "三"),
        (10, "chineseCountingThousand", "十"),
        (21, "japaneseCounting", "二十一"),
        (2, "decimalEnclosedCircle", "②"),
        (3, "lowerLetter", "c"),
        (9, "upperRoman", "IX"),
        (140, "chineseCounting", "140"),
    ],
)
def test_list_numbers(number: int, how: str, shown: str) -> None:
    assert counted(number, how) == shown


# ── Tables in tables, tables cut in two


def w_table(*rows: list[str]) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(w_cell, row))}</w:tr>" for row in rows) + "</w:tbl>"


def h_table(*rows: list[str]) -> str:
    return (
        "<table border=1>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows) + "</table>"
    )


def inner_beside_a_label(suffix: str, folder: Path) -> Path:
    if suffix == ".html":
        inner = h_table(["a", "b"], ["c", "d"])
        return page(folder / "x.html", h_table(["名", "值"], ["标", inner], ["尾", "末"]))
    inner = w_table([w_text("a"), w_text("b")], [w_text("c"), w_text("d")]) + "<w:p/>"
    rows = ([w_text("名"), w_text("值")], [w_text("标"), inner], [w_text("尾"), w_text("末")])
    return word(folder / "x.docx", w_table(*rows))


@pytest.mark.parametrize("suffix", [".docx", ".html"])
def test_a_table_beside_a_label_becomes_rows_and_columns(suffix: str, tmp_path: Path) -> None:
    (table,) = tables(inner_beside_a_label(suffix, tmp_path))
    assert layout(table) == [
        (0, 0, 1, 1, "名"),
        (0, 1, 1, 2, "值"),
        (1, 0, 2, 1, "标"),
        (1, 1, 1, 1, "a"),
        (1, 2, 1, 1, "b"),
        (2, 1, 1, 1, "c"),
        (2, 2, 1, 1, "d"),
        (3, 0, 1, 1, "尾"),
        (3, 1, 1, 2, "末"),
    ]


def test_a_table_that_only_lays_out_a_page_is_taken_apart(tmp_path: Path) -> None:
    inner = h_table(["a", "b"])
    path = page(
        tmp_path / "x.html", f"<table><tr><td>项目绩效目标表</td></tr><tr><td>前<br>{inner}后</td></tr></table>"
    )
    assert [b.text if isinstance(b, Line) else layout(b) for b in document(path).blocks] == [
        "项目绩效目标表",
        "前",
        [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b")],
        "后",
    ]


def test_an_indicator_table_inside_a_forms_table_is_read_as_part_of_it(tmp_path: Path) -> None:
    inner = w_table([w_text(t) for t in HEAD], [w_text(t) for t in ("产出指标", "数量指标", "数量", "≥5个")]) + "<w:p/>"
    whole = '<w:gridSpan w:val="2"/>'
    path = word(
        tmp_path / "x.docx",
        w_text("项目支出绩效目标表"),
        "<w:tbl><w:tblPr><w:tblBorders><w:top w:val='single'/></w:tblBorders></w:tblPr>"
        f"<w:tr>{w_cell(w_text('项目名称'))}{w_cell(w_text('测试项目'))}</w:tr>"
        f"<w:tr>{w_cell(w_text('年度目标'))}{w_cell(w_text('目标一'))}</w:tr>"
        f"<w:tr>{w_cell(inner, whole)}</w:tr></w:tbl>",
    )
    (form,) = reading(path).forms
    assert form.record.fields == {"project_name": "测试项目", "annual_goal": "目标一"}
    assert [(i.level2, i.level3, i.targets) for i in form.record.indicators] == [
        ("数量指标", "数量", {"full_year": "≥5个"})
    ]


@pytest.mark.parametrize("suffix", [".docx", ".html"])
def test_a_form_cut_over_two_tables_is_whole(suffix: str, tmp_path: Path) -> None:
    """The rest of an indicator table in a table of its own, without its header."""
    (table,) = (b for b in paper("unlisted-fund") if isinstance(b, Table))
    at = max(r for r in range(table.rows) if all(not c.row < r < c.row + c.rowspan for c in table.cells))
    head = Table(at, table.cols, tuple(c for c in table.cells if c.row < at))
    moved = (Cell(c.row - at, c.col, c.rowspan, c.colspan, c.text) for c in table.cells if c.row >= at)
    rest = Table(table.rows - at, table.cols, tuple(moved))
    title = tuple(b for b in paper("unlisted-fund") if isinstance(b, Line))
    (form,) = reading(WRITERS[suffix](tmp_path / f"x{suffix}", (*title, head, rest))).forms
    judged = judge(form.record.as_dict(), SETS["unlisted-fund"].goldens[0], "office")
    assert judged.wrong == ()


def test_a_web_page_laid_out_by_a_table_without_borders(tmp_path: Path) -> None:
    path = page(
        tmp_path / "x.html",
        f"<table><tr><td>首页<br>公开</td><td><p>项目绩效目标表</p>{h_table(['a', 'b'])}</td></tr></table>",
    )
    assert lines(path) == ["首页", "公开", "项目绩效目标表"]
    assert [layout(t) for t in tables(path)] == [[(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b")]]


# ── Sheets

HEAD = ["一级指标", "二级指标", "三级指标", "指标值"]


def sheet_form(amount: Any, number_format: str = "General") -> openpyxl.Workbook:
    """A small form: title, unit line, a block of labels, an indicator."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["项目支出绩效目标表"],
        ["填报单位：测试局", None, None, "单位：万元"],
        ["项目名称", "测试项目", "实施单位", "测试局"],
        ["年度资金总额", amount],
        ["年度目标", "目标一"],
        HEAD,
        ["产出指标", "数量指标", "数量", "≥5个"],
        ["产出指标", "质量指标", "质量", "≥95%"],
    ):
        sheet.append(row)
    sheet["B4"].number_format = number_format
    return book


def saved(book: openpyxl.Workbook, path: Path) -> Path:
    book.save(path)
    return path


def findings(path: Path, rule: str) -> list[Finding]:
    (form,) = reading(path).forms
    return [f for f in form.record.findings if f.rule == rule]


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


# ── Web pages


def test_scripts_styles_and_hidden_parts_are_no_text(tmp_path: Path) -> None:
    path = page(
        tmp_path / "x.html",
        "<script>document.write('<table>')</script></table><style>p{}</style><p>甲<!-- 乙 -->&lt;script&gt;</p>"
        "<p style='display: none'>丙</p>" + h_table(["a<script>alert(1)</script>", "b<br>c"]),
    )
    assert lines(path) == ["甲<script>"]
    (table,) = tables(path)
    assert [c.text for c in table.cells] == ["a", "b\nc"]
    assert [(one.row, one.what) for one in table.hidden] == [(0, "丙")]


def test_rows_of_head_and_foot_and_open_spans(tmp_path: Path) -> None:
    path = page(
        tmp_path / "x.html",
        "<table border=1><tfoot><tr><td>末<td>尾</tr></tfoot><thead><tr><th colspan=2>头</th></tr></thead>"
        "<tbody><tr><td rowspan=0>甲</td><td>1</td></tr><tr><td>2</td></tr></tbody></table>",
    )
    (table,) = tables(path)
    assert layout(table) == [
        (0, 0, 1, 2, "头"),
        (1, 0, 2, 1, "甲"),
        (1, 1, 1, 1, "1"),
        (2, 1, 1, 1, "2"),
        (3, 0, 1, 1, "末"),
        (3, 1, 1, 1, "尾"),
    ]


def test_boxes_of_a_page_are_ticks(tmp_path: Path) -> None:
    path = page(tmp_path / "x.html", "<p><input type=checkbox checked>新增 <input type=checkbox>延续</p>")
    assert lines(path) == ["☑新增 □延续"]


@pytest.mark.parametrize(("charset", "encoding"), [("gb2312", "gbk"), ("utf-8", "utf-8"), ("gb2312", "utf-8")])
def test_the_encoding_of_a_page(charset: str, encoding: str, tmp_path: Path) -> None:
    text = f"<html><head><meta charset={charset}></head><body><p>绩效目标，这是汉字</p></body></html>"
    (tmp_path / "x.html").write_bytes(text.encode(encoding))
    assert lines(tmp_path / "x.html") == ["绩效目标，这是汉字"]


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
