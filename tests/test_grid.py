"""From ruling lines to cells with spans, and from words to the cells they stand in."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.text_layer import read_sheet
from extractors.tables.borderless import line_rows
from extractors.tables.grid import JOIN, SNAP, find_grids, snap_rules
from extractors.tables.layout import page_blocks
from schemas.language.vocabulary import load_words
from schemas.model import Box, Grid, Rule, Sheet, Word

Span = tuple[int, int, int, int]  # row, column, rowspan, colspan

LEFT, TOP = 40.0, 60.0  # points: where the tables begin
WIDTH, HEIGHT = 90.0, 24.0  # points: of one column, of one row
PAGE = (600.0, 800.0)


def x(col: float) -> float:
    return LEFT + WIDTH * col


def y(row: float) -> float:
    return TOP + HEIGHT * row


def across(row: float, start: float, end: float) -> Rule:
    """A horizontal rule above a row, between two columns."""
    return Rule(False, y(row), x(start), x(end))


def down(col: float, start: float, end: float) -> Rule:
    """A vertical rule left of a column, between two rows."""
    return Rule(True, x(col), y(start), y(end))


def edges(spans: Iterable[Span]) -> list[Rule]:
    """The four sides of every cell."""
    out = []
    for row, col, rows, cols in spans:
        out += [across(row, col, col + cols), across(row + rows, col, col + cols)]
        out += [down(col, row, row + rows), down(col + cols, row, row + rows)]
    return out


def simple(rows: int, cols: int) -> list[Span]:
    return [(r, c, 1, 1) for r in range(rows) for c in range(cols)]


def word(text: str, left: float, top: float, size: float = 10.0) -> Word:
    box = Box(left, top, left + size * len(text), top + size)
    return Word(text, box, tuple(left + size * i for i in range(len(text) + 1)))


def sheet(rules: Iterable[Rule], words: Iterable[Word] = (), size: tuple[float, float] = PAGE) -> Sheet:
    return Sheet(1, *size, tuple(words), tuple(rules))


def spans_of(grid: Grid) -> list[Span]:
    return [(c.row, c.col, c.rowspan, c.colspan) for c in grid.cells]


def only_grid(rules: Iterable[Rule], words: Iterable[Word] = ()) -> Grid:
    (grid,) = find_grids(sheet(rules, words))
    return grid


def texts_of(grid: Grid) -> dict[tuple[int, int], str]:
    return {(c.row, c.col): c.text for c in grid.cells if c.text}


# ── rules to cells


MERGED: list[Span] = [(0, 0, 1, 3), (1, 0, 2, 1), (1, 1, 1, 1), (1, 2, 1, 1), (2, 1, 1, 2)]


def test_a_simple_table() -> None:
    grid = only_grid([across(r, 0, 3) for r in range(3)] + [down(c, 0, 2) for c in range(4)])
    assert spans_of(grid) == simple(2, 3)
    assert grid.xs == (x(0), x(1), x(2), x(3))
    assert grid.ys == (y(0), y(1), y(2))
    assert grid.box == Box(x(0), y(0), x(3), y(2))
    assert grid.cells[4].parts[0][1].box == Box(x(1), y(1), x(2), y(2))
    assert grid.notes == ()


def test_merged_cells_have_spans() -> None:
    assert spans_of(only_grid(edges(MERGED))) == MERGED


def test_rows_and_columns_that_no_border_marks_are_none() -> None:
    assert spans_of(only_grid(edges([(0, 0, 3, 2), (3, 0, 2, 1), (3, 1, 2, 1)]))) == [
        (0, 0, 1, 2),
        (1, 0, 1, 1),
        (1, 1, 1, 1),
    ]


@pytest.mark.parametrize(
    "rules",
    [
        [*(across(r, 0, 2) for r in range(3)), *(down(c, 0, 2.6) for c in range(3))],
        [*(across(r + 0.5, 0, 2) for r in range(3)), *(down(c, 0, 2.5) for c in range(3))],
    ],
    ids=["at the bottom", "at the top"],
)
def test_a_row_that_a_page_break_leaves_open_is_a_row(rules: list[Rule]) -> None:
    grid = only_grid(rules)
    assert spans_of(grid) == simple(3, 2)
    assert any("not drawn" in note for note in grid.notes)


def test_an_open_row_is_as_merged_as_its_rules_say() -> None:
    rules = [across(0, 0, 3), across(1, 1, 3), *(down(c, 0, 1.7) for c in (0, 1, 3)), down(2, 0, 1)]
    assert spans_of(only_grid(rules)) == [(0, 0, 2, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 1, 1, 2)]


@pytest.mark.parametrize("missing", [{0}, {3}, {0, 3}], ids=["left", "right", "both"])
def test_a_table_without_outer_side_rules_has_its_outer_columns(missing: set[int]) -> None:
    rules = [across(r, 0, 3) for r in range(4)] + [down(c, 0, 3) for c in range(4) if c not in missing]
    grid = only_grid(rules)
    assert spans_of(grid) == simple(3, 3)
    assert (grid.box.left, grid.box.right) == (x(0), x(3))


def test_a_lone_outer_rule_as_long_as_the_table_is_its_side() -> None:
    """A merged cell fills the page from top to bottom: of its border nothing but the outer rule is drawn."""
    rules = [across(r, 1, 3) for r in range(4)] + [down(c, 0, 3) for c in (1, 2, 3)] + [down(0, 0, 3)]
    assert spans_of(only_grid(rules)) == sorted([(0, 0, 3, 1), *((r, c, 1, 1) for r in range(3) for c in (1, 2))])


def test_double_rules_are_one() -> None:
    rules = edges(simple(2, 2))
    doubled = rules + [Rule(r.vertical, r.at + 0.8 * SNAP, r.start, r.end) for r in rules]
    assert spans_of(only_grid(doubled)) == simple(2, 2)


def test_dashed_rules_are_whole() -> None:
    dash, gap = 4.0, 0.8 * JOIN
    dashed = []
    for rule in edges(simple(2, 2)):
        at = rule.start
        while at < rule.end:
            dashed.append(Rule(rule.vertical, rule.at, at, min(at + dash, rule.end)))
            at += dash + gap
    assert spans_of(only_grid(dashed)) == simple(2, 2)


def test_collinear_pieces_with_a_true_gap_stay_apart() -> None:
    pieces = [Rule(False, 100.0, 0.0, 50.0), Rule(False, 100.0, 50.0 + JOIN + 1, 90.0)]
    assert snap_rules(tuple(pieces)) == pieces


def drawn(draw: Callable[[Canvas, Rule], None]) -> Sheet:
    """The page on which a program draws the rules of the merged table in its own way."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=PAGE, invariant=True)
    for rule in edges(MERGED):
        draw(canvas, rule)
    canvas.save()
    with pdfplumber.open(file) as pdf:
        return read_sheet(pdf.pages[0], 1)


