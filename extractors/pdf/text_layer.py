"""Read one page of a PDF with a text layer: characters and drawn lines become words and rules.

Source: pdfplumber's page objects.
"""

from __future__ import annotations

from typing import Any

from extractors.pdf.painting import paint
from extractors.pdf.rules import drawn_rules
from extractors.pdf.words import find_words
from schemas.model import Reader, Sheet


def read_sheet(page: Any, number: int) -> Sheet:
    """The words and rules of a pdfplumber page; boxes in points from the top left of the visible page."""
    paint(page)
    x0, top, _, _ = page.bbox
    return Sheet(
        number=number,
        width=float(page.width),
        height=float(page.height),
        words=tuple(find_words(page.chars, x0, top)),
        rules=tuple(drawn_rules(page, x0, top)),
        reader=Reader.TEXT_LAYER,
    )
