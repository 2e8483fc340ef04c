"""What was read: the tables of the files, the forms with their values, and where each value stands.

Everything here follows from the filings, the code and the settings alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schemas.language.columns import COLUMNS, FUND_COLUMNS, LEVELS, VALUED, Shape
from schemas.record import Kind
from schemas.tables.base import Base, Doubted, Exact, Id, Key, by_key, inside, of


class Table(Base):
    """A table of a document."""

    __tablename__ = "tables"
    __table_args__ = (
        UniqueConstraint("file_id", "table_index"),
        {"comment": "tables of the files, stitched over page breaks"},
    )
    id: Mapped[Id] = mapped_column(comment="number of the table, from 1")
    file_id: Mapped[int] = of("files", "file it stands in")
    table_index: Mapped[int] = mapped_column(comment="number of the table in its file, from 0")
    rows: Mapped[int] = mapped_column(comment="number of rows")
    cols: Mapped[int] = mapped_column(comment="number of columns")
    first_page: Mapped[int | None] = mapped_column(comment="page it begins on, from 1; null in a dump")
    last_page: Mapped[int | None] = mapped_column(comment="page it ends on")
    ruled: Mapped[bool] = mapped_column(comment="1: ruling lines made its cells; 0: columns of text did")
    sure: Mapped[float | None] = mapped_column(
        comment="0 to 1: how sure it is that this is a table; null: read before it was kept"
    )
    notes: Mapped[str | None] = mapped_column(comment="remarks of the reading, one a line")


class Cell(Base):
    """A cell of a table."""

    __tablename__ = "cells"
    __table_args__ = by_key("cells of the tables; a merged cell is one row")
    table_id: Mapped[int] = inside("tables", "table it stands in")
    position: Mapped[Key] = mapped_column(comment="order in the table, from 0")
    row: Mapped[int] = mapped_column(comment="its first row, from 0")
    col: Mapped[int] = mapped_column(comment="its first column, from 0")
    rowspan: Mapped[int] = mapped_column(comment="number of rows it spans")
    colspan: Mapped[int] = mapped_column(comment="number of columns it spans")
    text: Mapped[str] = mapped_column(comment="its text as printed")
    inferred: Mapped[str | None] = mapped_column(comment="why its place or extent was inferred, if it was")
    lost: Mapped[bool] = mapped_column(comment="1: the source no longer holds its text")
    score: Mapped[float | None] = mapped_column(comment="confidence of the reader, 0 to 1; null: none given")
    page: Mapped[int | None] = mapped_column(comment="page of its text, from 1")
    box_left: Mapped[float | None] = mapped_column(comment="left edge in points from the left of the page")
    box_top: Mapped[float | None] = mapped_column(comment="top edge in points from the top of the page")
    box_right: Mapped[float | None] = mapped_column(comment="right edge in points from the left of the page")
    box_bottom: Mapped[float | None] = mapped_column(comment="bottom edge in points from the top of the page")


class TextLine(Base):
    """A line of text outside the tables of a document."""

    __tablename__ = "text_lines"
    __table_args__ = by_key("lines of the files outside their tables; none of files read before they were kept")
    file_id: Mapped[int] = inside("files", "file it stands in")
    position: Mapped[Key] = mapped_column(comment="order in the file, from 0")
    tables_before: Mapped[int] = mapped_column(comment="number of the file's tables that stand before it")
    text: Mapped[str] = mapped_column(comment="its text as printed")
    score: Mapped[float | None] = mapped_column(comment="confidence of the reader, 0 to 1; null: none given")
    page: Mapped[int | None] = mapped_column(comment="page, from 1; null in a dump and in what has no pages")
    box_left: Mapped[float | None] = mapped_column(comment="left edge in points from the left of the page")
    box_top: Mapped[float | None] = mapped_column(comment="top edge in points from the top of the page")
    box_right: Mapped[float | None] = mapped_column(comment="right edge in points from the left of the page")
    box_bottom: Mapped[float | None] = mapped_column(comment="bottom edge in points from the top of the page")
    sheet: Mapped[str | None] = mapped_column(comment="sheet of the workbook; null: it is none")
    line: Mapped[int | None] = mapped_column(comment="line of the dump or document, row of the sheet, from 1")
    column: Mapped[int | None] = mapped_column(comment="character of that line, column of the sheet, from 1")


class Form(Doubted, Base):
    """A form and its record."""

    __tablename__ = "forms"
    __table_args__ = (
        UniqueConstraint("file_id", "form_index"),
        {"comment": "forms of the files, each with its whole record"},
    )
    id: Mapped[Id] = mapped_column(comment="number of the form, from 1")
    file_id: Mapped[int] = of("files", "file it stands in")
    form_index: Mapped[int] = mapped_column(comment="number of the form in its file, from 0")
    family: Mapped[str] = mapped_column(comment="family definition that read it, or generic")
    kind: Mapped[str] = mapped_column(comment=f"plan (target), self-review or monitoring: {', '.join(Kind)}")
    title: Mapped[str | None] = mapped_column(comment="printed title without white space and year")
    year: Mapped[int | None] = mapped_column(comment="fiscal year as printed; null: the form prints none")
    amount_unit: Mapped[str | None] = mapped_column(comment="unit of its amounts as declared")
    reporting_unit: Mapped[str | None] = mapped_column(comment="reporting unit as printed")
    implementing_unit: Mapped[str | None] = mapped_column(comment="implementing unit as printed")
    project_name: Mapped[str | None] = mapped_column(comment="project name as printed")
    unit_key: Mapped[str | None] = mapped_column(
        index=True, comment="implementing, else reporting unit to compare by: NFKC, no white space, one quote"
    )
    project_key: Mapped[str | None] = mapped_column(index=True, comment="project_name, made like unit_key")
    record: Mapped[str] = mapped_column(comment="the whole record as JSON")
    family_match: Mapped[str] = mapped_column(comment="how it came by its family, as text")
    record_sha256: Mapped[str | None] = mapped_column(
        comment="SHA-256 of the file with the record, hexadecimal; null: written before there was one"
    )


class Field(Doubted, Base):
    """A labelled value of a form."""

    __tablename__ = "fields"
    __table_args__ = by_key("labelled values of the forms; a label that is not printed has no row")
    form_id: Mapped[int] = inside("forms", "form it stands in")
    position: Mapped[Key] = mapped_column(comment="order in the form, from 0")
    name: Mapped[str] = mapped_column(comment="canonical name, or the printed label where it has none")
    value: Mapped[str | None] = mapped_column(comment="as printed; null: blank, unless a finding says more")


class Choice(Base):
    """A ticked option."""

    __tablename__ = "choices"
    __table_args__ = by_key("ticked options of the forms' option groups")
    form_id: Mapped[int] = inside("forms", "form it stands in")
    name: Mapped[str] = mapped_column(primary_key=True, comment="canonical name of the group, or its label")
    position: Mapped[Key] = mapped_column(comment="order among the ticked options of the group, from 0")
    option: Mapped[str | None] = mapped_column(comment="ticked option as printed; null: nothing is ticked")


class Task(Doubted, Base):
    """A cell of a row of the year's main tasks."""

    __tablename__ = "tasks"
    __table_args__ = by_key("main tasks of the forms, one row a cell; their money stands in task_amounts")
    form_id: Mapped[int] = inside("forms", "form it stands in")
    position: Mapped[Key] = mapped_column(comment="task, from 0")
    name: Mapped[str] = mapped_column(
        primary_key=True, comment="what the cell tells: name, content, goal, or its printed header"
    )
    value: Mapped[str | None] = mapped_column(comment="text as printed; null: blank")


