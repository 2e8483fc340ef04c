"""A scanned page made upright and level: quarter turns, tilt, slight perspective.

Source: an RGB image (height × width × 3, uint8). All angles are in degrees, counter-clockwise positive, as OpenCV
turns images.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from schemas.frozen import dataclass

Image = npt.NDArray[np.uint8]

WORK_SIZE = 1400  # pixels of the longer side at which angles are measured
LARGEST_TILT = 6.0  # degrees: a page tilted further is not levelled
SMALLEST_TILT = 0.03  # degrees: a smaller tilt moves no rule by a pixel
KEYSTONE = 0.002  # change of slope over the page that counts as perspective
FEWEST_RULES = 4  # long rules one way from which their slope is measured
LONG = 0.05  # of the page's longer side: a run of ink from which a slope is measured
SPREAD = 0.3  # of the page: rules must lie this far apart to tell perspective from a turn
LINE = 1.6  # of a large letter's size: shorter pieces are single letters, and a slim one (1, 9, I) is no upright line
SHIFT = 0.0004  # of the page's longer side: corrections that move nothing further are left out


@dataclass(frozen=True, slots=True)
class Straightened:
    """A straightened page, and what was done to it."""

    image: Image
    quarter_turns: int
    tilt: float
    keystone: bool
    flattened: bool = False
    bent: bool = False  # rules are bent still

    @property
    def notes(self) -> tuple[str, ...]:
        out = []
        if self.quarter_turns:
            out.append(f"turned by {90 * self.quarter_turns} degrees")
        if abs(self.tilt) >= SMALLEST_TILT:
            out.append(f"tilt of {self.tilt:.2f} degrees levelled")
        if self.keystone:
            out.append("perspective corrected")
        if self.flattened:
            out.append("bent page made flat")
        if self.bent:
            out.append("the page is bent, and its rules could not be made straight")
        return tuple(out)


def ink_mask(gray: Image, sensitivity: int = 12) -> Image:
    """Ink as 255, paper as 0, by the brightness around each pixel: shadows and yellowed paper are paper."""
    block = max(15, (min(gray.shape) // 40) | 1)
    return cv2.adaptiveThreshold(  # type: ignore[return-value]
        gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, sensitivity
    )


def small_ink(gray: Image) -> Image:
    """The mask of a page's ink (255), the page at most WORK_SIZE long: fine enough for angles."""
    scale = min(1.0, WORK_SIZE / max(gray.shape))
    return ink_mask(
        np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    )


def turn(image: Image, quarter_turns: int) -> Image:
    """The image turned counter-clockwise by quarter turns."""
    return np.ascontiguousarray(np.rot90(image, quarter_turns % 4))


def lines_run_upright(mask: Image) -> bool:
    """Whether the text's lines run from top to bottom of a page, by the mask of its ink: it lies on its side."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sizes = stats[1:count]
    heights = np.maximum(sizes[:, cv2.CC_STAT_HEIGHT], sizes[:, cv2.CC_STAT_WIDTH])
    letters = sizes[(heights >= 6) & (heights <= 40)]
    if len(letters) < 20:
        return False
    em = float(np.median(np.maximum(letters[:, cv2.CC_STAT_HEIGHT], letters[:, cv2.CC_STAT_WIDTH])))
    text = np.zeros_like(mask)
    for x, y, w, h, _ in letters:
        text[y : y + h, x : x + w] = 255
    reach = max(1, round(0.12 * em))
    grown = cv2.dilate(text, cv2.getStructuringElement(cv2.MORPH_RECT, (2 * reach + 1, 2 * reach + 1)))
    count, _, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    blobs = stats[1:count]
    whole = float(np.percentile(np.maximum(letters[:, cv2.CC_STAT_HEIGHT], letters[:, cv2.CC_STAT_WIDTH]), 90))
    lines = np.maximum(blobs[:, cv2.CC_STAT_WIDTH], blobs[:, cv2.CC_STAT_HEIGHT]) >= LINE * whole
    wide = lines & (blobs[:, cv2.CC_STAT_WIDTH] > 2 * blobs[:, cv2.CC_STAT_HEIGHT])
    tall = lines & (blobs[:, cv2.CC_STAT_HEIGHT] > 2 * blobs[:, cv2.CC_STAT_WIDTH])
    area = blobs[:, cv2.CC_STAT_AREA]
    return float(area[tall].sum()) > float(area[wide].sum())


def measure_tilt(mask: Image) -> float:
    """The tilt of a page in degrees, by the mask of its ink: the turn that levels its lines of text and rules best."""
    ys, xs = np.nonzero(mask)
    if len(ys) < 200:
        return 0.0
    if len(ys) > 60000:
        pick = np.linspace(0, len(ys) - 1, 60000).astype(int)
        ys, xs = ys[pick], xs[pick]
    height, width = mask.shape

    def sharpness(angle: float) -> float:
        slope = np.tan(np.radians(angle))
        rows = ys + (xs - width / 2) * slope
        bins = np.bincount(np.clip(np.round(rows), 0, height - 1).astype(int), minlength=height)
        return float((bins.astype(np.float64) ** 2).sum())

    best = 0.0
    for step, reach in ((0.5, LARGEST_TILT), (0.1, 0.5), (0.02, 0.1)):
        angles = [float(a) for a in np.arange(best - reach, best + reach + step / 2, step)]
        best = max(angles, key=sharpness)
    return best if abs(best) >= SMALLEST_TILT else 0.0


def level(image: Image, tilt: float) -> tuple[Image, bool]:
    """The image turned back by its tilt, and what its rules show of shear and perspective taken out; and whether
    there was perspective."""
    height, width = image.shape[:2]
    matrix = np.eye(3)
    turned = image
    if abs(tilt) >= SMALLEST_TILT:
        matrix[:2] = cv2.getRotationMatrix2D((width / 2, height / 2), -tilt, 1.0)
        turned = _warp(image, matrix)
    correction, keystone = _square(turned)
    if correction is None:
        return turned, False
    return _warp(image, correction @ matrix), keystone


def _warp(image: Image, matrix: npt.NDArray[np.float64]) -> Image:
    height, width = image.shape[:2]
    paper = paper_of(image)
    return warped(
        image,
        lambda page: cv2.warpPerspective(
            page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
        ),
    )


def paper_of(image: Image) -> tuple[int, ...]:
    """The colour of a page's paper (RGB)."""
    return tuple(int(v) for v in np.median(image.reshape(-1, image.shape[-1])[::97], axis=0))


