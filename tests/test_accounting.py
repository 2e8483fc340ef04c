"""The account of characters holds on every page: what a page prints comes out in a line, a cell, or is set aside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from helpers_pdf import FORM, FORM_SPANS, TITLE, write_tables

from extractors.intake import take_in
from extractors.read import read_document
from extractors.tables.accounting import characters, emptied, left_out, lost, of_aside, of_words, tally, unseen_of
from pipeline.running.worker import read_forms
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.model import Aside, AsideKind, Box, Cell, Grid, Line, Place, Sheet, Table, Word

HERE = Path(__file__).parent
SAMPLES = sorted((HERE.parent / "data" / "raw" / "pdf").glob("*.pdf"))


def line(text: str, page: int = 1) -> Line:
    return Line(text, Place(page=page, box=Box(0, 0, 100, 10)))


def test_lines_cells_and_what_is_set_aside_make_up_the_page() -> None:
    cell = Cell(0, 0, 1, 1, "乙丙", (line("乙"), line("丙 ")))
    table = Table(1, 1, (cell,), aside=(Aside("丁", Place(page=1), AsideKind.AGAIN, ""),))
    foot = Aside("第1页", Place(page=1), AsideKind.FURNITURE, "")
    (account,) = tally({1: characters("甲 乙丙丁第1页")}, (line("甲"), table), (foot,))
    assert account.holds
    assert (account.read, account.kept, account.aside) == (7, 3, 4)


def test_what_is_missing_or_made_up_breaks_the_account() -> None:
    (account,) = tally({1: characters("甲乙乙")}, (line("甲乙丙"),), ())
    assert not account.holds
    assert (account.missing, account.added) == ("乙", "丙")
    (found,) = lost((account,), {1: Box(0, 0, 595, 842)})
    assert (found.text, found.kind, found.place.page) == ("乙", AsideKind.LOST, 1)


def test_what_a_page_does_not_show_is_set_aside_with_its_place() -> None:
    sheet = Sheet(3, 595, 842, (), (), hidden=(("样本 1", Box(10, 20, 50, 30)), (" ", Box(0, 0, 1, 1))))
    (found,) = unseen_of(sheet)
    assert (found.text, found.kind, found.place) == ("样本 1", AsideKind.HIDDEN, Place(page=3, box=Box(10, 20, 50, 30)))
    (account,) = tally({3: of_aside([found])}, (), [found])
    assert account.holds
    assert account.aside == 3


def test_a_part_of_a_word_in_no_cell_is_lost_where_it_stands() -> None:
    word = Word("甲乙丙", Box(40, 10, 70, 20), (40, 50, 60, 70))
    other = Word("丙", Box(300, 10, 310, 20), (300, 310))
    lines = (Line("甲乙", Place(page=1, box=Box(40, 10, 60, 20))), Line("丙", Place(page=1, box=other.box)))
    sheet = Sheet(1, 595, 842, (word, other), ())
    (found,) = left_out(sheet, lines)
    assert (found.text, found.kind, found.place) == ("丙", AsideKind.LOST, Place(page=1, box=word.box))
    (account,) = tally({1: of_words(sheet.words)}, lines, ())
    assert lost((account,), {}, [found]) == (found,)


def test_a_cell_that_another_reading_empties_is_lost() -> None:
    box = Box(0, 0, 100, 10)
    cells = (Cell(0, 0, 1, 1, "甲", (line("甲"),)), Cell(0, 1, 1, 1, "乙", (line("乙"),)))
    grid = Grid(1, box, (0, 50, 100), (0, 10), cells)
    after = replace(grid, cells=(cells[0], replace(cells[1], text="", lines=(line(""),))))
    assert [one.text for one in emptied([grid], [after])] == ["乙"]
    assert emptied([grid], [replace(grid, cells=(cells[0], replace(cells[1], lines=(line("2"),))))]) == ()


def test_words_count_without_white_space() -> None:
    words = [Word("甲 乙", Box(0, 0, 30, 10), (0, 10, 20, 30)), Word("乙", Box(0, 0, 10, 10), (0, 10))]
    assert of_words(words) == {"甲": 1, "乙": 2}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_account_of_every_sample_holds(path: Path) -> None:
    document = read_document(take_in(path, path.name), load_words())
    assert [account for account in document.accounts if not account.holds] == []


def test_the_account_of_a_form_over_several_pages_with_repeated_rows_holds(tmp_path: Path) -> None:
    rows = [*FORM, *([["产出指标", "数量指标", f"指标{n}", "", "≥5个", ""] for n in range(60)])]
    path = write_tables(tmp_path / "form.pdf", [TITLE, (rows, FORM_SPANS)], repeat_rows=3)
    document = read_document(take_in(path, path.name), load_words())
    assert len(document.accounts) > 1
    assert all(account.holds and account.read for account in document.accounts)
    assert any(account.aside for account in document.accounts)


def test_a_page_that_shows_nothing_tells_what_it_hides_in_the_form_before_it(tmp_path: Path) -> None:
    blank = "<br/>" * 45 + "<font color='white'>不可见9527</font>"
    path = write_tables(tmp_path / "form.pdf", [TITLE, (FORM, FORM_SPANS), blank])
    document = read_document(take_in(path, path.name), load_words())
    assert document.pages > 1
    (reading,) = read_forms(document, load_families(), load_words())
    hidden = [finding for finding in reading.record.findings if finding.rule == "hidden"]
    assert [finding.printed for finding in hidden] == ["不可见9527"]
