"""What is said of values: by findings, by checks, by people; and which findings doubt a reading. Each word stands here
once; in records and databases it stands as its text."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What a finding means."""

    MISREAD = "misread"
    WRONG_AT_SOURCE = "wrong_at_source"
    UNDECIDABLE = "undecidable"


class CheckVerdict(StrEnum):
    """What came of a check: it holds, the form prints nothing for it, or what its finding means."""

    HOLDS = "holds"
    NOT_APPLICABLE = "not_applicable"
    MISREAD = "misread"
    WRONG_AT_SOURCE = "wrong_at_source"
    UNDECIDABLE = "undecidable"

    @property
    def fails(self) -> bool:
        """Whether it is a finding of the record too."""
        return self not in (CheckVerdict.HOLDS, CheckVerdict.NOT_APPLICABLE)


class LookVerdict(StrEnum):
    """What a person says of a value; `withdrawn` takes back what the same person said of it last."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    UNREADABLE = "unreadable"
    WRONG_AT_SOURCE = "wrong_at_source"
    WITHDRAWN = "withdrawn"


class Doubt(StrEnum):
    """The rules of the findings that doubt a reading. All but the last two point at a value; those tell of a text
    that no value holds."""

    LOW_SCORE = "low-score"
    UNREADABLE = "unreadable"
    COVERED = "covered"
    INFERRED = "inferred"
    LOST = "lost"
    REDACTED = "redacted"
    UNOWNED = "unowned"
    HIDDEN = "hidden"


OF_TEXTS = frozenset({Doubt.UNOWNED, Doubt.HIDDEN})
"""Doubts of texts that no value holds: what they tell of may belong to a value, or may not."""
OF_VALUES = frozenset(Doubt) - OF_TEXTS
"""Doubts of the value that they point at."""
OF_INK = frozenset({Doubt.LOW_SCORE, Doubt.COVERED, Doubt.UNREADABLE})
"""Doubts of characters: the value's place is certain."""
NOT_KNOWN = frozenset({Doubt.UNREADABLE, Doubt.LOST, Doubt.REDACTED})
"""Doubts that say that a value is printed and that nobody knows it."""
