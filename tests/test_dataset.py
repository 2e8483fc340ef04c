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
from sqlalchemy import create_engine, text
from test_store import CODE, SETTINGS, full, fund, plan, reading, record, review
from typer.testing import CliRunner

from pipeline import dataset
from pipeline.cli import app
from pipeline.dataset import DATASET, FILE, export_dataset, parse_keys
from pipeline.export import TABLES, ExportImpossible
from pipeline.store import Store
from schemas.model import Reader

HOSTILE = ["../../../escape", "a/b", "a=b&c", "..", "a\nb", "100%2F", "项目 支出", "$(touch x)", "-rf"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.open(tmp_path / "jixiao.db")
    made.save(reading("plan.pdf", plan(family="town-plan"), full()), CODE, SETTINGS)
    made.save(reading("review.pdf", review()), CODE, SETTINGS)
    made.save(reading("b.txt", record(year=None, funds=[fund("合计", "1")]), reader=Reader.DUMP), CODE, SETTINGS)
    made.save(reading("a.pdf", record(year=2025, family="town-plan")), CODE, SETTINGS)
    return made


def texts(frame: pd.DataFrame) -> list[dict[str, str]]:
    """The rows as text, in one order of rows and columns."""
    rows = [{str(k): "" if pd.isna(v) else str(v) for k, v in row.items()} for row in frame.to_dict("records")]
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def read(folder: Path) -> pd.DataFrame:
    """A table's folder as pandas reads it. Its own types cannot hold a folder of nulls, Arrow's can."""
    return pd.read_parquet(folder, dtype_backend="pyarrow")


def folders(path: Path) -> list[str]:
    return sorted(file.parent.relative_to(path).as_posix() for file in path.rglob("*.parquet"))


def test_tables_are_divided_by_their_keys(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "set"
    assert export_dataset(store, out, ["year", "family"]) == [out / name for name in DATASET]
    assert sorted(path.name for path in out.iterdir()) == sorted(DATASET)
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
    with Store.open(server().url()) as other:
        other.save(reading("plan.pdf", plan(family="town-plan"), full()), CODE, SETTINGS)
        other.save(reading("review.pdf", review()), CODE, SETTINGS)
        other.save(reading("b.txt", record(year=None, funds=[fund("合计", "1")]), reader=Reader.DUMP), CODE, SETTINGS)
        other.save(reading("a.pdf", record(year=2025, family="town-plan")), CODE, SETTINGS)
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
    assert result.stderr.count("wrote ") == len(DATASET)
    assert len(read(Path(out) / "forms")) == 5
    for wrong in (call, [*call[:4], "csv", *call[5:], "--out", out], [*call[:-1], "title", "--out", out]):
        result = CliRunner().invoke(app, wrong)
        assert result.exit_code == 2, result.output
        assert "partition" in result.stderr or "divided" in result.stderr
