"""Workers on this machine: processes of their own, each with its own OCR engine, started afresh (not forked)."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType

import psutil

from extractors.headway import HEARS, Hears
from pipeline.running.pool import READY, Crew, Hand, Limits, NoWorkers, page_message
from pipeline.running.silence import silence
from pipeline.running.worker import Job, Setup, seldom_collect, worker

SPAWN = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks and the database's connection
END_SECONDS = 5.0  # a worker that was dismissed has to end by itself
PAGES_EVERY = 1.0  # seconds between two messages on how far a file has come
LAST_WORDS = 0.1  # seconds in which a process that is ending may say how it ended
PR_SET_PDEATHSIG = 1  # of prctl(2)


def cores() -> int:
    """Processors that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local_crew(setup: Setup, jobs: int, limits: Limits) -> Crew:
    """A crew of `jobs` processes."""
    return Crew(_Processes(setup), jobs, limits)


@dataclass(slots=True, eq=False)
class _Process:
    """A process and our end of the pipe to it."""

    process: BaseProcess
    pipe: Connection[object, object]

    def give(self, job: Job) -> None:
        try:
            self.pipe.send(job)
        except OSError:
            return  # it is gone, which is heard next

    def memory(self) -> int | None:
        try:
            return int(psutil.Process(self.process.pid).memory_info().rss)
        except psutil.Error:
            return None  # it is gone, which is heard next

    def dismiss(self) -> None:
        self.pipe.close()
        self.process.join(END_SECONDS)
        self.kill()

    def kill(self) -> str:
        self.pipe.close()
        self.process.join(LAST_WORDS)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        code = self.process.exitcode or 0
        self.process.close()
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


class _Processes:
    """Starts processes and waits for what they say."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def hire(self) -> _Process:
        ours, theirs = SPAWN.Pipe()
        process = SPAWN.Process(target=_serve, args=(theirs, self._setup, os.getpid()), daemon=True)
        try:
            with _without_main():
                process.start()
        except OSError as error:
            raise NoWorkers(f"no process can be started: {error.strerror or error}") from error
        theirs.close()  # so that the pipe ends with the process
        return _Process(process, ours)

    def listen(self, hands: Sequence[Hand], seconds: float) -> list[tuple[Hand, bytes | None]]:
        pipes = {hand.pipe: hand for hand in hands if isinstance(hand, _Process)}
        out: list[tuple[Hand, bytes | None]] = []
        for pipe in connection.wait(list(pipes), seconds):
            assert isinstance(pipe, Connection)
            try:
                out.append((pipes[pipe], pipe.recv_bytes()))
            except (EOFError, OSError):
                out.append((pipes[pipe], None))
        return out

    def close(self) -> None:
        """Nothing is left: every process was ended with its crew."""


@contextmanager
def _without_main() -> Iterator[None]:
    """Without the program that called us: a process that starts would run its file again, which workers do not need,
    and which a script that reads at its top level does not survive."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(pipe: Connection[object, object], setup: Setup, parent: int) -> None:
    """What a process does until nobody sends jobs any more."""
    end_with(parent)
    for number in (signal.SIGINT, signal.SIGTERM):  # Ctrl-C is for the parent, which then ends its workers
        signal.signal(number, signal.SIG_IGN)
    silence()
    answer = worker(setup)
    seldom_collect()
    try:
        pipe.send_bytes(READY)
        while True:
            job = pipe.recv()
            assert isinstance(job, Job)
            HEARS.set(_telling(pipe))
            pipe.send_bytes(answer(job))
    except (EOFError, OSError):
        return  # nobody is there any more


def _telling(pipe: Connection[object, object]) -> Hears:
    """Says through the pipe how the pages of one file go, now and then, and always where the next one takes long."""
    last, said = -1, time.monotonic()

    def page(number: int, total: int, at_once: bool) -> None:
        nonlocal last, said
        if number != last and (at_once or time.monotonic() - said >= PAGES_EVERY):
            last, said = number, time.monotonic()
            pipe.send_bytes(page_message(number, total))

    return page


def end_with(parent: int) -> None:
    """End when the parent ends, whatever this process is busy with then."""

    def watch() -> None:
        process = multiprocessing.parent_process()
        if process is not None:
            connection.wait([process.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    if sys.platform == "linux":  # a thread does not run while C code holds the interpreter: the kernel does it there
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
