"""Comparing two records value by value, in the sense in which a cell is right: equal to the paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from schemas.frozen import dataclass
from schemas.language.keys import comparison_key
from schemas.pointers import escaped

ASIDE = frozenset({"source", "findings"})  # what a record says of its reading, not of the paper
ABSENT = object()


class Likeness(StrEnum):
    """How a value of one record stands to the same value of another."""

    SAME = "same"
    REFORMATTED = "reformatted"
    CHANGED = "changed"
    ONLY_LEFT = "only-left"
    ONLY_RIGHT = "only-right"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of two records; `where` is a JSON pointer."""

    where: str
    outcome: Likeness
    left: Any
    right: Any


def compare_records(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Difference]:
    """Every value of two records, in the order of the left one; `source` and `findings` are left out."""
    a, b = dict(values_of(left)), dict(values_of(right))
    out = []
    for where in [*a, *(k for k in b if k not in a)]:
        x, y = a.get(where, ABSENT), b.get(where, ABSENT)
        out.append(Difference(where, outcome_of(where, x, y), None if x is ABSENT else x, None if y is ABSENT else y))
    return out


def outcome_of(where: str, left: Any, right: Any) -> Likeness:
    """How two values stand to each other, ABSENT for one that its record does not have; `where` tells amounts."""
    if right is ABSENT:
        return Likeness.ONLY_LEFT
    if left is ABSENT:
        return Likeness.ONLY_RIGHT
    if left == right and type(left) is type(right):
        return Likeness.SAME
    return Likeness.REFORMATTED if equal(left, right, amount=where.endswith("/amount")) else Likeness.CHANGED


def values_of(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(JSON pointer, value) of every leaf of a record; an empty list or object is a value of its own."""
    for key, value in record.items():
        if key not in ASIDE:
            yield from leaves("/" + escaped(str(key)), value)


def leaves(where: str, value: Any) -> Iterator[tuple[str, Any]]:
    """(JSON pointer, value) of every leaf of a value that stands at `where`."""
    if not value or not isinstance(value, (dict, list)):
        yield where, value
        return
    for at, inner in below(where, value):
        if inner and isinstance(inner, (dict, list)):
            yield from leaves(at, inner)
        else:
            yield at, inner


def below(where: str, value: Mapping[str, Any] | list[Any]) -> list[tuple[str, Any]]:
    """(JSON pointer, value) of everything one step below an object or a list that stands at `where`."""
    if isinstance(value, list):
        return [(f"{where}/{i}", inner) for i, inner in enumerate(value)]
    return [(f"{where}/{escaped(str(key))}", inner) for key, inner in value.items()]


def equal(left: Any, right: Any, *, amount: bool = False) -> bool:
    """Equal as the paper is: after NFKC, without white space, with one style of quotes; amounts as decimals."""
    if isinstance(left, str) and isinstance(right, str):
        if amount:
            try:
                return Decimal(left) == Decimal(right)
            except InvalidOperation:
                pass
        return comparison_key(left) == comparison_key(right)
    return bool(left == right)
