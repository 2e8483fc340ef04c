"""Whether a result meets its target: what targets and results say of a number, as intervals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from schemas.frozen import dataclass
from schemas.language.keys import comparison_key
from schemas.record import Value

RANGE = "range"
AT_MOST, AT_LEAST = frozenset({"≤", "<"}), frozenset({"≥", ">"})
OPEN = frozenset({"<", ">"})  # the limit itself is not meant
INFINITE = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Met:
    """Whether a target is met: true, false, or None where that cannot be said; and why."""

    is_met: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers that a condition allows, and whether its limits are among them."""

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    def within(self, other: Interval) -> bool:
        """Whether every number of it is one of the other's."""
        low = self.low > other.low or (self.low == other.low and (self.low_open or not other.low_open))
        high = self.high < other.high or (self.high == other.high and (self.high_open or not other.high_open))
        return low and high

    def apart(self, other: Interval) -> bool:
        """Whether no number of it is one of the other's."""
        first, second = (self, other) if self.low <= other.low else (other, self)
        return first.high < second.low or (first.high == second.low and (first.high_open or second.low_open))


def single_number(value: Value | None) -> Decimal | None:
    """The number of a parsed value; None for a range, a text, or a number that is none."""
    if value is None or value.number is None or value.op == RANGE:
        return None
    return _decimal(value.number)


def met(target: Value | None, actual: Value | None, multiples: Mapping[str, int]) -> Met:
    """Whether a result meets a target, and why, or why that is not known.

    `multiples` are the units that are multiples of one another (元 1, 万元 10000). A result without a unit is in that
    of its target. A result that is a condition itself (≥97%) meets a target where all that it allows does, and misses
    it where its limit falls short of a limit the same way. A target without an operator is met by its own number
    alone: whether more or less is better nobody says.
    """
    if target is None or _blank(target):
        return Met(None, "no target is printed")
    if actual is None or _blank(actual):
        return Met(None, "no result is printed")
    if target.text is not None or actual.text is not None:
        same = target.text is not None and actual.text is not None
        same = same and comparison_key(target.text or "") == comparison_key(actual.text or "")
        return Met(True, "the result repeats the target") if same else Met(None, "a text, not a number")
    factor = _factor(target.unit, actual.unit, multiples)
    if factor is None:
        return Met(None, f"the result is in {actual.unit}, the target in {target.unit or 'no unit'}")
    wanted, got = _interval(target), _interval(actual, factor)
    if wanted is None or got is None:
        return Met(None, "no number that can be compared")
    if target.op is None:
        return _bare(wanted, got)
    if got.within(wanted):
        return Met(True, "the result is within the target")
    if got.apart(wanted):
        return Met(False, "the result is outside of the target")
    if any({target.op, actual.op} <= way for way in (AT_MOST, AT_LEAST)):
        return Met(False, "the result is a limit that falls short of the target's")
    return Met(None, "the result is a condition that does not decide it")


def _bare(wanted: Interval, got: Interval) -> Met:
    if got == wanted:
        return Met(True, "the result is the target's number")
    return Met(None, "the target has no operator: more may be better or worse")


def _blank(value: Value) -> bool:
    return value.number is None and value.text is None


def _factor(target: str | None, actual: str | None, multiples: Mapping[str, int]) -> Decimal | None:
    """What a result's number is multiplied by to be in the unit of its target; None for units of other things."""
    want, got = comparison_key(target or ""), comparison_key(actual or "")
    if not got or want == got:
        return Decimal(1)
    if want in multiples and got in multiples:
        return Decimal(multiples[got]) / Decimal(multiples[want])
    return None


def _interval(value: Value, factor: Decimal = Decimal(1)) -> Interval | None:
    """The numbers that a value stands for, multiplied by a factor."""
    if value.op == RANGE:
        ends = [_decimal(end) for end in (value.number or "").split("~")]
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            return None
        low, high = sorted((ends[0] * factor, ends[1] * factor))
        return Interval(low, high)
    number = single_number(value)
    if number is None:
        return None
    number *= factor
    if value.op in AT_MOST:
        return Interval(-INFINITE, number, high_open=value.op in OPEN)
    if value.op in AT_LEAST:
        return Interval(number, INFINITE, low_open=value.op in OPEN)
    return Interval(number, number)


def _decimal(digits: str) -> Decimal | None:
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
