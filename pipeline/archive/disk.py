"""Files that are written whole or not at all, whatever ends the program or the machine in between."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

FRESH = ".new"  # behind the name of a file that is not whole yet


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files of one folder, which is made: after a loss of power each has its old content or its new one.

    The content is on the disk before the name is: a file system may keep them in the other order, and a name would lead
    to nothing. Raises OSError.
    """
    for folder in {path.parent for path in files}:
        make_folder(folder)
    for path, data in files.items():
        fresh = path.with_name(path.name + FRESH)
        make_way(fresh)
        with suppress(FileNotFoundError):
            fresh.unlink()  # of a run that was broken off
        with fresh.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    for path in files:
        make_way(path)
        os.replace(path.with_name(path.name + FRESH), path)  # noqa: PTH105 - atomic on every system
    sync({path.parent for path in files})


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that they last. Raises OSError."""
    missing = [place for place in (folder, *folder.parents) if not place.is_dir()]
    for place in reversed(missing):
        place.mkdir(exist_ok=True)
        sync([place.parent])


def sync(folders: Iterable[Path]) -> None:
    """See to it that the names in folders last."""
    if os.name == "nt":
        return  # which keeps them by itself, and opens no folder
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_way(path: Path, folder: bool = False) -> None:
    """Put aside a folder that stands where a file belongs, or whatever stands where a `folder` does. It may hold
    something of somebody's, so nothing is deleted; a link leads nowhere from then on where it stands aside."""
    if path.is_dir() == folder or not (path.exists() or path.is_symlink()):
        return
    if path.is_symlink() and not folder:
        return  # a file that is put in its place takes it, wherever it leads
    aside = next(p for n in count(1) if not (p := path.with_name(f"{path.name}.aside{n}")).exists())
    path.rename(aside)
