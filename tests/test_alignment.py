"""Tables without rules, or with too few, become grids; prose, lists, frames and charts do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_pdf import FONT, register_font
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from extractors.intake import take_in
from extractors.pdf.pages import open_pdf
from extractors.pdf.text_layer import read_sheet
from extractors.read import read_document
from extractors.tables.alignment import find_regions
from extractors.tables.borderless import camelot_rows, line_rows
from extractors.tables.celltext import visual_lines
from extractors.tables.layout import page_blocks
from extractors.tables.stitch import stitch
from schemas.language.vocabulary import load_words
from schemas.model import Block, Box, Line, Rule, Sheet, Table, Word

SIZE = 10.0
PITCH = 14.0  # points from line to line
WORDS = load_words()


def word(text: str, left: float, top: float, size: float = SIZE) -> Word:
    """A text whose characters are half as wide as high, as Latin letters are."""
    edges = tuple(left + size / 2 * i for i in range(len(text) + 1))
    return Word(text, Box(left, top, edges[-1], top + size), edges)


def rows(*lines: tuple[tuple[str, float], ...], top: float = 100.0) -> list[Word]:
    return [word(text, left, top + PITCH * i) for i, line in enumerate(lines) for text, left in line]


def blocks(words: list[Word], rules: tuple[Rule, ...] = ()) -> tuple[Block, ...]:
    sheet = Sheet(1, 595, 842, tuple(words), rules)
    return stitch([page_blocks(sheet, line_rows, WORDS)], WORDS)


def texts(table: Table) -> list[list[str]]:
    return [[c.text for c in table.cells if c.row == row] for row in range(table.rows)]


HEAD = (("Region", 60.0), ("2003", 200.0), ("2004", 260.0), ("2005", 320.0))
BODY = tuple(
    ((name, 60.0), (str(100 + i), 200.0), (str(200 + i), 260.0), (str(300 + i), 320.0))
    for i, name in enumerate(("North Dakota", "Ohio", "Texas", "Utah", "Vermont", "Maine"))
)


def test_figures_in_columns_are_a_table_whose_names_keep_their_spaces() -> None:
    (table,) = blocks(rows(HEAD, *BODY))
    assert isinstance(table, Table)
    assert not table.ruled
    assert 0.5 < table.sure < 1
    assert texts(table)[:2] == [["Region", "2003", "2004", "2005"], ["North Dakota", "100", "200", "300"]]
    assert table.rows == 1 + len(BODY)


def test_a_table_ends_where_prose_begins() -> None:
    prose = (("Source: a survey of all the regions, made in the year 2006 by several offices.", 60.0),)
    read = blocks(rows(*BODY, prose, prose))
    assert [isinstance(block, Table) for block in read] == [True, False, False]


def test_a_label_that_wraps_is_one_cell_and_a_heading_between_rows_is_none_of_them() -> None:
    wrapped = (("American Indian or", 60.0), *BODY[0][1:])
    table = blocks(rows(*BODY[:3], (("All regions", 60.0),), wrapped, (("Alaska Native", 70.0),), *BODY[3:]))[0]
    assert isinstance(table, Table)
    assert ["All regions"] in texts(table)
    assert ["American Indian or Alaska Native", "100", "200", "300"] in texts(table)


def test_a_head_over_several_columns_spans_them() -> None:
    over = (("Actual and projected values", 210.0),)
    table = blocks(rows(over, HEAD, *BODY))[0]
    assert isinstance(table, Table)
    head = next(c for c in table.cells if c.text == "Actual and projected values")
    assert (head.row, head.col, head.colspan) == (0, 1, 3)


def test_the_rules_above_and_below_bound_a_table() -> None:
    rules = tuple(Rule(False, y, 55.0, 345.0) for y in (112.0, 126.0, 212.0))
    title = (("Table 1: graduates", 130.0),)
    read = blocks(rows(title, HEAD, *BODY), rules)
    assert [isinstance(block, Table) for block in read] == [False, True]
    assert isinstance(read[1], Table)
    assert texts(read[1])[0] == ["Region", "2003", "2004", "2005"]


def test_rules_that_part_only_the_rows_leave_the_columns_to_the_text() -> None:
    ys = [98.0 + PITCH * i for i in range(len(BODY) + 2)]
    rules = (
        *(Rule(False, y, 55.0, 345.0) for y in ys),
        Rule(True, 55.0, ys[0], ys[-1]),
        Rule(True, 345.0, ys[0], ys[-1]),
    )
    (table,) = blocks(rows(HEAD, *BODY), rules)
    assert isinstance(table, Table)
    assert texts(table)[1] == ["North Dakota", "100", "200", "300"]


def test_a_form_whose_cells_hold_several_labels_keeps_its_rules() -> None:
    lines = [word(t, x, 104.0 + 40 * i + PITCH * k) for i in range(2) for k in range(3) for t, x in LABELS[k]]
    rules = (
        *(Rule(False, y, 55.0, 345.0) for y in (100.0, 146.0, 190.0)),
        *(Rule(True, x, 100.0, 190.0) for x in (55.0, 345.0)),
    )
    (table,) = blocks(lines, rules)
    assert isinstance(table, Table)
    assert table.ruled


LABELS = (
    (("项目名称：", 60.0), ("12", 200.0), ("3", 280.0)),
    (("主管部门：", 60.0), ("34", 200.0), ("5", 280.0)),
    (("实施单位：", 60.0), ("56", 200.0), ("7", 280.0)),
)


def test_prose_in_two_columns_is_no_table() -> None:
    left = (
        "the office of the region says in its",
        "report that all of the money went to",
        "what had been planned for the year,",
    )
    lines = [((text, 60.0), (text, 310.0)) for text in left * 3]
    assert not any(isinstance(block, Table) for block in blocks(rows(*lines)))


@pytest.mark.parametrize("marks", [["a", "b", "c", "d", "e", "f"], ["1.", "2.", "3.", "4.", "5.", "6."], ["•"] * 6])
def test_a_list_is_no_table(marks: list[str]) -> None:
    lines = [((mark, 60.0), ("what the office does for all of its people", 90.0)) for mark in marks]
    assert not any(isinstance(block, Table) for block in blocks(rows(*lines)))


def test_contents_are_no_table() -> None:
    names = ("Part one: what was planned", "Part two: what was done", "Part three: what is left to do", "Annex")
    lines = [((name, 60.0), (str(3 * i + 1), 480.0)) for i, name in enumerate(names)]
    assert not any(isinstance(block, Table) for block in blocks(rows(*lines)))


def frame(left: float, top: float, right: float, bottom: float) -> tuple[Rule, ...]:
    across = (Rule(False, y, left, right) for y in (top, bottom))
    return (*across, *(Rule(True, x, top, bottom) for x in (left, right)))


def test_a_frame_around_a_text_is_its_lines() -> None:
    read = blocks(
        [word("a remark in a frame", 70, 110), word("and its second line", 70, 124)], frame(60, 100, 300, 150)
    )
    assert [b.text for b in read if isinstance(b, Line)] == ["a remark in a frame", "and its second line"]
    assert len(read) == 2


def test_a_frame_around_a_label_of_a_form_is_a_table() -> None:
    (table,) = blocks([word("年度目标：完成", 70, 110)], frame(60, 100, 300, 150))
    assert isinstance(table, Table)


def test_the_lines_of_a_chart_are_no_table() -> None:
    rules = tuple(Rule(False, 100.0 + 20 * i, 60.0, 300.0) for i in range(6))
    rules += tuple(Rule(True, 60.0 + 40 * i, 100.0, 200.0) for i in range(7))
    assert blocks([], rules) == ()
    (line,) = blocks([word("7.5", 105, 125)], rules)
    assert isinstance(line, Line)


def test_what_one_line_of_figures_shows_is_no_region() -> None:
    assert find_regions(rows(BODY[0], BODY[1]), (), []) == []


# ── camelot tells the rows of a form's blocks without rules; where it fails, the lines do


LABELLED = (
    ("项目名称：道路", "主管部门：交通局"),
    ("实施单位：公路处", "联系人：张三"),
    ("联系电话：1", "项目属性：新增"),
)


def write_labels(
    path: Path, *, encrypt: StandardEncryption | None = None, turn: int = 0, lower: float = 3, unit: float = 1
) -> Path:
    """A page of labels and values in two columns without rules, the second one so many points lower: by three it is
    not clear which texts are one row. It counts in units of so many points."""
    register_font()
    canvas = Canvas(str(path), pagesize=(595 / unit, 842 / unit), invariant=1, encrypt=encrypt)
    canvas.scale(1 / unit, 1 / unit)
    canvas.setFont(FONT, 11)
    if turn:
        canvas.translate(595, 0)
        canvas.rotate(turn)
    for i, (label, other) in enumerate(LABELLED):
        canvas.drawString(80, 500 - 24 * i, label)
        canvas.drawString(300, 500 - 24 * i - lower, other)
    canvas.save()
    return path


@pytest.mark.parametrize("how", ["plain", "locked", "turned"])
def test_a_page_that_camelot_fails_on_is_read_by_its_lines_and_says_so(tmp_path: Path, how: str) -> None:
    locked = StandardEncryption("", ownerPassword="owner", canCopy=0, strength=128) if how == "locked" else None
    path = write_labels(tmp_path / "a.pdf", encrypt=locked, turn=90 if how == "turned" else 0)
    document = read_document(take_in(path, path.name), WORDS)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert [c.text for c in table.cells][:2] == ["项目名称：道路", "主管部门：交通局"]
    assert any("camelot failed" in note for note in document.notes) is (how != "plain")


def test_camelot_counts_in_the_unit_of_the_page(tmp_path: Path) -> None:
    paths = {unit: write_labels(tmp_path / f"{unit}.pdf", unit=unit) for unit in (1, 4)}
    with open_pdf(paths[1]) as pdf:
        lines = visual_lines(read_sheet(pdf.pages[0], 1).words)
    plain = camelot_rows(str(paths[1]), lambda _: (842.0, 1.0))(1, lines, [290.0])
    assert len(plain) > len(LABELLED)
    assert camelot_rows(str(paths[4]), lambda _: (842.0, 4.0))(1, lines, [290.0]) == pytest.approx(plain, abs=0.5)


@pytest.mark.parametrize("lower", [0, 1.5, 4.5])
def test_rows_that_are_clear_are_told_without_camelot(tmp_path: Path, lower: float) -> None:
    locked = StandardEncryption("", ownerPassword="owner", canCopy=0, strength=128)
    path = write_labels(tmp_path / "a.pdf", encrypt=locked, lower=lower)
    document = read_document(take_in(path, path.name), WORDS)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert [c.text for c in table.cells][:2] == ["项目名称：道路", "主管部门：交通局"]
    assert not any("camelot" in note for note in document.notes)
