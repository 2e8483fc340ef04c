"""A dump without tabs: its texts, parted by spaces and broken over lines, become rows of cells again.

The parts of a form are found by their words (labels, headers, money lines); each is turned into rows with tab
positions of its own, as a tabbed dump holds them, so that from there on both kinds of dump are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.dump.flatfunds import FlatFunds, begins_block, is_money_header, pairs
from extractors.dump.flatrows import FlatCell, Token, deal, join_tokens, parted_by_writing
from extractors.dump.indicators import DumpRow
from extractors.dump.lines import DumpCell, DumpLine
from extractors.dump.roles import feature
from extractors.dump.rows import build_table, join_values
from extractors.tables.celltext import latin_break
from schemas.frozen import dataclass
from schemas.language.columns import LEVELS
from schemas.language.money import names_block, names_line, stands_for_amount
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import ENUMERATOR, is_ideograph
from schemas.model import Block, Line, Place

BROKEN_OVER = 4  # lines that one label or header may be broken over
NAMED_WITHIN = 3  # lines of a money block above and with its name
FREE = ("short", "text", "long")  # features of a text that no word of ours tells the column of
SENTENCE = ("。", "！", "；", ";")
COLUMN_GAP = " " * 3  # white space that parts columns, and no words of one text
ENDS_UNTOLD = "other words of the form stand in this text; the dump does not say where it ends"
SHORTEST_SIDE = 2  # characters: 收入 and 支出 alone are sides, longer words may end a block's name


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the dump with its tokens."""

    number: int
    text: str
    column: int
    tokens: tuple[Token, ...]


def flat_blocks(lines: Sequence[DumpLine], words: Words) -> tuple[Block, ...]:
    """The blocks of a dump without tabs."""
    sources = [_source(line) for line in lines if line.cells]
    return join_values(_Walk(sources, words).blocks(), words)


def _source(line: DumpLine) -> SourceLine:
    cell = line.cells[0]
    matches = list(re.finditer(r"\S+", cell.text))
    tokens = tuple(
        Token(m.group(), line.number, cell.column + m.start(), i == 0, i == len(matches) - 1)
        for i, m in enumerate(matches)
    )
    return SourceLine(line.number, cell.text, cell.column, tokens)


