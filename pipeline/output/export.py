"""What was read, for other programs: records as JSON, tables as CSV, XLSX and Parquet.

The same database gives the same bytes. Text stays text: no program may take what a filing prints for a
formula, a number or a link.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pipeline.archive.store import Store
from pipeline.messages import Language
from pipeline.output.captions import captions_in
from pipeline.output.cells import ExportImpossible, guarded
from pipeline.output.columns import ColumnKind, arrow_type, kind_of, typed_rows
from pipeline.output.table_sheets import write_table_sheets
from pipeline.output.whole_tables import TABLES as WHOLE_TABLES
from pipeline.output.workbook import write_workbook
from pipeline.people.corrected import corrected
from schemas.tables.views import yuan_of

if TYPE_CHECKING:
    import pandas as pd

TABLES = {
    "forms": """
        SELECT s.path AS file, f.form_index, s.sha256, s.reader, f.family, f.kind, f.title, f.year,
               f.amount_unit, f.reporting_unit, f.implementing_unit, f.project_name, f.family_match,
               v.unit_key, v.project_key, v.filing_year, v.year_from, v.preferred, v.doubt, v.rules
        FROM forms f JOIN files s ON s.id = f.file_id JOIN v_forms v ON v.form_id = f.id
        ORDER BY s.path, f.form_index""",
    "fields": """
        SELECT s.path AS file, f.form_index, d.position, d.name, d.value, d.doubt, d.rules, f.preferred
        FROM fields d JOIN v_forms f ON f.form_id = d.form_id JOIN files s ON s.id = f.file_id
        ORDER BY s.path, f.form_index, d.position""",
    "tasks": """
        SELECT s.path AS file, f.form_index, k.position, k.name, k.value, k.doubt, k.rules, f.preferred
        FROM tasks k JOIN v_forms f ON f.form_id = k.form_id JOIN files s ON s.id = f.file_id
        ORDER BY s.path, f.form_index, k.position, k.name""",
    "task_amounts": f"""
        SELECT s.path AS file, f.form_index, a.position, a.task, a.header, a.amount, a.amount_unit,
               a.amount_e4, {yuan_of("a.amount_e4")} AS yuan, a.doubt, a.rules, f.preferred
        FROM task_amounts a JOIN v_forms f ON f.form_id = a.form_id JOIN files s ON s.id = f.file_id
        ORDER BY s.path, f.form_index, a.position""",  # noqa: S608 - put together from names of ours
    "funds": "SELECT * FROM v_funds ORDER BY file, form_index, position",
    "indicators": "SELECT * FROM v_indicators ORDER BY file, form_index, position",
    "findings": "SELECT * FROM v_findings ORDER BY file, form_index, position",
}
PANDAS = {
    ColumnKind.INTEGER: "Int64",
    ColumnKind.REAL: "Float64",
    ColumnKind.EXACT: "object",
    ColumnKind.FLAG: "boolean",
    ColumnKind.TEXT: "string",
}
CORRECTIONS = {"corrections": "SELECT * FROM corrections ORDER BY file, form_index, position"}


class ExportFormat(StrEnum):
    """What an export is written as."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Corrections(StrEnum):
    """Whether an export takes the values that people corrected."""

    APPLY = "apply"
    IGNORE = "ignore"


def export_tables(
    store: Store, fmt: ExportFormat | str, out: Path | None = None, lang: Language = Language.ZH
) -> list[Path]:
    """Write the tables of all files, also of those without a form, cell by cell, and the lines outside them; the files
    written. csv, parquet: the folder `out`; xlsx: the workbook `out`, where each table stands as it is printed too.
    Raises `ExportImpossible`, and ValueError for an unknown format."""
    chosen = ExportFormat(fmt)
    if chosen is ExportFormat.JSON:
        raise ExportImpossible("tables are exported as csv, xlsx or parquet")
    if out is None:
        raise ExportImpossible(f"{chosen} goes to a file or folder, not to standard output: name one")
    if out.is_dir() and chosen is ExportFormat.XLSX:
        raise ExportImpossible(f"{out} is a folder; {chosen} is written to one file: name it")
    with _explained(out):
        tables = frames(store, WHOLE_TABLES)
        if chosen is ExportFormat.XLSX:
            return [write_table_sheets(tables, out, captions_in(lang))]
        return _folder(tables, chosen, out)


