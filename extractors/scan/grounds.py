"""What lies under a page's text and is no text: dark grounds that bear light letters, and the fills of cells.

Dark grounds become paper and their letters ink, so that everything behind reads one kind of page.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.straighten import Image

DARK = 0.7  # of the paper's brightness: darker is ink or a dark ground
SOLID = 5.0  # points, both ways: so much dark without a gap is no stroke of a letter
MOSTLY = 0.55  # of the surroundings that are dark: light letters leave more of a ground, dark ones are less
AROUND = 10.0  # points: those surroundings
WIDE, HIGH = 24.0, 8.0  # points: the least dark ground that bears text
SQUARE = 0.85  # of a dark ground that rectangles of that size fill; of a star or a sign they fill less
LIGHTER, LETTERS = 60, 0.01  # brightness by which letters are lighter than their ground, and their least share
LETTER = 4.0  # points: a stroke of a letter is no broader
DARKER = 20  # brightness, of 255, by which rules are darker than the dark ground that they cross
FAINTLY = 12  # the same of a rule's mean over RUN of its length
RUN = 6.0  # points
REACH = 9.0, 30.0  # points, upright and level: the shortest of such faint rules
RULE = 6.0  # points: a shorter upright run of dark ink above or below a dark ground is no rule
RIM = 0.6  # points: the edge of a dark ground parts cells as a rule of that thickness does
FILL = (60.0, 6.0)  # points, along and up: a darker ground so long is the fill of cells
STEP, STEEP = 4.0, 5  # points beside its rim on which it grows lighter, and by how much, of 255
SHARP = 0.6  # of the rim, on which it does
GROUND = 24.0  # points: the surroundings by which the ground under a pixel is known
SCALE = 4  # pixels of the page are one by which the ground is measured
FAINTER = 8  # brightness, of 255, by which ink is darker than its ground at least


def dark_made_light(image: Image, seal: Image, px: float) -> Image:
    """The page (RGB) with dark grounds as paper, and as ink the light letters on them, the rules through them and their
    edges. What reaches the edge of the
    image is no part of the page, and stays, as do what no rectangles fill and what bears no letters; `seal` is what
    seals cover (255)."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    paper = float(np.percentile(gray[::4, ::4], 90))
    dark = ((gray < DARK * paper) & (seal == 0)).astype(np.uint8)
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, _square(SOLID, px))
    if not solid.any():
        return image
    mostly = (cv2.blur(dark.astype(np.float32), (_odd(AROUND, px),) * 2) > MOSTLY).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mostly, connectivity=8)
    even = cv2.morphologyEx(mostly, cv2.MORPH_OPEN, np.ones((_odd(HIGH, px), _odd(WIDE, px)), np.uint8))
    square = np.bincount(labels[even > 0], minlength=count)
    out = image.copy()
    whole = cv2.bitwise_or(dark, _letters(dark, px))
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, _square(SOLID, px))  # rules that lead to a ground are none of it
    for i in np.unique(labels[solid > 0]):
        x, y, w, h, area = (int(v) for v in stats[i])
        edge = x == 0 or y == 0 or x + w == image.shape[1] or y + h == image.shape[0]
        if i == 0 or edge or square[i] < SQUARE * area:
            continue
        pad = round(AROUND * px)
        part = (slice(max(y - pad, 0), y + h + pad), slice(max(x - pad, 0), x + w + pad))
        grown = cv2.dilate((labels[part] == i).astype(np.uint8), _square(AROUND, px))
        ground = (grown > 0) & (whole[part] > 0)
        level = float(np.median(gray[part][ground]))
        if float((gray[part][ground] > level + LIGHTER).mean()) < LETTERS:
            continue  # a bar that bears nothing: ink, or what somebody blacked out
        light = np.clip((gray[part].astype(np.float32) - level) / max(255.0 - level, 1.0), 0.0, 1.0)
        turned = (255.0 * (1.0 - light)).astype(np.uint8)
        rules = (cv2.blur(gray[part], (3, 3)) < level - DARKER) | _faint_rules(gray[part], ground, level, px)
        turned[_edges(ground, dark[part], px) | rules] = 0
        out[part] = np.where(ground[..., None], turned[..., None], out[part])
    return out


def _letters(dark: Image, px: float) -> Image:
    """The light letters on dark grounds (1): paper that dark ink shuts in, and that is nowhere as broad as a cell."""
    light = (1 - dark).astype(np.uint8)
    _, labels = cv2.connectedComponents(light, connectivity=4)
    broad = cv2.morphologyEx(light, cv2.MORPH_OPEN, _square(LETTER, px))
    open_ = np.zeros(int(labels.max()) + 1, dtype=np.bool_)
    open_[np.unique(labels[broad > 0])] = True
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, _square(LETTER, px))
    return np.asarray(np.where(open_[labels], 0, cv2.bitwise_and(light, closed)), dtype=np.uint8)


