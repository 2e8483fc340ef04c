"""The ruling lines of a page image: long runs of ink propose them, the strips between crossing rules confirm them.

A stroke of a character looks like a piece of a rule, and a faint rule like a row of specks. What tells them apart is
how they fill the strip between two rules that they cross: a rule runs from one to the other without a gap, with paper
on both sides of it; strokes end short of both. So each proposed line is measured strip by strip; a strip that is
inked only in part counts where the same line is strong in other strips and its ends are inked here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.pieces import Numbers, find_pieces
from extractors.scan.rule_kinds import FEWEST_DOTS, is_dashed
from extractors.scan.runs import closed, opened, stroke
from extractors.scan.straighten import Image
from schemas.frozen import dataclass
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
BATCH = 50_000  # pixels along lines that are looked at at once: more takes memory, fewer take time
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
    across = _strokes(mask, px, (SHORTEST_ACROSS,), vertical=False)[0]
    across = [r for r in across if not _of_seal(r, seal, px)]
    proposed, specks = _strokes(mask, px, (SHORTEST_DOWN, SPECK), vertical=True)
    if seal.any():  # a rule that runs into the ring of a seal makes one piece of ink with it
        bare = np.asarray(cv2.subtract(mask, seal), dtype=np.uint8)
        across += _strokes(bare, px, (SHORTEST_ACROSS,), vertical=False)[0]
        proposed += _strokes(bare, px, (SHORTEST_DOWN,), vertical=True)[0]
    drawn = np.zeros_like(mask)
    level = _Lines(_turned(mask), _turned(seal), px, vertical=False)
    upright = _Lines(mask, seal, px, vertical=True)
    down = upright.confirm(proposed, proposed, across, None)
    across = level.confirm(across, across, down, None)
    down = upright.confirm([*proposed, *_along(specks, down)], proposed, across, drawn)
    across = level.confirm(across, across, down, drawn.T)
    return DrawnRules((*across, *down), frozenset([*level.weak, *upright.weak]), drawn)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line on which there may be rules: where it lies, where others cross it, the strokes on it, and its pieces that
    are measured: `inner` from rule to rule, `outer` beyond the last ones, or all of it where it crosses none. Of an
    outer piece the last value is whether it lies beyond the last rule, not before the first."""

    at: float
    stops: list[float]
    inner: list[tuple[float, float]]
    outer: list[tuple[float, float, bool]]


