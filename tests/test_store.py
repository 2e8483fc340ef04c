"""The database: what goes in comes out, nothing twice, nothing of yesterday, and the views."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_mock_engine

from pipeline.archive.plan_reviews import check_reviews
from pipeline.archive.store import DatabaseUnusable, Store, UnstorableText, WrongDatabaseVersion
from pipeline.reading.check.agreement import PLAN_REVIEW
from schemas.model import Box, Cell, Document, Line, Place, Reader, Table
from schemas.reading import Check, Failure, FamilyMatch, FileReading, FormReading, Origin, Stage
from schemas.record import Finding, FindingPlace, Fund, Indicator, Kind, Record, Source, Value
from schemas.tables import SCHEMA_VERSION, VIEWS, Base
from schemas.verdicts import CheckVerdict, Verdict

UNIT = "如皋市社会保险基金管理中心"
PROJECT = "“助保贷款”财政贴息"
CODE, SETTINGS = "1.0", "{}"
BOX = Box(10, 20, 110, 40)


def sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def fund(
    path: str,
    amount: str | None,
    column: str = "full_year_budget",
    side: str = "expenditure",
    raw: str | None = None,
) -> Fund:
    """A money cell; `path` as its labels with slashes between them."""
    return Fund(side=side, path=path.split("/"), column=column, amount=amount, raw=raw or amount)


def record(kind: Kind = Kind.PROJECT_TARGET, **given: Any) -> Record:
    """A small record; `fields` and all other keys can be given. Its source is put in by `reading`."""
    fields = {"reporting_unit": UNIT, "project_name": PROJECT} | given.pop("fields", {})
    source = Source(file="", sha256="", pages=[1], reader=Reader.TEXT_LAYER, form=0)
    rest = {"family": "generic", "title": "绩效目标表", "year": 2024, "amount_unit": "万元"} | given
    return Record(source=source, kind=kind, fields=fields, **rest)


def full() -> Record:
    """A record with something in every part."""
    indicator = Indicator(
        level1="产出指标",
        level2="数量指标",
        level3="发放人数",
        targets={"half_year": None, "full_year": "≥95%", "quarter1": "≥20%"},
        values={
            "half_year": None,
            "full_year": Value(op="≥", number="95", unit="%"),
            "quarter1": Value(op="≥", number="20", unit="%"),
            "actual": Value(number="97", unit="%"),
            "progress": Value(number="60", unit="%"),
        },
        actual="97%",
        history={"前年": "90%", "上年": None},
        progress="60%",
        forecast=None,
        causes=["经费保障", "其他"],
        likelihood="有可能",
        weights={"full_year": "10"},
        score="9.5",
        level_points={"level1": "6"},
        other={"佐证": "表"},
    )
    return record(
        choices={"project_attribute": ["常年安排", "延续"], "project_level": []},
        tasks=[{"name": "扩面", "content": None, "goal": "全覆盖", "amounts": {"总额": "10.5", "其他资金": None}}],
        tasks_total={"总额": "10.5"},
        funds=[
            fund("资金总额", "1172.45"),
            fund("资金总额/财政拨款", None),
            fund("资金总额", "10", "weight"),
        ],
        columns=["level1", "level2", "level3", "targets.half_year", "targets.full_year", "actual", "forecast"],
        indicators=[indicator, Indicator(level1="效益指标", targets={"full_year": "健全"})],
        findings=[
            Finding(rule="low-score", verdict=Verdict.UNDECIDABLE, where="/funds/0", message="0.5"),
            Finding(
                rule="hidden", verdict=Verdict.UNDECIDABLE, where="", message="1", place=FindingPlace.of(Place(2, BOX))
            ),
        ],
    )


def reading(path: str, *records: Record, content: str | None = None, reader: Reader = Reader.TEXT_LAYER) -> FileReading:
    """A file with one table of two cells, and its forms."""
    digest = sha(content or path)
    cells = (Cell(0, 0, 1, 2, "合计", (Line("合计", Place(1, BOX), 0.9),)), Cell(1, 0, 1, 1, "", lost=True))
    table = Table(2, 2, cells, (1, 2), (1,), notes=("ragged", "short"))
    forms = []
    for number, made in enumerate(records):
        source = Source(file=path, sha256=digest, pages=[1], reader=reader, form=number)
        origins = (
            Origin("/funds/0/amount", "1172.45", Place(1, BOX), 0.9, 0, 0, 0),
            Origin("/title", "目标表", Place(line=3, column=1)),
        )
        checks = (Check("funds.sum", CheckVerdict.HOLDS, "/funds", "1", "1", "the parts are the sum"),)
        match = FamilyMatch(None, ("no title fits",), "rugao", ("填报单位",))
        forms.append(FormReading(made.model_copy(update={"source": source}), origins, match, checks))
    document = Document(path, digest, reader, 2, (Line("目标表", Place(1, BOX)), table))
    return FileReading(document, path.removesuffix(".pdf"), tuple(forms))


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a plain sqlite3 connection, as a user's own program would see them."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def dump(path: Path) -> list[str]:
    """The database as SQL, without the runs."""
    connection = sqlite3.connect(path)
    try:
        return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "run')]
    finally:
        connection.close()


def saved(path: Path, *readings: FileReading) -> Path:
    with Store.open(path) as store:
        for one in readings:
            store.save(one, CODE, SETTINGS)
    return path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "jixiao.db"


def counts(path: Path) -> dict[str, int]:
    return {name: rows(path, f"SELECT count(*) FROM {name}")[0][0] for name in Base.metadata.tables}


# what goes in comes out


def test_records_come_back_as_they_went_in(db: Path) -> None:
    read = reading("b.pdf", full(), record())
    saved(db, read, reading("a.pdf", record(year=None)))
    with Store.open(db, create=False) as store:
        assert [r["source"]["file"] for r in store.records()] == ["a.pdf", "b.pdf", "b.pdf"]
        assert store.records_of(sha("b.pdf")) == [form.record.as_dict() for form in read.forms]
        assert store.records_of(sha("b.pdf"))[0]["source"]["form"] == 0
        assert store.records_of("unknown") == []


def test_every_part_of_a_reading_has_its_rows(db: Path) -> None:
    saved(db, reading("a.pdf", full()))
    assert rows(db, "SELECT name, position, option FROM choices") == [
        ("project_attribute", 0, "常年安排"),
        ("project_attribute", 1, "延续"),
        ("project_level", 0, None),
    ]
    assert rows(db, "SELECT position, name, value FROM tasks ORDER BY name DESC") == [
        (0, "name", "扩面"),
        (0, "goal", "全覆盖"),
        (0, "content", None),
    ]
    assert rows(db, "SELECT position, task, header, amount, amount_unit, amount_e4 FROM task_amounts") == [
        (0, 0, "总额", "10.5", "万元", 1_050_000_000),
        (1, 0, "其他资金", None, "万元", None),
        (2, None, "总额", "10.5", "万元", 1_050_000_000),
    ]
    assert rows(db, "SELECT path, depth, label, amount, amount_unit, amount_e4 FROM funds") == [
        ("资金总额", 1, "资金总额", "1172.45", "万元", 117_245_000_000),
        ("资金总额 / 财政拨款", 2, "财政拨款", None, "万元", None),
        ("资金总额", 1, "资金总额", "10", None, None),
    ]  # points are no money
    assert rows(db, "SELECT indicator_id, which, raw, op, number, unit, text FROM indicator_values") == [
        (1, "actual", "97%", None, "97", "%", None),
        (1, "forecast", None, None, None, None, None),
        (1, "full_year", "≥95%", "≥", "95", "%", None),
        (1, "half_year", None, None, None, None, None),
        (1, "progress", "60%", None, "60", "%", None),
        (1, "quarter1", "≥20%", "≥", "20", "%", None),
        (2, "actual", None, None, None, None, None),
        (2, "forecast", None, None, None, None, None),
        (2, "full_year", "健全", None, None, None, None),
    ]
    assert rows(db, "SELECT history, progress, forecast, causes, likelihood FROM indicators ORDER BY id") == [
        ('{"前年": "90%", "上年": null}', "60%", None, '["经费保障", "其他"]', "有可能"),
        (None, None, None, None, None),
    ]
    assert rows(db, "SELECT period, weight FROM indicator_weights") == [("full_year", "10")]
    assert rows(db, "SELECT level1_points, level2_points, other FROM indicators WHERE id = 1") == [
        ("6", None, '{"佐证": "表"}')
    ]
    assert rows(db, "SELECT rule, verdict, pointer, page, box_left, box_bottom, line FROM findings") == [
        ("low-score", "undecidable", "/funds/0", None, None, None, None),
        ("hidden", "undecidable", "", 2, 10.0, 40.0, None),
    ]
    assert rows(db, "SELECT rule, verdict FROM checks") == [("funds.sum", "holds")]
    assert rows(db, "SELECT pointer, page, box_left, box_bottom, reader, line, table_id, cell_row FROM origins") == [
        ("/funds/0/amount", 1, 10.0, 40.0, "text-layer", None, 1, 0),
        ("/title", None, None, None, "text-layer", 3, None, None),
    ]
    assert rows(db, "SELECT first_page, last_page, ruled, notes FROM tables") == [(1, 2, 1, "ragged\nshort")]
    assert rows(db, "SELECT text, colspan, lost, page, box_top FROM cells") == [
        ("合计", 2, 0, 1, 20.0),
        ("", 1, 1, None, None),
    ]
    assert rows(db, "SELECT family_match, unit_key, project_key FROM forms") == [
        (
            "family: generic\nbecause: no title fits\nnearest: rugao\nmissing: 填报单位",
            UNIT,
            '"助保贷款"财政贴息',
        )
    ]


def test_shares_below_a_header_without_a_name_are_no_money(db: Path) -> None:
    shares = [fund("资金总额", "60", "other:占比", raw="60％"), fund("资金总额", "60", "other:2021年")]
    saved(db, reading("a.pdf", record(funds=shares)))
    assert rows(db, "SELECT amount, amount_unit FROM funds") == [("60", None), ("60", "万元")]


def test_text_is_data(db: Path) -> None:
    evil = "<script>alert(1)</script>'); DROP TABLE files; --"
    saved(db, reading("a.pdf", record(fields={"annual_goal": evil, "nul": "a\0b"})))
    assert rows(db, "SELECT value FROM fields WHERE name IN ('annual_goal', 'nul')") == [(evil,), ("a\0b",)]


def test_file_without_a_form(db: Path) -> None:
    saved(db, reading("a.pdf"), reading("b.pdf", record()))
    assert rows(db, "SELECT path, outcome FROM files") == [("a.pdf", "no form"), ("b.pdf", "forms")]


@pytest.mark.parametrize(
    ("amount", "unit", "e4"),
    [
        ("0.0001", "元", 1),
        ("1172.45", "万元", 117_245_000_000),
        ("76032.38", "万元", 7_603_238_000_000),
        ("9" * 30, "元", None),
        ("/", "万元", None),
        ("0.00001", "元", None),
        ("5", None, None),
    ],
)
def test_amounts_are_exact_integers(db: Path, amount: str, unit: str | None, e4: int | None) -> None:
    saved(db, reading("a.pdf", record(amount_unit=unit, funds=[fund("资金总额", amount)])))
    kind = "null" if e4 is None else "integer"
    assert rows(db, "SELECT amount, amount_e4, typeof(amount_e4) FROM funds") == [(amount, e4, kind)]


def test_unit_printed_in_the_cell_counts(db: Path) -> None:
    saved(db, reading("a.pdf", record(funds=[fund("资金总额", "5", raw="5 元")])))
    assert rows(db, "SELECT amount_unit, amount_e4 FROM funds") == [("元", 50_000)]


def test_unit_key_prefers_who_implements(db: Path) -> None:
    units = [
        {"implementing_unit": "甲 局"},
        {"implementing_unit": "/"},
        {"implementing_unit": None},
        {"reporting_unit": "—", "project_name": ""},
    ]
    saved(db, reading("a.pdf", *(record(fields=fields) for fields in units)))
    assert rows(db, "SELECT unit_key FROM forms ORDER BY id") == [("甲局",), (UNIT,), (UNIT,), (None,)]
    assert rows(db, "SELECT project_key FROM forms WHERE id = 4") == [(None,)]


# nothing twice, nothing of yesterday


def test_what_is_known_of_a_content(db: Path) -> None:
    with Store.open(db) as store:
        assert store.known([sha("a.pdf")]) == {}
        store.save(reading("a.pdf", record()), CODE, SETTINGS)
        known = store.known([sha("a.pdf"), sha("b.pdf")])
        assert list(known) == [sha("a.pdf")]
        assert known[sha("a.pdf")].read_by(CODE, SETTINGS)
        assert not known[sha("a.pdf")].read_by("1.1", SETTINGS)
        assert not known[sha("a.pdf")].read_by(CODE, '{"dpi": 300}')


def test_stale_reading_is_replaced(db: Path) -> None:
    with Store.open(db) as store:
        store.save(reading("a.pdf", full(), full()), CODE, SETTINGS)
        store.save(reading("z.pdf", full()), CODE, SETTINGS)
        store.save(reading("a.pdf", record()), "1.1", SETTINGS)
    assert rows(db, "SELECT id, path, code_version FROM files") == [(1, "a.pdf", "1.1"), (2, "z.pdf", CODE)]
    assert rows(db, "SELECT id, file_id FROM forms") == [(1, 1), (3, 2)]
    assert counts(db) | {"fields": 4, "funds": 3, "cells": 4, "origins": 4, "indicators": 2} == counts(db)


def test_saving_again_changes_nothing(db: Path) -> None:
    first, second = reading("a.pdf", full(), record()), reading("b.pdf", full())
    before = dump(saved(db, first, second))
    assert dump(saved(db, first)) == before


def test_content_at_another_path_is_an_alias(db: Path) -> None:
    saved(db, reading("a.pdf", full()), reading("copy.pdf", full(), content="a.pdf"))
    saved(db, reading("copy.pdf", full(), content="a.pdf"))
    assert rows(db, "SELECT path FROM files") == [("a.pdf",)]
    assert rows(db, "SELECT path, file_id, name FROM file_aliases") == [("copy.pdf", 1, "copy")]
    assert counts(db)["forms"] == 1


def test_path_of_a_content_that_is_done_is_noted(db: Path) -> None:
    with Store.open(db) as store:
        store.save(reading("a.pdf", record()), CODE, SETTINGS)
        store.save_failure(failure("copy.pdf"))
        for path in ("copy.pdf", "copy.pdf", "a.pdf"):
            store.note_path(path, path.removesuffix(".pdf"), sha("a.pdf"))
        with pytest.raises(KeyError):
            store.note_path("b.pdf", "b", sha("b.pdf"))
    assert rows(db, "SELECT path FROM file_aliases") == [("copy.pdf",)]
    assert counts(db)["failures"] == 0


def test_stale_reading_keeps_its_other_paths(db: Path) -> None:
    with Store.open(db) as store:
        store.save(reading("b.pdf", record()), CODE, SETTINGS)
        store.save(reading("c.pdf", record(), content="b.pdf"), CODE, SETTINGS)
        store.save(reading("c.pdf", record(), content="b.pdf"), "1.1", SETTINGS)
    assert rows(db, "SELECT path, code_version FROM files") == [("c.pdf", "1.1")]
    assert rows(db, "SELECT path FROM file_aliases") == [("b.pdf",)]


def test_changed_content_replaces_what_stood_at_the_path(db: Path) -> None:
    saved(db, reading("a.pdf", full(), content="old"), reading("a.pdf", record(year=2025), content="new"))
    assert rows(db, "SELECT path, sha256 FROM files") == [("a.pdf", sha("new"))]
    assert rows(db, "SELECT year FROM forms") == [(2025,)]
    assert counts(db) | {"funds": 0, "indicators": 0, "findings": 0, "tables": 1, "cells": 2} == counts(db)


def test_changed_content_leaves_its_records_to_an_alias(db: Path) -> None:
    saved(
        db,
        reading("a.pdf", full(), content="old"),
        reading("b.pdf", full(), content="old"),
        reading("a.pdf", record(), content="new"),
    )
    assert rows(db, "SELECT path, name, sha256 FROM files") == [
        ("b.pdf", "b", sha("old")),
        ("a.pdf", "a", sha("new")),
    ]
    assert counts(db)["file_aliases"] == 0
    with Store.open(db) as store:
        assert [r["source"]["file"] for r in store.records_of(sha("old"))] == ["b.pdf"]


def test_alias_whose_content_changed_is_no_alias_any_more(db: Path) -> None:
    saved(
        db,
        reading("a.pdf", record(), content="old"),
        reading("b.pdf", record(), content="old"),
        reading("b.pdf", record(), content="new"),
    )
    assert rows(db, "SELECT path FROM files") == [("a.pdf",), ("b.pdf",)]
    assert counts(db)["file_aliases"] == 0


def test_rows_go_with_their_file(db: Path) -> None:
    saved(db, reading("a.pdf", full()), reading("copy.pdf", full(), content="a.pdf"))
    connection = sqlite3.connect(db)
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("DELETE FROM files")
    connection.commit()
    connection.close()
    assert {name for name, number in counts(db).items() if number} == {"meta"}


def failure(path: str, content: str | None = None, message: str = "broken") -> Failure:
    return Failure(path, content and sha(content), Stage.READ, "damaged", 3, message)


def test_failure_is_one_row_a_path_until_the_file_is_read(db: Path) -> None:
    with Store.open(db) as store:
        for message in ("broken", "still broken"):
            store.save_failure(failure("a.pdf", "a.pdf", message))
            store.save_failure(Failure("b.pdf", None, Stage.INTAKE, "encrypted", None, "password", refused=True))
        assert rows(db, "SELECT id, file, stage, category, page, message, refused FROM failures") == [
            (1, "a.pdf", "read", "damaged", 3, "still broken", 0),
            (2, "b.pdf", "intake", "encrypted", None, "password", 1),
        ]
        store.save(reading("a.pdf", record()), CODE, SETTINGS)
    assert rows(db, "SELECT file FROM failures") == [("b.pdf",)]


def test_failure_of_new_content_removes_the_old_records(db: Path) -> None:
    with Store.open(db) as store:
        store.save(reading("a.pdf", full(), content="old"), CODE, SETTINGS)
        store.save_failure(failure("a.pdf", "old"))
        assert len(list(store.records())) == 1
        store.save_failure(failure("a.pdf", "new"))
        assert list(store.records()) == []
        assert store.known([sha("old"), sha("new")]) == {}


def test_save_that_breaks_leaves_nothing(db: Path) -> None:
    saved(db, reading("a.pdf", full()))
    before = dump(db)
    with Store.open(db) as store, pytest.raises(UnstorableText):
        store.save(reading("a.pdf", record(fields={"half": "\ud83d"}), content="new"), CODE, SETTINGS)
    assert dump(db) == before


def test_same_readings_make_the_same_database(tmp_path: Path) -> None:
    readings = [
        reading("a.pdf", full(), record()),
        reading("b.txt", full(), reader=Reader.DUMP),
        reading("c.pdf", full(), content="a.pdf"),
    ]
    for name in ("1.db", "2.db"):
        with Store.open(tmp_path / name) as store:
            run = store.begin_run(CODE, SETTINGS)
            for one in readings:
                store.save(one, CODE, SETTINGS)
            store.save_failure(failure("d.pdf"))
            store.finish_run(run, {"forms": 2, "failed": 1})
    assert dump(tmp_path / "1.db") == dump(tmp_path / "2.db")
    [(number, started, finished, counted)] = rows(tmp_path / "1.db", "SELECT id, started, finished, counts FROM runs")
    assert (number, counted) == (1, '{"forms": 2, "failed": 1}')
    assert started <= finished


def test_a_thousand_forms_take_seconds(db: Path) -> None:
    saved(db, *(reading(f"{n}.pdf", *[full()] * 10) for n in range(100)))
    assert counts(db)["forms"] == 1000


# the database itself


def test_comments_can_be_read_in_sqlite(db: Path) -> None:
    saved(db)
    for table in Base.metadata.sorted_tables:
        [(sql,)] = rows(db, f"SELECT sql FROM sqlite_master WHERE name = '{table.name}'")
        assert table.comment
        for about in (table, *table.columns):
            assert about.comment, about
            assert f"/* {about.comment} */" in sql
    for name, (comment, _) in VIEWS.items():
        assert comment in rows(db, f"SELECT sql FROM sqlite_master WHERE name = '{name}'")[0][0]


def test_settings_of_the_file(db: Path) -> None:
    saved(db)
    assert rows(db, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert rows(db, "PRAGMA journal_mode") == [("wal",)]
    assert rows(db, "SELECT * FROM meta") == [(1, SCHEMA_VERSION)]


def test_other_version_is_refused(db: Path) -> None:
    saved(db)
    rows(db, "PRAGMA user_version = 99")
    with pytest.raises(WrongDatabaseVersion) as caught:
        Store.open(db)
    for part in (str(db), "version 99", f"version {SCHEMA_VERSION}", "newer jixiao"):
        assert part in str(caught.value)


def test_database_of_something_else_is_left_as_it_is(db: Path) -> None:
    rows(db, "CREATE TABLE meta (mine TEXT)")
    before = db.read_bytes()
    with pytest.raises(WrongDatabaseVersion, match="no tables of jixiao"):
        Store.open(db)
    assert db.read_bytes() == before


def test_causes_are_named(db: Path, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="does not exist"):
        Store.open(db, create=False)
    with pytest.raises(DatabaseUnusable, match=r"folder .*none does not exist"):
        Store.open(tmp_path / "none" / "jixiao.db")
    with pytest.raises(DatabaseUnusable, match="is a folder"):
        Store.open(tmp_path)
    db.write_text("I am a letter, not a database. " * 100)
    with pytest.raises(DatabaseUnusable, match="not a database"):
        Store.open(db)
    for url in ("nosuch://host/db", "://", "sqlite:///" + str(tmp_path / "none" / "x.db")):
        with pytest.raises(DatabaseUnusable):
            Store.open(url)


def test_no_permission_is_named(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(DatabaseUnusable, match="no permission"):
        Store.open(db)


def test_writer_that_meets_a_lock_says_so(db: Path) -> None:
    other = sqlite3.connect(saved(db), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store.open(f"sqlite:///{db}?timeout=0.1") as store, pytest.raises(DatabaseUnusable, match="locked"):
        store.save_failure(failure("a.pdf"))
    other.close()


def test_url_opens_the_same_database(db: Path) -> None:
    saved(db, reading("a.pdf", record()))
    with Store.open(f"sqlite:///{db}", create=False) as store:
        assert len(list(store.records())) == 1


def test_tables_can_be_made_by_postgresql() -> None:
    made: list[str] = []
    engine = create_mock_engine("postgresql://", lambda sql, *_: made.append(str(sql.compile(dialect=engine.dialect))))
    Base.metadata.create_all(engine, checkfirst=False)
    assert sum("COMMENT ON TABLE" in sql for sql in made) == len(Base.metadata.tables)
    assert not any("/*" in sql for sql in made)


# the views


def test_view_of_indicators(db: Path) -> None:
    saved(db, reading("a.pdf", full()))
    assert rows(
        db,
        """SELECT file, form_index, unit, year, level3, target, target_op, target_number, target_unit,
                              half_year_target, actual, actual_number, weight, score FROM v_indicators""",
    ) == [
        ("a.pdf", 0, UNIT, 2024, "发放人数", "≥95%", "≥", "95", "%", None, "97%", "97", "10", "9.5"),
        ("a.pdf", 0, UNIT, 2024, None, "健全", None, None, None, None, None, None, None, None),
    ]


def test_views_of_funds_and_findings(db: Path) -> None:
    saved(db, reading("a.pdf", full()))
    names = (
        'file, reader, form_index, kind, unit, year, project, position, side, path, "column", amount, amount_unit, raw'
    )
    assert rows(db, f"SELECT {names} FROM v_funds WHERE position = 0") == [
        (
            "a.pdf",
            "text-layer",
            0,
            "project_target",
            UNIT,
            2024,
            PROJECT,
            0,
            "expenditure",
            "资金总额",
            "full_year_budget",
            "1172.45",
            "万元",
            "1172.45",
        )
    ]
    assert rows(db, "SELECT file, unit, rule, verdict, pointer, message FROM v_findings") == [
        ("a.pdf", UNIT, "low-score", "undecidable", "/funds/0", "0.5"),
        ("a.pdf", UNIT, "hidden", "undecidable", "", "1"),
    ]


def plan(amount: str = "975", unit: str = "万元", **given: Any) -> Record:
    funds = [
        fund("资金总额", "1", side="income"),
        fund("资金总额", "2", "half_year_plan"),
        fund("资金总额", amount),
        fund("办公费", "3"),
    ]
    return record(funds=funds, amount_unit=unit, **given)


def review(
    budget: str | None = "474.37",
    spent: str | None = "474.37",
    unit: str = "万元",
    label: str = '"助保贷款" 财政贴息',
) -> Record:
    """A department's self-review that names the project with other quotes and a space."""
    funds = [
        fund("项目支出", "654.76"),
        fund("项目支出", "654.76", "actual"),
        fund(f"项目支出/{label}", budget),
        fund(f"项目支出/{label}", spent, "actual"),
    ]
    fields = {"project_name": None}
    return record(Kind.DEPARTMENT_REVIEW, funds=funds, amount_unit=unit, fields=fields)


