"""What the answers of the review page are made of, and how an answer is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import Annotated, Any

from fastapi import Path as PathParameter
from fastapi.responses import JSONResponse

from extractors.printable import printable
from pipeline.archive.store import Store
from pipeline.messages import asked_for, texts
from pipeline.output.pictures.originals import Originals
from pipeline.review.ledger import Ledger
from pipeline.review.pages import Pages
from pipeline.review.security import Tokens
from pipeline.review.shares import Shares
from schemas.frozen import dataclass

MOST = 2**31 - 1  # of a number that may be one of ours: what is larger no database takes
NAME = 200  # characters of a person's name
Number = Annotated[int, PathParameter(ge=1, le=MOST)]


@dataclass(frozen=True, slots=True)
class Room:
    """What the answers are made of. `by` is who reviews unless the page says otherwise, `sample` the sample that is
    looked at, None for what is doubtful; `blind`: people look at it without what others said. `goldens` is the folder
    that forms go to which were looked at whole."""

    store: Store
    originals: Originals
    by: str
    sample: int | None
    blind: bool
    goldens: Path
    tokens: Tokens
    pages: Pages = field(default_factory=Pages)
    ledger: Ledger = field(default_factory=Ledger)
    shares: Shares = field(default_factory=Shares)

    def person(self, who: str) -> str | None:
        """Whose looks alone a person sees; None for everyone's."""
        return who if self.blind else None


def told_in(accept_language: str | None) -> Callable[[str], str]:
    """What says our sentences in the language that a browser asks for."""
    return texts(asked_for(accept_language)).told


def refused(status: int, message: str, **more: Any) -> JSONResponse:
    """An answer that says why there is no other."""
    return JSONResponse({"error": printable(message), **more}, status)
