"""A record in the making, and the account of which cells have an owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.reading.interpret.doubt import covered_text, why_doubtful
from pipeline.reading.view import TableView
from schemas.model import Cell, Line, Place
from schemas.reading import Origin
from schemas.record import Finding, FindingPlace, TaskValue
from schemas.verdicts import Verdict


@dataclass(slots=True)
class Draft:
    """A record in the making: what was found, where it stands, what is doubtful, and which cells have an owner."""

    fields: dict[str, str | None] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    tasks: list[dict[str, TaskValue]] = field(default_factory=list)
    tasks_total: dict[str, str | None] | None = None
    origins: list[Origin] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    owned: set[int] = field(default_factory=set)  # id() of cells and lines that something of the record owns
    year: int | None = None
    amount_unit: str | None = None
    _said: set[tuple[str, str, str, str | None, str]] = field(default_factory=set)  # by `doubt`

    def own(self, *things: Cell | Line) -> None:
        self.owned.update(map(id, things))

    def is_owned(self, thing: Cell | Line) -> bool:
        return id(thing) in self.owned

    def doubt(
        self, rule: str, where: str, message: str, printed: str | None = None, place: Place | None = None
    ) -> None:
        """A doubt of reading: undecidable unless evidence says otherwise. `place` is where the text stands if no value
        of the record holds it. The same doubt is kept once."""
        finding = Finding(rule=rule, verdict=Verdict.UNDECIDABLE, where=where, printed=printed, message=message)
        if place is not None:
            finding.place = FindingPlace.of(place)
        if (said := (rule, where, message, printed, str(finding.place))) in self._said:
            return
        self._said.add(said)
        self.findings.append(finding)

    def note_unit(self, unit: str, source: Cell | Line, view: TableView | None) -> None:
        """The form declares its amounts to be in a unit: the first one counts, another is a finding."""
        if self.amount_unit is None:
            self.amount_unit = unit
            table = view.index if view is not None else None
            row, col = (source.row, source.col) if isinstance(source, Cell) else (None, None)
            self.origins.append(
                Origin("/amount_unit", source.text.strip(), source.place, source.score, table, row, col)
            )
        elif self.amount_unit != unit:
            self.doubt("inferred", "/amount_unit", f"the form prints both {self.amount_unit} and {unit}", unit)

    def origin(self, pointer: str, raw: str | None, view: TableView | None, cell: Cell | None) -> None:
        """Note where a value stands; a doubtful place becomes a finding."""
        if cell is None:
            return
        table, score = view.index if view is not None else None, cell.score
        origin = Origin(pointer, raw, cell.place, score, table, cell.row, cell.col)
        if score is not None:  # it was recognised, not copied
            origin = replace(origin, readings=cell.readings, covered=cell.covered)
            self.doubt_lines(pointer, cell.text, cell.lines)
        self.origins.append(origin)
        if cell.unreadable and not cell.text.strip():
            self.doubt("unreadable", pointer, cell.inferred or "ink stands in the cell that could not be read")
        if cell.lost:
            self.doubt("lost", pointer, cell.inferred or "the source no longer holds this cell's text")
        elif cell.inferred and cell.text:
            self.doubt("inferred", pointer, cell.inferred, cell.text)

    def origin_line(self, pointer: str, raw: str | None, line: Line) -> None:
        self.origins.append(
            Origin(pointer, raw, line.place, line.score, readings=line.readings, covered=covered_text(line))
        )
        self.doubt_lines(pointer, raw or line.text, [line])

    def doubt_lines(self, pointer: str, text: str, lines: Sequence[Line]) -> None:
        """A finding where the reading of a value is doubtful; values that have no score have no such doubt."""
        why = why_doubtful(lines)
        if why is not None:
            covered = any(line.covered for line in lines)
            self.doubt("covered" if covered else "low-score", pointer, why, text.strip() or None)
