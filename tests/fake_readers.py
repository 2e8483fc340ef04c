"""Readers that hang, die, swallow memory, or give rubbish, by the name of the file: what a worker may meet."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
import time
from typing import Any

from extractors import intake
from extractors.headway import long_page_begins, page_read
from extractors.refusals import EngineTimedOut
from pipeline.running.worker import Job, Tools, read_job
from schemas.reading import FileReading


def by_name(job: Job, tools: Tools, seconds: dict[str, float]) -> FileReading:
    """Reads a file after what its name says was done."""
    name, path = job.item.shown, job.item.path
    if "hang" in name:
        time.sleep(1000)
    if "sniffed" in name:
        intake.look_at = lambda _: time.sleep(1000)
    if "locked" in name:
        re.match(r"(a|a)*b", "a" * 200)  # C code that holds the interpreter for ages
    if "die" in name:
        os.kill(os.getpid(), signal.SIGKILL)
    if "segfault" in name:
        ctypes.string_at(0)
    if "once" in name:
        mark = path.with_suffix(".mark")
        if not mark.exists():
            mark.touch()
            os._exit(3)
    if "gulp" in name:
        held: list[Any] = []
        while True:
            held.append(bytearray(os.urandom(1 << 20) * 20))
            time.sleep(0.01)
    if "memory" in name:
        raise MemoryError
    if "slow" in name:
        time.sleep(1.5)
    if "fails" in name:
        raise ValueError("it fails here")
    return read_job(job, tools, seconds)


HUNG: list[str] = []


def slow_engine(job: Job, tools: Tools, seconds: dict[str, float]) -> FileReading:
    """Its OCR engine hangs on a page, and from then on on every page of this process."""
    if HUNG or "slow" in job.item.shown:
        HUNG.append(job.item.shown)
        raise EngineTimedOut(job.item.shown, "it still hangs on an earlier page" if HUNG[1:] else "no answer")
    return read_job(job, tools, seconds)


def noisy(job: Job, tools: Tools, seconds: dict[str, float]) -> FileReading:
    """Prints as libraries do, from Python and from C."""
    print("noise")
    print("noise", file=sys.stderr)
    for stream in (1, 2):
        os.write(stream, b"noise\n")
    return read_job(job, tools, seconds)


def slow_pages(job: Job, tools: Tools, seconds: dict[str, float]) -> FileReading:
    """Reads as a scan of four pages is read: each takes its time."""
    for page in range(1, 5):
        long_page_begins(page, 4)
        time.sleep(0.3)
        print("noise", file=sys.stderr)
        page_read(page, 4)
    return read_job(job, tools, seconds)


def rubbish(job: Job, tools: Tools, seconds: dict[str, float]) -> Any:
    """Gives what cannot be sent."""
    return lambda: None


def leaky(job: Job, tools: Tools, seconds: dict[str, float]) -> FileReading:
    """Writes down who reads, and keeps a bit of memory each time."""
    with job.item.path.with_name("who").open("a") as stream:
        stream.write(f"{os.getpid()}\n")
    if "leak" in job.item.shown:
        KEPT.extend(bytearray(os.urandom(1 << 20)) for _ in range(150))  # a piece at a time: no more is held than kept
    return read_job(job, tools, seconds)


KEPT: list[bytearray] = []


def never(job: Job, tools: Tools, seconds: dict[str, float]) -> FileReading:
    raise AssertionError("this file should not be read")
