"""Frozen dataclasses of the engine: equal, hashed, copied and pickled as those of the standard library, and no class is
made frozen without them, which would cost a call for each field of each object. The list of commands alone is made
without any of our packages."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from schemas.frozen import dataclass
from schemas.model import Box, Place

ROOT = Path(__file__).resolve().parent.parent
LISTING = [ROOT / "pipeline" / "cli.py", ROOT / "pipeline" / "messages" / "recognised.py"]


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    name: str


def test_equal_values_are_one_in_a_set() -> None:
    a, b = Place(page=1, box=Box(0, 1, 2, 3)), Place(page=1, box=Box(0, 1, 2, 3))
    assert a == b
    assert a is not b
    assert len({a, b, replace(b, page=2)}) == 2


def test_values_are_pickled_whole() -> None:
    place = Place(page=3, box=Box(0, 1, 2, 3))
    assert pickle.loads(pickle.dumps(place)) == place


def test_what_is_not_compared_is_hashed_by_itself() -> None:
    one = Thing("a")
    assert one != Thing("a")
    assert {one: 1}.keys() != {Thing("a"): 1}.keys()


def made_frozen_by_others() -> Iterator[str]:
    for package in ("schemas", "extractors", "pipeline"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            ours = path in LISTING or "from schemas.frozen import dataclass" in text
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef) and not ours:
                    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
                    if any("dataclass" in name and "frozen=True" in name for name in decorators):
                        yield f"{path.relative_to(ROOT)}: {node.name}"


def test_every_frozen_class_is_made_the_quick_way() -> None:
    assert not list(made_frozen_by_others())
