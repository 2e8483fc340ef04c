"""The values that pass between the stages: boxes, words, rules, sheets, cells, grids and tables.

All of them are frozen. A box is in PDF points from the top left corner of the page, x to the right, y down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from schemas.frozen import dataclass


class Reader(StrEnum):
    """Which road a value came by."""

    TEXT_LAYER = "text-layer"
    OCR = "ocr"
    DUMP = "dump"
    OFFICE = "office"  # Word, Excel and web pages: files that mark their tables themselves


class InvertedBox(ValueError):
    """A box whose right is left of its left, or whose bottom is above its top."""


@dataclass(frozen=True, slots=True)
class Box:
    """(left, top, right, bottom) in points from the top left of the page."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if self.right < self.left or self.bottom < self.top:
            raise InvertedBox(f"box {self.left, self.top, self.right, self.bottom} is inverted")

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def __or__(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def union(boxes: list[Box]) -> Box:
    """The smallest box around one or more boxes."""
    if len(boxes) == 1:
        return boxes[0]
    return Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
    )


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters on one line without a gap. `text` keeps the spaces that the source has.

    `edges` are the x positions between the characters (len(text) + 1 of them), so that a word that straddles a
    rule can be split; `score` is the reader's confidence from 0 to 1, None where the reader gives none. `joints` are
    the offsets of characters that a text layer shows apart from the one before them, None where the reader does not
    tell; `turn` is by how many degrees clockwise the word is turned on the page (0, 90, 180, 270).
    """

    text: str
    box: Box
    edges: tuple[float, ...]
    score: float | None = None
    raw: str | None = None  # the reader's own text, where its ink showed another mark
    joints: tuple[int, ...] | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight ruling line: at `at` (x of a vertical, y of a horizontal one) from `start` to `end`, in points."""

    vertical: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one page shows: ink and geometry, nothing of tables. `number` counts from 1, sizes are in points.

    `hidden` are the texts that the file holds there and nobody sees, each with its box, `struck` those that the page
    strikes out; `turned` is by how many degrees clockwise the page lies in its file. `misfits` are what
    characters stand for that are not as wide as that."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]
    reader: Reader = Reader.TEXT_LAYER
    hidden: tuple[tuple[str, Box], ...] = ()
    struck: tuple[tuple[str, Box], ...] = ()
    turned: int = 0
    misfits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: page and box on paper; line and column (both from 1) in a dump; row and column of its
    sheet in a workbook; in Word and on web pages, line or table row of the document, and cell in that row."""

    page: int | None = None
    box: Box | None = None
    line: int | None = None
    column: int | None = None
    sheet: str | None = None  # of a workbook

    def __str__(self) -> str:
        """As findings tell it: `page 2 (70, 415)`, `sheet 支出, row 5, column 3`, `line 7`; empty for no place."""
        if self.page is not None and self.box is not None:
            return f"page {self.page} ({self.box.left:.0f}, {self.box.top:.0f})"
        if self.sheet is not None:
            return f"sheet {self.sheet}, row {self.line}, column {self.column}"
        return "" if self.line is None else f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Line:
    """One visual line of text inside a cell, or outside all tables."""

    text: str
    place: Place
    score: float | None = None
    size: float = 0.0  # height of its largest character in points
    gaps: tuple[int, ...] = ()  # offsets in `text` where a wide gap, but perhaps no space, stands
    readings: tuple[tuple[str, float], ...] = ()  # other readings of the same ink, with their scores
    covered: tuple[int, ...] = ()  # offsets in `text` of characters that a seal covers
    raw: str | None = None  # the text as read, where a certain confusion in it was settled


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid or table. `box` is the ruled area (None in dumps), `lines` the text that stands in it.

    `parts` are the areas that a cell has on each page it runs over: (first row, place of the area). The row from
    which a part counts tells which rows stand on which page. `part_text` says which part holds the text, so that
    names carried over a page break can be told from names that stand where they count.
    """

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    lines: tuple[Line, ...] = ()
    parts: tuple[tuple[int, Place], ...] = ()
    text_part: int = 0
    inferred: str | None = None  # why the cell's place or extent was inferred, when it was
    lost: bool = False  # the source no longer holds the cell's text
    unreadable: bool = False  # ink stands in it that could not be read

    @property
    def rows(self) -> range:
        return range(self.row, self.row + self.rowspan)

    @property
    def cols(self) -> range:
        return range(self.col, self.col + self.colspan)

    def lower(self, rows: int) -> Cell:
        """The cell so many rows further down."""
        return replace(self, row=self.row + rows, parts=tuple((row + rows, place) for row, place in self.parts))

    @property
    def place(self) -> Place:
        """Where the text stands (its lines), else the area."""
        if len(self.lines) == 1:
            return self.lines[0].place
        if self.lines:
            first = self.lines[0].place
            boxes = [ln.place.box for ln in self.lines if ln.place.box and ln.place.page == first.page]
            return Place(first.page, union(boxes) if boxes else None, first.line, first.column, first.sheet)
        if self.parts:
            return self.parts[min(self.text_part, len(self.parts) - 1)][1]
        return Place()

    @property
    def score(self) -> float | None:
        scores = [ln.score for ln in self.lines if ln.score is not None]
        return min(scores) if scores else None

    @property
    def readings(self) -> tuple[tuple[str, float], ...]:
        """Other readings of its lines, with their scores."""
        return tuple(reading for ln in self.lines for reading in ln.readings)

    @property
    def covered(self) -> str:
        """Its characters that a seal covers."""
        return "".join(ln.text[i] for ln in self.lines for i in ln.covered if i < len(ln.text))


