"""The road of office files: check, read, lay out. What goes wrong in a library becomes one clear refusal."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace

from extractors.intake import DamagedOffice, HostileOffice, Intake, Locked, Medium, NotText, OfficeTooLarge
from extractors.office.build import Flow, TableTooLarge, build_blocks
from extractors.office.kinds import DeclaresEntities, TooMuchInside, check_parts
from schemas.model import Block, Document, Reader, Table

MOST_SAID = 20  # hidden texts that are told one by one: a web page may hide whole menus
LONGEST_SAID = 300  # characters of one of them


def read_office(intake: Intake) -> Document:
    """The lines and tables of a Word, Excel or HTML file. Raises Locked, DamagedOffice, HostileOffice,
    OfficeTooLarge, NotText."""
    from extractors.dump.lines import UnknownEncoding
    from extractors.office.web import TooLarge

    try:
        if intake.medium in (Medium.WORD, Medium.EXCEL):
            check_parts(intake.path)
        flow, notes, hidden = _read(intake)
        blocks = build_blocks(flow)
    except DeclaresEntities as error:
        raise HostileOffice(intake.shown, str(error)) from error
    except (TooMuchInside, TableTooLarge, TooLarge) as error:
        raise OfficeTooLarge(intake.shown, str(error)) from error
    except UnknownEncoding as error:
        raise NotText(intake.shown, str(error)) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DamagedOffice(intake.shown, str(error)) from error
    except RuntimeError as error:
        if "password" in str(error):  # a part of the archive is encrypted
            raise Locked(intake.shown) from error
        raise DamagedOffice(intake.shown, str(error)) from error
    except Exception as error:
        if "encrypted" in str(error):
            raise Locked(intake.shown) from error
        raise DamagedOffice(intake.shown, f"{type(error).__name__}: {error}") from error
    blocks = _with_hidden(blocks, hidden, notes)
    return Document(intake.shown, intake.sha256, Reader.OFFICE, 0, blocks, (*notes, *hidden))


def _read(intake: Intake) -> tuple[Flow, list[str], list[str]]:
    """(lines and tables, notes, what the file holds and does not show)."""
    if intake.medium is Medium.WORD:
        from extractors.office.word import read_word

        return read_word(intake.path)
    if intake.medium is Medium.HTML:
        from extractors.office.web import read_page

        flow, hidden = read_page(intake.path)
        return flow, [], hidden
    from extractors.office.sheets import read_old_workbook, read_workbook

    lines, hidden = read_old_workbook(intake.path) if intake.medium is Medium.OLD_EXCEL else read_workbook(intake.path)
    return lines, [], hidden


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
    said = replace(table, hidden=(*((row, what) for what in told), *table.hidden), notes=(*table.notes, *notes))
    return (*blocks[:first], said, *blocks[first + 1 :])
