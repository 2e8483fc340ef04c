"""What a form looks like before it is printed: lines, loose labels and tables of cells with spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and the columns and rows that it spans; `left` aligns it to the left, as long texts are; it stands in the
    middle of its height (0.5), at its top (0.0) or at its bottom (1.0)."""

    text: str
    across: int = 1
    down: int = 1
    left: bool = False
    stands: float = 0.5


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell at its row and column in the table."""

    row: int
    column: int
    cell: Cell


@dataclass(slots=True)
class Table:
    """A ruled table. `widths` are shares of the page; a row gives the cells that begin in it, from left to right;
    `header` is the row that a printer may repeat on top of each page from there on."""

    widths: Sequence[float]
    rows: list[list[Cell]] = field(default_factory=list)
    header: int | None = None

    def add(self, *cells: Cell | str) -> None:
        self.rows.append([Cell(c) if isinstance(c, str) else c for c in cells])

    def placed(self) -> Iterator[Placed]:
        """The cells at their places; a cell goes to the first column that no cell above reaches down to."""
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while (number, column) in taken:
                    column += 1
                yield Placed(number, column, cell)
                taken |= {(number + r, column + c) for r in range(cell.down) for c in range(cell.across)}
                column += cell.across
        full = {(r, c) for r in range(len(self.rows)) for c in range(len(self.widths))}
        if taken != full:
            raise ValueError(f"cells lie over each other, leave gaps or stand out: {sorted(taken ^ full)[:5]}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above or between tables: texts at shares of the width (0 left … 1 right), `size` in points."""

    texts: tuple[tuple[float, str], ...]
    size: float = 9.0


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels and values in rows and columns without rules: `columns` are (share where it begins, texts)."""

    columns: tuple[tuple[float, tuple[str, ...]], ...]


Part = Heading | Labels | Table


@dataclass(frozen=True, slots=True)
class Layout:
    """One form: its parts from top to bottom; `landscape` turns the page."""

    parts: tuple[Part, ...]
    landscape: bool = False


def title(text: str) -> Heading:
    return Heading(((0.5, text),), 15.3)
