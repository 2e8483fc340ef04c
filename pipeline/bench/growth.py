"""Measure how the time of reading grows: with the pages of a file, the rows of a form, the cells of a page, the files.

`python -m pipeline.bench.growth [FOLDER] [--scale S]` makes inputs of growing size from the filings of a folder and
prints the processor's time for each, with the exponent from one size to the next: 1 is twice the time for twice the
input. `--scale 0.1` makes them a tenth as large.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import math
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.bench.archive import DUMP, TEXT_LAYER, NothingToMeasure, find_sources, make_archive, run_once
from pipeline.bench.printing import Row, columns, machine, tell
from pipeline.bench.speed import read_whole
from pipeline.running.worker import seldom_collect
from schemas.model import Box, Reader, Rule, Sheet, Word

AIM = 1.1  # the exponent that no step exceeds
PAGES = (10, 100, 1000)
ROWS = (200, 2000, 20_000)
CELLS = (20, 40, 80, 160)  # a side of the square: 400 to 25,600
FILES = (1000, 4000, 20_000)
SIDE = 8.0  # points: a cell of the square
ROUNDS = 2  # of which the shorter time counts

Work = Callable[[], object]


def spent(work: Work) -> float:
    """The processor's seconds that a piece of work takes, of this process and of those that it waits for."""
    best = math.inf
    for _ in range(ROUNDS):
        gc.collect()
        before = _processor()
        work()
        best = min(best, _processor() - before)
    return best


def _processor() -> float:
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def of_pages(source: Path, folder: Path, pages: int) -> Work:
    """Reading a file of so many pages: those of a filing, again and again."""
    import pypdfium2

    path = folder / f"{pages}.pdf"
    with pypdfium2.PdfDocument(source) as given, pypdfium2.PdfDocument.new() as made:
        while len(made) < pages:
            made.import_pages(given, list(range(min(len(given), pages - len(made)))))
        made.save(path)
    return lambda: read_whole(path)


def of_rows(source: Path, folder: Path, rows: int) -> Work:
    """Reading a dump of so many rows: its longest part of rows of as many cells, again and again."""
    lines = source.read_text(encoding="utf-8").splitlines()
    runs = [list(run) for _, run in itertools.groupby(range(len(lines)), key=lambda i: lines[i].count("\t"))]
    body = max((run for run in runs if "\t" in lines[run[0]]), key=len, default=list(range(len(lines))))
    again = itertools.islice(itertools.cycle([lines[i] for i in body]), rows)
    path = folder / f"{rows}.txt"
    path.write_text("\n".join([*lines[: body[0]], *again, *lines[body[-1] + 1 :]]) + "\n", encoding="utf-8")
    return lambda: read_whole(path)


def of_cells(side: int) -> Work:
    """Finding the cells of a page with so many rows and columns, a word in each."""
    from extractors.tables.grid import find

    length = side * SIDE
    rules = tuple(Rule(way, i * SIDE, 0.0, length) for way in (True, False) for i in range(side + 1))
    places = itertools.product(range(side), repeat=2)
    boxes = [Box(c * SIDE + 1, r * SIDE + 1, c * SIDE + 7, r * SIDE + 7) for r, c in places]
    words = tuple(Word("8", box, (box.left, box.right)) for box in boxes)
    sheet = Sheet(number=1, width=length, height=length, words=words, rules=rules, reader=Reader.TEXT_LAYER)
    return lambda: find(sheet)


def of_files(sources: Sequence[Path], folder: Path, files: int) -> Work:
    """A run over so many dumps by one process."""
    archive = make_archive(folder / f"files-{files}", sources, files)
    numbers = itertools.count()
    return lambda: run_once(archive, folder / f"out-{files}-{next(numbers)}", 1)


def growth_rows(what: str, measured: Sequence[tuple[int, float]]) -> list[Row]:
    """A row for each size, with the exponent from the one before it."""
    rows: list[Row] = []
    before: tuple[int, float] | None = None
    for size, seconds in measured:
        exponent = exponent_of(before, (size, seconds)) if before is not None else None
        told = "" if exponent is None else f"{exponent:.2f}"
        met = "" if exponent is None else "yes" if exponent <= AIM else "no"
        rows.append((what, f"{size:,}", f"{seconds:.2f} s", f"{seconds / size * 1e3:.3f} ms", told, met))
        before = size, seconds
    return rows


def exponent_of(one: tuple[int, float], other: tuple[int, float]) -> float:
    """How time grows from one (size, seconds) to a larger one."""
    return math.log(max(other[1], 1e-9) / max(one[1], 1e-9)) / math.log(other[0] / one[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Returns 0 whether the aims are met or not, 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.bench.growth", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("data/raw"), metavar="FOLDER")
    parser.add_argument("--scale", type=float, default=1.0, help="how large the inputs are, 1 for the usual sizes")
    options = parser.parse_args(arguments)
    try:
        pdfs, dumps = find_sources(options.folder, TEXT_LAYER), find_sources(options.folder, DUMP)
    except NothingToMeasure as error:
        print(error, file=sys.stderr)
        return 2
    tabbed = max(dumps, key=lambda path: path.read_bytes().count(b"\t"))

    def scaled(sizes: Sequence[int]) -> list[int]:
        return [max(1, round(size * options.scale)) for size in sizes]

    print(machine() + "\n")
    rows: list[Row] = [("what", "size", "processor", "for each", "exponent", f"≤ {AIM:g}")]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        read_whole(tabbed)  # what is loaded once is loaded
        seldom_collect()  # as workers do
        kinds: list[tuple[str, Sequence[int], Callable[[int], Work]]] = [
            ("pages of a file", scaled(PAGES), lambda size: of_pages(pdfs[0], folder, size)),
            ("rows of a form", scaled(ROWS), lambda size: of_rows(tabbed, folder, size)),
            ("files of a run", scaled(FILES), lambda size: of_files(dumps, folder, size)),
        ]
        for what, sizes, work in kinds:
            measured = [(size, spent(work(size))) for size in sizes]
            tell(f"{what}: measured")
            rows += growth_rows(what, measured)
        sides = sorted({max(2, round(side * math.sqrt(options.scale))) for side in CELLS})
        rows += growth_rows("cells of a page", [(side * side, spent(of_cells(side))) for side in sides])
    print(columns(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
