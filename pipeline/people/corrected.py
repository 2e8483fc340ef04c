"""The database as it would be with the corrections applied, for as long as something is exported from it.

The rows of corrected forms are made as those of readings are, and stand in temporary tables of one connection;
temporary views of the tables' own names put them in the place of what was read. So every query and view sees
corrected values, with the same keys and amounts as values that were read, however many forms there are; nothing
is written to the database, and nobody who writes to it has to wait.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, column, func, insert, inspect, select, table, text

from pipeline.archive.store import Store
from pipeline.people.applied import apply, told_of
from pipeline.people.looks import Look, Standing, counting
from pipeline.people.pointers import value_at
from pipeline.people.rows import Moves, is_row, moved, moves_of, places_of
from schemas import tables as t
from schemas.reading import FamilyMatch, FormReading, Risk
from schemas.record import Record
from schemas.tables.rows import Batch, add_form, json_text, numbered
from schemas.tables.views import made_views

COLUMNS = ("file", "form_index", "position", "pointer", "verdict", "applied", "old", "new", "who", "at", "why")
TEXT = t.Base.type_annotation_map[str]
CORRECTIONS = Table(
    "corrections",
    MetaData(),
    *(Column(name, Integer if name in ("form_index", "position") else TEXT) for name in COLUMNS),
    prefixes=["TEMPORARY"],
)
OWN = "corrected_"  # what a table with rows of corrected forms is called, before the name of those that were read
CHANGED: dict[type[t.Base], tuple[str, type[t.Base]]] = {  # the column that says whose a row is, and of which table
    t.Form: ("id", t.Form),
    **dict.fromkeys((t.Field, t.Choice, t.Task, t.TaskAmount, t.Fund, t.Indicator, t.Finding), ("form_id", t.Form)),
    **dict.fromkeys((t.IndicatorValue, t.IndicatorWeight), ("indicator_id", t.Indicator)),
}


@contextmanager
def corrected(store: Store) -> Iterator[None]:
    """Everything that is read from the store meanwhile is as people corrected it.

    There is one more table, `corrections`: old and new as JSON; `applied` is no where the file reads otherwise by now,
    or its form is gone.
    """
    with store.seeing() as connection:
        CORRECTIONS.create(connection)
        looks = counting(store)
        if looks:
            _make_tables(connection)
            last = connection.execute(select(func.coalesce(func.max(t.Indicator.id), 0))).scalar_one()
            new = count(int(last) + 1)  # numbers for indicators that people added
            for (sha256, form_index), pointers in looks.items():
                _correct(connection, sha256, form_index, pointers, new)
            _make_views(connection)
        yield


def _make_tables(connection: Connection) -> None:
    for model in CHANGED:
        name = model.__tablename__
        connection.execute(text(f"CREATE TEMPORARY TABLE {OWN}{name} AS SELECT * FROM {name} WHERE 1 = 0"))  # noqa: S608


def _correct(
    connection: Connection, sha256: str, form_index: int, looks: Mapping[str, Look], new: Iterator[int]
) -> None:
    """The rows of a form, if some look changes it. Its numbers stay, so that its origins and checks are still its."""
    query = select(t.Form.id, t.Form.record, t.Form.family_match, t.Form.file_id).join(t.File)
    form = connection.execute(query.where(t.File.sha256 == sha256, t.Form.form_index == form_index)).mappings().first()
    if form is None:
        _list_lost(connection, sha256, form_index, looks)
        return
    read = json.loads(form["record"])
    done = apply(read, looks)
    if done == read:
        return
    told = done.get("corrections", [])
    record = Record.model_validate({key: value for key, value in done.items() if key != "corrections"})
    indicators = select(t.Indicator.id).where(t.Indicator.form_id == form["id"]).order_by(t.Indicator.position)
    numbers = {"files": [form["file_id"]], "forms": [form["id"]]}
    held = list(connection.execute(indicators).scalars())
    changes = _row_changes(read, looks)
    places = places_of(changes, "indicators", len(held))
    numbers["indicators"] = [next(new) if place is None else held[place] for place in places]
    batch = Batch()
    risks = _risks(connection, form["id"], looks, moves_of(read, changes))
    add_form(batch, 0, form_index, FormReading(record, (), FamilyMatch(None, ()), (), risks), json_text(done), ())
    rows = batch.columns()
    rows.pop(t.Risk.__tablename__, None)  # they stand as they were: only the doubt of the rows is told by them
    for name, made in numbered(rows, numbers):
        types = t.Base.metadata.tables[name].columns
        own = table(OWN + name, *(column(each.name, each.type) for each in types))
        # how it came by its family tells of the reading, which is as it was
        as_read = {"family_match": form["family_match"]} if name == t.Form.__tablename__ else {}
        values = [dict(zip(made, row, strict=True)) | as_read for row in zip(*made.values(), strict=True)]
        connection.execute(insert(own), values)
    if told:
        _list(connection, record.source.file, form_index, told)


def _row_changes(record: Mapping[str, Any], looks: Mapping[str, Look]) -> dict[str, Any]:
    """The rows that come and go, as `apply` lets them."""
    holding = {p: look for p, look in looks.items() if look.changes and is_row(p)}
    return {p: look.value for p, look in holding.items() if look.standing(value_at(record, p)) is Standing.HOLDS}


def _risks(connection: Connection, form: int, looks: Mapping[str, Look], moves: Moves) -> tuple[Risk, ...]:
    """The risks of a form's values where they stand now; of one that a person has looked at none is left."""
    query = select(t.Risk.pointer, t.Risk.kind, t.Risk.risk).where(t.Risk.form_id == form).order_by(t.Risk.position)
    rows = [(moved(pointer, moves), pointer in looks, kind, risk) for pointer, kind, risk in connection.execute(query)]
    return tuple(Risk(where, kind, 0.0 if seen else risk, ()) for where, seen, kind, risk in rows if where is not None)


