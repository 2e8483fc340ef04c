"""The partitioned dataset: every row once, in the folder of its keys, read by pandas, in bounded memory."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from helpers_postgres import server
from helpers_store import CODE, SETTINGS, dump, full, fund, plan, reading, record, review
from sqlalchemy import create_engine, insert, text
from typer.testing import CliRunner

from pipeline.archive.store import Store
from pipeline.cli import app
from pipeline.output import dataset
from pipeline.output.cells import ExportImpossible
from pipeline.output.dataset import DATASET, FILE, export_dataset, parse_keys
from pipeline.output.export import TABLES, Corrections, export
from pipeline.people.corrected import corrected
from pipeline.people.looks import Look, add_look
from pipeline.people.pointers import value_at
from schemas.compare import ABSENT
from schemas.model import Reader
from schemas.record import Record
from schemas.tables import Review
from schemas.tables.rows import json_text
from schemas.verdicts import LookVerdict

HOSTILE = ["../../../escape", "a/b", "a=b&c", "..", "a\nb", "100%2F", "项目 支出", "$(touch x)", "-rf"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.open(tmp_path / "jixiao.db")
    fill(made)
    return made


def fill(made: Store) -> None:
    made.save(reading("plan.pdf", plan(family="town-plan"), full()), CODE, SETTINGS)
    made.save(reading("review.pdf", review()), CODE, SETTINGS)
    made.save(reading("b.txt", record(year=None, funds=[fund("合计", "1")]), reader=Reader.DUMP), CODE, SETTINGS)
    made.save(reading("a.pdf", record(year=2025, family="town-plan")), CODE, SETTINGS)


def texts(frame: pd.DataFrame) -> list[dict[str, str]]:
    """The rows as text, in one order of rows and columns."""
    rows = [{str(k): _told(v) for k, v in row.items()} for row in frame.to_dict("records")]
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def _told(value: Any) -> str:
    """A value as text: a number is the same whichever kind of number holds it."""
    if pd.isna(value):
        return ""
    return str(value) if isinstance(value, str) else repr(float(value))


def read(folder: Path) -> pd.DataFrame:
    """A table's folder as pandas reads it. Its own types cannot hold a folder of nulls, Arrow's can."""
    return pd.read_parquet(folder, dtype_backend="pyarrow")


def folders(path: Path) -> list[str]:
    return sorted(file.parent.relative_to(path).as_posix() for file in path.rglob("*.parquet"))


def test_tables_are_divided_by_their_keys(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "set"
    assert export_dataset(store, out, ["year", "family"]) == [out / name for name in (*DATASET, "corrections")]
    assert sorted(path.name for path in out.iterdir()) == sorted([*DATASET, "corrections"])
    assert folders(out / "forms") == [
        "year=2024/family=generic",
        "year=2024/family=town-plan",
        "year=2025/family=town-plan",
        "year=__HIVE_DEFAULT_PARTITION__/family=generic",
    ]
    assert folders(out / "funds") == [
        "year=2024/family=generic",
        "year=2024/family=town-plan",
        "year=__HIVE_DEFAULT_PARTITION__/family=generic",
    ]
    assert folders(out / "planned_vs_spent") == ["year=2024"]  # of no single form: it has no family
    assert pq.read_schema(out / "forms" / "year=2025" / "family=town-plan" / FILE).names[:3] == [
        "file",
        "form_index",
        "sha256",
    ]


@pytest.mark.parametrize("keys", [["year", "family"], ["kind"], ["reader", "year"]])
def test_pandas_reads_every_row_once(store: Store, tmp_path: Path, keys: list[str]) -> None:
    out = tmp_path / "set"
    export_dataset(store, out, keys)
    for name, sql in TABLES.items():
        columns, rows = store.query(sql)
        found = read(out / name)
        assert set(found.columns) == {*columns, *keys}
        expected = pd.DataFrame(rows, columns=columns, dtype=object)
        assert texts(found[columns]) == texts(expected), name
        assert len(found) > 0
    records = read(out / "records")
    assert sorted(records["record"]) == sorted(json.dumps(r, ensure_ascii=False) for r in store.records())
    compared = read(out / "planned_vs_spent")
    assert list(compared["difference"]) == ["-500.63"]


def test_pandas_needs_no_word_where_no_key_is_null(store: Store, tmp_path: Path) -> None:
    export_dataset(store, tmp_path / "set", ["kind", "reader"])
    found = pd.read_parquet(tmp_path / "set" / "forms")
    assert sorted(zip(found["file"], found["reader"].astype(str), strict=True)) == [
        ("a.pdf", "text-layer"),
        ("b.txt", "dump"),
        ("plan.pdf", "text-layer"),
        ("plan.pdf", "text-layer"),
        ("review.pdf", "text-layer"),
    ]


def looked(store: Store, file: str, pointer: str, new: Any, form: int = 0) -> None:
    """A person corrects a value; one that is said to be what is not there is stale at once."""
    [made] = [r for r in store.records() if (r["source"]["file"], r["source"]["form"]) == (file, form)]
    old = value_at(made, pointer)
    old = "gone" if old is ABSENT else old
    sha256 = made["source"]["sha256"]
    add_look(
        store, Look(sha256, form, pointer, LookVerdict.CORRECTED, json_text(old), json_text(new), "王 =1", why="@x"), 0
    )


def correct(store: Store) -> None:
    """Corrections of every kind of value, of keys too, with texts that want to be something else."""
    looked(store, "plan.pdf", "/year", 2023)  # to a partition that has none of the file's rows
    looked(store, "plan.pdf", "/kind", "project_review")
    looked(store, "plan.pdf", "/fields/reporting_unit", HOSTILE[0])
    looked(store, "plan.pdf", "/indicators/0/targets/full_year", "=1+1\n≥98%", form=1)
    looked(store, "plan.pdf", "/choices/project_level", ["甲", "-rf"], form=1)
    looked(store, "plan.pdf", "/tasks/0/content", "a\tb", form=1)
    looked(store, "plan.pdf", "/tasks/0/amounts/总额", "11", form=1)
    looked(store, "plan.pdf", "/nothing", "stale", form=1)
    looked(store, "review.pdf", "/funds/3/amount", "700")
    looked(store, "b.txt", "/family", "a=b&c/../..")


def test_corrected_rows_stand_where_they_belong(store: Store, tmp_path: Path) -> None:
    correct(store)
    out = tmp_path / "set"
    export_dataset(store, out, ["year", "family"])
    assert folders(out / "forms") == [
        "year=2023/family=town-plan",
        "year=2024/family=generic",
        "year=2025/family=town-plan",
        "year=__HIVE_DEFAULT_PARTITION__/family=a%3Db%26c%2F..%2F..",
    ]
    assert "year=2023/family=town-plan" in folders(out / "funds")
    told = read(out / "corrections")
    assert sorted(zip(told["file"], told["pointer"], told["applied"], strict=True))[0] == ("b.txt", "/family", "yes")
    assert list(told["applied"]).count("no") == 1
    assert {"year", "family", "old", "new", "who", "at", "why"} <= set(told.columns)


@pytest.mark.parametrize("corrections", list(Corrections))
@pytest.mark.parametrize("keys", [["year", "family"], ["kind", "reader"]])
def test_a_dataset_has_the_rows_of_the_plain_export(
    store: Store, tmp_path: Path, keys: list[str], corrections: Corrections
) -> None:
    correct(store)
    plain, out = tmp_path / "plain", tmp_path / "set"
    names = {path.stem: path for path in export(store, "parquet", plain, corrections)}
    written = export_dataset(store, out, keys, corrections)
    assert {path.name for path in written} == {*names, "records", "planned_vs_spent"}
    for name, path in names.items():
        expected = read(path)
        assert texts(read(out / name)[list(expected.columns)]) == texts(expected), name
    export(store, "json", tmp_path / "records.json", corrections)
    records = json.loads((tmp_path / "records.json").read_text())
    assert any("corrections" in record for record in records) == (corrections is Corrections.APPLY)
    found = [json.loads(each) for each in read(out / "records")["record"]]
    key = lambda record: (record["source"]["file"], record["source"]["form"])  # noqa: E731
    assert sorted(found, key=key) == records


def test_queries_see_what_a_database_of_corrected_readings_gives(store: Store, tmp_path: Path) -> None:
    correct(store)
    queries = {name: sql for name, sql in DATASET.items() if name != "records"}
    queries["forms"] = queries["forms"].replace(", f.family_match", "")
    read_so = {name: store.query(sql) for name, sql in queries.items()}
    with corrected(store):
        found = {name: store.query(sql) for name, sql in queries.items()}
        right = [{key: value for key, value in r.items() if key != "corrections"} for r in store.records()]
    with Store.open(":memory:") as other:
        for path in ("a.pdf", "b.txt", "plan.pdf", "review.pdf"):
            forms = [Record.model_validate(r) for r in right if r["source"]["file"] == path]
            other.save(reading(path, *forms, reader=forms[0].source.reader), CODE, SETTINGS)
        assert found == {name: other.query(sql) for name, sql in queries.items()}
    assert [name for name in queries if found[name] == read_so[name]] == []
    [(_, year, _, planned, _, spent, *_)] = found["planned_vs_spent"][1]
    assert (year, planned, spent) == (2024, "1172.45", "700")
    assert {name: store.query(sql) for name, sql in queries.items()} == read_so  # nothing of it stays


def test_nothing_is_written_to_what_is_exported(store: Store, tmp_path: Path) -> None:
    correct(store)
    before = dump(tmp_path / "jixiao.db")
    with corrected(store), Store.open(tmp_path / "jixiao.db") as other:
        other.save(reading("new.pdf", record()), CODE, SETTINGS)  # who writes does not wait
    assert [line for line in dump(tmp_path / "jixiao.db") if "corrected_" in line or "VIEW forms" in line] == []
    assert set(before) < set(dump(tmp_path / "jixiao.db"))
    assert [r["source"]["file"] for r in store.records()].count("new.pdf") == 1


def test_corrections_of_an_earlier_dataset_go_where_they_are_ignored(store: Store, tmp_path: Path) -> None:
    correct(store)
    export_dataset(store, tmp_path / "set", ["year"])
    export_dataset(store, tmp_path / "set", ["year"], Corrections.IGNORE)
    assert sorted(path.name for path in (tmp_path / "set").iterdir()) == sorted(DATASET)


def test_a_question_of_one_year_opens_its_folder_only(store: Store, tmp_path: Path) -> None:
    export_dataset(store, tmp_path / "set", ["year", "family"])
    forms = ds.dataset(tmp_path / "set" / "forms", partitioning="hive")
    assert len(forms.files) == 4
    assert len(list(forms.get_fragments(filter=ds.field("year") == 2025))) == 1
    assert forms.to_table(filter=ds.field("year") == 2025).column("file").to_pylist() == ["a.pdf"]
    nothing = forms.to_table(filter=ds.field("year").is_null())
    assert nothing.column("file").to_pylist() == ["b.txt"]


def test_same_database_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    made = []
    for name in ("1", "2", "1"):
        export_dataset(store, tmp_path / name, ["family"])
        made.append({p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.parquet")})
    assert made[0] == made[1] == made[2]
    assert len(made[0]) > 10


@pytest.mark.parametrize("family", HOSTILE)
def test_no_text_leads_out_of_its_folder(store: Store, tmp_path: Path, family: str) -> None:
    with create_engine(f"sqlite:///{tmp_path / 'jixiao.db'}").begin() as connection:
        connection.execute(text("UPDATE forms SET family = :family WHERE family = 'town-plan'"), {"family": family})
    before = {path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ".parquet"}
    assert before == set()
    out = tmp_path / "deep" / "down" / "set"
    export_dataset(store, out, ["family", "year"])
    assert all(path.is_relative_to(out) for path in tmp_path.rglob("*.parquet"))
    assert all(len(path.relative_to(out).parts) <= 4 for path in out.rglob("*"))
    found = read(out / "forms")
    assert sorted(set(found["family"].astype(str))) == sorted({family, "generic"})


def test_an_earlier_dataset_is_replaced(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "set"
    export_dataset(store, out, ["kind"])
    export_dataset(store, out, ["year"])
    assert {path.parts[0].split("=")[0] for path in (p.relative_to(out / "forms") for p in out.glob("forms/*"))} == {
        "year"
    }
    assert len(read(out / "forms")) == 5


@pytest.mark.parametrize("strange", ["forms/mine.txt", "funds/year=2024/part-1.parquet", "forms", ".forms.new/x"])
def test_what_is_not_ours_is_never_removed(store: Store, tmp_path: Path, strange: str) -> None:
    path = tmp_path / "set" / strange
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(ExportImpossible, match="not of an export"):
        export_dataset(store, tmp_path / "set", ["year"])
    assert path.read_text() == "mine"


def test_a_link_is_not_followed(store: Store, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "year=2024").mkdir(parents=True)
    (elsewhere / "year=2024" / FILE).write_text("mine")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "forms").symlink_to(elsewhere)
    with pytest.raises(ExportImpossible, match="not of an export"):
        export_dataset(store, tmp_path / "set", ["year"])
    assert (elsewhere / "year=2024" / FILE).read_text() == "mine"


def test_an_export_that_breaks_leaves_the_earlier_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "set"
    export_dataset(store, out, ["year"])
    before = folders(out)

    def full_disk(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dataset, "_row_groups", full_disk)
    with pytest.raises(ExportImpossible, match="No space left"):
        export_dataset(store, out, ["kind"])
    assert folders(out) == before


def test_an_empty_database_still_tells_its_columns(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db") as empty:
        export_dataset(empty, tmp_path / "set", ["year", "family"])
    forms = read(tmp_path / "set" / "forms")
    assert len(forms) == 0
    assert {"file", "year", "family", "title"} <= set(forms.columns)


def test_postgresql_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    correct(store)
    with Store.open(server().url()) as other:
        fill(other)
        with other.writing() as connection:  # the same looks, at the same time
            columns, rows = store.query("SELECT * FROM reviews")
            connection.execute(insert(Review), [dict(zip(columns, row, strict=True)) for row in rows])
        made = []
        for one, name in ((store, "sqlite"), (other, "postgresql")):
            export_dataset(one, tmp_path / name, ["year", "family"])
            made.append({p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.parquet")})
    assert made[0] == made[1]


def test_memory_holds_a_row_group_and_not_the_table(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)"
    many = f"SELECT plan_file, hex(zeroblob(300)) || i AS t FROM (SELECT 'x' AS plan_file), ({rows} SELECT i FROM n)"
    monkeypatch.setattr(dataset, "DATASET", {"many": f"{many} ORDER BY plan_file"})
    monkeypatch.setattr(dataset, "GROUP", 2**20)
    tracemalloc.start()
    try:
        export_dataset(store, tmp_path / "set", ["year"])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    written = pq.ParquetFile(tmp_path / "set" / "many" / FILE)
    assert written.metadata.num_rows == 60_000
    assert written.metadata.num_row_groups > 20
    assert peak < 10 * 2**20  # of 36 MB of text


@pytest.mark.parametrize("keys", ["", "title", "year,year", "year;family", "year,"])
def test_keys_that_divide_nothing_are_refused(keys: str) -> None:
    with pytest.raises(ExportImpossible):
        parse_keys(keys)


def test_command_line(store: Store, tmp_path: Path) -> None:
    db, out = str(tmp_path / "jixiao.db"), str(tmp_path / "set")
    call = ["export", "--db", db, "--format", "parquet", "--partition", "year, family"]
    result = CliRunner().invoke(app, [*call, "--out", out])
    assert result.exit_code == 0, result.output
    assert result.stderr.count("wrote ") == len(DATASET) + 1  # and the corrections
    assert len(read(Path(out) / "forms")) == 5
    for wrong in (call, [*call[:4], "csv", *call[5:], "--out", out], [*call[:-1], "title", "--out", out]):
        result = CliRunner().invoke(app, wrong)
        assert result.exit_code == 2, result.output
        assert "partition" in result.stderr or "divided" in result.stderr
