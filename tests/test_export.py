"""Exports: every text arrives as text, nothing can be run, and the same database gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from helpers_store import PROJECT, UNIT, full, reading, record

from pipeline.archive.store import Store
from pipeline.messages import Language
from pipeline.output import workbook
from pipeline.output.captions import captions_in
from pipeline.output.cells import CUT, XLSX_TEXT, ExportImpossible, guarded, legal
from pipeline.output.dataset import export_dataset
from pipeline.output.export import CORRECTIONS, TABLES, ExportFormat, export, frames
from pipeline.output.whole_tables import TABLES as WHOLE_TABLES
from pipeline.people.corrected import corrected

SCRIPT = "<script>alert(1)</script>"
LINK = "https://example.org/"
FORMULA = '=HYPERLINK("https://example.org")'


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two files: one with something in every part, one with texts that programs like to misunderstand."""
    fields = {
        "script": SCRIPT,
        "formula": FORMULA,
        "link": LINK,
        "digits": "0012",
        "negative": "-5",
        "blank": None,
        "stroke": "/",
        "lines": '一、甲\n二、乙\r丙, “丁” "戊"',
        "nul": "a\0b\x1f",
        "separator": "a\u2028b",
        "words": "nan NA null",
        "NA": "NA",
    }
    made = Store.open(tmp_path / "jixiao.db")
    made.save(reading("b.pdf", full(), record(year=None)), "1", "{}")
    made.save(reading("a.pdf", record(fields=fields)), "1", "{}")
    return made


def values(rows: list[dict[str, str | None]]) -> dict[str | None, str | None]:
    """The fields of a.pdf by name."""
    return {row["name"]: row["value"] for row in rows if row["file"] == "a.pdf"}


