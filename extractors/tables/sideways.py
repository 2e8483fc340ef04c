"""A sheet too wide for its pages: its further columns stand on pages of their own, row beside row.

Programs print such a sheet down and then over, or over and then down. The parts of a row stand at the same height on
both pages, the grid begins and ends there too, and its columns are others. The parts become one wide grid again, whose
cells keep the places that they have on their own pages. A cell that the edge of the page cuts, where no rule closes the
rows on either page, is one cell, and so are the halves of its lines.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.tables.blocks import PageBlocks
from extractors.tables.celltext import join_lines
from schemas.model import Box, Cell, Grid, Line, Place, union

SAME_HEIGHT = 3.0  # points: how far the borders of a row may differ from page to page
FEWEST_ROWS = 4  # borders of rows at the same heights, which are no chance
CUT = "the edge of the page cuts the cell; what stands of it on both pages was put together"
FARTHEST = 50  # pages from a row's first columns to its further ones: a long file is not compared with itself whole
SAME_WIDTH = 4.0  # points: how far the widths of two columns that are the same may differ


def join_wide(pages: Sequence[PageBlocks]) -> list[PageBlocks]:
    """The pages with those that hold further columns of a sheet joined to those that hold its first ones."""
    out: list[PageBlocks] = []
    rest = list(pages)
    while rest:
        most = min(len(rest) // 2, FARTHEST)
        count = next((k for k in range(1, most + 1) if _go_beside(rest[:k], rest[k : 2 * k])), 0)
        if count:
            joined = [_joined(left, right) for left, right in zip(rest[:count], rest[count : 2 * count], strict=True)]
            rest[: 2 * count] = joined
        else:
            out.append(rest.pop(0))
    return out


def _go_beside(first: Sequence[PageBlocks], further: Sequence[PageBlocks]) -> bool:
    """Whether some pages hold further columns of as many others: one of them shows it by its many rows."""
    return any(_rows(page) > FEWEST_ROWS for page in first) and all(
        _goes_beside(left, right) for left, right in zip(first, further, strict=True)
    )


def _rows(page: PageBlocks) -> int:
    grid = _only_grid(page)
    return 0 if grid is None else len(grid.ys)


def _goes_beside(left: PageBlocks, right: PageBlocks) -> bool:
    """Whether the one table of a page holds further columns of the one on another page: its rows end where those do,
    some of them parted on one of the two pages only."""
    one, other = _only_grid(left), _only_grid(right)
    if one is None or other is None:
        return False
    few, many = sorted((one.ys, other.ys), key=len)
    ends = abs(few[0] - many[0]) <= SAME_HEIGHT and abs(few[-1] - many[-1]) <= SAME_HEIGHT
    if not ends or any(abs(_nearest(many, y) - y) > SAME_HEIGHT for y in few):
        return False
    return not _same_columns(one, other) and not any(isinstance(block, Line) for block in right.blocks)


def _only_grid(page: PageBlocks) -> Grid | None:
    grids = [block for block in page.blocks if isinstance(block, Grid)]
    return grids[0] if len(grids) == 1 and grids[0].ruled else None


def _same_columns(one: Grid, other: Grid) -> bool:
    """Whether two grids have columns of the same widths, some of them parted on one page only: they are pages of one
    table, or two tables of one make."""
    few, many = sorted(([x - g.xs[0] for x in g.xs] for g in (one, other)), key=len)
    return abs(few[-1] - many[-1]) <= SAME_WIDTH and all(abs(_nearest(many, x) - x) <= SAME_WIDTH for x in few)


def _joined(left: PageBlocks, right: PageBlocks) -> PageBlocks:
    one, other = _only_grid(left), _only_grid(right)
    assert one is not None
    assert other is not None
    ys = max(one.ys, other.ys, key=len)
    grid = _beside(_with_rows(one, ys), _with_rows(other, ys))
    return replace(left, blocks=tuple(grid if block is one else block for block in left.blocks))


def _with_rows(grid: Grid, ys: tuple[float, ...]) -> Grid:
    """A grid with the borders of all its rows and some more, which part rows of other columns."""
    if len(grid.ys) == len(ys):
        return grid
    at = [ys.index(_nearest(ys, y)) for y in grid.ys]
    cells = tuple(
        replace(
            cell,
            row=at[cell.row],
            rowspan=at[cell.row + cell.rowspan] - at[cell.row],
            parts=tuple((at[row], place) for row, place in cell.parts),
        )
        for cell in grid.cells
    )
    left, right = (frozenset(r for row in side for r in range(at[row], at[row + 1])) for side in grid.open_sides)
    return replace(grid, ys=ys, cells=cells, open_sides=(left, right))


def _nearest(positions: Sequence[float], at: float) -> float:
    """The position that is nearest; they rise."""
    behind = bisect_left(positions, at)
    return min(positions[max(behind - 1, 0) : behind + 1], key=lambda each: abs(each - at))


def _beside(one: Grid, other: Grid) -> Grid:
    """One grid of two; a cell that the edge of the page cuts is one, and a blank one over all further columns belongs
    to the merged cell that it goes on from."""
    by, columns, further = one.xs[-1] - other.xs[0], len(one.xs) - 1, len(other.xs) - 1
    ends = {(c.row, c.rowspan): c for c in one.cells if c.col + c.colspan == columns}
    cut = one.open_sides[1] & other.open_sides[0]
    widened: dict[int, Cell] = {}
    added = []
    for cell in other.cells:
        wide = ends.get((cell.row, cell.rowspan)) if cell.col == 0 else None
        blank = cell.colspan == further and not cell.text.strip() and wide is not None and wide.colspan > 1
        if wide is not None and (blank or cut.issuperset(cell.rows)):
            widened[id(wide)] = _whole(wide, cell, by)
        else:
            added.append(replace(cell, col=cell.col + columns))
    cells = [*(widened.get(id(cell), cell) for cell in one.cells), *added]
    return replace(
        one,
        box=Box(one.box.left, one.box.top, one.xs[-1] + other.box.width, one.box.bottom),
        xs=(*one.xs, *(x + by for x in other.xs[1:])),
        cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))),
        notes=(*one.notes, f"its further columns stand on page {other.page}", *other.notes),
        sure=min(one.sure, other.sure),
        open_sides=(one.open_sides[0], other.open_sides[1]),
    )


def _whole(left: Cell, right: Cell, by: float) -> Cell:
    """A cell whose right part stands on another page, `by` points further left there. Lines at the same height are
    halves of one; that a character may stand on neither page, cut by both, is said."""
    whole = replace(left, colspan=left.colspan + right.colspan)
    if not right.lines:
        return whole
    area = left.parts[0][1]
    if not left.lines or area.box is None or area.page is None:
        return replace(whole, text=right.text, lines=right.lines)
    width = max(line.place.box.right for line in right.lines if line.place.box is not None) + by
    text = join_lines(
        tuple(_joined_lines(left.lines, right.lines, by)),
        {area.page: replace(area.box, right=max(area.box.right, width))},
    )
    return replace(whole, text=text, lines=(*left.lines, *right.lines), inferred=left.inferred or CUT)


def _joined_lines(left: Sequence[Line], right: Sequence[Line], by: float) -> Iterator[Line]:
    """The lines of a cell from top to bottom, halves put together, at their places on the left page."""
    page = left[0].place.page
    rest = [replace(line, place=Place(page, _moved(line.place.box, by))) for line in right]
    for line in sorted([*left, *rest], key=_top):
        if line in rest:
            if not any(_same_height(line, one) for one in left):
                yield line
            continue
        half = next((one for one in rest if _same_height(line, one)), None)
        if half is None or line.place.box is None or half.place.box is None:
            yield line
        else:
            box = union([line.place.box, half.place.box])
            yield replace(line, text=line.text.rstrip() + half.text.lstrip(), place=Place(page, box))


def _moved(box: Box | None, by: float) -> Box | None:
    return None if box is None else replace(box, left=box.left + by, right=box.right + by)


def _top(line: Line) -> float:
    return line.place.box.top if line.place.box is not None else 0.0


def _same_height(one: Line, other: Line) -> bool:
    return abs(_top(one) - _top(other)) <= SAME_HEIGHT
