"""Whether text that was recognised, not copied, may have been read wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas.language.keys import plain
from schemas.language.writing import IDEOGRAPHS
from schemas.model import Line

# Chosen by measurement on the five sample scans (`make bench` prints it): below, every wrong value is flagged but
# those whose characters the engine is sure of, above, at most 3 in 100 right values are.
LOW_SCORE = 0.90  # of a line
EXPECTED_ERRORS = 0.35  # wrong characters to be expected on a line: (1 - score) × characters
LABEL_BEFORE = re.compile(r"[^:：。，；]{2,12}[:：]")
LABEL_COLON = 0.6  # wrong characters that a wavering colon behind a label lets expect
RIVAL = 0.02  # of score: another reading this near is as good
PAIRS = (("“", "”"), ("《", "》"), ("〔", "〕"), ("【", "】"), ("「", "」"))  # a lone one was read without its partner
ENDS_IN_DOT = re.compile(r"[≥≤<>＜＞=]?\d[\d,]*[.,·]")
MIXED_NUMERAL = re.compile("[Ⅰ-ⅿ][IVXlⅠ-ⅿ]|[IVXl][Ⅰ-ⅿ]")  # Ⅲ is one character, or three letters
SPECK = re.compile(rf"(?<=[^\s{IDEOGRAPHS}])[·•]|(?<=[{IDEOGRAPHS}])[·•](?![{IDEOGRAPHS}])")
"""A dot elsewhere than between Chinese characters, where it parts names, and at the head of a line."""


def covered_text(line: Line) -> str:
    return "".join(line.text[i] for i in line.covered if i < len(line.text))


def why_doubtful(lines: Sequence[Line]) -> str | None:
    """Why a value that was recognised is doubtful, None where it is not (or was not recognised but copied)."""
    scored = [line for line in lines if line.score is not None]
    if not scored:
        return None
    worst = max(scored, key=_expected_errors)
    score = worst.score if worst.score is not None else 1.0
    other = f"; also read as {worst.readings[0][0]!r} ({worst.readings[0][1]:.2f})" if worst.readings else ""
    low = min((line.score or 0.0) for line in scored)
    if low < LOW_SCORE or _expected_errors(worst) > EXPECTED_ERRORS:
        return (
            f"read with a score of {low:.2f}" + (f", {score:.3f} on its longest doubt" if low != score else "") + other
        )
    for line in scored:
        rival = next((r for r in line.readings if plain(r[0]) != plain(line.text)), None)
        if rival is not None and rival[1] >= (line.score or 0.0) - RIVAL:
            return f"read with a score of {line.score:.2f}; also read as {rival[0]!r} ({rival[1]:.2f})"
    text = "".join(line.text for line in scored)
    if (lone := plain(text)).count("(") > lone.count(")"):  # the other way round it may be `1)`
        return f"read with a score of {low:.2f}; a bracket is opened and not closed, so one may have been lost"
    for opening, closing in PAIRS:
        if text.count(opening) != text.count(closing):
            return f"read with a score of {low:.2f}; {opening}{closing} are not in pairs, so one may have been lost"
    if ENDS_IN_DOT.fullmatch(text.strip()):
        return f"read with a score of {low:.2f}; a number ends in a dot, so a digit may be lost or the dot be dirt"
    if MIXED_NUMERAL.search(text):
        return f"read with a score of {low:.2f}; letters stand beside a numeral of one character; one is misread"
    if SPECK.search(text):
        return f"read with a score of {low:.2f}; a dot stands where none is written, so it may be dirt"
    return None


def _expected_errors(line: Line) -> float:
    """How many wrong characters a line's score lets expect."""
    errors = (1.0 - (line.score if line.score is not None else 1.0)) * len(line.text)
    # whether the colon behind a label is wide or narrow no image tells; engines waver there, and no value is touched
    return errors - LABEL_COLON if LABEL_BEFORE.match(line.text) else errors
