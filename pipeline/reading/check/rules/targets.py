"""Targets and results: periods beside each other, operators beside what they stand before, scores beside results."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from pipeline.reading.check.form import CheckedForm, Number, number_in
from pipeline.reading.check.rule import CheckRule, Comparison, Values
from pipeline.reading.check.rules.arithmetic import in_order
from schemas.conditions import AT_LEAST, AT_MOST, met, single_number
from schemas.language.money import is_empty_mark
from schemas.language.values import parse_value
from schemas.language.vocabulary import squeeze
from schemas.record import Indicator, Value

LENGTHS = ("half_year", "full_year", "whole_project")  # periods, the shortest first
PER_MILLE = "‰"
EQUAL = "="


def _number(value: Value | None) -> Number | None:
    """The number of a parsed value; None for a range or a text."""
    number = single_number(value)
    return None if number is None or value is None else Number(number, len((value.number or "").partition(".")[2]))


def _unit(value: Value | None) -> str:
    return squeeze(value.unit or "") if value is not None else ""


def periods(form: CheckedForm) -> Iterator[Comparison]:
    """What is to be reached by half a year is not above the year, nor the year above the whole project. Less than this
    in one period and more than that in another says nothing of their order."""
    for where, row, less, more in _pairs(form):
        a, b = row.values.get(less), row.values.get(more)
        first, second = _number(a), _number(b)
        if first is None or second is None or _unit(a) != _unit(b) or _opposed(a, b):
            continue
        at = f"{where}/targets/{less}"
        yield Comparison(
            at,
            in_order,
            f"the target {row.targets[less]} ({less}) is above {row.targets[more]} ({more})",
            {at: first, f"{where}/targets/{more}": second},
            row.targets[less],
            row.targets[more],
            blames=_unit(a) not in form.words.ratios,  # shares do not grow with time: a form may mean it
        )


def _opposed(a: Value | None, b: Value | None) -> bool:
    """Whether one of two values is a most and the other a least."""
    signs = {a.op if a else None, b.op if b else None}
    return bool(signs & AT_MOST) and bool(signs & AT_LEAST)


def _pairs(form: CheckedForm) -> Iterator[tuple[str, Indicator, str, str]]:
    """Neighbouring periods of each row that prints both."""
    for i, row in enumerate(form.record.indicators):
        printed = [p for p in LENGTHS if row.targets.get(p) is not None]
        for less, more in pairwise(printed):
            yield f"/indicators/{i}", row, less, more


def same_condition(form: CheckedForm) -> Iterator[Comparison]:
    """The targets of all periods are conditions of one kind: same operator, same unit, all numbers or none."""
    for where, row, less, more in _pairs(form):
        a, b = row.values.get(less), row.values.get(more)
        if a is None or b is None or is_empty_mark(row.targets[less] or "", form.words):
            continue  # a dash sets no condition
        at, apart = f"{where}/targets/{more}", _apart(a, b)
        wording = f"{row.targets[less]} ({less}) and {row.targets[more]} ({more}) differ in {' and '.join(apart)}"
        both: Values = {f"{where}/targets/{less}": None, at: None}
        yield Comparison(at, not apart, wording, both, row.targets[more], blames=False)


def _apart(a: Value, b: Value) -> list[str]:
    """In what two conditions differ; nought needs no unit."""
    looks = (("operator", a.op, b.op), ("unit", _unit(a), _unit(b)), ("kind", a.number is None, b.number is None))
    apart = [name for name, x, y in looks if x != y]
    return [] if apart == ["unit"] and "" in (_unit(a), _unit(b)) and _is_zero(a, b) else apart


def _is_zero(*values: Value) -> bool:
    """Whether one of them is nought."""
    return any(number is not None and number.value == 0 for number in map(_number, values))


def operator(form: CheckedForm) -> Iterator[Comparison]:
    """An operator stands before a number or a date, 定性 before what is no number; equal is a text to itself too."""
    for i, row in enumerate(form.record.indicators):
        texts = {k: t for k, t in row.targets.items() if t is not None}
        if row.op is None or not texts:
            continue
        wording = _astray(form, row.op, list(texts.values()))
        beside = [f"/indicators/{i}/targets/{k}" for k in texts]
        yield Comparison(f"/indicators/{i}/op", not wording, wording, got=row.op, beside=beside)


def _astray(form: CheckedForm, op: str, texts: list[str]) -> str:
    """What is wrong with an operator before these texts; empty where nothing is."""
    kind, printed = form.words.operator(op), " / ".join(texts)
    if kind is None:
        return f"{op!r} in the operator's column is no operator"
    if kind == "text" and all(_is_number(form, text) for text in texts):
        return f"{op} stands before {printed}, which is a number"
    if kind not in ("text", EQUAL) and not any(character.isdigit() for text in texts for character in text):
        return f"{op} stands before {printed}, which is no number"
    return ""


def _is_number(form: CheckedForm, text: str) -> bool:
    """Whether a text is a number and a unit, with an operator or without, and nothing else."""
    value = parse_value(text, None, None, form.words)
    return value is not None and value.number is not None


def shares(form: CheckedForm) -> Iterator[Comparison]:
    """A share that is wanted high (满意度, 及时率 …) is at least so much, and not above 100 %."""
    for i, row in enumerate(form.record.indicators):
        if not form.words.share.search(squeeze(row.level3 or "")):
            continue
        for key, value in row.values.items():
            number = _number(value)
            if value is None or number is None or _unit(value) not in form.words.ratios:
                continue
            where = f"/indicators/{i}/" + (key if key == "actual" else f"targets/{key}")
            text = row.actual if key == "actual" else row.targets.get(key)
            whole = 1000 if _unit(value) == PER_MILLE else 100
            fits: partial[bool] | bool = partial(_is_share, whole=whole)
            wording = f"{row.level3} is {text}: a share is within 0 and {whole}"
            if value.op in AT_MOST:
                wording, fits = f"{row.level3} is wanted to be {text}: at most", False
            beside = [f"/indicators/{i}/op"]
            yield Comparison(where, fits, wording, {where: number}, text, beside=beside, blames=False)


def _is_share(given: Values, *, whole: int) -> bool:
    return all(n is not None and 0 <= n.value <= whole for n in given.values())


def scores(form: CheckedForm) -> Iterator[Comparison]:
    """A row with all its points has reached its target; one that prints the same text has not lost points."""
    for i, row in enumerate(form.record.indicators):
        full, given = number_in(row.weights.get("full_year")), number_in(row.score)
        target = row.values.get("full_year")
        if target is None or target.number is None:
            continue
        reached = met(target, row.values.get("actual"), form.words.all.amount_units).is_met
        if full is None or given is None or reached is None:
            continue
        where, wording = f"/indicators/{i}", ""
        if given.value == full.value and not reached:
            wording = f"all {row.score} points, though {row.actual} does not reach {row.targets['full_year']}"
        elif given.value == 0 and full.value and reached:
            wording = f"no points, though {row.actual} reaches {row.targets['full_year']}"
        beside = [f"{where}/actual", f"{where}/targets/full_year"]
        yield Comparison(f"{where}/score", not wording, wording, got=row.score, beside=beside, blames=False)


RULES = (
    CheckRule(
        "targets.periods", "targets of several periods", "a shorter period's is not above a longer one's", periods,
        "/indicators", "pairs of targets",
    ),
    CheckRule(
        "targets.same-condition", "targets of several periods", "same operator, unit and kind", same_condition,
        "/indicators", "pairs of targets",
    ),
    CheckRule(
        "targets.operator", "operator column beside targets", "before numbers, or the word for quality", operator,
        "/indicators", "operators before their targets",
    ),
    CheckRule(
        "targets.shares", "shares that are wanted high", "at least so much, not above 100 %", shares, "/indicators",
        "shares",
    ),
    CheckRule(
        "targets.reached", "results beside targets, points and scores", "all points where it is reached", scores,
        "/indicators", "rows with numbers, points and score",
    ),
)  # fmt: skip
