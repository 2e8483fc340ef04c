"""Grids of forms without upright rules: what stands below a header, by columns and rows; labels and their values."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from extractors.tables.alignment import TextLine
from extractors.tables.celltext import join_lines, make_line
from extractors.tables.unruled.columns import borders_of, parts_of, ruled_side, side_border, side_columns
from extractors.tables.unruled.head import Head, read_head
from extractors.tables.unruled.rows import Extent, groups_of, rows_of
from extractors.tables.unruled.texts import Block, Text, box_of, texts_of
from schemas.frozen import dataclass
from schemas.language.columns import LEVELS, MERGED
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words
from schemas.model import Box, Cell, Grid, Place, Rule, Word, union

NOTE = "aligned text, no upright rules"
BY_PLACE = "no rules tell for which rows it counts; it was taken by where it stands beside them"
UNCLEAR = "no rules part its rows, and its texts do not stand clearly in rows"
OFF = 0.5  # of the line height: texts that stand so far from their places on average are doubted
WRAP = 0.6  # of the line height: lines of one name stand no further apart
SPARSE = 0.5  # of the lines of the fullest column: with fewer a column without a name heads groups of rows
JUTS = 4.0  # points: how far a text may jut out of its column
MOST = 0.9  # of the texts: so many stand in one column each where a table goes on
FEWEST_COLUMNS = 2  # in which the texts of a table that goes on stand
FEWEST_BANDS = 3  # rows between rules
WRAPPED = 0.25  # of the rows: figures of two lines, one of them alone on its line, stand in no more
THROUGH = 0.6  # of a column's width: a rule that covers as much of it runs through it


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its ink, and the texts in it by column. `total` is the last column of a name that heads a total, or of a
    band."""

    extent: Extent
    cells: tuple[tuple[Text, ...], ...]
    total: int | None = None


def headed_grid(
    page: int, head_lines: Sequence[TextLine], body: Sequence[TextLine], rules: Sequence[Rule], words: Words, *,
    goes_on: bool = False,
) -> Grid | None:  # fmt: skip
    """The grid of a header and the lines below it; None where nothing stands there. `goes_on`: the first rows may
    belong to names on another page."""
    if not body:
        return None
    size = body[0].size
    area = box_of([*head_lines, *body])
    left, edge = ruled_side(area, rules, size) or (area.left, area.left)
    heading = [t for line in head_lines for t in texts_of(line) if t.box.right <= edge]
    head_lines = [line for each in head_lines if (line := _right_of(edge, each)) is not None]
    if not head_lines:
        return None
    every = [texts_of(line) for line in body]
    lines = [[t for t in line if t.box.right > edge] for line in every]
    head = read_head(head_lines, words)
    names = [Text.of([w for t in block.texts for w in t.words]) for block in head.names]
    named = borders_of(names, lines, size)
    side = side_border(names, lines, size)
    first = [*side_columns(left, edge, [*every, heading], size), edge] if edge > left else []
    first += [*side_columns(edge, side, lines, size), side] if side is not None else []
    ends = (first[-1] if first else left, *named, area.right)
    inner = [x for a, b in itertools.pairwise(ends) for x in parts_of(a, b, lines, size)]
    # what reaches to an edge is no border
    between = sorted(x for x in {*first, *named, *inner} if left < x < area.right)
    xs = (left, *between, area.right)
    levels = {_column(xs, b.box.middle[0]) for b in head.names if words.header(b.text) in MERGED}
    across = [r for r in rules if not r.vertical and box_of(body).top < r.at < box_of(body).bottom]
    sides = tuple(itertools.takewhile(lambda c: _heads_rows(every, xs, c, across), range(len(first))))
    has_level1 = _names_level1((block.text for block in head.names), words)
    whole = sum(1 for x in xs[1:] if x <= edge)
    frame = _Frame(xs, sorted({*sides, *levels}), goes_on, len(sides), has_level1, head, head_lines, heading, whole)
    return _grid(page, frame, body, rules, words)


