"""Titles of forms, and tables cut into pieces at the titles in them: one below the other, or side by side."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from pipeline.reading.headers import read_header
from pipeline.reading.view import TableView
from schemas.language.vocabulary import Words
from schemas.language.years import without_year
from schemas.model import Cell, Table, Unshown

Piece = tuple[Cell | None, TableView | None]
"""The title that a table prints over some of its cells, and these; None where no title stands, or nothing below it."""


def is_title(text: str, words: Words) -> bool:
    """Whether a line prints the title of a form."""
    short = re.sub(r"\s", "", text)
    if len(short) > words.all.title_longest or short.startswith(tuple(words.all.remarks)):
        return False
    return bool(words.title.search(without_year(short))) and not re.search(r"[。；;，,]", short)


def title_of(text: str) -> str:
    """A printed title without white space and without the year."""
    return re.sub(r"\s", "", without_year(text))


def cut_at_titles(view: TableView, words: Words) -> list[Piece]:
    """A table cut at rows that print nothing but titles, as spreadsheets do: one over the whole table, or one over each
    of several forms side by side."""
    table = view.table
    for row in view.rows:
        titles = [c for c in view.row(row) if c.text.strip()]
        if len(titles) > 1 and all(c.row == row and is_title(c.text, words) for c in titles):
            beside = _side_by_side(table, row, [c.col for c in titles])
            if beside is not None:
                above = _below_each_other(TableView(slice_rows(table, 0, row), view.index), words) if row else []
                parts = [(title, TableView(part, view.index)) for title, part in zip(titles, beside, strict=True)]
                return [*above, *(piece for title, part in parts for piece in _with_title(title, part, words))]
    return _below_each_other(view, words)


def _with_title(title: Cell, part: TableView, words: Words) -> list[Piece]:
    """The pieces of a part below its title: what stands before further titles is its own."""
    first, *others = cut_at_titles(part, words)
    return [(title, first[1]), *others] if first[0] is None else [(title, None), first, *others]


def _side_by_side(table: Table, row: int, starts: list[int]) -> list[Table] | None:
    """The columns below a row from each start to the next, None where a text runs over a border between them."""
    below = slice_rows(table, row + 1, table.rows)
    texts = [c for c in below.cells if c.text.strip()]
    if any(c.col < start < c.col + c.colspan for c in texts for start in starts[1:]):
        return None
    ends = [*starts[1:], table.cols]
    return [
        replace(below, cells=tuple(c for c in below.cells if start <= c.col and c.col + c.colspan <= end))
        for start, end in zip([0, *starts[1:]], ends, strict=True)
    ]


def _below_each_other(view: TableView, words: Words) -> list[Piece]:
    """A table cut at rows that print nothing but one title, which spans most of it."""
    table = view.table
    titles: list[Cell] = []
    edges = [edge for c in table.cells for edge in (c.col, c.col + c.colspan)]
    width = max(edges, default=0) - min(edges, default=0)
    for row in view.rows:
        cells = [c for c in view.row(row) if c.text.strip()]
        alone = len(cells) == 1 and cells[0].row == row and cells[0].colspan > width // 2
        above = titles[-1].row + titles[-1].rowspan if titles else 0
        if alone and is_title(cells[0].text, words) and not _heads_indicators(view, cells[0], above, words):
            titles.append(cells[0])
    if not titles:
        return [(None, view)]
    out: list[Piece] = []
    if titles[0].row > 0:
        out.append((None, TableView(slice_rows(table, 0, titles[0].row), view.index)))
    ends = [*(title.row for title in titles[1:]), table.rows]
    spans = [(title.row + title.rowspan, end) for title, end in zip(titles, ends, strict=True)]
    for title, (start, end), part in zip(titles, spans, slices(table, spans), strict=True):
        out.append((title, TableView(part, view.index) if start < end else None))
    return out


def _heads_indicators(view: TableView, cell: Cell, start: int, words: Words) -> bool:
    """Whether what may be a title is the heading of a block of indicators in a form that has begun above it, in the
    rows from `start` on: their header follows at once, and it names their period, or the form has none yet."""
    if read_header(view, cell.row + cell.rowspan, words) is None:
        return False
    above = range(start, cell.row)
    if words.period(cell.text) is None and any(read_header(view, row, words) for row in above):
        return False
    texts = [c.text for row in above for c in view.starting(row)]
    return any(words.known_label(text) or words.header(text) for text in texts)


def slice_rows(table: Table, start: int, end: int) -> Table:
    """The rows [start, end) of a table; cells keep their row numbers of the whole table."""
    return slices(table, [(start, end)])[0]


def slices(table: Table, spans: Sequence[tuple[int, int]]) -> list[Table]:
    """The rows [start, end) of a table for each of some spans, one behind the other."""
    starts = [start for start, _ in spans]
    cells: list[list[Cell]] = [[] for _ in spans]
    for cell in table.cells:
        i = bisect_right(starts, cell.row) - 1
        if i >= 0 and cell.row < spans[i][1]:
            cells[i].append(replace(cell, rowspan=min(cell.rowspan, spans[i][1] - cell.row)))
    hidden: list[list[Unshown]] = [[] for _ in spans]
    for one in table.hidden:
        i = bisect_right(starts, one.row) - 1
        if i >= 0 and one.row < spans[i][1]:
            hidden[i].append(one)
    return [replace(table, cells=tuple(c), hidden=tuple(h)) for c, h in zip(cells, hidden, strict=True)]
