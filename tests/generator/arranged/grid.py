"""Cells of one ruled table whose rows divide its width each in their own way."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..layout import Cell, Table

UNITS = 24  # columns that every table begins with; those where no row has an edge are taken out
LONG = 24  # characters from which a cell is aligned to the left
Rows = list[list[Cell]]
"""Rows of cells from left to right, without what cells above reach down to."""


def text(words: str | None, across: int = 1, down: int = 1) -> Cell:
    return Cell(words or "", across, down, len(words or "") > LONG)


def spread(shares: Sequence[float], units: int = UNITS) -> list[int]:
    """Whole widths for columns by their shares, each one unit at least, that add up to all units."""
    total, out, at, used = sum(shares), [], 0.0, 0
    for number, share in enumerate(shares):
        at += share / total * units
        left = len(shares) - number - 1
        end = max(used + 1, min(round(at), units - left))
        out.append(end - used)
        used = end
    out[-1] += units - used
    return out


def row(texts: Sequence[str | None], shares: Sequence[float], units: int = UNITS) -> list[Cell]:
    return [text(t, w) for t, w in zip(texts, spread(shares, units), strict=True)]


def beside(head: str, rows: Rows, width: int) -> Rows:
    """Rows with a heading at their left that spans them all."""
    first = text(head, width, len(rows))
    return [[first, *rows[0]], *rows[1:]]


def table_of(rows: Rows, header: int | None) -> Table:
    """A table of rows of `UNITS` columns, without the columns that no row needs."""
    table = Table([1.0] * UNITS, rows, header)
    placed = list(table.placed())
    edges = sorted({edge for p in placed for edge in (p.column, p.column + p.cell.across)})
    at = {edge: n for n, edge in enumerate(edges)}
    narrow: Rows = [[] for _ in rows]
    for p in placed:
        across = at[p.column + p.cell.across] - at[p.column]
        narrow[p.row].append(replace(p.cell, across=across))
    widths = [float(b - a) for a, b in itertools.pairwise(edges)]
    return Table(widths, narrow, header)


def runs(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[tuple[int, int]]:
    """(first, behind last) of rows that agree in some keys."""
    starts = [n for n, row in enumerate(rows) if n == 0 or any(row[k] != rows[n - 1][k] for k in keys)]
    return list(zip(starts, [*starts[1:], len(rows)], strict=True))
