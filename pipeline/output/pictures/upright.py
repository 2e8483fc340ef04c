"""The image of a scanned page as it was read: straightened, and the right way up by the ink in its boxes.

Whether a page stood on its head the reader knew from the text; a record has only the boxes of its values. These were
drawn close around their ink: where they belong there is ink inside of them and little on their rims.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.scan.grounds import dark_made_light
from extractors.scan.ink import seal_mask
from extractors.scan.page import straighten
from extractors.scan.straighten import Image, turn
from schemas.model import Box

DARK = 140  # of 255: darker is ink
RIM = 1.0  # points outside of a box: that near to it no ink is that is not its own
CLEARLY = 0.02  # of the area: boxes that fit so much better tell that a page was turned, or not straightened


def as_read(image: Image, px: float, boxes: Sequence[Box]) -> Image:
    """A page's image (RGB, `px` pixels a point) straightened, turned by half, or as it is: as its boxes tell."""
    level = straighten(dark_made_light(image, seal_mask(image), px)).image
    best, most = level, fit(level, px, boxes)
    for other in (turn(level, 2), image):
        if (better := fit(other, px, boxes)) > most + CLEARLY:
            best, most = other, better
    return best


def fit(image: Image, px: float, boxes: Sequence[Box]) -> float:
    """How well boxes (in points) fit the ink of a page: the share of ink inside less that on the rim, in the mean."""
    fits = [_fit(image, px, box) for box in boxes]
    return float(np.mean(fits)) if fits else 0.0


def _fit(image: Image, px: float, box: Box) -> float:
    rim = max(round(RIM * px), 1)
    left, top = int(box.left * px), int(box.top * px)
    right, bottom = int(box.right * px) + 1, int(box.bottom * px) + 1
    piece = image[max(top - rim, 0) : max(bottom + rim, 0), max(left - rim, 0) : max(right + rim, 0)]
    ink = piece.mean(axis=2) < DARK
    inside = ink[rim:-rim, rim:-rim]
    if not inside.size:
        return 0.0
    return float(inside.mean()) - float(np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]]).mean())
