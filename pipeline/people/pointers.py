"""JSON pointers (RFC 6901) into records: which values a person looks at, what stands there, what is put there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from schemas.compare import ABSENT, ASIDE, values_of
from schemas.language.columns import COLUMNS, Shape, role_at
from schemas.pointers import parts

LISTS = ("/funds", "/indicators", "/tasks")  # looked at as a whole: are all rows there? Their value is their number
DERIVED = "values"  # of an indicator: parsed from what is printed, never looked at by itself
OBJECTS = {*(c.key for c in COLUMNS if c.shape in (Shape.PART, Shape.BY_HEADER)), "other"}  # of an indicator
EMPTY = ("/fields", "/choices", "/tasks_total")  # an object or list without anything in it
WORDS = {c.key for c in COLUMNS if c.shape is Shape.LIST}
ADDED = re.compile(r"/(funds|indicators|tasks)/([0-9]{1,9})\+([1-9][0-9]{0,8})")
"""The pointer of a row that is added: its list, the row as read before which it stands, the how manieth it is there."""


class Risky(Protocol):
    """A pointer with its risk."""

    @property
    def pointer(self) -> str: ...
    @property
    def risk(self) -> float: ...


AnyRisk = TypeVar("AnyRisk", bound=Risky)


def value_at(record: Mapping[str, Any], pointer: str) -> Any:
    """What stands there; the number of rows for a list of rows, and for a row that a person adds to one, which holds
    as long as there are so many; ABSENT where there is nothing."""
    if "+" in pointer and (place := ADDED.fullmatch(pointer)):
        rows = record.get(place[1])
        return len(rows) if isinstance(rows, list) and int(place[2]) <= len(rows) else ABSENT
    value: Any = record
    for part in parts(pointer):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isascii() and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return len(value) if pointer in LISTS and isinstance(value, list) else value


def put(record: dict[str, Any], pointer: str, value: Any) -> None:
    """Put a value where one stands already. KeyError: there is none."""
    *outer, last = parts(pointer)
    holder: Any = record
    for part in outer:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    if isinstance(holder, list):
        holder[int(last)] = value
    elif last in holder:
        holder[last] = value
    else:
        raise KeyError(pointer)


def looked_at(record: Mapping[str, Any]) -> Iterator[str]:
    """The pointers of all values that a person looks at, in the order of the record.

    What the form prints: not the family, not what was parsed of a target, of a money cell its amount, its line and
    what it stands under. Lists of words are one value; a list of rows has a value of its own, their number.
    """
    told: set[str] = set()
    for pointer, value in values_of(record):
        keys = parts(pointer)
        if keys[0] == "family" or (keys[0] == "indicators" and len(keys) > 2 and keys[2] == DERIVED):
            continue
        if keys[0] == "funds" and keys[-1] == "raw":
            continue
        rows = "/" + keys[0]
        if rows in LISTS and rows not in told:
            told.add(rows)
            yield rows
        if pointer in (*LISTS, *EMPTY) or (len(keys) == 3 and keys[2] in OBJECTS):
            continue  # an empty list or object
        if keys[0] == "columns":
            pointer = "/columns"
        elif len(keys) > (2 if keys[0] == "choices" else 3) and keys[0] in ("choices", "funds"):
            pointer = pointer.rpartition("/")[0]
        elif keys[0] == "indicators" and keys[2] in WORDS:
            pointer = "/".join(["", *keys[:3]])
        elif keys[0] == "indicators" and value is None and role_at(keys[2:]) not in record["columns"]:
            continue  # the form has no such column
        if pointer not in told:
            told.add(pointer)
            yield pointer


def is_looked_at(record: Mapping[str, Any], pointer: str) -> bool:
    """Whether the record has a value there that a person looks at, for a pointer that `value_pointer` gave."""
    keys = parts(pointer)
    value = value_at(record, pointer)
    if value is ABSENT or keys[0] in (*ASIDE, "family") or pointer in EMPTY:
        return False
    if keys[0] != "indicators" or len(keys) < 3:
        return True
    if keys[2] == DERIVED or (len(keys) == 3 and keys[2] in OBJECTS):
        return False
    return value is not None or keys[2] in WORDS or role_at(keys[2:]) in record["columns"]


def value_pointer(record: Mapping[str, Any], pointer: str) -> str:
    """The pointer of the value that is looked at where something is said of this one: the amount for a money cell as
    a whole or as printed, the list for a word of it; the pointer itself for all others."""
    keys = parts(pointer)
    match keys:
        case ["columns", _]:
            return "/columns"
        case ["choices", _, _] | ["funds", _, "path", _]:
            return pointer.rpartition("/")[0]
        case ["funds", _, "raw"]:
            return f"/funds/{keys[1]}/amount"
        case ["indicators", _, key, _] if key in WORDS:
            return pointer.rpartition("/")[0]
        case ["funds", _] if isinstance(value_at(record, pointer), Mapping):
            return f"{pointer}/amount"
    return pointer


def risks_by_value(record: Mapping[str, Any], risks: Iterable[AnyRisk]) -> dict[str, AnyRisk]:
    """The risk of each value that is looked at, by pointer: the highest of those of its parts; the first of equals."""
    known = set(looked_at(record))
    highest: dict[str, AnyRisk] = {}
    for risk in risks:
        pointer = value_pointer(record, risk.pointer)
        if pointer in known and (pointer not in highest or risk.risk > highest[pointer].risk):
            highest[pointer] = risk
    return highest
