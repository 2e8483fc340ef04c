"""What libraries print is nobody's: neither a result, which goes to standard output, nor talk of this program."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import TextIO

STREAMS = (1, 2)  # standard output and standard error
_heard: list[tuple[TextIO, TextIO, dict[int, int]]] = []  # what was there before each silence: streams, descriptors


def silence() -> None:
    """Drop for good what is printed in this process, by C code too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in STREAMS:
        os.dup2(nowhere, stream)
    os.close(nowhere)


@contextmanager
def silenced() -> Iterator[None]:
    """Drop what is printed meanwhile, by C code too."""
    with ExitStack() as stack:
        nowhere = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123 - no path of the user's
        _heard.append((sys.stdout, sys.stderr, kept := {}))
        stack.callback(_heard.pop)
        stack.enter_context(redirect_stdout(nowhere))
        stack.enter_context(redirect_stderr(nowhere))
        for stream in STREAMS:
            try:
                kept[stream] = os.dup(stream)
            except OSError:
                continue  # it is closed
            stack.callback(_put_back, kept[stream], stream)
            os.dup2(nowhere.fileno(), stream)
        yield


@contextmanager
def aloud() -> Iterator[None]:
    """Within a silence: what is printed in the block is heard, for it is this program that speaks."""
    if not _heard:
        yield
        return
    out, err, kept = _heard[-1]
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        for stream, descriptor in kept.items():
            stack.callback(_put_back, os.dup(stream), stream)
            os.dup2(descriptor, stream)
        yield


def _put_back(kept: int, stream: int) -> None:
    os.dup2(kept, stream)
    os.close(kept)
