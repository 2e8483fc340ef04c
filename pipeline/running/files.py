"""Which files a command line means: files, folders, globs and archives, each with the name its records go by."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePath, PurePosixPath
from zlib import crc32

from extractors.archive_zip import Member, content, list_members, unpacked
from extractors.deadline import within
from extractors.intake import LARGEST, digest, look_at
from extractors.office.kinds import is_excel, is_word
from extractors.printable import LONGEST, UNPRINTABLE, printable, shortened
from extractors.read import SUFFIXES
from extractors.refusals import CannotRead, NoFiles, NotAFile, NotFound, NotPermitted
from schemas.frozen import dataclass
from schemas.reading import Failure

ARCHIVE = ".zip"
LISTING = 300.0  # seconds within which an archive must be listed: archives in it are unpacked for that
LONGEST_NAME = 4 * LONGEST  # bytes of a records' folder below the output: systems take paths of 4,096, some of 1,024
A_RECORD = re.compile(r"(?<!\d)\d++\.json(?:\.new)?(?=/|$)")  # what a record's own file is called


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read: its path, the path it is known by (below the folder given), its records' folder; `member`
    says which file it is where `path` is an archive."""

    path: Path
    shown: str
    name: str
    member: Member | None = None

    @contextmanager
    def at_hand(self) -> Iterator[Path]:
        """The file as it can be opened; a member is unpacked for as long as the context lasts. Raises CannotRead."""
        if self.member is None:
            yield self.path
            return
        with unpacked(self.path, self.shown, self.member) as path:
            yield path

    def digest(self) -> str:
        """The SHA-256 of its content, in hexadecimal; no member is unpacked to the disk for it. Raises CannotRead."""
        if self.member is None:
            return digest(self.path, self.shown, LARGEST)
        seen = hashlib.sha256()
        for chunk in content(self.path, self.shown, self.member):
            seen.update(chunk)
        return seen.hexdigest()

    @property
    def full(self) -> str:
        """Its whole path, as given."""
        return printable(self.path) + (f"/{self.member.shown}" if self.member is not None else "")


def find_inputs(arguments: Sequence[str]) -> list[Input | Failure]:
    """The inputs that paths and globs name, sorted and each once; what cannot be found is a failure in its place."""
    by_place: dict[tuple[Path, tuple[int, ...]], Input] = {}
    failures: list[Failure] = []
    for argument in arguments:
        try:
            paths = _named(argument)
        except CannotRead as error:
            failures.append(error.failure(None))
            continue
        for path in paths:
            try:
                items, closed = _below(path)
            except CannotRead as error:
                failures.append(error.failure(None))
                continue
            failures += closed
            for item in items:
                by_place.setdefault((item.path.resolve(), item.member.entries if item.member else ()), item)
    inputs = _with_own_paths(list(by_place.values()))
    return [*failures, *_with_own_names(inputs)]


def only_these(inputs: Sequence[Input | Failure], files: Collection[str]) -> list[Input | Failure]:
    """Those of the inputs that are known by one of these paths, or stand below one of them."""
    return [
        item
        for item in inputs
        if (item.file if isinstance(item, Failure) else item.shown) in files
        or (isinstance(item, Input) and any(printable(place.as_posix()) in files for place in _places(item)))
    ]


def _places(item: Input) -> list[PurePath]:
    """What a file stands in: its folders, and the archive that it is a member of."""
    return [item.path, *item.path.parents, *PurePosixPath(item.shown).parents]


def modified_since(inputs: Sequence[Input | Failure], since: datetime) -> list[Input | Failure]:
    """Those of the inputs that were changed since; what cannot be looked at stays, and fails when it is read."""

    def is_new(item: Input | Failure) -> bool:
        if isinstance(item, Failure):
            return True
        with suppress(OSError):
            return item.path.stat().st_mtime >= since.timestamp()
        return True

    return [item for item in inputs if is_new(item)]


def _named(argument: str) -> list[Path]:
    """The paths that an argument names: itself, or what a glob finds."""
    path = Path(argument)
    try:
        if argument and path.exists():
            return [path]
    except OSError as error:  # a name too long for a file, a folder that may not be entered
        raise NotFound(argument, error.strerror or "") from error
    if glob.has_magic(argument):
        paths = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207 - an absolute or relative pattern, as typed
        if paths:
            return [Path(p) for p in paths]
    raise NotFound(argument or '""')


