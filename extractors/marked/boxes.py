"""The boxes of a grid: cells in the making, each of which may take others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace

from extractors.marked.build import MarkedCell, MarkedTable
from extractors.marked.rows import GridRows
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words


@dataclass(slots=True)
class Box:
    """A cell in the making: rows [top, bottom), columns [left, right)."""

    cell: MarkedCell
    top: int
    bottom: int
    left: int
    right: int
    inferred: str | None = None
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.cell.text.strip() if self.cell.flow else ""

    @property
    def blank(self) -> bool:
        """Whether it may be a part of another cell: nothing stands in it, and the source merged nothing with it."""
        single = self.cell.rowspan == self.cell.colspan == 1
        return single and not self.cell.flow and self.cell.unreadable is None

    def grown(self) -> MarkedCell:
        cell, high, wide = self.cell, self.bottom - self.top, self.right - self.left
        inferred = cell.inferred or self.inferred
        own = cell.row, cell.col, cell.rowspan, cell.colspan, cell.inferred
        if own == (self.top, self.left, high, wide, inferred):
            return cell
        return replace(cell, row=self.top, col=self.left, rowspan=high, colspan=wide, inferred=inferred)


class Boxes(GridRows):
    """The boxes of a table by row and column, and what each row is."""

    def __init__(self, table: MarkedTable, words: Words) -> None:
        super().__init__(table.rows, table.cols, words)
        self.at: list[list[Box]] = [[] for _ in range(table.rows)]
        self._texts: dict[int, list[Box]] = {}  # by row, until one of its boxes changes
        places: list[list[Box | None]] = [[None] * table.cols for _ in range(table.rows)]
        for cell in table.cells:
            box = Box(cell, cell.row, cell.row + cell.rowspan, cell.col, cell.col + cell.colspan)
            for row in places[box.top : box.bottom]:
                row[box.left : box.right] = [box] * cell.colspan
        for r, line in enumerate(places):
            self.at[r] = [b or Box(MarkedCell(r, c, 1, 1, ()), r, r + 1, c, c + 1) for c, b in enumerate(line)]

    def boxes(self) -> Iterator[Box]:
        """Every box once, in reading order."""
        for row, line in enumerate(self.at):
            for col, box in enumerate(line):
                if (box.top, box.left) == (row, col):
                    yield box

    def texts(self, row: int) -> list[Box]:
        """The boxes that begin in a row and print something."""
        if row not in self._texts:
            self._texts[row] = [b for c, b in enumerate(self.at[row]) if b.text and b.top == row and b.left == c]
        return self._texts[row]

    def extent(self, row: int, col: int) -> Box:
        return self.at[row][col]

    def take(self, box: Box, other: Box) -> None:
        """Make a box cover another one beside or below it. Below it a blank may say why that is doubtful."""
        if other.top >= box.bottom and other.blank:
            box.inferred = box.inferred or other.cell.inferred
        bottom, right = box.bottom, box.right
        box.bottom, box.right = max(bottom, other.bottom), max(right, other.right)
        self._cover(box, bottom if box.right == right else box.top)  # what was its own before stays so

    def take_behind(self, box: Box, row: int, count: int) -> None:
        """Make a box cover so many others that follow it in a row. A sheet may have thousands: each is written once."""
        for _ in range(count):
            other = self.at[row][box.right]
            box.bottom, box.right = max(box.bottom, other.bottom), max(box.right, other.right)
        self._cover(box, box.top)

    def put(self, box: Box) -> None:
        """Write a box whose place was changed into all of its places."""
        self._cover(box, box.top)

    def _cover(self, box: Box, top: int) -> None:
        """Write a box into the places of its rows from `top` on."""
        for row in range(top, box.bottom):
            self._texts.pop(row, None)
            for col in range(box.left, box.right):
                self.at[row][col] = box
