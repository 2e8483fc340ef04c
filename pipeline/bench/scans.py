"""Measure how scans are read: what is right, what is wrong unseen, what is doubted for nothing; time and memory.

`python -m pipeline.bench.scans [--quick] [--pages N] [--scans DIR ...]` reads every scan that has goldens, then the
text-layer samples made bad in the steps of a ladder (`degrade`), and holds the records against the goldens.
A cell is a leaf value of a golden or a record, without the parsed `values`. It is flagged where a finding of a
doubt of reading points at it or at what it is a part of. `first 5 %`: how many of the wrong values that were read
stand among the first 5 % by their risk. Last come the seconds a page and the peak memory of the
whole road beside one bare PaddleOCR call on the same page images, and what the seconds are spent on.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.bench.memory import own_peak
from pipeline.bench.printing import Row, columns, machine, tell
from pipeline.bench.scan_costs import measure_costs, timed_scans
from pipeline.bench.scan_counts import Count, count_forms
from pipeline.bench.scan_pages import Pages, engine, families, page_count, pdfs, read_pages, recognise, render_pages
from pipeline.bench.scan_stages import measure_stages
from schemas.frozen import dataclass

if TYPE_CHECKING:
    from pipeline.bench.degrade import Rung
    from pipeline.people.goldens import Golden, GoldenSet

PAGES = 8  # of a rung; 27 rungs of them, the scans and the timing stay under twenty minutes on two cores
TIMED_PAGES = 9
ROUNDS = 3
QUICK_PAGES, QUICK_TIMED, QUICK_ROUNDS = 3, 3, 1
QUICK_RUNGS = (0, 14, 25)  # each level of everything that makes a page bad once
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
class Unit:
    """The fewest pages of a filing that hold whole forms: numbers of the pages from 1, and the forms' goldens."""

    path: Path
    pages: tuple[int, ...]
    goldens: tuple[Golden, ...]


def goldens_of(path: Path, sets: Sequence[GoldenSet]) -> GoldenSet | None:
    """The set whose scan a file is by its name, else the one that its leading number names."""
    named = next((s for s in sets if Path(s.sources.get("ocr", "")).name == path.name), None)
    number = path.stem.partition("_")[0]
    return named or next((s for s in sets if number.isdigit() and s.name == number), None)


def measure_scans(folders: Sequence[Path], sets: Sequence[GoldenSet], most_pages: int | None) -> list[Row]:
    """A row for each scan that has goldens, and their sum."""
    rows, total = [], Count()
    for path in pdfs(folders):
        known = goldens_of(path, sets)
        if known is None:
            tell(f"{path.name}: no goldens")
        elif most_pages is not None and page_count(path) > most_pages:
            tell(f"{path.name}: left out for its length")
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
        tell(f"{name}: breaks off: {type(error).__name__}: {error}")
        return count_forms([], goldens, len(pages)) + Count(failed=len(pages))
    count = count_forms(forms, goldens, len(pages))
    spent = time.perf_counter() - started
    tell(f"{name}: {spent:.1f} s, {count.wrong} of {count.cells} wrong, {count.silent} unflagged")
    return count


def find_units(folder: Path, sets: Sequence[GoldenSet]) -> list[Unit]:
    """The text-layer samples with goldens, cut where no form runs over the cut. The pages of the forms are those
    that the text road finds; a filing whose forms it does not find as the goldens have them stays whole."""
    from extractors.intake import take_in
    from pipeline.running.worker import read_file
    from schemas.language.vocabulary import load_words

    units = []
    for path in pdfs([folder]):
        known = goldens_of(path, sets)
        if known is None:
            continue
        reading = read_file(take_in(path, path.name), path.stem, families(), load_words())
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
        tell(rung.name)
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


def _row(name: str, count: Count) -> Row:
    from pipeline.reading.risk import share_of_wrong_by_risk

    figures = (count.pages, count.forms, count.cells, count.right, count.wrong, count.silent, count.doubted)
    right = 100 * count.right / max(count.cells, 1)
    doubted = 100 * count.doubted / max(count.right, 1)
    shares = share_of_wrong_by_risk(count.risks)
    first = [f"{100 * shares[k]:.0f} %" for k in ("first_1", "first_5", "first_10")]
    notes = [f"{count.lost_forms} forms too few or too many"] if count.lost_forms else []
    notes += [f"{count.failed} pages broke off"] if count.failed else []
    return (name, *map(str, figures), f"{right:.2f}", f"{doubted:.1f}", *first, *notes)


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
        print(own_peak())
        return 0
    return _print_all(options)


def _print_all(options: argparse.Namespace) -> int:
    from pipeline.bench.degrade import LADDER
    from pipeline.people.goldens import load_sets

    sets = load_sets(options.goldens)
    started = time.perf_counter()
    quick, only = options.quick, options.only
    if only != "ladder" and not pdfs(options.scans):
        print(f"{', '.join(map(str, options.scans))}: no scan (.pdf) to measure on", file=sys.stderr)
        return 2
    print(f"{machine()}, {engine().name}\n", flush=True)
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
        pages = QUICK_TIMED if quick else TIMED_PAGES
        print(columns(measure_costs(options.scans, pages, rounds)) + "\n", flush=True)
        print(columns(measure_stages(timed_scans(options.scans, pages))) + "\n", flush=True)
    print(f"{(time.perf_counter() - started) / 60:.1f} minutes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
