"""Measure today's code against that of another revision, in one run: processor and wall time a page, and peak memory.

`python -m pipeline.bench.against REV [FOLDER] [--copies N] [--rounds R] [--roads ROAD ...]` checks the revision out
beside this one and runs `jixiao run` of both by turns over few and over many copies of the folder's filings, and other
programs over the same files. What the many take more than the few is what their pages (the files of dumps) cost: the
start, which all pay, is not in it. All run with the environment of this process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from pipeline.bench.archive import DUMP, SCAN, TEXT_LAYER, NothingToMeasure, find_sources, make_archive
from pipeline.bench.memory import MEGABYTE
from pipeline.bench.peers import PEERS
from pipeline.bench.printing import Row, columns, machine, tell
from pipeline.bench.scan_pages import page_count
from schemas.frozen import dataclass

HERE = Path(__file__).resolve().parents[2]
COPIES, ROUNDS = 4, 3
HEADER: Row = ("road", "code", "amount", "CPU ms each", "wall ms each", "start, CPU s", "peak MB", "ratio of CPU")

Turn = Callable[[Path, Path], "Spent"]
"""A run of some program over an archive, into a folder that is its own."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took: processor and wall seconds, and the peak memory of its largest process in MB."""

    processor: float
    wall: float
    memory: float


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """A working tree of a revision, gone afterwards. Raises CalledProcessError where there is no such revision."""
    git = ["git", "-C", str(HERE), "worktree"]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        subprocess.run([*git, "add", "--detach", "--quiet", str(tree), revision], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def command_of(tree: Path) -> list[str]:
    """What starts the command line of a tree, wherever it keeps it."""
    scripts = tomllib.loads((tree / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    module, _, function = scripts["jixiao"].partition(":")
    return [sys.executable, "-c", f"import sys; sys.argv[0] = 'jixiao'; from {module} import {function}; {function}()"]


def turn_of(tree: Path) -> Turn:
    """Runs a tree's code over an archive."""
    return lambda archive, out: spent_by(tree, [*command_of(tree), "run", str(archive), "--out", str(out)])


def turn_of_peer(name: str) -> Turn:
    """Lets another program read an archive."""
    return lambda archive, out: spent_by(HERE, [sys.executable, "-m", "pipeline.bench.peers", name, str(archive)])


def spent_by(tree: Path, call: Sequence[str]) -> Spent:
    """What a call with a tree's code takes. Raises RuntimeError where it fails."""
    begun = perf_counter()
    given = dict(os.environ, PYTHONPATH=str(tree))
    process = subprocess.Popen(call, cwd=tree, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{tree}: {' '.join(call)} ended with {process.returncode}")
    return Spent(used.ru_utime + used.ru_stime, perf_counter() - begun, used.ru_maxrss / MEGABYTE)


def road_rows(
    road: str, amount: int, more: int, runs: Sequence[tuple[str, Sequence[Spent], Sequence[Spent]]]
) -> list[Row]:
    """The rows of a road: for each code its runs over so many pages or files, and over so many more."""
    rows: list[Row] = []
    first: float | None = None
    for name, few, many in runs:
        start = median(run.processor for run in few)
        each = (median(run.processor for run in many) - start) / more
        wall = (median(run.wall for run in many) - median(run.wall for run in few)) / more
        first = each if first is None else first
        ratio = f"{each / first:.2f}" if first > 0 else ""
        times = (f"{each * 1e3:.1f}", f"{wall * 1e3:.1f}", f"{start - amount * each:.1f}")
        rows.append((road, name, f"{amount + more}", *times, f"{max(run.memory for run in many):.0f}", ratio))
    return rows


def measure_road(
    road: str, sources: Sequence[Path], trees: dict[str, Path], folder: Path, copies: int, rounds: int
) -> list[Row]:
    """Both codes and the road's peers by turns over each filing once, and over so many copies more."""
    archives = [make_archive(folder / f"{road}-{n}", sources, len(sources) * n) for n in (1, 1 + copies)]
    turns = {name: turn_of(tree) for name, tree in trees.items()}
    turns |= {peer: turn_of_peer(peer) for peer in PEERS.get(road, ())}
    runs: dict[str, tuple[list[Spent], list[Spent]]] = {name: ([], []) for name in turns}
    for number in range(rounds):
        for name, turn in turns.items() if number % 2 == 0 else reversed(turns.items()):
            for archive, taken in zip(archives, runs[name], strict=True):
                taken.append(turn(archive, folder / f"{archive.name}-{name}-{number}"))
            tell(f"{road}, {name}: round {number + 1} of {rounds}")
    amount = len(sources) if road == DUMP else sum(map(page_count, sources))
    what = f"{road}, {'files' if road == DUMP else 'pages'}"
    return road_rows(what, amount, amount * copies, [(name, *both) for name, both in runs.items()])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Returns 0, or 2 where there is nothing to measure or no such revision."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.bench.against", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("revision", metavar="REV", help="a commit, branch or tag")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("data/raw"), metavar="FOLDER")
    parser.add_argument("--copies", type=int, default=COPIES, help=f"of each filing, for the many (default {COPIES})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"to take medians of (default {ROUNDS})")
    parser.add_argument("--roads", nargs="+", default=[TEXT_LAYER, DUMP], choices=[TEXT_LAYER, DUMP, SCAN])
    options = parser.parse_args(arguments)
    rows = [HEADER]
    try:
        with checked_out(options.revision) as tree, tempfile.TemporaryDirectory() as folder:
            trees = {options.revision: tree, "now": HERE}
            for road in options.roads:
                sources = find_sources(options.folder.resolve(), road)
                rows += measure_road(road, sources, trees, Path(folder), options.copies, options.rounds)
    except (NothingToMeasure, subprocess.CalledProcessError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{machine()}; medians of {options.rounds} rounds\n")
    print(columns(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