def _faint_rules(gray: Image, ground: npt.NDArray[np.bool_], level: float, px: float) -> npt.NDArray[np.bool_]:
    """Rules through a dark ground that are hardly darker than it: what is so on average, over a length that the dark
    rim of no letter has."""
    out = np.zeros(ground.shape, dtype=np.bool_)
    within = np.where(ground, gray, np.uint8(255))  # a letter beside the ground is no rule of it
    for along, reach in zip((0, 1), REACH, strict=True):
        size = (_odd(RUN, px), 1) if along else (1, _odd(RUN, px))
        darker = (cv2.blur(within, size) < level - FAINTLY).astype(np.uint8)
        kernel = np.ones((1, _odd(reach, px)) if along else (_odd(reach, px), 1), np.uint8)
        thick = cv2.dilate(darker, np.ones((3, 1) if along else (1, 3), np.uint8))  # of a tilted page
        out |= (cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel) > 0) & (darker > 0)
    return out


def _edges(ground: npt.NDArray[np.bool_], dark: Image, px: float) -> npt.NDArray[np.bool_]:
    """The edges of a dark ground: the level ones; the upright ones where an upright rule goes on from them, as in a
    table without such rules the ground has no side."""
    area, thick = ground.astype(np.uint8), _odd(2 * RIM, px)
    level = cv2.erode(area, np.ones((thick, 1), np.uint8)) == 0
    upright = (cv2.erode(area, np.ones((1, thick), np.uint8)) == 0) & ground
    beside = cv2.subtract(dark, area)
    runs = cv2.dilate(beside, np.ones((1, 3), np.uint8))
    runs = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((_odd(RULE, px), 1), np.uint8))
    near = cv2.dilate(runs, np.ones((_odd(LETTER, px), thick), np.uint8)) > 0
    count, labels = cv2.connectedComponents(upright.astype(np.uint8), connectivity=8)
    known = np.zeros(count, dtype=np.bool_)
    known[labels[near & upright]] = True
    known[0] = False
    out: npt.NDArray[np.bool_] = (level & ground) | known[labels]
    return out


def fills_of(ground: Image, px: float) -> npt.NDArray[np.bool_]:
    """Where cells are filled: grounds darker than paper that are long somewhere, as no letters are, and whose edges
    are sharp, as no shadow's are."""
    small, px = np.ascontiguousarray(ground[::SCALE, ::SCALE]), px / SCALE  # as it was measured
    low = (small <= float(np.percentile(small, 90)) - FAINTER).astype(np.uint8)
    long = cv2.morphologyEx(low, cv2.MORPH_OPEN, np.ones((_odd(FILL[1], px), _odd(FILL[0], px)), np.uint8))
    if not long.any():
        return np.zeros(ground.shape, dtype=np.bool_)
    count, labels = cv2.connectedComponents(low, connectivity=8)
    rim = (low > 0) & (cv2.erode(low, np.ones((3, 3), np.uint8)) == 0)
    near = np.ones((_odd(STEP, px),) * 2, np.uint8)
    sharp = (cv2.subtract(cv2.dilate(small, near), small) >= STEEP) & rim
    rims = np.bincount(labels[rim], minlength=count)
    share = np.bincount(labels[sharp], minlength=count) / np.maximum(rims, 1)
    known = np.zeros(count, dtype=np.bool_)
    known[np.unique(labels[long > 0])] = True
    known[0] = False
    fills = cv2.dilate((known & (share >= SHARP))[labels].astype(np.uint8), near, iterations=2)
    size = (ground.shape[1], ground.shape[0])
    out: npt.NDArray[np.bool_] = cv2.resize(fills, size, interpolation=cv2.INTER_NEAREST) > 0
    return out


def ground_of(gray: Image, px: float) -> Image:
    """The brightness of the ground around each pixel of a page: paper, or the fill of a cell."""
    small = cv2.resize(gray, None, fx=1 / SCALE, fy=1 / SCALE, interpolation=cv2.INTER_AREA)
    small = cv2.morphologyEx(small, cv2.MORPH_CLOSE, _square(LETTER / SCALE, px))
    ground = cv2.medianBlur(small, min(_odd(GROUND / SCALE, px), 255))
    size = (gray.shape[1], gray.shape[0])
    return np.asarray(cv2.resize(ground, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def darker_than(mask: Image, gray: Image, ground: Image, px: float) -> Image:
    """The ink of a mask (255); on pages with filled cells only what is darker than its ground: beside the edge of a
    fill the fill itself is darker than the mean of its surroundings, and its grain no ink."""
    if not fills_of(ground, px).any():
        return mask
    return np.where(gray.astype(np.int16) <= ground.astype(np.int16) - FAINTER, mask, np.uint8(0))


def _odd(points: float, px: float) -> int:
    return max(round(points * px) | 1, 3)


def _square(points: float, px: float) -> npt.NDArray[np.uint8]:
    return np.ones((_odd(points, px),) * 2, np.uint8)
