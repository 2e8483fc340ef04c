"""Sums of printed numbers, and which differences the rounding of print explains."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.reading.check.form import Number
from schemas.frozen import dataclass

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Sum:
    """A printed total beside the sum of its printed parts; blanks count nothing. `slack` is the largest difference
    that rounding to the printed decimals explains."""

    total: Number
    parts: Decimal
    slack: Decimal
    whole: bool  # all are whole numbers: whether they were rounded cannot be seen

    @property
    def difference(self) -> Decimal:
        """What the parts are above the total; negative where they are below."""
        return self.parts - self.total.value

    @property
    def exact(self) -> bool:
        return self.difference == 0

    @property
    def rounded(self) -> bool:
        """Whether the total holds but for rounding to decimals that the form prints."""
        return not self.exact and not self.whole and abs(self.difference) <= self.slack

    @property
    def perhaps_rounded(self) -> bool:
        """Whether rounding to whole numbers would explain the difference, though nothing shows that they are."""
        return not self.exact and self.whole and abs(self.difference) <= self.slack


def add_up(total: Number, parts: Sequence[Number | None]) -> Sum:
    """A total and its parts. A number with fewer decimals than its neighbours is exact to theirs, but a total
    that prints fewer than its parts was rounded."""
    printed = [p for p in parts if p is not None]
    value = sum((p.value for p in printed), Decimal(0))
    finest = max((p.decimals for p in printed), default=0)
    slack = Decimal(0)
    if total.decimals < finest:
        slack += HALF.scaleb(-total.decimals)
    terms = [p for p in printed if p.value]
    if len(terms) > 1:  # a single part is the total itself, rounded the same way
        slack += len(terms) * HALF.scaleb(-finest)
        if total.decimals >= finest:
            slack += HALF.scaleb(-total.decimals)
    return Sum(total, value, slack, finest == total.decimals == 0)


def text_of(value: Decimal) -> str:
    """A decimal as plain digits."""
    return format(value, "f")
