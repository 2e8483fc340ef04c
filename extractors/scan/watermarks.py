"""Watermarks: faint letters under or over a page's text, large or small, level or turned, single or many.

Two things make a watermark of faint ink, and neither does it alone: it is all of one shade between paper and text, and
it stands as no text of a form does: its strokes are as broad as those of large letters, its lines are turned, or it
runs through rules. What has the shade of such ink and its size, or stands close to it, is of it too. Faint text
that keeps to its line and its cell is text.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.grounds import fills_of
from extractors.scan.straighten import Image
from schemas.frozen import dataclass

DARK = (150, 175)  # brightness, of 255, of the page as if lit evenly: darker is text, as the page's strokes tell
FAINTEST = 238  # the same: lighter is paper
PAPER = 200  # the same: what is lighter is paper, with its grain
GRAIN, LEAST = 6.0, 12  # times the usual grain, and brightness: so much darker than paper a watermark is at least
RING = 2  # pixels around dark ink that are faint for its blurred edge alone
BESIDE = 0.25  # of a piece of faint ink that lies at such an edge: with more it is a hairline of dark letters
LONG = 36.0  # points: longer level and upright runs of ink are rules, where they are no thicker than
THICK = 2.9  # points
BROAD = 1.8  # points: so broad are strokes of large letters
BROADEST = 5  # pixels: the same where pixels are few
MOSTLY = 0.3  # of a line's ink, in broad strokes: dense letters of a text have less
BROAD_INK = 0.0004  # of the page: fewer broad strokes are no watermark
LINE_LIKE = (14.0, 2.5)  # points: a piece so long and so slim is a piece of a rule
SOLID = (24.0, 6.0)  # points, along and up: a piece that holds so much ink without a gap is the fill of cells
SMALLEST = 3.0  # points: a piece of ink that is smaller both ways tells nothing
ENOUGH = 0.0004  # of the page: less faint ink is no watermark
LETTERS = 3.0  # points: letters of one line stand no further apart
LINE = 2.5  # times its height: a line of letters is longer
TURNED = (8.0, 82.0)  # degrees: a line that leans so far is neither level nor upright
THROUGH = 3  # pixels of a rule beyond which faint ink goes on: a watermark runs through it
ALIKE = 0.2  # by which the sides of two lines of one watermark differ
NEAR = 12.0  # points: pieces of a watermark that something parts stand this near to one another
MUCH = 0.002  # of the page: where so much is a watermark's, scraps of its shade are its too
ALIKE_SHADE = 15  # brightness, of 255, by which such scraps differ from it
SHADE = 30  # brightness, of 255, by which ink of one watermark differs
DARKEST = 10  # percent of its ink, which is its darkest


@dataclass(frozen=True, slots=True)
class Watermark:
    """The places of a watermark's ink (`own`), those beside it too where its edge is blurred or lies over dark ink
    (`mask`), and the brightness of its darkest ink on the page as if lit evenly."""

    own: npt.NDArray[np.bool_]
    mask: npt.NDArray[np.bool_]
    shade: float


def find_watermark(gray: Image, ground: Image, seal: Image, px: float) -> Watermark | None:
    """The watermark of a page (grey, as if lit evenly), None where it bears none. `ground` tells the fills of cells,
    which are none, as is what is left of seals (255)."""
    lightest = _lightest(gray)
    dark = _darkness(gray, lightest)
    faint, rules = _faint(gray, seal, px, lightest, dark)
    if cv2.countNonZero(faint) < ENOUGH * faint.size:
        return None  # most pages: they are not worth a closer look
    faint[fills_of(ground, px)] = 0
    pieces = _pieces(faint, gray, dark, px)
    large = pieces.mask(pieces.own & (pieces.sides >= SMALLEST))
    if cv2.countNonZero(large) < ENOUGH * faint.size:
        return None
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(LETTERS * px / 2) + 1,) * 2)
    lines = _Lines(np.asarray(cv2.dilate(large, reach), np.uint8), px)
    broad = lines.counts(_broad(faint, gray, lightest, px)) >= MOSTLY * np.maximum(lines.counts(large), 1)
    proof = lines.turned() | broad | (lines.counts(_crossings(large, rules)) >= THROUGH)
    proof[0] = False
    if not proof.any():
        return None
    proof |= lines.alike(proof)
    own = proof[lines.labels] & (large > 0)
    if np.count_nonzero(own) < ENOUGH * faint.size:
        return None
    shade = float(np.median(gray[own]))
    if np.count_nonzero(own) >= MUCH * faint.size:
        own |= (lines.scraps() & lines.like(shade, gray, large))[lines.labels] & (large > 0)
    near = cv2.dilate(own.astype(np.uint8), np.ones((2 * round(NEAR * px) + 1,) * 2, np.uint8)) > 0
    close = pieces.mask(pieces.own & (np.abs(pieces.levels - shade) <= SHADE)) > 0
    own |= near & close
    ring = np.ones((2 * RING + 3,) * 2, np.uint8)
    mask = cv2.dilate(own.astype(np.uint8), ring) > 0
    return Watermark(own, mask, float(np.percentile(gray[own], DARKEST)))


def without_watermark(gray: Image, mark: Watermark | None) -> Image:
    """The page, as if lit evenly, without its watermark: as light there as paper is, what is darker than the watermark
    as dark as it would be on paper."""
    if mark is None:
        return gray
    lifted = np.clip(gray.astype(np.float32) * (255.0 / max(mark.shade, 1.0)), 0, 255).astype(np.uint8)
    return np.where(mark.own, np.uint8(255), np.where(mark.mask, lifted, gray))


def on_ground(image: Image, lit: Image, ground: Image, mark: Watermark | None) -> Image:
    """A page in its own light with its ground where its watermark is; `lit` is the page as if lit evenly."""
    return image if mark is None else np.where(mark.mask & (lit >= mark.shade), ground, image)


def _lightest(gray: Image) -> float:
    """The brightness from which on a page is paper."""
    soft = cv2.blur(gray[::2, ::2], (3, 3))
    paper = soft[soft > PAPER]
    middle = float(np.median(paper)) if len(paper) else 255.0
    grain = float(np.median(np.abs(paper - middle))) if len(paper) else 0.0
    return min(FAINTEST, middle - max(GRAIN * grain, LEAST))


def _darkness(gray: Image, lightest: float) -> Image:
    """The dark ink of a page (255): as dark as those of its strokes that are no watermark's, if it bears one. The
    strokes fall into two kinds by their darkest pixels."""
    inner = cv2.erode(gray, np.ones((5, 5), np.uint8)) == gray
    cores = gray[inner & (gray <= lightest)]
    if not len(cores):
        return np.zeros_like(gray)
    least, _ = cv2.threshold(cores.reshape(1, -1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray((gray <= min(max(least, DARK[0]), DARK[1])).astype(np.uint8) * 255)


def _faint(gray: Image, seal: Image, px: float, lightest: float, dark: Image) -> tuple[Image, Image]:
    """The ink (255) of a page that is neither dark nor beside dark ink, and no rule; and the rules (255)."""
    ink = (cv2.blur(gray, (3, 3)) <= lightest).astype(np.uint8) * 255
    rules = _rules(ink, px)
    beside = cv2.dilate(dark, np.ones((2 * RING + 1,) * 2, np.uint8)) > 0
    ink[beside | (cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0) | (seal > 0)] = 0
    return ink, rules


def _rules(ink: Image, px: float) -> Image:
    """Long slim level and upright runs of ink (255)."""
    broad = cv2.morphologyEx(ink, cv2.MORPH_OPEN, _kernel(THICK, px))
    slim = cv2.subtract(ink, cv2.dilate(broad, np.ones((3, 3), np.uint8)))
    out = np.zeros_like(ink)
    for shape in ((1, round(LONG * px)), (round(LONG * px), 1)):
        thick = cv2.dilate(slim, np.ones((3, 1) if shape[0] == 1 else (1, 3), np.uint8))
        out = np.maximum(out, cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(shape, np.uint8)))
    return np.asarray(cv2.bitwise_and(out, ink), dtype=np.uint8)


def _kernel(points: float, px: float) -> npt.NDArray[np.uint8]:
    return np.ones((max(round(points * px), 2),) * 2, np.uint8)


def _broad(faint: Image, gray: Image, lightest: float, px: float) -> Image:
    """The broad strokes (255) of faint ink, where there are enough of them; of two strokes that run into one another
    none is broad."""
    deep = np.where(gray <= lightest - (255 - lightest), faint, np.uint8(0))  # without the blurred edges
    size = max(int(BROAD * px), BROADEST)
    broad = cv2.morphologyEx(deep, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    return np.asarray(broad if cv2.countNonZero(broad) >= BROAD_INK * broad.size else np.zeros_like(broad), np.uint8)


def _crossings(faint: Image, rules: Image) -> Image:
    """The places of rules (255) on both sides of which, near by, faint ink stands."""
    out = np.zeros_like(faint)
    reach = 2 * RING + 3
    for across in (True, False):
        shape = (2 * reach + 1, 1) if across else (1, 2 * reach + 1)
        before = cv2.dilate(faint, np.ones(shape, np.uint8), anchor=(0, 0))
        after = cv2.dilate(faint, np.ones(shape, np.uint8), anchor=(0, 2 * reach) if across else (2 * reach, 0))
        out = np.maximum(out, cv2.bitwise_and(cv2.bitwise_and(before, after), rules))
    return np.asarray(out, np.uint8)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Pieces of ink: their numbers by pixel, their longer sides in points, their brightness, and which are of no
    other kind: edges of dark ink, rules, fills, what reaches the edge of the image."""

    labels: npt.NDArray[np.int32]
    sides: npt.NDArray[np.float64]
    levels: npt.NDArray[np.float64]
    own: npt.NDArray[np.bool_]

    def mask(self, which: npt.NDArray[np.bool_]) -> Image:
        """Those pieces (255)."""
        which = which.copy()
        which[0] = False
        return np.asarray(which.astype(np.uint8) * np.uint8(255))[self.labels]


