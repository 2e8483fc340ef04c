"""Measure jixiao: pages a second and memory beside pdfplumber's own `extract_tables`, forms a second of dumps.

`python -m pipeline.bench [FOLDER] [--rounds N]` reads the filings of a folder again and again in one process,
jixiao and pdfplumber by turns, each beginning every other round, and takes medians of the processor's time, which
depends less on what else a machine does. Memory is the peak of a fresh process each. What this module imports at its
top stays light: pdfplumber's process would pay for it too.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from pipeline.bench.memory import own_peak, peak_of
from pipeline.bench.printing import Row, columns, machine, tell
from pipeline.bench.sources import scanned_page
from schemas.frozen import dataclass

if TYPE_CHECKING:
    from schemas.families import Family

ROUNDS = 5
RATIO_AIM = 0.4  # times pdfplumber's own time, on pages whose tables are all ruled
FORMS_AIM = 150.0  # forms a second from dumps
RULED, UNRULED, DUMPS = "ruled pages", "pages with unruled blocks", "dumps"

HEADER: Row = ("what", "amount", "jixiao", "pdfplumber", "ratio", "aim", "met")


class NothingToMeasure(Exception):
    """The folder holds no .pdf with a text layer and no .txt file."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A filing to measure on. `amount` counts its pages, or the forms of a dump."""

    path: Path
    group: str
    amount: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Median seconds that a filing took; `theirs` is None for a dump, which pdfplumber does not read."""

    subject: Subject
    ours: float
    theirs: float | None


@cache
def _families() -> list[Family]:
    from schemas.families import load_families

    return load_families()


def read_whole(path: Path) -> tuple[int, int, bool]:
    """The whole road from a file to its records: (pages, forms, whether all its tables are ruled)."""
    from extractors.intake import take_in
    from pipeline.running.worker import read_file
    from schemas.language.vocabulary import load_words
    from schemas.model import Table

    reading = read_file(take_in(path, path.name), path.stem, _families(), load_words())
    ruled = all(block.ruled for block in reading.document.blocks if isinstance(block, Table))
    return reading.document.pages, len(reading.forms), ruled


def extract_tables(path: Path) -> None:
    """What pdfplumber does by itself: the tables of every page as lists of texts."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of fonts, page after page
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()


def find_subjects(folder: Path) -> list[Subject]:
    """The PDFs with a text layer and the dumps below a folder, read once: engines are warm from here on. What is left
    out is said. Raises NothingToMeasure."""
    from extractors.refusals import CannotRead

    subjects = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".pdf", ".txt")):
        try:
            if path.suffix.lower() == ".pdf" and (why := scanned_page(path)) is not None:
                tell(f"{path}: left out, {why}; `python -m pipeline.bench.scans` measures scans")
                continue
            pages, forms, ruled = read_whole(path)
        except CannotRead as error:
            tell(f"{path}: left out, it cannot be read: {error}")
            continue
        if path.suffix.lower() == ".txt":
            subjects.append(Subject(path, DUMPS, forms))
        else:
            extract_tables(path)
            subjects.append(Subject(path, RULED if ruled else UNRULED, pages))
    if not subjects:
        raise NothingToMeasure(f"{folder}: holds no .pdf with a text layer and no .txt file to measure on")
    return subjects


def measure(subjects: Sequence[Subject], rounds: int) -> list[Timing]:
    """Median times of each filing, in the order of `subjects`."""
    from pipeline.running.worker import seldom_collect

    ours: list[list[float]] = [[] for _ in subjects]
    theirs: list[list[float]] = [[] for _ in subjects]
    seldom_collect()  # as workers do
    for number in range(rounds):
        for subject, mine, other in zip(subjects, ours, theirs, strict=True):
            turns: list[tuple[Callable[[Path], object], list[float]]] = [(read_whole, mine)]
            if subject.group != DUMPS:
                turns.append((extract_tables, other))
            for work, times in turns if number % 2 == 0 else reversed(turns):
                times.append(_seconds(work, subject.path))
    return [
        Timing(subject, median(mine), median(other) if other else None)
        for subject, mine, other in zip(subjects, ours, theirs, strict=True)
    ]


