"""Labels and their values in a text whose columns are set by blanks: beside each other, or labels in a row above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.dump.pieces import Piece, overlap, stacked
from extractors.dump.rows import LABELLED
from extractors.dump.spread_sections import SpreadRow
from schemas.language.money import names_block, names_line, stands_for_amount
from schemas.language.vocabulary import Words

COLONS = (":", "：")
ROOM = 1.6  # characters that a full line may be shorter than the longest one
NOT_FULL, UNEVEN, OVER_BLANK = 2.0, 1.0, 1.0  # what speaks against giving a line to the label above it
UNSURE = "its lines stand around its label; the dump does not say where it ends"
VisualLine = Sequence[Piece]


def is_label(text: str, words: Words) -> bool:
    """Whether a text asks for a value or heads others."""
    known = words.known_label(text) or words.is_heading(text) or names_line(text, words) or names_block(text, words)
    return known or text.endswith(COLONS)


def is_anchor(line: VisualLine, words: Words) -> bool:
    """Whether a line prints a label."""
    return any(is_label(p.text, words) or _is_inline(p.text, words) for p in line)


def _is_inline(text: str, words: Words) -> bool:
    """Whether a text is a label with its value behind a colon."""
    match = LABELLED.match(text)
    return match is not None and (len(text) < 40 or words.known_label(match.group().rstrip(":：")))


@dataclass(slots=True)
class _Row:
    """A line of labels, and the lines of values above and below it."""

    line: list[Piece]
    above: list[VisualLine] = field(default_factory=list)
    below: list[VisualLine] = field(default_factory=list)
    doubtful: bool = False


def label_rows(lines: Sequence[VisualLine], words: Words) -> tuple[list[SpreadRow], list[Piece]]:
    """(the rows of some lines of labels, the headings left of them)."""
    lines, headings = _without_headings(lines, words)
    rows: list[SpreadRow] = []
    waiting: list[VisualLine] = []
    pending: _Row | None = None
    widest = max((w for line in lines for p in line for w in p.widths), default=0.0)
    i = 0
    while i < len(lines):
        line = lines[i]
        if not is_anchor(line, words):
            waiting.append(line)
            i += 1
            continue
        over = _values_below(lines, i, words)
        pending = _settle(pending, waiting, line if not over else None, rows, widest, words)
        if over:
            rows += _heads(line, lines[i + 1 : i + 1 + over])
            i += 1 + over
            waiting = []
            continue
        taken = pending.above if pending else []
        pending = _Row(list(line), above=list(taken))
        waiting = []
        i += 1
    _settle(pending, waiting, None, rows, widest, words)
    return sorted(rows, key=lambda r: r.y), headings


def _settle(
    row: _Row | None,
    waiting: Sequence[VisualLine],
    following: VisualLine | None,
    rows: list[SpreadRow],
    widest: float,
    words: Words,
) -> _Row | None:
    """End a row of labels: give it the waiting lines that are its own. The rest stands above the next one, which is
    returned."""
    if row is None:
        if following is None:
            rows += [_plain(line) for line in waiting]
            return None
        upper, rest = _near(waiting, following)
        rows += [_plain(line) for line in upper]
        return _Row([], above=list(rest))
    if following is None or _is_over(row, waiting):
        row.below = list(waiting)
        rows.append(_made(row, words))
        return None if following is None else _Row([])
    options = []
    for count in range(len(waiting) + 1):
        options.append((_cost(row, waiting, count, following, widest), count))
    best, count = min(options)
    second = sorted(cost for cost, _ in options)[1] if len(options) > 1 else best + 9
    row.below = list(waiting[:count])
    row.doubtful = bool(waiting) and (best >= UNEVEN or second - best < 0.5)
    rows.append(_made(row, words))
    return _Row([], above=list(waiting[count:]))


def _is_over(row: _Row, waiting: Sequence[VisualLine]) -> bool:
    """Whether a label stands alone over its value."""
    return len(row.line) == 1 and not row.above and bool(waiting) and waiting[0][0].start < row.line[0].end


def _near(waiting: Sequence[VisualLine], following: VisualLine) -> tuple[Sequence[VisualLine], Sequence[VisualLine]]:
    """Lines before the first label: those at once above it are of its value where they stand right of it."""
    cut = len(waiting)
    top = following[0].top
    while cut and top - waiting[cut - 1][0].bottom <= 1 and all(p.start >= following[0].end for p in waiting[cut - 1]):
        top = waiting[cut - 1][0].top
        cut -= 1
    return waiting[:cut], waiting[cut:]


def _cost(row: _Row, waiting: Sequence[VisualLine], count: int, following: VisualLine, widest: float) -> float:
    """What speaks against so many waiting lines being of the row above them, the others of the one below."""
    total = UNEVEN * min(3, abs(count - len(row.above)))
    own = [*row.above, row.line, *waiting[:count]]
    for above, below in pairwise(own):
        total += OVER_BLANK * (below[0].top - above[-1].bottom > 1)
    nearest = [*waiting[count:], following]
    for above, below in pairwise(nearest):
        total += OVER_BLANK * (below[0].top - above[-1].bottom > 1)
    longest = max((w for line in own for p in line for w in p.widths), default=widest)
    lines = [*row.above, *waiting[:count]]
    for line in lines[:-1]:
        total += NOT_FULL * (max(p.widths[-1] for p in line) < longest - ROOM)
    if count and row.line and len(row.line) > 1 and row.line[-1].widths[-1] < longest - ROOM:
        total += NOT_FULL
    for line in waiting[count:]:
        full = max((w for other in waiting[count:] for p in other for w in p.widths), default=0.0)
        total += NOT_FULL * (max(p.widths[-1] for p in line) < full - ROOM)
    return total


def _plain(line: VisualLine) -> SpreadRow:
    return SpreadRow(tuple((p, None) for p in line), line[0].top, line[-1].bottom, line[0].start)


def _made(row: _Row, words: Words) -> SpreadRow:
    """The cells of a row of labels, each value behind its label."""
    cells: list[list[Piece]] = []
    asks: list[bool] = []
    for k, piece in enumerate(row.line):
        cells.append([piece])
        asks.append(_asks(row.line, k, words))
    upper = [p for line in row.above for p in line]
    for piece in [*upper, *(p for line in row.below for p in line)]:
        at = _home(piece, cells, asks)
        if at is None:
            k = max(int(asks[:1] == [True]), sum(1 for cell in cells if cell[0].start < piece.start))
            cells.insert(k, [piece])
            asks.insert(k, False)
        else:
            cells[at].append(piece)
    out: list[tuple[Piece | None, str | None]] = []
    for k, (cell, asked) in enumerate(zip(cells, asks, strict=True)):
        parts = sorted(cell, key=lambda p: (p.top, p.start))
        out.append((stacked(parts), UNSURE if row.doubtful and not asked else None))
        if asked and (k + 1 == len(cells) or asks[k + 1]):
            out.append((None, None))
    tops = [p.top for cell in cells for p in cell]
    bottoms = [p.bottom for cell in cells for p in cell]
    return SpreadRow(tuple(out), min(tops), max(bottoms), min(cell[0].start for cell in cells))


def _asks(line: VisualLine, k: int, words: Words) -> bool:
    """Whether a piece of a line asks for the value behind it: a known label; a name of money that begins its line or
    stands before an amount."""
    text = line[k].text
    if text.endswith(COLONS):
        return True
    if _is_inline(text, words):
        return False
    if words.known_label(text) or words.is_heading(text):
        return True
    named = names_line(text, words) or names_block(text, words)
    return named and (k == 0 or (k + 1 < len(line) and stands_for_amount(line[k + 1].text, words)))


def _home(piece: Piece, cells: Sequence[Sequence[Piece]], asks: Sequence[bool]) -> int | None:
    """The value that a piece above or below the line of labels goes on with."""
    values = [k for k, asked in enumerate(asks) if not asked and overlap(piece, cells[k][0]) > 0]
    if values:
        return max(values, key=lambda k: overlap(piece, cells[k][0]))
    return None


# ── labels over their values


def _values_below(lines: Sequence[VisualLine], i: int, words: Words) -> int:
    """How many lines below a line are the values of its labels, each below its own; 0 where it is no such row."""
    line = lines[i]
    if len(line) < 2 or 2 * sum(1 for p in line if is_label(p.text, words)) <= len(line):
        return 0
    if any(_is_inline(p.text, words) for p in line):
        return 0
    count = 0
    while i + 1 + count < len(lines) and not is_anchor(lines[i + 1 + count], words):
        count += 1
    below = [p for each in lines[i + 1 : i + 1 + count] for p in each]
    if not below or min(p.start for p in below) < line[0].start - 12:
        return 0
    filled = {_under(p, line) for p in below}
    return count if len(filled) >= 2 else 0


def _under(piece: Piece, heads: VisualLine) -> int:
    """The label that a piece stands below."""
    return max(range(len(heads)), key=lambda k: (overlap(piece, heads[k]), -abs(piece.middle - heads[k].middle)))


def _heads(line: VisualLine, below: Sequence[VisualLine]) -> list[SpreadRow]:
    """The rows of labels in a row and of their values."""
    cells: list[list[Piece]] = [[] for _ in line]
    for each in below:
        for piece in each:
            cells[_under(piece, line)].append(piece)
    values = tuple((stacked(cell) if cell else None, None) for cell in cells)
    pieces = [p for cell in cells for p in cell]
    start = min(p.start for p in (*line, *pieces))
    labels = SpreadRow(tuple((p, None) for p in line), line[0].top, line[-1].bottom, start)
    return [labels, SpreadRow(values, min(p.top for p in pieces), max(p.bottom for p in pieces), start)]


# ── headings at the left


def _without_headings(lines: Sequence[VisualLine], words: Words) -> tuple[list[VisualLine], list[Piece]]:
    """(the lines, the names that stand left of several of them taken out)."""
    out: list[VisualLine] = []
    headings: list[Piece] = []
    for i, line in enumerate(lines):
        first = line[0]
        heads = words.is_heading(first.text) or names_block(first.text, words)
        if heads and len(line) > 1 and is_label(line[1].text, words):
            beside = len(line) > 2 or words.is_heading(first.text) or _starts_right(lines, i, first)
            if beside and not (len(line) == 2 and not _starts_right(lines, i, first)):
                headings.append(first)
                out.append(line[1:])
                continue
        if heads and len(line) == 1 and _starts_right(lines, i, first) and _labels_near(lines, i, words):
            headings.append(first)
            continue
        out.append(line)
    return out, headings


def _starts_right(lines: Sequence[VisualLine], i: int, first: Piece) -> bool:
    """Whether a line beside stands wholly right of a name."""
    near = [lines[k] for k in (i - 1, i + 1) if 0 <= k < len(lines)]
    return any(line[0].start >= first.end for line in near)


def _labels_near(lines: Sequence[VisualLine], i: int, words: Words) -> bool:
    near = [lines[k] for k in (i - 1, i + 1) if 0 <= k < len(lines)]
    return any(is_label(line[0].text, words) for line in near)