class _Lines:
    """Confirms the lines of one direction. The ink is held so that lines run down its rows."""

    def __init__(self, mask: Image, seal: Image, px: float, *, vertical: bool) -> None:
        self.mask = mask > 0
        self.seal = seal > 0
        self.px = px
        self.vertical = vertical
        self.enough = UPRIGHT_INKED if vertical else LEVEL_INKED
        self.reach = max(2, round(DRIFT * px))  # pixels
        self.side = round(THICKEST * px)
        # by the column of a line: whether a seal is near its row, and ink as near as a rule may wander, or a seal
        self.near_seal = _spread(self.seal, self.side)
        self.near = _spread(self.mask, self.reach + 1) | self.near_seal
        if vertical:
            self.covered = _spread(self.mask | self.seal, 1)
        self.weak: list[Rule] = []  # of the last confirmed ones

    def confirm(
        self, proposed: Sequence[Rule], strokes: Sequence[Rule], crossing: Sequence[Rule], drawn: Image | None
    ) -> list[Rule]:
        """The rules on the lines of `proposed`; `strokes` are long runs of ink, for what runs beyond all crossing
        rules. Pixels of confirmed rules are drawn into `drawn`."""
        lines = [self._line(members, strokes, crossing) for members in _clusters(proposed)]
        ways = [(line.at, start, end) for line in lines for start, end, *_ in (*line.inner, *line.outer)]
        strips = iter(self.measure(ways))
        out: list[Rule] = []
        self.weak = []
        kept: list[Strip] = []
        for line in lines:
            inner = [(a, b, next(strips)) for a, b in line.inner]
            outer = [(a, b, low, next(strips)) for a, b, low in line.outer]
            pieces = [*self._between(inner), *self._beyond(line, outer, strokes)]
            out += self._rules(pieces)
            kept += [strip for _, _, strip in pieces]
        if drawn is not None:
            kept = [strip for strip in kept if len(strip.track)]
            for part in _batches([len(strip.track) for strip in kept]):
                self._draw(kept[part], drawn)
        return out

    def _line(self, members: Sequence[Rule], strokes: Sequence[Rule], crossing: Sequence[Rule]) -> _Line:
        weight = sum(r.end - r.start for r in members)
        at = sum(r.at * (r.end - r.start) for r in members) / weight
        stops = _stops(at, crossing)
        own = [s for s in strokes if abs(s.at - at) <= SNAP]
        inner = [(a, b) for a, b in itertools.pairwise(stops) if b - a > SNAP]
        outer: list[tuple[float, float, bool]] = []
        if stops:
            for s in own:
                ends = (s.start, min(stops), False), (max(stops), s.end, True)
                outer += [e for e in ends if e[1] - e[0] > ENDS / 2 and self._reaches(s, stops)]
        else:
            shortest = 3 * SHORTEST_DOWN if self.vertical else SHORTEST_ACROSS
            outer = [(s.start, s.end, False) for s in own if s.end - s.start >= shortest]
        return _Line(at, stops, inner, outer)

    def _between(self, pieces: list[tuple[float, float, Strip]]) -> list[tuple[float, float, Strip]]:
        """The pieces of a line between two rules that are of a rule."""
        strips = [strip for _, _, strip in pieces]
        strong = [s.hidden <= UNDER_SEAL and s.inked >= self.enough and s.alone >= ALONE and s.joined for s in strips]
        return [piece for i, piece in enumerate(pieces) if strong[i] or self._partly(strips, strong, i)]

    def _rules(self, pieces: Sequence[tuple[float, float, Strip]]) -> list[Rule]:
        """The rules that the pieces of a line are."""
        rules = []
        ends = [e for a, b, _ in pieces for e in (a, b)]
        for a, b, strip in pieces:
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
        self, line: _Line, pieces: Sequence[tuple[float, float, bool, Strip]], strokes: Sequence[Rule]
    ) -> list[tuple[float, float, Strip]]:
        """Pieces that run on beyond the last rule that they cross: of a row that a page break cut, where others that
        cross that rule end alike. Letters above or below a table's corner do not count."""
        least = self.enough if line.stops else LONG_INKED
        out = []
        for a, b, low, strip in pieces:
            if strip.inked < least or strip.alone < ALONE:
                continue
            if line.stops and b - a < STICKS_OUT:
                met = [o for o in strokes if (o.start < a - SNAP if low else o.end > b + SNAP)]
                others = [o.end if low else o.start for o in met]
                if sum(1 for other in others if abs(other - (b if low else a)) <= ENDS / 2) < 3:
                    continue
            out.append((a, b, strip))
        return out

    def _reaches(self, stroke: Rule, stops: list[float]) -> bool:
        return stroke.start - ENDS <= max(stops) and stroke.end + ENDS >= min(stops)

    def measure(self, ways: Sequence[tuple[float, float, float]]) -> list[Strip]:
        """How lines fill the ways along them: (at, start, end) of each, in points. Many are measured at once."""
        strips = [NOTHING] * len(ways)
        spots = [(i, *spot) for i, way in enumerate(ways) if (spot := self._spot(*way)) is not None]
        for part in _batches([stop - start for _, start, stop, _ in spots]):
            which, starts, stops, middles = np.array(spots[part], np.int64).T
            for i, strip in zip(which, self._closely(starts, stops, middles), strict=True):
                _, start, end = ways[i]
                if self.vertical and not strip.joined and end - start <= ROW:
                    strips[i] = replace(strip, joined=self._joined(start, end, strip))
                else:
                    strips[i] = replace(strip, joined=True)
        return strips

    def _spot(self, at: float, start: float, end: float) -> tuple[int, int, int] | None:
        """The pixels of a way (the first, the one behind the last, the column of its middle); None where too few of
        them bear ink for a rule: most ways are not worth a closer look."""
        inside = min(2.0 / self.px * 2, (end - start) / 4)  # the crossing rules' own ink is no part of it
        a, b = max(round((start + inside) * self.px), 0), min(round((end - inside) * self.px), self.mask.shape[0])
        margin = self.reach + self.side
        middle = min(max(round(at * self.px - 0.5), margin), self.mask.shape[1] - margin - 1)
        if b - a < 2 or middle < margin:
            return None
        return (a, b, middle) if np.count_nonzero(self.near[middle, a:b]) >= PARTLY_INKED * (b - a) else None

    def _closely(self, starts: Numbers, stops: Numbers, middles: Numbers) -> list[Strip]:
        """The strips of ways of pixels; here `joined` tells whether one is dashed, and may begin and end with paper."""
        rows, of, first = _rows(starts, stops)
        length = stops - starts
        track = self._track(rows, of, rows - starts[of], middles) + (middles - self.reach)[of]
        side = self.side
        beside = self.mask.ravel()[(rows * self.mask.shape[1] + track)[:, None] + np.arange(-side, side + 1)]
        near = beside[:, side - 1 : side + 2].any(axis=1)
        widths = _run(beside[:, side + 1 :]) + _run(beside[:, side - 1 :: -1]) + 1
        hidden = self.near_seal[middles[of], rows]
        inked = near & ~hidden

        def count(what: npt.NDArray[np.bool_]) -> Numbers:
            return np.add.reduceat(what, first, dtype=np.int64)

        seen, covered, whole = count(inked), count(hidden), count(near)
        width = _lower_third(widths[inked], of[inked], seen)
        alone = count(inked & (widths <= width[of] + 2)) / np.maximum(seen, 1)
        alone[width > THICKEST * self.px] = 0.0
        share = np.where(covered < length, seen / np.maximum(length - covered, 1), whole / length)
        short = np.minimum(max(2, round(END * self.px)), length)
        sums = np.concatenate([[0], np.cumsum(near)])
        stop = first + length
        ends = np.minimum(sums[first + short] - sums[first], sums[stop] - sums[stop - short]) / short
        begun = near & ~np.concatenate([[False], near[:-1]])
        begun[first] = near[first]
        runs = count(begun)
        strips = []
        for i in range(len(first)):
            part = slice(first[i], stop[i])
            dashed = bool(runs[i] >= FEWEST_DOTS) and is_dashed(near[part], self.px)
            breadth = clear = under = 0.0
            if covered[i]:  # nobody asks for these elsewhere
                under = float(self.seal[rows[part], track[part]].mean())
                if whole[i]:
                    breadth = float(np.median(widths[part][near[part]]))
                    clear = float((widths[part][near[part]] <= breadth + 2).mean())
            strips.append(
                Strip(
                    int(starts[i]),
                    float(share[i]),
                    float(alone[i]),
                    1.0 if dashed else float(ends[i]),
                    float(covered[i] / length[i]),
                    float(whole[i] / length[i]),
                    clear,
                    under,
                    float(width[i]),
                    breadth,
                    track[part],
                    dashed,
                )
            )
        return strips

    def _track(self, rows: Numbers, of: Numbers, along: Numbers, middles: Numbers) -> Numbers:
        """How far right of the first column that it may lie on a line runs, pixel by pixel: where most of a piece of it
        is inked. `along` is how far on its way a pixel is."""
        reach = self.reach
        columns = (rows * self.mask.shape[1] + middles[of] - reach - 1)[:, None] + np.arange(2 * reach + 3)
        piece = self.mask.ravel()[columns]
        seen = piece[:, :-2] | piece[:, 1:-1] | piece[:, 2:]
        chunks = np.flatnonzero(along % max(8, round(CHUNK * self.px)) == 0)
        counts = np.add.reduceat(seen, chunks, dtype=np.int64) + 0.3 * np.add.reduceat(
            piece[:, 1:-1], chunks, dtype=np.int64
        )
        counts = counts - 0.01 * np.abs(np.arange(2 * reach + 1) - reach)
        track: Numbers = np.repeat(np.argmax(counts, axis=1), np.diff(np.append(chunks, len(rows))))
        return track

    def _joined(self, start: float, end: float, strip: Strip) -> bool:
        """Whether ink goes on from both ends of a strip to the rules at `start` and `end`."""
        last = strip.start + len(strip.track)
        beyond = (
            self.covered[strip.track[0], max(round(start * self.px), 0) : strip.start],
            self.covered[strip.track[-1], last : round(end * self.px)],
        )
        return all(len(ink) - np.count_nonzero(ink) <= int(JOINT * self.px) for ink in beyond)

    def _draw(self, strips: Sequence[Strip], drawn: Image) -> None:
        slack = round(3 * self.px)  # up to and over the crossing rules
        starts, lengths = np.array([(strip.start, len(strip.track)) for strip in strips], np.int64).T
        half = np.array([int(strip.width / 2) + 1 for strip in strips], np.int64)
        ends = np.minimum(starts + lengths + slack, self.mask.shape[0])
        rows, of, _ = _rows(np.maximum(starts - slack, 0), ends)
        along = np.clip(rows - starts[of], 0, lengths[of] - 1)
        track = np.concatenate([strip.track for strip in strips])[(np.cumsum(lengths) - lengths)[of] + along]
        for shift in range(-int(half.max()), int(half.max()) + 1):
            own = half[of] >= abs(shift)
            across, down = np.clip(track[own] + shift, 0, self.mask.shape[1] - 1), rows[own]
            inked = self.mask[down, across]
            drawn[down[inked], across[inked]] = 255


