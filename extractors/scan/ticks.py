"""Ticks: boxes and circles beside options, marked or empty, found by their shape where options are announced.

Engines read ☑ as anything or as nothing. Here the shapes are looked for in the ink, only in cells that print a
known option or stand beside a label that announces some, and written into the text where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.cells import cell_area, character_size
from extractors.scan.glyphs import inside_cell
from extractors.scan.page import UNREAD, ScannedPage, weight
from extractors.tables.blocks import PageBlocks
from extractors.tables.celltext import join_lines
from schemas.frozen import dataclass
from schemas.language import lookalikes
from schemas.language.vocabulary import Words
from schemas.model import Box, Cell, Grid, Line, Place, Word, union

SMALLEST, LARGEST = 0.48, 1.5  # of a character's size: the sides of a box or circle
SQUARE = 1.3  # the longer side by the shorter one, of a box or circle
SIDES = 0.72  # of each side of a box that is inked
RING = 0.75  # of a circle that is inked
INSIDE = 0.24  # of a side: where the inside of a box begins
MARKED = 0.10  # of the inside that is inked in a marked box
FILLED = 0.75  # of the inside that is inked in a filled one
STROKE = 0.45  # of a character's size: the least height of a tick without a box
OVERSHOT = 2.8  # of a character's size: the longer side of a box with the tick that was drawn through it
HIGH = 1.25  # times the page's usual size: a line that is higher holds ink of more than its characters
BESIDE = 0.6  # of a character's size: a tick this near to an empty box was drawn for it
PLACE = 1.2  # of a character's size: the middle of an option's first character stands this near behind its box
CLEAR = 0.1  # of a character's size: by so much more paper a tick is parted from the option before it
KNOWN = 0.96  # the least score of an option that the vocabulary knows
TICKED = {"□": "☑", "○": "●"}
BOXES = frozenset("□☐☑☒■")  # where one of them was read, the others of its cell may have been missed


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark: its box in points, and the sign that it is written as: ☑ □ ● ○ √."""

    box: Box
    sign: str


def mark_ticks(blocks: PageBlocks, page: ScannedPage, words: Words) -> tuple[PageBlocks, tuple[Tick, ...]]:
    """The blocks of a page with the ticks of its options written into their cells, and the ticks."""
    out: list[Line | Grid] = []
    all_ticks: list[Tick] = []
    usual = character_size(blocks)
    for block in blocks.blocks:
        if isinstance(block, Line) or not block.ruled:
            out.append(block)
            continue
        cells = list(block.cells)
        for i in announced(block, words):
            area = cell_area(cells[i])
            if area is None or not cells[i].text:
                continue
            ticks = find_ticks(page, area, cells[i].lines, HIGH * usual)
            if ticks and not _is_writing(cells[i], ticks, page.sheet.words, area, words):
                all_ticks += ticks
                cells[i] = _written(cells[i], ticks, page.sheet.words, area, blocks.number, words)
        out.append(replace(block, cells=tuple(cells)))
    return replace(blocks, blocks=tuple(out)), tuple(all_ticks)


def announced(grid: Grid, words: Words) -> list[int]:
    """The cells that hold options: they print a known one or a box, or stand right of a label that announces some."""
    options = [name for names in words.all.options.values() for name in names]
    out = []
    for i, cell in enumerate(grid.cells):
        text = "".join(ch for ch in cell.text if not ch.isspace())
        if not text or len(text) > 80 or words.known_label(cell.text):
            continue
        beside = [c for c in grid.cells if c.col + c.colspan == cell.col and cell.row in c.rows]
        boxed = not BOXES.isdisjoint(text) and not BOXES.issuperset(text)
        if boxed or any(name in text for name in options) or any(words.choice(c.text) for c in beside):
            out.append(i)
    return out


def _is_writing(cell: Cell, ticks: Sequence[Tick], read: Sequence[Word], area: Box, words: Words) -> bool:
    """Whether what looks like ticks are characters that look like boxes, surely read, of a text that is no options."""
    if any(word.score is not None and word.score < KNOWN for word in _within(read, area)):
        return False
    if not all(any(ch in lookalikes.FRAMED for ch in _over(tick, read, area)) for tick in ticks):
        return False
    rest = _bare(cell.text)
    for name in sorted((n for names in words.all.options.values() for n in names), key=len, reverse=True):
        rest = rest.replace(name, "")
    return bool(rest)


