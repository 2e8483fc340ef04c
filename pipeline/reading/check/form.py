"""What a rule looks at: a record with the origins of its values, its reading doubts and the tables it came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from schemas.language.keys import plain, printed_unit
from schemas.language.vocabulary import Words
from schemas.model import Cell, Reader, Table
from schemas.reading import Check, FormReading, Origin
from schemas.record import NOT_MONEY, Finding, Fund, Record

DOUBTS = frozenset({"low-score", "unreadable", "covered", "inferred", "lost", "redacted"})
"""The rules of findings that doubt the reading of the value they point at."""

NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
FIGURE = re.compile(r"[¥￥]?(?P<number>[-+]?\d[\d,]*(?:\.\d+)?)\D*")


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: its value, and how many decimals it prints."""

    value: Decimal
    decimals: int


@lru_cache(maxsize=65536)  # several rules look at one cell, and forms print the same numbers
def number_in(text: str | None) -> Number | None:
    """The number that a cell prints, a unit behind it aside; None where it prints none, or more than one."""
    found = FIGURE.fullmatch(plain(text or ""))
    if found is None:
        return None
    digits = found["number"].replace(",", "")
    return Number(Decimal(digits), len(digits.partition(".")[2]))


def parents(where: str) -> Iterator[str]:
    """A pointer and everything that it is a part of, but not the whole record."""
    while where:
        yield where
        where = where.rpartition("/")[0]


class Cells:
    """The cells of a filing's tables, found by where they begin; made once for all forms of the filing."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._at: dict[tuple[int, int, int], Cell] = {}
        self._rows: dict[tuple[int, int], list[Cell]] = {}
        for i, table in enumerate(tables):
            for cell in table.cells:
                self._at[i, cell.row, cell.col] = cell
                self._rows.setdefault((i, cell.row), []).append(cell)

    def __bool__(self) -> bool:
        return bool(self._at)

    def of(self, origin: Origin | None) -> Cell | None:
        """The cell that an origin names."""
        if origin is None or origin.table is None or origin.row is None or origin.col is None:
            return None
        return self._at.get((origin.table, origin.row, origin.col))

    def row(self, table: int, row: int) -> Sequence[Cell]:
        """The cells that begin in a row of a table."""
        return self._rows.get((table, row), ())


class Form:
    """A form under check, with the cells of the tables that it was read from, where they are at hand."""

    def __init__(self, reading: FormReading, cells: Cells, words: Words) -> None:
        self.reading = reading
        self.record: Record = reading.record
        self.reader: Reader = reading.record.source.reader
        self.cells = cells
        self.words = words

    @cached_property
    def origins(self) -> Mapping[str, list[Origin]]:
        found: dict[str, list[Origin]] = {}
        for origin in self.reading.origins:
            found.setdefault(origin.pointer, []).append(origin)
        return found

    @cached_property
    def _doubts(self) -> Mapping[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in self.record.findings:
            if finding.rule in DOUBTS and finding.where:
                for where in {finding.where, _owner(finding.where)}:
                    found.setdefault(where, []).append(finding)
        return found

    def doubts(self, where: str) -> list[Finding]:
        """The reading doubts that point at a value, at a part of it, or at what it is a part of."""
        known = self._doubts
        return [finding for above in parents(where) for finding in known.get(above, ())] if known else []

    def origin(self, where: str) -> Origin | None:
        """Where a value stands; its first place where it has several."""
        places = self.origins.get(where)
        return places[0] if places else None

    def amount(self, fund: Fund) -> Number | None:
        """The amount of a money cell in the unit of the form; None for a blank, a mark or another unknown unit."""
        number = number_in(fund.amount)
        own = None if fund.column in NOT_MONEY else printed_unit(fund.raw)
        if number is None or own is None or own == self.record.amount_unit:
            return number
        units = self.words.all.amount_units
        if own not in units or self.record.amount_unit not in units:
            return None
        value = number.value * units[own] / units[self.record.amount_unit]
        exponent = value.normalize().as_tuple().exponent
        return Number(value, max(0, -exponent) if isinstance(exponent, int) else 0)


def _owner(where: str) -> str:
    """The money line of a pointer into it: a doubtful path makes the line doubtful."""
    parts = where.split("/")
    return "/".join(parts[:3]) if parts[1:2] == ["funds"] else where


@dataclass(frozen=True, slots=True)
class Rule:
    """A named check: what it reads, what it expects, and the function that gives its outcomes."""

    name: str
    reads: str
    expects: str
    run: Callable[[Form, Rule], Iterable[Check]]


def holds(rule: Rule, where: str, message: str, printed: str | None = None, computed: str | None = None) -> Check:
    """The outcome of a check that holds."""
    return Check(rule.name, "holds", where, printed, computed, message)


def not_applicable(rule: Rule, where: str, message: str) -> Check:
    """The outcome of a check for which the form prints nothing to compare."""
    return Check(rule.name, "not_applicable", where, None, None, message)


def all_or_each(rule: Rule, where: str, looked_at: int, failing: Sequence[Check], what: str) -> list[Check]:
    """One outcome for a list of values of which none fails, else one for each that fails."""
    if failing:
        return list(failing)
    if not looked_at:
        return [not_applicable(rule, where, f"no {what} to look at")]
    return [holds(rule, where, f"{looked_at} {what}")]
