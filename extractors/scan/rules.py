"""The ruling lines of a page image: long runs of ink propose them, the strips between crossing rules confirm them.

A stroke of a character looks like a piece of a rule, and a faint rule like a row of specks. What tells them apart is
how they fill the strip between two rules that they cross: a rule runs from one to the other without a gap, with paper
on both sides of it; strokes end short of both. So each proposed line is measured strip by strip; a strip that is
inked only in part counts where the same line is strong in other strips and its ends are inked here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.rule_kinds import is_dashed
from extractors.scan.straighten import Image
from schemas.model import Rule

SHORTEST_ACROSS = 30.0  # points: shorter level strokes are strokes of characters
SHORTEST_DOWN = 11.0  # points: the same for upright ones; a row is hardly lower
SPECK = 4.0  # points: the shortest stroke that proposes where an upright rule may be
GAP = 6.0  # points: a break in a rule up to this long is bridged
THICKEST = 5.0  # points: thicker ink is a bar, not a rule
ENDS = 6.0  # points: how near rules must come to cross
SNAP = 2.0  # points: proposed lines nearer than this are one
DRIFT = 1.2  # points: how far a rule may wander off its line within a page
CHUNK = 40.0  # points: a strip is followed in pieces of this length, each with its own drift
LEVEL_INKED = 0.90  # of a strip that a level rule inks
UPRIGHT_INKED = 0.95  # of a strip that an upright rule inks: strokes of characters come nearer to that
OFTEN = 3  # strong strips of a line, with which a whole strip of it that ends a little short of a rule is of it too
PARTLY_INKED = 0.5  # of a strip, where the same line is strong elsewhere and its ends are inked here
ALONE = 0.45  # of a rule's length on which it has paper on both sides; strokes of characters have less
END_INKED = 0.5  # of the ends of a strip, where a rule meets what it crosses
END = 3.0  # points: how long such an end is
LONG_INKED = 0.75  # of an upright rule that crosses nothing
STICKS_OUT = 24.0  # points: how far letters above a table's corner may lengthen a rule
WITHIN_SEAL = 0.6  # of a stroke's length
UNDER_SEAL = 0.8  # of a strip: with more of it under a seal, what is seen of it says nothing
THROUGHOUT = 0.98  # of a strip beside a seal that is a clean line from end to end
SMEARED = 2.0  # pixels by which a seal may make a rule under it look thicker
HALF_SEEN = 0.5  # of a strip: with more of it under a seal, what is seen of it is weak evidence
ROW = 30.0  # points: an upright strip so short may be a stroke of a character that fills its row
JOINT = 0.3  # points: more paper between such a strip and the rule that it meets, and it is none


@dataclass(frozen=True, slots=True)
class Strip:
    """How a line fills the way between two rules, in shares: `inked`, `alone` (with paper on both sides), `ends`
    (the lesser of its two ends), `hidden` (near a seal), `through` and `clear` (like `inked` and `alone`, but under
    the seal too), `under` (its own ink is a seal's). `width` is its thickness in pixels, `breadth` that under the seal
    too, which only strips near a seal have; `track` the position of its middle, one for each pixel from `start` on.
    `joined` is false where a strip may be a stroke of a character that fills its row."""

    start: int
    inked: float
    alone: float
    ends: float
    hidden: float
    through: float
    clear: float
    under: float
    width: float
    breadth: float
    track: npt.NDArray[np.int64]
    joined: bool = True


@dataclass(frozen=True, slots=True)
class DrawnRules:
    """The rules of a page in points, those of them whose ink alone is weak evidence, and the mask of their pixels."""

    rules: tuple[Rule, ...]
    weak: frozenset[Rule]
    drawn: Image


NOTHING = Strip(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, np.zeros(0, np.int64))


def find_rules(mask: Image, seal: Image, dpi: float) -> DrawnRules:
    """The rules of a page. `mask` is ink (255), `seal` what seals cover."""
    px = dpi / 72.0
    across = [r for r in _strokes(mask, px, SHORTEST_ACROSS, vertical=False) if not _of_seal(r, seal, px)]
    proposed = _strokes(mask, px, SHORTEST_DOWN, vertical=True)
    specks = _strokes(mask, px, SPECK, vertical=True)
    if seal.any():  # a rule that runs into the ring of a seal makes one piece of ink with it
        bare = cv2.subtract(mask, seal)
        across += _strokes(bare, px, SHORTEST_ACROSS, vertical=False)  # type: ignore[arg-type]
        proposed += _strokes(bare, px, SHORTEST_DOWN, vertical=True)  # type: ignore[arg-type]
    drawn = np.zeros_like(mask)
    level = _Lines(mask.T, seal.T, px, vertical=False)
    upright = _Lines(mask, seal, px, vertical=True)
    down = upright.confirm(proposed, proposed, across, None)
    across = level.confirm(across, across, down, None)
    down = upright.confirm([*proposed, *_along(specks, down)], proposed, across, drawn)
    across = level.confirm(across, across, down, drawn.T)
    return DrawnRules((*across, *down), frozenset([*level.weak, *upright.weak]), drawn)


class _Lines:
    """Confirms the lines of one direction. The ink is held so that lines run down its rows."""

    def __init__(self, mask: Image, seal: Image, px: float, *, vertical: bool) -> None:
        self.mask = np.ascontiguousarray(mask > 0)
        self.seal = np.ascontiguousarray(seal > 0)
        self.px = px
        self.vertical = vertical
        self.enough = UPRIGHT_INKED if vertical else LEVEL_INKED
        self.reach = max(2, round(DRIFT * px))  # pixels
        self.side = round(THICKEST * px)
        # by the column of a line: whether its row bears ink as near as a rule may wander, and a seal near it
        self.near = _spread(self.mask, self.reach + 1)
        self.near_seal = _spread(self.seal, self.side)
        self.weak: list[Rule] = []  # of the last confirmed ones

    def confirm(
        self, proposed: Sequence[Rule], strokes: Sequence[Rule], crossing: Sequence[Rule], drawn: Image | None
    ) -> list[Rule]:
        """The rules on the lines of `proposed`; `strokes` are long runs of ink, for what runs beyond all crossing
        rules. Pixels of confirmed rules are drawn into `drawn`."""
        out: list[Rule] = []
        self.weak = []
        for members in _clusters(proposed):
            weight = sum(r.end - r.start for r in members)
            at = sum(r.at * (r.end - r.start) for r in members) / weight
            stops = _stops(at, crossing)
            own = [s for s in strokes if abs(s.at - at) <= SNAP]
            out += self._on_line(at, stops, own, strokes, drawn)
        return out

    def _on_line(
        self, at: float, stops: list[float], own: Sequence[Rule], strokes: Sequence[Rule], drawn: Image | None
    ) -> list[Rule]:
        spans = [(a, b) for a, b in itertools.pairwise(stops) if b - a > SNAP]
        strips = [self.measure(at, a, b) for a, b in spans]
        strong = [s.hidden <= UNDER_SEAL and s.inked >= self.enough and s.alone >= ALONE and s.joined for s in strips]
        kept = [
            (a, b, strip)
            for i, ((a, b), strip) in enumerate(zip(spans, strips, strict=True))
            if strong[i] or self._partly(strips, strong, i)
        ]
        kept += self._beyond(at, stops, own, strokes)
        rules = []
        ends = [e for a, b, _ in kept for e in (a, b)]
        for a, b, strip in kept:
            self._draw(strip, drawn)
            if not len(strip.track):
                continue
            rules.append(Rule(self.vertical, (float(strip.track.mean()) + 0.5) / self.px, a, b))
            alone = ends.count(a) + ends.count(b) == 2  # no further piece of this line goes on from here
            if strip.inked < self.enough or strip.hidden > HALF_SEEN or alone:
                self.weak.append(rules[-1])
        return rules

    def _partly(self, strips: list[Strip], strong: list[bool], i: int) -> bool:
        """Whether a faint or covered piece is of a rule that is strong elsewhere."""
        strip = strips[i]
        if strip.hidden > UNDER_SEAL:
            ways = (range(i - 1, -1, -1), range(i + 1, len(strips)))
            nearest = [next((k for k in way if strips[k].hidden <= UNDER_SEAL), None) for way in ways]
            clean = min(strip.through, strip.clear, strip.ends) >= THROUGHOUT
            if clean and strip.under <= HALF_SEEN:  # beside a seal's ring, and not the ring itself
                return True
            if strip.through >= self.enough and all(strong[k] for k in nearest if k is not None) and any(strong):
                return True
            return any(strong[k] and self._goes_on(strips, i, k) for k in nearest if k is not None)
        beside = sum(strong[k] for k in (i - 1, i + 1) if 0 <= k < len(strong))
        known = beside > 0 or sum(strong) >= 2
        if not strip.joined:
            known = beside == 2 or (sum(strong) >= OFTEN and min(strip.inked, strip.alone, strip.ends) >= self.enough)
        return known and strip.inked >= PARTLY_INKED and strip.alone >= ALONE and strip.ends >= END_INKED

    def _goes_on(self, strips: list[Strip], i: int, k: int) -> bool:
        """Whether the line of strip `k` is seen under a seal as far as strip `i`, as thin and without a gap: it may end
        where a wider cell begins, so that nothing of it is on the other side."""
        step = 1 if k < i else -1
        way = [strips[n] for n in range(k + step, i + step, step)]
        return all(min(s.through, s.ends) >= THROUGHOUT and s.breadth <= strips[k].width + SMEARED for s in way)

    def _beyond(
        self, at: float, stops: list[float], own: Sequence[Rule], strokes: Sequence[Rule]
    ) -> list[tuple[float, float, Strip]]:
        """Pieces that run on beyond the last rule that they cross: of a row that a page break cut, where others that
        cross that rule end alike. Letters above or below a table's corner do not count."""
        if not stops:
            long = [s for s in own if s.end - s.start >= (3 * SHORTEST_DOWN if self.vertical else SHORTEST_ACROSS)]
            strips = [(s.start, s.end, self.measure(at, s.start, s.end)) for s in long]
            return [piece for piece in strips if piece[2].inked >= LONG_INKED and piece[2].alone >= ALONE]
        out = []
        for s in own:
            for a, b, low in ((s.start, min(stops), False), (max(stops), s.end, True)):
                if b - a <= ENDS / 2 or not self._reaches(s, stops):
                    continue
                strip = self.measure(at, a, b)
                met = [o for o in strokes if (o.start < a - SNAP if low else o.end > b + SNAP)]
                others = [o.end if low else o.start for o in met]
                alike = sum(1 for other in others if abs(other - (b if low else a)) <= ENDS / 2) >= 3
                if strip.inked >= self.enough and strip.alone >= ALONE and (alike or b - a >= STICKS_OUT):
                    out.append((a, b, strip))
        return out

    def _reaches(self, stroke: Rule, stops: list[float]) -> bool:
        return stroke.start - ENDS <= max(stops) and stroke.end + ENDS >= min(stops)

    def measure(self, at: float, start: float, end: float) -> Strip:
        """How the line at `at` fills the way from `start` to `end` (points)."""
        inside = min(2.0 / self.px * 2, (end - start) / 4)  # the crossing rules' own ink is no part of it
        a, b = round((start + inside) * self.px), round((end - inside) * self.px)
        a, b = max(a, 0), min(b, self.mask.shape[0])
        reach, side = self.reach, self.side
        middle = round(at * self.px - 0.5)
        if b - a < 2 or middle - reach - side < 0 or middle + reach + side >= self.mask.shape[1]:
            middle = min(max(middle, reach + side), self.mask.shape[1] - reach - side - 1)
            if b - a < 2 or middle < reach + side:
                return NOTHING
        hidden = self.near_seal[middle, a:b]
        if np.count_nonzero(self.near[middle, a:b] | hidden) < PARTLY_INKED * (b - a):
            return NOTHING  # most strips: they are not worth a closer look
        window = self.mask[a:b, middle - reach - side : middle + reach + side + 1]
        track = np.zeros(b - a, dtype=np.int64)
        step = max(8, round(CHUNK * self.px))
        for y in range(0, b - a, step):
            piece = window[y : y + step, side - 1 : side + 2 * reach + 2]
            seen = piece[:, :-2] | piece[:, 1:-1] | piece[:, 2:]
            counts = seen.sum(axis=0) + 0.3 * piece[:, 1:-1].sum(axis=0)
            counts = counts - 0.01 * np.abs(np.arange(len(counts)) - reach)
            track[y : y + step] = int(np.argmax(counts))
        rows = np.arange(b - a)
        centre = track + side
        beside = window[rows[:, None], centre[:, None] + np.arange(-side, side + 1)]  # the line in the middle column
        near = beside[:, side - 1 : side + 2].any(axis=1)
        widths = _run(beside[:, side + 1 :]) + _run(beside[:, side - 1 :: -1]) + 1
        inked = near & ~hidden
        known = ~hidden
        thickness = np.sort(widths[inked])
        width = float(thickness[int(0.3 * (len(thickness) - 1))]) if len(thickness) else 0.0
        alone = float((widths[inked] <= width + 2).mean()) if inked.any() else 0.0
        sealed = bool(hidden.any() and near.any())  # nobody asks for the next two elsewhere
        breadth = float(np.median(widths[near])) if sealed else 0.0
        clear = float((widths[near] <= breadth + 2).mean()) if sealed else 0.0
        own = self.seal[a + rows, middle - reach - side + centre] if hidden.any() else hidden
        if width > THICKEST * self.px:
            alone = 0.0
        end_rows = max(2, round(END * self.px))
        dashed = is_dashed(near, self.px)  # a dashed rule may begin and end with paper
        ends = 1.0 if dashed else min(float(near[:end_rows].mean()), float(near[-end_rows:].mean()))
        share = float(inked.sum() / known.sum()) if known.any() else float(near.mean())
        through = float(near.mean())
        return Strip(
            a,
            share,
            alone,
            ends,
            float(hidden.mean()),
            through,
            clear,
            float(own.mean()),
            width,
            breadth,
            track + middle - reach,
            dashed or not self.vertical or end - start > ROW or self._joined(start, end, a, b, track + middle - reach),
        )

    def _joined(self, start: float, end: float, a: int, b: int, track: npt.NDArray[np.int64]) -> bool:
        """Whether ink goes on from both ends of a strip (its pixels `a` to `b`) to the rules at `start` and `end`."""
        bearable = int(JOINT * self.px)
        for rows, at in (
            (slice(max(round(start * self.px), 0), a), track[0]),
            (slice(b, round(end * self.px)), track[-1]),
        ):
            near = self.mask[rows, at - 1 : at + 2] | self.seal[rows, at - 1 : at + 2]
            if np.count_nonzero(~near.any(axis=1)) > bearable:
                return False
        return True

    def _draw(self, strip: Strip, drawn: Image | None) -> None:
        if drawn is None or not len(strip.track):
            return
        half = int(strip.width / 2) + 1
        slack = round(3 * self.px)  # up to and over the crossing rules
        start = max(strip.start - slack, 0)
        end = min(strip.start + len(strip.track) + slack, self.mask.shape[0])
        rows = np.arange(start, end)
        track = strip.track[np.clip(rows - strip.start, 0, len(strip.track) - 1)]
        for shift in range(-half, half + 1):
            cols = np.clip(track + shift, 0, self.mask.shape[1] - 1)
            drawn[rows, cols] = np.where(self.mask[rows, cols], 255, drawn[rows, cols])


def _spread(mask: npt.NDArray[np.bool_], reach: int) -> npt.NDArray[np.bool_]:
    """A mask (rows × columns) grown sideways by `reach` pixels, as columns × rows."""
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((1, 2 * reach + 1), np.uint8)) if mask.any() else mask
    return np.ascontiguousarray(grown.T > 0)


