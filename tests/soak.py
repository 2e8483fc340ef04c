"""`python -m tests.soak`: hostile input through the command, each file in a process that may take its time limit.

Good files (generated PDFs, dumps, images, zips, office files, pages) are fuzzed: bytes flipped, cut, doubled, swapped,
parts of two files spliced; or their structure is changed (`soak_structured`). Dumps hold the worst strings for each of
the program's patterns, files of every hostile kind are among them, and healthy ones. What ends in an error that the
program does not know (`internal-error`), in a dead or hanging process, in a file outside the output folder, or, where
the file is healthy, in a refusal is reported, with the seed and the number that make it again. A long soak can be run
in parts: each input depends on its seed and number alone. Not run by the suite but in a small version: a name that
pytest does not collect.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import multiprocessing
import os
import re
import sqlite3
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
from PIL import Image

if __package__:  # its helpers are named as the suite names them
    sys.path.insert(0, str(Path(__file__).parent))

from generator.archive import write_dump_file, write_pdf_file
from generator.lots import Lots
from helpers_carriers import as_blocks, as_html, as_rich_text, as_sheet_xml, write_open_document
from helpers_office import write_docx, write_xlsx
from helpers_xls import write_xls, xls_sheet
from hostile_marked import MARKED
from hostile_pages import PAGED
from patterns import expressions, worst
from soak_structured import WRITTEN, structured

SEED = 7
SEEDS_OF_EACH = 6  # good files of each kind, from which the fuzzed ones are made
LIMIT = 60.0  # seconds of a processor for one file: none of the good ones takes three
WAITS = 20  # times as long may pass
FOLDER = 500  # files that are read into one output: a long database would be what is measured
WORST = 10_000  # characters of a string that is the worst for a pattern
WORST_OF_EACH = 40  # such strings of each pattern
FUZZED = ("pdf", "dump", "image", "zip", "office")
KINDS = (*FUZZED, "structured", "structured", "pattern", "healthy")
HEALTHY = ("pdf", "dump", "office")  # of which each file must be read as it is
SUFFIXES = {
    "pdf": (".pdf",),
    "dump": (".txt", ".tsv"),
    "image": (".png", ".jpg", ".tif"),
    "zip": (".zip", ".pdf", ".txt"),
    "office": (".docx", ".xlsx", ".xls", ".ods", ".html", ".rtf", ".zip"),
}
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
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
    untrue: list[str] = field(default_factory=list)  # refusals of healthy files
    healthy: int = 0
    slowest: tuple[float, str] = (0.0, "")
    spent: Counter[str] = field(default_factory=Counter)  # seconds of a processor, by the kind of the input
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def good(self) -> bool:
        return not (self.crashes or self.hangs or self.strays or self.untrue)

    def lines(self) -> Iterator[str]:
        yield f"{self.inputs} inputs in {self.seconds:.0f} s, {self.healthy} of them healthy"
        yield ", ".join(f"{name} {count}" for name, count in sorted(self.categories.items()))
        for kind, seconds in self.spent.most_common():
            yield f"{kind}: {self.kinds[kind]} inputs, {seconds:.1f} s of a processor"
        yield "slowest: {:.1f} s, {}".format(*self.slowest)
        for name, found in (
            ("crash", self.crashes),
            ("hang", self.hangs),
            ("outside the output", self.strays),
            ("healthy, and refused", self.untrue),
        ):
            yield f"{name}: {len(found)}"
            yield from (f"  {line}" for line in found)


def good_files(folder: Path) -> dict[str, list[bytes]]:
    """Bytes of good files by kind. Images are small and empty: what an engine makes of ink is not asked here."""
    out: dict[str, list[bytes]] = {kind: [] for kind in FUZZED}
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
            for each, data in ((name, lots.one(out["pdf"] + out["dump"])), ("zeros.txt", bytes(2_000_000))):
                archive.writestr(zipfile.ZipInfo(each, WRITTEN), data, zipfile.ZIP_DEFLATED)
        out["zip"].append(packed.getvalue())
    out["office"] = [data for _, data in office_files(folder)]
    return out


def office_files(folder: Path) -> list[tuple[str, bytes]]:
    """(suffix, bytes) of the same form as the programs of an office and of the web write it."""
    blocks = as_blocks()
    write_docx(folder / "x.docx", blocks)
    write_xlsx(folder / "x.xlsx", blocks)
    write_xls(folder / "x.xls", [xls_sheet("表", blocks)])
    for suffix in (".odt", ".ods"):
        write_open_document(folder / f"x{suffix}")
    (folder / "x.rtf").write_bytes(as_rich_text())
    (folder / "x.html").write_text(f"<html><body>{as_html()}</body></html>", encoding="utf-8")
    message = f"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html>{as_html()}</html>"
    (folder / "x.mht").write_text(message, encoding="utf-8")
    (folder / "y.xls").write_text(as_sheet_xml(), encoding="utf-8")
    made = sorted(folder.glob("[xy].*"))
    files = [(path.suffix, undated(path.read_bytes())) for path in made]
    for path in made:
        path.unlink()
    return files


def undated(data: bytes) -> bytes:
    """A package without the moment at which it was written: the same file whenever it is made."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as written:
        for entry in given.infolist():
            content = MOMENT.sub(b"2024-01-01T00:00:00Z", given.read(entry))
            written.writestr(zipfile.ZipInfo(entry.filename, WRITTEN), content, entry.compress_type)
    return out.getvalue()


