"""The time that a file may take of a process that reads many: what copies or hashes a file looks at it.

A worker is ended when its file takes too long. The process that lists and hashes files cannot be: it has to stop by
itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from extractors.refusals import TimedOut

UNTIL: ContextVar[float | None] = ContextVar("UNTIL", default=None)


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """Within the block, `check` raises TimedOut when so many seconds are over; None: never."""
    before = UNTIL.set(None if seconds is None else time.monotonic() + seconds)
    try:
        yield
    finally:
        UNTIL.reset(before)


def check(shown: str) -> None:
    """Raise TimedOut, of the file that is known by that name, where its time is over."""
    until = UNTIL.get()
    if until is not None and time.monotonic() > until:
        raise TimedOut(shown, "before it was read")
