"""Points: weights, the points behind level names, scores, and the totals that a form prints of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from pipeline.reading.check.form import CheckedForm, Number, number_in
from pipeline.reading.check.rule import CheckRule, Comparison, Values, nothing_to_compare
from pipeline.reading.check.sums import add_up, text_of
from schemas.language.columns import LEVELS

HUNDRED = Decimal(100)
USUAL_RATE_WEIGHT = Decimal(10)  # of the execution rate, which forms of many places count without printing it
USUAL_SUMS = (HUNDRED, HUNDRED - USUAL_RATE_WEIGHT)


def _weights(form: CheckedForm, period: str) -> dict[str, Number | None]:
    """The weights of a period by pointer, in printed order."""
    return {
        f"/indicators/{i}/weights/{period}": number_in(row.weights[period])
        for i, row in enumerate(form.record.indicators)
        if period in row.weights
    }


def _periods(form: CheckedForm) -> list[str]:
    return list(dict.fromkeys(p for row in form.record.indicators for p in row.weights))


def _rate(form: CheckedForm, column: str) -> dict[str, Number | None]:
    """The weight, or the score, of the execution rate: a field of its own, or a column of the money lines."""
    rate: dict[str, Number | None] = {}
    if column == "weight" and "execution_rate_weight" in form.record.fields:
        rate["/fields/execution_rate_weight"] = number_in(form.record.fields["execution_rate_weight"])
    cells: set[tuple[int | None, int | None, int | None]] = (
        set()
    )  # a merged cell counts for all its lines, and once here
    for i, fund in enumerate(form.record.funds):
        if fund.column != column or fund.amount is None:
            continue
        origin = form.origin(f"/funds/{i}")
        cell = (origin.table, origin.row, origin.col) if origin is not None and origin.table is not None else None
        if cell is None or cell not in cells:
            rate[f"/funds/{i}"] = number_in(fund.amount)
        if cell is not None:
            cells.add(cell)
    return rate


def _total(values: Values) -> Decimal:
    return sum((n.value for n in values.values() if n is not None), Decimal(0))


def hundred(form: CheckedForm) -> Iterator[Comparison]:
    """The weights of each period, with the weight of the execution rate, are 100."""
    for period in _periods(form):
        weights, rate = _weights(form, period), _rate(form, "weight")
        if any(weights.values()):
            yield _hundred(form, period, weights, rate)


def _hundred(form: CheckedForm, period: str, weights: Values, rate: Values) -> Comparison:
    members = {**weights, **rate}
    total = _total(members)
    blames = True
    if _is_hundred(members):
        wording = f"{len(weights)} weights are 100" + ("" if period == "full_year" else f" ({period})")
    else:
        wording = f"the weights ({period}) add up to {text_of(total)}, not to 100"
        if total == USUAL_SUMS[1] and not rate:
            wording, blames = f"{wording}; the execution rate may count 10 without being printed", False
        elif any(n is None for n in rate.values()):
            wording += "; the weight of the execution rate is blank"
    unproved = _blank_row(weights) if total < HUNDRED else None
    if len(_runs_of_hundred(list(weights.values()))) > 1:
        unproved = "its rows may be those of several tables"
    return Comparison(
        "/indicators", _is_hundred, wording, members, None, text_of(total), blames=blames, whole="/indicators",
        unproved=unproved,
    )  # fmt: skip


def _blank_row(members: Values) -> str | None:
    """What a row without points says against a sum that is too small: some may stand there; None without one."""
    blank = next((where for where, number in members.items() if number is None), None)
    return f"{blank} is blank, and may complete it" if blank else None


def _is_hundred(given: Values) -> bool:
    return _total(given) in (HUNDRED, Decimal(1))


def _runs_of_hundred(weights: Sequence[Number | None]) -> list[int]:
    """The lengths of runs of rows into which the weights fall so that each run is 100, or 90 beside the execution
    rate: tables of several projects that were read as one; [] where they do not."""
    for usual in USUAL_SUMS:
        runs, length, total = [], 0, Decimal(0)
        for weight in weights:
            length, total = length + 1, total + (weight.value if weight else 0)
            if total == usual:
                runs.append(length)
                length, total = 0, Decimal(0)
        if not length or not total:
            return runs
    return []


def within(form: CheckedForm) -> Iterator[Comparison]:
    """Every weight is above 0 and at most 100."""
    for period in _periods(form):
        for where, number in _weights(form, period).items():
            if number is not None:
                told = text_of(number.value)
                wording = f"{told} is no weight: above 0, at most 100"
                yield Comparison(where, _is_weight, wording, {where: number}, told, blames=False)


def _is_weight(given: Values) -> bool:
    return all(n is not None and 0 < n.value <= HUNDRED for n in given.values())


def level_points(form: CheckedForm) -> Iterator[Comparison]:
    """The points behind a level's name are the sum of the weights of its rows."""
    rows = form.record.indicators
    for level in LEVELS:
        for run in _runs(form, level):
            printed = (rows[run[0]].level_points or {}).get(level)
            total = number_in(printed)
            weights = {f"/indicators/{i}/weights/full_year": number_in(rows[i].weights.get("full_year")) for i in run}
            if total is None or not any(weights.values()):
                continue
            where, computed = f"/indicators/{run[0]}/level_points/{level}", text_of(_total(weights))
            name = getattr(rows[run[0]], level)
            yield Comparison(
                where,
                _first_is_sum,
                f"the rows of {name} have {computed} points, printed behind its name are {printed}",
                {where: total, **weights},
                printed,
                computed,
                whole="/indicators",
                unproved=_blank_row(weights) if _total(weights) < total.value else None,
            )


