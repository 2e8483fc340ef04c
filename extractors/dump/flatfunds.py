"""The money block of a dump without tabs: its lines put into rows with tab positions, as a tabbed dump has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.dump.flatrows import Token, join_tokens
from extractors.dump.lines import DumpCell
from schemas.language.money import amount_unit, names_line, names_money, stands_for_amount
from schemas.language.vocabulary import Words, squeeze

SIDE, OUTER, INNER, AMOUNTS = 1, 2, 3, 4  # the tabs at which the parts of a line are put
BROKEN_OVER = 3  # lines that one money line's name may be broken over
LONGEST_NAME = 40
AMOUNT_IN_NAME = "a text like an amount stands in this name; the dump does not say whose it is"

Lines = Sequence[Sequence[Token]]


def is_money_header(tokens: Sequence[Token], words: Words) -> bool:
    """Whether a line names money columns and nothing else: 资金来源 全年预算数."""
    columns = [t for t in tokens if words.fund_column(t.text)]
    return bool(columns) and all(words.fund_column(t.text) or words.is_line_header(t.text) for t in tokens)


def begins_block(lines: Lines, words: Words) -> bool:
    """Whether the lines begin with a side, a header of several columns, or a line of money."""
    if not lines:
        return False
    first = lines[0]
    if len(first) == 1 and words.side(first[0].text):
        return len(lines) > 1 and (is_money_header(lines[1], words) or _split(lines[1], words)[1] != [])
    if is_money_header(first, words):
        return len(first) > 1
    label, amounts = _split(first, words)
    return bool(label and amounts) and names_line(join_tokens(label), words)


def _split(tokens: Sequence[Token], words: Words) -> tuple[list[Token], list[DumpCell]]:
    """A line's label and the amounts at its end, units joined to their numbers."""
    rest = list(tokens)
    amounts: list[DumpCell] = []
    while rest:
        token = rest[-1]
        if amount_unit(token.text, words) and len(rest) > 1 and stands_for_amount(rest[-2].text, words):
            number = rest[-2]
            amounts.insert(0, DumpCell(f"{number.text} {token.text}", 0, number.line, number.column))
            del rest[-2:]
        elif stands_for_amount(token.text, words):
            amounts.insert(0, DumpCell(token.text, 0, token.line, token.column))
            del rest[-1]
        else:
            break
    return rest, amounts


def pairs(tokens: Sequence[Token], words: Words) -> list[tuple[list[Token], DumpCell]]:
    """The lines of money that stand side by side in one line, each a name with one amount; [] where a text of it is
    neither."""
    out: list[tuple[list[Token], DumpCell]] = []
    rest = list(tokens)
    while rest:
        end = next((k for k, t in enumerate(rest) if k and stands_for_amount(t.text, words)), None)
        if end is None or not names_line(join_tokens(rest[:end]), words):
            return []
        unit = end + 1 < len(rest) and amount_unit(rest[end + 1].text, words)
        text = f"{rest[end].text} {rest[end + 1].text}" if unit else rest[end].text
        out.append((rest[:end], DumpCell(text, 0, rest[end].line, rest[end].column)))
        del rest[: end + (2 if unit else 1)]
    return out


