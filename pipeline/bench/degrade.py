"""Clean page images made bad in the ways of scanners and copiers, the same every time.

The ladder crosses resolution, tilt and JPEG quality; the noise of a rung follows from the three in such a way that
each level of it meets each level of the others equally often. A red seal stands on every third page or so.
"""

from __future__ import annotations

import itertools
import zlib

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from schemas.frozen import dataclass

Image = npt.NDArray[np.uint8]

SEED = 20260
DPIS = (150, 200, 300)
TILTS = (0.0, 0.7, 1.8)  # degrees; which way a page leans is drawn by lot
NOISES = (0, 4, 8)  # standard deviation of a pixel's brightness, in steps of 255; specks come with it
QUALITIES = (90, 60, 40)  # of JPEG
SEALED = 1 / 3  # of the pages
SPECKS = 2e-5  # share of pixels that turn dark, for each step of noise
SEAL_RADIUS = 0.8  # inches: a seal of 42 mm
SEAL_RED = (215, 40, 45)
SEAL_WEIGHT = 0.85  # how much of the paper's light its ink takes
PAPER = 250  # what lies beside a tilted page


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: a way to make pages bad."""

    dpi: int
    tilt: float
    noise: int
    quality: int

    @property
    def name(self) -> str:
        return f"{self.dpi} dpi, tilt {self.tilt:g}°, noise {self.noise}, JPEG {self.quality}"


def _ladder() -> tuple[Rung, ...]:
    steps = range(3)
    return tuple(
        Rung(DPIS[d], TILTS[t], NOISES[(d + t + q) % 3], QUALITIES[q]) for d, t, q in itertools.product(steps, repeat=3)
    )


LADDER = _ladder()


def lots(rung: Rung, page: str, seed: int = SEED) -> np.random.Generator:
    """The lots for one page (any name of it) on one rung; the same for the same arguments."""
    return np.random.default_rng([seed, zlib.crc32(rung.name.encode()), zlib.crc32(page.encode())])


def is_sealed(rung: Rung, page: str, seed: int = SEED) -> bool:
    """Whether a page gets a seal on a rung."""
    return bool(lots(rung, page, seed).random() < SEALED)


def degrade(image: Image, rung: Rung, page: str, seed: int = SEED) -> Image:
    """A page image (RGB, of the rung's resolution) as a bad scan of the same size; the given one is not changed."""
    draw = lots(rung, page, seed)
    out = image
    if draw.random() < SEALED:  # the first lot: is_sealed draws it too
        out = _seal(out, rung.dpi, draw)
    if rung.tilt:
        out = _tilt(out, rung.tilt * (1 if draw.random() < 0.5 else -1))
    if rung.noise:
        out = _noise(out, rung.noise, draw)
    return _jpeg(out, rung.quality)


def _seal(image: Image, dpi: int, draw: np.random.Generator) -> Image:
    """A round red seal with a star, multiplied into the upper part of the page, where tables begin."""
    height, width = image.shape[:2]
    x, y = width * draw.uniform(0.25, 0.8), height * draw.uniform(0.12, 0.5)
    radius = dpi * SEAL_RADIUS
    layer = np.full(image.shape, 255, np.uint8)
    cv2.circle(layer, (round(x), round(y)), round(radius), SEAL_RED, max(2, round(dpi * 0.03)), cv2.LINE_AA)
    points = [
        (x + radius * reach * np.cos(angle), y + radius * reach * np.sin(angle))
        for reach, angle in ((0.45 if k % 2 == 0 else 0.17, np.pi * (k / 5 - 0.5)) for k in range(10))
    ]
    cv2.fillPoly(layer, [np.array(points).round().astype(np.int32)], SEAL_RED, cv2.LINE_AA)
    ink = 1 - (1 - layer.astype(np.float32) / 255) * SEAL_WEIGHT
    return (image * ink).round().astype(np.uint8)


def _tilt(image: Image, degrees: float) -> Image:
    height, width = image.shape[:2]
    turned = cv2.warpAffine(
        image,
        cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderValue=(PAPER, PAPER, PAPER),
    )
    return np.asarray(turned, np.uint8)


def _noise(image: Image, level: int, draw: np.random.Generator) -> Image:
    size = image.shape[:2]
    out = image + draw.normal(0.0, level, (*size, 1)).astype(np.float32)
    out[draw.random(size) < level * SPECKS] = 40.0
    return np.clip(out, 0, 255).astype(np.uint8)


def _jpeg(image: Image, quality: int) -> Image:
    good, data = cv2.imencode(".jpg", np.ascontiguousarray(image[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not good:
        raise ValueError("the image cannot be written as JPEG")
    read = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(read[..., ::-1])
