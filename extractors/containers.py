"""Containers that files of many formats come in: ZIP archives of parts, and compound files ("OLE").

They are looked at here before any library opens them, because the libraries unpack and parse whatever they are given.
"""

from __future__ import annotations

import re
import struct
import zipfile
from io import StringIO
from pathlib import Path
from typing import IO
from urllib.parse import unquote

from extractors.refusals import HostileOffice, OfficeTooLarge

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

LARGEST_XML = 64 << 20  # bytes of all XML of a file, unpacked; filings have one or two MB, parsing takes fifty-fold
LARGEST_PARTS = 512 << 20  # bytes of everything in a file, unpacked: pictures are only kept in memory
MOST_PARTS = 10_000  # a filing has some tens
CHUNK = 1 << 16
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")  # no office program writes one; they serve attacks only

LONGEST_LIST = 20 << 20  # bytes of an archive's list of entries, which is kept in memory: 20,000 long names
ABOVE = re.compile(r"^(?:\.?/)+")  # before the name of a part
END = struct.Struct("<4s4H2LH")  # the end of the list of entries
END64 = struct.Struct("<4sQ2H2L4Q")  # the same in archives of more than 4 GB


class BrokenZip(ValueError):
    """The file is no ZIP archive, breaks off, or its list of entries cannot be read."""


class BrokenCompound(ValueError):
    """The compound file's own list of contents cannot be read."""


def zip_names(path: Path) -> frozenset[str]:
    """The names of the parts of a ZIP archive. Raises BrokenZip for whatever cannot be opened as one, a file that may
    not be read among them."""
    try:
        with path.open("rb") as stream:
            if (length := list_length(stream, stream.seek(0, 2))) > LONGEST_LIST:
                raise BrokenZip(f"its list of parts has {length >> 20} MB")
            with open_zip(stream) as archive:
                return frozenset(archive.namelist())
    except OSError as error:
        raise BrokenZip(str(error)) from error


def plain_name(name: str) -> str:
    """A part's name as packages compare them: in small letters, from the package's top, parted by slashes."""
    return ABOVE.sub("", unquote(name).replace("\\", "/")).lower()


def open_zip(stream: IO[bytes]) -> zipfile.ZipFile:
    """A ZIP archive with its list of entries read. Raises BrokenZip: the unpacker fails in many ways on a damaged one,
    it seeks before the file's beginning even."""
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError) as error:
        raise BrokenZip(str(error)) from error


def list_length(stream: IO[bytes], size: int) -> int:
    """The bytes that the list of entries claims to have; 0 where its end is not found (the unpacker says so)."""
    stream.seek(max(0, size - END.size - END64.size - 20 - (1 << 16)))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + END.size > len(tail):
        return 0
    length = int(END.unpack_from(tail, at)[5])
    at64 = tail.rfind(b"PK\x06\x06", 0, at)
    if length == 0xFFFFFFFF and at64 >= 0 and at64 + END64.size <= len(tail):
        return int(END64.unpack_from(tail, at64)[8])
    return length if length != 0xFFFFFFFF else size


def has_stream(path: Path, names: tuple[str, ...]) -> str | None:
    """The first of these streams that a compound file holds at its top, None for none of them. Raises
    BrokenCompound."""
    from xlrd.compdoc import CompDoc

    try:
        compound = CompDoc(path.read_bytes(), logfile=StringIO())
        return next((name for name in names if compound.locate_named_stream(name)[0] is not None), None)
    except Exception as error:  # the parser fails in many ways on a damaged file
        raise BrokenCompound(f"{type(error).__name__}: {error}") from error


def check_parts(path: Path) -> None:
    """Look through the parts of an office file before a library opens them all.

    What a part claims to hold is an upper bound: the unpacker stops there. Raises OfficeTooLarge, HostileOffice,
    and zipfile.BadZipFile or zlib.error where a part is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels", ".vml"))]
        if len(parts) > MOST_PARTS:
            raise OfficeTooLarge(detail=f"{len(parts)} parts")
        for what, limit, size in (
            ("XML", LARGEST_XML, sum(part.file_size for part in xml)),
            ("parts", LARGEST_PARTS, sum(part.file_size for part in parts)),
        ):
            if size > limit:
                raise OfficeTooLarge(detail=f"{size >> 20} MB of {what}, at most {limit >> 20} are read")
        for part in xml:
            rest = b""
            with archive.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    rest = rest[-16:] + chunk.replace(b"\0", b"")  # UTF-16 too
                    if DECLARATION.search(rest):
                        raise HostileOffice(detail=part.filename)
