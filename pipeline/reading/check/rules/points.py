"""Points: weights, the points behind level names, scores, and the totals that a form prints of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.reading.check.evidence import Values, judge
from pipeline.reading.check.form import Form, Number, Rule, all_or_each, holds, not_applicable, number_in
from pipeline.reading.check.sums import add_up, text_of
from schemas.language.columns import LEVELS
from schemas.reading import Check
from schemas.record import Verdict

HUNDRED = Decimal(100)
USUAL_RATE_WEIGHT = Decimal(10)  # of the execution rate, which forms of many places count without printing it


def _weights(form: Form, period: str) -> dict[str, Number | None]:
    """The weights of a period by pointer, in printed order."""
    return {
        f"/indicators/{i}/weights/{period}": number_in(row.weights[period])
        for i, row in enumerate(form.record.indicators)
        if period in row.weights
    }


def _periods(form: Form) -> list[str]:
    return list(dict.fromkeys(p for row in form.record.indicators for p in row.weights))


def _rate(form: Form, column: str) -> dict[str, Number | None]:
    """The weight, or the score, of the execution rate: a field of its own, or a column of the money lines."""
    found: dict[str, Number | None] = {}
    if column == "weight" and "execution_rate_weight" in form.record.fields:
        where = "/fields/execution_rate_weight"
        found[where] = number_in(form.record.fields["execution_rate_weight"])
    for i, fund in enumerate(form.record.funds):
        if fund.column == column and fund.amount is not None:
            found[f"/funds/{i}"] = number_in(fund.amount)
    return found


def hundred(form: Form, rule: Rule) -> Iterator[Check]:
    """The weights of each period, with the weight of the execution rate, are 100."""
    any_weight = False
    for period in _periods(form):
        weights = _weights(form, period)
        rate = _rate(form, "weight")
        values: Values = {**weights, **rate}
        if not any(weights.values()):
            continue
        any_weight = True
        total = _total(values)

        def ok(given: Values) -> bool:
            return _total(given) in (HUNDRED, Decimal(1))

        where = "/indicators"
        if ok(values):
            told = "" if period == "full_year" else f" ({period})"
            yield holds(rule, where, f"{len(weights)} weights are 100{told}", None, text_of(total))
            continue
        message, otherwise = f"the weights ({period}) add up to {text_of(total)}, not to 100", Verdict.WRONG_AT_SOURCE
        if total == HUNDRED - USUAL_RATE_WEIGHT and not rate:
            message += "; the execution rate may count 10 without being printed"
            otherwise = Verdict.UNDECIDABLE
        elif any(n is None for n in rate.values()):
            message += "; the weight of the execution rate is blank"
        yield judge(
            form, rule, where, message, values=values, ok=ok, printed=None, computed=text_of(total), otherwise=otherwise
        )
    if not any_weight:
        yield not_applicable(rule, "/indicators", "no weights are printed")


def _total(values: Values) -> Decimal:
    return sum((n.value for n in values.values() if n is not None), Decimal(0))


def within(form: Form, rule: Rule) -> Iterator[Check]:
    """Every weight is above 0 and at most 100."""
    looked_at, failing = 0, []
    for period in _periods(form):
        for where, number in _weights(form, period).items():
            if number is None:
                continue
            looked_at += 1

            def ok(given: Values) -> bool:
                return all(n is not None and 0 < n.value <= HUNDRED for n in given.values())

            if not ok({where: number}):
                told = text_of(number.value)
                message = f"{told} is no weight: above 0, at most 100"
                failing.append(
                    judge(
                        form, rule, where, message, values={where: number}, ok=ok, printed=told,
                        otherwise=Verdict.UNDECIDABLE,
                    )
                )  # fmt: skip
    yield from all_or_each(rule, "/indicators", looked_at, failing, "weights")


def level_points(form: Form, rule: Rule) -> Iterator[Check]:
    """The points behind a level's name are the sum of the weights of its rows."""
    rows = form.record.indicators
    looked_at, failing = 0, []
    for level in LEVELS:
        for run in _runs(form, level):
            printed = (rows[run[0]].level_points or {}).get(level)
            total = number_in(printed)
            weights = {f"/indicators/{i}/weights/full_year": number_in(rows[i].weights.get("full_year")) for i in run}
            if total is None or not any(weights.values()):
                continue
            looked_at += 1
            head = f"/indicators/{run[0]}/level_points/{level}"
            values: Values = {head: total, **weights}

            def ok(given: Values, head: str = head) -> bool:
                rest = [n for p, n in given.items() if p != head]
                number = given[head]
                return number is not None and add_up(number, rest).exact

            if not ok(values):
                computed = text_of(_total(weights))
                name = getattr(rows[run[0]], level)
                message = f"the rows of {name} have {computed} points, printed behind its name are {printed}"
                failing.append(
                    judge(form, rule, head, message, values=values, ok=ok, printed=printed, computed=computed)
                )
    yield from all_or_each(rule, "/indicators", looked_at, failing, "levels with points behind their names")