class _Walk:
    """Goes through the lines once, part by part."""

    def __init__(self, sources: Sequence[SourceLine], words: Words) -> None:
        self.sources = sources
        self.words = words
        self.rows: list[DumpRow] = []
        self.out: list[Block] = []
        self._sections: dict[int, tuple[list[list[FlatCell]], int]] | None = None

    def blocks(self) -> list[Block]:
        i = 0
        while i < len(self.sources):
            i = self._step(i)
        self._close()
        return self.out

    def _close(self) -> None:
        if self.rows:
            self.out.append(build_table(self.rows, self.words))
        self.rows = []

    def _step(self, i: int) -> int:
        source = self.sources[i]
        header = self._header(i)
        if header is not None:
            return self._indicators(i, header[0])
        start = self._money(i)
        if start is not None:
            return self._funds(i, start)
        if label := self._label(i):
            return self._labels(i, *label)
        if self.words.is_title(source.text):
            self._close()
        self.out.append(Line(source.text, Place(line=source.number, column=source.column)))
        return i + 1

    # ── rows

    def _add(self, cells: Sequence[DumpCell], tabs: int) -> None:
        self.rows.append(DumpRow(DumpLine(cells[0].line, tuple(cells), tabs), False))

    # ── labels

    def _label(self, i: int) -> tuple[str, int] | None:
        """(the label that begins at line i, the lines it is broken over): the first token, or whole short lines
        that make a label together."""
        first = self.sources[i].tokens[0].text
        if self.words.known_label(first):
            return first, 1
        joined = ""
        for k in range(min(BROKEN_OVER, len(self.sources) - i)):
            if k and (len(self.sources[i + k - 1].tokens) != 1):
                break
            joined += self.sources[i + k].tokens[0].text
            if len(joined) > 16:
                break
            if self.words.known_label(joined) and len(self.sources[i + k].tokens) == 1:
                return joined, k + 1
        return None

    def _labels(self, i: int, label: str, height: int) -> int:
        """A label with its value, or labels in a row over their values."""
        source = self.sources[i]
        head = source.tokens[0]
        cells = [DumpCell(label, 0, head.line, head.column)]
        rest = source.tokens[1:] if height == 1 else ()
        at = i + height
        below = self._label_row(at) if not rest else ()
        if rest and all(self.words.known_label(t.text) for t in rest):
            below, cells = rest, cells
        elif below:
            at += 1
        if below:
            heads = [*cells, *(DumpCell(t.text, k, t.line, t.column) for k, t in enumerate(below, len(cells)))]
            if not rest and not self.words.is_heading(label):
                self._add(cells, 4)
                heads = [DumpCell(t.text, k, t.line, t.column) for k, t in enumerate(below)]
            return self._values_below(heads, at)
        values: list[list[Token]] = []
        for n, token in enumerate(rest):
            if self.words.known_label(token.text) or self._parts_options(rest, n) or self._names_amount(rest, n):
                cells.append(DumpCell(token.text, 2 * len(values), token.line, token.column))
                values.append([])
            else:
                if not values:
                    values.append([])
                values[-1].append(token)
        end = self._value_end(at)
        last = self._prose(self.sources[at:end])
        out: list[DumpCell] = []
        for k, cell in enumerate(cells):
            out.append(DumpCell(cell.text, 2 * k, cell.line, cell.column))
            own = values[k] if k < len(values) else []
            text = join_tokens(own)
            begin = own[0] if own else None
            if k == len(cells) - 1 and last is not None:
                text = f"{text}{last.text}" if text else last.text
                begin = begin or last.tokens[0]
            if text and begin is not None:
                lines = self.sources[at:end] if k == len(cells) - 1 else ()
                why = ENDS_UNTOLD if self._holds_more(own, lines) else None
                out.append(DumpCell(text, 2 * k + 1, begin.line, begin.column, why))
        for row in _by_own_labels(out, self.words):
            self._add(row, 2 * len(cells))
        return end

    def _holds_more(self, tokens: Sequence[Token], lines: Sequence[SourceLine]) -> bool:
        """Whether a value made of the tokens behind its label and of whole lines holds words of the form's own, or gaps
        as columns have: texts of other cells may be in it."""
        texts = [t.text for t in (*tokens, *(t for line in lines for t in line.tokens))]
        own = any(self.words.header(t) or self.words.known_label(t) or self.words.is_heading(t) for t in texts)
        amounts = any(names_line(a, self.words) and stands_for_amount(b, self.words) for a, b in pairwise(texts))
        return own or amounts or any(COLUMN_GAP in line.text for line in lines)

    def _parts_options(self, tokens: Sequence[Token], n: int) -> bool:
        """Whether a text between marked options is a label of its own: `☑甲 □乙 是否丙 □是 ☑否`."""
        if not 0 < n < len(tokens) - 1:
            return False
        marks = self.words.marks
        before, own, behind = (marks & set(t.text) for t in tokens[n - 1 : n + 2])
        return bool(before and behind) and not own and not set(tokens[n - 1].text) <= marks

    def _names_amount(self, tokens: Sequence[Token], n: int) -> bool:
        """Whether a text behind a value names the amount that stands behind it."""
        named = 0 < n < len(tokens) - 1 and names_line(tokens[n].text, self.words)
        return named and stands_for_amount(tokens[n + 1].text, self.words)

    def _label_row(self, i: int) -> tuple[Token, ...]:
        """The tokens of a line that holds nothing but several labels."""
        if i >= len(self.sources):
            return ()
        tokens = self.sources[i].tokens
        return tokens if len(tokens) > 1 and all(self.words.label(t.text) for t in tokens) else ()

    def _values_below(self, heads: Sequence[DumpCell], at: int) -> int:
        """Labels in a row over their values: the values follow one after the other, each ending in a full stop."""
        end = self._value_end(at)
        labels = [c for c in heads if not (c.tab == 0 and len(heads) > 2)]
        groups: list[list[SourceLine]] = [[]]
        for source in self.sources[at:end]:
            for part in _sentences(source, len(labels) - len(groups)):
                groups[-1].append(part)
                if part.text.endswith(SENTENCE) and len(groups) < len(labels):
                    groups.append([])
        self._add(heads, len(heads))
        cells = []
        for label, group in zip(labels, [g for g in groups if g], strict=False):
            text = self._prose(group)
            if text is not None:
                cells.append(DumpCell(text.text, label.tab, text.number, text.column))
        if cells:
            self._add(cells, len(heads))
        return end

    def _value_end(self, i: int) -> int:
        """Where the value that begins at line i ends: at the next label, header, money block or title."""
        end = i
        while end < len(self.sources):
            source = self.sources[end]
            if (
                self._label(end)
                or self._header(end)
                or self.words.is_title(source.text)
                or self._money(end) is not None
            ):
                break
            end += 1
        return end

    def _prose(self, sources: Sequence[SourceLine]) -> SourceLine | None:
        """Lines as one text: wraps removed, a line break kept where an enumerator begins a paragraph."""
        if not sources:
            return None
        longest = max(len(s.text) for s in sources)
        text = ""
        for i, source in enumerate(sources):
            if i:
                ended = len(sources[i - 1].text) < longest - 3 or sources[i - 1].text.endswith(SENTENCE)
                if ENUMERATOR.match(source.text) and ended:
                    text += "\n"
                elif latin_break(text, source.text):
                    text += " "
            text += source.text
        first = sources[0]
        return SourceLine(first.number, text, first.column, first.tokens)

    # ── money

    def _money(self, i: int) -> int | None:
        """The first line of a money block whose name begins at line i (i itself where the block has no name),
        None where none does."""
        lines = [s.tokens for s in self.sources[i : i + BROKEN_OVER + 2]]
        if (is_money_header(lines[0], self.words) and len(lines[0]) > 1) or self._named_at(lines) is not None:
            return i
        name, last = "", None
        for k in range(min(BROKEN_OVER, len(lines) - 1)):
            text = lines[k][0].text
            side = bool(k and self.words.side(text)) and len(text) <= SHORTEST_SIDE
            if len(lines[k]) > 1 or self.words.known_label(text) or side:
                break
            name += text
            stray = len(lines[0][0].text) <= 2  # the end of a text that wrapped, not of the name
            named = self.words.fund_block.search(squeeze(name[len(lines[0][0].text) :] if stray else name))
            if named and not stray and begins_block(lines[k + 1 :], self.words):
                last = i + k + 1
        return last

    def _named_at(self, lines: Sequence[Sequence[Token]]) -> int | None:
        """The line of a money block that begins with its name and goes on with lines of money: its first one, or one a
        little below, where the name stands in the middle of the block's lines."""
        for k, tokens in enumerate(lines[:NAMED_WITHIN]):
            named = len(tokens) > 2 and names_block(tokens[0].text, self.words)
            if named and pairs(tokens[1:], self.words):
                return k
            if self.words.known_label(tokens[0].text) or not pairs(tokens, self.words):
                return None
        return None

    def _funds(self, i: int, start: int) -> int:
        """A money block whose name stands on the lines from i to start, or first in a line of its own, its lines from
        start on."""
        first = self.sources[i]
        lines = [s.tokens for s in self.sources[start:]]
        name = "".join(s.text for s in self.sources[i:start]) or self.words.all.funds.total[0]
        if i == start and (at := self._named_at(lines)) is not None:
            name, lines[at] = lines[at][0].text, lines[at][1:]
        reader = FlatFunds(lines, self.words)
        count = reader.read()
        for k, row in enumerate(reader.rows):
            head = [DumpCell(name, 0, first.number, first.column)] if k == 0 else []
            self._add([*head, *row], reader.width)
        return start + max(count, 1)

    # ── indicators

    def _header(self, i: int) -> tuple[list[tuple[str, Token]], int] | None:
        """The (header word, its first token) of an indicator header that begins at line i, and the line behind
        it; a word may be broken over lines."""
        skip = int(self._is_band(i))
        if self.words.header(self.sources[i].tokens[skip].text) not in LEVELS:
            return None
        tokens = [t for s in self.sources[i : i + 16] for t in s.tokens][skip:]
        headers: list[tuple[str, Token]] = []
        k = 0
        while k < len(tokens):
            for n in range(BROKEN_OVER, 0, -1):
                part = tokens[k : k + n]
                if n > 1 and not all(t.first for t in part[1:]):
                    continue
                text = "".join(t.text for t in part)
                whole = self.words.header_word(text) is not None
                if n > 1 and not whole and self.words.header(part[-1].text):
                    continue  # the last token is a header of its own
                if self.words.header(text) and not self._begins_data(text, headers):
                    headers.append((text, tokens[k]))
                    k += len(part)
                    break
            else:
                break
        roles = {self.words.header(text) for text, _ in headers}
        if len(roles) < 3 or not roles & {"level3", "level2"}:
            return None
        last = tokens[k - 1].line
        behind = next((j for j in range(i, len(self.sources)) if self.sources[j].number > last), len(self.sources))
        return headers, behind

    def _is_band(self, i: int) -> bool:
        """Whether line i begins with the name of the whole table, beside which its header stands: 绩效指标."""
        tokens = self.sources[i].tokens
        return len(tokens) > 2 and self.words.is_heading(tokens[0].text) and not self.words.header(tokens[0].text)

    def _begins_data(self, text: str, headers: Sequence[tuple[str, Token]]) -> bool:
        """A role named twice begins no further column."""
        return self.words.header(text) in {self.words.header(t) for t, _ in headers}

    def _indicators(self, i: int, header: Sequence[tuple[str, Token]]) -> int:
        cells = [DumpCell(text, k, token.line, token.column) for k, (text, token) in enumerate(header)]
        if self._is_band(i):
            band = self.sources[i].tokens[0]
            self._add([DumpCell(band.text, 0, band.line, band.column)], len(header))
        self._add(cells, len(header))
        roles = [self.words.header(text) or "" for text, _ in header]
        rows, end = self._dealt()[i]
        for row in rows:
            self._add(_cells(row, self.words), len(header))
        if end < len(self.sources) and self.words.is_total(self.sources[end].tokens[0].text):
            total = self.sources[end].tokens
            places = [k for k, r in enumerate(roles) if r in ("weights.full_year", "score")]
            numbers = zip(places, total[1:], strict=False)
            head = DumpCell(total[0].text, 0, total[0].line, total[0].column)
            self._add([head, *(DumpCell(t.text, k, t.line, t.column) for k, t in numbers)], len(header))
            end += 1
        return end

    def _section_end(self, behind: int) -> int:
        end = behind
        while end < len(self.sources) and not self._ends_section(end):
            end += 1
        return end

    def _dealt(self) -> dict[int, tuple[list[list[FlatCell]], int]]:
        """The rows of every indicator section, and the line behind it, by the line its header begins at; dealt
        together, since the columns of one form are as wide in each."""
        if self._sections is None:
            starts: list[int] = []
            ends: list[int] = []
            sections: list[tuple[list[Token], list[str]]] = []
            i = 0
            while i < len(self.sources):
                header = self._header(i)
                if header is None:
                    i += 1
                    continue
                headers, behind = header
                end = self._section_end(behind)
                starts.append(i)
                ends.append(end)
                tokens = [t for s in self.sources[behind:end] for t in s.tokens]
                sections.append((tokens, [self.words.header(text) or "" for text, _ in headers]))
                i = end
            dealt = zip(deal(sections, self.words), ends, strict=True)
            self._sections = dict(zip(starts, dealt, strict=True))
        return self._sections

    def _ends_section(self, i: int) -> bool:
        source = self.sources[i]
        first = source.tokens[0].text
        if self.words.is_total(first) or self._header(i) or self.words.is_title(source.text):
            return True
        label = self._label(i)
        if label is None:
            return False
        name = label[0]
        return not self.words.level(name, "level1") and not self.words.level(name, "level2")


