"""Records on disk: `OUT/records/<name>/<n>.json`, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.archive.disk import FRESH, make_way, sync, write_whole


class OutputUnwritable(Exception):
    """The output folder cannot be written."""


def unreadable(error: OSError | ValueError | RecursionError) -> str:
    """Why the file of a record cannot be read, as people are told."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno} is no JSON"
    if isinstance(error, UnicodeDecodeError):
        return "the file is not in UTF-8"
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def write_records(out: Path, name: str, records: Sequence[str]) -> None:
    """Write a file's records, given as text, and remove what an earlier reading of it left; unchanged files stay
    untouched. When it returns, they are on the disk, so that a database may call them written."""
    folder = record_folder(out, name)
    texts = {folder / f"{number}.json": record.encode("utf-8") for number, record in enumerate(records)}
    try:
        for place in reversed((folder, *folder.parents)):
            if records and out / "records" in place.parents:
                make_way(place, folder=True)
        write_whole({path: data for path, data in texts.items() if _content(path) != data})
        if folder.is_dir():
            left = [path for path in folder.glob("*.json*") if _is_left(path, len(records))]
            for path in left:
                path.unlink()
            if left:
                sync([folder])
            if not records and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        raise OutputUnwritable(f"{folder}: cannot be written: {error.strerror}; choose another --out") from error


def has_records(out: Path, name: str, hashes: Sequence[str | None]) -> bool:
    """Whether the records on disk are those of these hashes (SHA-256), and no more: a run that was killed may have left
    others, and people and disks change files."""
    folder = record_folder(out, name)
    try:
        numbers = {path.stem for path in folder.glob("*.json") if path.stem.isdigit()}
    except OSError:
        return False
    return numbers == {str(number) for number in range(len(hashes))} and all(
        (data := _content(folder / f"{number}.json")) is not None and hashlib.sha256(data).hexdigest() == sha256
        for number, sha256 in enumerate(hashes)
    )


def has_folder(out: Path, name: str) -> bool:
    """Whether anything of a file's records may be on disk."""
    return record_folder(out, name).is_dir()


def record_folder(out: Path, name: str) -> Path:
    """The folder of a file's records. A name never leads out of it, be it by its own parts or by a link that stands
    there; a link that leads nowhere is damage, and makes way."""
    root = out / "records"
    folder = root / name
    if Path(name).is_absolute() or ".." in Path(name).parts or folder == root:
        raise OutputUnwritable(f"{name}: the name leads out of {root}")
    if folder.exists() and not folder.resolve().is_relative_to(root.resolve()):
        raise OutputUnwritable(f"{name}: the name leads out of {root}")
    return folder


def _content(path: Path) -> bytes | None:
    """The bytes of a file; None where there is none that can be read: a folder, a link that leads nowhere, a pipe."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _is_left(path: Path, records: int) -> bool:
    """Whether a file in the folder is a record beyond those that there are, or one that was never whole."""
    stem = path.name.removesuffix(FRESH).removesuffix(".json")
    return stem.isdigit() and (path.name.endswith(FRESH) or int(stem) >= records) and not path.is_dir()
