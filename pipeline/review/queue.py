"""What to look at, in which order: stale corrections, then form by form, by risk between the forms; within a form in
the order of the record, with every fifth value a random confident one.

The random ones tell whether the confident values deserve it: a queue of doubtful values alone never would.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from sqlalchemy import Connection, select

from pipeline.archive.store import Store
from pipeline.people.looks import Look, Standing, counting, looks_for, looks_of, that_count
from pipeline.people.pointers import looked_at, value_at, value_pointer
from pipeline.people.rows import is_added, taken_out
from pipeline.review.filters import Filters, chosen, risk_order, standings
from pipeline.review.ledger import Doubtful, Entry, Ledger, Looks, doubtful_of, row_of
from pipeline.review.shares import Shares
from schemas import tables as t
from schemas.compare import ABSENT
from schemas.frozen import dataclass

SIZE = 200  # values of a queue; when it is done, the next is drawn
HAND = 40  # values that a person is given at a time: the fewer, the more forms are left to others
EVERY = 5  # every so many-th value is a random confident one
TOGETHER = 5  # confident values of a form without doubt that come one after the other
SEED = 20260101  # the same database gives the same queue


@dataclass(frozen=True, slots=True)
class QueuedValue:
    """A value to look at: the form's number in the database, the pointer, and why it stands in the queue. `rest` are
    the other values that were lost with it: one decision for all."""

    form: int
    pointer: str
    risk: float = 0.0
    why: str = "risk"  # risk, random, stale, sample, form
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """The values to look at next; `total` are all that belong to it, `left` those that nobody has looked at, `others`
    how many of these are with whom else."""

    items: tuple[QueuedValue, ...]
    total: int
    left: int
    others: Mapping[str, int] = field(default_factory=dict)


def queue(
    store: Store,
    size: int = SIZE,
    *,
    ledger: Ledger | None = None,
    filters: Filters | None = None,
    who: str = "",
    shares: Shares | None = None,
) -> Queue:
    """The values to look at next, of the forms that pass the filters and that nobody else was given. Values that were
    looked at are left out, unless the look is stale."""
    wanted, looks = filters or Filters(), counting(store)
    given = _Given(who, shares)
    with store.reading() as connection:
        entries = (ledger or Ledger()).entries(connection)
        whole = (lambda entry: is_whole(connection, entry, looks)) if wanted.state else never
        everyone = standings(entries, looks, whole)
        passed, _ = chosen(everyone, wanted)
        forms = sorted((s.entry for s in passed), key=lambda e: risk_order(e, len(_wanted(e.left(looks), wanted))))
        items = [item for item in _stale(connection, forms, looks) if given.take(item.form)] if not wanted.rule else []
        for entry in forms:
            left = _wanted(entry.left(looks), wanted)
            if not left or len(items) >= size:
                break
            if given.take(entry.form, len(left)):
                known = {item.pointer for item in items if item.form == entry.form}
                sure = iter(()) if wanted.rule else _confident(connection, entry, looks, known)
                _mix(items, _decisions(entry.form, [d for d in left if d.pointer not in known]), sure)
        if not wanted.rule:
            items += _random(connection, forms, looks, items, size - len(items), given)
        total = sum(len(_wanted(entry.doubtful, wanted)) for entry in forms)
        unseen = sum(len(_wanted(entry.left(looks), wanted)) for entry in forms)
    return Queue(tuple(items[:size]), total, unseen, dict(given.others))


class _Given:
    """Which forms a person may be given; how many values are with others."""

    def __init__(self, who: str, shares: Shares | None) -> None:
        self.who, self.shares = who, shares
        self.others: Counter[str] = Counter()
        if shares is not None:
            shares.leave(who)

    def take(self, form: int, values: int = 0) -> bool:
        if self.shares is None or self.shares.take(form, self.who):
            return True
        if values and (holder := self.shares.holder(form)):
            self.others[holder] += values
        return False


def _wanted(doubtful: Sequence[Doubtful], filters: Filters) -> list[Doubtful]:
    return [d for d in doubtful if not filters.rule or filters.rule in d.rules]


def _decisions(form: int, doubtful: Sequence[Doubtful]) -> Iterator[QueuedValue]:
    """The values to decide on; what was lost as one block is one decision."""
    blocks: dict[str, list[Doubtful]] = {}
    for each in doubtful:
        blocks.setdefault(each.block or each.pointer, []).append(each)
    for block in blocks.values():
        first, *rest = sorted(block, key=lambda each: not each.empty) if len(block) > 1 else block
        yield QueuedValue(form, first.pointer, first.risk, "risk", tuple(each.pointer for each in rest))


def _mix(items: list[QueuedValue], doubtful: Iterator[QueuedValue], confident: Iterator[QueuedValue]) -> None:
    """Put the values of a form behind the others, every so many-th a confident one."""
    for item in doubtful:
        items.append(item)
        if len(items) % EVERY == EVERY - 1:
            items += [x for x in [next(confident, None)] if x is not None]


def sample_queue(store: Store, sample: int, who: str | None = None) -> Queue:
    """The values of a sample that are not looked at yet (by this person, where one is named), in the order in which
    they were drawn. Values of files that are gone are left out."""
    query = select(t.SampleItem.sha256, t.SampleItem.form_index, t.SampleItem.pointer, t.SampleItem.value)
    with store.reading() as connection:
        numbers = {key: number for number, key in _forms(connection).items()}
        rows = connection.execute(query.where(t.SampleItem.sample_id == sample).order_by(t.SampleItem.position)).all()
        looks: dict[tuple[str, int], list[Look]] = {}
        for look in looks_for(connection, sample):
            if who in (None, look.who):
                looks.setdefault((look.sha256, look.form_index), []).append(look)
    seen = {(key, pointer, look.old) for key, own in looks.items() for pointer, look in that_count(own).items()}
    here = [row for row in rows if (row.sha256, row.form_index) in numbers]
    left = [row for row in here if ((row.sha256, row.form_index), row.pointer, row.value) not in seen]
    items = [QueuedValue(numbers[row.sha256, row.form_index], row.pointer, why="sample") for row in left]
    return Queue(tuple(items), len(here), len(left))


def form_queue(store: Store, form: int) -> Queue:
    """The values of a form that nobody has looked at, or whose look is stale: first what is doubtful, then the others,
    each in the order of the record."""
    with store.reading() as connection:
        row = connection.execute(
            select(t.File.sha256, t.Form.form_index, t.Form.record).join(t.File).where(t.Form.id == form)
        ).one_or_none()
        if row is None:
            return Queue((), 0, 0)
        looks = that_count(looks_of(connection, row.sha256, row.form_index))
        record = json.loads(row.record)
        left = unseen(record, looks)
        wanted = set(left)
        doubtful = [each for each in doubtful_of(connection, form) if each.pointer in wanted]
    items = list(_decisions(form, doubtful))
    told = {pointer for item in items for pointer in (item.pointer, *item.rest)}
    items += [QueuedValue(form, pointer, why="form") for pointer in left if pointer not in told]
    return Queue(tuple(items), len(list(looked_at(record))), len(left))


def unseen(record: dict[str, Any], looks: Mapping[str, Look]) -> list[str]:
    """The pointers of the values that nobody has looked at, or that read otherwise than when somebody did. Nobody has
    to look at the values of a row that was taken out."""
    holding = {p: look for p, look in looks.items() if look.standing(value_at(record, p)) is not Standing.STALE}
    gone = taken_out({pointer: look.value for pointer, look in holding.items() if look.changes})
    return [pointer for pointer in looked_at(record) if pointer not in holding and row_of(pointer) not in gone]


def never(_: Entry) -> bool:
    """No form is taken for whole: where it does not matter, its record need not be looked at."""
    return False


def is_whole(connection: Connection, entry: Entry, looks: Looks) -> bool:
    """Whether every value of a form was looked at."""
    return not unseen(_record(connection, entry.form), looks.get(entry.key, {}))


def _forms(connection: Connection) -> dict[int, tuple[str, int]]:
    query = select(t.Form.id, t.File.sha256, t.Form.form_index).join(t.File).order_by(t.Form.id)
    return {row.id: (row.sha256, row.form_index) for row in connection.execute(query)}


def _stale(connection: Connection, forms: Sequence[Entry], looks: Looks) -> Iterator[QueuedValue]:
    for entry in forms:
        if entry.key in looks:
            record = _record(connection, entry.form)
            for pointer, look in looks[entry.key].items():
                reading = value_at(record, pointer)
                if reading is not ABSENT and not is_added(pointer) and look.standing(reading) is Standing.STALE:
                    yield QueuedValue(entry.form, pointer, 1.0, "stale")


def _confident(connection: Connection, entry: Entry, looks: Looks, known: set[str]) -> Iterator[QueuedValue]:
    """The values of a form that nothing speaks against and nobody has looked at, in random order."""
    left = unseen(_record(connection, entry.form), looks.get(entry.key, {}))
    doubted = {each.pointer for each in entry.doubtful}
    sure = [pointer for pointer in left if pointer not in doubted and pointer not in known]
    random.Random(f"{SEED} {entry.form}").shuffle(sure)  # noqa: S311 - a fixed draw, not a secret
    risks: dict[str, float] = {}
    for leaf, risk in connection.execute(select(t.Risk.pointer, t.Risk.risk).where(t.Risk.form_id == entry.form)):
        pointer = value_pointer({}, leaf)
        risks[pointer] = max(risk, risks.get(pointer, 0.0))
    for pointer in sure:
        yield QueuedValue(entry.form, pointer, risks.get(pointer, 0.0), "random")


def _random(
    connection: Connection,
    forms: Sequence[Entry],
    looks: Looks,
    items: Sequence[QueuedValue],
    room: int,
    given: _Given,
) -> Iterator[QueuedValue]:
    """Confident values, some of a random form, then some of another, without an end but that of the values."""
    draw = random.Random(SEED)  # noqa: S311 - a fixed draw, not a secret
    left: dict[int, Iterator[QueuedValue] | None] = dict.fromkeys(range(len(forms)))
    while left and room > 0:
        place = draw.choice(list(left))
        entry, values = forms[place], left[place]
        if values is None:
            if not given.take(entry.form):
                del left[place]
                continue
            known = {item.pointer for item in items if item.form == entry.form}
            values = left[place] = _confident(connection, entry, looks, known)
        some = [value for _, value in zip(range(min(TOGETHER, room)), values, strict=False)]
        if not some:
            del left[place]
        room -= len(some)
        yield from some


def _record(connection: Connection, form: int) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(connection.execute(select(t.Form.record).where(t.Form.id == form)).scalar_one())
    return record