def _by_own_labels(cells: Sequence[DumpCell], words: Words) -> list[list[DumpCell]]:
    """Labels with their values as rows: a label that no word of ours knows begins one, so that it is no option of the
    group before it."""
    rows: list[list[DumpCell]] = [[]]
    for cell in cells:
        if cell.tab % 2 == 0 and cell.tab and not words.known_label(cell.text):
            rows.append([])
        rows[-1].append(cell)
    return [[replace(c, tab=c.tab - row[0].tab) for c in row] for row in rows]


def _sentences(source: SourceLine, cuts: int) -> list[SourceLine]:
    """A line cut behind the first sentences that white space parts from the next, at so many places at most."""
    parts: list[list[Token]] = [[]]
    for token in source.tokens:
        parts[-1].append(token)
        if token.text.endswith(SENTENCE) and not token.last and len(parts) <= cuts:
            parts.append([])
    if len(parts) == 1:
        return [source]
    return [SourceLine(source.number, join_tokens(p), p[0].column, tuple(p)) for p in parts]


def _number_inside(cell: FlatCell) -> bool:
    """Whether a number or a Latin text stands inside a cell, behind a gap."""
    return any(is_ideograph(a.text[-1]) and parted_by_writing(a, b) for a, b in pairwise(cell.tokens))


def _cells(row: Sequence[FlatCell], words: Words) -> list[DumpCell]:
    """A row's cells; where only the width of the columns told one text from the next, that is said of both."""
    texts = [join_tokens(cell.tokens) for cell in row]
    free = [feature(text, words) in FREE for text in texts]
    doubtful = set()
    for k in range(len(row) - 1):
        wrapped = len(row[k].tokens) > 1 or len(row[k + 1].tokens) > 1
        if free[k] and free[k + 1] and row[k + 1].tokens[0].first and wrapped:
            doubtful |= {k, k + 1}
        if parted_by_writing(row[k].tokens[-1], row[k + 1].tokens[0]) and (
            _number_inside(row[k]) or _number_inside(row[k + 1])
        ):
            doubtful |= {k, k + 1}  # every gap before a number may be the one that parts them
    why = "the dump does not part this text from the one beside it; what columns hold and their widths did"
    return [
        DumpCell(text, cell.role, cell.tokens[0].line, cell.tokens[0].column, why if k in doubtful else None)
        for k, (cell, text) in enumerate(zip(row, texts, strict=True))
    ]
