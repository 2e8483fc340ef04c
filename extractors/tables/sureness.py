"""How sure it is that something is a table: a region of aligned text, a ruled grid, and a table of whole pages.

What makes a table of aligned text sure is what prose, charts, lists and tables of contents do not have: several
columns, many rows that fill them, figures in the cells and no text as wide as prose. Rules make a table without more,
where they part its texts; a frame around one text and the lines of a chart are drawn with rules too and are none.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from extractors.tables.alignment import Region, TextLine
from extractors.tables.filling import cell_finder
from schemas.language.vocabulary import Words
from schemas.model import Cell, Grid, Table, Word, union

SURE = 0.5  # from here on aligned text is a table: prose in two columns reaches 0.45, the poorest true table seen 0.52
MOST_COLUMNS, MOST_ROWS = 3, 8  # further columns and rows make nothing surer
MANY_FIGURES = 0.5  # of the texts: more figures make nothing surer
WIDE = 14.0  # of the line height: a text as wide as this may be prose
PARTED = 0.5  # of neighbouring texts in one cell: then the rules part only some columns
FULL = 0.6  # of the columns: so many are filled by a line that is a row
SPARSE = 0.3  # of the cells: with fewer of them filled, rules are those of a chart
CHART = 6  # cells: what has fewer may be a small form
FEWEST_KNOWN = 2  # labels or headers: what prints so many of them is a form

LEADER = re.compile(r"^.*?[.…·]{2,}")
PAGE = re.compile(r"\d{1,3}")

FIGURE = re.compile(r"[^\w]*[\d.,]+[^\w]*\w?[^\w]*|[-–—.…*]+|n/?a", re.IGNORECASE)
"""A figure with what may stand around it, or what says that there is none."""


def sureness(lines: Sequence[TextLine], body: Sequence[TextLine], columns: int) -> float:
    """From 0 to 1: how sure it is that lines of aligned text make a table; `body` are those that are its rows."""
    if columns == 2 and _are_contents(body):
        return 0.0
    texts = [text for line in body for text in line.texts]
    wide = sum(1 for line in body for text in line.texts if text[-1].box.right - text[0].box.left > WIDE * line.size)
    filled = sum(min(len(line.texts), columns) for line in body) / (len(body) * columns)
    score = (
        0.25 * min(columns - 1, MOST_COLUMNS) / MOST_COLUMNS
        + 0.2 * min(len(body), MOST_ROWS) / MOST_ROWS
        + 0.3 * min(figures(body) / MANY_FIGURES, 1.0)
        + 0.15 * filled
        + 0.1 * len(body) / len(lines)
        - wide / len(texts)
    )
    return round(max(score, 0.0), 2)


def _are_contents(body: Sequence[TextLine]) -> bool:
    """Whether lines end in the numbers of pages, none smaller than the one before."""
    ends = [LEADER.sub("", "".join(piece.text for piece in line.texts[-1])).strip() for line in body]
    return all(PAGE.fullmatch(end) for end in ends) and all(int(a) <= int(b) for a, b in itertools.pairwise(ends))


def figures(lines: Sequence[TextLine]) -> float:
    """The share of the texts that are figures, or say that there are none."""
    texts = [text for line in lines for text in line.texts]
    return sum(map(is_figure, texts)) / max(len(texts), 1)


def is_figure(text: Sequence[Word]) -> bool:
    """Whether the words of a text are a figure, or say that there is none."""
    return FIGURE.fullmatch("".join(word.text for word in text).strip()) is not None


def may_be_underruled(grid: Grid, words: Words) -> bool:
    """Whether it is worth a look if a grid's rules part only some of its texts: never a form's, whose cells may hold
    several labels."""
    return sum(1 for c in grid.cells if c.text.strip()) > 1 and not speaks((c.text for c in grid.cells), words)


def is_underruled(grid: Grid, regions: Iterable[Region]) -> bool:
    """Whether the rules of a grid part only some of its columns or rows: the `regions` of aligned text among its words
    stand in more of them."""
    return any(_parted_by_white(region, grid) for region in regions)


def _parted_by_white(region: Region, grid: Grid) -> bool:
    """Whether many of a region's neighbouring texts share a cell of the grid. Single letters tell nothing: they are set
    apart to fill the width of their cell."""
    owner = cell_finder(grid)
    rows = [[owner(union([w.box for w in text]).middle) for text in line.texts] for line in region.lines]
    letters = [[_is_letter(text) for text in line.texts] for line in region.lines]
    beside = [
        one == other
        for row, alone in zip(rows, letters, strict=True)
        for (one, other), spread in zip(itertools.pairwise(row), itertools.pairwise(alone), strict=True)
        if not any(spread)
    ]
    if beside and sum(beside) >= PARTED * len(beside):
        return True
    full = [row for row in rows if len(row) > FULL * len(region.gutters)]
    stacked = sum(one == other for one, other in itertools.pairwise(full))
    return figures(region.lines) >= PARTED and stacked >= FULL * max(len(rows) - 1, 1)


def _is_letter(text: Sequence[Word]) -> bool:
    printed = "".join(word.text for word in text).strip()
    return len(printed) == 1 and printed.isalpha()


def is_table(table: Table, words: Words) -> bool:
    """Whether a ruled table of whole pages is one, and no frame around a text, no chart and nothing but lines."""
    if not table.ruled:
        return True
    printed = [c for c in table.cells if c.text.strip() or c.unreadable or c.lost]
    if not printed:
        return False
    if len(table.cells) == 1:
        return len(table.pages) > 1 or _has_label(table.cells[0], words)
    sparse = len(table.cells) > CHART and len(printed) < SPARSE * len(table.cells)
    return not sparse or speaks((c.text for c in printed), words)


def _has_label(cell: Cell, words: Words) -> bool:
    return any(words.known_label(re.split("[:：]", line.text)[0]) for line in cell.lines)


def speaks(texts: Iterable[str], words: Words) -> bool:
    """Whether texts are those of a form: its language knows several of them as labels or headers."""
    known = (text for text in texts if words.known_label(re.split("[:：]", text)[0]) or words.header(text))
    return sum(1 for _ in itertools.islice(known, FEWEST_KNOWN)) == FEWEST_KNOWN
