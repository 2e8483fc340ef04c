"""Furniture of pages: running heads and feet, page numbers, addresses and times of printing.

They belong to the page, not to the filing. Three things tell them from the lines of a form, and no line is taken for
furniture that prints a title, a label, a year or a unit:

- where they stand: outermost on the page, with nothing but other furniture between them and its edge;
- their shape: a page's number, an address, the time of a print, in words or in figures;
- repetition: the same text at the same distance from the edge of two pages, its numerals aside.

What is taken off a page is kept beside it, with the reason.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from statistics import median, median_low

from extractors.tables.blocks import PageBlocks
from schemas.frozen import dataclass
from schemas.language.keys import plain
from schemas.language.pages import (
    ADDRESS,
    BARE_NUMBER,
    CONTINUED,
    COUNTED,
    PAGE_WORDS,
    PRINTED,
    STAMP,
    YEAR_LINE,
    names_table,
)
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import parse_year
from schemas.model import Aside, AsideKind, Box, Grid, Line, Place

MARGIN = 0.15  # of the page height: heads and feet stand in this margin; offices set them up to 3 cm deep
NUMBER_MARGIN = 0.1  # of the page height: a bare number is a page's only so near to the edge
MOST_LINES = 3  # of a head or a foot
SAME_HEIGHT = 3.0  # points: how far a head's distance from the edge may differ from page to page
SAME_HEIGHT_READ = 9.0  # the same where it was recognised: scans are shifted and straightened
SAME_TEXT_READ = 0.8  # likeness from which two recognised texts are one
STAMPED = 1.8  # times that size: a stamp on blank paper, at the same place of two pages
LARGER = 1.2  # times the usual size of a page's lines: a title

LABELLED = re.compile(r"[^:：]{1,24}[:：](?!//)")
PARTS = re.compile(r"\s{2,}|　+|\|")  # what parts the texts of a head that no wide gap parts


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may be a head (`above`) or a foot: its page, its distance in points from the page's edge, and how far
    below the page's last grid it stands, None where none is above it."""

    page: PageBlocks
    line: Line
    above: bool
    distance: float
    below: float | None = None

    @property
    def in_margin(self) -> bool:
        return self.distance < MARGIN * self.page.height


def part_furniture(pages: Iterable[PageBlocks], words: Words) -> tuple[list[PageBlocks], tuple[Aside, ...]]:
    """The pages without their furniture, and the furniture."""
    pages = list(pages)
    candidates = [candidate for page in pages for candidate in _candidates(page)]
    running = _running(candidates, words)
    taken: dict[int, tuple[Line | None, list[Aside]]] = {}
    for candidate in candidates:
        line: Line | None = candidate.line
        aside: list[Aside] = []
        if id(line) in running:
            line, aside = None, [_aside(candidate.line, candidate.line.text, "printed on several pages")]
        elif (parted := _by_shape(candidate, words)) is not None:
            line, aside = parted
        if aside:
            taken[id(candidate.line)] = line, aside
    clean = [
        replace(
            page,
            blocks=tuple(kept for b in page.blocks if (kept := taken[id(b)][0] if id(b) in taken else b) is not None),
        )
        for page in pages
    ]
    return clean, tuple(itertools.chain.from_iterable(aside for _, aside in taken.values()))


def _candidates(page: PageBlocks) -> list[_Candidate]:
    """The outermost lines of a page: above its first grid and below its last one, the outermost few of them."""
    nearest: dict[int, _Candidate] = {}
    last = next((block for block in reversed(page.blocks) if isinstance(block, Grid)), None)
    for above in (True, False):
        outermost = page.blocks if above else tuple(reversed(page.blocks))
        lines = list(itertools.takewhile(lambda block: isinstance(block, Line), outermost))
        for line in lines:
            assert isinstance(line, Line)
            box = line.place.box
            if box is None:
                continue
            distance = box.top if above else page.height - box.bottom
            if len(nearest) >= 2 * MOST_LINES and distance >= MARGIN * page.height:
                break
            kept = nearest.get(id(line))
            if kept is None or distance < kept.distance:
                below = box.top - last.box.bottom if last is not None and not above else None
                nearest[id(line)] = _Candidate(page, line, above, distance, below)
    return list(nearest.values())


