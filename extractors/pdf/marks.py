"""What a PDF page paints, between the reader of the file and our words: one typed value for each character.

Boxes are in points from the top left of the visible page, x to the right, y down.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.pdf.colour import Paint

BLACK = Paint(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Char:
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
        return max(self.bottom - self.top, 0.1)

    @property
    def width(self) -> float:
        return self.right - self.left
