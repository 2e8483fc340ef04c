"""What is typed less: `jixiao FILE`, the last run, `jixiao.toml`, and originals that are found by themselves."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
from helpers_pdf import write_form

from pipeline.archive.runs import input_folders
from pipeline.archive.store import Store
from pipeline.cli import main
from pipeline.output.pictures.originals import Originals

ROOT = Path(__file__).parent.parent
CALL = "import sys; sys.argv[0] = 'jixiao'; from pipeline.cli import main; main()"


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def jixiao(folder: Path, *arguments: str) -> Done:
    """The command, called in a folder."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with chdir(folder), redirect_stdout(stdout), redirect_stderr(stderr), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["jixiao", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    return Done(int(ended.value.code or 0), stdout.getvalue(), stderr.getvalue())


def completed(line: str) -> list[str]:
    """What a shell is told of a line whose last word is not whole."""
    asked = {"_JIXIAO_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | asked
    command = [sys.executable, "-c", CALL]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False).stdout.split()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with one filing in `filings` and settings that name it."""
    (tmp_path / "filings").mkdir()
    write_form(tmp_path / "filings" / "form.pdf")
    (tmp_path / "jixiao.toml").write_text(
        '[run]\ninputs = ["filings"]\nout = "result"\njobs = 0\n\n["sample report"]\naccept = "5%,99.5%"\n', "utf-8"
    )
    return tmp_path


def test_a_file_alone_is_shown(archive: Path) -> None:
    shown = jixiao(archive, "filings/form.pdf")
    assert shown.returncode == 0, shown.stderr
    assert "测试项目" in shown.stdout
    assert shown.stdout == jixiao(archive, "show", "filings/form.pdf").stdout
    missing = jixiao(archive, "filings/fomr.pdf")
    assert missing.returncode != 0
    assert "filings/fomr.pdf" in missing.stderr
    assert {path.name for path in archive.iterdir()} == {"filings", "jixiao.toml"}  # a slip of the pen makes nothing
    assert "No such command 'rnu'" in jixiao(archive, "rnu").stderr


def test_settings_are_taken_where_nothing_is_typed(archive: Path) -> None:
    done = jixiao(archive, "run")
    assert done.returncode == 0, done.stderr
    assert (archive / "result" / "jixiao.db").is_file()
    last = jixiao(archive, "status")  # of the last run, in the database of the settings
    assert last.returncode == 0, last.stderr
    assert "filings" in last.stdout
    assert jixiao(archive, "run", "--out", "other").returncode == 0
    assert (archive / "other" / "jixiao.db").is_file()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[run]\nspeed = 9\n", ("jixiao.toml", "[run]", "'speed'", "jobs")),
        ("[run]\njobs = [1]\n", ("jixiao.toml", "jobs", "one value")),
        ("[run]\ninputs = 'filings'\n", ("jixiao.toml", "inputs", "a list")),
        ("jobs = 2\n", ("jixiao.toml", "jobs", "[run]")),
        ("[run\n", ("jixiao.toml", "line 1")),
        ("[run]\njobs = 'many'\n", ("--jobs", "integer")),
    ],
)
def test_settings_that_are_wrong_are_named(archive: Path, text: str, told: tuple[str, ...]) -> None:
    (archive / "jixiao.toml").write_text(text, "utf-8")
    done = jixiao(archive, "run", "filings")
    assert done.returncode == 2
    for part in told:
        assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_a_shell_is_told_what_completes_a_line() -> None:
    assert completed("jixiao exp") == ["export"]
    assert completed("jixiao export --ta") == ["--tables"]


def test_originals_are_found_where_the_runs_took_them_from(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert jixiao(archive, "run", "filings/*.pdf").returncode == 0
    monkeypatch.chdir(archive / "result")
    with Store.open("jixiao.db", create=False) as store:
        assert input_folders(store) == [archive / "filings"]
        [(path, sha256)] = store.query("SELECT path, sha256 FROM files")[1]
        assert Originals(input_folders(store)).find([path], sha256) == archive / "filings" / "form.pdf"
