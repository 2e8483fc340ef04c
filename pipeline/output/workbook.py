"""A workbook for an office: tables with filters, real numbers and dates; what is doubted coloured, with its reason.

`write_string` makes neither formulas nor numbers nor links of text, so nothing that a filing prints can be run.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.output.captions import Captions
from pipeline.output.cells import ExportImpossible, guarded, legal
from pipeline.output.columns import ColumnKind, kind_of
from schemas.language.columns import BY_ROLE
from schemas.pointers import parts

if TYPE_CHECKING:
    import pandas as pd

ROWS = 1_048_576  # rows of a sheet, the header among them
ARROW = "→"
PARSED = ("_op", "_number", "_unit", "_text")  # endings of columns for programs
LINKS = 60_000  # of a sheet: a program holds 65,530
COMMENTS = 20_000  # of a sheet: more make a workbook that no program opens in time
CREATED = datetime(2000, 1, 1)  # any fixed time keeps the bytes the same
NARROWEST, WIDEST = 6, 42  # characters of a column
MEASURED = 300  # rows that a column's width is taken from
NOTE = {"x_scale": 2.0, "y_scale": 1.2, "author": "jixiao"}
MOST_OF_NOTE = 1000  # characters: the rest stands in the sheet of findings
TECHNICAL = frozenset(
    {"sha256", "family_match", "amount_e4", "planned_e4", "spent_e4", "unit_key", "project_key"}
    | {"box_left", "box_top", "box_right", "box_bottom"}
    | {"place_left", "place_top", "place_right", "place_bottom"}
)
"""Columns for programs: they are there, and hidden."""

FORMATS: dict[str, dict[str, Any]] = {
    "bold": {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "vcenter"},
    "text": {"valign": "top"},
    "quoted": {"valign": "top", "quote_prefix": True},
    "number": {"valign": "top"},
    "money": {"valign": "top", "num_format": "#,##0.00"},
    "share": {"valign": "top", "num_format": "0%"},
    "link": {"valign": "top", "align": "center", "font_color": "#0563C1"},
    "date": {"valign": "top", "num_format": "yyyy-mm-dd"},
    "title": {"bold": True},
    "ruled": {"border": 1, "text_wrap": True, "valign": "vcenter"},
    "ruled_quoted": {"border": 1, "text_wrap": True, "valign": "vcenter", "quote_prefix": True},
}
DOUBTED = "#FFE699"  # ground of a cell that a finding points at
AT_SOURCE = "#F8CBAD"  # of one that the form itself has wrong
MONEY = frozenset({"yuan", "budget_yuan", "actual_yuan"})
DATES = frozenset({"start_date", "end_date"})
FormKey = tuple[str, int]
"""A form: its file, and its number in it."""
Told = list[tuple[str, str, str]]
"""Findings: verdict, what they say, pointer."""
Notes = dict[tuple[FormKey, str], Told]
"""Findings by the form and the pointer that they point at."""


@dataclass(slots=True)
class Book:
    """The workbook in the making."""

    workbook: Any
    captions: Captions
    notes: Notes = field(default_factory=dict)
    rows_of_forms: dict[FormKey, int] = field(default_factory=dict)
    cells: dict[tuple[FormKey, str], tuple[str, int, int]] = field(default_factory=dict)  # (sheet, row, column) doubted
    formats: dict[tuple[str, str], Any] = field(default_factory=dict)

    def format(self, name: str, ground: str = "") -> Any:
        """A format by its name, on a ground."""
        if (name, ground) not in self.formats:
            told = FORMATS[name] | ({"bg_color": ground} if ground else {})
            self.formats[name, ground] = self.workbook.add_format(told)
        return self.formats[name, ground]


def write_workbook(tables: Mapping[str, pd.DataFrame], out: Path, captions: Captions) -> Path:
    """Write the tables as sheets behind a summary; the file. It is made in memory, so that a failure leaves no half
    workbook. Raises ExportImpossible where a table has more rows than a sheet."""
    import xlsxwriter

    refuse_too_long(tables)
    forms = forms_sheet(tables)
    sheets = {"summary": summary_sheet(forms)} | dict(tables) | {"forms": forms}
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": CREATED})
        book = Book(workbook, captions, _notes(tables["findings"], captions))
        book.rows_of_forms = {key: at for at, key in enumerate(_keys(forms), start=1)}
        for name, frame in sheets.items():
            _fill(book, name, frame)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(made.getvalue())
    return out


def refuse_too_long(tables: Mapping[str, pd.DataFrame]) -> None:
    """Raises ExportImpossible where a table has more rows than a sheet."""
    for name, frame in tables.items():
        if len(frame) >= ROWS:
            raise ExportImpossible(f"{name} has {len(frame)} rows, a sheet holds {ROWS - 1}: use csv")


def forms_sheet(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a form, what is doubted most first: what it is, its money in yuan, how much it holds, its fields."""
    forms = tables["forms"].copy()
    keys = ["file", "form_index"]
    for name in ("indicators", "findings"):
        counts = tables[name].groupby(keys).size()
        forms[name] = [int(counts.get(key, 0)) for key in _keys(forms)]
    for column, caption in (("full_year_budget", "budget_yuan"), ("actual", "actual_yuan")):
        sums = _sums(tables["funds"], column)
        forms[caption] = [sums.get(key) for key in _keys(forms)]
    fields: dict[str, dict[FormKey, Any]] = {}
    held = tables["fields"]
    for key, name, value in zip(_keys(held), held["name"], held["value"], strict=True):
        if name.isascii():
            fields.setdefault(name, {})[key] = value
    for name, values in fields.items():
        if name not in forms:
            forms[name] = [values.get(key) for key in _keys(forms)]
    return forms.sort_values(["doubt", *keys], ascending=[False, True, True], na_position="last", ignore_index=True)


