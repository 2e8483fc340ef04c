"""Two pages on one sheet are two pages; one table with a gap in its middle is one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from generator import pdf
from generator.archive import draw_forms
from generator.judge import wrong_values
from generator.lots import Lots

from extractors.intake import take_in
from extractors.pages import SPREAD, ScanReader, whole
from extractors.tables.blocks import Split
from extractors.tables.borderless import line_rows
from extractors.tables.layout import page_blocks
from extractors.tables.spreads import split_of
from pipeline.running.worker import read_file
from schemas.compare import compare_records
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.model import Block, Box, Line, Rule, Sheet, Table, Word

WORDS = load_words()
WIDE, HIGH = 842.0, 595.0
TITLE = "项目绩效目标表"


def word(text: str, left: float, top: float) -> Word:
    edges = tuple(left + 10.0 * i for i in range(len(text) + 1))
    return Word(text, Box(left, top, edges[-1], top + 10), edges)


def ruled(left: float, top: float, rows: int) -> tuple[Rule, ...]:
    """The rules of a table of two columns whose rows are 30 points high."""
    ys = [top + 30.0 * r for r in range(rows + 1)]
    across = tuple(Rule(False, y, left, left + 300.0) for y in ys)
    return (*across, *(Rule(True, x, ys[0], ys[-1]) for x in (left, left + 100.0, left + 300.0)))


def filled(left: float, top: float, rows: int, name: str) -> list[Word]:
    return [word(f"{name}{r}{c}", left + 5 + 100 * c, top + 8 + 30 * r) for r in range(rows) for c in (0, 1)]


def sheet(*tables: tuple[float, float, int, str], free: tuple[Word, ...] = ()) -> Sheet:
    words = [w for left, top, rows, name in tables for w in filled(left, top, rows, name)]
    rules = tuple(r for left, top, rows, _ in tables for r in ruled(left, top, rows))
    return Sheet(1, WIDE, HIGH, (*words, *free), rules)


LEFT, RIGHT = 60.0, 60.0 + WIDE / 2
GOES_ON = sheet((LEFT, 100, 14, "甲"), (RIGHT, 40, 6, "乙"), free=(word(TITLE, 120, 60),))


def blocks(read: Sheet) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    class NoScans(ScanReader):
        pass

    page = page_blocks(read, line_rows, WORDS)
    found, remarks, *_ = whole([page], {}, (), NoScans(), WORDS)
    return found, remarks


def test_a_table_that_goes_on_on_the_right_half_is_one_and_keeps_its_places() -> None:
    (title, table), remarks = blocks(GOES_ON)
    assert isinstance(title, Line)
    assert isinstance(table, Table)
    assert title.text == TITLE
    assert (table.rows, table.breaks, set(table.row_pages)) == (20, (14,), {1})
    last = next(c for c in table.cells if c.text == "乙50")
    assert last.row == 19
    assert last.place.page == 1
    assert last.place.box is not None
    assert last.place.box.left == RIGHT + 5
    assert remarks == (f"page 1: {SPREAD}",)


def test_two_pages_may_lie_on_their_long_sides() -> None:
    titles = (word(TITLE, 120, 60), word(TITLE, 120 + WIDE / 2, 60))
    both = sheet((LEFT, 100, 5, "甲"), (RIGHT, 100, 5, "乙"), free=titles)
    assert split_of(replace(both, height=WIDE / 2 / 1.41), WORDS) == Split(WIDE / 2)
    assert split_of(replace(both, height=WIDE / 2 / 2.4), WORDS) is None


def stacked(gap: float) -> Sheet:
    """A table that ends above the middle of an upright sheet, and one that begins so far below it."""
    read = sheet((LEFT, 80, 10, "甲"), (LEFT, WIDE / 2 + gap, 8, "乙"), free=(word(TITLE, 120, 45),))
    return replace(read, width=HIGH, height=WIDE)


def test_pages_one_above_the_other_are_two_where_both_begin_as_far_below_their_edge() -> None:
    assert split_of(stacked(40), WORDS) == Split(WIDE / 2, stacked=True)
    assert split_of(stacked(10), WORDS) is None
    (title, table), remarks = blocks(stacked(40))
    assert isinstance(table, Table)
    assert (title.text if isinstance(title, Line) else "", table.rows, table.breaks) == (TITLE, 18, (10,))
    last = next(c for c in table.cells if c.text == "乙70")
    assert last.place.box is not None
    assert last.place.box.top == pytest.approx(WIDE / 2 + 40 + 8 + 7 * 30)
    assert remarks == (f"page 1: {SPREAD}",)


def test_two_forms_side_by_side_are_read_one_after_the_other_though_their_rows_are_alike() -> None:
    titles = (word(TITLE, 120, 60), word(TITLE, 120 + WIDE / 2, 60))
    found, _ = blocks(sheet((LEFT, 100, 5, "甲"), (RIGHT, 100, 5, "乙"), free=titles))
    assert [isinstance(b, Table) for b in found] == [False, True, False, True]


@pytest.mark.parametrize(
    "read",
    [
        sheet((LEFT, 100, 5, "甲"), (RIGHT, 100, 5, "乙"), free=(word(TITLE, 120, 60),)),
        sheet((LEFT, 100, 14, "甲"), (RIGHT, 40, 6, "乙"), free=(word(TITLE, WIDE / 2 - 35, 20),)),
        Sheet(1, HIGH, WIDE, GOES_ON.words, GOES_ON.rules),
        sheet((LEFT, 100, 14, "甲"), free=(word(TITLE, 120, 60),)),
    ],
    ids=["one table with a gap", "a title over both", "a page that stands upright", "nothing on the right"],
)
def test_one_page_stays_one(read: Sheet) -> None:
    assert split_of(read, WORDS) is None


@pytest.mark.parametrize("seed", range(3))
def test_a_form_printed_two_pages_a_sheet_is_read_as_it_is_on_single_pages(seed: int, tmp_path: Path) -> None:
    records, layouts = draw_forms(("rugao-project",), Lots(f"spread/{seed}"))
    path = pdf.write_pdf(tmp_path / "a.pdf", [(layouts[0], pdf.Style(up=2, foot="name and number", near=True))])
    (form,) = read_file(take_in(path, path.name), path.name, load_families(), WORDS).forms
    assert not wrong_values(compare_records(records[0], form.record.as_dict()))