def as_line(canvas: Canvas, rule: Rule) -> None:
    if rule.vertical:
        canvas.line(rule.at, PAGE[1] - rule.start, rule.at, PAGE[1] - rule.end)
    else:
        canvas.line(rule.start, PAGE[1] - rule.at, rule.end, PAGE[1] - rule.at)


def as_thin_rectangle(canvas: Canvas, rule: Rule) -> None:
    length = rule.end - rule.start
    if rule.vertical:
        canvas.rect(rule.at - 0.4, PAGE[1] - rule.end, 0.8, length, stroke=0, fill=1)
    else:
        canvas.rect(rule.start, PAGE[1] - rule.at - 0.4, length, 0.8, stroke=0, fill=1)


def test_rules_drawn_as_thin_rectangles_and_as_lines_give_the_same_grid() -> None:
    (of_lines,) = find_grids(drawn(as_line))
    (of_rectangles,) = find_grids(drawn(as_thin_rectangle))
    assert spans_of(of_lines) == spans_of(of_rectangles) == MERGED
    assert of_rectangles.xs == pytest.approx(of_lines.xs, abs=0.1)
    assert of_rectangles.ys == pytest.approx(of_lines.ys, abs=0.1)


def test_white_rules_are_no_ink() -> None:
    def white(canvas: Canvas, rule: Rule) -> None:
        canvas.setStrokeGray(1)
        as_line(canvas, rule)

    assert find_grids(drawn(white)) == []


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [across(0, 0, 2)],
        [across(0, 0, 2), across(3, 0, 2)],
        [down(0, 0, 5)],
        [across(0, 0, 2), down(1, 0, 2)],
    ],
    ids=["nothing", "an underline", "two underlines", "a margin rule", "a corner"],
)
def test_rules_that_enclose_nothing_are_no_table(rules: list[Rule]) -> None:
    assert find_grids(sheet(rules)) == []


