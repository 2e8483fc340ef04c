"""What a road is: the row of a format in the table of roads, and what is handed to it.

A road does not know the others. It is given the file and `Aids`: the words of the forms, and a reader of scanned pages
for those that it finds among its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from extractors.pages import ScanReader
from extractors.refusals import CannotRead
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Document


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What sniffing sees of a file: its name's suffix (in small letters), size in bytes, and its first and last
    bytes. Who needs more opens `path`."""

    path: Path
    suffix: str
    size: int
    head: bytes
    tail: bytes


@dataclass(frozen=True, slots=True)
class Intake:
    """A file that can be opened: its path, the name under which it is known, content hash, and its format's name."""

    path: Path
    shown: str
    sha256: str
    format: str


@dataclass(frozen=True, slots=True)
class Aids:
    """What a road may use besides its file."""

    words: Words
    scans: ScanReader


@dataclass(frozen=True, slots=True)
class Format:
    """A row of the table of roads.

    `sniff` tells by the content whether a file is of this format, and may refuse it; `read` gives its lines and
    tables. Both raise CannotRead, without the file's name. `suffixes` are the names under which folders are searched
    for it; `else_refused` is what is raised where a file bears one of them and is of no format by its content (None: it
    may be a text); `needs` are the libraries, by the names they are imported by.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Glimpse], bool]
    read: Callable[[Intake, Aids], Document]
    needs: tuple[str, ...] = ()
    else_refused: type[CannotRead] | None = None
