"""From ruling lines to grids of cells with row and column spans, and from words to the cells they stand in.

A chain of small pure steps: close up boxes that stand apart → snap rules → join collinear ones → group those that
touch → borders between the elementary cells → merged cells → words into cells. Nothing here knows what a form is.

The lesson that shaped it: pdfplumber (like camelot) takes a cell to be the smallest rectangle between four
crossings, so a row that a page break leaves without a closing rule vanishes silently. Here the outer edge of a
group of rules closes every cell that runs up to it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from extractors.tables.doubles import join_doubles
from extractors.tables.filling import fill, owner_of_words
from extractors.tables.spaced import without_gaps
from schemas.frozen import dataclass
from schemas.model import Box, Cell, Grid, OpenSides, Place, Rule, Sheet, union

SNAP = 2.6  # points: rules nearer than this are one (double rules; the thinnest real row seen was 5.7)
JOIN = 3.0  # points: gaps between collinear pieces up to this are bridged (dashes, corners)
TOGETHER = 256  # level rules that are held against all upright ones at a time
TOUCH = 3.0  # points: how near rules must come to count as crossing
COVERED = 0.6  # share of an elementary cell's side that rules must cover to be a border
SMALLEST = 2  # a table needs this many rules each way

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lattice:
    """Borders between elementary cells: `vertical[r, c]` is the border left of cell (r, c), c to len(xs) - 1;
    `horizontal[r, c]` the one above it. `xs`, `ys` are positions in points. `closed` counts the outer borders
    that no rule drew; `open_sides` are the rows of those at the left and of those at the right."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    vertical: Bools
    horizontal: Bools
    closed: int
    open_sides: OpenSides = (frozenset(), frozenset())

    def pieces(self) -> Iterator[tuple[float, float, float, float]]:
        """The borders between elementary cells as lines (left, top, right, bottom)."""
        for r, c in np.argwhere(self.vertical).tolist():
            yield self.xs[c], self.ys[r], self.xs[c], self.ys[r + 1]
        for r, c in np.argwhere(self.horizontal).tolist():
            yield self.xs[c], self.ys[r], self.xs[c + 1], self.ys[r]


@dataclass(frozen=True, slots=True)
class RuledGrids:
    """What is found on the way from a sheet's rules to its grids: the rules joined, the groups of those that touch, and
    for each group its lattice, where it encloses a cell. The grids are the tables, from top to bottom, filled."""

    rules: tuple[Rule, ...]
    groups: tuple[tuple[Rule, ...], ...]
    lattices: tuple[Lattice, ...]
    grids: tuple[Grid, ...]


def find_grids(sheet: Sheet) -> list[Grid]:
    """The ruled tables of a page from top to bottom, their cells filled with the words that stand in them."""
    return list(find(sheet).grids)


def find(sheet: Sheet) -> RuledGrids:
    """The ruled tables of a page, with every step on the way to them."""
    rules = join_doubles(snap_rules(without_gaps(sheet.rules, sheet.words)), sheet.words)
    groups = group_rules(rules)
    lattices = [lattice for group in groups if (lattice := borders(group)) is not None]
    merged = (merge_cells(lattice, sheet.number) for lattice in lattices)
    empty = _drop_frames(sorted((g for g in merged if g.cells), key=lambda g: (g.box.top, g.box.left)))
    owners = owner_of_words(sheet.words, empty)
    grids = tuple(fill(grid, sheet.number, own) for grid, own in zip(empty, owners, strict=True))
    return RuledGrids(tuple(rules), tuple(map(tuple, groups)), tuple(lattices), grids)


def snap_rules(rules: Sequence[Rule]) -> list[Rule]:
    """Rules with positions nearer than SNAP put on one line, and pieces of one line joined."""
    out: list[Rule] = []
    for vertical in (False, True):
        same = sorted((r for r in rules if r.vertical is vertical), key=lambda r: r.at)
        lines: list[list[Rule]] = []
        for rule in same:
            if lines and rule.at - lines[-1][0].at <= SNAP:
                lines[-1].append(rule)
            else:
                lines.append([rule])
        for line in lines:
            weight = sum(r.end - r.start for r in line)
            at = sum(r.at * (r.end - r.start) for r in line) / weight
            pieces: list[tuple[float, float]] = []
            for rule in sorted(line, key=lambda r: r.start):
                if pieces and rule.start <= pieces[-1][1] + JOIN:
                    pieces[-1] = (pieces[-1][0], max(pieces[-1][1], rule.end))
                else:
                    pieces.append((rule.start, rule.end))
            out.extend(Rule(vertical, at, a, b) for a, b in pieces)
    return out


