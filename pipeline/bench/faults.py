"""Measure what the checks find: single-cell faults put into right readings, counted by kind and by what they hurt.

`python -m pipeline.bench.faults [FOLDER] [--faults N] [--seed S]` reads the text-layer filings of a folder, which
hold no misreading, puts one fault after the other into one form (`seeded_faults`), and counts the faults with
which a check fails that did not fail before. Each kind of fault gets the same number; within a kind what it can
hurt takes turns. The last column counts what is found where the values take the places of their new cells: by the
values alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from pipeline.bench.printing import columns
from pipeline.bench.seeded_faults import (
    DIGIT,
    LOST,
    SHIFTED,
    SIGN,
    SWAPPED,
    Fault,
    lost_pointers,
    possible_faults,
    put_in,
    renumbered,
)
from pipeline.reading.check.agreement import agree_in_filing
from pipeline.reading.check.engine import check_form
from pipeline.reading.check.form import Cells
from pipeline.reading.risk import MONEY, NAME, POINTS, STRUCTURE, TARGET, TEXT
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Reader
from schemas.reading import FileReading, FormReading

SEED, FAULTS = 4, 300
KINDS = (DIGIT, SIGN, SHIFTED, LOST, SWAPPED)
HURT = (MONEY, POINTS, STRUCTURE, TARGET, NAME, TEXT)
AIMED = frozenset({MONEY, POINTS, STRUCTURE})
AIM, AIM_OF_ALL = 0.95, 0.60


Failing = tuple[int, str, str]
"""Form, rule and pointer of a check that fails."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A fault that was put in: whether a check found it, and whether one did by the values alone."""

    file: str
    fault: Fault
    found: bool
    by_values: bool


def draw(readings: Sequence[FileReading], count: int, seed: int) -> list[tuple[int, Fault]]:
    """So many faults as (number of the reading, fault), each kind as often, what they hurt by turns."""
    chance = np.random.default_rng(seed)
    pools: dict[tuple[str, str], list[tuple[int, Fault]]] = {}
    for number, reading in enumerate(readings):
        for index, form in enumerate(reading.forms):
            for fault in possible_faults(form, index, chance):
                pools.setdefault((fault.kind, fault.hurts), []).append((number, fault))
    for pool in pools.values():
        chance.shuffle(pool)
    drawn: list[tuple[int, Fault]] = []
    for kind in KINDS:
        of_kind = [pools[kind, hurt] for hurt in HURT if (kind, hurt) in pools]
        wanted = count // len(KINDS)
        while wanted and any(of_kind):
            for pool in of_kind:
                if pool and wanted:
                    drawn.append(pool.pop())
                    wanted -= 1
    return drawn


def try_out(readings: Sequence[FileReading], faults: Iterable[tuple[int, Fault]], words: Words) -> list[Trial]:
    """Each fault put into its form, the checks of the whole filing made again."""
    before = [_failing(list(reading.forms), reading, words) for reading in readings]
    trials = []
    for number, fault in faults:
        reading = readings[number]
        told = []
        for places in (True, False):
            forms = list(reading.forms)
            gone = lost_pointers(forms[fault.form], fault)
            forms[fault.form], tables = put_in(forms[fault.form], reading.tables, fault, words, places=places)
            known = {
                (form, rule, (renumbered(where, gone) or "") if form == fault.form else where)
                for form, rule, where in before[number]
            }
            blocks = tuple(tables)
            changed = replace(reading, document=replace(reading.document, blocks=blocks), forms=tuple(forms))
            told.append(bool(_failing(forms, changed, words) - known))
        trials.append(Trial(reading.name, fault, told[0], told[1]))
    return trials


def _failing(forms: list[FormReading], reading: FileReading, words: Words) -> set[Failing]:
    """(form, rule, pointer) of every check that fails in a filing."""
    cells = Cells(reading.tables)
    among = agree_in_filing(forms)
    return {
        (index, check.rule, check.where)
        for index, (form, more) in enumerate(zip(forms, among, strict=True))
        for check in (*check_form(form, cells, words), *more)
        if check.verdict.fails
    }


def table_of(trials: Sequence[Trial]) -> list[tuple[str, ...]]:
    """A row for each kind of fault and what it hurts, then the sums with their aims."""
    rows: list[tuple[str, ...]] = [("fault", "hurts", "faults", "found", "%", "by values alone", "aim", "met")]
    for kind in KINDS:
        for hurt in HURT:
            some = [t for t in trials if (t.fault.kind, t.fault.hurts) == (kind, hurt)]
            if some:
                rows.append(_row(kind, hurt, some))
    for hurt in HURT:
        if some := [t for t in trials if t.fault.hurts == hurt]:
            rows.append(_row("all", hurt, some))
    rows.append(_row("all", "money, points, structure", [t for t in trials if t.fault.hurts in AIMED], AIM))
    rows.append(_row("all", "all", trials, AIM_OF_ALL))
    return rows


def _row(kind: str, hurt: str, trials: Sequence[Trial], aim: float | None = None) -> tuple[str, ...]:
    caught, alone = sum(t.found for t in trials), sum(t.by_values for t in trials)
    share = caught / max(len(trials), 1)
    aimed = (f"≥ {aim:.0%}", "yes" if share >= aim else "no") if aim is not None else ("", "")
    return (kind, hurt, str(len(trials)), str(caught), f"{100 * share:.1f}", str(alone), *aimed)


def read_all(folder: Path, words: Words) -> list[FileReading]:
    """The PDFs below a folder, read by the whole road."""
    from extractors.intake import take_in
    from pipeline.running.worker import read_file
    from schemas.families import load_families

    families = load_families()
    paths = sorted(folder.rglob("*.pdf"))
    return [_as_ink(read_file(take_in(path, path.name), path.stem, families, words)) for path in paths]


def _as_ink(reading: FileReading) -> FileReading:
    """The reading as if it came of ink, where words can be lost: a text layer loses none, and the checks know it."""
    forms = []
    for form in reading.forms:
        source = form.record.source.model_copy(update={"reader": Reader.OCR})
        forms.append(replace(form, record=form.record.model_copy(update={"source": source})))
    return replace(reading, forms=tuple(forms))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Returns 0 whether the aims are met or not, 2 where there is nothing to measure."""
    from schemas.language.vocabulary import load_words

    parser = argparse.ArgumentParser(prog="python -m pipeline.bench.faults", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("data/raw/pdf"), metavar="FOLDER")
    parser.add_argument("--faults", type=int, default=FAULTS, help=f"number of faults (default {FAULTS})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed of the random numbers (default {SEED})")
    parser.add_argument("--missed", action="store_true", help="list the faults that no check found")
    options = parser.parse_args(arguments)
    words = load_words()
    readings = read_all(options.folder, words)
    if not any(reading.forms for reading in readings):
        print(f"{options.folder}: holds no .pdf with a form to put faults in", file=sys.stderr)
        return 2
    trials = try_out(readings, draw(readings, options.faults, options.seed), words)
    print(columns(table_of(trials)))
    for trial in trials if options.missed else ():
        if not trial.found:
            fault = trial.fault
            print(f"missed: {trial.file} form {fault.form}: {fault.kind} {fault.hurts} {fault.where} {fault.to[:40]!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
