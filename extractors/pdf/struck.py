"""Text that a page strikes out: a line runs through its letters, from the first to the last of them."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.pdf.marks import Char
from schemas.model import Rule

MIDDLE = (0.3, 0.7)  # of a character's height: where a line strikes it out; further down one underlines it
BEYOND = 0.6  # of the character size: how far a line runs beyond the letters that it strikes out
LEAST = 2  # letters: a line through one may be a sign of its own


def struck_out(chars: Sequence[Char], rules: Sequence[Rule]) -> tuple[set[int], list[Rule]]:
    """The numbers of the characters that are struck out, and the rules that do not do so."""
    letters = [char for char in chars if not char.text.isspace() and not char.turn]
    out: set[int] = set()
    kept: list[Rule] = []
    for rule in rules:
        mine = [] if rule.vertical else [char for char in letters if _runs_through(rule, char)]
        if len(mine) >= LEAST and _fits(rule, mine):
            out |= {char.number for char in mine}
        else:
            kept.append(rule)
    return out, kept


def _runs_through(rule: Rule, char: Char) -> bool:
    low, high = (char.top + share * char.height for share in MIDDLE)
    return low <= rule.at <= high and rule.start <= (char.left + char.right) / 2 <= rule.end


def _fits(rule: Rule, chars: Sequence[Char]) -> bool:
    """Whether a line begins and ends with the letters: borders of cells run on."""
    size = max(char.height for char in chars)
    before, behind = min(char.left for char in chars) - rule.start, rule.end - max(char.right for char in chars)
    return max(before, behind) <= BEYOND * size