def project_review(spent: str = "400") -> Record:
    funds = [
        fund("年度资金总额", "900", side="income"),
        fund("年度资金总额", spent, "actual", "income"),
        fund("年度资金总额/财政拨款", "1", "actual", "income"),
    ]
    return record(Kind.PROJECT_REVIEW, funds=funds)


PLANNED = "SELECT planned, budget_in_review, spent, amount_unit, difference FROM v_planned_vs_spent"


def test_plan_beside_its_line_in_a_department_review(db: Path) -> None:
    saved(db, reading("plan.pdf", plan()), reading("review.pdf", review()))
    names = "unit, year, project, planned, budget_in_review, spent, amount_unit, difference, plan_file, review_file"
    assert rows(db, f"SELECT {names} FROM v_planned_vs_spent") == [
        (UNIT, 2024, PROJECT, "975", "474.37", "474.37", "万元", "-500.63", "plan.pdf", "review.pdf")
    ]


def test_plan_beside_a_project_review(db: Path) -> None:
    saved(db, reading("plan.pdf", plan("9.1")), reading("review.pdf", project_review()))
    assert rows(db, PLANNED) == [("9.1", "900", "400", "万元", "390.9")]


@pytest.mark.parametrize(
    ("planned", "unit", "spent", "review_unit", "shown", "difference"),
    [
        ("0.1", "万元", "0.3", "万元", "0.3", "0.2"),  # floats say 0.19999999999999998
        ("975", "万元", "4743700", "元", "474.37", "-500.63"),
        ("0.0001", "元", "0.00000002", "万元", "0.0002", "0.0001"),
        ("5", "万元", "5.00", "万元", "5.00", "0"),
        ("100", "万元", "200", "万元", "200", "100"),
        ("-0.5", "万元", "-1", "万元", "-1", "-0.5"),
        ("0.0001", "元", "461168601842738.7904", "元", "461168601842738.7904", "461168601842738.7903"),
        ("-922337203685477.5807", "元", "922337203685477.5807", "元", "922337203685477.5807", None),
        ("975", "万元", None, "万元", None, None),
        ("975", "万元", "/", "万元", "/", None),
    ],
)
def test_difference_is_exact_and_in_the_unit_of_the_plan(
    db: Path,
    planned: str,
    unit: str,
    spent: str | None,
    review_unit: str,
    shown: str | None,
    difference: str | None,
) -> None:
    saved(
        db,
        reading("plan.pdf", plan(planned, unit)),
        reading("review.pdf", review(spent=spent, unit=review_unit)),
    )
    [(plan_amount, _, review_amount, amount_unit, computed)] = rows(db, PLANNED)
    assert (plan_amount, review_amount, amount_unit, computed) == (planned, shown, unit, difference)