def _over(tick: Tick, read: Sequence[Word], area: Box) -> list[str]:
    """The characters that were read where a tick stands."""
    return [ch for x, ch in _characters(read, area) if tick.box.left <= x <= tick.box.right]


def find_ticks(page: ScannedPage, area: Box, lines: Sequence[Line], highest: float) -> list[Tick]:
    """The ticks in a cell, from left to right; its characters are no larger than `highest` (points)."""
    size = min(max((line.size for line in lines), default=0.0), highest)
    if not size:
        return []
    read = _characters(page.sheet.words, area)
    ticks: list[Tick] = []
    for number in inside_cell(page.glyphs, area):
        left, top, right, bottom = (float(v) for v in page.glyphs.boxes[number])
        tick = tick_of(_picture(page, int(number)), Box(left, top, right, bottom), size)
        if tick is None or any(_overlap(tick.box, other.box) for other in ticks):
            continue
        over = [ch for x, ch in read if tick.box.left - 0.1 * size <= x <= tick.box.right + 0.1 * size]
        if all(ch in lookalikes.BOXES or ch.isspace() for ch in over):
            ticks.append(tick)
    letters = [(x, ch) for x, ch in read if ch not in lookalikes.BOXES and not ch.isspace()]
    return joined(sorted(ticks, key=lambda t: t.box.left), size, letters)


def tick_of(ink: npt.NDArray[np.bool_], box: Box, size: float) -> Tick | None:
    """The tick that a piece of ink is, or that a stroke runs through and beyond the box of; None where it is none."""
    sign = sign_of(ink, box, size)
    if sign is not None and sign != "√":
        return Tick(box, sign)
    inner = _box_in(ink, box, size)
    if inner is not None:
        return Tick(inner, "☑")
    return Tick(box, sign) if sign is not None else None


def joined(ticks: Sequence[Tick], size: float, letters: Sequence[tuple[float, str]] = ()) -> list[Tick]:
    """Ticks from left to right, those that were drawn by hand beside a box or behind its option put into the box.

    A tick counts for the empty box that it touches nearly; else, on a line with boxes, for the last one before it,
    because a hand ticks behind an option, else for the first one behind it. One that stands right before an option
    where its box would be, away from the option before, was printed in the box's place. `letters` are the middles of
    the characters that were read, in points.
    """
    boxes = [t for t in ticks if t.sign != "√"]
    out = list(ticks)
    for tick in ticks:
        line = [b for b in boxes if b.box.top - size / 2 <= tick.box.middle[1] <= b.box.bottom + size / 2]
        if tick.sign != "√" or not line:
            continue
        nearest = min(line, key=lambda b: _gap(b.box, tick.box))
        if _gap(nearest.box, tick.box) > BESIDE * size and _instead(tick, line, letters, size):
            continue
        before = [b for b in line if b.box.middle[0] < tick.box.middle[0]]
        mine = nearest if _gap(nearest.box, tick.box) <= BESIDE * size else (before or line[::-1])[-1]
        out.remove(tick)
        out = [replace(t, sign=TICKED.get(t.sign, t.sign)) if t.box == mine.box else t for t in out]
    return out


def _instead(tick: Tick, boxes: Sequence[Tick], letters: Sequence[tuple[float, str]], size: float) -> bool:
    """Whether a tick stands in the place of the box of the option behind it: nearer to that than to what is before."""
    behind = min((x for x, _ in letters if x > tick.box.right), default=None)
    if behind is None or behind - tick.box.right > PLACE * size:
        return False
    if any(tick.box.right <= b.box.middle[0] < behind for b in boxes):
        return False
    before = max((x for x, _ in letters if x < tick.box.left), default=None)
    return before is None or tick.box.left - before > behind - tick.box.right + CLEAR * size


def _gap(a: Box, b: Box) -> float:
    """The way from one box to another along the line, 0 where one stands over the other."""
    return max(a.left - b.right, b.left - a.right, 0.0)


