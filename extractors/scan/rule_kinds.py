"""Rules that are no single stroke of ink: doubled, dotted and dashed ones, and light ones between tinted cells.

Each kind is turned into what the finding of rules knows: one solid stroke of ink where the rule runs. What is added is
for finding rules only; no text is read from it.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extractors.scan.straighten import Image

TWIN = 3.0  # points: the lines of a double rule lie this near; the lowest row seen is 5.7 high
TWIN_ACROSS, TWIN_DOWN = 30.0, 14.0  # points: the shortest line of a double rule; strokes of characters are shorter
DOT = 2.0  # points: a dot, a dash, or dots that run into one another are no thicker
SPECK = 0.5  # points: smaller ink is grain of the paper, no dot
DASH = 7.0  # points: a dash is no longer; longer ones are dots that run into one another, or strokes of characters
BETWEEN = 4.0  # points: the paper between two dots
BETWEEN_RUNS = 1.5  # points: the same between runs of dots, nearer than strokes of characters of two rows
DOTTED_ACROSS, DOTTED_DOWN = 30.0, 14.0  # points: the shortest row of dots; leaders in a text are shorter
FEWEST_DOTS = 4  # dots or dashes of the shortest rule
CLOSE = 2.0  # points: other ink as near above or below a row of dots is of characters, or grain
TEXT_BESIDE = 0.3  # of the length of a row of dots: more of such ink, and it is none
TINTED = 0.01  # of a page that is tinted, on those that have tinted cells
BARE = 0.2  # of the ground around a place that bears no letters, for its fill to be known
TINT = 5.0  # how much darker than the paper, of 255, the fill of a cell is at least
LIGHTER = 0.45  # of the way from fill to paper that a light rule is lighter
THICKEST = 5.0  # points: light ground that is thicker is no rule
SMOOTH = 14.0  # points along a light rule over which grain is levelled out
FILL = 9.0  # points to all sides from which a fill is measured; a light rule is the lesser part of them
LIGHT_ACROSS, LIGHT_DOWN = 24.0, 9.0  # points: the shortest light rule


def solid_rules(mask: Image, gray: Image, px: float) -> Image:
    """The mask of a page's ink with rules of these kinds as solid strokes; `gray` is the page, `px` pixels a point."""
    out = cv2.bitwise_or(mask, doubled(mask, px))
    out = cv2.bitwise_or(out, dotted(mask, px))
    return np.asarray(cv2.bitwise_or(out, light(mask, gray, px)), dtype=np.uint8)


def doubled(mask: Image, px: float) -> Image:
    """The two lines of double rules and the paper between them (255)."""
    out = np.zeros_like(mask)
    for along, shortest in ((1, TWIN_ACROSS), (0, TWIN_DOWN)):
        thick = cv2.dilate(mask, _stroke(3, 1 - along))
        lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, _stroke(round(shortest * px), along))
        lines = cv2.bitwise_and(cv2.dilate(lines, _stroke(5, along)), mask)
        closed = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, _stroke(round(TWIN * px) | 1, 1 - along))
        out = np.maximum(out, closed)
    return out


def dotted(mask: Image, px: float) -> Image:
    """Rows of dots or dashes as strokes (255)."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    wide, high = stats[:, cv2.CC_STAT_WIDTH] / px, stats[:, cv2.CC_STAT_HEIGHT] / px
    out = np.zeros_like(mask)
    for along, shortest in ((1, DOTTED_ACROSS), (0, DOTTED_DOWN)):
        long, thick = (wide, high) if along else (high, wide)
        own = (thick <= DOT) & (np.maximum(long, thick) >= SPECK)  # dots run into one another here and there
        own[0] = False
        dots = own[labels].astype(np.uint8) * 255
        short = (own & (long <= DASH))[labels].astype(np.uint8) * 255
        rows: Image = cv2.bitwise_or(  # type: ignore[assignment]
            cv2.morphologyEx(short, cv2.MORPH_CLOSE, _stroke(round(BETWEEN * px) | 1, along)),
            cv2.morphologyEx(dots, cv2.MORPH_CLOSE, _stroke(round(BETWEEN_RUNS * px) | 1, along)),
        )
        rows = np.asarray(cv2.morphologyEx(rows, cv2.MORPH_OPEN, _stroke(round(shortest * px), along)), dtype=np.uint8)
        found, numbers, boxes, _ = cv2.connectedComponentsWithStats(rows, connectivity=8)
        places = np.asarray(numbers, dtype=np.int32)
        if found <= 1:
            continue
        ids = labels[(rows > 0) & (dots > 0)]
        at = places[(rows > 0) & (dots > 0)]
        pairs = np.unique(np.stack([at, ids], axis=1), axis=0)
        enough = np.bincount(pairs[:, 0], minlength=found) >= FEWEST_DOTS
        enough &= (boxes[:, cv2.CC_STAT_HEIGHT if along else cv2.CC_STAT_WIDTH] / px) <= 2 * DOT
        enough &= _beside(mask, rows, places, found, px, along) <= TEXT_BESIDE
        enough[0] = False
        out = np.maximum(out, enough[places].astype(np.uint8) * 255)
    return out


def _beside(
    mask: Image, rows: Image, places: npt.NDArray[np.int32], count: int, px: float, along: int
) -> npt.NDArray[np.float64]:
    """The share of each row of dots that other ink stands close above or below: the feet of characters, or grain."""
    other = cv2.subtract(mask, cv2.dilate(rows, np.ones((3, 3), np.uint8)))
    near = cv2.dilate(other, _stroke(2 * round(CLOSE * px) + 1, 1 - along))
    whole = np.bincount(places[rows > 0], minlength=count)
    beside = np.bincount(places[(rows > 0) & (near > 0)], minlength=count)
    share: npt.NDArray[np.float64] = beside / np.maximum(whole, 1)
    return share


def light(mask: Image, gray: Image, px: float) -> Image:
    """Light rules between tinted fills (255): lines of paper with a fill on both sides."""
    paper = float(np.percentile(gray[::4, ::4], 90))
    bare = (cv2.dilate(mask, np.ones((5, 5), np.uint8)) == 0).astype(np.float32)  # letters are no fill
    reach = (2 * round(FILL * px) + 1,) * 2
    ground = cv2.blur(gray * bare, reach) / np.maximum(cv2.blur(bare, reach), 0.01)
    tinted = (ground < paper - TINT) & (cv2.blur(bare, reach) > BARE)
    if float(tinted.mean()) < TINTED:
        return np.zeros_like(gray)
    out = np.zeros_like(gray)
    for along, shortest in ((1, LIGHT_ACROSS), (0, LIGHT_DOWN)):
        size = round(min(SMOOTH, shortest) * px)
        even = cv2.blur(gray, (size, 1) if along else (1, size))
        beside = cv2.morphologyEx(even, cv2.MORPH_OPEN, _stroke(round(THICKEST * px), 1 - along))
        thin = cv2.subtract(even, beside) > LIGHTER * TINT
        lines = (tinted & thin & (even - ground > LIGHTER * (paper - ground))).astype(np.uint8) * 255
        out = np.maximum(out, cv2.morphologyEx(lines, cv2.MORPH_OPEN, _stroke(round(shortest * px), along)))
    return out


def _stroke(length: int, along: int) -> npt.NDArray[np.uint8]:
    """A kernel of one pixel's thickness: level where `along` is 1, else upright."""
    return np.ones((1, max(length, 1)) if along else (max(length, 1), 1), np.uint8)
