"""Greater and less by the shape of their ink: two straight legs that meet halfway up, on one side."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

HIGH = (0.35, 1.0)  # of a character's size: how high greater and less are
WIDE = (0.5, 1.7)  # of their height: how wide
STRAIGHT = 0.08  # of their height: how far the edge of a leg is off a straight line, on average
STARTS = 0.2  # of their height: so near to the upper and lower edge the legs start
MEETS = (0.35, 0.65)  # of their height: where the legs meet
OPEN = 0.25  # of their height: paper between the legs, near their ends
EVEN = 1.5  # times the ink of one leg, that of the other
FEWEST = 8  # pixels: of smaller ink no shape is told


def angle_of(ink: npt.NDArray[np.bool_], size: float) -> str | None:
    """`<` or `>` where a piece of ink (its pixels) is one; `size` is a character's, in pixels. None where it is none,
    or where the stroke of `or equal` runs into it."""
    high, wide = ink.shape
    fits = HIGH[0] * size <= high <= HIGH[1] * size and WIDE[0] * high <= wide <= WIDE[1] * high
    if not fits or min(high, wide) < FEWEST or not ink.any(axis=0).all():
        return None
    if _opens_left(ink):
        return ">"
    return "<" if _opens_left(ink[:, ::-1]) else None


def _opens_left(ink: npt.NDArray[np.bool_]) -> bool:
    high, wide = ink.shape
    upper, lower = ink.argmax(axis=0), high - 1 - ink[::-1].argmax(axis=0)
    legs = [np.polyfit(np.arange(wide), edge, 1) for edge in (upper, lower)]
    off = [
        float(np.abs(np.polyval(leg, np.arange(wide)) - edge).mean())
        for leg, edge in zip(legs, (upper, lower), strict=True)
    ]
    starts = float(np.polyval(legs[0], 0)), high - 1 - float(np.polyval(legs[1], 0))
    end = (float(np.polyval(legs[0], wide - 1)) + float(np.polyval(legs[1], wide - 1))) / 2
    if max(off) > STRAIGHT * high or max(starts) > STARTS * high or not MEETS[0] * high <= end <= MEETS[1] * high:
        return False
    column = ink[:, max(wide // 6, 1)]
    paper = np.diff(np.flatnonzero(column)).max(initial=1) - 1
    above, below = int(ink[: round(end)].sum()), int(ink[round(end) + 1 :].sum())
    return bool(paper >= OPEN * high and max(above, below) <= EVEN * max(min(above, below), 1))
