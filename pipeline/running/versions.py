"""What a reading depends on: where any of it differs from what a file was read with, the file is read again.

That is the code of reading, its data files, and the libraries that read. What only shows, keeps or compares readings is
not among it: a mended review page reads no archive anew. The contract "a reading depends on what its digest covers" in
pyproject.toml guards the list below.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from platform import python_version

from extractors.ocr import vision
from extractors.ocr.choose import OcrChoice, models_version
from extractors.ocr.models import ModelsMissing
from schemas.families import Family

BUILT_IN = OcrChoice()
PACKAGES = ("extractors", "pipeline", "schemas")
# Below the packages; `schemas/tables/rows.py` is how a reading stands in the database, the rest of tables/ only where.
READING = ("extractors/", "pipeline/reading/", "pipeline/running/worker.py", "schemas/")
NOT_READING = ("schemas/families/", "schemas/migrations/", "schemas/tables/")  # families are in the settings' digest
BUT_READING = ("schemas/tables/rows.py",)
SOURCES = frozenset({".py", ".tsv", ".yaml", ".yml", ".json", ".txt"})
LIBRARIES = (
    "camelot-py",
    "charset-normalizer",
    "lxml",
    "numpy",
    "onnxruntime",
    vision.ASKED,
    "openpyxl",
    "paddleocr",
    "paddlex",
    "pdfminer.six",
    "pdfplumber",
    "pillow",
    "pypdfium2",
    "python-docx",
    "rapidocr",
    "scipy",
    "webencodings",
    "xlrd",
)


@cache
def code_version() -> str:
    """The version of the program and a digest of all that a reading depends on but its settings."""
    folders = {package: Path(str(files(package))) for package in PACKAGES}
    return f"{version('jixiao')}+{digest_of(folders, versions())}"


def digest_of(folders: Mapping[str, Path], libraries: Mapping[str, str]) -> str:
    """Twelve digits over the sources of reading below the packages' folders, and over the libraries' versions."""
    digest = hashlib.sha256(json.dumps(libraries, sort_keys=True).encode())
    for name, path in reading_sources(folders):
        digest.update(b"\0" + name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def reading_sources(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """(name below the packages, path) of every file that a reading depends on, in the order of their names."""
    for package, root in sorted(folders.items()):
        for path in sorted(root.rglob("*")):
            name = f"{package}/{path.relative_to(root).as_posix()}"
            if path.suffix in SOURCES and path.is_file() and _is_reading(name):
                yield name, path


def _is_reading(name: str) -> bool:
    return name in BUT_READING or (name.startswith(READING) and not name.startswith(NOT_READING))


@cache
def versions() -> dict[str, str]:
    """The versions of Python and of the libraries that read."""
    by_name = {"python": python_version()}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            by_name[name] = version(vision.installed() if name == vision.ASKED else name)
    return by_name


def settings_text(families: Sequence[Family], ocr: OcrChoice = BUILT_IN) -> str:
    """The settings that a reading depends on, the OCR models among them, as one canonical text."""
    known = json.dumps([f.model_dump(mode="json") for f in families], ensure_ascii=False, sort_keys=True)
    settings = {
        "families": hashlib.sha256(known.encode()).hexdigest()[:16],
        "models": models_of(ocr),
        "ocr": ocr.label,
    }
    return json.dumps(settings, sort_keys=True)


@cache
def models_of(ocr: OcrChoice) -> str:
    """The models that are chosen, with their versions; `none` where they are missing."""
    try:
        return models_version(ocr)
    except ModelsMissing:
        return "none"  # what has a scan in it says so when it is read
