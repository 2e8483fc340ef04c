"""`python -m tests.soak`: hostile input through the command, each file in a process that may take its time limit.

Good files (generated PDFs, dumps, images, zips) are fuzzed: bytes flipped, cut, doubled, swapped, parts of two files
spliced. What ends in an error that the program does not know (`internal-error`), in a dead or hanging process, or in a
file outside the output folder is reported, with the seed that makes it again. Not run by the suite but in a small
version: a name that pytest does not collect.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import os
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from PIL import Image

if __package__:
    from .generator.archive import write_dump_file, write_pdf_file
    from .generator.lots import Lots
else:  # from within the folder, as the suite imports it
    from generator.archive import write_dump_file, write_pdf_file
    from generator.lots import Lots

SEED = 7
SEEDS_OF_EACH = 6  # good files of each kind, from which the fuzzed ones are made
LIMIT = 60.0  # seconds for one file: none of the good ones takes three
KINDS = ("pdf", "dump", "image", "zip")
SUFFIXES = {
    "pdf": (".pdf",),
    "dump": (".txt", ".tsv"),
    "image": (".png", ".jpg", ".tif"),
    "zip": (".zip", ".pdf", ".txt"),
}
TOKENS = (b"/Length", b"/Kids", b"/Count", b"/MediaBox", b"/Filter", b"/Contents", b"obj", b"endstream", b"xref")
HUGE = (
    b"99999999999",
    b"-1",
    b"0",
    b"[",
    b"<<",
    b"\x00",
    b"\xff" * 8,
    "≥".encode(),
    b"\t" * 500,
    b"\n" * 500,
    b"(" * 300,
)


@dataclass(slots=True)
class Report:
    """What came of the inputs. `categories` counts outcomes: failure categories, `read`, `passed over`."""

    inputs: int = 0
    seconds: float = 0.0
    categories: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.crashes or self.hangs or self.strays)

    def lines(self) -> Iterator[str]:
        yield f"{self.inputs} inputs in {self.seconds:.0f} s"
        yield ", ".join(f"{name} {count}" for name, count in sorted(self.categories.items()))
        for name, found in (("crash", self.crashes), ("hang", self.hangs), ("outside the output", self.strays)):
            yield f"{name}: {len(found)}"
            yield from (f"  {line}" for line in found)


def good_files(folder: Path) -> dict[str, list[bytes]]:
    """Bytes of good files by kind. Images are small and empty: what an engine makes of ink is not asked here."""
    out: dict[str, list[bytes]] = {kind: [] for kind in KINDS}
    for number in range(SEEDS_OF_EACH):
        lots = Lots(f"soak/{number}")
        for kind, write in (("pdf", write_pdf_file), ("dump", write_dump_file)):
            path = folder / "good"
            write(path, lots)
            out[kind].append(path.read_bytes())
            path.unlink()
        picture = io.BytesIO()
        Image.new("L", (120 + number, 160), 255).save(picture, ("PNG", "JPEG", "TIFF")[number % 3])
        out["image"].append(picture.getvalue())
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            name = lots.one(("绩效/表.txt", "../../up.txt", "/abs.pdf", "x" * 300 + ".txt", "a\x01b.pdf"))
            archive.writestr(name, lots.one(out["pdf"] + out["dump"]))
            archive.writestr("zeros.txt", bytes(2_000_000))
        out["zip"].append(packed.getvalue())
    return out


def fuzz(good: list[bytes], lots: Lots) -> bytes:
    """One hostile file: some changes to a good one. About one in twelve is rubbish from end to end."""
    if lots.chance(0.08):
        return lots.randbytes(lots.randint(0, 4000))
    data = bytearray(lots.one(good))
    changes: tuple[Callable[[bytearray, Lots], bytearray], ...] = (_flip, _cut, _double, _insert, _swap, _tokens)
    for _ in range(lots.one((1, 1, 2, 3, 8))):
        data = lots.one(changes)(data, lots)
    if lots.chance(0.1):
        other = lots.one(good)
        data = data[: len(data) // 2] + other[len(other) // 2 :]
    return bytes(data)


def readable(data: bytes) -> bytes:
    """A fuzzed dump without what makes its bytes no text: else the search for its encoding would be all that is
    tried."""
    whole = max((data.decode(name, "ignore") for name in ("utf-8", "gb18030")), key=lambda text: text.count("绩效"))
    return whole.encode()


def _flip(data: bytearray, lots: Lots) -> bytearray:
    for _ in range(lots.one((1, 5, 50))):
        if data:
            data[lots.randrange(len(data))] = lots.randrange(256)
    return data


def _cut(data: bytearray, lots: Lots) -> bytearray:
    at = lots.randint(0, len(data))
    return data[:at] + data[at + lots.one((1, 10, 1000, len(data))) :]


def _double(data: bytearray, lots: Lots) -> bytearray:
    at = lots.randint(0, len(data))
    return data[:at] + data[at : at + lots.one((10, 500, 20000))] * lots.randint(1, 4) + data[at:]


def _insert(data: bytearray, lots: Lots) -> bytearray:
    at = lots.randint(0, len(data))
    return data[:at] + lots.one(HUGE) + data[at:]


def _swap(data: bytearray, lots: Lots) -> bytearray:
    a, b = sorted((lots.randint(0, len(data)), lots.randint(0, len(data))))
    return data[b:] + data[a:b] + data[:a] if lots.chance(0.2) else data[:a] + data[b:] + data[a:b]


def _tokens(data: bytearray, lots: Lots) -> bytearray:
    """Change a number behind a key of a PDF, or a key itself."""
    token = lots.one(TOKENS)
    places = [i for i in range(len(data)) if data.startswith(token, i)] if token in data else []
    if not places:
        return _insert(data, lots)
    at = lots.one(places) + (len(token) if lots.chance(0.7) else 0)
    return data[:at] + b" " + lots.one(HUGE) + b" " + data[at:]


def soak(root: Path, count: int, *, seed: int = SEED, limit: float = LIMIT, most: float = 3600.0) -> Report:
    """Read `count` hostile files below `root`, until `most` seconds are over; the output is `root`/out."""
    begun = time.perf_counter()
    report = Report()
    inside = root / "in"
    inside.mkdir()
    good = good_files(root)
    worker = _Worker(root / "out")
    before = _tree(root)
    for number in range(count):
        if time.perf_counter() - begun > most:
            break
        lots = Lots(f"{seed}/{number}")
        kind = lots.one(KINDS)
        path = inside / f"{number:05d}{lots.one(SUFFIXES[kind])}"
        data = fuzz(good[kind], lots)
        path.write_bytes(readable(data) if kind == "dump" and lots.chance(0.8) else data)
        report.inputs += 1
        outcome = worker.read(path, limit)
        name = f"seed {seed} number {number} ({kind}, {path.suffix})"
        if outcome is None:
            (report.hangs if worker.timed_out else report.crashes).append(f"{name}: the process {worker.end}")
            report.categories["hang" if worker.timed_out else "dead"] += 1
        else:
            for category, message in outcome:
                report.categories[category] += 1
                if category in ("internal-error", "exception"):
                    report.crashes.append(f"{name}: {message}")
        path.unlink()
        strays = _tree(root) - before
        report.strays += [f"{name}: {stray}" for stray in sorted(strays)]
        before |= strays
    worker.close()
    report.seconds = time.perf_counter() - begun
    return report


def _tree(root: Path) -> set[str]:
    """Every path below the folder that is not in the output."""
    out = root / "out"
    return {
        str(Path(place, name))
        for place, folders, names in os.walk(root)
        for name in (*folders, *names)
        if not Path(place, name).is_relative_to(out)
    }


Outcome = list[tuple[str, str]]


class _Worker:
    """A process that reads one file after the other; a new one takes over where it dies or hangs."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.timed_out = False
        self.end = ""
        self.process: multiprocessing.process.BaseProcess | None = None
        self.pipe: Connection | None = None

    def read(self, path: Path, limit: float) -> Outcome | None:
        """(category, message) of what came of the file; None where the process hung or died."""
        if self.process is None or self.pipe is None:
            context = multiprocessing.get_context("spawn")
            self.pipe, other = context.Pipe()
            self.process = context.Process(target=_serve, args=(other, str(self.out)), daemon=True)
            self.process.start()
            other.close()
        self.timed_out = False
        try:
            self.pipe.send(str(path))
            if self.pipe.poll(limit):
                outcome: Outcome = self.pipe.recv()
                return outcome
            self.timed_out = True
            self.end = f"took more than {limit:.0f} s"
        except (EOFError, ConnectionError):  # the other end is gone
            self.process.join(5)
            self.end = f"ended with {self.process.exitcode}"
        self.close()
        return None

    def close(self) -> None:
        if self.process is not None and self.pipe is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()
        self.process = self.pipe = None


def _serve(pipe: Connection, out: str) -> None:
    """Read what is named, by the command itself, and say what came of it."""
    from typer.testing import CliRunner

    from pipeline.cli import app

    runner = CliRunner()
    while True:
        try:
            path = pipe.recv()
        except EOFError:
            return
        with contextlib.redirect_stderr(io.StringIO()):
            result = runner.invoke(app, ["run", path, "--out", out, "--jobs", "0"])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            pipe.send([("exception", repr(result.exception)[:500])])
            continue
        name = Path(path).name
        with contextlib.closing(sqlite3.connect(Path(out) / "jixiao.db")) as database:
            rows = database.execute(
                "SELECT category, message FROM failures WHERE file = ? OR substr(file, 1, ?) = ?",
                (name, len(name) + 1, name + "/"),
            ).fetchall()
        pipe.send(rows or [("read" if result.exit_code == 0 else "exception", result.output[-500:])])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--seconds", type=float, default=3600.0, help="end after so many, whatever is left")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = soak(Path(folder), options.inputs, seed=options.seed, most=options.seconds)
    print("\n".join(report.lines()))
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
