"""The risk of a value: one figure from 0 to 1 that says what to look at first.

Each thing that speaks against a value is a chance that it is wrong, and they are put together as chances that do
not depend on each other: 1 - (1 - a)(1 - b)… The chances below are judgements, all in one place; what counts is the
order that they give, which `share_of_wrong_by_risk` measures against goldens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import ceil
from typing import Any

from schemas.compare import ASIDE, below, leaves
from schemas.kinds import ValueKind, kind_of
from schemas.language.columns import role_at
from schemas.model import Reader
from schemas.reading import Check, FormReading, Origin, Risk
from schemas.record import Finding
from schemas.verdicts import OF_INK, OF_VALUES, CheckVerdict, Doubt

MONEY, TARGET, POINTS, LEVEL, NAME, TEXT, STRUCTURE = (kind.value for kind in ValueKind)

KIND = {MONEY: 0.06, TARGET: 0.05, POINTS: 0.05, NAME: 0.03, LEVEL: 0.02, TEXT: 0.01, STRUCTURE: 0.005}
"""What a mistake in a value of a kind costs, as a chance: of equals, money comes before prose."""
READER = {Reader.TEXT_LAYER: 0.0, Reader.OFFICE: 0.0, Reader.DUMP: 0.01, Reader.OCR: 0.03}
"""A road's own chance of a mistake: ink is read, a dump may have lost its cells, other texts are copied."""
DOUBTED = {
    Doubt.UNREADABLE: 0.9,
    Doubt.LOST: 0.75,
    Doubt.COVERED: 0.6,
    Doubt.LOW_SCORE: 0.6,
    Doubt.INFERRED: 0.25,
    Doubt.REDACTED: 0.1,
}
"""A finding that doubts the reading of a value."""
FAILED = {CheckVerdict.MISREAD: 0.8, CheckVerdict.UNDECIDABLE: 0.3, CheckVerdict.WRONG_AT_SOURCE: 0.1}
"""A check that fails at a value, by its verdict: where the form itself errs, the value was read right."""
CONFIDENT = 0.2  # the risk under which a value counts as confident
OFFERED = 0.7  # another reading of the value makes a check hold
NEAR = 0.4  # share of a finding's chance that its neighbours take: parts of one cell, of the whole that it points at
OTHER_READING = 0.25  # another pass read something else
COVERED = 0.1  # a seal stands over some of its characters; where that hides them, a finding says so
BELIEVED = 0.5  # share of what a score lacks to 1 that is a wrong character
PROSE = 40  # characters from which a longer value is not more likely to hold a wrong one
MOST_OF_SCORE = 0.85  # a score by itself condemns nothing
NO_INK = 0.02  # a value of a scan that no ink is named for: a blank that may have held something

CHECKED = {
    "funds": {MONEY},
    "agreement": {MONEY, NAME},
    "points": {POINTS},
    "targets": {TARGET},
    "structure": {TARGET, POINTS, LEVEL, NAME},
    "choices": {NAME},
    "form": {NAME},
}
"""What a check of this group speaks against, where it points at a whole and not at one value."""


def risks_of(form: FormReading) -> tuple[Risk, ...]:
    """The risk of every leaf value of a record, in its order, without the parsed `values`."""
    against = _Against(form)
    record = form.record.as_dict()
    for row in record["indicators"]:
        del row["values"]
    risks: list[Risk] = []
    for line, whole in _lines_of(record):
        if against.reader is Reader.OCR or against.may_concern(line):
            risks += [_risk(where, value, against) for where, value in leaves(line, whole)]
        else:
            risks += [_unremarkable(where, against.reader) for where, _ in leaves(line, whole)]
    return tuple(risks)