def test_an_underline_below_a_table_is_not_of_it() -> None:
    rules = [*edges(simple(2, 2)), across(5, 0, 1)]
    assert spans_of(only_grid(rules)) == simple(2, 2)


def test_a_frame_around_a_table_is_no_table() -> None:
    frame = [across(-1, -0.3, 2.3), across(3, -0.3, 2.3), down(-0.3, -1, 3), down(2.3, -1, 3)]
    assert spans_of(only_grid([*edges(simple(2, 2)), *frame])) == simple(2, 2)


def test_a_frame_that_stands_alone_is_a_table_of_one_cell() -> None:
    assert spans_of(only_grid(edges([(0, 0, 1, 1)]))) == [(0, 0, 1, 1)]


def test_two_tables_come_from_top_to_bottom() -> None:
    lower = edges((r + 8, c, a, b) for r, c, a, b in simple(1, 2))
    upper, below = find_grids(sheet([*lower, *edges(simple(2, 3))]))
    assert spans_of(upper) == simple(2, 3)
    assert spans_of(below) == simple(1, 2)
    assert upper.box.bottom < below.box.top


def test_an_area_that_is_no_rectangle_is_cut_and_said() -> None:
    """An L: the cell at the left goes on below the cell at its right."""
    rules = [across(0, 0, 2), across(2, 0, 2), across(1, 1, 2), down(0, 0, 2), down(2, 0, 2), down(1, 0, 1)]
    grid = only_grid(rules)
    inferred = [c for c in grid.cells if c.inferred]
    assert len(inferred) == 2
    assert any("no rectangle" in note for note in grid.notes)
    covered = sorted((r, c) for cell in grid.cells for r in cell.rows for c in cell.cols)
    assert covered == [(0, 0), (0, 1), (1, 0), (1, 1)]


# ── words to cells


def test_words_fall_to_the_cell_they_stand_in() -> None:
    words = [word("名称", x(0) + 5, y(0) + 7), word("某局", x(1) + 5, y(0) + 7), word("外面", x(0), y(4))]
    grid = only_grid(edges(simple(2, 2)), words)
    assert texts_of(grid) == {(0, 0): "名称", (0, 1): "某局"}


def test_a_line_that_runs_over_the_end_of_a_table_belongs_to_the_cell_above() -> None:
    """Browsers end a page's rows with what fits of them; the lines of a merged cell may run over that end."""
    words = [
        word("一二三四五六七八", x(0) + 5, y(2) - 18),
        word("九十", x(0) + 5, y(2) - 4.5),
        word("右", x(1) + 5, y(1) + 4),
        word("注：", x(1) + 5, y(2) + 1),
    ]
    grid = only_grid(edges(simple(2, 2)), words)
    assert texts_of(grid) == {(1, 0): "一二三四五六七八九十", (1, 1): "右"}


def test_lines_that_wrap_in_a_cell_are_one_text() -> None:
    rules = [
        across(0, 0, 1),
        across(3, 0, 1),
        down(0, 0, 3),
        down(1, 0, 3),
        down(2, 0, 3),
        across(0, 1, 2),
        across(3, 1, 2),
    ]
    words = [word("一二三四五六七", x(0) + 5, y(0) + 5), word("八九", x(0) + 5, y(0) + 20), word("右", x(1) + 5, y(1))]
    assert texts_of(only_grid(rules, words)) == {(0, 0): "一二三四五六七八九", (0, 1): "右"}


