"""Two pages on one sheet: each half is a page of its own, whatever the file counts.

A sheet is a spread where nothing is printed along its middle from top to bottom, each half is as high as a page and
holds a table, and the tables are not one that has a gap there: their rows do not stand at the same heights, or each
half prints a title of its own. Halves one above the other are pages where each begins as far below its edge. Stitching
sees the halves as pages; afterwards every place is again on its sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from extractors.tables.blocks import PageBlocks, Split
from extractors.tables.celltext import visual_lines
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Aside, Block, Box, Cell, Grid, Line, Place, Rule, Sheet, Table

HALVES = ((0.55, 0.9), (1.1, 1.85))  # width of a half by its height: pages are 0.71 wide, or as much high, and
# margins may have been cut
MIDDLE = 0.01  # of the sheet's width: so much on each side of the middle is white
FEWEST_RULES = 2  # of each direction in each half: a table stands there
SAME_MARGIN = 10.0  # points: how far the margins above two pages differ; a text stands lower in its line than a rule
SAME_HEIGHT = 1.5  # points: rules nearer than this are at one height
SAME_ROWS = 0.6  # of the rules of the shorter half: then its rows are those of the other half


def split_of(sheet: Sheet, words: Words) -> Split | None:
    """Where a sheet that holds two pages is to be parted; None where it is one page."""
    for split in (Split(sheet.width / 2), Split(sheet.height / 2, stacked=True)) if sheet.height > 0 else ():
        wide, high = (sheet.width, split.at) if split.stacked else (split.at, sheet.height)
        if not any(low <= wide / high <= most for low, most in HALVES) or _is_crossed(sheet, split):
            continue
        halves = [half(sheet, split, second=second) for second in (False, True)]
        if all(map(_holds_table, halves)) and (
            _begin_alike(halves, split.at) if split.stacked else _have_titles(halves, words) or not _share_rows(halves)
        ):
            return split
    return None


def half(sheet: Sheet, split: Split, *, second: bool) -> Sheet:
    """The words and rules of one half of a sheet, where they stand."""

    def inside(box: Box) -> bool:
        return split.is_beyond(box) is second

    return replace(
        sheet,
        words=tuple(w for w in sheet.words if inside(w.box)),
        rules=tuple(r for r in sheet.rules if inside(_extent(r))),
        hidden=(),
    )


def _extent(rule: Rule) -> Box:
    if rule.vertical:
        return Box(rule.at, rule.start, rule.at, rule.end)
    return Box(rule.start, rule.at, rule.end, rule.at)


def _is_crossed(sheet: Sheet, split: Split) -> bool:
    near = MIDDLE * sheet.width
    low, high = split.at - near, split.at + near

    def reaches(box: Box) -> bool:
        start, end = (box.top, box.bottom) if split.stacked else (box.left, box.right)
        return start < high and end > low

    return any(reaches(w.box) for w in sheet.words) or any(reaches(_extent(r)) for r in sheet.rules)


def _begin_alike(halves: Sequence[Sheet], middle: float) -> bool:
    """Whether what each of two halves one above the other prints begins as far below its own edge: a table with a gap
    in the middle of its page does not."""
    upper, lower = (
        min(box.top for box in (*(w.box for w in each.words), *map(_extent, each.rules))) for each in halves
    )
    return abs(upper - (lower - middle)) <= SAME_MARGIN


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
    """The pages on sheets, numbered from 1, the second halves of spreads moved to where the first are, and what puts a
    place of theirs back on its sheet; the sheets themselves and None where none holds two pages.

    The last page of a filing may stand alone on the left half of its sheet."""
    if all(sheet.split is None for sheet in sheets):
        return list(sheets), None
    pages: list[PageBlocks] = []
    origin: dict[int, tuple[int, float, float]] = {}  # of each page: its sheet, and how far it was moved
    for sheet in sheets:
        split = sheet.split
        high = split.at if split is not None and split.stacked else sheet.height
        for second in (False, True) if split is not None else (False,):
            by = split.at if second and split is not None else 0.0
            right, down = (0.0, by) if split is not None and split.stacked else (by, 0.0)
            number = len(pages) + 1
            origin[number] = sheet.number, right, down
            own = [b for b in sheet.blocks if split is None or split.is_beyond(_box(b)) is second]

            def onto(place: Place, number: int = number, right: float = right, down: float = down) -> Place:
                return _at(place, number, -right, -down)

            pages.append(PageBlocks(number, high, tuple(_moved(block, onto) for block in own)))

    def back(place: Place) -> Place:
        return place if place.page not in origin else _at(place, *origin[place.page])

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
    right, down = place.box.left - block.box.left, place.box.top - block.box.top
    return replace(
        block,
        page=place.page,
        box=place.box,
        xs=tuple(x + right for x in block.xs),
        ys=tuple(y + down for y in block.ys),
        cells=tuple(_moved_cell(cell, onto) for cell in block.cells),
    )


def _moved_cell(cell: Cell, onto: Callable[[Place], Place]) -> Cell:
    return replace(
        cell,
        lines=tuple(replace(line, place=onto(line.place)) for line in cell.lines),
        parts=tuple((row, onto(place)) for row, place in cell.parts),
    )


def _at(place: Place, page: int, right: float, down: float) -> Place:
    box = place.box
    moved = box and Box(box.left + right, box.top + down, box.right + right, box.bottom + down)
    return replace(place, page=page, box=moved)
