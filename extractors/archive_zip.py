"""Read the files in a ZIP archive, one at a time, each through a temporary file of its own.

Nothing in an archive decides where a byte is written: names are only shown, a member is found by its position, and
it is unpacked to a nameless place up to a limit. Archives come from many programs and some from enemies.
"""

from __future__ import annotations

import errno
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from extractors.containers import LONGEST_LIST, BrokenZip, list_length, open_zip
from extractors.deadline import check
from extractors.printable import printable, shortened
from extractors.refusals import (
    ArchiveTooLarge,
    Bomb,
    BrokenArchive,
    BrokenMember,
    CannotRead,
    Empty,
    LinkInArchive,
    LockedMember,
    NotFound,
    NotPermitted,
    OtherPacking,
    TooDeep,
)
from schemas.frozen import dataclass
from schemas.language.writing import IDEOGRAPHS
from schemas.reading import Failure

MOST_MEMBERS = 20_000  # entries of an archive; its list is kept in memory
LARGEST_MEMBER = 512 << 20  # bytes unpacked; the largest filings are scans of some tens of MB
LARGEST_TOTAL = 16 << 30  # bytes of all members unpacked, as the archive claims
MOST_RATIO = 250  # times smaller packed than unpacked; text reaches 30, a bomb 1,000
HARMLESS_TOTAL = 1 << 30  # bytes of all members below which it does not matter what their archive was packed to
HARMLESS = 16 << 20  # bytes below which the ratio does not matter: blank pages pack well
DEEPEST = 1  # archives inside the archive
CHUNK = 1 << 18
UNICODE_NAME = 0x7075  # the extra field in which some programs keep the name in UTF-8
UTF8 = 0x800  # the flag that says that a name is in UTF-8
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)  # LZMA takes as much memory as the file says
BOX_DRAWING = re.compile("[\u2500-\u259f]")  # what most bytes of GBK look like as code page 437, and no name has
HAN = re.compile(f"[{IDEOGRAPHS}]")
DRIVE = re.compile(r"^[A-Za-z]:")
UNSAFE = re.compile('[<>:"|?*\x00-\x1f\x7f]')  # in the name of a folder, on one system or another
DEEPEST_FOLDER = 8  # folders of a name that are kept: the whole path must be one that file systems take
LONGEST_PART = 120  # characters of a file's name that are kept: file systems take 255 bytes


# The archive that was asked last, and the one in it, of this process and for one thread of it: who asks for another
# closes it. By what the outermost one is on the disk and by the positions that lead inward.
LAST: dict[tuple[tuple[object, ...], tuple[int, ...]], tuple[zipfile.ZipFile, list[str], ExitStack]] = {}


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive: its position in the list of entries, or the positions from the outermost archive
    inward; and the path that it is known by below the archive. Small and picklable."""

    entries: tuple[int, ...]
    shown: str

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.shown).suffix.lower()


def list_members(path: Path, shown: str, suffixes: tuple[str, ...]) -> tuple[list[Member], list[Failure]]:
    """The members with one of the suffixes, also those of archives in the archive, in the archive's order, and what
    is refused. Raises NotFound, NotPermitted, Empty, BrokenArchive, ArchiveTooLarge."""
    try:
        with path.open("rb") as stream:
            return _listed(stream, shown, (), "", suffixes)
    except FileNotFoundError as error:
        raise NotFound(shown) from error
    except OSError as error:
        raise NotPermitted(shown, error.strerror or "") from error


def _listed(
    stream: IO[bytes], shown: str, outer: tuple[int, ...], below: str, suffixes: tuple[str, ...]
) -> tuple[list[Member], list[Failure]]:
    members: list[Member] = []
    failures: list[Failure] = []
    with _opened(stream, shown) as archive:
        entries = archive.infolist()
        for number, (entry, name) in enumerate(zip(entries, member_names(entries), strict=True)):
            member = Member((*outer, number), below + safe_path(name))
            if entry.is_dir() or name.endswith(("/", "\\")) or _is_litter(member.shown):
                continue
            where = f"{shown}/{safe_path(name)}"
            try:
                if member.suffix == ".zip":
                    _check(entry, where)
                    if len(outer) >= DEEPEST:
                        raise TooDeep(where)
                    with _unpacked(archive, entry, where) as inner:
                        inner_members, refused = _listed(inner, where, member.entries, member.shown + "/", suffixes)
                    members += inner_members
                    failures += refused
                elif member.suffix in suffixes:
                    _check(entry, where)
                    members.append(member)
            except CannotRead as error:
                failures.append(error.failure(None))
    return members, failures


@contextmanager
def unpacked(path: Path, shown: str, member: Member) -> Iterator[Path]:
    """A temporary file with a member's content, gone when it is left. Raises CannotRead of some kind.

    `shown` is the path that the member is known by, for what is raised.
    """
    suffix = member.suffix if re.fullmatch(r"\.[a-z]{1,5}", member.suffix) else ""
    with tempfile.NamedTemporaryFile(prefix="jixiao-", suffix=suffix) as out:
        for chunk in content(path, shown, member):
            out.write(chunk)
        out.flush()
        yield Path(out.name)


def content(path: Path, shown: str, member: Member) -> Iterator[bytes]:
    """A member's content, a chunk after the other. Raises CannotRead of some kind."""
    try:
        archive, names = _kept(path, shown, member.entries[:-1])
        entry = _entry(archive, member.entries[-1], shown)
        if not member.shown.endswith(safe_path(names[member.entries[-1]])):
            raise BrokenArchive(shown, "it has changed since it was listed")
        yield from _chunks(archive, entry, shown)
    except FileNotFoundError as error:
        raise NotFound(shown) from error
    except PermissionError as error:
        raise NotPermitted(shown, error.strerror or "") from error


