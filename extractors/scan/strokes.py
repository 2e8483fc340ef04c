"""Signs of plain strokes that stand alone in a cell: —, =, /, <, >, ≤, ≥ by the shape of their ink.

Engines read such signs as a numeral or a letter, or not at all: there is nothing around them. Their shapes are plain,
so that ink alone tells them: a dash is level and alone, the strokes of an equals sign are equally long, a slash is
straight and leans, and the two legs of greater and less are straight and meet halfway.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from extractors.scan.angles import angle_of
from extractors.scan.cells import cell_area, character_size
from extractors.scan.glyphs import UNEQUAL, inside_cell, large
from extractors.scan.page import UNREAD, ScannedPage
from extractors.tables.blocks import PageBlocks
from schemas.language.lookalikes import COMPARING, DASH, EQUALS, SLANTED
from schemas.model import Box, Cell, Grid, Line, Place

FLAT = 0.25  # of a stroke's width: a level one is no higher
DASHES = (0.4, 2.2)  # of a character's size: how long a dash is
EQUAL = (0.35, 1.1)  # of a character's size: how long the strokes of an equals sign are
ALIKE = 0.15  # of that: by how much they differ; of the numeral two they do by more
GAP = (0.08, 0.6)  # of a character's size: between them
TALL = (0.55, 1.4)  # of a character's size: how high a slash is
LEANS = (0.22, 1.2)  # of its height: how far a slash goes to the right
STRAIGHT = 0.06  # of its height: how far its middle is off a straight line, on average
EVEN = 0.35  # of its thickness: how far that varies; a numeral one has a foot and a flag
BELOW = 0.45  # of their height: how far below them the stroke for `or equal` is
CLEAR_ACROSS, CLEAR_UP = 0.6, 1.5  # points: so far from its cell's sides and edges ink is nothing of their rules


READ_AS = {"=": EQUALS, "/": SLANTED, **dict.fromkeys("<>≤≥", COMPARING)}
SIGNS = frozenset({DASH, *READ_AS})


def with_strokes(blocks: PageBlocks, page: ScannedPage) -> PageBlocks:
    """The blocks of a page with the signs of plain strokes in cells that hold nothing else."""
    size = character_size(blocks)
    out: list[Line | Grid] = []
    for block in blocks.blocks:
        if isinstance(block, Grid) and block.ruled:
            cells = tuple(_with_stroke(cell, page, size, blocks.number) for cell in block.cells)
            block = replace(block, cells=cells)
        out.append(block)
    return replace(blocks, blocks=tuple(out))


def _with_stroke(cell: Cell, page: ScannedPage, size: float, number: int) -> Cell:
    area = cell_area(cell)
    text = "".join(cell.text.split())
    kinds = _kinds(text)
    if area is None or len(cell.lines) > 1 or not kinds:
        return cell
    pieces = inside_cell(page.glyphs, area)
    boxes = page.glyphs.boxes[pieces]
    pieces = pieces[large(boxes, size)] if len(pieces) else pieces
    sign = stroke_sign([_piece(page, int(i)) for i in pieces], page.px * size)
    if sign is None and text in UNEQUAL:
        # its stroke for `or equal` may have run into it
        lines = tuple(replace(line, score=min(line.score or 0.0, UNREAD)) for line in cell.lines)
        return replace(cell, lines=lines)
    if sign is None or sign not in kinds or sign == text:
        return cell
    boxes = page.glyphs.boxes[pieces]
    left, top = float(boxes[:, 0].min()), float(boxes[:, 1].min())
    right, bottom = float(boxes[:, 2].max()), float(boxes[:, 3].max())
    sides, edges = min(left - area.left, area.right - right), min(top - area.top, area.bottom - bottom)
    if sides < CLEAR_ACROSS or edges < CLEAR_UP:
        return cell
    if not cell.lines or not text:
        line = Line(sign, Place(page=number, box=Box(left, top, right, bottom)), UNREAD, size)
        return replace(cell, text=sign, lines=(line,), unreadable=False)
    old = cell.lines[0]
    read_so = text in EQUALS or any(other == sign for other, _ in old.readings)
    score = old.score if read_so else UNREAD
    line = replace(old, text=sign, score=score, gaps=(), readings=((old.text, old.score or 0.0),))
    return replace(cell, text=sign, lines=(line,))


def _kinds(text: str) -> frozenset[str]:
    """The signs that a cell may hold in which an engine read a text."""
    if not text:
        return SIGNS
    return frozenset(sign for sign, alike in READ_AS.items() if text in alike)


def _piece(page: ScannedPage, number: int) -> tuple[Box, npt.NDArray[np.bool_]]:
    """The box in pixels and the ink of one piece."""
    left, top, right, bottom = (round(float(v) * page.px) for v in page.glyphs.boxes[number])
    return Box(left, top, right, bottom), page.glyphs.labels[top:bottom, left:right] == number


def stroke_sign(pieces: list[tuple[Box, npt.NDArray[np.bool_]]], size: float) -> str | None:
    """The sign that one or two pieces of ink make, None where they are none; `size` is a character's, in pixels."""
    if len(pieces) == 1:
        box, ink = pieces[0]
        if _level(box, size, DASHES):
            return DASH
        return "/" if _is_slash(box, ink, size) else angle_of(ink, size)
    if len(pieces) == 2:
        (upper, ink), (lower, _) = sorted(pieces, key=lambda p: p[0].top)
        angle = angle_of(ink, size)
        if angle is not None:
            near = lower.top - upper.bottom <= BELOW * upper.height and _level(lower, size, EQUAL)
            return {">": "≥", "<": "≤"}[angle] if near else None
        if not (_level(upper, size, EQUAL) and _level(lower, size, EQUAL)):
            return None
        wide = max(upper.width, lower.width)
        ends = max(abs(upper.left - lower.left), abs(upper.right - lower.right))
        apart = (lower.top - upper.bottom) / size
        return "=" if ends <= ALIKE * wide and GAP[0] <= apart <= GAP[1] else None
    return None


def _level(box: Box, size: float, long: tuple[float, float]) -> bool:
    return box.height <= max(FLAT * box.width, 2.0) and long[0] * size <= box.width <= long[1] * size


def _is_slash(box: Box, ink: npt.NDArray[np.bool_], size: float) -> bool:
    """Whether a piece of ink is one straight stroke of even thickness from the lower left to the upper right."""
    if not TALL[0] * size <= box.height <= TALL[1] * size or len(ink) < 6:
        return False
    counts = ink.sum(axis=1)[1:-1].astype(np.float64)
    if not counts.all():
        return False
    rows = np.arange(1, len(ink) - 1)
    middles = (ink[1:-1] * np.arange(ink.shape[1])).sum(axis=1) / counts
    slope, start = np.polyfit(rows, middles, 1)
    off = float(np.abs(middles - start - slope * rows).mean())
    even = float(np.std(counts)) <= EVEN * float(counts.mean())
    return LEANS[0] <= -slope <= LEANS[1] and off <= STRAIGHT * len(ink) and even
