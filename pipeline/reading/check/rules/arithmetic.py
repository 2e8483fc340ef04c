"""Money: totals and their parts, both sides, periods, and rates of execution."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.reading.check.evidence import Values, judge
from pipeline.reading.check.form import Form, Number, Rule, all_or_each, holds, not_applicable, number_in
from pipeline.reading.check.sums import HALF, add_up, text_of
from schemas.language.vocabulary import squeeze
from schemas.reading import Check
from schemas.record import NOT_MONEY, Fund, Verdict

SUBTOTALS = frozenset({"小计", "合计", "总计"})
TOTAL_ENDINGS = ("总额", "总计", "合计")
PERIODS = ("half_year_plan", "full_year_budget")
SPENT_OF = (("actual", "adjusted_budget"), ("actual", "full_year_budget"), ("actual", "initial_budget"))
INCOME, EXPENDITURE = "income", "expenditure"
NOUGHT_IN_FRONT = re.compile(r"0\d")
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A money cell: its pointer, its path, its amount (None: blank, or no number)."""

    pointer: str
    path: Path
    number: Number | None
    fund: Fund


class Block:
    """The money lines of one side and column, by path. A path that is printed twice says nothing: it is left out."""

    def __init__(self, items: Sequence[Item]) -> None:
        paths = [item.path for item in items]
        self.items = {item.path: item for item in items if paths.count(item.path) == 1}
        self.twice = len(set(paths)) < len(paths)

    def below(self, path: Path) -> list[Item]:
        """The lines one step below a path; for a name without a line of its own, what sums it up or stands below."""
        names = dict.fromkeys(p[len(path)] for p in self.items if len(p) > len(path) and p[: len(path)] == path)
        found: list[Item] = []
        for name in names:
            own = self.items.get((*path, name))
            found += [own] if own is not None else self._of_group((*path, name))
        return found

    def _of_group(self, path: Path) -> list[Item]:
        members = self.below(path)
        return [m for m in members if is_subtotal(m)][:1] or members

    def total(self, form: Form) -> Item | None:
        """The outermost line that sums the block up."""
        return next((i for i in self.items.values() if len(i.path) == 1 and _is_total(i.path[0], form)), None)

    def outer(self, form: Form) -> list[Item]:
        """The outermost lines but the total."""
        return [i for i in self.below(()) if not (len(i.path) == 1 and _is_total(i.path[0], form))]


def _is_total(label: str, form: Form) -> bool:
    return form.words.is_fund_total(label) or squeeze(label).endswith(TOTAL_ENDINGS)


def is_subtotal(item: Item) -> bool:
    return len(item.path) > 1 and squeeze(item.path[-1]) in SUBTOTALS


def _item(form: Form, number: int) -> Item:
    fund = form.record.funds[number]
    return Item(f"/funds/{number}", tuple(fund.path), form.amount(fund), fund)


@lru_cache(maxsize=1)  # one rule after the other asks for those of one form
def blocks(form: Form) -> Mapping[tuple[str, str], Block]:
    """The money lines by (side, column), in printed order; columns without amounts left out."""
    found: dict[tuple[str, str], list[Item]] = {}
    for i, fund in enumerate(form.record.funds):
        if fund.column not in NOT_MONEY:
            item = _item(form, i)
            found.setdefault((fund.side, fund.column), []).append(item)
    return {key: Block(items) for key, items in found.items()}


def _sum(form: Form, rule: Rule, total: Item, parts: Sequence[Item], *, partial: bool, what: str) -> Iterator[Check]:
    """The outcome for one total. `partial` says that the parts may be only some (其中)."""
    if total.number is None or not any(p.number for p in parts):
        yield not_applicable(rule, total.pointer, f"{what}: no amounts are printed to compare")
        return
    values: Values = {i.pointer: i.number for i in (total, *parts)}

    def ok(given: Values) -> bool:
        number = given[total.pointer]
        found = add_up(number, [given[p.pointer] for p in parts]) if number else None
        return found is not None and (found.exact or found.rounded)

    found = add_up(total.number, [p.number for p in parts])
    printed, computed = total.fund.amount, text_of(found.parts)
    if found.exact:
        yield holds(rule, total.pointer, f"{what} add up to it", printed, computed)
    elif found.rounded:
        message = f"{what} add up to it but for {text_of(abs(found.difference))}, which rounding explains"
        yield holds(rule, total.pointer, message, printed, computed)
    else:
        message = f"{what} add up to {computed}, not {printed}"
        otherwise = Verdict.WRONG_AT_SOURCE
        if found.perhaps_rounded:
            message, otherwise = f"{message}; rounding to whole numbers might explain it", Verdict.UNDECIDABLE
        elif partial and found.difference < 0:
            message, otherwise = f"{message}; perhaps only some of them are listed", Verdict.UNDECIDABLE
        yield judge(
            form,
            rule,
            total.pointer,
            message,
            values=values,
            ok=ok,
            printed=printed,
            computed=computed,
            otherwise=otherwise,
        )