def summary_sheet(forms: pd.DataFrame) -> pd.DataFrame:
    """One row for the forms of a unit, year and family, what is doubted most first; a form of which there are several
    readings (PDF, dump, scan) is one form."""
    import pandas as pd

    unit = forms["reporting_unit"].fillna(forms["implementing_unit"])
    keyed = forms.assign(unit=unit)
    rows = []
    for (name, year, family, kind), group in keyed.groupby(["unit", "filing_year", "family", "kind"], dropna=False):
        findings, doubt = int(group["findings"].sum()), group["doubt"].max()
        counts = (int(group["preferred"].sum()), len(group))
        rows.append((name, year, family, kind, *counts, findings, doubt, group["file"].iloc[0], _first(group)))
    columns = ["unit", "filing_year", "family", "kind", "forms", "readings", "findings", "doubt", "file", "form_index"]
    made = pd.DataFrame(rows, columns=columns, dtype=object)
    order = ["doubt", "findings", "unit", "filing_year", "family", "kind"]
    down = [False, False, True, True, True, True]
    return made.sort_values(order, ascending=down, na_position="last", ignore_index=True) if rows else made


def _first(group: pd.DataFrame) -> int:
    return int(group["form_index"].iloc[0])


def _keys(frame: pd.DataFrame) -> list[FormKey]:
    return [(str(file), int(at)) for file, at in zip(frame["file"], frame["form_index"], strict=True)]


def _sums(funds: pd.DataFrame, column: str) -> dict[FormKey, Any]:
    """The sum in yuan of a column of each form: of its income, where it prints some, else of its expenditure."""
    import pandas as pd

    sums: dict[FormKey, dict[str, Any]] = {}
    counted = zip(_keys(funds), funds["side"], funds["column"], funds["is_leaf"], funds["yuan"], strict=True)
    for key, side, name, leaf, yuan in counted:
        if name == column and not pd.isna(leaf) and leaf and not pd.isna(yuan):
            sides = sums.setdefault(key, {})
            sides[side] = sides.get(side, 0) + yuan
    return {key: sides.get("income", next(iter(sides.values()))) for key, sides in sums.items()}


def _notes(findings: pd.DataFrame, captions: Captions) -> Notes:
    notes: Notes = {}
    told = zip(
        _keys(findings), findings["pointer"], findings["verdict"], findings["rule"], findings["message"], strict=True
    )
    for key, pointer, verdict, rule, message in told:
        words = (captions.value("rule", str(rule)), captions.value("message", str(message)))
        notes.setdefault((key, str(pointer)), []).append((str(verdict), ": ".join(words), str(pointer)))
    return notes


def _cells_of_notes(book: Book, name: str, frame: pd.DataFrame) -> dict[tuple[int, str], Told]:
    """The findings of a sheet by row (from 1) and column."""
    row_of: dict[tuple[Any, ...], int] = {}
    named = "name" if "name" in frame else "position"
    if name == "forms":
        row_of = {key: at for at, key in enumerate(_keys(frame), start=1)}
    elif {"file", "form_index", named} <= set(frame.columns) and name not in ("findings", "summary"):
        keys = zip(_keys(frame), frame[named], strict=True)
        row_of = {(*key, str(which)): at for at, (key, which) in enumerate(keys, start=1)}
    cells: dict[tuple[int, str], Told] = {}
    for (key, pointer), told in book.notes.items():
        which, *rest = parts(pointer) or [""]
        if name == "forms" and which in ("", "title", "year", "amount_unit", "fields"):
            row, column = row_of.get(key), _form_column(which, rest, frame)
        elif name == which and rest and name in ("fields", "funds", "indicators"):
            row, column = row_of.get((*key, rest[0])), _column(name, rest[1:])
        else:
            continue
        if row is not None and column in frame:
            cells.setdefault((row, column), []).extend(told)
    return cells


def _form_column(which: str, rest: Sequence[str], frame: pd.DataFrame) -> str:
    if which == "fields":
        return rest[0] if rest and rest[0] in frame else "file"
    return which or "file"


def _column(name: str, rest: Sequence[str]) -> str:
    """The column of a sheet in which the value of a pointer below a row stands."""
    if name == "fields":
        return "value"
    if name == "funds":
        return "amount"
    key = ".".join(rest)
    if key in BY_ROLE:
        return BY_ROLE[key].view_name
    return rest[0] if rest and rest[0] in ("level1", "level2") else "level3"


