"""The order of a run: files are read in any order, by many, and come out in the order of the input.

So the rows of a database get the same numbers however many read, and a run that was broken off has written the
beginning of what the whole run writes. What is read ahead of its turn waits here, within bounds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import field
from enum import Enum, auto
from itertools import islice
from typing import Protocol

from pipeline.running.files import Input
from pipeline.running.pool import Pool
from pipeline.running.worker import Job
from schemas.frozen import dataclass
from schemas.reading import Failure

CHUNK = 64  # files that are looked up in the database, and skipped, in one go
AHEAD = 192  # files that may be under way or wait for their turn
HELD = 256_000_000  # bytes of answers that may wait for their turn
SPARE = 2  # jobs a worker: the one it has, and its next one


@dataclass(slots=True, eq=False)
class FileTask:
    """A file of the input with the hash of its content, or why there is none."""

    position: int
    file: str
    item: Input | None = None
    sha256: str | None = None
    failure: Failure | None = None
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that no worker was given."""

    task: FileTask
    failure: Failure


@dataclass(frozen=True, slots=True)
class Skipped:
    """Files in a row that are done already."""

    tasks: tuple[FileTask, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A file with what its worker answered, a pickled `Result`."""

    task: FileTask
    answer: bytes


Step = Failed | Skipped | Answered


class Ledger(Protocol):
    """What is known of files, as the database has it now."""

    def done(self, tasks: Collection[FileTask], /) -> Collection[FileTask]:
        """Those that are read already."""
        ...

    def settled(self, tasks: Collection[FileTask], /) -> Collection[FileTask]:
        """Those of files that are done of which nothing has to be written."""
        ...


class _Plan(Enum):
    """What is to be done with a file: nothing (it failed), skip it, have it read, or wait for the file before it
    that has the same content."""

    FAIL = auto()
    SKIP = auto()
    READ = auto()
    TWIN = auto()


@dataclass(slots=True, eq=False)
class _Place:
    """A file in the line, and what is to be done with it."""

    task: FileTask
    plan: _Plan
    answer: bytes | None = None
    sent: bool = False


def in_order(tasks: Iterable[FileTask], pool: Pool, ledger: Ledger) -> Iterator[Step]:
    """What comes of the tasks, in their order. Each step must be written before the next one is asked for."""
    return _Line(iter(tasks), pool, ledger).steps()


class _Line:
    """The files that are under way, in the order of the input."""

    def __init__(self, tasks: Iterator[FileTask], pool: Pool, ledger: Ledger) -> None:
        self._tasks, self._pool, self._ledger = tasks, pool, ledger
        self._line: deque[_Place] = deque()
        self._sent: dict[int, _Place] = {}
        self._held = 0
        self._more = True

    def steps(self) -> Iterator[Step]:
        while True:
            self._take_more()
            if not self._line:
                return
            self._send()
            head = self._line[0]
            if head.plan is _Plan.FAIL:
                assert head.task.failure is not None
                yield Failed(self._line.popleft().task, head.task.failure)
            elif head.plan is _Plan.READ and head.answer is None:
                self._wait()
            elif head.answer is not None:
                self._held -= len(head.answer)
                yield Answered(self._line.popleft().task, head.answer)
            else:
                yield from self._skip()

    def _take_more(self) -> None:
        """Look at the next files where there is room for a whole chunk."""
        while self._more and len(self._line) + CHUNK <= AHEAD and not self._ready():
            chunk = list(islice(self._tasks, CHUNK))
            self._more = len(chunk) == CHUNK
            done = set(map(id, self._ledger.done([task for task in chunk if task.sha256 is not None])))
            reading = {p.task.sha256 for p in self._line if p.plan is _Plan.READ}
            for task in chunk:
                if task.sha256 is None:
                    plan = _Plan.FAIL
                elif id(task) in done:
                    plan = _Plan.SKIP
                elif task.sha256 in reading:
                    plan = _Plan.TWIN
                else:
                    plan = _Plan.READ
                    reading.add(task.sha256)
                self._line.append(_Place(task, plan))

    def _ready(self) -> bool:
        """Whether the head of the line waits for nobody, while the workers have enough to do."""
        busy = len(self._sent) >= SPARE * self._pool.size
        return bool(self._line) and busy and self._line[0].answer is not None

    def _send(self) -> None:
        """Give the pool jobs, as many as it can begin soon; the head's always."""
        for place in self._line:
            room = len(self._sent) < SPARE * self._pool.size and self._held < HELD
            if place is not self._line[0] and not room:
                return
            if place.plan is _Plan.READ and not place.sent:
                assert place.task.sha256 is not None
                assert place.task.item is not None
                place.sent = True
                self._sent[place.task.position] = place
                self._pool.submit(
                    place.task.position, Job(place.task.item, place.task.sha256, sum(place.task.seconds.values()))
                )

    def _wait(self) -> None:
        for number, answer in self._pool.answers():
            self._sent.pop(number).answer = answer
            self._held += len(answer)

    def _skip(self) -> Iterator[Skipped]:
        """Skip the files at the head that are done. What was written since they were looked up counts: a file that
        took another's place may have taken its reading along, and a twin may have failed."""
        group: list[_Place] = []
        for place in self._line:
            if place.plan is not (_Plan.SKIP if group else self._line[0].plan):
                break
            group.append(place)
            if place.plan is _Plan.TWIN:
                break
        known = self._ledger.done([place.task for place in group])
        done, settled = set(map(id, known)), set(map(id, self._ledger.settled(known)))
        kept = []
        for place in group:
            if id(place.task) not in done:
                place.plan = _Plan.READ
                break
            kept.append(self._line.popleft().task)
            if id(place.task) not in settled:
                break  # writing its path may take the reading of another one along
        if kept:
            yield Skipped(tuple(kept))