def csv_rows(path: Path) -> list[dict[str, str | None]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_json_is_the_records(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(store, "json") == []
    printed = capsys.readouterr().out
    assert json.loads(printed) == list(store.records())
    assert [r["source"]["file"] for r in json.loads(printed)] == ["a.pdf", "b.pdf", "b.pdf"]
    assert SCRIPT in printed
    assert "绩效目标表" in printed
    out = tmp_path / "new" / "records.json"
    assert export(store, ExportFormat.JSON, out) == [out]
    assert out.read_bytes().decode() == printed


def test_json_of_an_empty_database(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db") as store:
        export(store, "json", tmp_path / "records.json")
    assert (tmp_path / "records.json").read_text() == "[]\n"


def test_csv_has_a_file_for_each_table(store: Store, tmp_path: Path) -> None:
    written = export(store, "csv", tmp_path / "csv")
    assert [path.name for path in written] == [f"{name}.csv" for name in (*TABLES, "corrections")]
    forms = csv_rows(tmp_path / "csv" / "forms.csv")
    assert [(r["file"], r["form_index"], r["year"]) for r in forms] == [
        ("a.pdf", "0", "2024"),
        ("b.pdf", "0", "2024"),
        ("b.pdf", "1", ""),
    ]
    [first, blank, points] = csv_rows(tmp_path / "csv" / "funds.csv")
    assert (first["unit"], first["project"], first["amount"]) == (UNIT, PROJECT, "1172.45")
    assert (blank["amount"], points["amount_unit"]) == ("", "")
    assert csv_rows(tmp_path / "csv" / "indicators.csv")[0]["target"] == "≥95%"
    assert [(r["pointer"], r["place_page"], r["place_left"]) for r in csv_rows(tmp_path / "csv" / "findings.csv")] == [
        ("/funds/0", "", ""),
        ("", "2", "10.0"),
    ]


def test_what_only_some_forms_print_is_exported(store: Store, tmp_path: Path) -> None:
    """Quarters, past years, progress, causes, and the money of tasks, in each kind of table."""
    values = {
        "quarter1_target": "≥20%",
        "history": '{"前年": "90%", "上年": null}',
        "progress": "60%",
        "progress_number": "60",
        "causes": '["经费保障", "其他"]',
        "likelihood": "有可能",
    }
    amounts = [("0", "总额", "10.5"), ("0", "其他资金", ""), ("", "总额", "10.5")]
    export(store, "csv", tmp_path / "csv")
    export(store, "xlsx", tmp_path / "all.xlsx", lang=Language.EN)
    export(store, "parquet", tmp_path / "parquet")
    first = csv_rows(tmp_path / "csv" / "indicators.csv")[0]
    assert {name: first[name] for name in values} == values
    assert {name: sheet_rows(tmp_path / "all.xlsx", "indicators")[0][name] for name in values} == values
    table = pq.read_table(tmp_path / "parquet" / "indicators.parquet").to_pylist()
    assert {name: table[0][name] for name in values} == values
    told = csv_rows(tmp_path / "csv" / "task_amounts.csv")
    assert [(r["task"], r["header"], r["amount"]) for r in told] == amounts
    tasks = csv_rows(tmp_path / "csv" / "tasks.csv")
    assert [(r["name"], r["value"]) for r in tasks] == [("content", ""), ("goal", "全覆盖"), ("name", "扩面")]
    held = pq.read_table(tmp_path / "parquet" / "findings.parquet").to_pylist()[1]
    assert (held["place_page"], held["place_left"], held["place_column"]) == (2, 10.0, None)


def test_csv_keeps_texts_and_runs_nothing(store: Store, tmp_path: Path) -> None:
    export(store, "csv", tmp_path)
    found = values(csv_rows(tmp_path / "fields.csv"))
    assert found["formula"] == "'" + FORMULA
    assert found["lines"] == '一、甲\n二、乙\r丙, “丁” "戊"'
    assert (found["script"], found["digits"], found["negative"]) == (SCRIPT, "0012", "-5")
    assert (found["blank"], found["stroke"], found["NA"]) == ("", "/", "NA")
    assert (found["nul"], found["separator"]) == ("a\0b\x1f", "a\u2028b")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "-",
        "-5 万元",
        "-5\n=1",
        "-５",
        "＝1",
        "＋1",
        "－1+1",
        "＠SUM(A1)",
        "\x00=1",
        "\x00甲",
    ],
)
def test_what_may_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "-3.2%", "-0.5", "5", "", "≥95%", "a=b", "'=1", " 甲", "－5", "—"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert guarded(text) == text


def sheet_rows(path: Path, sheet: str) -> list[dict[str, str | None]]:
    found = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    header = next(found)
    return [dict(zip(header, row, strict=True)) for row in found]


def test_xlsx_has_a_sheet_for_each_table(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "new" / "all.xlsx"
    assert export(store, "xlsx", out, lang=Language.EN) == [out]
    assert openpyxl.load_workbook(out).sheetnames == ["summary", *TABLES, "corrections"]
    [first, blank, _] = sheet_rows(out, "funds")
    assert (first["amount"], first["year"], blank["amount"]) == ("1172.45", 2024, None)
    assert [row["year"] for row in sheet_rows(out, "forms")] == [2024, 2024, None]


def test_xlsx_cells_are_neither_formulas_nor_numbers_nor_links(store: Store, tmp_path: Path) -> None:
    export(store, "xlsx", tmp_path / "all.xlsx", lang=Language.EN)
    found = values(sheet_rows(tmp_path / "all.xlsx", "fields"))
    assert (found["formula"], found["script"], found["link"]) == (FORMULA, SCRIPT, LINK)
    assert (found["digits"], found["negative"], found["blank"]) == ("0012", "-5", None)
    assert found["nul"] == "a\ufffdb\ufffd"
    with zipfile.ZipFile(tmp_path / "all.xlsx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not any("hyperlink" in text.lower() for name, text in parts.items() if "sheet" in name and "rels" in name)
    sheets = [text for name, text in parts.items() if "worksheets" in name]
    assert not any(re.search(r"<f[ >]", text) for text in sheets)
    links = [link for text in sheets for link in re.findall(r"<hyperlink [^>]*>", text)]
    assert all(re.match(r"<hyperlink ref=\"A\d+\" location=\"'", link) for link in links)  # into our own sheets


HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@x",
    "-2+3",
    "\t=1",
    "\r=1",
    "\n=1",
    "=\n1",
    "'=1",
    '"=1",=1',
    "a;=1",
    "0012",
    "1E5",
    "-5",
]


def test_hostile_texts_are_harmless_to_spreadsheets_and_exact_elsewhere(tmp_path: Path) -> None:
    fields = {f"{n}": text for n, text in enumerate(HOSTILE)} | {text: text for text in HOSTILE}
    with Store.open(tmp_path / "jixiao.db") as store:
        store.save(reading("=a.pdf", record(fields=fields, title="=1+1")), "1", "{}")
        for fmt, name in (("json", "r.json"), ("csv", ""), ("xlsx", "all.xlsx"), ("parquet", "")):
            export(store, fmt, tmp_path / name, lang=Language.EN)
        export_dataset(store, tmp_path / "set", ["kind"])
    [made] = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert fields.items() <= made["fields"].items()
    for rows in (pq.read_table(tmp_path / "fields.parquet"), pq.read_table(tmp_path / "set" / "fields")):
        exact = dict(zip(rows.column("name").to_pylist(), rows.column("value").to_pylist(), strict=True))
        assert fields.items() <= exact.items()
    told = {row["name"]: row["value"] for row in csv_rows(tmp_path / "fields.csv")}
    for name in fields:
        assert told[guarded(name)] == guarded(fields[name])
    for path in tmp_path.glob("*.csv"):
        for row in csv_rows(path):
            for cell in row.values():
                assert not re.match(r"[=+@\t\r\n]|-(?![\d.]+$)", cell or "")
    for sheet in openpyxl.load_workbook(tmp_path / "all.xlsx"):
        for cell in (cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)):
            assert cell.data_type == "s"
            assert cell.hyperlink is None or (cell.value == "→" and cell.hyperlink.target is None)
            text = cell.value.replace("_x000D_", "\r")  # as workbooks write it
            assert cell.quotePrefix == (guarded(text) != text)
    shown = {row["name"]: row["value"] for row in sheet_rows(tmp_path / "all.xlsx", "fields")}
    assert {
        str(name).replace("_x000D_", "\r"): str(text).replace("_x000D_", "\r") for name, text in shown.items()
    } == exact


def test_text_that_a_cell_cannot_hold_is_cut_visibly() -> None:
    assert legal("字" * XLSX_TEXT) == "字" * XLSX_TEXT
    for long in ("字" * (XLSX_TEXT + 1), "𠮷" * XLSX_TEXT):
        cut = legal(long)
        assert cut.endswith(CUT)
        assert XLSX_TEXT - 1 <= len(cut.encode("utf-16-le")) // 2 <= XLSX_TEXT
    assert legal("\ud800\uffff\x0b甲\t\n") == "\ufffd\ufffd\ufffd甲\t\n"


def test_too_many_rows_for_a_sheet_are_refused(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 3)
    with pytest.raises(ExportImpossible, match="forms has 3 rows, a sheet holds 2"):
        export(store, "xlsx", tmp_path / "all.xlsx")
    assert not (tmp_path / "all.xlsx").exists()


def test_parquet_keeps_types_and_blanks(store: Store, tmp_path: Path) -> None:
    written = export(store, "parquet", tmp_path)
    assert [path.name for path in written] == [f"{name}.parquet" for name in (*TABLES, "corrections")]
    funds = pq.read_table(tmp_path / "funds.parquet")
    assert funds.column("amount").to_pylist() == ["1172.45", None, None]
    assert funds.column("points_value").to_pylist() == [None, None, 10.0]  # points are no amount
    assert funds.column("raw").to_pylist()[2] == "10"
    forms = pq.read_table(tmp_path / "forms.parquet")
    assert forms.column("year").to_pylist() == [2024, 2024, None]
    found = values(pq.read_table(tmp_path / "fields.parquet").to_pylist())
    assert (found["formula"], found["script"], found["nul"]) == (FORMULA, SCRIPT, "a\0b\x1f")
    assert (found["blank"], found["NA"]) == (None, "NA")


def test_parquet_types_do_not_depend_on_the_rows(store: Store, tmp_path: Path) -> None:
    export(store, "parquet", tmp_path / "full")
    with Store.open(tmp_path / "empty.db") as empty:
        export(empty, "parquet", tmp_path / "empty")
    for name in TABLES:
        schemas = [pq.read_schema(tmp_path / folder / f"{name}.parquet") for folder in ("full", "empty")]
        assert schemas[0] == schemas[1]


@pytest.mark.parametrize(("fmt", "name"), [("csv", ""), ("xlsx", "all.xlsx"), ("parquet", ""), ("json", "r.json")])
def test_same_database_gives_the_same_bytes(store: Store, tmp_path: Path, fmt: str, name: str) -> None:
    made = [export(store, fmt, tmp_path / folder / name) for folder in ("1", "2")]
    assert [path.read_bytes() for path in made[0]] == [path.read_bytes() for path in made[1]]


def test_xlsx_holds_no_time_of_its_making(store: Store, tmp_path: Path) -> None:
    export(store, "xlsx", tmp_path / "all.xlsx")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "all.xlsx").read_bytes())) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_impossible_places_are_named(store: Store, tmp_path: Path) -> None:
    for fmt in ("csv", "xlsx", "parquet"):
        with pytest.raises(ExportImpossible, match="not to standard output"):
            export(store, fmt)
    for fmt in ("json", "xlsx"):
        with pytest.raises(ExportImpossible, match="is a folder"):
            export(store, fmt, tmp_path)
    (tmp_path / "file").write_text("")
    for fmt in ("csv", "parquet"):
        with pytest.raises(ExportImpossible, match="cannot be written"):
            export(store, fmt, tmp_path / "file")
    with pytest.raises(ValueError, match="docx"):
        export(store, "docx", tmp_path / "x")


