"""Headers of indicator tables as pages print them: again on a later page, or apart from the body they stand over."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.language.columns import LEVELS
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell, Grid

SAME_COLUMN = 2.6  # points: column borders nearer than this are the same border
FEWEST_ROLES = 3  # a header names at least so many columns, one of them a level and all but one known


def is_header(texts: Sequence[str], words: Words) -> bool:
    """Whether the texts of a row are the header of an indicator table."""
    named = [text for text in texts if text.strip()]
    roles = {words.header(text) for text in named} - {None}
    return len(named) >= FEWEST_ROLES and len(roles) >= FEWEST_ROLES - 1 and not roles.isdisjoint(LEVELS)


def header_rows(grid: Grid, row: int, words: Words) -> int:
    """The height in rows of the header that begins at a row of a grid; 0 where none does."""
    cells = [c for c in grid.cells if c.row == row]
    if not is_header([c.text for c in cells], words):
        return 0
    height = max((c.rowspan for c in cells if words.header(c.text)), default=1)
    last = len(grid.ys) - 1
    while row + height < last and _is_subheader(grid, row, height, words):
        height += 1
    return height


def _is_subheader(grid: Grid, row: int, height: int, words: Words) -> bool:
    """Whether the row below `height` rows of a header parts one of its cells: 指标值 over 半年 and 全年."""
    above = [c for c in grid.cells if c.row < row + height <= c.row + c.rowspan and c.colspan > 1 and c.row >= row]
    below = [c for c in grid.cells if c.row == row + height]
    for head in above:
        inside = [c for c in below if head.col <= c.col and c.col + c.colspan <= head.col + head.colspan]
        if len(inside) > 1 and all(words.header(head.text + c.text) or words.header(c.text) for c in inside):
            return True
    return False


def rows_printed_again(grids: Sequence[Grid], grid: Grid, words: Words) -> int:
    """How many rows at the top of `grid` print again what `grids`, the table so far, printed: its first rows, or the
    header of its indicators, wherever that stands."""
    count = first_rows_again(grids[0], grid)
    if count:
        return count
    height = header_rows(grid, 0, words)
    if not height:
        return 0
    for earlier in grids:
        for row in range(len(earlier.ys) - height):
            if header_rows(earlier, row, words) == height and _same_header(earlier, row, grid, height):
                return height
    return 0


def first_rows_again(first: Grid, grid: Grid) -> int:
    """How many rows at the top of `grid` print the first rows of a table again."""

    def row(of: Grid, r: int) -> list[tuple[int, int, str]]:
        return [(c.col, c.rowspan, squeeze(c.text)) for c in of.cells if c.row == r]

    count = 0
    while count < min(len(first.ys), len(grid.ys)) - 1:
        a, b = row(first, count), row(grid, count)
        if not a or [t for _, _, t in a] != [t for _, _, t in b] or not any(t for _, _, t in a):
            break
        count += 1
    # a head ends where no cell of it reaches further down
    while count and any(c.row < count < c.row + c.rowspan for c in grid.cells):
        count -= 1
    return count


def _same_header(earlier: Grid, row: int, grid: Grid, height: int) -> bool:
    """Whether the header on top of a grid prints the same over the same columns as an earlier one; a heading at its
    side, which is blank where it goes on, is no part of it."""
    once = [(c.row - row, squeeze(c.text), earlier.xs[c.col]) for c in earlier.cells if row <= c.row < row + height]
    again = [c for c in grid.cells if c.row + c.rowspan <= height and c.text.strip()]

    def stands(cell: Cell) -> bool:
        text, x = squeeze(cell.text), grid.xs[cell.col]
        return any(r == cell.row and t == text and abs(at - x) <= SAME_COLUMN for r, t, at in once)

    return all(map(stands, again))


def ends_in_header(grid: Grid, words: Words) -> bool:
    """Whether the last rows of a grid are a header, with no body below it."""
    last = len(grid.ys) - 1
    return any(header_rows(grid, row, words) == last - row for row in range(max(last - 3, 0), last))


def first_header(grid: Grid, words: Words) -> int | None:
    """The row of the first header of indicators in a grid."""
    return next((row for row in range(len(grid.ys) - 1) if header_rows(grid, row, words)), None)


def has_header(grids: Sequence[Grid], words: Words) -> bool:
    """Whether a table prints the header of indicators."""
    return any(first_header(grid, words) is not None for grid in grids)


def first_row(grid: Grid) -> list[Cell]:
    """The cells of a grid that stand in its first row that prints anything."""
    row = min((c.row for c in grid.cells if c.text.strip()), default=0)
    return [c for c in grid.cells if c.row == row]
