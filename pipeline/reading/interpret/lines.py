"""Lines outside tables: the labels and values, the year or the unit that they print."""

from __future__ import annotations

import itertools
from typing import Protocol

from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.keeping import FieldKeeper
from pipeline.reading.interpret.labels import INLINE, UNKNOWN, is_known, joined_prefix, part_inside, split_labels
from pipeline.reading.sections import heading_period
from pipeline.reading.view import TableView
from schemas.language.values import without_enumerator
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import is_year_mark
from schemas.model import Cell, Line


class ReadFund(Protocol):
    """Reads `label: amount` as a line of money; False where it is none."""

    def __call__(self, label: str, text: str, source: Cell | Line, view: TableView | None) -> bool: ...


def _with_year_behind(text: str) -> tuple[str, str]:
    """A text and the year that a blank parts from its end, empty where there is none: 填报单位：某局 2024年度."""
    parts = text.rsplit(maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 and is_year_mark(parts[1]) else (text, "")


class LineReader:
    """Reads the lines of a form that stand in no table."""

    def __init__(self, draft: Draft, words: Words, read_fund: ReadFund) -> None:
        self.draft = draft
        self.words = words
        self.read_fund = read_fund
        self.keeper = FieldKeeper(draft, words)

    def read(self, line: Line) -> None:
        """Read what a line prints, part by part."""
        cuts = [0, *line.gaps, len(line.text)]
        for a, b in itertools.pairwise(cuts):
            for piece in split_labels(line.text[a:b], self.words):
                value, year = _with_year_behind(piece.strip())
                for part in (value, year):
                    self._read_piece(part, line)

    def _heads_a_block(self, text: str) -> bool:
        """Whether a line is the heading of what stands below it."""
        return self.words.is_heading(without_enumerator(text)) or heading_period(text, self.words) is not None

    def _read_piece(self, text: str, line: Line) -> None:
        def origin(where: str, raw: str | None) -> None:
            self.draft.origin_line(where, raw, line)

        if is_year_mark(text):
            self.draft.own(line)
            self.keeper.keep_year(text, origin)
            return
        part = part_inside(text, self.words)
        if part is not None and self.read_fund(*part, line, None):
            return
        printed = INLINE.fullmatch(text) or joined_prefix(text, self.words)
        if printed is None:
            if self._heads_a_block(text):
                self.draft.own(line)
            return
        label, value = printed.group("label"), printed.group("value")
        if self.read_fund(label, value, line, None):
            return
        if squeeze(label) in self.words.all.remarks or not (is_known(label, self.words) or UNKNOWN.fullmatch(text)):
            return
        self.draft.own(line)
        self.keeper.keep(label, value, origin, recognised=line.score is not None)
