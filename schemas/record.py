"""The record: what one form becomes. The public contract; its names are fixed.

Texts are as printed. Numbers are decimal digits as text, never floats. `None` is a blank cell; a key that is
absent says that the form has no such field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_serializer
from pydantic_core import PydanticSerializationError, to_json

from schemas.language.columns import FUND_COLUMNS, ONLY_PRINTED, holds_money
from schemas.language.keys import plain, printed_unit
from schemas.model import Box, Place, Reader
from schemas.verdicts import Verdict


class Kind(StrEnum):
    """Plans, self-evaluations and monitoring within the year, of a department or of a project."""

    DEPARTMENT_TARGET = "department_target"
    PROJECT_TARGET = "project_target"
    DEPARTMENT_REVIEW = "department_review"
    PROJECT_REVIEW = "project_review"
    DEPARTMENT_MONITORING = "department_monitoring"
    PROJECT_MONITORING = "project_monitoring"


EDGE_DECIMALS = 2  # of a point: less than a rule is wide


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def without(data: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """The object without those keys that hold null: they are absent where there is nothing to say. It is taken out of
    the object itself."""
    for key in keys:
        if key in data and data[key] is None:
            del data[key]
    return data


class Source(_Strict):
    """Where a record comes from. `form` counts from 0 in reading order; `pages` is [] for a dump. `sheets` are those of
    a workbook that the form stands on; the key is absent for all other files."""

    file: str
    sha256: str
    pages: list[int]
    reader: Reader
    form: int
    sheets: list[str] | None = None

    @model_serializer(mode="wrap")
    def _only_of_workbooks(self, handler: Any) -> dict[str, Any]:
        return without(handler(self), ("sheets",))


class Fund(_Strict):
    """One money cell: the line's labels from the outermost inward, the column, the amount without separators."""

    side: str
    path: list[str]
    column: str
    amount: str | None
    raw: str | None

    @property
    def is_money(self) -> bool:
        """Whether it is an amount: no points, no rate, and no share below a header without a name of ours."""
        share = self.column not in FUND_COLUMNS and "%" in plain(self.raw or "")
        return holds_money(self.column) and not share

    def unit_in(self, declared: str | None) -> str | None:
        """The unit that its amount is in: its own where it prints one, whatever the form declares; None of no money."""
        return (printed_unit(self.raw) or declared) if self.is_money else None


class Value(_Strict):
    """A parsed target or result: an operator, number and unit, or free text."""

    op: str | None = None
    number: str | None = None
    unit: str | None = None
    text: str | None = None


class Indicator(_Strict):
    """One printed indicator row, the level names of its merged cells carried to it."""

    level1: str | None = None
    level2: str | None = None
    level3: str | None = None
    focus_work: str | None = None
    linked_project: str | None = None
    op: str | None = None
    unit: str | None = None
    targets: dict[str, str | None] = Field(default_factory=dict)
    values: dict[str, Value | None] = Field(default_factory=dict)
    actual: str | None = None
    weights: dict[str, str | None] = Field(default_factory=dict)
    score: str | None = None
    criteria: str | None = None
    note: str | None = None
    level_points: dict[str, str] | None = None
    history: dict[str, str | None] | None = None  # values of past years, by printed header
    progress: str | None = None
    forecast: str | None = None
    causes: list[str] | None = None
    likelihood: str | None = None
    other: dict[str, str | None] | None = None  # columns whose header has no name of ours, by printed header

    @model_serializer(mode="wrap")
    def _only_printed(self, handler: Any) -> dict[str, Any]:
        data = without(handler(self), ("level_points", "other"))
        for key in ONLY_PRINTED:  # null is a blank cell here, so what was never set tells that none is printed
            if key not in self.model_fields_set:
                del data[key]
        return data


class FindingPlace(_Strict):
    """Where something stands that no value of the record holds: `page` and `box` (left, top, right, bottom; points)
    on paper, `line` and `column` in a dump or document, `sheet`, `row` and `column` in a workbook. All count from 1."""

    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    sheet: str | None = None
    line: int | None = None
    row: int | None = None
    column: int | None = None

    @classmethod
    def of(cls, place: Place) -> FindingPlace | None:
        """A place as findings have it, None for none."""
        if place.sheet is not None:
            return cls(sheet=place.sheet, row=place.line, column=place.column)
        if place.page is not None:
            return cls(page=place.page, box=None if place.box is None else _edges(place.box))
        return None if place.line is None else cls(line=place.line, column=place.column)

    @model_serializer(mode="wrap")
    def _only_known(self, handler: Any) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value is not None}


def _edges(box: Box) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(edge, EDGE_DECIMALS) for edge in (box.left, box.top, box.right, box.bottom))
    return left, top, right, bottom


class Finding(_Strict):
    """Something doubtful, inferred, lost, unreadable or wrong; `where` is a JSON pointer into the record. `place` is
    where it stands if no value of the record does; the key is absent for all others."""

    rule: str
    verdict: Verdict
    where: str
    printed: str | None = None
    computed: str | None = None
    message: str
    place: FindingPlace | None = None

    @model_serializer(mode="wrap")
    def _only_placed(self, handler: Any) -> dict[str, Any]:
        return without(handler(self), ("place",))


TaskValue = str | None | Mapping[str, str | None]
"""A cell of a task; under `amounts` an object from printed header to amount."""


class Record(_Strict):
    """One form."""

    source: Source
    family: str
    kind: Kind
    title: str | None
    year: int | None
    amount_unit: str | None
    fields: dict[str, str | None] = Field(default_factory=dict)
    choices: dict[str, list[str]] = Field(default_factory=dict)
    tasks: Sequence[Mapping[str, TaskValue]] = Field(default_factory=list)
    tasks_total: dict[str, str | None] | None = None  # the amounts of their total by printed header; absent without one
    funds: list[Fund] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list)
    indicators: list[Indicator] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)

    @model_serializer(mode="wrap")
    def _only_totalled(self, handler: Any) -> dict[str, Any]:
        return without(handler(self), ("tasks_total",))

    def as_dict(self) -> dict[str, Any]:
        """The record as plain JSON values, keys in their fixed order."""
        return self.model_dump(mode="json")

    def as_json(self) -> str:
        """The record as the text that is written to disk."""
        return record_text(self.as_dict())


def record_text(record: Mapping[str, Any]) -> str:
    """A record as it is written to disk: JSON, its characters as they are, indented, one trailing line break."""
    try:
        return to_json(record, indent=1).decode() + "\n"
    except PydanticSerializationError:  # of half a character, which is no UTF-8
        return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
