"""The sentences that code says in English and that stand in records, databases and exceptions: findings, failures,
remarks, errors. They are found as what they are, texts of several words in the code that makes such things."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPEAKING = ("extractors", "pipeline", "schemas")
SILENT = {
    "pipeline/bench/": "measures the program for those who write it",
    "pipeline/commands/": "says all by `tell`",
    "pipeline/messages/": "is the catalogue",
    "pipeline/tongue.py": "says all by `tell`; what the library says has keys of its own",
    "pipeline/cli.py": "its help has keys of its own",
    "schemas/tables/": "comments of tables, and SQL",
    "schemas/migrations/": "SQL",
    "extractors/pdf/functions.py": "faults of functions of colour, which are caught and never told",
    "extractors/pdf/colour.py": "as its functions",
    "pipeline/output/draw.py": "the legend of a drawn page, whose font has no Chinese",
    "schemas/language/columns.py": "comments of columns of the database",
    "schemas/language/radicals.py": "a fault of a file of the package",
}
"""Where sentences are told to nobody, or by `tell`, and why."""
NO_SENTENCE = re.compile(
    r"SELECT |PRAGMA |<\w|</|^jixiao |^export |^pip install|^(?:bold|dim|italic)\b|\\[sdw(\[]|\(\?[:<!=]"
)
"""SQL, markup, styles of the terminal, regular expressions."""
CALLS = frozenset({"tell", "label", "compile", "execute", "text", "CheckRule", "FastAPI", "frozenset"})
"""Calls whose texts have keys of their own (a check's is that of its rule), or are for programs."""
WORDS = re.compile(r"[a-z]{2,} [a-z{]|[a-z] \{|\} [a-z]{2}")


def spoken(root: Path = ROOT) -> Iterator[tuple[str, Path]]:
    """(sentence with {0}, {1} for its arguments, where it stands)."""
    for folder in SPEAKING:
        for path in sorted((root / folder).rglob("*.py")):
            if not path.relative_to(root).as_posix().startswith(tuple(SILENT)):
                for sentence in sentences_of(path):
                    yield sentence, path


@cache
def sentences_of(path: Path) -> tuple[str, ...]:
    """The sentences of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    aside = set(_aside(tree))
    found: dict[str, None] = {}
    if path.name == "refusals.py":
        found |= dict.fromkeys(_refusals(tree))
    for node in ast.walk(tree):
        text = template_of(node) if id(node) not in aside else None
        if text is not None and WORDS.search(text) and not NO_SENTENCE.search(text):
            found[text] = None
    return tuple(found)


def template_of(node: ast.AST) -> str | None:
    """A text, or an f-string with its places numbered; None for what is no text."""
    if isinstance(node, ast.JoinedStr):
        parts, number = "", 0
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts += str(value.value)
            else:
                parts += f"{{{number}}}"
                number += 1
        return parts
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _refusals(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and (told := ast.get_docstring(node)):
            yield " ".join(told.split())


def _aside(tree: ast.Module) -> Iterator[int]:
    """Nodes that are no sentences: docstrings, parts of f-strings, arguments of some calls, subscripts, comparisons."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from (id(below) for value in node.values if isinstance(value, ast.Constant) for below in [value])
            yield from (
                id(below)
                for value in node.values
                if isinstance(value, ast.FormattedValue) and value.format_spec is not None
                for below in ast.walk(value.format_spec)
            )
        elif isinstance(node, ast.Call) and _name(node.func) in CALLS:
            yield from (id(below) for argument in node.args for below in ast.walk(argument))
        elif isinstance(node, ast.Assert):
            yield from (id(below) for below in ast.walk(node))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