def test_a_word_over_the_texts_of_two_cells_is_split_there_by_its_characters() -> None:
    straddling = word("一二三四五六", x(1) - 40, y(0) + 7)
    grid = only_grid(edges(simple(1, 2)), [straddling, word("七", x(1) + 40, y(0) + 7)])
    assert texts_of(grid) == {(0, 0): "一二三四", (0, 1): "五六七"}
    left, right = (cell.lines[0].place.box for cell in grid.cells)
    assert left is not None
    assert right is not None
    assert (left.left, left.right) == (x(1) - 40, x(1))
    assert (right.left, right.right) == (x(1), x(1) + 50)


def test_a_recognised_word_over_two_cells_is_split() -> None:
    read = replace(word("一二三四五六", x(1) - 40, y(0) + 7), score=0.9)
    assert texts_of(only_grid(edges(simple(1, 2)), [read])) == {(0, 0): "一二三四", (0, 1): "五六"}


@pytest.mark.parametrize(
    ("left", "home"),
    [(x(0) + 3, 0), (x(3) - 113, 2), (x(1.5) - 55, 1), (x(1) + 3, 1)],
    ids=["from the left", "from the right", "from the middle", "from the second cell"],
)
def test_a_text_that_runs_over_blank_cells_is_one_text_of_its_own(left: float, home: int) -> None:
    grid = only_grid(edges(simple(1, 3)), [word("一二三四五六七八九十甲", left, y(0) + 7)])
    assert texts_of(grid) == {(0, home): "一二三四五六七八九十甲"}
    assert not any(c.inferred for c in grid.cells)


def test_a_text_printed_across_that_of_the_next_cell_stays_in_its_own_and_is_doubted() -> None:
    long, other = word("一二三四五六七八九十甲", x(0) + 3, y(0) + 7), word("乙", x(1) + 3, y(0) + 7)
    grid = only_grid(edges(simple(1, 2)), [long, other])
    assert texts_of(grid) == {(0, 0): "一二三四五六七八九十甲", (0, 1): "乙"}
    assert [bool(c.inferred) for c in grid.cells] == [True, False]


def test_the_words_of_a_text_that_runs_out_of_its_cell_stay_together() -> None:
    words = [word("一二三四五六七八九十", x(0) + 3, y(0) + 7), word("甲乙", x(0) + 106, y(0) + 7)]
    assert texts_of(only_grid(edges(simple(1, 2)), words)) == {(0, 0): "一二三四五六七八九十甲乙"}


def test_a_word_over_a_merged_cell_is_not_split() -> None:
    spans: list[Span] = [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]
    grid = only_grid(edges(spans), [word("一二三四五六", x(1) - 40, y(0) + 7)])
    assert texts_of(grid) == {(0, 0): "一二三四五六"}


# ── properties


@st.composite
def tables(draw: st.DrawFn) -> list[Span]:
    """The spans of a table made by cutting a rectangle again and again; every row and column is somewhere cut."""
    rows, cols = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    cells: list[Span] = []

    def cut(row: int, col: int, height: int, width: int) -> None:
        ways = [("row", k) for k in range(1, height)] + [("col", k) for k in range(1, width)]
        chosen = draw(st.sampled_from([*ways, None])) if ways else None
        if chosen is None:
            cells.append((row, col, height, width))
        elif chosen[0] == "row":
            cut(row, col, chosen[1], width)
            cut(row + chosen[1], col, height - chosen[1], width)
        else:
            cut(row, col, height, chosen[1])
            cut(row, col + chosen[1], height, width - chosen[1])

    cut(0, 0, rows, cols)
    return compressed(cells)