class TaskAmount(Doubted, Base):
    """A money cell of a task, or of the total of all tasks."""

    __tablename__ = "task_amounts"
    __table_args__ = by_key("money cells of the forms' main tasks and of their total")
    form_id: Mapped[int] = inside("forms", "form it stands in")
    position: Mapped[Key] = mapped_column(comment="order in the form, from 0")
    task: Mapped[int | None] = mapped_column(comment="task as in tasks.position; null: the total of all")
    header: Mapped[str] = mapped_column(comment="header of its column as printed")
    amount: Mapped[str | None] = mapped_column(comment="decimal digits as printed; null: blank or unreadable")
    amount_unit: Mapped[str | None] = mapped_column(comment="unit of amount as the form declares it; null: none")
    amount_e4: Mapped[Exact] = mapped_column(
        comment="amount in 0.0001 yuan, exact; null: no money, or no integer says exactly as much"
    )


class Fund(Doubted, Base):
    """A money cell."""

    __tablename__ = "funds"
    __table_args__ = by_key("money cells of the forms, blank ones too")
    form_id: Mapped[int] = inside("forms", "form it stands in")
    position: Mapped[Key] = mapped_column(comment="order in the form, row by row, from 0")
    side: Mapped[str] = mapped_column(comment="income or expenditure")
    path: Mapped[str] = mapped_column(comment="labels from the outermost line inward, joined by ' / '")
    path_key: Mapped[str] = mapped_column(comment="path to compare by, each label like label_key")
    depth: Mapped[int] = mapped_column(comment="number of labels in path, 1 for an outermost line")
    label: Mapped[str] = mapped_column(comment="last label of path")
    label_key: Mapped[str] = mapped_column(
        index=True, comment="label to compare by: NFKC, no white space, one style of quotes"
    )
    column: Mapped[str] = mapped_column(comment=f"{', '.join(FUND_COLUMNS)}, or other: and its printed header")
    amount: Mapped[str | None] = mapped_column(comment="decimal digits as printed; null: blank or unreadable")
    amount_unit: Mapped[str | None] = mapped_column(
        comment="unit of amount: printed in the cell, else declared by the form; null: none, or no money"
    )
    raw: Mapped[str | None] = mapped_column(comment="cell as printed")
    amount_e4: Mapped[Exact] = mapped_column(
        comment="amount in 0.0001 yuan, exact; null: no money, or no integer says exactly as much"
    )
    number: Mapped[float | None] = mapped_column(comment="a rate, points or a score as a number; null: money, or none")
    source: Mapped[str | None] = mapped_column(
        comment="the one name of the source that the line or one above it names; null: none does"
    )
    is_total: Mapped[bool | None] = mapped_column(comment="1: the line is called the sum of others")
    is_leaf: Mapped[bool | None] = mapped_column(
        comment="1: of the cells that make up its side and column of the form, each yuan once"
    )


