"""What the ink of a straightened page is: seals, rules, and the text that stays when both are taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from extractors.opencv import cv2
from extractors.scan.grounds import darker_than, ground_of
from extractors.scan.rule_kinds import solid_rules
from extractors.scan.rules import find_rules
from extractors.scan.straighten import Image, ink_mask
from extractors.scan.watermarks import find_watermark, on_ground, without_watermark
from schemas.frozen import dataclass
from schemas.model import Rule

SEAL_CHROMA = 45  # how much redder than green and blue a pixel of a seal is, of 255
SEAL_SHARE = 0.0004  # of the page: less red than this is no seal
MUCH_RED = 0.004  # of the page: so much red is a seal however it is broken up
SEAL_SIDE = 0.025  # of the page's longer side: less red than MUCH_RED is a seal where one piece is so large both ways;
# the coloured fringes that a camera or a JPEG leaves beside letters are slim
DARKEST = 0.1  # percent of a page's pixels that count as its darkest
FAINTEST = 140.0  # brightness, of 255, of the faintest ink that is stretched to black
EVEN = 5  # levels, of 255, between the lightest and the darkest of a page: stretched, so few are paper still
TAKEN_BACK = 2.0  # points to both sides of a rule whose ink is given back to the text
INK_OVER_RED = (60, 190)  # red channel under a seal: darker is ink, lighter is paper or seal


@dataclass(frozen=True, slots=True)
class Ink:
    """`gray` is the page without seals and shadows, `text` the mask (255) of its ink without rules, `seal` the
    mask of what seals cover. `rules` are in points; the ink of `weak` ones alone does not prove them."""

    gray: Image
    text: Image
    seal: Image
    rules: tuple[Rule, ...]
    weak: frozenset[Rule] = frozenset()


@dataclass(frozen=True, slots=True)
class Cleared:
    """A page before its rules are found: `gray` and `seal` as of its ink, the `mask` (255) of its ink with its rules,
    and the page in its own light and its ink as rules are looked for in (`bare`, `bare_mask`)."""

    gray: Image
    seal: Image
    mask: Image
    bare: Image
    bare_mask: Image
    dpi: float


def is_even(image: Image) -> bool:
    """Whether a page (RGB) is of one colour from edge to edge: nothing can be read on it."""
    return all(int(image[..., i].max()) - int(image[..., i].min()) <= EVEN for i in range(3))


def without_ink(image: Image) -> Ink:
    """What there is on an even page."""
    nothing = np.zeros(image.shape[:2], np.uint8)
    return Ink(np.full_like(nothing, 255), nothing, nothing, ())


def read_ink(image: Image, dpi: float) -> Ink:
    """Take a straightened RGB page apart."""
    return ink_of(cleared(image, dpi))


def cleared(image: Image, dpi: float) -> Cleared:
    """A straightened RGB page without what lies over it."""
    px = dpi / 72.0
    seal = seal_mask(image)
    lifted = without_seal(image, seal, lift=True)
    ground = ground_of(lifted, px)
    lit = even_light(lifted)
    watermark = find_watermark(lit, ground, seal, px)
    gray = without_watermark(lit, watermark)
    mask = ink_mask(gray)
    bare, bare_mask = lifted, mask
    if watermark is not None or seal.any():
        # rules are fainter than letters: they are looked for where the red channel still shows them under a seal
        bare = on_ground(without_seal(image, seal, lift=False), lit, ground, watermark)
        bare_mask = ink_mask(even_light(bare))
    return Cleared(gray, seal, darker_than(mask, lifted, ground, px), bare, bare_mask, dpi)


def ink_of(page: Cleared) -> Ink:
    """The ink of a page, with its rules and its text apart."""
    # tints are looked for in the light as it was: evened out, a tinted area is paper
    drawn = find_rules(solid_rules(page.bare_mask, page.bare, page.dpi / 72.0), page.seal, page.dpi)
    text = cv2.subtract(page.mask, drawn.drawn)
    return Ink(page.gray, np.asarray(text, dtype=np.uint8), page.seal, drawn.rules, drawn.weak)


def without_rules(ink: Ink, wrong: frozenset[Rule], px: float) -> Ink:
    """The ink with some of its rules (points, `px` pixels each) taken back: their pixels are text again."""
    if not wrong:
        return ink
    text, whole = ink.text.copy(), ink_mask(ink.gray)
    for rule in wrong:
        along = slice(max(int(rule.start * px), 0), int(rule.end * px) + 1)
        over = slice(max(int((rule.at - TAKEN_BACK) * px), 0), int((rule.at + TAKEN_BACK) * px) + 1)
        where = (along, over) if rule.vertical else (over, along)
        text[where] = whole[where]
    return replace(ink, text=text, rules=tuple(r for r in ink.rules if r not in wrong), weak=ink.weak - wrong)


def seal_mask(image: Image) -> Image:
    """Where red ink of a seal lies (255), grown by its blurred edge; empty where the page bears none."""
    red, green, blue = cv2.split(image)
    _, redder = cv2.threshold(cv2.subtract(red, cv2.max(green, blue)), SEAL_CHROMA, 255, cv2.THRESH_BINARY)
    mask = np.asarray(redder, dtype=np.uint8)
    if cv2.countNonZero(mask) < SEAL_SHARE * mask.size:
        return np.zeros_like(mask)
    grown = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8), iterations=2), dtype=np.uint8)
    if cv2.countNonZero(mask) < MUCH_RED * mask.size:
        _, _, pieces, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
        sides = pieces[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].min(axis=1)
        if sides.max(initial=0) < SEAL_SIDE * max(mask.shape):
            return np.zeros_like(mask)
    return grown


def without_seal(image: Image, seal: Image, *, lift: bool) -> Image:
    """The page in grey; where a seal lies, by the red channel alone, in which red ink is nearly as light as paper.
    `lift` makes what is left of the seal white, and with it the faintest rules."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    if not seal.any():
        return gray
    under = np.arange(256, dtype=np.float32)
    if lift:
        dark, light = INK_OVER_RED
        under = np.clip((under - dark) * 255.0 / (light - dark), 0, 255)
    return np.where(seal > 0, under.astype(np.uint8)[image[..., 0]], gray)


def even_light(gray: Image) -> Image:
    """The page as if lit evenly: brightness relative to the paper around, ink stretched to black."""
    size = max(gray.shape)
    small = cv2.resize(gray, None, fx=400 / size, fy=400 / size, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    paper = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    level: Any = cv2.divide(gray, cv2.max(paper, 1), scale=255.0, dtype=cv2.CV_32F)  # type: ignore[call-overload]
    np.minimum(level, 255, out=level)
    # the darkest ink, a page with hardly any has it too; to stretch its paper would make ink of its grain
    darkest = min(float(np.percentile(level[::4, ::4], DARKEST)), FAINTEST)
    if darkest > 60:
        level -= darkest
        level *= 255.0
        level /= max(255.0 - darkest, 1)
        np.clip(level, 0, 255, out=level)
    return np.asarray(level, dtype=np.uint8)
