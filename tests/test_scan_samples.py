"""The sample scans against the goldens, the engine's words replayed from a recording (tests/recorded)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from extractors.ocr.choose import built_in_engine
from extractors.ocr.engine import RecordedEngine
from pipeline.bench.scan_counts import count_forms
from pipeline.bench.scan_pages import document_of, read_pages, render_pages
from pipeline.people.goldens import load_sets
from pipeline.running.worker import read_forms
from schemas.families import load_families
from schemas.language.vocabulary import load_words

ROOT = Path(__file__).parent.parent
RECORDED = ROOT / "tests" / "recorded" / "scans.json"
SETS = {s.name: s for s in load_sets(ROOT / "tests" / "golden")}
RIGHT = {"000": 99.5, "001": 99.5, "002": 99.5, "003": 99.5, "004": 97.0}  # percent of the values
DOUBTED = {"000": 3.0, "001": 3.0, "002": 3.0, "003": 3.0, "004": 15.0}  # percent of the right ones, at most


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_a_scan_is_read_right_and_nothing_is_silently_wrong(name: str) -> None:
    recording = bool(os.environ.get("JIXIAO_RECORD"))  # set it to record anew with the real engine
    engine = RecordedEngine(RECORDED, built_in_engine() if recording else None)
    (path,) = (ROOT / "data" / "raw" / "scans").glob(f"{name}*.pdf")
    document = document_of(render_pages(path, 200), name, engine)
    assert document.accounts
    assert [account for account in document.accounts if not account.holds] == []
    records = read_forms(document, load_families(), load_words())
    if recording:
        engine.save()
    assert len(records) == len(SETS[name].goldens)
    count = count_forms(records, SETS[name].goldens, 0)
    assert 100 * count.right / count.cells >= RIGHT[name]
    assert count.silent == 0
    assert 100 * count.doubted / count.right <= DOUBTED[name]


@pytest.mark.engine
def test_the_real_engine_reads_a_scan() -> None:
    (path,) = (ROOT / "data" / "raw" / "scans").glob("002*.pdf")
    records = read_pages(render_pages(path, 200), "002", built_in_engine())
    count = count_forms(records, SETS["002"].goldens, 0)
    assert count.right >= 0.995 * count.cells
    assert count.silent == 0