def _first_is_sum(given: Values) -> bool:
    total, *parts = given.values()
    return total is not None and add_up(total, parts).exact


def _runs(form: CheckedForm, level: str) -> Iterator[list[int]]:
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


def score(form: CheckedForm) -> Iterator[Comparison]:
    """No score is above its points."""
    for where, number, at, points in _scored(form):
        if number is not None and points is not None:
            told, most = text_of(number.value), text_of(points.value)
            wording = f"the score {told} is not within its {most} points"
            yield Comparison(where, _is_score, wording, {where: number, at: points}, told, most)


def _is_score(given: Values) -> bool:
    """Whether the first number is within nought and the second."""
    mark, points = given.values()
    return mark is not None and points is not None and 0 <= mark.value <= points.value


def _scored(form: CheckedForm) -> Iterator[tuple[str, Number | None, str, Number | None]]:
    """(pointer of a score, score, pointer of its points, points), money lines with scores too."""
    for i, row in enumerate(form.record.indicators):
        where = f"/indicators/{i}"
        weight = number_in(row.weights.get("full_year"))
        yield f"{where}/score", number_in(row.score), f"{where}/weights/full_year", weight
    weights = {tuple(f.path): i for i, f in enumerate(form.record.funds) if f.column == "weight"}
    for i, fund in enumerate(form.record.funds):
        if fund.column == "score" and tuple(fund.path) in weights:
            of = weights[tuple(fund.path)]
            yield f"/funds/{i}", number_in(fund.amount), f"/funds/{of}", number_in(form.record.funds[of].amount)


def scored_rows(form: CheckedForm) -> Iterator[Comparison]:
    """A row with points has a score, and one with a score has points, where the form scores at all."""
    rows = form.record.indicators
    if not any(row.score for row in rows) or not any(row.weights.get("full_year") for row in rows):
        return
    for i, row in enumerate(rows):
        points, mark = row.weights.get("full_year"), row.score
        where = f"/indicators/{i}/" + ("score" if mark is None else "weights/full_year")
        wording = f"the row prints {'points but no score' if mark is None else 'a score but no points'}"
        yield Comparison(where, (points is None) == (mark is None), wording, of_blank=True)


def weight_total(form: CheckedForm) -> Iterator[Comparison]:
    """The printed total of the points is their sum."""
    return _printed_total(form, "total_weight", _weights(form, "full_year"), _rate(form, "weight"), "points")


def score_total(form: CheckedForm) -> Iterator[Comparison]:
    """The printed total of the scores is their sum."""
    rows = {f"/indicators/{i}/score": number_in(row.score) for i, row in enumerate(form.record.indicators)}
    return _printed_total(form, "total_score", rows, _rate(form, "score"), "scores")


def _printed_total(
    form: CheckedForm, name: str, rows: Mapping[str, Number | None], rate: Mapping[str, Number | None], what: str
) -> Iterator[Comparison]:
    """A printed total is the sum of the rows, with the execution rate or without it."""
    where = f"/fields/{name}"
    printed = form.record.fields.get(name)
    total = number_in(printed)
    if total is None or not any(rows.values()):
        at = where if name in form.record.fields else "/fields"
        yield nothing_to_compare(at, f"no total of {what} is printed")
        return
    members = {where: total, **rows, **rate}
    fits = partial(_is_total, where=where, rows=list(rows), rate=list(rate))
    computed = text_of(_total({**rows, **rate}))
    wording = f"the {what} of the rows add up to {computed}, the form prints {printed}"
    if fits(members):
        wording = f"the {what} add up to it"
    unproved = _blank_row(rows) if _total(rows) < total.value else None
    yield Comparison(where, fits, wording, members, printed, computed, whole="/indicators", unproved=unproved)


def _is_total(given: Values, *, where: str, rows: Sequence[str], rate: Sequence[str]) -> bool:
    """Whether the number at `where` is the sum of the rows, with the execution rate or without it."""
    total = given[where]
    return total is not None and any(
        add_up(total, [given[p] for p in pointers]).exact for pointers in ([*rows, *rate], rows)
    )


RULES = (
    CheckRule(
        "points.hundred", "weights of each period and of the execution rate", "together they are 100", hundred,
        "/indicators", nothing="no weights are printed", each=True,
    ),
    CheckRule("points.within", "every weight", "above 0, at most 100", within, "/indicators", "weights"),
    CheckRule(
        "points.level-sum", "points behind level names", "they are the sum of their rows", level_points, "/indicators",
        "levels with points behind their names",
    ),
    CheckRule(
        "points.score", "scores and points of a row", "no score is above its points", score, "/indicators",
        "scores beside their points",
    ),
    CheckRule(
        "points.scored-rows", "scores and points of a row", "both are printed or neither", scored_rows, "/indicators",
        "rows with points and scores or without both", nothing="no points with scores are printed",
    ),
    CheckRule(
        "points.weight-total", "points and their printed total", "the total is their sum", weight_total, "/fields",
        each=True,
    ),
    CheckRule(
        "points.score-total", "scores and their printed total", "the total is their sum", score_total, "/fields",
        each=True,
    ),
)  # fmt: skip
