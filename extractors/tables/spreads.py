"""Two pages on one sheet: each half is a page of its own, whatever the file counts.

A sheet is a spread where nothing is printed along its middle from top to bottom, each half is as high as a page and
holds a table, and the tables are not one that has a gap there: their rows do not stand at the same heights, or each
half prints a title of its own. Stitching sees the halves as pages; afterwards every place is again on its sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from extractors.tables.blocks import PageBlocks
from extractors.tables.celltext import visual_lines
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Aside, Block, Box, Cell, Grid, Line, Place, Rule, Sheet, Table

HALVES = ((0.55, 0.9), (1.1, 1.85))  # width of a half by its height: pages are 0.71 wide, or as much high, and
# margins may have been cut
MIDDLE = 0.01  # of the sheet's width: so much on each side of the middle is white
FEWEST_RULES = 2  # of each direction in each half: a table stands there
SAME_HEIGHT = 1.5  # points: rules nearer than this are at one height
SAME_ROWS = 0.6  # of the rules of the shorter half: then its rows are those of the other half


def middle_of_spread(sheet: Sheet, words: Words) -> float | None:
    """Where a sheet that holds two pages is to be parted, in points; None where it is one page."""
    middle = sheet.width / 2
    if sheet.height <= 0:
        return None
    if not any(low <= middle / sheet.height <= high for low, high in HALVES) or _is_crossed(sheet, middle):
        return None
    halves = [half(sheet, middle, right=right) for right in (False, True)]
    if not all(_holds_table(each) for each in halves):
        return None
    return middle if _have_titles(halves, words) or not _share_rows(halves) else None


def half(sheet: Sheet, middle: float, *, right: bool) -> Sheet:
    """The words and rules of one half of a sheet, where they stand."""

    def inside(x: float) -> bool:
        return (x >= middle) is right

    return replace(
        sheet,
        words=tuple(w for w in sheet.words if inside(w.box.middle[0])),
        rules=tuple(r for r in sheet.rules if inside(r.at if r.vertical else (r.start + r.end) / 2)),
        hidden=(),
    )


def _is_crossed(sheet: Sheet, middle: float) -> bool:
    near = MIDDLE * sheet.width
    left, right = middle - near, middle + near

    def reaches(rule: Rule) -> bool:
        return left < rule.at < right if rule.vertical else rule.start < right and rule.end > left

    return any(w.box.left < right and w.box.right > left for w in sheet.words) or any(map(reaches, sheet.rules))


def _holds_table(sheet: Sheet) -> bool:
    return all(sum(r.vertical is way for r in sheet.rules) >= FEWEST_RULES for way in (True, False))


def _share_rows(halves: Sequence[Sheet]) -> bool:
    """Whether the rules of two halves stand at the same heights, from the first to the last, as those of one table."""
    one, other = (sorted(r.at for r in each.rules if not r.vertical) for each in halves)
    if abs(one[0] - other[0]) > SAME_HEIGHT or abs(one[-1] - other[-1]) > SAME_HEIGHT:
        return False
    fewer, more = sorted((one, other), key=len)
    met = sum(1 for at in fewer if any(abs(at - each) <= SAME_HEIGHT for each in more))
    return met >= SAME_ROWS * len(fewer)


def _have_titles(halves: Sequence[Sheet], words: Words) -> bool:
    """Whether each half prints a title above its first rule."""
    return all(_has_title(each, words) for each in halves)


def _has_title(sheet: Sheet, words: Words) -> bool:
    top = min(r.at if not r.vertical else r.start for r in sheet.rules)
    lines = visual_lines(w for w in sheet.words if w.box.bottom <= top)
    return any(words.title.search(squeeze("".join(w.text for w in line))) for line in lines)


# ── halves as pages


def pages_of(sheets: Sequence[PageBlocks]) -> tuple[list[PageBlocks], Callable[[Place], Place] | None]:
    """The pages on sheets, numbered from 1, the right halves of spreads moved to the left edge, and what puts a place
    of theirs back on its sheet; the sheets themselves and None where none holds two pages.

    The last page of a filing may stand alone on the left half of its sheet."""
    splits = {sheet.split for sheet in sheets if sheet.split is not None}
    if not splits:
        return list(sheets), None
    pages: list[PageBlocks] = []
    origin: dict[int, tuple[int, float]] = {}  # of each page: its sheet, and how far it was moved
    for sheet in sheets:
        split = sheet.split
        for right in (False, True) if split is not None else (False,):
            moved = split if right and split is not None else 0.0
            number = len(pages) + 1
            origin[number] = sheet.number, moved
            own = [b for b in sheet.blocks if split is None or (_box(b).middle[0] >= split) is right]

            def onto(place: Place, number: int = number, moved: float = moved) -> Place:
                return _at(place, number, -moved)

            pages.append(PageBlocks(number, sheet.height, tuple(_moved(block, onto) for block in own)))

    def back(place: Place) -> Place:
        if place.page not in origin:
            return place
        number, moved = origin[place.page]
        return _at(place, number, moved)

    return pages, back


def put_back(blocks: Iterable[Block], back: Callable[[Place], Place]) -> tuple[Block, ...]:
    """Blocks of pages with every place on its sheet again."""
    return tuple(
        replace(block, place=back(block.place)) if isinstance(block, Line) else _table_back(block, back)
        for block in blocks
    )


def asides_back(aside: Iterable[Aside], back: Callable[[Place], Place]) -> tuple[Aside, ...]:
    return tuple(replace(each, place=back(each.place)) for each in aside)


def _table_back(table: Table, back: Callable[[Place], Place]) -> Table:
    def sheet_of(page: int) -> int:
        return back(Place(page=page)).page or page

    return replace(
        table,
        cells=tuple(_moved_cell(cell, back) for cell in table.cells),
        row_pages=tuple(page if page is None else sheet_of(page) for page in table.row_pages),
        notes=tuple(PAGE.sub(lambda m: f"page {sheet_of(int(m.group(1)))}", note) for note in table.notes),
        aside=asides_back(table.aside, back),
    )


PAGE = re.compile(r"^page (\d+)")


def _box(block: Line | Grid) -> Box:
    box = block.box if isinstance(block, Grid) else block.place.box
    assert box is not None
    return box


def _moved(block: Line | Grid, onto: Callable[[Place], Place]) -> Line | Grid:
    place = onto(Place(page=0, box=_box(block)))
    if isinstance(block, Line):
        return replace(block, place=place)
    assert place.page is not None
    assert place.box is not None
    by = place.box.left - block.box.left
    return replace(
        block,
        page=place.page,
        box=place.box,
        xs=tuple(x + by for x in block.xs),
        cells=tuple(_moved_cell(cell, onto) for cell in block.cells),
    )


def _moved_cell(cell: Cell, onto: Callable[[Place], Place]) -> Cell:
    return replace(
        cell,
        lines=tuple(replace(line, place=onto(line.place)) for line in cell.lines),
        parts=tuple((row, onto(place)) for row, place in cell.parts),
    )


def _at(place: Place, page: int, by: float) -> Place:
    box = place.box
    return replace(place, page=page, box=box and Box(box.left + by, box.top, box.right + by, box.bottom))
