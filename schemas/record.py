"""The record: what one form becomes. The public contract; its names are fixed.

Texts are as printed. Numbers are decimal digits as text, never floats. `None` is a blank cell; a key that is
absent says that the form has no such field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_serializer

from schemas.language.columns import FUND_COLUMNS, ONLY_PRINTED, holds_money
from schemas.model import Reader


class Kind(StrEnum):
    """Plans, self-evaluations and monitoring within the year, of a department or of a project."""

    DEPARTMENT_TARGET = "department_target"
    PROJECT_TARGET = "project_target"
    DEPARTMENT_REVIEW = "department_review"
    PROJECT_REVIEW = "project_review"
    DEPARTMENT_MONITORING = "department_monitoring"
    PROJECT_MONITORING = "project_monitoring"


class Verdict(StrEnum):
    """What a finding means."""

    MISREAD = "misread"
    WRONG_AT_SOURCE = "wrong_at_source"
    UNDECIDABLE = "undecidable"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


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
        data: dict[str, Any] = handler(self)
        if data["sheets"] is None:
            del data["sheets"]
        return data


NOT_MONEY = frozenset(name for name in FUND_COLUMNS if not holds_money(name))  # columns that hold no amounts


class Fund(_Strict):
    """One money cell: the line's labels from the outermost inward, the column, the amount without separators."""

    side: str
    path: list[str]
    column: str
    amount: str | None
    raw: str | None


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
        data: dict[str, Any] = handler(self)
        for key in ("level_points", "other"):
            if data[key] is None:
                del data[key]
        for key in ONLY_PRINTED:  # null is a blank cell here, so what was never set tells that none is printed
            if key not in self.model_fields_set:
                del data[key]
        return data


class Finding(_Strict):
    """Something doubtful, inferred, lost, unreadable or wrong; `where` is a JSON pointer into the record."""

    rule: str
    verdict: Verdict
    where: str
    printed: str | None = None
    computed: str | None = None
    message: str


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
    tasks: list[dict[str, str | None]] = Field(default_factory=list)
    funds: list[Fund] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list)
    indicators: list[Indicator] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The record as plain JSON values, keys in their fixed order."""
        return self.model_dump(mode="json")

    def as_json(self) -> str:
        """The record as the text that is written to disk."""
        return record_text(self.as_dict())


def record_text(record: Mapping[str, Any]) -> str:
    """A record as it is written to disk: JSON, its characters as they are, indented, one trailing line break."""
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
