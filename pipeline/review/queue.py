"""What to look at, in which order: stale corrections, then by risk, with every fifth value a random confident one.

The random ones tell whether the confident values deserve it: a queue of doubtful values alone never would.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pipeline.archive.store import Store
from pipeline.people.looks import Look, Standing, counting, looks_of
from pipeline.people.pointers import looked_at, risks_by_value, value_at, value_pointer
from pipeline.reading.risk import CONFIDENT
from schemas import tables as t
from schemas.compare import ABSENT

SIZE = 200  # values of a queue; when it is done, the next is drawn
EVERY = 5  # every so many-th value is a random confident one
SEED = 20260101  # the same database gives the same queue


@dataclass(frozen=True, slots=True)
class QueuedValue:
    """A value to look at: the form's number in the database, the pointer, and why it stands in the queue."""

    form: int
    pointer: str
    risk: float = 0.0
    why: str = "risk"  # risk, random, stale, sample, form


def queue(store: Store, size: int = SIZE) -> list[QueuedValue]:
    """The values to look at next. Values that were looked at are left out, unless the look is stale."""
    looks = counting(store)
    with store.reading() as connection:
        forms = _forms(connection)
        stale = list(_stale(connection, forms, looks))
        known = {(i.form, i.pointer) for i in stale}
        risky = list(_risky(connection, forms, looks, known, size))
        known |= {(i.form, i.pointer) for i in risky}
        confident = _confident(connection, forms, looks, known)
        mixed = [*stale]
        for item in risky:
            mixed.append(item)
            if len(mixed) % EVERY == EVERY - 1:
                mixed += [x for x in [next(confident, None)] if x is not None]
        while len(mixed) < size and (more := next(confident, None)) is not None:
            mixed.append(more)
    return mixed[:size]


def sample_queue(store: Store, sample: int) -> list[QueuedValue]:
    """All values of a sample, in the order in which they were drawn. Values of files that are gone are left out."""
    query = select(t.SampleItem.sha256, t.SampleItem.form_index, t.SampleItem.pointer)
    with store.reading() as connection:
        numbers = {key: number for number, key in _forms(connection).items()}
        rows = connection.execute(query.where(t.SampleItem.sample_id == sample).order_by(t.SampleItem.position)).all()
    keys = [(numbers.get((row.sha256, row.form_index)), row.pointer) for row in rows]
    return [QueuedValue(form, pointer, why="sample") for form, pointer in keys if form is not None]


def form_queue(store: Store, form: int) -> list[QueuedValue]:
    """The values of a form that nobody has looked at, or whose look is stale, in the order of the record."""
    with store.reading() as connection:
        row = connection.execute(
            select(t.File.sha256, t.Form.form_index, t.Form.record).join(t.File).where(t.Form.id == form)
        ).one_or_none()
        if row is None:
            return []
        looks = {look.pointer: look for look in looks_of(connection, row.sha256, row.form_index)}
    return [QueuedValue(form, pointer, why="form") for pointer in unseen(json.loads(row.record), looks)]


def unseen(record: dict[str, Any], looks: dict[str, Look]) -> list[str]:
    """The pointers of the values that nobody has looked at, or that read otherwise than when somebody did."""
    return [
        pointer
        for pointer in looked_at(record)
        if pointer not in looks or looks[pointer].standing(value_at(record, pointer)) is Standing.STALE
    ]


def _forms(connection: Connection) -> dict[int, tuple[str, int]]:
    query = select(t.Form.id, t.File.sha256, t.Form.form_index).join(t.File).order_by(t.Form.id)
    return {row.id: (row.sha256, row.form_index) for row in connection.execute(query)}


Looks = dict[tuple[str, int], dict[str, Look]]


def _stale(connection: Connection, forms: dict[int, tuple[str, int]], looks: Looks) -> Iterator[QueuedValue]:
    for form, key in forms.items():
        if key in looks:
            record = _record(connection, form)
            for pointer, look in looks[key].items():
                reading = value_at(record, pointer)
                if reading is not ABSENT and look.standing(reading) is Standing.STALE:
                    yield QueuedValue(form, pointer, 1.0, "stale")


def _risky(
    connection: Connection, forms: dict[int, tuple[str, int]], looks: Looks, known: set[tuple[int, str]], size: int
) -> Iterator[QueuedValue]:
    query = select(t.Risk.form_id, t.Risk.pointer, t.Risk.risk).where(t.Risk.risk >= CONFIDENT)
    given = set(known)
    records: dict[int, dict[str, Any]] = {}
    known_of: dict[int, set[str]] = {}
    for row in connection.execute(query.order_by(t.Risk.risk.desc(), t.Risk.form_id, t.Risk.position)):
        if row.form_id not in records:
            records[row.form_id] = _record(connection, row.form_id)
            known_of[row.form_id] = set(looked_at(records[row.form_id]))
        pointer = value_pointer(records[row.form_id], row.pointer)
        seen = pointer in looks.get(forms[row.form_id], {})
        if seen or (row.form_id, pointer) in given or pointer not in known_of[row.form_id]:
            continue
        given.add((row.form_id, pointer))
        yield QueuedValue(row.form_id, pointer, row.risk)
        if len(given) >= size:
            return


def _confident(
    connection: Connection, forms: dict[int, tuple[str, int]], looks: Looks, known: set[tuple[int, str]]
) -> Iterator[QueuedValue]:
    """Values that nothing speaks against, without an end but that of the values: a random form, a random value."""
    draw = random.Random(SEED)  # noqa: S311 - a fixed draw, not a secret
    left: dict[int, list[tuple[str, float]] | None] = dict.fromkeys(forms)
    while left:
        form = draw.choice(sorted(left))
        values = left[form]
        if values is None:
            record = _record(connection, form)
            query = select(t.Risk.pointer, t.Risk.risk).where(t.Risk.form_id == form)
            risks = {p: row.risk for p, row in risks_by_value(record, connection.execute(query)).items()}
            seen = looks.get(forms[form], {})
            values = [(p, risks.get(p, 0.0)) for p in looked_at(record) if p not in seen and (form, p) not in known]
            values = [(p, r) for p, r in values if r < CONFIDENT]
            draw.shuffle(values)
            left[form] = values
        if not values:
            del left[form]
            continue
        pointer, risk = values.pop()
        yield QueuedValue(form, pointer, risk, "random")


def _record(connection: Connection, form: int) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(connection.execute(select(t.Form.record).where(t.Form.id == form)).scalar_one())
    return record
