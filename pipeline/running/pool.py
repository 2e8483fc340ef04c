"""Who reads: a crew of workers that may hang or die, each of which costs its file and nothing else.

A `Crew` knows nothing of processes or machines: it hires hands, gives each one job at a time, and lets go of those
that take too long, need too much memory, are worn out, or are gone.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import field
from functools import partial
from types import TracebackType
from typing import Protocol, Self

from extractors.archive_zip import let_go
from extractors.headway import heard_by
from extractors.ocr.choose import built_in_engine
from extractors.refusals import CannotRead, OutOfMemory, TimedOut, WorkerDied
from pipeline.running.silence import aloud, silenced
from pipeline.running.worker import Job, Result, Setup, answer_of, last_of, worker
from schemas.frozen import dataclass

LOOK_EVERY = 0.2  # seconds between two looks at time and memory
START_SECONDS = 300.0  # within which a worker must have started: a busy machine is slow
TRIES = 2  # of a file whose worker died: the first time it may have been another's fault
FAILED_STARTS = 3  # in a row, and no worker will ever start
WORN = 0.6  # of the memory limit: a worker that holds so much between two files is replaced

PAGE = b"page "  # before a message on how far a file has come; no pickle begins so
READY = b"ready"


class NoWorkers(Exception):
    """The workers cannot be started; the message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take: seconds a file, MB of memory, files until it is replaced. None: no limit."""

    seconds: float | None = 1800.0
    memory: int | None = 3000
    files: int = 2000


Pages = Callable[[str, int, int], None]
"""Is told of a file how many of its pages are read, and how many it has."""


def page_message(number: int, total: int) -> bytes:
    """What a worker says between its answers: how many pages it has read."""
    return PAGE + f"{number} {total}".encode()


class Pool(Protocol):
    """Takes jobs and gives their answers, in any order. Use as a context manager."""

    @property
    def size(self) -> int:
        """How many jobs are worked on at a time."""

    pages: Pages | None
    """Hears how the pages of a file go."""

    @property
    def limits(self) -> Limits:
        """What a file may take."""

    def submit(self, number: int, job: Job) -> None:
        """Take a job."""

    def answers(self) -> list[tuple[int, bytes]]:
        """At least one pickled `Result` with its job's number; waits for it. Raises NoWorkers."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class InProcess:
    """Reads in this process, one file after the other: for tests and debuggers. Limits are not kept."""

    size = 1
    limits = Limits(None, None)

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._answer = worker(setup)
        self._jobs: deque[tuple[int, Job]] = deque()
        self.pages: Pages | None = None

    def submit(self, number: int, job: Job) -> None:
        self._jobs.append((number, job))

    def answers(self) -> list[tuple[int, bytes]]:
        number, job = self._jobs.popleft()
        with silenced(), heard_by(partial(self._page, job.item.shown)):
            answer, last = last_of(self._answer(job))
        if last:
            built_in_engine.cache_clear()  # the engine hangs: the next page gets another
            self._answer = worker(self._setup)
        return [(number, answer)]

    def _page(self, file: str, number: int, total: int, _at_once: bool) -> None:
        if self.pages is not None:
            with aloud():
                self.pages(file, number, total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._jobs.clear()
        let_go()  # a worker of its own would end now, and everything that it opened with it


class Hand(Protocol):
    """A worker as its crew sees it. Its first message is `READY`, each further one the answer to a job."""

    def give(self, job: Job) -> None:
        """Let it read a file."""

    def memory(self) -> int | None:
        """Bytes of memory that it holds; None where that cannot be seen."""

    def dismiss(self) -> None:
        """Let it end by itself."""

    def kill(self) -> str:
        """End it, if it still lives; how it ended, in words."""


class Hands(Protocol):
    """Where workers come from."""

    def hire(self) -> Hand:
        """A new worker, which is starting. Raises NoWorkers."""

    def listen(self, hands: Sequence[Hand], seconds: float) -> list[tuple[Hand, bytes | None]]:
        """Messages of some of these workers, None from one that is gone; nothing if none came in time."""

    def close(self) -> None:
        """No worker is needed any more."""


@dataclass(slots=True, eq=False)
class _Post:
    """A worker, the job it has, and since when (it has the job, or is starting)."""

    hand: Hand
    since: float
    ready: bool = False
    job: tuple[int, Job] | None = None
    files: int = 0


@dataclass(slots=True)
class Crew:
    """Some workers with limits; a `Pool`."""

    hands: Hands
    size: int
    limits: Limits
    pages: Pages | None = None
    _posts: list[_Post] = field(default_factory=list)
    _waiting: deque[tuple[int, Job]] = field(default_factory=deque)
    _deaths: dict[int, int] = field(default_factory=dict)
    _failed_starts: int = 0

    def submit(self, number: int, job: Job) -> None:
        self._waiting.append((number, job))
        self._hand_out()

    def answers(self) -> list[tuple[int, bytes]]:
        out: list[tuple[int, bytes]] = []
        while not out:
            self._hand_out()
            posts = {id(post.hand): post for post in self._posts}
            for hand, message in self.hands.listen([post.hand for post in self._posts], LOOK_EVERY):
                out += self._hear(posts[id(hand)], message)
            out += [answer for post in list(self._posts) for answer in self._look_at(post)]
        return out

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for post in self._posts:
            post.hand.kill()
        self._posts.clear()
        self.hands.close()

    def _hand_out(self) -> None:
        """Hire whom the jobs need, and give every free worker one."""
        needed = len(self._waiting) + sum(post.job is not None for post in self._posts)
        while len(self._posts) < min(self.size, needed):
            self._posts.append(_Post(self.hands.hire(), time.monotonic()))
        for post in self._posts:
            if post.ready and post.job is None and self._waiting:
                post.job, post.since = self._waiting.popleft(), time.monotonic()
                post.hand.give(post.job[1])

    def _hear(self, post: _Post, message: bytes | None) -> list[tuple[int, bytes]]:
        if message is None:
            return self._bury(post)
        if not post.ready:
            post.ready, self._failed_starts = True, 0
            return []
        assert post.job is not None
        if message.startswith(PAGE):
            page, total = map(int, message.removeprefix(PAGE).split())
            if self.pages is not None:
                self.pages(post.job[1].item.shown, page, total)
            return []
        (number, _), post.job = post.job, None
        self._deaths.pop(number, None)
        post.files += 1
        answer, last = last_of(message)
        if last or post.files >= self.limits.files or self._holds(post, WORN):
            self._posts.remove(post)
            if last:
                post.hand.kill()  # it hangs somewhere, and would not end by itself
            else:
                post.hand.dismiss()
        return [(number, answer)]

    def _bury(self, post: _Post) -> list[tuple[int, bytes]]:
        """A worker is gone: its job is given to another once, then it failed."""
        self._posts.remove(post)
        how = post.hand.kill()
        if not post.ready:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise NoWorkers(f"the workers end before they can read: {how}")
        if post.job is None:
            return []
        number, job = post.job
        self._deaths[number] = self._deaths.get(number, 0) + 1
        if self._deaths[number] < TRIES:
            self._waiting.appendleft(post.job)
            return []
        return [_failed(number, WorkerDied(job.item.shown, how), job)]

    def _look_at(self, post: _Post) -> list[tuple[int, bytes]]:
        """Let go of a worker that takes too long or needs too much memory."""
        taken = time.monotonic() - post.since
        if not post.ready and taken > START_SECONDS:
            return self._bury(post)
        if post.job is None:
            return []
        number, job = post.job
        taken += job.spent
        if self.limits.seconds is not None and taken > self.limits.seconds:
            why: CannotRead = TimedOut(job.item.shown, f"limit {self.limits.seconds:g} s")
        elif self._holds(post, 1.0):
            why = OutOfMemory(job.item.shown, f"limit {self.limits.memory} MB")
        else:
            return []
        self._posts.remove(post)
        post.hand.kill()
        return [_failed(number, why, job, taken)]

    def _holds(self, post: _Post, part: float) -> bool:
        """Whether a worker holds more than this part of the memory limit."""
        if self.limits.memory is None:
            return False
        return (post.hand.memory() or 0) > part * self.limits.memory * 1e6


def _failed(number: int, why: CannotRead, job: Job, seconds: float = 0.0) -> tuple[int, bytes]:
    result = Result(None, why.failure(job.sha256), {why.stage.value: round(seconds, 3)})
    return number, answer_of(result)


Maker = Callable[[Setup], Pool]
"""Makes the pool that a run works with."""