def _seconds(work: Callable[[Path], object], path: Path) -> float:
    gc.collect()  # nobody pays for the garbage of the one before
    started = time.process_time()
    work(path)
    return time.process_time() - started


def peak_memory(who: str, paths: Sequence[Path]) -> float:
    """Peak memory in MB of a fresh process in which `who` (ours, theirs) reads the files once."""
    return peak_of("pipeline.bench", "--peak-of", who, *map(str, paths))


def table_rows(timings: Sequence[Timing], memory: bool = True) -> list[Row]:
    """The rows of the table: each group, then its files."""
    rows = [HEADER]
    for group in (RULED, UNRULED, DUMPS):
        members = [t for t in timings if t.subject.group == group]
        if not members:
            continue
        rows.append(_row(group, members, aimed=True))
        rows += [_row(f"  {t.subject.path.stem}", [t], aimed=False) for t in members]
        if memory and group != DUMPS:
            paths = [t.subject.path for t in members]
            ours, theirs = peak_memory("ours", paths), peak_memory("theirs", paths)
            rows.append(("  peak memory", "", f"{ours:.0f} MB", f"{theirs:.0f} MB", f"{ours / theirs:.2f}", "", ""))
    return rows


def _row(name: str, timings: Sequence[Timing], *, aimed: bool) -> Row:
    group = timings[0].subject.group
    what = "forms" if group == DUMPS else "pages"
    amount = sum(t.subject.amount for t in timings)
    ours = sum(t.ours for t in timings)
    theirs = sum(t.theirs or 0.0 for t in timings)
    ratio = ours / theirs if theirs else None
    aim = met = ""
    if aimed and group == RULED and ratio is not None:
        aim, met = f"ratio ≤ {RATIO_AIM}", "yes" if ratio <= RATIO_AIM else "no"
    elif aimed and group == DUMPS:
        aim, met = f"≥ {FORMS_AIM:.0f} forms/s", "yes" if amount / ours >= FORMS_AIM else "no"
    return (
        name,
        f"{amount} {what}",
        f"{amount / ours:.1f} {what}/s",
        f"{amount / theirs:.1f} {what}/s" if theirs else "",
        f"{ratio:.2f}" if ratio is not None else "",
        aim,
        met,
    )


def stage_tables(subjects: Sequence[Subject], rounds: int) -> Iterator[list[Row]]:
    """What pages of text layers and forms of dumps are spent on, where there are any."""
    from pipeline.bench.text_stages import measure_forms, measure_pages

    dumps = [subject for subject in subjects if subject.group == DUMPS]
    layers = [subject for subject in subjects if subject.group != DUMPS]
    for members, stages in ((layers, measure_pages), (dumps, measure_forms)):
        if members:
            yield stages([m.path for m in members], sum(m.amount for m in members), rounds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Returns 0 whether the aims are met or not, 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("data/raw")], metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds to take medians of (default {ROUNDS})")
    parser.add_argument("--peak-of", choices=("ours", "theirs"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.peak_of:
        work: Callable[[Path], object] = read_whole if options.peak_of == "ours" else extract_tables
        for path in options.paths:
            work(path)
        print(own_peak())
        return 0
    try:
        subjects = [subject for folder in options.paths for subject in find_subjects(folder)]
    except NothingToMeasure as nothing:
        print(nothing, file=sys.stderr)
        return 2
    print(f"{machine()}; medians of {options.rounds} rounds\n")
    rounds = max(1, options.rounds)
    print(columns(table_rows(measure(subjects, rounds))))
    for rows in stage_tables(subjects, rounds):
        print("\n" + columns(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
