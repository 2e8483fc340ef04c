"""The road of texts: Markdown, tables of commas, and dumps; whatever is nothing else is text, or is refused as none."""

from __future__ import annotations

from enum import Enum, auto

from extractors.dump.align import align_blocks
from extractors.dump.delimited import delimited_blocks, has_quoted_cells, is_delimited
from extractors.dump.feet import part_feet, part_page_numbers
from extractors.dump.lines import read_lines
from extractors.dump.markdown import is_marked_down, markdown_blocks
from extractors.encoding import decode
from extractors.foreign import foreign_name
from extractors.formats import Aids, Glimpse, Intake
from extractors.refusals import TextTooLarge
from schemas.language.vocabulary import Words
from schemas.model import Aside, Block, Document, Reader

MARKDOWN = (".md", ".markdown")
DELIMITED = (".csv",)
LARGEST = 64 << 20  # bytes; a dump of a thousand forms has some five
MOST_LINES = 200_000  # a form has some sixty; whatever stands in one costs up to half a thousandth of a second


def is_markdown(look: Glimpse) -> bool:
    """Whether a file is called Markdown and is no file of another format."""
    return look.suffix in MARKDOWN and foreign_name(look.head) is None


def is_csv(look: Glimpse) -> bool:
    """Whether a file is called a table of commas and is no file of another format."""
    return look.suffix in DELIMITED and foreign_name(look.head) is None


def is_dump(look: Glimpse) -> bool:
    """Anything may be a dump; its encoding is tried when it is read."""
    return True


class _Shape(Enum):
    """How the cells of a text are told."""

    MARKED = auto()  # by tables of Markdown or HTML
    DELIMITED = auto()  # by commas or semicolons, or by tabs with quotes around some cells
    TABS = auto()
    NONE = auto()


def read_text(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a Markdown file or a text dump, of whichever shape it is. Raises CannotRead."""
    return _read(intake, aids)


def read_csv(intake: Intake, aids: Aids) -> Document:
    """The lines and the table of a file of commas, semicolons or tabs. Raises CannotRead."""
    return _read(intake, aids, delimited=True)


def text_blocks(text: str, words: Words) -> tuple[Block, ...]:
    """The lines and tables of a text by its shape."""
    return _blocks(text, _shape_of(text), words)[0]


def _shape_of(text: str) -> _Shape:
    if is_marked_down(text):
        return _Shape.MARKED
    if "\t" in text:
        return _Shape.DELIMITED if has_quoted_cells(text) else _Shape.TABS
    return _Shape.DELIMITED if is_delimited(text) else _Shape.NONE


def _blocks(text: str, shape: _Shape, words: Words) -> tuple[tuple[Block, ...], tuple[Aside, ...]]:
    """The lines and tables of a text, and what was set aside."""
    if shape is _Shape.MARKED:
        return markdown_blocks(text, words), ()
    if shape is _Shape.DELIMITED:
        return delimited_blocks(text, words), ()
    lines, aside = (part_page_numbers if shape is _Shape.TABS else part_feet)(read_lines(text))
    return align_blocks(lines, words), aside


def _read(intake: Intake, aids: Aids, *, delimited: bool = False) -> Document:
    if intake.path.stat().st_size > LARGEST:
        raise TextTooLarge(detail=f"more than {LARGEST >> 20} MB")
    text, encoding = decode(intake.path.read_bytes())
    if max(text.count("\n"), text.count("\r")) >= MOST_LINES:
        raise TextTooLarge(detail=f"more than {MOST_LINES:,} lines")
    shape = _Shape.DELIMITED if delimited and "\t" in text else _shape_of(text)
    blocks, aside = _blocks(text, _Shape.DELIMITED if delimited else shape, aids.words)
    told = shape is not _Shape.NONE
    notes = (f"encoding {encoding}",)
    return Document(intake.shown, intake.sha256, Reader.DUMP, 0, blocks, notes, aside=aside, tells_cells=told)
