"""What the page shows of a form: its values in order, each with where it stands and what is known of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, field
from functools import cached_property
from typing import Any

from sqlalchemy import select

from pipeline.archive.store import Store
from pipeline.people.looks import Look, looks_of, that_count
from pipeline.people.pointers import LISTS, looked_at, risks_by_value, value_at, value_pointer
from pipeline.people.rows import ROWS, cells_of, is_row
from pipeline.review.ledger import doubtful_of
from schemas import tables as t
from schemas.frozen import dataclass
from schemas.model import Box, Reader


class NoSuchForm(Exception):
    """The database has no form of that number; it was read again, or taken out: load the page again."""

    def __init__(self, form: int) -> None:
        super().__init__(f"there is no form {form}; its file may have been read again: load the page again")


@dataclass(frozen=True)
class FormView:
    """A form as the page needs it. `paths` are those at which its content is known, the first one its own, `offered`
    other readings of values that would make a check hold, `doubts` the rules by which the queue counts its doubtful
    values."""

    form: int
    sha256: str
    form_index: int
    reader: str
    paths: tuple[str, ...]
    record: dict[str, Any]
    origins: dict[str, dict[str, Any]]
    risks: dict[str, dict[str, Any]]
    looks: dict[str, list[Look]]
    offered: dict[str, tuple[str, ...]]
    doubts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def pointers(self) -> list[str]:
        """The values that are looked at."""
        return list(looked_at(self.record))

    @cached_property
    def known(self) -> frozenset[str]:
        """The same, to look one up."""
        return frozenset(self.pointers)

    def as_dict(self, told: Callable[[str], str] = str) -> dict[str, Any]:
        """Everything that the page shows; `told` says our sentences in its language."""
        source = self.record["source"]
        head = {key: self.record[key] for key in ("title", "year", "kind", "family", "amount_unit")}
        values = [self._value(pointer, told) for pointer in self.pointers]
        cells = {of: cells_of(self.record, of) for of in ROWS}
        at = {"form": self.form, "form_index": self.form_index, "source": source}
        return at | head | {"values": values, "rows": self._rows(), "cells": cells}

    @cached_property
    def standing(self) -> dict[str, Look]:
        """The looks that count, by pointer."""
        return that_count(sorted((look for looks in self.looks.values() for look in looks), key=lambda x: x.id))

    def _rows(self) -> list[dict[str, Any]]:
        """The rows that people added or took out, and how each stands."""
        rows = [(pointer, look) for pointer, look in self.standing.items() if look.changes and is_row(pointer)]
        return [
            {
                "pointer": pointer,
                "value": look.value,
                "look": asdict(look),
                "last": self.looks[pointer][-1].id,
                "standing": look.standing(value_at(self.record, pointer)).value,
            }
            for pointer, look in rows
        ]

    def _value(self, pointer: str, told: Callable[[str], str]) -> dict[str, Any]:
        value = value_at(self.record, pointer)
        looks = self.looks.get(pointer, [])
        look = self.standing.get(pointer)
        own = [f for f in self.record["findings"] if _about(f["where"], pointer)]
        about = [finding | {"message": told(finding["message"])} for finding in own]
        risk = self.risks.get(pointer, {"kind": "", "risk": 0.0, "reasons": ""})
        funds = self.record["funds"][int(pointer.split("/")[2])] if pointer.startswith("/funds/") else None
        return {
            "pointer": pointer,
            "value": value,
            "origin": self._origin(pointer),
            "risk": risk | {"reasons": "\n".join(told(reason) for reason in risk["reasons"].splitlines())},
            "findings": about,
            "line": None
            if funds is None
            else {"path": funds["path"], "column": funds["column"], "side": funds["side"]},
            "looks": [asdict(each) for each in looks],
            "look": None if look is None else asdict(look),
            "last": looks[-1].id if looks else 0,
            "standing": None if look is None else look.standing(value).value,
            "options": self._options(pointer, value),
            "doubts": self.doubts.get(pointer),
        }

    def _options(self, pointer: str, value: Any) -> list[str]:
        """Other texts that the value may be: what another pass read there, what would make a check hold."""
        if not isinstance(value, str | None) or pointer in LISTS:
            return []
        origin = self.origins.get(pointer) or {}
        texts = [text for text, _ in origin.get("readings", ())] + list(self.offered.get(pointer, ()))
        return [text for text in dict.fromkeys(texts) if text and text != value]

    def _origin(self, pointer: str) -> dict[str, Any] | None:
        """Where it stands: its own place, or that of what it is a part of."""
        at = pointer
        while at:
            if at in self.origins:
                return self.origins[at]
            at = at.rpartition("/")[0]
        return None


def _about(where: str, pointer: str) -> bool:
    """Whether a finding there is about this value: it, what it is a part of (a row, not a list), or a part of it."""
    if where == pointer or where.startswith(pointer + "/"):
        return where == pointer or pointer.count("/") > 1
    return pointer.startswith(where + "/") and where.count("/") > 1


def form_view(store: Store, form: int, who: str | None = None) -> FormView:
    """A form of the database, with the looks of one person only where one is named. Raises NoSuchForm."""
    query = select(t.File.id, t.File.path, t.File.sha256, t.File.reader, t.Form.form_index, t.Form.record)
    with store.reading() as connection:
        row = connection.execute(query.join(t.Form, t.Form.file_id == t.File.id).where(t.Form.id == form)).one_or_none()
        if row is None:
            raise NoSuchForm(form)
        others = connection.execute(select(t.FileAlias.path).where(t.FileAlias.file_id == row.id)).scalars().all()
        record = json.loads(row.record)
        places = connection.execute(select(t.Origin.__table__).where(t.Origin.form_id == form)).mappings().all()
        by_place = select(t.Risk.__table__).where(t.Risk.form_id == form).order_by(t.Risk.position)
        risky = connection.execute(by_place).all()
        checks = select(t.Check.offered).where(t.Check.form_id == form, t.Check.offered.is_not(None))
        offers = [each for told in connection.execute(checks).scalars() if told for each in json.loads(told)]
        looks = defaultdict(list)
        for look in looks_of(connection, row.sha256, row.form_index):
            if who in (None, look.who):
                looks[look.pointer].append(look)
        doubts = {each.pointer: sorted(each.rules) for each in doubtful_of(connection, form)}
    origins = {o["pointer"]: _place(dict(o)) for o in places}
    risks = {
        pointer: {"kind": r.kind, "risk": r.risk, "reasons": r.reasons}
        for pointer, r in risks_by_value(record, risky).items()
    }
    offered: defaultdict[str, list[str]] = defaultdict(list)
    for pointer, text in offers:
        offered[value_pointer(record, pointer)].append(text)
    texts = {pointer: tuple(each) for pointer, each in offered.items()}
    paths = (row.path, *others)
    known = (record, origins, risks, dict(looks), texts, doubts)
    return FormView(form, row.sha256, row.form_index, row.reader, paths, *known)


def on_page(store: Store, sha256: str, page: int) -> tuple[bool, tuple[Box, ...]]:
    """Whether a scan was read in a file, and where the values of all its forms stand on a page, in points.

    A page lies one way, whichever of its forms is looked at; a form alone may have no boxes to tell it by.
    """
    forms = select(t.Form.record).join(t.File).where(t.File.sha256 == sha256)
    places = select(t.Origin.__table__).join(t.Form, t.Form.id == t.Origin.form_id).join(t.File)
    here = places.where(t.File.sha256 == sha256, t.Origin.page == page)
    with store.reading() as connection:
        sources = [json.loads(record)["source"] for record in connection.execute(forms).scalars()]
        rows = connection.execute(here.order_by(t.Origin.form_id, t.Origin.position)).mappings()
        boxes = [_place(dict(row))["box"] for row in rows]
    return any(source["reader"] == Reader.OCR for source in sources), tuple(Box(*box) for box in boxes if box)


def _place(row: dict[str, Any]) -> dict[str, Any]:
    edges = tuple(row[f"box_{side}"] for side in ("left", "top", "right", "bottom"))
    kept = {key: row[key] for key in ("raw", "page", "reader", "score", "covered", "line", "column", "sheet")}
    readings = json.loads(row["readings"]) if row["readings"] else []
    return {**kept, "readings": readings, "box": None if None in edges else edges}
