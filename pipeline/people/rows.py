"""Rows that people add to the lists of a record because the reading missed them, and rows that they take out because
the form prints none.

A row is taken out by a correction of the row itself to null (`/indicators/3`). A row is added by one that stands
before a row as read (`/indicators/4+1`, the first new one before row 4; the number of rows: at the end); it holds as
long as the list has as many rows as it had then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.people.pointers import ADDED
from schemas.language.columns import COLUMNS, Shape
from schemas.language.money import parse_amount
from schemas.language.values import parse_anew
from schemas.language.vocabulary import load_words
from schemas.pointers import parts
from schemas.record import Indicator

ROWS = ("indicators", "funds", "tasks")
TYPED = {c.role: c for c in COLUMNS if c.shape in (Shape.TEXT, Shape.PART)}  # columns of which one text is a cell
TASK = ("name", "content")  # cells of a task, where the form has no other one to go by
FUND = ("side", "path", "column", "amount")
SIDES = ("income", "expenditure")


def is_added(pointer: str) -> bool:
    """Whether a pointer is that of a row that a person adds."""
    return "+" in pointer and ADDED.fullmatch(pointer) is not None


def is_row(pointer: str) -> bool:
    """Whether a pointer means a whole row of a list, one that was read or one that is added."""
    keys = parts(pointer)
    read = len(keys) == 2 and keys[0] in ROWS and keys[1].isascii() and keys[1].isdigit()
    return read or is_added(pointer)


def cells_of(record: Mapping[str, Any], of: str) -> tuple[str, ...]:
    """The cells that a new row of a list is typed in, by their names."""
    if of == "indicators":
        return tuple(role for role in record["columns"] if role in TYPED)
    if of == "funds":
        return FUND
    texts = (key for task in record["tasks"] for key, value in task.items() if not isinstance(value, Mapping))
    return tuple(dict.fromkeys(texts)) or TASK


def made_row(record: Mapping[str, Any], of: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """A new row of a list from what was typed into its cells. Raises ValueError."""
    cells = {name: text.strip() or None for name, text in typed.items()}
    if unknown := cells.keys() - set(cells_of(record, of)):
        raise ValueError(f"rows of {of} have no {', '.join(sorted(unknown))}")
    if not any(cells.values()):
        raise ValueError("a row without any text is none")
    match of:
        case "indicators":
            return _indicator(record, cells)
        case "funds":
            return _fund(cells)
    return {name: cells.get(name) for name in cells_of(record, of)}


def _indicator(record: Mapping[str, Any], cells: Mapping[str, str | None]) -> dict[str, Any]:
    row: dict[str, Any] = Indicator().model_dump(mode="json")
    for role in record["columns"]:
        if (column := TYPED.get(role)) is None:
            continue
        if column.part:
            row[column.key][column.part] = cells.get(role)
        else:
            row[column.key] = cells.get(role)
    parse_anew(row, load_words())
    return row


def _fund(cells: Mapping[str, str | None]) -> dict[str, Any]:
    side, raw = cells.get("side"), cells.get("amount")
    path = [label.strip() for label in (cells.get("path") or "").splitlines() if label.strip()]
    if side not in SIDES or not path or not cells.get("column"):
        raise ValueError(f"a money line has a side ({' or '.join(SIDES)}), its labels and a column")
    amount = None if raw is None else parse_amount(raw, load_words())
    if raw is not None and amount is None:
        raise ValueError(f"{raw!r} is no amount")
    return {"side": side, "path": path, "column": cells["column"], "amount": amount and amount.digits, "raw": raw}


def taken_out(changes: Mapping[str, Any]) -> set[str]:
    """The rows as read that are taken out, by their pointers; `changes` are the new values by pointer."""
    return {pointer for pointer, value in changes.items() if value is None and is_row(pointer)}


def with_rows(record: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The record with the rows that `changes` add, without those that they take out; its findings point at the rows as
    they stand now."""
    if not any(is_row(pointer) for pointer in changes):
        return record
    done, moves = dict(record), moves_of(record, changes)
    for of in ROWS:
        done[of], _ = _new_list(record[of], of, changes)
    findings = [finding | {"where": moved(finding["where"], moves)} for finding in record["findings"]]
    done["findings"] = [finding for finding in findings if finding["where"] is not None]
    return done


Moves = Mapping[str, str | None]


def moves_of(record: Mapping[str, Any], changes: Mapping[str, Any]) -> Moves:
    """Where the rows as read stand when the changes are made, by their pointers: those that move, None for those that
    go."""
    moves: dict[str, str | None] = {}
    for of in ROWS:
        _, places = _new_list(record[of], of, changes)
        for old, new in enumerate(places):
            if new != old:
                moves[f"/{of}/{old}"] = None if new is None else f"/{of}/{new}"
    return moves


def moved(where: str, moves: Moves) -> str | None:
    """A pointer into the record as read as it is when rows moved; None where its row is gone."""
    row = "/".join(where.split("/", 3)[:3])
    to = moves.get(row, row)
    return None if to is None else to + where[len(row) :]


def places_of(changes: Mapping[str, Any], of: str, length: int) -> list[int | None]:
    """Which row as read each row of a changed list of `length` rows was; None for those that were added."""
    rows, _ = _new_list([(number,) for number in range(length)], of, changes)
    return [row[0] if isinstance(row, tuple) else None for row in rows]


def _new_list(rows: list[Any], of: str, changes: Mapping[str, Any]) -> tuple[list[Any], list[int | None]]:
    """A list with its changes, and where each of its rows as read stands then (None: nowhere)."""
    added: dict[int, list[tuple[int, Any]]] = {}
    for pointer, value in changes.items():
        if (place := ADDED.fullmatch(pointer)) and place[1] == of and value is not None:
            added.setdefault(int(place[2]), []).append((int(place[3]), value))
    new: list[Any] = []
    places: list[int | None] = []
    for number in range(len(rows) + 1):
        new += [row for _, row in sorted(added.get(number, ()), key=lambda each: each[0])]
        if number == len(rows):
            break
        gone = f"/{of}/{number}" in changes and changes[f"/{of}/{number}"] is None
        places.append(None if gone else len(new))
        if not gone:
            new.append(rows[number])
    return new, places
