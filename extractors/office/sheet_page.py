"""A visible sheet: its cells as shown, the lines drawn around them, and which of them the eye sees as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from schemas.frozen import dataclass

LARGEST_AREA = 400  # cells of one that only drawn lines tell; a larger frame surrounds a table

Area = tuple[int, int, int, int]
"""Top, left, bottom, right, all inclusive and counted from 1."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Whether a line is drawn at each side of a cell."""

    top: bool = False
    bottom: bool = False
    left: bool = False
    right: bool = False

    def __bool__(self) -> bool:
        return self.top or self.bottom or self.left


NONE = Edges()


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as shown: its text, the lines drawn at it, why its value cannot be read. `across`: its text is centered
    over it and the blank cells behind it that say so too."""

    text: str
    edges: Edges = NONE
    unreadable: str | None = None
    across: bool = False

    @property
    def bordered(self) -> bool:
        return bool(self.edges)

    @property
    def prints(self) -> bool:
        return bool(self.text.strip()) or self.unreadable is not None


BLANK = Shown("")


@dataclass(slots=True)
class Page:
    """A visible sheet. Rows and columns count from 1."""

    name: str
    cells: dict[tuple[int, int], Shown] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)

    def seen_as_one(self) -> list[Area]:
        """The areas that the eye sees as one cell: merged ones, texts centered over the blanks behind them, and blanks
        that no line parts from a text, where lines are drawn around all of them."""
        taken = {at for area in self.merges for at in _cells(area)}
        areas = list(self.merges)
        for area in (*_across(self.cells, taken), *_framed(self.cells, taken)):
            if not any(at in taken for at in _cells(area)):
                areas.append(area)
                taken.update(_cells(area))
        return areas


def _cells(area: Area) -> Iterator[tuple[int, int]]:
    top, left, bottom, right = area
    return ((row, col) for row in range(top, bottom + 1) for col in range(left, right + 1))


def _across(cells: Mapping[tuple[int, int], Shown], taken: set[tuple[int, int]]) -> Iterator[Area]:
    """Texts centered over the cells behind them."""
    for (row, col), shown in sorted(cells.items()):
        if not (shown.across and shown.prints) or (row, col) in taken:
            continue
        end = col
        while (after := cells.get((row, end + 1), BLANK)).across and not after.prints and (row, end + 1) not in taken:
            end += 1
        if end > col:
            yield row, col, row, end


def _framed(cells: Mapping[tuple[int, int], Shown], taken: set[tuple[int, int]]) -> Iterator[Area]:
    """A text with the blank cells around it that no line parts from it, where these are a rectangle in a frame."""
    seen: set[tuple[int, int]] = set()
    for at, shown in sorted(cells.items()):
        if not shown.prints or at in taken or at in seen:
            continue
        inside = _reached(cells, at, taken)
        if inside is None or len(inside) == 1:
            continue
        seen |= inside
        rows, cols = {r for r, _ in inside}, {c for _, c in inside}
        area = (min(rows), min(cols), max(rows), max(cols))
        if len(inside) == len(rows) * len(cols) and sum(cells[one].prints for one in inside) == 1:
            yield area


def _reached(
    cells: Mapping[tuple[int, int], Shown], start: tuple[int, int], taken: set[tuple[int, int]]
) -> set[tuple[int, int]] | None:
    """The cells that no line parts from one; None where they run out of what has lines, or are too many."""
    inside, waiting = {start}, [start]
    while waiting:
        row, col = waiting.pop()
        for other in ((row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)):
            if other in inside or _parted(cells, (row, col), other):
                continue
            if other not in cells or other in taken or len(inside) >= LARGEST_AREA:
                return None
            inside.add(other)
            waiting.append(other)
    return inside


def _parted(cells: Mapping[tuple[int, int], Shown], one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a line is drawn between two neighbouring cells."""
    first, second = sorted((one, other))
    a, b = cells.get(first, BLANK).edges, cells.get(second, BLANK).edges
    return (a.bottom or b.top) if first[1] == second[1] else (a.right or b.left)
