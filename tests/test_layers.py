"""The engine knows no sample: no family's name, no value of a golden, no sample file's name stands in its code. And
it knows no word of the forms: they stand in the vocabulary.

Comments and docstrings are looked at for families and files only: they may quote the form that taught them.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from schemas.families import load_families

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(path for package in ("extractors", "pipeline") for path in (ROOT / package).rglob("*.py"))
GOLDENS: list[dict[str, Any]] = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "tests" / "golden").rglob("*.json"))
    if path.stem.isdigit()  # the record of a form; the files beside it say what a source of it lacks
]
SAMPLES = [path for folder in (ROOT / "data" / "raw", ROOT / "tests" / "unlisted") for path in folder.rglob("*")]
WITH_WORDS = sorted(
    path
    for path in [*SOURCES, *(ROOT / "schemas").rglob("*.py")]
    if not path.is_relative_to(ROOT / "schemas" / "language")
)
HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff]")
SHORTEST = 5  # characters: a value as short as 2024 or 合计 says nothing of a sample


def values_of(golden: dict[str, Any]) -> set[str]:
    """What names a filing in its golden: its title, its unit and project, its people and codes."""
    names = ("reporting_unit", "project_name", "implementing_unit", "contact_name", "contact_phone", "project_code")
    found = {golden["title"], *(golden["fields"].get(name) for name in names)}
    return {text for text in found if text and len(text) >= SHORTEST}


def code_of(path: Path) -> str:
    """The code of a module without comments and docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


CODE = {path: code_of(path) for path in SOURCES}


def where(text: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in SOURCES if text in path.read_text(encoding="utf-8")]


def where_in_code(text: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path, code in CODE.items() if text in code]


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 20
    assert len(GOLDENS) > 5
    assert "match_family" in "".join(CODE.values())
    assert '"""' not in "".join(CODE.values())


@pytest.mark.parametrize("family", [f.id for f in load_families()])
def test_no_familys_name_in_the_code(family: str) -> None:
    assert where(family) == []


@pytest.mark.parametrize("value", sorted({value for golden in GOLDENS for value in values_of(golden)}))
def test_no_value_of_a_sample_in_the_code(value: str) -> None:
    assert where_in_code(value) == []


def test_no_indicator_of_a_sample_in_the_code() -> None:
    names = {i["level3"] for golden in GOLDENS for i in golden["indicators"] if i["level3"]}
    long = {name for name in names if len(name) >= SHORTEST}
    assert len(long) > 100
    assert [name for name in sorted(long) if where_in_code(name)] == []


@pytest.mark.parametrize(
    "stem", sorted({path.stem for path in SAMPLES if path.is_file() and len(path.stem) >= SHORTEST})
)
def test_no_file_of_a_sample_in_the_code(stem: str) -> None:
    assert where(stem) == []


@pytest.mark.parametrize("family", [f.id for f in load_families()])
def test_every_built_in_family_has_a_golden(family: str) -> None:
    assert [g["title"] for g in GOLDENS if g["family"] == family] != []


def test_every_golden_is_of_a_built_in_family_or_generic() -> None:
    assert {g["family"] for g in GOLDENS} <= {f.id for f in load_families()} | {"generic"}


def words_in(path: Path) -> list[str]:
    """The string constants of a module with a Chinese character, as `line: text`; not its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in said
        and HAN.search(node.value)
    ]


def test_words_of_forms_stand_in_the_vocabulary() -> None:
    words = {str(path.relative_to(ROOT)): words_in(path) for path in WITH_WORDS}
    assert {name: texts for name, texts in words.items() if texts} == {}
