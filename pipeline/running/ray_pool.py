"""Workers of a Ray cluster: actors that each hold an OCR engine and run the same per-file function.

Ray starts them, moves jobs and answers, and says when one is gone; limits and second tries are those of every crew.
Files are not sent: every machine of the cluster must see them at the same path (a shared folder), and must have the
same jixiao installed. `ray` is an optional extra.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from pipeline.running.pool import LOOK_EVERY, READY, Crew, Hand, Limits, NoWorkers
from pipeline.running.worker import Job, Setup, seldom_collect, worker

STORE_BYTES = 200_000_000  # of shared memory on a cluster started here: answers are small


def ray_crew(setup: Setup, jobs: int | None, limits: Limits, address: str | None) -> Crew:
    """A crew of `jobs` actors (None: one for each processor of the cluster). Raises NoWorkers."""
    try:
        import ray
    except ImportError as error:
        raise NoWorkers("--engine ray needs Ray, which is not installed: pip install 'jixiao[ray]'") from error
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody unless the user wants it
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": False}
    try:
        if address is None:
            ray.init(num_cpus=jobs, include_dashboard=False, object_store_memory=STORE_BYTES, **quiet)
        else:
            ray.init(address=address, **quiet)
    except Exception as error:
        where = "no Ray cluster can be started here" if address is None else f"no Ray cluster answers at {address}"
        raise NoWorkers(f"{where}: {error}") from error
    resources: Any = ray.cluster_resources  # it carries no types
    size = jobs or max(1, int(resources().get("CPU", 1)))
    return Crew(_Actors(setup, limits), size, limits)


class RayWorker:
    """What runs in an actor."""

    def __init__(self, setup: Setup, memory: int | None) -> None:
        self._answer = worker(setup)
        seldom_collect()
        if memory is not None:
            threading.Thread(target=_end_beyond, args=(memory,), daemon=True).start()

    def start(self) -> tuple[bytes, str]:
        """Says that the worker can read, and with which code."""
        from pipeline.running.versions import code_version

        return READY, code_version()

    def read(self, job: Job) -> bytes:
        """Reads a file; a pickled `Result`."""
        return self._answer(job)


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)


def _end_beyond(memory: int) -> None:
    """End this process when it holds more than `memory` MB: nobody else sees it from another machine."""
    while _resident() <= memory * 1e6:
        time.sleep(LOOK_EVERY)
    os._exit(1)


@dataclass(slots=True, eq=False)
class _Actor:
    """An actor and what it was last asked."""

    actor: Any
    asked: Any

    def give(self, job: Job) -> None:
        self.asked = self.actor.read.remote(job)

    def memory(self) -> int | None:
        return None  # it watches itself

    def dismiss(self) -> None:
        self.kill()

    def kill(self) -> str:
        import ray

        ray.kill(self.actor)
        return "the actor or its machine is gone, or it needed more memory than --memory allows"


class _Actors:
    """Starts actors and waits for what they say."""

    def __init__(self, setup: Setup, limits: Limits) -> None:
        import ray

        self._ray: Any = ray  # what it makes of a class has no types
        self._setup, self._limits = ray.put(setup), limits
        self._class = self._ray.remote(num_cpus=1, max_restarts=0)(RayWorker)

    def hire(self) -> _Actor:
        actor = self._class.remote(self._setup, self._limits.memory)
        return _Actor(actor, actor.start.remote())

    def listen(self, hands: Sequence[Hand], seconds: float) -> list[tuple[Hand, bytes | None]]:
        asked = {hand.asked: hand for hand in hands if isinstance(hand, _Actor) and hand.asked is not None}
        if not asked:
            return []
        done, _ = self._ray.wait(list(asked), num_returns=1, timeout=seconds)
        return [(asked[one], self._message(asked[one], one)) for one in done]

    def _message(self, hand: _Actor, asked: Any) -> bytes | None:
        """What an actor answered; None: it is gone."""
        hand.asked = None
        try:
            said = self._ray.get(asked)
        except self._ray.exceptions.RayActorError:
            return None
        except self._ray.exceptions.RayTaskError as error:
            raise NoWorkers(f"a worker of the Ray cluster cannot work: {error.cause}") from error
        if isinstance(said, bytes):
            return said
        self._compare(said[1])
        return bytes(said[0])

    def _compare(self, code: str) -> None:
        """Another code would read otherwise, and the database would call it ours."""
        from pipeline.running.versions import code_version

        if code != code_version():
            raise NoWorkers(
                f"a machine of the Ray cluster has jixiao {code}, this one has {code_version()}: install one"
            )

    def close(self) -> None:
        """End the cluster that was started here, or leave the one that was there."""
        self._ray.shutdown()