def _lines_of(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(JSON pointer, value) of the lines of a record: a row, a field, a money line, what stands by itself."""
    told = {key: value for key, value in record.items() if key not in ASIDE}
    for where, value in below("", told):
        yield from below(where, value) if value and isinstance(value, (dict, list)) else [(where, value)]


class _Against:
    """What speaks against the values of a form, by the pointer at which it was said."""

    def __init__(self, form: FormReading) -> None:
        self.reader = form.record.source.reader
        self.columns = frozenset(form.record.columns)
        self.base = {kind: (1 - chance) * (1 - READER[self.reader]) for kind, chance in KIND.items()}
        self.origins: dict[str, Origin] = {}
        self.doubts: dict[str, list[Finding]] = {}
        self.line_doubts: dict[str, list[Finding]] = {}  # of any part of a money line
        self.checks: dict[str, list[Check]] = {}
        self.offered: dict[str, list[Check]] = {}
        for origin in form.origins:
            self.origins.setdefault(origin.pointer, origin)
        for finding in form.record.findings:
            if finding.where and finding.rule in OF_VALUES:
                self.doubts.setdefault(finding.where, []).append(finding)
                if finding.where.startswith("/funds/"):
                    self.line_doubts.setdefault(_line(finding.where), []).append(finding)
        for check in form.checks:
            if check.where and check.verdict.fails:
                self.checks.setdefault(check.where, []).append(check)
                for pointer in dict.fromkeys(pointer for pointer, _ in check.offered):
                    self.offered.setdefault(pointer, []).append(check)
        said = {*self.doubts, *self.checks, *self.offered}
        said.update(origin.pointer for origin in form.origins if origin.score is not None)
        self._lines = {_line(pointer) for pointer in said}

    def may_concern(self, line: str) -> bool:
        """Whether anything was said of a line's values, or of the list that it stands in."""
        return line in self._lines or line.rpartition("/")[0] in self._lines

    def prints_no_column_of(self, where: str) -> bool:
        """Whether the value is one of an indicator and the form has no such column: no check speaks of its blank."""
        _, section, *keys = where.split("/")
        return section == "indicators" and len(keys) > 1 and role_at(keys[1:]) not in self.columns


def _risk(where: str, value: Any, against: _Against) -> Risk:
    kind = kind_of(where).value
    right = against.base[kind]
    whole = list(_wholes(where))
    reasons: dict[str, None] = {}
    for chance, reason in (
        *_of_ink(value, next((against.origins[w] for w in whole if w in against.origins), None), kind, against.reader),
        *_of_doubts(where, kind, whole, against),
        *(() if value is None and against.prints_no_column_of(where) else _of_checks(where, kind, whole, against)),
    ):
        right *= 1 - chance
        reasons[reason] = None
    return Risk(where, kind, round(1 - right, 4), tuple(reasons))


@lru_cache(maxsize=65536)  # forms have the same pointers over and over
def _unremarkable(where: str, reader: Reader) -> Risk:
    """The risk of a value of which nothing is said."""
    kind = kind_of(where).value
    return Risk(where, kind, round(1 - (1 - KIND[kind]) * (1 - READER[reader]), 4))


def _wholes(where: str) -> Iterator[str]:
    """A pointer, and everything that it is a part of."""
    while where:
        yield where
        where = where.rpartition("/")[0]


def _of_ink(value: Any, origin: Origin | None, kind: str, reader: Reader) -> Iterator[tuple[float, str]]:
    """What the reading of the ink says; nothing of structure, which is inferred from places."""
    if kind == STRUCTURE:
        return
    if origin is None or origin.score is None:
        if reader is Reader.OCR:
            yield NO_INK, "no ink is named for it"
        return
    length = max(len(value), 1) if isinstance(value, str) else 1
    wrong = min(MOST_OF_SCORE, 1 - (1 - BELIEVED * (1 - origin.score)) ** min(length, PROSE))
    if wrong > 0:
        yield wrong, f"read with a score of {origin.score:.2f}"
    if origin.readings:
        yield OTHER_READING, f"also read as {origin.readings[0][0]!r}"
    if origin.covered:
        yield COVERED, f"a seal covers {origin.covered!r}"


def _of_doubts(where: str, kind: str, whole: Sequence[str], against: _Against) -> Iterator[tuple[float, str]]:
    own = [finding for w in whole for finding in against.doubts.get(w, ())]
    if kind == STRUCTURE:  # that a line's amount is hard to read says nothing of where the line stands
        own = [f for f in own if f.rule not in OF_INK or f.where.startswith(f"{_line(where)}/")]
    for finding in own:
        yield DOUBTED[Doubt(finding.rule)], f"{finding.rule}: {finding.message}"
    if where.startswith("/funds/") and kind != STRUCTURE:
        for finding in against.line_doubts.get(_line(where), ()):
            if finding not in own:
                yield NEAR * DOUBTED[Doubt(finding.rule)], f"beside it {finding.rule}: {finding.message}"


def _of_checks(where: str, kind: str, whole: Sequence[str], against: _Against) -> Iterator[tuple[float, str]]:
    offered = [c for w in whole for c in against.offered.get(w, ()) if kind in CHECKED[_group(c)]]
    for check in offered:
        yield OFFERED, f"{check.rule}: another reading of it makes the check hold"
    for at in whole:
        for check in against.checks.get(at, ()):
            if check not in offered and kind in CHECKED[_group(check)]:
                share = 1 if at in (where, _line(where)) else NEAR
                yield share * FAILED[check.verdict], f"{check.rule}: {check.message}"


def _group(check: Check) -> str:
    return check.rule.partition(".")[0]


@lru_cache(maxsize=65536)  # forms have the same pointers over and over
def _line(where: str) -> str:
    """A value's line: a row, a field, a money line."""
    return "/".join(where.split("/", 3)[:3])


FIRST = (1, 5, 10)  # percent of the values, by falling risk


def share_of_wrong_by_risk(values: Sequence[tuple[float, bool]]) -> dict[str, float | int]:
    """How many of the wrong values stand among the first by risk.

    `values` are (risk, whether it is wrong) of all values. Keys: `values`, `wrong`, and `first_1`, `first_5`,
    `first_10`: the share of the wrong values, 0 to 1, among that many percent (rounded up) by falling risk. Where
    equal risks meet the border, the expected share of a random order counts; no wrong value gives 1.
    """
    wrong = sum(1 for _, is_wrong in values if is_wrong)
    out: dict[str, float | int] = {"values": len(values), "wrong": wrong}
    for percent in FIRST:
        room = ceil(len(values) * percent / 100)
        out[f"first_{percent}"] = round(_wrong_among(values, room) / wrong, 4) if wrong else 1.0
    return out


def _wrong_among(values: Sequence[tuple[float, bool]], room: int) -> float:
    """The expected number of wrong values among the first so many by falling risk."""
    groups: dict[float, list[bool]] = {}
    for risk, is_wrong in values:
        groups.setdefault(risk, []).append(is_wrong)
    expected = 0.0
    for risk in sorted(groups, reverse=True):
        group = groups[risk]
        taken = min(room, len(group))
        expected += sum(group) * taken / len(group)
        room -= taken
        if not room:
            break
    return expected
