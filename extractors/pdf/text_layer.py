"""Read one page of a PDF with a text layer: characters and drawn lines become words and rules.

Source: pdfplumber's page objects.
"""

from __future__ import annotations

from typing import Any

from extractors.pdf.annotations import with_fields
from extractors.pdf.drawn_ticks import with_drawn_signs
from extractors.pdf.misfits import misfits
from extractors.pdf.painting import paint
from extractors.pdf.rules import drawn_marks, drawn_rules
from extractors.pdf.struck import struck_out
from extractors.pdf.turned import box_turned_back, page_turn, rule_turned_back, turned_back, turned_words
from extractors.pdf.unseen import parted, texts_of
from extractors.pdf.words import words_of
from schemas.model import Reader, Sheet


def read_sheet(page: Any, number: int) -> Sheet:
    """The words and rules of a pdfplumber page; boxes in points from the top left of the page, which is turned so
    that its text stands upright (`turned`: by how many degrees it lay clockwise)."""
    painted = paint(page)
    x0, top, _, _ = page.bbox
    width, height = float(page.width), float(page.height)
    marks = drawn_marks(page, x0, top)
    rules = drawn_rules(marks, page)
    chars, hidden = parted(painted, page, marks.areas, rules)
    signs = with_drawn_signs(page, x0, top, chars, rules)
    chars, rules = with_fields(signs.chars, page), signs.without_frames(rules)
    turn = page_turn(chars)
    if turn:
        chars = [turned_back(char, turn, width, height) for char in chars]
        rules = [rule_turned_back(rule, turn, width, height) for rule in rules]
        hidden = tuple((text, box_turned_back(box, turn, width, height)) for text, box in hidden)
        width, height = (width, height) if turn == 180 else (height, width)
    out, rules = struck_out(chars, rules)
    struck = texts_of(chars, out)
    chars = [char for char in chars if char.number not in out]
    upright = [char for char in chars if not char.turn]
    odd = misfits(upright)
    words = words_of(upright)
    if len(upright) < len(chars):
        words += turned_words(chars, width, height, words_of)
    return Sheet(
        number=number,
        width=width,
        height=height,
        words=tuple(words),
        rules=tuple(rules),
        reader=Reader.TEXT_LAYER,
        hidden=hidden,
        struck=struck,
        turned=turn,
        misfits=odd,
    )
