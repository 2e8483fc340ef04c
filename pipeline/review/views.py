"""What the page shows of a form: its values in order, each with where it stands and what is known of it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select

from pipeline.archive.store import Store
from pipeline.people.looks import Look, looks_of
from pipeline.people.pointers import looked_at, risks_by_value, value_at
from schemas import tables as t
from schemas.model import Box, Reader


class NoSuchForm(Exception):
    """The database has no form of that number; it was read again, or taken out: load the page again."""

    def __init__(self, form: int) -> None:
        super().__init__(f"there is no form {form}; its file may have been read again: load the page again")


@dataclass(frozen=True)
class FormView:
    """A form as the page needs it. `paths` are those at which its content is known, the first one its own."""

    form: int
    sha256: str
    form_index: int
    reader: str
    paths: tuple[str, ...]
    record: dict[str, Any]
    origins: dict[str, dict[str, Any]]
    risks: dict[str, dict[str, Any]]
    looks: dict[str, list[Look]]

    @cached_property
    def pointers(self) -> list[str]:
        """The values that are looked at."""
        return list(looked_at(self.record))

    def as_dict(self) -> dict[str, Any]:
        source = self.record["source"]
        head = {key: self.record[key] for key in ("title", "year", "kind", "family", "amount_unit")}
        values = [self._value(pointer) for pointer in self.pointers]
        return {"form": self.form, "form_index": self.form_index, "source": source, **head, "values": values}

    def _value(self, pointer: str) -> dict[str, Any]:
        value = value_at(self.record, pointer)
        looks = self.looks.get(pointer, [])
        last = looks[-1] if looks else None
        about = [f for f in self.record["findings"] if _about(f["where"], pointer)]
        funds = self.record["funds"][int(pointer.split("/")[2])] if pointer.startswith("/funds/") else None
        return {
            "pointer": pointer,
            "value": value,
            "origin": self._origin(pointer),
            "risk": self.risks.get(pointer, {"kind": "", "risk": 0.0, "reasons": ""}),
            "findings": about,
            "line": None
            if funds is None
            else {"path": funds["path"], "column": funds["column"], "side": funds["side"]},
            "looks": [asdict(look) for look in looks],
            "standing": None if last is None else last.standing(value).value,
        }

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


def form_view(store: Store, form: int) -> FormView:
    """A form of the database. Raises NoSuchForm."""
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
        looks = defaultdict(list)
        for look in looks_of(connection, row.sha256, row.form_index):
            looks[look.pointer].append(look)
    origins = {o["pointer"]: _place(dict(o)) for o in places}
    risks = {
        pointer: {"kind": r.kind, "risk": r.risk, "reasons": r.reasons}
        for pointer, r in risks_by_value(record, risky).items()
    }
    paths = (row.path, *others)
    return FormView(form, row.sha256, row.form_index, row.reader, paths, record, origins, risks, dict(looks))


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
