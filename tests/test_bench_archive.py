"""The measurement of runs over many files: its tables, on an archive of few."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_pdf import write_form, write_scan

from pipeline.bench import archive
from pipeline.bench.archive import Measured, Memory, archive_rows, duration, find_sources, main, make_archive, road_rows

RAW = Path(__file__).parent.parent / "data" / "raw"


def test_an_archive_has_no_content_twice(tmp_path: Path) -> None:
    sources = find_sources(RAW, "dump") + find_sources(RAW, "text-layer")
    folder = make_archive(tmp_path / "in", sources, 25)
    contents = {path.read_bytes() for path in folder.iterdir()}
    assert len(contents) == 25


def test_scans_are_told_from_other_pdfs_by_their_pages(tmp_path: Path) -> None:
    scan, form = write_scan(tmp_path / "a.pdf"), write_form(tmp_path / "b.pdf")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    assert find_sources(tmp_path, "scan") == [scan]
    assert find_sources(tmp_path, "text-layer") == [form]
    assert {p.parent.name for p in find_sources(RAW, "scan")} == {"scans"}
    assert {p.parent.name for p in find_sources(RAW, "text-layer")} == {"pdf"}


def test_tables_follow_from_the_figures() -> None:
    measured = {"text-layer": (Measured(10, 50, 100.0), Measured(10, 50, 50.0))}
    assert road_rows(measured)[1] == ("text-layer", "10", "50 pages", "360", "720", "2.00")
    assert archive_rows(measured)[1] == ("text-layer", "3,600 pages", "27.8 hours", "115.7 days")
    assert duration(47.9) == "47.9 hours"


def test_memory_of_the_first_and_last_files() -> None:
    assert Memory.ends_of([1.0, 3.0, *[2.0] * 998]) == (3.0, 2.0)
    assert Memory.ends_of([1.0, 3.0, 2.0]) == (1.0, 2.0)


def test_nothing_to_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "holds no filing for the road dump" in capsys.readouterr().err


@pytest.mark.slow
def test_everything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(RAW), "--dumps", "6", "--pdfs", "2", "--scans", "0", "--memory-files", "10"]) == 0
    told = capsys.readouterr().out
    for what in (
        "files/h, 2 processes",
        "skipping a file that is done",
        "rows a second into SQLite",
        "peak memory of its worker, first and last of 10 files",
        "10,000,000",
    ):
        assert what in told
    for road in (archive.DUMP, archive.TEXT_LAYER):
        assert sum(line.startswith(road) for line in told.splitlines()) == 2
