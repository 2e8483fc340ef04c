"""Tables as other programs write them: borders drawn with characters, page marks, quoted tabs,
numbered columns, and lines that wrapped on a page."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from helpers_carriers import COLS, EXPECTED, FORM, ROWS, TITLE, YEAR, Cell, as_markdown, grid, read_text, values_of

from extractors.dump.drawn import drawn_height
from extractors.dump.loose_rows import Slot
from extractors.dump.wrapped_cells import without_wraps
from schemas.language.vocabulary import load_words
from schemas.model import Place

WIDTH = 22  # places of a drawn column
BOX = str.maketrans("+-|", "┼─│")


def places(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def wrapped(text: str, room: int) -> list[str]:
    """The lines of a text, each of so many places at most."""
    lines = [""]
    for char in text:
        if places(lines[-1] + char) > room:
            lines.append("")
        lines[-1] += char
    return lines


def singles(*, filled: bool = False) -> list[Cell]:
    """The form as cells of which none is merged."""
    rows = grid(filled=filled)
    return [(text, r, c, 1, 1) for r, row in enumerate(rows) for c, text in enumerate(row)]


def merged_cells() -> list[Cell]:
    """The form's cells, blank ones too."""
    taken = {
        (r, c) for _, top, left, high, wide in FORM for r in range(top, top + high) for c in range(left, left + wide)
    }
    return [*FORM, *(("", r, c, 1, 1) for r in range(ROWS) for c in range(COLS) if (r, c) not in taken)]


def drawn(cells: Sequence[Cell], height: int = 3) -> str:
    """The cells with borders of `+`, `-` and `|`, each row `height` lines high, texts wrapped."""
    step = height + 1
    canvas = [[" "] * (COLS * WIDTH + 1) for _ in range(ROWS * step + 1)]
    for text, top, left, high, wide in cells:
        first, last, begin, end = top * step, (top + high) * step, left * WIDTH, (left + wide) * WIDTH
        for x in range(begin, end + 1):
            for y in (first, last):
                canvas[y][x] = "+" if x in (begin, end) or canvas[y][x] == "+" else "-"
        for y in range(first + 1, last):
            for x in (begin, end):
                canvas[y][x] = "+" if canvas[y][x] == "+" else "|"
        for n, line in enumerate(wrapped(text, wide * WIDTH - 3), first + 1):
            at = begin + 2
            for char in line:
                canvas[n][at] = char
                if places(char) == 2:
                    canvas[n][at + 1] = ""
                at += places(char)
    return "\n".join(["", *("".join(row) for row in canvas), ""])


@pytest.mark.parametrize("name", ["x.md", "x.txt"])
@pytest.mark.parametrize("boxes", [False, True])
@pytest.mark.parametrize("merged", [False, True])
def test_drawn_borders_tell_the_cells(name: str, boxes: bool, merged: bool, tmp_path: Path) -> None:
    table = drawn(merged_cells() if merged else singles())
    (record,) = read_text(tmp_path, name, f"{TITLE}\n{YEAR}\n{table.translate(BOX) if boxes else table}")
    assert values_of(record) == EXPECTED
    assert not record.findings


def console(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a console prints them that takes Chinese characters for one place: rules around the header alone."""
    widths = [max(len(row[c]) for row in rows) for c in range(COLS)]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    lines = ["| " + " | ".join(text.ljust(widths[c]) for c, text in enumerate(row)) + " |" for row in rows]
    return "\n".join([rule, lines[0], rule, *lines[1:], rule])


@pytest.mark.parametrize("filled", [False, True])
def test_rows_of_a_console_are_a_line_each(filled: bool, tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", f"{TITLE}\n{YEAR}\n{console(grid(filled=filled))}\n")
    assert values_of(record) == EXPECTED


@pytest.mark.parametrize("text", ["+1", "+---+", "+---+\n| a |", "+ - +\n| a |\n+ - +", "+--+--+\nab\n+--+--+"])
def test_what_draws_no_table(text: str) -> None:
    assert drawn_height(text.split("\n"), 0) == 0


def test_a_table_goes_on_behind_the_mark_of_a_page(tmp_path: Path) -> None:
    lines = as_markdown(grid(filled=False)).split("\n")
    at = next(n for n, line in enumerate(lines) if "工程验收合格率" in line)
    head = [lines[at], "|" + "---|" * COLS]
    text = "\n".join(["{0}" + "-" * 48, "", *lines[:at], "", "{1}" + "-" * 48, "", *head, *lines[at + 1 :]])
    (record,) = read_text(tmp_path, "x.md", text)
    assert values_of(record) == EXPECTED


def test_quotes_around_cells_between_tabs_are_none_of_the_text(tmp_path: Path) -> None:
    rows = [[TITLE, *[""] * (COLS - 1)], [YEAR, *[""] * (COLS - 1)], *grid(filled=False)]
    text = "\r\n".join("\t".join(f'"{t}"' if "，" in t or "：" in t else t for t in row) for row in rows)
    (record,) = read_text(tmp_path, "x.txt", text + "\r\n", "gb18030")
    assert values_of(record) == EXPECTED


def commas(rows: Sequence[Sequence[str]]) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("name", ["", "Unnamed: "])
@pytest.mark.parametrize("indexed", [False, True])
def test_numbers_of_columns_and_rows_are_no_cells(name: str, indexed: bool, tmp_path: Path) -> None:
    rows = [[TITLE, *[""] * (COLS - 1)], [YEAR, *[""] * (COLS - 1)], *grid(filled=False)]
    head = [f"{name}{n}" for n in range(COLS)]
    if indexed:
        rows, head = [[str(n), *row] for n, row in enumerate(rows)], ["", *head]
    (record,) = read_text(tmp_path, "x.csv", commas([head, *rows]))
    assert values_of(record) == EXPECTED


def test_lines_that_wrapped_on_the_page_are_joined_and_doubted(tmp_path: Path) -> None:
    goal = "完成八公里河道清淤\n，汛期行洪通畅。"
    rows = [[goal if text == EXPECTED["fields"]["annual_goal"] else text for text in row] for row in grid(filled=False)]
    rows = [["清淤河道\n长度" if text == "清淤河道长度" else text for text in row] for row in rows]
    rows = [[TITLE, *[""] * (COLS - 1)], [YEAR, *[""] * (COLS - 1)], *rows]
    (record,) = read_text(tmp_path, "x.csv", commas(rows))
    assert values_of(record) == EXPECTED
    where = {finding.where for finding in record.findings if finding.rule == "inferred"}
    assert {"/fields/annual_goal", "/indicators/0/level3"} <= where


def test_breaks_that_somebody_set_stay() -> None:
    rows = [[Slot("按季度开展检查\n，形成台账", Place()), Slot("95%\n98%", Place()), Slot("1.建成\n2.完工", Place())]]
    (row,) = without_wraps(rows, load_words())
    assert [slot.text for slot in row] == ["按季度开展检查，形成台账", "95%\n98%", "1.建成\n2.完工"]
    own = [[Slot("甲乙丙\n丁戊己", Place())]]
    assert without_wraps(own, load_words()) == own
