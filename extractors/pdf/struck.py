"""Lines that a page draws through or under its text, and the text that they strike out."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extractors.pdf.marks import Char
from schemas.model import Rule

MIDDLE = (0.3, 0.7)  # of a character's height: where a line strikes it out; further down one underlines it
BEYOND = 0.6  # of the character size: how far a line runs beyond the letters that it strikes out
LEAST = 2  # letters: a line through one may be a sign of its own
UNDER = (0.7, 1.25)  # of a character's height: where a line underlines it
EXACT = 0.1  # of the character size: an underline ends with its letters; where it goes round their tails, within them
APART = 0.6  # of the character size: letters that stand farther apart are not of one text
SAME_LINE = 0.5  # points: pieces of one line lie no farther off it, and from each other
AT_BORDER = 0.6  # points: a line whose ends are so near to upright rules is the border of a cell


def struck_out(chars: Sequence[Char], rules: Sequence[Rule]) -> tuple[set[int], list[Rule]]:
    """The numbers of the characters that are struck out, and the rules that neither strike out nor underline any."""
    letters = sorted((char for char in chars if not char.text.isspace() and not char.turn), key=lambda char: char.top)
    tops = [char.top for char in letters]
    tallest = max((char.height for char in letters), default=0.0)
    upright = [rule for rule in rules if rule.vertical]
    out: set[int] = set()
    kept = [*upright]

    def near(rule: Rule) -> list[Char]:
        return letters[bisect_left(tops, rule.at - UNDER[1] * tallest) : bisect_right(tops, rule.at)]

    for whole, pieces in _lines(rule for rule in rules if not rule.vertical):
        if _underlines(whole, near(whole), upright):
            continue
        for rule in pieces:
            mine = [char for char in near(rule) if _runs_through(rule, char)]
            if len(mine) >= LEAST and _fits(rule, mine):
                out |= {char.number for char in mine}
            else:
                kept.append(rule)
    return out, kept


def _lines(rules: Iterable[Rule]) -> Iterator[tuple[Rule, list[Rule]]]:
    """Level rules in lines, each with the pieces that it is drawn in, one beginning where another one ends."""
    levels: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if levels and rule.at - levels[-1][0].at <= SAME_LINE:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    for level in levels:
        level.sort(key=lambda rule: rule.start)
        ends = list(itertools.accumulate((rule.end for rule in level), max))
        gaps = [k for k in range(1, len(level)) if level[k].start > ends[k - 1] + SAME_LINE]
        for first, last in itertools.pairwise((0, *gaps, len(level))):
            yield replace(level[first], end=ends[last - 1]), level[first:last]


def _runs_through(rule: Rule, char: Char) -> bool:
    depth = (rule.at - char.top) / char.height
    return MIDDLE[0] <= depth <= MIDDLE[1] and rule.start <= (char.left + char.right) / 2 <= rule.end


def _fits(rule: Rule, chars: Sequence[Char]) -> bool:
    """Whether a line begins and ends with the letters: borders of cells run on."""
    size = max(char.height for char in chars)
    before, behind = min(char.left for char in chars) - rule.start, rule.end - max(char.right for char in chars)
    return max(before, behind) <= BEYOND * size


def _underlines(rule: Rule, chars: Sequence[Char], upright: Sequence[Rule]) -> bool:
    """Whether a line stands under letters of one text, from one of them to another, and is no border of a cell."""
    mine = sorted((char for char in chars if _stands_on(rule, char)), key=lambda char: char.left)
    if len(mine) < LEAST:
        return False
    size = max(char.height for char in mine)
    reach = EXACT * size
    if mine[0].left - reach > rule.start or rule.end > max(char.right for char in mine) + reach:
        return False
    whole = all(b.left - a.right <= APART * size for a, b in itertools.pairwise(mine))
    return whole and not all(_meets(upright, end, rule.at) for end in (rule.start, rule.end))


def _stands_on(rule: Rule, char: Char) -> bool:
    depth = (rule.at - char.top) / char.height
    return UNDER[0] < depth <= UNDER[1] and rule.start < char.right and rule.end > char.left


def _meets(upright: Sequence[Rule], x: float, y: float) -> bool:
    return any(
        abs(rule.at - x) <= AT_BORDER and rule.start - AT_BORDER <= y <= rule.end + AT_BORDER for rule in upright
    )
