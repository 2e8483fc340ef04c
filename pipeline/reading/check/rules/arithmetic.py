"""Money: totals and their parts, both sides, periods, and rates of execution."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache, partial

from pipeline.reading.check.form import CheckedForm, Number, number_in
from pipeline.reading.check.rule import CheckRule, Comparison, Values, nothing_to_compare
from pipeline.reading.check.sums import HALF, Sum, add_up, text_of
from schemas.frozen import dataclass
from schemas.language.columns import FUND_COLUMNS
from schemas.language.money import is_part
from schemas.language.vocabulary import Words
from schemas.leaves import is_total
from schemas.record import Fund

PERIODS = ("half_year_plan", "full_year_budget")
SPENT_OF = (("actual", "adjusted_budget"), ("actual", "full_year_budget"), ("actual", "initial_budget"))
INCOME, EXPENDITURE = "income", "expenditure"
NOUGHT_IN_FRONT = re.compile(r"0\d")
MOST_PARTS = 16  # lines of a total of which every choice is tried
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoneyCell:
    """A money cell: its pointer, its path, its amount (None: blank, or no number)."""

    pointer: str
    path: Path
    number: Number | None
    fund: Fund


class Block:
    """The money lines of one side and column, by path. A path that is printed twice says nothing: it is left out."""

    def __init__(self, cells: Sequence[MoneyCell], words: Words) -> None:
        self.words = words
        printed = Counter(cell.path for cell in cells)
        self.cells = {cell.path: cell for cell in cells if printed[cell.path] == 1}
        self._names: dict[Path, dict[str, None]] = {}  # one step below each path
        for path in self.cells:
            for depth, name in enumerate(path):
                self._names.setdefault(path[:depth], {})[name] = None

    def below(self, path: Path) -> list[MoneyCell]:
        """The lines one step below a path; for a name without a line of its own, what sums it up or stands below."""
        lines: list[MoneyCell] = []
        for name in self._names.get(path, ()):
            own = self.cells.get((*path, name))
            lines += [own] if own is not None else self._of_group((*path, name))
        return lines

    def _of_group(self, path: Path) -> list[MoneyCell]:
        members = self.below(path)
        return [m for m in members if self.is_subtotal(m)][:1] or members

    def total(self) -> MoneyCell | None:
        """The outermost line that sums the block up."""
        return next((c for c in self.cells.values() if len(c.path) == 1 and is_total(c.path, self.words)), None)

    def outer(self) -> list[MoneyCell]:
        """The outermost lines but the total."""
        return [c for c in self.below(()) if not (len(c.path) == 1 and is_total(c.path, self.words))]

    def is_subtotal(self, cell: MoneyCell) -> bool:
        return len(cell.path) > 1 and self.words.is_subtotal(cell.path[-1])


def _money_cell(form: CheckedForm, number: int) -> MoneyCell:
    fund = form.record.funds[number]
    return MoneyCell(f"/funds/{number}", tuple(fund.path), form.amount(fund), fund)


@lru_cache(maxsize=1)  # one rule after the other asks for those of one form
def blocks(form: CheckedForm) -> Mapping[tuple[str, str], Block]:
    """The money lines by (side, column), in printed order; columns without amounts left out."""
    cells: dict[tuple[str, str], list[MoneyCell]] = {}
    for i, fund in enumerate(form.record.funds):
        if fund.is_money:
            cells.setdefault((fund.side, fund.column), []).append(_money_cell(form, i))
    return {key: Block(members, form.words) for key, members in cells.items()}


# ── Totals and their lines


@dataclass(frozen=True, slots=True)
class Addition:
    """A line and the lines that it sums up; `partial` says that these may be only some of them (其中)."""

    total: MoneyCell
    parts: Sequence[MoneyCell]
    partial: bool
    what: str

    @property
    def is_printed(self) -> bool:
        """Whether the form prints amounts to compare."""
        return self.total.number is not None and any(p.number for p in self.parts)

    def sum(self, given: Values) -> Sum | None:
        """The sum with other numbers in the place of what was read."""
        number = given[self.total.pointer]
        return add_up(number, [given[p.pointer] for p in self.parts]) if number else None

    def fits(self, given: Values) -> bool:
        added = self.sum(given)
        return added is not None and (added.exact or added.rounded)


def totals_of(side: str, form: CheckedForm) -> Iterator[Addition]:
    """The totals of a side over the outermost lines of their blocks."""
    for (where, _), block in blocks(form).items():
        total = block.total() if where == side else None
        if total is not None and not block.below(total.path) and block.outer():
            yield Addition(total, block.outer(), partial=False, what="the lines of its block")


def lines_with_children(form: CheckedForm) -> Iterator[Addition]:
    """Every line with lines below it; a 小计 beside them sums them up entirely, 其中 may list only some."""
    for block in blocks(form).values():
        for path in dict.fromkeys(p[:n] for p in block.cells for n in range(1, len(p))):
            members = block.below(path)
            subtotals = [m for m in members if block.is_subtotal(m) and len(m.path) == len(path) + 1]
            parts = [m for m in members if m not in subtotals]
            own = block.cells.get(path)
            if subtotals and parts:
                yield Addition(subtotals[0], parts, partial=False, what=f"the lines of {path[-1]} beside it")
            if own is not None:
                below = f"the lines below {path[-1]}"
                yield Addition(own, subtotals[:1] or parts, partial=not subtotals, what=below)


def both_sides(form: CheckedForm) -> Iterator[Addition]:
    """Income total and expenditure of the same column."""
    sides = blocks(form)
    for (side, column), block in sides.items():
        other = sides.get((EXPENDITURE, column))
        total = block.total()
        if side != INCOME or other is None or total is None or total.number is None:
            continue
        own = other.total()
        parts = [own] if own is not None else other.outer()
        if any(p.number for p in parts):
            yield Addition(total, parts, partial=True, what="the lines of the expenditure")


def compare_sums(form: CheckedForm, additions: Iterable[Addition]) -> Iterator[Comparison]:
    """Each total beside the sum of its lines."""
    for addition in additions:
        if addition.is_printed:
            yield _compare_sum(form, addition)
        else:
            yield nothing_to_compare(addition.total.pointer, f"{addition.what}: no amounts are printed to compare")


def _compare_sum(form: CheckedForm, addition: Addition) -> Comparison:
    total, parts, what = addition.total, addition.parts, addition.what
    members = {cell.pointer: cell.number for cell in (total, *parts)}
    added = addition.sum(members)
    assert added is not None  # its amounts are printed
    printed, computed = total.fund.amount, text_of(added.parts)
    blames = True
    if added.exact:
        wording = f"{what} add up to it"
    elif added.rounded:
        wording = f"{what} add up to it but for {text_of(abs(added.difference))}, which rounding explains"
    else:
        wording = f"{what} add up to {computed}, not {printed}"
        if added.perhaps_rounded:
            wording, blames = f"{wording}; rounding to whole numbers might explain it", False
        elif addition.partial and added.difference < 0:
            wording, blames = f"{wording}; perhaps only some of them are listed", False
    unproved = _otherwise_arranged(form, addition, added.difference) if blames and not addition.fits(members) else None
    return Comparison(
        total.pointer, addition.fits, wording, members, printed, computed,
        blames=blames, whole="/funds", gap=added.difference, unproved=unproved,
    )  # fmt: skip


def _otherwise_arranged(form: CheckedForm, addition: Addition, difference: Decimal) -> str | None:
    """Another arrangement of the printed lines in which the form adds right; None where there is none."""
    column = addition.total.fund.column
    if column not in FUND_COLUMNS:
        return f"whether {column} holds amounts is not known"
    if some := lines_that_suffice(form, addition):
        names = " and ".join(cell.path[-1] for cell in some)
        return f"{names} alone add up to it: the others may be parts of them"
    own = {addition.total.pointer, *(part.pointer for part in addition.parts)}
    for i in _by_amount(form).get((column, abs(difference)), ()):
        if (pointer := f"/funds/{i}") not in own and pointer not in settled(form):
            path = "/".join(form.record.funds[i].path)
            return f"with {path} at {pointer} it would hold: that line may belong to it"
    return None


@lru_cache(maxsize=1)
def _by_amount(form: CheckedForm) -> Mapping[tuple[str, Decimal], Sequence[int]]:
    """The money lines by their column and their amount."""
    lines: dict[tuple[str, Decimal], list[int]] = {}
    for i, fund in enumerate(form.record.funds):
        if (number := form.amount(fund)) is not None:
            lines.setdefault((fund.column, number.value), []).append(i)
    return lines


def lines_that_suffice(form: CheckedForm, addition: Addition) -> Sequence[MoneyCell]:
    """Some of a total's lines that add up to it, if the lines between them may be parts of the one before them: they
    are as much as it is, or begin with 其中 and are not more; () where there are none such."""
    number = addition.total.number
    if number is None or not number.value or len(addition.parts) > MOST_PARTS:
        return ()
    lines = [(part, part.number.value if part.number else Decimal(0)) for part in addition.parts]
    return _sufficing(form, number.value, lines) or ()


def _sufficing(
    form: CheckedForm, rest: Decimal, lines: Sequence[tuple[MoneyCell, Decimal]]
) -> tuple[MoneyCell, ...] | None:
    """The lines that add up to `rest`, None where there are none: the first one, with so many of the next ones as may
    be parts of it, and some of those behind them."""
    if not lines or rest < 0:
        return () if rest == 0 else None
    (first, amount), others = lines[0], lines[1:]
    within = Decimal(0)
    for count in range(len(others) + 1):
        within += others[count - 1][1] if count else 0
        may_be = not count or within == amount or (within < amount and _begins_part(form, others[0][0]))
        behind = _sufficing(form, rest - amount, others[count:]) if may_be else None
        if behind is not None:
            return (first, *behind)
    return None


def _begins_part(form: CheckedForm, line: MoneyCell) -> bool:
    """Whether 其中 stands in the row of a line."""
    origin = form.origin(line.pointer)
    if origin is None or origin.table is None or origin.row is None:
        return False
    return any(is_part(cell.text, form.words) for cell in form.cells.row(origin.table, origin.row))


@lru_cache(maxsize=1)
def settled(form: CheckedForm) -> frozenset[str]:
    """The money cells of sums that hold: they stand where they belong."""
    additions = (*totals_of(INCOME, form), *totals_of(EXPENDITURE, form), *lines_with_children(form))
    pointers: set[str] = set()
    for addition in additions:
        members = {cell.pointer: cell.number for cell in (addition.total, *addition.parts)}
        if any(number and number.value for number in members.values()) and addition.fits(members):
            pointers.update(members)
    return frozenset(pointers)


def income_total(form: CheckedForm) -> Iterator[Comparison]:
    return compare_sums(form, totals_of(INCOME, form))


def expenditure_total(form: CheckedForm) -> Iterator[Comparison]:
    return compare_sums(form, totals_of(EXPENDITURE, form))


def children_sum(form: CheckedForm) -> Iterator[Comparison]:
    return compare_sums(form, lines_with_children(form))


def balance(form: CheckedForm) -> Iterator[Comparison]:
    return compare_sums(form, both_sides(form))


# ── The cells of one line


@lru_cache(maxsize=1)
def _lines(form: CheckedForm) -> Sequence[dict[str, MoneyCell]]:
    """The cells of each money line by their columns."""
    lines: dict[tuple[str, Path], dict[str, MoneyCell]] = {}
    for i, fund in enumerate(form.record.funds):
        cell = _money_cell(form, i)
        lines.setdefault((fund.side, cell.path), {}).setdefault(fund.column, cell)
    return list(lines.values())


def _pair(line: Mapping[str, MoneyCell], columns: Iterable[tuple[str, str]]) -> tuple[MoneyCell, MoneyCell] | None:
    """The first two columns that a line prints both."""
    return next(((line[a], line[b]) for a, b in columns if a in line and b in line), None)


def half_year(form: CheckedForm) -> Iterator[Comparison]:
    """No half year is above its full year."""
    return _not_above(form, (PERIODS,), blames=True)


def spent(form: CheckedForm) -> Iterator[Comparison]:
    """No more is spent than budgeted."""
    return _not_above(form, SPENT_OF, blames=False)


def _not_above(form: CheckedForm, columns: Sequence[tuple[str, str]], *, blames: bool) -> Iterator[Comparison]:
    """The first column of a pair is not above the second."""
    for line in _lines(form):
        pair = _pair(line, columns)
        if pair is None or pair[0].number is None or pair[1].number is None:
            continue
        less, more = pair
        wording = (
            f"{less.fund.column} {less.fund.amount} of {less.path[-1]} is above {more.fund.column} {more.fund.amount}"
        )
        yield Comparison(
            less.pointer, in_order, wording, {less.pointer: less.number, more.pointer: more.number},
            less.fund.amount, more.fund.amount, blames=blames,
        )  # fmt: skip


def in_order(given: Values) -> bool:
    """Whether the first number is not above the second."""
    less, more = given.values()
    return less is not None and more is not None and less.value <= more.value


def execution_rate(form: CheckedForm) -> Iterator[Comparison]:
    """The printed rate is what was spent of the budget, rounded as it is printed."""
    for line in _lines(form):
        rate, pair = line.get("execution_rate"), _pair(line, SPENT_OF)
        if rate is None or pair is None:
            continue
        number, of_spent, of_budget = number_in(rate.fund.raw), pair[0].number, pair[1].number
        if number is None or of_spent is None or of_budget is None or not of_budget.value:
            continue
        whole = 100 if "%" in (rate.fund.raw or "") or number.value > 1 else 1
        computed = text_of(round(of_spent.value / of_budget.value * whole, max(number.decimals, 2)))
        yield Comparison(
            rate.pointer,
            partial(_is_rate, whole=whole),
            f"the rate of {rate.path[-1]} is printed as {rate.fund.raw}, computed it is {computed}",
            {rate.pointer: number, pair[0].pointer: of_spent, pair[1].pointer: of_budget},
            rate.fund.raw,
            computed,
        )


def _is_rate(given: Values, *, whole: int) -> bool:
    """Whether the first number is the share of the second in the third, rounded to its own decimals."""
    rate, part, budget = given.values()
    if rate is None or part is None or budget is None or not budget.value:
        return False
    return abs(rate.value - part.value / budget.value * whole) <= HALF.scaleb(-rate.decimals)


def amounts(form: CheckedForm) -> Iterator[Comparison]:
    """Amounts are printed as amounts are: not below zero, no nought in front of their digits."""
    for i, fund in enumerate(form.record.funds):
        where, number = f"/funds/{i}", number_in(fund.amount)
        if number is None or fund.amount is None:
            continue
        wording = ""
        if fund.amount.startswith("-"):
            wording = f"the amount {fund.amount} has a minus"
        elif NOUGHT_IN_FRONT.match(fund.amount):
            wording = f"{fund.amount} begins with a nought: a decimal point may be missing"
        yield Comparison(where, not wording, wording, {where: number}, fund.amount, blames=False)


def lines_twice(form: CheckedForm) -> Iterator[Comparison]:
    """No line of money stands twice under one name in a column."""
    firsts: dict[tuple[str, str, Path], int] = {}
    for i, fund in enumerate(form.record.funds):
        where = f"/funds/{i}"
        first = firsts.setdefault((fund.side, fund.column, tuple(fund.path)), i)
        wording = f"the line {' / '.join(fund.path)} stands here and at /funds/{first}"
        both: Values = {f"/funds/{first}": None, where: None}
        yield Comparison(where, first == i, wording, both, fund.amount, blames=False)


RULES = (
    CheckRule(
        "funds.income-total", "funds of the income side", "the total is the sum of its lines", income_total, "/funds",
        nothing="no total of income stands over lines of its own", each=True,
    ),
    CheckRule(
        "funds.expenditure-total",
        "funds of the expenditure side",
        "the total is the sum of its lines: basic and project expenditure, or the lines of the project",
        expenditure_total, "/funds",
        nothing="no total of expenditure stands over lines of its own", each=True,
    ),
    CheckRule(
        "funds.children-sum",
        "funds with lines below them: grants, project expenditure, parts of a line",
        "a subtotal is the sum of the lines beside it; a line is not below the sum of those under it, nor above it"
        " where all are listed",
        children_sum, "/funds",
        nothing="no line has lines below it", each=True,
    ),
    CheckRule(
        "funds.balance", "funds of both sides", "income and expenditure of a column are the same", balance, "/funds",
        nothing="not both sides are printed for one column", each=True,
    ),
    CheckRule(
        "funds.half-year", "funds of both periods", "no half year is above its full year", half_year, "/funds",
        "lines with both periods",
    ),
    CheckRule(
        "funds.spent", "funds with a budget and spending", "no more is spent than budgeted", spent, "/funds",
        "lines with a budget and what was spent",
    ),
    CheckRule(
        "funds.execution-rate", "funds with a rate", "the rate is what was spent of the budget", execution_rate,
        "/funds", "rates beside budget and spending",
    ),
    CheckRule("funds.amounts", "every amount", "no minus, no nought in front", amounts, "/funds", "amounts"),
    CheckRule(
        "funds.lines-twice", "paths of funds", "no line stands twice", lines_twice, "/funds", "money cells",
        layout=True,
    ),
)  # fmt: skip
