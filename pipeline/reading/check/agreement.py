"""Agreement between forms: of one filing, and between the plan of a project and the review of it.

What two forms say of the same thing is compared by comparison keys and exact decimals; which of them is right no
form can tell, so that a difference is undecidable, and it stands at the later form (the review, the minority).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pipeline.reading.check.filing import PROJECTS, Filing, Total, coded, is_plan, totals
from pipeline.reading.check.form import number_in
from pipeline.reading.check.rule import CheckRule, Comparison, P, nothing_to_compare
from pipeline.reading.check.sums import text_of
from pipeline.reading.check.tally import tally
from schemas.language.keys import comparison_key
from schemas.reading import Check, FormReading
from schemas.record import Record
from schemas.verdicts import CheckVerdict

BUDGET = "full_year_budget"
FEWEST_ALIKE = 2  # other forms of one print, before what they share counts as its labels

FilingRule = CheckRule[[int, Filing]]
"""Of a form, by its number, and the filing that it is one of."""


class Plans:
    """The plans that reviews are held against, in order; what is looked for in them is found once for all reviews."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records

    @cached_property
    def project_totals(self) -> dict[tuple[str, str], Total]:
        """The totals of the projects' plans, by a project's name and a column."""
        return totals([plan for plan in self.records if plan.kind in PROJECTS])

    @cached_property
    def named(self) -> dict[str, Record]:
        """The first plan of each project's name."""
        names = ((comparison_key(plan.fields.get("project_name") or ""), plan) for plan in reversed(self.records))
        return {name: plan for name, plan in names if name}


PlanRule = CheckRule[[Record, Plans]]
"""Of a review and the plans that it is held against."""


def agree_in_filing(forms: Sequence[FormReading]) -> list[list[Check]]:
    """For each form of a filing the outcomes of what it says beside the others; [] for a form by itself."""
    records = [form.record for form in forms]
    if len(records) < 2:
        return [[] for _ in records]
    filing = Filing(records)
    return [
        [check for rule in IN_FILING for check in _outcomes(rule, rule.compare(form, filing))]
        for form in range(len(records))
    ]


def _outcomes(rule: CheckRule[P], comparisons: Iterable[Comparison]) -> Iterator[Check]:
    """The outcomes of one rule: a difference is undecidable."""

    def differ(comparison: Comparison) -> Check:
        where, got, expected = comparison.where, comparison.got, comparison.expected
        return Check(rule.name, CheckVerdict.UNDECIDABLE, where, got, expected, comparison.wording)

    return tally(rule, comparisons, differ)


# ── Names, codes and years of a filing


def names(form: int, filing: Filing) -> Iterator[Comparison]:
    """One code, one name: the name that most places of the filing print beside a code counts."""
    for field, code, name in coded(filing.records[form]):
        beside = filing.names.beside(code, form, comparison_key(name))
        if beside is not None:
            other = beside.other or name
            wording = f"{code} is called {name} here and {other} in another form of the filing"
            yield Comparison(f"/fields/{field}", beside.usual, wording, got=name, expected=other)


def codes(form: int, filing: Filing) -> Iterator[Comparison]:
    """One name, one code."""
    for field, code, name in coded(filing.records[form]):
        beside = filing.codes.beside(comparison_key(name), form, code)
        if beside is not None:
            other = beside.other or code
            wording = f"{name} has the code {code} here and {other} in another form of the filing"
            yield Comparison(f"/fields/{field}_code", beside.usual, wording, got=code, expected=other)


def years(form: int, filing: Filing) -> Iterator[Comparison]:
    """The forms of a filing are of one year."""
    record, counts = filing.records[form], filing.years
    if record.year is None or counts.total() < 2:
        return
    best = max(sorted(counts), key=lambda y: counts[y])
    usual = counts[record.year] == counts[best]
    wording = "the year of the filing's forms"
    if not usual:
        wording = f"the form is of {record.year}, most of the filing's forms are of {best}"
    yield Comparison("/year", usual, wording, got=str(record.year), expected=str(best))


def same_parts(form: int, filing: Filing) -> Iterator[Comparison]:
    """Forms of one print have the same labels: what all others of the family print, this one prints too."""
    alike = filing.print_of(form)
    others = len(alike.forms) - 1
    if others < FEWEST_ALIKE:
        return
    complete = True
    for where, absent in alike.lacking(form, filing.records[form]):
        complete = False
        wording = f"{'; '.join(absent[:3])} is not read here, though all other forms of this print have it"
        yield Comparison(where, False, wording, expected=absent[0])
    if complete:
        yield Comparison("", True, f"the parts of {others} other forms of this print")


# ── Amounts of projects


def project_amounts(form: int, filing: Filing) -> Iterator[Comparison]:
    """The lines of projects in a department's form, beside the totals of the projects' own forms."""

    def total_of(name: str, column: str) -> Total | None:
        return filing.total_beside(form, name, column)

    return _lines_against(filing.records[form], total_of, "the project's own form")


def planned_amounts(review: Record, plans: Plans) -> Iterator[Comparison]:
    """The lines of projects in a department's review, beside the totals of the projects' plans."""
    return _lines_against(review, lambda name, column: plans.project_totals.get((name, column)), "the project's plan")