class Indicator(Doubted, Base):
    """A printed indicator row."""

    __tablename__ = "indicators"
    __table_args__ = (
        UniqueConstraint("form_id", "position"),
        {"comment": "indicators of the forms; their targets stand in indicator_values"},
    )
    id: Mapped[Id] = mapped_column(comment="number of the indicator, from 1")
    form_id: Mapped[int] = of("forms", "form it stands in")
    position: Mapped[int] = mapped_column(comment="order in the form, from 0")
    indicator_kind: Mapped[str | None] = mapped_column(
        comment="what it is of, whatever it is called: satisfaction, quantity, cost …; null: its words do not say"
    )
    met: Mapped[bool | None] = mapped_column(comment="1: the result meets the year's target; null: nobody can say")
    met_reason: Mapped[str | None] = mapped_column(comment="why it is met or not, or why nobody can say")
    score_value: Mapped[float | None] = mapped_column(comment="score as a number; null: none is printed")


def _indicator_texts() -> Iterator[tuple[str, bool, str]]:
    """(name, whether it may be null, what it holds) of the columns of `indicators` that say what a row prints."""
    for column in COLUMNS:
        if column.shape is not Shape.PART:  # one of several stands in indicator_values or indicator_weights
            yield column.key, True, column.about
    for number, level in enumerate(LEVELS, 1):
        yield f"{level}_points", True, f"points printed behind the level {number} name"
    yield "other", True, "JSON object: cells of columns without a name of ours"
    yield (
        "columns_printed",
        False,
        "JSON list: columns that the form prints; null and not in it: no such column, else blank",
    )


for _name, _nullable, _comment in _indicator_texts():
    setattr(Indicator, _name, mapped_column(_name, Base.type_annotation_map[str], nullable=_nullable, comment=_comment))


class IndicatorValue(Base):
    """A target or a result."""

    __tablename__ = "indicator_values"
    __table_args__ = by_key("targets by period, and results")
    indicator_id: Mapped[int] = inside("indicators", "indicator it belongs to")
    which: Mapped[str] = mapped_column(primary_key=True, comment=f"which of them: {', '.join(VALUED)}")
    raw: Mapped[str | None] = mapped_column(comment="cell as printed")
    op: Mapped[str | None] = mapped_column(comment="= ≥ ≤ > < range; null: none")
    number: Mapped[str | None] = mapped_column(comment="decimal digits; 3~5 for a range")
    unit: Mapped[str | None] = mapped_column(comment="unit of number")
    value: Mapped[float | None] = mapped_column(comment="number as a number; null: none, or a range")
    text: Mapped[str | None] = mapped_column(comment="what is no single condition on a number")


class IndicatorWeight(Base):
    """A weight of an indicator."""

    __tablename__ = "indicator_weights"
    __table_args__ = by_key("points or weights of the indicators")
    indicator_id: Mapped[int] = inside("indicators", "indicator it belongs to")
    period: Mapped[str] = mapped_column(primary_key=True, comment="full_year, whole_project")
    weight: Mapped[str | None] = mapped_column(comment="number as printed; null: blank")
    number: Mapped[float | None] = mapped_column(comment="weight as a number; null: none is printed")


