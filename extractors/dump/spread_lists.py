"""Several projects in one table of a text whose columns blanks set: the columns left of the levels that name them.

A project's name, money and goal stand in the middle of its rows; they are given back to the first of them, as a merged
cell is. Which rows those are is worked out, and what was so placed says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.dump.pieces import Piece, stacked
from extractors.dump.spread_sections import Header, SpreadRow, column_of, column_starts, header_rows, indicator_rows
from extractors.dump.stacked_rows import Span, spans_of
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words

NAMES = ("project_name", "implementing_unit", "reporting_unit")
"""The labels by which a column left of the levels names projects, the first that is there."""
APART = 2  # lines by which the lines of one name stand below each other at most, a row of one line between them
UNSURE = "it stands beside several rows of a list of projects; the dump does not say which of them are its own"


def names_projects(outer: Sequence[Piece], words: Words) -> bool:
    """Whether what stands left of a header of indicators heads a column of projects' names."""
    return _naming(outer, words) is not None


def list_rows(header: Header, outer: Sequence[Piece], body: Sequence[Piece], words: Words) -> list[SpreadRow]:
    """The rows of a list of projects, its header first: what stands left of the levels is in the first row of each."""
    whole = replace(header, leaves=(*outer, *header.leaves))
    cuts = column_starts(whole, body)
    beside: list[list[Piece]] = [[] for _ in outer]
    inner: list[Piece] = []
    for piece in body:
        column = column_of(piece, cuts)
        (beside[column] if column < len(outer) else inner).append(piece)
    heads = [_with(row, outer if n == 0 else [None] * len(outer)) for n, row in enumerate(header_rows(header, words))]
    rows = indicator_rows(header, inner, words)
    projects = _projects(_names(beside[_naming(outer, words) or 0], words), rows)
    held = [_held(pieces, projects) for pieces in beside]
    first = {project.start: k for k, project in enumerate(projects.spans)}
    blank: list[Piece | None] = [None] * len(outer)
    start = min(p.start for p in outer)
    made = [_with(row, [column[first[r]] for column in held] if r in first else blank) for r, row in enumerate(rows)]
    return [replace(row, start=start) for row in (*heads, *made)]


def _naming(outer: Sequence[Piece], words: Words) -> int | None:
    """Which column names the projects."""
    labels = [words.label(piece.text) for piece in outer]
    return next((labels.index(name) for name in NAMES if name in labels), None)


def _names(pieces: Sequence[Piece], words: Words) -> list[Piece]:
    """The names of the projects: lines near each other are one."""
    out: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.top, p.start)):
        near = bool(out) and piece.top - out[-1][-1].bottom <= APART
        if near and not words.is_total(piece.text) and not words.is_total(out[-1][-1].text):
            out[-1].append(piece)
        else:
            out.append([piece])
    return [stacked(parts) for parts in out]


@dataclass(frozen=True, slots=True)
class _Projects:
    """The rows of each project, and the lines at which each but the first begins."""

    spans: Sequence[Span]
    edges: Sequence[float]


def _projects(names: Sequence[Piece], rows: Sequence[SpreadRow]) -> _Projects:
    """The projects of some rows: each begins with a name of a level where these are printed."""
    begins = frozenset(r for r, row in enumerate(rows) if row.cells[0][0] is not None)
    spans = spans_of(names, rows, lambda *_: 0, begins)
    edges = [(rows[s.start - 1].bottom + rows[s.start].top) / 2 for s in spans[1:]]
    return _Projects(spans, edges)


def _held(pieces: Sequence[Piece], projects: _Projects) -> list[Piece | None]:
    """The text of one column for each project."""
    parts: list[list[Piece]] = [[] for _ in projects.spans]
    for piece in sorted(pieces, key=lambda p: (p.top, p.start)):
        if parts:
            parts[sum(1 for edge in projects.edges if piece.y > edge)].append(piece)
    return [stacked(own) if own else None for own in parts]


def _with(row: SpreadRow, outer: Sequence[Piece | None]) -> SpreadRow:
    """A row with the texts of the columns left of it."""
    doubt = None if row.is_header else UNSURE
    beside = tuple((piece, doubt if piece is not None else None) for piece in outer)
    return replace(row, cells=(*beside, *row.cells), begins=False)
