"""The account of a page's characters: what went in comes out in a line, in a cell, or set aside with its reason.

White space is not counted. What is missing on the way out is told, so that no text of a page is lost unseen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from schemas.model import Aside, AsideKind, Block, Box, Grid, Line, PageTally, Place, Sheet, Table, Word

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


def of_blocks(blocks: Iterable[Block | Grid]) -> Characters:
    """The characters that lines and cells hold."""
    return characters("".join(line.text for line in _lines(blocks)))


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


def left_out(sheet: Sheet, blocks: Sequence[Block | Grid]) -> tuple[Aside, ...]:
    """The parts of a sheet's words that none of its lines and cells hold, each set aside with its word's place."""
    missing = of_words(sheet.words) - of_blocks(blocks)
    if not missing:
        return ()
    lines = list(_lines(blocks))
    out = []
    for word in sheet.words:
        held = characters("".join(line.text for line in lines if line.place.box and _touch(line.place.box, word.box)))
        gone = (characters(word.text) - held) & missing
        if gone:
            missing -= gone
            out.append(_lost("".join(ch for ch in word.text if ch in gone), Place(page=sheet.number, box=word.box)))
    return tuple(out)


def emptied(before: Sequence[Line | Grid], after: Sequence[Line | Grid]) -> tuple[Aside, ...]:
    """What the lines and cells of a page held of which another reading of the same ones left no character."""
    out = []
    for old, new in zip(_texts(before), _texts(after), strict=True):
        text = "".join(line.text for line in old)
        if text.strip() and not any(line.text.strip() for line in new):
            out.append(_lost(text, old[0].place))
    return tuple(out)


def lost(accounts: Iterable[PageTally], areas: Mapping[int, Box], placed: Sequence[Aside] = ()) -> tuple[Aside, ...]:
    """What the accounts miss, set aside with its page; `areas` are the pages' boxes. Of what is missing, `placed` is
    known to stand at places of its own."""
    out = []
    for account in accounts:
        own = [one for one in placed if one.place.page == account.page]
        missing = characters(account.missing)
        if of_aside(own) <= missing:
            out += own
            missing -= of_aside(own)
        if missing:
            out.append(_lost(_text(missing), Place(page=account.page, box=areas.get(account.page))))
    return tuple(out)


def _lost(text: str, place: Place) -> Aside:
    return Aside(text, place, AsideKind.LOST, LOST)


def _touch(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def _texts(blocks: Sequence[Line | Grid]) -> list[tuple[Line, ...]]:
    """The lines of each line and cell of a page."""
    out: list[tuple[Line, ...]] = []
    for block in blocks:
        out += [(block,)] if isinstance(block, Line) else [cell.lines for cell in block.cells]
    return out


def _lines(blocks: Iterable[Block | Grid]) -> Iterable[Line]:
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
