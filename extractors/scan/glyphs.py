"""The pieces of ink of a page, and what they say of the text that was read over them.

A reading accounts for ink: a character stands where it was seen. Ink of a word that no character stands on was not
read. And the shape of a small mark tells `,` from `.` and `;` from `:`, which engines confuse.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.angles import angle_of
from extractors.scan.straighten import Image
from schemas.frozen import dataclass
from schemas.language.lookalikes import ALONE, ONE
from schemas.language.writing import is_ideograph
from schemas.model import Box

SPECK = 0.9  # points: ink that is smaller both ways is dirt
INSET = 0.9  # points: ink this near a cell's border may be what is left of its rule
SLIM = 1.2  # points: ink that is slimmer and hugs a border is left of its rule
BESIDE = 0.30  # of a character's size: how far from where a character was seen its ink may stand
WIDE = 1.6  # times the usual way between the middles of two characters: one may have been left out between them
NEAR = 0.65  # of that usual way: ink no further from a character's middle is its own
RUN = 4  # Chinese characters from which their steps tell where a run ends
BEHIND = 0.05  # of a step: how far behind that end ink is none of the run's
REST = 1.5  # points: ink that touches a border and is slimmer is left of its rule
MAIN = 0.3  # of a line's height: ink as large is of its characters
APART = 0.5  # of a line's height: smaller ink further away from those is dirt
LARGE = 0.14  # of a character's size: smaller ink is no character
MARK = 0.5  # of a character's size: larger ink is no punctuation mark
COMMA = 1.25  # height by width from which a single low mark is a comma, no dot
ON_LINE = 0.3  # of a line's height: how far above its lower edge a decimal point ends at most
LABEL_LONG = 12  # characters: a colon further on is behind no label
TAIL_PIXELS = 4.5  # a mark as high as this shows whether it has a tail
TAIL = 1.35  # height of the lower mark by that of the upper one from which two marks are a semicolon

UNEQUAL = frozenset("<>＜＞")

Numbers = npt.NDArray[np.int64]
Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The pieces of ink: `labels` numbers them by pixel, `boxes` are (left, top, right, bottom) in points; `real`
    is false for dirt and rests of rules."""

    labels: npt.NDArray[np.int32]
    boxes: Boxes
    real: npt.NDArray[np.bool_]


