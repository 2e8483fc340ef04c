"""A rule is a named object that yields comparisons; the engine tallies them.

A comparison says what it compares, whether it fits, and how to word it where it does not. Whether a misfit is a
misreading or an error of the form is no matter of the rule but of the evidence (`evidence`, `proof`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Generic, ParamSpec

from pipeline.reading.check.form import CheckedForm, Number
from schemas.frozen import dataclass
from schemas.verdicts import Verdict

Values = Mapping[str, Number | None]
"""The numbers that a comparison compares, by their pointers; None for a blank, and for what is no number."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One look at one place of a record.

    `fits` is whether it holds: a test of numbers, which evidence tries with others too, or the answer itself; None
    where the form prints nothing to compare. `members` are the values that it compares, `beside` the pointers of
    further ones whose doubts count. `wording` says what does not fit, with `got` as printed and `expected` as
    computed; where it holds it says why.
    """

    where: str
    fits: Callable[[Values], bool] | bool | None
    wording: str = ""
    members: Values = field(default_factory=dict)
    got: str | None = None
    expected: str | None = None
    beside: Sequence[str] = ()
    of_blank: bool = False  # what does not fit is that a cell is blank
    blames: bool = True  # a misfit is the form's own error, if it was read right; else nobody can tell
    whole: str = ""  # the list of the record that must be complete for it, `/funds`
    gap: Decimal | None = None  # an amount that would make it hold
    unproved: str | None = None  # what the rule itself knows to speak against blaming the form
    remark: str = ""  # what is told of it where all hold

    @property
    def holds(self) -> bool:
        """Whether it holds with the values as they were read."""
        return self.fits(self.members) if callable(self.fits) else bool(self.fits)

    @property
    def otherwise(self) -> Verdict:
        """The verdict where nothing that was read is in doubt."""
        return Verdict.WRONG_AT_SOURCE if self.blames else Verdict.UNDECIDABLE

    @property
    def pointers(self) -> list[str]:
        """The values that it used; the place itself where it names none."""
        return [*(self.members or (self.where,)), *self.beside]


FITS = Comparison("", True)
"""One that holds, and of which no more is told than that: of a rule without `each` these are only counted."""

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class CheckRule(Generic[P]):
    """A named check: what it reads, what it expects, and the comparisons that it makes of what it is given.

    All comparisons together have one outcome where none fails: `what`, and how many of them, `over` a pointer. Where
    `each` is set every comparison has an outcome of its own. `nothing` is said where there is none. `layout` marks
    rules of how the parts of a form stand on the page: where one fails, the part may have been read wrong.
    """

    name: str
    reads: str
    expects: str
    compare: Callable[P, Iterable[Comparison]]
    over: str
    what: str = ""
    nothing: str = ""
    each: bool = False
    layout: bool = False


def nothing_to_compare(where: str, why: str) -> Comparison:
    """What a rule yields at a place where the form prints nothing to compare."""
    return Comparison(where, None, why)


FormRule = CheckRule[[CheckedForm]]