class FlatFunds:
    """Reads the lines of one block one after the other; `rows` are its rows, each a list of cells with tabs."""

    def __init__(self, lines: Lines, words: Words) -> None:
        self.lines = lines
        self.words = words
        self.rows: list[list[DumpCell]] = []
        self._columns: list[Token] = []
        self._side: Token | None = None
        self._group: Token | None = None
        self._in_group = False
        self._widest = 0  # cells of lines that stand side by side

    def read(self) -> int:
        """Read as many lines as belong to the block; returns how many."""
        i = 0
        while i < len(self.lines):
            took = self._take(i)
            if not took:
                break
            i += took
        return i

    @property
    def width(self) -> int:
        return max(AMOUNTS + max(len(self._columns), 1), OUTER + self._widest)

    def _take(self, i: int) -> int:
        """Read the line at i and what is broken off it; returns how many lines that were, 0 at the block's end."""
        tokens = self.lines[i]
        if self.words.known_label(tokens[0].text):
            return 0
        if len(tokens) == 1 and self.words.side(tokens[0].text):
            self._side, self._group, self._in_group = tokens[0], None, False
            return 1
        if is_money_header(tokens, self.words):
            self._columns = [t for t in tokens if self.words.fund_column(t.text)]
            cells = [_cell(t, OUTER) for t in tokens if not self.words.fund_column(t.text)][:1]
            self._add([*cells, *(_cell(t, AMOUNTS + k) for k, t in enumerate(self._columns))])
            return 1
        beside = pairs(tokens, self.words)
        if len(beside) > 1 and not self._columns:
            self._add([cell for k, pair in enumerate(beside) for cell in _beside(pair, OUTER + 2 * k)])
            self._widest = max(self._widest, 2 * len(beside))
            return 1
        label, amounts = _split(tokens, self.words)
        if label and amounts:
            return self._line(label, amounts)
        if not label:
            return 0
        name = join_tokens(label)
        if squeeze(name) == squeeze(self.words.all.funds.fiscal.parent) and self._next_is_inside(i):
            self._group = label[0]
            return 1
        if names_money(name, self.words):
            return self._line(label, [])
        for k in range(1, BROKEN_OVER):  # a name broken over lines, its amounts behind it
            if i + k >= len(self.lines) or self.words.known_label(self.lines[i + k][0].text):
                return 0
            more, amounts = _split(self.lines[i + k], self.words)
            label = [*label, *more]
            if amounts:
                return (k + 1) * bool(self._line(label, amounts))
        return 0

    def _next_is_inside(self, i: int) -> bool:
        label, _ = _split(self.lines[i + 1], self.words) if i + 1 < len(self.lines) else ([], [])
        return bool(label) and self._is_inside(join_tokens(label))

    def _is_inside(self, name: str) -> bool:
        return squeeze(name) in {squeeze(w) for w in self.words.all.funds.fiscal.children}

    def _line(self, label: Sequence[Token], amounts: Sequence[DumpCell]) -> int:
        name = join_tokens(label)
        if len(name) > LONGEST_NAME or len(amounts) > max(len(self._columns), 1):
            return 0
        own = DumpCell(name, OUTER, label[0].line, label[0].column)
        if any(stands_for_amount(t.text, self.words) for t in label):
            own = replace(own, inferred=AMOUNT_IN_NAME)
        cells = []
        if self._group is not None:
            cells.append(_cell(self._group, OUTER))
            self._group, self._in_group = None, True
            own = replace(own, tab=INNER)
        elif self._in_group and self._is_inside(name):
            own = replace(own, tab=INNER)
        else:
            self._in_group = False
        self._add([*cells, own, *self._placed(amounts)])
        return 1

    def _placed(self, amounts: Sequence[DumpCell]) -> list[DumpCell]:
        """The amounts under their columns; where they are fewer, nothing in the line says which, and that is said."""
        columns = [self.words.fund_column(t.text) for t in self._columns]
        if len(amounts) in (0, max(len(columns), 1)):
            return [replace(a, tab=AMOUNTS + k) for k, a in enumerate(amounts)]
        start = columns.index("full_year_budget") if len(amounts) == 1 and "full_year_budget" in columns else 0
        why = "the line holds fewer amounts than columns, and nothing says which; the column was taken by order"
        return [replace(a, tab=AMOUNTS + start + k, inferred=why) for k, a in enumerate(amounts)]

    def _add(self, cells: list[DumpCell]) -> None:
        if self._side is not None:
            cells = [_cell(self._side, SIDE), *cells]
            self._side = None
        self.rows.append(cells)


def _beside(pair: tuple[list[Token], DumpCell], tab: int) -> tuple[DumpCell, DumpCell]:
    """The cells of a name and its amount, beside one another."""
    label, amount = pair
    name = DumpCell(join_tokens(label), tab, label[0].line, label[0].column)
    return name, replace(amount, tab=tab + 1)


def _cell(token: Token, tab: int) -> DumpCell:
    return DumpCell(token.text, tab, token.line, token.column)
