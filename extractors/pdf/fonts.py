"""What fonts say of themselves, and what of it is not to be believed: how deep they reach, how large they are."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from pdfminer.pdffont import PDFType3Font

from schemas.frozen import dataclass

USUAL_DESCENT = -0.12  # of a character's size
DEEPEST = -0.4  # of a character's size: what a font says of its depth is believed so far
LARGEST_EM = 3.0  # a font whose glyphs are higher than so many of its size is measured in dots


@dataclass(frozen=True, slots=True)
class Glyph:
    """What a font shows for a code: its text, its advance and where it stands (vertical writing), as pdfminer has
    them."""

    text: str
    width: float
    displaced: Any


@dataclass(frozen=True, slots=True)
class Face:
    """What is asked of a font for each text that it shows: whether its text runs downwards and its codes have several
    bytes, how large a character of size 1 is and how far it reaches below the line, and the glyphs that were shown."""

    vertical: bool
    multibyte: bool
    em: float
    descent: float
    glyphs: dict[int, Glyph] = field(default_factory=dict)

    @classmethod
    def of(cls, font: Any) -> Face:
        """The face of a font of pdfminer."""
        return cls(font.is_vertical(), font.is_multibyte(), em_of(font), descent_of(font))


def em_of(font: Any) -> float:
    """How large a character of size 1 is. A font of drawings may be measured in the dots of a printer; else it is 1."""
    if not isinstance(font, PDFType3Font):
        return 1.0
    high = abs((font.ascent - font.descent) * font.vscale)
    return high if high > LARGEST_EM else 1.0


def descent_of(font: Any) -> float:
    """How far characters of size 1 reach below the line: less than nothing. Of a font of drawings only the box of its
    drawings is known, which may be upside down and hold few of them; and some programs write down the lowest point of
    all glyphs of a font, a whole character deep."""
    told = float(font.get_descent())
    return told if DEEPEST <= told <= 0 and not isinstance(font, PDFType3Font) else USUAL_DESCENT
