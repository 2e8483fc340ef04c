"""Labels and their values without upright rules: each row is parted between its own texts, a label at the left may
count for several rows."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from extractors.tables.alignment import TextLine
from extractors.tables.borderless import LABEL
from extractors.tables.unruled.grids import make_cell
from extractors.tables.unruled.rows import Extent, groups_of
from extractors.tables.unruled.texts import Block, Text, box_of, is_parted, texts_of
from schemas.frozen import dataclass
from schemas.language.money import names_line
from schemas.language.vocabulary import Words
from schemas.language.writing import SENTENCE_ENDS
from schemas.model import Box, Cell, Grid, Rule, union

NOTE = "labels and values, no upright rules"
WRAP = 0.75  # of the line height: lines of one text stand no further apart
SAME = 0.35  # of the line height: how far the edges of the lines of one text differ
ROOM = 3.0  # of the line height: what is left of a full line, at most
PROSE = 14.0  # of the line height: a line as long as this may end a paragraph
GAP = 0.8  # of the line height: the least white beside a column of labels
ENDS = SENTENCE_ENDS + "."
FEWEST_RULES = 3  # that part rows
MANY_RULES = 10  # on a page: tables of three lines have fewer
MOST_LINES = 3  # of one row between two rules of such a page
HALF = 0.5  # of the width beside the labels: a rule that parts rows is at least so long
SHARED = 0.35  # of the lower one's height: texts that share so much of their height stand in one row

Row = list[Block]


@dataclass(frozen=True, slots=True)
class Label:
    """A label that counts for the rows [first, end), whose column ends at `right`."""

    block: Block
    first: int
    end: int
    right: float


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of labels and values: their ink and the blocks of each, and the labels at the left that count for rows."""

    extents: tuple[Extent, ...]
    blocks: tuple[Row, ...]
    labels: tuple[Label, ...]

    def begins(self, row: int) -> float | None:
        """Where a row begins behind the labels at its left; None without one."""
        return max((label.right for label in self.labels if label.first <= row < label.end), default=None)

    def left_of(self, label: Label) -> float | None:
        """Where the column of a label begins behind the labels at its left; None without one."""
        outer = (o for o in self.labels if o.first <= label.first < o.end and o.right < label.right)
        return max((o.right for o in outer), default=None)


def labels_grid(page: int, lines: Sequence[TextLine], rules: Sequence[Rule], words: Words) -> Grid | None:
    """The grid of lines of labels and values; None where they are no such lines. Lines at its top or bottom that are
    texts of their own stay outside."""
    rows = _by_rules(lines, rules, words) or _by_place(lines, rules, words)
    if rows is None or (not any(len(row) > 1 for row in rows.blocks) and not rows.labels):
        return None
    boxes = [b.box for row in rows.blocks for b in row] + [label.block.box for label in rows.labels]
    area = union(boxes)
    whites = [(a.box.right, b.box.left) for row in rows.blocks for a, b in itertools.pairwise(row)]
    xs = tuple(sorted({area.left, *(label.right for label in rows.labels), *_stabs(whites), area.right}))
    cuts = _cuts(rows, xs)
    if cuts is None:
        return None
    ys = [rows.extents[0].top]
    for above, below in itertools.pairwise(rows.extents):
        ys.append(max((above.bottom + below.top) / 2, ys[-1]))
    ys.append(max(rows.extents[-1].bottom, ys[-1]))
    cells: list[Cell] = []
    for n, (row, own) in enumerate(zip(rows.blocks, cuts, strict=True)):
        cells += _cells(row, n, xs.index(rows.begins(n) or area.left), own, ys, xs, page)
    for label in rows.labels:
        first = xs.index(rows.left_of(label) or area.left)
        place = (label.first, first, label.end - label.first, xs.index(label.right) - first)
        cells.append(make_cell(label.block.texts, place, xs, ys, page))
    cells.sort(key=lambda c: (c.row, c.col))
    return Grid(page, Box(xs[0], ys[0], xs[-1], ys[-1]), xs, tuple(ys), tuple(cells), ruled=False, notes=(NOTE,))


# ── rows by rules


def _by_rules(lines: Sequence[TextLine], rules: Sequence[Rule], words: Words) -> _Rows | None:
    """The rows of lines that rules part, from the first of these on; None where no rules do."""
    area = box_of(lines)
    size = lines[0].size
    across = [r for r in rules if not r.vertical and area.top - 2 * size <= r.at <= area.bottom + 2 * size]
    across = [r for r in across if r.start < area.right and r.end > area.left]
    left = min((r.start for r in across), default=area.left)
    right = max((r.end for r in across), default=area.right)
    ends = sorted({r.start for r in across if r.start > left + size and r.end > right - size})
    inner = ends[-1] if ends else left
    ys = _places([r for r in across if min(r.end, right) - max(r.start, inner) >= HALF * (right - inner)], size)
    if len(ys) < FEWEST_RULES and not _is_one_row(lines, ys, rules):
        return None
    texts = [t for line in lines for t in texts_of(line) if ys[0] < t.box.middle[1] < ys[-1]]
    labels = _labels_beside(texts, across, ys, right, size)
    named = {id(t) for label in labels for t in label.block.texts}
    bands: list[list[Text]] = [[] for _ in ys[1:]]
    for text in texts:
        if id(text) not in named:
            bands[bisect_right(ys, text.box.middle[1]) - 1].append(text)
    blocks = tuple(_columns_of(band) for band in bands)
    every = [*(b for row in blocks for b in row), *(label.block for label in labels)]
    if not every or any(_is_stacked(block, words) for block in every):
        return None
    extents = tuple(Extent(a, b) for a, b in itertools.pairwise(ys))
    return _Rows(extents, blocks, tuple(labels))


