"""`jixiao export`: the records of a database for other programs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.archive.store import DatabaseUnusable, Store, WrongDatabaseVersion
from pipeline.commands.terminal import DATABASE, say_written, stop
from pipeline.messages import Language, language_wanted, tell
from pipeline.output import export as exporting
from pipeline.output.cells import ExportImpossible
from pipeline.output.dataset import export_dataset, parse_keys


def export(
    fmt: Annotated[exporting.ExportFormat, typer.Option("--format", help="What to write.")],
    db: Annotated[str, typer.Option("--db", help="Database: a path or an SQLAlchemy URL.")] = f"data/out/{DATABASE}",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File (json, xlsx) or folder (csv, parquet).")] = None,
    partition: Annotated[
        str | None, typer.Option("--partition", metavar="KEY,...", help="Divide parquet by year, family, kind, reader.")
    ] = None,
    corrections: Annotated[
        exporting.Corrections, typer.Option("--corrections", help="Take the values that people corrected, or not.")
    ] = exporting.Corrections.APPLY,
    tables: Annotated[
        bool, typer.Option("--tables", help="The tables of all files cell by cell, also of files without a form.")
    ] = False,
    lang: Annotated[
        Language | None,
        typer.Option(
            "--lang", help="Language of messages, and of the sheets of xlsx (Chinese where nothing asks for one)."
        ),
    ] = None,
) -> None:
    """Write the records of a database as JSON, CSV, XLSX or Parquet. JSON goes to standard output without --out."""
    if partition is not None and (fmt is not exporting.ExportFormat.PARQUET or out is None):
        stop(tell("--partition divides --format parquet into the folders of --out; give both"))
    if tables and partition is not None:
        stop(tell("--tables are not divided: give --tables or --partition"))
    try:
        book = lang or language_wanted(os.environ) or Language.ZH
        keys = None if partition is None else parse_keys(partition)
        with Store.open(db, create=False) as store:
            if tables:
                written = exporting.export_tables(store, fmt, out, book)
            elif keys and out:
                written = export_dataset(store, out, keys, corrections)
            else:
                written = exporting.export(store, fmt, out, corrections, book)
            for path in written:
                say_written(path)
    except (DatabaseUnusable, WrongDatabaseVersion, ExportImpossible) as error:
        stop(str(error))
