"""Regions whose text stands in columns without rules, read through the same Grid.

A label block above a table often has no rules at all. The words' left edges tell the columns, their lower edges the
rows, and camelot's stream reading the rows where these leave doubt; lines that only wrap are joined into one cell.
Camelot is loaded only when a page has such a region.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median

from extractors.screenless import lend_screen
from extractors.tables.celltext import join_lines, make_line, runs, visual_lines
from extractors.tables.filling import split_word
from schemas.model import Box, Cell, Grid, Place, Word, union

FEWEST_LINES = 3  # a region needs this many lines, and two of them with a wide gap
SAME_EDGE = 3.0  # points: left edges nearer than this are one edge
TITLE = 1.4  # times the height of the line beside it: a title is in no region
LINE_GAP = 2.2  # of the line height: a wider gap between lines ends a region
WRAP_GAP = 0.55  # of the line height: lines nearer than this are one wrapped text
COLUMN_GAP = 0.15  # of the line height: texts of two columns stand at least so far apart
RAGGED = 0.6  # of the line height: how far the left edges of a wrapped recognised text may differ
ONE_ROW = 2.0  # points: how far the lower edges of one row's texts differ, as camelot has it
CLEAR = 2.0  # times: edges that differ by twice as much are those of two rows
LABELLED = 0.5  # share of the texts with a label, above which whatever has none goes on from above
LABEL = re.compile(r"\s*[^:：，。；]{1,16}[:：]")  # a line that begins so is a text of its own

Lines = Sequence[Sequence[Word]]
"""A region's words, line by line."""

RowReader = Callable[[int, Lines, Sequence[float]], list[float]]
"""(page, region, borders between its columns) → row borders in points from the top; [] for no table."""


def columnar_regions(words: Sequence[Word], obstacles: Sequence[Box]) -> list[Lines]:
    """The lines (words by line) of each region without rules where text stands in columns. `obstacles` are the
    ruled grids, which no region runs across."""
    return [region for region in near_lines(words, obstacles) if is_columnar(region)]


def is_columnar(region: Lines) -> bool:
    """Whether lines are many enough, and stand in columns."""
    wide = [row for row in region if len(runs(row)) > 1]
    return len(region) >= FEWEST_LINES and len(wide) >= 2 and len(_left_edges(region)) >= 2


def near_lines(words: Sequence[Word], obstacles: Sequence[Box]) -> list[Lines]:
    """Runs of lines (words by line) that stand near each other, are of a size, and between none of which an obstacle
    stands."""
    regions: list[Lines] = []
    current: list[list[Word]] = []
    bottom = 0.0
    for row in visual_lines(words):
        box = union([w.box for w in row])
        blocked = any(bottom <= o.middle[1] <= box.top for o in obstacles)
        size = median(w.box.height for w in row)
        tall = median(w.box.height for w in current[-1]) if current else size
        title = max(tall, size) > TITLE * min(tall, size)
        if current and (box.top - bottom > LINE_GAP * size or blocked or title):
            regions.append(current)
            current = []
        current.append(row)
        bottom = max(bottom, box.bottom)
    return [*regions, current] if current else regions


def is_labelled(region: Lines) -> bool:
    """Whether most texts of a region have a label."""
    return _has_labels([run for row in region for run in runs(row)])


def _has_labels(texts: Sequence[Sequence[Word]]) -> bool:
    return sum(1 for text in texts if LABEL.match("".join(w.text for w in text))) > LABELLED * len(texts)


def aligned_grid(page: int, region: Lines, read_rows: RowReader) -> Grid | None:
    """The grid of a columnar region; None where nothing aligns. Cells of several lines span their rows."""
    box = union([w.box for row in region for w in row])
    edges = _left_edges(region)
    region = [[piece for word in row for piece in _apart(word, edges)] for row in region]
    inner = [edge - SAME_EDGE / 2 for edge in edges[1:]]
    xs = (box.left, *inner, box.right)
    ys = read_rows(page, region, inner)
    if len(ys) < 2:
        return None

    def column(x: float) -> int:
        return min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2)

    def band(y: float) -> int:
        return min(max(bisect_right(ys, y) - 1, 0), len(ys) - 2)

    reach = LINE_GAP if _has_labels([run for row in region for run in _parted(row, edges)]) else WRAP_GAP
    texts: list[list[list[Word]]] = []  # each text: its lines of words
    for row in region:
        for run in _parted(row, edges):
            above = _wrapped_above(texts, run, column, reach)
            if above is not None and not LABEL.match("".join(w.text for w in run)):
                above.append(run)
            else:
                texts.append([run])
    cells = []
    for text in texts:
        area = union([w.box for run in text for w in run])
        lines = tuple(make_line(run, page) for run in text)
        first, last = band(lines[0].place.box.middle[1]), band(lines[-1].place.box.middle[1])  # type: ignore[union-attr]
        col, end = column(area.left + 1), column(area.right - 1)
        edge = Box(xs[col], min(ys[first], area.top), xs[end + 1], max(ys[last + 1], area.bottom))
        cells.append(
            Cell(
                first,
                col,
                last - first + 1,
                end - col + 1,
                join_lines(lines, {page: edge}),
                lines,
                ((first, Place(page=page, box=edge)),),
            )
        )
    cells.sort(key=lambda c: (c.row, c.col))
    return Grid(page, box, xs, tuple(ys), tuple(cells), ruled=False, notes=("aligned text, no rules",))