def sign_of(ink: npt.NDArray[np.bool_], box: Box, size: float) -> str | None:
    """The sign of a piece of ink (its pixels, with what lies inside it), None where it is no tick."""
    long, short = max(box.width, box.height), max(min(box.width, box.height), 0.1)
    if not STROKE * size <= long <= LARGEST * size:
        return None
    if long / short <= SQUARE and short >= SMALLEST * size:
        high, wide = ink.shape
        y, x = max(1, round(INSIDE * high)), max(1, round(INSIDE * wide))
        share = float(ink[y : high - y, x : wide - x].mean())
        if _boxed(ink):
            return "☑" if share >= MARKED else "□"
        if _round(ink):
            return "●" if share >= FILLED else ("☑" if share >= MARKED else "○")
    return "√" if _is_check(ink, box, size) else None


def _picture(page: ScannedPage, number: int) -> npt.NDArray[np.bool_]:
    """The ink in the box of a piece, other pieces in it too."""
    left, top, right, bottom = (round(float(v) * page.px) for v in page.glyphs.boxes[number])
    ink: npt.NDArray[np.bool_] = page.ink.text[top:bottom, left:right] > 0
    return ink


def _box_in(ink: npt.NDArray[np.bool_], box: Box, size: float) -> Box | None:
    """The printed box, in points, in a piece of ink that a stroke of the hand runs through and beyond; None where
    there is none, or nothing runs beyond it."""
    if not SMALLEST * size <= min(box.width, box.height) <= max(box.width, box.height) <= OVERSHOT * size:
        return None
    px = ink.shape[1] / max(box.width, 0.1)
    least = max(round(SMALLEST * size * px), 3)
    rows, cols = np.flatnonzero(_runs(ink, least).any(axis=1)), np.flatnonzero(_runs(ink.T, least).any(axis=1))
    if not len(rows) or not len(cols):
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(cols[0]), int(cols[-1]) + 1
    if bottom - top < least or right - left < least:
        return None
    inner = Box(box.left + left / px, box.top + top / px, box.left + right / px, box.top + bottom / px)
    # a stroke through a box is ink in it, and the box is where printed lines are, not the stroke
    return inner if sign_of(ink[top:bottom, left:right], inner, size) == "☑" else None


def _runs(ink: npt.NDArray[np.bool_], least: int) -> npt.NDArray[np.bool_]:
    """The ink of level runs of at least so many pixels; a run may step up or down by a pixel."""
    framed = np.pad(ink.astype(np.uint8), least)  # at the edge of an image runs count as if they went on
    thick = cv2.dilate(framed, np.ones((3, 1), np.uint8))
    opened = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, least | 1), np.uint8))
    out: npt.NDArray[np.bool_] = ink & (opened[least:-least, least:-least] > 0)
    return out


def _boxed(ink: npt.NDArray[np.bool_]) -> bool:
    """Whether ink runs along all four sides."""
    edge = max(2, round(0.16 * min(ink.shape)))
    sides = (ink[:edge].any(axis=0), ink[-edge:].any(axis=0), ink[:, :edge].any(axis=1), ink[:, -edge:].any(axis=1))
    corner = max(1, round(0.12 * min(ink.shape)))
    corners = (ink[:corner, :corner], ink[:corner, -corner:], ink[-corner:, :corner], ink[-corner:, -corner:])
    return all(float(side.mean()) >= SIDES for side in sides) and sum(bool(c.any()) for c in corners) >= 3


def _round(ink: npt.NDArray[np.bool_]) -> bool:
    """Whether ink runs along the circle that its box holds."""
    high, wide = ink.shape
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    hit = np.zeros(len(angles), dtype=bool)
    for radius in (0.80, 0.88, 0.94, 1.0):
        ys = np.clip(np.round((high - 1) / 2 * (1 + radius * np.sin(angles))).astype(int), 0, high - 1)
        xs = np.clip(np.round((wide - 1) / 2 * (1 + radius * np.cos(angles))).astype(int), 0, wide - 1)
        hit |= ink[ys, xs]
    return float(hit.mean()) >= RING


