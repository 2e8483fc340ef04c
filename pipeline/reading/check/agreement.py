"""Agreement between forms: of one filing, and between the plan of a project and the review of it.

What two forms say of the same thing is compared by comparison keys and exact decimals; which of them is right no
form can tell, so that a difference is undecidable, and it stands at the later form (the review, the minority).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pipeline.reading.check.form import number_in
from pipeline.reading.check.sums import text_of
from schemas.language.keys import comparison_key, printed_unit
from schemas.reading import Check, FormReading
from schemas.record import NOT_MONEY, Fund, Kind, Record, Verdict

CODED = ("reporting_unit", "supervising_department", "implementing_unit")
PLANS = frozenset({Kind.DEPARTMENT_TARGET, Kind.PROJECT_TARGET})
PROJECTS = frozenset({Kind.PROJECT_TARGET, Kind.PROJECT_REVIEW})
BUDGET = "full_year_budget"
PLAN_REVIEW = "agreement.plan-review"
FEWEST_ALIKE = 2  # other forms of one print, before what they share counts as its labels


def agree_in_filing(forms: Sequence[FormReading]) -> list[list[Check]]:
    """For each form of a filing the outcomes of what it says beside the others; [] for a form by itself."""
    records = [form.record for form in forms]
    if len(records) < 2:
        return [[] for _ in records]
    parts = (_names, _codes, _years, _parts, _amounts)
    return [[check for part in parts for check in part(record, records)] for record in records]


def _names(record: Record, records: Sequence[Record]) -> Iterator[Check]:
    """One code, one name: the name that most places of the filing print beside a code counts."""
    rule = "agreement.names"
    held, compared = 0, 0
    for field in CODED:
        code, name = record.fields.get(f"{field}_code"), record.fields.get(field)
        if not code or not name:
            continue
        others = [n for r in records if r is not record for c, n in _coded(r) if c == code]
        if not others:
            continue
        compared += 1
        names = [comparison_key(n) for n in (name, *others)]
        if 2 * names.count(names[0]) > len(names):
            held += 1
            continue
        other = next(n for n in others if comparison_key(n) != comparison_key(name))
        message = f"{code} is called {name} here and {other} in another form of the filing"
        yield Check(rule, str(Verdict.UNDECIDABLE), f"/fields/{field}", name, other, message)
    if not compared:
        yield Check(rule, "not_applicable", "/fields", None, None, "no code stands in another form of the filing too")
    elif held == compared:
        yield Check(rule, "holds", "/fields", None, None, f"{held} codes have the same names in the filing's forms")


def _codes(record: Record, records: Sequence[Record]) -> Iterator[Check]:
    """One name, one code."""
    rule = "agreement.codes"
    held, compared = 0, 0
    for field in CODED:
        code, name = record.fields.get(f"{field}_code"), record.fields.get(field)
        if not code or not name:
            continue
        key = comparison_key(name)
        others = [c for r in records if r is not record for c, n in _coded(r) if comparison_key(n) == key]
        if not others:
            continue
        compared += 1
        if 2 * (others.count(code) + 1) > len(others) + 1:
            held += 1
            continue
        other = next(c for c in others if c != code)
        message = f"{name} has the code {code} here and {other} in another form of the filing"
        yield Check(rule, str(Verdict.UNDECIDABLE), f"/fields/{field}_code", code, other, message)
    if not compared:
        yield Check(rule, "not_applicable", "/fields", None, None, "no coded name stands in another form too")
    elif held == compared:
        yield Check(rule, "holds", "/fields", None, None, f"{held} names have the same codes in the filing's forms")


def _parts(record: Record, records: Sequence[Record]) -> Iterator[Check]:
    """Forms of one print have the same labels: what all others of the family print, this one prints too."""
    rule = "agreement.same-parts"
    alike = [r for r in records if r is not record and (r.family, r.title) == (record.family, record.title)]
    if len(alike) < FEWEST_ALIKE:
        yield Check(rule, "not_applicable", "", None, None, "not three forms of one print are in the filing")
        return
    missing = []
    for where, parts in (("/fields", _fields), ("/funds", _lines), ("/columns", _columns)):
        own = parts(record)
        others = [set(parts(r)) for r in alike]
        absent = [part for part in parts(alike[0]) if part not in own and all(part in other for other in others)]
        if absent:
            missing.append(where)
            message = f"{'; '.join(absent[:3])} is not read here, though all other forms of this print have it"
            yield Check(rule, str(Verdict.UNDECIDABLE), where, None, absent[0], message)
    if not missing:
        yield Check(rule, "holds", "", None, None, f"the parts of {len(alike)} other forms of this print")


def _fields(record: Record) -> list[str]:
    # a code stands before a name or not, whatever the print
    return [name for name in record.fields if not name.endswith("_code")]


def _lines(record: Record) -> list[str]:
    return list(dict.fromkeys(f"{f.side}: {' / '.join(f.path)} ({f.column})" for f in record.funds))


def _columns(record: Record) -> list[str]:
    return record.columns


def _coded(record: Record) -> Iterator[tuple[str, str]]:
    for field in CODED:
        code, name = record.fields.get(f"{field}_code"), record.fields.get(field)
        if code and name:
            yield code, name


def _years(record: Record, records: Sequence[Record]) -> Iterator[Check]:
    """The forms of a filing are of one year."""
    rule = "agreement.year"
    years = Counter(r.year for r in records if r.year is not None)
    if record.year is None or sum(years.values()) < 2:
        yield Check(rule, "not_applicable", "/year", None, None, "no other form of the filing prints a year")
        return
    best = max(sorted(years), key=lambda y: years[y])
    if years[record.year] == years[best]:
        yield Check(rule, "holds", "/year", str(record.year), str(best), "the year of the filing's forms")
    else:
        message = f"the form is of {record.year}, most of the filing's forms are of {best}"
        yield Check(rule, str(Verdict.UNDECIDABLE), "/year", str(record.year), str(best), message)


def _amounts(record: Record, records: Sequence[Record]) -> Iterator[Check]:
    """The lines of projects in a department's form, beside the totals of the projects' own forms."""
    rule = "agreement.project-amount"
    projects = [r for r in records if r is not record and r.kind in PROJECTS and _plan(r) == _plan(record)]
    yield from _lines_against(rule, record, projects, "the project's own form")


def _plan(record: Record) -> bool:
    return record.kind in PLANS


def _lines_against(rule: str, record: Record, projects: Sequence[Record], where_from: str) -> Iterator[Check]:
    """The money lines of a form that are named like a project, beside that project's total."""
    totals: dict[tuple[str, str], tuple[str, Fund]] = {}
    for project in projects:
        name = project.fields.get("project_name")
        for fund in project.funds:
            if name and len(fund.path) == 1 and fund.column not in NOT_MONEY and fund.amount is not None:
                unit = printed_unit(fund.raw) or project.amount_unit
                totals.setdefault((comparison_key(name), fund.column), (unit or "", fund))
    compared, failing = 0, []
    for i, fund in enumerate(record.funds):
        found = totals.get((comparison_key(fund.path[-1]) if fund.path else "", fund.column))
        mine = number_in(fund.amount)
        if found is None or mine is None or len(fund.path) < 2:
            continue
        unit, other = found
        theirs = number_in(other.amount)
        if theirs is None or unit != (printed_unit(fund.raw) or record.amount_unit or ""):
            continue
        compared += 1
        if theirs.value != mine.value:
            printed, computed = text_of(mine.value), text_of(theirs.value)
            message = f"{fund.path[-1]} ({fund.column}) is {printed} here and {computed} in {where_from}"
            failing.append(Check(rule, str(Verdict.UNDECIDABLE), f"/funds/{i}", printed, computed, message))
    if failing:
        yield from failing
    elif compared:
        yield Check(rule, "holds", "/funds", None, None, f"{compared} amounts are those of {where_from}")
    else:
        yield Check(rule, "not_applicable", "/funds", None, None, f"no line is compared with {where_from}")