def _apart(word: Word, edges: Sequence[float]) -> list[Word]:
    """A recognised word parted where a label of it begins at a column's edge: engines read two columns as one."""
    if word.score is None:
        return [word]
    for edge in edges:
        if not word.box.left + word.box.height < edge < word.box.right - word.box.height:
            continue
        at = min(range(len(word.text)), key=lambda i: abs(word.edges[i] - edge))
        if at and abs(word.edges[at] - edge) <= word.box.height and LABEL.match(word.text[at:]):
            # the character's edge lies in the middle of the gap between the columns
            gap = max(edge - word.edges[at], 0.0)
            before = replace(word, edges=(*word.edges[:at], word.edges[at] - gap, *word.edges[at + 1 :]))
            behind = replace(word, edges=(*word.edges[:at], word.edges[at] + gap, *word.edges[at + 1 :]))
            return [split_word(before, 0, at), *_apart(split_word(behind, at, len(word.text)), edges)]
    return [word]


def _parted(row: Sequence[Word], edges: Sequence[float]) -> list[list[Word]]:
    """The texts of a line, parted at wide gaps and where a word begins at a column's edge."""
    out: list[list[Word]] = []
    for run in runs(row):
        for i, word in enumerate(run):
            apart = i > 0 and word.box.left - run[i - 1].box.right > COLUMN_GAP * word.box.height
            at_edge = apart and any(-SAME_EDGE / 2 <= word.box.left - edge <= SAME_EDGE for edge in edges)
            if not i or at_edge:
                out.append([word])
            else:
                out[-1].append(word)
    return out


def line_rows(page: int, region: Lines, borders: Sequence[float]) -> list[float]:
    """Row borders from the lines alone, between the middle of each line and the next."""
    middles = [union([w.box for w in row]).middle[1] for row in region]
    box = union([w.box for row in region for w in row])
    return [box.top, *((a + b) / 2 for a, b in itertools.pairwise(middles)), box.bottom]


def clear_rows(region: Lines) -> list[float] | None:
    """Row borders halfway between the texts of each row and the next, None where it is not clear which texts are one
    row: camelot is asked then."""
    words = sorted((w for row in region for w in row), key=lambda w: w.box.bottom)
    steps = [b.box.bottom - a.box.bottom for a, b in itertools.pairwise(words)]
    if any(ONE_ROW < step < CLEAR * ONE_ROW for step in steps):
        return None
    rows = [[words[0]]]
    for step, word in zip(steps, words[1:], strict=True):
        if step > ONE_ROW:
            rows.append([])
        rows[-1].append(word)
    if any(row[-1].box.bottom - row[0].box.bottom > ONE_ROW for row in rows):
        return None
    spans = [union([w.box for w in row]) for row in rows]
    inner = ((above.bottom + below.top) / 2 for above, below in itertools.pairwise(spans))
    ys = [min(s.top for s in spans), *inner, spans[-1].bottom]
    return ys if all(a < b for a, b in itertools.pairwise(ys)) else None


def camelot_rows(path: str, size: Callable[[int], tuple[float, float]]) -> RowReader:
    """Reads row borders of regions of one file by camelot; `size` gives a page's height in points, and the points to a
    unit of it, in which camelot counts."""

    def read(page: int, region: Lines, borders: Sequence[float]) -> list[float]:
        lend_screen()
        import camelot  # heavy: only where a page needs it

        height, unit = size(page)
        box = union([w.box for row in region for w in row])
        area = (box.left - 2, height - box.top + 2, box.right + 2, height - box.bottom - 2)
        tables = camelot.read_pdf(
            path,
            pages=str(page),
            flavor="stream",
            table_areas=[",".join(str(each / unit) for each in area)],
            columns=[",".join(f"{x / unit:.2f}" for x in borders)],
            row_tol=ONE_ROW / unit,
            suppress_stdout=True,
        )
        ys = sorted({round(height - unit * y, 2) for table in tables for row in table.rows for y in row})
        return [y for i, y in enumerate(ys) if not i or y - ys[i - 1] > 1.0]

    return read


def _left_edges(region: Lines) -> list[float]:
    """Where the texts of two lines or more begin, from left to right."""
    starts = sorted(run[0].box.left for row in region for run in runs(row))
    groups: list[list[float]] = []
    for x in starts:
        if groups and x - groups[-1][0] <= SAME_EDGE:
            groups[-1].append(x)
        else:
            groups.append([x])
    return [min(g) for g in groups if len(g) >= 2]


def _wrapped_above(
    texts: list[list[list[Word]]], run: Sequence[Word], column: Callable[[float], int], reach: float
) -> list[list[Word]] | None:
    """The text that `run` may be a wrapped line of: the last one that begins in its column, above it by no more
    than `reach` times its height."""
    left, top, height = run[0].box.left, run[0].box.top, run[0].box.height
    for text in reversed(texts):
        above = union([w.box for w in text[-1]])
        if column(text[-1][0].box.left + 1) != column(left + 1):
            continue
        # dirt beside its first character makes a recognised line begin a little further left
        slack = SAME_EDGE if run[0].score is None else max(SAME_EDGE, RAGGED * height)
        near = abs(text[-1][0].box.left - left) <= slack and top - above.bottom <= reach * height
        return text if near else None
    return None
