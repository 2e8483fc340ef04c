"""Measure runs over many files: files an hour by road, two processes beside one, skipping, memory, rows a second.

`python -m pipeline.bench.archive [FOLDER] [--dumps N] [--pdfs N] [--scans N] [--memory-files N] [--db URL]` makes an
archive of the folder's filings: copies whose bytes differ, so that each is read. Last comes what 100,000 and
10,000,000 pages would take on this machine by these figures; a dump has no pages, so there its forms are counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import psutil

from extractors.refusals import CannotRead
from pipeline.archive.outcomes import FileOutcome, Tally
from pipeline.archive.runs import seconds_of
from pipeline.archive.store import DatabaseUnusable, Store, WrongDatabaseVersion
from pipeline.bench.printing import Row, columns, machine
from pipeline.bench.sources import scanned_page
from pipeline.running.files import find_inputs
from pipeline.running.pool import Limits, Pool
from pipeline.running.processes import local_crew
from pipeline.running.run import Listener, run
from pipeline.running.worker import Setup
from schemas.families import load_families
from schemas.frozen import dataclass
from schemas.language.vocabulary import load_words
from schemas.tables import Base

DUMP, TEXT_LAYER, SCAN = "dump", "text-layer", "scan"
SKIP_AIM = 1.0  # ms a file that is done, beside its hash
FLAT_AIM = 1.1  # times the memory of the first hundred files
ARCHIVES = (100_000, 10_000_000)  # pages
HUNDRED = 100
MEGABYTE = 1e6


class NothingToMeasure(Exception):
    """The folder holds no filing of a kind that was asked for."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A run over an archive of one road: files, pages (forms of dumps), wall seconds with the workers' start."""

    files: int
    amount: int
    seconds: float

    @property
    def files_an_hour(self) -> float:
        return self.files / self.seconds * 3600

    @property
    def amount_an_hour(self) -> float:
        return self.amount / self.seconds * 3600


def make_archive(folder: Path, sources: Sequence[Path], files: int) -> Path:
    """So many copies of the sources by turns; each has a line more, which no reader minds."""
    folder.mkdir(parents=True)
    for number, source in enumerate(islice(cycle(sources), files)):
        pdf = source.suffix.lower() == ".pdf"
        more = f"\n%{number}\n" if pdf else f"\n- {number} -\n"
        (folder / f"{number:06d}{source.suffix}").write_bytes(source.read_bytes().rstrip() + more.encode())
    return folder


def find_sources(folder: Path, road: str) -> list[Path]:
    """The filings of a road below a folder: dumps, PDFs of which each page has a text layer, or those of scans. PDFs
    that cannot be opened are of no road."""
    suffix = ".txt" if road == DUMP else ".pdf"
    paths = sorted(p for p in folder.rglob(f"*{suffix}") if p.is_file())
    taken = paths if road == DUMP else [p for p in paths if _road_of(p) == road]
    if not taken:
        raise NothingToMeasure(f"{folder}: holds no filing for the road {road}")
    return taken


def _road_of(path: Path) -> str | None:
    try:
        return TEXT_LAYER if scanned_page(path) is None else SCAN
    except CannotRead:
        return None


def crew_of(jobs: int) -> Callable[[Setup], Pool]:
    """Makes a crew of so many processes with the usual limits."""

    def make(setup: Setup) -> Pool:
        return local_crew(setup, jobs, Limits())

    return make


def run_once(archive: Path, out: Path, jobs: int, db: str | None = None, listener: Listener | None = None) -> Tally:
    """One run over an archive into a database of its own, or the one of a URL."""
    out.mkdir(parents=True, exist_ok=True)
    with Store.open(db or str(out / "jixiao.db")) as store:
        inputs = find_inputs([str(archive)])
        heard = listener or Listener()
        return run(inputs, store, out, load_families(), load_words(), pool=crew_of(jobs), listener=heard)


def measure_road(archive: Path, out: Path, road: str, jobs: int) -> Measured:
    """How long a road takes."""
    tally = run_once(archive, out, jobs)
    with Store.open(out / "jixiao.db", create=False) as store:
        pages = int(store.query("SELECT coalesce(sum(pages), 0) FROM files")[1][0][0])
    return Measured(tally.files, tally.forms if road == DUMP else pages, tally.seconds)


def measure_skip(archive: Path, out: Path) -> tuple[float, float]:
    """(ms a file that is done, without its hash; ms for its hash) of a second run."""
    tally = run_once(archive, out, 1)
    assert tally.already_done == tally.files, "a file was read a second time"
    with Store.open(out / "jixiao.db", create=False) as store:
        (number,) = store.query("SELECT max(id) FROM runs")[1][0]
        hashing = seconds_of(store, number).get("intake", 0.0)
    return (tally.seconds - hashing) / tally.files * 1e3, hashing / tally.files * 1e3


def rows_a_second(archive: Path, out: Path, db: str | None) -> float:
    """Rows that the writer puts into a fresh database, by the seconds that it spends on it and on the records."""
    count = " UNION ALL ".join(f"SELECT count(*) AS n FROM {name}" for name in Base.metadata.tables)  # noqa: S608
    before = 0
    if db is not None:
        with Store.open(db) as store:
            before = sum(int(n) for (n,) in store.query(count)[1])
    run_once(archive, out, 1, db)
    with Store.open(db or str(out / "jixiao.db"), create=False) as store:
        (number,) = store.query("SELECT max(id) FROM runs")[1][0]
        written = sum(int(n) for (n,) in store.query(count)[1]) - before
        return written / seconds_of(store, number)["store"]


