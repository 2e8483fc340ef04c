"""The rows of indicators as printed: levels merged, repeated, blank below their first row, in bands, letter by letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..layout import Cell
from ..lots import Lots
from .columns import LEVELS, Column, header_rows, shown, widths_of
from .grid import Rows, runs, text

STYLES = ("merged", "merged", "merged", "repeated", "top", "bands", "letters")
NUMERALS = "一二三四"
POINTS = "points"


@dataclass(frozen=True, slots=True)
class Look:
    """How the names of levels are printed: the style of their cells, what stands before or behind those of level 1
    (`{}` is the number of the group) and before those of level 2, and how high names stand in merged cells."""

    style: str
    outer: str
    inner: str
    stands: float


def draw_look(lots: Lots, style: str, rows: Sequence[Mapping[str, Any]]) -> Look:
    outer = POINTS if rows[0].get("level_points") else lots.one(("", "", "", "{}、", "（{}）"))
    return Look(style, outer, lots.one(("", "", "", "{}.", "（{}）")), lots.one((0.5, 0.5, 0.0, 1.0)))


def lay_out(lots: Lots, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], style: str, units: int, *,
            numbers: bool = False) -> tuple[Rows, int]:  # fmt: skip
    """The header and the rows of a section, and the number of rows of its header; `numbers` counts its columns."""
    look = draw_look(lots, style, rows)
    printed = printed_columns(columns, style)
    widths = widths_of(printed, units)
    out = header_rows(printed, widths)
    high = len(out)
    if numbers:
        out.append([text(str(n + 1), w) for n, w in enumerate(widths)])
    for group, (start, end) in enumerate(runs(rows, ("level1",))):
        own = rows[start:end]
        name = _outer_name(own[0], group, look.outer)
        if style == "bands":
            out.append([text(name, units)])
        out += _group_rows(printed, widths, own, name, look)
    return out, high


def printed_columns(columns: Sequence[Column], style: str) -> list[Column]:
    """The columns that have a header: a level in bands has none."""
    return [c for c in columns if not (style == "bands" and c.key == "level1")]


def _outer_name(row: Mapping[str, Any], group: int, mark: str) -> str:
    name = str(row["level1"])
    if mark == POINTS:
        return f"{name}（{row['level_points']['level1']}分）"
    return mark.format(NUMERALS[group]) + name


def _group_rows(
    columns: Sequence[Column], widths: Sequence[int], rows: Sequence[Mapping[str, Any]], name: str, look: Look
) -> Rows:
    """The rows of one level 1, which is printed as `name`."""
    inner = runs(rows, ("level2",))
    out: Rows = []
    for number, row in enumerate(rows):
        group, (first, stop) = next((g, run) for g, run in enumerate(inner) if run[0] <= number < run[1])
        cells: list[Cell | None] = []
        for column, wide in zip(columns, widths, strict=True):
            if column.key == LEVELS[0]:
                cells.append(_level(name, wide, number, 0, len(rows), look, downwards=not look.outer))
            elif column.key == LEVELS[1]:
                own = look.inner.format(NUMERALS[group]) + str(row["level2"])
                cells.append(_level(own, wide, number, first, stop, look))
            else:
                cells.append(text(shown(column, row), wide))
        out.append([cell for cell in cells if cell is not None])
    return out


def _level(
    name: str, wide: int, number: int, first: int, stop: int, look: Look, *, downwards: bool = False
) -> Cell | None:
    """The cell of a level's name in row `number` of its group, None where a cell above reaches down to it."""
    if look.style == "repeated":
        return text(name, wide)
    if look.style == "top":
        return text(name if number == first else "", wide)
    if number != first:
        return None
    letters = "\n".join(name) if look.style == "letters" and downwards else name
    return replace(text(name, wide, stop - first), text=letters, stands=look.stands)
