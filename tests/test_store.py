"""The database: what goes in comes out, nothing twice, nothing of yesterday, and the views."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from helpers_store import (
    CODE,
    SETTINGS,
    UNIT,
    dump,
    failure,
    full,
    fund,
    reading,
    record,
    rows,
    saved,
    sha,
)
from sqlalchemy import create_mock_engine

from pipeline.archive.store import DatabaseUnusable, Store, UnstorableText, WrongDatabaseVersion
from schemas.model import Reader
from schemas.reading import Failure, Stage
from schemas.tables import SCHEMA_VERSION, VIEWS, Base
from schemas.tables import rows as table_rows


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


@pytest.mark.parametrize(("many", "together"), [(1, 1), (1, 2), (2, 3), (1, 100)])
def test_rows_are_the_same_however_many_a_statement_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, together: int
) -> None:
    made = []
    for name in ("usual.db", "other.db"):
        saved(tmp_path / name, reading("a.pdf", full(), record()), reading("b.pdf", full()))
        made.append({table: rows(tmp_path / name, f"SELECT * FROM {table}") for table in Base.metadata.tables})
        monkeypatch.setattr(table_rows, "MANY", many)
        monkeypatch.setattr(table_rows, "TOGETHER", together)
    assert made[0] == made[1]
    assert len(made[0]["origins"]) > 3


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
    with pytest.raises(DatabaseUnusable, match="there is no database"):
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
