"""Reviews, samples, risks; what a run was given and what came of each of its files; other readings; order of texts."""

from __future__ import annotations

import json
from typing import Any

from alembic import op
from sqlalchemy import Column, Double, ForeignKey, Index, Integer, Text, inspect, text

revision = "2"
down_revision = "1"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    """From version 1."""
    if op.get_bind().dialect.name == "postgresql":
        _order_texts_by_code_point()
    _keep_other_readings()
    _make_samples()
    _make_reviews()
    _make_risks()
    _tell_more_of_runs()


def _order_texts_by_code_point() -> None:
    """As SQLite does. Otherwise the order of rows depends on the language that the server was set up with."""
    database = inspect(op.get_bind())
    for table in sorted(database.get_table_names()):
        for column in database.get_columns(table):
            if isinstance(column["type"], Text):
                op.alter_column(table, column["name"], type_=Text(collation="C"))


def _keep_other_readings() -> None:
    offered = "JSON list of [pointer, text]: other readings of doubtful digits that would make it hold"
    readings = "JSON list of [text, score]: other readings of the same ink; null: it was read once"
    op.add_column("checks", Column("offered", TEXT, comment=offered))
    op.add_column("origins", Column("readings", TEXT, comment=readings))
    op.add_column("origins", Column("covered", TEXT, comment="its characters that a seal covers; null: none"))


def _make_samples() -> None:
    op.create_table(
        "samples",
        _key("id", Integer, "number of the sample, from 1"),
        _value("drawn", TEXT, "when it was drawn: ISO 8601, UTC"),
        _value("seed", Integer, "seed of the random numbers: the same seed draws the same values"),
        _value("size", Integer, "number of values that were drawn"),
        _value("population", Integer, "number of values that it was drawn from"),
        _value("strata", TEXT, "JSON list: what divides the values into strata; [] for none"),
        comment="random samples of values, drawn for spot checks",
    )
    op.create_table(
        "sample_items",
        _inside("sample_id", "samples", "sample it belongs to"),
        _key("position", Integer, "order in the sample, from 0"),
        _value("sha256", TEXT, "content of the file, as in files.sha256"),
        _value("form_index", Integer, "number of the form in its file, from 0"),
        _value("pointer", TEXT, "JSON pointer of the value in the record"),
        _value("stratum", TEXT, "stratum, as JSON list of the values that strata names"),
        _value("stratum_size", Integer, "number of values in the stratum that it was drawn from"),
        _value("value", TEXT, "value as read when it was drawn, as JSON"),
        comment="values of the samples, in the order of drawing",
        sqlite_with_rowid=False,
    )


def _make_reviews() -> None:
    verdict = (
        "accepted: read right; corrected: new holds; unreadable: nobody can read it; wrong_at_source: read"
        " right, but the form errs"
    )
    op.create_table(
        "reviews",
        _key("id", Integer, "number of the look, from 1, in the order of time"),
        _value("sha256", TEXT, "content of the file, as in files.sha256"),
        _value("form_index", Integer, "number of the form in its file, from 0"),
        _value("pointer", TEXT, "JSON pointer of the value in the record"),
        _value("verdict", TEXT, verdict),
        Column("old", TEXT, comment="value as read when it was looked at, as JSON; null: no such value"),
        Column("new", TEXT, comment="value as corrected, as JSON; null: not corrected"),
        _value("who", TEXT, "name of the person"),
        _value("at", TEXT, "when: ISO 8601, UTC"),
        Column("why", TEXT, comment="what the person said of it"),
        Column(
            "sample_id",
            Integer,
            ForeignKey("samples.id", ondelete="CASCADE"),
            index=True,
            comment="sample for which the value was looked at; null: none",
        ),
        Index("ix_reviews_value", "sha256", "form_index", "pointer"),
        comment="looks of people at values; the last one of a value counts",
    )


def _make_risks() -> None:
    op.create_table(
        "risks",
        _inside("form_id", "forms", "form of the value"),
        _key("position", Integer, "order in the record, from 0"),
        _value("pointer", TEXT, "JSON pointer of the value in the record"),
        _value("kind", TEXT, "what the value is: money, target, points, level, name, text, structure"),
        _value("risk", Double, "0 to 1; the highest is to be looked at first"),
        _value("reasons", TEXT, "what raised it, one a line; empty: nothing"),
        comment="every value of the records with the risk that it is wrong, for review",
        sqlite_with_rowid=False,
    )


def _tell_more_of_runs() -> None:
    """The table is made anew: SQLite adds no column that must be filled. Nothing refers to it yet, and it is short.

    A run without an end was broken off; what else it was given nobody wrote down.
    """
    bind = op.get_bind()
    held = "id, started, finished, code_version, settings, counts"
    rows = [dict(row) for row in bind.execute(text(f"SELECT {held} FROM runs ORDER BY id")).mappings()]  # noqa: S608
    op.drop_table("runs")
    runs = op.create_table(
        "runs",
        _key("id", Integer, "number of the run, from 1"),
        _value("started", TEXT, "when it began: ISO 8601, UTC"),
        Column("finished", TEXT, comment="when it ended; null: it runs, or was broken off"),
        _value("code_version", TEXT, "version of the code that ran"),
        _value("settings", TEXT, "settings that change what is read, as text"),
        Column("counts", TEXT, comment="JSON object: how many files had which outcome"),
        _value("state", TEXT, "running, finished, stopped (message says why)"),
        Column("message", TEXT, comment="why it was stopped; null: it was not"),
        _value("inputs", TEXT, "JSON list: files, folders and globs that were given, absolute"),
        _value("options", TEXT, "JSON object: options that it was called with"),
        _value("versions", TEXT, "JSON object: versions of Python, the libraries and the OCR models"),
        _value("found", Integer, "number of files it is to go through"),
        _value("process", TEXT, "machine and process number that it runs on"),
        comment="calls of jixiao run",
    )
    for row in rows:
        ended = row["finished"] is not None
        row |= {"state": "finished" if ended else "stopped", "message": None if ended else "it was broken off"}
        row |= {"found": json.loads(row["counts"] or "{}").get("files", 0), "process": ""}
        row |= {"inputs": "[]", "options": "{}", "versions": "{}"}
    op.bulk_insert(runs, rows)
    op.create_table(
        "run_files",
        _inside("run_id", "runs", "run it belongs to"),
        _key("position", Integer, "order in the input, from 0"),
        _value("file", TEXT, "path as given"),
        _value("outcome", TEXT, "done, already_done, refused, failed"),
        Column("stage", TEXT, comment="stage that failed; null: none"),
        Column("category", TEXT, comment="what kind of failure; null: none"),
        Column("page", Integer, comment="page that failed, from 1; null: not one page's"),
        Column("message", TEXT, comment="what happened and what to do; null: nothing failed"),
        Column("sha256", TEXT, comment="SHA-256 of the content; null: it could not be read"),
        _value("seconds", TEXT, "JSON object: seconds that each stage took"),
        comment="what came of each file of the runs, in the order of the input",
        sqlite_with_rowid=False,
    )


def _key(name: str, kind: Any, comment: str) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False, comment=comment)


def _value(name: str, kind: Any, comment: str) -> Column[Any]:
    return Column(name, kind, nullable=False, comment=comment)


def _inside(name: str, parent: str, comment: str) -> Column[Any]:
    target = ForeignKey(f"{parent}.id", ondelete="CASCADE")
    return Column(name, Integer, target, primary_key=True, autoincrement=False, comment=comment)
