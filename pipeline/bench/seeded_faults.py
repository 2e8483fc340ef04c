"""Single-cell faults put into right readings, as a misreading makes them: what checks must find.

A fault changes one value (a digit, a sign), trades two neighbouring ones (a shifted row, a swapped column), or takes
a line away (a lost child). With `places` the traded values keep the place on paper where they were seen, as when a
word is given to the wrong row; without, they take the place of the cell they stand in, as when the words themselves
are found in the wrong cell: then only the values can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pipeline.reading.risk import LEVEL, MONEY, POINTS, STRUCTURE, TARGET
from schemas.frozen import dataclass
from schemas.kinds import kind_of
from schemas.language.money import parse_amount
from schemas.language.values import parse_anew
from schemas.language.vocabulary import Words, load_words
from schemas.model import Table
from schemas.reading import FormReading, Origin
from schemas.record import Record

DIGIT, SIGN, SHIFTED, LOST, SWAPPED = "digit", "sign", "shifted row", "lost child", "swapped column"
OPPOSITE = {"≥": "≤", "≤": "≥", "=": "≥", ">": "<", "<": ">", "＝": "≥"}
OPPOSITE |= dict.fromkeys(load_words().all.qualitative[:1], "≥")
LEAVES = ("level3", "op", "unit", "actual", "score")
SWAPS = (
    ("targets/half_year", "targets/full_year"),
    ("targets/whole_project", "targets/full_year"),
    ("targets/full_year", "actual"),
    ("weights/full_year", "score"),
    ("weights/whole_project", "weights/full_year"),
    ("targets/full_year", "weights/full_year"),
    ("unit", "op"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a form: its kind, what it hurts (money, points, structure, target, name, text), the pointer of the
    value, and `to`: the new text, the pointer that it trades with, or nothing for a line that is lost."""

    form: int
    kind: str
    hurts: str
    where: str
    to: str = ""


def possible_faults(reading: FormReading, number: int, chance: np.random.Generator) -> Iterator[Fault]:
    """Every fault that a form can have, one for each value and kind."""
    record = reading.record.as_dict()
    for where, text in _printed(record):
        hurts = _hurts(where, text)
        if digit := _digit_changed(text, chance):
            yield Fault(number, DIGIT, hurts, where, digit)
        if sign := _sign_changed(where, text, hurts):
            yield Fault(number, SIGN, hurts, where, sign)
    yield from _shifts(record, number)
    yield from _swaps(record, number)
    lines = dict.fromkeys((f["side"], tuple(f["path"])) for f in record["funds"])
    for side, path in lines:
        first = next(i for i, f in enumerate(record["funds"]) if (f["side"], tuple(f["path"])) == (side, path))
        filled = any(f["amount"] for f in record["funds"] if (f["side"], tuple(f["path"])) == (side, path))
        yield Fault(number, LOST, MONEY if filled else STRUCTURE, f"/funds/{first}")
    for i in range(len(record["indicators"])):
        yield Fault(number, LOST, STRUCTURE, f"/indicators/{i}")


