"""The command line: what each command prints where, what its help says, how it ends."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from click.testing import Result
from helpers_pdf import write_form, write_many
from PIL import Image
from typer.testing import CliRunner

from pipeline.cli import app, build
from schemas.families import load_families
from schemas.record import Kind

REPOSITORY = Path(__file__).parent.parent
RAW = REPOSITORY / "data" / "raw"
DUMP = RAW / "dumps" / "002_a291d28074b2eada.txt"
PDF = sorted((RAW / "pdf").glob("*.pdf"))[0]
GOLDEN = Path(__file__).parent / "golden"


def jixiao(*arguments: str | Path) -> Result:
    """`jixiao` with these arguments; no exception but that of its exit may leave it."""
    result = CliRunner().invoke(app, [str(a) for a in arguments], terminal_width=200)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run over a dump and a small PDF; the tests only look at it."""
    folder = tmp_path_factory.mktemp("cli")
    write_form(folder / "form.pdf")
    result = jixiao("run", DUMP, folder / "form.pdf", "--out", folder / "out")
    assert result.exit_code == 0, result.output
    return folder / "out"


# ── Help


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_the_commands_are_these() -> None:
    leaves = {" ".join(path) for path, command in COMMANDS.items() if not getattr(command, "commands", None)}
    assert {
        "run",
        "show",
        "export",
        "families explain",
        "draw",
        "golden list",
        "golden show",
        "golden compare",
        "golden skeleton",
    } <= leaves


def test_what_lists_the_commands_loads_none_and_lists_them_alike() -> None:
    whole: Any = typer.main.get_command(build())
    told: Any = typer.main.get_command(build(()))
    assert list(whole.commands) == list(told.commands)
    for name, command in whole.commands.items():
        about = told.commands[name].help
        assert about
        assert " ".join((command.help or "").split()).startswith(about)
    loaded = [sys.executable, "-c", f"import sys\n{LISTED}"]
    result = subprocess.run(loaded, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(REPOSITORY)})
    assert "review" in result.stdout
    assert result.stderr.split() == []


LISTED = """
from pipeline.cli import main
sys.argv = ["jixiao", "--help"]
try:
    main()
except SystemExit:
    heavy = ("pydantic", "sqlalchemy", "numpy", "lxml", "yaml", "importlib.metadata")
    heavy += ("extractors", "pipeline.commands", "schemas")
    print(*(name for name in heavy if name in sys.modules), file=sys.stderr)
"""


def test_a_filing_is_shown_without_what_only_others_need(tmp_path: Path) -> None:
    """Tables of a database, frames and engines take longer to load than a dump or a page to read."""
    dump = tmp_path / "x.txt"
    dump.write_text("项目绩效目标表\n一级指标\t二级指标\t三级指标\t指标值\n产出\t数量\t次数\t≥3次\n", encoding="utf-8")
    shown = [sys.executable, "-c", f"import sys\n{SHOWN.format(path=str(dump))}"]
    result = subprocess.run(shown, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(REPOSITORY)})
    assert "次数" in result.stdout
    assert result.stderr.split() == []


