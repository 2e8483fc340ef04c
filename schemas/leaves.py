"""Which money cells to add up so that each yuan counts once: totals, lines and their parts as trees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import groupby

from schemas.language.keys import comparison_key
from schemas.language.vocabulary import Words
from schemas.record import Fund, Record


@dataclass(slots=True)
class _Line:
    """A line of one side and column: its cell, if it has one with an amount, and the lines below it."""

    label: str
    position: int | None = None
    amount: Decimal | None = None
    rounding: Decimal = Decimal(0)  # half a unit of the last digit that is printed
    below: dict[str, _Line] = field(default_factory=dict)


def leaves(record: Record, words: Words) -> frozenset[int]:
    """The positions of the money cells that make up what a side and column of a form sum to.

    The parts of a line count in its place where they make up the whole of it, or where it has no amount itself; where
    they are less (其中 may name only some of them), the line counts and they do not. A total counts only where no
    line beside it has an amount that it could be the total of.
    """
    cells = [(at, fund) for at, fund in enumerate(record.funds) if fund.is_money]
    cells.sort(key=lambda cell: (cell[1].side, cell[1].column))
    counted: set[int] = set()
    for _, group in groupby(cells, key=lambda cell: (cell[1].side, cell[1].column)):
        counted.update(_counted(_tree(group, record.amount_unit, words.all.amount_units), words))
    return frozenset(counted)


def is_total(path: Sequence[str], words: Words) -> bool:
    """Whether a line is the sum of others: 资金总额, 小计 below another line."""
    label = path[-1] if path else ""
    if len(path) > 1 and words.is_subtotal(label):
        return True
    return words.is_fund_total(label) or words.ends_as_fund_total(label)


def source_of(path: Sequence[str], words: Words) -> str | None:
    """The one name of the source that a line, or the nearest line above it, names; None where none does."""
    return next((name for label in reversed(path) if (name := words.fund_source(label))), None)


def _tree(cells: Iterable[tuple[int, Fund]], unit: str | None, multiples: Mapping[str, int]) -> _Line:
    root = _Line("")
    for position, fund in cells:
        line = root
        for label in fund.path:
            line = line.below.setdefault(comparison_key(label), _Line(label))
        amount = _amount(fund, unit, multiples)
        if amount is None or line.amount is not None:
            continue  # of a line that is printed again the first cell counts
        line.position, (line.amount, line.rounding) = position, amount
    return root


def _amount(fund: Fund, unit: str | None, multiples: Mapping[str, int]) -> tuple[Decimal, Decimal] | None:
    """An amount in yuan (in whatever unit, where the form declares none), and how far rounding may have moved it."""
    try:
        amount = Decimal(fund.amount or "")
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    multiple = Decimal(multiples.get(fund.unit_in(unit) or "", 1))
    exponent = amount.as_tuple().exponent
    last = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
    return amount * multiple, last * multiple / 2


def _counted(line: _Line, words: Words, path: tuple[str, ...] = ()) -> list[int]:
    """The cells that count of a line and of all below it."""
    totals: list[_Line] = []
    parts: list[_Line] = []
    for each in line.below.values():
        (totals if is_total((*path, each.label), words) else parts).append(each)
    if all(_value(part) is None for part in parts):  # then a total with lines of its own is a line like others
        parts = [total for total in totals if any(_value(below) is not None for below in total.below.values())][:1]
        totals = [total for total in totals if total not in parts]
    known = [part for part in parts if _value(part) is not None]
    whole = next((each for each in (line, *totals) if each.amount is not None), None)
    if known and (whole is None or _make_up(known, whole)):
        return [position for part in known for position in _counted(part, words, (*path, part.label))]
    return [] if whole is None or whole.position is None else [whole.position]


def _make_up(parts: Sequence[_Line], whole: _Line) -> bool:
    """Whether parts are the whole of a line, but for what rounding takes from each."""
    values = [value for part in parts if (value := _value(part)) is not None]
    slack = sum((part.rounding for part in parts), whole.rounding)
    return whole.amount is None or sum(values, Decimal(0)) >= whole.amount - slack


def _value(line: _Line) -> Decimal | None:
    """The amount of a line, else the sum of those below it; None where there is none."""
    if line.amount is not None:
        return line.amount
    values = [value for below in line.below.values() if (value := _value(below)) is not None]
    return sum(values, Decimal(0)) if values else None
