"""Tables whose cells commas, semicolons or tabs part, with quotes around cells that hold such marks or line breaks."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from extractors.dump.lines import MARKED, plain_marks
from extractors.dump.loose_rows import Slot, loose_blocks
from extractors.dump.rows import join_values
from extractors.dump.wrapped_cells import without_wraps
from extractors.marked.build import build_blocks
from extractors.refusals import NotText
from schemas.language.vocabulary import Words
from schemas.model import Block, Place

MARKS = (",", "\t", ";", "|")
HINT = re.compile(r"sep=(?P<mark>[,;|\t])\s*\r?\n", re.IGNORECASE)  # a first line by which Excel is told the mark
AS_TEXT = re.compile(r'="(?P<text>.*)"', re.DOTALL)  # how a code is kept from being read as a number
MARKED_UP = re.compile(rf'="|[\t\r\n]|{MARKED.pattern}')  # what of a cell may be shown as something else
LONGEST_CELL = 1 << 20  # characters
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")  # commas inside a number
UNNAMED = re.compile(r"(?:Unnamed: )?(?P<number>\d{1,4})")  # a column that has a number for its name
QUOTED = re.compile(r'(?:^|\t)"(?:[^"]|"")*+"(?=\t|\r?$)', re.MULTILINE)
FEWEST_ROWS = 4  # of equal width: then a text that is called otherwise is a table of this kind too
FEWEST_CELLS = 4
MOST_OTHERS = 0.2  # share of its lines that have another width: titles, notes


def delimited_blocks(text: str, words: Words) -> tuple[Block, ...]:
    """The lines and the table of a text whose cells are parted by one mark. Raises NotText."""
    rows = without_wraps(_without_frame(list(_rows(text, mark_of(text)))), words)
    return join_values(build_blocks(list(loose_blocks(rows, words))), words)


def _without_frame(rows: list[list[Slot]]) -> list[list[Slot]]:
    """The rows without what programs for tables of data set around them: names of columns that number them in the first
    row, and the numbers of the rows in the first column."""
    if len(rows) < FEWEST_ROWS:
        return rows
    head = [slot.text for slot in rows[0]]
    indexed = not head[0] and [row[0].text for row in rows[1:]] == [str(n) for n in range(len(rows) - 1)]
    names = head[indexed:]
    if len(names) < FEWEST_CELLS or not all(UNNAMED.fullmatch(name) for name in names):
        return rows
    if [int(UNNAMED.sub(r"\g<number>", name)) for name in names] not in (
        list(range(len(names))),
        list(range(1, len(names) + 1)),
    ):
        return rows
    return [row[indexed:] for row in rows[1:]]


def mark_of(text: str) -> str:
    """The mark that parts the cells: what the file says, else the one by which most cells stand in rows of one
    width."""
    if (hint := HINT.match(text)) is not None:
        return hint["mark"]
    return max(MARKS, key=lambda mark: _in_columns(text, mark))


def _in_columns(text: str, mark: str) -> int:
    """How many cells the rows of the commonest width have, where it is more than one."""
    widths = Counter(len(row) for row in _parsed(text, mark) if len(row) > 1)
    return max((width * count for width, count in widths.items()), default=0)


def is_delimited(text: str) -> bool:
    """Whether the commas or semicolons of a text part cells: nearly all of its lines have equally many of them."""
    fewest = FEWEST_ROWS * (FEWEST_CELLS - 1)
    if text.count(",") >= fewest:
        text = THOUSANDS.sub("", text)
    for mark in (",", ";"):
        if text.count(mark) < fewest:
            continue
        widths = Counter(len(row) for row in _parsed(text, mark) if any(row))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if width >= FEWEST_CELLS and count >= FEWEST_ROWS and count >= (1 - MOST_OTHERS) * widths.total():
            return True
    return False


def has_quoted_cells(text: str) -> bool:
    """Whether tabs part the cells of a text, as many in each row, and quotes stand around some: a sheet that was saved
    as text."""
    if "\t" not in text or '"' not in text or QUOTED.search(text) is None:
        return False
    widths = {len(row) for row in _parsed(text, "\t") if any(row)}
    return len(widths) == 1 and widths.pop() >= FEWEST_CELLS


def _parsed(text: str, mark: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=mark)
    except csv.Error as error:
        raise NotText(detail=f"its cells cannot be told: {error}") from error


def _rows(text: str, mark: str) -> Iterator[list[Slot]]:
    """The rows with text, each cell with the line that its row begins at and its number in the row."""
    csv.field_size_limit(LONGEST_CELL)
    hint = HINT.match(text)
    begin = 1 if hint is None else 2
    reader = csv.reader(StringIO(text[hint.end() if hint else 0 :], newline=""), delimiter=mark)
    line = begin
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield [Slot(_plain(cell), Place(line=line, column=n)) for n, cell in enumerate(row, 1)]
            line = begin + reader.line_num
    except csv.Error as error:
        raise NotText(detail=f"line {line}: {error}") from error


def _plain(cell: str) -> str:
    if MARKED_UP.search(cell) is None:
        return cell.strip()
    formula = AS_TEXT.fullmatch(cell.strip())
    return plain_marks(
        (formula["text"] if formula else cell).replace("\t", " ").replace("\r\n", "\n").replace("\r", "\n")
    )
