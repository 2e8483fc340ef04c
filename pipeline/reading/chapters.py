"""Where a form ends and a chapter of prose begins: reports print forms between their chapters, and tables of other
things below these."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.reading.sections import SectionedTable
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import SENTENCE_ENDS
from schemas.model import Line

LONGEST_NOTE = 24  # characters up to which a line is a signature, a unit, a remark; prose runs on
FEWEST_SENTENCES = 2  # lines of prose that end a form with no table behind them
ENDS = SENTENCE_ENDS + "：:"  # of what is no heading
FEWEST_LABELS = 2  # known labels of a table that goes on with a form behind prose


def chapter_behind(blocks: Sequence[Line | SectionedTable], words: Words, then: SectionedTable | None) -> int | None:
    """The index in the blocks of a form from which on its last lines are a chapter of the report around it, None where
    they are its own. `then` is the table that follows them, None where none does: it may go on with the form.

    A dump's lines are never a chapter: they may be what its table has lost.
    """
    last = max((i for i, b in enumerate(blocks) if isinstance(b, SectionedTable)), default=None)
    if last is None or not _is_ruled(blocks[last]):
        return None
    lines = [block for block in blocks[last + 1 :] if isinstance(block, Line)]
    first = next((i for i, line in enumerate(lines) if _begins_chapter(line, words)), None)
    if first is None or any(squeeze(line.text).startswith(tuple(words.all.remarks)) for line in lines[:first]):
        return None
    sentences = sum(1 for line in lines[first:] if _is_prose(line))
    if then is None:
        return last + 1 + first if sentences >= FEWEST_SENTENCES else None
    return None if _goes_on(then, words, FEWEST_LABELS if sentences else 1) else last + 1 + first


def _is_ruled(block: Line | SectionedTable) -> bool:
    return isinstance(block, SectionedTable) and block.table.ruled


def _begins_chapter(line: Line, words: Words) -> bool:
    text = line.text.strip()
    if squeeze(text).startswith(tuple(words.all.remarks)):
        return False
    heading = bool(words.chapter.match(text)) and text[-1] not in ENDS
    return heading or _is_prose(line)


def _is_prose(line: Line) -> bool:
    """Whether a line is part of running text: long, or a sentence; a label with its value is none."""
    text = squeeze(line.text)
    return len(text) > LONGEST_NOTE and not re.match(r"[^:。]{1,12}:", text)


def _goes_on(table: SectionedTable, words: Words, fewest: int) -> bool:
    """Whether a table may go on with the form above it: it holds indicators, or known labels."""
    labels = {squeeze(c.text) for c in table.table.cells if words.known_label(c.text)}
    return bool(table.sections) or len(labels) >= fewest
