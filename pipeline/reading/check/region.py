"""The region of a part of a form: the rows of its tables, and the stretches of pages and lines they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from pipeline.reading.check.form import CheckedForm
from schemas.frozen import dataclass
from schemas.model import Cell, Place
from schemas.record import FindingPlace


@dataclass(frozen=True, slots=True)
class Stretch:
    """From where to where something stands: on a page (points from its top), on a sheet (its rows), or in a dump (its
    lines; `of` is None)."""

    of: int | str | None
    first: float
    last: float

    def meets(self, other: Stretch) -> bool:
        """Whether both are on one page, sheet or dump and share some of it."""
        return self.of == other.of and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class PartRegion:
    """Where a part of a form stands: `rows` of its tables by their numbers, and `stretches` of what they stand on."""

    rows: Mapping[int, range]
    stretches: tuple[Stretch, ...]

    def holds(self, place: FindingPlace) -> bool:
        """Whether something stands within the part."""
        stretch = _stretch_of_finding(place)
        return stretch is not None and any(own.meets(stretch) for own in self.stretches)


def region_of(form: CheckedForm, pointers: Iterable[str], whole: str) -> PartRegion:
    """The rows that some values stand in; where `whole` names a list of the record, all rows from the part before it
    to the part behind it."""
    own = {p for p in form.origins if whole and p.startswith(f"{whole}/")} or set(pointers)
    taken = _rows_of(form, own)
    rows = {table: range(min(numbers), max(numbers) + 1) for table, numbers in taken.items()}
    if whole:
        others = _rows_of(form, set(form.origins) - own)
        rows = {
            table: _up_to(numbers, others.get(table, set()) - numbers, form.cells.height(table))
            for table, numbers in taken.items()
        }
    return PartRegion(rows, tuple(_stretches(form, own, rows)))


@lru_cache(maxsize=4)
def prints_values(form: CheckedForm, whole: str) -> bool:
    """Whether some value of a list of the record has a place."""
    return bool(whole) and any(pointer.startswith(f"{whole}/") for pointer in form.origins)


def _rows_of(form: CheckedForm, pointers: Iterable[str]) -> dict[int, set[int]]:
    """The rows of each table that values stand in."""
    rows: dict[int, set[int]] = {}
    for pointer in pointers:
        for origin in form.origins.get(pointer, ()):
            cell = form.cells.of(origin)
            if cell is not None and origin.table is not None:
                rows.setdefault(origin.table, set()).update(cell.rows)
    return rows


def _up_to(taken: set[int], others: set[int], height: int) -> range:
    """The rows from the first to the last that are taken, and those around them that nothing else takes."""
    first, last = min(taken), max(taken)
    while first > 0 and first - 1 not in others:
        first -= 1
    while last + 1 < height and last + 1 not in others:
        last += 1
    return range(first, last + 1)


def _stretches(form: CheckedForm, own: Iterable[str], rows: Mapping[int, range]) -> Iterable[Stretch]:
    """What the cells of the rows stand on, and the lines of values that stand in no table."""
    for table, numbers in rows.items():
        for row in numbers:
            for cell in form.cells.row(table, row):
                yield from (stretch for place in _areas(cell) if (stretch := _stretch(place)) is not None)
    for pointer in own:
        for origin in form.origins.get(pointer, ()):
            stretch = _stretch(origin.place) if origin.table is None else None
            if stretch is not None:
                yield stretch


def _areas(cell: Cell) -> tuple[Place, ...]:
    """The areas that a cell has on its pages; its text where none is known."""
    return tuple(place for _, place in cell.parts) or (cell.place,)


def _stretch(place: Place) -> Stretch | None:
    if place.box is not None:
        return Stretch(place.page, place.box.top, place.box.bottom)
    return None if place.line is None else Stretch(place.sheet, place.line, place.line)


def _stretch_of_finding(place: FindingPlace) -> Stretch | None:
    if place.box is not None:
        return Stretch(place.page, place.box[1], place.box[3])
    line = place.line if place.sheet is None else place.row
    return None if line is None else Stretch(place.sheet, line, line)