def _right_of(edge: float, line: TextLine) -> TextLine | None:
    """A line without what stands left of a place; None where nothing is left of it."""
    texts = tuple(text for text in line.texts if text[-1].box.right > edge)
    return replace(line, texts=texts, box=union([w.box for text in texts for w in text])) if texts else None


def _heads_rows(lines: Sequence[Sequence[Text]], xs: Sequence[float], column: int, across: Sequence[Rule]) -> bool:
    """Whether a column without a name holds names of groups of rows: no rule runs through it while rules part the rows
    beside it, or it prints far fewer texts than the fullest column."""
    left, right = xs[column], xs[column + 1]
    through = any(_runs_through(r, left, right) for r in across)
    if len(across) >= FEWEST_BANDS - 1 and not through:
        return True
    full = [
        sum(1 for line in lines if any(_column(xs, t.box.middle[0]) == c for t in line)) for c in range(len(xs) - 1)
    ]
    return full[column] <= SPARSE * max(full)


def _runs_through(rule: Rule, left: float, right: float) -> bool:
    return min(rule.end, right) - max(rule.start, left) >= THROUGH * (right - left)


def continued_grid(
    page: int, above: Grid, body: Sequence[TextLine], rules: Sequence[Rule], words: Words
) -> Grid | None:
    """The grid of lines that go on with the table of another page, in its columns; None where they do not."""
    body = [line for line in body if line.box.right > above.xs[0]]
    if not body or not _stands_in(body, above.xs, words):
        return None
    outer = _outer(above, words)
    frame = _Frame(above.xs, outer, True, _sides(above, words), _names_level1((c.text for c in above.cells), words))
    return _grid(page, frame, body, rules, words)


def first_named(above: Grid, words: Words) -> float:
    """Where the first column with a name begins in a table."""
    return above.xs[_sides(above, words)]


def _sides(above: Grid, words: Words) -> int:
    """How many of the first columns of a table hold headings of the whole section."""
    outer = _outer(above, words)
    named = any(words.header(c.text) in MERGED for c in above.cells)
    return (outer[0] if named else len(outer)) if outer else 0


def _outer(above: Grid, words: Words) -> list[int]:
    """The columns of a table that hold names of groups; below a header of money those of the heading at its side."""
    levels = sorted({c.col for c in above.cells if c.colspan == 1 and words.header(c.text) in MERGED})
    return levels or [c.col for c in above.cells if c.col == 0 and c.colspan == 1 and c.rowspan == len(above.ys) - 1]


def _stands_in(body: Sequence[TextLine], xs: Sequence[float], words: Words) -> bool:
    """Whether nearly all texts stand in one column each, and in several of them; the name of a total stands over
    several."""
    texts = [t for line in body for t in texts_of(line) if not words.is_total(t.text)]
    spans = [(_column(xs, t.box.left + JUTS), _column(xs, t.box.right - JUTS)) for t in texts]
    single = [a for a, b in spans if a >= b]
    return len(single) >= MOST * len(spans) and len(set(single)) >= FEWEST_COLUMNS


@dataclass(frozen=True, slots=True)
class _Frame:
    """The borders between columns; which of these hold names of groups; whether the first rows may belong to names on
    another page; how many of the first columns hold headings of the whole section; whether one holds the names of the
    outermost level; the header with its lines, none where a table goes on; what stands beside these in the first
    columns; how many of the first columns are one cell each."""

    xs: tuple[float, ...]
    outer: Sequence[int]
    goes_on: bool
    sides: int
    has_level1: bool
    head: Head | None = None
    lines: Sequence[TextLine] = ()
    heading: Sequence[Text] = ()
    whole: int = 0


