"""From a path to a file that can be read: what it is, its hash, and why not, where it cannot be read.

Every refusal is an exception class whose docstring is its message; all of them name the file.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from extractors.office.kinds import OLE, ZIP, BrokenZip, OfficeKind, is_html, ole_kind, zip_kind
from schemas.reading import Failure, Stage

HEAD = 1024  # bytes within which a PDF must say that it is one
TAIL = 4096  # bytes within which a whole PDF says where its cross references stand
LARGEST = 1 << 31  # bytes; a larger file is refused

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # in a path: terminals obey them, databases refuse them

IMAGES = (  # PNG, JPEG, TIFF (and TIFF of more than 4 GB) by their first bytes
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
)
BINARY = frozenset({".docx", ".docm", ".xlsx", ".xlsm", ".xls", ".doc"})  # what bears these names is no text
OTHERS = {
    b"PK\x03\x04": "a ZIP archive or an Office file of another kind; `jixiao run` reads the files in an archive .zip",
    b"\xd0\xcf\x11\xe0": "an old Office file that is neither Word nor Excel",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"GIF8": "a GIF image",
    b"\x00\x00\x00\x0cjP  ": "a JPEG 2000 image",
    b"BM": "a BMP image",
}
BOXED = {b"WEBP": "a WebP image", b"ftyp": "a video or an image of a phone (HEIC)"}  # by their bytes behind a size


def printable(path: PurePath | str) -> str:
    """A path as it is shown and stored: control characters and half characters (bytes that are no UTF-8) as �."""
    return UNPRINTABLE.sub("�", path.as_posix() if isinstance(path, PurePath) else path)


class CannotRead(Exception):
    """The file cannot be read."""

    category = "unreadable"
    stage = Stage.INTAKE
    refused = False

    def __init__(self, path: Path | str, detail: str = "", page: int | None = None) -> None:
        self.path = printable(path)
        self.page = page
        doc = " ".join((type(self).__doc__ or "").split())
        super().__init__(f"{self.path}: {doc}" + (f" ({printable(detail)})" if detail else ""))

    def failure(self, sha256: str | None) -> Failure:
        return Failure(self.path, sha256, self.stage, self.category, self.page, str(self), self.refused)


class NotFound(CannotRead):
    """There is no such file or folder; check the path."""

    category = "not-found"


class NoFiles(CannotRead):
    """The folder holds no file that filings come in; give the folder that the filings are in."""

    category = "no-files"


class NotAFile(CannotRead):
    """It is a device, a pipe or a socket; save what it gives as a file, and give that."""

    category = "not-a-file"


class NotPermitted(CannotRead):
    """The file may not be read; give yourself read permission on it."""

    category = "not-permitted"


class Empty(CannotRead):
    """The file is empty; get it again from where it came from."""

    category = "empty"


class TooLarge(CannotRead):
    """The file is larger than 2 GB; split it."""

    category = "too-large"
    refused = True


class NotSupported(CannotRead):
    """Filings are read from PDFs, images (PNG, JPEG, TIFF), Word, Excel, web pages and text dumps; convert the file
    into one of them."""

    category = "not-supported"
    refused = True


class NotAPdf(CannotRead):
    """The name says PDF, but the content is none; get the file again, or give it the right suffix."""

    category = "not-a-pdf"


class Truncated(CannotRead):
    """The PDF breaks off before its end, so pages of it would be lost; get the whole file again."""

    category = "truncated"


class Damaged(CannotRead):
    """The PDF is damaged and its pages cannot be read; get it again, or repair it (qpdf can)."""

    category = "damaged"
    stage = Stage.READ


class Encrypted(CannotRead):
    """The PDF is locked with a password; save it without one and give that file."""

    category = "encrypted"


class Locked(CannotRead):
    """The file is locked with a password; save it without one and give that file."""

    category = "encrypted"


class OldWord(CannotRead):
    """It is a Word file of the old format (.doc); save it as .docx or PDF and give that file."""

    category = "old-word"
    refused = True


class DamagedOffice(CannotRead):
    """The file is damaged and cannot be read; get it again, or open it in its program and save it anew."""

    category = "damaged"
    stage = Stage.READ


class HostileOffice(CannotRead):
    """The file declares a document type or entities, which no office program writes; save it anew in its program."""

    category = "declares-entities"
    stage = Stage.READ
    refused = True


class OfficeTooLarge(CannotRead):
    """The file holds more than can be read when it is unpacked; split it, or save it as PDF."""

    category = "too-large"
    stage = Stage.READ
    refused = True


class BrokenImage(CannotRead):
    """The image is damaged or of an unknown make; scan the page again, or save it as PNG."""

    category = "broken-image"
    stage = Stage.READ


class ImageTooLarge(CannotRead):
    """The image has more pixels than can be read; save it at 300 dots an inch."""

    category = "image-too-large"
    stage = Stage.READ
    refused = True


class NoEngine(CannotRead):
    """The page is a scan, and no OCR engine can be used to read it; `jixiao doctor` says what is missing."""

    category = "no-ocr-engine"
    stage = Stage.READ


class EngineFailed(CannotRead):
    """The OCR engine failed on the page; run again, or give other models (--ocr-models)."""

    category = "ocr-failed"
    stage = Stage.READ


class EngineTimedOut(CannotRead):
    """The OCR engine hangs on the page; run again, give it more time (--ocr-seconds) or other models (--ocr-models)."""

    category = "engine-timed-out"
    stage = Stage.READ


class EngineRubbish(CannotRead):
    """What the OCR engine gave is no reading of the page; give other models (--ocr-models)."""

    category = "ocr-rubbish"
    stage = Stage.READ


class NothingRead(CannotRead):
    """The page shows a table with ink in its cells, and the OCR engine read nothing; scan the page again."""

    category = "nothing-read"
    stage = Stage.READ


class NoCharacters(CannotRead):
    """The PDF's fonts do not say which characters they print; let an OCR program read it (ocrmypdf --force-ocr can)."""

    category = "no-characters"
    stage = Stage.READ


