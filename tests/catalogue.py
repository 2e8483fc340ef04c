"""The catalogue's keys as the code has them, and the files that hold their translations.

`make messages` (this file as a program) brings the `.po` files up to date with the code and compiles them. What
has no translation yet is listed; `test_messages` fails for it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import sentences
import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "pipeline" / "messages"
PROGRAM, REVIEW, READINGS = "program", "review", "readings"
OF_REVIEW = ("pipeline/review/", "pipeline/commands/review.py")  # all else belongs to `program`
FIXED = datetime(2026, 1, 1, tzinfo=UTC)  # of the files' headers: the same keys make the same bytes
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, order=True)
class Key:
    """A text's key: its group ('' for a sentence), itself, its domain; and the file that uses it."""

    domain: str
    group: str
    text: str

    @property
    def context(self) -> str | None:
        return self.group or None


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def domain_of(path: Path) -> str:
    return REVIEW if shown(path).startswith(OF_REVIEW) else PROGRAM


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# ── sentences that are told by their own text


def told_in_python() -> Iterator[tuple[Key, Path]]:
    """What `tell` is called with: a text, or a choice between texts."""
    for path in sources("pipeline", "extractors", "schemas", "jixiao"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and _name(node.func) == "tell" and node.args:
                for text in texts_of(node.args[0]):
                    yield Key(domain_of(path), "", text), path


def texts_of(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, if it is one or a choice between some."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def told_in_templates() -> Iterator[tuple[Key, Path]]:
    for path in sorted((ROOT / "pipeline").rglob("templates/*.html")):
        found = extract_from_ast(Environment().parse(path.read_text(encoding="utf-8")), ("t", "plain_t"))
        for _, _, given in found:
            text = given if isinstance(given, str) else given[0]
            if isinstance(text, str):
                yield Key(domain_of(path), "", text), path


def told_of_families() -> Iterator[tuple[Key, Path]]:
    """What the built-in families say of themselves."""
    from schemas.families import load_families

    for family in load_families():
        for text in (family.years, family.about):
            yield Key(READINGS, "", text), ROOT / "schemas" / "families" / f"{family.id}.yaml"


def named_in_templates() -> Iterator[tuple[Key, Path]]:
    """Words of ours that a template names by group and key."""
    for path in sorted((ROOT / "pipeline").rglob("templates/*.html")):
        for group, key in re.findall(r'named\("([\w-]+)", "([\w.-]+)"\)', path.read_text(encoding="utf-8")):
            yield Key(PROGRAM, group, key), path


def told_in_help() -> Iterator[tuple[Key, Path]]:
    """What the commands say of themselves and their options."""
    from pipeline.cli import build
    from pipeline.messages.recognised import CLOSED, JOINTS
    from pipeline.tongue import FROM_TYPER, TYPES, USAGE_PARTS, help_texts

    for text in [*help_texts(build()), *help_texts(build(())), *FROM_TYPER, *USAGE_PARTS, *TYPES, *JOINTS, CLOSED]:
        yield Key(PROGRAM, "", text), ROOT / "pipeline" / "cli.py"


def sentences_of_others() -> Iterator[tuple[Key, Path]]:
    """What records, databases and exceptions say in English."""
    for sentence, path in sentences.spoken():
        yield Key(READINGS, "", sentence), path


# ── words of ours, by groups


def literal_labels() -> Iterator[tuple[Key, Path]]:
    """What `label` is called with, where both its words stand there."""
    for path in sources("pipeline", "schemas"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and _name(node.func) == "label" and len(node.args) == 2:
                for group in texts_of(node.args[0]):
                    for text in texts_of(node.args[1]):
                        yield Key(PROGRAM, group, text), path


PERIODS = ("full_year", "half_year", "whole_project", "quarter1", "quarter2", "quarter3", "quarter4")
SINGLE = (  # words of ours that stand in sentences, and in the places of values, for what a form prints
    *PERIODS,
    *(f"targets/{period}" for period in PERIODS),
    *("weights/full_year", "weights/whole_project", "targets.full_year", "targets.half_year", "op"),
    *("points", "scores", "operator", "unit", "kind", "inside", "outside"),
    *("choices", "tasks_total", "amounts", "total", "targets", "values", "number", "weights", "level_points", "other"),
)
RUN_ROWS = ("run", "started", "finished", "state", "inputs", "options", "code", "settings", "versions", "files")
SAMPLE_COLUMNS = (
    *("stratum", "values", "drawn", "sample", "drawn_at", "seed", "size", "strata", "looked_at", "errors", "rate"),
    "interval",
)


def enumerated() -> Iterator[tuple[Key, Path]]:
    """The words that the code has lists of."""
    from pipeline.archive.outcomes import Outcome, Tally
    from pipeline.diff.classify import Class
    from pipeline.diff.sides import PAPER
    from pipeline.people.applied import REVIEWED, STALE
    from pipeline.people.sample import Decision, Divider
    from schemas.conditions import RANGE
    from schemas.families import GENERIC, load_families
    from schemas.kinds import ValueKind
    from schemas.model import Reader
    from schemas.record import Kind
    from schemas.verdicts import CheckVerdict, Doubt, LookVerdict

    groups: dict[str, Iterable[str]] = {
        "count": [*Tally().counts(), "seconds"],
        "run": [*RUN_ROWS, *(each.value for each in Outcome)],
        "sample": [*SAMPLE_COLUMNS, *(each.value for each in Divider)],
        "decision": [each.value for each in Decision],
        "look": [each.value for each in LookVerdict],
        "class": [each.value for each in Class],
        "part": [each.value for each in ValueKind],
        "verdict": [each.value for each in CheckVerdict],
        "kind": [each.value for each in Kind],
        "family": [family.id for family in load_families()] + [GENERIC],
        "state": ["running", "finished", "stopped", "broken off"],
        "stage": ["intake", "read", "interpret", "store"],
        "word": [*SINGLE, RANGE],
        "reader": [*(each.value for each in Reader), PAPER],
        "change": ["new", "changed", "mended", "broken", "gone"],
        "rule": [*rule_names(), *(each.value for each in Doubt), REVIEWED, STALE],
        "column": [*field_names(), "family", "kind", "issuer", "years", "about"],
    }
    for group, keys in groups.items():
        for key in keys:
            yield Key(PROGRAM, group, key), ROOT / "tests" / "catalogue.py"


def field_names() -> list[str]:
    """The fields that the vocabulary knows labels of."""
    text = (ROOT / "schemas" / "language" / "vocabulary.yaml").read_text(encoding="utf-8")
    return [*yaml.safe_load(text)["labels"]]


SCRIPTS = {"page": (REVIEW, "pipeline/review/static"), "diff": (PROGRAM, "pipeline/diff/templates")}
"""Groups of the texts of scripts: their domain, and the folder of the scripts."""


def labels_of_scripts() -> Iterator[tuple[Key, Path]]:
    """What scripts call `t` with; and what stands in the catalogue already as long as they, or what serves them, have
    its word: a key may come from a value."""
    for group, (domain, folder) in SCRIPTS.items():
        paths = sorted(path for ending in ("*.mjs", "*.js", "*.html") for path in (ROOT / folder).glob(ending))
        known = {message.id for each, message in messages_of("zh") if each == domain and message.context == group}
        for path in paths:
            text = path.read_text(encoding="utf-8")
            named = re.findall(r"""\bt\(["']([\w.-]+)["'][,)]|data-t="([\w-]+)\"""", text)
            named = [key for pair in named for key in pair if key]
            for key in dict.fromkeys([*named, *sorted(known & words_of(path))]):
                yield Key(domain, group, key), path
        for path in sources("pipeline/review", "pipeline/people", "pipeline/diff", "schemas"):
            for key in sorted(known & words_of(path)):
                yield Key(domain, group, key), ROOT / folder


KEPT = ("column", "sheet", "parsed", "kind", "side", "year_from", "indicator_kind", "fund_column")
"""Groups whose words are names of tables, columns and of what stands in them: an entry is kept as long as the code has
its word."""


def kept() -> Iterator[tuple[Key, Path]]:
    paths = [*sources("pipeline", "schemas", "extractors"), *(ROOT / "schemas").rglob("*.yaml")]
    words = {word for path in paths for word in words_of(path)}
    for _, message in messages_of("zh"):
        if message.context in KEPT and (message.id in words or message.id.removesuffix("_value") in words):
            yield Key(PROGRAM, message.context, message.id), ROOT / "pipeline" / "messages"


@cache
def words_of(path: Path) -> frozenset[str]:
    """Every word of a text, as names are written."""
    return frozenset(re.findall(r"[\w.-]+", path.read_text(encoding="utf-8")))


def rule_names() -> Iterator[str]:
    """The names of the checks."""
    for path in sources("pipeline/reading/check", "pipeline/archive"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and _name(node.func) == "CheckRule" and node.args:
                yield from texts_of(node.args[0])
                if isinstance(node.args[0], ast.Name):
                    yield from constants_of(path)[node.args[0].id]


def constants_of(path: Path) -> dict[str, list[str]]:
    """The texts that a module gives names at its top."""
    return {
        target.id: [*texts_of(node.value)]
        for node in tree_of(path).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


# ── the files


def wanted() -> dict[Key, set[str]]:
    """Every key that the code has, with the files that use it; a key of two domains belongs to `program`."""
    found: dict[Key, set[str]] = {}
    for finder in FINDERS:
        for key, path in finder():
            found.setdefault(key, set()).add(shown(path))
    for key in list(found):
        common = Key(PROGRAM, key.group, key.text)
        if key.domain != PROGRAM and common in found:
            found[common] |= found.pop(key)
    return found


FINDERS: tuple[Callable[[], Iterator[tuple[Key, Path]]], ...] = (
    told_in_python,
    told_in_templates,
    told_in_help,
    told_of_families,
    named_in_templates,
    sentences_of_others,
    literal_labels,
    enumerated,
    labels_of_scripts,
    kept,
)


def file_of(language: str, domain: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def load(language: str, domain: str) -> Catalog:
    path = file_of(language, domain)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def updated(language: str, domain: str, keys: dict[Key, set[str]]) -> Catalog:
    """The catalogue with exactly these keys, translations kept."""
    old = load(language, domain)
    new = Catalog(
        locale=language, project="jixiao", version="1", creation_date=FIXED, revision_date=FIXED, fuzzy=False,
        copyright_holder="the jixiao authors", msgid_bugs_address="", last_translator="the jixiao authors",
        header_comment=f"# What people are told ({domain}, {language}); `make messages` keeps the keys.",
    )  # fmt: skip
    for key in sorted(keys):
        if key.domain != domain or (language == "en" and not key.group):
            continue
        before = old.get(key.text, key.context)
        said = before.string if before is not None else ""
        if language == "en" and not said:
            said = key.text if key.group == "family" else key.text.replace("_", " ").replace("-", " ")
        new.add(key.text, said, locations=[(name, None) for name in sorted(keys[key])], context=key.context)
    return new


def po_text(catalogue: Catalog) -> bytes:
    made = BytesIO()
    write_po(made, catalogue, width=120, sort_output=False, include_lineno=False)
    return made.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def main() -> int:
    """Bring the files up to date; list what has no translation."""
    keys = wanted()
    missing = 0
    for language in LANGUAGES:
        for domain in (PROGRAM, REVIEW, READINGS):
            catalogue = updated(language, domain, keys)
            path = file_of(language, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(po_text(catalogue))
            path.with_suffix(".mo").write_bytes(mo_bytes(catalogue))
            for message in catalogue:
                if message.id and not message.string:
                    missing += 1
                    print(f"{shown(path)}: no translation: {message.id}", file=sys.stderr)
    return 1 if missing else 0


def places(text: str) -> list[str]:
    """The names of a text's places, sorted."""
    return sorted(re.findall(r"\{(\w+)[^}]*\}", text))


def messages_of(language: str) -> list[tuple[str, Any]]:
    return [
        (domain, message) for domain in (PROGRAM, REVIEW, READINGS) for message in load(language, domain) if message.id
    ]


if __name__ == "__main__":
    sys.exit(main())
