"""What a rule looks at: a record with the origins of its values, its reading doubts and the tables it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache

from schemas.frozen import dataclass
from schemas.language.keys import plain, printed_unit
from schemas.language.vocabulary import Words
from schemas.model import Cell, Reader, Table
from schemas.reading import FormReading, Origin
from schemas.record import Finding, Fund, Record
from schemas.verdicts import OF_TEXTS, OF_VALUES, Doubt

REMARKS = frozenset({"other_notes"})
"""Fields that hold what a form says besides."""

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
    figure = FIGURE.fullmatch(plain(text or ""))
    if figure is None:
        return None
    digits = figure["number"].replace(",", "")
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
        self._tables = tables
        for i, table in enumerate(tables):
            for cell in table.cells:
                self._at[i, cell.row, cell.col] = cell
                self._rows.setdefault((i, cell.row), []).append(cell)

    def __bool__(self) -> bool:
        return bool(self._at)

    @cached_property
    def texts(self) -> frozenset[str]:
        """What the cells print, without white space."""
        return frozenset(plain(cell.text) for cell in self._at.values())

    def of(self, origin: Origin | None) -> Cell | None:
        """The cell that an origin names."""
        if origin is None or origin.table is None or origin.row is None or origin.col is None:
            return None
        return self._at.get((origin.table, origin.row, origin.col))

    def row(self, table: int, row: int) -> Sequence[Cell]:
        """The cells that begin in a row of a table."""
        return self._rows.get((table, row), ())

    def height(self, table: int) -> int:
        """The number of rows of a table."""
        return self._tables[table].rows if table < len(self._tables) else 0

    def hidden(self, table: int, row: int) -> Iterator[str]:
        """What the file holds in a row and does not show."""
        yield from (one.what for one in self._tables[table].hidden if one.row == row)


class CheckedForm:
    """A form under check, with the cells of the tables that it was read from, where they are at hand."""

    def __init__(self, reading: FormReading, cells: Cells, words: Words) -> None:
        self.reading = reading
        self.record: Record = reading.record
        self.reader: Reader = reading.record.source.reader
        self.cells = cells
        self.words = words
        self.disorder: Sequence[str] = ()  # pointers of what does not stand on the page as it should

    @cached_property
    def origins(self) -> Mapping[str, list[Origin]]:
        origins: dict[str, list[Origin]] = {}
        for origin in self.reading.origins:
            origins.setdefault(origin.pointer, []).append(origin)
        return origins

    @cached_property
    def _doubts(self) -> Mapping[str, list[Finding]]:
        doubts: dict[str, list[Finding]] = {}
        for finding in self.record.findings:
            if finding.rule in OF_VALUES and finding.where:
                for where in {finding.where, _owner(finding.where)}:
                    doubts.setdefault(where, []).append(finding)
        return doubts

    def doubts(self, where: str) -> list[Finding]:
        """The reading doubts that point at a value, at a part of it, or at what it is a part of."""
        known = self._doubts
        return [finding for above in parents(where) for finding in known.get(above, ())] if known else []

    def doubts_below(self, where: str) -> list[Finding]:
        """The reading doubts that point at a part of a value."""
        return [f for f in self.record.findings if f.rule in OF_VALUES and f.where.startswith(f"{where}/")]

    @cached_property
    def parts_with_place(self) -> frozenset[str]:
        """Every pointer of which some part stands somewhere."""
        return frozenset(above for pointer in self.origins for above in parents(pointer))

    def strays(self) -> Iterator[Finding]:
        """The findings of texts that no value holds: unowned, and hidden ones but those that the form shows too."""
        for finding in self.record.findings:
            shown = finding.rule == Doubt.HIDDEN and plain(finding.printed or "") in self.cells.texts
            if finding.rule in OF_TEXTS and not shown:
                yield finding

    @cached_property
    def loose_texts(self) -> frozenset[str]:
        """The texts that the form prints and that no value holds."""
        return frozenset(f.printed for f in self.record.findings if f.rule == Doubt.UNOWNED and f.printed)

    def stray_texts(self) -> Iterator[tuple[str, str]]:
        """(pointer, text) of what may belong elsewhere: texts that no value holds or that are hidden ("" for their
        pointer), labels that nobody knows with what stands beside them, remarks."""
        yield from (("", finding.printed or finding.message) for finding in self.strays())
        for name, text in self.record.fields.items():
            if not name.isascii():
                yield f"/fields/{name}", f"{name} {text or ''}"
            elif name in REMARKS:
                yield f"/fields/{name}", text or ""
        for i, row in enumerate(self.record.indicators):
            for text in (row.note, *(row.other or {}).values()):
                yield f"/indicators/{i}", text or ""

    def origin(self, where: str) -> Origin | None:
        """Where a value stands; its first place where it has several."""
        places = self.origins.get(where)
        return places[0] if places else None

    def amount(self, fund: Fund) -> Number | None:
        """The amount of a money cell in the unit of the form; None for a blank, a mark or another unknown unit."""
        number = number_in(fund.amount)
        own = printed_unit(fund.raw) if fund.is_money else None
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
