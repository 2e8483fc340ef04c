"""Tables made by hand, and the records that they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.reading.forms import Form, split_forms
from pipeline.reading.interpret.form import identify, read_form
from pipeline.reading.sections import SectionedTable, look_at
from pipeline.reading.view import TableView
from schemas.families import Family
from schemas.language.vocabulary import load_words
from schemas.model import Block, Box, Cell, Document, Line, Place, Reader, Table
from schemas.record import Record

WORDS = load_words()
TITLE = "某市项目支出绩效目标表"
WHOLE = "某市部门整体支出绩效目标表"


@dataclass(frozen=True)
class C:
    """A merged cell: its text, the rows and the columns that it spans."""

    text: str
    rows: int = 1
    cols: int = 1


def make_table(*rows: Sequence[str | C], breaks: tuple[int, ...] = (), ruled: bool = True) -> Table:
    """A table laid out as HTML lays one out: each cell takes the next free place of its row."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        col = 0
        for item in row:
            cell = item if isinstance(item, C) else C(item)
            while (r, col) in taken:
                col += 1
            taken |= {(r + i, col + j) for i in range(cell.rows) for j in range(cell.cols)}
            box = Box(100.0 * col, 20.0 * r, 100.0 * (col + cell.cols), 20.0 * (r + cell.rows))
            place = Place(page=1, box=box)
            lines = (Line(cell.text, place),) if cell.text else ()
            cells.append(Cell(r, col, cell.rows, cell.cols, cell.text, lines, ((r, place),)))
    height = max(r for r, _ in taken) + 1
    width = max(c for _, c in taken) + 1
    assert len(taken) == height * width, "the rows of a hand-made table must fill it"
    return Table(height, width, tuple(cells), (1,) * height, breaks, ruled)


def make_line(text: str, gaps: tuple[int, ...] = ()) -> Line:
    return Line(text, Place(page=1, box=Box(0, 0, 10, 10)), gaps=gaps)


def read(*blocks: Block | str, title: str | None = TITLE, families: Sequence[Family] = ()) -> Record:
    """The record of one form: its title, lines and tables."""
    shown = [make_line(b) if isinstance(b, str) else b for b in blocks]
    lines: list[Line | SectionedTable] = []
    number = 0
    for block in shown:
        if isinstance(block, Table):
            lines.append(look_at(TableView(block, number), WORDS))
            number += 1
        else:
            lines.append(block)
    form = Form(make_line(title) if title else None, tuple(lines))
    document = Document("a.pdf", "0" * 64, Reader.TEXT_LAYER, 1, tuple(shown))
    return read_form(form, 0, document, identify(form, families), WORDS).record


def read_all(*blocks: Block) -> list[Record]:
    """The records of all forms of a document."""
    document = Document("a.pdf", "0" * 64, Reader.TEXT_LAYER, 1, blocks)
    forms = split_forms(blocks, WORDS)
    return [read_form(f, n, document, identify(f, ()), WORDS).record for n, f in enumerate(forms)]


def fields(*rows: Sequence[str | C], ruled: bool = True) -> dict[str, str | None]:
    return read(make_table(*rows, ruled=ruled)).fields


def doubts(record: Record) -> list[tuple[str, str]]:
    """(rule, where) of the findings."""
    return [(f.rule, f.where) for f in record.findings]


def money(record: Record) -> list[tuple[str, str, str, str | None]]:
    """(side, path, column, amount) of the money cells."""
    return [(f.side, "/".join(f.path), f.column, f.amount) for f in record.funds]


def indicator_table(*rows: Sequence[str | C], breaks: tuple[int, ...] = ()) -> Table:
    return make_table(("一级指标", "二级指标", "三级指标", "指标值", "备注"), *rows, breaks=breaks)
