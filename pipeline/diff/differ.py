"""From two sides to rows and counts: filings matched, forms aligned, values compared, every one of them counted."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.diff.align import SURE_GAP, align, likeness, profile
from pipeline.diff.classify import AGREEING, Class, Compared, Excuse, alone, compare
from pipeline.diff.sides import FileSide, FormSide, Match, Side, Spot, ToldRisk, match_files
from pipeline.people.goldens import overlay_of
from schemas.compare import ABSENT, equal
from schemas.frozen import dataclass
from schemas.kinds import ValueKind, kind_of

if TYPE_CHECKING:
    import pandas as pd

HEAD = ("title", "kind", "year")  # what a form is told by, with the names of its project and unit
NAMES = ("project_name", "implementing_unit", "reporting_unit")
COUNTED = ("class", "kind", "family", "reader", "file")  # what the counts are kept by
ID_DIGITS = 10  # hexadecimal digits of a row's id


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One value that is not the same on both sides. `form` is A's number, else B's; `values` more than 1 stands
    for a whole form that only one side has."""

    id: str
    file: str
    form: int
    family: str
    reader: str
    kind: str
    compared: Compared
    doubt: ToldRisk | None = None
    spots: tuple[Spot | None, Spot | None] = (None, None)
    files: tuple[FileSide | None, FileSide | None] = (None, None)
    scanned: tuple[bool, bool] = (False, False)
    values: int = 1


@dataclass(frozen=True, slots=True)
class Diff:
    """What came of a comparison: all matches, the rows, and how many values there are of each (`COUNTED`)."""

    a: Side
    b: Side
    matches: tuple[Match, ...]
    rows: tuple[ComparedRow, ...]
    counts: Counter[tuple[str, str, str, str, str]]
    left_out: int = 0  # filings that one side has and that were not to be compared

    @property
    def differences(self) -> int:
        """How many values are not the same, in whatever form."""
        return sum(n for (cls, *_), n in self.counts.items() if Class(cls) not in AGREEING)

    @property
    def values(self) -> int:
        """How many values were compared."""
        return self.counts.total()

    def table(self, by: str) -> pd.DataFrame:
        """Numbers of values: one row for each of `by` (one of COUNTED but the class), a column a class, and all."""
        import pandas as pd  # heavy: only where figures are asked for

        counted = pd.DataFrame([(*key, n) for key, n in sorted(self.counts.items())], columns=[*COUNTED, "values"])
        made = counted.pivot_table(index=by, columns="class", values="values", aggfunc="sum", fill_value=0)
        made = made.reindex(columns=[c.value for c in Class], fill_value=0).astype("int64")
        made["values"] = made.sum(axis=1)
        return made.sort_index()


def diff(a: Side, b: Side, *, common: bool = False) -> Diff:
    """Compare all filings of two sides; with `common`, those alone that both have."""
    matched = match_files(a, b)
    matches = [m for m in matched if m.a is not None and m.b is not None] if common else matched
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    rows: list[ComparedRow] = []
    taken: Counter[str] = Counter()
    for match in matches:
        for left, right in _forms(match):
            for row in _compare_forms(match, left, right, counts):
                rows.append(_with_own_id(row, taken))
    return Diff(a, b, tuple(matches), tuple(rows), counts, len(matched) - len(matches))


def _forms(match: Match) -> Iterator[tuple[tuple[int, FormSide] | None, tuple[int, FormSide] | None]]:
    """The forms of two filings in pairs, each with its number."""
    a = match.a.forms if match.a else ()
    b = match.b.forms if match.b else ()
    heads = [[profile(_head(form)) for form in forms] for forms in (a, b)]
    keys = [[tuple(head.items()) for head in side] for side in heads]
    for i, j in align(keys[0], keys[1], lambda i, j: likeness(heads[0][i], heads[1][j]), gap=SURE_GAP):
        yield None if i is None else (i, a[i]), None if j is None else (j, b[j])


def _head(form: FormSide) -> dict[str, Any]:
    fields = form.record.get("fields") or {}
    return {name: form.record.get(name) for name in HEAD} | {name: fields.get(name) for name in NAMES}


