"""What makes rows add up: numbers, sources, totals, met targets, and the doubt beside each row."""

from __future__ import annotations

import json
from typing import Any

from alembic import op
from sqlalchemy import Boolean, Column, Connection, Double, Text, text

from schemas.doubts import Doubts
from schemas.pointers import escaped
from schemas.record import Record
from schemas.tables.counted import as_number, funds_counted, indicator_counted

revision = "6"
down_revision = "5"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
ADDED: dict[str, dict[str, Any]] = {
    "funds": {
        "number": (Double(), "a rate, points or a score as a number; null: money, or none"),
        "source": (TEXT, "the one name of the source that the line or one above it names; null: none does"),
        "is_total": (Boolean(), "1: the line is called the sum of others"),
        "is_leaf": (Boolean(), "1: of the cells that make up its side and column of the form, each yuan once"),
    },
    "indicators": {
        "indicator_kind": (
            TEXT,
            "what it is of, whatever it is called: satisfaction, quantity, cost …; null: its words do not say",
        ),
        "met": (Boolean(), "1: the result meets the year's target; null: nobody can say"),
        "met_reason": (TEXT, "why it is met or not, or why nobody can say"),
        "score_value": (Double(), "score as a number; null: none is printed"),
    },
    "indicator_values": {"value": (Double(), "number as a number; null: none, or a range")},
    "indicator_weights": {"number": (Double(), "weight as a number; null: none is printed")},
}
DOUBTED = ("forms", "fields", "tasks", "task_amounts", "funds", "indicators")
DOUBT = {
    "doubt": (Double(), "highest risk among the row's values, 0 to 1; null: they were not weighed"),
    "rules": (TEXT, "rules of the findings about the row, joined by blanks; empty: none"),
}


def upgrade() -> None:
    """From version 5. The rows that are there are told from their records, as those of new readings are."""
    for table, columns in ADDED.items():
        _add(table, columns)
    for table in DOUBTED:
        _add(table, DOUBT)
    connection = op.get_bind()
    for form in connection.execute(text("SELECT id FROM forms ORDER BY id")).scalars().all():
        _tell(connection, form)
    _number(connection, "indicator_values", "indicator_id, which", "number", "value")
    _number(connection, "indicator_weights", "indicator_id, period", "weight", "number")


def _add(table: str, columns: dict[str, Any]) -> None:
    for name, (kind, comment) in columns.items():
        op.add_column(table, Column(name, kind, comment=comment))


def _tell(connection: Connection, form: int) -> None:
    stored = connection.execute(text("SELECT record FROM forms WHERE id = :id"), {"id": form}).scalar_one()
    record = Record.model_validate(json.loads(stored))
    risks = connection.execute(text("SELECT pointer, risk FROM risks WHERE form_id = :id"), {"id": form})
    doubts = Doubts([(pointer, risk) for pointer, risk in risks], record.findings)
    connection.execute(
        text("UPDATE forms SET doubt = :doubt, rules = :rules WHERE id = :id"), doubts.of("") | {"id": form}
    )
    funds = [told | doubts.of(f"/funds/{at}") for at, told in enumerate(funds_counted(record))]
    _update(connection, "funds", form, [{"position": at} | told for at, told in enumerate(funds)])
    rows = [indicator_counted(each) | doubts.of(f"/indicators/{at}") for at, each in enumerate(record.indicators)]
    _update(connection, "indicators", form, [{"position": at} | told for at, told in enumerate(rows)])
    fields = [{"name": name} | doubts.of(f"/fields/{escaped(name)}") for name in record.fields]
    _update(connection, "fields", form, fields)
    tasks, amounts = _tasks(record, doubts)
    _update(connection, "tasks", form, tasks)
    _update(connection, "task_amounts", form, amounts)


def _tasks(record: Record, doubts: Doubts) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The doubts of the rows of `tasks` and of `task_amounts`, with their keys."""
    tasks: list[dict[str, Any]] = []
    amounts: list[str] = []
    for position, task in enumerate(record.tasks):
        for name, value in task.items():
            where = f"/tasks/{position}/{escaped(name)}"
            if isinstance(value, dict):
                amounts += [f"{where}/{escaped(header)}" for header in value]
            else:
                tasks.append({"position": position, "name": name} | doubts.of(where))
    amounts += [f"/tasks_total/{escaped(header)}" for header in record.tasks_total or {}]
    return tasks, [{"position": at} | doubts.of(where) for at, where in enumerate(amounts)]


def _update(connection: Connection, table: str, form: int, rows: list[dict[str, Any]]) -> None:
    """Set the columns of a form's rows; `position` and `name` say which row."""
    if not rows:
        return
    keys = [name for name in ("position", "name") if name in rows[0]]
    changed = ", ".join(f"{name} = :{name}" for name in rows[0] if name not in keys)
    which = " AND ".join(f"{name} = :{name}" for name in keys)
    query = f"UPDATE {table} SET {changed} WHERE form_id = :form AND {which}"  # noqa: S608 - names of ours
    connection.execute(text(query), [row | {"form": form} for row in rows])


def _number(connection: Connection, table: str, keys: str, digits: str, number: str) -> None:
    """The numbers of texts that are plain decimals."""
    names = keys.split(", ")
    held = connection.execute(text(f"SELECT {keys}, {digits} FROM {table} WHERE {digits} IS NOT NULL")).all()  # noqa: S608
    rows = [dict(zip(names, row, strict=False)) | {"number": as_number(row[-1])} for row in held]
    told = [row for row in rows if row["number"] is not None]
    which = " AND ".join(f"{name} = :{name}" for name in names)
    if told:
        connection.execute(text(f"UPDATE {table} SET {number} = :number WHERE {which}"), told)  # noqa: S608
