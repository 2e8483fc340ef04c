"""What was done: runs and what came of their files, and the files themselves."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from schemas.tables.base import Base, Id, Key, by_key, inside, of


class Meta(Base):
    """One row about the database itself."""

    __tablename__ = "meta"
    __table_args__ = ({"comment": "one row: which version of these tables this database has"},)
    id: Mapped[Id] = mapped_column(comment="always 1")
    schema_version: Mapped[int] = mapped_column(comment="version of the tables, as in PRAGMA user_version")


class Run(Base):
    """One call of `jixiao run`."""

    __tablename__ = "runs"
    __table_args__ = ({"comment": "calls of jixiao run"},)
    id: Mapped[Id] = mapped_column(comment="number of the run, from 1")
    started: Mapped[str] = mapped_column(comment="when it began: ISO 8601, UTC")
    finished: Mapped[str | None] = mapped_column(comment="when it ended; null: it runs, or was broken off")
    code_version: Mapped[str] = mapped_column(comment="version of the code that ran")
    settings: Mapped[str] = mapped_column(comment="settings that change what is read, as text")
    counts: Mapped[str | None] = mapped_column(comment="JSON object: how many files had which outcome")
    state: Mapped[str] = mapped_column(comment="running, finished, stopped (message says why)")
    message: Mapped[str | None] = mapped_column(comment="why it was stopped; null: it was not")
    inputs: Mapped[str] = mapped_column(comment="JSON list: files, folders and globs that were given, absolute")
    options: Mapped[str] = mapped_column(comment="JSON object: options that it was called with")
    versions: Mapped[str] = mapped_column(comment="JSON object: versions of Python, the libraries and the OCR models")
    found: Mapped[int] = mapped_column(comment="number of files it is to go through")
    process: Mapped[str] = mapped_column(comment="machine and process number that it runs on")


class RunFile(Base):
    """What came of a file in a run."""

    __tablename__ = "run_files"
    __table_args__ = by_key("what came of each file of the runs, in the order of the input")
    run_id: Mapped[int] = inside("runs", "run it belongs to")
    position: Mapped[Key] = mapped_column(comment="order in the input, from 0")
    file: Mapped[str] = mapped_column(comment="path as given")
    outcome: Mapped[str] = mapped_column(comment="done, already_done, refused, failed")
    stage: Mapped[str | None] = mapped_column(comment="stage that failed; null: none")
    category: Mapped[str | None] = mapped_column(comment="what kind of failure; null: none")
    page: Mapped[int | None] = mapped_column(comment="page that failed, from 1; null: not one page's")
    message: Mapped[str | None] = mapped_column(comment="what happened and what to do; null: nothing failed")
    sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the content; null: it could not be read")
    seconds: Mapped[str] = mapped_column(comment="JSON object: seconds that each stage took")


class File(Base):
    """One content that was read."""

    __tablename__ = "files"
    __table_args__ = ({"comment": "files that were read, one row a content"},)
    id: Mapped[Id] = mapped_column(comment="number of the file, from 1")
    path: Mapped[str] = mapped_column(unique=True, comment="path as given")
    name: Mapped[str] = mapped_column(comment="folder of its records below records/")
    sha256: Mapped[str] = mapped_column(unique=True, comment="SHA-256 of the content, hexadecimal")
    reader: Mapped[str] = mapped_column(comment="road it was read by: text-layer, ocr, dump, office")
    pages: Mapped[int] = mapped_column(comment="number of pages; 0 for a dump and for what has none")
    outcome: Mapped[str] = mapped_column(comment="forms: it holds some; no form: read, and none was found")
    code_version: Mapped[str] = mapped_column(comment="version of the code that read it")
    settings: Mapped[str] = mapped_column(comment="settings it was read with, as text")


class FileAlias(Base):
    """Another path with a content that was read."""

    __tablename__ = "file_aliases"
    __table_args__ = by_key("other paths at which the content of a file stands too")
    path: Mapped[str] = mapped_column(primary_key=True, comment="path as given")
    file_id: Mapped[int] = of("files", "the file with this content", index=True)
    name: Mapped[str] = mapped_column(comment="folder that its records would have had")


class Failure(Base):
    """A file that was not read."""

    __tablename__ = "failures"
    __table_args__ = ({"comment": "files that were not read; a row goes when its file is read later"},)
    id: Mapped[Id] = mapped_column(comment="number of the failure, from 1")
    file: Mapped[str] = mapped_column(unique=True, comment="path as given")
    sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the content; null: it could not be read")
    stage: Mapped[str] = mapped_column(comment="stage that failed: intake, read, interpret, store")
    category: Mapped[str] = mapped_column(comment="what kind of failure")
    page: Mapped[int | None] = mapped_column(comment="page that failed, from 1; null: not one page's")
    message: Mapped[str] = mapped_column(comment="what happened and what to do")
    refused: Mapped[bool] = mapped_column(comment="1: nothing is broken, but the file is not ours to read")
