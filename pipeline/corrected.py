"""Tables with the corrections applied: the corrected forms' rows are made by the store itself, in a database in memory.

So a corrected value comes out of the same queries, with the same keys and amounts, as one that was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.reviews import apply, corrected_records, counting
from pipeline.rows import json_text
from pipeline.store import Store
from schemas.model import Document
from schemas.reading import FamilyMatch, FileReading, FormReading
from schemas.record import Record

Rows = tuple[list[str], list[tuple[Any, ...]]]
COLUMNS = ["file", "form_index", "pointer", "verdict", "applied", "old", "new", "who", "at", "why"]


def corrected_rows(store: Store, queries: Mapping[str, str], tables: Mapping[str, Rows]) -> dict[str, Rows]:
    """The tables with the rows of the forms that people changed in place of those that were read.

    Each query has the columns `file` and `form_index`; what tells of the reading (`family_match`) stays.
    """
    changed = _changed_records(store)
    if not changed:
        return dict(tables)
    with Store.open(":memory:") as memory:
        for (path, _), record in changed.items():
            document = Document(path, record.source.sha256, record.source.reader, len(record.source.pages), ())
            memory.save(FileReading(document, path, _forms(changed, path)), "", "")
        fresh = {name: memory.query(sql) for name, sql in queries.items()}
    return {name: (tables[name][0], _merge(tables[name], fresh[name], set(changed))) for name in tables}


def correction_rows(store: Store) -> Rows:
    """The corrections as a table: old and new as JSON; `applied` is no where the file reads otherwise by now."""
    rows = []
    for record in corrected_records(store):
        source = record["source"]
        for told in record.get("corrections", ()):
            applied = "yes" if told["applied"] else "no"
            head = (source["file"], source["form"], told["where"], told["verdict"], applied)
            rows.append((*head, json_text(told["old"]), json_text(told["new"]), told["who"], told["at"], told["why"]))
    return COLUMNS, rows


def _changed_records(store: Store) -> dict[tuple[str, int], Record]:
    """The corrected records by path and form, of the forms that some look changes."""
    changed = {}
    for (sha256, form), looks in counting(store).items():
        for record in store.records_of(sha256):
            done = apply(record, looks) if record["source"]["form"] == form else record
            if done != record:
                done.pop("corrections", None)
                changed[record["source"]["file"], form] = Record.model_validate(done)
    return changed


def _forms(changed: Mapping[tuple[str, int], Record], path: str) -> tuple[FormReading, ...]:
    """The forms of a file up to its last changed one, each at its own number; those between are empty."""
    numbers = {form: record for (where, form), record in changed.items() if where == path}
    some = next(iter(numbers.values()))
    empty = Record(source=some.source, family="", kind=some.kind, title=None, year=None, amount_unit=None)
    match = FamilyMatch(None, ())
    return tuple(FormReading(numbers.get(n, empty), (), match) for n in range(max(numbers) + 1))


def _merge(read: Rows, fresh: Rows, changed: set[tuple[str, int]]) -> list[tuple[Any, ...]]:
    columns = read[0]
    file, form = columns.index("file"), columns.index("form_index")
    kept = [row for row in read[1] if (row[file], row[form]) not in changed]
    made = [row for row in fresh[1] if (row[file], row[form]) in changed]
    if "family_match" in columns:  # it explains the reading, which is as it was
        of = columns.index("family_match")
        told = {(row[file], row[form]): row[of] for row in read[1]}
        made = [(*row[:of], told[row[file], row[form]], *row[of + 1 :]) for row in made]
    if "reader" in columns:
        of = columns.index("reader")
        told = {(row[file], row[form]): row[of] for row in read[1]}
        made = [(*row[:of], told.get((row[file], row[form]), row[of]), *row[of + 1 :]) for row in made]
    return sorted([*kept, *made], key=lambda row: (row[file], row[form]))