def _lines_against(
    record: Record, total_of: Callable[[str, str], Total | None], where_from: str
) -> Iterator[Comparison]:
    """The money lines of a form that are named like a project, beside that project's total."""
    for i, fund in enumerate(record.funds):
        mine = number_in(fund.amount)
        total = (
            total_of(comparison_key(fund.path[-1]), fund.column) if mine is not None and len(fund.path) > 1 else None
        )
        if total is None or mine is None:
            continue
        unit, other = total
        theirs = number_in(other.amount)
        if theirs is None or unit != (fund.unit_in(record.amount_unit) or ""):
            continue
        printed, computed = text_of(mine.value), text_of(theirs.value)
        wording = f"{fund.path[-1]} ({fund.column}) is {printed} here and {computed} in {where_from}"
        yield Comparison(f"/funds/{i}", theirs.value == mine.value, wording, got=printed, expected=computed)


def planned_budget(review: Record, plans: Plans) -> Iterator[Comparison]:
    """The budget of a project's review, beside that of its plan."""
    plan = plans.named.get(comparison_key(review.fields.get("project_name") or ""))
    if plan is None:
        yield nothing_to_compare("/funds", "the archive holds no plan of the project")
        return
    total = next((f for f in plan.funds if len(f.path) == 1 and f.column == BUDGET), None)
    budget = ("initial_budget", BUDGET)
    own = next(((i, f) for c in budget for i, f in enumerate(review.funds) if len(f.path) == 1 and f.column == c), None)
    mine, theirs = number_in(own[1].amount if own else None), number_in(total.amount if total else None)
    same_unit = (
        total is not None and own is not None and total.unit_in(plan.amount_unit) == own[1].unit_in(review.amount_unit)
    )
    if own is None or mine is None or theirs is None or not same_unit:
        yield nothing_to_compare("/funds", "plan and review print no amount to compare")
        return
    printed, computed = text_of(mine.value), text_of(theirs.value)
    same = mine.value == theirs.value
    wording = "the budget is that of the plan" if same else f"the budget is {printed} here and {computed} in the plan"
    yield Comparison(f"/funds/{own[0]}", same, wording, got=printed, expected=computed)


def agree_with_plans(records: Mapping[int, Record]) -> dict[int, list[Check]]:
    """For each review among records, by its number, the outcomes beside the plans of the same unit and year.

    The order of the records does not matter: plans count by their content and form. A review whose plans are not in
    the archive has one outcome that says so. See `pipeline.archive.plan_reviews`.
    """
    plans = sorted((r for r in records.values() if is_plan(r)), key=lambda r: (r.source.sha256, r.source.form))
    known: dict[tuple[int | None, str], set[int]] = {}  # plans by their year and each of their units
    for i, plan in enumerate(plans):
        year = plan.year if plan.year is not None else _start_year(plan)
        for unit in _units(plan) if year is not None else ():
            known.setdefault((year, unit), set()).add(i)
    outcomes = {}
    beside: dict[tuple[int | None, frozenset[str]], Plans] = {}  # of a year and the units of a review
    for number, review in sorted((n, r) for n, r in records.items() if not is_plan(r)):
        at = review.year, _units(review)
        if at not in beside:
            same = {i for unit in at[1] for i in known.get((review.year, unit), ())}
            beside[at] = Plans([plans[i] for i in sorted(same)])
        rule = BUDGET_OF_PLAN if review.kind in PROJECTS else LINES_OF_PLANS
        outcomes[number] = list(_outcomes(rule, rule.compare(review, beside[at])))
    return outcomes


def _start_year(record: Record) -> int | None:
    text = (record.fields.get("start_date") or "")[:4]
    return int(text) if text.isdigit() and len(text) == 4 else None


def _units(record: Record) -> frozenset[str]:
    printed = (record.fields.get(name) for name in ("reporting_unit", "implementing_unit"))
    return frozenset(comparison_key(name) for name in printed if name and any(c.isalnum() for c in name))


IN_FILING: tuple[FilingRule, ...] = (
    CheckRule(
        "agreement.names", "units with codes of all forms", "one code, one name", names, "/fields",
        "codes have the same names in the filing's forms", "no code stands in another form of the filing too",
    ),
    CheckRule(
        "agreement.codes", "units with codes of all forms", "one name, one code", codes, "/fields",
        "names have the same codes in the filing's forms", "no coded name stands in another form too",
    ),
    CheckRule(
        "agreement.year", "years of all forms", "they are the same", years, "/year",
        nothing="no other form of the filing prints a year", each=True,
    ),
    CheckRule(
        "agreement.same-parts", "labels of forms of one print", "what all others print, this one prints", same_parts,
        "", nothing="not three forms of one print are in the filing", each=True,
    ),
    CheckRule(
        "agreement.project-amount", "lines named like a project, totals of projects", "the same amount",
        project_amounts, "/funds", "amounts are those of the project's own form",
        "no line is compared with the project's own form",
    ),
)  # fmt: skip
PLAN_REVIEW = "agreement.plan-review"
LINES_OF_PLANS: PlanRule = CheckRule(
    PLAN_REVIEW, "lines named like a project, plans of the archive", "the same amount", planned_amounts, "/funds",
    "amounts are those of the project's plan", "no line is compared with the project's plan",
)  # fmt: skip
BUDGET_OF_PLAN: PlanRule = CheckRule(
    PLAN_REVIEW, "budget of a project's review, plan of the archive", "the same amount", planned_budget, "/funds",
    each=True,
)  # fmt: skip