def group_rules(rules: list[Rule]) -> list[list[Rule]]:
    """Sets of rules that touch one another, each a possible table; a lone underline is none."""
    parent = list(range(len(rules)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    verticals = [i for i, r in enumerate(rules) if r.vertical]
    horizontals = [i for i, r in enumerate(rules) if not r.vertical]
    lines = np.array([(rules[v].at, rules[v].start, rules[v].end) for v in verticals]).reshape(-1, 3)
    levels = np.array([(rules[h].at, rules[h].start, rules[h].end) for h in horizontals]).reshape(-1, 3)
    for first in range(0, len(levels), TOGETHER):
        at, start, end = levels[first : first + TOGETHER, :, None].transpose(1, 0, 2)
        met = (lines[:, 0] >= start - TOUCH) & (lines[:, 0] <= end + TOUCH)
        met &= (lines[:, 1] - TOUCH <= at) & (lines[:, 2] + TOUCH >= at)
        for h, v in np.argwhere(met).tolist():
            parent[find(horizontals[first + h])] = find(verticals[v])
    groups: dict[int, list[Rule]] = defaultdict(list)
    for i, rule in enumerate(rules):
        groups[find(i)].append(rule)
    _adopt_side_rules(groups)
    return [
        g
        for g in groups.values()
        if len({r.at for r in g if r.vertical}) >= SMALLEST - 1
        and len({r.at for r in g if not r.vertical}) >= SMALLEST - 1
        and len(g) >= SMALLEST + 1
    ]


def _adopt_side_rules(groups: dict[int, list[Rule]]) -> None:
    """A lone vertical as long as a table's own beside it is its outer rule: where a merged cell fills the page
    from top to bottom, nothing else of its border is drawn there."""
    lone = [k for k, g in groups.items() if len(g) == 1 and g[0].vertical]
    for k in lone:
        rule = groups[k][0]
        for other in groups.values():
            down = [r for r in other if r.vertical]
            across = [r for r in other if not r.vertical]
            if not down or not across or len(other) < SMALLEST + 1:
                continue
            top, bottom = min(r.start for r in down), max(r.end for r in down)
            outside = rule.at < min(r.start for r in across) or rule.at > max(r.end for r in across)
            if outside and abs(rule.start - top) <= TOUCH and abs(rule.end - bottom) <= TOUCH:
                other.append(rule)
                del groups[k]
                break


def borders(rules: list[Rule]) -> Lattice | None:
    """The lattice of one group of touching rules, or None where it encloses no cell."""
    down, across = [r for r in rules if r.vertical], [r for r in rules if not r.vertical]
    xs, ys = _positions(down, across), _positions(across, down)
    if len(xs) < 2 or len(ys) < 2:
        return None
    vertical, horizontal = _drawn(down, xs, ys), _drawn(across, ys, xs).T
    drawn = vertical[:, [0, -1]].copy()
    closed = _close_sides(vertical, horizontal) + _close_sides(horizontal.T, vertical.T)
    left, right = (frozenset(np.flatnonzero(vertical[:, k] & ~drawn[:, k]).tolist()) for k in (0, -1))
    return Lattice(tuple(xs), tuple(ys), vertical, horizontal, closed, (left, right))


def _positions(rules: list[Rule], others: list[Rule]) -> list[float]:
    """Where the borders of one direction stand. The ends of the rules across close the table where its own outer rule
    is missing (page breaks, open sides)."""
    lines = sorted({r.at for r in rules})
    first, last = min(r.start for r in others), max(r.end for r in others)
    before = [first] if first < lines[0] - TOUCH else []
    behind = [last] if last > lines[-1] + TOUCH else []
    return [*before, *lines, *behind]


def _drawn(rules: list[Rule], lines: list[float], steps: list[float]) -> Bools:
    """Which borders rules draw: `[s, k]` is the one on line k from steps[s] to steps[s + 1]."""
    out = np.zeros((len(steps) - 1, len(lines)), dtype=np.bool_)
    for rule in rules:
        k = _nearest(lines, rule.at)
        for s in _crossed(steps, rule):
            if min(rule.end, steps[s + 1]) - max(rule.start, steps[s]) >= COVERED * (steps[s + 1] - steps[s]):
                out[s, k] = True
    return out


def _crossed(lines: list[float], rule: Rule) -> range:
    """The rows (or columns) between `lines` that a rule runs along."""
    return range(max(bisect_right(lines, rule.start) - 1, 0), min(bisect_left(lines, rule.end), len(lines) - 1))


def _close_sides(along: Bools, across: Bools) -> int:
    """Closes each side cell that rules bound on both ends, though no rule was drawn at its edge, in place: the sides
    along `along` where `across` has borders before and behind. Returns how many it closed."""
    closed = 0
    rows, last = along.shape[0], along.shape[1] - 1
    for c, side in ((0, 0), (last - 1, last)):
        before = np.logical_or.accumulate(across[:rows, c])
        behind = np.logical_or.accumulate(across[1:, c][::-1])[::-1]
        open_ = ~along[:, side] & before & behind
        along[open_, side] = True
        closed += int(open_.sum())
    return closed


def merge_cells(lattice: Lattice, page: int) -> Grid:
    """Elementary cells with no border between them become one cell; the open outside is no cell."""
    rows, cols = len(lattice.ys) - 1, len(lattice.xs) - 1
    vertical, horizontal = lattice.vertical, lattice.horizontal
    label = np.full((rows, cols), -1, dtype=np.int64)
    outside: set[int] = set()
    count = 0
    for r0 in range(rows):
        for c0 in range(cols):
            if label[r0, c0] >= 0:
                continue
            stack = [(r0, c0)]
            label[r0, c0] = count
            while stack:
                r, c = stack.pop()
                steps = (
                    (r, c - 1, vertical[r, c]),
                    (r, c + 1, vertical[r, c + 1]),
                    (r - 1, c, horizontal[r, c]),
                    (r + 1, c, horizontal[r + 1, c]),
                )
                for nr, nc, border in steps:
                    if border:
                        continue
                    if not (0 <= nr < rows and 0 <= nc < cols):
                        outside.add(count)
                    elif label[nr, nc] < 0:
                        label[nr, nc] = count
                        stack.append((nr, nc))
            count += 1
    notes: list[str] = []
    cells: list[Cell] = []
    for k, (r0, r1, c0, c1, size) in enumerate(_extents(label, count)):
        if k in outside:
            continue
        whole = size == (r1 - r0 + 1) * (c1 - c0 + 1)
        for a, b, c, d in [(r0, r1, c0, c1)] if whole else _rectangles(label[r0 : r1 + 1, c0 : c1 + 1] == k, r0, c0):
            box = Box(lattice.xs[c], lattice.ys[a], lattice.xs[d + 1], lattice.ys[b + 1])
            why = None if whole else "its rules enclose no rectangle; it was cut into rectangles"
            part = (a, Place(page=page, box=box))
            cells.append(Cell(a, c, b - a + 1, d - c + 1, "", parts=(part,), inferred=why))
        if not whole:
            notes.append(f"rules enclose no rectangle at row {r0 + 1}, column {c0 + 1}")
    if lattice.closed:
        notes.append(f"{lattice.closed} outer borders were not drawn and are closed at the ends of the rules")
    cells.sort(key=lambda cell: (cell.row, cell.col))
    xs, ys = lattice.xs, lattice.ys
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    return Grid(page, box, xs, ys, tuple(cells), notes=tuple(notes), open_sides=lattice.open_sides)


def _extents(label: npt.NDArray[np.int64], count: int) -> list[tuple[int, int, int, int, int]]:
    """For each label from 0 to count - 1: its first and last row, its first and last column, and how many cells it
    has. One pass over all cells, however many labels there are."""
    rows, cols = np.indices(label.shape)
    first, last = np.full((2, count), label.size), np.full((2, count), -1)
    flat = label.ravel()
    for k, places in enumerate((rows.ravel(), cols.ravel())):
        np.minimum.at(first[k], flat, places)
        np.maximum.at(last[k], flat, places)
    sizes = np.bincount(flat, minlength=count)
    return list(
        zip(first[0].tolist(), last[0].tolist(), first[1].tolist(), last[1].tolist(), sizes.tolist(), strict=True)
    )


def _drop_frames(grids: list[Grid]) -> list[Grid]:
    """Grids of one cell are frames, kept only where they stand alone: a frame around a table is none."""
    kept = []
    for grid in grids:
        inside = [g for g in grids if g is not grid and union([g.box, grid.box]) == grid.box and len(g.cells) > 1]
        if len(grid.cells) == 1 and inside:
            continue
        kept.append(grid)
    return kept


def _nearest(positions: list[float], at: float) -> int:
    k = bisect_left(positions, at)
    return min(range(max(k - 1, 0), min(k + 1, len(positions))), key=lambda i: abs(positions[i] - at))


def _rectangles(mask: Bools, top: int, left: int) -> list[tuple[int, int, int, int]]:
    """A mask that begins at (top, left) cut into rectangles (first row, last row, first column, last column), tallest
    runs first."""
    mask = mask.copy()
    out = []
    for r in range(mask.shape[0]):
        c = 0
        while c < mask.shape[1]:
            if not mask[r, c]:
                c += 1
                continue
            d = c
            while d + 1 < mask.shape[1] and mask[r, d + 1]:
                d += 1
            b = r
            while b + 1 < mask.shape[0] and mask[b + 1, c : d + 1].all():
                b += 1
            mask[r : b + 1, c : d + 1] = False
            out.append((r + top, b + top, c + left, d + left))
            c = d + 1
    return out
