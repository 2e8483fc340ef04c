"""From a reading to its rows: what of a file, its tables and its forms stands in which column."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy import Table as SqlTable

from schemas import tables as t
from schemas.keys import comparison_key, exact_e4, printed_unit
from schemas.model import Box, Table
from schemas.reading import Check, FamilyMatch, FileReading, FormReading, Origin
from schemas.record import Finding, Indicator, Record

NOT_MONEY = frozenset({"execution_rate", "weight", "score"})  # columns of a fund line that hold no amounts


def json_text(value: Any) -> str:
    """A value as the JSON text that a column holds."""
    return json.dumps(value, ensure_ascii=False)


def same(value: Any, *names: str) -> dict[str, Any]:
    """What a value and its row call by the same names."""
    return {name: getattr(value, name) for name in names}


class Batch:
    """Rows that wait to be written, and the free numbers for the tables that count their rows."""

    def __init__(self, free: Mapping[type[t.Base], Iterator[int]]) -> None:
        self._free = free
        self._rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, table: type[t.Base], row: Mapping[str, Any] | None = None, **more: Any) -> None:
        """One row."""
        self._rows[table.__tablename__].append({**(row or {}), **more})

    def add_numbered(self, table: type[t.Base], row: Mapping[str, Any], **more: Any) -> int:
        """One row of a table that counts its rows; its number."""
        number = next(self._free[table])
        self.add(table, row, id=number, **more)
        return number

    def insert(self, connection: Connection) -> None:
        """Write the rows, those that others refer to first."""
        for table, rows in self.by_table():
            connection.execute(insert(table), rows)

    def by_table(self) -> Iterator[tuple[SqlTable, list[dict[str, Any]]]]:
        """The rows, those that others refer to first."""
        for table in t.Base.metadata.sorted_tables:
            if rows := self._rows[table.name]:
                yield table, rows


def add_file(batch: Batch, number: int, reading: FileReading, code_version: str, settings: str) -> None:
    """The rows of a file and of everything in it; `number` is the file's."""
    document = reading.document
    row = same(document, "path", "sha256", "pages") | {"id": number, "name": reading.name}
    row |= {"reader": document.reader.value, "outcome": "forms" if reading.forms else "no form"}
    batch.add(t.File, row, code_version=code_version, settings=settings)
    tables = [_add_table(batch, number, index, table) for index, table in enumerate(reading.tables)]
    for index, form in enumerate(reading.forms):
        add_form(batch, number, index, form, tables)


def _add_table(batch: Batch, file: int, index: int, table: Table) -> int:
    pages = table.pages or (None,)
    row = same(table, "rows", "cols", "ruled") | {"first_page": pages[0], "last_page": pages[-1]}
    notes = "\n".join(table.notes) or None
    number = batch.add_numbered(t.Table, row, file_id=file, table_index=index, notes=notes)
    for position, cell in enumerate(table.cells):
        row = same(cell, "row", "col", "rowspan", "colspan", "text", "inferred", "lost")
        row |= {"page": cell.place.page} | _edges(cell.place.box)
        batch.add(t.Cell, row, table_id=number, position=position)
    return number


def _edges(box: Box | None) -> dict[str, float | None]:
    left, top, right, bottom = (box.left, box.top, box.right, box.bottom) if box else (None,) * 4
    return {"box_left": left, "box_top": top, "box_right": right, "box_bottom": bottom}


def add_form(batch: Batch, file: int, index: int, form: FormReading, tables: Sequence[int]) -> None:
    """The rows of a form and of everything in it; `tables` are the numbers of its file's tables."""
    record = form.record
    names = {name: record.fields.get(name) for name in ("reporting_unit", "implementing_unit", "project_name")}
    row = same(record, "family", "title", "year", "amount_unit") | names | {"kind": record.kind.value}
    row["unit_key"] = _named(names["implementing_unit"]) or _named(names["reporting_unit"])
    row["project_key"] = _named(names["project_name"])
    row |= {"record": json_text(record.as_dict()), "family_match": _explain(form.match)}
    number = batch.add_numbered(t.Form, row, file_id=file, form_index=index)
    _add_labelled(batch, number, record)
    _add_funds(batch, number, record)
    for position, indicator in enumerate(record.indicators):
        _add_indicator(batch, number, position, indicator, record.columns)
    for position, finding in enumerate(record.findings):
        batch.add(t.Finding, _verdict(finding), form_id=number, position=position)
    for position, check in enumerate(form.checks):
        batch.add(t.Check, check_row(check), form_id=number, position=position)
    for position, risk in enumerate(form.risks):
        row = same(risk, "pointer", "kind", "risk") | {"reasons": "\n".join(risk.reasons)}
        batch.add(t.Risk, row, form_id=number, position=position)
    for position, origin in enumerate(form.origins):
        row = _origin(origin, tables) | {"reader": record.source.reader.value}
        batch.add(t.Origin, row, form_id=number, position=position)


