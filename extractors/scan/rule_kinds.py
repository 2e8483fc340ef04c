"""Rules that are no single stroke of ink: doubled, dotted and dashed ones, and light ones between tinted cells.

Each kind is turned into what the finding of rules knows: one solid stroke of ink where the rule runs. What is added is
for finding rules only; no text is read from it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extractors.opencv import cv2
from extractors.scan.pieces import Pieces, find_pieces
from extractors.scan.runs import closed, opened, stroke
from extractors.scan.straighten import Image

TWIN = 3.0  # points: the lines of a double rule lie this near; the lowest row seen is 5.7 high
TWIN_ACROSS, TWIN_DOWN = 30.0, 14.0  # points: the shortest line of a double rule; strokes of characters are shorter
DOT = 2.0  # points: a dot, a dash, or dots that run into one another are no thicker
SPECK = 0.5  # points: smaller ink is grain of the paper, no dot
DASH = 7.0  # points: a dash is no longer; longer ones are dots that run into one another, or strokes of characters
RUN_ON = 14.0  # points: thin ink as long is of dashes that run into one another, longer than strokes of characters
BETWEEN = 4.0  # points: the paper between two dots
BETWEEN_RUNS = 1.5  # points: the same between runs of dots, nearer than strokes of characters of two rows
SHORTEST = (14.0, 30.0)  # points: the shortest row of dots, upright and level; leaders in a text are shorter
HALF = 0.5  # of that length, of the pieces between two rules that a row crosses
FEWEST_DOTS = 4  # dots or dashes of the shortest rule
FEWEST_BETWEEN = 3  # the same from one rule that it crosses to the next: those at its ends are one piece with these
FEWEST_CUT, SLIM = 5, 1.5  # pieces of a line that may be a dashed rule, and how much longer than thick they are
EVEN = 2.0  # times the shortest of a row of dashes, the longest of it
CLOSE = 2.0  # points: other ink as near above or below a row of dots is of characters, or grain
TEXT_BESIDE = 0.3  # of the length of a row of dots: more of such ink, and it is none
TINTED = 0.01  # of a page that is tinted, on those that have tinted cells
BARE = 0.2  # of the ground around a place that bears no letters, for its fill to be known
TINT = 5.0  # how much darker than the paper, of 255, the fill of a cell is at least
LIGHTER = 0.45  # of the way from fill to paper that a light rule is lighter
THICKEST = 5.0  # points: light ground that is thicker is no rule
SMOOTH = 14.0  # points along a light rule over which grain is levelled out
FILL = 9.0  # points to all sides from which a fill is measured; a light rule is the lesser part of them
EDGE = 16.0  # points: the shortest straight edge of a fill
LIGHT_ACROSS, LIGHT_DOWN = 24.0, 9.0  # points: the shortest light rule


def solid_rules(mask: Image, gray: Image, px: float) -> Image:
    """The mask of a page's ink with rules of these kinds as solid strokes; `gray` is the page, `px` pixels a point."""
    out = cv2.bitwise_or(mask, doubled(mask, px))
    out = cv2.bitwise_or(out, dotted(mask, px))
    return np.asarray(cv2.bitwise_or(out, light(mask, gray, px)), dtype=np.uint8)


def doubled(mask: Image, px: float) -> Image:
    """The two lines of double rules and the paper between them (255)."""
    out = np.zeros_like(mask)
    for along, shortest in ((1, TWIN_ACROSS), (0, TWIN_DOWN)):
        thick = np.asarray(cv2.dilate(mask, stroke(3, 1 - along)), dtype=np.uint8)
        lines = opened(thick, round(shortest * px), along)
        lines = np.asarray(cv2.bitwise_and(cv2.dilate(lines, stroke(5, along)), mask), dtype=np.uint8)
        out = np.maximum(out, closed(lines, round(TWIN * px) | 1, 1 - along))
    return out


def dotted(mask: Image, px: float) -> Image:
    """Rows of dots or dashes as strokes (255).

    Where a row crosses a rule its dots are one piece of ink with that rule, so rows are looked for again with the
    rules of the other way taken out, which bridge the row as ink does.
    """
    whole = find_pieces(mask)
    rows = {along: _dot_rows(mask, whole, None, px, along, HALF) for along in (1, 0)}
    if not any(row.any() for row in rows.values()) and not any(_dashes_on_a_line(whole, px, along) for along in (1, 0)):
        return np.zeros_like(mask)  # most pages: a closer look would take long
    strokes = {along: opened(mask, round(SHORTEST[along] * px), along) for along in (1, 0)}
    bridges = dict(rows)
    known: dict[int, Image] = {}  # the rows of the other way, when those of a way were looked for
    for _ in range(2):  # the second time both ways know the rows of the other one whole
        for along in (1, 0):
            other = 1 - along
            if along in known and np.array_equal(known[along], rows[other]):
                continue
            known[along] = rows[other]
            crossing = cv2.bitwise_or(strokes[other], rows[other])
            crossing = cv2.dilate(crossing, stroke(2 * round(BETWEEN * px) + 1, other))
            own = np.asarray(cv2.subtract(mask, cv2.dilate(crossing, stroke(3, along))), dtype=np.uint8)
            bridges[along] = np.asarray(cv2.bitwise_and(mask, crossing), dtype=np.uint8)
            rows[along] = _dot_rows(own, find_pieces(own), bridges[along], px, along, 1.0)
    return np.maximum(*(_to_rules(rows[along], bridges[along], px, along) for along in (0, 1)))