def _fill(book: Book, name: str, frame: pd.DataFrame) -> None:
    """A header and the rows, with filters, widths, notes and links."""
    import pandas as pd

    sheet = book.workbook.add_worksheet(book.captions.sheet(name))
    notes = _cells_of_notes(book, name, frame)
    columns, keys = list(frame.columns), _keys(frame) if notes else []
    for (row, column), told in notes.items():
        for pointer in dict.fromkeys(pointer for _, _, pointer in told):
            place = (name, row, columns.index(column) + _before(name))
            book.cells.setdefault((keys[row - 1], pointer), place)
    if _before(name):
        _write_links(book, sheet, _links(book, name, frame, {row for row, _ in notes}))
    for col, column in enumerate(frame.columns, start=_before(name)):
        head(book, sheet, col, column, frame[column])
        for row, value in enumerate(frame[column], start=1):
            told = notes.get((row, column), [])
            ground = "" if not told else AT_SOURCE if all(v == "wrong_at_source" for v, *_ in told) else DOUBTED
            if not pd.isna(value):
                write(book, sheet, row, col, column, value, ground)
            elif ground:
                sheet.write_blank(row, col, None, book.format("text", ground))
    sheet.freeze_panes(1, _before(name) + 2 if name in ("summary", "forms") else 0)
    sheet.autofilter(0, 0, max(len(frame), 1), max(len(frame.columns) + _before(name) - 1, 0))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for (row, column), told in list(notes.items())[:COMMENTS]:
        text = legal("\n".join(dict.fromkeys(why for _, why, _ in told)))[:MOST_OF_NOTE]
        sheet.write_comment(row, columns.index(column) + _before(name), text, NOTE)


def _before(name: str) -> int:
    """How many columns stand before those of the table: one of links, where rows lead to their form."""
    return 0 if name in ("forms", "corrections") else 1


def head(book: Book, sheet: Any, col: int, column: str, values: pd.Series[Any]) -> None:
    """The header of a column and how it is shown; what is for programs, or blank in every row, is hidden."""
    caption = legal(book.captions.column(column))
    sheet.write_string(0, col, caption, book.format("bold"))
    hidden = column in TECHNICAL or column.endswith(PARSED) or (len(values) > 0 and bool(values.isna().all()))
    shown = values.head(MEASURED).dropna().map(lambda value: book.captions.value(column, str(value)))
    sheet.set_column(col, col, _width(caption, shown), None, {"hidden": hidden})


def _links(book: Book, name: str, frame: pd.DataFrame, doubted: Set[int]) -> dict[int, tuple[str, int, int]]:
    """Where rows lead to, (sheet, row, column): doubted ones to their form; findings to the cell that they doubt."""
    links: dict[int, tuple[str, int, int]] = {}
    pointers = frame["pointer"] if name == "findings" else [None] * len(frame)
    for row, (key, pointer) in enumerate(zip(_keys(frame), pointers, strict=True), start=1):
        if name in ("summary", "findings") or row in doubted:
            at = book.cells.get((key, str(pointer))) if pointer is not None else None
            if at is not None or key in book.rows_of_forms:
                links[row] = at or ("forms", book.rows_of_forms[key], 0)
    return dict(list(links.items())[:LINKS])


def _write_links(book: Book, sheet: Any, links: Mapping[int, tuple[str, int, int]]) -> None:
    """A column of arrows into our own sheets: nothing that a filing prints is a link."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    sheet.write_string(0, 0, book.captions.column("link"), book.format("bold"))
    sheet.set_column(0, 0, NARROWEST)
    for row, (name, to, col) in links.items():
        target = f"internal:'{book.captions.sheet(name)}'!{xl_rowcol_to_cell(to, col)}"
        sheet.write_url(row, 0, target, book.format("link"), ARROW)


def write(book: Book, sheet: Any, row: int, col: int, column: str, value: Any, ground: str) -> None:
    kind = kind_of(column)
    if column in DATES and (day := _date(str(value))) is not None:
        sheet.write_datetime(row, col, day, book.format("date", ground))
    elif kind is ColumnKind.FLAG:
        sheet.write_boolean(row, col, bool(value), book.format("text", ground))
    elif kind is ColumnKind.TEXT:
        text = book.captions.value(column, str(value))
        style = "text" if guarded(text) == text else "quoted"  # stays text when somebody edits the cell
        sheet.write_string(row, col, legal(text), book.format(style, ground))
    else:
        style = "money" if column in MONEY else "share" if column == "doubt" else "number"
        sheet.write_number(row, col, float(value) if column in MONEY else value, book.format(style, ground))


def _date(text: str) -> date | None:
    """A whole date; None for one that a form prints less precisely."""
    try:
        return datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        return None


def _width(caption: str, shown: Iterable[str]) -> float:
    """Characters that a column needs for its caption and texts, within limits; a Chinese one is two wide."""
    return min(max([NARROWEST, *map(_wide, (caption, *shown))]) + 2, WIDEST)


def _wide(text: str) -> int:
    first = text.split("\n", 1)[0]
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in first[:WIDEST])
