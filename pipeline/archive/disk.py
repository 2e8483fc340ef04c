"""Files that are written whole or not at all, whatever ends the program or the machine in between."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TypeVar

FRESH = ".new"  # behind the name of a file that is not whole yet
AT_ONCE = 8  # files that are written at the same time

T = TypeVar("T")


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files of one folder, which is made: after a loss of power each has its old content or its new one.

    The content is on the disk before the name is: a file system may keep them in the other order, and a name would lead
    to nothing. Raises OSError.
    """
    folders = {path.parent for path in files}
    changed = folders | {place.parent for folder in folders for place in make_folder(folder)}
    _at_once(_write_fresh, files.items())
    for path in files:
        make_way(path)
        os.replace(path.with_name(path.name + FRESH), path)  # noqa: PTH105 - atomic on every system
    sync(changed)


def _write_fresh(file: tuple[Path, bytes]) -> None:
    """Write the content of a file beside it, and see to it that it lasts."""
    path, data = file
    fresh = path.with_name(path.name + FRESH)
    make_way(fresh)
    with suppress(FileNotFoundError):
        fresh.unlink()  # of a run that was broken off
    with fresh.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; those that were missing. They last when the folders above them do. Raises
    OSError."""
    missing = [place for place in (folder, *folder.parents) if not place.is_dir()]
    for place in reversed(missing):
        place.mkdir(exist_ok=True)
    return missing


def sync(folders: Collection[Path]) -> None:
    """See to it that the names in folders last."""
    if os.name != "nt":  # which keeps them by itself, and opens no folder
        _at_once(_sync, folders)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _at_once(keep: Callable[[T], None], things: Collection[T]) -> None:
    """Keep several things on the disk in the time of one: a disk that is asked by several at once writes for all of
    them together. Raises the first error, when all have ended."""
    if len(things) < 2:
        for thing in things:
            keep(thing)
        return
    with ThreadPoolExecutor(min(len(things), AT_ONCE)) as threads:
        list(threads.map(keep, things))


def make_way(path: Path, folder: bool = False) -> None:
    """Put aside a folder that stands where a file belongs, or whatever stands where a `folder` does. It may hold
    something of somebody's, so nothing is deleted; a link leads nowhere from then on where it stands aside."""
    if path.is_dir() == folder or not (path.exists() or path.is_symlink()):
        return
    if path.is_symlink() and not folder:
        return  # a file that is put in its place takes it, wherever it leads
    aside = next(p for n in count(1) if not (p := path.with_name(f"{path.name}.aside{n}")).exists())
    path.rename(aside)
