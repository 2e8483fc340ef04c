"""Spot checks: a random sample of values by strata, and what people's looks at it say of all values.

The population is every value of every record that the review page shows (`looked_at`), but not how many rows a list
has: blanks of columns that a form does not print would make the figures better than they are. Within a stratum values
are drawn without replacement, all with the same chance.
"""

from __future__ import annotations

import heapq
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any

from pipeline.people.pointers import LISTS, looked_at, value_at
from schemas.frozen import dataclass
from schemas.kinds import kind_of
from schemas.verdicts import LookVerdict

LEVEL = 0.95  # confidence of every interval
RIGHT = frozenset({LookVerdict.ACCEPTED, LookVerdict.WRONG_AT_SOURCE})  # of a value that was read right
METHOD = "stratified random sample without replacement, proportional allocation, at least one a stratum where n allows"


class CannotDraw(Exception):
    """A sample cannot be drawn so; the message says why."""


class Divider(StrEnum):
    """What can divide the values into strata."""

    FAMILY = "family"
    READER = "reader"
    KIND = "kind"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Stored:
    """A record with the content that it was read from."""

    sha256: str
    form_index: int
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SampledValue:
    """A value that was drawn: its place, its value as JSON, its stratum and how many values that has."""

    sha256: str
    form_index: int
    pointer: str
    stratum: tuple[str, ...]
    stratum_size: int
    value: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample: its items in random order, and the sizes of all strata that they were drawn from."""

    seed: int
    strata: tuple[str, ...]
    population: int
    items: tuple[SampledValue, ...]
    sizes: Mapping[tuple[str, ...], int]


def population(
    forms: Iterable[Stored], strata: Sequence[Divider]
) -> Iterator[tuple[tuple[str, ...], Stored, str, Any]]:
    """(stratum, form, pointer, value) of every value that can be drawn."""
    for form in forms:
        source = form.record.get("source") or {}
        own = {Divider.FAMILY: str(form.record.get("family")), Divider.READER: str(source.get("reader"))}
        own[Divider.FILE] = str(source.get("file"))
        for pointer in looked_at(form.record):
            if pointer not in LISTS:
                stratum = tuple(kind_of(pointer).value if s is Divider.KIND else own[s] for s in strata)
                yield stratum, form, pointer, value_at(form.record, pointer)


def draw(forms: Callable[[], Iterable[Stored]], n: int, strata: Sequence[Divider], seed: int) -> Drawn:
    """Draw `n` values; `forms` gives the records in the same order each time it is called. Raises CannotDraw."""
    if n < 1:
        raise CannotDraw(f"--n {n}: at least one value has to be drawn")
    sizes = Counter(stratum for stratum, *_ in population(forms(), strata))
    if not sizes:
        raise CannotDraw("the database holds no values to draw from; run `jixiao run` first")
    wanted: dict[tuple[str, ...], set[int]] = {}
    for stratum, count in allocate(sizes, n).items():
        own = random.Random(json.dumps([seed, *stratum]))  # noqa: S311 - repeatable by its seed; guards no secret
        wanted[stratum] = set(own.sample(range(sizes[stratum]), count))
    seen: Counter[tuple[str, ...]] = Counter()
    items = []
    for stratum, form, pointer, value in population(forms(), strata):
        if seen[stratum] in wanted.get(stratum, ()):
            shown = json.dumps(value, ensure_ascii=False)
            items.append(SampledValue(form.sha256, form.form_index, pointer, stratum, sizes[stratum], shown))
        seen[stratum] += 1
    random.Random(json.dumps([seed, "order"])).shuffle(items)  # noqa: S311 - so that the first looks are random too
    return Drawn(seed, tuple(s.value for s in strata), sizes.total(), tuple(items), dict(sizes))


def allocate(sizes: Mapping[tuple[str, ...], int], n: int) -> dict[tuple[str, ...], int]:
    """How many to draw from each stratum: one from each where `n` allows, then by their sizes, never more than
    they have. Where there are more strata than `n`, the largest ones get one each."""
    population_size = sum(sizes.values())
    n = min(n, population_size)
    names = sorted(sizes, key=lambda s: (-sizes[s], s))
    given = dict.fromkeys(names[:n], 1)
    rest = n - len(given)
    short = [(Fraction(1) - Fraction(n * sizes[s], population_size), k, s) for k, s in enumerate(given)]
    heapq.heapify(short)
    while rest:
        lack, k, stratum = heapq.heappop(short)
        if given[stratum] < sizes[stratum]:
            given[stratum] += 1
            rest -= 1
            heapq.heappush(short, (lack + 1, k, stratum))
    return given


@dataclass(frozen=True, slots=True)
class SampledLook:
    """A person's look at a value of a sample; the last one counts."""

    sha256: str
    form_index: int
    pointer: str
    verdict: LookVerdict
    new: str | None
    who: str
    at: str
    why: str | None

    @property
    def place(self) -> tuple[str, int, str]:
        """The value that was looked at: content, form and pointer."""
        return self.sha256, self.form_index, self.pointer


@dataclass(frozen=True, slots=True)
class Rate:
    """An error rate with its interval at LEVEL; `method` says how the interval was computed."""

    looked: int
    errors: int
    rate: float | None
    low: float | None
    high: float | None
    method: str


@dataclass(frozen=True, slots=True)
class StratumResult:
    """What came of one stratum."""

    stratum: tuple[str, ...]
    size: int
    drawn: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class SampleResult:
    """What the looks at a sample say."""

    overall: Rate
    strata: tuple[StratumResult, ...]
    open: int
    errors: tuple[tuple[SampledValue, SampledLook], ...]
    people: tuple[tuple[str, int, str, str], ...]  # name, values, first look, last look
    unseen: float  # share of the values that stand in strata without any look


