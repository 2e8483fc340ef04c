"""`python -m tests.generator --files 1000 --out DIR`: write an archive with its truth; `--run` reads and judges it.

`python -m tests.generator --layouts 2000 --roads pdf docx` draws forms of random layouts instead, reads and judges them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .archive import FILES, SEED, write_archive
from .arranged.trial import ROADS, try_seeds
from .finish import OPEN, PRINTS
from .judge import judge_run

RUN = "from pipeline.cli import main; main()"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    parser.add_argument("--files", type=int, default=1000, help="how many files")
    parser.add_argument("--out", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--layouts", type=int, help="draw so many forms of random layouts, from --first on")
    parser.add_argument("--first", type=int, default=0, help="the seed of the first of them")
    parser.add_argument("--roads", nargs="+", choices=[road[1:] for road in ROADS], default=["pdf"])
    parser.add_argument("--rules", choices=[*PRINTS, *OPEN], default="", help="how paper draws the borders of cells")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--scans", type=int, default=0, help="how many of the files are scans (some seconds each)")
    parser.add_argument("--run", action="store_true", help="read the archive with jixiao and hold it against its truth")
    parser.add_argument("run_options", nargs="*", help="behind `--`: options for jixiao run, such as --jobs 2")
    options = parser.parse_args()
    if options.layouts is not None:
        return try_layouts(range(options.first, options.first + options.layouts), options.roads, options.rules)
    if options.out is None:
        parser.error("--out or --layouts is needed")
    if options.out.exists():
        parser.error(f"{options.out} is there already; name a new folder")
    begun = time.perf_counter()
    made = write_archive(options.out, options.files, seed=options.seed, scans=options.scans)
    print(f"wrote {len(made)} files in {time.perf_counter() - begun:.0f} s")
    if not options.run:
        return 0
    begun = time.perf_counter()
    results = options.out / "results"
    command = [sys.executable, "-c", RUN, "run", str(options.out / FILES), "--out", str(results), *options.run_options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"jixiao run: exit code {done.returncode}, {time.perf_counter() - begun:.0f} s")
    verdict = judge_run([json.loads(json.dumps(each.as_dict())) for each in made], results)
    print("\n".join(verdict.lines()))
    return 1 if verdict.silent or verdict.amiss else 0


def try_layouts(seeds: range, roads: Sequence[str], rules: str) -> int:
    """Print what is wrong on each road; 1 where something is, and silent."""
    silent = 0
    for road in roads:
        score = try_seeds(seeds, f".{road}", rules)
        print("\n".join(score.lines()))
        silent += len(score.silent)
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
