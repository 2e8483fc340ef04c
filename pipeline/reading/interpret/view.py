"""Looking at a table by rows and columns, and keeping account of which cells have an owner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from schemas.language.keys import plain
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell, Line, Table
from schemas.pointers import escaped
from schemas.reading import Origin
from schemas.record import Finding, Verdict

NO_CHARACTER = re.compile(r"�|\(cid:\d+\)|[\ue000-\uf8ff]")  # what stands where a font names no character
# Chosen by measurement on the five sample scans (`make bench` prints it): below, every wrong value is flagged but
# those whose characters the engine is sure of, above, at most 3 in 100 right values are.
LOW_SCORE = 0.90  # of a line
EXPECTED_ERRORS = 0.35  # wrong characters to be expected on a line: (1 - score) × characters
LABEL_BEFORE = re.compile(r"[^:：。，；]{2,12}[:：]")
LABEL_COLON = 0.6  # wrong characters that a wavering colon behind a label lets expect
RIVAL = 0.02  # of score: another reading this near is as good
PAIRS = (("“", "”"), ("《", "》"), ("〔", "〕"), ("【", "】"), ("「", "」"))  # a lone one was read without its partner
BLACKED_OUT = re.compile(r"[█▇▆▉▓]{2,}|■{3,}|\[redacted\]", re.IGNORECASE)


class TableView:
    """A table with its cells found by row and column. `index` is its number in the document, from 0."""

    def __init__(self, table: Table, index: int) -> None:
        self.table = table
        self.index = index
        self.rows = range(table.rows)
        self._rows: list[list[Cell]] = [[] for _ in self.rows]
        self._starting: list[list[Cell]] = [[] for _ in self.rows]
        for cell in sorted(table.cells, key=lambda c: c.col):
            for r in cell.rows:
                self._rows[r].append(cell)
            self._starting[cell.row].append(cell)

    def at(self, row: int, col: int) -> Cell | None:
        """The cell that covers (row, col)."""
        if not 0 <= row < len(self._rows):
            return None
        return next((c for c in self._rows[row] if c.col <= col < c.col + c.colspan), None)

    def row(self, row: int, start: int = 0, end: int | None = None) -> list[Cell]:
        """The cells that cover a row between two columns, from left to right."""
        if not 0 <= row < len(self._rows):
            return []
        last = self.table.cols if end is None else end
        return [c for c in self._rows[row] if c.col < last and c.col + c.colspan > start]

    def starting(self, row: int) -> Sequence[Cell]:
        """The cells whose first row this is."""
        return self._starting[row] if 0 <= row < len(self._starting) else ()


@dataclass(slots=True)
class Draft:
    """A record in the making: what was found, where it stands, what is doubtful, and which cells have an owner."""

    fields: dict[str, str | None] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    tasks: list[dict[str, str | None]] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    owned: set[int] = field(default_factory=set)  # id() of cells and lines that something of the record owns
    year: int | None = None
    amount_unit: str | None = None
    labels: list[str] = field(default_factory=list)  # labels that the form prints, for telling its family

    def own(self, *things: Cell | Line) -> None:
        self.owned.update(id(thing) for thing in things)

    def is_owned(self, thing: Cell | Line) -> bool:
        return id(thing) in self.owned

    def doubt(self, rule: str, where: str, message: str, printed: str | None = None) -> None:
        """A doubt of reading: undecidable unless evidence says otherwise."""
        found = Finding(rule=rule, verdict=Verdict.UNDECIDABLE, where=where, printed=printed, message=message)
        if found not in self.findings:
            self.findings.append(found)

    def origin(self, pointer: str, raw: str | None, view: TableView | None, cell: Cell | None) -> None:
        """Note where a value stands; a doubtful place becomes a finding."""
        if cell is None:
            return
        table, score = view.index if view is not None else None, cell.score
        found = Origin(pointer, raw, cell.place, score, table, cell.row, cell.col)
        if score is not None:  # it was recognised, not copied
            found = replace(found, readings=cell.readings, covered=cell.covered)
            self.doubt_lines(pointer, cell.text, cell.lines)
        self.origins.append(found)
        if cell.unreadable and not cell.text.strip():
            self.doubt("unreadable", pointer, cell.inferred or "ink stands in the cell that could not be read")
        if cell.lost:
            self.doubt("lost", pointer, cell.inferred or "the source no longer holds this cell's text")
        elif cell.inferred and cell.text:
            self.doubt("inferred", pointer, cell.inferred, cell.text)

    def origin_line(self, pointer: str, raw: str | None, line: Line) -> None:
        self.origins.append(
            Origin(pointer, raw, line.place, line.score, readings=line.readings, covered=cell_covered(line))
        )
        self.doubt_lines(pointer, raw or line.text, [line])

    def doubt_lines(self, pointer: str, text: str, lines: Sequence[Line]) -> None:
        """A finding where the reading of a value is doubtful; values that have no score have no such doubt."""
        why = why_doubtful(lines)
        if why is not None:
            covered = any(line.covered for line in lines)
            self.doubt("covered" if covered else "low-score", pointer, why, text.strip() or None)


def cell_covered(line: Line) -> str:
    return "".join(line.text[i] for i in line.covered if i < len(line.text))


def why_doubtful(lines: Sequence[Line]) -> str | None:
    """Why a value that was recognised is doubtful, None where it is not (or was not recognised but copied)."""
    scored = [line for line in lines if line.score is not None]
    if not scored:
        return None
    worst = max(scored, key=_expected_errors)
    score = worst.score if worst.score is not None else 1.0
    other = f"; also read as {worst.readings[0][0]!r} ({worst.readings[0][1]:.2f})" if worst.readings else ""
    low = min((line.score or 0.0) for line in scored)
    if low < LOW_SCORE or _expected_errors(worst) > EXPECTED_ERRORS:
        return (
            f"read with a score of {low:.2f}" + (f", {score:.3f} on its longest doubt" if low != score else "") + other
        )
    for line in scored:
        rival = next((r for r in line.readings if plain(r[0]) != plain(line.text)), None)
        if rival is not None and rival[1] >= (line.score or 0.0) - RIVAL:
            return f"read with a score of {line.score:.2f}; also read as {rival[0]!r} ({rival[1]:.2f})"
    text = "".join(line.text for line in scored)
    if (lone := plain(text)).count("(") > lone.count(")"):  # the other way round it may be `1)`
        return f"read with a score of {low:.2f}; a bracket is opened and not closed, so one may have been lost"
    for opening, closing in PAIRS:
        if text.count(opening) != text.count(closing):
            return f"read with a score of {low:.2f}; {opening}{closing} are not in pairs, so one may have been lost"
    return None


def _expected_errors(line: Line) -> float:
    """How many wrong characters a line's score lets expect."""
    errors = (1.0 - (line.score if line.score is not None else 1.0)) * len(line.text)
    # whether the colon behind a label is wide or narrow no image tells; engines waver there, and no value is touched
    return errors - LABEL_COLON if LABEL_BEFORE.match(line.text) else errors


def pointer(*parts: str | int) -> str:
    """A JSON pointer (RFC 6901) from its parts."""
    return "".join("/" + escaped(str(p)) for p in parts)


def blank_to_none(text: str) -> str | None:
    """The text without outer white space, None for a blank cell."""
    return text.strip() or None


def take(draft: Draft, words: Words, where: str, view: TableView | None, cell: Cell | None) -> str | None:
    """The value of a cell, its origin noted: None where it is blank, lost, or blacked out (with a finding)."""
    if cell is None:
        return None
    draft.own(cell)
    draft.origin(where, blank_to_none(cell.text), view, cell)
    return unless_redacted(draft, words, where, cell.text)


def unless_redacted(draft: Draft, words: Words, where: str, text: str) -> str | None:
    """The text, None where nothing, something blacked out or something unreadable is printed; these are findings."""
    text = text.strip()
    if NO_CHARACTER.search(text):
        draft.doubt("unreadable", where, "the source does not say which characters are printed here", text)
        return None
    if text and words.redacted.match(squeeze(text)):
        draft.doubt("redacted", where, "the value is blacked out", text)
        return None
    if BLACKED_OUT.search(text):
        draft.doubt("redacted", where, "part of the value is blacked out", text)
    return text or None
