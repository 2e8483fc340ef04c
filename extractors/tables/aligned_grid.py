"""The grid of a region without rules: its lines become rows, what wraps is joined, its texts become cells."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from statistics import median

from extractors.tables.alignment import PIECE_GAP, Gutter, Region, TextLine
from extractors.tables.celltext import join_lines, make_line
from extractors.tables.sureness import is_figure
from schemas.model import Box, Cell, Grid, Place, Rule, Word, union

DEEPER = 0.2  # of the line height: a wrapped label goes on so much further in
TIGHT = 0.9  # of the usual distance between rows: nearer lines are one row
NEAR = 3.0  # points: rules so near to a region's edge are its own
AS_WIDE = 0.8  # of a gutter: so much of it is white on a line that it parts
INSIDE = 1.0  # points, or a third of a word: how far inside its edges a word surely stands in its column

Span = tuple[int, int]
"""First and last column of a text."""

Placed = tuple[Span, list[Word]]
"""A text of one line with the columns that it stands in."""


def region_grid(page: int, region: Region, rules: Sequence[Rule], sure: float) -> Grid:
    """The grid of a region that is a table with a sureness of `sure`; `rules` part its rows."""
    area = region.box
    xs = (area.left, *((a + b) / 2 for a, b in region.gutters), area.right)
    across = [r.at for r in rules if runs_across(r, area)]
    placed = [_placed(line, xs, region.gutters) for line in region.lines]
    bands = _bands(region, placed, across)
    ys = _row_borders(region, bands)
    cells = []
    for row, band in enumerate(bands):
        for (first, last), lines in _texts(placed[k] for k in band):
            made = tuple(make_line(words, page) for words in lines)
            cell = Box(xs[first], ys[row], xs[last + 1], ys[row + 1])
            edge = union([cell, *(w.box for words in lines for w in words)])
            text = join_lines(made, {page: edge})
            cells.append(Cell(row, first, 1, last - first + 1, text, made, ((row, Place(page=page, box=edge)),)))
    cells.sort(key=lambda c: (c.row, c.col))
    note = f"aligned text, no rules: a table with a sureness of {sure:.2f}"
    return Grid(page, area, xs, tuple(ys), tuple(cells), ruled=False, notes=(note,), sure=sure)


def runs_across(rule: Rule, area: Box) -> bool:
    """Whether a rule runs from left to right through an area or at its edge."""
    return (
        not rule.vertical
        and area.top - NEAR <= rule.at <= area.bottom + NEAR
        and rule.start < area.right
        and rule.end > area.left
    )


def _row_borders(region: Region, bands: Sequence[Sequence[int]]) -> list[float]:
    """Borders halfway between the lines of one row and those of the next, none above the one before it."""
    ys = [region.box.top]
    for above, below in itertools.pairwise(bands):
        ends = max(region.lines[k].box.bottom for k in above)
        begins = min(region.lines[k].box.top for k in below)
        ys.append(max((ends + begins) / 2, ys[-1]))
    return [*ys, max(region.box.bottom, ys[-1])]


def _texts(placed: Iterable[list[Placed]]) -> list[tuple[Span, list[list[Word]]]]:
    """The texts of a row, each with its lines: what stands in the same columns on its lines is one."""
    out: list[tuple[Span, list[list[Word]]]] = []
    for line in placed:
        for span, words in line:
            at = next((i for i, (s, _) in enumerate(out) if s[0] <= span[1] and span[0] <= s[1]), None)
            if at is None:
                out.append((span, [words]))
            else:
                other, lines = out[at]
                out[at] = ((min(other[0], span[0]), max(other[1], span[1])), [*lines, words])
    return out


def _placed(line: TextLine, xs: Sequence[float], gutters: Sequence[Gutter]) -> list[Placed]:
    """The texts of a line with their columns. What stands in two columns is one text only where a word reaches over the
    gutter, or no gap stands there."""
    out: list[Placed] = []
    for text in line.texts:
        for i, word in enumerate(text):
            span = _span(word, xs, gutters)
            if i:
                last, words = out[-1]
                if span[0] <= last[1] or not _parts(
                    words[-1].box.right, word.box.left, gutters[last[1] : span[0]], line
                ):
                    out[-1] = (min(last[0], span[0]), max(last[1], span[1])), [*words, word]
                    continue
            out.append((span, [word]))
    return out


def _parts(right: float, left: float, gutters: Sequence[Gutter], line: TextLine) -> bool:
    """Whether the gap between two words is that between two columns: wider than between words, and nearly as wide as
    the white of one of the `gutters` there."""
    wide = left - right > PIECE_GAP * line.size
    return wide and any(min(left, b) - max(right, a) >= AS_WIDE * (b - a) for a, b in gutters)


def _span(word: Word, xs: Sequence[float], gutters: Sequence[Gutter]) -> Span:
    """The columns of a word: two only where it reaches over the gutter between them, not where it juts into it."""
    inside = min(INSIDE, word.box.width / 3)
    first, last = (
        min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2) for x in (word.box.left + inside, word.box.right - inside)
    )
    middle = word.box.middle[0]
    while first < last and word.box.left > gutters[first][0] - INSIDE and gutters[first][1] > middle:
        first += 1
    while first < last and word.box.right < gutters[last - 1][1] + INSIDE and gutters[last - 1][0] < middle:
        last -= 1
    return first, last


def _bands(region: Region, placed: Sequence[list[Placed]], across: Sequence[float]) -> list[list[int]]:
    """The numbers of the lines of each row."""
    tops = [line.box.top for line in region.lines[region.head :]]
    usual = median(b - a for a, b in itertools.pairwise(tops)) if len(tops) > 1 else 0.0
    columns = [{c for (a, b), _ in line for c in range(a, b + 1)} for line in placed]
    bands: list[list[int]] = []
    for k in range(len(region.lines)):
        fresh = bands and _counts_anew(placed[k], [text for i in bands[-1] for text in placed[i]])
        if k > region.head and bands and not fresh and _goes_on(region, columns, bands[-1], k, usual, across):
            bands[-1].append(k)
        else:
            bands.append([k])
    return bands


def _counts_anew(line: Sequence[Placed], row: Sequence[Placed]) -> bool:
    """Whether a line prints a figure in a column in which its row has one: figures do not wrap."""
    counted = {span for span, words in row if is_figure(words)}
    return any(span in counted for span, words in line if is_figure(words))


def _goes_on(
    region: Region, columns: Sequence[set[int]], band: Sequence[int], k: int, usual: float, across: Sequence[float]
) -> bool:
    """Whether line `k` goes on with the row whose lines are `band`: it fills few of the columns that they fill, no rule
    stands between, and where it is the label that goes on it stands further in or nearer than rows do."""
    line, above = region.lines[k], region.lines[band[-1]]
    if any(above.box.middle[1] < y < line.box.middle[1] for y in across):
        return False
    here, row = columns[k], set().union(*(columns[i] for i in band))
    if not here <= row or len(here) >= max(2, len(row)):
        return False
    if here != {0} or len(row) == 1:
        return 0 not in here
    deeper = line.box.left > above.box.left + DEEPER * line.size
    return deeper or line.box.top - above.box.top < TIGHT * usual
