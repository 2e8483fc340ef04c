"""Every refusal: why a file or a page of it is not read, and what to do about it.

A refusal is a class whose docstring is its message: what is the case; then the remedy. It carries the category under
which failures are counted, the stage, and whether it is meant to be refused (a limit, a format) or failed. What finds
the fault raises it at once, with the page where it knows one; who knows the file names it there (`naming`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractors.printable import printable
from schemas.reading import Failure, Stage


class CannotRead(Exception):
    """The file cannot be read."""

    category = "unreadable"
    stage = Stage.INTAKE
    refused = False
    lasting = False  # whether the same content will never be read, whatever time and memory it is given

    def __init__(self, path: Path | str | None = None, detail: str = "", page: int | None = None) -> None:
        super().__init__(path, detail, page)
        self.path = None if path is None else printable(path)
        self.detail = printable(detail)
        self.page = page

    @classmethod
    def told(cls) -> tuple[str, str]:
        """(what is the case, the remedy) of this class."""
        what, _, remedy = " ".join((cls.__doc__ or "").split()).partition("; ")
        return what, remedy.rstrip(".")

    def __str__(self) -> str:
        message = " ".join((type(self).__doc__ or "").split())
        named = f"{self.path}: " if self.path is not None else ""
        return named + message + (f" ({self.detail})" if self.detail else "")

    def failure(self, sha256: str | None) -> Failure:
        return Failure(self.path or "", sha256, self.stage, self.category, self.page, str(self), self.refused)


def lasting_categories() -> frozenset[str]:
    """The categories of what no second try makes better."""
    return frozenset(each.category for each in CannotRead.__subclasses__() if each.lasting)


@contextmanager
def naming(shown: Path | str | None, page: int | None = None) -> Iterator[None]:
    """Refusals that are raised inside without a file or a page are given these."""
    try:
        yield
    except CannotRead as error:
        if error.path is None and shown is not None:
            error.path = printable(shown)
        if error.page is None and page is not None:
            error.page = page
            error.detail = f"page {page}: {error.detail}"
        raise


# ── of files as they lie on the disk


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
    lasting = True


class TooLarge(CannotRead):
    """The file is larger than 2 GB; split it."""

    category = "too-large"
    refused = True


class NotSupported(CannotRead):
    """Filings are read from PDFs, images (PNG, JPEG, TIFF), Word, Excel, OpenDocument, RTF, web pages, Markdown, CSV
    and text dumps; convert the file into one of them."""

    category = "not-supported"
    refused = True


class NotAPdf(CannotRead):
    """The name says PDF, but the content is none; get the file again, or give it the right suffix."""

    category = "not-a-pdf"
    lasting = True


class Truncated(CannotRead):
    """The PDF breaks off before its end, so pages of it would be lost; get the whole file again."""

    category = "truncated"
    lasting = True


class Damaged(CannotRead):
    """The PDF is damaged and its pages cannot be read; get it again, or repair it (qpdf can)."""

    category = "damaged"
    stage = Stage.READ


class Encrypted(CannotRead):
    """The file is locked with a password; save it without one and give that file."""

    category = "encrypted"
    lasting = True


class OldWord(CannotRead):
    """It is a Word or WPS file of the old format (.doc, .wps); save it as .docx or PDF and give that file."""

    category = "old-word"
    refused = True


class BinaryWorkbook(CannotRead):
    """It is a workbook whose sheets are kept in binary form (.xlsb); save it as .xlsx and give that file."""

    category = "binary-workbook"
    refused = True
    lasting = True


class FixedLayout(CannotRead):
    """It is a file of the national format for fixed layout (OFD); save it as PDF in its program and give that file."""

    category = "fixed-layout"
    refused = True
    lasting = True


class UniformOffice(CannotRead):
    """It is a file of the national office format (UOF); save it as .docx or .xlsx in its program and give that file."""

    category = "uniform-office"
    refused = True
    lasting = True


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


class TextTooLarge(CannotRead):
    """The text holds more than can be read at once; split it, between two forms."""

    category = "too-large"
    stage = Stage.READ
    refused = True


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


class LibraryMissing(CannotRead):
    """A library that reads files of this format is not installed; install the project with what it needs
    (`make run`)."""

    category = "library-missing"
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


# ── of archives


class BrokenArchive(CannotRead):
    """The ZIP archive is damaged or breaks off; get it again, or repair it (`zip -FF` can)."""

    category = "broken-archive"


class BrokenMember(CannotRead):
    """The file is damaged inside its ZIP archive; get the archive again."""

    category = "broken-member"


class LockedMember(CannotRead):
    """The file is locked with a password inside its ZIP archive; unpack it with the password and give that file."""

    category = "encrypted"
    refused = True


class LinkInArchive(CannotRead):
    """It is a link or a device inside a ZIP archive, which is never followed; give the file itself."""

    category = "archive-link"
    refused = True


class ArchiveTooLarge(CannotRead):
    """The ZIP archive holds more than is unpacked; unpack it yourself if you trust it, and give the folder."""

    category = "archive-too-large"
    refused = True


class Bomb(CannotRead):
    """The file is packed as small as only attacks on unpackers are; unpack it yourself if you trust it."""

    category = "archive-bomb"
    refused = True


class TooDeep(CannotRead):
    """The ZIP archive stands in an archive inside an archive; unpack the outer one and give the folder."""

    category = "archive-too-deep"
    refused = True


class OtherPacking(CannotRead):
    """The file is packed in a way that is not read; pack the archive again by the usual method (deflate)."""

    category = "not-supported"
    refused = True