def _kept(path: Path, shown: str, inward: tuple[int, ...]) -> tuple[zipfile.ZipFile, list[str]]:
    """The archive that a member was last asked of, still open, and its names; `inward` are the positions of archives in
    the outermost one. To read a list of thousands anew for each member takes longer than to unpack it, and to unpack an
    inner archive for each of its members costs the square of their number. Another archive, or another content at its
    path, takes its place; a content of equal size whose time was set back as well has a later ctime, which nobody can
    set."""
    state = path.stat()
    file = (path, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    if (file, ()) not in LAST:
        let_go()
        with ExitStack() as stack:
            archive = stack.enter_context(_opened(stack.enter_context(path.open("rb")), shown))
            LAST[file, ()] = archive, member_names(archive.infolist()), stack.pop_all()
    for depth in range(1, len(inward) + 1):
        if (file, inward[:depth]) not in LAST:
            while len(LAST) > depth:
                _close_last()
            entry = _entry(LAST[file, inward[: depth - 1]][0], inward[depth - 1], shown)
            with ExitStack() as stack:
                spool = stack.enter_context(_unpacked(LAST[file, inward[: depth - 1]][0], entry, shown))
                archive = stack.enter_context(_opened(spool, shown))
                LAST[file, inward[:depth]] = archive, member_names(archive.infolist()), stack.pop_all()
    return LAST[file, inward][:2]


def let_go() -> None:
    """Close the archive that was asked last: an open one keeps its place on the disk though it is deleted."""
    while LAST:
        _close_last()


def _close_last() -> None:
    """Close what was opened last: an archive in another one goes before that one."""
    LAST.popitem()[1][2].close()


def _entry(archive: zipfile.ZipFile, number: int, shown: str) -> zipfile.ZipInfo:
    """An entry that may be unpacked. Raises BrokenArchive where there is none, and what `_check` raises."""
    entries = archive.infolist()
    if number >= len(entries):
        raise BrokenArchive(shown, "it has changed since it was listed")
    _check(entries[number], shown)
    return entries[number]


@contextmanager
def _opened(stream: IO[bytes], shown: str) -> Iterator[zipfile.ZipFile]:
    """An opened archive whose list of entries is of a size to be trusted."""
    size = stream.seek(0, 2)
    if size == 0:
        raise Empty(shown)
    if list_length(stream, size) > LONGEST_LIST:
        raise ArchiveTooLarge(shown, f"its list of files is longer than {LONGEST_LIST >> 20} MB")
    try:
        archive = open_zip(stream)
    except BrokenZip as error:
        raise BrokenArchive(shown, str(error)) from error
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST_MEMBERS:
            raise ArchiveTooLarge(shown, f"{len(entries)} files, at most {MOST_MEMBERS} are read")
        total = sum(entry.file_size for entry in entries)
        if total > LARGEST_TOTAL:
            raise ArchiveTooLarge(shown, f"{total >> 30} GB unpacked, at most {LARGEST_TOTAL >> 30} are read")
        if total > HARMLESS_TOTAL and total > MOST_RATIO * size:  # small members, or one content under many names
            raise Bomb(shown, f"{size} bytes become {total}")
        yield archive


def _check(entry: zipfile.ZipInfo, shown: str) -> None:
    """Raise what forbids to unpack an entry: a password, a link, its size, how small it is packed."""
    if entry.flag_bits & ENCRYPTED:
        raise LockedMember(shown)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise LinkInArchive(shown)
    if entry.compress_type not in METHODS:
        raise OtherPacking(shown, f"method {entry.compress_type}")
    if entry.file_size > LARGEST_MEMBER:
        raise ArchiveTooLarge(shown, f"{entry.file_size >> 20} MB unpacked, at most {LARGEST_MEMBER >> 20} are read")
    if entry.file_size > HARMLESS and entry.file_size > MOST_RATIO * entry.compress_size:
        raise Bomb(shown, f"{entry.compress_size} bytes become {entry.file_size}")


@contextmanager
def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shown: str) -> Iterator[IO[bytes]]:
    """An archive in the archive as a temporary file without a name."""
    with tempfile.TemporaryFile(prefix="jixiao-") as inner:
        for chunk in _chunks(archive, entry, shown):
            inner.write(chunk)
        yield inner


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shown: str) -> Iterator[bytes]:
    """An entry's content. The unpacker gives no more than the entry claims, and that was checked."""
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(CHUNK):
                yield chunk
                check(shown)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BrokenMember(shown, str(error)) from error
    except OSError as error:
        # what bz2 says of damaged data, and what comes of a place before the file's beginning
        if error.errno in (None, errno.EINVAL) or "data stream" in str(error):
            raise BrokenMember(shown, str(error)) from error
        raise


