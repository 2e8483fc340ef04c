"""Small hostile files: each ends soon, in a reading or in a refusal that is true. All kinds together are read by
`make soak`, which takes its time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from helpers_jobs import do, outcomes
from hostile_marked import FORM, MARKED
from hostile_pages import PAGED

ENDLESS = (
    "a place that leads to itself",
    "widths of nothing",
    "a million places",
    "forms that double",
    "letters one above the other",
    "a page of nothing",
    "letters of a whole plane",
    "100,000 ranges of letters",
    "widths of letters",
    "100,000 rules",
    "a content of texts",
)


def test_no_kind_hides_another() -> None:
    assert len({**MARKED, **PAGED}) == len(MARKED) + len(PAGED) >= 240


def test_a_doubt_costs_no_look_at_all_the_others(tmp_path: Path) -> None:
    """Thousands of texts that belong to no value: what is said of each is not held against all that was said."""
    (tmp_path / "x.txt").write_text(FORM + "产出指标\n" * 12_000, encoding="utf-8")
    begun = time.process_time()
    assert do(tmp_path / "out", tmp_path / "x.txt").forms == 1
    assert time.process_time() - begun < 60  # it took five minutes, and takes two seconds


@pytest.mark.parametrize("name", ENDLESS)
def test_tables_and_references_of_a_pdf_end(name: str, tmp_path: Path) -> None:
    suffix, make = PAGED[name]
    (tmp_path / f"x{suffix}").write_bytes(make())
    begun = time.process_time()
    do(tmp_path / "out", tmp_path / f"x{suffix}")
    assert time.process_time() - begun < 20
    assert set(outcomes(tmp_path / "out").values()) <= {"done", "damaged", "too-large"}


def test_old_workbooks_are_not_filled_up_with_blank_cells(tmp_path: Path) -> None:
    """A cell at the far end of each row made millions between: minutes, and gigabytes."""
    (tmp_path / "x.xls").write_bytes(MARKED["cells far to the right"][1]())
    begun = time.process_time()
    do(tmp_path / "out", tmp_path / "x.xls")
    assert time.process_time() - begun < 40
    assert set(outcomes(tmp_path / "out").values()) <= {"done", "too-large"}


@pytest.mark.parametrize(
    ("line", "lines"),
    [("+---+---+\n", 100_000), ("一级指标\t二级指标\t三级指标\t指标值\n", 20_000)],
    ids=["borders", "headers"],
)
def test_a_line_over_and_over_costs_by_the_number_of_lines(line: str, lines: int, tmp_path: Path) -> None:
    """Each border was held against all borders, each row against all headers: 40 seconds and more, now some five."""
    (tmp_path / "x.txt").write_text(line * lines, encoding="utf-8")
    begun = time.process_time()
    do(tmp_path / "out", tmp_path / "x.txt")
    assert time.process_time() - begun < 25


@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.csv"])
def test_a_text_of_more_lines_than_are_read_is_refused_at_once(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("项目名称\t甲\n" * 300_000, encoding="utf-8")
    begun = time.process_time()
    do(tmp_path / "out", tmp_path / name)
    assert time.process_time() - begun < 5
    assert outcomes(tmp_path / "out") == {name: "too-large"}
