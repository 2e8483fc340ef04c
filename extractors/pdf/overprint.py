"""Text that is printed twice or four times, a little apart, to look bold: which characters are such repeats.

A repeat is told from a neighbour of the same letter (`III`, `ll`, `11`) by the character's own advance: nearer than
half of it no neighbour stands. Where the letter is so narrow that its advance does not tell, the word does: it is
doubled as a whole, each of its characters by the same offset, or not at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from extractors.pdf.marks import Char
from schemas.frozen import dataclass

REACH = 0.3  # of the character size: the farthest that a repeat is set off
OVERLAP = 0.5  # of its own advance: the same character nearer than this is no neighbour
SAME_OFFSET = 0.2  # points: by how much the offsets of one word's repeats may differ
SAME_WORD = 0.35  # of the character size: a wider gap parts words
NO_ADVANCE = 0.1  # of the character size: what counts as the advance of a character whose font tells none
LINE, COLUMN = 4.0, 8.0  # points: a field of the page, in which few characters of one text stand
MOST_COLUMNS = 12  # fields to each side that a repeat is looked for in: as far as one of 300 points reaches
MOST_NEAR = 32  # characters of one text in a field that are looked at: bold text is printed four times
AS_ADVANCED = 0.12  # of its advance: how exactly a neighbour of the same letter stands where the first one ends


@dataclass(frozen=True, slots=True)
class _Pair:
    """The character at index `copy` stands near the same one at `first`, set off by (dx, dy) points."""

    first: int
    copy: int
    dx: float
    dy: float


def without_repeats(chars: Sequence[Char]) -> list[Char]:
    """The characters, in their order, without those that only repeat another one to look bold."""
    pairs = _pairs(chars)
    if not pairs:
        return list(chars)
    sure = _one_to_one(p for p in pairs if _overlaps(p, chars))
    dropped = {p.copy for p in sure}
    offsets: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for pair in sure:
        offsets[pair.first].append((pair.dx, pair.dy))
    open_pairs = [p for p in pairs if not _overlaps(p, chars) and not {p.first, p.copy} & dropped]
    if sure and open_pairs:
        words = _words(chars, dropped)
        usual = Counter(_rounded(o) for between in offsets.values() for o in between)
        told = [p for p in open_pairs if _doubled_word(p, chars, words, offsets, usual)]
        dropped |= {p.copy for p in _one_to_one(told)}
    return [char for i, char in enumerate(chars) if i not in dropped]


def _pairs(chars: Sequence[Char]) -> list[_Pair]:
    """Each character with every earlier one of the same text and size within reach; of very many that stand one upon
    the other, with the first ones."""
    seen: dict[str, dict[int, dict[int, list[int]]]] = {}  # by text, line and column
    pairs = []
    for i, char in enumerate(chars):
        text, left, top = char[:3]
        if text.isspace():
            continue
        line, column = round(top / LINE), int(left // COLUMN)
        lines = seen.get(text)
        if lines is None:
            seen[text] = {line: {column: [i]}}
            continue
        height = char.height
        reach = REACH * height
        far = min(int(reach // COLUMN) + 1, MOST_COLUMNS)
        for near in (line - 1, line, line + 1):
            fields = lines.get(near)
            if fields is None:
                continue
            members: list[int] = []
            for at in range(column - far, column + far + 1):
                if at in fields:
                    members += fields[at]
            for j in sorted(members):
                dx, dy = left - chars[j].left, top - chars[j].top
                if abs(dx) < reach and abs(dy) < reach and abs(height - chars[j].height) <= 0.1 * height:
                    pairs.append(_Pair(j, i, dx, dy))
        own = lines.setdefault(line, {}).setdefault(column, [])
        if len(own) < MOST_NEAR:
            own.append(i)
    return pairs


def _overlaps(pair: _Pair, chars: Sequence[Char]) -> bool:
    char = chars[pair.copy]
    return abs(pair.dx) < OVERLAP * max(char.width, NO_ADVANCE * char.height)


def _one_to_one(pairs: Iterable[_Pair]) -> list[_Pair]:
    """Pairs in painting order in which no repeat is the first of another, and no first has two repeats at one
    offset."""
    taken: set[int] = set()
    at: set[tuple[int, tuple[int, int]]] = set()
    out = []
    for pair in pairs:
        key = (pair.first, _rounded((pair.dx, pair.dy)))
        if pair.first in taken or pair.copy in taken or (key in at and (pair.dx or pair.dy)):
            continue
        taken.add(pair.copy)
        at.add(key)
        out.append(pair)
    return out


def _rounded(offset: tuple[float, float]) -> tuple[int, int]:
    return round(offset[0] / SAME_OFFSET), round(offset[1] / SAME_OFFSET)


def _words(chars: Sequence[Char], dropped: set[int]) -> dict[int, list[int]]:
    """For each character that is left, all that stand in one word with it."""
    left = sorted(
        (i for i in range(len(chars)) if i not in dropped), key=lambda i: (round(chars[i].top), chars[i].left)
    )
    words: dict[int, list[int]] = {}
    word: list[int] = []
    for i in left:
        last = chars[word[-1]] if word else None
        if (
            last is None
            or abs(chars[i].top - last.top) > REACH * chars[i].height
            or (chars[i].left - last.right > SAME_WORD * chars[i].height)
        ):
            word = []
        word.append(i)
        words[i] = word
    return words


def _doubled_word(
    pair: _Pair,
    chars: Sequence[Char],
    words: dict[int, list[int]],
    offsets: dict[int, list[tuple[float, float]]],
    usual: Counter[tuple[int, int]],
) -> bool:
    """Whether the characters of its word that are wide enough to tell are all doubled by the pair's offset. Where
    none is, the offsets of the page tell, unless the letter stands just where the one before it ends."""

    def same(offset: tuple[float, float]) -> bool:
        return abs(offset[0] - pair.dx) <= SAME_OFFSET and abs(offset[1] - pair.dy) <= SAME_OFFSET

    wide = [i for i in words[pair.first] if OVERLAP * chars[i].width > abs(pair.dx) and not chars[i].text.isspace()]
    if wide:
        return all(any(same(o) for o in offsets.get(i, ())) for i in wide)
    advanced = abs(pair.dx - chars[pair.first].width) <= AS_ADVANCED * chars[pair.first].width
    return not advanced and _rounded((pair.dx, pair.dy)) in usual
