"""The proof that a form itself errs: whatever a check used was read without doubt, and its part of the form is whole.

A check that fails says that two things do not fit; that the form printed them so has to be shown. Each step below
looks for one thing that speaks against it and says what it is; the form is blamed only where none does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from pipeline.reading.check.form import NUMBER, CheckedForm, number_in, parents
from pipeline.reading.check.region import PartRegion, prints_values, region_of
from pipeline.reading.check.rule import Comparison
from schemas.language.columns import BY_ROLE
from schemas.language.keys import plain
from schemas.model import Cell, Reader

COPIED = frozenset({Reader.TEXT_LAYER, Reader.OFFICE})
FEW = 3  # places that a reason names
SHOWN = 30  # characters of a text that a reason shows


def lack_of_proof(form: CheckedForm, comparison: Comparison) -> str | None:
    """What speaks against blaming the form for a comparison that does not fit, None where nothing does."""
    if comparison.unproved:
        return comparison.unproved
    pointers, whole, gap = comparison.pointers, comparison.whole, comparison.gap
    steps: tuple[Iterable[str], ...] = (
        _blank_that_may_be_lost(form) if comparison.of_blank else (),
        _doubts_below(form, pointers),
        _without_place(form, pointers),
        _torn_cells(form, pointers),
        _in_disorder(form, pointers, whole),
        _header_in_part(form, whole),
        _in_no_field(form, pointers, whole),
        _printed_elsewhere(form, pointers, gap) if gap else (),
    )
    return next((reason for step in steps for reason in step), None)


def _blank_that_may_be_lost(form: CheckedForm) -> Iterator[str]:
    """Only a file that is copied cell by cell shows that nothing stands in one."""
    if form.reader not in COPIED:
        yield f"what stood there may be lost: this is a {form.reader} reading"


def _doubts_below(form: CheckedForm, pointers: Iterable[str]) -> Iterator[str]:
    """A doubt of reading that points at a part of a value."""
    for pointer in pointers:
        for finding in form.doubts_below(pointer):
            yield f"part of {pointer} is doubted: {finding.rule}"


def _without_place(form: CheckedForm, pointers: Sequence[str]) -> Iterator[str]:
    """A value that stands nowhere in the source, though others do: it was made, not read."""
    if not form.origins:
        return
    placed = [p for p in pointers if not _has_place(form, p)]
    if placed:
        yield f"no place is known of {', '.join(placed[:FEW])}"


def _has_place(form: CheckedForm, pointer: str) -> bool:
    return any(above in form.origins for above in parents(pointer)) or pointer in form.parts_with_place


def _torn_cells(form: CheckedForm, pointers: Iterable[str]) -> Iterator[str]:
    """A cell whose place or extent was inferred, or that holds ink that nobody read."""
    for pointer in pointers:
        for origin in form.origins.get(pointer, ()):
            cell = form.cells.of(origin)
            if cell is not None and (cell.inferred or cell.lost or cell.unreadable):
                yield f"the cell of {pointer} is uncertain"


def _in_disorder(form: CheckedForm, pointers: Sequence[str], whole: str) -> Iterator[str]:
    """A part whose rows do not stand as rows of such a part do."""
    lines = {_line(pointer) for pointer in pointers}
    for where in form.disorder:
        concerned = where in ("", whole) or _line(where) in lines or (whole and where.startswith(f"{whole}/"))
        if concerned:
            yield "its rows do not stand as they should"


def _header_in_part(form: CheckedForm, whole: str) -> Iterator[str]:
    """An indicator table of which a usual column was not understood."""
    if whole != "/indicators":
        return
    for row in form.record.indicators:
        for name in row.other or {}:
            role = form.words.header(name)
            if role in BY_ROLE:
                yield f"the column {name} is not understood"


def _in_no_field(form: CheckedForm, pointers: Sequence[str], whole: str) -> Iterator[str]:
    """Something that the part of the form prints, or hides, and that no value holds. Of a whole list it is looked for
    once, however many of its values are compared."""
    reason = _stray(form, () if prints_values(form, whole) else tuple(pointers), whole)
    if reason is not None:
        yield reason


@lru_cache(maxsize=4)
def _stray(form: CheckedForm, pointers: Sequence[str], whole: str) -> str | None:
    return next(_strays(form, region_of(form, pointers, whole)), None)


def _strays(form: CheckedForm, region: PartRegion) -> Iterator[str]:
    for finding in form.strays():
        if finding.place is not None and region.holds(finding.place):
            text = (finding.printed or finding.message).strip()
            yield f"{text[:SHOWN]!r} stands in that part of the form, {finding.rule}"
    for table, rows in region.rows.items():
        for row in rows:
            for cell in form.cells.row(table, row):
                if _is_loose(form, cell):
                    yield f"{cell.text.strip()[:SHOWN]!r} stands in that part of the form and in no field"
                elif cell.unreadable:
                    yield "ink stands in that part of the form that was not read"
            for text in form.cells.hidden(table, row):
                yield f"that part of the form hides {text[:SHOWN]!r}"


def _is_loose(form: CheckedForm, cell: Cell) -> bool:
    return bool(cell.text.strip()) and cell.text in form.loose_texts


def _printed_elsewhere(form: CheckedForm, pointers: Iterable[str], gap: Decimal) -> Iterator[str]:
    """A number that would make the check hold, and that may belong to it: in a text that no value holds or that is
    hidden, in a label that nobody knows or beside it, in a remark."""
    used = set(pointers)
    for where, text in form.stray_texts():
        if where in used:
            continue
        for printed in NUMBER.findall(plain(text)):
            number = number_in(printed)
            if number is not None and abs(number.value) == abs(gap):
                yield f"{printed} stands {f'at {where}' if where else 'in no field'} and would make it hold"


def _line(where: str) -> str:
    """The row, field or money line that a pointer leads into."""
    return "/".join(where.split("/", 3)[:3])
