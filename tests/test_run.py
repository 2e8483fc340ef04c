"""The run: filings to records and database, the same each time, nothing twice, nothing of yesterday."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers_pdf import write_form, write_tables

from pipeline.archive.outcomes import Tally
from pipeline.archive.records import OutputUnwritable, write_records
from pipeline.archive.store import Store
from pipeline.running.files import Input, find_inputs
from pipeline.running.run import run
from pipeline.running.versions import settings_text
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.reading import Failure
from schemas.record import Record

KEPT = tempfile.TemporaryDirectory()
RAW = Path(KEPT.name) / "raw"  # the samples that no OCR engine has to read
shutil.copytree(Path(__file__).parent.parent / "data" / "raw", RAW, ignore=shutil.ignore_patterns("scans"))
DUMPS = sorted((RAW / "dumps").glob("*.txt"))
SMALL, OTHER = DUMPS[2], DUMPS[0]


def do(out: Path, *inputs: Path | str, families: Path | None = None, force: bool = False) -> Tally:
    """One run of `jixiao run INPUTS --out OUT`."""
    out.mkdir(exist_ok=True)
    with Store.open(out / "jixiao.db") as store:
        found = find_inputs([str(i) for i in inputs])
        return run(found, store, out, load_families(families), load_words(), force=force)


def rows(out: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(out / "jixiao.db")) as connection:
        return connection.execute(sql).fetchall()


def dump(out: Path) -> list[str]:
    """The whole database as SQL, without the runs."""
    with closing(sqlite3.connect(out / "jixiao.db")) as connection:
        return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "run')]


def records(out: Path) -> dict[str, bytes]:
    folder = out / "records"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tally]:
    """A run over all samples; the tests only look at it."""
    out = tmp_path_factory.mktemp("first")
    return out, do(out, RAW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


# ── data/raw, end to end


def test_all_samples_are_read(first: tuple[Path, Tally]) -> None:
    out, tally = first
    assert (tally.files, tally.read, tally.forms) == (10, 10, 30)
    assert (tally.failed, tally.refused, tally.without_form, tally.already_done) == (0, 0, 0, 0)
    assert tally.failures == []
    counts = {
        name: rows(out, f"SELECT count(*) FROM {name}")[0][0]
        for name in ("files", "forms", "indicators", "findings", "failures", "runs")
    }
    assert counts == {
        "files": 10,
        "forms": 30,
        "indicators": tally.indicators,
        "findings": tally.findings,
        "failures": 0,
        "runs": 1,
    }
    assert json.loads(rows(out, "SELECT counts FROM runs")[0][0])["forms"] == 30


def test_records_on_disk_are_those_of_the_database(first: tuple[Path, Tally]) -> None:
    out, _ = first
    stored = rows(out, "SELECT s.name, f.form_index, f.record FROM forms f JOIN files s ON s.id = f.file_id")
    on_disk = {name: json.loads(data) for name, data in records(out).items()}
    assert on_disk == {f"{name}/{number}.json": json.loads(record) for name, number, record in stored}
    assert sum(name.startswith("pdf/") for name in on_disk) == 15


def test_records_keep_the_contract(first: tuple[Path, Tally]) -> None:
    out, _ = first
    for name, data in records(out).items():
        record = Record.model_validate_json(data)
        assert record.as_json().encode() == data, name
        path = RAW / record.source.file
        assert path.with_suffix("").relative_to(RAW).as_posix() == name.rpartition("/")[0]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == record.source.sha256
        for fund in record.funds:
            assert fund.amount is None or Decimal(fund.amount).is_finite(), name


def test_both_roads_find_the_same_forms(first: tuple[Path, Tally]) -> None:
    out, _ = first
    query = (
        "SELECT f.family, f.kind, f.title, f.year, f.project_key FROM forms f JOIN files s ON s.id = f.file_id"
        " WHERE s.reader = '{}' ORDER BY s.path, f.form_index"
    )
    assert rows(out, query.format("dump")) == rows(out, query.format("text-layer"))


def test_the_database_is_whole(first: tuple[Path, Tally]) -> None:
    out, _ = first
    assert rows(out, "PRAGMA integrity_check") == [("ok",)]
    assert rows(out, "PRAGMA foreign_key_check") == []


def test_six_projects_were_planned_and_reviewed(first: tuple[Path, Tally]) -> None:
    out, _ = first
    found = rows(out, "SELECT project, planned, spent, difference, amount_unit, year, unit FROM v_planned_vs_spent")
    assert sorted((project, planned, spent, difference) for project, planned, spent, difference, *_ in found) == sorted(
        [
            ("“助保贷款”财政贴息", "1", "0.39", "-0.61"),
            ("《社会保险手册》印刷费", "5", "5.00", "0"),
            ("居保转企保参保补助", "975", "474.37", "-500.63"),
            ("打印纸及个人账户打印纸", "6", "6.00", "0"),
            ("社保业务运营经费", "155", "155", "0"),
            ("社保扩面业务经费", "9", "9.00", "0"),
        ]
    )
    for _, planned, spent, difference, *rest in found:
        assert Decimal(spent) - Decimal(planned) == Decimal(difference)
        assert rest == ["万元", 2024, "如皋市社会保险基金管理中心"]


def test_every_cell_of_a_table_has_room(first: tuple[Path, Tally]) -> None:
    """Cells of a table lie inside it and never on each other."""
    out, _ = first
    sizes = {number: (height, width) for number, height, width in rows(out, "SELECT id, rows, cols FROM tables")}
    taken: set[tuple[int, int, int]] = set()
    for table, row, col, rowspan, colspan in rows(out, "SELECT table_id, row, col, rowspan, colspan FROM cells"):
        height, width = sizes[table]
        assert row + rowspan <= height
        assert col + colspan <= width
        for r in range(row, row + rowspan):
            for c in range(col, col + colspan):
                assert (table, r, c) not in taken
                taken.add((table, r, c))


# ── Twice


def test_a_second_run_changes_nothing(first: tuple[Path, Tally], tmp_path: Path) -> None:
    shutil.copytree(first[0], tmp_path / "out")
    out = tmp_path / "out"
    before, files, times = dump(out), records(out), {p: p.stat().st_mtime_ns for p in (out / "records").rglob("*")}
    again = do(out, RAW)
    assert (again.already_done, again.read, again.files, again.forms) == (10, 0, 10, 30)
    assert (again.indicators, again.findings) == (first[1].indicators, first[1].findings)
    assert dump(out) == before
    assert records(out) == files
    assert {p: p.stat().st_mtime_ns for p in (out / "records").rglob("*")} == times
    assert rows(out, "SELECT count(*) FROM runs") == [(2,)]


def test_two_fresh_runs_are_equal(first: tuple[Path, Tally], tmp_path: Path) -> None:
    do(tmp_path / "second", RAW)
    assert records(tmp_path / "second") == records(first[0])
    assert dump(tmp_path / "second") == dump(first[0])


def test_forced_reading_changes_nothing_either(first: tuple[Path, Tally], tmp_path: Path) -> None:
    shutil.copytree(first[0], tmp_path / "out")
    out = tmp_path / "out"
    again = do(out, RAW, force=True)
    assert (again.already_done, again.read) == (0, 10)
    assert dump(out) == dump(first[0])
    assert records(out) == records(first[0])


def test_lost_records_are_written_again_without_reading(folder: Path, tmp_path: Path) -> None:
    shutil.copy(SMALL, folder / "x.txt")
    do(tmp_path / "out", folder)
    before = records(tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "records")
    assert do(tmp_path / "out", folder).already_done == 1
    assert records(tmp_path / "out") == before


def test_other_settings_read_again(folder: Path, tmp_path: Path) -> None:
    shutil.copy(SMALL, folder / "x.txt")
    own = tmp_path / "families"
    own.mkdir()
    write_family(own / "mine.yaml", "mine", "没有这样的表")
    assert settings_text(load_families()) != settings_text(load_families(own))
    do(tmp_path / "out", folder)
    assert do(tmp_path / "out", folder, families=own).read == 1
    assert do(tmp_path / "out", folder, families=own).already_done == 1


# ── Files that change, files that are the same


def test_a_changed_file_replaces_what_it_was(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copy(DUMPS[1], folder / "x.txt")
    assert do(out, folder).forms == 6
    shutil.copy(SMALL, folder / "x.txt")
    assert do(out, folder).read == 1
    assert list(records(out)) == ["x/0.json"]
    assert rows(out, "SELECT path, sha256 FROM files") == [("x.txt", hashlib.sha256(SMALL.read_bytes()).hexdigest())]
    assert rows(out, "SELECT count(*) FROM forms") == [(1,)]
    fresh = tmp_path / "fresh"
    do(fresh, folder)
    assert records(fresh) == records(out)


def test_a_changed_file_without_a_form_takes_its_records_along(folder: Path, tmp_path: Path) -> None:
    shutil.copy(SMALL, folder / "x.txt")
    do(tmp_path / "out", folder)
    (folder / "x.txt").write_text("A note, and no form.\n")
    assert do(tmp_path / "out", folder).without_form == 1
    assert records(tmp_path / "out") == {}


@pytest.mark.parametrize("force", [False, True])
def test_the_same_content_twice_is_one_file_with_an_alias(force: bool, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copy(SMALL, folder / "a.txt")
    shutil.copy(SMALL, folder / "b.txt")
    tally = do(out, folder, force=force)
    assert (tally.files, tally.read + tally.already_done) == (2, 2)
    assert rows(out, "SELECT path FROM files") == [("a.txt",)]
    assert rows(out, "SELECT path, file_id FROM file_aliases") == [("b.txt", 1)]
    assert rows(out, "SELECT count(*) FROM forms") == [(1,)]
    both = records(out)
    assert list(both) == ["a/0.json", "b/0.json"]
    assert both["a/0.json"] == both["b/0.json"]
    before = dump(out)
    do(out, folder, force=force)
    assert (dump(out), records(out)) == (before, both)


def test_the_same_file_named_twice_is_read_once(folder: Path, tmp_path: Path) -> None:
    shutil.copy(SMALL, folder / "a.txt")
    tally = do(tmp_path / "out", folder, folder / "a.txt", f"{folder}/*.txt", folder / ".." / "in" / "a.txt")
    assert (tally.files, tally.read) == (1, 1)


# ── Names


def test_files_of_one_name_get_digits_of_their_content(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copy(SMALL, folder / "x.txt")
    write_form(folder / "x.pdf")
    (folder / "X.text").write_text("no form\n")
    do(out, folder)
    marks = {p.suffix: hashlib.sha256(p.read_bytes()).hexdigest()[:8] for p in folder.iterdir()}
    assert list(records(out)) == sorted(f"x-{marks[s]}/0.json" for s in (".txt", ".pdf"))
    assert rows(out, "SELECT path, name FROM files ORDER BY path") == [
        ("X.text", f"X-{marks['.text']}"),
        ("x.pdf", f"x-{marks['.pdf']}"),
        ("x.txt", f"x-{marks['.txt']}"),
    ]


@pytest.mark.parametrize("as_files", [True, False])
def test_files_of_one_name_in_two_folders_do_not_take_each_others_place(as_files: bool, tmp_path: Path) -> None:
    given = []
    for name, source in (("a", SMALL), ("b", OTHER)):
        (tmp_path / name).mkdir()
        shutil.copy(source, tmp_path / name / "x.txt")
        given.append(tmp_path / name / "x.txt" if as_files else tmp_path / name)
    out = tmp_path / "out"
    assert do(out, *given).forms == 2
    assert rows(out, "SELECT count(*) FROM forms") == [(2,)]
    assert rows(out, "SELECT path FROM files ORDER BY path") == [
        ((tmp_path / name / "x.txt").as_posix(),) for name in ("a", "b")
    ]
    marks = [hashlib.sha256(s.read_bytes()).hexdigest()[:8] for s in (SMALL, OTHER)]
    assert list(records(out)) == sorted(f"x-{mark}/0.json" for mark in marks)
    assert do(out, *given).already_done == 2


def shown(inputs: Sequence[Input | Failure]) -> list[tuple[str, str]]:
    assert all(isinstance(i, Input) for i in inputs)
    return [(i.shown, i.name) for i in inputs if isinstance(i, Input)]


def test_names_as_long_as_can_be_get_records_all_the_same(tmp_path: Path) -> None:
    """With the hash behind it a name may be too long for a file; as folders it may be, one after the other."""
    texts = [d.read_bytes() for d in DUMPS[:3]]
    folder, out = tmp_path / "in", tmp_path / "out"
    for number, (name, text) in enumerate(
        ((f"{'绩' * 82}.txt", 0), (f"{'绩' * 83}.txt", 1), (f"{'x' * 251}.txt", 2), (f"{'x' * 250}y.txt", 0))
    ):
        for place in ("a", "b"):
            (folder / place).mkdir(parents=True, exist_ok=True)
            (folder / place / name).write_bytes(texts[text] + f"\n{place}{number}".encode())
    deep = folder.joinpath(*("深" * 80 for _ in range(7)))
    deep.mkdir(parents=True)
    (deep / "x.txt").write_bytes(texts[0])
    inputs = (*(folder / "a").iterdir(), *(folder / "b").iterdir(), folder)
    tally = do(out, *inputs)
    assert (tally.read, tally.failed) == (9, 0)
    names = [name for (name,) in rows(out, "SELECT name FROM files")]
    assert len(set(names)) == 9
    assert all((out / "records" / name / "0.json").is_file() for name in names)


def test_files_are_known_by_their_path_below_the_folder_given(tmp_path: Path) -> None:
    for name in ("b/2.pdf", "b/1.TXT", "a.tsv", "b/.git/x.txt", ".x.txt", "b/z.mp4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    whole = [("a.tsv", "a"), ("b/1.TXT", "b/1"), ("b/2.pdf", "b/2")]
    assert shown(find_inputs([str(tmp_path)])) == whole
    assert shown(find_inputs([f"{tmp_path}/", str(tmp_path)])) == whole
    assert shown(find_inputs([str(tmp_path / "b")])) == [("1.TXT", "1"), ("2.pdf", "2")]
    assert shown(find_inputs([str(tmp_path / "b" / "2.pdf")])) == [("2.pdf", "2")]
    assert shown(find_inputs([str(tmp_path / "*" / "*.pdf")])) == [("2.pdf", "2")]
    assert shown(find_inputs([str(tmp_path / "**" / "*.[tT]*")])) == [("1.TXT", "1"), ("a.tsv", "a")]


def test_a_name_with_the_signs_of_a_glob_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "x[1].txt").write_text("x")
    (tmp_path / "x1.txt").write_text("y")
    assert shown(find_inputs([str(tmp_path / "x[1].txt")])) == [("x[1].txt", "x[1]")]


@pytest.mark.parametrize("name", ["..", "../x", "a/../../x", "/etc/x"])
def test_no_name_leads_out_of_the_records(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable, match="leads out of"):
        write_records(tmp_path / "out", name, ["{}"])
    assert list(tmp_path.rglob("*")) == []


# ── Families


def write_family(path: Path, id: str, title: str) -> None:
    data = {"id": id, "kind": "project_target", "issuer": "test", "years": "2024", "about": "test", "title": title}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def test_a_familys_own_definition_is_used(folder: Path, tmp_path: Path) -> None:
    write_form(folder / "x.pdf")
    own = tmp_path / "families"
    own.mkdir()
    write_family(own / "mine.yaml", "mine", "项目绩效目标表")
    do(tmp_path / "out", folder, families=own)
    assert rows(tmp_path / "out", "SELECT family FROM forms") == [("mine",)]
    assert rows(tmp_path / "out", "SELECT family_match FROM forms")[0][0].startswith("family: mine\nbecause: title")


def test_families_that_both_claim_a_form_are_both_named(folder: Path, tmp_path: Path) -> None:
    write_form(folder / "x.pdf")
    shutil.copy(SMALL, folder / "y.txt")
    own = tmp_path / "families"
    own.mkdir()
    write_family(own / "a.yaml", "first-claim", "项目绩效目标表")
    write_family(own / "b.yaml", "second-claim", ".*绩效目标表")
    tally = do(tmp_path / "out", folder, families=own)
    assert (tally.failed, tally.refused) == (2, 0)
    for (message,) in rows(tmp_path / "out", "SELECT message FROM failures WHERE file = 'x.pdf'"):
        assert "first-claim and second-claim both claim" in message
        assert message.startswith("x.pdf: ")
    found = rows(tmp_path / "out", "SELECT file, stage, category FROM failures ORDER BY file")
    assert found == [("x.pdf", "interpret", "families-collide"), ("y.txt", "interpret", "families-collide")]
    assert records(tmp_path / "out") == {}
    assert do(tmp_path / "out", folder).forms == 2  # without them, both are read
    assert rows(tmp_path / "out", "SELECT * FROM failures") == []


def test_a_collision_keeps_the_older_reading_of_the_same_content(folder: Path, tmp_path: Path) -> None:
    shutil.copy(SMALL, folder / "x.txt")
    do(tmp_path / "out", folder)
    before = records(tmp_path / "out")
    own = tmp_path / "families"
    own.mkdir()
    write_family(own / "mine.yaml", "mine", ".*")
    assert do(tmp_path / "out", folder, families=own).failed == 1
    assert records(tmp_path / "out") == before
    assert rows(tmp_path / "out", "SELECT count(*) FROM forms") == [(1,)]


# ── A document of tables and no form

BUDGET_HEAD = ["科目编码", "科目名称", "本年预算", "", "合计"]
UNDER = ["", "", "基本支出", "项目支出", ""]
SPANS = [("SPAN", (2, 0), (3, 0)), *(("SPAN", (c, 0), (c, 1)) for c in (0, 1, 4))]


def budget_rows(count: int) -> Iterator[list[str]]:
    yield BUDGET_HEAD
    yield UNDER
    for n in range(count):
        yield [f"20{n:03d}", f"第{n}项支出", f"{n}.50", f"{n * 2}.25", f"{n * 3}.75"]


def test_a_document_of_tables_alone_has_no_form_but_keeps_its_tables(folder: Path, tmp_path: Path) -> None:
    count = 60  # more than a page holds
    table = list(budget_rows(count))
    write_tables(folder / "x.pdf", ["2024年部门预算", "单位：万元", (table, SPANS)], widths=[80, 120, 80, 80, 80])
    out = tmp_path / "out"
    tally = do(out, folder)
    assert (tally.read, tally.without_form, tally.forms, tally.failed) == (1, 1, 0, 0)
    assert rows(out, "SELECT pages, outcome FROM files") == [(2, "no form")]
    assert records(out) == {}
    stored = rows(out, "SELECT rows, cols, first_page, last_page, ruled FROM tables")
    assert stored == [(count + 2, 5, 1, 2, 1)]
    cells = rows(out, "SELECT row, col, rowspan, colspan, text FROM cells ORDER BY row, col")
    head = [(0, 0, 2, 1, "科目编码"), (0, 1, 2, 1, "科目名称"), (0, 2, 1, 2, "本年预算"), (0, 4, 2, 1, "合计")]
    head += [(1, 2, 1, 1, "基本支出"), (1, 3, 1, 1, "项目支出")]
    body = [(r, c, 1, 1, text) for r, row in enumerate(table[2:], 2) for c, text in enumerate(row)]
    assert cells == head + body
    assert {p for (p,) in rows(out, "SELECT page FROM cells")} == {1, 2}
    assert rows(out, "SELECT count(*) FROM cells WHERE box_left IS NULL") == [(0,)]
    assert do(out, folder).without_form == 1


def test_prose_has_neither_form_nor_table(folder: Path, tmp_path: Path) -> None:
    write_tables(folder / "x.pdf", ["关于绩效管理的说明", "本年度开展了绩效评价工作，情况如下。" * 20])
    tally = do(tmp_path / "out", folder)
    assert (tally.without_form, tally.forms) == (1, 0)
    assert rows(tmp_path / "out", "SELECT * FROM tables") == []


# ── What one file does to the others


def test_a_reader_that_crashes_costs_its_file_only(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipeline.running.worker as module

    true = module.read_document

    def read(intake: Any, *rest: Any, **named: Any) -> Any:
        if intake.shown == "a.txt":
            raise RuntimeError("bad \x1b[31m\ud800 luck")
        if intake.shown == "b.txt":
            raise RecursionError("too deep")
        return true(intake, *rest, **named)

    monkeypatch.setattr(module, "read_document", read)
    for name, source in (("a.txt", SMALL), ("b.txt", OTHER), ("c.txt", DUMPS[3])):
        shutil.copy(source, folder / name)
    tally = do(tmp_path / "out", folder)
    assert (tally.failed, tally.read, tally.forms) == (2, 1, 6)
    found = rows(tmp_path / "out", "SELECT file, category, message FROM failures ORDER BY file")
    assert [row[:2] for row in found] == [("a.txt", "internal-error"), ("b.txt", "internal-error")]
    assert found[0][2].startswith("a.txt: RuntimeError: bad �[31m� luck at test_run.py:")
    assert "please report it with the file" in found[1][2]


def test_a_file_that_goes_while_the_run_is_on_is_a_failure(folder: Path, tmp_path: Path) -> None:
    shutil.copy(SMALL, folder / "a.txt")
    shutil.copy(OTHER, folder / "b.txt")
    found = find_inputs([str(folder)])
    (folder / "a.txt").unlink()
    out = tmp_path / "out"
    out.mkdir()
    with Store.open(out / "jixiao.db") as store:
        tally = run(found, store, out, load_families(), load_words())
    assert (tally.failed, tally.read) == (1, 1)
    assert rows(out, "SELECT file, category FROM failures") == [("a.txt", "not-found")]
