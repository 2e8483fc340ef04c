"""Forms as many places lay them out: every value that their truth lists is read, on paper and in office files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from extractors.intake import take_in
from pipeline.running.worker import read_file
from schemas.compare import equal, leaves
from schemas.families import load_families
from schemas.language.vocabulary import load_words

HERE = Path(__file__).parent / "layouts"
FILES = sorted(path.name for path in HERE.iterdir() if path.suffix not in ("", ".md"))
LISTS = ("funds", "tasks", "indicators")
BY_HEADER = ("targets", "weights", "history", "amounts", "progress", "forecast", "causes", "other")
"""Keys of a row that stand only where the form prints them: a reading must have none that the truth has not."""
ABSENT = object()


def read(name: str) -> list[dict[str, Any]]:
    reading = read_file(take_in(HERE / name, name), name, load_families(), load_words())
    return [form.record.as_dict() for form in reading.forms]


def truths(name: str) -> list[dict[str, Any]]:
    folder = HERE / "truth" / Path(name).stem
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def at(value: Any, where: str) -> Any:
    for key in where.split("/")[1:]:
        name = key.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and name.isdigit():
            value = value[int(name)] if int(name) < len(value) else ABSENT
        else:
            value = value.get(name, ABSENT) if isinstance(value, Mapping) else ABSENT
    return value


def wrong_in(truth: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[str]:
    """What a reading has otherwise than its truth."""
    either = truth.get("either", {})
    free = [re.compile(pattern) for pattern in truth.get("open", ())]
    fields = truth.get("fields", {})
    for name in ("kind", "title", "year", "amount_unit"):
        yield from differs(f"/{name}", truth[name], record[name])
    for name, value in fields.items():
        yield from differs(f"/fields/{name}", value, record["fields"].get(name, ABSENT))
    for names, value in either.items():
        if not any(equal(value, record["fields"].get(name)) for name in names.split("|")):
            yield f"/fields/{names}: {value!r} stands under none"
    named = {*fields, *truth.get("allow", ()), *(name for names in either for name in names.split("|"))}
    yield from (f"/fields/{k}: not printed" for k, v in record["fields"].items() if k not in named and v is not None)
    yield from differs("/choices", truth.get("choices", {}), record["choices"])
    for name in LISTS:
        if any(pattern.search(f"{name}.") for pattern in free):
            continue
        rows, got = truth.get(name, []), record[name]
        if len(rows) != len(got):
            yield f"/{name}: {len(rows)} rows, read {len(got)}"
        for number, (row, other) in enumerate(zip(rows, got, strict=False)):
            for where, value in leaves(f"/{name}/{number}", row):
                if not any(pattern.search(where.rpartition("/")[2]) for pattern in free):
                    yield from differs(where, value, at(other, where.removeprefix(f"/{name}/{number}")))
            listed = {where for where, _ in leaves("", row)}
            for where, value in leaves("", {k: other[k] for k in BY_HEADER if other.get(k)}):
                if value is not None and value != {} and where not in listed:
                    yield f"/{name}/{number}{where}: {value!r} is not printed"


def differs(where: str, value: Any, got: Any) -> Iterator[str]:
    if got is ABSENT or not equal(value, got, amount=where.endswith("/amount")):
        yield f"{where}: {value!r}, read {'nothing' if got is ABSENT else repr(got)}"


@pytest.mark.parametrize("name", FILES)
def test_every_value_is_as_the_paper_prints_it(name: str) -> None:
    expected, got = truths(name), read(name)
    assert len(expected) == len(got)
    for truth, record in zip(expected, got, strict=True):
        plain = {key: value for key, value in truth.items() if key != "alternatives"}
        ways = [list(wrong_in({**plain, **other}, record)) for other in ({}, *truth.get("alternatives", ()))]
        assert min(ways, key=len) == []
        assert [f for f in record["findings"] if f["verdict"] == "wrong_at_source"] == []


def test_there_are_twelve_layouts_and_a_paper_without_a_form() -> None:
    assert len({Path(name).stem for name in FILES if truths(name)}) == 12
    assert truths("none.pdf") == []
