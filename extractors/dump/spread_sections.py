"""The sections of a text whose columns are set by blanks: a header, the places of its columns, and the rows below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.dump.pieces import Piece, overlap, stacked
from extractors.dump.stacked_rows import Span, StackedRow, rows_of, spans_of
from schemas.frozen import dataclass
from schemas.language.columns import LEVELS
from schemas.language.heads import Heads
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words
from schemas.language.writing import width

ASKEW = 0.75  # lines by which a name may stand off the middle of its rows without doubt
UNSURE = "cells of several lines are joined by where they stand; the dump does not say where they end"
MOST_PARTS = 5  # lines that the name of a level is broken over
PART_BELOW = 2  # lines that its next part stands below one, others between them
FAR_OFF = "the name does not stand in the middle of the rows that it was read for"


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """A row in columns: (text, doubt) by column; the lines and the first place that it takes."""

    cells: tuple[tuple[Piece | None, str | None], ...]
    top: int
    bottom: int
    start: int
    begins: bool = True  # whether what stands left of several rows may begin with it
    is_header: bool = False

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a section: its columns from left to right, and what stands over several of them."""

    what: Heads
    leaves: tuple[Piece, ...]
    groups: tuple[Piece, ...]

    @property
    def top(self) -> int:
        return min(p.top for p in (*self.leaves, *self.groups))

    @property
    def bottom(self) -> int:
        return max(p.bottom for p in (*self.leaves, *self.groups))

    @property
    def start(self) -> int:
        return self.leaves[0].start


def section_rows(header: Header, body: Sequence[Piece], words: Words) -> tuple[list[SpreadRow], list[Piece]]:
    """(the rows of a section, its header first, the pieces left of it: headings)."""
    first = header.leaves[0]
    outer = [p for p in body if p.end <= first.start and not words.is_level(bare_level(p.text))]
    inner = [p for p in body if p not in outer]
    if header.what is Heads.INDICATORS:
        return header_rows(header, words) + indicator_rows(header, inner, words), _whole(outer)
    columns = _in_columns(header, inner)
    rows = rows_of(columns, 0, words)
    return header_rows(header, words) + [_spread(row, {}, len(header.leaves)) for row in rows], _whole(outer)


def indicator_rows(header: Header, body: Sequence[Piece], words: Words) -> list[SpreadRow]:
    """The rows below a header of indicators."""
    columns = _in_columns(header, body)
    roles = _roles(header, words)
    tall = [k for k, role in enumerate(roles) if role in LEVELS[:2]]
    bands = _take_bands(columns, roles, words)
    named = {k: _names(columns.pop(k, []), words) for k in tall}
    key = roles.index(LEVELS[2]) if LEVELS[2] in roles else next((k for k in range(len(roles)) if k not in tall), 0)
    totals = _take_totals(named, words)
    for k, total in totals:
        columns.setdefault(k, []).append(total)
    rows = rows_of({k: sorted(v, key=lambda p: (p.top, p.start)) for k, v in columns.items()}, key, words)
    spans = _spans(named, rows, roles, key, words, {t.top for _, t in totals})
    out = [_spread(row, {k: s.get(r) for k, s in spans.items()}, len(roles)) for r, row in enumerate(rows)]
    out += [_band(piece, k, len(roles)) for k, piece in bands]
    return sorted(out, key=lambda row: row.y)


def _in_columns(header: Header, body: Sequence[Piece]) -> dict[int, list[Piece]]:
    """The pieces by the column that they stand in."""
    cuts = column_starts(header, body)
    columns: dict[int, list[Piece]] = {}
    for piece in body:
        for part in _split(piece, cuts):
            columns.setdefault(column_of(part, cuts), []).append(part)
    return columns