class NotText(CannotRead):
    """The file is no PDF and no text in a known encoding; save the dump as UTF-8 or GB18030."""

    category = "unknown-encoding"
    stage = Stage.READ


class TimedOut(CannotRead):
    """Reading the file took longer than it may; give it more time (--timeout), and retry the run."""

    category = "timed-out"
    stage = Stage.READ


class Changed(CannotRead):
    """The file was changed while it was read; run again when nobody writes to it."""

    category = "changed"
    stage = Stage.READ


class OutOfMemory(CannotRead):
    """Reading the file takes more memory than it may; give it more (--memory), and retry the run."""

    category = "out-of-memory"
    stage = Stage.READ


class WorkerDied(CannotRead):
    """The process that read the file ended before it was done, twice; report it with the file, or retry the run."""

    category = "worker-died"
    stage = Stage.READ


class Medium(StrEnum):
    """What a file holds, by its content."""

    PDF = "pdf"
    IMAGE = "image"
    DUMP = "dump"
    WORD = "word"
    EXCEL = "excel"
    OLD_EXCEL = "old-excel"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Intake:
    """A file that can be opened: its path, the name under which it is known, content hash and medium."""

    path: Path
    shown: str
    sha256: str
    medium: Medium


def digest(path: Path, shown: str | None = None) -> str:
    """The SHA-256 of a file's content, in hexadecimal; NotFound or NotPermitted where it cannot be opened."""
    name = path if shown is None else shown
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise NotFound(name) from error
    except OSError as error:
        raise NotPermitted(name, error.strerror or "") from error


def take_in(path: Path, shown: str) -> Intake:
    """Look at a file: its hash and what it holds by its content, not by its name alone. Raises CannotRead."""
    sha256 = digest(path, shown)
    size = path.stat().st_size
    if size == 0:
        raise Empty(shown)
    if size > LARGEST:
        raise TooLarge(shown)
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        stream.seek(max(0, size - TAIL))
        tail = stream.read()
    if b"%PDF-" in head:
        if b"%%EOF" not in tail or b"startxref" not in tail:
            raise Truncated(shown)
        return Intake(path, shown, sha256, Medium.PDF)
    if any(head.startswith(magic) for magic in IMAGES):
        return Intake(path, shown, sha256, Medium.IMAGE)
    if (office := _office(path, shown, head)) is not None:
        return Intake(path, shown, sha256, office)
    other = next((name for magic, name in OTHERS.items() if head.startswith(magic)), None)
    if other is None and b"\x00" in head:
        other = BOXED.get(head[8:12] if head.startswith(b"RIFF") else head[4:8])
    if other is not None and (other != "a BMP image" or b"\x00" in head):
        raise NotSupported(shown, f"it is {other}")
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        raise NotAPdf(shown)
    if suffix in BINARY:
        raise DamagedOffice(shown, f"it is no {suffix} file by its content")
    return Intake(path, shown, sha256, Medium.DUMP)


def _office(path: Path, shown: str, head: bytes) -> Medium | None:
    """Which office file it is, None for none. Raises OldWord, Locked, DamagedOffice."""
    suffix = path.suffix.lower()
    kind = None
    if head.startswith(ZIP):
        try:
            kind = zip_kind(path)
        except BrokenZip as error:
            if suffix in BINARY:
                raise DamagedOffice(shown, str(error)) from error
    elif head.startswith(OLE):
        try:
            kind = ole_kind(path)
        except ValueError as error:
            raise DamagedOffice(shown, str(error)) from error
    elif is_html(head, suffix):
        kind = OfficeKind.HTML
    if kind is OfficeKind.OLD_WORD:
        raise OldWord(shown)
    if kind is OfficeKind.LOCKED:
        raise Locked(shown)
    return Medium(kind.value) if kind is not None else None