def _runs(form: Form, level: str) -> Iterator[list[int]]:
    """The rows that stand under one printed level cell, by number."""
    depth = LEVELS.index(level) + 1
    last: tuple[object, ...] | None = None
    run: list[int] = []
    for i, row in enumerate(form.record.indicators):
        points = (row.level_points or {}).get(level)
        key = (*(getattr(row, name) for name in LEVELS[:depth]), points)
        if key != last and run:
            yield run
            run = []
        last = key
        run.append(i)
    if run:
        yield run


def score(form: Form, rule: Rule) -> Iterator[Check]:
    """No score is above its points, and a row without points has none."""
    looked_at, failing = 0, []
    for where, points, number in _scored(form):
        values: Values = {where: number, points[0]: points[1]}
        if number is None or points[1] is None:
            continue
        looked_at += 1

        def ok(given: Values, where: str = where, of: str = points[0]) -> bool:
            a, b = given[where], given[of]
            return a is not None and b is not None and 0 <= a.value <= b.value

        if not ok(values):
            told, most = text_of(number.value), text_of(points[1].value)
            message = f"the score {told} is not within its {most} points"
            failing.append(judge(form, rule, where, message, values=values, ok=ok, printed=told, computed=most))
    yield from all_or_each(rule, "/indicators", looked_at, failing, "scores beside their points")


def scored_rows(form: Form, rule: Rule) -> Iterator[Check]:
    """Every row with points has a score and the other way round, where the form scores at all."""
    rows = form.record.indicators
    if not any(row.score for row in rows) or not any(row.weights.get("full_year") for row in rows):
        yield not_applicable(rule, "/indicators", "no points with scores are printed")
        return
    failing = []
    for i, row in enumerate(rows):
        points, mark = row.weights.get("full_year"), row.score
        if (points is None) == (mark is None):
            continue
        where = f"/indicators/{i}/" + ("score" if mark is None else "weights/full_year")
        message = f"the row prints {'points but no score' if mark is None else 'a score but no points'}"
        failing.append(judge(form, rule, where, message, values={where: None}))
    yield from all_or_each(rule, "/indicators", len(rows), failing, "rows with points and scores or without both")


def _scored(form: Form) -> Iterator[tuple[str, tuple[str, Number | None], Number | None]]:
    """(pointer of a score, (pointer of its points, points), score), money lines with scores too."""
    for i, row in enumerate(form.record.indicators):
        where = f"/indicators/{i}"
        weight = number_in(row.weights.get("full_year"))
        yield f"{where}/score", (f"{where}/weights/full_year", weight), number_in(row.score)
    weights = {tuple(f.path): i for i, f in enumerate(form.record.funds) if f.column == "weight"}
    for i, fund in enumerate(form.record.funds):
        if fund.column == "score" and tuple(fund.path) in weights:
            of = weights[tuple(fund.path)]
            yield (
                f"/funds/{i}",
                (f"/funds/{of}", number_in(form.record.funds[of].amount)),
                number_in(fund.amount),
            )


def weight_total(form: Form, rule: Rule) -> Iterator[Check]:
    """The printed total of the points is their sum."""
    rows = _weights(form, "full_year")
    yield from _printed_total(form, rule, "total_weight", rows, _rate(form, "weight"), "points")


def score_total(form: Form, rule: Rule) -> Iterator[Check]:
    """The printed total of the scores is their sum."""
    rows = {f"/indicators/{i}/score": number_in(row.score) for i, row in enumerate(form.record.indicators)}
    yield from _printed_total(form, rule, "total_score", rows, _rate(form, "score"), "scores")


def _printed_total(
    form: Form,
    rule: Rule,
    name: str,
    rows: Mapping[str, Number | None],
    rate: Mapping[str, Number | None],
    what: str,
) -> Iterator[Check]:
    """A printed total is the sum of the rows, with the execution rate or without it."""
    where = f"/fields/{name}"
    printed = form.record.fields.get(name)
    total = number_in(printed)
    if total is None or not any(rows.values()):
        yield not_applicable(rule, where if name in form.record.fields else "/fields", f"no total of {what} is printed")
        return
    values: Values = {where: total, **rows, **rate}

    def ok(given: Values) -> bool:
        number = given[where]
        if number is None:
            return False
        return any(
            add_up(number, [given[p] for p in pointers]).exact for pointers in _with_and_without(list(rows), list(rate))
        )

    computed = text_of(_total({**rows, **rate}))
    if ok(values):
        yield holds(rule, where, f"the {what} add up to it", printed, computed)
    else:
        message = f"the {what} of the rows add up to {computed}, the form prints {printed}"
        yield judge(form, rule, where, message, values=values, ok=ok, printed=printed, computed=computed)


def _with_and_without(rows: Sequence[str], rate: Sequence[str]) -> list[list[str]]:
    return [[*rows, *rate], list(rows)]


RULES = (
    Rule("points.hundred", "weights of each period and of the execution rate", "together they are 100", hundred),
    Rule("points.within", "every weight", "above 0, at most 100", within),
    Rule("points.level-sum", "points behind level names", "they are the sum of their rows", level_points),
    Rule("points.score", "scores and points of a row", "no score is above its points", score),
    Rule("points.scored-rows", "scores and points of a row", "both are printed or neither", scored_rows),
    Rule("points.weight-total", "points and their printed total", "the total is their sum", weight_total),
    Rule("points.score-total", "scores and their printed total", "the total is their sum", score_total),
)
