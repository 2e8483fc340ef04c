"""Which characters of a PDF page nobody sees: without ink, in the light of their ground, under a later fill, off the
page, or too small to be read; and stamps that run aslant over the page.

A page whose characters are mostly unseen is left as it is: text under an image of the page is judged there.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from extractors.pdf.fills import Area, Ground
from extractors.pdf.marks import Char
from extractors.pdf.stamps import stamped
from extractors.pdf.turned import box_turned_back
from schemas.model import Block, Box, Place, Table

TINY = 1.0  # points: characters no higher than this are no text for people
POINTS = (0.25, 0.5, 0.75)  # of a character's width: where it is looked at
MOST = 0.5  # of a page's characters: where more are unseen, they are kept
MOST_SHOWN = 60  # characters of a hidden text that are told
MOST_TOLD = 20  # hidden texts that are told of a page


def parted(chars: Sequence[Char], page: Any, areas: Sequence[Area]) -> tuple[list[Char], tuple[tuple[str, Box], ...]]:
    """The characters of a pdfplumber page that are seen, and the texts that are not, each with its box."""
    letters = [char for char in chars if not char.text.isspace()]
    areas = sorted(areas, key=lambda area: area.ink.order)
    ground = Ground.of(areas, float(page.width), float(page.height)) if areas else None
    x0, y0 = page.bbox[:2]
    visible = visible_part(page.page_obj.mediabox, page.page_obj.cropbox, page.rotation)
    pictures = [(i["x0"] - x0, i["top"] - y0, i["x1"] - x0, i["bottom"] - y0) for i in page.images]
    unseen = {c.number for c in letters if not _seen(c, visible, ground, pictures)}
    if len(unseen) > MOST * len(letters):
        unseen = set()
    unseen |= stamped([char for char in chars if char.number not in unseen and char.turn is not None])
    aslant = {c.number for c in letters if c.turn is None}
    if len(aslant) < len(letters):
        unseen |= aslant
    kept = [char for char in chars if char.number not in unseen and (char.turn is not None or not aslant <= unseen)]
    return kept, _texts([c for c in letters if c.number in unseen])


def with_hidden(blocks: Sequence[Block], hidden: Mapping[int, Sequence[tuple[str, Box]]]) -> tuple[Block, ...]:
    """The blocks of a file with what each of its pages hides told by the first table that stands on that page, at the
    first row that does."""
    left = {number: texts for number, texts in hidden.items() if texts}
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Table):
            told = []
            for number in [n for n in left if n in block.pages]:
                row = block.row_pages.index(number)
                told += [(row, f"{text} at {Place(page=number, box=box)}") for text, box in left.pop(number)]
            block = replace(block, hidden=(*block.hidden, *told)) if told else block
        out.append(block)
    return tuple(out)


def visible_part(media: Sequence[float], crop: Sequence[float], rotation: int) -> Box:
    """What the crop box leaves of a page, in points from the top left of the page as it is shown."""
    left, right = sorted((media[0], media[2]))
    bottom, top = sorted((media[1], media[3]))
    (x0, x1), (y0, y1) = sorted((crop[0], crop[2])), sorted((crop[1], crop[3]))
    box = Box(x0 - left, top - y1, x1 - left, top - y0)
    return box_turned_back(box, -rotation % 360, right - left, top - bottom)


def _seen(char: Char, page: Box, ground: Ground | None, pictures: Sequence[tuple[float, float, float, float]]) -> bool:
    x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
    if char.height <= TINY or not (page.left <= x <= page.right and page.top <= y <= page.bottom):
        return False
    if char.ink.opacity == 0:
        return False
    if any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in pictures):
        return True  # what light an image has there is not known
    if ground is None:
        return char.ink.shows_on((1.0, 1.0, 1.0))
    spots = [ground.tile(True, char.left + share * char.width, y) for share in POINTS]
    if char.ink.order and all(ground.orders[spot] > char.ink.order for spot in spots):
        return False
    lights = [tuple(float(v) for v in ground.lights[spot]) for spot in spots]
    return any(char.ink.shows_on((light[0], light[1], light[2])) for light in lights)


def _texts(chars: Sequence[Char]) -> tuple[tuple[str, Box], ...]:
    """Characters that were painted one after the other as texts, each told once, at its first place."""
    texts: dict[str, Box] = {}
    runs = itertools.groupby(enumerate(chars), key=lambda pair: (pair[1].number - pair[0], pair[1].turn))
    for _, run in runs:
        mine = [char for _, char in run]
        text = "".join(char.text for char in mine)
        text = text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"
        box = Box(
            min(c.left for c in mine),
            min(c.top for c in mine),
            max(c.right for c in mine),
            max(c.bottom for c in mine),
        )
        texts.setdefault(text, box)
    return tuple(texts.items())[:MOST_TOLD]
