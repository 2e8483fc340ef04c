"""Labels and their values without upright rules: each row is parted between its own texts, a label at the left may
count for several rows."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from extractors.tables.alignment import TextLine
from extractors.tables.borderless import LABEL
from extractors.tables.unruled.grids import make_cell
from extractors.tables.unruled.rows import Extent, groups_of
from extractors.tables.unruled.texts import Block, Text, box_of, is_parted, texts_of
from schemas.language.money import names_line
from schemas.language.vocabulary import Words
from schemas.model import Box, Cell, Grid, Rule

NOTE = "labels and values, no upright rules"
WRAP = 0.75  # of the line height: lines of one text stand no further apart
SAME = 0.35  # of the line height: how far the edges of the lines of one text differ
ROOM = 3.0  # of the line height: what is left of a full line, at most
PROSE = 14.0  # of the line height: a line as long as this may end a paragraph
GAP = 0.8  # of the line height: the least white beside a column of labels
SENTENCE_ENDS = "。；;."
SHARED = 0.35  # of the lower one's height: texts that share so much of their height stand in one row

Row = list[Block]


def labels_grid(page: int, lines: Sequence[TextLine], rules: Sequence[Rule], words: Words) -> Grid | None:
    """The grid of lines of labels and values; None where they are no such lines. Lines at its top or bottom that are
    texts of their own stay outside."""
    lines = _without_loose(lines)
    if not lines:
        return None
    size = lines[0].size
    texts = [texts_of(line) for line in lines]
    area = box_of(lines)
    side = _side(texts, size)
    left = [t for line in texts for t in line if side is not None and t.box.right <= side]
    rest = [[t for t in line if side is None or t.box.right > side] for line in texts]
    rows = _rows(_blocks(rest, rules, area.right, size, words))
    labels = name_blocks_of_labels(left, size, words)
    rows = _with_lone(rows, labels)
    while rows and _is_loose(rows[0], labels):
        rows.pop(0)
    while rows and _is_loose(rows[-1], labels):
        rows.pop()
    if not rows or sum(len(row) + (side is not None) > 1 for row in rows) < 1:
        return None
    extents = [_extent(row) for row in rows]
    labels = [b for b in labels if extents[0].top - size <= b.middle <= extents[-1].bottom + size]
    starts = groups_of(labels, extents, size) if labels else []
    spans = list(itertools.pairwise([*starts, len(rows)])) if labels else []
    taken = [[b for b in row if b not in labels] for row in rows]
    whites = [(a.box.right, b.box.left) for row in taken for a, b in itertools.pairwise(row)]
    inner = _stabs(whites)
    xs = tuple(sorted({area.left, *([side] if labels and side is not None else []), *inner, area.right}))
    ys = [extents[0].top]
    for above, below in itertools.pairwise(extents):
        ys.append(max((above.bottom + below.top) / 2, ys[-1]))
    ys.append(max(extents[-1].bottom, ys[-1]))
    first = 1 if labels else 0
    cells: list[Cell] = []
    parted = _cuts(taken, xs)
    if parted is None:
        return None
    for n, (row, cuts) in enumerate(zip(taken, parted, strict=True)):
        cells += _cells(row, n, first, cuts, ys, xs, page)
    for block, (start, end) in zip(labels, spans, strict=False):
        cells.append(make_cell(block.texts, (start, 0, end - start, 1), xs, ys, page))
    cells.sort(key=lambda c: (c.row, c.col))
    return Grid(page, Box(xs[0], ys[0], xs[-1], ys[-1]), xs, tuple(ys), tuple(cells), ruled=False, notes=(NOTE,))


def _without_loose(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines without those at the top and the bottom that are labels with their values, and at the top short ones of
    one text: a title, a year."""
    out = list(lines)
    while out and (_is_labelled(out[0]) or _is_alone(out)):
        out.pop(0)
    while out and _is_labelled(out[-1]):
        out.pop()
    return out


def _is_labelled(line: TextLine) -> bool:
    return all(LABEL.match(t.text) for t in texts_of(line))


def _is_alone(lines: Sequence[TextLine]) -> bool:
    """Whether the first line is one short text that does not go on in the next one."""
    line = lines[0]
    near = len(lines) > 1 and lines[1].box.top - line.box.bottom <= WRAP * line.size
    return len(line.texts) == 1 and line.box.width < PROSE * line.size and not near


def _side(texts: Sequence[Sequence[Text]], size: float) -> float | None:
    """Where the column of labels at the left ends: the first white from the first line to the last."""
    ink = sorted((t.box.left, t.box.right) for line in texts for t in line)
    at = ink[0][1]
    for left, right in ink:
        if left - at >= GAP * size:
            return (at + left) / 2
        at = max(at, right)
    return None


def _blocks(
    lines: Sequence[Sequence[Text]], rules: Sequence[Rule], right: float, size: float, words: Words
) -> list[Block]:
    """The texts of lines, those that wrap together."""
    out: list[Block] = []
    for line in lines:
        for text in line:
            above = next((b for b in reversed(out) if _goes_on(b, text, out, rules, right, size, words)), None)
            if above is not None:
                out[out.index(above)] = Block((*above.texts, text))
            else:
                out.append(Block((text,)))
    return out


