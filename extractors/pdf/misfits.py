"""Characters whose glyph is not as wide as what they stand for: a font maps their code to something else.

An ideograph is as wide as its type is high, a letter or figure is narrower, in every font of Chinese forms. Where text
is set wider or narrower, the ideographs beside a character tell how wide one is there. A font that gives no widths has
all its characters as wide: then letters among ideographs tell nothing. A character without any width, on which the next
one of its text stands, is of a font that the file tells nothing of: programs that show it know its widths.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.pdf.marks import Char
from schemas.language.writing import is_ideograph

SAME = 0.03  # of an ideograph's width: how far those of one line differ
HALF = 0.7  # of an ideograph's width: no ideograph is narrower
FIGURE = 0.55  # of its height: no wider is a figure, and no ideograph but in type set very narrow
WIDE_LETTERS = frozenset("WMmw")  # in some fonts as wide as ideographs
LATIN = "Ā"  # letters before it are those of Latin-1
UNIFORM = 0.9  # of the letters and figures are as wide as ideographs: their fonts give no widths
NONE = 0.02  # of its height: a character as narrow has no width
CHINESE = 0.3  # of the characters are beyond Latin-1: a page of Chinese text


def misfits(chars: Sequence[Char]) -> frozenset[str]:
    """What the upright characters of a page stand for that are too wide or too narrow for it."""
    beyond = letters = wide = 0
    too_wide: set[str] = set()
    too_narrow: set[str] = set()
    for i, (text, left, top, right, bottom, _, _, _) in enumerate(chars):
        width, height = right - left, bottom - top
        if width < NONE * height and text.isalnum() and _is_stood_on(chars, i):
            too_narrow.add(text)
        elif text >= LATIN:
            count = 1 if len(text) == 1 else sum(map(is_ideograph, text))
            beyond += 1
            narrow = width < HALF * count * height and is_ideograph(text[0])
            if narrow and width < HALF * count * _width_of_ideograph(chars, i, 0.0):
                too_narrow.add(text)
        elif text.isalnum() and text not in WIDE_LETTERS:
            letters += 1
            if width > FIGURE * height and _is_same(width, _width_of_ideograph(chars, i, height)):
                wide += 1
                too_wide.add(text)
    without_widths = wide > UNIFORM * letters and beyond > CHINESE * (letters + beyond)
    return frozenset(too_narrow if without_widths else too_narrow | too_wide)


def _is_stood_on(chars: Sequence[Char], at: int) -> bool:
    """Whether the next character stands on the same place, though both are shown together."""
    if at + 1 == len(chars):
        return False
    char, other = chars[at], chars[at + 1]
    return other.ink.order == char.ink.order and abs(other.left - char.left) < NONE * char.height


def _width_of_ideograph(chars: Sequence[Char], at: int, usual: float) -> float:
    """How wide an ideograph beside a character is; the usual width where none is."""
    char = chars[at]
    beside = (chars[i] for i in (at - 1, at + 1) if 0 <= i < len(chars))
    return max((c.width for c in beside if _is_ideograph_beside(char, c)), default=usual)


def _is_ideograph_beside(char: Char, other: Char) -> bool:
    off = max(abs(char.height - other.height), abs(char.top - other.top))
    return off <= SAME * char.height and len(other.text) == 1 and is_ideograph(other.text)


def _is_same(width: float, other: float) -> bool:
    return abs(width - other) <= SAME * other
