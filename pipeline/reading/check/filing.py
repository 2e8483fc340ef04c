"""The forms of one filing as what they say of the same things: looked up, so that each form costs its own length,
however many stand beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from schemas.frozen import dataclass
from schemas.language.keys import comparison_key
from schemas.record import Fund, Kind, Record

CODED = ("reporting_unit", "supervising_department", "implementing_unit")
PLANS = frozenset({Kind.DEPARTMENT_TARGET, Kind.PROJECT_TARGET})
PROJECTS = frozenset({Kind.PROJECT_TARGET, Kind.PROJECT_REVIEW})


@dataclass(frozen=True, slots=True)
class Saying:
    """What a form says of a thing: the number of the form, the value that is compared, and the text that is shown."""

    form: int
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A saying beside those of the other forms: whether most say the same with it, and the first that says another."""

    usual: bool
    other: str | None


class Sayings:
    """What the forms of a filing say of things, in their order."""

    def __init__(self, said: Mapping[str, Sequence[Saying]]) -> None:
        self._counts = {thing: Counter(s.value for s in sayings) for thing, sayings in said.items()}
        self._by_form = {thing: Counter(s.form for s in sayings) for thing, sayings in said.items()}
        self._by_both = {thing: Counter((s.form, s.value) for s in sayings) for thing, sayings in said.items()}
        self._leads = {thing: _leads(sayings) for thing, sayings in said.items()}

    def beside(self, thing: str, form: int, value: str) -> Beside | None:
        """What a form says of a thing, beside the others; None where no other one speaks of it."""
        others = self._by_form[thing].total() - self._by_form[thing][form]
        if not others:
            return None
        alike = self._counts[thing][value] - self._by_both[thing][form, value] + 1
        first = next((s.text for s in self._leads[thing] if s.form != form and s.value != value), None)
        return Beside(2 * alike > others + 1, first)


def _leads(sayings: Sequence[Saying]) -> list[Saying]:
    """The first sayings of each value, so many that one of them is another form's than any."""
    seen: Counter[str] = Counter()
    out = []
    for saying in sayings:
        if seen[saying.value] <= len(CODED):
            out.append(saying)
        seen[saying.value] += 1
    return out


PARTS: Mapping[str, Callable[[Record], list[str]]] = {
    # a code stands before a name or not, whatever the print
    "/fields": lambda record: [name for name in record.fields if not name.endswith("_code")],
    "/funds": lambda record: list(dict.fromkeys(f"{f.side}: {' / '.join(f.path)} ({f.column})" for f in record.funds)),
    "/columns": lambda record: record.columns,
}
"""What labels a form prints, by the part of the record."""


class Print:
    """The forms of one print: their numbers, and which labels how many of them print."""

    def __init__(self, forms: Sequence[int], records: Sequence[Record]) -> None:
        self.forms = forms
        self._parts = {(where, form): parts(records[form]) for where, parts in PARTS.items() for form in forms[:2]}
        self._printed = {
            where: Counter(part for form in forms for part in set(parts(records[form])))
            for where, parts in PARTS.items()
        }

    def lacking(self, form: int, record: Record) -> Iterator[tuple[str, list[str]]]:
        """(part of the record, labels that all other forms print there and this one does not)."""
        first = self.forms[1] if self.forms[0] == form else self.forms[0]
        for where, parts in PARTS.items():
            own, all_others = set(parts(record)), len(self.forms) - 1
            printed = self._printed[where]
            absent = [part for part in self._parts[where, first] if part not in own and printed[part] == all_others]
            if absent:
                yield where, absent


Total = tuple[str, Fund]
"""The unit and the line of a project's total."""


class Filing:
    """The forms of a filing, looked at once."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        by_code: dict[str, list[Saying]] = defaultdict(list)
        by_name: dict[str, list[Saying]] = defaultdict(list)
        prints: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for form, record in enumerate(records):
            for _, code, name in coded(record):
                key = comparison_key(name)
                by_code[code].append(Saying(form, key, name))
                by_name[key].append(Saying(form, code, code))
            prints[record.family, record.title].append(form)
        self.names, self.codes = Sayings(by_code), Sayings(by_name)
        self.years = Counter(r.year for r in records if r.year is not None)
        self._prints = {of: Print(forms, records) for of, forms in prints.items()}
        self._totals: dict[tuple[bool, str, str], list[tuple[int, Total]]] = defaultdict(list)
        for form, record in enumerate(records):
            if record.kind in PROJECTS:
                for (name, column), total in totals([record]).items():
                    self._totals[is_plan(record), name, column].append((form, total))

    def print_of(self, form: int) -> Print:
        """The forms of the same print as one."""
        record = self.records[form]
        return self._prints[record.family, record.title]

    def total_beside(self, form: int, name: str, column: str) -> Total | None:
        """The total of a project of that name (its comparison key) by another form of the same kind of year."""
        known = self._totals.get((is_plan(self.records[form]), name, column), [])
        return next((total for number, total in known[:2] if number != form), None)


def coded(record: Record) -> Iterator[tuple[str, str, str]]:
    """(field, code, name) of the units that a form prints with their codes."""
    for field in CODED:
        code, name = record.fields.get(f"{field}_code"), record.fields.get(field)
        if code and name:
            yield field, code, name


def is_plan(record: Record) -> bool:
    """Whether a form plans a year, and does not look back on one."""
    return record.kind in PLANS


def totals(projects: Sequence[Record]) -> dict[tuple[str, str], Total]:
    """The totals of projects by their names (comparison keys) and the columns of their money."""
    out: dict[tuple[str, str], Total] = {}
    for project in projects:
        name = project.fields.get("project_name")
        for fund in project.funds:
            if name and len(fund.path) == 1 and fund.is_money and fund.amount is not None:
                out.setdefault((comparison_key(name), fund.column), (fund.unit_in(project.amount_unit) or "", fund))
    return out
