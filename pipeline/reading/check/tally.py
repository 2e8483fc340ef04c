"""Tallying the comparisons of a rule: one outcome for all that hold, or one for each that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.reading.check.rule import CheckRule, Comparison, P
from schemas.reading import Check
from schemas.verdicts import CheckVerdict


def tally(
    rule: CheckRule[P], comparisons: Iterable[Comparison], judged: Callable[[Comparison], Check]
) -> Iterator[Check]:
    """The outcomes of a rule; `judged` gives that of a comparison that does not fit."""
    compared = list(comparisons)
    if not compared:
        why = rule.nothing or f"no {rule.what} to look at"
        yield Check(rule.name, CheckVerdict.NOT_APPLICABLE, rule.over, None, None, why)
    elif rule.each:
        yield from (_outcome(rule, comparison, judged) for comparison in compared)
    elif misfits := [comparison for comparison in compared if not comparison.holds]:
        yield from map(judged, misfits)
    else:
        yield Check(rule.name, CheckVerdict.HOLDS, rule.over, None, None, _summary(rule, compared))


def _outcome(rule: CheckRule[P], comparison: Comparison, judged: Callable[[Comparison], Check]) -> Check:
    if comparison.fits is None:
        return Check(rule.name, CheckVerdict.NOT_APPLICABLE, comparison.where, None, None, comparison.wording)
    if not comparison.holds:
        return judged(comparison)
    where, got, expected = comparison.where, comparison.got, comparison.expected
    return Check(rule.name, CheckVerdict.HOLDS, where, got, expected, comparison.wording)


def _summary(rule: CheckRule[P], compared: Sequence[Comparison]) -> str:
    """How many of what were looked at, and what some of them remark."""
    remarks = dict.fromkeys(comparison.remark for comparison in compared if comparison.remark)
    return "; ".join((f"{len(compared)} {rule.what}", *remarks))
