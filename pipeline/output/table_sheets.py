"""A workbook of the tables of filings: a list of them, their cells, the lines outside them, and each table as it is
printed, with its merged cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.output.captions import Captions
from pipeline.output.cells import ExportImpossible, guarded, legal
from pipeline.output.workbook import CREATED, ROWS, Book, head, refuse_too_long, write

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = 16_384  # of a sheet
PRINTED = "printed"


def write_table_sheets(tables: Mapping[str, pd.DataFrame], out: Path, captions: Captions) -> Path:
    """Write `tables`, `cells` and `lines`, and the tables one below the other as they are printed; the file. It is made
    in memory, so that a failure leaves no half workbook. Raises ExportImpossible where a sheet would be too large."""
    import xlsxwriter

    refuse_too_long(tables)
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": CREATED})
        book = Book(workbook, captions)
        _print(book, tables["tables"], tables["cells"])
        for name, frame in tables.items():
            _list(book, name, frame)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(made.getvalue())
    return out


def _list(book: Book, name: str, frame: pd.DataFrame) -> None:
    import pandas as pd

    sheet = book.workbook.add_worksheet(book.captions.sheet(name))
    for col, column in enumerate(frame.columns):
        head(book, sheet, col, column, frame[column])
        for row, value in enumerate(frame[column], start=1):
            if not pd.isna(value):
                write(book, sheet, row, col, column, value, "")
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(frame), 1), max(len(frame.columns) - 1, 0))


def _print(book: Book, tables: pd.DataFrame, cells: pd.DataFrame) -> None:
    """The tables below each other: a line with file, number and pages, then the grid."""
    sheet = book.workbook.add_worksheet(book.captions.sheet(PRINTED))
    own = dict(iter(cells.groupby(["file", "table_index"], sort=False)))
    top = 0
    listed: Iterator[Any] = tables.itertuples(index=False)
    for table in listed:
        if top + table.row_count + 2 > ROWS or table.col_count > COLUMNS:
            raise ExportImpossible("the tables are more than a sheet of a workbook holds: use csv")
        sheet.write_string(top, 0, legal(_heading(table)), book.format("title"))
        key = (table.file, table.table_index)
        for cell in own[key].itertuples(index=False) if key in own else ():
            _print_cell(book, sheet, top + 1, cell)
        top += int(table.row_count) + 2


def _heading(table: Any) -> str:
    return "  ".join([table.file, f"#{table.table_index}", *_pages(table)])


def _pages(table: Any) -> Iterator[str]:
    import pandas as pd

    if not pd.isna(table.first_page):
        yield f"p. {table.first_page}" + ("" if table.last_page == table.first_page else f"-{table.last_page}")


def _print_cell(book: Book, sheet: Any, top: int, cell: Any) -> None:
    """A cell at its place, merged over what it spans. Text stays text, whatever it looks like."""
    row, col = top + int(cell.row), int(cell.col)
    text = legal(cell.text)
    made = book.format("ruled" if guarded(cell.text) == cell.text else "ruled_quoted")
    if cell.rowspan == 1 and cell.colspan == 1:
        sheet.write_string(row, col, text, made)
        return
    sheet.merge_range(row, col, row + int(cell.rowspan) - 1, col + int(cell.colspan) - 1, "", made)
    sheet.write_string(row, col, text, made)
