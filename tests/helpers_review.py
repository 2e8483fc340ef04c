"""What the tests of the review share: a database with two filings, looks at its values, and what the page sends."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from helpers_store import full, reading, record

from pipeline.archive.store import Store
from pipeline.people.looks import Look, add_look, looks_of
from pipeline.people.pointers import value_at
from schemas.tables.rows import json_text
from schemas.verdicts import LookVerdict

HERE = "http://127.0.0.1:8765"
TARGET = "/indicators/0/targets/full_year"
AMOUNT = "/funds/0/amount"


def two_filings(folder: Path) -> Store:
    """A database of two filings, the first with two forms."""
    made = Store.open(folder / "jixiao.db")
    made.save(reading("a.pdf", full(), record(year=2023)), "1", "{}")
    made.save(reading("b.pdf", record()), "1", "{}")
    return made


def look(store: Store, pointer: str, verdict: LookVerdict, new: Any = None, form: int = 0, who: str = "王") -> Look:
    """A look at a value of a.pdf, as it reads now."""
    made = next(r for r in store.records() if r["source"]["file"] == "a.pdf" and r["source"]["form"] == form)
    sha256 = made["source"]["sha256"]
    changed = json_text(new) if verdict is LookVerdict.CORRECTED else None
    old = json_text(value_at(made, pointer))
    with store.reading() as connection:
        seen = [x.id for x in looks_of(connection, sha256, form) if x.pointer == pointer]
    return add_look(store, Look(sha256, form, pointer, verdict, old, changed, who), seen[-1] if seen else 0)


def token(client: TestClient) -> dict[str, str]:
    found = re.search(r'name="csrf" content="([0-9a-f]{64})"', client.get("/").text)
    assert found
    return {"Origin": HERE, "X-CSRF-Token": found[1]}


def body(**more: Any) -> dict[str, Any]:
    return {"form": 1, "pointer": TARGET, "verdict": "corrected", "value": "≥95%", "text": "≥98%", "who": "王"} | more
