"""A text whose columns are set by blanks becomes rows of cells: sections below their headers, labels with their values.

What stands between two sections are labels; the lines of a value stand around the line of its label. A name left of
several rows heads them all. From there on the rows are read as those of a table of pipes are.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.dump.lines import DumpLine
from extractors.dump.loose_rows import Slot, loose_blocks
from extractors.dump.pieces import Piece, overlap, pieces_of, stacked, with_names_whole
from extractors.dump.roles import feature
from extractors.dump.rows import LABELLED, join_values
from extractors.dump.spread_labels import is_anchor, label_rows
from extractors.dump.spread_lists import list_rows, names_projects
from extractors.dump.spread_sections import PART_BELOW, Header, SpreadRow, section_rows
from extractors.dump.stacked_rows import spans_of
from extractors.marked.build import MarkedTable, build_blocks
from schemas.language.heads import Heads, first_name, heads
from schemas.language.money import names_block, names_line, stands_for_amount
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words
from schemas.language.years import is_year_mark
from schemas.model import Block, Line, Place

LONGEST_REST = 3  # characters that are broken off a header
LONG = 10.0  # characters of a piece that is a line of prose
VisualLine = list[Piece]


def spread_blocks(lines: Sequence[DumpLine], words: Words) -> tuple[Block, ...]:
    """The lines and tables of a text whose columns are set by blanks."""
    walk = _Walk(_visual_lines(with_names_whole(pieces_of(lines, words), words)), words)
    return join_values(build_blocks(walk.flow()), words)


def _visual_lines(pieces: Sequence[Piece]) -> list[VisualLine]:
    """The pieces line by line, from left to right; a name of several lines stands in its middle one, where that holds
    others."""
    single = {p.top for p in pieces if p.top == p.bottom}
    lines: dict[int, VisualLine] = {}
    for piece in pieces:
        at = piece.top
        if piece.bottom > piece.top:
            inside = [line for line in range(piece.top, piece.bottom + 1) if line in single]
            at = min(inside, key=lambda line: abs(line - piece.y), default=piece.top)
        lines.setdefault(at, []).append(piece)
    return [sorted(lines[at], key=lambda p: p.start) for at in sorted(lines)]


class _Walk:
    """Goes through the lines once, section by section."""

    def __init__(self, lines: Sequence[VisualLine], words: Words) -> None:
        self.lines = list(lines)
        self.words = words
        self.out: list[Line | MarkedTable] = []
        self._rows: list[SpreadRow] = []
        self._headings: list[Piece] = []
        self._outer: VisualLine = []  # left of the header that was seen last
        self._rests: VisualLine = []  # broken off it, and what they were broken off
        self._loose: list[VisualLine] = []  # lines that belong to no section so far

    def flow(self) -> list[Line | MarkedTable]:
        i = 0
        while i < len(self.lines):
            header = self._header(i)
            if header is not None:
                i = self._section(i, header)
            elif self._is_title(self.lines[i]):
                self._close()
                self._line(self.lines[i])
                i += 1
            elif not self._rows and not self._loose and self._is_above(self.lines[i]):
                self._line(self.lines[i])
                i += 1
            else:
                self._loose.append(self.lines[i])
                i += 1
        self._close()
        return self.out

    # ── output

    def _line(self, line: VisualLine) -> None:
        for piece in line:
            self.out.append(Line(piece.text, Place(line=piece.top, column=piece.column)))

    def _labels(self) -> None:
        """Turn the lines since the last section into rows of labels."""
        if self._loose:
            rows, outer = label_rows(self._loose, self.words)
            self._rows += rows
            self._headings += outer
        self._loose = []

    def _close(self) -> None:
        self._labels()
        rows = _with_headings(self._rows, self._headings)
        width = max((len(row) for row in rows), default=0)
        blank = Slot("", Place())
        self.out += loose_blocks([[*row, *[blank] * (width + 1 - len(row))] for row in rows], self.words, ruled=False)
        self._rows, self._headings = [], []

    def _is_title(self, line: VisualLine) -> bool:
        return len(line) == 1 and self.words.is_title(line[0].text)

    def _is_above(self, line: VisualLine) -> bool:
        """Whether a line above a table prints the year, or the unit of amounts."""
        return all(is_year_mark(p.text) or self.words.is_unit_label(p.text.partition("：")[0]) for p in line)

    # ── sections

    def _header(self, i: int) -> Header | None:
        """The header that begins with line i, None where none does."""
        self._merge(i)
        what = self._heads(i)
        above: VisualLine = []
        beside: VisualLine = []
        if what is None and i + 1 < len(self.lines) and self._heads(i + 1) is Heads.INDICATORS:
            over = self.lines[i]
            beside = over[:1] if self.words.is_heading(over[0].text) and len(over) > 1 else []
            above = over[len(beside) :]
            if not all(self.words.header(p.text) or self.words.column_group(p.text) for p in above):
                return None
            i, what = i + 1, Heads.INDICATORS
        if what is None:
            return None
        if above:
            self._merge(i)
        main = self._named(i, self.lines[i], what)
        below = self._under(i, main) if what is not Heads.MONEY else []
        under = [m for m in main if any(overlap(m, leaf) > 0 for leaf in below)]
        self._outer += beside
        leaves = sorted([*(m for m in main if m not in under), *below], key=lambda p: p.start)
        leaves = self._with_rests(i + 1 + bool(below), leaves)
        if what is Heads.MONEY and not self.words.is_line_header(leaves[0].text):
            leaves = [self._names_of(i, leaves[0]), *leaves]
        return Header(what, tuple(leaves), (*above, *under))

    def _merge(self, i: int) -> None:
        """Make two lines one where they print a header together whose texts stand a little apart in height."""
        if i + 1 >= len(self.lines):
            return
        one, other = self.lines[i], self.lines[i + 1]
        if other[0].top - one[-1].bottom > 2 or any(overlap(a, b) > 0 for a in one for b in other):
            return
        both = sorted([*one, *other], key=lambda p: p.start)
        what = heads([p.text for p in both], self.words)
        known = all(self._is_head(p.text, what) for p in other) and any(self._is_head(p.text, what) for p in one)
        if what is not None and known:
            self.lines[i : i + 2] = [both]

    def _is_head(self, text: str, what: Heads | None) -> bool:
        words = self.words
        if what is Heads.MONEY:
            return words.fund_column(text) is not None or words.is_line_header(text)
        return words.header(text) is not None or words.task(text) is not None

    def _heads(self, i: int) -> Heads | None:
        return heads([p.text for p in self.lines[i]], self.words)

    def _named(self, i: int, line: VisualLine, what: Heads) -> list[Piece]:
        """The pieces of a header line from its first column on; what stands left of it is a heading."""
        words = self.words
        if what is Heads.INDICATORS:
            first = first_name([p.text for p in line], words)
        elif what is Heads.TASKS:
            named = [k for k, p in enumerate(line) if words.task(p.text)]
            first = (
                named[1]
                if len(named) > 2 and words.task(line[named[0]].text) == words.task(line[named[1]].text)
                else named[0]
            )
        else:
            first = int(self._is_block(i, line))
        self._outer = list(line[:first])
        return list(line[first:])

    def _is_block(self, i: int, line: VisualLine) -> bool:
        """Whether the first text of a header of money is its block's name, and none of its lines stands below it."""
        name = line[0]
        if len(line) < 2 or not names_block(name.text, self.words) or self.words.fund_column(name.text):
            return False
        below = [p for each in self.lines[i + 1 : i + 3] for p in each if p.end <= line[1].start]
        return not any(overlap(name, p) > 0 for p in below)

    def _names_of(self, i: int, column: Piece) -> Piece:
        """The blank corner above the names of money lines, as wide as these."""
        names: list[Piece] = []
        for line in self.lines[i + 1 : i + 8]:
            left = [p for p in line if p.end <= column.start]
            names += [p for p in left[-1:] if names_line(p.text, self.words) or self.words.side(p.text)]
        start = min((p.start for p in names), default=max(0, column.start - 8))
        end = max((p.end for p in names), default=column.start - 1)
        return Piece("", column.top, column.top, start, end, column.column, (0.0,))

    def _under(self, i: int, main: Sequence[Piece]) -> list[Piece]:
        """The second line of a header: names below some of its columns."""
        if i + 1 >= len(self.lines) or self.lines[i + 1][0].top - self.lines[i][-1].bottom > 2:
            return []
        below = self.lines[i + 1]
        if len(below) < 2 or below[0].start < main[1].start:
            return []
        if any(feature(p.text, self.words) in ("number", "condition", "begun", "op", "mark", "long") for p in below):
            return []
        return [] if any(self.words.is_level(bare_level(p.text)) for p in below) else list(below)

    def _with_rests(self, i: int, leaves: list[Piece]) -> list[Piece]:
        """The headers with what is broken off them in the next line: a few characters below some that no list knows."""
        self._rests = []
        if i >= len(self.lines):
            return leaves
        rests = self.lines[i]
        under = [[leaf for leaf in leaves if overlap(leaf, p) > 0] for p in rests]
        if any(len(p.text) > LONGEST_REST for p in rests) or any(len(own) != 1 for own in under):
            return leaves
        if any(self.words.header(own[0].text) for own in under):
            return leaves
        self._rests = [*rests, *(own[0] for own in under)]
        by_leaf = {id(own[0]): p for own, p in zip(under, rests, strict=True)}
        return [stacked([leaf, by_leaf[id(leaf)]]) if id(leaf) in by_leaf else leaf for leaf in leaves]

    def _section(self, i: int, header: Header) -> int:
        self._labels()
        outer = list(self._outer)
        listed = header.what is Heads.INDICATORS and names_projects(outer, self.words)
        own = self._pieces_of(header)
        strays = [p for p in self.lines[i] if (p.top, p.start) not in own]  # the line that a header begins with is read
        start = i + 1
        while start < len(self.lines) and all((p.top, p.start) in own for p in self.lines[start]):
            start += 1
        end = start
        seen = bool(outer)
        while end < len(self.lines) and not self._ends(end, header, seen, listed):
            left = [p for p in self.lines[end] if p.end <= header.start and self._heads_rows(p)]
            seen = seen or bool(left)
            end += 1
        end = self._given_back(start, end)
        body = [*strays, *(p for line in self.lines[start:end] for p in line)]
        if listed:
            self._rows += list_rows(header, outer, body, self.words)
            return end
        rows, beside = section_rows(header, [*outer, *body], self.words)
        self._rows += rows
        self._headings += beside
        return end

    def _pieces_of(self, header: Header) -> set[tuple[int, int]]:
        """Where the pieces stand that a header is made of."""
        return {(p.top, p.start) for p in (*header.leaves, *header.groups, *self._outer, *self._rests)}

    def _heads_rows(self, piece: Piece) -> bool:
        text = piece.text
        return self.words.is_heading(text) or names_block(text, self.words) or self.words.known_label(text)

    def _ends(self, j: int, header: Header, headed: bool, listed: bool) -> bool:
        """Whether a line is no longer of a section; `listed`: its projects stand left of its header."""
        line, words = self.lines[j], self.words
        what = self._heads(j)
        if self._is_title(line) or (
            what is not None and (what is Heads.INDICATORS or header.what is not Heads.INDICATORS)
        ):
            return True
        if what is Heads.MONEY and names_block(line[0].text, words):
            return True
        if all(LABELLED.match(p.text) for p in line):
            return True
        for piece in line[:2]:
            text = piece.text
            if words.is_level(bare_level(text)) or words.is_total(text) or self._ends_level(j, piece):
                continue
            left = piece.end <= header.start
            if left and listed:
                continue  # of a project
            if left and not headed and self._heads_rows(piece) and piece is line[0]:
                continue  # the heading of the section itself
            if header.what is Heads.MONEY:
                if piece is line[0] and not left and not (names_line(text, words) or stands_for_amount(text, words)):
                    return len(line) == 1 or words.known_label(text) or feature(text, words) == "long"
                if left and self._heads_rows(piece):
                    return True
            elif self._heads_rows(piece) and piece.start < header.leaves[1].start and piece is line[0]:
                return True
        return False

    def _ends_level(self, j: int, piece: Piece) -> bool:
        """Whether a piece ends the name of a level that stands a little above it."""
        above = [p for line in self.lines[max(0, j - 3) : j] for p in line if 0 < piece.top - p.bottom <= PART_BELOW]
        return any(overlap(p, piece) > 0 and self.words.is_level(bare_level(p.text + piece.text)) for p in above)

    def _given_back(self, start: int, end: int) -> int:
        """The end of a section without the first lines of the value whose label stands below them."""
        if end >= len(self.lines):
            return end
        label = self.lines[end][0]
        below = 0
        while end + below + 1 < len(self.lines) and below < 12 and self._is_prose(end + below + 1, label):
            below += 1
        taken = 0
        while taken < below and end - taken - 1 > start and self._is_prose(end - taken - 1, label):
            taken += 1
        return end - taken

    def _is_prose(self, i: int, label: Piece) -> bool:
        line = self.lines[i]
        first = all(p.start >= label.end for p in line)
        return first and len(line) <= 2 and any(p.widths[0] >= LONG for p in line) and not is_anchor(line, self.words)