def _list_lost(connection: Connection, sha256: str, form_index: int, looks: Mapping[str, Look]) -> None:
    """List the corrections of a form that is no more, because its file was taken out (then only its hash names it)
    or holds fewer forms by now."""
    told = [told_of(look, Standing.STALE) for look in looks.values() if look.changes]
    if told:
        path = connection.execute(select(t.File.path).where(t.File.sha256 == sha256)).scalar()
        _list(connection, path or sha256, form_index, told)


def _list(connection: Connection, file: str, form_index: int, told: Sequence[Mapping[str, Any]]) -> None:
    rows = [_listed(each) | {"position": position} for position, each in enumerate(told)]
    connection.execute(insert(CORRECTIONS), [{"file": file, "form_index": form_index} | row for row in rows])


def _listed(told: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: told[name] for name in ("verdict", "who", "at", "why")}
    row |= {"pointer": told["where"], "applied": "yes" if told["applied"] else "no"}
    return row | {"old": json_text(told["old"]), "new": json_text(told["new"])}


def _make_views(connection: Connection) -> None:
    """A temporary name goes before one of the database, in SQLite and in PostgreSQL: each table that has corrected
    rows is hidden by what was read without them and the corrected rows themselves. The views are made anew, because
    those of the database see its tables only."""
    schema = inspect(connection).default_schema_name
    for model, (key, owner) in CHANGED.items():
        name = model.__tablename__
        columns = ", ".join(f'"{each.name}"' for each in model.__table__.columns)
        read = f"{key} NOT IN (SELECT id FROM {OWN}{owner.__tablename__})"  # noqa: S608 - names of ours
        parts = f"SELECT {columns} FROM {schema}.{name} WHERE {read} UNION ALL SELECT {columns} FROM {OWN}{name}"  # noqa: S608
        connection.execute(text(f"CREATE TEMPORARY VIEW {name} AS {parts}"))
    for name, (_, query) in made_views().items():
        connection.execute(text(f"CREATE TEMPORARY VIEW {name} AS {query}"))