def _pieces(faint: Image, gray: Image, dark: Image, px: float) -> _Pieces:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    both = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / px
    sides = both.max(axis=1)
    ruled = (sides >= LINE_LIKE[0]) & (both.min(axis=1) <= LINE_LIKE[1])
    at = np.flatnonzero(faint)
    mine = labels.ravel()[at]
    area = np.maximum(np.bincount(mine, minlength=count), 1)
    levels = np.bincount(mine, gray.ravel()[at].astype(np.float64), count) / area
    edge = cv2.dilate(dark, np.ones((2 * RING + 3,) * 2, np.uint8)).ravel()[at] > 0
    beside = np.bincount(mine[edge], minlength=count) / area
    own = (beside <= BESIDE) & ~ruled
    solid = cv2.morphologyEx(faint, cv2.MORPH_OPEN, np.ones((round(SOLID[1] * px), round(SOLID[0] * px)), np.uint8))
    own[labels[solid > 0]] = False
    own[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])] = False  # a scanner's lid, a shadow
    return _Pieces(np.asarray(labels, np.int32), np.asarray(sides, np.float64), levels, own)


class _Lines:
    """Lines of letters: ink that its gaps are bridged in."""

    def __init__(self, grown: Image, px: float) -> None:
        self.grown, self.px = grown, px
        self.count, labels = cv2.connectedComponents(grown, connectivity=8)
        self.labels = np.asarray(labels, np.int32)
        self.sides = np.zeros((self.count, 2))  # the longer and the shorter one, in pixels
        self.angles = np.zeros(self.count)  # degrees from the level, 0 to 90
        outlines, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for outline in outlines:
            number = int(self.labels[outline[0][0][1], outline[0][0][0]])
            _, (wide, high), angle = cv2.minAreaRect(outline)
            self.sides[number] = max(wide, high), min(wide, high)
            level = angle if wide >= high else angle + 90.0
            self.angles[number] = abs((level + 90.0) % 180.0 - 90.0)

    def turned(self) -> npt.NDArray[np.bool_]:
        """The lines that are neither level nor upright."""
        long, short = self.sides[:, 0], self.sides[:, 1]
        out: npt.NDArray[np.bool_] = (long >= LINE * short) & (long >= 8 * SMALLEST * self.px)
        return out & (self.angles > TURNED[0]) & (self.angles < TURNED[1])

    def scraps(self) -> npt.NDArray[np.bool_]:
        """What is no level or upright line of letters: single letters, and parts of turned lines."""
        aslant = (self.angles > TURNED[0]) & (self.angles < TURNED[1])
        out: npt.NDArray[np.bool_] = aslant | (self.sides[:, 0] < LINE * self.sides[:, 1])
        out[0] = False
        return out

    def like(self, shade: float, gray: Image, mask: Image) -> npt.NDArray[np.bool_]:
        """The lines whose pixels of a mask are of a shade."""
        of = self.labels[mask > 0]
        sums = np.bincount(of, gray[mask > 0].astype(np.float64), self.count)
        levels = sums / np.maximum(np.bincount(of, minlength=self.count), 1)
        out: npt.NDArray[np.bool_] = np.abs(levels - shade) <= ALIKE_SHADE
        return out

    def counts(self, mask: Image) -> npt.NDArray[np.int64]:
        """The pixels of a mask on each line."""
        return np.bincount(self.labels[mask > 0], minlength=self.count)

    def alike(self, proof: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """The lines as long and high as one of those, and turned alike."""
        known = np.flatnonzero(proof)
        out = np.zeros(self.count, dtype=np.bool_)
        for i in range(1, self.count):
            near = np.abs(self.sides[known] - self.sides[i]) <= ALIKE * self.sides[known]
            out[i] = bool((near.all(axis=1) & (np.abs(self.angles[known] - self.angles[i]) <= TURNED[0])).any())
        return out
