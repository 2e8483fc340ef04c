"""`python -m tests.losses`: the power goes while a run writes, again and again; each time the run is called again.

A process reads an archive and ends, without another word, at a step of its writing that is drawn by chance: what it
had not told the disk to keep may be gone then, of the database too the last transactions. After the losses the run goes
on to its end, and the database and the records are held against those of a run that nobody disturbed. Not run by the
suite but in a small version: a name that pytest does not collect.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

if __package__:
    from .generator.archive import FILES, write_archive
    from .helpers_jobs import whole
    from .kills import ROOT, differences, start
else:  # from within the folder, as the suite imports it
    from generator.archive import FILES, write_archive
    from helpers_jobs import whole
    from kills import ROOT, differences, start

POWERLESS = 7  # the exit code of a process that lost its power
UNTOUCHED = 4 << 20  # bytes of a log of transactions below which none of it is in the database itself yet

LOSE = """
import os, random, sys
from pathlib import Path
import helpers_disk
from losses import lose_transactions
out, end, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
class Gone(helpers_disk.Disk):
    def next(self):
        try:
            super().next()
        except helpers_disk.PowerLoss:
            lose_transactions(self.out, self.draw)
            os._exit(%d)
class Patch:
    setattr = staticmethod(setattr)
Gone(out, end, random.Random(seed)).take_over(Patch())
sys.argv = ["jixiao", *sys.argv[4:]]
from pipeline.cli import main
main()
"""


def lose_transactions(out: Path, draw: random.Random) -> None:
    """Cut the log of the database's transactions somewhere: the last ones were not told to be kept."""
    log = out / "jixiao.db-wal"
    if log.exists() and log.stat().st_size < UNTOUCHED and draw.random() < 0.7:
        os.truncate(log, draw.randint(0, log.stat().st_size))


def lose(folder: Path, out: Path, step: int, seed: int) -> bool:
    """A run that loses its power at a step of its writing; whether it got so far."""
    arguments = ["run", str(folder), "--out", str(out), "--jobs", "1", "--quiet"]
    command = [sys.executable, "-c", LOSE % POWERLESS, str(out), str(step), str(seed), *arguments]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    return done.returncode == POWERLESS


def lose_and_resume(folder: Path, out: Path, steps: Sequence[int], seed: int) -> tuple[int, list[str], int]:
    """Lose the power at each of these steps, each run going on where the last one was: how many runs got to their step,
    the records that were found without content, and the exit code of the run that ends."""
    losses, empty = 0, []
    for number, step in enumerate(steps):
        losses += lose(folder, out, step, seed + number)
        empty += [str(path) for path in (out / "records").rglob("*.json") if not path.read_bytes()]
    return losses, empty, start(folder, out).wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.losses", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--losses", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_archive(root / "in", options.files, seed=options.seed)
        folder, lost, undisturbed = root / "in" / FILES, root / "lost", root / "undisturbed"
        code = start(folder, undisturbed).wait()
        steps = [draw.randint(1, 12) for _ in range(options.losses)]  # two files take about so many
        losses, empty, resumed = lose_and_resume(folder, lost, steps, options.seed)
        differ = differences(undisturbed, lost)
        lines = len(whole(undisturbed))
    print(f"{losses} of {options.losses} losses of power while a run wrote; {lines} lines of the database compared")
    print("\n".join([f"{len(empty)} empty records, {len(differ)} differ", *empty[:20], *differ[:20]]))
    return 0 if losses == options.losses and resumed == code and not differ and not empty else 1


if __name__ == "__main__":
    sys.exit(main())
