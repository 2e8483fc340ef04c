"""The columns left of the levels, whose cells belong to a whole group of rows: names, goals and money of a project."""

from __future__ import annotations

from pipeline.reading.headers import HeaderColumn, column_label
from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.funds import FundReader
from pipeline.reading.interpret.keeping import FieldKeeper
from pipeline.reading.sections import Section, SectionedTable
from pipeline.reading.view import TableView
from schemas.language.money import declared_unit, names_line, stands_for_amount
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell


class OuterReader:
    """Reads the labelled columns left of the levels of a form's tables."""

    def __init__(self, draft: Draft, words: Words, funds: FundReader) -> None:
        self.draft = draft
        self.words = words
        self.funds = funds
        self.keeper = FieldKeeper(draft, words)

    def read(self, table: SectionedTable) -> None:
        """Read the outer columns of one table, section by section."""
        for section in table.sections:
            for column in section.outer:
                self.draft.own(*_cells(table.view, section.header, column, section))
                self._read_column(table.view, column, _cells(table.view, section.rows, column, section))

    def _read_column(self, view: TableView, column: HeaderColumn, cells: list[Cell]) -> None:
        if squeeze(column.text) in self.words.all.column_numbers.before:
            self.draft.own(*cells)  # numbers of rows
        elif cells and self._holds_money(column, cells):
            self.funds.read_column(column.text, cells, view)
        elif cells:
            self.keeper.keep_cells(column_label(column.text, self.words), cells, view)

    def _holds_money(self, column: HeaderColumn, cells: list[Cell]) -> bool:
        named = bool(self.words.fund_column(column.text)) or names_line(column.text, self.words)
        declared = declared_unit(column.text, self.words) is not None
        return (named or declared) and all(not c.text.strip() or stands_for_amount(c.text, self.words) for c in cells)


def _cells(view: TableView, rows: range, column: HeaderColumn, section: Section) -> list[Cell]:
    """The cells of an outer column in some rows, each once, blank ones only where there is no other; those that reach
    into the indicators are none."""
    inside = [c for row in rows for c in view.row(row, column.start, column.end)]
    own = [c for c in inside if c.col + c.colspan <= section.columns[0].start]
    cells = list({id(c): c for c in own}.values())
    return [c for c in cells if c.text.strip()] or cells[:1]
