"""Tables of all files, with the places and scores of their cells, for people who look for more than forms."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from helpers_pdf import write_form
from helpers_store import reading
from typer.testing import CliRunner

from pipeline.archive.store import Store
from pipeline.cli import app
from pipeline.output.cells import ExportImpossible
from pipeline.output.export import Language, export_tables
from schemas.model import Cell, Line, Place, Table

RUN = "=1+1"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A file whose table became no form; its cells look like formulas and numbers."""
    made = Store.open(tmp_path / "jixiao.db")
    one = reading("no/form.pdf")
    cells = (
        Cell(0, 0, 1, 2, RUN, (Line(RUN, Place(1), 0.5),)),
        Cell(1, 0, 1, 1, "0012"),
        Cell(1, 1, 1, 1, ""),
    )
    table = Table(2, 2, cells, (1, 1), sure=0.75, ruled=False)
    made.save(replace(one, document=replace(one.document, blocks=(*one.document.blocks, table))), "1", "{}")
    return made


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_files_without_a_form_give_their_tables_and_lines(store: Store, tmp_path: Path) -> None:
    written = export_tables(store, "csv", tmp_path / "csv")
    assert [path.name for path in written] == ["tables.csv", "cells.csv", "lines.csv"]
    first, second = rows_of(tmp_path / "csv" / "tables.csv")
    assert (first["file"], first["outcome"], first["sure"]) == ("no/form.pdf", "no form", "1.0")
    assert (second["table_index"], second["ruled"], second["sure"], second["col_count"]) == ("1", "False", "0.75", "2")
    cells = rows_of(tmp_path / "csv" / "cells.csv")
    assert [(c["table_index"], c["row"], c["colspan"], c["text"], c["confidence"]) for c in cells] == [
        ("0", "0", "2", "合计", "0.9"),
        ("0", "1", "1", "", ""),
        ("1", "0", "2", f"'{RUN}", "0.5"),
        ("1", "1", "1", "0012", ""),
        ("1", "1", "1", "", ""),
    ]
    assert cells[0]["box_left"] != ""
    (line,) = rows_of(tmp_path / "csv" / "lines.csv")
    assert (line["text"], line["tables_before"], line["page"]) == ("目标表", "0", "1")
    assert line["box_top"] != ""


def test_parquet_has_numbers_and_texts_as_they_are(store: Store, tmp_path: Path) -> None:
    export_tables(store, "parquet", tmp_path / "out")
    cells = pq.read_table(tmp_path / "out" / "cells.parquet").to_pylist()
    assert [c["text"] for c in cells] == ["合计", "", RUN, "0012", ""]
    assert (cells[2]["colspan"], cells[2]["confidence"], cells[1]["lost"]) == (2, 0.5, True)


def test_a_workbook_shows_each_table_as_it_is_printed(store: Store, tmp_path: Path) -> None:
    export_tables(store, "xlsx", tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    assert book.sheetnames == ["原样表格", "表格清单", "单元格", "表外文字"]
    sheet = book["原样表格"]
    assert sheet["A1"].value == "no/form.pdf  #0  p. 1-2"
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A2:B2", "A6:B6"}
    assert (sheet["A6"].value, sheet["A6"].data_type) == (RUN, "s")
    assert (sheet["A7"].value, sheet["A7"].data_type) == ("0012", "s")
    head = [cell.value for cell in book["单元格"][1]]
    assert head[:5] == ["文件", "表格序号", "行序", "所在行", "所在列"]
    for each in ("表格清单", "单元格", "表外文字"):
        assert not any(str(cell.value).isascii() for cell in book[each][1]), each
    export_tables(store, "xlsx", tmp_path / "english.xlsx", Language.EN)
    assert openpyxl.load_workbook(tmp_path / "english.xlsx").sheetnames == ["printed", "tables", "cells", "lines"]


def test_what_tables_cannot_be_written_as_is_said(store: Store, tmp_path: Path) -> None:
    for fmt, out, why in (("json", tmp_path, "csv, xlsx or parquet"), ("csv", None, "standard output")):
        with pytest.raises(ExportImpossible, match=why):
            export_tables(store, fmt, out)
    with pytest.raises(ExportImpossible, match="is a folder"):
        export_tables(store, "xlsx", tmp_path)


def test_a_page_that_is_read_brings_what_stands_beside_its_tables(tmp_path: Path) -> None:
    write_form(tmp_path / "form.pdf")
    call = CliRunner().invoke
    assert call(app, ["run", str(tmp_path / "form.pdf"), "--out", str(tmp_path / "out"), "--jobs", "0"]).exit_code == 0
    database = str(tmp_path / "out" / "jixiao.db")
    done = call(app, ["export", "--tables", "--format", "csv", "--db", database, "--out", str(tmp_path / "csv")])
    assert done.exit_code == 0, done.output
    assert "项目绩效目标表" in {line["text"] for line in rows_of(tmp_path / "csv" / "lines.csv")}
    cells = rows_of(tmp_path / "csv" / "cells.csv")
    assert "测试局" in {cell["text"] for cell in cells}
    assert all(cell["box_left"] for cell in cells)
    divided = ["export", "--tables", "--format", "parquet", "--partition", "year", "--db", database, "--out", "x"]
    assert call(app, divided).exit_code == 2