def export(
    store: Store,
    fmt: ExportFormat | str,
    out: Path | None = None,
    corrections: Corrections = Corrections.APPLY,
    lang: Language = Language.ZH,
) -> list[Path]:
    """Write what the store holds, with the values that people corrected unless they are ignored; the files written.

    json: an array of records in the file `out`, or to standard output without one. xlsx: the workbook `out`, its
    sheets and columns called in `lang`.
    csv, parquet: one file a table in the folder `out`. Folders are made where they are missing. Raises
    `ExportImpossible`, and ValueError for an unknown format.
    """
    chosen = ExportFormat(fmt)
    if out is None:
        if chosen is not ExportFormat.JSON:
            raise ExportImpossible(f"{chosen} goes to a file or folder, not to standard output: name one")
        with seen(store, corrections):
            _write_json(store, sys.stdout)
        return []
    if out.is_dir() and chosen in (ExportFormat.JSON, ExportFormat.XLSX):
        raise ExportImpossible(f"{out} is a folder; {chosen} is written to one file: name it")
    with _explained(out), seen(store, corrections) as lists:
        if chosen is ExportFormat.JSON:
            return [_json_file(store, out)]
        tables = frames(store, TABLES | lists)
        if chosen is ExportFormat.XLSX:
            return [write_workbook(tables, out, captions_in(lang))]
        return _folder(tables, chosen, out)


@contextmanager
def seen(store: Store, corrections: Corrections) -> Iterator[dict[str, str]]:
    """The store as it is to be exported; queries of the tables that it has besides then, by name."""
    if corrections is Corrections.IGNORE:
        yield {}
    else:
        with corrected(store):
            yield CORRECTIONS


def frames(store: Store, tables: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """The tables that queries give, by name: columns of nullable text or integers, whatever rows there are."""
    import pandas as pd  # heavy: only where tables are exported

    made = {}
    for name, sql in tables.items():
        columns, rows = store.query(sql)
        types = {column: PANDAS[kind_of(column)] for column in columns}
        made[name] = pd.DataFrame(list(typed_rows(columns, rows)), columns=columns, dtype=object).astype(types)
    return made


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportImpossible(f"{out} cannot be written: {error.strerror or error}") from error


def _json_file(store: Store, out: Path) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8", newline="\n") as stream:
        _write_json(store, stream)
    return out


def _write_json(store: Store, stream: TextIO) -> None:
    """An array of records, one after the other, so that memory holds one of them."""
    before = "[\n "
    for record in store.records():
        stream.write(before + json.dumps(record, ensure_ascii=False, indent=1).replace("\n", "\n "))
        before = ",\n "
    stream.write("[]\n" if before.startswith("[") else "\n]\n")


def _folder(tables: Mapping[str, pd.DataFrame], fmt: ExportFormat, out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    write = _csv_file if fmt is ExportFormat.CSV else _parquet_file
    return [write(frame, out / f"{name}.{fmt}") for name, frame in tables.items()]


def _csv_file(frame: pd.DataFrame, path: Path) -> Path:
    """UTF-8 with a mark at its beginning; without it Excel takes Chinese text for another encoding."""
    texts = {column: frame[column].map(guarded, na_action="ignore") for column in _texts(frame)}
    frame.assign(**texts).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return path


def _parquet_file(frame: pd.DataFrame, path: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {column: arrow_type(column) for column in frame.columns}
    table = pa.Table.from_pandas(frame, schema=pa.schema(types), preserve_index=False)
    pq.write_table(table.replace_schema_metadata(), path)  # pandas' own notes would change with its version
    return path


def _texts(frame: pd.DataFrame) -> list[str]:
    return [column for column in frame.columns if kind_of(column) is ColumnKind.TEXT]