def unseen_elsewhere(pages: Sequence[PageBlocks], hidden: Sequence[Aside]) -> tuple[list[PageBlocks], list[Aside]]:
    """The pages without the lines that say what is set aside at their very place on another page: a stamp on blank
    paper, that lies across a table elsewhere; and those lines, set aside for the same reason."""
    known: dict[str, list[Aside]] = {}
    for one in hidden:
        known.setdefault(squeeze(one.text), []).append(one)
    again: list[Aside] = []

    def kept(block: Line | Grid) -> bool:
        if not isinstance(block, Line):
            return True
        like = next((one for one in known.get(squeeze(block.text), ()) if _at_one_place(block.place, one.place)), None)
        if like is not None:
            again.append(replace(like, text=block.text, place=block.place))
        return like is None

    return [replace(page, blocks=tuple(filter(kept, page.blocks))) for page in pages] if known else list(pages), again


def _at_one_place(one: Place, other: Place) -> bool:
    """Whether two boxes stand alike on two pages."""
    if one.box is None or other.box is None or one.page == other.page:
        return False
    a, b = one.box, other.box
    return (
        max(abs(a.left - b.left), abs(a.top - b.top), abs(a.right - b.right), abs(a.bottom - b.bottom)) <= SAME_HEIGHT
    )


# ── by repetition


def _running(candidates: Sequence[_Candidate], words: Words) -> set[int]:
    """id() of the lines that stand in the margin of two pages or more: the same text at the same distance from the
    edge, or below the page's last table, its numerals aside; and of large ones at the same place."""
    body = {id(c.page): _usual_size(c.page) for c in candidates}
    lines = [
        c for c in candidates if (c.in_margin or c.below is not None) and not _is_of_form(c, body[id(c.page)], words)
    ]
    groups: list[list[_Candidate]] = []
    for candidate in lines:
        group = next((g for g in groups if _repeats(g[-1], candidate)), None)
        if group is None:
            groups.append([candidate])
        else:
            group.append(candidate)
    return {id(c.line) for group in groups if len({c.page.number for c in group}) > 1 for c in group}


def _usual_size(page: PageBlocks) -> float:
    sizes = _sizes(page)
    return median(sizes) if sizes else 0.0


def _sizes(page: PageBlocks) -> list[float]:
    return [b.size for b in page.blocks if isinstance(b, Line)]


def _is_of_form(candidate: _Candidate, usual: float, words: Words) -> bool:
    """Whether a line may be a form's: its title, a label with its value, a year, a unit, a remark."""
    text = candidate.line.text.strip()
    short = squeeze(text)
    if names_table(short) or words.title.search(short) or (candidate.above and candidate.line.size > LARGER * usual):
        return True
    if parse_year(text) is not None and YEAR_LINE.fullmatch(text):
        return True
    if words.known_label(text) or short.startswith(tuple(words.all.remarks)):
        return True
    return _has_label(_without_shapes(text))


def _has_label(text: str) -> bool:
    return any(LABELLED.match(part.strip()) for part in PARTS.split(text) if part.strip())


def _without_shapes(text: str) -> str:
    for shape in (ADDRESS, STAMP, PAGE_WORDS):
        text = shape.sub("  ", text)
    return text.strip()


def _folded(text: str) -> str:
    """A text with its numerals made alike."""
    return COUNTED.sub("0", plain(text))


def _is_large(one: _Candidate, other: _Candidate) -> bool:
    """Whether two lines are as large as stamps are."""
    return min(one.line.size, other.line.size) >= STAMPED * median_low(_sizes(one.page))


def _repeats(one: _Candidate, other: _Candidate) -> bool:
    read = one.line.score is not None or other.line.score is not None
    if one.above is not other.above or one.page.number == other.page.number:
        return False
    near = SAME_HEIGHT_READ if read else SAME_HEIGHT
    at_edge = one.in_margin and other.in_margin and abs(one.distance - other.distance) <= near
    at_table = one.below is not None and other.below is not None and abs(one.below - other.below) <= near
    if not (at_edge or at_table or (_at_one_place(one.line.place, other.line.place) and _is_large(one, other))):
        return False
    a, b = _folded(one.line.text), _folded(other.line.text)
    return a == b or (read and SequenceMatcher(None, a, b, autojunk=False).ratio() >= SAME_TEXT_READ)


# ── by shape


