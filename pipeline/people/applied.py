"""What the looks that count do to a record: corrected values, findings, rows that came and went, `corrections`."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from pipeline.people.looks import Look, Standing
from pipeline.people.pointers import LISTS, put, value_at
from pipeline.people.rows import is_added, is_row, with_rows
from schemas.language.columns import COLUMNS, What
from schemas.language.money import parse_amount
from schemas.language.values import parse_anew
from schemas.language.vocabulary import Words, load_words
from schemas.pointers import parts
from schemas.record import Finding, Record
from schemas.verdicts import Doubt, LookVerdict, Verdict

PARSED = {c.key for c in COLUMNS if c.has_value or c.what in (What.OPERATOR, What.UNIT)}  # what `values` come from
REVIEWED, STALE = "reviewed", "stale-correction"  # rules of what people found
LONGEST = 20_000  # characters of a corrected value or a remark: longer than any cell


class CannotHold(Exception):
    """The record cannot hold the value there; the message says why."""


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
    read, a finding where the form itself errs, rows added and taken out, and `corrections` that tell what was changed,
    by whom, and what not. Pointers of `corrections` count rows as they were read, all others as they are now.
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
                findings.append(_finding(look, STALE, Verdict.UNDECIDABLE, why))
            continue
        if look.changes and standing is Standing.HOLDS:
            changes[pointer] = look.value
        if look.verdict is LookVerdict.UNREADABLE:
            findings.append(_finding(look, Doubt.UNREADABLE, Verdict.UNDECIDABLE, "cannot be read on the page"))
        elif look.verdict is LookVerdict.WRONG_AT_SOURCE:
            findings.append(_finding(look, REVIEWED, Verdict.WRONG_AT_SOURCE, "printed so; the form errs"))
    if not told and not findings:
        return dict(record)
    done = _changed(record, changes, load_words())
    done["findings"] = [*record["findings"], *findings]
    done = with_rows(done, changes)
    done = Record.model_validate(done).as_dict()
    return done | {"corrections": told} if told else done


def told_of(look: Look, standing: Standing) -> dict[str, Any]:
    """What `corrections` tell of a look that changes a value."""
    old = None if look.old is None or is_added(look.pointer) else json.loads(look.old)
    told = {"where": look.pointer, "old": old, "new": look.value, "who": look.who, "at": look.at, "why": look.why}
    told |= {"verdict": look.verdict.value, "applied": standing is Standing.HOLDS}
    return told


def _finding(look: Look, rule: str, verdict: Verdict, what: str) -> dict[str, Any]:
    said = f"{look.who}, {look.at}: {what}" + (f" ({look.why})" if look.why else "")
    if rule == "stale-correction":
        said += f"; it was {look.old}, and was said to be {look.new}: look at it again"
    where = look.pointer.rpartition("/")[0] if is_added(look.pointer) else look.pointer
    return Finding(rule=rule, verdict=verdict, where=where, message=said).model_dump(mode="json")


def _changed(record: Mapping[str, Any], changes: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """A copy with the values put in, and with what is parsed from them parsed anew; rows stay as they are."""
    done: dict[str, Any] = copy.deepcopy(dict(record))
    changes = {pointer: value for pointer, value in changes.items() if not is_row(pointer)}
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