def _grid(page: int, frame: _Frame, lines: Sequence[TextLine], rules: Sequence[Rule], words: Words) -> Grid | None:
    xs, outer, head, size = frame.xs, frame.outer, frame.head, lines[0].size
    across = sorted(
        r.at for r in rules if not r.vertical and any(_runs_through(r, a, b) for a, b in itertools.pairwise(xs))
    )
    body = _Body(xs, outer, across, frame.sides, frame.has_level1)
    rows, levels, off, ruled = _rows(lines, body, size, words)
    if not rows:
        return None
    for text in reversed(frame.heading):
        levels[_column(xs, text.box.middle[0])].insert(0, text)
    cells = _head_cells(head, frame.lines, xs, page) if head is not None else []
    cells = [c for c in cells if c.col >= frame.whole]
    high = max((c.row + c.rowspan for c in cells), default=0)
    ys = _borders(box_of([*frame.lines, *lines]), high, frame.lines, head, rows)
    doubt = UNCLEAR if off > OFF else None
    held = range(len(xs) - 1) if ruled else outer  # columns whose cells may be several rows high
    for n, row in enumerate(rows):
        cells += _row_cells(row, n + high, frame, held, ys, page, doubt)
    inner: Mapping[int, str] = {}
    for column in reversed(held):
        if column < frame.whole:
            cells.append(make_cell(levels[column], (0, column, high + len(rows), 1), xs, ys, page))
            continue
        whole = column < frame.sides
        plain = [n for n, row in enumerate(rows) if whole or row.total is None]
        if ruled or (whole and not levels[column]):
            texts = levels[column] if column in levels else [t for n in plain for t in rows[n].cells[column]]
            cells += _ruled_cells(texts, rows, plain, column, high, rules, xs, ys, page)
            continue
        told = _level_groups(levels[column], rows, plain, inner, size, words, goes_on=frame.goes_on)
        inner = {n: block.text for block, own in told if block is not None for n in own} or inner
        cells += _level_cells(told, rows, column, high, xs, ys, page)
    cells = _beside_head(cells, high, ys, page) if high else cells
    cells.sort(key=lambda c: (c.row, c.col))
    return Grid(page, Box(xs[0], ys[0], xs[-1], ys[-1]), xs, tuple(ys), tuple(cells), ruled=False, notes=(NOTE,))


def _beside_head(cells: Sequence[Cell], high: int, ys: Sequence[float], page: int) -> list[Cell]:
    """The cells of a grid; a heading of its first rows that stands below no name stands beside the header, too."""
    out = list(cells)
    blank = {c.col: c for c in cells if c.row == 0 and not c.text and c.rowspan == high and c.colspan == 1}
    for cell in cells:
        over = blank.get(cell.col)
        if cell.row == high and cell.rowspan > 1 and cell.colspan == 1 and over is not None:
            (_, place), *_ = cell.parts
            assert place.box is not None
            box = Box(place.box.left, ys[0], place.box.right, place.box.bottom)
            whole = replace(cell, row=0, rowspan=cell.rowspan + high, parts=((0, Place(page=page, box=box)),))
            out[out.index(cell)] = whole
            out.remove(over)
    return out


def _column(xs: Sequence[float], x: float) -> int:
    return min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2)


def _by_column(texts: Iterable[Text], xs: Sequence[float]) -> list[list[Text]]:
    """The texts of a line by column; one over a border is parted between its words."""
    by: list[list[Word]] = [[] for _ in xs[1:]]
    for text in texts:
        for word in text.words:
            by[_column(xs, word.box.middle[0])].append(word)
    return [[Text.of(words)] if words else [] for words in by]


# ── rows


@dataclass(frozen=True, slots=True)
class _Body:
    """The borders between the columns of a body, which of these hold names of groups, where rules part its rows, how
    many of the first hold headings of the section, and whether one of them holds the names of the outermost level."""

    xs: Sequence[float]
    outer: Sequence[int]
    across: Sequence[float]
    sides: int
    has_level1: bool

    def columns(self, lines: Iterable[TextLine]) -> list[list[Text]]:
        by = [_by_column(texts_of(line), self.xs) for line in lines]
        return [[t for line in by for t in line[c]] for c in range(len(self.xs) - 1)]


