"""Looks at values: corrections and their exports, what is looked at and in which order, and goldens made of looks."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from helpers_pdf import write_form
from helpers_review import AMOUNT, TARGET, look, two_filings
from helpers_store import full, reading, record
from sqlalchemy import delete, insert
from test_cli import jixiao

from pipeline.archive.store import Store
from pipeline.output.export import Corrections, export
from pipeline.people.applied import CannotHold, apply, check_change, typed
from pipeline.people.corrected import corrected
from pipeline.people.looks import Look, SomeoneElseLooked, Standing, add_look, looks_of
from pipeline.people.pointers import looked_at, value_at
from pipeline.review.queue import EVERY, form_queue, queue
from schemas import tables as t
from schemas.record import Record
from schemas.tables.rows import json_text
from schemas.verdicts import LookVerdict


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return two_filings(tmp_path)


def exported(store: Store, tmp_path: Path, corrections: Corrections = Corrections.APPLY) -> dict[str, Any]:
    export(store, "json", tmp_path / "x.json", corrections)
    found: dict[str, Any] = json.loads((tmp_path / "x.json").read_text())[0]
    return found


# ── Looks and what they do to a record


def test_a_correction_is_a_row_and_leaves_the_reading(store: Store, tmp_path: Path) -> None:
    before = list(store.records())
    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    look(store, TARGET, LookVerdict.CORRECTED, "≥97%")
    assert list(store.records()) == before
    assert store.query("SELECT new FROM reviews ORDER BY id")[1] == [('"≥98%"',), ('"≥97%"',)]
    done = exported(store, tmp_path)
    assert value_at(done, TARGET) == "≥97%"
    assert done["indicators"][0]["values"]["full_year"] == {"op": "≥", "number": "97", "unit": "%", "text": None}
    [told] = done["corrections"]
    assert (told["where"], told["old"], told["new"], told["who"], told["applied"]) == (
        TARGET,
        "≥95%",
        "≥97%",
        "王",
        True,
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", told["at"])
    assert exported(store, tmp_path, Corrections.IGNORE) == before[0]


def test_the_last_look_counts(store: Store, tmp_path: Path) -> None:
    look(store, AMOUNT, LookVerdict.CORRECTED, "5")
    look(store, AMOUNT, LookVerdict.ACCEPTED)
    assert exported(store, tmp_path) == next(store.records())


def test_unreadable_is_null_and_wrong_at_source_is_a_finding(store: Store, tmp_path: Path) -> None:
    look(store, TARGET, LookVerdict.UNREADABLE)
    look(store, AMOUNT, LookVerdict.WRONG_AT_SOURCE)
    done = exported(store, tmp_path)
    assert (value_at(done, TARGET), done["indicators"][0]["values"]["full_year"]) == (None, None)
    assert value_at(done, AMOUNT) == "1172.45"
    found = {(f["where"], f["rule"], f["verdict"]) for f in done["findings"][len(full().findings) :]}
    assert found == {(TARGET, "unreadable", "undecidable"), (AMOUNT, "reviewed", "wrong_at_source")}


def test_money_is_parsed_as_the_reading_does(store: Store, tmp_path: Path) -> None:
    look(store, AMOUNT, LookVerdict.CORRECTED, "1,200.50")
    fund = exported(store, tmp_path)["funds"][0]
    assert (fund["amount"], fund["raw"]) == ("1200.50", "1,200.50")
    with pytest.raises(CannotHold):
        check_change(next(store.records()), AMOUNT, "twelve")


def read_again(store: Store, target: str) -> None:
    """a.pdf is read by a newer program, whose first target is another."""
    newer = full()
    newer.indicators[0].targets["full_year"] = target
    store.save(reading("a.pdf", newer, record(year=2023)), "2", "{}")


def test_a_correction_outlives_a_new_reading(store: Store, tmp_path: Path) -> None:
    made = look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    read_again(store, "≥95%")
    assert made.standing("≥95%") is Standing.HOLDS
    assert value_at(exported(store, tmp_path), TARGET) == "≥98%"


def test_a_correction_that_the_new_reading_agrees_with_is_settled(store: Store, tmp_path: Path) -> None:
    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    read_again(store, "≥98%")
    done = exported(store, tmp_path)
    assert value_at(done, TARGET) == "≥98%"
    assert "corrections" not in done


def test_a_stale_correction_is_told_and_shown_first_but_not_applied(store: Store, tmp_path: Path) -> None:
    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    read_again(store, "≥88%")
    done = exported(store, tmp_path)
    assert value_at(done, TARGET) == "≥88%"
    assert [(c["where"], c["new"], c["applied"]) for c in done["corrections"]] == [(TARGET, "≥98%", False)]
    assert [(f["where"], f["verdict"]) for f in done["findings"] if f["rule"] == "stale-correction"] == [
        (TARGET, "undecidable")
    ]
    first = queue(store).items[0]
    assert (first.pointer, first.why) == (TARGET, "stale")
    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    assert value_at(exported(store, tmp_path), TARGET) == "≥98%"


def test_a_correction_of_a_value_that_is_gone_is_told(store: Store) -> None:
    made = look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    done = apply(record().model_copy(update={"indicators": []}).as_dict(), {TARGET: made})
    assert [c["applied"] for c in done["corrections"]] == [False]


def test_corrections_of_a_form_that_is_gone_are_listed(store: Store) -> None:
    unit = "/fields/reporting_unit"
    look(store, TARGET, LookVerdict.ACCEPTED)
    look(store, "/year", LookVerdict.CORRECTED, 2022, form=1)
    look(store, unit, LookVerdict.UNREADABLE, form=1)
    look(store, "/fields/project_name", LookVerdict.WRONG_AT_SOURCE, form=1)
    sha256 = next(store.records())["source"]["sha256"]

    def listed() -> list[tuple[Any, ...]]:
        with corrected(store):
            names = "file, form_index, position, pointer, verdict, applied, old, new, who, why"
            return store.query(f"SELECT {names} FROM corrections ORDER BY position")[1]

    def expected(file: str, applied: str) -> list[tuple[Any, ...]]:
        old = '"如皋市社会保险基金管理中心"'
        return [
            (file, 1, 0, "/year", "corrected", applied, "2023", "2022", "王", None),
            (file, 1, 1, unit, "unreadable", applied, old, "null", "王", None),
        ]

    assert listed() == expected("a.pdf", "yes")
    store.save(reading("a.pdf", full()), "2", "{}")  # read again, with one form
    assert listed() == expected("a.pdf", "no")
    with store.writing() as connection:
        connection.execute(delete(t.File).where(t.File.sha256 == sha256))
    assert listed() == expected(sha256, "no")


@pytest.mark.parametrize("fmt", ["csv", "parquet"])
def test_tables_take_the_corrections(store: Store, tmp_path: Path, fmt: str) -> None:
    def rows(folder: str, name: str) -> list[dict[str, Any]]:
        path = tmp_path / folder / f"{name}.{fmt}"
        if fmt == "parquet":
            found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
            return found
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    look(store, AMOUNT, LookVerdict.CORRECTED, "5")
    look(store, "/fields/reporting_unit", LookVerdict.CORRECTED, "=乙", form=1)
    export(store, fmt, tmp_path / "with")
    export(store, fmt, tmp_path / "without", Corrections.IGNORE)
    changed = {n: (rows("with", n), rows("without", n)) for n in ("forms", "fields", "funds", "indicators", "findings")}
    differ = {
        name: sum(a != b for a, b in zip(new, old, strict=True)) for name, (new, old) in changed.items()
    }  # a form's unit stands in each of its rows
    assert differ == {"forms": 1, "fields": 1, "funds": 1, "indicators": 1, "findings": 0}
    assert changed["indicators"][0][0]["target_number"] == "98"
    assert changed["funds"][0][0]["amount"] == "5"
    told = rows("with", "corrections")
    assert [(r["file"], str(r["form_index"]), r["pointer"], r["old"], r["new"], r["applied"]) for r in told] == [
        ("a.pdf", "0", TARGET, '"≥95%"', '"≥98%"', "yes"),
        ("a.pdf", "0", AMOUNT, '"1172.45"', '"5"', "yes"),
        ("a.pdf", "1", "/fields/reporting_unit", '"如皋市社会保险基金管理中心"', '"=乙"', "yes"),
    ]
    assert not (tmp_path / "without" / f"corrections.{fmt}").exists()


def test_two_at_once_lose_nothing(store: Store) -> None:
    first = look(store, TARGET, LookVerdict.ACCEPTED)
    mine = replace(first, verdict=LookVerdict.CORRECTED, new='"≥98%"', who="李")
    with pytest.raises(SomeoneElseLooked) as told:
        add_look(store, mine, 0)
    assert told.value.last == first
    assert add_look(store, mine, first.id).id == 2
    assert store.query("SELECT who, verdict FROM reviews ORDER BY id")[1] == [("王", "accepted"), ("李", "corrected")]


# ── What is looked at, and in which order


def test_what_is_looked_at() -> None:
    found = list(looked_at(full().as_dict()))
    assert {"/title", "/year", "/columns", "/funds", "/indicators", AMOUNT, "/funds/1/path", TARGET} <= set(found)
    assert {"/choices/project_attribute", "/choices/project_level", "/indicators/0/level_points/level1"} <= set(found)
    assert not [p for p in found if "/values" in p or p.endswith("/raw") or p.startswith(("/family", "/source"))]
    assert "/indicators/0/targets/half_year" in found  # blank
    assert "/indicators/0/focus_work" not in found  # the form has no such column
    assert len(found) == len(set(found))


def test_what_is_typed_becomes_a_value_of_its_kind() -> None:
    assert typed("/year", " 2024 ", 2023) == 2024
    assert typed("/choices/x", "甲\n\n 乙", []) == ["甲", "乙"]
    assert typed("/title", "  ", "x") is None
    for pointer, text in (("/year", "二〇二四"), ("/indicators", "3"), ("/title", "x" * 30_000)):
        with pytest.raises(CannotHold):
            typed(pointer, text, 1)


def test_the_queue_goes_by_risk_with_random_confident_values(store: Store) -> None:
    risky = [p for p in looked_at(full().as_dict()) if p.startswith("/indicators/")][:8]
    with store.writing() as connection:
        for i, pointer in enumerate(risky):
            row = {"form_id": 1, "position": i, "pointer": pointer, "kind": "target", "risk": 0.3 + i / 20}
            connection.execute(insert(t.Risk).values(**row, reasons="why"))
    found = queue(store).items
    assert found == queue(store).items
    assert [i.pointer for i in found if i.why == "risk"] == risky
    assert [n for n, i in enumerate(found[:9]) if i.why == "random"] == [EVERY - 1]
    everything = {(i.form, i.pointer) for i in found}
    assert len(everything) == len(found) == sum(form_queue(store, form).left for form in (1, 2, 3))
    look(store, risky[-1], LookVerdict.ACCEPTED)
    assert (1, risky[-1]) not in {(i.form, i.pointer) for i in queue(store).items}


# ── Goldens


def test_a_form_that_was_looked_at_becomes_a_golden(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    write_form(raw / "form.pdf")
    assert jixiao("run", raw, "--out", tmp_path / "out").exit_code == 0
    db, goldens = tmp_path / "out" / "jixiao.db", tmp_path / "golden"
    given = ("--by", "李", "--db", db, "--goldens", goldens, "--files", raw)
    with Store.open(db) as store:
        [made] = list(store.records())
        pointers = list(looked_at(made))
        for pointer in pointers[1:]:
            old = json_text(value_at(made, pointer))
            new = '"≥6个"' if pointer == TARGET else None
            verdict = LookVerdict.CORRECTED if new else LookVerdict.ACCEPTED
            add_look(store, Look(made["source"]["sha256"], 0, pointer, verdict, old, new, "王"), 0)
        told = jixiao("golden", "accept", "form", "0", *given)
        assert (told.exit_code, goldens.exists()) == (2, False)
        assert f"1 of {len(pointers)} values" in told.stderr
        first = json_text(value_at(made, pointers[0]))
        add_look(store, Look(made["source"]["sha256"], 0, pointers[0], LookVerdict.ACCEPTED, first, None, "赵"), 0)
    done = jixiao("golden", "accept", "form", "0", *given)
    assert done.exit_code == 0, done.output
    written = json.loads((goldens / "form" / "0.json").read_text())
    assert value_at(written, TARGET) == "≥6个"
    assert not {"source", "findings", "corrections"} & set(written)
    kept = json.loads((goldens / "form" / "provenance.json").read_text())["0"]
    assert (kept["accepted_by"], kept["looked"]["王"]["values"], kept["looked"]["赵"]["values"]) == (
        "李",
        len(pointers) - 1,
        1,
    )
    assert [c["new"] for c in kept["corrections"]] == ["≥6个"]
    again = jixiao("golden", "accept", "form", "0", *given)
    assert (again.exit_code, "--force" in again.stderr) == (2, True)
    assert jixiao("golden", "accept", "form", "0", *given, "--force").exit_code == 0
    assert jixiao("golden", "accept", "form", "7", *given).exit_code == 2
    compared = jixiao("golden", "compare", "--root", goldens, "--base", "/")
    assert compared.exit_code == 1  # the one value that was corrected
    assert compared.stdout.count("paper '") == 2, compared.stdout  # the target, and the number parsed from it


def test_a_look_at_an_older_reading_does_not_count_for_a_golden(store: Store) -> None:
    look(store, TARGET, LookVerdict.ACCEPTED)
    before = form_queue(store, 1).left
    read_again(store, "≥88%")
    assert form_queue(store, 1).left == before + 1


def test_a_record_with_looks_is_a_record(store: Store) -> None:
    look(store, "/choices/project_attribute", LookVerdict.CORRECTED, ["延续"])
    look(store, "/funds/1/path", LookVerdict.CORRECTED, ["资金总额", "其他"])
    with store.reading() as connection:
        made = next(store.records())
        looks = {x.pointer: x for x in looks_of(connection, made["source"]["sha256"], 0)}
    done = apply(made, looks)
    done.pop("corrections")
    assert Record.model_validate(done).choices["project_attribute"] == ["延续"]
    assert done["funds"][1]["path"] == ["资金总额", "其他"]
