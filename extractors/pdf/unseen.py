"""Which characters of a PDF page nobody sees: without ink, in the light of their ground, under a later fill, off the
page, or too small to be read; and stamps that run aslant over the page.

On a page whose characters mostly stand in images they are left as they are: text under an image of the page is judged
there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from extractors.pdf.boxes import visible_part
from extractors.pdf.colour import PAPER, RGB, Paint, ink_of
from extractors.pdf.fills import Area, Ground
from extractors.pdf.marks import Char
from extractors.pdf.stamps import stamped
from schemas.model import Box, Rule

TINY = (
    1.0  # points: characters no larger than this are no text for people; a point is narrow, and low where it is turned
)
POINTS = (0.25, 0.5, 0.75)  # of a character's width: where it is looked at
FAR = 3.0  # of its size: from one character to the next of a text
PICTURED = 0.5  # of a page's characters: where more stand in images, what is seen of them is judged there


def parted(
    chars: Sequence[Char], page: Any, areas: Sequence[Area], rules: Sequence[Rule] = ()
) -> tuple[list[Char], tuple[tuple[str, Box], ...]]:
    """The characters of a pdfplumber page that are seen, and the texts that are not, each with its box; what lies
    across its `rules` and is large or repeated is a stamp."""
    letters = [char for char in chars if not char.text.isspace()]
    x0, y0 = page.bbox[:2]
    pictures = [
        Area(i["x0"] - x0, i["top"] - y0, i["x1"] - x0, i["bottom"] - y0, ink_of(i.get("non_stroking_color")))
        for i in page.images
    ]
    grounds = sorted([*areas, *pictures], key=lambda area: area.ink.order)
    ground = Ground.of(grounds, float(page.width), float(page.height)) if grounds else None
    visible = visible_part(page.page_obj.mediabox, page.page_obj.cropbox, page.rotation)
    unseen = _unseen(letters, visible, ground, pictures)
    if unseen and sum(_pictured(c, pictures) for c in letters) > PICTURED * len(letters):
        unseen = set()
    unseen |= stamped([char for char in chars if char.turn is not None and char.ink.opacity], rules, unseen)
    aslant = {c.number for c in letters if c.turn is None}
    if len(aslant) < len(letters):
        unseen |= aslant
    if not (unseen or aslant):
        return list(chars), ()
    kept = [char for char in chars if char.number not in unseen and (char.turn is not None or not aslant <= unseen)]
    return kept, texts_of(chars, unseen)


def _unseen(letters: Sequence[Char], page: Box, ground: Ground | None, pictures: Sequence[Area]) -> set[int]:
    """The numbers of the characters that nobody sees."""
    known: dict[tuple[Any, ...], bool] = {}  # which inks show on which tiles of the ground
    out: set[int] = set()
    before, shows = None, False  # the ink of the character before, and whether it shows on paper
    for char in letters:
        _, left, top, right, bottom, number, _, ink = char
        on_page = page.left <= (left + right) / 2 <= page.right and page.top <= (top + bottom) / 2 <= page.bottom
        if not on_page or not ink.opacity or (right - left <= TINY and bottom - top <= TINY):
            out.add(number)
            continue
        if ground is None:
            if ink is not before:
                before, shows = ink, _shows(ink, None, known, lambda: PAPER)
            seen = shows
        else:
            seen = _seen_on(ground, char, pictures, known)
        if not seen:
            out.add(number)
    return out


def _seen_on(ground: Ground, char: Char, pictures: Sequence[Area], known: dict[tuple[Any, ...], bool]) -> bool:
    """Whether a character is seen on its ground; `known` keeps which inks show on which tiles."""
    ink, width, y = char.ink, char.right - char.left, (char.top + char.bottom) / 2
    spots = {ground.tile(True, char.left + share * width, y) for share in POINTS}
    if ink.order and all(ground.orders[spot] > ink.order for spot in spots):
        return False
    if pictures and _pictured(char, pictures):
        return True  # what light an image has there is not known
    return any(_shows(ink, spot, known, partial(ground.light_of, spot)) for spot in spots)


def _shows(ink: Paint, where: Any, known: dict[tuple[Any, ...], bool], light: Callable[[], RGB]) -> bool:
    """Whether an ink shows somewhere, where there is such a light."""
    key = (*ink[:4], where)
    shows = known.get(key)
    if shows is None:
        shows = known[key] = ink.shows_on(light())
    return shows


def _pictured(char: Char, pictures: Sequence[Area]) -> bool:
    """Whether a character stands in an image."""
    x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
    return any(p.left <= x <= p.right and p.top <= y <= p.bottom for p in pictures)


def texts_of(chars: Sequence[Char], unseen: Collection[int]) -> tuple[tuple[str, Box], ...]:
    """Those of the characters that are unseen as texts, each of what was painted one after the other, with its box;
    spaces between them belong to them."""
    if not unseen:
        return ()
    runs: list[list[Char]] = []
    last: Char | None = None  # of the run that is open
    for char in chars:
        if char.number in unseen:
            if last is None or char.turn != last.turn or _apart(last, char):
                runs.append([])
            runs[-1].append(char)
            last = char
        elif last is not None and char.text.isspace():
            runs[-1].append(char)
        else:
            last = None
    return tuple(_text(run) for run in runs)


def _apart(one: Char, other: Char) -> bool:
    """Whether a character stands too far from the one before it to go on in its text."""
    reach = FAR * max(one.height, one.width, other.height, other.width)
    return abs(one.left + one.right - other.left - other.right) / 2 > reach or abs(one.top - other.top) > reach


def _text(run: Sequence[Char]) -> tuple[str, Box]:
    text = "".join(char.text for char in run).rstrip()
    inked = [char for char in run if not char.text.isspace()]
    box = Box(
        min(c.left for c in inked),
        min(c.top for c in inked),
        max(c.right for c in inked),
        max(c.bottom for c in inked),
    )
    return text, box
