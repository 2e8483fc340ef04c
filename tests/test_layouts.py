"""Forms of random layouts are read as they were drawn: each value is right, or a finding points at it."""

from __future__ import annotations

from pathlib import Path

import pytest
from generator import lots
from generator.arranged.trial import draw, print_form, try_seeds

CUT_BY_PAGES = (273, 412, 673)  # names, numbers and projects that a page or a line ends within
SEEDS = {
    ".pdf": (*range(30), *CUT_BY_PAGES),
    ".docx": range(36, 44),
    ".xlsx": range(44, 52),
    ".html": range(52, 60),
    ".htm": range(60, 68),
}


LONE_NAMES = 881027  # a header of indicators that names no level
BROKEN_OFF = 881030  # a header of money whose last column is broken off at another place than it begins
TOLD = (".txt", ".md", ".csv")  # texts whose marks tell the cells: tabs, pipes, commas


@pytest.mark.parametrize("road", TOLD)
def test_random_layouts_are_read_from_texts_that_tell_cells(road: str) -> None:
    score = try_seeds(range(1000, 1015), road)
    print("\n".join(score.lines()))
    assert not score.silent
    assert not score.blamed
    assert score.right > 0.995 * score.values


NUMBERED = (
    "12345热线诉求",
    "3岁以下婴幼儿",
    "24小时值守岗位",
    "5G基站",
    "0-6岁儿童",
    "110警情",
    "1+X证书",
    "2公里内站点",
)


@pytest.mark.parametrize("road", TOLD)
def test_names_that_begin_with_a_number_shift_no_row(road: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a name looks like a target: rows that stood below their headers were taken for shifted ones."""
    monkeypatch.setattr(lots, "THINGS", NUMBERED)
    score = try_seeds(range(881000, 881008), road)
    print("\n".join(score.lines()))
    assert not score.silent
    assert score.right > 0.995 * score.values


@pytest.mark.parametrize("road", sorted(SEEDS))
def test_random_layouts_are_read_as_they_were_drawn(road: str) -> None:
    score = try_seeds(SEEDS[road], road)
    print(score.line())
    assert not score.silent
    assert not score.blamed
    assert score.right > 0.999 * score.values


def test_the_same_seed_draws_the_same_form(tmp_path: Path) -> None:
    first = print_form(tmp_path, draw(7).layout, 7, ".pdf").read_bytes()
    assert draw(7) == draw(7)
    assert print_form(tmp_path, draw(7).layout, 7, ".pdf").read_bytes() == first


@pytest.mark.parametrize("road", [".layout.txt", ".raw.txt", ".plain.txt"])
def test_what_is_made_of_a_text_that_tells_no_cells_is_doubted(road: str) -> None:
    """Half of it may stand elsewhere than on the page: all that does has a finding."""
    score = try_seeds((*range(1000, 1008), LONE_NAMES, BROKEN_OFF), road)
    print("\n".join(score.lines()))
    assert not score.silent
    assert not score.blamed
    assert score.right > (0.5 if road == ".layout.txt" else 0.1) * score.values
