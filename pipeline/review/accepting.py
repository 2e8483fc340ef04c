"""A form that people have looked at, value by value, becomes a golden; who looked and when is kept beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select

from pipeline.archive.store import Store
from pipeline.output.pictures.originals import NoOriginal, Originals
from pipeline.people.applied import apply
from pipeline.people.looks import Look, looks_of, that_count
from pipeline.people.pointers import looked_at
from pipeline.review.queue import unseen
from schemas import tables as t
from schemas.frozen import dataclass
from schemas.record import record_text

PROVENANCE = "provenance.json"  # in the set's folder, by form; overlays are named `<n>.<reader>.json`
READING = ("source", "findings", "corrections")  # what a record says of its reading, not of the paper


class CannotAccept(Exception):
    """The form cannot become a golden; the message says why."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A golden that was written, and how many of the file's forms have one now."""

    path: Path
    goldens: int
    forms: int


def accept(
    store: Store, name: str, number: int, by: str, goldens: Path, folders: Sequence[Path], at: str, force: bool = False
) -> Accepted:
    """Write form `number` of the file `name` (its record folder, or its path) as a golden below `goldens`.

    Raises CannotAccept: there is no such form, values of it are unseen or were read anew since, the golden is there.
    """
    query = select(t.File.path, t.File.name, t.File.sha256, t.File.reader, t.Form.record, t.Form.form_index)
    with store.reading() as connection:
        forms = connection.execute(
            query.join(t.Form, t.Form.file_id == t.File.id).where(or_(t.File.name == name, t.File.path == name))
        ).all()
        row = next((form for form in forms if form.form_index == number), None)
        if row is None:
            have = f"; it has {len(forms)}, from 0" if forms else ""
            raise CannotAccept(f"{name}: the database has no form {number} of it{have}")
        looks = that_count(looks_of(connection, row.sha256, number))
    record = json.loads(row.record)
    open_ = unseen(record, looks)
    if open_:
        count = len(list(looked_at(record)))
        raise CannotAccept(
            f"{name}, form {number}: {len(open_)} of {count} values have not been looked at, the first is {open_[0]}; "
            "`jixiao review` shows them (whole form)"
        )
    path = _path(goldens, row.name, number)
    folder = path.parent
    if path.exists() and not force:
        raise CannotAccept(f"{path}: is there already; --force overwrites it")
    source = _source(row.path, row.sha256, folders)
    told = apply(record, looks)
    folder.mkdir(parents=True, exist_ok=True)
    _add(folder / "sources.json", {row.reader: source})
    path.write_text(record_text({k: v for k, v in told.items() if k not in READING}), encoding="utf-8")
    _add(folder / PROVENANCE, {str(number): _provenance(row.sha256, by, at, looks, told)})
    return Accepted(path, sum(1 for p in folder.glob("*.json") if p.stem.isdigit()), len(forms))


def _path(goldens: Path, name: str, number: int) -> Path:
    return goldens / name.replace("/", "-") / f"{number}.json"


def golden_of(store: Store, form: int, goldens: Path) -> Path | None:
    """Where the golden of a form of the database stands, or would; None where there is no such form."""
    with store.reading() as connection:
        query = select(t.File.name, t.Form.form_index).join(t.Form, t.Form.file_id == t.File.id)
        row = connection.execute(query.where(t.Form.id == form)).one_or_none()
    return None if row is None else _path(goldens, row.name, row.form_index)


def _source(path: str, sha256: str, folders: Sequence[Path]) -> str:
    """Where the original stands, from the working folder; a golden without its filing could not be compared."""
    try:
        original = Originals(folders).find([path], sha256)
    except NoOriginal as error:
        raise CannotAccept(str(error)) from error
    here = Path.cwd().resolve()
    return original.relative_to(here).as_posix() if original.is_relative_to(here) else original.as_posix()


def _provenance(sha256: str, by: str, at: str, looks: Mapping[str, Look], record: Mapping[str, Any]) -> dict[str, Any]:
    who: dict[str, dict[str, Any]] = {}
    for look in looks.values():
        entry = who.setdefault(look.who, {"values": 0, "first": look.at, "last": look.at})
        entry["values"] += 1
        entry["first"], entry["last"] = min(entry["first"], look.at), max(entry["last"], look.at)
    applied = [c for c in record.get("corrections", ()) if c["applied"]]
    return {"sha256": sha256, "accepted_by": by, "at": at, "looked": who, "corrections": applied}


def _add(path: Path, entries: Mapping[str, Any]) -> None:
    """Put entries into a JSON object on disk, beside those that are there."""
    try:
        held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as error:
        raise CannotAccept(f"{path}: cannot be read as JSON: {error}") from error
    held.update(entries)
    path.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
