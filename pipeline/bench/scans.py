"""Measure how scans are read: what is right, what is wrong unseen, what is doubted for nothing; time and memory.

`python -m pipeline.bench.scans [--quick] [--pages N] [--scans DIR ...]` reads every scan that has goldens, then the
text-layer samples made bad in the steps of a ladder (`degrade`), and holds the records against the goldens.
A cell is a leaf value of a golden or a record, without the parsed `values`. It is flagged where a finding of a
doubt of reading points at it or at what it is a part of. `first 5 %`: how many of the wrong values that were read
stand among the first 5 % by their risk. Last come the seconds a page and the peak memory of the
whole road beside one bare PaddleOCR call on the same page images.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pipeline.bench import speed

if TYPE_CHECKING:
    from extractors.ocr.engine import Engine, PaddleEngine
    from pipeline.bench.degrade import Rung
    from pipeline.goldens import Golden, GoldenSet
    from schemas.families import Family
    from schemas.reading import FormReading

Image = npt.NDArray[np.uint8]
Pages = Sequence[tuple[Image, float]]  # page images with their pixels an inch
Row = tuple[str, ...]

DOUBTS = frozenset({"low-score", "unreadable", "covered", "inferred", "lost", "redacted", "unowned"})
PAGES = 8  # of a rung; 27 rungs of them, the scans and the timing stay under twenty minutes on two cores
TIMED_PAGES = 9
ROUNDS = 3
QUICK_PAGES, QUICK_TIMED, QUICK_ROUNDS = 3, 3, 1
QUICK_RUNGS = (0, 14, 25)  # each level of everything that makes a page bad once
RATIO_AIM = 1.3  # times one bare PaddleOCR call
MEMORY_AIM = 1200.0  # MB a process
LOWEST_DPI, USUAL_DPI, HIGHEST_DPI = 100.0, 200.0, 300.0
IMAGE_OBJECT = 3  # what pypdfium2 calls a picture on a page
HEADER: Row = (
    "what",
    "pages",
    "forms",
    "cells",
    "right",
    "wrong",
    "unflagged",
    "right, flagged",
    "% right",
    "% flagged",
    "first 1 %",
    "first 5 %",
    "first 10 %",
)


@dataclass(frozen=True, slots=True)
class Count:
    """How the values of some pages were read. `silent` are wrong and not flagged, `doubted` right but flagged;
    `lost_forms` were not found or found in excess, `failed` are pages whose reading broke off."""

    pages: int = 0
    forms: int = 0
    cells: int = 0
    right: int = 0
    wrong: int = 0
    silent: int = 0
    doubted: int = 0
    lost_forms: int = 0
    failed: int = 0
    risks: tuple[tuple[float, bool], ...] = ()  # of each value read: its risk, and whether it is wrong

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Unit:
    """The fewest pages of a filing that hold whole forms: numbers of the pages from 1, and the forms' goldens."""

    path: Path
    pages: tuple[int, ...]
    goldens: tuple[Golden, ...]


@cache
def _families() -> list[Family]:
    from schemas.families import load_families

    return load_families()


@cache
def _engine() -> PaddleEngine:
    from extractors.ocr.engine import PaddleEngine
    from extractors.ocr.models import built_in

    return PaddleEngine(built_in())


@cache
def _bare() -> Any:
    """PaddleOCR as the road calls it, without the road: same models, same settings."""
    return _engine().load()


def read_pages(pages: Iterable[tuple[Image, float]], name: str, engine: Engine | None = None) -> list[FormReading]:
    """The whole road from page images to forms, by the built-in engine where no other is given."""
    from extractors.scan.road import read_page
    from extractors.scan.settle import settle
    from extractors.stitch import stitch
    from pipeline.run import read_forms
    from schemas.model import Document, Reader
    from schemas.vocabulary import load_words

    words = load_words()
    blocks = [
        read_page(image, dpi, n, engine or _engine(), words).blocks for n, (image, dpi) in enumerate(pages, start=1)
    ]
    every = frozenset(range(1, len(blocks) + 1))
    document = Document(name, "0", Reader.OCR, len(blocks), settle(stitch(blocks), words), scanned=every)
    return read_forms(document, _families(), words)