# ── names


def member_names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """The names as their writers meant them. Without the UTF-8 flag they are in the writer's own encoding: UTF-8
    where all of the archive's are, else GBK, else what the standard says (code page 437)."""
    raw = [_raw_name(entry) for entry in entries]
    unmarked = [r for r in raw if r is not None]
    encoding = next((e for e in ("utf-8", "gb18030") if all(_decodes(r, e) for r in unmarked)), None)
    out = []
    for entry, bytes_ in zip(entries, raw, strict=True):
        own = _unicode_name(entry, bytes_)
        if own is not None:
            out.append(own)
        elif bytes_ is None:
            out.append(_mended(entry.orig_filename))
        else:
            each = encoding or next((e for e in ("utf-8", "gb18030") if _decodes(bytes_, e)), "cp437")
            out.append(bytes_.decode(each))
    return out


def _raw_name(entry: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name that carries no UTF-8 flag; zipfile has read them as code page 437."""
    return None if entry.flag_bits & UTF8 else entry.orig_filename.encode("cp437", "replace")


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _unicode_name(entry: zipfile.ZipInfo, raw: bytes | None) -> str | None:
    """The UTF-8 name in the extra field, where it belongs to this name by its check sum."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        data = extra[4 : 4 + length]
        if kind == UNICODE_NAME and raw is not None and len(data) > 5:
            if struct.unpack_from("<L", data, 1)[0] == zlib.crc32(raw) and _decodes(data[5:], "utf-8"):
                return data[5:].decode("utf-8")
            return None
        extra = extra[4 + length :]
    return None


def _mended(name: str) -> str:
    """A name marked as UTF-8 by a program that had taken GBK bytes for code page 437 before: ╝¿╨º is 绩效."""
    if not BOX_DRAWING.search(name) or HAN.search(name):
        return name
    try:
        meant = name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name
    return meant if HAN.search(meant) else name


def safe_path(name: str) -> str:
    """A member's name as a relative path that leads nowhere: no root, no drive, no `..`, no part that a file system
    refuses; parted by `/`. Never empty."""
    parts = []
    for part in DRIVE.sub("", name.replace("\\", "/")).split("/"):
        kept = UNSAFE.sub("_", printable(part)).strip()
        if not kept.strip("."):
            continue
        parts.append(shortened(kept, LONGEST_PART))
    return "/".join(parts[-DEEPEST_FOLDER:]) or "_"


def _is_litter(path: str) -> bool:
    """What systems put into archives unasked: __MACOSX/._x.pdf, .DS_Store, and other hidden files."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.split("/"))