SHOWN = """
from pipeline.cli import main
sys.argv = ["jixiao", "show", {path!r}]
try:
    main()
except SystemExit:
    heavy = ("sqlalchemy", "schemas.tables", "pandas", "cv2", "camelot", "onnxruntime", "paddleocr")
    print(*(name for name in heavy if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [("--version",), ("-h",), ("run", "-h")])
def test_what_every_program_answers(arguments: tuple[str, ...]) -> None:
    result = jixiao(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert ("Usage: " in result.stdout) == ("-h" in arguments)
    if arguments == ("--version",):
        assert result.stdout == f"jixiao {version('jixiao')}\n"


@pytest.mark.parametrize("path", COMMANDS, ids=lambda p: " ".join(p) or "jixiao")
def test_help_lists_every_option_and_command(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    result = jixiao(*path, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert command.help
    assert " ".join(command.help.split())[:30] in " ".join(result.stdout.split())
    for parameter in command.params:
        if getattr(parameter, "param_type_name", "") == "option":
            assert max(parameter.opts, key=len) in result.stdout
            assert parameter.help or parameter.name == "kind", f"{path}: {parameter.name} is not explained"
    for name in getattr(command, "commands", {}):
        assert name in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("run",),
        ("run", "x", "--nonsense"),
        ("show",),
        ("export",),
        ("export", "--format", "yaml"),
        ("families", "nonsense"),
        ("families", "explain"),
        ("draw", PDF),
        ("draw", PDF, "--page", "0"),
        ("draw", PDF, "--page", "one"),
        ("golden", "copy"),
        ("golden", "skeleton", "x.json"),
        ("golden", "skeleton", "x.json", "--kind", "nonsense"),
    ],
    ids=str,
)
def test_wrong_use_is_exit_code_two(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert jixiao(*arguments).exit_code == 2
    assert list(tmp_path.iterdir()) == []


# ── run


def test_run_prints_its_table_to_stdout_and_its_talk_to_stderr(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    result = jixiao("run", DUMP, tmp_path / "empty.txt", "--out", tmp_path / "out")
    assert result.exit_code == 1
    table = {cells[0].strip(): cells[1].strip() for line in result.stdout.splitlines() if (cells := line.split("│"))}
    assert float(table.pop("seconds")) >= 0
    assert {k: v for k, v in table.items() if k not in ("indicators", "findings")} == {
        "files": "2",
        "read": "1",
        "already done": "0",
        "without form": "0",
        "refused": "0",
        "failed": "1",
        "forms": "1",
    }
    assert int(table["indicators"]) > 50
    assert f"{DUMP.name}: 1 forms" in result.stderr
    assert "empty.txt: The file is empty; get it again" in result.stderr


def test_a_refused_file_is_counted_apart_and_is_a_failure_too(tmp_path: Path) -> None:
    (tmp_path / "filings.txt").write_bytes(b"PK\x03\x04" + bytes(100))
    result = jixiao("run", tmp_path / "filings.txt", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert [line.split()[-1] for line in result.stdout.splitlines() if "refused" in line or "failed" in line] == [
        "1",
        "0",
    ]


def test_a_file_without_a_form_is_no_failure(tmp_path: Path) -> None:
    write_many(tmp_path / "prose.pdf", 2)
    result = jixiao("run", tmp_path / "prose.pdf", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "prose.pdf: no form found" in result.stderr


def test_a_database_elsewhere(tmp_path: Path) -> None:
    for number, place in enumerate((str(tmp_path / "mine.db"), f"sqlite:///{tmp_path / 'url.db'}")):
        out = tmp_path / f"out{number}"
        assert jixiao("run", DUMP, "--out", out, "--db", place).exit_code == 0
        assert not (out / "jixiao.db").exists()
        assert (out / "records" / DUMP.stem / "0.json").is_file()
        assert len(json.loads(jixiao("export", "--format", "json", "--db", place).stdout)) == 1
    result = jixiao("run", DUMP, "--out", tmp_path / "out", "--db", "nonsense://user:secret@host/db")
    assert result.exit_code == 2
    assert "nonsense" in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "no such folder; --family-dir takes a folder"),
        ("id: [", "mine.yaml, line 2: no YAML"),
        ("id: mine\n", "mine.yaml, line 1: title: Field required"),
        (b"\xff\xfe\x00", "cannot be read as UTF-8"),
    ],
)
@pytest.mark.parametrize("command", [("run", DUMP), ("show", DUMP), ("families",), ("families", "explain", DUMP)])
def test_family_folders_that_are_wrong(
    command: tuple[str | Path, ...], text: str | bytes | None, message: str, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    if text is not None:
        own.mkdir()
        (own / "mine.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    more = ["--out", tmp_path / "out"] if command[0] == "run" else []
    result = jixiao(*command, "--family-dir", own, *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(own) in result.stderr
    assert message in result.stderr


# ── show


def test_show_prints_a_filing_and_its_record_alike(done: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")  # so wide that no path is wrapped
    record = done / "records" / DUMP.stem / "0.json"
    filing, stored = jixiao("show", DUMP), jixiao("show", record)
    assert (filing.exit_code, stored.exit_code, filing.stderr, stored.stderr) == (0, 0, "", "")
    assert filing.stdout.replace(str(DUMP), DUMP.name).split() == stored.stdout.split()
    assert "江宁区部门整体预算绩效目标表" in filing.stdout


def test_show_prints_an_export(done: Path, tmp_path: Path) -> None:
    jixiao("export", "--format", "json", "--db", done / "jixiao.db", "--out", tmp_path / "all.json")
    result = jixiao("show", tmp_path / "all.json")
    assert result.exit_code == 0
    assert "项目绩效目标表" in result.stdout


@pytest.mark.parametrize("text", [None, "no json", "[1, 2]", '{"a": 1}', "3", '"indicators"', b"\xff\xfe"])
def test_show_says_what_is_no_record(text: str | bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = jixiao("show", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(path) in result.stderr


def test_show_without_a_form(tmp_path: Path) -> None:
    write_many(tmp_path / "prose.pdf", 1)
    result = jixiao("show", tmp_path / "prose.pdf")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "prose.pdf: no form found" in result.stderr


def test_show_of_nothing(tmp_path: Path) -> None:
    result = jixiao("show", tmp_path / "no.pdf")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no.pdf: There is no such file" in result.stderr


# ── export


def test_export_json_to_stdout_is_json_and_nothing_else(done: Path) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "export", "--format", "json", "--db", str(done / "jixiao.db")]
    code = "from pipeline.cli import main; main()"
    command[1:3] = ["-c", code]
    ended = subprocess.run(command, capture_output=True, check=True, cwd=done)
    found = json.loads(ended.stdout.decode("utf-8"))
    on_disk = [json.loads(p.read_text(encoding="utf-8")) for p in sorted((done / "records").rglob("*.json"))]
    assert sorted(found, key=str) == sorted(on_disk, key=str)
    assert ended.stderr == b""


@pytest.mark.parametrize("fmt", ["csv", "parquet"])
def test_export_to_a_folder(fmt: str, done: Path, tmp_path: Path) -> None:
    result = jixiao("export", "--format", fmt, "--db", done / "jixiao.db", "--out", tmp_path / "e")
    assert (result.exit_code, result.stdout) == (0, "")
    names = {p.name for p in (tmp_path / "e").iterdir()}
    assert {f"{t}.{fmt}" for t in ("forms", "fields", "funds", "indicators", "findings")} <= names
    for name in names:
        assert f"wrote {tmp_path / 'e' / name}" in result.stderr
    if fmt == "csv":
        with (tmp_path / "e" / "forms.csv").open(encoding="utf-8-sig", newline="") as stream:
            assert len(list(csv.DictReader(stream))) == 2


@pytest.mark.parametrize("fmt", ["json", "xlsx"])
def test_export_to_a_file_and_twice_the_same(fmt: str, done: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        out = tmp_path / f"{number}.{fmt}"
        assert jixiao("export", "--format", fmt, "--db", done / "jixiao.db", "--out", out).exit_code == 0
    assert (tmp_path / f"1.{fmt}").read_bytes() == (tmp_path / f"2.{fmt}").read_bytes()


@pytest.mark.parametrize("fmt", ["csv", "xlsx", "parquet"])
def test_only_json_goes_to_stdout(fmt: str, done: Path) -> None:
    result = jixiao("export", "--format", fmt, "--db", done / "jixiao.db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "name one" in result.stderr


def test_export_from_nowhere_and_to_nowhere(done: Path, tmp_path: Path) -> None:
    result = jixiao("export", "--format", "json", "--db", tmp_path / "no.db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"there is no database {tmp_path / 'no.db'}" in result.stderr
    assert not (tmp_path / "no.db").exists()
    (tmp_path / "file").write_text("mine")
    for fmt in ("json", "csv", "xlsx", "parquet"):
        result = jixiao("export", "--format", fmt, "--db", done / "jixiao.db", "--out", tmp_path / "file" / "x")
        assert result.exit_code == 2
        assert str(tmp_path / "file") in result.stderr


# ── families


def test_families_are_listed() -> None:
    result = jixiao("families")
    assert (result.exit_code, result.stderr) == (0, "")
    for family in load_families():
        assert family.id in result.stdout


def test_families_of_ones_own_are_listed_too(tmp_path: Path) -> None:
    text = "id: my-own\nkind: project_target\nissuer: i\nyears: '2024'\nabout: a\ntitle: 项目绩效目标表\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert "my-own" in jixiao("families", "--family-dir", tmp_path).stdout
    write_form(tmp_path / "form.pdf")
    explained = jixiao("families", "explain", tmp_path / "form.pdf", "--family-dir", tmp_path)
    assert "form 0: 项目绩效目标表: my-own" in explained.stdout
    assert "because title" in explained.stdout


def test_explain_says_why_and_what_came_nearest(tmp_path: Path) -> None:
    result = jixiao("families", "explain", DUMP)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "jiangning-department-target" in result.stdout
    assert "because title" in result.stdout
    write_form(tmp_path / "form.pdf")
    result = jixiao("families", "explain", tmp_path / "form.pdf")
    assert "form 0: 项目绩效目标表: generic" in result.stdout
    assert "nearest: " in result.stdout


def test_explain_names_both_families_that_collide(tmp_path: Path) -> None:
    write_form(tmp_path / "form.pdf")
    for name in ("one", "two"):
        text = f"id: {name}\nkind: project_target\nissuer: i\nyears: '2024'\nabout: a\ntitle: 项目绩效目标表\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    for command in (("families", "explain"), ("show",)):
        result = jixiao(*command, tmp_path / "form.pdf", "--family-dir", tmp_path)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "families one and two both claim" in result.stderr


# ── draw


def test_draw_writes_a_picture_and_prints_its_name(tmp_path: Path) -> None:
    out = tmp_path / "new" / "page.png"
    result = jixiao("draw", PDF, "--page", "1", "--out", out, "--words")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{out}\n", "")
    with Image.open(out) as picture:
        assert picture.format == "PNG"


def test_draw_without_out_writes_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_form(tmp_path / "form.pdf")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert jixiao("draw", tmp_path / "form.pdf", "--page", "1").stdout == "form-p1.png\n"
    assert [p.name for p in Path().iterdir()] == ["form-p1.png"]


def test_draw_says_what_it_cannot_draw(tmp_path: Path) -> None:
    write_form(tmp_path / "locked.pdf", password="secret")
    (tmp_path / "file").write_text("mine")
    out = tmp_path / "out.png"
    for path, page in ((PDF, "999"), (DUMP, "1"), (tmp_path / "no.pdf", "1"), (tmp_path / "locked.pdf", "1")):
        result = jixiao("draw", path, "--page", page, "--out", out)
        assert (result.exit_code, result.stdout) == (1, "")
        assert path.name in result.stderr
    assert not out.exists()
    result = jixiao("draw", PDF, "--page", "1", "--out", tmp_path / "file" / "x.png")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "choose another --out" in result.stderr


# ── golden


def test_goldens_are_listed_and_shown() -> None:
    result = jixiao("golden", "list", "--root", GOLDEN)
    assert (result.exit_code, result.stderr) == (0, "")
    forms = [
        line for line in result.stdout.splitlines() if line.split("│")[0].strip() in {"000", "001", "002", "003", "004"}
    ]
    assert len(forms) == 15
    shown = jixiao("golden", "show", "001/2", "--root", GOLDEN)
    assert shown.exit_code == 0
    assert json.loads((GOLDEN / "001" / "2.json").read_text(encoding="utf-8"))["title"] in shown.stdout
    assert jixiao("golden", "show", "002", "--root", GOLDEN).exit_code == 0
    missing = jixiao("golden", "show", "001/99", "--root", GOLDEN)
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "001/99: no such golden" in missing.stderr


def test_goldens_are_compared() -> None:
    result = jixiao("golden", "compare", "002", "--root", GOLDEN, "--base", REPOSITORY)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["002/0 text-layer", "002/0 dump"]
    assert all(line.endswith("0 wrong") for line in lines)


def test_comparing_counts_what_is_wrong_or_missing(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "002", tmp_path / "002")
    path = tmp_path / "002" / "0.json"
    golden = json.loads(path.read_text(encoding="utf-8"))
    golden["year"] = 1999
    path.write_text(json.dumps(golden), encoding="utf-8")
    (tmp_path / "002" / "1.json").write_text(json.dumps(golden), encoding="utf-8")
    result = jixiao("golden", "compare", "--root", tmp_path, "--base", REPOSITORY)
    assert result.exit_code == 1
    assert result.stdout.count("  /year: paper 1999, read 2025 (changed)") == 2
    assert "002 dump: 1 forms read, 2 goldens" in result.stdout
    gone = jixiao("golden", "compare", "--root", tmp_path, "--base", tmp_path)
    assert gone.exit_code == 1
    assert "There is no such file" in gone.stdout


def test_golden_sets_that_are_not_there(tmp_path: Path) -> None:
    for command in (("list",), ("show", "000/0"), ("compare",)):
        result = jixiao("golden", *command, "--root", tmp_path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{tmp_path}: no golden sets there" in result.stderr
    result = jixiao("golden", "compare", "nonsense", "--root", GOLDEN, "--base", REPOSITORY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nonsense: no such golden set" in result.stderr
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "sources.json").write_text("{", encoding="utf-8")
    result = jixiao("golden", "list", "--root", tmp_path)
    assert (result.exit_code, "sources.json: cannot be read as JSON" in result.stderr) == (2, True)


def test_a_skeleton_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "set" / "0.json"
    make = ("golden", "skeleton", path, "--kind", "project_target", "--indicators", "3", "--funds", "0")
    result = jixiao(*make)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{path}\n", "")
    empty = json.loads(path.read_text(encoding="utf-8"))
    assert (empty["kind"], empty["title"], len(empty["indicators"]), empty["funds"]) == (
        Kind.PROJECT_TARGET.value,
        "",
        3,
        [],
    )
    path.write_text("mine", encoding="utf-8")
    result = jixiao(*make)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--force overwrites it" in result.stderr
    assert path.read_text(encoding="utf-8") == "mine"
    assert jixiao(*make, "--force").exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8")) == empty
    result = jixiao("golden", "skeleton", path / "x.json", "--kind", "project_target")
    assert (result.exit_code, "cannot be written" in result.stderr) == (2, True)


# ── The program itself


def test_the_installed_program_speaks_utf8_whatever_the_locale(tmp_path: Path) -> None:
    code = "import sys; from pipeline.cli import main; sys.argv[0] = 'jixiao'; main()"
    command = [sys.executable, "-c", code, "show", str(DUMP)]
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "江宁区部门整体预算绩效目标表" in ended.stdout.decode("utf-8")


def test_nobody_sees_a_traceback_for_wrong_use(tmp_path: Path) -> None:
    for arguments in (("run",), ("export", "--format", "json", "--db", str(tmp_path))):
        result = jixiao(*arguments)
        assert isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
    assert isinstance(COMMANDS[()], click.Group) or hasattr(COMMANDS[()], "commands")