def _whole(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces left of a section, those below each other as the one name that they are."""
    out: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.top, p.start)):
        home = next((group for group in out if overlap(group[-1], piece) > 0), None)
        if home is None:
            out.append([piece])
        else:
            home.append(piece)
    return [stacked(group) for group in out]


def column_starts(header: Header, body: Sequence[Piece]) -> list[int]:
    """The place at which each column but the first begins: where the fewest texts stand across."""
    pieces = [*header.leaves, *body]
    reach = max(p.end for p in pieces) + 2
    change = [0] * (reach + 1)
    for piece in pieces:
        change[piece.start + 1] += 1
        change[piece.end] -= 1
    crossed, count = [], 0
    for step in change:
        count += step
        crossed.append(count)
    cuts = []
    for left, right in pairwise(header.leaves):
        middle = (left.end + right.start) / 2
        places = range(left.start + 1, max(right.end, left.start + 2))
        cuts.append(min(places, key=lambda p: (crossed[p], not left.end <= p <= right.start, abs(p - middle))))
    return cuts


def column_of(piece: Piece, cuts: Sequence[int]) -> int:
    return sum(1 for cut in cuts if piece.middle >= cut)


def _split(piece: Piece, cuts: Sequence[int]) -> list[Piece]:
    """A piece that runs over the begin of a column, parted at its blank there."""
    for cut in cuts:
        if piece.start < cut < piece.end and piece.top == piece.bottom:
            for offset, char in enumerate(piece.text):
                place = piece.start + round((piece.end - piece.start) * offset / len(piece.text))
                if char in " \u3000" and abs(place - cut) <= 1:
                    left, right = piece.text[:offset], piece.text[offset + 1 :]
                    one = replace(piece, text=left, end=place, widths=(width(left),))
                    other = replace(
                        piece, text=right, start=place + 1, column=piece.column + offset + 1, widths=(width(right),)
                    )
                    return [one, *_split(other, cuts)]
    return [piece]


def _roles(header: Header, words: Words) -> list[str]:
    roles = [words.header(p.text) or "" for p in header.leaves]
    if header.what is Heads.INDICATORS and LEVELS[2] not in roles:
        at = next((k for k, p in enumerate(header.leaves) if words.is_level3_else(p.text)), None)
        if at is not None:
            roles[at] = LEVELS[2]
    return roles


def header_rows(header: Header, words: Words) -> list[SpreadRow]:
    """One row of headers, or two where some stand over others."""
    header = _without_lone_groups(header, words)
    top, bottom = header.top, header.bottom
    if not header.groups:
        return [SpreadRow(tuple((p, None) for p in header.leaves), top, bottom, header.start, is_header=True)]
    over: list[tuple[Piece | None, str | None]] = []
    under: list[tuple[Piece | None, str | None]] = []
    used: set[int] = set()
    for leaf in header.leaves:
        group = next((g for g in header.groups if overlap(g, leaf) > 0 or g.start <= leaf.middle <= g.end), None)
        group = group or _nearest(leaf, header)
        if group is None:
            over.append((leaf, None))
            under.append((None, None))
        else:
            over.append((None if id(group) in used else group, None))
            used.add(id(group))
            under.append((leaf, None))
    return [
        SpreadRow(tuple(over), top, top, header.start, is_header=True),
        SpreadRow(tuple(under), bottom, bottom, header.leaves[-1].start, is_header=True),
    ]


def _without_lone_groups(header: Header, words: Words) -> Header:
    """The header without names that stand over one column alone, whose own name is known (历史值 over 前年)."""
    groups = []
    for group in header.groups:
        own = [leaf for leaf in header.leaves if leaf.top > group.bottom and overlap(group, leaf) > 0]
        if len(own) != 1 or words.header(own[0].text) is None:
            groups.append(group)
    return replace(header, groups=tuple(groups))


def _nearest(leaf: Piece, header: Header) -> Piece | None:
    """The group that a leaf in the last line of the header stands under, though it reaches beyond the group's name."""
    if leaf.top < header.bottom or not any(p.bottom < leaf.top for p in header.leaves):
        return None
    return min(header.groups, key=lambda g: abs(g.middle - leaf.middle))


def _take_bands(columns: dict[int, list[Piece]], roles: Sequence[str], words: Words) -> list[tuple[int, Piece]]:
    """Names of level 1 that stand across a table without a column for them, taken out of the columns."""
    if LEVELS[0] in roles:
        return []
    out = []
    for column, pieces in columns.items():
        for piece in list(pieces):
            alone = all(p.top != piece.top for k, others in columns.items() if k != column for p in others)
            if alone and words.level(bare_level(piece.text), LEVELS[0]):
                pieces.remove(piece)
                out.append((0, piece))
    return out


def _names(pieces: Sequence[Piece], words: Words) -> list[Piece]:
    """The names of a level's column: pieces that make a known name together are one; so are others that follow at once,
    unless each is one by itself."""
    out: list[Piece] = []
    waiting = sorted(pieces, key=lambda p: (p.top, p.start))
    while waiting:
        count = _known_parts(waiting, words)
        if not count:
            count = 1
            while count < len(waiting) and _follows(waiting[count - 1], waiting[count:], words):
                count += 1
        out.append(stacked(waiting[:count]))
        del waiting[:count]
    return out


def _known_parts(pieces: Sequence[Piece], words: Words) -> int:
    """How many of the first pieces make the name of a level that none below the first is by itself; 0 where none do."""
    count = 1
    while count < min(len(pieces), MOST_PARTS) and pieces[count].top - pieces[count - 1].bottom <= PART_BELOW:
        count += 1
    for end in range(count, 1, -1):
        own = pieces[:end]
        whole = "".join(p.text for p in own)
        if words.is_level(bare_level(whole)) and not any(_is_own(p, words) for p in own[1:]):
            return end
    return 0


def _follows(last: Piece, rest: Sequence[Piece], words: Words) -> bool:
    """Whether the next piece is of the same name as the last one."""
    near = rest[0].top - last.bottom <= 1
    return near and not _is_own(last, words) and not _is_own(rest[0], words) and not _known_parts(rest, words)


def _is_own(piece: Piece, words: Words) -> bool:
    """Whether a piece is a name by itself."""
    return words.is_level(bare_level(piece.text)) or words.is_total(piece.text)


def _take_totals(named: dict[int, list[Piece]], words: Words) -> list[tuple[int, Piece]]:
    out = []
    for column, names in named.items():
        for name in list(names):
            if words.is_total(name.text):
                names.remove(name)
                out.append((column, name))
    return out


def _spans(
    named: dict[int, list[Piece]],
    rows: Sequence[StackedRow],
    roles: Sequence[str],
    key: int,
    words: Words,
    totals: set[int],
) -> dict[int, dict[int, tuple[Piece, str | None]]]:
    """By column and row: the name that begins there, and its doubt; inner levels first."""
    own = [row for row in rows if row.top not in totals]
    back = [r for r, row in enumerate(rows) if row.top not in totals]
    out: dict[int, dict[int, tuple[Piece, str | None]]] = {}
    inner: list[Span] = []
    for column in sorted(named, reverse=True):
        agrees = _agreement(roles[column], own, inner, key, words)
        cuts = frozenset(s.end for s in inner)
        inner = spans_of(named[column], own, agrees, cuts)
        out[column] = {}
        for span in inner:
            doubt = FAR_OFF if span.off > ASKEW else None
            out[column][back[span.start]] = (span.name, doubt)
        if not inner and named[column]:
            for name in named[column]:
                at = min(range(len(own)), key=lambda r: abs(own[r].y - name.y), default=None)
                if at is not None:
                    out[column][back[at]] = (name, FAR_OFF)
    return out


def _agreement(role: str, rows: Sequence[StackedRow], inner: Sequence[Span], key: int, words: Words):  # type: ignore[no-untyped-def]
    """How well rows fit the name of a level: by the level 2 that usually stands under it."""
    below = {r: s.name.text for s in inner for r in range(s.start, s.end)}

    def agrees(name: Piece, row: int) -> int:
        if role == LEVELS[0] and row in below:
            usual = words.usual_level1(bare_level(below[row]))
            return 0 if usual is None else 1 if words.same_level(usual, bare_level(name.text)) else -1
        return 0

    return agrees


def _spread(row: StackedRow, names: dict[int, tuple[Piece, str | None] | None], count: int) -> SpreadRow:
    cells: list[tuple[Piece | None, str | None]] = []
    for column in range(count):
        if column in row.cells:
            piece = stacked(row.cells[column])
            cells.append((piece, UNSURE if row.doubtful else None))
        elif names.get(column) is not None:
            cells.append(names[column])  # type: ignore[arg-type]
        else:
            cells.append((None, None))
    starts = [p.start for p, _ in cells if p is not None]
    return SpreadRow(tuple(cells), row.top, row.bottom, min(starts, default=0), begins=False)


def _band(piece: Piece, column: int, count: int) -> SpreadRow:
    cells: list[tuple[Piece | None, str | None]] = [(None, None)] * count
    cells[column] = (piece, None)
    return SpreadRow(tuple(cells), piece.top, piece.bottom, piece.start, begins=False)
