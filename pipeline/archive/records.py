"""Records on disk: `OUT/records/<name>/<n>.json`, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


class OutputUnwritable(Exception):
    """The output folder cannot be written."""


def write_records(out: Path, name: str, records: Sequence[str]) -> None:
    """Write a file's records, given as text, and remove what an earlier reading of it left; unchanged files stay
    untouched."""
    folder = record_folder(out, name)
    try:
        if records:
            folder.mkdir(parents=True, exist_ok=True)
        for number, record in enumerate(records):
            _write(folder / f"{number}.json", record)
        if folder.is_dir():
            for path in folder.glob("*.json"):
                if path.stem.isdigit() and int(path.stem) >= len(records):
                    path.unlink()
            if not records and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        raise OutputUnwritable(f"{folder}: cannot be written: {error.strerror}; choose another --out") from error


def record_folder(out: Path, name: str) -> Path:
    """The folder of a file's records; a name never leads out of it."""
    folder = out / "records" / name
    if not folder.resolve().is_relative_to((out / "records").resolve()):
        raise OutputUnwritable(f"{name}: the name leads out of {out / 'records'}")
    return folder


def _write(path: Path, text: str) -> None:
    data = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(data)
    os.replace(fresh, path)  # noqa: PTH105 - atomic on every system
