"""Records and tables as folders of Parquet files, divided by what a form is, as Hive names such folders.

For archives: rows come from the database in the order in which they are written, so that one file is open at a
time and memory holds a row group of it. pandas, DuckDB and pyarrow read a table's folder as one table; pandas wants
`dtype_backend="pyarrow"` where a key is null.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipeline.archive.store import Store
from pipeline.output.cells import ExportImpossible
from pipeline.output.columns import arrow_type, typed_rows
from pipeline.output.export import CORRECTIONS, TABLES, Corrections, seen

if TYPE_CHECKING:
    import pyarrow as pa

KEYS = {"year": "f.year", "family": "f.family", "kind": "f.kind", "reader": "s.reader"}  # of forms f of files s
DATASET = {
    "records": """
        SELECT s.path AS file, f.form_index, f.record
        FROM forms f JOIN files s ON s.id = f.file_id
        ORDER BY file, form_index""",
    **TABLES,
    "planned_vs_spent": "SELECT * FROM v_planned_vs_spent ORDER BY plan_file, review_file",
}
NULL = "__HIVE_DEFAULT_PARTITION__"  # the folder of rows whose key is null
FILE = "part-0.parquet"
GROUP = 8 * 2**20  # bytes of a row group before it is compressed
ROWS = 100  # that are fetched at a time: a record has some tens of KB
OURS = re.compile(f"(?:{'|'.join(KEYS)})=.*", re.DOTALL)


def parse_keys(text: str) -> list[str]:
    """The keys that a comma-separated list names. Raises `ExportImpossible` for one that is none."""
    keys = [key.strip() for key in text.split(",")]
    for key in keys:
        if key not in KEYS:
            raise ExportImpossible(f"no dataset is divided by {key!r}; choose from {', '.join(KEYS)}")
    if len(set(keys)) < len(keys):
        raise ExportImpossible(f"{text} names a key twice")
    return keys


def export_dataset(
    store: Store, out: Path, keys: Sequence[str], corrections: Corrections = Corrections.APPLY
) -> list[Path]:
    """Write every table as a folder in `out`, divided by `keys`; the folders. A corrected row stands where its
    corrected values belong.

    A table whose rows belong to no single form is divided by those keys that it has itself. An earlier dataset is
    replaced, table by table, each when its new files are whole. Raises `ExportImpossible` where a folder holds
    anything else, or cannot be written.
    """
    try:
        for name in DATASET | CORRECTIONS:
            _check(out / name)
        with seen(store, corrections) as lists:
            tables = DATASET | lists
            written = [_write_table(store, name, sql, out, keys) for name, sql in tables.items()]
        for name in CORRECTIONS.keys() - tables.keys():  # of an earlier dataset, which they were applied to
            if (out / name).exists():
                shutil.rmtree(out / name)
        return written
    except OSError as error:
        raise ExportImpossible(f"{out} cannot be written: {error.strerror or error}") from error


def _write_table(store: Store, name: str, sql: str, out: Path, keys: Sequence[str]) -> Path:
    """Write one table beside its place, then put it there."""
    folder, fresh = out / name, out / f".{name}.new"
    _check(fresh)
    shutil.rmtree(fresh, ignore_errors=True)  # of an export that was broken off
    fresh.mkdir(parents=True)
    try:
        sql, columns, keys = _keyed(sql, store.columns(sql), keys)
        _write_files(store.batches(sql, ROWS), columns, keys, fresh)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _check(folder: Path) -> None:
    """Raise `ExportImpossible` where a folder holds what no export of ours has written: it would be lost."""
    strange = folder.is_symlink() or (folder.exists() and not folder.is_dir())
    inside = folder.rglob("*") if folder.is_dir() and not strange else ()
    astray = folder if strange else next((path for path in inside if not _is_ours(path)), None)
    if astray is not None:
        raise ExportImpossible(f"{astray} is not of an export: it would be lost. Name another folder with --out")


def _is_ours(path: Path) -> bool:
    if path.is_symlink():
        return False
    return bool(OURS.fullmatch(path.name)) if path.is_dir() else path.name == FILE


def _keyed(sql: str, columns: list[str], keys: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """The query in the order of its keys, which are looked up in the form where the table has not got them."""
    body, _, own = sql.rpartition("ORDER BY")
    if not {"file", "form_index"} <= set(columns):
        held = [key for key in keys if key in columns]
        return f"{body} ORDER BY {', '.join([*held, own])}", columns, held
    missing = [key for key in keys if key not in columns]
    asked = [*(f'x."{column}"' for column in columns), *(f"{KEYS[key]} AS {key}" for key in missing)]
    order = [column for column in ("file", "form_index", "position", "name") if column in columns]
    sorted_by = [KEYS[key] for key in keys] + [f"x.{column}" for column in order]
    return (
        # CROSS: SQLite looks each row's form up, and not the rows of each form that has the same number
        f"SELECT {', '.join(asked)} FROM ({body}) AS x CROSS JOIN files s CROSS JOIN forms f"  # noqa: S608 - names of ours
        " WHERE s.path = x.file AND f.file_id = s.id AND f.form_index = x.form_index"
        f" ORDER BY {', '.join(sorted_by)}",
        [*columns, *missing],
        list(keys),
    )


def _write_files(
    batches: Iterator[list[tuple[Any, ...]]], columns: list[str], keys: Sequence[str], folder: Path
) -> None:
    """One file a combination of keys. Without any row an empty file still tells the columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = pa.schema([(column, arrow_type(column)) for column in columns])
    schema = pa.schema([field for field in whole if field.name not in keys])
    places = [columns.index(key) for key in keys]
    kept = [columns.index(name) for name in schema.names]
    pieces = (
        (key, list(rows))
        for batch in batches
        for key, rows in groupby(typed_rows(columns, batch), key=lambda row: tuple(row[place] for place in places))
    )
    empty = True
    for values, group in groupby(pieces, key=lambda piece: piece[0]):
        empty = False
        path = folder.joinpath(*(_name(key, value) for key, value in zip(keys, values, strict=True)))
        path.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(path / FILE, schema) as writer:
            for table in _row_groups((rows for _, rows in group), schema, kept):
                writer.write_table(table, row_group_size=max(table.num_rows, 1))
    if empty:
        pq.write_table(whole.empty_table(), folder / FILE)


def _name(key: str, value: Any) -> str:
    """What the folder of a value is called: no text in it leads out of its place or means anything to a shell."""
    return f"{key}={NULL if value is None else quote(str(value), safe='')}"


def _row_groups(pieces: Iterator[list[tuple[Any, ...]]], schema: pa.Schema, kept: list[int]) -> Iterator[pa.Table]:
    """The rows as tables of about `GROUP` bytes."""
    import pyarrow as pa

    waiting: list[Any] = []
    held = 0  # bytes
    for rows in pieces:
        cells = list(zip(*rows, strict=True))
        arrays = [pa.array(cells[place], kind) for place, kind in zip(kept, schema.types, strict=True)]
        waiting.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
        held += waiting[-1].nbytes
        if held >= GROUP:
            yield pa.Table.from_batches(waiting).combine_chunks()
            waiting, held = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting).combine_chunks()
