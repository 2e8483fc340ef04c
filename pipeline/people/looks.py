"""What people said of values: looks are added and never changed, and the last look at a value counts that nobody
took back.

A look names the content, the form and the pointer, and the value as it was read then. When the file is read again,
a correction **holds** while the reading is the one that was corrected; it is **settled** when the reading now says
what the correction says; and it is **stale** when the reading is a third thing. A stale one is not applied, because
its pointer may mean another row by now: it is kept, named wherever corrections are, and shown first for review.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select

from pipeline.archive.clock import now
from pipeline.archive.store import Store
from schemas import tables as t
from schemas.compare import ABSENT
from schemas.frozen import dataclass
from schemas.verdicts import LookVerdict


class Standing(StrEnum):
    """How a look stands to the reading as it is now."""

    HOLDS = "holds"
    SETTLED = "settled"
    STALE = "stale"


class SomeoneElseLooked(Exception):
    """Somebody has looked at the value in between; `last` is that look."""

    def __init__(self, last: Look) -> None:
        super().__init__(f"{last.who} looked at {last.pointer} in between and said {last.verdict}")
        self.last = last


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one value. `old` and `new` are JSON texts; `new` is None where nothing was corrected. A correction
    that somebody accepts is `accepted` with that `new`: it was agreed to, and stands; with `new` as it was read, a
    correction was corrected back."""

    sha256: str
    form_index: int
    pointer: str
    verdict: LookVerdict
    old: str | None
    new: str | None
    who: str
    at: str = ""
    why: str | None = None
    sample_id: int | None = None
    id: int = 0

    @property
    def changes(self) -> bool:
        """Whether the record takes another value for it."""
        if self.new is not None:
            return self.new != self.old
        return self.verdict in (LookVerdict.CORRECTED, LookVerdict.UNREADABLE)

    @property
    def value(self) -> Any:
        """The value that the record takes: the correction; None for what nobody can read."""
        return None if self.new is None else json.loads(self.new)

    def standing(self, reading: Any) -> Standing:
        """How it stands to the value as read now (ABSENT: there is no such value any more)."""
        if reading is not ABSENT and self.old is not None and json.loads(self.old) == reading:
            return Standing.HOLDS
        corrects = self.new is not None or self.verdict is LookVerdict.CORRECTED
        if reading is not ABSENT and corrects and self.value == reading:
            return Standing.SETTLED
        return Standing.STALE


def add_look(store: Store, look: Look, seen: int) -> Look:
    """Write a look down; `seen` is the number of the last look at this value that the person knew of, 0 for none.

    Raises SomeoneElseLooked where there is a newer one: both could otherwise believe that theirs counts.
    """
    return add_looks(store, [(look, seen)])[0]


def add_looks(store: Store, looks: Sequence[tuple[Look, int]], *, blind: bool = False) -> list[Look]:
    """Write looks down as one decision: all of them or, where SomeoneElseLooked is raised, none. `blind`: what others
    said meanwhile does not matter, because people look independently of each other."""
    with store.writing() as connection:
        if not blind:
            for look, seen in looks:
                last = last_look(connection, look.sha256, look.form_index, look.pointer)
                if last is not None and last.id != seen:
                    raise SomeoneElseLooked(last)
        number = connection.execute(select(func.coalesce(func.max(t.Review.id), 0) + 1)).scalar_one()
        at = now()
        rows = [
            asdict(look) | {"id": number + n, "verdict": look.verdict.value, "at": at}
            for n, (look, _) in enumerate(looks)
        ]
        connection.execute(insert(t.Review), rows)
        return [_look(row) for row in rows]


def that_count(looks: Iterable[Look]) -> dict[str, Look]:
    """Of the looks at one form, in the order of time, those that count, by pointer: a look that its person took back
    leaves what was said before it, and who finds the reading right without having seen what another corrected there
    does not undo it."""
    said: dict[str, list[Look]] = {}
    for look in looks:
        before = said.setdefault(look.pointer, [])
        if look.verdict is not LookVerdict.WITHDRAWN:
            before.insert(len(before) - _has_not_seen(look, before), look)
        elif own := [n for n, each in enumerate(before) if each.who == look.who]:
            del before[own[-1]]
    return {pointer: before[-1] for pointer, before in said.items() if before}


def _has_not_seen(look: Look, before: Sequence[Look]) -> bool:
    """Whether a look accepts the reading although another person's correction of the same reading stands: who sees a
    correction accepts it, or corrects it back."""
    last = before[-1] if before else None
    if last is None or last.new is None or last.who == look.who or last.old != look.old:
        return False
    return look.verdict is LookVerdict.ACCEPTED and look.new is None


def last_look(connection: Connection, sha256: str, form_index: int, pointer: str) -> Look | None:
    """The last look at a value, also one that takes another back."""
    query = select(t.Review.__table__).where(
        t.Review.sha256 == sha256, t.Review.form_index == form_index, t.Review.pointer == pointer
    )
    row = connection.execute(query.order_by(t.Review.id.desc()).limit(1)).mappings().first()
    return None if row is None else _look(row)


def looks_of(connection: Connection, sha256: str, form_index: int) -> list[Look]:
    """All looks at the values of a form, in the order of time."""
    query = select(t.Review.__table__).where(t.Review.sha256 == sha256, t.Review.form_index == form_index)
    return [_look(row) for row in connection.execute(query.order_by(t.Review.id)).mappings()]


def looks_for(connection: Connection, sample: int) -> list[Look]:
    """All looks that were taken for a sample, in the order of time."""
    query = select(t.Review.__table__).where(t.Review.sample_id == sample).order_by(t.Review.id)
    return [_look(row) for row in connection.execute(query).mappings()]


def counting(store: Store) -> dict[tuple[str, int], dict[str, Look]]:
    """The looks that count, by form (content, number) and pointer."""
    looks: dict[tuple[str, int], list[Look]] = {}
    with store.reading() as connection:
        for row in connection.execute(select(t.Review.__table__).order_by(t.Review.id)).mappings():
            look = _look(row)
            looks.setdefault((look.sha256, look.form_index), []).append(look)
    return {form: count for form, own in looks.items() if (count := that_count(own))}


def _look(row: Mapping[Any, Any]) -> Look:
    held: dict[str, Any] = {str(k): v for k, v in row.items()}
    return Look(**held | {"verdict": LookVerdict(held["verdict"])})