class Finding(Base):
    """Something to doubt in a record."""

    __tablename__ = "findings"
    __table_args__ = by_key("what is doubtful, inferred, lost, unreadable or wrong in a record")
    form_id: Mapped[int] = inside("forms", "form it is about")
    position: Mapped[Key] = mapped_column(comment="order in the record, from 0")
    rule: Mapped[str] = mapped_column(comment="what was looked at")
    verdict: Mapped[str] = mapped_column(comment="misread, wrong_at_source, undecidable")
    pointer: Mapped[str] = mapped_column(comment="JSON pointer into the record (its key `where`)")
    printed: Mapped[str | None] = mapped_column(comment="what the form prints")
    computed: Mapped[str | None] = mapped_column(comment="what was computed")
    message: Mapped[str] = mapped_column(comment="the finding in words")
    page: Mapped[int | None] = mapped_column(comment="page it is about, from 1; null: a value's, or no page")
    box_left: Mapped[float | None] = mapped_column(comment="left edge in points from the left of the page")
    box_top: Mapped[float | None] = mapped_column(comment="top edge in points from the top of the page")
    box_right: Mapped[float | None] = mapped_column(comment="right edge in points from the left of the page")
    box_bottom: Mapped[float | None] = mapped_column(comment="bottom edge in points from the top of the page")
    sheet: Mapped[str | None] = mapped_column(comment="sheet of the workbook; null: it is none")
    line: Mapped[int | None] = mapped_column(comment="line of the dump or document, row of the sheet, from 1")
    column: Mapped[int | None] = mapped_column(comment="character of that line, column of the sheet, from 1")


class Check(Base):
    """The outcome of a check."""

    __tablename__ = "checks"
    __table_args__ = by_key("outcomes of all checks, also of those that hold or do not apply")
    form_id: Mapped[int] = inside("forms", "form that was checked")
    position: Mapped[Key] = mapped_column(comment="order of the checks, from 0")
    rule: Mapped[str] = mapped_column(comment="name of the check")
    verdict: Mapped[str] = mapped_column(comment="holds, not_applicable, or a finding's verdict")
    pointer: Mapped[str] = mapped_column(comment="JSON pointer into the record")
    printed: Mapped[str | None] = mapped_column(comment="what the form prints")
    computed: Mapped[str | None] = mapped_column(comment="what was computed")
    offered: Mapped[str | None] = mapped_column(
        comment="JSON list of [pointer, text]: other readings of doubtful digits that would make it hold"
    )
    message: Mapped[str] = mapped_column(comment="the outcome in words")


class Risk(Base):
    """How much a value needs a look."""

    __tablename__ = "risks"
    __table_args__ = by_key("every value of the records with the risk that it is wrong, for review")
    form_id: Mapped[int] = inside("forms", "form of the value")
    position: Mapped[Key] = mapped_column(comment="order in the record, from 0")
    pointer: Mapped[str] = mapped_column(comment="JSON pointer of the value in the record")
    kind: Mapped[str] = mapped_column(comment="what the value is: money, target, points, level, name, text, structure")
    risk: Mapped[float] = mapped_column(comment="0 to 1; the highest is to be looked at first")
    reasons: Mapped[str] = mapped_column(comment="what raised it, one a line; empty: nothing")


class Origin(Base):
    """Where a value stands."""

    __tablename__ = "origins"
    __table_args__ = by_key("where the values of the records stand in their files")
    form_id: Mapped[int] = inside("forms", "form of the value")
    position: Mapped[Key] = mapped_column(comment="order in the form, from 0")
    pointer: Mapped[str] = mapped_column(comment="JSON pointer of the value in the record")
    raw: Mapped[str | None] = mapped_column(comment="text as seen there")
    page: Mapped[int | None] = mapped_column(comment="page, from 1; null in a dump and in what has no pages")
    box_left: Mapped[float | None] = mapped_column(comment="left edge in points from the left of the page")
    box_top: Mapped[float | None] = mapped_column(comment="top edge in points from the top of the page")
    box_right: Mapped[float | None] = mapped_column(comment="right edge in points from the left of the page")
    box_bottom: Mapped[float | None] = mapped_column(comment="bottom edge in points from the top of the page")
    reader: Mapped[str] = mapped_column(comment="road it was read by: text-layer, ocr, dump, office")
    score: Mapped[float | None] = mapped_column(comment="confidence of the reader, 0 to 1; null: none given")
    readings: Mapped[str | None] = mapped_column(
        comment="JSON list of [text, score]: other readings of the same ink; null: it was read once"
    )
    covered: Mapped[str | None] = mapped_column(comment="its characters that a seal covers; null: none")
    line: Mapped[int | None] = mapped_column(comment="line of the dump or document, row of the sheet, from 1")
    column: Mapped[int | None] = mapped_column(comment="character of that line, column of the sheet, from 1")
    sheet: Mapped[str | None] = mapped_column(comment="sheet of the workbook; null: it is none")
    table_id: Mapped[int | None] = of("tables", "table it stands in; null: outside all tables", index=True)
    cell_row: Mapped[int | None] = mapped_column(comment="first row of its cell in that table, from 0")
    cell_col: Mapped[int | None] = mapped_column(comment="first column of its cell in that table, from 0")
