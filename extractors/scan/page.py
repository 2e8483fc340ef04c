"""One scanned page: an image in, a sheet of words and rules out, in points of the straightened page."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import numpy as np

from extractors.ocr.engine import Engine, Seen
from extractors.opencv import cv2
from extractors.scan.flatten import flatten
from extractors.scan.glyphs import (
    WIDE,
    Glyphs,
    find_glyphs,
    left_out,
    marks_unsure,
    no_dirt,
    runs_on,
    settle_marks,
    unread,
    within,
)
from extractors.scan.grounds import dark_made_light
from extractors.scan.ink import Ink, cleared, ink_of, is_even, seal_mask, without_ink, without_rules
from extractors.scan.straighten import Image, Straightened, level, lines_run_upright, measure_tilt, small_ink, turn
from schemas.frozen import dataclass
from schemas.language.lookalikes import LEVEL_STROKES
from schemas.model import Box, Reader, Rule, Sheet, Word

POOR = 0.80  # mean score below which a page may stand on its head
UNREAD = 0.6  # the score of a run of text whose reading leaves ink out
FLAT = 1.8  # width by height: no character but a dash is wider
UPRIGHT = 1.5  # times its width: the height from which a run of several characters stands upright
CERTAIN = 0.95  # a single character with a higher score is text whatever its shape
SURE = 0.85  # the score of a run of text that may take a weak rule back
WITHIN = 0.3  # of a character's width, to both sides of its middle: a rule there goes through it
STROKE = 1.6  # times a line's height: what runs on for longer is no stroke of its characters
NEIGHBOURS = 1.4  # times the usual way from character to character: further apart, two texts were read as one
ON_LINE = 2.0  # points: pieces of one rule lie this near to one line and to one another
COVERED = 0.12  # of a gap that a seal's ink takes up
FEWEST_WORDS = 4  # words from which the mean score tells anything

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page with its straightened image, its ink, and `px` pixels to the point."""

    sheet: Sheet
    straight: Straightened
    ink: Ink
    glyphs: Glyphs
    px: float


def read_scan(image: Image, dpi: float, number: int, engine: Engine) -> ScannedPage:
    """Straighten a page image (RGB), take its ink apart and read its words; an even page has none."""
    if is_even(image):
        return _empty(image, dpi / 72.0, number)
    straight = straighten(dark_made_light(image, seal_mask(image), dpi / 72.0))
    page, seen = _read(straight, dpi, number, engine)
    if _poor(seen):
        flipped = _flipped(straight)
        other, others = _read(flipped, dpi, number, engine)
        if _mean(others) > _mean(seen):
            return other
    return page


def _empty(image: Image, px: float, number: int) -> ScannedPage:
    ink, (height, width) = without_ink(image), image.shape[:2]
    sheet = Sheet(number, width / px, height / px, (), (), Reader.OCR)
    return ScannedPage(sheet, Straightened(image, 0, 0.0, False), ink, find_glyphs(ink.text, px), px)


def straighten(image: Image) -> Straightened:
    """Turn a page so that its lines run level; whether it stands on its head only reading tells."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    mask = small_ink(gray)
    turns = int(lines_run_upright(mask))
    if turns:
        image, mask = turn(image, 1), small_ink(turn(gray, 1))
    tilt = measure_tilt(mask)
    levelled, keystone = level(image, tilt)
    flat = flatten(levelled)
    return Straightened(flat.image, turns, tilt, keystone, flat.moved, flat.bent)


def _flipped(straight: Straightened) -> Straightened:
    return replace(straight, image=turn(straight.image, 2), quarter_turns=(straight.quarter_turns + 2) % 4)


def _read(straight: Straightened, dpi: float, number: int, engine: Engine) -> tuple[ScannedPage, list[Seen]]:
    px = dpi / 72.0
    page = cleared(straight.image, dpi)
    image = np.asarray(cv2.cvtColor(page.gray, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    ink, seen = both(lambda: ink_of(page), lambda: engine.read_page(image))
    height, width = ink.gray.shape
    seen = [s for s in seen if _is_sound(s, width, height)]
    ink = without_rules(ink, letters_taken(ink, seen, px), px)
    glyphs = find_glyphs(ink.text, px)
    seen_words = [part for s in seen for part in parted(word_of(s, ink, glyphs, px), ink.rules, glyphs)]
    words = tuple(word for word in seen_words if not _is_dirt(word))
    sheet = Sheet(number, width / px, height / px, words, ink.rules, Reader.OCR)
    return ScannedPage(sheet, straight, ink, glyphs, px), seen


def both(aside: Callable[[], A], work: Callable[[], B]) -> tuple[A, B]:
    """What two functions give that know nothing of one another, side by side."""
    with ThreadPoolExecutor(1) as thread:
        begun = thread.submit(aside)
        done = work()
        return begun.result(), done


def letters_taken(ink: Ink, seen: list[Seen], px: float) -> frozenset[Rule]:
    """The rules that are strokes of characters: weak ones that a text runs over; and of the upright ones, piece by
    piece from the ends of each run, what texts run over. Between pieces that none runs over a rule stays: there two
    cells' texts were read as one."""
    wrong = {rule for rule in ink.weak if any(runs_over(s, rule, px) for s in seen)}
    for run in _runs([rule for rule in ink.rules if rule.vertical]):
        over = [rule in wrong or any(runs_over(s, rule, px) and may_hold(s, rule, px) for s in seen) for rule in run]
        first = next((i for i, taken in enumerate(over) if not taken), len(run))
        last = next((i for i, taken in enumerate(over[::-1]) if not taken), len(run))
        wrong.update(run[:first], run[len(run) - last :])
    return frozenset(wrong)


