"""A document that is read page by page: page images, the reader of scanned ones, and how pages become a document."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from extractors.tables.accounting import lost, of_aside, of_blocks, tally
from extractors.tables.blocks import PageBlocks
from extractors.tables.furniture import part_furniture
from extractors.tables.spreads import asides_back, pages_of, put_back
from extractors.tables.stitch import stitch
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Aside, Block, PageTally, Table, Word

Pixels = npt.NDArray[np.uint8]
"""An image as RGB, rows by columns by three."""

USUAL = 200.0  # dots an inch at which a page is read where nothing speaks for another resolution
LOWEST, HIGHEST = 150.0, 300.0  # dots an inch: coarser images are enlarged, finer ones reduced
MOST_PIXELS = 80_000_000  # of an image that has to be decoded whole (A3 at 600 dots an inch has 70 million); more are
# refused, for memory's sake
LONGEST = 6000  # pixels of the longer side of a page image, whatever its resolution

SPREAD = "it holds two pages, which were read one after the other"


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page: its number from 1, RGB pixels, dots an inch, and what was done to the image."""

    number: int
    pixels: Pixels
    dpi: float
    notes: tuple[str, ...] = ()


class ScanReader(Protocol):
    """Reads scanned pages, for whichever road comes upon them."""

    def page(self, image: PageImage, under: Sequence[Word] = ()) -> tuple[PageBlocks, list[str]]:
        """The blocks of a page image, and notes on what was done to it; `under` are the words of a text layer that
        lies under the image. Raises CannotRead, with the page."""

    def settled(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """The blocks of the whole document with what an image cannot tell apart settled."""


class Whole(NamedTuple):
    """All pages of a document: their blocks in reading order, remarks, what was set aside, and the accounts of the
    scanned ones."""

    blocks: tuple[Block, ...]
    remarks: tuple[str, ...]
    aside: tuple[Aside, ...]
    accounts: tuple[PageTally, ...] = ()


def whole(
    pages: Sequence[PageBlocks],
    notes: Mapping[int, Sequence[str]],
    scanned: Collection[int],
    scans: ScanReader,
    words: Words,
) -> Whole:
    """All pages as one: what is set aside are heads and feet, and what scanned pages print and no block holds. `notes`
    are on pages by their number, some of them `scanned`."""
    single, back = pages_of(pages)
    clean, aside = part_furniture(single, words)
    blocks = stitch(clean, words)
    if back is not None:
        blocks, aside = put_back(blocks, back), asides_back(aside, back)
        spreads = [page.number for page in pages if page.split is not None]
        notes = {**notes, **{number: (*notes.get(number, ()), SPREAD) for number in spreads}}
    accounts: tuple[PageTally, ...] = ()
    if scanned:
        own = [page for page in pages if page.number in scanned]
        # what was recognised is read again and settled on the way: the account is of the texts that pages hand on
        accounts = tally({page.number: of_blocks(page.blocks) + of_aside(page.lost) for page in own}, blocks, aside)
        aside = (*aside, *lost(accounts, {}, [one for page in own for one in page.lost]))
        blocks = scans.settled(blocks)
    return Whole(noted(blocks, notes), remarks(notes), aside, accounts)


def remarks(notes: Mapping[int, Sequence[str]]) -> tuple[str, ...]:
    """The notes on pages as lines that name their page."""
    return tuple(f"page {number}: {note}" for number in sorted(notes) for note in notes[number])


def noted(blocks: Sequence[Block], notes: Mapping[int, Sequence[str]]) -> tuple[Block, ...]:
    """The blocks, each table with the notes on its pages, so that they are kept with it."""
    return tuple(
        replace(b, notes=(*b.notes, *remarks({n: notes[n] for n in b.pages if n in notes})))
        if isinstance(b, Table)
        else b
        for b in blocks
    )
