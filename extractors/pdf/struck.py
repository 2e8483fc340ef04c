"""Text that a page strikes out: a line runs through its letters, from the first to the last of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from extractors.pdf.marks import Char
from schemas.model import Rule

MIDDLE = (0.3, 0.7)  # of a character's height: where a line strikes it out; further down one underlines it
BEYOND = 0.6  # of the character size: how far a line runs beyond the letters that it strikes out
LEAST = 2  # letters: a line through one may be a sign of its own


def struck_out(chars: Sequence[Char], rules: Sequence[Rule]) -> tuple[set[int], list[Rule]]:
    """The numbers of the characters that are struck out, and the rules that do not do so."""
    letters = sorted((char for char in chars if not char.text.isspace() and not char.turn), key=lambda char: char.top)
    tops = [char.top for char in letters]
    tallest = max((char.height for char in letters), default=0.0)
    out: set[int] = set()
    kept: list[Rule] = []
    for rule in rules:
        first, last = (0, 0) if rule.vertical else (bisect_left(tops, rule.at - tallest), bisect_right(tops, rule.at))
        mine = [char for char in letters[first:last] if _runs_through(rule, char)]
        if len(mine) >= LEAST and _fits(rule, mine):
            out |= {char.number for char in mine}
        else:
            kept.append(rule)
    return out, kept


def _runs_through(rule: Rule, char: Char) -> bool:
    depth = (rule.at - char.top) / char.height
    return MIDDLE[0] <= depth <= MIDDLE[1] and rule.start <= (char.left + char.right) / 2 <= rule.end


def _fits(rule: Rule, chars: Sequence[Char]) -> bool:
    """Whether a line begins and ends with the letters: borders of cells run on."""
    size = max(char.height for char in chars)
    before, behind = min(char.left for char in chars) - rule.start, rule.end - max(char.right for char in chars)
    return max(before, behind) <= BEYOND * size
