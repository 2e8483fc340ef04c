"""The pieces of a text whose columns are set by blanks: what stands between two gaps of a line, and where.

A page written as text keeps the columns of its cells: what stands further right on the page stands further right in its
line. Some programs count each character as one place, some a Chinese one as two; which it was shows in what aligns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.dump.lines import DumpLine
from extractors.dump.roles import feature, is_value
from extractors.tables.celltext import latin_break
from schemas.frozen import dataclass
from schemas.language.money import names_block, names_line
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words
from schemas.language.writing import ENUMERATOR, is_ideograph, width

COLUMN_GAP = 3  # blanks inside a line that part columns for certain
FEWEST_GAPS = 0.25  # share of its lines that have such a gap, from which a text has columns
FEWEST_LINES = 4
LONGEST_NAME = 4  # lines that a label may be broken over
NEXT_LINE = 2  # a line broken off stands so many lines further down at most
SHORT_REST = 4  # characters of the rest of a name of money whose first line is one too
OVERLAP = 0.5  # of the narrower piece: pieces of one cell stand below each other


@dataclass(frozen=True, slots=True)
class Piece:
    """A text between two gaps, at the places [start, end) of the lines top to bottom; `column` counts from 1. `widths`
    are those of its lines, in Chinese characters."""

    text: str
    top: int
    bottom: int
    start: int
    end: int
    column: int
    widths: tuple[float, ...]

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


def has_columns(lines: Sequence[DumpLine]) -> bool:
    """Whether blanks set columns in many lines of a text."""
    texts = [cell.text for line in lines for cell in line.cells]
    gaps = sum(1 for text in texts if re.search(rf"\S[ \u3000]{{{COLUMN_GAP},}}\S", text))
    return gaps >= FEWEST_LINES and gaps >= FEWEST_GAPS * len(texts)


def pieces_of(lines: Sequence[DumpLine], words: Words) -> list[Piece]:
    """The pieces of all lines in reading order, at the places by which more of them align."""
    by_character = _pieces(lines, words, wide=1)
    by_width = _pieces(lines, words, wide=2)
    return max(by_character, by_width, key=_aligned)


def _aligned(pieces: Sequence[Piece]) -> int:
    return sum(count - 1 for count in Counter(piece.start for piece in pieces).values())


def _pieces(lines: Sequence[DumpLine], words: Words, wide: int) -> list[Piece]:
    out: list[Piece] = []
    for line in lines:
        for cell in line.cells:
            text = cell.text.replace("\n", " ")
            before = _places(" " * (cell.column - 1) + text, wide)
            for match in re.finditer(r"\S+(?:[ \u3000]\S+)*", text):
                for begin, shown in _parted(match.group(), words):
                    at = cell.column - 1 + match.start() + begin
                    out.append(
                        Piece(
                            shown,
                            line.number,
                            line.number,
                            before[at],
                            before[at + len(shown)],
                            at + 1,
                            (width(shown),),
                        )
                    )
    return out


def _places(text: str, wide: int) -> list[int]:
    """The place at which each character begins, and the one behind the last."""
    out = [0]
    for char in text:
        out.append(out[-1] + (wide if ord(char) > 0x2E7F else 1))
    return out


def _parted(text: str, words: Words) -> list[tuple[int, str]]:
    """(offset, text) of the parts of a piece whose single blanks part cells: headers side by side, a number behind a
    condition."""
    tokens = [(m.start(), m.group()) for m in re.finditer(r"\S+", text)]
    listed = [_is_listed(token, words) for _, token in tokens]
    if len(tokens) == 1 or _is_listed(text, words) or (_is_known(text, words) and not all(listed)):
        return [(0, text)]
    cuts = [0]
    for (_, left), (begin, right) in pairwise(tokens):
        named = _is_known(left, words) and _is_known(right, words)
        kinds = {feature(left, words), feature(right, words)}
        told = all(is_value(kind) or kind in ("op", "mark") for kind in kinds)
        value = is_value(feature(left, words)) and not _goes_on(left, right)
        if named or told or value:
            cuts.append(begin)
    ends = [*cuts[1:], len(text)]
    return [(a, text[a:b].rstrip()) for a, b in zip(cuts, ends, strict=True)]


def _goes_on(left: str, right: str) -> bool:
    """Whether a number and a text behind a blank are set apart by a program only: 48 公里."""
    return left[-1].isdigit() and is_ideograph(right[0]) and len(right) <= LONGEST_NAME


def _is_known(text: str, words: Words) -> bool:
    return is_name(text, words) or words.fund_column(text) is not None or words.task(text) is not None


def is_name(text: str, words: Words) -> bool:
    """Whether a text is a label, a heading, a level, a header, or the name of money."""
    known = words.known_label(text) or words.is_heading(text) or words.is_level(bare_level(text))
    return known or words.header(text) is not None or names_block(text, words) or names_line(text, words)


def with_names_whole(pieces: Sequence[Piece], words: Words) -> list[Piece]:
    """The pieces with names that are broken over lines, or spaced letter by letter, made whole."""
    pieces = _with_letters_joined(pieces, words)
    by_line: dict[int, list[int]] = {}
    for i, piece in enumerate(pieces):
        by_line.setdefault(piece.top, []).append(i)
    gone: set[int] = set()
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        if i in gone:
            continue
        chain = _chain(i, pieces, by_line, gone)
        for length in range(len(chain), 1, -1):
            parts = [pieces[k] for k in chain[:length]]
            text = "".join(part.text for part in parts)
            if _are_one(parts, text, words):
                piece = stacked(parts)
                gone |= set(chain[:length])
                break
        out.append(piece)
    return sorted(out, key=lambda p: (p.y, p.start))


def _with_letters_joined(pieces: Sequence[Piece], words: Words) -> list[Piece]:
    """The pieces, those that print one name letter by letter (四 级   指 标) as the one that they are, with what is
    broken off it below."""
    out: list[Piece] = []
    gone: set[int] = set()
    i = 0
    while i < len(pieces):
        if i in gone:
            i += 1
            continue
        end = i
        while end < len(pieces) and pieces[end].top == pieces[i].top and _is_spaced(pieces[end].text):
            end += 1
        below: int | None = None
        while end > i + 1 and not _is_listed(_letters(pieces[i:end]), words):
            if (below := _rest_of(pieces, i, end, words)) is not None:
                break
            end -= 1
        if end > i + 1:
            text = _letters(pieces[i:end])
            piece = replace(pieces[i], text=text, end=pieces[end - 1].end, widths=(width(text),))
            if below is not None:
                gone.add(below)
                piece = stacked([piece, pieces[below]])
            out.append(piece)
        else:
            out.append(pieces[i])
        i = max(end, i + 1)
    return out


def _rest_of(pieces: Sequence[Piece], i: int, end: int, words: Words) -> int | None:
    """The piece below those from i to `end` by which their letters make a name, None where none does."""
    run = replace(pieces[i], end=pieces[end - 1].end)
    for k in range(end, len(pieces)):
        if pieces[k].top > run.bottom + NEXT_LINE:
            return None
        if pieces[k].top > run.bottom and overlap(run, pieces[k]) >= OVERLAP:
            return k if _is_listed(_letters([*pieces[i:end], pieces[k]]), words) else None
    return None


def _is_spaced(text: str) -> bool:
    return all(len(part) == 1 and is_ideograph(part) for part in text.split())


def _letters(pieces: Sequence[Piece]) -> str:
    return "".join("".join(piece.text.split()) for piece in pieces)


def _are_one(parts: Sequence[Piece], text: str, words: Words) -> bool:
    """Whether pieces below each other are one name: a known one; or one of money, by how it ends, where none of its
    parts is a name, and none but the last has room."""
    known = [_is_known(part.text, words) for part in parts]
    if all(known):
        return False
    if _is_listed(text, words):
        return True
    wraps = all(_wraps(a, b) for a, b in pairwise(parts))
    rest = all(len(part.text) <= SHORT_REST for part in parts[1:]) and not any(known[1:])
    return wraps and (not any(known) or rest) and (names_block(text, words) or names_line(text, words))


def _wraps(above: Piece, below: Piece) -> bool:
    """Whether a line of a name may go on in one below: in the next one where it was no shorter; further down where a
    bracket is open."""
    goes_on = above.bottom + 1 == below.top and above.widths[-1] >= below.widths[0]
    return goes_on or _is_open(above.text)


def _is_open(text: str) -> bool:
    """Whether a bracket of a text is not closed in it."""
    return any(text.count(opening) > text.count(closing) for opening, closing in ("()", "（）"))


def _is_listed(text: str, words: Words) -> bool:
    """Whether a text is a name that the language lists."""
    known = words.known_label(text) or words.is_heading(text) or words.is_level(bare_level(text))
    return known or words.header_word(text) is not None or words.fund_column(text) is not None


def _chain(i: int, pieces: Sequence[Piece], by_line: dict[int, list[int]], gone: set[int]) -> list[int]:
    """The pieces below each other from a short one on, each in one of the next lines."""
    chain = [i]
    while len(chain) < LONGEST_NAME and len(pieces[chain[-1]].text) <= 12:
        last = pieces[chain[-1]]
        below = [
            k
            for line in range(last.top + 1, last.top + 1 + NEXT_LINE)
            for k in by_line.get(line, ())
            if k not in gone and overlap(last, pieces[k]) >= OVERLAP
        ]
        if not below:
            break
        chain.append(below[0])
    return chain


def overlap(one: Piece, other: Piece) -> float:
    """The share of the narrower piece that stands above or below the other."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared / max(1, min(one.end - one.start, other.end - other.start))


def stacked(parts: Sequence[Piece]) -> Piece:
    """The pieces of one cell as one, lines that wrap joined."""
    text = parts[0].text
    widest = max(w for part in parts for w in part.widths)
    for above, part in pairwise(parts):
        if ENUMERATOR.match(part.text) and above.widths[-1] < widest - 2:
            text += "\n"
        elif above.top == part.top or latin_break(text, part.text):
            text += " "
        text += part.text
    return replace(
        parts[0],
        text=text,
        top=min(p.top for p in parts),
        bottom=max(p.bottom for p in parts),
        start=min(p.start for p in parts),
        end=max(p.end for p in parts),
        widths=tuple(w for part in parts for w in part.widths),
    )
