"""How far the reading of a file has come, page by page: a scan takes minutes, in which who waits is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Hears = Callable[[int, int], None]
"""Is told which page was read, counted from 1, and of how many."""

HEARS: ContextVar[Hears | None] = ContextVar("HEARS", default=None)


@contextmanager
def heard_by(hears: Hears) -> Iterator[None]:
    """Within the block, `hears` is told of every page that is read."""
    before = HEARS.set(hears)
    try:
        yield
    finally:
        HEARS.reset(before)


def page_read(number: int, total: int) -> None:
    """Say that a page was read."""
    hears = HEARS.get()
    if hears is not None:
        hears(number, total)