def _named(value: str | None) -> str | None:
    """The comparison key of a name; None where the form prints none, or only a stroke."""
    key = comparison_key(value or "")
    return key if any(character.isalnum() for character in key) else None


def _explain(match: FamilyMatch) -> str:
    """How a form came by its family, one reason a line."""
    lines = [f"family: {match.family or 'generic'}", *(f"because: {reason}" for reason in match.reasons)]
    if match.nearest:
        lines.append(f"nearest: {match.nearest}")
    return "\n".join([*lines, *(f"missing: {what}" for what in match.missing)])


def _add_labelled(batch: Batch, form: int, record: Record) -> None:
    """Fields, ticked options and tasks. A group with nothing ticked is one row without an option."""
    for position, (name, value) in enumerate(record.fields.items()):
        batch.add(t.Field, form_id=form, position=position, name=name, value=value)
    for name, options in record.choices.items():
        for position, option in enumerate(options or [None]):
            batch.add(t.Choice, form_id=form, name=name, position=position, option=option)
    for position, task in enumerate(record.tasks):
        for name, value in task.items():
            batch.add(t.Task, form_id=form, position=position, name=name, value=value)


def _add_funds(batch: Batch, form: int, record: Record) -> None:
    """Money cells. A cell that prints its own unit is in that unit, whatever the form declares."""
    for position, fund in enumerate(record.funds):
        unit = None if fund.column in NOT_MONEY else printed_unit(fund.raw) or record.amount_unit
        keys = [comparison_key(label) for label in fund.path]
        row = same(fund, "side", "column", "amount", "raw") | {"amount_unit": unit}
        row |= {"path": t.PATH_SEPARATOR.join(fund.path), "path_key": t.PATH_SEPARATOR.join(keys)}
        row |= {"depth": len(keys), "label": "".join(fund.path[-1:]), "label_key": "".join(keys[-1:])}
        batch.add(t.Fund, row, form_id=form, position=position, amount_e4=exact_e4(fund.amount, unit))


def _add_indicator(batch: Batch, form: int, position: int, indicator: Indicator, columns: list[str]) -> None:
    row = same(indicator, "level1", "level2", "level3", "focus_work", "linked_project", "op", "unit")
    row |= same(indicator, "actual", "score", "criteria", "note")
    points = indicator.level_points or {}
    row |= {f"{level}_points": points.get(level) for level in ("level1", "level2", "level3")}
    row["other"] = None if indicator.other is None else json_text(indicator.other)
    row["columns_printed"] = json_text(columns)
    number = batch.add_numbered(t.Indicator, row, form_id=form, position=position)
    cells = indicator.targets
    if "actual" in columns or indicator.actual is not None:
        cells = cells | {"actual": indicator.actual}
    for which in dict.fromkeys([*cells, *indicator.values]):
        value = indicator.values.get(which)
        parsed = value.model_dump() if value else dict.fromkeys(("op", "number", "unit", "text"))
        batch.add(t.IndicatorValue, parsed, indicator_id=number, which=which, raw=cells.get(which))
    for period, weight in indicator.weights.items():
        batch.add(t.IndicatorWeight, indicator_id=number, period=period, weight=weight)


def _verdict(verdict: Finding | Check) -> dict[str, Any]:
    row = same(verdict, "rule", "printed", "computed", "message")
    return row | {"verdict": str(verdict.verdict), "pointer": verdict.where}


def check_row(check: Check) -> dict[str, Any]:
    """A check as a row, but for its place."""
    return _verdict(check) | {"offered": json_text(check.offered) if check.offered else None}


def _origin(origin: Origin, tables: Sequence[int]) -> dict[str, Any]:
    row = same(origin, "pointer", "raw", "score") | same(origin.place, "page", "line", "column", "sheet")
    row["readings"] = json_text(origin.readings) if origin.readings else None
    row["covered"] = origin.covered or None
    table = None if origin.table is None else tables[origin.table]
    return row | _edges(origin.place.box) | {"table_id": table, "cell_row": origin.row, "cell_col": origin.col}
