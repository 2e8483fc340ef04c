"""The pieces of ink of a mask: ink that touches is one piece, at corners too."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.straighten import Image
from schemas.frozen import dataclass

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of ink, numbered from 1 on: `labels` by pixel, 0 is paper. `at` are the pixels of ink by their place in
    the flattened mask, from top to bottom, and `of` is the piece that each of them is of. `boxes` are (left, top,
    width, height) in pixels, `areas` numbers of pixels; of paper all of them are 0."""

    labels: npt.NDArray[np.int32]
    at: Numbers
    of: Numbers
    boxes: Numbers
    areas: Numbers

    def middles(self) -> npt.NDArray[np.float64]:
        """The middle (x, y) of the ink of each piece, in pixels."""
        y, x = np.divmod(self.at, self.labels.shape[1])
        sums = [np.bincount(self.of, weights=side, minlength=len(self.areas)) for side in (x, y)]
        middles: npt.NDArray[np.float64] = np.stack(sums, axis=1) / np.maximum(self.areas, 1)[:, None]
        return middles

    def mask(self, which: npt.NDArray[np.bool_]) -> Image:
        """The ink of some pieces (255)."""
        out = np.zeros(self.labels.shape, np.uint8)
        out.reshape(-1)[self.at[which[self.of]]] = 255
        return out

    def on(self, mask: Image) -> npt.NDArray[np.bool_]:
        """Which pixels of ink are pixels of another mask too."""
        return mask.reshape(-1)[self.at] > 0


def find_pieces(mask: Image) -> Pieces:
    """The pieces of a mask. OpenCV measures all of the paper too, which takes longer than to label it."""
    count, found = cv2.connectedComponents(mask, connectivity=8)
    labels = np.asarray(found, dtype=np.int32)
    ink = cv2.findNonZero(mask)
    x, y = (np.zeros(0, np.int64),) * 2 if ink is None else np.asarray(ink.reshape(-1, 2).T, np.int64)
    at = y * mask.shape[1] + x
    of = np.asarray(labels.reshape(-1)[at], np.int64)
    left, top, right, bottom = (np.zeros(count, np.int64) for _ in range(4))
    left[1:] = mask.shape[1]
    np.minimum.at(left, of, x)
    np.maximum.at(right, of, x + 1)
    top[of[::-1]] = y[::-1]  # pixels come from top to bottom: the last one that is put down counts
    bottom[of] = y + 1
    boxes = np.stack([left, top, right - left, bottom - top], axis=1)
    return Pieces(labels, at, of, boxes, np.bincount(of, minlength=count))