def _batches(lengths: Sequence[int]) -> Iterator[slice]:
    """Parts of a list of things of some lengths (pixels), none of them much longer than BATCH in all."""
    start = whole = 0
    for i, length in enumerate(lengths):
        whole += length
        if whole >= BATCH or i == len(lengths) - 1:
            yield slice(start, i + 1)
            start, whole = i + 1, 0


def _rows(starts: Numbers, stops: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The pixels from each start to its stop, one after the other; which of them each is of; where each begins."""
    length = np.maximum(stops - starts, 0)
    of = np.repeat(np.arange(len(length)), length)
    first = np.cumsum(length) - length
    return np.arange(len(of)) - first[of] + starts[of], of, first


def _lower_third(values: Numbers, of: Numbers, counts: Numbers) -> npt.NDArray[np.float64]:
    """Of each group of values the one that three in ten lie below; 0 for a group without any."""
    out = np.zeros(len(counts))
    there = np.flatnonzero(counts)
    first = (np.cumsum(counts) - counts)[there]
    out[there] = values[np.lexsort((values, of))][first + (0.3 * (counts[there] - 1)).astype(np.int64)]
    return out


def _spread(mask: npt.NDArray[np.bool_], reach: int) -> npt.NDArray[np.bool_]:
    """A mask (rows × columns) grown sideways by `reach` pixels, as columns × rows."""
    grown = mask.view(np.uint8)
    if mask.any():
        grown = np.asarray(cv2.dilate(grown, stroke(2 * reach + 1, 1)), dtype=np.uint8)
    return _turned(grown).view(np.bool_)


def _turned(mask: Image) -> Image:
    """A mask with its columns as rows."""
    return np.asarray(cv2.transpose(mask), dtype=np.uint8)


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
    places = np.sort(np.array([-np.inf, *(r.at for r in rules), np.inf]))
    found = np.array([s.at for s in specks])
    after = np.searchsorted(places, found)
    near = np.minimum(np.abs(found - places[after - 1]), np.abs(found - places[after])) <= SNAP
    return [speck for speck, on in zip(specks, near, strict=True) if on]


def _strokes(mask: Image, px: float, shortest: Sequence[float], *, vertical: bool) -> list[list[Rule]]:
    """Long thin runs of ink, in points, for each of some lengths that they have at least."""
    # a tilt that is left smears a rule over two rows of pixels: thicken it by one before looking for long runs
    thick = np.asarray(cv2.dilate(mask, stroke(3, vertical)), dtype=np.uint8)
    return [_runs_of(thick, px, least, vertical=vertical) for least in shortest]


def _runs_of(thick: Image, px: float, shortest: float, *, vertical: bool) -> list[Rule]:
    along = 0 if vertical else 1
    gap = max(1, round(min(GAP, shortest / 2) * px * 0.5))
    runs = opened(thick, max(3, round(shortest * px * 0.6)), along)
    pieces = find_pieces(closed(runs, 2 * gap + 1, along))
    start, long, wide = pieces.boxes[1:, 1 - along], pieces.boxes[1:, 3 - along], pieces.boxes[1:, 2 + along]
    at = pieces.middles()[1:, along] + 0.5
    slim = (pieces.areas[1:] / np.maximum(long, 1) <= THICKEST * px) & (
        wide <= np.maximum(THICKEST * px, 0.03 * long + 4)
    )
    chosen = slim & (long >= shortest * px)
    places = zip(*((v[chosen] / px).tolist() for v in (at, start, start + long)), strict=True)
    return [Rule(vertical, *place) for place in places]


def _of_seal(rule: Rule, seal: Image, px: float) -> bool:
    """Whether a level stroke lies within a seal from end to end: a stroke of its star or letters."""
    y = round(rule.at * px)
    band = seal[max(y - 1, 0) : y + 2, round(rule.start * px) : round(rule.end * px) + 1]
    return band.size > 0 and float((band.max(axis=0) > 0).mean()) >= WITHIN_SEAL
