"""Cells whose ink the page's reading did not account for are read again by themselves, line by line.

A page is read at once, which is quick and mostly right. What it misses shows in the ink: a cell with ink and no
text, a line whose ink runs on beyond its text, a word that ran over a rule, a low score. Such lines are cut out
of the cell (nothing else stands in the cutting: no rule, no neighbour), read again in one batch a page, and both
readings are kept: the better one as the text, the other beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from extractors.ocr.engine import Engine
from extractors.opencv import cv2
from extractors.scan.glyphs import Glyphs, inside_cell, large, no_dirt
from extractors.scan.page import UNREAD, ScannedPage, weight
from extractors.scan.straighten import Image
from extractors.tables.blocks import PageBlocks
from extractors.tables.celltext import join_lines
from schemas.frozen import dataclass
from schemas.language.keys import plain
from schemas.language.lookalikes import ALONE, ONE, TWO
from schemas.language.lookalikes import LOW as LOW_STROKES
from schemas.language.writing import is_ideograph
from schemas.model import Box, Cell, Grid, Line, Place, Word

MARGIN = 1.0  # points around a line's box within which ink is its own
DOUBTFUL = 0.90  # a line with a lower score is read again
DOUBTFUL_SHORT = 0.97  # the same for numbers and operators, which nothing around them corrects
FEW, ERRORS = 30, 0.35  # characters of a line, and wrong ones that its score lets expect: more, and it is read again
SHORT = 8  # characters up to which a text counts as short
STRADDLES = 1.5  # points: a word that runs this far over a border was split there
JOINS = 0.30  # of a character's size: rows of ink nearer than this are one line
TALL = 1.55  # of a character's size: a higher run of ink is several lines
LOW = 0.5  # of a character's size: lower ink, by itself, is dirt or a dash
DASH = 0.4  # of a character's size: the shortest dash
LOWEST = 0.55  # of a character's size: a lower run of ink belongs to the line beside it
SLIM, HUGS = 0.3, 1.2  # of a character's size; points: so slim and near to an upright rule, ink is the rule's
STROKE = 0.6  # of the width of low ink: its longest piece, if it is a stroke and no row of specks
PAD = 0.18  # of a line's height: paper left around a cutting
BETTER = 0.10  # of score: by how much a reading must be worse to lose though it accounts for more ink
WHOLE = 0.7  # of a character's size, both ways: ink that no engine reads counts as unreadable from here on
NO_TEXT_SHORT = 0.9  # the same for one or two characters: dirt is read as 一, 1 or 7
BESIDE_RULE = 0.2  # of a character: a dash stands so far from the borders of its cell
SLASHES = frozenset("/／")  # signs of one stroke, which engines read with a low score where they stand alone
NO_STROKE = 0.5  # the score below which a single stroke is none
NO_TEXT = 0.7  # a first reading with a lower score is no text
MOST_AGAIN = 60  # lines of a page that are read again at most, the most doubtful first: time is bounded
COVERED = 0.12  # of a character's box that a seal's ink takes up


@dataclass(frozen=True, slots=True)
class Rereading:
    """A line of a cell to be read again: the block and cell it is of, the ink's box in points, the line that the
    page's reading gave, or None, how doubtful that is, the usual size of characters on the page, and the share of
    the box's width that ink takes up."""

    block: int
    cell: int
    box: Box
    line: Line | None
    unread: bool
    doubt: float
    size: float
    inked: float = 1.0


def refine(blocks: PageBlocks, page: ScannedPage, engine: Engine) -> PageBlocks:
    """The blocks of a scanned page with its doubtful cells read again, and what seals cover marked."""
    glyphs = page.glyphs
    size = character_size(blocks)
    tasks = [
        task
        for number, block in enumerate(blocks.blocks)
        if isinstance(block, Grid) and block.ruled
        for task in _tasks(number, block, page, glyphs, size)
    ]
    tasks = sorted(tasks, key=lambda t: -t.doubt)[:MOST_AGAIN]
    cuttings = [cut_out(page, glyphs, task.box) for task in tasks]
    seen = engine.read_lines(cuttings)
    chosen: dict[tuple[int, int], list[tuple[Rereading, str, float]]] = {}
    for task, (text, score) in zip(tasks, seen, strict=True):
        chosen.setdefault((task.block, task.cell), []).append((task, text.strip(), score))
    out: list[Line | Grid] = []
    for number, block in enumerate(blocks.blocks):
        if isinstance(block, Line):
            out.append(_marked(block, page))
            continue
        cells = [
            _covered(_again(cell, chosen[number, i], blocks.number), page)
            if (number, i) in chosen
            else _covered(cell, page)
            for i, cell in enumerate(block.cells)
        ]
        out.append(replace(block, cells=tuple(cells)))
    return replace(blocks, blocks=tuple(out))


