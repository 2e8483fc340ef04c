"""Small hostile files of many kinds: each ends soon, in a reading or in a refusal that is true."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers_jobs import crew, do, outcomes
from hostile_marked import FORM, MARKED
from hostile_pages import PAGED

KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {**MARKED, **PAGED}
SECONDS = 60.0  # for one file on a busy machine; alone none takes ten
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
)
UNTRUE = {"internal-error", "worker-died", "timed-out", "out-of-memory"}


def test_no_kind_hides_another() -> None:
    assert len(KINDS) == len(MARKED) + len(PAGED) >= 240


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_every_kind_ends_soon_and_well(part: int, tmp_path: Path) -> None:
    """All of a part in one run by one worker, as they would come in a folder."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number, (suffix, make) in list(enumerate(KINDS.values()))[part::8]:
        (folder / f"{number:03d}{suffix}").write_bytes(make())
    do(tmp_path / "out", folder, pool=crew(1, seconds=SECONDS, memory=2500))
    names = {f"{number:03d}": name for number, name in enumerate(KINDS)}
    ill = {file: outcome for file, outcome in outcomes(tmp_path / "out").items() if outcome in UNTRUE}
    assert {f"{file} {names[file[:3]]}": outcome for file, outcome in ill.items()} == {}


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
    assert set(outcomes(tmp_path / "out").values()) <= {"done", "damaged"}


def test_old_workbooks_are_not_filled_up_with_blank_cells(tmp_path: Path) -> None:
    """A cell at the far end of each row made millions between: minutes, and gigabytes."""
    (tmp_path / "x.xls").write_bytes(MARKED["cells far to the right"][1]())
    begun = time.process_time()
    do(tmp_path / "out", tmp_path / "x.xls")
    assert time.process_time() - begun < 40
    assert set(outcomes(tmp_path / "out").values()) <= {"done", "too-large"}
