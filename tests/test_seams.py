"""Tables whose programs draw a border above and below each cell: where two strokes meet, two cells do."""

from __future__ import annotations

import pytest
from generator.arranged.trial import try_seeds

from extractors.tables.layout import page_blocks
from extractors.tables.seams import upright_seams
from schemas.language.vocabulary import load_words
from schemas.model import Box, Grid, Rule, Sheet, Word

CELLS = ((10, 0, 60, 20), (60, 0, 160, 20), (10, 20, 160, 40), (10, 40, 60, 80), (60, 40, 160, 60), (60, 60, 160, 80))
"""The boxes of a row of two cells, a merged one, and one that is two rows high beside two others."""


def strokes(apart: float = 0.0) -> list[Rule]:
    """The strokes above and below each cell, those of cells below each other `apart`."""
    return [Rule(False, y, left, right) for left, top, right, end in CELLS for y in (top + apart, end)]


def sides(rules: list[Rule]) -> set[tuple[float, float, float]]:
    return {(r.at, r.start, r.end) for r in rules}


@pytest.mark.parametrize("apart", [0.0, 0.75], ids=["on one line", "a hair apart"])
def test_strokes_above_and_below_each_cell_tell_its_sides(apart: float) -> None:
    seams = upright_seams(strokes(apart))
    assert all(seam.vertical for seam in seams)
    assert sides(seams) == {(x, top + apart, end) for left, top, right, end in CELLS for x in (left, right)}


@pytest.mark.parametrize(
    "rules",
    [
        [*strokes(), Rule(False, 50.0, 10, 160)],
        strokes()[:-1],
        [*strokes(), Rule(True, 60, 0, 20)],
        [Rule(False, y, 10, 160) for y in (0, 20, 40, 60, 80, 100, 120, 140)],
        [Rule(False, y, a, a + 50) for y in (0, 20, 40, 60) for a in (10, 65)],
        [],
    ],
    ids=[
        "a rule through cells",
        "a stroke left over",
        "an upright rule",
        "rules in one stroke",
        "strokes apart",
        "none",
    ],
)
def test_other_rules_tell_nothing(rules: list[Rule]) -> None:
    assert upright_seams(rules) == []


def test_rules_above_and_below_a_table_are_none_of_its_strokes() -> None:
    around = [Rule(False, -40.0, 5, 170), Rule(False, 300.0, 5, 170)]
    assert sides(upright_seams([*strokes(), *around])) == sides(upright_seams(strokes()))


def test_cells_are_parted_where_strokes_meet_though_no_white_parts_their_columns() -> None:
    def word(text: str, left: float, right: float, top: float) -> Word:
        step = (right - left) / len(text)
        return Word(text, Box(left, top, right, top + 9), tuple(left + n * step for n in range(len(text) + 1)))

    texts = (
        word("项目名称", 12, 58, 5), word("年度绩效目标", 61, 150, 5), word("养护道路", 20, 150, 25),
        word("甲", 12, 20, 55), word("乙", 100, 120, 45), word("丙", 62, 80, 65),
    )  # fmt: skip
    sheet = Sheet(1, 200, 200, texts, tuple(strokes()))
    (grid,) = (b for b in page_blocks(sheet, lambda *a: [], load_words()).blocks if isinstance(b, Grid))
    assert [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in grid.cells] == [
        (0, 0, 1, 1, "项目名称"),
        (0, 1, 1, 1, "年度绩效目标"),
        (1, 0, 1, 2, "养护道路"),
        (2, 0, 2, 1, "甲"),
        (2, 1, 1, 1, "乙"),
        (3, 1, 1, 1, "丙"),
    ]


@pytest.mark.parametrize("seed", [52136, 52118, 64012, 64036, 64053])
def test_forms_of_random_layouts_whose_cells_are_drawn_so_are_read_as_ruled_ones(seed: int) -> None:
    score = try_seeds([seed], ".pdf", "across")
    assert [*score.doubted, *score.silent, *score.blamed] == []
    assert score.values > 100
