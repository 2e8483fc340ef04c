"""Targets and results: periods beside each other, operators beside what they stand before, scores beside results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from pipeline.reading.check.evidence import Values, judge
from pipeline.reading.check.form import Form, Number, Rule, all_or_each, number_in
from schemas.language.vocabulary import squeeze
from schemas.reading import Check
from schemas.record import Indicator, Value, Verdict

LENGTHS = ("half_year", "full_year", "whole_project")  # periods, the shortest first
RATIOS = frozenset({"%", "‰", "百分比"})
SHARE = re.compile(r"(满意度|满意率|准确率|及时率|合格率|达标率|合规率|覆盖率)$")
"""Names of shares that a filing wants high and that no whole exceeds."""
AT_MOST, AT_LEAST = frozenset({"≤", "<"}), frozenset({"≥", ">"})


def _number(value: Value | None) -> Number | None:
    """The number of a parsed value; None for a range or a text."""
    if value is None or value.number is None or value.op == "range":
        return None
    try:
        return Number(Decimal(value.number), len(value.number.partition(".")[2]))
    except InvalidOperation:
        return None


def _unit(value: Value | None) -> str:
    return squeeze(value.unit or "") if value is not None else ""


def periods(form: Form, rule: Rule) -> Iterator[Check]:
    """What is to be reached by half a year is not above the year, nor the year above the whole project."""
    looked_at, failing = 0, []
    for where, row, less, more in _pairs(form):
        a, b = row.values.get(less), row.values.get(more)
        values: Values = {f"{where}/targets/{less}": _number(a), f"{where}/targets/{more}": _number(b)}
        first, second = values.values()
        if first is None or second is None or _unit(a) != _unit(b):
            continue
        looked_at += 1

        def ok(given: Values) -> bool:
            x, y = given.values()
            return x is not None and y is not None and x.value <= y.value

        if not ok(values):
            message = f"the target {row.targets[less]} ({less}) is above {row.targets[more]} ({more})"
            ratio = _unit(a) in RATIOS  # shares do not grow with time: a form may mean it
            failing.append(
                judge(
                    form, rule, f"{where}/targets/{less}", message, values=values, ok=ok,
                    printed=row.targets[less], computed=row.targets[more],
                    otherwise=Verdict.UNDECIDABLE if ratio else Verdict.WRONG_AT_SOURCE,
                )
            )  # fmt: skip
    yield from all_or_each(rule, "/indicators", looked_at, failing, "pairs of targets")


def _pairs(form: Form) -> Iterator[tuple[str, Indicator, str, str]]:
    """Neighbouring periods of each row that prints both."""
    for i, row in enumerate(form.record.indicators):
        printed = [p for p in LENGTHS if row.targets.get(p) is not None]
        for less, more in pairwise(printed):
            yield f"/indicators/{i}", row, less, more


def same_condition(form: Form, rule: Rule) -> Iterator[Check]:
    """The targets of all periods are conditions of one kind: same operator, same unit, all numbers or none."""
    looked_at, failing = 0, []
    for where, row, less, more in _pairs(form):
        a, b = row.values.get(less), row.values.get(more)
        if a is None or b is None:
            continue
        looked_at += 1
        apart = [
            name
            for name, x, y in (
                ("operator", a.op, b.op),
                ("unit", _unit(a), _unit(b)),
                ("kind", a.number is None, b.number is None),
            )
            if x != y
        ]
        if apart and not (apart == ["unit"] and "" in (_unit(a), _unit(b)) and _is_zero(a, b)):
            at = f"{where}/targets/{more}"
            message = f"{row.targets[less]} ({less}) and {row.targets[more]} ({more}) differ in {' and '.join(apart)}"
            failing.append(
                judge(
                    form, rule, at, message, values={f"{where}/targets/{less}": None, at: None},
                    printed=row.targets[more], otherwise=Verdict.UNDECIDABLE,
                )
            )  # fmt: skip
    yield from all_or_each(rule, "/indicators", looked_at, failing, "pairs of targets")


def _is_zero(*values: Value) -> bool:
    """Whether one of them is nought, which needs no unit."""
    return any(number is not None and number.value == 0 for number in map(_number, values))


def operator(form: Form, rule: Rule) -> Iterator[Check]:
    """An operator stands before a number, 定性 before a text."""
    looked_at, failing = 0, []
    for i, row in enumerate(form.record.indicators):
        if row.op is None:
            continue
        texts = {k: t for k, t in row.targets.items() if t is not None}
        kind = form.words.operator(row.op)
        numbers = [k for k, t in texts.items() if number_in(t) is not None or _has_number(row.values.get(k))]
        if not texts:
            continue
        looked_at += 1
        where = f"/indicators/{i}/op"
        printed = " / ".join(texts.values())
        if kind is None:
            message = f"{row.op!r} in the operator's column is no operator"
        elif kind == "text" and len(numbers) == len(texts):
            message = f"{row.op} stands before {printed}, which is a number"
        elif kind != "text" and not numbers:
            message = f"{row.op} stands before {printed}, which is no number"
        else:
            continue
        failing.append(
            judge(
                form, rule, where, message, values={where: None}, printed=row.op,
                beside=[f"/indicators/{i}/targets/{k}" for k in texts],
            )
        )  # fmt: skip
    yield from all_or_each(rule, "/indicators", looked_at, failing, "operators before their targets")


def _has_number(value: Value | None) -> bool:
    return value is not None and value.number is not None


def shares(form: Form, rule: Rule) -> Iterator[Check]:
    """A share that is wanted high (满意度, 及时率 …) is at least so much, and not above 100 %."""
    looked_at, failing = 0, []
    for i, row in enumerate(form.record.indicators):
        if not SHARE.search(squeeze(row.level3 or "")):
            continue
        for key, value in row.values.items():
            number = _number(value)
            if value is None or number is None or _unit(value) not in RATIOS:
                continue
            looked_at += 1
            where = f"/indicators/{i}/" + (key if key == "actual" else f"targets/{key}")
            text = row.actual if key == "actual" else row.targets.get(key)
            whole = 1000 if _unit(value) == "‰" else 100
            if value.op in AT_MOST:
                message, ok = f"{row.level3} is wanted to be {text}: at most", None
            elif not 0 <= number.value <= whole:
                message = f"{row.level3} is {text}: a share is within 0 and {whole}"

                def ok(given: Values, whole: int = whole) -> bool:
                    return all(n is not None and 0 <= n.value <= whole for n in given.values())

            else:
                continue
            failing.append(
                judge(
                    form, rule, where, message, values={where: number}, ok=ok, printed=text,
                    otherwise=Verdict.UNDECIDABLE, beside=[f"/indicators/{i}/op"],
                )
            )  # fmt: skip
    yield from all_or_each(rule, "/indicators", looked_at, failing, "shares")


def reached(form: Form, rule: Rule) -> Iterator[Check]:
    """A row with all its points has reached its target; one that prints the same text has not lost points."""
    looked_at, failing = 0, []
    for i, row in enumerate(form.record.indicators):
        full, given = number_in(row.weights.get("full_year")), number_in(row.score)
        target, actual = row.values.get("full_year"), row.values.get("actual")
        met = _met(target, actual)
        if full is None or given is None or met is None:
            continue
        looked_at += 1
        where = f"/indicators/{i}"
        if given.value == full.value and not met:
            message = f"all {row.score} points, though {row.actual} does not reach {row.targets['full_year']}"
        elif given.value == 0 and full.value and met:
            message = f"no points, though {row.actual} reaches {row.targets['full_year']}"
        else:
            continue
        failing.append(
            judge(
                form, rule, f"{where}/score", message, values={f"{where}/score": None}, printed=row.score,
                otherwise=Verdict.UNDECIDABLE, beside=[f"{where}/actual", f"{where}/targets/full_year"],
            )
        )  # fmt: skip
    yield from all_or_each(rule, "/indicators", looked_at, failing, "rows with numbers, points and score")


def _met(target: Value | None, actual: Value | None) -> bool | None:
    """Whether a result reaches a target; None where both are not single numbers of one unit."""
    want, got = _number(target), _number(actual)
    if target is None or actual is None or want is None or got is None:
        return None
    if _unit(target) != _unit(actual) and _unit(actual):
        return None  # a result without a unit is in that of its target
    if target.op in AT_MOST:
        return got.value <= want.value
    if target.op in AT_LEAST:
        return got.value >= want.value
    return got.value == want.value


RULES = (
    Rule("targets.periods", "targets of several periods", "a shorter period's is not above a longer one's", periods),
    Rule("targets.same-condition", "targets of several periods", "same operator, unit and kind", same_condition),
    Rule("targets.operator", "operator column beside targets", "operators before numbers, 定性 before text", operator),
    Rule("targets.shares", "shares that are wanted high", "at least so much, not above 100 %", shares),
    Rule("targets.reached", "results beside targets, points and scores", "all points where it is reached", reached),
)
