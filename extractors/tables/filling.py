"""From words to the cells of a grid that they stand in, and to the cells' texts."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.tables.directions import lines_and_text
from extractors.tables.missing import part_where_rules_fail
from extractors.tables.overflow import Piece, home_of, is_parted, run_over
from schemas.model import Box, Grid, Word

INSIDE = 0.3  # of a word's height: a line that goes on from its cell below the last border reaches so far into it
LEADING = 0.7  # of a word's height: the widest gap between two lines of one text


def owner_of_words(words: tuple[Word, ...], grids: list[Grid]) -> list[list[Word]]:
    """The words inside each grid's box (by their middle), and those that go on from its last row over its lower edge:
    browsers let the lines of a merged cell run over the end of the rows that a page holds."""
    owned: list[list[Word]] = [[] for _ in grids]
    for word in words:
        x, y = word.box.middle
        for own, grid in zip(owned, grids, strict=True):
            if grid.box.left - 1 <= x <= grid.box.right + 1 and grid.box.top <= y <= grid.box.bottom:
                own.append(word)
                break
    inside = {id(word) for own in owned for word in own}
    below = [word for word in words if id(word) not in inside]
    for own, grid in zip(owned, grids, strict=True):
        own += [word for word in below if _runs_over_the_end(word, grid.box) and any(_goes_on(w, word) for w in own)]
    return owned


def _runs_over_the_end(word: Word, table: Box) -> bool:
    """Whether a word that stands below a table begins in its last row."""
    return word.box.top + INSIDE * word.box.height <= table.bottom < word.box.middle[1]


def _goes_on(above: Word, below: Word) -> bool:
    """Whether a word stands as the next line of another one would."""
    meet = min(above.box.right, below.box.right) > max(above.box.left, below.box.left)
    return meet and 0 <= below.box.middle[1] - above.box.bottom <= (LEADING + 0.5) * below.box.height


def cell_finder(grid: Grid) -> Callable[[tuple[float, float]], int]:
    """Which cell of a grid, by its number, holds a point (x, y) of its page; -1 for none."""
    where = cells_by_place(grid)

    def find(point: tuple[float, float]) -> int:
        x, y = point
        row = min(max(bisect_right(grid.ys, y) - 1, 0), len(grid.ys) - 2)
        return where[row][_column(grid, x)]

    return find


def cells_by_place(grid: Grid) -> list[list[int]]:
    """By row and column the number of the cell that stands there; -1 where there is none."""
    where = [[-1] * (len(grid.xs) - 1) for _ in grid.ys[1:]]
    for k, cell in enumerate(grid.cells):
        for row in where[cell.row : cell.row + cell.rowspan]:
            row[cell.col : cell.col + cell.colspan] = [k] * cell.colspan
    return where


def fill(grid: Grid, page: int, words: list[Word]) -> Grid:
    """The grid with its cells' text; a word over the texts of two cells is split at the border by its characters."""
    where = cells_by_place(grid)
    content, doubts = _in_cells(grid, words, {id(word): _pieces(word, grid, where) for word in words})
    cells = list(grid.cells)
    for k, why in doubts.items():
        cells[k] = replace(cells[k], inferred=cells[k].inferred or why)
    grid, own = part_where_rules_fail(replace(grid, cells=tuple(cells)), content)
    cells = []
    for k, cell in enumerate(grid.cells):
        if k in own:
            lines, text = lines_and_text(own[k], page, cell.parts[0][1].box)
            cells.append(replace(cell, lines=lines, text=text))
        else:
            cells.append(cell)
    return replace(grid, cells=tuple(cells))


def in_cells(grid: Grid, words: list[Word]) -> list[Word]:
    """Those of a grid's words of which a character at least stands in a cell: where its rules leave a corner open, its
    box holds more than its cells."""
    where = cells_by_place(grid)
    if not any(-1 in row for row in where):
        return words
    return [word for word in words if any(piece.cell >= 0 for piece in _pieces(word, grid, where))]


def _in_cells(
    grid: Grid, words: list[Word], pieces: dict[int, list[Piece]]
) -> tuple[dict[int, list[Word]], dict[int, str]]:
    """The words of each cell, and why a cell's words are doubted. `pieces` are the parts of each word by cells."""
    content: dict[int, list[Word]] = defaultdict(list)
    doubts: dict[int, str] = {}
    over = {
        id(word): parts for word in words if len(parts := pieces[id(word)]) > 1 and not is_parted(word, parts, grid.xs)
    }
    alone: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        if len(pieces[id(word)]) == 1:
            alone[pieces[id(word)][0].cell].append(word)
    homes: dict[int, int] = {}
    areas = {k: area for k, cell in enumerate(grid.cells) if (area := cell.parts[0][1].box) is not None}
    for run in run_over(words, over) if over else ():
        cells = list(dict.fromkeys(p.cell for word in run for p in pieces[id(word)] if p.cell >= 0))
        home = home_of(run, cells, areas, alone)
        if home is not None:
            homes.update((id(word), home[0]) for word in run)
            if home[1] is not None:
                doubts[home[0]] = home[1]
    for word in words:
        parts = pieces[id(word)]
        if id(word) in homes:
            content[homes[id(word)]].append(word)
        elif len(parts) == 1:
            content[parts[0].cell].append(word)
        else:
            for part in parts:
                content[part.cell].append(split_word(word, part.first, part.last + 1))
    content.pop(-1, None)
    return content, doubts


def _pieces(word: Word, grid: Grid, where: Sequence[Sequence[int]]) -> list[Piece]:
    """The parts of a word by the cells that its characters stand in."""
    row = where[min(max(bisect_right(grid.ys, word.box.middle[1]) - 1, 0), len(grid.ys) - 2)]
    if word.turn:
        return [Piece(row[_column(grid, word.box.middle[0])], 0, len(word.text) - 1)]
    first, last = _column(grid, min(word.edges)), _column(grid, max(word.edges))
    if first == last:
        return [Piece(row[first], 0, len(word.text) - 1)]
    cells = [row[_column(grid, (left + right) / 2)] for left, right in pairwise(word.edges)]
    starts = [i for i, cell in enumerate(cells) if not i or cell != cells[i - 1]]
    return [Piece(cells[a], a, b - 1) for a, b in pairwise([*starts, len(cells)])]


def _column(grid: Grid, x: float) -> int:
    """The number of the column at a place; those at the sides reach as far as there is anything."""
    return min(max(bisect_right(grid.xs, x) - 1, 0), len(grid.xs) - 2)


def split_word(word: Word, start: int, end: int) -> Word:
    """The characters `start` to `end` of a word, with the box that they take up."""
    edges = word.edges[start : end + 1]
    box = Box(edges[0], word.box.top, edges[-1], word.box.bottom)
    return Word(word.text[start:end], box, edges, word.score)