def warped(image: Image, warp: Callable[[Image], object]) -> Image:
    """What a warp makes of a page (RGB). Of a grey page, as most scans are, it has to move one channel only."""
    red, green, blue = (np.asarray(channel, dtype=np.uint8) for channel in cv2.split(image))
    if np.array_equal(red, green) and np.array_equal(red, blue):
        return np.asarray(cv2.merge([warp(red)] * 3), dtype=np.uint8)  # type: ignore[list-item]
    return np.asarray(warp(image), dtype=np.uint8)


def _square(image: Image) -> tuple[npt.NDArray[np.float64] | None, bool]:
    """The matrix that makes a page's rules level and upright, None where they are; and whether they show
    perspective: slopes that change over the page."""
    height, width = image.shape[:2]
    mask = small_ink(np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8))
    across = _slopes(mask)
    down = _slopes(np.ascontiguousarray(mask.T))
    s0, s1 = _slope_model(across, mask.shape[0])
    t0, t1 = _slope_model(down, mask.shape[1]) if len(down) >= FEWEST_RULES else (-s0, 0.0)
    x, y = (0.1 * width, 0.9 * width), (0.1 * height, 0.9 * height)
    source = []
    for at_y in y:
        for at_x in x:
            slope, lean = s0 + s1 * (at_y / height - 0.5), t0 + t1 * (at_x / width - 0.5)
            # where the level line through (width / 2, at_y) meets the upright one through (at_x, height / 2)
            meet = (at_x + lean * (at_y - slope * width / 2 - height / 2)) / (1 - lean * slope)
            source.append((meet, at_y + slope * (meet - width / 2)))
    target = [(at_x, at_y) for at_y in y for at_x in x]
    moved = max(np.hypot(a - c, b - d) for (a, b), (c, d) in zip(source, target, strict=True))
    if moved < SHIFT * max(height, width):
        return None, False
    matrix = cv2.getPerspectiveTransform(np.array(source, np.float32), np.array(target, np.float32))
    return np.asarray(matrix, dtype=np.float64), max(abs(s1), abs(t1)) >= KEYSTONE


def _slopes(mask: Image) -> npt.NDArray[np.float64]:
    """(position, slope, length) of the long level runs of ink in a mask."""
    length = max(20, round(LONG * max(mask.shape)))
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length // 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    out = []
    for i in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[i])
        if w < 2 * length or h > 0.05 * w + 6:
            continue
        piece = labels[y : y + h, x : x + w] == i
        ys, xs = np.nonzero(piece)
        slope, middle = np.polyfit(xs - w / 2, ys, 1)
        if np.abs(ys - middle - slope * (xs - w / 2)).mean() > 2.0:
            continue  # rules that run into one another
        out.append((y + middle, slope, w))
    return np.array(out, dtype=np.float64).reshape(-1, 3)


def _slope_model(lines: npt.NDArray[np.float64], size: int) -> tuple[float, float]:
    """The slope in the middle of a page and its change over the page, by the rules, outliers aside."""
    if len(lines) < FEWEST_RULES:
        return 0.0, 0.0
    at, slope, weight = lines[:, 0] / size - 0.5, lines[:, 1], lines[:, 2]
    middle = float(np.median(slope))
    if np.ptp(at) < SPREAD:
        return middle, 0.0
    change = 0.0
    for _ in range(3):
        off = np.abs(slope - middle - change * at)
        good = off <= max(0.002, 2.5 * float(np.median(off)))
        if good.sum() < FEWEST_RULES or np.ptp(at[good]) < SPREAD:
            return float(np.median(slope)), 0.0
        change, middle = (float(v) for v in np.polyfit(at[good], slope[good], 1, w=np.sqrt(weight[good])))
    return middle, change if abs(change) >= KEYSTONE / 2 else 0.0