def _goes_on(
    block: Block, text: Text, blocks: Sequence[Block], rules: Sequence[Rule], right: float, size: float, words: Words
) -> bool:
    """Whether a text is the next line of a block: right below its last line, which is full or ends a paragraph."""
    last, here = block.texts[-1].box, text.box
    starts = abs(last.left - here.left) <= SAME * size or abs(last.middle[0] - here.middle[0]) <= SAME * size
    if not starts or not 0 <= here.top - last.bottom + SAME * size <= (WRAP + SAME) * size:
        return False
    if is_parted(last, here, rules) or _is_name(text.text, words):
        return False
    beside = (
        b.box.left for b in blocks if b.box.left >= last.right and b.box.top < last.bottom and b.box.bottom > last.top
    )
    end = min(beside, default=right)
    full = last.right + (ROOM + 1) * size > end
    ends = block.texts[-1].text[-1:] in SENTENCE_ENDS and last.width >= PROSE * size / 2
    return full or ends or last.width >= PROSE * size


def _is_name(text: str, words: Words) -> bool:
    return words.known_label(text) or names_line(text, words) or LABEL.match(text) is not None


def name_blocks_of_labels(texts: Sequence[Text], size: float, words: Words) -> list[Block]:
    """The labels of a column, those that wrap together."""
    out: list[Block] = []
    for text in texts:
        above = out[-1] if out else None
        near = above is not None and text.box.top - above.texts[-1].box.bottom <= WRAP * size
        whole = above is not None and (_is_name(above.text, words) or _is_name(text.text, words))
        joined = above is not None and _is_name(above.text + text.text, words)
        if above is not None and near and (joined or not whole):
            out[-1] = Block((*above.texts, text))
        else:
            out.append(Block((text,)))
    return out


def _rows(blocks: Iterable[Block]) -> list[Row]:
    """Blocks by row: those that share much of their height."""
    rows: list[Row] = []
    for block in sorted(blocks, key=lambda b: b.box.top):
        row = next((r for r in rows if any(_share(b.box, block.box) for b in r)), None)
        if row is None:
            rows.append([block])
        else:
            row.append(block)
    return [sorted(row, key=lambda b: b.box.left) for row in sorted(rows, key=lambda r: _extent(r).top)]


def _share(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > SHARED * min(one.height, other.height)


def _with_lone(rows: list[Row], labels: Sequence[Block]) -> list[Row]:
    """Rows with those of labels that have nothing beside them."""
    lone = [b for b in labels if not any(_extent(r).top - 1 <= b.middle <= _extent(r).bottom + 1 for r in rows)]
    inside = [b for b in lone if not _is_between(b, rows)]
    return sorted([*rows, *([b] for b in inside)], key=lambda r: _extent(r).top)


def _is_between(block: Block, rows: Sequence[Row]) -> bool:
    """Whether a label stands halfway between two rows: then it may be that of both."""
    above = max((_extent(r).bottom for r in rows if _extent(r).bottom <= block.middle), default=None)
    below = min((_extent(r).top for r in rows if _extent(r).top >= block.middle), default=None)
    return above is not None and below is not None and below - above < 1.5 * block.box.height


def _is_loose(row: Row, labels: Sequence[Block]) -> bool:
    """Whether a row is one text with no label beside it."""
    extent = _extent(row)
    beside = any(extent.top - 1 <= b.middle <= extent.bottom + 1 for b in labels)
    return len(row) == 1 and not beside and row[0] not in labels


def _extent(row: Row) -> Extent:
    return Extent(min(b.box.top for b in row), max(b.box.bottom for b in row))


def _stabs(whites: Sequence[tuple[float, float]]) -> list[float]:
    """The fewest borders that part all texts: each in the white of as many rows as possible."""
    out: list[float] = []
    for left, right in sorted(whites, key=lambda w: w[1]):
        if not out or out[-1] <= left:
            out.append(right - 1 if right - 1 > left else (left + right) / 2)
    return out


def _cells(
    row: Row, n: int, first: int, cuts: Sequence[int], ys: Sequence[float], xs: Sequence[float], page: int
) -> list[Cell]:
    """The cells of a row from its first column on, parted at the borders `cuts`."""
    last = len(xs) - 1
    if not row:
        return [make_cell((), (n, first, 1, last - first), xs, ys, page)] if first < last else []
    spans = itertools.pairwise([first, *cuts, last])
    return [
        make_cell(b.texts, (n, start, 1, end - start), xs, ys, page) for b, (start, end) in zip(row, spans, strict=True)
    ]


def _cuts(rows: Sequence[Row], xs: Sequence[float]) -> list[list[int]] | None:
    """For each row the numbers of the borders between its texts; None where two of them stand over one another. Where
    several borders run between two texts, it is the one that parts those of the next row below or above, too."""
    open_ = [
        [[i for i, x in enumerate(xs) if a.box.right < x <= b.box.left + 0.01] for a, b in itertools.pairwise(row)]
        for row in rows
    ]
    if not all(choices for row in open_ for choices in row):
        return None
    certain = [{choices[0] for choices in row if len(choices) == 1} for row in open_]
    out = []
    for n, row in enumerate(open_):
        near = [*certain[n + 1 : n + 2], *certain[max(n - 1, 0) : n]]
        out.append([next((i for also in near for i in choices if i in also), choices[0]) for choices in row])
    return out
