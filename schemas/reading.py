"""What reading one file gives: its tables, its forms with the origin of every value, or why it failed."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import NamedTuple

from schemas.frozen import dataclass
from schemas.model import Document, Place, Table
from schemas.record import Record
from schemas.verdicts import CheckVerdict


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value of a record stands. `pointer` is a JSON pointer into the record; `table` counts the
    document's tables from 0, `row` and `col` (from 0) name the cell of that table."""

    pointer: str
    raw: str | None
    place: Place
    score: float | None = None
    table: int | None = None
    row: int | None = None
    col: int | None = None
    readings: tuple[tuple[str, float], ...] = ()  # other readings of the same ink, with their scores
    covered: str = ""  # its characters that a seal covers


@dataclass(frozen=True, slots=True)
class FamilyMatch:
    """How a form came by its family: the one that matched (None: generic), why, and what came nearest."""

    family: str | None
    reasons: tuple[str, ...]
    nearest: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one named check.

    `offered` are (pointer, text) of other readings of doubtful digits that would make it hold; none is applied.
    """

    rule: str
    verdict: CheckVerdict
    where: str
    printed: str | None
    computed: str | None
    message: str
    offered: tuple[tuple[str, str], ...] = ()


class Risk(NamedTuple):
    """How much the value at `pointer` needs a look, 0 to 1, and what raised it; `kind` is what the value is. Every
    value of a record has one: a tuple is made in a fraction of the time."""

    pointer: str
    kind: str
    risk: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormReading:
    """One form: its record, where each value stands, how its family was found, its checks and its values' risks."""

    record: Record
    origins: tuple[Origin, ...]
    match: FamilyMatch
    checks: tuple[Check, ...] = ()
    risks: tuple[Risk, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file: its document (blocks and tables) and its forms in reading order; `name` is its record folder."""

    document: Document
    name: str
    forms: tuple[FormReading, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(b for b in self.document.blocks if isinstance(b, Table))


class Stage(StrEnum):
    """The stage at which a file failed."""

    INTAKE = "intake"
    READ = "read"
    INTERPRET = "interpret"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not read. `refused` says that nothing is broken but it is not ours to read."""

    file: str
    sha256: str | None
    stage: Stage
    category: str
    page: int | None
    message: str
    refused: bool = field(default=False)