def _totals(side: str, form: Form, rule: Rule) -> Iterator[Check]:
    any_total = False
    for (where, _), block in blocks(form).items():
        total = block.total(form) if where == side else None
        if total is None or block.below(total.path) or not block.outer(form):
            continue
        any_total = True
        yield from _sum(form, rule, total, block.outer(form), partial=False, what="the lines of its block")
    if not any_total:
        yield not_applicable(rule, "/funds", f"no total of {side} stands over lines of its own")


def income_total(form: Form, rule: Rule) -> Iterator[Check]:
    yield from _totals(INCOME, form, rule)


def expenditure_total(form: Form, rule: Rule) -> Iterator[Check]:
    yield from _totals(EXPENDITURE, form, rule)


def children_sum(form: Form, rule: Rule) -> Iterator[Check]:
    """Every line with lines below it; a 小计 beside them sums them up entirely, 其中 may list only some."""
    found = False
    for block in blocks(form).values():
        for path in dict.fromkeys(p[:n] for p in block.items for n in range(1, len(p))):
            members = block.below(path)
            subtotals = [m for m in members if is_subtotal(m) and len(m.path) == len(path) + 1]
            parts = [m for m in members if m not in subtotals]
            own = block.items.get(path)
            if subtotals and parts:
                found = True
                what = f"the lines of {path[-1]} beside it"
                yield from _sum(form, rule, subtotals[0], parts, partial=False, what=what)
            if own is not None:
                found = True
                whole = bool(subtotals)
                yield from _sum(
                    form, rule, own, subtotals[:1] or parts, partial=not whole, what=f"the lines below {path[-1]}"
                )
    if not found:
        yield not_applicable(rule, "/funds", "no line has lines below it")


def balance(form: Form, rule: Rule) -> Iterator[Check]:
    """Income total and expenditure of the same column."""
    sides = blocks(form)
    found = False
    for (side, column), block in sides.items():
        other = sides.get((EXPENDITURE, column))
        total = block.total(form)
        if side != INCOME or other is None or total is None or total.number is None:
            continue
        own = other.total(form)
        parts = [own] if own is not None else other.outer(form)
        if not any(p.number for p in parts):
            continue
        found = True
        yield from _sum(form, rule, total, parts, partial=True, what="the lines of the expenditure")
    if not found:
        yield not_applicable(rule, "/funds", "not both sides are printed for one column")


def half_year(form: Form, rule: Rule) -> Iterator[Check]:
    yield from _not_above(form, rule, (PERIODS,), Verdict.WRONG_AT_SOURCE, "lines with both periods")


def spent(form: Form, rule: Rule) -> Iterator[Check]:
    yield from _not_above(form, rule, SPENT_OF, Verdict.UNDECIDABLE, "lines with a budget and what was spent")


@lru_cache(maxsize=1)
def _lines(form: Form) -> Iterable[dict[str, Item]]:
    """The cells of each money line by their columns."""
    found: dict[tuple[str, Path], dict[str, Item]] = {}
    for i, fund in enumerate(form.record.funds):
        item = _item(form, i)
        found.setdefault((fund.side, item.path), {}).setdefault(fund.column, item)
    return found.values()


def _not_above(
    form: Form, rule: Rule, columns: Sequence[tuple[str, str]], otherwise: Verdict, what: str
) -> Iterator[Check]:
    """The first column of a pair is not above the second; the first pair that a line prints counts."""
    looked_at, failing = 0, []
    for line in _lines(form):
        pair = next(((line[a], line[b]) for a, b in columns if a in line and b in line), None)
        if pair is None or pair[0].number is None or pair[1].number is None:
            continue
        less, more = pair
        looked_at += 1

        def ok(given: Values, less: Item = less, more: Item = more) -> bool:
            a, b = given[less.pointer], given[more.pointer]
            return a is not None and b is not None and a.value <= b.value

        values: Values = {less.pointer: less.number, more.pointer: more.number}
        if not ok(values):
            message = (
                f"{less.fund.column} {less.fund.amount} of {less.path[-1]} is above"
                f" {more.fund.column} {more.fund.amount}"
            )
            failing.append(
                judge(
                    form, rule, less.pointer, message, values=values, ok=ok,
                    printed=less.fund.amount, computed=more.fund.amount, otherwise=otherwise,
                )
            )  # fmt: skip
    yield from all_or_each(rule, "/funds", looked_at, failing, what)


