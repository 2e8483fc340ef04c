"""Where time goes: the processor's seconds of calls that lie within one another, as tables of stages."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from pipeline.bench.printing import Row

Call = tuple[str, Any, str]
"""A stage, and the owner (a module or class) and the name of a call that is spent on it."""


class _Clock:
    """The processor's seconds of stages that lie within one another: each second counts for the innermost."""

    def __init__(self, rest: str) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._open = [rest]
        self._since = time.process_time()

    def look(self) -> None:
        """Count what was spent since the last look."""
        now = time.process_time()
        self.spent[self._open[-1]] += now - self._since
        self._since = now

    @contextmanager
    def within(self, stage: str) -> Iterator[None]:
        self.look()
        self._open.append(stage)
        try:
            yield
        finally:
            self.look()
            self._open.pop()


def spent_on(calls: Sequence[Call], rest: str, work: Callable[[], object]) -> dict[str, float]:
    """The processor's seconds that some work spends on each stage; `rest` is what no call is."""
    clock = _Clock(rest)
    with ExitStack() as stack:
        for stage, owner, name in calls:
            stack.enter_context(patch.object(owner, name, _telling(clock, stage, getattr(owner, name))))
        clock.look()
        clock.spent.clear()
        work()
        clock.look()
    return dict(clock.spent)


def _telling(clock: _Clock, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def told(*given: Any, **named: Any) -> Any:
        with clock.within(stage):
            return work(*given, **named)

    return told


def header(of: str) -> Row:
    """The header of such a table; `of` is what one of costs so much: `s a page`."""
    return ("stage", f"CPU {of}", "share")


def stage_rows(spent: Mapping[str, float], amount: float, of: str, digits: int = 2) -> list[Row]:
    """The seconds of the stages divided by `amount` and as a share of the whole, largest first."""
    whole = sum(spent.values())
    rows: list[Row] = [header(of)]
    rows += [
        (stage, f"{seconds / amount:.{digits}f}", f"{seconds / whole:.0%}")
        for stage, seconds in sorted(spent.items(), key=lambda item: -item[1])
    ]
    return [*rows, ("in all", f"{whole / amount:.{digits}f}", "100%")]
