"""Lines outside tables: the labels and values, the year or the unit that they print."""

from __future__ import annotations

import itertools
from typing import Protocol

from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.keeping import FieldKeeper
from pipeline.reading.interpret.labels import INLINE, UNKNOWN, is_known, joined_prefix, part_inside, split_labels
from pipeline.reading.view import TableView
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import is_year_mark
from schemas.model import Cell, Line


class ReadFund(Protocol):
    """Reads `label: amount` as a line of money; False where it is none."""

    def __call__(self, label: str, text: str, source: Cell | Line, view: TableView | None) -> bool: ...


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
                self._read_piece(piece.strip(), line)

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
            return
        label, value = printed.group("label"), printed.group("value")
        if self.read_fund(label, value, line, None):
            return
        if squeeze(label) in self.words.all.remarks or not (is_known(label, self.words) or UNKNOWN.fullmatch(text)):
            return
        self.draft.own(line)
        self.keeper.keep(label, value, origin)
