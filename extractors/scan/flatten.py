"""A bent page made flat: the curves of its long rules say how far each place was moved, and the page is moved back.

A sheet that does not lie flat, or is photographed near a book's spine, bends its level rules all in a like way. Each
long rule is followed as a curve; one smooth field of displacement is fitted to all of them, so that every rule becomes
level; curves that do not go with the others (underlined text, a desk's edge) are left out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.straighten import WORK_SIZE, Image, paper_of, small_ink, warped
from schemas.frozen import dataclass

STEEP = 0.2  # slope of a rule up to which it is followed
LONG = 0.1  # of the page's width: shorter curves say little
THICK = 7.0  # pixels at WORK_SIZE: a curve is no thicker, on average
POINTS = 24  # places along a curve at which it is measured
DEGREE = 4  # of the curve across the page
FEWEST = 4  # curves that tell anything
SPREAD = 0.15  # of the page's height: curves must lie this far apart
BENT = 1.6  # pixels at WORK_SIZE: a page whose rules bend less is flat
FITS = 1.5  # pixels at WORK_SIZE by which a curve misses the field at most, in the middle of its points
SOME, MOST = 0.2, 0.5  # of the curves: as many are bent on a page that is worth a closer look; on one that is bent
TELLING = 0.25  # of the page's width: a shorter curve does not tell whether the page is bent
LEAST = 0.8  # pixels at WORK_SIZE: what bends less is a line's own steps
HALF_PAGE = 0.5  # of the page's width: of a shorter curve less bending is asked, by the square of its length
AGREE = 0.6  # of the curves' length that must fit

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curves:
    """Points of the long level rules, in parts of the page's width and height: `x`, `y`, and which curve each is of."""

    x: Numbers
    y: Numbers
    of: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Flattened:
    """A page; whether it was bent and made flat; and whether rules of it are still bent."""

    image: Image
    moved: bool
    bent: bool


def flatten(image: Image) -> Flattened:
    """The page (RGB) with its bent rules straight, level and upright ones."""
    moved = bent = False
    for turned in (False, True):
        curves, pixel = _curves(image, turned=turned)
        share = bent_share(curves, pixel)
        field = _fitted(curves, pixel) if share >= SOME else None
        if field is None:
            bent = bent or share > MOST
            continue
        page = np.ascontiguousarray(image.transpose(1, 0, 2)) if turned else image
        page, moved = _moved(page, field), True
        image = np.ascontiguousarray(page.transpose(1, 0, 2)) if turned else page
        bent = bent or bent_share(*_curves(image, turned=turned)) > MOST
    return Flattened(image, moved, bent)


def _curves(image: Image, *, turned: bool) -> tuple[Curves, float]:
    """The long level curves of a page, or the upright ones of a page whose rows are taken for columns (`turned`), and
    what part of its height a pixel at WORK_SIZE is."""
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    page = np.asarray(cv2.transpose(gray) if turned else gray, dtype=np.uint8)
    return follow(small_ink(page)), 1.0 / (page.shape[0] * min(1.0, WORK_SIZE / max(page.shape)))


def bent_share(curves: Curves, pixel: float) -> float:
    """The share of the curves that bend away from their chords; 0 where there are too few to tell."""
    bent = whole = 0
    for i in np.unique(curves.of):
        x, y = curves.x[curves.of == i], curves.y[curves.of == i]
        if len(x) < POINTS // 2 or np.ptp(x) < TELLING:
            continue
        whole += 1
        off = y - np.polyval(np.polyfit(x, y, 1), x)
        smooth = np.polyval(np.polyfit(x, off, 3), x)  # of a rule's steps and the crossing ones' ink nothing is kept
        bent += bool(np.ptp(smooth) > pixel * max(BENT * (np.ptp(x) / HALF_PAGE) ** 2, LEAST))
    return bent / whole if whole >= FEWEST else 0.0


def follow(mask: Image) -> Curves:
    """The long level curves of a mask of ink (255)."""
    height, width = mask.shape
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, round(3 / STEEP)), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    xs: list[Numbers] = []
    ys: list[Numbers] = []
    of: list[npt.NDArray[np.int64]] = []
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        if w < LONG * width or area / w > THICK or h > STEEP * w + THICK:
            continue
        piece = labels[y : y + h, x : x + w] == i
        at = np.linspace(2, w - 3, POINTS).astype(int)
        rows = np.arange(h)[:, None]
        inked = piece[:, at].sum(axis=0)
        middles = (piece[:, at] * rows).sum(axis=0) / np.maximum(inked, 1)
        good = (inked > 0) & (inked <= 2 * THICK)
        xs.append((x + at[good]) / width)
        ys.append((y + middles[good]) / height)
        of.append(np.full(int(good.sum()), len(of), dtype=np.int64))
    if not of or np.ptp(np.concatenate(ys)) < SPREAD:
        return Curves(np.zeros(0), np.zeros(0), np.zeros(0, np.int64))
    return Curves(np.concatenate(xs), np.concatenate(ys), np.concatenate(of))


def displacement(field: Numbers, x: Numbers, y: Numbers) -> Numbers:
    """How far down, in parts of the height, what belongs at (x, y) lies."""
    centred = 2 * x - 1
    out: Numbers = np.zeros(np.broadcast(x, y).shape)
    for k in range(DEGREE):
        out = out + (field[k, 0] + field[k, 1] * (y - 0.5)) * centred ** (k + 1)
    return out


def _fitted(curves: Curves, pixel: float) -> Numbers | None:
    """The field that makes the curves level, fitted to those that go together; None where too few do."""
    centred = 2 * curves.x - 1
    terms = [centred ** (k + 1) * side for k in range(DEGREE) for side in (np.ones_like(centred), curves.y - 0.5)]
    kept = np.ones(len(curves.x), dtype=bool)
    whole = len(curves.x)
    for _ in range(4):
        ids, own = np.unique(curves.of[kept], return_inverse=True)
        if len(ids) < FEWEST or kept.sum() < AGREE * whole:
            return None
        levels = np.zeros((len(own), len(ids)))
        levels[np.arange(len(own)), own] = 1.0
        design = np.column_stack([*(t[kept] for t in terms), levels])
        # a little stiffness: where few curves run, the field goes on as straight as it may
        stiff = np.zeros((2 * DEGREE, design.shape[1]))
        np.fill_diagonal(stiff, 1e-3 * np.sqrt(len(own)))
        solution, *_ = np.linalg.lstsq(
            np.vstack([design, stiff]), np.concatenate([curves.y[kept], np.zeros(2 * DEGREE)]), rcond=None
        )
        off = np.abs(design @ solution - curves.y[kept])
        worst = np.array([np.median(off[own == i]) for i in range(len(ids))])
        bad = ids[worst > FITS * pixel]
        if not len(bad):
            return np.asarray(solution[: 2 * DEGREE].reshape(DEGREE, 2))
        drop = bad[np.argsort(worst[worst > FITS * pixel])[-max(1, len(bad) // 2) :]]
        kept &= ~np.isin(curves.of, drop)
    return None


def _moved(image: Image, field: Numbers) -> Image:
    """The page with every place drawn from where the field moved it."""
    height, width = image.shape[:2]
    x, y = np.arange(width) / width, np.arange(height) / height
    down = displacement(field, x[None, :], y[:, None]) * height
    columns = np.broadcast_to(np.arange(width, dtype=np.float32), (height, width))
    rows = (np.arange(height)[:, None] + down).astype(np.float32)
    places = np.ascontiguousarray(columns), rows
    paper = paper_of(image)
    return warped(
        image,
        lambda page: cv2.remap(page, *places, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper),
    )