def _names_level1(names: Iterable[str], words: Words) -> bool:
    return any(words.header(name) == LEVELS[0] for name in names)


def _rows(
    lines: Sequence[TextLine], body: _Body, size: float, words: Words
) -> tuple[list[Row], dict[int, list[Text]], float, bool]:
    """The rows of a body, the texts of its outer columns, how far from their places its texts stand, and whether rules
    part all rows."""
    levels: dict[int, list[Text]] = {column: [] for column in body.outer}
    rows: list[Row] = []
    worst = 0.0
    inner = [c for c in range(len(body.xs) - 1) if c not in body.outer]
    bands = _bands(lines, body)
    ruled = _are_rows(bands, body, size)
    if not ruled:
        bands = [part for band in bands for part in _around_totals(band, body, words)]
    for band in bands:
        columns = body.columns(band)
        extent = Extent(min(line.box.top for line in band), max(line.box.bottom for line in band))
        total = _total(band, body, words)
        if total is not None:
            rows.append(Row(extent, tuple(map(tuple, columns)), total))
            for column in body.outer[: body.sides]:
                levels[column] += columns[column]
            continue
        for column in body.outer:
            levels[column] += columns[column]
        own = [columns[c] for c in inner]
        if ruled:
            rows.append(Row(extent, tuple(() if c in body.outer else tuple(t) for c, t in enumerate(columns))))
        elif any(own):
            told = rows_of(own, size)
            worst = max(worst, told.off)
            for n, place in enumerate(told.extents):
                cells = tuple(told.cells[inner.index(c)][n] if c in inner else () for c in range(len(columns)))
                rows.append(Row(place, cells))
    return rows, levels, worst, ruled


def _are_rows(bands: Sequence[Sequence[TextLine]], body: _Body, size: float) -> bool:
    """Whether the lines between two rules are one row each: several are, and no cell of them would hold two figures,
    but for some that wrap."""
    if len(bands) < FEWEST_BANDS or len(body.across) < FEWEST_BANDS:
        return False
    wrapped = 0
    for band in bands:
        columns = [column for n, column in enumerate(body.columns(band)) if n not in body.outer]
        stacked = [
            (a, b) for column in columns for a, b in itertools.combinations(column, 2) if a.is_figure and b.is_figure
        ]
        if any(b.box.top - a.box.bottom > WRAP * size for a, b in stacked):
            return False
        wrapped += bool(stacked)
    return wrapped <= WRAPPED * len(bands)


def _bands(lines: Sequence[TextLine], body: _Body) -> list[list[TextLine]]:
    """The lines of a body between the rules that part its rows."""
    out: list[list[TextLine]] = [[]]
    for line in lines:
        above = out[-1][-1] if out[-1] else None
        if above is not None and any(above.box.middle[1] < y < line.box.middle[1] for y in body.across):
            out.append([])
        out[-1].append(line)
    return [band for band in out if band]


def _around_totals(band: Sequence[TextLine], body: _Body, words: Words) -> list[list[TextLine]]:
    """The lines between two rules, each total by itself."""
    runs = itertools.groupby(enumerate(band), key=lambda it: it[0] if _total([it[1]], body, words) is not None else -1)
    return [[line for _, line in run] for _, run in runs]


def _total(band: Sequence[TextLine], body: _Body, words: Words) -> int | None:
    """The last column of the first cell of a line that is no common row: of the name of a total, of the name of a level
    that stands alone, of a number where columns are numbered. None for a common row."""
    of_lines = [[t for t in texts_of(each) if _column(body.xs, t.box.middle[0]) >= body.sides] for each in band]
    of_lines = [texts for texts in of_lines if texts]
    if len(of_lines) != 1:
        return None
    (texts,) = of_lines
    if len(texts) == 1:
        alone = not body.has_level1 and words.is_level(bare_level(texts[0].text))
        return len(body.xs) - 2 if alone else None
    if not all(t.is_figure for t in texts[1:]):
        return None
    if words.is_total(texts[0].text):
        return max(_column(body.xs, texts[1].box.middle[0]) - 1, 0)
    return body.sides if texts[0].is_figure and len(texts) == len(body.xs) - 1 - body.sides else None


