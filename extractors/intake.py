"""From a path to a file that can be read: its hash and its format, and why not, where it cannot be read."""

from __future__ import annotations

import hashlib
from os import fstat
from pathlib import Path

from extractors.deadline import check
from extractors.foreign import foreign_name
from extractors.formats import Format, Glimpse, Intake
from extractors.read import FORMATS
from extractors.refusals import Empty, NotFound, NotPermitted, NotSupported, TooLarge, naming

CHUNK = 1 << 20  # bytes that are hashed at a time
HEAD = 1024  # bytes within which a file must say what it is
TAIL = 4096  # bytes within which a file of a kind that has an end must say so
LARGEST = 1 << 31  # bytes; a larger file is refused


def digest(path: Path, shown: str | None = None, most: int | None = None) -> str:
    """The SHA-256 of a file's content, in hexadecimal; NotFound or NotPermitted where it cannot be opened, TooLarge
    where it has more than `most` bytes."""
    name = path if shown is None else shown
    try:
        with path.open("rb") as stream:
            if most is not None and fstat(stream.fileno()).st_size > most:
                raise TooLarge(name)
            seen = hashlib.sha256()
            while chunk := stream.read(CHUNK):
                seen.update(chunk)
                check(str(name))
            return seen.hexdigest()
    except FileNotFoundError as error:
        raise NotFound(name) from error
    except OSError as error:
        raise NotPermitted(name, error.strerror or "") from error


def take_in(path: Path, shown: str, sha256: str | None = None) -> Intake:
    """Look at a file: its hash, unless it is known, and what it holds by its content, not by its name alone. Raises
    CannotRead."""
    sha256 = sha256 or digest(path, shown, LARGEST)
    with naming(shown):
        return Intake(path, shown, sha256, format_of(look_at(path)).name)


def look_at(path: Path) -> Glimpse:
    """A file's size, first and last bytes. Raises Empty, TooLarge; OSError where it cannot be opened."""
    size = path.stat().st_size
    if size == 0:
        raise Empty
    if size > LARGEST:
        raise TooLarge
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        stream.seek(max(0, size - TAIL))
        return Glimpse(path, path.suffix.lower(), size, head, stream.read())


def format_of(look: Glimpse) -> Format:
    """The row of the table of roads that takes the file. Raises CannotRead where none does, or one refuses it."""
    *rows, last = FORMATS
    for row in rows:
        if row.sniff(look):
            return row
    if (name := foreign_name(look.head)) is not None:
        raise NotSupported(detail=f"it is {name}")
    for row in rows:
        if look.suffix in row.suffixes and row.else_refused is not None:
            raise row.else_refused(detail=f"it is no {look.suffix} file by its content")
    return last