def is_error(item: SampledValue, look: SampledLook) -> bool:
    """Whether a look says that a value was read wrong. What nobody can read was read right as null."""
    if look.verdict in RIGHT or look.new == item.value:  # corrected back to what was read
        return look.new not in (None, item.value)  # a correction that was accepted
    return not (look.verdict is LookVerdict.UNREADABLE and item.value == "null")


def evaluate(items: Sequence[SampledValue], looks: Sequence[SampledLook], all_sizes: int) -> SampleResult:
    """The error rates of a sample; `looks` in the order of time, `all_sizes` the number of values drawn from."""
    last = {look.place: look for look in looks}
    by_stratum: defaultdict[tuple[str, ...], list[SampledValue]] = defaultdict(list)
    for item in items:
        by_stratum[item.stratum].append(item)
    results, errors, seen = [], [], []
    for stratum, drawn in sorted(by_stratum.items()):
        looked = [(i, look) for i in drawn if (look := last.get((i.sha256, i.form_index, i.pointer))) is not None]
        wrong = [(item, look) for item, look in looked if is_error(item, look)]
        errors += wrong
        seen += [look for _, look in looked]
        results.append(StratumResult(stratum, drawn[0].stratum_size, len(drawn), exact_rate(len(looked), len(wrong))))
    looks_of: defaultdict[str, list[str]] = defaultdict(list)
    for look in seen:
        looks_of[look.who].append(look.at)
    people = tuple((who, len(at), min(at), max(at)) for who, at in sorted(looks_of.items()))
    known = sum(r.size for r in results if r.rate.looked)
    unseen = 1 - known / all_sizes if all_sizes else 0.0
    return SampleResult(overall_rate(results), tuple(results), len(items) - len(seen), tuple(errors), people, unseen)


def exact_rate(looked: int, errors: int) -> Rate:
    """The error rate with the exact binomial interval (Clopper and Pearson)."""
    method = "exact binomial (Clopper-Pearson)"
    if not looked:
        return Rate(0, 0, None, None, None, method)
    from scipy.stats import binomtest  # heavy: only where a sample is reported

    interval = binomtest(errors, looked).proportion_ci(LEVEL, "exact")
    return Rate(looked, errors, errors / looked, float(interval.low), float(interval.high), method)


def overall_rate(strata: Sequence[StratumResult]) -> Rate:
    """The error rate of all values: pooled where the looks are proportional to the strata's sizes, else weighted by
    them, with the exact binomial interval at Kish's effective number of looks."""
    seen = [s for s in strata if s.rate.looked]
    looked, errors = sum(s.rate.looked for s in seen), sum(s.rate.errors for s in seen)
    size = sum(s.size for s in seen)
    if not seen or all(abs(s.rate.looked - looked * s.size / size) < 1 for s in seen):
        return exact_rate(looked, errors)
    from scipy.stats import beta

    weights = [s.size / size for s in seen]
    rate = sum(w * s.rate.errors / s.rate.looked for w, s in zip(weights, seen, strict=True))
    effective = 1 / sum(w * w / s.rate.looked for w, s in zip(weights, seen, strict=True))
    wrong, tail = rate * effective, (1 - LEVEL) / 2
    low = 0.0 if wrong <= 0 else float(beta.ppf(tail, wrong, effective - wrong + 1))
    high = 1.0 if wrong >= effective else float(beta.ppf(1 - tail, wrong + 1, effective - wrong))
    method = f"weighted by the sizes of the strata; binomial interval at {effective:.1f} effective looks (Kish)"
    return Rate(looked, errors, rate, low, high, method)


class Decision(StrEnum):
    """What an acceptance rule says."""

    ACCEPTED = "accepted"
    REFUSED = "not accepted"
    OPEN = "undecided"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The usual rule: a fraction of the values looked at, a share of them right. `needed`: values to look at."""

    fraction: Fraction
    required: Fraction
    needed: int
    looked: int
    passed: float | None
    decision: Decision
    reason: str


def accept(result: SampleResult, population_size: int, fraction: Fraction, required: Fraction) -> Acceptance:
    """Whether a sample is accepted. Values that are drawn and not yet looked at decide nothing: where they could
    turn it, it is undecided."""
    needed = ceil(fraction * population_size)
    looked, errors, waiting = result.overall.looked, result.overall.errors, result.open
    drawn = looked + waiting
    passed = None if result.overall.rate is None else 1 - result.overall.rate

    def said(decision: Decision, reason: str) -> Acceptance:
        return Acceptance(fraction, required, needed, looked, passed, decision, reason)

    if drawn < needed:
        return said(Decision.OPEN, f"{drawn} values were drawn and {needed} are needed: draw a larger sample")
    if looked < needed:
        return said(Decision.OPEN, f"{needed - looked} more values have to be looked at")
    if waiting and Fraction(looked - errors, drawn) < required <= Fraction(drawn - errors, drawn):
        return said(Decision.OPEN, f"the {waiting} values not yet looked at can turn it")
    holds = passed is not None and Fraction(looked - errors, looked) >= required
    if holds and result.overall.method.startswith("weighted"):
        holds = passed is not None and passed >= float(required)
    reason = f"{looked - errors} of {looked} values were read right"
    return said(Decision.ACCEPTED if holds else Decision.REFUSED, reason)