def _printed(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The pointers and texts of values that one cell prints."""
    for name, text in record["fields"].items():
        if text:
            yield f"/fields/{name}", text
    for i, fund in enumerate(record["funds"]):
        if fund["raw"]:
            yield f"/funds/{i}", fund["raw"]
    for i, row in enumerate(record["indicators"]):
        for name in (*LEAVES, *(f"{g}/{k}" for g in ("targets", "weights") for k in row[g])):
            if text := _leaf(row, name):
                yield f"/indicators/{i}/{name}", text


def _leaf(row: Mapping[str, Any], name: str) -> str | None:
    group, _, key = name.partition("/")
    text: str | None = row[group].get(key) if key else row.get(group)
    return text


def _hurts(where: str, text: str) -> str:
    kind = MONEY if where.startswith("/funds/") else kind_of(where).value
    return STRUCTURE if kind == LEVEL else kind


def _digit_changed(text: str, chance: np.random.Generator) -> str | None:
    places = [i for i, c in enumerate(text) if c in "0123456789"]
    if not places:
        return None
    at = int(chance.choice(places))
    other = str((int(text[at]) + int(chance.integers(1, 10))) % 10)
    return text[:at] + other + text[at + 1 :]


def _sign_changed(where: str, text: str, hurts: str) -> str | None:
    """An operator turned round, a decimal point lost, or a minus where none is printed."""
    if hurts == TARGET:
        return next((text.replace(a, b, 1) for a, b in OPPOSITE.items() if text.startswith(a)), None)
    if hurts in (MONEY, POINTS):
        return text.replace(".", "", 1) if "." in text else f"-{text}"
    return None


def _shifts(record: Mapping[str, Any], number: int) -> Iterator[Fault]:
    """Values that trade with the one below them; a level's name that reaches one row too far."""
    rows = record["indicators"]
    for i in range(len(rows) - 1):
        names = (*LEAVES, *(f"{g}/{k}" for g in ("targets", "weights") for k in rows[i][g]))
        for name in names:
            if _leaf(rows[i], name) != _leaf(rows[i + 1], name):
                where = f"/indicators/{i}/{name}"
                yield Fault(number, SHIFTED, _hurts(where, ""), where, f"/indicators/{i + 1}/{name}")
        for level in ("level1", "level2"):
            if rows[i][level] != rows[i + 1][level]:
                yield Fault(number, SHIFTED, STRUCTURE, f"/indicators/{i + 1}/{level}", f"/indicators/{i}/{level}")
    last: dict[tuple[str, str], int] = {}
    for i, fund in enumerate(record["funds"]):
        before = last.get((fund["side"], fund["column"]))
        if before is not None and record["funds"][before]["amount"] != fund["amount"]:
            yield Fault(number, SHIFTED, MONEY, f"/funds/{before}", f"/funds/{i}")
        last[fund["side"], fund["column"]] = i


def _swaps(record: Mapping[str, Any], number: int) -> Iterator[Fault]:
    """Values of one row that trade their columns."""
    for i, row in enumerate(record["indicators"]):
        for a, b in SWAPS:
            x, y = _leaf(row, a), _leaf(row, b)
            if x and y and x != y:
                where = f"/indicators/{i}/{a}"
                yield Fault(number, SWAPPED, _hurts(where, x), where, f"/indicators/{i}/{b}")
    for i, (one, two) in enumerate(zip(record["funds"], record["funds"][1:], strict=False)):
        same_line = one["path"] == two["path"] and one["side"] == two["side"]
        if same_line and one["amount"] != two["amount"]:
            yield Fault(number, SWAPPED, MONEY, f"/funds/{i}", f"/funds/{i + 1}")


def put_in(
    reading: FormReading, tables: Sequence[Table], fault: Fault, words: Words, *, places: bool
) -> tuple[FormReading, list[Table]]:
    """The form with the fault, and the tables as the reader would have them."""
    if fault.kind == LOST:
        return _without_line(reading, tables, fault)
    record = reading.record.as_dict()
    origins = list(reading.origins)
    if fault.kind in (DIGIT, SIGN):
        put_text(record, fault.where, fault.to, words)
        origins = [replace(o, raw=fault.to) if o.pointer == fault.where else o for o in origins]
    else:
        one, two = _get(record, fault.where), _get(record, fault.to)
        put_text(record, fault.where, two, words)
        carried = fault.where.endswith(("/level1", "/level2"))  # the name beside it reaches further; nothing trades
        if not carried:
            put_text(record, fault.to, one, words)
        if places:
            origins = _traded(origins, fault, carried=carried)
    return replace(reading, record=Record.model_validate(record), origins=tuple(origins)), list(tables)


def _traded(origins: Sequence[Origin], fault: Fault, *, carried: bool) -> list[Origin]:
    """The values' places trade with them."""
    other = {fault.where: fault.to} if carried else {fault.where: fault.to, fault.to: fault.where}
    first = {o.pointer: o for o in reversed(origins)}
    out = []
    for origin in origins:
        source = first.get(other[origin.pointer]) if origin.pointer in other else origin
        if source is not None:
            out.append(replace(source, pointer=origin.pointer))
    missing = [p for p in other if p not in first and other[p] in first]  # a blank that no cell was named for
    return [*out, *(replace(first[other[p]], pointer=p) for p in missing)]


def _get(record: Mapping[str, Any], where: str) -> str | None:
    parts = where.split("/")[1:]
    holder = record[parts[0]]
    if parts[0] == "funds":
        raw: str | None = holder[int(parts[1])]["raw"]
        return raw
    return holder.get(parts[1]) if parts[0] == "fields" else _leaf(holder[int(parts[1])], "/".join(parts[2:]))


def put_text(record: dict[str, Any], where: str, text: str | None, words: Words) -> None:
    """Put a text in, with what is parsed of it."""
    parts = where.split("/")[1:]
    if parts[0] == "fields":
        record["fields"][parts[1]] = text
        return
    item = record[parts[0]][int(parts[1])]
    if parts[0] == "funds":
        amount = parse_amount(text, words) if text else None
        item["raw"], item["amount"] = text, amount.digits if amount else None
        return
    if len(parts) == 4:
        item[parts[2]][parts[3]] = text
    else:
        item[parts[2]] = text
    parse_anew(item, words)


def _without_line(reading: FormReading, tables: Sequence[Table], fault: Fault) -> tuple[FormReading, list[Table]]:
    """The form without a money line or an indicator whose words the reader lost; its ruled row stays, blank."""
    gone = lost_pointers(reading, fault)
    record = reading.record.as_dict()
    group = fault.where.split("/")[1]
    record[group] = [item for i, item in enumerate(record[group]) if f"/{group}/{i}" not in gone]
    cells = {(o.table, o.row, o.col) for o in reading.origins if _line(o.pointer) in gone and not _is_level(o)}
    kept = {(o.table, o.row) for o in reading.origins if _line(o.pointer) not in gone}
    rows = {(table, row) for table, row, _ in cells} - kept
    blanked = [
        replace(
            table,
            cells=tuple(
                replace(c, text="", lines=())
                if (i, c.row, c.col) in cells or ((i, c.row) in rows and c.rowspan == 1)
                else c
                for c in table.cells
            ),
        )
        for i, table in enumerate(tables)
    ]
    findings = [f | {"where": moved} for f in record["findings"] if (moved := renumbered(f["where"], gone)) is not None]
    record["findings"] = findings
    origins = [replace(o, pointer=moved) for o in reading.origins if (moved := renumbered(o.pointer, gone)) is not None]
    return replace(reading, record=Record.model_validate(record), origins=tuple(origins)), blanked


def lost_pointers(reading: FormReading, fault: Fault) -> frozenset[str]:
    """The items of the record that a lost line takes with it."""
    if fault.kind != LOST:
        return frozenset()
    if fault.where.startswith("/indicators/"):
        return frozenset({fault.where})
    funds = reading.record.funds
    line = funds[int(fault.where.split("/")[2])]
    same = (i for i, f in enumerate(funds) if (f.side, f.path) == (line.side, line.path))
    return frozenset(f"/funds/{i}" for i in same)


def renumbered(where: str, gone: frozenset[str]) -> str | None:
    """A pointer after items are gone; None for what went with them."""
    item = re.match(r"/(funds|indicators)/(\d+)(.*)", where, re.DOTALL)
    if not item or not gone:
        return where
    group, number, rest = item[1], int(item[2]), item[3]
    if f"/{group}/{number}" in gone:
        return None
    before = sum(1 for p in gone if p.startswith(f"/{group}/") and int(p.split("/")[2]) < number)
    return f"/{group}/{number - before}{rest}"


def _line(where: str) -> str:
    return "/".join(where.split("/")[:3])


def _is_level(origin: Origin) -> bool:
    """Whether it is a merged cell's, which other rows share."""
    return origin.pointer.endswith(("/level1", "/level2", "/focus_work", "/linked_project"))
