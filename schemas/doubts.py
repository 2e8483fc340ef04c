"""How much there is to doubt in a row of a record: the highest risk among its values, and the findings about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemas.record import Finding


class Doubts:
    """The risks and findings of a record, by every pointer that they are at or below.

    `weighed` is false where no value has a risk (a database of an older version): a row's doubt is then not known.
    """

    def __init__(self, risks: Iterable[tuple[str, float]], findings: Iterable[Finding]) -> None:
        self._risks: dict[str, float] = {}
        self._rules: dict[str, dict[str, None]] = {}
        held = self._risks
        for pointer, risk in risks:
            while risk > held.get(pointer, -1.0):  # what is not higher here is not higher above
                held[pointer] = risk
                pointer = pointer.rpartition("/")[0]
        for finding in findings:
            for above in _above(finding.where):
                self._rules.setdefault(above, {})[finding.rule] = None
        self.weighed = bool(self._risks)

    def of(self, pointer: str) -> dict[str, Any]:
        """`doubt` (0 to 1; null: not weighed) and `rules` (joined by blanks) of what stands at a pointer or below it;
        the empty pointer is the whole form."""
        risk = self._risks.get(pointer, 0.0) if self.weighed else None
        return {"doubt": risk, "rules": " ".join(self._rules.get(pointer, ()))}


def _above(pointer: str) -> list[str]:
    """A pointer and all that it is below of, up to the empty one."""
    parts = pointer.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