def _is_check(ink: npt.NDArray[np.bool_], box: Box, size: float) -> bool:
    """A tick without a box: its long stroke falls from the upper right to the lower left, a short one rises."""
    if box.height < STROKE * size or box.width < STROKE * size:
        return False
    high, wide = ink.shape
    top, bottom = ink[: high // 3], ink[-(high // 3 or 1) :]
    if not top.any() or not bottom.any() or float(ink.mean()) > 0.5:
        return False
    upper, lower = float(np.nonzero(top)[1].mean()), float(np.nonzero(bottom)[1].mean())
    return upper > 0.6 * wide and 0.15 * wide < lower < 0.6 * wide and not ink[: high // 4, : wide // 3].any()


def _bare(text: str) -> str:
    """A text without ticks and white space."""
    return "".join(ch for ch in text if ch not in lookalikes.BOXES and not ch.isspace())


def _overlap(a: Box, b: Box) -> bool:
    return min(a.right, b.right) > max(a.left, b.left) and min(a.bottom, b.bottom) > max(a.top, b.top)


def _within(words: Sequence[Word], area: Box) -> list[Word]:
    """The words that stand in a cell, if only in part."""
    return [
        word
        for word in words
        if area.top <= word.box.middle[1] <= area.bottom and word.box.right > area.left and word.box.left < area.right
    ]


def _characters(words: Sequence[Word], area: Box) -> list[tuple[float, str]]:
    return [
        ((word.edges[i] + word.edges[i + 1]) / 2, ch) for word in _within(words, area) for i, ch in enumerate(word.text)
    ]


def _written(
    cell: Cell, ticks: Sequence[Tick], words: Sequence[Word], area: Box, number: int, vocabulary: Words
) -> Cell:
    """A cell with its ticks in the text, each where it stands; a sign that was read for it is dropped."""
    lines = []
    for line in cell.lines:
        box = line.place.box
        mine = [t for t in ticks if box is not None and box.top - 2 <= t.box.middle[1] <= box.bottom + 2]
        if box is None or not mine:
            lines.append(line)
            continue
        text = _with_signs(_without_lookalikes(_placed(line, box, words, area), mine), mine)
        lines.append(
            replace(
                line,
                text=text,
                place=Place(page=number, box=union([box, *(tick.box for tick in mine)])),
                score=_settled_score(line, text, vocabulary),
                readings=tuple(r for r in line.readings if _bare(r[0]) != _bare(text)),
                gaps=(),
            )
        )
    return replace(cell, lines=tuple(lines), text=join_lines(tuple(lines), {number: area}))


def _placed(line: Line, box: Box, words: Sequence[Word], area: Box) -> list[tuple[float, str]]:
    """The characters of a line and where their middles stand: as its words have them where these are the same, else
    by their usual widths."""
    own = _characters([w for w in words if box.top <= w.box.middle[1] <= box.bottom], area)
    if "".join(ch for _, ch in sorted(own)) == "".join(line.text.split()) or len(own) == len(line.text):
        return [(x, ch) for (x, _), ch in zip(sorted(own), line.text, strict=False)]
    steps = np.cumsum([0.0] + [weight(ch) for ch in line.text])
    at = box.left + box.width * steps / max(float(steps[-1]), 0.1)
    return [(float(at[i] + at[i + 1]) / 2, ch) for i, ch in enumerate(line.text)]


def _without_lookalikes(chars: Sequence[tuple[float, str]], ticks: Sequence[Tick]) -> list[tuple[float, str]]:
    """The characters without the signs that the reading gave for ticks: they stand where a tick does."""
    return [
        (x, ch)
        for x, ch in chars
        if ch not in lookalikes.BOXES or not any(t.box.left - 2 <= x <= t.box.right + 2 for t in ticks)
    ]


def _with_signs(chars: Sequence[tuple[float, str]], ticks: Sequence[Tick]) -> str:
    """The text of characters with the signs of ticks among them, from left to right."""
    signs = [(tick.box.middle[0], tick.sign) for tick in ticks]
    return "".join(ch for _, ch in sorted([*chars, *signs], key=lambda c: c[0]))


def _settled_score(line: Line, text: str, vocabulary: Words) -> float | None:
    """The score of a line whose ticks are known: what the reading left out or doubted was a tick, where the rest was
    read or is an option that forms print."""
    score = line.score
    if score is not None and score <= UNREAD and line.readings:
        score = max(s for _, s in line.readings)
    if score is not None and vocabulary.option("".join(ch for ch in text if ch not in lookalikes.BOXES)):
        score = max(score, KNOWN)
    return score