def character_size(blocks: PageBlocks) -> float:
    """The usual size of a page's characters in points."""
    sizes = [
        line.size
        for block in blocks.blocks
        for line in ([block] if isinstance(block, Line) else [ln for c in block.cells for ln in c.lines])
        if line.size and len(line.text) > 1
    ]
    return float(np.median(sizes)) if sizes else 10.0


def cell_area(cell: Cell) -> Box | None:
    return cell.parts[0][1].box if cell.parts else None


def ink_lines(pieces: npt.NDArray[np.float64], size: float) -> list[Box]:
    """Boxes of pieces of ink (n × 4, points) as lines of text from top to bottom."""
    spans: list[list[float]] = []
    for top, bottom in sorted((float(t), float(b)) for _, t, _, b in pieces):
        if spans and top - spans[-1][1] <= 0:
            spans[-1][1] = max(spans[-1][1], bottom)
        else:
            spans.append([top, bottom])
    lines: list[list[float]] = []
    for i, span in enumerate(spans):
        low = span[1] - span[0] < LOWEST * size
        if lines:
            gap, height = span[0] - lines[-1][1], span[1] - lines[-1][0]
            last_low = lines[-1][1] - lines[-1][0] < LOWEST * size
            nearer_below = low and i + 1 < len(spans) and spans[i + 1][0] - span[1] < gap
            if height <= TALL * size and (gap <= JOINS * size or ((low or last_low) and not nearer_below)):
                lines[-1][1] = span[1]
                continue
        lines.append(list(span))
    out = []
    for top, bottom in lines:
        count = max(1, round((bottom - top) / (1.3 * size))) if bottom - top > TALL * size else 1
        for k in range(count):
            a, b = top + (bottom - top) * k / count, top + (bottom - top) * (k + 1) / count
            middle = (pieces[:, 1] + pieces[:, 3]) / 2
            mine = pieces[(middle >= a) & (middle <= b)]
            if len(mine):
                y0, y1 = (float(mine[:, 1].min()), float(mine[:, 3].max())) if count == 1 else (a, b)
                out.append(Box(float(mine[:, 0].min()), y0, float(mine[:, 2].max()), y1))
    return out


def _tasks(number: int, grid: Grid, page: ScannedPage, glyphs: Glyphs, size: float) -> list[Rereading]:
    split = _splits(grid, page.sheet.words)
    tasks = []
    for i, cell in enumerate(grid.cells):
        area = cell_area(cell)
        if area is None:
            continue
        pieces = glyphs.boxes[inside_cell(glyphs, area)]
        if not len(pieces):
            continue
        for box in ink_lines(pieces, size):
            line = _line_at(cell, box)
            mine = pieces[
                ((pieces[:, 1] + pieces[:, 3]) / 2 >= box.top) & ((pieces[:, 1] + pieces[:, 3]) / 2 <= box.bottom)
            ]
            if line is None and len(mine):
                mine = mine[no_dirt(mine, size)]
                box = Box(*(float(v) for v in (*mine[:, :2].min(axis=0), *mine[:, 2:].max(axis=0))))
            unread = _unread(mine, line, size)
            doubt = 0.0
            if line is None:
                doubt = 2.0 if _is_line(box, area, size) and not (cell.lines and _is_edge(box, area, size)) else 0.0
            elif unread or i in split:
                doubt = 1.5
            elif line.score is not None and _low(line.text, line.score):
                doubt = 1.0 - line.score
            if doubt:
                inked = float((mine[:, 2] - mine[:, 0]).max()) / max(box.width, 0.1) if len(mine) else 0.0
                tasks.append(Rereading(number, i, box, line, unread or line is None or i in split, doubt, size, inked))
    return tasks


