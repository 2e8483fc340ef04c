"""The README and the pages behind it are true: their commands run and print what they show, their queries give their
tables, their links lead somewhere.

In a `console` block a line that begins with `$ ` is a command and what follows is its output, in which a line `…`
stands for any lines. Commands run in their order in one folder that holds a copy of the samples.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from pipeline.bench import archive, scan_stages, speed, text_stages
from pipeline.cli import app
from schemas.families import Family, load_families
from schemas.language.vocabulary import load_words
from schemas.tables import VIEWS, Base

ROOT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    *(f"docs/{name}.md" for name in ("commands", "record", "database", "families", "limits", "speed")),
)
TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in (*PAGES, "docs/architecture.md")}
README = "\n".join(TEXTS.values())
CHINESE = (ROOT / "README.zh.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
WIDTH = "110"  # columns of the terminal in which the README's outputs were printed
ELSEWHERE = (". .venv/bin/activate",)  # what no test can run
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and what the README says right before and behind it."""

    language: str
    text: str
    before: str
    behind: str


BLOCKS = [Block(m[1], m[2], README[: m.start()], README[m.end() :]) for m in FENCE.finditer(README)]


def blocks(*languages: str) -> list[Block]:
    return [b for b in BLOCKS if b.language in languages]


@dataclass(frozen=True)
class Command:
    """A command line, and the output that the README shows of it, if it shows one."""

    line: str
    output: str | None


def commands() -> Iterator[Command]:
    for block in blocks("sh", "console"):
        if block.language == "sh":
            yield from (Command(line, None) for line in block.text.splitlines() if line.strip())
            continue
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            yield Command(line, output)


COMMANDS = list(commands())
MADE = [c.line for c in COMMANDS if c.line.startswith("make ")]
RUN = [c for c in COMMANDS if c.line not in MADE and c.line not in ELSEWHERE]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the README's commands use, and its family definition saved where it says."""
    folder = tmp_path_factory.mktemp("readme")
    for part in ("data/raw", "tests/golden", "tests/unlisted"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "data" / "out").mkdir()
    for path, text in saved_files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def saved_files() -> list[tuple[str, str]]:
    """What the README tells to save: (path, text)."""
    found = []
    for block in blocks("yaml"):
        if named := re.search(r"Save it as\s+`([^`]+)`:\s*\Z", block.before):
            found.append((named[1], block.text))
    return found