def _borders(
    area: Box, high: int, head_lines: Sequence[TextLine], head: Head | None, rows: Sequence[Row]
) -> list[float]:
    ys = [area.top]
    if high > 1 and head is not None:
        ys.append(max(block.box.bottom for block, _, _ in head.over))
    if high:
        ys.append(max((box_of(head_lines).bottom + rows[0].extent.top) / 2, ys[-1]))
    for above, below in itertools.pairwise(rows):
        ys.append(max((above.extent.bottom + below.extent.top) / 2, ys[-1]))
    return [*ys, max(area.bottom, ys[-1])]


# ── cells


def make_cell(
    texts: Sequence[Text], place: tuple[int, int, int, int], xs: Sequence[float], ys: Sequence[float], page: int,
    why: str | None = None,
) -> Cell:  # fmt: skip
    """A cell at (row, column, rows, columns) with its texts, a line each."""
    row, col, down, across = place
    area = Box(xs[col], ys[row], xs[col + across], ys[row + down])
    edge = union([area, *(t.box for t in texts)])
    lines = tuple(make_line(t.words, page) for t in texts)
    text = join_lines(lines, {page: edge})
    return Cell(row, col, down, across, text, lines, ((row, Place(page=page, box=edge)),), inferred=why)


def _row_cells(
    row: Row, n: int, frame: _Frame, held: Sequence[int], ys: Sequence[float], page: int, doubt: str | None
) -> list[Cell]:
    """The cells of a row; those in the columns `held` are none of a common one."""
    xs, out, first = frame.xs, [], 0
    if row.total is not None:
        texts = [t for column in row.cells[frame.sides : row.total + 1] for t in column]
        out.append(make_cell(texts, (n, frame.sides, 1, row.total + 1 - frame.sides), xs, ys, page))
        first = row.total + 1
    for column in range(first, len(xs) - 1):
        if column in held and row.total is None:
            continue
        own = row.cells[column]
        out.append(make_cell(own, (n, column, 1, 1), xs, ys, page, doubt if own else None))
    return out


def _ruled_cells(
    texts: Sequence[Text], rows: Sequence[Row], plain: Sequence[int], column: int, high: int, rules: Sequence[Rule],
    xs: Sequence[float], ys: Sequence[float], page: int,
) -> list[Cell]:  # fmt: skip
    """The cells of a column of names between the rules that run through it."""
    left, right = xs[column], xs[column + 1]
    through = [r.at for r in rules if not r.vertical and _runs_through(r, left, right)]
    groups: list[list[int]] = []
    for n in plain:
        above = rows[n - 1] if n else None
        parted = above is None or any(_middle(above.extent) < y < _middle(rows[n].extent) for y in through)
        if groups and not parted and groups[-1][-1] == n - 1:
            groups[-1].append(n)
        else:
            groups.append([n])
    out = []
    for own in groups:
        top = max((y for y in through if y < _middle(rows[own[0]].extent)), default=-float("inf"))
        end = min((y for y in through if y > _middle(rows[own[-1]].extent)), default=float("inf"))
        inside = [t for t in texts if top < t.box.middle[1] < end]
        out.append(make_cell(inside, (own[0] + high, column, len(own), 1), xs, ys, page))
    return out


def _middle(extent: Extent) -> float:
    return (extent.top + extent.bottom) / 2