def _runs(rules: list[Rule]) -> list[list[Rule]]:
    """Pieces of rules that follow one another on one line, from end to end."""
    out: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: (r.start, r.at)):
        for run in out:
            if abs(run[-1].at - rule.at) <= ON_LINE and abs(run[-1].end - rule.start) <= ON_LINE:
                run.append(rule)
                break
        else:
            out.append([rule])
    return out


def may_hold(seen: Seen, rule: Rule, px: float) -> bool:
    """Whether an upright rule is short enough to be a stroke of a run of text: between two lines there is paper."""
    left, top, right, bottom = (v / px for v in seen.box)
    size = min(bottom - top, (right - left) / max(sum(weight(ch) for ch in seen.text.strip()), 0.5))
    return rule.end - rule.start <= STROKE * size


def runs_over(seen: Seen, rule: Rule, px: float) -> bool:
    """Whether a run of text stands on a rule as if there were none: no rule goes through the middle of a line, and
    two characters beside an upright one are further apart than those of a word."""
    left, top, right, bottom = (v / px for v in seen.box)
    middle, quarter = (top + bottom) / 2, (bottom - top) / 4
    if not rule.vertical:
        return left < rule.end and right > rule.start and abs(rule.at - middle) < quarter
    text = seen.text.strip()
    if not (rule.start <= middle <= rule.end and left < rule.at < right) or len(text) < 2 or seen.score < SURE:
        return False
    spans = _spans(seen, len(seen.text) - len(seen.text.lstrip()), len(text), px)
    centres = [(a + b) / 2 for a, b in spans]
    size = (right - left) / sum(weight(ch) for ch in text)
    if any(abs(c - rule.at) <= WITHIN * weight(ch) * size for c, ch in zip(centres, text, strict=True)):
        return True
    before = sum(1 for c in centres if c <= rule.at)
    if before in (0, len(text)):
        return False
    usual = (weight(text[before - 1]) + weight(text[before])) / 2 * size
    return centres[before] - centres[before - 1] <= NEIGHBOURS * usual


def word_of(seen: Seen, ink: Ink, glyphs: Glyphs, px: float) -> Word:
    """A run of text in points, its box drawn close around its ink, as high as its characters at least: engines
    leave a margin, and how far a text stands from its cell's edges tells whether it was wrapped there.

    Where ink of it stands where no character was seen, its score says so. Where the engine tells no characters,
    they share the width by their kind.
    """
    start = len(seen.text) - len(seen.text.lstrip())
    text = seen.text.strip()
    spans = _spans(seen, start, len(text), px)
    left, top, right, bottom = (v / px for v in seen.box)
    box = _tight(Box(left, top, right, bottom), text, glyphs)
    score, before = seen.score, text
    if seen.spans is not None and len(seen.spans) == len(seen.text):
        size = box.width / max(sum(weight(ch) for ch in text), 0.5)
        size = min(size, box.height) if len(text) > 1 else box.height
        text = settle_marks(text, glyphs, box, spans, size)
        widths = [weight(ch) * size for ch in text]
        missed = unread(glyphs, box, spans, size) or runs_on(glyphs, box, text, spans)
        missed = missed or _seal_between(ink.seal, box, spans, widths, px)
        if missed or left_out(glyphs, box, spans, widths) or marks_unsure(text, glyphs, box, spans, size, px):
            score = min(score, UNREAD)
    inner = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(spans)]
    # the outer edges are the characters' own: the box may hold more ink than was read
    edges = [min(max(e, box.left), box.right) for e in (spans[0][0], *inner, spans[-1][1])]
    edges = [max(edges[: k + 1]) for k in range(len(edges))]
    return Word(text, box, tuple(edges), score, before if before != text else None)


