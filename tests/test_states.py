"""The four states of a value, drawn on a page: no such field, blank, a mark that is printed, and unreadable."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from helpers_pdf import write_tables

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from extractors.intake import take_in
from pipeline.archive.store import Store
from pipeline.running.worker import read_file, read_forms
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.model import Document, Reader
from schemas.reading import FileReading

ROWS = [
    ["项目名称", "测试项目", "", "主管部门", "", ""],
    ["年度目标", "/", "", "其他说明", "—", ""],
    ["资金情况（万元）", "年度资金总额", "", "", "—", ""],
    ["", "其中：中央补助", "", "", "/", ""],
    ["", "地方资金", "", "", "", ""],
    ["", "其他资金", "", "", "*", ""],
    ["一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "备注"],
    ["产出指标", "数量指标", "甲数", "/", "—", ""],
    ["", "质量指标", "乙率", "*", "", "/"],
    ["", "时效指标", "丙期", "", "5天", "—"],
]
SPANS = [
    *(("SPAN", (1, r), (2, r)) for r in (0, 1)),
    *(("SPAN", (4, r), (5, r)) for r in range(6)),
    *(("SPAN", (1, r), (3, r)) for r in (2, 3, 4, 5)),
    ("SPAN", (0, 2), (0, 5)),
    ("SPAN", (0, 7), (0, 9)),
]


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> FileReading:
    path = tmp_path_factory.mktemp("states") / "states.pdf"
    write_tables(path, ["项目绩效自评表", (ROWS, SPANS)], widths=[75, 75, 75, 75, 75, 75])
    return read_file(take_in(path, path.name), "states", load_families(), load_words())


@pytest.fixture(scope="module")
def record(reading: FileReading) -> dict[str, Any]:
    (form,) = reading.forms
    return form.record.as_dict()


def test_a_field_that_the_form_has_not_is_absent_and_a_blank_one_is_null(record: dict[str, Any]) -> None:
    assert "implementing_unit" not in record["fields"]
    assert record["fields"]["supervising_department"] is None


def test_marks_are_kept_as_they_are_printed(record: dict[str, Any]) -> None:
    assert record["fields"]["annual_goal"] == "/"
    assert record["fields"]["other_notes"] == "—"
    assert [f["amount"] for f in record["funds"]] == ["—", "/", None, "*"]
    assert [f["raw"] for f in record["funds"]] == ["—", "/", None, "*"]
    assert [i["targets"]["full_year"] for i in record["indicators"]] == ["/", "*", None]
    assert [i["actual"] for i in record["indicators"]] == ["—", None, "5天"]
    assert [i["note"] for i in record["indicators"]] == [None, "/", "—"]


def test_a_column_that_the_form_has_not_is_null_and_not_among_the_columns(record: dict[str, Any]) -> None:
    assert all(i["op"] is None for i in record["indicators"])
    assert "op" not in record["columns"]
    assert "note" in record["columns"]


def test_none_of_them_is_a_finding_or_zero(record: dict[str, Any]) -> None:
    said = [(f["rule"], f["where"]) for f in record["findings"]]
    assert said == [("structure.complete", "/indicators/2/targets/full_year")]  # a blank, which the form should fill
    assert all(f["amount"] != "0" for f in record["funds"])


def test_the_database_keeps_them_apart(reading: FileReading, tmp_path: Path) -> None:
    with Store.open(tmp_path / "states.db") as store:
        store.save(reading, "1", "{}")
    with sqlite3.connect(tmp_path / "states.db") as database:
        funds = database.execute("SELECT amount, raw, amount_e4 FROM funds ORDER BY position").fetchall()
        assert funds == [("—", "—", None), ("/", "/", None), (None, None, None), ("*", "*", None)]
        fields = dict(database.execute("SELECT name, value FROM fields").fetchall())
        assert fields["annual_goal"] == "/"
        assert fields["supervising_department"] is None
        assert "implementing_unit" not in fields
        values = database.execute(
            "SELECT which, raw FROM indicator_values v JOIN indicators i ON i.id = v.indicator_id"
            " WHERE which = 'full_year' ORDER BY i.position"
        ).fetchall()
        assert values == [("full_year", "/"), ("full_year", "*"), ("full_year", None)]


def test_what_a_source_does_not_say_is_null_with_a_finding() -> None:
    dump = (
        "项目绩效目标表\n项目名称\t测�项目\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲数\t(cid:12)%\n"
    )
    words = load_words()
    document = Document("x.txt", "0", Reader.DUMP, 0, align_blocks(read_lines(dump), words))
    (form,) = read_forms(document, load_families(), words)
    record = form.record.as_dict()
    assert record["fields"]["project_name"] is None
    assert record["indicators"][0]["targets"]["full_year"] is None
    assert [(f["rule"], f["where"]) for f in record["findings"]] == [
        ("unreadable", "/indicators/0/targets/full_year"),
        ("unreadable", "/fields/project_name"),
    ]
