"""`python -m tests.review_soak`: a reviewer works through many values of a generated archive in a real browser, with
keys alone; says how long it took from one value to the next, and fails where a wait was longer than --most ms.

A wait is the time from the key to the next value standing there with its own page drawn, so that a verdict counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page

if __package__:  # its helpers are named as the suite names them
    sys.path.insert(0, str(Path(__file__).parent))

from generator.archive import FILES, SEED, write_archive
from helpers_browser import opened, started, until, wait

from pipeline.archive.store import Store
from pipeline.review.app import make_app
from pipeline.review.queue import queue

RUN = "from pipeline.cli import main; main()"
READY = "document.documentElement.dataset.ready === 'yes'"
WATCH = """() => {
  const at = () => document.querySelector('.count').innerText.match(/([0-9]+)\\//)?.[1];
  const soak = window.soak = { waits: [], asked: 0, from: 0, at: at() };
  const fetched = window.fetch;
  window.fetch = (url, options) => {
    if (soak.from && !options?.method && /forms/.test(url)) soak.asked++;
    return fetched(url, options);
  };
  const look = () => {
    if (!soak.from || document.documentElement.dataset.ready !== 'yes' || at() === soak.at) return;
    soak.waits.push(performance.now() - soak.from);
    soak.from = 0;
  };
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(() => queueMicrotask(look)).observe(document.documentElement, all);
  const pressed = (event) => {
    if (!/^[auwn]$/.test(event.key)) return;
    soak.from = performance.now();
    soak.at = at();
  };
  document.addEventListener('keydown', pressed, true);
}"""
KEYS = "aaaaaaanaaauaaaaw"  # what the reviewer says, over and over
SHARES = (0.5, 0.95, 0.99)  # of the waits, that are told
FEW = 10  # waits that were too long are named


@dataclass(frozen=True)
class Worked:
    """How many values were decided or gone past, the waits in ms in their order, and how many requests for forms and
    pages began while somebody waited."""

    decided: int
    waits: Sequence[float]
    asked_while_waiting: int


class Reviewer:
    """Somebody who looks at each value for `think` seconds and presses a key."""

    def __init__(self, page: Page, think: float) -> None:
        self.page = page
        self.think = think

    def work(self, values: int) -> Worked:
        page = self.page
        until(page, READY)
        page.evaluate(WATCH)
        for n in range(values):
            time.sleep(self.think)
            page.keyboard.press(KEYS[n % len(KEYS)])
            page.wait_for_function(
                "n => window.soak.waits.length > n || document.querySelector('.right .notice')", arg=n
            )
            if page.evaluate("window.soak.waits.length") <= n:
                return Worked(n, page.evaluate("window.soak.waits"), page.evaluate("window.soak.asked"))
        return Worked(values, page.evaluate("window.soak.waits"), page.evaluate("window.soak.asked"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.review_soak", description=__doc__)
    parser.add_argument("--files", type=int, default=230, help="files of the archive; some hold several forms")
    parser.add_argument("--values", type=int, default=500)
    parser.add_argument("--think", type=float, default=0.4, help="seconds that the reviewer looks at a value")
    parser.add_argument("--most", type=float, default=150.0, help="ms that a wait may take")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="review-soak-"))
    try:
        write_archive(folder / "archive", options.files, seed=SEED)
        raw, out = folder / "archive" / FILES, folder / "out"
        command = [sys.executable, "-c", RUN, "run", str(raw), "--out", str(out), "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):  # 1: some file failed, as the archive means it
            sys.exit(f"the archive was not read: {done.stderr}")
        with Store.open(out / "jixiao.db", create=False) as store:
            print(f"{len(list(store.records()))} forms, {queue(store).total} doubtful values", flush=True)
            with served(store, raw) as url, started() as browser:
                page = opened(browser, url + "?view=queue")
                worked = Reviewer(page, options.think).work(options.values)
                until(page, "!document.querySelector('.pending')")
            kept = store.query("SELECT count(*) FROM reviews")[1][0][0]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(told(worked, kept, options.most)))
    return 0 if worked.decided == options.values and max(worked.waits) <= options.most else 1


def told(worked: Worked, kept: int, most: float) -> list[str]:
    """What came of it, in lines: the waits, those that were too long with their place and key, and how busy the
    machine was, without which the waits say nothing."""
    waits = sorted(worked.waits)
    at = {f"{share:.0%}": waits[min(len(waits) - 1, int(len(waits) * share))] for share in SHARES}
    long = sorted(((ms, n) for n, ms in enumerate(worked.waits) if ms > most), reverse=True)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return [
        f"{worked.decided} values, {kept} looks in the database, {worked.asked_while_waiting} requests while waiting",
        f"waits in ms: {', '.join(f'{name} {ms:.0f}' for name, ms in at.items())}, longest {waits[-1]:.0f}",
        f"waits over {most:.0f} ms: {len(long)}",
        *(f"  value {n + 1}, key {KEYS[n % len(KEYS)]}: {ms:.0f} ms" for ms, n in long[:FEW]),
        f"load of the machine in the last 1, 5, 15 minutes: {load}; processors: {os.cpu_count()}",
    ]


@contextmanager
def served(store: Store, folder: Path, by: str = "王", **how: Any) -> Iterator[str]:
    """The review page on a free port."""
    server = uvicorn.Server(uvicorn.Config(make_app(store, [folder], by=by, **how), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait(lambda: server.started, "the server starts")
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    sys.exit(main())
