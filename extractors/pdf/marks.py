"""What a PDF page paints, between the reader of the file and our words: one typed value for each character.

Boxes are in points from the top left of the visible page, x to the right, y down.
"""

from __future__ import annotations

from typing import NamedTuple

from extractors.pdf.colour import Paint

BLACK = Paint(0.0, 0.0, 0.0)


LOWEST = 0.1  # points: no character is lower


class Char(NamedTuple):
    """One painted character: `text` (a ligature has several letters), its box, its ink, and in painting order
    `number`; `turn` is how far it is turned clockwise (0, 90, 180 or 270 degrees, None: aslant).
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    number: int = 0
    turn: int | None = 0
    ink: Paint = BLACK

    @property
    def height(self) -> float:
        high = self.bottom - self.top
        return high if high > LOWEST else LOWEST

    @property
    def width(self) -> float:
        return self.right - self.left
