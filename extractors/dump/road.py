"""The road of texts: Markdown, tables of commas, and dumps; whatever is nothing else is text, or is refused as none."""

from __future__ import annotations

from collections.abc import Callable

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


def read_markdown(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a Markdown file. Raises CannotRead."""
    return _read(intake, aids, _of_markdown)


def read_csv(intake: Intake, aids: Aids) -> Document:
    """The lines and the table of a file of commas, semicolons or tabs. Raises CannotRead."""
    return _read(intake, aids, delimited_blocks)


def read_dump(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a text dump, of whichever shape it is. Raises CannotRead."""
    return _read(intake, aids, text_blocks)


def text_blocks(text: str, words: Words) -> tuple[Block, ...]:
    """The lines and tables of a text by its shape: tables of Markdown or HTML, of commas, of tabs, or none marked."""
    if is_marked_down(text):
        return markdown_blocks(text, words)
    return align_blocks(read_lines(text), words) if _is_aligned(text) else delimited_blocks(text, words)


def _is_aligned(text: str) -> bool:
    """Whether the cells of a text are told by tabs, or by nothing at all."""
    return not (is_marked_down(text) or has_quoted_cells(text) or ("\t" not in text and is_delimited(text)))


def _of_markdown(text: str, words: Words) -> tuple[Block, ...]:
    """A Markdown file; one without any table is read as the text that it is."""
    return markdown_blocks(text, words) if is_marked_down(text) else text_blocks(text, words)


def _read(intake: Intake, aids: Aids, blocks_of: Callable[[str, Words], tuple[Block, ...]]) -> Document:
    if intake.path.stat().st_size > LARGEST:
        raise TextTooLarge(detail=f"more than {LARGEST >> 20} MB")
    text, encoding = decode(intake.path.read_bytes())
    if max(text.count("\n"), text.count("\r")) >= MOST_LINES:
        raise TextTooLarge(detail=f"more than {MOST_LINES:,} lines")
    tells_cells = "\t" in text or is_marked_down(text) or is_delimited(text)
    aside: tuple[Aside, ...] = ()
    if blocks_of is not delimited_blocks and _is_aligned(text):
        lines, aside = (part_page_numbers if tells_cells else part_feet)(read_lines(text))
        blocks = align_blocks(lines, aids.words)
    else:
        blocks = blocks_of(text, aids.words)
    notes = (f"encoding {encoding}",)
    return Document(intake.shown, intake.sha256, Reader.DUMP, 0, blocks, notes, aside=aside, tells_cells=tells_cells)
