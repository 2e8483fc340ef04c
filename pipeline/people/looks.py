"""What people said of values: looks are added and never changed, and the last look at a value counts.

A look names the content, the form and the pointer, and the value as it was read then. When the file is read again,
a correction **holds** while the reading is the one that was corrected; it is **settled** when the reading now says
what the correction says; and it is **stale** when the reading is a third thing. A stale one is not applied, because
its pointer may mean another row by now: it is kept, named wherever corrections are, and shown first for review.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, func, insert, select

from pipeline.archive.clock import now
from pipeline.archive.store import Store
from pipeline.people.pointers import LISTS, put, value_at
from schemas import tables as t
from schemas.compare import ABSENT
from schemas.language.columns import COLUMNS, What
from schemas.language.money import parse_amount
from schemas.language.values import parse_anew
from schemas.language.vocabulary import Words, load_words
from schemas.pointers import parts
from schemas.record import Finding, Record
from schemas.verdicts import Doubt, LookVerdict, Verdict

PARSED = {c.key for c in COLUMNS if c.has_value or c.what in (What.OPERATOR, What.UNIT)}  # what `values` come from
LONGEST = 20_000  # characters of a corrected value or a remark: longer than any cell


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


class CannotHold(Exception):
    """The record cannot hold the value there; the message says why."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one value. `old` and `new` are JSON texts; `new` is None where nothing was corrected. A correction
    that somebody accepts is `accepted` with that `new`: it was agreed to, and stands."""

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
        return self.new is not None or self.verdict in (LookVerdict.CORRECTED, LookVerdict.UNREADABLE)

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
    with store.writing() as connection:
        last = last_look(connection, look.sha256, look.form_index, look.pointer)
        if last is not None and last.id != seen:
            raise SomeoneElseLooked(last)
        number = connection.execute(select(func.coalesce(func.max(t.Review.id), 0) + 1)).scalar_one()
        row = asdict(look) | {
            "id": number,
            "verdict": look.verdict.value,
            "at": now(),
        }
        connection.execute(insert(t.Review).values(row))
        return _look(row)


def last_look(connection: Connection, sha256: str, form_index: int, pointer: str) -> Look | None:
    """The look that counts for a value."""
    query = select(t.Review.__table__).where(
        t.Review.sha256 == sha256, t.Review.form_index == form_index, t.Review.pointer == pointer
    )
    row = connection.execute(query.order_by(t.Review.id.desc()).limit(1)).mappings().first()
    return None if row is None else _look(row)


def looks_of(connection: Connection, sha256: str, form_index: int) -> list[Look]:
    """All looks at the values of a form, in the order of time."""
    query = select(t.Review.__table__).where(t.Review.sha256 == sha256, t.Review.form_index == form_index)
    return [_look(row) for row in connection.execute(query.order_by(t.Review.id)).mappings()]


def counting(store: Store) -> dict[tuple[str, int], dict[str, Look]]:
    """The looks that count, by form (content, number) and pointer."""
    looks: dict[tuple[str, int], dict[str, Look]] = {}
    with store.reading() as connection:
        for row in connection.execute(select(t.Review.__table__).order_by(t.Review.id)).mappings():
            look = _look(row)
            looks.setdefault((look.sha256, look.form_index), {})[look.pointer] = look
    return looks


def _look(row: Mapping[Any, Any]) -> Look:
    held: dict[str, Any] = {str(k): v for k, v in row.items()}
    return Look(**held | {"verdict": LookVerdict(held["verdict"])})


def typed(pointer: str, text: str, reading: Any) -> Any:
    """What a person typed, as a value like the one that was read: a number, a list a line, text, None for nothing.

    Raises CannotHold.
    """
    if pointer in LISTS:
        raise CannotHold("rows are not added or removed here; say in a remark what is missing")
    if len(text) > LONGEST:
        raise CannotHold(f"{len(text)} characters are more than a value has ({LONGEST})")
    if isinstance(reading, list):
        return [line.strip() for line in text.splitlines() if line.strip()]
    if not text.strip():
        return None
    if pointer == "/year":
        if not (text.strip().isascii() and text.strip().isdigit()):
            raise CannotHold("a year is four digits")
        return int(text)
    return text.strip()


def check_change(record: Mapping[str, Any], pointer: str, value: Any) -> None:
    """Raise CannotHold where the record could not be one with this value."""
    try:
        changed = _changed(record, {pointer: value}, load_words())
        Record.model_validate(changed)
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        what = "nothing" if value is None else repr(value)
        raise CannotHold(f"{pointer} cannot hold {what}") from error


def apply(record: Mapping[str, Any], looks: Mapping[str, Look]) -> dict[str, Any]:
    """The record with the looks that count taken over: corrected values, a null and a finding for what nobody can
    read, a finding where the form itself errs, and `corrections` that tell what was changed, by whom, and what not.
    """
    changes, told, findings = {}, [], []
    for pointer, look in looks.items():
        reading = value_at(record, pointer)
        standing = look.standing(reading)
        if look.changes and standing is not Standing.SETTLED:
            told.append(told_of(look, standing))
        if standing is Standing.STALE:
            if look.changes:
                why = "the file was read again since"
                findings.append(_finding(look, "stale-correction", Verdict.UNDECIDABLE, why))
            continue
        if look.changes and standing is Standing.HOLDS:
            changes[pointer] = look.value
        if look.verdict is LookVerdict.UNREADABLE:
            findings.append(_finding(look, Doubt.UNREADABLE, Verdict.UNDECIDABLE, "cannot be read on the page"))
        elif look.verdict is LookVerdict.WRONG_AT_SOURCE:
            findings.append(_finding(look, "reviewed", Verdict.WRONG_AT_SOURCE, "printed so; the form errs"))
    if not told and not findings:
        return dict(record)
    done = _changed(record, changes, load_words())
    done["findings"] = [*record["findings"], *findings]
    done = Record.model_validate(done).as_dict()
    return done | {"corrections": told} if told else done


def told_of(look: Look, standing: Standing) -> dict[str, Any]:
    """What `corrections` tell of a look that changes a value."""
    old = None if look.old is None else json.loads(look.old)
    told = {"where": look.pointer, "old": old, "new": look.value, "who": look.who, "at": look.at, "why": look.why}
    told |= {"verdict": look.verdict.value, "applied": standing is Standing.HOLDS}
    return told


def _finding(look: Look, rule: str, verdict: Verdict, what: str) -> dict[str, Any]:
    said = f"{look.who}, {look.at}: {what}" + (f" ({look.why})" if look.why else "")
    if rule == "stale-correction":
        said += f"; it was {look.old}, and was said to be {look.new}: look at it again"
    return Finding(rule=rule, verdict=verdict, where=look.pointer, message=said).model_dump(mode="json")


def _changed(record: Mapping[str, Any], changes: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """A copy with the values put in, and with what is parsed from them parsed anew."""
    done: dict[str, Any] = copy.deepcopy(dict(record))
    for pointer, value in changes.items():
        put(done, pointer, value)
    for pointer, value in changes.items():
        keys = parts(pointer)
        if keys[0] == "funds" and keys[-1] == "amount":
            done["funds"][int(keys[1])] |= _money(value, words)
        elif keys[0] == "indicators" and keys[2] in PARSED:
            parse_anew(done["indicators"][int(keys[1])], words)
    return done


def _money(text: str | None, words: Words) -> dict[str, str | None]:
    """A money cell as a person read it: as typed, and as an amount."""
    if text is None:
        return {"amount": None, "raw": None}
    amount = parse_amount(text, words)
    if amount is None:
        raise ValueError(f"{text!r} is no amount")
    return {"amount": amount.digits, "raw": text}
