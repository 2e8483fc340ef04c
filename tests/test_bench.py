"""The benchmark prints its table with figures that can be true."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import pytest
from helpers_pdf import write_form, write_scan

from pipeline.bench import speed, text_stages
from pipeline.bench.printing import columns

RAW = Path(__file__).parents[1] / "data" / "raw"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three filings: one whose tables are all ruled, one with unruled blocks, one dump."""
    folder = tmp_path_factory.mktemp("bench")
    for path in (*RAW.glob("pdf/000_*.pdf"), *RAW.glob("pdf/003_*.pdf"), *RAW.glob("dumps/003_*.txt")):
        shutil.copy(path, folder)
    return folder


@pytest.mark.slow
def test_a_tiny_run_prints_the_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert speed.main([str(folder), "--rounds", "1"]) == 0
    out = capsys.readouterr().out
    rows = {line.split("  ")[0]: line for line in out.splitlines() if line and not line.startswith(" ")}
    ruled, unruled, dumps = rows["ruled pages"], rows["pages with unruled blocks"], rows["dumps"]
    assert "3 pages" in ruled
    assert "6 pages" in unruled
    assert "6 forms" in dumps
    for row in (ruled, unruled):
        ours, theirs = map(float, re.findall(r"([\d.]+) pages/s", row))
        ratio = float(re.findall(r"([\d.]+)(?:  |$)", row.split("pages/s")[-1].strip())[0])
        assert ratio == pytest.approx(theirs / ours, rel=0.05)
        assert 0.2 < ratio < 20
    assert re.search(r"ratio ≤ 0\.4 +(yes|no)$", ruled)
    assert re.search(r"≥ 150 forms/s +(yes|no)$", dumps)
    for header, own in ((text_stages.PAGE_HEADER, text_stages.PAINTED), (text_stages.FORM_HEADER, text_stages.ALIGNED)):
        stages = _stages_below(header, out)
        assert own in stages
        assert sum(stages.values()) == pytest.approx(2 * stages["in all"], rel=0.05)
    peaks = [tuple(map(float, re.findall(r"(\d+) MB", line))) for line in out.splitlines() if "peak memory" in line]
    assert len(peaks) == 2
    assert all(20 < theirs < ours < 2000 for ours, theirs in peaks)


def _stages_below(header: tuple[str, ...], out: str) -> dict[str, float]:
    """The milliseconds of each stage in the table with this header."""
    lines = out.splitlines()
    (start,) = (i for i, line in enumerate(lines) if tuple(re.split(" {2,}", line)) == header)
    rows = itertools.takewhile(bool, lines[start + 1 :])
    return {cells[0]: float(cells[1]) for cells in (re.split(" {2,}", row) for row in rows)}


def test_scans_are_left_out_and_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_scan(tmp_path / "scan.pdf", pages=2)
    form = write_form(tmp_path / "form.pdf")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (subject,) = speed.find_subjects(tmp_path)
    assert (subject.path, subject.amount) == (form, 1)
    broken, scan = capsys.readouterr().err.splitlines()
    assert scan.startswith(f"{tmp_path / 'scan.pdf'}: left out, page 1 is a scan: ")
    assert broken.startswith(f"{tmp_path / 'broken.pdf'}: left out, it cannot be read: ")
    form.unlink()
    with pytest.raises(speed.NothingToMeasure, match="with a text layer"):
        speed.find_subjects(tmp_path)


def test_nothing_to_measure_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert speed.main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_ratio_and_aims_come_from_the_medians() -> None:
    def timing(name: str, group: str, amount: int, ours: float, theirs: float | None) -> speed.Timing:
        return speed.Timing(speed.Subject(Path(name), group, amount), ours, theirs)

    timings = [
        timing("a.pdf", speed.RULED, 10, 2.0, 1.0),
        timing("b.pdf", speed.RULED, 10, 0.4, 1.0),
        timing("c.txt", speed.DUMPS, 30, 0.5, None),
    ]
    header, ruled, first, second, dumps, _ = speed.table_rows(timings, memory=False)
    assert header == speed.HEADER
    assert ruled == ("ruled pages", "20 pages", "8.3 pages/s", "10.0 pages/s", "1.20", "ratio ≤ 0.4", "no")
    assert first[4] == "2.00"
    assert second[4] == "0.40"
    assert dumps == ("dumps", "30 forms", "60.0 forms/s", "", "", "≥ 150 forms/s", "no")


def test_columns_stand_below_each_other() -> None:
    text = columns([speed.HEADER, ("如皋", *"123456")])
    head, row = text.splitlines()
    assert head.index("amount") + len("amount") == row.index("1") + 1 + len("如皋")