def agree_with_plans(records: Mapping[int, Record]) -> dict[int, list[Check]]:
    """For each review among records, by its number, the outcomes beside the plans of the same unit and year.

    The order of the records does not matter: plans count by their content and form. A review whose plans are not in
    the archive has one outcome that says so. See `pipeline.archive.plan_reviews`.
    """
    plans = sorted((r for r in records.values() if _plan(r)), key=lambda r: (r.source.sha256, r.source.form))
    known: dict[tuple[int | None, str], set[int]] = {}  # plans by their year and each of their units
    for i, plan in enumerate(plans):
        year = plan.year if plan.year is not None else _start_year(plan)
        for unit in _units(plan) if year is not None else ():
            known.setdefault((year, unit), set()).add(i)
    found = {}
    for number, review in sorted((n, r) for n, r in records.items() if not _plan(r)):
        same = {i for unit in _units(review) for i in known.get((review.year, unit), ())}
        found[number] = list(_review(review, [plans[i] for i in sorted(same)]))
    return found


def _start_year(record: Record) -> int | None:
    text = (record.fields.get("start_date") or "")[:4]
    return int(text) if text.isdigit() and len(text) == 4 else None


def _units(record: Record) -> set[str]:
    names = (record.fields.get(name) for name in ("reporting_unit", "implementing_unit"))
    return {comparison_key(name) for name in names if name and any(c.isalnum() for c in name)}


def _review(review: Record, plans: Sequence[Record]) -> Iterator[Check]:
    rule = PLAN_REVIEW
    if review.kind not in PROJECTS:
        yield from _lines_against(rule, review, [p for p in plans if p.kind in PROJECTS], "the project's plan")
        return
    name = comparison_key(review.fields.get("project_name") or "")
    plan = next((p for p in plans if name and comparison_key(p.fields.get("project_name") or "") == name), None)
    if plan is None:
        yield Check(rule, "not_applicable", "/funds", None, None, "the archive holds no plan of the project")
        return
    total = next((f for f in plan.funds if len(f.path) == 1 and f.column == BUDGET), None)
    budget = ("initial_budget", BUDGET)
    own = next(((i, f) for c in budget for i, f in enumerate(review.funds) if len(f.path) == 1 and f.column == c), None)
    mine, theirs = number_in(own[1].amount if own else None), number_in(total.amount if total else None)
    same_unit = total is not None and own is not None and _unit(total, plan) == _unit(own[1], review)
    if own is None or mine is None or theirs is None or not same_unit:
        yield Check(rule, "not_applicable", "/funds", None, None, "plan and review print no amount to compare")
        return
    where, printed, computed = f"/funds/{own[0]}", text_of(mine.value), text_of(theirs.value)
    if mine.value == theirs.value:
        yield Check(rule, "holds", where, printed, computed, "the budget is that of the plan")
    else:
        message = f"the budget is {printed} here and {computed} in the plan"
        yield Check(rule, str(Verdict.UNDECIDABLE), where, printed, computed, message)


def _unit(fund: Fund, record: Record) -> str | None:
    return printed_unit(fund.raw) or record.amount_unit
