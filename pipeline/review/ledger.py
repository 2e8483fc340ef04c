"""The forms of the database as review sees them: what names each, what of it is doubtful, and how far it was looked at.

What follows from a reading alone is made once a reading and kept; what people said is asked for each time.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from pipeline.people.looks import Look
from pipeline.people.pointers import is_looked_at, value_at, value_pointer
from pipeline.people.rows import taken_out
from pipeline.reading.risk import CONFIDENT
from schemas import tables as t
from schemas.frozen import dataclass
from schemas.verdicts import NOT_KNOWN, Doubt

Key = tuple[str, int]
"""A form by its content and its number in the file, which outlive a reading."""
Looks = Mapping[Key, Mapping[str, Look]]
"""The looks that count, by form and pointer."""
Said = tuple[str, str]
"""A finding: its rule and its message."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A value that something speaks against. `rules` are those of the findings about it; `empty`: none was read.
    Values with the same `block` were lost as one: nothing of them, or of the row that they name, is known, for one
    reason."""

    pointer: str
    risk: float
    rules: frozenset[str]
    empty: bool = False
    block: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A form: its number in the database, what names it, its doubtful values in the order of the record."""

    form: int
    sha256: str
    form_index: int
    file: str
    reader: str
    family: str
    kind: str
    year: int | None
    title: str | None
    unit: str | None
    project: str | None
    rules: tuple[str, ...]
    doubtful: tuple[Doubtful, ...]

    @property
    def key(self) -> Key:
        """What looks name the form by."""
        return self.sha256, self.form_index

    def left(self, looks: Looks) -> list[Doubtful]:
        """Its doubtful values that nobody has looked at; those of rows that were taken out are settled with them."""
        seen = looks.get(self.key)
        if not seen:
            return list(self.doubtful)
        gone = taken_out({pointer: look.value for pointer, look in seen.items() if look.changes})
        return [d for d in self.doubtful if d.pointer not in seen and row_of(d.pointer) not in gone]


def row_of(pointer: str) -> str:
    """The row, field or list that a value stands in: the first two keys of its pointer."""
    return "/".join(pointer.split("/", 3)[:3])


class Ledger:
    """The entries of all forms, in the order of the database. They are kept until a form is read anew."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Any, Entry]] = {}
        self._wholes: dict[int, tuple[Any, bool]] = {}
        self._lock = threading.Lock()

    def entries(self, connection: Connection) -> list[Entry]:
        """All forms as they are now."""
        with self._lock:
            rows = connection.execute(_FORMS).all()
            states = {row.id: tuple(row) for row in rows}
            stale = [row for row in rows if self._kept.get(row.id, (None,))[0] != states[row.id]]
            doubtful = _doubtful(connection, [row.id for row in stale if row.doubt is None or row.doubt >= CONFIDENT])
            for row in stale:
                self._kept[row.id] = (states[row.id], _entry(row, doubtful.get(row.id, ())))
            self._kept = {number: self._kept[number] for number in states}
            return [entry for _, entry in self._kept.values()]

    def wholes(self, looks: Looks, ask: Callable[[Entry], bool]) -> Callable[[Entry], bool]:
        """`ask`, whether every value of a form was looked at, asked again only where the looks at it are others."""

        def whole(entry: Entry) -> bool:
            said = looks.get(entry.key, {})
            state = (id(entry), len(said), max((look.id for look in said.values()), default=0))
            if self._wholes.get(entry.form, (None,))[0] != state:
                self._wholes[entry.form] = (state, ask(entry))
            return self._wholes[entry.form][1]

        return whole


_FORMS = (
    select(
        t.Form.id, t.File.sha256, t.Form.form_index, t.File.path, t.File.reader, t.Form.family, t.Form.kind,
        t.Form.year, t.Form.title, t.Form.implementing_unit, t.Form.reporting_unit, t.Form.project_name,
        t.Form.doubt, t.Form.rules, t.Form.record_sha256, t.File.code_version, t.File.settings,
    )
    .join(t.File, t.File.id == t.Form.file_id)
    .order_by(t.Form.id)
)  # fmt: skip


def _entry(row: Any, doubtful: Sequence[Doubtful]) -> Entry:
    unit = row.implementing_unit or row.reporting_unit
    rules = tuple((row.rules or "").split())
    return Entry(
        row.id, row.sha256, row.form_index, row.path, row.reader, row.family, row.kind, row.year, row.title, unit,
        row.project_name, rules, tuple(doubtful),
    )  # fmt: skip


CHUNK = 500  # forms that are asked for at a time


def _doubtful(connection: Connection, forms: Sequence[int]) -> dict[int, list[Doubtful]]:
    """The doubtful values of forms, in the order of their records."""
    told: dict[int, list[Doubtful]] = {}
    for start in range(0, len(forms), CHUNK):
        some = forms[start : start + CHUNK]
        risks: defaultdict[int, dict[str, float]] = defaultdict(dict)
        query = select(t.Risk.form_id, t.Risk.pointer, t.Risk.risk).where(t.Risk.risk >= CONFIDENT)
        rows = query.where(t.Risk.form_id.in_(some)).order_by(t.Risk.form_id, t.Risk.position)
        for form, leaf, risk in connection.execute(rows):
            own, pointer = risks[form], value_pointer({}, leaf)
            own[pointer] = max(risk, own.get(pointer, 0.0))
        records = select(t.Form.id, t.Form.record).where(t.Form.id.in_(list(risks)))
        for form, record in connection.execute(records):
            told[form] = list(_values(json.loads(record), risks[form]))
    return told


def doubtful_of(connection: Connection, form: int) -> Sequence[Doubtful]:
    """The doubtful values of one form."""
    return _doubtful(connection, [form]).get(form, ())


def _values(record: Mapping[str, Any], risks: Mapping[str, float]) -> Iterable[Doubtful]:
    findings: defaultdict[str, list[Said]] = defaultdict(list)
    for finding in record["findings"]:
        where = finding["where"]
        if where.count("/") > 1 or where in risks:
            findings[where].append((finding["rule"], finding["message"]))
            if (value := value_pointer(record, where)) != where:
                findings[value].append((finding["rule"], finding["message"]))
    whole = {
        where: kept for where, said in findings.items() if (kept := [each for each in said if each[0] in NOT_KNOWN])
    }
    for pointer, risk in risks.items():
        if not is_looked_at(record, pointer):
            continue
        row = row_of(pointer)
        said = [each for where in {pointer, row} for each in findings.get(where, ())]
        value = value_at(record, pointer)
        empty = value in (None, "", [])
        lost = sorted(each for where in ({pointer, row} if empty else {row}) for each in whole.get(where, ()))
        yield Doubtful(
            pointer,
            risk,
            frozenset(rule for rule, _ in said),
            empty,
            _block(pointer, value, lost, findings.get(pointer)),
        )


def _block(pointer: str, value: Any, lost: Sequence[Said], own: Sequence[Said] | None) -> str | None:
    """What makes values one decision: they were lost for one reason, or the same text was inferred for one column from
    one thing, as a level's name that a page break cut off its rows."""
    _, of, *rest = pointer.split("/")
    if lost:
        return "\n".join((of, *lost[0]))
    inferred = [each for each in own or () if each[0] == Doubt.INFERRED]
    if len(rest) < 2 or not inferred:
        return None
    return "\n".join((of, *rest[1:], *inferred[0], str(value)))