def _sides(pieces: Pieces, px: float, along: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """How long and how thick pieces of ink are as dots of one way, in points."""
    return pieces.boxes[:, 3 - along] / px, pieces.boxes[:, 2 + along] / px


def _dashes_on_a_line(pieces: Pieces, px: float, along: int) -> bool:
    """Whether so many slim pieces lie on one line that it may be a dashed rule which rules of the other way cut up."""
    long, thick = _sides(pieces, px, along)
    dash = (long <= DASH) & (long >= SLIM * thick) & (thick >= SPECK / 2)
    places = np.sort(pieces.middles()[dash, along] / px)
    return bool((places[FEWEST_CUT - 1 :] - places[: max(len(places) - FEWEST_CUT + 1, 0)] <= SPECK).any())


def _to_rules(rows: Image, bridge: Image, px: float, along: int) -> Image:
    """Rows of dots (255) that go on to the rule of the other way (`bridge`) that is no further from their ends than
    from dot to dot: they meet it between two of their dots."""
    near = cv2.dilate(rows, stroke(2 * round(BETWEEN * px) + 1, along))
    whole = np.asarray(cv2.bitwise_or(rows, cv2.bitwise_and(bridge, near)), dtype=np.uint8)
    bridged = closed(whole, round(BETWEEN * px) | 1, along)
    return np.asarray(cv2.bitwise_or(rows, cv2.bitwise_and(bridged, near)), dtype=np.uint8)


def _dot_rows(ink: Image, pieces: Pieces, bridge: Image | None, px: float, along: int, part: float) -> Image:
    """The rows of dots of one way (255) in the pieces of a mask of ink, `part` of the usual length at least; `bridge`
    is the ink of rules of the other way, over which a row goes on."""
    long, thick = _sides(pieces, px, along)
    own = (thick <= DOT) & (np.maximum(long, thick) >= SPECK)  # dots run into one another here and there
    own[0] = False
    nothing = np.zeros_like(ink)
    if np.count_nonzero(own) < FEWEST_BETWEEN:
        return nothing
    length = round(part * SHORTEST[along] * px)
    dots = pieces.mask(own)
    rows = nothing
    # dots and dashes; with them dots that ran together, or strokes
    for chosen, gap in ((pieces.mask(own & ((long <= DASH) | (long >= RUN_ON))), BETWEEN), (dots, BETWEEN_RUNS)):
        if bridge is not None:
            near = cv2.dilate(chosen, stroke(2 * round((gap + DOT) * px) + 1, along))
            chosen = np.asarray(cv2.bitwise_or(chosen, cv2.bitwise_and(bridge, near)), dtype=np.uint8)
        rows = np.maximum(rows, opened(closed(chosen, round(gap * px) | 1, along), length, along))
    if not rows.any():
        return nothing
    found = find_pieces(rows)
    count = len(found.areas)
    inside = own[pieces.of] & pieces.on(rows)
    places = found.labels.reshape(-1)[pieces.at[inside]].astype(np.int64)
    pairs = np.unique(places * len(own) + pieces.of[inside])
    ran = (long > DASH)[pairs % len(own)]  # two or more that ran into one another
    dashes = np.bincount(pairs // len(own), weights=1.0 + ran, minlength=count)
    enough = dashes >= FEWEST_DOTS
    if bridge is not None:
        enough |= (dashes >= FEWEST_BETWEEN) & _from_rule_to_rule(found, bridge, along)
    enough &= _sides(found, px, along)[1] <= 2 * DOT
    enough[0] = False
    if not enough.any():
        return nothing
    enough &= _beside(ink, rows, found, px, along) <= TEXT_BESIDE
    return found.mask(enough)


def _from_rule_to_rule(rows: Pieces, bridge: Image, along: int) -> npt.NDArray[np.bool_]:
    """Which rows of dots begin and end on rules that they cross (`bridge`)."""
    starts = rows.boxes[:, 1 - along]
    ends = starts + rows.boxes[:, 3 - along] - 1
    met = rows.on(bridge)
    which, places = rows.of[met], np.divmod(rows.at[met], rows.labels.shape[1])[along]
    there = (np.bincount(which[np.abs(places - end[which]) <= 1], minlength=len(end)) > 0 for end in (starts, ends))
    return np.logical_and(*there)


def _beside(ink: Image, rows: Image, found: Pieces, px: float, along: int) -> npt.NDArray[np.float64]:
    """The share of each row of dots that other ink stands close above or below: the feet of characters, or grain."""
    other = cv2.subtract(ink, cv2.dilate(rows, np.ones((3, 3), np.uint8)))
    near = np.asarray(cv2.dilate(other, stroke(2 * round(CLOSE * px) + 1, 1 - along)), dtype=np.uint8)
    beside = np.bincount(found.of[found.on(near)], minlength=len(found.areas))
    share: npt.NDArray[np.float64] = beside / np.maximum(found.areas, 1)
    return share


def is_dashed(inked: npt.NDArray[np.bool_], px: float) -> bool:
    """Whether ink along a line (one value a pixel) is of dashes with even paper between them, from end to end. Three
    may be the level strokes of a digit."""
    steps = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(np.int8), [0]])))
    starts, ends = steps[::2], steps[1::2]
    if len(starts) < FEWEST_DOTS or starts[0] > BETWEEN * px or len(inked) - ends[-1] > BETWEEN * px:
        return False
    gaps, whole = starts[1:] - ends[:-1], (ends - starts)[1:-1]  # the outer dashes may be cut
    return bool((ends - starts).max() <= DASH * px and gaps.max() <= BETWEEN * px and whole.max() <= EVEN * whole.min())


