"""Tables without bars, whose columns lines of dashes mark; hard breaks in drawn cells; HTML without merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from helpers_carriers import COLS, EXPECTED, TITLE, YEAR, grid, read_text, values_of
from test_drawn_tables import places, wrapped

from extractors.dump.dashed import dashed_height
from extractors.dump.drawn import slot_of

WIDTH = 30  # places of a column


def dashed(rows: Sequence[Sequence[str]], *, header: bool, tall: bool, by: int = 2) -> str:
    """Rows between lines of dashes: with one line each, or wrapped and with blank lines between them."""
    room = WIDTH if tall else 400
    rule = "  " + " ".join("-" * room for _ in range(COLS))
    border = "  " + "-" * (len(rule) - 2) if tall else ""
    blocks = []
    for row in rows:
        cells = [wrapped(text, room) if tall else [text] for text in row]
        lines = range(max(map(len, cells)))
        padded = [[cell[n] if n < len(cell) else "" for cell in cells] for n in lines]
        size = places if by == 2 else len
        blocks.append(["  " + " ".join(text + " " * (room - size(text)) for text in line).rstrip() for line in padded])
    body = [line for block in blocks[header:] for line in (*block, *[""] * tall)]
    if not header:
        return "\n".join([rule, *body, rule])
    return "\n".join([*[border] * tall, *blocks[0], rule, *body, *[border] * tall, ""])


@pytest.mark.parametrize("name", ["x.md", "x.txt"])
@pytest.mark.parametrize("header", [False, True])
@pytest.mark.parametrize("tall", [False, True])
@pytest.mark.parametrize("filled", [False, True])
def test_lines_of_dashes_tell_the_columns(name: str, header: bool, tall: bool, filled: bool, tmp_path: Path) -> None:
    table = dashed(grid(filled=filled), header=header, tall=tall)
    (record,) = read_text(tmp_path, name, f"{TITLE}\n\n{YEAR}\n\n{table}\n")
    assert values_of(record) == EXPECTED
    assert not record.findings


def test_a_program_may_take_a_chinese_character_for_one_place(tmp_path: Path) -> None:
    table = dashed(grid(filled=False), header=False, tall=False, by=1)
    (record,) = read_text(tmp_path, "x.txt", f"{TITLE}\n\n{YEAR}\n\n{table}\n")
    assert values_of(record) == EXPECTED


@pytest.mark.parametrize(
    "text",
    ["--- ---", "--- ---\nab cd", "--- ---\na bcd\n--- ---", "-----\na\n-----", "ab cd\n--- ---\n", "a\n\n-- --"],
)
def test_what_no_lines_of_dashes_part(text: str) -> None:
    assert dashed_height(text.split("\n"), 0) == 0


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("产\\ ", "出\\ ", "指\\ ", "标  "), "产\n出\n指\n标"),
        (("其  ", "中："), "其中："),
        (("甲\u3000", "\u3000\u3000", "乙："), "甲\u3000\u3000\u3000乙："),
    ],
)
def test_lines_of_a_drawn_cell_are_joined_as_they_were_parted(lines: tuple[str, ...], text: str) -> None:
    slot = slot_of(lines, 1, 0, str, 2.0)
    assert slot.text == text


@pytest.mark.parametrize("filled", [False, True])
def test_html_that_merges_nothing_and_leaves_blanks_is_made_whole(filled: bool, tmp_path: Path) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in grid(filled=filled))
    (record,) = read_text(tmp_path, "x.md", f"# {TITLE}\n\n{YEAR}\n\n<table>{rows}</table>\n")
    assert values_of(record) == EXPECTED
