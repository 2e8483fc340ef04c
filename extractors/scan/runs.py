"""Long runs of ink one way: the opening and closing of a mask by a stroke.

What OpenCV does pixel by pixel as often as a stroke is long is done here on eight pixels at once, and as often as its
length can be doubled. Beyond the edge of a page is ink when ink is worn off, and paper when it is grown, as OpenCV
has it; and a stroke of an even length moves ink by a pixel, as there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.straighten import Image

SHORT = 24  # pixels: for a shorter stroke OpenCV is as fast

Packed = npt.NDArray[np.uint8]


def opened(mask: Image, length: int, along: int) -> Image:
    """The ink (255) of runs of at least `length` pixels: level ones where `along` is 1, else upright ones."""
    return _done(mask, length, along, cv2.MORPH_OPEN)


def closed(mask: Image, length: int, along: int) -> Image:
    """The ink (255) with gaps of fewer than `length` pixels bridged: level ones where `along` is 1, else upright."""
    return _done(mask, length, along, cv2.MORPH_CLOSE)


def stroke(length: int, along: int) -> npt.NDArray[np.uint8]:
    """A kernel of one pixel's thickness: level where `along` is 1, else upright."""
    return np.ones((1, max(length, 1)) if along else (max(length, 1), 1), np.uint8)


def _done(mask: Image, length: int, along: int, kind: int) -> Image:
    if length < SHORT:
        return np.asarray(cv2.morphologyEx(mask, kind, stroke(length, along)), dtype=np.uint8)
    upright: Any = cv2.transpose(mask) if along else mask
    packed = np.packbits(upright, axis=1)
    for step in (_worn, _grown) if kind == cv2.MORPH_OPEN else (_grown, _worn):
        packed = step(packed, length)
    out: Any = np.unpackbits(packed, axis=1, count=upright.shape[1])
    np.negative(out, out=out)  # 1 becomes 255
    return np.asarray(cv2.transpose(out) if along else out, dtype=np.uint8)


def _worn(packed: Packed, length: int) -> Packed:
    return _along_rows(packed, length, 255, np.bitwise_and)


def _grown(packed: Packed, length: int) -> Packed:
    return _along_rows(packed, length, 0, np.bitwise_or)


def _along_rows(packed: Packed, length: int, beyond: int, join: Any) -> Packed:
    """Each row joined with those around it, `length` rows in all; `beyond` is what lies above and below them."""
    before = length // 2
    rows: Packed = np.pad(packed, ((before, length - 1 - before), (0, 0)), constant_values=beyond)
    joined = 1
    while joined < length:
        step = min(joined, length - joined)
        rows = join(rows[:-step], rows[step:])
        joined += step
    return rows