def _is_one_row(lines: Sequence[TextLine], ys: Sequence[float], rules: Iterable[Rule]) -> bool:
    """Whether lines between two rules are one row: few, on a page whose rules part most rows."""
    return len(ys) == 2 and len(lines) <= MOST_LINES and sum(not r.vertical for r in rules) >= MANY_RULES


def _is_stacked(block: Block, words: Words) -> bool:
    """Whether texts of several rows stand in a block: then rules do not part the rows."""
    names = sum(_is_name(t.text, words) for t in block.texts)
    return (names > 1 and not _is_name(block.text, words)) or sum(t.is_figure for t in block.texts) > 1


def _places(rules: Sequence[Rule], size: float) -> list[float]:
    """Where rules run, from top to bottom, each place once."""
    out: list[float] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if not out or rule.at - out[-1] > size / 2:
            out.append(rule.at)
    return out


def _labels_beside(
    texts: Sequence[Text], across: Sequence[Rule], ys: Sequence[float], right: float, size: float
) -> list[Label]:
    """The texts beside rules that part the rows right of them, from the rule above to the one below that run through
    their own column; those side by side, as a name with its value, are labels of their own."""
    found: dict[tuple[float, float, float], list[Text]] = {}
    for text in texts:
        y, box = text.box.middle[1], text.box
        through = [r.at for r in across if r.start < box.right - size / 2 and r.end > box.left + size / 2]
        top = max((at for at in through if at < y), default=ys[0])
        end = min((at for at in through if at > y), default=ys[-1])
        beside = [r for r in across if top + size / 2 < r.at < end - size / 2 and r.end > right - size]
        if beside:
            found.setdefault((top, end, min(r.start for r in beside)), []).append(text)
    out = []
    for (top, end, edge), own in found.items():
        first, behind = (sum(1 for y in ys if y < at + size / 2) - 1 for at in (top, end))
        blocks = _columns_of(own)
        ends = [*((a.box.right + b.box.left) / 2 for a, b in itertools.pairwise(blocks)), edge]
        out += [Label(block, max(first, 0), behind, at) for block, at in zip(blocks, ends, strict=True)]
    return out


def _columns_of(texts: Sequence[Text]) -> Row:
    """The texts between two rules as blocks side by side: what stands one below the other is one."""
    out: list[Block] = []
    for text in sorted(texts, key=lambda t: t.box.top):
        over = [b for b in out if b.box.left < text.box.right and text.box.left < b.box.right]
        out = [b for b in out if b not in over]
        out.append(Block((*(t for b in over for t in b.texts), text)))
    return sorted(out, key=lambda b: b.box.left)


# ── rows by places


def _by_place(lines: Sequence[TextLine], rules: Sequence[Rule], words: Words) -> _Rows | None:
    """The rows of lines as their texts stand; None where nothing is left of them."""
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
    if not rows:
        return None
    extents = [_extent(row) for row in rows]
    labels = [b for b in labels if extents[0].top - size <= b.middle <= extents[-1].bottom + size]
    starts = groups_of(labels, extents, size) if labels else []
    spans = list(itertools.pairwise([*starts, len(rows)])) if labels else []
    named = () if side is None else tuple(Label(b, *span, side) for b, span in zip(labels, spans, strict=False))
    taken = tuple([b for b in row if b not in labels] for row in rows)
    return _Rows(tuple(extents), taken, named)


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
    ends = block.texts[-1].text[-1:] in ENDS and last.width >= PROSE * size / 2
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


def _cuts(rows: _Rows, xs: Sequence[float]) -> list[list[int]] | None:
    """For each row the numbers of the borders between its texts; None where two of them stand over one another. Rows
    that can be parted at the same borders are, as labels above their values. Where several borders run between two
    texts, it is one that parts those of the next row below or above, too, and in whose cell a text stands in the
    middle."""
    open_ = [
        [[i for i, x in enumerate(xs) if a.box.right < x <= b.box.left + 0.01] for a, b in itertools.pairwise(row)]
        for row in rows.blocks
    ]
    if not all(choices for row in open_ for choices in row):
        return None
    out: list[list[int]] = []
    for first, end, shared in _alike(open_):
        near = [
            {choices[0] for choices in open_[n] if len(choices) == 1} for n in (end, first - 1) if 0 <= n < len(open_)
        ]
        own: list[int] = []
        for block, choices in zip(rows.blocks[first], shared, strict=False):
            usual = next((both for also in near if (both := [i for i in choices if i in also])), choices[:1])
            left = xs[own[-1]] if own else rows.begins(first)
            own.append(usual[0] if left is None else min(usual, key=lambda i: _off_middle(block, left, xs[i])))
        out += [own] * (end - first)
    return out


def _off_middle(block: Block, left: float, right: float) -> float:
    """How far from the middle between two borders a block stands."""
    return abs((left + right) / 2 - block.box.middle[0])


def _alike(rows: Sequence[list[list[int]]]) -> Iterator[tuple[int, int, list[list[int]]]]:
    """Runs of rows [first, end) that can be parted at the same borders, with those that all of them may have."""
    first, shared = 0, rows[0] if rows else []
    for n, row in enumerate(rows[1:], 1):
        both = [[i for i in a if i in b] for a, b in zip(shared, row, strict=False)]
        if len(row) == len(shared) and all(both):
            shared = both
            continue
        yield first, n, shared
        first, shared = n, row
    if rows:
        yield first, len(rows), shared
