"""What libraries print is nobody's: neither a result, which goes to standard output, nor talk of this program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout


def silence() -> None:
    """Drop for good what is printed in this process, by C code too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


@contextmanager
def silenced() -> Iterator[None]:
    """Drop what is printed meanwhile, by C code too."""
    with ExitStack() as stack:
        nowhere = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123 - no path of the user's
        stack.enter_context(redirect_stdout(nowhere))
        stack.enter_context(redirect_stderr(nowhere))
        for stream in (1, 2):
            try:
                kept = os.dup(stream)
            except OSError:
                continue  # it is closed
            stack.callback(_put_back, kept, stream)
            os.dup2(nowhere.fileno(), stream)
        yield


def _put_back(kept: int, stream: int) -> None:
    os.dup2(kept, stream)
    os.close(kept)
