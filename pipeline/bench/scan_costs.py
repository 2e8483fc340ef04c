"""What reading scans costs: seconds a page and peak memory of the whole road beside one bare PaddleOCR call."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from pipeline.bench.memory import peak_of
from pipeline.bench.printing import Row, tell
from pipeline.bench.scan_pages import Pages, page_count, pdfs, read_pages, recognise, render_pages

RATIO_AIM = 1.3  # times one bare PaddleOCR call
MEMORY_AIM = 1200.0  # MB a process


def measure_costs(folders: Sequence[Path], most_pages: int, rounds: int) -> list[Row]:
    """Seconds a page (sum of the filings' medians) and peak memory of the road and of bare PaddleOCR."""
    paths = timed_scans(folders, most_pages)
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
                tell(f"{path.name}: {names[i]} {times[i][-1] / len(pages):.2f} s a page")
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


def timed_scans(folders: Sequence[Path], most_pages: int) -> list[Path]:
    """Whole scans, the shortest first, up to a number of pages; one at least."""
    paths: list[Path] = []
    pages = 0
    for path in sorted(pdfs(folders), key=lambda p: (page_count(p), p.name)):
        pages += page_count(path)
        if paths and pages > most_pages:
            break
        paths.append(path)
    return paths


def peak_memory(who: str, paths: Sequence[Path]) -> float:
    """Peak memory in MB of a fresh process in which `who` (road, bare) reads the scans once."""
    return peak_of("pipeline.bench.scans", "--peak-of", who, "--scans", *map(str, paths))