def compressed(cells: list[Span]) -> list[Span]:
    """The cells without the rows and columns that no border marks."""
    ys = sorted({r for r, _, h, _ in cells} | {r + h for r, _, h, _ in cells})
    xs = sorted({c for _, c, _, w in cells} | {c + w for _, c, _, w in cells})
    return sorted(
        (ys.index(r), xs.index(c), ys.index(r + h) - ys.index(r), xs.index(c + w) - xs.index(c)) for r, c, h, w in cells
    )


def fragments(rules: list[Rule], rng: random.Random) -> list[Rule]:
    """The rules as sloppy programs draw them: in pieces, some overlapping, each a little off."""
    out = []
    for rule in rules:
        at = rule.start
        while at < rule.end:
            end = min(rule.end, at + rng.uniform(8, 60))
            off = rng.uniform(-0.45, 0.45) * SNAP
            out.append(Rule(rule.vertical, rule.at + off, max(rule.start, at - rng.uniform(0, 5)), end))
            at = end + rng.uniform(-3, 0.9 * JOIN)
    rng.shuffle(out)
    return out


@settings(deadline=None, derandomize=True)
@given(tables(), st.integers(0, 10_000))
def test_a_table_drawn_in_pieces_gives_exactly_its_spans(cells: list[Span], seed: int) -> None:
    rules = fragments(edges(cells), random.Random(seed))
    assert spans_of(only_grid(rules)) == cells


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
@settings(deadline=None, derandomize=True, max_examples=60)
@given(tables())
def test_a_table_open_at_one_side_gives_its_spans(side: str, cells: list[Span]) -> None:
    """As page breaks and forms without outer side rules leave them."""
    vertical = side in ("left", "right")
    last = max(c + w for _, c, _, w in cells) if vertical else max(r + h for r, _, h, _ in cells)
    at = {"left": x(0), "right": x(last), "top": y(0), "bottom": y(last)}[side]
    rules = [r for r in edges(cells) if not (r.vertical is vertical and r.at == at)]
    assert spans_of(only_grid(rules)) == cells


def turned(rule: Rule, height: float) -> Rule:
    """A rule of a page of that height after the page was turned clockwise by 90 degrees."""
    if rule.vertical:
        return Rule(False, rule.at, height - rule.end, height - rule.start)
    return Rule(True, height - rule.at, rule.start, rule.end)


def turned_spans(cells: list[Span]) -> list[Span]:
    rows = max(r + h for r, _, h, _ in cells)
    return sorted((c, rows - r - h, w, h) for r, c, h, w in cells)


@settings(deadline=None, derandomize=True)
@given(tables())
def test_a_page_turned_gives_the_grid_turned_and_after_four_turns_itself(cells: list[Span]) -> None:
    first = find_grids(sheet(edges(cells)))
    size, rules, expected = PAGE, edges(cells), cells
    for _ in range(4):
        rules = [turned(rule, size[1]) for rule in rules]
        size = (size[1], size[0])
        expected = turned_spans(expected)
        (grid,) = find_grids(sheet(rules, size=size))
        assert spans_of(grid) == expected
    assert expected == cells
    assert find_grids(sheet(rules, size=size)) == first


def test_cost_grows_with_the_number_of_cells() -> None:
    """Ten times the rows take about ten times as long; each cell once looked through all others."""

    def seconds(rows: int) -> float:
        sheet = Sheet(1, 600, TOP + HEIGHT * (rows + 1), (), tuple(edges(simple(rows, 6))))
        best = []
        for _ in range(3):
            start = time.process_time()
            (grid,) = find_grids(sheet)
            best.append(time.process_time() - start)
            assert len(grid.cells) == rows * 6
        return min(best)

    assert seconds(1000) < 25 * seconds(100)


def test_texts_do_not_run_together_where_a_piece_of_a_rule_is_missing() -> None:
    rules = [across(r, 0, 3) for r in range(4)]
    rules += [down(c, 0, 3) for c in (0, 1, 3)] + [down(2, 0, 1), down(2, 2, 3)]
    words = tuple(word(f"{r}{c}", x(c) + 5, y(r) + 7) for r in range(3) for c in range(3))
    (grid,) = find_grids(Sheet(1, *PAGE, words, tuple(rules)))
    assert [(c.row, c.col, c.text) for c in grid.cells] == [(r, c, f"{r}{c}") for r in range(3) for c in range(3)]
    assert [(c.row, c.col) for c in grid.cells if c.inferred] == [(1, 1), (1, 2)]


