"""Which files a command line means: files, folders and globs, each with the name its records go by."""

from __future__ import annotations

import glob
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.intake import CannotRead, NoFiles, NotFound, NotPermitted, digest
from schemas.reading import Failure

SUFFIXES = (".pdf", ".txt", ".tsv", ".text")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read: its path, the path it is known by (below the folder given), its records' folder."""

    path: Path
    shown: str
    name: str


def find_inputs(arguments: Sequence[str]) -> list[Input | Failure]:
    """The inputs that paths and globs name, sorted and each once; what cannot be found is a failure in its place."""
    found: dict[Path, Input] = {}
    failures: list[Failure] = []
    for argument in arguments:
        paths = [Path(argument)]
        if not paths[0].exists() and glob.has_magic(argument):
            paths = [Path(p) for p in sorted(glob.glob(argument, recursive=True))]  # noqa: PTH207 - an absolute or relative pattern, as typed
        if not paths:
            failures.append(NotFound(argument).failure(None))
        for path in paths:
            try:
                for item in _below(path):
                    found.setdefault(item.path.resolve(), item)
            except CannotRead as error:
                failures.append(error.failure(None))
    inputs = sorted(found.values(), key=lambda item: (item.shown, str(item.path)))
    return [*failures, *_with_own_names(inputs)]


def _below(path: Path) -> list[Input]:
    if path.is_dir():
        try:
            files = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and _plain(p, path))
        except PermissionError as error:
            raise NotPermitted(path, error.strerror or "") from error
        if not files:
            raise NoFiles(path)
        return [_input(p, p.relative_to(path)) for p in files]
    if not path.exists():
        raise NotFound(path)
    return [_input(path, Path(path.name))]


def _plain(path: Path, folder: Path) -> bool:
    """A visible file that stands in the folder itself, not behind a link out of it."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _input(path: Path, below: Path) -> Input:
    shown = CONTROL.sub("�", below.as_posix())
    return Input(path, shown, CONTROL.sub("�", below.with_suffix("").as_posix()))


def _with_own_names(inputs: Sequence[Input]) -> list[Input]:
    """Files that would share a record folder get eight digits of their content's hash behind the name."""
    shared: dict[str, int] = {}
    for item in inputs:
        shared[_key(item)] = shared.get(_key(item), 0) + 1
    out = []
    for item in inputs:
        if shared[_key(item)] > 1:
            with suppress(CannotRead):  # the run meets the same error on this file and reports it
                item = replace(item, name=f"{item.name}-{digest(item.path)[:8]}")
        out.append(item)
    return out


def _key(item: Input) -> str:
    return unicodedata.normalize("NFC", item.name).casefold()