def _with_headings(rows: Sequence[SpreadRow], headings: Sequence[Piece]) -> list[list[Slot]]:
    """The rows as slots, each heading left of the rows that it stands beside: the innermost first."""
    made = [(row, [_slot(piece, doubt, row) for piece, doubt in row.cells]) for row in sorted(rows, key=lambda r: r.y)]
    starts = [row.start for row, _ in made]
    columns = _columns_of(headings)
    for group in columns:
        edge = max(p.end for p in group)
        r = 0
        while r < len(made):
            if starts[r] < edge - 1:
                r += 1
                continue
            end = r
            while end < len(made) and starts[end] >= edge - 1:
                end += 1
            run = [row for row, _ in made[r:end]]
            names = [p for p in group if run[0].top - 2 <= p.y <= run[-1].bottom + 2]
            begins = frozenset(k for k, row in enumerate(run) if row.begins)
            names = sorted(names, key=lambda p: p.y)
            for span in spans_of(names, run, lambda *_: 0, begins, all_rows=False):
                for k in range(span.start, span.end):
                    text = span.name if k == span.start else None
                    made[r + k][1].insert(0, _slot(text, None, made[r + k][0]))
                    starts[r + k] = min(starts[r + k], span.name.start)
            r = end
    return [slots for _, slots in made]


def _columns_of(headings: Sequence[Piece]) -> list[list[Piece]]:
    """Headings by the column that they stand in, the right one first."""
    out: list[list[Piece]] = []
    for piece in sorted(headings, key=lambda p: -p.start):
        home = next((group for group in out if any(overlap(piece, other) > 0 for other in group)), None)
        if home is None:
            out.append([piece])
        else:
            home.append(piece)
    return out


def _slot(piece: Piece | None, doubt: str | None, row: SpreadRow) -> Slot:
    if piece is None or not piece.text:
        return Slot("", Place(line=row.top), doubt)
    return Slot(piece.text, Place(line=piece.top, column=piece.column), doubt)
