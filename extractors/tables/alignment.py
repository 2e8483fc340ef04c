"""Tables that no rules make: runs of lines whose texts keep to columns, with white gutters from top to bottom.

A chain of small steps: words → pieces between spaces → lines and the texts on them → runs of lines in columns →
gutters → head and foot. Rules that run across are taken as hints of where a table begins and ends. Nothing here knows
what a form is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from extractors.tables.celltext import visual_lines
from extractors.tables.filling import split_word
from schemas.frozen import dataclass
from schemas.model import Box, Rule, Word, union

TEXT_GAP = 0.8  # of the line height: a wider gap parts two texts of a line; words of justified prose stand nearer
PIECE_GAP = 0.35  # of the line height: gaps up to this are those between words
PROSE = 24.0  # of the line height: a text as wide as this, alone on its line, is prose and no cell
BLOCK_GAP = 2.6  # of the line height: a wider gap between two lines ends a region
NARROWEST = ((3, 1.0), (7, 0.7), (10**9, 0.4))  # up to so many rows, a gutter is at least so many line heights wide
STEPS = 2  # places a point at which the white is looked for
REACHED = 0.4  # of the rows: so many must reach across a gutter
NOISE = 0.12  # of the rows: so many may run across a gutter
WIDE_RULE = 0.6  # of a region's width: a rule as long as this bounds it or its head
FEWEST_ROWS = 3  # with two texts or more
HEAD_LINES = 9  # of a head, at most
HEAD_GAP = 1.2  # of the line height: lines of a head stand no further apart where no rule bounds it
FOOT_LINES = 3  # between the last row and the closing rule, at most
CLOSING = 1.5  # of the line height: how far below its last line a table's closing rule stands


Gutter = tuple[float, float]
"""The white between two columns: where it begins and ends, in points."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a page: its texts from left to right, each the pieces between whose spaces no gap stands."""

    texts: tuple[tuple[Word, ...], ...]
    box: Box
    size: float  # the height of its characters in points

    @property
    def pieces(self) -> list[Word]:
        return [piece for text in self.texts for piece in text]


@dataclass(frozen=True, slots=True)
class Region:
    """Lines that make a table: the first `head` of them its header; `gutters` are the white (left, right) between its
    columns, `body` the lines that told them."""

    lines: tuple[TextLine, ...]
    head: int
    gutters: tuple[Gutter, ...]
    body: tuple[TextLine, ...]

    @property
    def box(self) -> Box:
        return union([line.box for line in self.lines])

    @property
    def columns(self) -> int:
        return len(self.gutters) + 1


def find_regions(words: Iterable[Word], rules: Sequence[Rule], obstacles: Sequence[Box]) -> list[Region]:
    """The regions of a page whose texts stand in columns, from top to bottom; none runs across an obstacle."""
    across = [rule for rule in rules if not rule.vertical]
    regions = []
    for run in _runs(text_lines(words), obstacles):
        region = _region(run, across)
        if region is not None:
            regions.append(region)
    return regions


# ── lines


def text_lines(words: Iterable[Word]) -> list[TextLine]:
    """Words as lines from top to bottom."""
    out = []
    for row in visual_lines(piece for word in words for piece in pieces(word)):
        size = median(w.box.height for w in row)
        texts: list[list[Word]] = []
        for word in row:
            if texts and word.box.left - texts[-1][-1].box.right <= TEXT_GAP * size:
                texts[-1].append(word)
            else:
                texts.append([word])
        out.append(TextLine(tuple(tuple(t) for t in texts), union([w.box for w in row]), size))
    return out


def pieces(word: Word) -> list[Word]:
    """A word parted at its spaces; each piece keeps the spaces behind it, which take up no room."""
    out = []
    for run in re.finditer(r"\S+\s*", word.text):
        start, end = run.span()
        piece = split_word(word, start, end)
        seen = len(run.group().rstrip())
        right = piece.edges[seen]
        edges = (*piece.edges[: seen + 1], *(right for _ in range(end - start - seen)))
        out.append(replace(piece, box=Box(edges[0], piece.box.top, right, piece.box.bottom), edges=edges))
    return out


def _is_prose(line: TextLine) -> bool:
    widths = [text[-1].box.right - text[0].box.left for text in line.texts]
    return len(widths) < 3 and all(width > PROSE * line.size for width in widths)


def _in_columns(line: TextLine) -> bool:
    return len(line.texts) > 1


# ── runs of lines


def _runs(lines: Sequence[TextLine], obstacles: Sequence[Box]) -> list[list[TextLine]]:
    """The lines between prose, wide gaps and obstacles."""
    out: list[list[TextLine]] = [[]]
    for line in lines:
        above = out[-1][-1] if out[-1] else None
        if _is_prose(line):
            out.append([])
            continue
        if above is not None:
            apart = line.box.top - above.box.bottom > BLOCK_GAP * max(line.size, above.size)
            if apart or any(above.box.bottom <= o.middle[1] <= line.box.top for o in obstacles):
                out.append([])
        out[-1].append(line)
    return [run for run in out if sum(map(_in_columns, run)) >= FEWEST_ROWS]


