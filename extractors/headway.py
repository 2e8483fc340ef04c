"""How far the reading of a file has come, page by page: a scan takes minutes, in which who waits is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Hears = Callable[[int, int, bool], None]
"""Is told how many pages of the file are read, of how many, and whether the next one takes so long that this should be
said at once."""

HEARS: ContextVar[Hears | None] = ContextVar("HEARS", default=None)


@contextmanager
def heard_by(hears: Hears) -> Iterator[None]:
    """Within the block, `hears` is told how the pages go."""
    before = HEARS.set(hears)
    try:
        yield
    finally:
        HEARS.reset(before)


def page_read(number: int, total: int) -> None:
    """Say that a page was read; pages are counted from 1."""
    hears = HEARS.get()
    if hears is not None:
        hears(number, total, False)


def long_page_begins(number: int, total: int) -> None:
    """Say that a page will take seconds: who waits learns of the file's pages before the first of them is read."""
    hears = HEARS.get()
    if hears is not None:
        hears(number - 1, total, True)