def execute(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    keep = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "CLICOLOR_FORCE")}
    env = {
        **keep,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": WIDTH,
        "NO_COLOR": "1",
        "TERM": "dumb",
        "JIXIAO_LANG": "en",
    }
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.fixture(scope="module")
def done(folder: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """Every command of the README, run in its order."""
    return {c.line: execute(c.line, folder) for c in RUN}


@pytest.mark.slow
@pytest.mark.parametrize("command", RUN, ids=lambda c: c.line)
def test_a_command_prints_what_the_readme_shows(
    command: Command, done: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    result = done[command.line]
    assert result.returncode == 0, result.stdout
    if command.output is not None:
        shown = _lines(command.output)
        printed = _lines(result.stdout)
        assert _matches(shown, printed), "\n".join(["the README shows another output; printed is:", *printed])


def _lines(text: str) -> list[str]:
    """Lines without blanks at their ends; seconds are no promise."""
    return [re.sub(r"(seconds\s+│).*", r"\1", line).rstrip() for line in text.splitlines()]


def _matches(shown: list[str], printed: list[str]) -> bool:
    if not shown:
        return not printed
    if shown[0] == "…":
        return any(_matches(shown[1:], printed[i:]) for i in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and _matches(shown[1:], printed[1:])


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {line.split()[1] for line in MADE} | set(re.findall(r"`make ([a-z]+)[^`]*`", README))
    assert {"run", "test", "bench"} <= named <= targets


def test_make_run_and_make_test_come_first() -> None:
    assert [c.line for c in COMMANDS[:2]] == ["make run", "make test"]


@pytest.fixture(scope="module")
def database(folder: Path, done: dict[str, Any]) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(folder / "data" / "out" / "jixiao.db")
    yield connection
    connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("sql"), ids=lambda b: " ".join(b.text.split())[:60])
def test_a_query_gives_the_table_below_it(block: Block, database: sqlite3.Connection) -> None:
    cursor = database.execute(block.text)
    names = [d[0] for d in cursor.description]
    rows = [["" if v is None else str(v) for v in row] for row in cursor]
    assert rows
    assert [names, *rows] == _markdown_table(block.behind)


def _markdown_table(text: str) -> list[list[str]]:
    """The first Markdown table in a text, its line of dashes left out."""
    lines = []
    for line in text.strip().splitlines():
        if not line.startswith("|"):
            break
        lines.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return [lines[0], *lines[2:]]


def test_there_are_at_least_three_queries() -> None:
    assert len(blocks("sql")) >= 3


@pytest.mark.slow
def test_the_parts_of_records_shown_are_in_the_records(
    folder: Path, done: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    records = [json.loads(p.read_text(encoding="utf-8")) for p in (folder / "data/out/records").rglob("*.json")]
    parts = [part for r in records for part in (*r["indicators"], *r["findings"])]
    assert blocks("json")
    for block in blocks("json"):
        assert json.loads(block.text) in parts, block.text


def test_every_table_and_view_is_named() -> None:
    section = TEXTS["docs/database.md"]
    for name in (*Base.metadata.tables, *VIEWS):
        assert f"`{name}`" in section, name


def test_verbs_and_options_are_those_of_the_program() -> None:
    verbs = {
        tuple(m.split()) for m in re.findall(r"jixiao ((?:families explain|(?:golden|sample) \w+|[a-z]+))\b", _code())
    }
    assert {("run",), ("show",), ("export",), ("families",), ("families", "explain"), ("draw",)} <= verbs
    help_of = {verb: _help(" ".join(verb)) for verb in verbs}
    for command in RUN:
        verb = next(v for v in sorted(verbs, key=len, reverse=True) if command.line.startswith(f"jixiao {' '.join(v)}"))
        for option in re.findall(r"(?<!\S)--[a-z-]+", command.line):
            assert option in help_of[verb], f"{command.line}: {option}"
    everything = " ".join(help_of.values())
    for option in re.findall(r"`(--[a-z-]+)", README):
        assert option in everything, option


def _code() -> str:
    return "\n".join([*(c.line for c in COMMANDS), *re.findall(r"`([^`\n]+)`", FENCE.sub("", README))])


def _help(verb: str) -> str:
    result = CliRunner(env={"COLUMNS": WIDTH, "NO_COLOR": "1", "TERM": "dumb"}).invoke(app, [*verb.split(), "--help"])
    assert result.exit_code == 0, f"jixiao {verb}: {result.output}"
    return result.output


def test_the_chinese_readme_names_what_the_program_has() -> None:
    """Its commands are called by those who read no English: a verb or an option that is gone would strand them."""
    texts = re.findall(r"`([^`\n]+)`", FENCE.sub("", CHINESE))
    lines = [line.strip() for line in CHINESE.splitlines() if line.startswith(("    jixiao", "jixiao"))]
    called = [text for text in (*lines, *texts) if re.match(r"jixiao [a-z]", text)]
    assert len(called) >= 10
    for line in called:
        verb = " ".join(line.split()[1:3]) if line.split()[1:2] == ["sample"] and "report" in line else line.split()[1]
        told = _help(verb)
        for option in re.findall(r"(?<!\S)--[a-z-]+", line):
            assert option in told, f"{line}: {option}"
    for target in re.findall(r"\]\(([^)\s]+)\)", CHINESE):
        assert (ROOT / target).is_file(), target


def test_every_verb_of_the_program_is_in_the_readme() -> None:
    verbs = re.findall(r"^│ ([a-z]+) ", _help(""), re.MULTILINE)
    assert len(verbs) >= 6
    for verb in verbs:
        assert re.search(rf"^## {verb}:", TEXTS["docs/commands.md"], re.MULTILINE), verb
        assert f"`{verb}`" in TEXTS["README.md"], verb


def test_the_family_example_is_whole(folder: Path) -> None:
    ((path, text),) = saved_files()
    family = Family.model_validate(yaml.safe_load(text))
    assert Path(path).stem == family.id
    assert family.id in {f.id for f in load_families(folder / Path(path).parent)}
    section = README.split("\n## Add a form family\n")[1].split("\n## ")[0]
    for key in Family.model_fields:
        assert f"`{key}`" in section, key


@pytest.mark.slow
def test_the_family_example_is_used(folder: Path, done: dict[str, subprocess.CompletedProcess[str]]) -> None:
    ((_, text),) = saved_files()
    records = [json.loads(p.read_text("utf-8")) for p in (folder / "data/out/unlisted/records").rglob("*.json")]
    assert yaml.safe_load(text)["id"] in {r["family"] for r in records}


def test_the_word_example_extends_the_vocabulary() -> None:
    (block,) = [b for b in blocks("yaml") if "Save it as" not in b.before[-200:]]
    words = load_words()
    for field, names in yaml.safe_load(block.text)["labels"].items():
        *known, new = names
        assert {words.label(name) for name in known} == {field}
        assert words.label(new) is None


def test_links_pictures_and_paths_exist() -> None:
    for page, text in TEXTS.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if target.startswith("http"):
                continue
            name, _, anchor = target.partition("#")
            path = (ROOT / page).parent / name if name else ROOT / page
            assert path.is_file(), f"{page}: {target}"
            if anchor:
                headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
                assert anchor in {_anchor(heading) for heading in headings}, f"{page}: {target}"
    for picture in (ROOT / "docs").glob("*.png"):
        assert f"]({picture.name})" in README or f"](docs/{picture.name})" in README, picture.name
        assert picture.stat().st_size < 500_000
    for path in re.findall(r"`((?:extractors|pipeline|schemas|tests|data/raw)/[^`\s]*)`", README):
        assert (ROOT / path).exists(), path


def test_the_readme_is_no_longer_than_a_readers_patience() -> None:
    assert len(TEXTS["README.md"].splitlines()) <= 200


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_measured_table_is_one_of_the_benchmark() -> None:
    table, pages, forms, runs, stages = (b.text for b in blocks("text"))
    assert runs.splitlines()[0].split() == " ".join(archive.road_rows({})[0]).split()
    lines = table.splitlines()
    assert tuple(lines[0].split()) == speed.HEADER
    for group in (speed.RULED, speed.UNRULED, speed.DUMPS):
        assert any(line.startswith(f"{group} ") for line in lines), group
    assert tuple(re.split(" {2,}", stages.splitlines()[0])) == scan_stages.HEADER
    assert _first_cells(stages) == {*scan_stages.STAGES, scan_stages.REST}
    both = {
        text_stages.FORMS,
        text_stages.VALUES,
        text_stages.CHECKS,
        text_stages.RISKS,
        text_stages.ROWS,
        text_stages.REST,
    }
    assert tuple(re.split(" {2,}", pages.splitlines()[0])) == text_stages.PAGE_HEADER
    assert _first_cells(pages) == {
        *both, text_stages.PAINTED, text_stages.SEEN, text_stages.WORDS, text_stages.TABLES,
    }  # fmt: skip
    assert tuple(re.split(" {2,}", forms.splitlines()[0])) == text_stages.FORM_HEADER
    assert _first_cells(forms) == {*both, text_stages.ALIGNED}


def _first_cells(table: str) -> set[str]:
    """The first cells of a printed table, without its header and its last row."""
    return {re.split(" {2,}", line)[0] for line in table.splitlines()[1:-1]}