# ── columns


def gutters_of(lines: Sequence[TextLine]) -> list[Gutter]:
    """The white between the columns of lines: what nearly no line runs across, as wide as few lines need it to be."""
    if not lines:
        return []
    size = median(line.size for line in lines)
    left, right = min(line.box.left for line in lines), max(line.box.right for line in lines)
    reach = [(line.box.left, line.box.right) for line in lines]
    ink = [piece for line in lines for piece in _inked(line)]
    spanned, covered = (_counts(each, left, right) for each in (reach, ink))
    fewest = max(2, REACHED * len(lines))
    white = [over <= NOISE * span and span >= fewest for over, span in zip(covered, spanned, strict=True)]
    out = []
    for is_white, steps in itertools.groupby(range(len(white)), key=white.__getitem__):
        if is_white:
            places = list(steps)
            start, end = places[0], places[-1] + 1
            if (end - start) / STEPS >= _narrowest(max(spanned[start:end])) * size:
                out.append((left + start / STEPS, left + end / STEPS))
    return out


def _inked(line: TextLine) -> list[tuple[float, float]]:
    """Where a line is not white, the gaps between words aside."""
    ink: list[tuple[float, float]] = []
    for piece in line.pieces:
        box = piece.box
        if ink and box.left - ink[-1][1] <= PIECE_GAP * line.size:
            ink[-1] = ink[-1][0], max(ink[-1][1], box.right)
        else:
            ink.append((box.left, box.right))
    return ink


def _counts(spans: Iterable[tuple[float, float]], left: float, right: float) -> list[int]:
    """How many of the spans cover each step from `left` to `right`."""
    steps = int((right - left) * STEPS) + 1
    changes = [0] * (steps + 1)
    for start, end in spans:
        changes[max(round((start - left) * STEPS), 0)] += 1
        changes[min(round((end - left) * STEPS), steps)] -= 1
    return list(itertools.accumulate(changes[:-1]))


def _narrowest(rows: int) -> float:
    """How wide, of the line height, the white between two columns is at least: over few rows it may be chance."""
    return next(width for most, width in NARROWEST if rows <= most)


def _body(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines with the most texts, which tell the columns best."""
    most = sorted(len(line.texts) for line in lines)[int(0.8 * (len(lines) - 1))]
    return [line for line in lines if len(line.texts) >= max(2, 0.6 * most)]


# ── head and foot


def _region(run: list[TextLine], across: Sequence[Rule]) -> Region | None:
    body = _body(run)
    if len(body) < FEWEST_ROWS:
        return None
    gutters = gutters_of(body)
    if not gutters:
        return None
    area = union([line.box for line in body])
    first, last = run.index(body[0]), run.index(body[-1])
    wide = sorted(r.at for r in across if min(r.end, area.right) - max(r.start, area.left) >= WIDE_RULE * area.width)
    top = _top(run, first, gutters, area, wide)
    bottom = _bottom(run, last, wide)
    lines = run[top : bottom + 1]
    return Region(tuple(lines), first - top, tuple(gutters), tuple(body))


def _top(run: Sequence[TextLine], first: int, gutters: Sequence[Gutter], area: Box, wide: Sequence[float]) -> int:
    """The number of the first line of the header above line `first`."""
    lowest = max(first - HEAD_LINES, 0)
    bound = _opening_rule(run, lowest, first, wide)
    if bound is not None:
        return next(k for k in range(lowest, first + 1) if run[k].box.middle[1] >= bound)
    top = first
    for k in range(first - 1, lowest - 1, -1):
        line, below = run[k], run[k + 1]
        if below.box.top - line.box.bottom > HEAD_GAP * line.size:
            break
        if line.box.left < area.left - line.size or line.box.right > area.right + line.size:
            break
        if len(line.texts) > 1 or line.box.left > gutters[0][0]:
            top = k
    return top


def _opening_rule(run: Sequence[TextLine], lowest: int, first: int, wide: Sequence[float]) -> float | None:
    """The rule above a table: the topmost one over its header, or the one right above line `first` where another
    follows a few lines below; a lone one there parts the header from the body."""
    begin, end = run[lowest].box.top - run[lowest].size, run[first].box.middle[1]
    above = [y for y in wide if begin <= y <= end]
    if not above:
        return None
    if any(above[0] <= run[k].box.middle[1] for k in range(lowest, first)):
        return above[0]
    follows = run[min(first + FOOT_LINES, len(run) - 1)].box.bottom
    return above[0] if any(end < y <= follows for y in wide) else None


def _bottom(run: Sequence[TextLine], last: int, wide: Sequence[float]) -> int:
    """The number of the last line: a few lines above the closing rule belong to the table."""
    if any(run[last].box.middle[1] < y < run[last].box.bottom + run[last].size / 2 for y in wide):
        return last
    for k in range(last + 1, min(last + 1 + FOOT_LINES, len(run))):
        if any(run[k].box.middle[1] < y < run[k].box.bottom + CLOSING * run[k].size for y in wide):
            return k
    return last
