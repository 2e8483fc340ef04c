"""What came of the files of a run, one by one and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field
from enum import StrEnum

from schemas.frozen import dataclass
from schemas.reading import Failure


class Outcome(StrEnum):
    """What came of a file."""

    DONE = "done"
    ALREADY_DONE = "already_done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What came of one file: its place in the input (from 0), what it holds, seconds by stage."""

    position: int
    file: str
    outcome: Outcome
    sha256: str | None
    failure: Failure | None = None
    forms: int = 0
    indicators: int = 0
    findings: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The outcome in words."""
        if self.failure is not None:
            return self.failure.message
        return f"{self.file}: " + (f"{self.forms} forms" if self.forms else "no form found")


@dataclass(slots=True)
class Tally:
    """What came of a run, by its number in the database. `seconds` is wall time."""

    run: int = 0
    files: int = 0
    read: int = 0
    already_done: int = 0
    without_form: int = 0
    refused: int = 0
    failed: int = 0
    forms: int = 0
    indicators: int = 0
    findings: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)

    def add(self, one: FileOutcome) -> None:
        """Count a file."""
        self.files += 1
        self.read += one.outcome is Outcome.DONE
        self.already_done += one.outcome is Outcome.ALREADY_DONE
        self.refused += one.outcome is Outcome.REFUSED
        self.failed += one.outcome is Outcome.FAILED
        self.without_form += one.failure is None and not one.forms
        self.forms += one.forms
        self.indicators += one.indicators
        self.findings += one.findings
        if one.failure is not None:
            self.failures.append(one.failure)

    def counts(self) -> dict[str, int]:
        return {k: v for k, v in asdict(self).items() if isinstance(v, int) and k != "run"}