def test_a_merged_cell_with_a_gap_in_its_text_stays_one() -> None:
    rules = [across(r, 0, 3) for r in range(4)]
    rules += [down(c, 0, 3) for c in (0, 1, 3)] + [down(2, 0, 1), down(2, 2, 3)]
    words = [word(f"{r}{c}", x(c) + 5, y(r) + 7) for r in (0, 2) for c in range(3)]
    words += [word("甲", x(1) + 50, y(1) + 7), word("乙", x(2) + 20, y(1) + 7)]
    (grid,) = find_grids(Sheet(1, *PAGE, tuple(words), tuple(rules)))
    assert [(c.col, c.colspan, c.text, c.inferred) for c in grid.cells if c.row == 1][1] == (1, 2, "甲乙", None)


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("col", range(3))
@pytest.mark.parametrize("vertical", [True, False])
def test_whichever_piece_of_a_rule_is_missing_the_texts_stay_apart(row: int, col: int, vertical: bool) -> None:
    if (col if vertical else row) == 0:
        return  # the table's own edge
    gone = down(col, row, row + 1) if vertical else across(row, col, col + 1)
    pieces = [down(c, r, r + 1) for c in range(4) for r in range(3)]
    pieces += [across(r, c, c + 1) for r in range(4) for c in range(3)]
    words = tuple(word(f"{r}{c}", x(c) + 5, y(r) + 7) for r in range(3) for c in range(3))
    (grid,) = find_grids(Sheet(1, *PAGE, words, tuple(r for r in pieces if r != gone)))
    assert [(c.row, c.col, c.text) for c in grid.cells] == [(r, c, f"{r}{c}") for r in range(3) for c in range(3)]
    assert sum(c.inferred is not None for c in grid.cells) == 2


def test_a_merged_cell_of_two_rows_whose_text_wraps_stays_one() -> None:
    spans: list[Span] = [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]
    words = [word("甲", x(0) + 5, y(1) - 11), word("乙", x(0) + 5, y(1) + 1)]
    words += [word("丙", x(1) + 5, y(0) + 7), word("丁", x(1) + 5, y(1) + 7)]
    assert texts_of(only_grid(edges(spans), words)) == {(0, 0): "甲\n乙", (0, 1): "丙", (1, 1): "丁"}


@pytest.mark.parametrize("apart", [3.0, 4.5, 5.4])
def test_the_two_lines_of_a_double_rule_are_one_border(apart: float) -> None:
    half = apart / 2
    rules = [Rule(False, y(r) + d, x(0) - half, x(3) + half) for r in range(4) for d in (-half, half)]
    rules += [Rule(True, x(c) + d, y(0) - half, y(3) + half) for c in range(4) for d in (-half, half)]
    words = tuple(word(f"{r}{c}", x(c) + 9, y(r) + 7) for r in range(3) for c in range(3))
    (grid,) = find_grids(Sheet(1, *PAGE, words, tuple(rules)))
    assert [(c.row, c.col, c.text) for c in grid.cells] == [(r, c, f"{r}{c}") for r in range(3) for c in range(3)]


def test_words_in_an_open_corner_of_a_table_are_lines() -> None:
    rules = edges([(0, 1, 1, 1), (0, 2, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1)])
    words = (word("角", x(0.3), y(0.3)), word("甲", x(1.3), y(0.3)), word("乙", x(0.3), y(1.3)))
    blocks = page_blocks(sheet(rules, words), line_rows, load_words()).blocks
    lines = [block.text for block in blocks if not isinstance(block, Grid)]
    cells = [cell.text for block in blocks if isinstance(block, Grid) for cell in block.cells if cell.text]
    assert (lines, cells) == (["角"], ["甲", "乙"])
