"""The database of a run, as frames: what analysts ask first, and any query of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import text

from jixiao import frames
from pipeline.archive.store import Store
from schemas.record import Record

if TYPE_CHECKING:
    import pandas as pd


def open_archive(database: str | Path) -> Archive:
    """The database of a run, to read from: the path of a SQLite file, of the folder that holds `jixiao.db`, or the URL
    of a PostgreSQL database. Nothing is created. Raises `DatabaseUnusable` and `WrongDatabaseVersion`.
    """
    path = Path(str(database))
    if "://" not in str(database) and path.is_dir():
        database = path / "jixiao.db"
    return Archive(Store.open(database, create=False))


class Archive:
    """A database of readings. Use as a context manager, or `close` it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def sql(self, query: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """What a query gives, with pyarrow types; `:name` in it stands for a parameter. The tables and views, and what
        their columns mean, are in docs/database.md. Nothing can be changed through it."""
        return frames.typed(*self._asked(query, parameters))

    def _asked(self, query: str, parameters: Mapping[str, Any] | None) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The columns and rows of a query that can change nothing."""
        with self._store.reading() as connection:
            sqlite = connection.dialect.name == "sqlite"
            connection.exec_driver_sql("PRAGMA query_only = ON" if sqlite else "SET TRANSACTION READ ONLY")
            try:
                result = connection.execute(text(query), dict(parameters or {}))
                return list(result.keys()), [tuple(row) for row in result]
            finally:
                if sqlite:  # it would stay with the connection, which others get from the pool
                    connection.exec_driver_sql("PRAGMA query_only = OFF")

    def forms(self, *, year: int | None = None, unit: str | None = None) -> pd.DataFrame:
        """One row a form: its file, family, kind, title, year, unit, project."""
        return self._filtered("v_forms", "file, form_index", year, unit)

    def indicators(self, *, year: int | None = None, unit: str | None = None) -> pd.DataFrame:
        """One row an indicator; of one year (the form's own, else its filing's), of one unit (as printed, or as
        `unit_key`). Beside the texts as printed: `target_value`, `actual_value` and so on as numbers, `met` with
        `met_reason`, `indicator_kind` (satisfaction, quantity, cost …), `score_value`; and as in every frame here
        `doubt` (0 to 1), `rules` (findings, joined by blanks) and `preferred` (one of several readings of a form)."""
        return self._filtered("v_indicators", "file, form_index, position", year, unit)

    def funds(self, *, year: int | None = None, unit: str | None = None) -> pd.DataFrame:
        """One row a money cell: `yuan`, exact; `rate_value`, `points_value`, `score_value`; `source`, one name each;
        `is_total`; `is_leaf`, by which each yuan of a form's side and column is counted once."""
        return self._filtered("v_funds", "file, form_index, position", year, unit)

    def findings(self, *, year: int | None = None, unit: str | None = None) -> pd.DataFrame:
        """One row a finding, with the form that it is about."""
        return self._filtered("v_findings", "file, form_index, position", year, unit)

    def planned_vs_spent(self, *, year: int | None = None, unit: str | None = None) -> pd.DataFrame:
        """One row a project of a unit and year that has a plan and a self-review; amounts in `amount_unit` and
        in yuan, exact."""
        return self._filtered("v_planned_vs_spent", "plan_file, review_file", year, unit)

    def records(self) -> list[Record]:
        """All records, in the order of their files."""
        return [Record.model_validate(record) for record in self._store.records()]

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _filtered(self, view: str, order: str, year: int | None, unit: str | None) -> pd.DataFrame:
        asked = {"year": year, "unit": unit}
        own = {"year": "year = :year" if view == "v_planned_vs_spent" else "filing_year = :year"}
        own["unit"] = "(unit = :unit OR unit_key = :unit)"
        wanted = [own[name] for name, value in asked.items() if value is not None]
        where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
        query = f"SELECT * FROM {view}{where} ORDER BY {order}"  # noqa: S608 - names of ours; values are parameters
        given = {name: value for name, value in asked.items() if value is not None}
        return frames.of_view(*self._asked(query, given))