@cache
def worst_strings() -> list[tuple[str, str, str]]:
    """(before, repeated, behind) of the strings that may cost the program's patterns most."""
    seen = dict.fromkeys(each.text for each in expressions(called=False)[0])
    return [each for pattern in seen for each in itertools.islice(worst(pattern), WORST_OF_EACH)]


def worst_dump(before: str, pump: str, behind: str) -> bytes:
    """A form with such a string in its cells and as a line."""
    string = before + pump * (WORST // len(pump)) + behind
    head = "项目支出绩效目标表\n一级指标\t二级指标\t三级指标\t指标值\n"
    return f"{head}产出指标\t数量指标\t{string}\t{string}\n{string}\n".encode("utf-8", "replace")


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


@dataclass
class _Inputs:
    """What the hostile files are made of."""

    seed: int
    good: dict[str, list[bytes]]
    healthy: list[tuple[str, bytes]]
    worst: list[tuple[str, str, str]]
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def made(cls, folder: Path, seed: int) -> _Inputs:
        good, office = good_files(folder), office_files(folder)
        healthy = [*office, *((".pdf", data) for data in good["pdf"]), *((".txt", data) for data in good["dump"])]
        return cls(seed, good, healthy, worst_strings())

    def draw(self, number: int) -> tuple[str, str, bytes]:
        """(kind, suffix, bytes) of a file. The first ones are those of every hostile kind."""
        kinds = [*MARKED.items(), *PAGED.items()]
        if number < len(kinds):
            name, (suffix, make) = kinds[number]
            return f"hostile: {name}", suffix, make()
        lots = Lots(f"{self.seed}/{number}")
        kind = lots.one(KINDS)
        if kind == "structured":
            with self.lock:  # hypothesis draws in one thread at a time
                return kind, *structured(
                    [*self.healthy, *((".zip", data) for data in self.good["zip"])], self.seed, number
                )
        if kind == "pattern":
            return kind, ".txt", worst_dump(*lots.one(self.worst))
        if kind == "healthy":
            return kind, *lots.one(self.healthy)
        data = fuzz(self.good[kind], lots)
        return kind, lots.one(SUFFIXES[kind]), readable(data) if kind == "dump" and lots.chance(0.8) else data


def soak(
    root: Path,
    count: int,
    *,
    seed: int = SEED,
    first: int = 0,
    limit: float = LIMIT,
    most: float = 3600.0,
    workers: int = 1,
) -> Report:
    """Read `count` hostile files below `root`, from number `first` on, until `most` seconds are over; the outputs are
    `root`/out…."""
    begun = time.perf_counter()
    report = Report()
    (root / "in").mkdir()
    inputs = _Inputs.made(root, seed)
    before = _tree(root)
    numbers = itertools.takewhile(lambda _: time.perf_counter() - begun <= most, range(first, first + count))

    def part(own: int) -> None:
        worker = _Worker(root / f"out{own}")
        for done in itertools.count(1):
            with inputs.lock:
                number = next(numbers, None)
            if number is None:
                break
            if done % FOLDER == 0:
                worker.close()
                worker.out = root / f"out{own}-{done}"
            _try(worker, inputs, number, root / "in", limit, report)
        worker.close()

    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(part, range(workers)))
    report.strays += sorted(_tree(root) - before)
    report.seconds = time.perf_counter() - begun
    return report


