"""Who looks at which forms: two people who review at once are given different ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

HELD = 30 * 60.0  # seconds after a person's last sign within which the forms that were given stay that person's


class Shares:
    """The forms that people were given, by their names, as long as this server runs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._holder: dict[int, str] = {}
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()

    def sign(self, who: str) -> None:
        """A person is still there."""
        with self._lock:
            self._seen[who] = self._clock()

    def holder(self, form: int) -> str | None:
        """Who was given a form and is there."""
        with self._lock:
            return self._present(form)

    def take(self, form: int, who: str) -> bool:
        """Give a form to a person, unless another one holds it."""
        with self._lock:
            self._seen[who] = self._clock()
            if self._present(form) not in (None, who):
                return False
            self._holder[form] = who
            return True

    def leave(self, who: str) -> None:
        """Take back what a person was given, before something else is given."""
        with self._lock:
            self._holder = {form: holder for form, holder in self._holder.items() if holder != who}

    def _present(self, form: int) -> str | None:
        who = self._holder.get(form)
        if who is None or self._clock() - self._seen.get(who, -HELD) > HELD:
            return None
        return who