def _run(inked: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many inked pixels stand at the beginning of each row before the first that is none."""
    whole = inked.all(axis=1)
    return np.where(whole, inked.shape[1], inked.argmin(axis=1))


def _clusters(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Strokes that lie on one line: their positions differ by less than SNAP from the longest of them."""
    left = sorted(rules, key=lambda r: (r.start - r.end, r.at))
    out: list[list[Rule]] = []
    for rule in left:
        for members in out:
            if abs(members[0].at - rule.at) <= SNAP:
                members.append(rule)
                break
        else:
            out.append([rule])
    return sorted(out, key=lambda m: m[0].at)


def _stops(at: float, crossing: Sequence[Rule]) -> list[float]:
    """Where other rules cross the line at `at`, nearer ones than SNAP taken together."""
    out: list[float] = []
    for y in sorted(r.at for r in crossing if r.start - ENDS <= at <= r.end + ENDS):
        if not out or y - out[-1] > SNAP:
            out.append(y)
    return out


def _along(specks: Sequence[Rule], rules: Sequence[Rule]) -> list[Rule]:
    """Short strokes that lie on the line of a confirmed rule: more of the same rule, perhaps."""
    return [s for s in specks if any(abs(s.at - r.at) <= SNAP for r in rules)]


def _strokes(mask: Image, px: float, shortest: float, *, vertical: bool) -> list[Rule]:
    """Long thin runs of ink, in points."""
    gap = max(1, round(min(GAP, shortest / 2) * px * 0.5))
    length = max(3, round(shortest * px * 0.6))

    def kernel(n: int) -> Any:
        return np.ones((n, 1) if vertical else (1, n), np.uint8)

    # a tilt that is left smears a rule over two rows of pixels: thicken it by one before looking for long runs
    thick = cv2.dilate(mask, np.ones((1, 3) if vertical else (3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel(length))
    runs = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, kernel(2 * gap + 1))
    count, _, stats, middles = cv2.connectedComponentsWithStats(runs, connectivity=8)
    rules: list[Rule] = []
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        long, wide = (h, w) if vertical else (w, h)
        if long < shortest * px or area / long > THICKEST * px or wide > max(THICKEST * px, 0.03 * long + 4):
            continue
        at = float(middles[i][0] if vertical else middles[i][1]) + 0.5
        start, end = (y, y + h) if vertical else (x, x + w)
        rules.append(Rule(vertical, at / px, start / px, end / px))
    return rules


def _of_seal(rule: Rule, seal: Image, px: float) -> bool:
    """Whether a level stroke lies within a seal from end to end: a stroke of its star or letters."""
    y = round(rule.at * px)
    band = seal[max(y - 1, 0) : y + 2, round(rule.start * px) : round(rule.end * px) + 1]
    return band.size > 0 and float((band.max(axis=0) > 0).mean()) >= WITHIN_SEAL
