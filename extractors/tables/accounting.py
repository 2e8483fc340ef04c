"""The account of a page's characters: what went in comes out in a line, in a cell, or set aside with its reason.

White space is not counted. What is missing on the way out is told, so that no text of a page is lost unseen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from schemas.model import Aside, AsideKind, Block, Box, Line, PageTally, Place, Sheet, Table, Word

Characters = Counter[str]
LOST = "these characters of the page stand in no line and in no cell"


def tally(sheets: Mapping[int, Characters], blocks: Sequence[Block], aside: Iterable[Aside]) -> tuple[PageTally, ...]:
    """The account of each page in `sheets`, which holds the characters that its words print."""
    kept = _by_page(sheets, _lines(blocks))
    apart = _by_page(sheets, _set_aside(blocks, aside))
    out = []
    for page, read in sorted(sheets.items()):
        held = kept[page] + apart[page]
        missing, added = read - held, held - read
        out.append(PageTally(page, read.total(), kept[page].total(), apart[page].total(), _text(missing), _text(added)))
    return tuple(out)


def _by_page(pages: Iterable[int], items: Iterable[Line | Aside]) -> dict[int, Characters]:
    """The characters of what stands on each page."""
    texts: dict[int, list[str]] = {page: [] for page in pages}
    for item in items:
        if item.place.page in texts:
            texts[item.place.page].append(item.text)
    return {page: characters("".join(own)) for page, own in texts.items()}


def characters(text: str) -> Characters:
    """The characters of a text without white space, with their number."""
    return Counter("".join(text.split()))


def of_words(words: Iterable[Word]) -> Characters:
    """The characters that words print."""
    return characters("".join(word.text for word in words))


def of_aside(aside: Iterable[Aside]) -> Characters:
    """The characters that were set aside."""
    return characters("".join(item.text for item in aside))


def unseen_of(sheet: Sheet) -> list[Aside]:
    """What a sheet's file holds and its page does not show, or strikes out, set aside with its place."""
    kinds = ((sheet.hidden, "the page does not show it"), (sheet.struck, "it is struck out"))
    return [
        Aside(text, Place(page=sheet.number, box=box), AsideKind.HIDDEN, why)
        for texts, why in kinds
        for text, box in texts
        if text.strip()
    ]


def lost(accounts: Iterable[PageTally], areas: Mapping[int, Box]) -> tuple[Aside, ...]:
    """What the accounts miss, set aside with its page; `areas` are the pages' boxes."""
    return tuple(
        Aside(account.missing, Place(page=account.page, box=areas.get(account.page)), AsideKind.LOST, LOST)
        for account in accounts
        if account.missing
    )


def _lines(blocks: Sequence[Block]) -> Iterable[Line]:
    for block in blocks:
        if isinstance(block, Line):
            yield block
        else:
            for cell in block.cells:
                yield from cell.lines


def _set_aside(blocks: Sequence[Block], aside: Iterable[Aside]) -> Iterable[Aside]:
    yield from aside
    for block in blocks:
        if isinstance(block, Table):
            yield from block.aside


def _text(counted: Characters) -> str:
    return "".join(sorted(counted.elements()))
