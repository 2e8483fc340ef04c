"""Tables without bars, as pandoc writes them: a line of dashes for each column says where the columns stand.

Such a line stands below the header, or above and below all rows. Where blank lines stand between the rows a cell may
have several lines; else each line is a row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.dump.drawn import Shown, slot_of, spread
from extractors.dump.loose_rows import Slot
from schemas.frozen import dataclass

COLUMNS = re.compile(r"\s*-{2,}(?: +-{2,})+\s*")
BORDER = re.compile(r"\s*-{4,}\s*")  # above and below a table whose header has several lines
LONGEST_TABLE = 2_000  # lines
TALLEST_HEADER = 30  # lines


@dataclass(frozen=True, slots=True)
class _Dashed:
    """The lines of a table: the first, those of its header, the line of dashes, those of its body, and how many."""

    first: int
    header: range
    rule: int
    body: range
    height: int


def dashed_height(lines: Sequence[str], i: int) -> int:
    """How many lines from i are a table whose columns dashes mark; 0 where none begins."""
    table = _table_at(lines, i)
    if table is None or _canvas(lines, table) is None:
        return 0
    return table.height


def dashed_rows(lines: Sequence[str], i: int, number: int, shown: Shown) -> list[list[Slot]]:
    """The rows of the table that begins at i, on line `number` of the text."""
    table = _table_at(lines, i)
    canvas = _canvas(lines, table) if table is not None else None
    if table is None or canvas is None:
        return []
    columns = _columns(lines[table.rule])
    rows = []
    for group in _rows(lines, table):
        row = []
        for n, (left, right) in enumerate(columns):
            end = columns[n + 1][0] if n + 1 < len(columns) else None
            texts = [canvas[k - i][left:end] for k in group]
            row.append(slot_of(texts, number + group[0] - i, left, shown, (right - left) / 2))
        rows.append(row)
    return rows


def _table_at(lines: Sequence[str], i: int) -> _Dashed | None:
    """The table that begins with line i, as far as its lines of dashes tell."""
    line = lines[i]
    if COLUMNS.fullmatch(line):
        end = next((k for k in _reach(lines, i + 1) if lines[k].strip() == line.strip()), None)
        return None if end is None else _Dashed(i, range(i, i), i, range(i + 1, end), end + 1 - i)
    if BORDER.fullmatch(line):
        below = range(i + 1, min(len(lines), i + 1 + TALLEST_HEADER))
        rule = next((k for k in below if COLUMNS.fullmatch(lines[k])), None)
        if rule is None:
            return None
        end = next((k for k in _reach(lines, rule + 1) if lines[k].strip() == line.strip()), None)
        return None if end is None else _Dashed(i, range(i + 1, rule), rule, range(rule + 1, end), end + 1 - i)
    if line.strip() and i + 1 < len(lines) and COLUMNS.fullmatch(lines[i + 1]):
        end = next((k for k in _reach(lines, i + 2) if not lines[k].strip()), min(len(lines), i + 2 + LONGEST_TABLE))
        return _Dashed(i, range(i, i + 1), i + 1, range(i + 2, end), end - i) if end > i + 2 else None
    return None


def _reach(lines: Sequence[str], i: int) -> range:
    return range(i, min(len(lines), i + LONGEST_TABLE))


def _columns(rule: str) -> list[tuple[int, int]]:
    """The places [left, right) of the columns that a line of dashes marks."""
    return [match.span() for match in re.finditer(r"-+", rule)]


def _canvas(lines: Sequence[str], table: _Dashed) -> list[str] | None:
    """The lines of a table with as many characters as places, by the width that leaves the gaps between its columns
    free; None where neither does."""
    columns = _columns(lines[table.rule])
    gaps = [(0, columns[0][0]), *((a[1], b[0]) for a, b in pairwise(columns))]
    for wide in (2, 1):
        canvas = [spread(line, wide) for line in lines[table.first : table.first + table.height]]
        texts = [canvas[k - table.first] for k in (*table.header, *table.body)]
        if not any(text[left:right].strip(" ") for text in texts for left, right in gaps):
            return canvas
    return None


def _rows(lines: Sequence[str], table: _Dashed) -> list[list[int]]:
    """The lines of each row: the header's, and those of the body, one a row, or as blank lines part them."""
    tall = any(not lines[k].strip() for k in table.body)
    groups: list[list[int]] = [list(table.header), []]
    for k in table.body:
        if not lines[k].strip() or not tall:
            groups.append([])
        if lines[k].strip():
            groups[-1].append(k)
    return [group for group in groups if group]
