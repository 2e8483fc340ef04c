"""What invalidates a reading: the code of reading, its data and the libraries that read, and nothing else."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from pipeline.running.versions import PACKAGES, digest_of, versions

LIBRARIES = {"pdfplumber": "1.0"}
READS = (
    "extractors/intake.py",
    "extractors/pdf/text_layer.py",
    "extractors/scan/rules.py",
    "extractors/ocr/engine.py",
    "extractors/office/word.py",
    "extractors/dump/align.py",
    "extractors/tables/grid.py",
    "pipeline/reading/forms.py",
    "pipeline/reading/interpret/funds.py",
    "pipeline/reading/check/engine.py",
    "pipeline/running/worker.py",
    "schemas/record.py",
    "schemas/tables/rows.py",
    "schemas/language/vocabulary.py",
    "schemas/language/vocabulary.yaml",
    "schemas/language/radicals.tsv",
)
READS_NOT = (
    "pipeline/archive/store.py",
    "pipeline/bench/speed.py",
    "pipeline/commands/review.py",
    "pipeline/diff/report.py",
    "pipeline/output/show.py",
    "pipeline/people/looks.py",
    "pipeline/review/app.py",
    "pipeline/running/run.py",
    "schemas/migrations/env.py",
    "schemas/tables/views.py",
    "schemas/tables/review.py",
)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The packages' folders, copied."""
    below = tmp_path_factory.mktemp("packages")
    for package in PACKAGES:
        shutil.copytree(str(files(package)), below / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    return {package: below / package for package in PACKAGES}


def changed_by(copies: dict[str, Path], name: str) -> bool:
    """Whether the digest changes with one file, which is put back."""
    path = copies["schemas"].parent / name
    before, was = digest_of(copies, LIBRARIES), path.read_bytes()
    path.write_bytes(was + b"\n# another line\n")
    after = digest_of(copies, LIBRARIES)
    path.write_bytes(was)
    assert digest_of(copies, LIBRARIES) == before
    return after != before


@pytest.mark.parametrize("name", READS)
def test_what_reads_reads_anew(copies: dict[str, Path], name: str) -> None:
    assert changed_by(copies, name)


@pytest.mark.parametrize("name", READS_NOT)
def test_what_only_keeps_or_shows_reads_nothing_anew(copies: dict[str, Path], name: str) -> None:
    assert not changed_by(copies, name)


def test_another_version_of_a_library_reads_anew(copies: dict[str, Path]) -> None:
    assert digest_of(copies, LIBRARIES) != digest_of(copies, {"pdfplumber": "1.1"})


def test_a_source_that_is_renamed_reads_anew(copies: dict[str, Path]) -> None:
    before = digest_of(copies, LIBRARIES)
    path = copies["extractors"] / "tables" / "grid.py"
    path.rename(path.with_name("lattice.py"))
    after = digest_of(copies, LIBRARIES)
    path.with_name("lattice.py").rename(path)
    assert after != before


@pytest.mark.parametrize("name", ["pdfplumber", "pypdfium2", "opencv-contrib-python", "paddleocr", "onnxruntime"])
def test_the_libraries_that_read_are_known(name: str) -> None:
    assert versions()[name][0].isdigit()