def find_glyphs(text: Image, px: float) -> Glyphs:
    """The pieces of a mask of ink without rules, `px` pixels to the point."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(text, connectivity=8)
    x, y, w, h, area = (stats[:, i].astype(np.float64) for i in range(5))
    boxes = np.stack([x, y, x + w, y + h], axis=1) / px
    small = (w < SPECK * px) & (h < SPECK * px)
    thin = (np.minimum(w, h) <= 2) & (np.maximum(w, h) >= 14 * px)
    real = ~small & ~thin & (area >= 3)
    real[0] = False
    return Glyphs(labels.astype(np.int32), boxes, real)


def within(glyphs: Glyphs, box: Box) -> Numbers:
    """The numbers of the real pieces whose middle lies in a box."""
    b = glyphs.boxes
    mx, my = (b[:, 0] + b[:, 2]) / 2, (b[:, 1] + b[:, 3]) / 2
    inside = (mx >= box.left) & (mx <= box.right) & (my >= box.top) & (my <= box.bottom)
    return np.flatnonzero(glyphs.real & inside)


def inside_cell(glyphs: Glyphs, area: Box) -> Numbers:
    """The pieces of ink in a cell, without what is left of its rules: ink that hugs the border and is slim."""
    if area.width <= 2 * INSET or area.height <= 2 * INSET:
        return np.zeros(0, dtype=np.int64)
    inner = within(glyphs, Box(area.left + INSET, area.top + INSET, area.right - INSET, area.bottom - INSET))
    b = glyphs.boxes[inner]
    wide, high = b[:, 2] - b[:, 0], b[:, 3] - b[:, 1]

    def hugs(reach: float, thick: float) -> npt.NDArray[np.bool_]:
        beside = (b[:, 0] < area.left + reach) | (b[:, 2] > area.right - reach)
        above = (b[:, 1] < area.top + reach) | (b[:, 3] > area.bottom - reach)
        hugging: npt.NDArray[np.bool_] = (beside & (wide < thick) & (high >= 2 * wide)) | (above & (high < thick))
        return hugging

    return inner[~(hugs(2 * INSET, SLIM) | hugs(REST, REST))]


def large(pieces: Boxes, size: float) -> npt.NDArray[np.bool_]:
    """Which pieces are large enough to be a character or a mark."""
    long: npt.NDArray[np.bool_] = np.maximum(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]) >= LARGE * size
    return long


def no_dirt(pieces: Boxes, height: float) -> npt.NDArray[np.bool_]:
    """Which pieces of ink of one line (`height` in points) are its own: the large ones, and small ones near those."""
    sides = np.maximum(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    main = pieces[sides >= min(MAIN * height, float(sides.max()))]
    slack = APART * height
    near: npt.NDArray[np.bool_] = (
        (pieces[:, 2] > main[:, 0].min() - slack)
        & (pieces[:, 0] < main[:, 2].max() + slack)
        & (pieces[:, 3] > main[:, 1].min())
        & (pieces[:, 1] < main[:, 3].max())
    )
    return near


def unread(glyphs: Glyphs, box: Box, spans: tuple[tuple[float, float], ...], size: float) -> bool:
    """Whether ink stands in a word's box where no character was seen. `spans` are the left and right ends of its
    characters in points."""
    pieces = glyphs.boxes[within(glyphs, box)]
    pieces = pieces[large(pieces, size)]
    if not len(pieces) or not spans:
        return False
    starts = np.array([a for a, _ in spans]) - BESIDE * size
    ends = np.array([b for _, b in spans]) + BESIDE * size
    middle = (pieces[:, 0] + pieces[:, 2])[:, None] / 2
    return bool((~((middle >= starts) & (middle <= ends)).any(axis=1)).any())


def left_out(glyphs: Glyphs, box: Box, spans: Sequence[tuple[float, float]], widths: Sequence[float]) -> bool:
    """Whether ink stands between two characters that are further apart than usual: a dash that was not read, on which
    the characters beside it spread. `widths` are the usual widths of the characters in points."""
    pieces = glyphs.boxes[within(glyphs, box)]
    middles = (pieces[:, 0] + pieces[:, 2]) / 2
    sides = np.maximum(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    for i in range(len(spans) - 1):
        before, after = (sum(span) / 2 for span in spans[i : i + 2])
        usual = (widths[i] + widths[i + 1]) / 2
        own = (middles < before + NEAR * usual) | (middles > after - NEAR * usual) | (sides < LARGE * usual)
        if after - before > WIDE * usual and not own.all():
            return True
    return False


def runs_on(glyphs: Glyphs, box: Box, text: str, spans: tuple[tuple[float, float], ...]) -> bool:
    """Whether ink stands in a word's box behind its last character, where that ends a run of Chinese characters,
    whose even steps tell where it ends: a full stop that was not read."""
    run = 0
    while run < len(text) and is_ideograph(text[-1 - run]):
        run += 1
    if run < RUN or len(spans) != len(text):
        return False
    middles = np.array([(a + b) / 2 for a, b in spans[-run:]])
    step, first = np.polyfit(np.arange(run), middles, 1)
    if np.abs(middles - first - step * np.arange(run)).max() > 0.5 * step:
        return False
    end = first + step * (run - 0.5)
    pieces = glyphs.boxes[within(glyphs, box)]
    pieces = pieces[large(pieces, step)]
    return bool(((pieces[:, 0] + pieces[:, 2]) / 2 > end + BEHIND * step).any())


def settle_marks(text: str, glyphs: Glyphs, box: Box, spans: tuple[tuple[float, float], ...], size: float) -> str:
    """A text whose dots and colons between Chinese characters are commas and semicolons by their ink."""
    chars = list(text)
    for i in range(1, len(chars)):
        after = chars[i + 1] if i + 1 < len(chars) else ONE
        if chars[i] not in ".:" or not (_chinese(chars[i - 1]) and (_chinese(after) or after in "《“")):
            continue
        left, right = spans[i]
        here = Box(min(left, right) - 0.15 * size, box.top, max(left, right) + 0.15 * size, box.bottom)
        marks = glyphs.boxes[within(glyphs, here)]
        high, wide = marks[:, 3] - marks[:, 1], marks[:, 2] - marks[:, 0]
        small = (high <= MARK * size) & (wide <= MARK * size)
        if not small.all() or not 1 <= len(marks) <= 2:
            continue
        order = np.argsort(marks[:, 1])
        if chars[i] == "." and len(marks) == 1 and high[0] >= COMMA * wide[0]:
            chars[i] = ","
        elif chars[i] == ":" and len(marks) == 2 and high[order[1]] >= TAIL * high[order[0]]:
            chars[i] = ";"
    return "".join(chars)


def marks_unsure(
    text: str, glyphs: Glyphs, box: Box, spans: tuple[tuple[float, float], ...], size: float, px: float
) -> bool:
    """Whether a mark of a text may be another: a dot between digits that does not stand on the line is a speck; a dot
    between Chinese characters is none of their marks; and a colon or semicolon of so few pixels that no tail shows. A
    level stroke by itself is a dash as well as a number; and below greater or less may lie the stroke of `or equal`."""
    if text.strip() in ALONE:
        return True
    if any(
        ch in UNEQUAL and not _plain_angle(glyphs, box, span, size, px) for ch, span in zip(text, spans, strict=True)
    ):
        return True
    for i in range(1, len(text) - 1):
        before, char, after = text[i - 1], text[i], text[i + 1]
        left, right = spans[i]
        here = Box(min(left, right) - 0.1 * size, box.top, max(left, right) + 0.1 * size, box.bottom)
        if char == "." and before.isdigit() and after.isdigit():
            marks = glyphs.boxes[within(glyphs, here)]
            marks = marks[(marks[:, 3] - marks[:, 1]) <= MARK * size]
            if not len(marks) or float(marks[:, 3].max()) < box.bottom - ON_LINE * box.height:
                return True
        if char == "." and _chinese(before) and _chinese(after):
            return True
        if char in ":;：；" and i > LABEL_LONG and _chinese(before) and _chinese(after):
            marks = glyphs.boxes[within(glyphs, here)]
            high = (marks[:, 3] - marks[:, 1]) * px
            if len(high) and float(high.max()) < TAIL_PIXELS:
                return True
    return False


def _plain_angle(glyphs: Glyphs, box: Box, span: tuple[float, float], size: float, px: float) -> bool:
    """Whether the ink where a sign of greater or less was read is that sign and nothing more."""
    left, right = min(span) - BESIDE * size / 2, max(span) + BESIDE * size / 2
    pieces = [
        i for i in within(glyphs, Box(left, box.top, right, box.bottom)) if large(glyphs.boxes[i : i + 1], size)[0]
    ]
    if len(pieces) != 1:
        return False
    left, top, right, bottom = (round(float(v) * px) for v in glyphs.boxes[pieces[0]])
    return angle_of(glyphs.labels[top:bottom, left:right] == pieces[0], size * px) is not None


def _chinese(char: str) -> bool:
    return is_ideograph(char) or char in ")）”》"