def test_filing_that_is_there_twice_makes_one_row_by_its_best_reader(db: Path) -> None:
    saved(
        db,
        reading("a.txt", plan("1"), review(spent="1"), reader=Reader.DUMP),
        reading("b.png", plan("2"), review(spent="2"), reader=Reader.OCR),
        reading("c.pdf", plan("3"), review(spent="3"), reader=Reader.TEXT_LAYER),
        reading("d.pdf", plan("4"), review(spent="4"), reader=Reader.TEXT_LAYER),
    )
    assert rows(db, "SELECT planned, spent, plan_file, review_file FROM v_planned_vs_spent") == [
        ("3", "3", "c.pdf", "c.pdf")
    ]


def test_what_is_not_the_same_project_is_not_paired(db: Path) -> None:
    saved(
        db,
        reading("plan.pdf", plan()),
        reading("1.pdf", review(label="另一项目")),
        reading("2.pdf", review().model_copy(update={"year": 2025})),
        reading("3.pdf", review().model_copy(update={"fields": {"reporting_unit": "另一单位"}})),
        reading("4.pdf", record(Kind.DEPARTMENT_REVIEW, funds=[fund(PROJECT, "5", "actual")])),
        reading("5.pdf", plan(year=None), review().model_copy(update={"year": None})),
    )
    assert rows(db, PLANNED) == []