def _low(text: str, score: float) -> bool:
    """Whether a line's score is low enough to read it again."""
    if score < (DOUBTFUL_SHORT if _short(text) else DOUBTFUL):
        return True
    return len(text) <= FEW and (1 - score) * len(text) > ERRORS


def _short(text: str) -> bool:
    return len(text) <= SHORT and not any(is_ideograph(ch) and ch not in (ONE, TWO) for ch in text)


def _is_line(box: Box, area: Box, size: float) -> bool:
    """Whether ink that no word covers may be a line of text: high enough, or a dash in the middle of its cell."""
    if box.height >= LOW * size:
        return True
    middle = abs(box.middle[1] - area.middle[1]) <= 0.25 * area.height
    clear = BESIDE_RULE * size  # what a rule leaves of itself touches the border
    apart = box.left > area.left + clear and box.right < area.right - clear
    return middle and box.width >= DASH * size and apart


def _is_edge(box: Box, area: Box, size: float) -> bool:
    """Whether ink that no word covers is slim and hugs a side of its cell: what is left of a rule or a fill there."""
    return box.width <= SLIM * size and (box.left - area.left <= HUGS or area.right - box.right <= HUGS)


def _unread(pieces: npt.NDArray[np.float64], line: Line | None, size: float) -> bool:
    """Whether ink stands beside a line's box: an end of it that was not read. A small mark counts right behind
    the line, a stroke right before it, elsewhere only ink as large as a character."""
    box = line.place.box if line is not None else None
    if box is None:
        return True
    middle = (pieces[:, 0] + pieces[:, 2]) / 2
    behind = (middle > box.right + MARGIN) & (middle < box.right + size) & large(pieces, size)
    before = (middle < box.left - MARGIN) & (middle > box.left - 1.5 * size) & large(pieces, 2.5 * size)
    out = ((middle < box.left - MARGIN) | (middle > box.right + MARGIN)) & (pieces[:, 3] - pieces[:, 1] >= LOW * size)
    return bool(behind.any() or before.any() or out.any())


def _line_at(cell: Cell, box: Box) -> Line | None:
    """The line of a cell that shares most of its height with a line of ink."""
    best, most = None, 0.0
    for line in cell.lines:
        there = line.place.box
        if there is None:
            continue
        shared = min(there.bottom, box.bottom) - max(there.top, box.top)
        if shared > 0.4 * min(there.height, box.height) and shared > most:
            best, most = line, shared
    return best


def _splits(grid: Grid, words: Sequence[Word]) -> set[int]:
    """The cells that hold a piece of a word that runs over a border between two of them."""
    out: set[int] = set()
    for i, cell in enumerate(grid.cells):
        area = cell_area(cell)
        if area is None:
            continue
        for word in words:
            box = word.box
            if not area.top <= box.middle[1] <= area.bottom:
                continue
            if box.left < area.right - STRADDLES and box.right > area.left + STRADDLES:
                inside = (box.left >= area.left - STRADDLES) and (box.right <= area.right + STRADDLES)
                if not inside:
                    out.add(i)
    return out


def cut_out(page: ScannedPage, glyphs: Glyphs, box: Box) -> Image:
    """The ink of one line on white paper, RGB, other lines and rules left out."""
    px = page.px
    x0, y0 = max(int(box.left * px) - 1, 0), max(int(box.top * px) - 1, 0)
    x1, y1 = int(box.right * px) + 2, int(box.bottom * px) + 2
    gray = page.ink.gray[y0:y1, x0:x1]
    mine = page.ink.text[y0:y1, x0:x1] > 0
    ids = glyphs.labels[y0:y1, x0:x1]
    foreign = mine & ~glyphs.real[ids]
    keep = cv2.dilate((mine & ~foreign).astype(np.uint8), np.ones((3, 3), np.uint8), iterations=2) > 0
    paper = int(np.percentile(page.ink.gray[::8, ::8], 90))
    clean = np.where(keep, gray, np.uint8(paper)).astype(np.uint8)
    pad = max(3, round(PAD * (y1 - y0)))
    wide = np.pad(clean, ((pad, pad), (2 * pad, 2 * pad)), constant_values=paper)
    return np.ascontiguousarray(np.repeat(wide[..., None], 3, axis=2))