class Memory(Listener):
    """Notes after each file what this process and its workers hold, in MB."""

    def __init__(self) -> None:
        self.ours: list[float] = []
        self.workers: list[float] = []

    def ended(self, file: FileOutcome, tally: Tally) -> None:
        me = psutil.Process()
        self.ours.append(me.memory_info().rss / MEGABYTE)
        held = [0.0]
        for child in me.children(recursive=True):
            try:
                held.append(child.memory_info().rss / MEGABYTE)
            except psutil.Error:
                continue  # it has just ended
        self.workers.append(max(held))

    @staticmethod
    def ends_of(values: Sequence[float]) -> tuple[float, float]:
        """The peaks of the first and of the last hundred files, or tenth where there are fewer than a thousand."""
        size = min(HUNDRED, max(1, len(values) // 10))
        return max(values[:size]), max(values[-size:])


def road_rows(measured: Mapping[str, tuple[Measured, Measured]]) -> list[Row]:
    """Files an hour by road, with one and with two processes."""
    rows: list[Row] = [("road", "files", "amount", "files/h, 1 process", "files/h, 2 processes", "speed-up")]
    for road, (one, two) in measured.items():
        amount = f"{one.amount} {unit_of(road)}"
        hours = f"{one.files_an_hour:,.0f}", f"{two.files_an_hour:,.0f}"
        rows.append((road, str(one.files), amount, *hours, f"{one.seconds / two.seconds:.2f}"))
    return rows


def archive_rows(measured: Mapping[str, tuple[Measured, Measured]]) -> list[Row]:
    """What whole archives would take with two processes on this machine."""
    rows: list[Row] = [("road", "an hour, 2 processes", *(f"{size:,}" for size in ARCHIVES))]
    for road, (_, two) in measured.items():
        times = (duration(size / two.amount_an_hour) for size in ARCHIVES)
        rows.append((road, f"{two.amount_an_hour:,.0f} {unit_of(road)}", *times))
    return rows


def unit_of(road: str) -> str:
    return "forms" if road == DUMP else "pages"


def duration(hours: float) -> str:
    """`3.2 hours`, or days from two of them on."""
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:,.1f} days"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables. Returns 0 whether the aims are met or not, 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.bench.archive", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path("data/raw"), metavar="FOLDER")
    number = partial(parser.add_argument, type=int)
    number("--dumps", default=100, help="dumps to read (default 100)")
    number("--pdfs", default=20, help="PDFs with a text layer to read (default 20)")
    number("--scans", default=2, help="scans to read (default 2)")
    number("--memory-files", default=1000, help="dumps over which memory is watched (default 1000)")
    parser.add_argument("--db", help="a second, empty database to measure rows a second into: an SQLAlchemy URL")
    options = parser.parse_args(arguments)
    print(machine() + "\n")
    try:
        with tempfile.TemporaryDirectory() as folder:
            _measure(options, Path(folder))
    except (NothingToMeasure, DatabaseUnusable, WrongDatabaseVersion) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _measure(options: argparse.Namespace, folder: Path) -> None:
    begun = time.monotonic()
    measured: dict[str, tuple[Measured, Measured]] = {}
    for road, files in ((DUMP, options.dumps), (TEXT_LAYER, options.pdfs), (SCAN, options.scans)):
        if files:
            archive = make_archive(folder / road, find_sources(options.folder, road), files)
            one = measure_road(archive, folder / f"{road}-1", road, 1)
            measured[road] = one, measure_road(archive, folder / f"{road}-2", road, 2)
    print(columns(road_rows(measured)), end="\n\n")
    rows: list[Row] = [("what", "measured", "aim", "met")]
    if options.dumps:
        skip, hashing = measure_skip(folder / DUMP, folder / f"{DUMP}-1")
        met = "yes" if skip < SKIP_AIM else "no"
        rows.append(("skipping a file that is done", f"{skip:.2f} ms", f"< {SKIP_AIM:g} ms", met))
        rows.append(("hashing it", f"{hashing:.2f} ms", "", ""))
        rate = rows_a_second(folder / DUMP, folder / "rows", None)
        rows.append(("rows a second into SQLite", f"{rate:,.0f}", "", ""))
        if options.db:
            rate = rows_a_second(folder / DUMP, folder / "rows-db", options.db)
            rows.append(("rows a second into the other database", f"{rate:,.0f}", "", ""))
    if options.memory_files:
        memory = Memory()
        sources = find_sources(options.folder, DUMP)
        run_once(make_archive(folder / "many", sources, options.memory_files), folder / "memory", 1, None, memory)
        for who, values in (("the run", memory.ours), ("its worker", memory.workers)):
            first, last = memory.ends_of(values)
            what = f"peak memory of {who}, first and last of {options.memory_files} files"
            met = "yes" if last <= FLAT_AIM * first else "no"
            rows.append((what, f"{first:.0f} MB, {last:.0f} MB", f"≤ {FLAT_AIM:g} ×", met))
    print(columns(rows), end="\n\n")
    print(columns(archive_rows(measured)), end="\n\n")
    print(f"measured in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
