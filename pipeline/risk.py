"""The risk of a value: one figure from 0 to 1 that says what to look at first.

Each thing that speaks against a value is a chance that it is wrong, and they are put together as chances that do
not depend on each other: 1 - (1 - a)(1 - b)… The chances below are judgements, all in one place; what counts is the
order that they give, which `share_of_wrong_by_risk` measures against goldens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from pipeline.compare import values_of
from schemas.model import Reader
from schemas.reading import Check, FormReading, Origin, Risk
from schemas.record import Finding

MONEY, TARGET, POINTS, LEVEL, NAME, TEXT, STRUCTURE = (
    "money",
    "target",
    "points",
    "level",
    "name",
    "text",
    "structure",
)

KIND = {MONEY: 0.06, TARGET: 0.05, POINTS: 0.05, NAME: 0.03, LEVEL: 0.02, TEXT: 0.01, STRUCTURE: 0.005}
"""What a mistake in a value of a kind costs, as a chance: of equals, money comes before prose."""
READER = {Reader.TEXT_LAYER: 0.0, Reader.DUMP: 0.01, Reader.OCR: 0.03}
"""A road's own chance of a mistake: ink is read, a dump may have lost its cells, a text layer is copied."""
DOUBT = {"unreadable": 0.9, "lost": 0.75, "covered": 0.6, "low-score": 0.6, "inferred": 0.25, "redacted": 0.1}
"""A finding that doubts the reading of a value."""
VERDICT = {"misread": 0.8, "undecidable": 0.3, "wrong_at_source": 0.1}
"""A check that fails at a value, by its verdict: where the form itself errs, the value was read right."""
OFFERED = 0.7  # another reading of the value makes a check hold
NEAR = 0.4  # share of a finding's chance that its neighbours take: parts of one cell, of the whole that it points at
OTHER_READING = 0.25  # another pass read something else
COVERED = 0.3  # a seal stands over some of its characters
BELIEVED = 0.5  # share of what a score lacks to 1 that is a wrong character
MOST_OF_SCORE = 0.85  # a score by itself condemns nothing
NOT_COPIED_OF_INK = 0.02  # a value of a scan that no ink is named for: a blank that may have held something

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
POINT_FIELDS = frozenset({"execution_rate_weight", "total_weight", "total_score"})
PROSE = 40  # characters from which the value of a field is prose


def risks_of(form: FormReading) -> tuple[Risk, ...]:
    """The risk of every leaf value of a record, in its order, without the parsed `values`."""
    record = form.record.as_dict()
    origins: dict[str, Origin] = {}
    for origin in form.origins:
        origins.setdefault(origin.pointer, origin)
    doubts = [f for f in form.record.findings if f.where and f.rule in DOUBT]
    checks = [c for c in form.checks if c.verdict in VERDICT]
    return tuple(
        _risk(where, value, form.record.source.reader, _origin(where, origins), doubts, checks)
        for where, value in values_of(record)
        if not _is_parsed(where)
    )


def _is_parsed(where: str) -> bool:
    parts = where.split("/")
    return parts[1:2] == ["indicators"] and parts[3:4] == ["values"]


def _origin(where: str, origins: Mapping[str, Origin]) -> Origin | None:
    """Where a value stands: its own place, else that of what it is a part of."""
    while where:
        if where in origins:
            return origins[where]
        where = where.rpartition("/")[0]
    return None


def kind_of(where: str, value: Any) -> str:
    """What a value is, by its pointer: money, target, points, level, name, text, structure."""
    parts = where.split("/")[1:]
    top, last = parts[0], parts[-1]
    if top == "funds" and len(parts) > 2:
        return MONEY if parts[2] in ("amount", "raw") else STRUCTURE
    if top == "indicators" and len(parts) > 2:
        return _indicator_kind(parts[2])
    if top == "fields" and len(parts) > 1:
        if last in POINT_FIELDS:
            return POINTS
        return TEXT if isinstance(value, str) and len(value) > PROSE else NAME
    if top == "tasks" and len(parts) > 1:
        return TEXT
    return NAME if top in ("title", "year", "choices", "amount_unit") else STRUCTURE


def _indicator_kind(part: str) -> str:
    kinds = {
        TARGET: ("targets", "actual", "op", "unit"),
        POINTS: ("weights", "score", "level_points"),
        LEVEL: ("level1", "level2", "focus_work", "linked_project"),
        NAME: ("level3",),
    }
    return next((kind for kind, names in kinds.items() if part in names), TEXT)


def _risk(
    where: str,
    value: Any,
    reader: Reader,
    origin: Origin | None,
    doubts: Sequence[Finding],
    checks: Sequence[Check],
) -> Risk:
    kind = kind_of(where, value)
    right = (1 - KIND[kind]) * (1 - READER[reader])
    reasons = []
    for chance, reason in (
        *_of_ink(value, origin, reader, kind),
        *_of_doubts(where, doubts),
        *_of_checks(where, kind, checks),
    ):
        right *= 1 - chance
        reasons.append(reason)
    return Risk(where, kind, round(1 - right, 4), tuple(dict.fromkeys(reasons)))


def _of_ink(value: Any, origin: Origin | None, reader: Reader, kind: str) -> Iterator[tuple[float, str]]:
    """What the reading of the ink says."""
    if origin is None or origin.score is None:
        if reader is Reader.OCR and kind != STRUCTURE:
            yield NOT_COPIED_OF_INK, "no ink is named for it"
        return
    length = max(len(value), 1) if isinstance(value, str) else 1
    wrong = min(MOST_OF_SCORE, 1 - (1 - BELIEVED * (1 - origin.score)) ** min(length, PROSE))
    if wrong > 0:
        yield wrong, f"read with a score of {origin.score:.2f}"
    if origin.readings:
        yield OTHER_READING, f"also read as {origin.readings[0][0]!r}"
    if origin.covered:
        yield COVERED, f"a seal covers {origin.covered!r}"


def _of_doubts(where: str, doubts: Sequence[Finding]) -> Iterator[tuple[float, str]]:
    for finding in doubts:
        if _within(where, finding.where):
            yield DOUBT[finding.rule], f"{finding.rule}: {finding.message}"
        elif _line(where) == _line(finding.where) and where.startswith("/funds/"):
            yield NEAR * DOUBT[finding.rule], f"beside it {finding.rule}: {finding.message}"


def _of_checks(where: str, kind: str, checks: Sequence[Check]) -> Iterator[tuple[float, str]]:
    for check in checks:
        if any(_within(where, pointer) for pointer, _ in check.offered) and kind in CHECKED[_group(check)]:
            yield OFFERED, f"{check.rule}: another reading of it makes the check hold"
        elif check.where and _within(where, check.where) and kind in CHECKED[_group(check)]:
            exact = check.where in (where, _line(where))
            yield (1 if exact else NEAR) * VERDICT[check.verdict], f"{check.rule}: {check.message}"


def _group(check: Check) -> str:
    return check.rule.partition(".")[0]


def _within(where: str, whole: str) -> bool:
    return where == whole or where.startswith(whole + "/")


def _line(where: str) -> str:
    return "/".join(where.split("/")[:3])


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
    found = 0.0
    for risk in sorted(groups, reverse=True):
        group = groups[risk]
        taken = min(room, len(group))
        found += sum(group) * taken / len(group)
        room -= taken
        if not room:
            break
    return found