def light(mask: Image, gray: Image, px: float) -> Image:
    """Light rules between tinted fills (255): lines of paper with a fill on both sides; and where such rules part
    cells both ways, the edges of the fills, which close the outer ones."""
    paper = float(np.percentile(gray[::4, ::4], 90))
    bare = (cv2.dilate(mask, np.ones((5, 5), np.uint8)) == 0).astype(np.float32)  # letters are no fill
    reach = (2 * round(FILL * px) + 1,) * 2
    share = cv2.blur(bare, reach)
    ground = cv2.blur(gray * bare, reach) / np.maximum(share, 0.01)
    tinted = (ground < paper - TINT) & (share > BARE)
    if float(tinted.mean()) < TINTED:
        return np.zeros_like(gray)
    rules = []
    for along, shortest in ((1, LIGHT_ACROSS), (0, LIGHT_DOWN)):
        size = round(min(SMOOTH, shortest) * px)
        even = cv2.blur(gray, (size, 1) if along else (1, size))
        beside = cv2.morphologyEx(even, cv2.MORPH_OPEN, stroke(round(THICKEST * px), 1 - along))
        thin = cv2.subtract(even, beside) > LIGHTER * TINT
        lines = (tinted & thin & (even - ground > LIGHTER * (paper - ground))).astype(np.uint8) * 255
        rules.append(opened(lines, round(shortest * px), along))
    if not all(lines.any() for lines in rules):
        return np.asarray(np.maximum(*rules), dtype=np.uint8)
    near = cv2.dilate(tinted.astype(np.uint8), _square(px)) > 0
    fills = [_fills(gray, bare, np.where(near, ground, paper), paper, px, along) for along in (1, 0)]
    # what grain and blur are levelled out over makes rules longer than their fills
    inside = np.minimum(*(cv2.morphologyEx(fill, cv2.MORPH_CLOSE, _square(px)) for fill in fills))
    rules = [np.asarray(cv2.bitwise_and(lines, inside), dtype=np.uint8) for lines in rules]
    edges = [_edges(fill, px, along) for fill, along in zip(fills, (1, 0), strict=True)]
    return np.asarray(np.maximum.reduce([*rules, *edges]), dtype=np.uint8)


def _fills(
    gray: Image,
    bare: npt.NDArray[np.float32],
    ground: npt.NDArray[np.floating],
    paper: float,
    px: float,
    along: int,
) -> Image:
    """The fills (255) with sharp edges above and below, or, with `along` 0, beside them; light rules between them
    count as filled. `bare` is 1 where the page bears no letters; `ground` the tints as far as they are known at all,
    blurred."""
    size = round(SMOOTH * px)
    reach = (size, 1) if along else (1, size)
    share = cv2.blur(bare, reach)
    even = np.where(share > BARE, cv2.blur(gray * bare, reach) / np.maximum(share, 0.01), ground)
    fill = ((even < paper - TINT) & (ground < paper)).astype(np.uint8) * 255
    across = round(THICKEST * px) | 1
    return opened(closed(fill, across, 1 - along), across, 1 - along)


def _edges(fill: Image, px: float, along: int) -> Image:
    """The straight edges of fills (255)."""
    edge = cv2.subtract(fill, cv2.erode(fill, stroke(3, 1 - along)))
    edge = cv2.dilate(edge, stroke(3, 1 - along))  # an edge may step by a pixel
    return opened(np.asarray(edge, dtype=np.uint8), round(EDGE * px), along)


def _square(px: float) -> npt.NDArray[np.uint8]:
    """A kernel as large both ways as the thickest light rule."""
    return np.ones((round(THICKEST * px) | 1,) * 2, np.uint8)
