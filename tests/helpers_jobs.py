"""A small archive of filings and broken files, runs over it, and the database as rows that can be compared."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from pipeline.archive.outcomes import Tally
from pipeline.archive.store import Store
from pipeline.running.files import find_inputs
from pipeline.running.pool import InProcess, Limits, Maker
from pipeline.running.processes import local_crew
from pipeline.running.run import Listener, run
from schemas.families import load_families
from schemas.language.vocabulary import load_words

RAW = Path(__file__).parent.parent / "data" / "raw"
SOURCES = sorted((RAW / "dumps").glob("*.txt"))
BROKEN = {
    "empty.pdf": b"",
    "half.pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "letter.pdf": b"I am no PDF.",
    "office.txt": b"PK\x03\x04" + bytes(200),
    "noise.txt": bytes(range(128, 256)) * 9,
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(64),
}


def dump(path: Path, number: int) -> Path:
    """A dump with a content of its own: a sample's, with a line more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = SOURCES[number % len(SOURCES)].read_text(encoding="utf-8")
    path.write_text(f"{text.rstrip()}\n第{number}号\n", encoding="utf-8")
    return path


def archive(folder: Path, files: int) -> Path:
    """A folder of so many dumps, every eighth of the content of the one before it, and among them broken files."""
    for number in range(files):
        dump(folder / f"{number:03d}.txt", number - (number % 8 == 7))
    for number, (name, data) in enumerate(BROKEN.items()):
        (folder / f"{number * 7:03d}-{name}").write_bytes(data)
    return folder


def crew(jobs: int, reader: str | None = None, **limits: float | None) -> Maker:
    """A maker of worker processes; `reader` is a function of `fake_readers`."""

    def make(setup):  # type: ignore[no-untyped-def]
        if reader is not None:
            setup = replace(setup, reader=f"fake_readers:{reader}")
        return local_crew(setup, jobs, Limits(**limits)) if jobs else InProcess(setup)

    return make


def do(
    out: Path, *inputs: Path, pool: Maker = InProcess, force: bool = False, listener: Listener | None = None
) -> Tally:
    """One run over the inputs into `out`."""
    out.mkdir(exist_ok=True)
    with Store.open(out / "jixiao.db") as store:
        found = find_inputs([str(i) for i in inputs])
        heard = listener or Listener()
        families = load_families()
        return run(found, store, out, families, load_words(), pool=pool, force=force, listener=heard)


def rows(out: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(out / "jixiao.db")) as connection:
        return connection.execute(sql).fetchall()


def whole(out: Path) -> list[str]:
    """Every row of every table but those about the runs, and of what is in the table of numbers of rows."""
    with closing(sqlite3.connect(out / "jixiao.db")) as connection:
        return sorted(line for line in connection.iterdump() if not line.startswith('INSERT INTO "run'))


def records(out: Path) -> dict[str, bytes]:
    folder = out / "records"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def outcomes(out: Path, run: int = 1) -> dict[str, str]:
    """File by file the outcome in a run, or the category of its failure."""
    query = f"SELECT file, coalesce(category, outcome) FROM run_files WHERE run_id = {run} ORDER BY position"
    return {str(file): str(outcome) for file, outcome in rows(out, query)}


def copy(source: Path, target: Path) -> Path:
    return Path(shutil.copytree(source, target))