def _level_groups(
    texts: Sequence[Text],
    rows: Sequence[Row],
    plain: Sequence[int],
    inner: Mapping[int, str],
    size: float,
    words: Words,
    *,
    goes_on: bool,
) -> list[tuple[Block | None, list[int]]]:
    """The names of a column, each with the numbers of those of the `plain` rows that it counts for, None for those of a
    name on another page; `inner` are the names of the next column by row, which usually stand below certain ones."""
    blocks = name_blocks(texts, size, words)
    if not blocks or not plain:
        return []

    def at_odds(row: int, name: int) -> float:
        usual = words.usual_level1(bare_level(inner.get(plain[row], "")))
        if usual is None:
            return 0.0
        return -0.25 if words.same_level(usual, bare_level(blocks[name].text)) else 1.0

    starts = groups_of(blocks, [rows[n].extent for n in plain], size, at_odds, goes_on=goes_on)
    spans = itertools.pairwise([*starts, len(plain)])
    told: list[tuple[Block | None, list[int]]] = [
        (b, list(plain[i:j])) for b, (i, j) in zip(blocks, spans, strict=False)
    ]
    return [(None, list(plain[: starts[0]])), *told] if starts[0] else told


def _level_cells(
    told: Sequence[tuple[Block | None, Sequence[int]]], rows: Sequence[Row], column: int, high: int,
    xs: Sequence[float], ys: Sequence[float], page: int,
) -> list[Cell]:  # fmt: skip
    """The cells of a column of names, each over the rows that it counts for."""
    if not told:
        return [
            make_cell((), (n + high, column, 1, 1), xs, ys, page) for n, row in enumerate(rows) if row.total is None
        ]
    out = []
    for block, own in told:
        why = BY_PLACE if len(own) > 1 and block is not None else None
        place = (own[0] + high, column, own[-1] - own[0] + 1, 1)
        out.append(make_cell(block.texts if block is not None else (), place, xs, ys, page, why))
    return out


def name_blocks(texts: Sequence[Text], size: float, words: Words) -> list[Block]:
    """The names of a column: a usual one is whole; what wraps goes on until it is one."""
    out: list[Block] = []
    for n, text in enumerate(texts):
        above = out[-1] if out else None
        near = above is not None and text.box.top - above.texts[-1].box.bottom <= WRAP * size
        whole = above is not None and words.is_level(bare_level(above.text))
        joined = above is not None and _makes_name(above.text, texts[n:], words)
        if above is not None and near and (joined or not (whole or words.is_level(bare_level(text.text)))):
            out[-1] = Block((*above.texts, text))
        else:
            out.append(Block((text,)))
    return out


def _makes_name(above: str, texts: Sequence[Text], words: Words) -> bool:
    """Whether a text goes on to a longer name with the next one, or with the next letters: 满意度 and 指, 标."""
    letters = itertools.takewhile(lambda t: len(t.text) == 1, texts)
    runs = itertools.accumulate((t.text for t in letters), initial=above)
    longer = [*itertools.islice(runs, 1, None), above + texts[0].text]
    return any(words.is_level(bare_level(name)) for name in longer)


def _head_cells(head: Head, lines: Sequence[TextLine], xs: Sequence[float], page: int) -> list[Cell]:
    """The cells of a header: those over several columns in a row of their own."""
    high = 2 if head.over else 1
    box = box_of(lines)
    ys = [box.top, box.bottom] if high == 1 else [box.top, max(b.box.bottom for b, _, _ in head.over), box.bottom]
    ys = [ys[0], *(max(a, b) for a, b in itertools.pairwise(ys))]
    at = [_column(xs, block.box.middle[0]) for block in head.names]
    ends = [*at[1:], len(xs) - 1]
    below = {n for _, first, last in head.over for n in range(first, last + 1)}
    out = []
    out += [make_cell((), (0, column, high, 1), xs, ys, page) for column in range(at[0])]
    for n, (block, first, end) in enumerate(zip(head.names, at, ends, strict=True)):
        row = 1 if n in below else 0
        out.append(make_cell(block.texts, (row, first, high - row, max(end - first, 1)), xs, ys, page))
    for block, first, last in head.over:
        out.append(make_cell(block.texts, (0, at[first], 1, ends[last] - at[first]), xs, ys, page))
    return out