OpenSides = tuple[frozenset[int], frozenset[int]]
"""Rows, at the left and at the right."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one ruled (or, without rules, aligned) table on one page.

    `xs` and `ys` are the positions of its column and row borders in points; there are len(xs) - 1 columns and
    len(ys) - 1 rows, and each cell's box follows from them. `ruled` is False where columns of text made it; `sure`
    says from 0 to 1 how sure it is that this is a table. `open_sides` are the rows at whose left and at whose right end
    no rule closes the grid, though its rows are ruled that far. `told` is False where no rule at all stands in it.
    """

    page: int
    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]
    ruled: bool = True
    notes: tuple[str, ...] = ()
    sure: float = 1.0
    open_sides: OpenSides = (frozenset(), frozenset())
    told: bool = True


class AsideKind(StrEnum):
    """Why a text of the source stands in no block."""

    FURNITURE = "furniture"  # heads and feet of pages
    AGAIN = "printed again"  # a title or a header that a page prints a second time
    HIDDEN = "hidden"  # the file holds it and its page does not show it
    LOST = "lost"  # no line and no cell holds it


@dataclass(frozen=True, slots=True)
class Aside:
    """A text of the source that is set aside: it stands in no block, so that no value can hold it. `why` says more."""

    text: str
    place: Place
    kind: AsideKind
    why: str


class Unshown(NamedTuple):
    """What a file holds at a row of a table and does not show. `place` is where it stands, nowhere for what is told of
    the whole file, None where only the row tells it."""

    row: int
    what: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table: the grids of one or more pages stitched, or the aligned rows of a dump.

    `breaks` are the rows at which a new page begins; `row_pages` the page (or None) of each row; `hidden` is what the
    file holds beside them and does not show; `unsure_rows` are those made of one on each side of a page break,
    which may as well be two.
    """

    rows: int
    cols: int
    cells: tuple[Cell, ...]
    row_pages: tuple[int | None, ...] = ()
    breaks: tuple[int, ...] = ()
    ruled: bool = True
    notes: tuple[str, ...] = ()
    hidden: tuple[Unshown, ...] = ()
    aside: tuple[Aside, ...] = ()  # what the pages of the table print a second time
    sure: float = 1.0  # from 0 to 1: how sure it is that this is a table
    unsure_rows: tuple[int, ...] = ()
    told: bool = True  # False: the source does not tell in which columns its texts stand; the texts themselves did

    @property
    def pages(self) -> tuple[int, ...]:
        return tuple(sorted({p for p in self.row_pages if p is not None}))


@dataclass(frozen=True, slots=True)
class PageTally:
    """The account of one page's characters, white space aside: `read` went in, `kept` came out in lines and cells,
    `aside` were set aside. `missing` are those that came out nowhere, `added` those that nothing put in."""

    page: int
    read: int
    kept: int
    aside: int
    missing: str = ""
    added: str = ""

    @property
    def holds(self) -> bool:
        return not self.missing and not self.added and self.read == self.kept + self.aside


Block = Line | Table
"""What a document is made of, in reading order: lines outside tables, and tables."""


def pages_of(block: Block) -> set[int]:
    """The pages on which a block stands."""
    places = [place for c in block.cells for _, place in c.parts] if isinstance(block, Table) else [block.place]
    return {place.page for place in places if place.page is not None}


@dataclass(frozen=True)  # without slots, so that what is worked out of it once can be kept
class Document:
    """A file that was read: its blocks in reading order and what is known about the file."""

    path: str
    sha256: str
    reader: Reader
    pages: int
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    scanned: frozenset[int] = frozenset()  # the numbers of the pages that were read as scans
    aside: tuple[Aside, ...] = ()  # what was set aside, in reading order
    accounts: tuple[PageTally, ...] = ()  # of the pages of PDFs and images
    tells_cells: bool = True  # False: a text that nothing parts into cells but blanks, or nothing at all

    @cached_property
    def aside_by_page(self) -> Mapping[int, Sequence[tuple[int, Aside]]]:
        """What was set aside, with its number in `aside`, by the page on which it stands; what stands on a page that
        shows nothing, by the last page before it that does."""
        shown = {page for block in self.blocks for page in pages_of(block)}
        out: dict[int, list[tuple[int, Aside]]] = {}
        for number, aside in enumerate(self.aside):
            page = aside.place.page
            if page is not None:
                home = page if page in shown else max((p for p in shown if p < page), default=0)
                out.setdefault(home, []).append((number, aside))
        return out