def test_total_of_a_plan_is_no_item_of_it(db: Path) -> None:
    funds = [fund("资金总额", "7", side="income"), fund("资金总额", None), fund("办公费", "3")]
    saved(db, reading("plan.pdf", record(funds=funds)), reading("review.pdf", review()))
    assert rows(db, "SELECT planned FROM v_planned_vs_spent") == [("7",)]


def test_views_work_in_the_sqlite_shell(db: Path) -> None:
    saved(db, reading("plan.pdf", plan()), reading("review.pdf", review()))
    try:
        shell = subprocess.run(
            ["sqlite3", str(db), "SELECT difference FROM v_planned_vs_spent"],
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError:
        pytest.skip("no sqlite3 shell on this machine")
    assert shell.stdout == "-500.63\n"


def test_reviews_are_compared_again_only_where_forms_of_their_unit_came_or_went(db: Path) -> None:
    asked: list[list[str]] = []

    def compare(records: Mapping[int, Record]) -> dict[int, list[Check]]:
        asked.append(sorted(r.source.file for r in records.values()))
        plans = sum(r.kind is Kind.PROJECT_TARGET for r in records.values())
        told = Check(PLAN_REVIEW, CheckVerdict.HOLDS, "/funds", None, None, f"{plans} plans")
        return {n: [told] for n, r in records.items() if r.kind is Kind.PROJECT_REVIEW}

    def of(unit: str, kind: Kind) -> Record:
        return record(kind=kind, fields={"reporting_unit": unit})

    review, plan = Kind.PROJECT_REVIEW, Kind.PROJECT_TARGET
    outcomes = f"SELECT pointer, position, message FROM checks WHERE rule = '{PLAN_REVIEW}' ORDER BY form_id"
    with Store.open(db) as store:

        def after(path: str, made: Record, content: str) -> tuple[list[list[str]], list[str]]:
            asked.clear()
            store.save(reading(path, made, content=content), CODE, SETTINGS)
            with store.writing() as connection:
                check_reviews(connection, compare)
            return list(asked), [message for _, _, message in rows(db, outcomes)]

        assert after("a.pdf", of("甲局", review), "1") == ([["a.pdf"]], ["0 plans"])
        assert after("b.pdf", of("乙局", review), "2") == ([["b.pdf"]], ["0 plans"] * 2)
        assert after("p.pdf", of("甲 局", plan), "3") == ([["a.pdf", "p.pdf"]], ["1 plans", "0 plans"])
        assert after("q.pdf", of("丙局", plan), "4") == ([], ["1 plans", "0 plans"])
        # other content at the plan's path: it leaves one unit and comes to another
        assert after("p.pdf", of("乙局", plan), "5") == ([["b.pdf", "p.pdf"], ["a.pdf"]], ["0 plans", "1 plans"])
        assert {position for _, position, _ in rows(db, outcomes)} == {1}  # behind the form's own check
        # a review without an outcome beside one that has it, as a program of before may leave them: each has one again
        assert after("c.pdf", of("甲局", review), "6") == ([["a.pdf", "c.pdf"]], ["0 plans", "1 plans", "0 plans"])
        with store.writing() as connection:
            connection.exec_driver_sql(f"DELETE FROM checks WHERE form_id = 1 AND rule = '{PLAN_REVIEW}'")
            check_reviews(connection, compare)
        assert {position for _, position, _ in rows(db, outcomes)} == {1}
        assert len(rows(db, outcomes)) == 3
