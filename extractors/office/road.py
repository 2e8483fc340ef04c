"""The road of office files: check, read, lay out. What goes wrong in a library becomes one clear refusal."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from extractors.containers import check_parts
from extractors.formats import Aids, Intake
from extractors.marked.build import Flow, build_blocks
from extractors.office.packages import openable
from extractors.refusals import CannotRead, DamagedOffice, Encrypted
from schemas.model import Block, Document, Place, Reader, Table, Unshown

LOCKED = re.compile("password|encrypted")  # in what the libraries say of a file that is locked
MOST_SAID = 20  # hidden texts that are told one by one: a web page may hide whole menus
LONGEST_SAID = 300  # characters of one of them

T = TypeVar("T")
Parts = tuple[Flow, list[str], list[str]]
"""Lines and tables, notes, and what the file holds and does not show."""


def read_word(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a Word file. Raises CannotRead."""

    def read(path: Path) -> Parts:
        from extractors.office.word import read_word

        check_parts(path)
        return _whole_or_bare(path, read_word)

    return _read_office(intake, read)


def read_excel(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a workbook. Raises CannotRead."""

    def read(path: Path) -> Parts:
        from extractors.office.sheets import read_workbook

        check_parts(path)
        flow, hidden = _whole_or_bare(path, lambda source: read_workbook(source, aids.words))
        return flow, [], hidden

    return _read_office(intake, read)


def read_old_excel(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a workbook of the old format. Raises CannotRead."""

    def read(path: Path) -> Parts:
        from extractors.office.sheets import read_old_workbook

        flow, hidden = read_old_workbook(path, aids.words)
        return flow, [], hidden

    return _read_office(intake, read)


def read_page(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a web page. Raises CannotRead."""

    def read(path: Path) -> Parts:
        from extractors.marked.page import read_page

        flow, hidden = read_page(path)
        return flow, [], hidden

    return _read_office(intake, read)


def read_word_xml(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a Word document in one XML file. Raises CannotRead."""

    def read(path: Path) -> Parts:
        from extractors.office.word_xml import read_word_xml

        return read_word_xml(path, aids.words)

    return _read_office(intake, read)


def read_sheet_xml(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a workbook in one XML file. Raises CannotRead."""

    def read(path: Path) -> Parts:
        from extractors.office.sheet_xml import read_sheet_xml

        flow, hidden = read_sheet_xml(path, aids.words)
        return flow, [], hidden

    return _read_office(intake, read)


def read_mail_page(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a page in a message. Raises CannotRead."""

    def read(path: Path) -> Parts:
        from extractors.office.mail_page import read_mail_page

        flow, hidden = read_mail_page(path)
        return flow, [], hidden

    return _read_office(intake, read)


def read_rich_text(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a rich text. Raises CannotRead."""

    def read(path: Path) -> Parts:
        from extractors.office.rich_text import read_rich_text

        flow, hidden = read_rich_text(path)
        return flow, [], hidden

    return _read_office(intake, read)


def read_open_document(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a text or a workbook of the OpenDocument format. Raises CannotRead."""

    def read(path: Path) -> Parts:
        from extractors.office.open_document import read_open_document

        if zipfile.is_zipfile(path):  # else it is flat
            check_parts(path)
        flow, hidden = read_open_document(path, aids.words)
        return flow, [], hidden

    return _read_office(intake, read)


def _whole_or_bare(path: Path, read: Callable[[Path | BytesIO], T]) -> T:
    """What `read` gives of a package, or of what reading needs of it where a library does not open the whole. Raises
    what comes of the whole one where neither can be read."""
    try:
        return read(openable(path))
    except (CannotRead, zipfile.BadZipFile, zlib.error, MemoryError):
        raise
    except Exception as error:
        if LOCKED.search(str(error)):
            raise
        from extractors.office.bare import bare  # heavy

        try:
            return read(bare(path))
        except CannotRead:
            raise
        except Exception:  # noqa: BLE001 - libraries fail in many ways on a damaged file
            raise error from None


def _read_office(intake: Intake, read: Callable[[Path], Parts]) -> Document:
    """What `read` gives, as blocks. What goes wrong in a library becomes one clear refusal."""
    try:
        flow, notes, hidden = read(intake.path)
        blocks = build_blocks(flow)
    except CannotRead:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DamagedOffice(detail=str(error)) from error
    except Exception as error:  # libraries fail in many ways on a damaged file
        if LOCKED.search(str(error)):  # a part of it, or all, is locked
            raise Encrypted from error
        kind = "" if type(error) is RuntimeError else f"{type(error).__name__}: "
        raise DamagedOffice(detail=f"{kind}{error}") from error
    blocks = _with_hidden(blocks, hidden, notes)
    return Document(intake.shown, intake.sha256, Reader.OFFICE, 0, blocks, (*notes, *hidden))


def _with_hidden(blocks: tuple[Block, ...], hidden: Sequence[str], notes: Sequence[str]) -> tuple[Block, ...]:
    """What the whole file hides is said on its first table, so that a form tells it."""
    first = next((i for i, block in enumerate(blocks) if isinstance(block, Table)), None)
    if first is None or not (hidden or notes):
        return blocks
    table = blocks[first]
    assert isinstance(table, Table)
    row = min((cell.row for cell in table.cells), default=0)
    told = [what if len(what) <= LONGEST_SAID else what[:LONGEST_SAID] + "…" for what in hidden[:MOST_SAID]]
    if len(hidden) > MOST_SAID:
        told.append(f"and {len(hidden) - MOST_SAID} more texts")
    said = replace(
        table, hidden=(*(Unshown(row, what, Place()) for what in told), *table.hidden), notes=(*table.notes, *notes)
    )
    return (*blocks[:first], said, *blocks[first + 1 :])