def recognise(pages: Iterable[tuple[Image, float]], name: str) -> None:
    """One bare PaddleOCR call a page."""
    for image, _ in pages:
        _bare().predict(np.ascontiguousarray(image[..., ::-1]))


def render_pages(path: Path, dpi: float | None = None, only: Sequence[int] = ()) -> Iterator[tuple[Image, float]]:
    """The pages of a PDF as images with their resolution: the given one, else that of the page's largest picture."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        for number in only or range(1, len(pdf) + 1):
            page = pdf[number - 1]
            fine = dpi or _own_dpi(page)
            image = page.render(scale=fine / 72).to_pil().convert("RGB")
            page.close()
            yield np.array(image), fine
    finally:
        pdf.close()


def _own_dpi(page: Any) -> float:
    pictures = [o.get_px_size() for o in page.get_objects() if o.type == IMAGE_OBJECT]
    if not pictures:
        return USUAL_DPI
    longer = max(max(size) for size in pictures)
    return min(max(float(round(longer / max(page.get_size()) * 72)), LOWEST_DPI), HIGHEST_DPI)


def count_forms(forms: Sequence[FormReading], goldens: Sequence[Golden], pages: int) -> Count:
    """Hold forms against their goldens, form by form in reading order. Every value of a form that was not found
    is wrong, and so is every value of one that is none; nobody flags them."""
    total = Count(pages=pages, forms=len(goldens), lost_forms=abs(len(forms) - len(goldens)))
    for form, golden in zip(forms, goldens, strict=False):
        total += _count(form, golden)
    records = [form.record.as_dict() for form in forms]
    for alone in (*(golden.record for golden in goldens[len(records) :]), *records[len(goldens) :]):
        cells = len(_cells(alone))
        total += Count(cells=cells, wrong=cells, silent=cells)
    return total


def _count(form: FormReading, golden: Golden) -> Count:
    from pipeline.goldens import judge

    record = form.record.as_dict()
    flags = {f["where"] for f in record["findings"] if f["rule"] in DOUBTS and f["where"]}
    wrong = {w.where: w for w in judge(record, golden, "ocr").wrong}
    cells = right = silent = doubted = 0
    for where in _cells(golden.record, record):
        flagged = _is_flagged(where, flags)
        cells += 1
        right += where not in wrong
        silent += where in wrong and not flagged
        doubted += where not in wrong and flagged
        if where in wrong and not flagged:
            _tell(f"    unflagged: {where}: {wrong[where].left!r} read as {wrong[where].right!r}")
    risks = tuple((risk.risk, risk.pointer in wrong) for risk in form.risks)
    return Count(cells=cells, right=right, wrong=cells - right, silent=silent, doubted=doubted, risks=risks)


def _cells(*records: Mapping[str, Any]) -> list[str]:
    """The pointers of the values of records, each once; the parsed `values` say nothing that the raw texts do not."""
    from pipeline.compare import values_of

    every = dict.fromkeys(where for record in records for where, _ in values_of(record))
    return [where for where in every if "/values/" not in where and not where.endswith("/values")]


def _is_flagged(where: str, flags: set[str]) -> bool:
    while where:
        if where in flags:
            return True
        where = where.rpartition("/")[0]
    return False


def goldens_of(path: Path, sets: Sequence[GoldenSet]) -> GoldenSet | None:
    """The set whose scan a file is by its name, else the one that its leading number names."""
    named = next((s for s in sets if Path(s.sources.get("ocr", "")).name == path.name), None)
    number = path.stem.partition("_")[0]
    return named or next((s for s in sets if number.isdigit() and s.name == number), None)


def measure_scans(folders: Sequence[Path], sets: Sequence[GoldenSet], most_pages: int | None) -> list[Row]:
    """A row for each scan that has goldens, and their sum."""
    rows, total = [], Count()
    for path in _pdfs(folders):
        known = goldens_of(path, sets)
        if known is None:
            _tell(f"{path.name}: no goldens")
        elif most_pages is not None and _page_count(path) > most_pages:
            _tell(f"{path.name}: left out for its length")
        else:
            count = _read_and_count(list(render_pages(path)), known.goldens, path.name)
            rows.append(_row(path.stem, count))
            total += count
    return [*rows, _row("all scans", total)]


def _read_and_count(pages: Pages, goldens: Sequence[Golden], name: str) -> Count:
    """What breaks off is told, and all its values are wrong: a long bench does not end with one page."""
    started = time.perf_counter()
    try:
        forms = read_pages(pages, name)
    except Exception as error:  # noqa: BLE001 - told and counted, see above
        _tell(f"{name}: breaks off: {type(error).__name__}: {error}")
        return count_forms([], goldens, len(pages)) + Count(failed=len(pages))
    count = count_forms(forms, goldens, len(pages))
    spent = time.perf_counter() - started
    _tell(f"{name}: {spent:.1f} s, {count.wrong} of {count.cells} wrong, {count.silent} unflagged")
    return count


def find_units(folder: Path, sets: Sequence[GoldenSet]) -> list[Unit]:
    """The text-layer samples with goldens, cut where no form runs over the cut. The pages of the forms are those
    that the text road finds; a filing whose forms it does not find as the goldens have them stays whole."""
    from extractors.intake import take_in
    from pipeline.run import read_file
    from schemas.vocabulary import load_words

    units = []
    for path in _pdfs([folder]):
        known = goldens_of(path, sets)
        if known is None:
            continue
        reading = read_file(take_in(path, path.name), path.stem, _families(), load_words())
        forms = [tuple(form.record.source.pages) for form in reading.forms]
        if len(forms) != len(known.goldens) or not all(forms):
            units.append(Unit(path, tuple(range(1, reading.document.pages + 1)), known.goldens))
            continue
        held: list[tuple[set[int], list[Golden]]] = []
        for pages, golden in zip(forms, known.goldens, strict=True):
            if held and held[-1][0] & set(pages):
                held[-1][0].update(pages)
                held[-1][1].append(golden)
            else:
                held.append((set(pages), [golden]))
        units += [Unit(path, tuple(sorted(pages)), tuple(goldens)) for pages, goldens in held]
    return units


def units_of_rung(units: Sequence[Unit], number: int, most: int) -> list[Unit]:
    """At most so many pages for one rung (one unit at least), drawn by lot: over the ladder each unit has its turns."""
    from pipeline.bench.degrade import SEED

    order = np.random.default_rng([SEED, number]).permutation(len(units))
    chosen: list[Unit] = []
    left = most
    for i in order:
        if len(units[i].pages) <= left:
            chosen.append(units[i])
            left -= len(units[i].pages)
    return chosen or [min(units, key=lambda unit: len(unit.pages))]


def measure_ladder(folder: Path, sets: Sequence[GoldenSet], most_pages: int, numbers: Sequence[int]) -> list[Row]:
    """A row for each rung of these numbers, for each level of what makes it bad, and for all."""
    from pipeline.bench.degrade import LADDER, degrade, is_sealed

    units = find_units(folder, sets)
    if not units:
        return []
    counts: dict[str, Count] = {}
    levels: dict[str, Count] = {}
    for number in numbers:
        rung = LADDER[number]
        _tell(rung.name)
        for unit in units_of_rung(units, number, most_pages):
            names = [f"{unit.path.stem} p{n}" for n in unit.pages]
            clean = render_pages(unit.path, rung.dpi, unit.pages)
            pages = [(degrade(image, rung, n), dpi) for (image, dpi), n in zip(clean, names, strict=True)]
            count = _read_and_count(pages, unit.goldens, f"  {names[0]} +{len(names) - 1}")
            counts[rung.name] = counts.get(rung.name, Count()) + count
            for level in (
                *_levels(rung),
                "with a seal" if any(is_sealed(rung, n) for n in names) else "without a seal",
            ):
                levels[level] = levels.get(level, Count()) + count
    rows = [_row(name, count) for name, count in counts.items()]
    known = [*dict.fromkeys(level for i in range(4) for rung in LADDER for level in [_levels(rung)[i]])]
    grouped = [level for level in (*known, "without a seal", "with a seal") if level in levels]
    total = sum(counts.values(), Count())
    return [*rows, *(_row(f"all {level}", levels[level]) for level in grouped), _row("all rungs", total)]


def _levels(rung: Rung) -> tuple[str, str, str, str]:
    return f"{rung.dpi} dpi", f"tilt {rung.tilt:g}°", f"noise {rung.noise}", f"JPEG {rung.quality}"


def measure_costs(folders: Sequence[Path], most_pages: int, rounds: int) -> list[Row]:
    """Seconds a page (sum of the filings' medians) and peak memory of the road and of bare PaddleOCR."""
    paths = _timed(folders, most_pages)
    works: tuple[Callable[[Pages, str], object], ...] = (read_pages, recognise)
    names = ("jixiao", "PaddleOCR")
    spent: tuple[list[float], list[float]] = ([], [])
    total = 0
    for count, path in enumerate(paths):
        pages = list(render_pages(path))
        total += len(pages)
        if count == 0:
            for work in works:  # models are loaded in nobody's time
                work(pages[:1], path.name)
            gc.collect()
            gc.freeze()
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(rounds):
            for i in (0, 1) if (number + count) % 2 == 0 else (1, 0):
                gc.collect()
                started = time.perf_counter()
                works[i](pages, path.name)
                times[i].append(time.perf_counter() - started)
                _tell(f"{path.name}: {names[i]} {times[i][-1] / len(pages):.2f} s a page")
        for i in (0, 1):
            spent[i].append(median(times[i]))
    ours, theirs = (sum(s) / total for s in spent)
    mine, other = peak_memory("road", paths), peak_memory("bare", paths)
    return [
        (f"{total} pages, {rounds} rounds", *names, "ratio", "aim", "met"),
        ("seconds a page", f"{ours:.2f}", f"{theirs:.2f}", f"{ours / theirs:.2f}", *_aim(ours / theirs, RATIO_AIM, "")),
        ("peak memory, MB", f"{mine:.0f}", f"{other:.0f}", f"{mine / other:.2f}", *_aim(mine, MEMORY_AIM, " MB")),
    ]


def _aim(value: float, aim: float, unit: str) -> tuple[str, str]:
    return f"≤ {aim:g}{unit}", "yes" if value <= aim else "no"


def _timed(folders: Sequence[Path], most_pages: int) -> list[Path]:
    """Whole scans, the shortest first, up to a number of pages; one at least."""
    paths: list[Path] = []
    pages = 0
    for path in sorted(_pdfs(folders), key=lambda p: (_page_count(p), p.name)):
        pages += _page_count(path)
        if paths and pages > most_pages:
            break
        paths.append(path)
    return paths


def peak_memory(who: str, paths: Sequence[Path]) -> float:
    """Peak memory in MB of a fresh process in which `who` (road, bare) reads the scans once."""
    command = [sys.executable, "-m", "pipeline.bench.scans", "--peak-of", who, "--scans", *map(str, paths)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.split()[-1])


def _pdfs(folders: Sequence[Path]) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.pdf"))


@cache
def _page_count(path: Path) -> int:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        return len(pdf)
    finally:
        pdf.close()


def _row(name: str, count: Count) -> Row:
    from pipeline.risk import share_of_wrong_by_risk

    figures = (count.pages, count.forms, count.cells, count.right, count.wrong, count.silent, count.doubted)
    right = 100 * count.right / max(count.cells, 1)
    doubted = 100 * count.doubted / max(count.right, 1)
    shares = share_of_wrong_by_risk(count.risks)
    first = [f"{100 * shares[k]:.0f} %" for k in ("first_1", "first_5", "first_10")]
    notes = [f"{count.lost_forms} forms too few or too many"] if count.lost_forms else []
    notes += [f"{count.failed} pages broke off"] if count.failed else []
    return (name, *map(str, figures), f"{right:.2f}", f"{doubted:.1f}", *first, *notes)


def columns(rows: Sequence[Row]) -> str:
    """Rows as plain text under the first one, the header; notes may stand behind its last column."""
    from rich.cells import cell_len

    width = len(rows[0])
    widths = [max(cell_len(row[i]) for row in rows) for i in range(width)]
    lines = []
    for row in rows:
        pads = [" " * (widths[i] - cell_len(text)) if i < width else "" for i, text in enumerate(row)]
        cells = (text + pad if i == 0 else pad + text for i, (text, pad) in enumerate(zip(row, pads, strict=True)))
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables. Returns 0 whether the aims are met or not, 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.bench.scans", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--scans", nargs="+", type=Path, default=[Path("data/raw/scans")], metavar="DIR")
    parser.add_argument("--samples", type=Path, default=Path("data/raw/pdf"), help="text-layer PDFs to make bad")
    parser.add_argument("--goldens", type=Path, default=Path("tests/golden"))
    parser.add_argument("--pages", type=int, metavar="N", help=f"pages of each rung at most (default {PAGES})")
    parser.add_argument("--rounds", type=int, help=f"rounds to take medians of (default {ROUNDS})")
    parser.add_argument("--quick", action="store_true", help="three rungs, few pages, short scans, one round")
    parser.add_argument("--only", choices=("scans", "ladder", "costs"), help="one part of the bench")
    parser.add_argument("--peak-of", choices=("road", "bare"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    logging.disable(logging.WARNING)  # the engine tells of every page
    if options.peak_of:
        work: Callable[..., object] = read_pages if options.peak_of == "road" else recognise
        for path in options.scans:
            work(render_pages(path), path.name)
        print(speed._own_peak())
        return 0
    return _print_all(options)


def _print_all(options: argparse.Namespace) -> int:
    from pipeline.bench.degrade import LADDER
    from pipeline.goldens import load_sets

    sets = load_sets(options.goldens)
    started = time.perf_counter()
    quick, only = options.quick, options.only
    if only != "ladder" and not _pdfs(options.scans):
        print(f"{', '.join(map(str, options.scans))}: no scan (.pdf) to measure on", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {_engine().name}\n", flush=True)
    if only in (None, "scans"):
        rows = measure_scans(options.scans, sets, QUICK_PAGES if quick else None)
        print("scans (unflagged: of the wrong ones)\n" + columns([HEADER, *rows]) + "\n", flush=True)
    if only in (None, "ladder"):
        numbers = QUICK_RUNGS if quick else range(len(LADDER))
        rows = measure_ladder(options.samples, sets, options.pages or (QUICK_PAGES if quick else PAGES), numbers)
        title = f"text layer made bad, {len(numbers)} of {len(LADDER)} rungs"
        print(title + "\n" + columns([HEADER, *rows]) + "\n", flush=True)
    if only in (None, "costs"):
        rounds = options.rounds or (QUICK_ROUNDS if quick else ROUNDS)
        print(columns(measure_costs(options.scans, QUICK_TIMED if quick else TIMED_PAGES, rounds)) + "\n", flush=True)
    print(f"{(time.perf_counter() - started) / 60:.1f} minutes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