def _compare_forms(
    match: Match,
    left: tuple[int, FormSide] | None,
    right: tuple[int, FormSide] | None,
    counts: Counter[tuple[str, str, str, str, str]],
) -> Iterator[ComparedRow]:
    """The rows of two forms; all their values are counted."""
    forms = (left[1] if left else None, right[1] if right else None)
    number = (left or right or (0,))[0]
    family = str(next(f for f in forms if f is not None).record.get("family", ""))
    reader = _reader(forms)
    compared = _compared(forms)
    whole = len(compared) if None in forms else 0
    for each in compared:
        doubt = next((d for d in _doubts(forms, each) if d is not None), None)
        kind = doubt.kind if doubt else kind_of(each.where).value
        counts[each.cls.value, kind, family, reader, match.name] += 1
        if each.cls is Class.SAME or whole:
            continue
        spots = (_spot(forms[0], each.left), _spot(forms[1], each.right))
        scanned = tuple(f is not None and f.reader == "ocr" for f in forms)
        yield ComparedRow(
            _id(match.name, number, each),
            match.name,
            number,
            family,
            reader,
            kind,
            each,
            doubt,
            spots,
            (match.a, match.b),
            (scanned[0], scanned[1]),
        )
    if whole:
        lone = _lone_form(forms)
        kind = ValueKind.STRUCTURE.value
        yield ComparedRow(
            _id(match.name, number, lone), match.name, number, family, reader, kind, lone,
            files=(match.a, match.b), values=whole,
        )  # fmt: skip


def _compared(forms: tuple[FormSide | None, FormSide | None]) -> list[Compared]:
    a, b = forms
    if a is not None and b is not None:
        return compare(a.record, b.record, _excuse(a, b))
    if a is not None:
        return alone(a.record, Class.ONLY_A)
    assert b is not None
    return alone(b.record, Class.ONLY_B)


def _lone_form(forms: tuple[FormSide | None, FormSide | None]) -> Compared:
    """A form that one side has, as one row: its title stands for its values."""
    a, b = forms
    if a is not None:
        return Compared("", None, a.record.get("title"), ABSENT, Class.ONLY_A)
    assert b is not None
    return Compared(None, "", ABSENT, b.record.get("title"), Class.ONLY_B)


def _excuse(a: FormSide, b: FormSide) -> Excuse:
    """What a golden's overlay says of the other side's reader: a value that its source lost or prints otherwise
    must read as the overlay says."""
    golden, other = (a, b) if a.overlays else (b, a)
    entries = {entry.where: entry for entry in golden.overlays.get(other.reader, ())}

    def excuse(each: Compared) -> str | None:
        pointer, read = (each.left, each.b) if golden is a else (each.right, each.a)
        entry = overlay_of(pointer, entries) if pointer else None
        if entry is None or (pointer == entry.where and not equal(None if read is ABSENT else read, entry.reads)):
            return None
        return entry.reason

    return excuse


def _reader(forms: tuple[FormSide | None, FormSide | None]) -> str:
    """The road of both sides; both of them where they differ."""
    return " → ".join(dict.fromkeys(f.reader for f in forms if f is not None))


def _doubts(forms: tuple[FormSide | None, FormSide | None], each: Compared) -> Iterator[ToldRisk | None]:
    """The risks of a value, B's first: B is the one in question."""
    for form, pointer in ((forms[1], each.right), (forms[0], each.left)):
        if form is not None and pointer is not None:
            yield form.doubts.get(pointer)


def _spot(form: FormSide | None, pointer: str | None) -> Spot | None:
    return form.spot(pointer) if form is not None else None


def _id(file: str, form: int, each: Compared) -> str:
    """A name for a row that its content alone gives, so that a link to it lasts."""
    said = [file, form, each.cls.value, each.left, each.right, shown(each.a), shown(each.b)]
    text = json.dumps(said, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]


def _with_own_id(row: ComparedRow, taken: Counter[str]) -> ComparedRow:
    """The row; where its id is another's already, with a number behind it."""
    taken[row.id] += 1
    return row if taken[row.id] == 1 else replace(row, id=f"{row.id}-{taken[row.id]}")


def shown(value: Any) -> str | None:
    """A value as text: None for a blank and for what is absent."""
    if value is None or value is ABSENT:
        return None
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def summary(matches: Sequence[Match]) -> list[dict[str, str | int | None]]:
    """What was held against what, one entry a pair."""
    return [
        {
            "a": m.a.path if m.a else None,
            "b": m.b.path if m.b else None,
            "by": m.by,
            "forms_a": len(m.a.forms) if m.a else 0,
            "forms_b": len(m.b.forms) if m.b else 0,
        }
        for m in matches
    ]