def _seal_between(
    seal: Image, box: Box, spans: Sequence[tuple[float, float]], widths: Sequence[float], px: float
) -> bool:
    """Whether a seal lies between two characters that are further apart than usual: it may cover others."""
    if not seal.any():
        return False
    rows = slice(max(int(box.top * px), 0), int(box.bottom * px) + 1)
    for i in range(len(spans) - 1):
        before, after = (sum(span) / 2 for span in spans[i : i + 2])
        usual = (widths[i] + widths[i + 1]) / 2
        if after - before > WIDE * usual:
            gap = seal[rows, int((before + usual / 2) * px) : int((after - usual / 2) * px) + 1]
            if gap.size and float((gap > 0).mean()) >= COVERED:
                return True
    return False


def _is_sound(seen: Seen, width: int, height: int) -> bool:
    """Whether what an engine gave is a text in a box on the page; engines are not trusted."""
    left, top, right, bottom = seen.box
    inside = right >= 0 and left < width and bottom >= 0 and top < height
    return bool(seen.text.strip()) and left < right and top < bottom and inside and 0.0 <= seen.score <= 1.0


def parted(word: Word, rules: Sequence[Rule], glyphs: Glyphs) -> list[Word]:
    """An upright run of text (characters below each other) cut at the level rules that it was read over: names of
    levels in narrow cells. Between two rules its characters share what their ink takes of its height."""
    box, count = word.box, len(word.text)
    if count < 2 or box.height <= UPRIGHT * box.width:
        return [word]
    across = [r.at for r in rules if not r.vertical and r.start < box.middle[0] < r.end and box.top < r.at < box.bottom]
    pieces = glyphs.boxes[within(glyphs, box)]
    middles = (pieces[:, 1] + pieces[:, 3]) / 2
    parts = []
    for top, bottom in itertools.pairwise([box.top, *sorted(across), box.bottom]):
        mine = pieces[(middles > top) & (middles < bottom)]
        if len(mine):
            parts.append((float(mine[:, 1].min()), float(mine[:, 3].max())))
    if len(parts) < 2:
        return [word]
    high = np.cumsum([0.0] + [bottom - top for top, bottom in parts])
    stops = [round(count * float(h / high[-1])) for h in high]
    out = []
    for (top, bottom), (first, last) in zip(parts, itertools.pairwise(stops), strict=True):
        text = word.text[first:last]
        if text:
            edges = tuple(box.left + box.width * i / len(text) for i in range(len(text) + 1))
            out.append(replace(word, text=text, box=Box(box.left, top, box.right, bottom), edges=edges, raw=None))
    return out


def _is_dirt(word: Word) -> bool:
    """Whether what was read can be no text: one doubtful character of a shape that none has."""
    flat = word.box.width > FLAT * word.box.height and word.text not in LEVEL_STROKES
    return flat and len(word.text) == 1 and (word.score or 0.0) < CERTAIN


def _spans(seen: Seen, start: int, length: int, px: float) -> tuple[tuple[float, float], ...]:
    if seen.spans is not None and len(seen.spans) == len(seen.text):
        return tuple((a / px, b / px) for a, b in seen.spans[start : start + length])
    text = seen.text.strip()
    left, right = seen.box[0] / px, seen.box[2] / px
    steps = np.cumsum([0.0] + [weight(ch) for ch in text])
    ends = left + (right - left) * steps / max(float(steps[-1]), 0.1)
    return tuple((float(a), float(b)) for a, b in itertools.pairwise(ends))


def weight(char: str) -> float:
    """The usual width of a character, in parts of its size."""
    return 0.55 if char.isascii() else 1.0


def _tight(box: Box, text: str, glyphs: Glyphs) -> Box:
    """A word's box drawn close around its ink. Small pieces of ink apart from the large ones are dirt."""
    pieces = glyphs.boxes[within(glyphs, box)]
    if not len(pieces):
        return box
    upright = len(text) > 1 and box.height > UPRIGHT * box.width  # characters below each other
    near = pieces[no_dirt(pieces, box.height / len(text) if upright else box.height)]
    left, top = float(near[:, 0].min()), float(near[:, 1].min())
    right, bottom = float(near[:, 2].max()), float(near[:, 3].max())
    size = (right - left) / max(sum(weight(ch) for ch in text), 0.5)
    missing = min(size, box.height) - (bottom - top)
    if missing > 0:  # a dash is as high as its line
        top, bottom = max(top - missing / 2, box.top), min(bottom + missing / 2, box.bottom)
    return Box(left, top, max(right, left), max(bottom, top))


def _poor(seen: list[Seen]) -> bool:
    return len(seen) >= FEWEST_WORDS and _mean(seen) < POOR


def _mean(seen: list[Seen]) -> float:
    return float(np.mean([s.score for s in seen])) if seen else 0.0