def test_the_office_workbook_is_chinese_and_shows_what_is_doubted(tmp_path: Path) -> None:
    plan = full().model_copy(update={"fields": full().fields | {"start_date": "2024-03-01", "end_date": "2024-12"}})
    with Store.open(tmp_path / "jixiao.db") as store:
        store.save(reading("b.pdf", plan), "1", "{}")
        export(store, "xlsx", tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames[:2] == ["汇总", "表单"]
    for sheet in book:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref
    funds = book["资金"]
    head = {cell.value: cell.column for cell in funds[1]}
    assert funds.cell(2, head["金额（元）"]).value == 11724500
    assert "#,##0.00" in funds.cell(2, head["金额（元）"]).number_format
    doubted = funds.cell(2, head["金额（原文）"])
    assert doubted.comment is not None
    assert doubted.comment.text.startswith("识别把握不足: ")
    assert doubted.fill.fgColor.rgb == "FFFFE699"
    assert funds.cell(2, 1).hyperlink.location == "'表单'!A2"
    assert funds.cell(3, 1).hyperlink is None
    assert funds.cell(2, head["疑点规则"]).value == "识别把握不足"
    found = book["疑点"]
    assert "资金 1" in [cell.value for cell in found[2]]  # no pointer of programs
    assert found.cell(2, 1).hyperlink.location == f"'资金'!{doubted.coordinate}"
    forms = {cell.value: book["表单"].cell(2, cell.column) for cell in book["表单"][1]}
    assert forms["开始日期"].is_date
    assert forms["结束日期"].value == "2024-12"  # no day is made up
    assert (forms["疑点数"].value, forms["指标数"].value) == (2, 2)
    assert [cell.value for cell in book["汇总"][2]][1:7] == [UNIT, 2024, "没有对应的表样", "项目绩效目标", 1, 1]


def test_every_sheet_and_column_of_the_office_has_its_chinese_name(store: Store) -> None:
    """A column that is added to what is exported needs one."""
    names = captions_in(Language.ZH)
    with corrected(store):
        exported = frames(store, {**TABLES, **WHOLE_TABLES, **CORRECTIONS})
    shown = {*map(names.sheet, exported), *(names.column(column) for frame in exported.values() for column in frame)}
    assert len(shown) > len(exported)
    assert [text for text in sorted(shown) if not re.search("[\u4e00-\u9fff]", text)] == []


def test_columns_for_programs_are_there_and_hidden(store: Store, tmp_path: Path) -> None:
    export(store, "xlsx", tmp_path / "book.xlsx", lang=Language.EN)
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["funds"]
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    assert sheet.column_dimensions[letters["amount_e4"]].hidden
    assert not sheet.column_dimensions[letters["yuan"]].hidden