def _by_shape(candidate: _Candidate, words: Words) -> tuple[Line | None, list[Aside]] | None:
    """What is left of a line without the furniture that its shape tells, and that furniture; None where it is none.

    A name that stands beside a page's number or a print's time is the document's, and goes with it; a title or a
    label beside it stays."""
    line = candidate.line
    text = line.text.strip()
    if CONTINUED.fullmatch(squeeze(text)):
        return None, [_aside(line, line.text, "says that the table goes on")]
    if BARE_NUMBER.fullmatch(text):
        if candidate.distance < NUMBER_MARGIN * candidate.page.height:
            return None, [_aside(line, line.text, "number of the page")]
        return None if not PAGE_WORDS.fullmatch(text) else (None, [_aside(line, line.text, "number of the page")])
    spans, printed = _shapes(candidate)
    if not spans:
        return None
    rest = _without(text, spans)
    title = bool(words.title.search(squeeze(rest)))
    of_form = _has_label(rest) or words.known_label(rest) or (title and not (printed and candidate.in_margin))
    sentence = len(squeeze(rest)) > words.all.title_longest or re.search(r"[。；]", rest)
    if sentence:
        return None  # prose that mentions an address or a time
    if not rest or not of_form:
        return None, [_aside(line, line.text, "head or foot of the page")]
    kept = _keep(line, spans)
    return kept, [_aside(line, line.text[a:b], "head or foot of the page") for a, b in spans]


def _shapes(candidate: _Candidate) -> tuple[list[tuple[int, int]], bool]:
    """Where in a line page numbers, addresses and times of printing stand; and whether a print's time is among them."""
    text = candidate.line.text
    spans: list[tuple[int, int]] = []
    printed = False
    for shape in (ADDRESS, STAMP, PAGE_WORDS):
        for match in shape.finditer(text):
            if any(a < match.end() and match.start() < b for a, b in spans):
                continue
            if shape is not ADDRESS and not _stands_apart(text, match.start(), match.end()):
                continue
            spans.append((match.start(), match.end()))
            printed = printed or shape is STAMP
    if not spans or not (candidate.in_margin or all(_tells_itself(text[a:b]) for a, b in spans)):
        return [], False
    # a bare number beside them, at a gap or at the line's end, is the page's
    cuts = [0, *candidate.line.gaps, len(text)]
    for a, b in itertools.pairwise(cuts):
        if text[a:b].strip() and BARE_NUMBER.fullmatch(text[a:b].strip()):
            spans.append((a, b))
    return sorted(spans), printed


def _tells_itself(text: str) -> bool:
    """Whether a piece of text is a page's number or a print's time wherever it stands: its words say so."""
    return bool(PAGE_WORDS.fullmatch(text.strip()) or PRINTED.match(text.strip()))


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Whether nothing but white space, brackets and bars touches a piece of text, or it begins or ends the line."""
    before, behind = text[:start].rstrip(" 　|｜（(["), text[end:].lstrip(" 　|｜）)]")
    return not before or not behind or (before != text[:start] and behind != text[end:])


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    out = list(text)
    for a, b in spans:
        out[a:b] = " " * (b - a)
    return re.sub(r"[|｜]", " ", "".join(out)).strip()


def _keep(line: Line, spans: Sequence[tuple[int, int]]) -> Line:
    """The line without these pieces of its text."""
    ends = [0, *itertools.chain.from_iterable(spans), len(line.text)]
    pieces = [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if line.text[a:b].strip()]
    text, gaps = "", []
    for a, b in pieces:
        if text:
            gaps.append(len(text))
        gaps += [len(text) + g - a for g in line.gaps if a < g < b]
        text += line.text[a:b].strip() if len(pieces) == 1 else line.text[a:b]
    box = line.place.box
    if box is not None and len(line.text):
        step = box.width / len(line.text)
        place = replace(
            line.place,
            box=Box(box.left + step * pieces[0][0], box.top, box.left + step * pieces[-1][1], box.bottom),
        )
    else:
        place = line.place
    return replace(line, text=text, gaps=tuple(gaps), place=place, covered=(), readings=())


def _aside(line: Line, text: str, why: str) -> Aside:
    place = line.place
    return Aside(text, Place(place.page, place.box, place.line, place.column, place.sheet), AsideKind.FURNITURE, why)