def _try(worker: _Worker, inputs: _Inputs, number: int, folder: Path, limit: float, report: Report) -> None:
    """Let a worker read a file, and note what comes of it."""
    kind, suffix, data = inputs.draw(number)
    path = folder / f"{number:05d}{suffix}"
    path.write_bytes(data)
    name = f"seed {inputs.seed} number {number} ({kind}, {suffix})"
    begun = time.perf_counter()
    outcome = worker.read(path, limit)
    path.unlink()
    with inputs.lock:
        report.inputs += 1
        report.slowest = max(report.slowest, (time.perf_counter() - begun, name))
        report.kinds[kind.partition(":")[0]] += 1
        report.spent[kind.partition(":")[0]] += worker.spent
        if outcome is None:
            (report.hangs if worker.timed_out else report.crashes).append(f"{name}: the process {worker.end}")
            report.categories["hang" if worker.timed_out else "dead"] += 1
        for category, message in outcome or []:
            report.categories[category] += 1
            if category in ("internal-error", "exception"):
                report.crashes.append(f"{name}: {message}")
            elif kind == "healthy" and category != "read":
                report.untrue.append(f"{name}: {message}")
        report.healthy += kind == "healthy"


def _tree(root: Path) -> set[str]:
    """Every path below the folder that is not in an output."""
    return {
        str(Path(place, name))
        for place, folders, names in os.walk(root)
        for name in (*folders, *names)
        if not Path(place, name).relative_to(root).parts[0].startswith("out")
    }


Outcome = list[tuple[str, str]]


class _Worker:
    """A process that reads one file after the other; a new one takes over where it dies or hangs."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.timed_out = False
        self.end = ""
        self.spent = 0.0  # seconds of a processor for the last file
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
        self.timed_out, self.spent = False, 0.0
        try:
            self.pipe.send(str(path))
            before, begun = self._used(), time.monotonic()
            while not self.pipe.poll(min(limit, 1.0)):
                # of its own time: a busy machine is slow, but a process that waits for ever spends none
                self.spent = self._used() - before
                if self.spent > limit or time.monotonic() - begun > (limit if limit < 1 else WAITS * limit):
                    break
            else:
                outcome: Outcome = self.pipe.recv()
                self.spent = self._used() - before
                return outcome
            self.timed_out = True
            self.end = f"took more than {limit:.0f} s"
        except (EOFError, ConnectionError):  # the other end is gone
            self.process.join(5)
            self.end = f"ended with {self.process.exitcode}"
        self.close()
        return None

    def _used(self) -> float:
        """The seconds of a processor that the process has used."""
        with contextlib.suppress(psutil.Error):
            if self.process is not None:
                times = psutil.Process(self.process.pid).cpu_times()
                return float(times.user + times.system)
        return 0.0

    def close(self) -> None:
        if self.process is not None and self.pipe is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()
        self.process = self.pipe = None


def _serve(pipe: Connection, out: str) -> None:
    """Read what is named, as the command does, and say what came of it."""
    from pipeline.archive.store import Store
    from pipeline.running.files import find_inputs
    from pipeline.running.processes import end_with
    from pipeline.running.run import run
    from pipeline.running.silence import silence
    from schemas.families import load_families
    from schemas.language.vocabulary import load_words

    end_with(os.getppid())
    silence()
    families, words = load_families(), load_words()
    Path(out).mkdir(exist_ok=True)
    with Store.open(Path(out) / "jixiao.db") as store:
        while True:
            try:
                path = pipe.recv()
            except EOFError:
                return
            try:
                run(find_inputs([path]), store, Path(out), families, words)
                pipe.send(_outcome(Path(out), Path(path).name))
            except Exception as error:  # noqa: BLE001 - what the command would end with
                pipe.send([("exception", repr(error)[:500])])


def _outcome(out: Path, name: str) -> Outcome:
    with contextlib.closing(sqlite3.connect(out / "jixiao.db")) as database:
        rows = database.execute(
            "SELECT category, message FROM failures WHERE file = ? OR substr(file, 1, ?) = ?",
            (name, len(name) + 1, name + "/"),
        ).fetchall()
    return rows or [("read", "")]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--first", type=int, default=0, help="number of the first input: where an earlier part ended")
    parser.add_argument("--seconds", type=float, default=3600.0, help="end after so many, whatever is left")
    parser.add_argument("--workers", type=int, default=1, help="files that are read at a time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        given = {"seed": options.seed, "first": options.first, "workers": options.workers}
        report = soak(Path(folder), options.inputs, most=options.seconds, **given)
    print("\n".join(report.lines()))
    if report.inputs < options.inputs:
        print(f"not all of them: go on with --first {options.first + report.inputs}")
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