def _below(path: Path) -> tuple[list[Input], list[Failure]]:
    """A file, or the filings in a folder; with the folders in it that may not be entered."""
    if not path.is_dir():
        if not path.exists():
            raise NotFound(path)
        if not path.is_file():
            raise NotAFile(path)
        return _unfolded(path, Path(path.name))
    closed: list[Failure] = []

    def note(error: OSError) -> None:
        closed.append(NotPermitted(str(error.filename), error.strerror or "").failure(None))

    files = [Path(place, name) for place, _, names in os.walk(path, onerror=note) for name in names]
    files = sorted(p for p in files if p.suffix.lower() in (*SUFFIXES, ARCHIVE) and _plain(p, path))
    if not files and not closed:
        raise NoFiles(path)
    inputs: list[Input] = []
    for file in files:
        try:
            items, refused = _unfolded(file, file.relative_to(path))
        except CannotRead as error:
            items, refused = [], [error.failure(None)]
        inputs += items
        closed += refused
    return inputs, closed


def _unfolded(path: Path, below: Path) -> tuple[list[Input], list[Failure]]:
    """A file, or the filings in it where it is a ZIP archive; with what is refused of them. Raises CannotRead."""
    if path.suffix.lower() != ARCHIVE or _is_office(path):
        return [_input(path, below)], []
    with within(LISTING):
        members, refused = list_members(path, printable(below), SUFFIXES)
    if not members and not refused:
        raise NoFiles(printable(below))
    return [_input(path, below / member.shown, member) for member in members], refused


def _is_office(path: Path) -> bool:
    """Whether it is a Word or Excel file under an archive's name."""
    try:
        look = look_at(path)
        return is_word(look) or is_excel(look)
    except (CannotRead, OSError):
        return False


def _plain(path: Path, folder: Path) -> bool:
    """A visible file that stands in the folder itself, not behind a link out of it."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _input(path: Path, below: Path, member: Member | None = None) -> Input:
    stem = below.stem if below.stem.strip(".") else "_" * len(below.stem)  # `...txt`: no name that leads upwards
    name = UNPRINTABLE.sub("_", (below.parent / stem).as_posix())
    return Input(path, printable(below), _fitting(A_RECORD.sub(lambda match: match.group() + "_", name)), member)


def _fitting(name: str) -> str:
    """A name of a records' folder that file systems take, part by part and as a whole; names stay apart."""
    parts = kept = [shortened(part) for part in name.split("/")]
    while len(kept) > 1 and len("/".join(kept).encode()) > LONGEST_NAME:
        kept = kept[1:]
    return "/".join(kept if len(kept) == len(parts) else (f"~{crc32(name.encode()):08x}", *kept))


def _with_own_paths(inputs: Sequence[Input]) -> list[Input]:
    """The inputs in order. Files that would be known by one path (`x.txt` of two folders) are known by the path as
    given: the database keeps one content a path, and the second file would take the first one's place."""
    shared = Counter(item.shown for item in inputs)
    given = [replace(x, shown=x.full) if shared[x.shown] > 1 else x for x in inputs]
    given.sort(key=lambda item: (item.shown, os.fsencode(item.path), item.member.entries if item.member else ()))
    shared = Counter(item.shown for item in given)
    seen: Counter[str] = Counter()
    out = []
    for item in given:
        seen[item.shown] += 1
        if shared[item.shown] > 1:  # paths that differ in bytes only which cannot be shown
            item = replace(item, shown=f"{item.shown} ({seen[item.shown]})")
        out.append(item)
    return out


def _with_own_names(inputs: Sequence[Input]) -> list[Input]:
    """Files that would share a record folder get eight digits of their content's hash behind the name."""
    shared: dict[str, int] = {}
    for item in inputs:
        shared[_key(item)] = shared.get(_key(item), 0) + 1
    out = []
    for item in inputs:
        if shared[_key(item)] > 1:
            with suppress(CannotRead):  # the run meets the same error on this file and reports it
                item = replace(item, name=f"{item.name}-{item.digest()[:8]}")
        out.append(item)
    return out


def _key(item: Input) -> str:
    return unicodedata.normalize("NFC", item.name).casefold()