def execution_rate(form: Form, rule: Rule) -> Iterator[Check]:
    """The printed rate is what was spent of the budget, rounded as it is printed."""
    looked_at, failing = 0, []
    for line in _lines(form):
        rate = line.get("execution_rate")
        pair = next(((line[a], line[b]) for a, b in SPENT_OF if a in line and b in line), None)
        if rate is None or pair is None:
            continue
        number = number_in(rate.fund.raw)
        values: Values = {rate.pointer: number, pair[0].pointer: pair[0].number, pair[1].pointer: pair[1].number}
        if not all(values.values()) or not (pair[1].number and pair[1].number.value):
            continue
        looked_at += 1
        percent = "%" in (rate.fund.raw or "") or bool(number and number.value > 1)

        def ok(
            given: Values, rate: Item = rate, pair: tuple[Item, Item] = pair, factor: int = 100 if percent else 1
        ) -> bool:
            r, s, b = given[rate.pointer], given[pair[0].pointer], given[pair[1].pointer]
            if r is None or s is None or b is None or not b.value:
                return False
            return abs(r.value - s.value / b.value * factor) <= HALF.scaleb(-r.decimals)

        if not ok(values):
            spent_of = values[pair[0].pointer], values[pair[1].pointer]
            assert spent_of[0] is not None
            assert spent_of[1] is not None
            decimals = number.decimals if number else 0
            computed = round(spent_of[0].value / spent_of[1].value * (100 if percent else 1), max(decimals, 2))
            message = f"the rate of {rate.path[-1]} is printed as {rate.fund.raw}, computed it is {text_of(computed)}"
            failing.append(
                judge(
                    form, rule, rate.pointer, message, values=values, ok=ok,
                    printed=rate.fund.raw, computed=text_of(computed),
                )
            )  # fmt: skip
    yield from all_or_each(rule, "/funds", looked_at, failing, "rates beside budget and spending")


def amounts(form: Form, rule: Rule) -> Iterator[Check]:
    """Amounts are printed as amounts are: not below zero, no nought in front of their digits."""
    looked_at, failing = 0, []
    for i, fund in enumerate(form.record.funds):
        number = number_in(fund.amount)
        if number is None or fund.amount is None:
            continue
        looked_at += 1
        if fund.amount.startswith("-"):
            message = f"the amount {fund.amount} has a minus"
        elif NOUGHT_IN_FRONT.match(fund.amount):
            message = f"{fund.amount} begins with a nought: a decimal point may be missing"
        else:
            continue
        where = f"/funds/{i}"
        failing.append(
            judge(
                form, rule, where, message, values={where: number},
                ok=lambda given: all(n is not None and n.value >= 0 for n in given.values()),
                printed=fund.amount, otherwise=Verdict.UNDECIDABLE,
            )
        )  # fmt: skip
    yield from all_or_each(rule, "/funds", looked_at, failing, "amounts")


def lines_twice(form: Form, rule: Rule) -> Iterator[Check]:
    """No line of money stands twice under one name in a column."""
    seen: dict[tuple[str, str, Path], int] = {}
    failing = []
    for i, fund in enumerate(form.record.funds):
        first = seen.setdefault((fund.side, fund.column, tuple(fund.path)), i)
        if first != i:
            where = f"/funds/{i}"
            message = f"the line {' / '.join(fund.path)} stands here and at /funds/{first}"
            failing.append(
                judge(
                    form, rule, where, message, values={f"/funds/{first}": None, where: None},
                    printed=fund.amount, otherwise=Verdict.UNDECIDABLE,
                )
            )  # fmt: skip
    yield from all_or_each(rule, "/funds", len(form.record.funds), failing, "money cells")


RULES = (
    Rule("funds.income-total", "funds of the income side", "the total is the sum of its lines", income_total),
    Rule(
        "funds.expenditure-total",
        "funds of the expenditure side",
        "the total is the sum of its lines: 基本支出 and 项目支出, or the lines of the project",
        expenditure_total,
    ),
    Rule(
        "funds.children-sum",
        "funds with lines below them: 财政拨款, 项目支出, 其中",
        "小计 is the sum of the lines beside it; a line is not below the sum of those under it, nor above it where"
        " all are listed",
        children_sum,
    ),
    Rule("funds.balance", "funds of both sides", "income and expenditure of a column are the same", balance),
    Rule("funds.half-year", "funds of both periods", "no half year is above its full year", half_year),
    Rule("funds.spent", "funds with a budget and spending", "no more is spent than budgeted", spent),
    Rule("funds.execution-rate", "funds with a rate", "the rate is what was spent of the budget", execution_rate),
    Rule("funds.amounts", "every amount", "no minus, no nought in front", amounts),
    Rule("funds.lines-twice", "paths of funds", "no line stands twice", lines_twice),
)