def _again(cell: Cell, readings: Sequence[tuple[Rereading, str, float]], number: int) -> Cell:
    """A cell with lines read again put in the places of the old ones."""
    lines = list(cell.lines)
    unreadable = cell.unreadable
    for task, text, score in readings:
        fresh = choose(task, text, score, number)
        if task.line is None:
            if fresh is not None:
                lines.append(fresh)
            else:
                unreadable = unreadable or _is_sign(task)
        elif fresh is not None:
            lines = [fresh if line is task.line else line for line in lines]
    lines.sort(key=lambda ln: ln.place.box.middle[1] if ln.place.box else 0.0)
    area = cell_area(cell)
    kept = tuple(lines)
    return replace(cell, lines=kept, text=join_lines(kept, {number: area} if area else {}), unreadable=unreadable)


def _is_sign(task: Rereading) -> bool:
    """Whether ink that no engine reads is more than dirt: as large as a character, or one piece that is no speck."""
    long, short = max(task.box.width, task.box.height), min(task.box.width, task.box.height)
    return short >= WHOLE * task.size or (task.inked >= STROKE and long >= DASH * task.size)


def choose(task: Rereading, text: str, score: float, number: int) -> Line | None:
    """The better of a line's two readings, the other kept beside it; None where there is no text at all."""
    old = task.line
    sure = UNREAD if text in ALONE else 1.0  # a dash, or a number: no engine can tell
    if old is None:
        stroke = text in LOW_STROKES | SLASHES and task.inked >= STROKE and score >= NO_STROKE
        if not text or (score < (NO_TEXT if len(text) > 2 else NO_TEXT_SHORT) and not stroke):
            return None
        dirt = (
            not any(ch.isalnum() or unicodedata.category(ch)[0] == "S" for ch in text) and not set(text) <= LOW_STROKES
        )
        if (dirt and not stroke) or (task.box.height < LOW * task.size and not set(text) <= LOW_STROKES):
            return None  # a mark that stands alone in its line is a speck
        return Line(text, Place(page=number, box=task.box), min(score, sure), task.box.height)
    before = old.score if old.score is not None else 1.0
    if not text:
        return old
    if plain(text) == plain(old.text):
        # two readings that leave the same ink out agree on nothing
        both = 1.0 - (1.0 - before) * (1.0 - score)
        return replace(old, score=before if before <= UNREAD else both, readings=((text, score),))
    slack = BETTER if task.unread else 0.0
    if score + slack >= before:
        box = task.box if old.place.box is None or task.unread else old.place.box
        place, score = Place(page=number, box=box), min(score, sure, UNREAD if _drops(old.text, text) else 1.0)
        return replace(old, text=text, score=score, place=place, gaps=(), readings=((old.text, before),))
    return replace(old, readings=((text, score),))


def _drops(before: str, after: str) -> bool:
    """Whether a reading is another one without some characters of it that are no mere strokes or marks."""
    rest, left_out = iter(plain(before)), []
    for char in plain(after):
        for other in rest:
            if other == char:
                break
            left_out.append(other)
        else:
            return False
    left_out += rest
    return any(ch.isalnum() and ch not in (ONE, TWO) for ch in left_out)


def _covered(cell: Cell, page: ScannedPage) -> Cell:
    if not page.ink.seal.any() or not cell.lines:
        return cell
    return replace(cell, lines=tuple(_marked(line, page) for line in cell.lines))


def _marked(line: Line, page: ScannedPage) -> Line:
    """A line with the characters that a seal covers marked; each is taken to have its share of the line."""
    box = line.place.box
    if box is None or not line.text or not page.ink.seal.any():
        return line
    px = page.px
    rows = slice(max(int(box.top * px), 0), int(box.bottom * px) + 1)
    band = page.ink.seal[rows, max(int(box.left * px), 0) : int(box.right * px) + 1] > 0
    if not band.any():
        return line
    share = np.cumsum([0.0] + [weight(ch) for ch in line.text])
    edges = (share / share[-1] * band.shape[1]).astype(int)
    hit = tuple(
        i
        for i in range(len(line.text))
        if edges[i + 1] > edges[i] and float(band[:, edges[i] : edges[i + 1]].mean()) >= COVERED
    )
    return replace(line, covered=hit)
