"""Bad input: a clear message that names the file and says what to do, a row in the database, the rest done."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from helpers_pdf import NO_BOX, write_form, write_many, write_scan
from PIL import Image
from typer.testing import CliRunner

from pipeline.cli import app
from schemas.tables import SCHEMA_VERSION

RAW = Path(__file__).parent.parent / "data" / "raw"
GOOD = RAW / "dumps" / "002_a291d28074b2eada.txt"
SAMPLE = sorted((RAW / "pdf").glob("*.pdf"))[1]


def jixiao(*arguments: str | Path) -> Result:
    """`jixiao` with these arguments; no exception but that of its exit may leave it."""
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def rows(out: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(out / "jixiao.db")) as connection:
        return connection.execute(sql).fetchall()


def failures(out: Path) -> list[tuple[Any, ...]]:
    return rows(out, "SELECT file, stage, category, page, message FROM failures ORDER BY id")


def write_picture(path: Path, form: str) -> None:
    Image.new("RGB", (40, 30), "white").save(path, form)


def write_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "text")


def write_cut(path: Path) -> None:
    data = SAMPLE.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])


def write_garbage(path: Path) -> None:
    head = b"%PDF-1.4\n" + random.Random(1).randbytes(4000)
    path.write_bytes(head + b"\nstartxref\n9\n%%EOF\n")


Make = Callable[[Path], Any]

BAD: dict[str, tuple[str, Make, str, str, int | None, str]] = {
    # case: file, how it is made, stage, category, page, what the message says to do
    "empty dump": ("x.txt", lambda p: p.write_bytes(b""), "intake", "empty", None, "get it again"),
    "empty PDF": ("x.pdf", lambda p: p.write_bytes(b""), "intake", "empty", None, "get it again"),
    "no PDF": ("x.pdf", lambda p: p.write_text("绩效目标表"), "intake", "not-a-pdf", None, "right suffix"),
    "truncated PDF": ("x.pdf", write_cut, "intake", "truncated", None, "get the whole file again"),
    "garbage": ("x.pdf", write_garbage, "read", "damaged", None, "get it again, or repair it"),
    "locked PDF": (
        "x.pdf",
        lambda p: write_form(p, password="secret"),
        "intake",
        "encrypted",
        None,
        "save it without one",
    ),
    "ZIP": ("x.txt", write_zip, "intake", "not-supported", None, "ZIP archive or an Office file"),
    "binary dump": (
        "x.txt",
        lambda p: p.write_bytes(bytes(range(256)) * 64),
        "read",
        "unknown-encoding",
        None,
        "save the dump as UTF-8 or GB18030",
    ),
    "half UTF-16": (
        "x.txt",
        lambda p: p.write_bytes(b"\xff\xfe" + "绩效".encode("utf-16-le") + b"\x00"),
        "read",
        "unknown-encoding",
        None,
        "save the dump as UTF-8",
    ),
    "page that is no page": (
        "x.pdf",
        lambda p: write_many(p, 9, broken=5, box=NO_BOX),
        "read",
        "damaged",
        5,
        "repair it",
    ),
    "page that breaks off": ("x.pdf", lambda p: write_many(p, 9, broken=5, length=90), "read", "damaged", 5, "page 5"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_named_and_the_rest_is_done(case: str, tmp_path: Path) -> None:
    name, make, stage, category, page, advice = BAD[case]
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    make(folder / name)
    shutil.copy(GOOD, folder / "good.txt")
    result = jixiao("run", folder, "--out", out)
    assert result.exit_code == 1
    assert f"{name}: " in result.stderr
    assert advice in result.stderr
    assert "fault of the program" not in result.stderr
    ((file, *rest, message),) = failures(out)
    assert (file, *rest) == (name, stage, category, page)
    assert message.startswith(f"{name}: ")
    assert advice in message
    assert rows(out, "SELECT path, outcome FROM files") == [("good.txt", "forms")]
    assert [p.name for p in (out / "records").iterdir()] == ["good"]
    assert jixiao("run", folder, "--out", out).exit_code == 1  # it fails again, and is counted once
    assert len(failures(out)) == 1


@pytest.mark.parametrize("case", ["locked PDF", "truncated PDF", "page that is no page", "binary dump"])
@pytest.mark.parametrize("command", [("show",), ("families", "explain")])
def test_the_other_commands_say_the_same(command: tuple[str, ...], case: str, tmp_path: Path) -> None:
    name, make, _, _, _, advice = BAD[case]
    make(tmp_path / name)
    result = jixiao(*command, tmp_path / name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(tmp_path / name) in result.stderr
    assert advice in result.stderr


def test_a_failure_goes_when_its_file_is_read_later(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "x.txt").write_bytes(b"")
    assert jixiao("run", folder, "--out", out).exit_code == 1
    shutil.copy(GOOD, folder / "x.txt")
    assert jixiao("run", folder, "--out", out).exit_code == 0
    assert failures(out) == []


def test_a_file_that_goes_bad_leaves_no_records_of_yesterday(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    shutil.copy(GOOD, folder / "x.txt")
    jixiao("run", folder, "--out", out)
    (folder / "x.txt").write_bytes(b"")
    assert jixiao("run", folder, "--out", out).exit_code == 1
    assert rows(out, "SELECT * FROM files") == []
    assert list((out / "records").rglob("*")) == []


# ── What can be read


def without_end(data: bytes) -> bytes:
    return data[: data.rindex(b"startxref")]


ENDS: dict[str, Callable[[bytes], bytes]] = {
    "bytes behind the end": lambda data: data + b"\n<!-- sent by a gateway -->\n" + bytes(9000),
    "no end": without_end,
    "no list of objects": lambda data: data[: data.rindex(b"xref\n0")] + data[data.rindex(b"trailer") :],
    "half an end": lambda data: data[:-3],
    "a wrong place of the list": lambda data: re.sub(rb"startxref\n\d+", b"startxref\n77", data),
}


@pytest.mark.parametrize("case", ENDS)
def test_a_pdf_that_is_whole_but_for_its_end_is_read(case: str, tmp_path: Path) -> None:
    write_form(tmp_path / "good.pdf")
    (tmp_path / "odd.pdf").write_bytes(ENDS[case]((tmp_path / "good.pdf").read_bytes()))
    result = jixiao("run", tmp_path / "good.pdf", tmp_path / "odd.pdf", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    good, odd = ((tmp_path / "out" / "records" / name / "0.json").read_text() for name in ("good", "odd"))
    assert json.loads(good)["indicators"] == json.loads(odd)["indicators"]


@pytest.mark.parametrize("share", range(10, 100, 30))
def test_a_pdf_that_breaks_off_anywhere_is_never_read_in_part(share: int, tmp_path: Path) -> None:
    data = write_many(tmp_path / "x.pdf", 6).read_bytes()
    cut = len(data) * share // 100
    for at in (cut, data.find(b"endobj", cut) + len(b"endobj\n")):  # in the middle of an object, and between two
        (tmp_path / "x.pdf").write_bytes(data[:at])
        jixiao("run", tmp_path / "x.pdf", "--out", tmp_path / "out")
        read = rows(tmp_path / "out", "SELECT pages FROM files")
        assert read in ([], [(6,)])
        if read:  # nothing but the list of objects was missing
            assert data[:at].count(b"endobj") == data.count(b"endobj")


def test_a_pdf_with_an_empty_password_is_read(tmp_path: Path) -> None:
    path = write_form(tmp_path / "open.pdf", password="")
    assert b"/Encrypt" in path.read_bytes()
    done = jixiao("run", path, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    record = json.loads((tmp_path / "out/records/open/0.json").read_text(encoding="utf-8"))
    plain = write_form(tmp_path / "plain.pdf")
    jixiao("run", plain, "--out", tmp_path / "out")
    same = json.loads((tmp_path / "out/records/plain/0.json").read_text(encoding="utf-8"))
    assert record.pop("source")["sha256"] != same.pop("source")["sha256"]
    assert record == same
    assert (record["fields"]["project_name"], len(record["indicators"])) == ("测试项目", 3)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("dump", sorted((RAW / "dumps").glob("*.txt")), ids=lambda p: p.stem[:3])
def test_other_encodings_give_the_same_records(encoding: str, dump: Path, tmp_path: Path) -> None:
    text = dump.read_text(encoding="utf-8")
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("the dump holds characters that GBK has not")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_bytes(data)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.txt").write_text(text, encoding="utf-8")
    found = []
    for name in ("a", "b"):
        assert jixiao("run", tmp_path / name, "--out", tmp_path / name).exit_code == 0
        records = [json.loads(r) for (r,) in rows(tmp_path / name, "SELECT record FROM forms ORDER BY form_index")]
        found.append([{k: v for k, v in r.items() if k != "source"} for r in records])
    assert found[0] == found[1]
    assert found[0]


def test_windows_line_ends_give_the_same_record(tmp_path: Path) -> None:
    text = GOOD.read_text(encoding="utf-8")
    found = []
    for name, ends in (("a", "\n"), ("b", "\r\n")):
        (tmp_path / f"{name}.txt").write_bytes(text.replace("\n", ends).encode())
        jixiao("run", tmp_path / f"{name}.txt", "--out", tmp_path / name)
        record = json.loads((tmp_path / name / "records" / name / "0.json").read_text(encoding="utf-8"))
        del record["source"]
        found.append(record)
    assert found[0] == found[1]


# ── Paths


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "such.pdf"
    result = jixiao("run", missing, GOOD, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert f"{missing}: There is no such file or folder; check the path" in result.stderr
    ((file, stage, category, page, _),) = failures(tmp_path / "out")
    assert (file, stage, category, page) == (str(missing), "intake", "not-found", None)
    assert rows(tmp_path / "out", "SELECT count(*) FROM forms") == [(1,)]


@pytest.mark.parametrize("argument", ["", "x" * 300, "no/such/*.pdf", "[", "a\x1b[31m\nb.pdf", b"\xff.pdf"])
def test_arguments_that_name_nothing(argument: str | bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(GOOD, tmp_path / "here.txt")
    result = jixiao("run", os.fsdecode(argument), "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "\x1b" not in result.stderr
    assert "There is no such file or folder; check the path" in result.stderr
    assert not (tmp_path / "out").exists()  # a slip of the pen makes nothing
    jixiao("run", "here.txt", "--out", tmp_path / "out")
    assert jixiao("run", os.fsdecode(argument), "--out", tmp_path / "out").exit_code == 1
    assert [row[2] for row in failures(tmp_path / "out")] == ["not-found"]
    assert rows(tmp_path / "out", "SELECT path FROM files") == [("here.txt",)]


def test_a_folder_without_readable_files(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "note.mp4").write_text("x")
    (folder / ".hidden.txt").write_text("x")
    result = jixiao("run", folder, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert f"{folder}: The folder holds no file that filings come in; give the folder" in result.stderr
    assert [row[:3] for row in failures(tmp_path / "out")] == [(str(folder), "intake", "no-files")]


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(GOOD, folder / "good.txt")
    shutil.copy(GOOD, folder / "shut.txt")
    (folder / "shut.txt").chmod(0)
    if os.access(folder / "shut.txt", os.R_OK):
        pytest.skip("root may read everything")
    result = jixiao("run", folder, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "shut.txt: The file may not be read; give yourself read permission" in result.stderr
    assert [row[:3] for row in failures(tmp_path / "out")] == [("shut.txt", "intake", "not-permitted")]


def test_a_folder_inside_that_may_not_be_entered(tmp_path: Path) -> None:
    shut = tmp_path / "in" / "shut"
    shut.mkdir(parents=True)
    shutil.copy(GOOD, tmp_path / "in" / "good.txt")
    shut.chmod(0)
    if os.access(shut, os.R_OK):
        pytest.skip("root may enter everything")
    try:
        result = jixiao("run", tmp_path / "in", "--out", tmp_path / "out")
    finally:
        shut.chmod(0o700)
    assert result.exit_code == 1
    assert [row[:3] for row in failures(tmp_path / "out")] == [(str(shut), "intake", "not-permitted")]
    assert rows(tmp_path / "out", "SELECT path FROM files") == [("good.txt",)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    result = jixiao("run", tmp_path / "pipe.txt", GOOD, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert [row[2] for row in failures(tmp_path / "out")] == ["not-a-file"]
    jixiao("run", tmp_path, "--out", tmp_path / "out")  # in a folder it is none of the filings


# ── Output and database


def test_a_file_where_the_output_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    result = jixiao("run", GOOD, "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{tmp_path / 'out'}: cannot be written" in result.stderr
    assert "choose another --out" in result.stderr
    assert (tmp_path / "out").read_text() == "mine"


def test_a_file_where_the_records_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "records").write_text("mine")
    result = jixiao("run", GOOD, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert (tmp_path / "out" / "records").read_text() == "mine"
    (tmp_path / "out" / "records").unlink()
    assert jixiao("run", GOOD, "--out", tmp_path / "out").exit_code == 0  # the records are made up for
    assert (tmp_path / "out" / "records" / GOOD.stem / "0.json").is_file()


def test_a_database_of_another_version(tmp_path: Path) -> None:
    out = tmp_path / "out"
    jixiao("run", GOOD, "--out", out)
    with closing(sqlite3.connect(out / "jixiao.db")) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 98}")
    for arguments in (("run", GOOD, "--out", out), ("export", "--format", "json", "--db", out / "jixiao.db")):
        result = jixiao(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{out / 'jixiao.db'} holds tables of version {SCHEMA_VERSION + 98}" in result.stderr
        assert "Use the newer jixiao" in result.stderr


@pytest.mark.parametrize("content", [b"no database " * 400, b"SQLite format 3\x00" + b"\x07" * 4080])
def test_a_database_that_is_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    path.write_bytes(content)
    for arguments in (
        ("run", GOOD, "--out", tmp_path / "out", "--db", path),
        ("export", "--format", "json", "--db", path),
    ):
        result = jixiao(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert str(path) in result.stderr
    assert path.read_bytes() == content


def test_a_database_of_another_program(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "mine.db")) as connection:
        connection.execute("CREATE TABLE mine (x)")
    result = jixiao("run", GOOD, "--out", tmp_path / "out", "--db", tmp_path / "mine.db")
    assert result.exit_code == 2
    assert "holds no tables of jixiao" in result.stderr


# ── Large


def measured(path: Path, out: Path) -> tuple[float, float]:
    """(seconds, peak memory in MB) of `jixiao run` on a file that holds no form, in a process of its own."""
    code = (
        "import re, sys\nfrom pathlib import Path\nfrom pipeline.cli import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit as end: code = end.code\n"
        # not getrusage, whose peak a process inherits from the one that starts it
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\nsys.exit(code)"
    )
    command = [sys.executable, "-c", code, "run", str(path), "--out", str(out)]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert "no form found" in done.stderr
    return time.perf_counter() - started, int(done.stdout.rsplit(maxsplit=1)[1]) / 1024


FLAT = 2.0  # peak memory of ten times the pages: a file's whole reading goes to the writer in one piece


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux")
def test_two_thousand_pages_are_read_page_by_page(tmp_path: Path) -> None:
    few = measured(write_many(tmp_path / "few.pdf", 200), tmp_path / "few")
    many = measured(write_many(tmp_path / "many.pdf", 2000), tmp_path / "many")
    print(f"200 pages: {few[0]:.1f} s, {few[1]:.0f} MB; 2,000 pages: {many[0]:.1f} s, {many[1]:.0f} MB")
    assert many[1] < FLAT * few[1]
    assert many[0] < 12 * few[0]  # ten times the pages: no stage looks at all pages again for each
    assert rows(tmp_path / "many", "SELECT pages, outcome FROM files") == [(2000, "no form")]


HEAD = "一级指标\t二级指标\t三级指标\t指标值\n"
ROW = "产出指标\t数量指标\t测试数量\t≥5个\n"
HOSTILE = {
    "one line of 5 MB": "绩效目标表" * 350_000,
    "one word of 5 MB": "x" * 5_000_000,
    "100,000 tabs": f"项目绩效目标表\n{HEAD}{ROW}{chr(9) * 100_000}\n{ROW}",
    "only tabs": "\t" * 100_000,
    "headers again and again": f"项目绩效目标表\n{HEAD * 300}{ROW}",
    "headers between all rows": f"项目绩效目标表\n{(HEAD + ROW) * 300}",
    "titles again and again": "项目绩效目标表\n" * 2000,
    "forms without end": f"项目绩效目标表\n{HEAD}{ROW}" * 200,
    "brackets": "（" * 20_000 + "项目绩效目标表",
    "marks": "<p>" * 20_000 + "<input type=checkbox" * 5_000,
    "comments": "<!---->" * 100 + "<!--" * 100,
    "a page of comments": "<html>" + "<!--->-->" * 20_000,
    "a wide header": f"项目绩效目标表\n{'指标值' + chr(9) * 1}" * 500 + "\n" + ROW,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_text_ends_soon_and_well(case: str, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(HOSTILE[case], encoding="utf-8")
    started = time.perf_counter()
    result = jixiao("run", tmp_path / "x.txt", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    assert time.perf_counter() - started < 20


def test_nul_characters_in_a_dump(tmp_path: Path) -> None:
    """A few are marked as what they are; a file that is full of them is no text."""
    text = GOOD.read_text(encoding="utf-8")
    (tmp_path / "few.txt").write_text(text.replace("组织", "组\x00织", 1), encoding="utf-8")
    (tmp_path / "many.txt").write_bytes(b"\x00" * 5000)
    result = jixiao("run", tmp_path / "few.txt", tmp_path / "many.txt", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert [row[::2] for row in rows(tmp_path / "out", "SELECT path, pages, outcome FROM files")] == [
        ("few.txt", "forms")
    ]
    assert [(row[0], row[2]) for row in failures(tmp_path / "out")] == [("many.txt", "unknown-encoding")]
    for path in (tmp_path / "out" / "records").rglob("*.json"):
        assert b"\\u0000" not in path.read_bytes()


def test_marks_and_formulas_stay_text(tmp_path: Path) -> None:
    evil = [
        "<script>alert(1)</script>",
        "=1+1",
        "../../etc/passwd",
        "+cmd|' /C calc'!A0",
        "{{7*7}}",
        "\x1b[2J红",
        "[red]x[/red]",
    ]
    lines = "".join(f"产出指标\t数量指标\t{text}\t{text}\n" for text in evil)
    (tmp_path / "x.txt").write_text(f"项目绩效目标表\n项目名称\t{evil[0]}\n{HEAD}{lines}", encoding="utf-8")
    out = tmp_path / "out"
    assert jixiao("run", tmp_path / "x.txt", "--out", out).exit_code == 0
    record = json.loads((out / "records/x/0.json").read_text(encoding="utf-8"))
    assert record["fields"]["project_name"] == evil[0]
    read = [row["level3"] for row in record["indicators"]]
    assert read == [*evil[:5], "␛[2J红", evil[6]]
    shown = jixiao("show", tmp_path / "x.txt")
    assert "\x1b" not in shown.output
    assert "[red]x[/red]" in shown.stdout
    jixiao("export", "--format", "csv", "--db", out / "jixiao.db", "--out", tmp_path / "csv")
    cells = (tmp_path / "csv" / "indicators.csv").read_text(encoding="utf-8-sig")
    assert ",=1+1" not in cells
    assert ",+cmd" not in cells


def test_hostile_names_of_files_never_leave_the_output(tmp_path: Path) -> None:
    base = tmp_path / "base"
    folder, out = base / "in", base / "out"
    (folder / "a").mkdir(parents=True)
    names = [
        b"%2e%2e%2f..%2fx.txt",
        b"new\nline\x1b[31m.txt",
        b"\xff\xfe.txt",
        b"\xff\xff.txt",
        b"=1+1.txt",
        b"<script>.txt",
        b"a/0.json.txt",
        b"a.txt",
        b" .txt",
        b"C:\\x.txt",
        b"-rf.txt",
        ("长" * 80).encode() + b".txt",
        b"\n" * 250 + b".txt",
    ]
    text = f"项目绩效目标表\n{HEAD}{ROW}"
    for number, name in enumerate(names):
        (folder / os.fsdecode(name)).write_text(f"{text}\n第{number}份\n", encoding="utf-8")
    alone = [base / "...txt", base / "..txt", base / "....pdf.txt"]
    for number, path in enumerate(alone):
        path.write_text(f"{text}\n单{number}\n", encoding="utf-8")
    before = {p for p in base.rglob("*") if out not in p.parents}
    result = jixiao("run", folder, *alone, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert not set(result.stderr) & {"\x1b", "\x07"}
    assert {p for p in base.rglob("*") if out not in p.parents} == before | {out}
    assert rows(out, "SELECT count(*), count(DISTINCT path), count(DISTINCT name) FROM files") == [(16, 16, 16)]
    records = out / "records"
    for (name,) in rows(out, "SELECT name FROM files"):
        assert (records / name / "0.json").resolve().is_relative_to(records.resolve()), name
        assert (records / name / "0.json").is_file(), name
    assert jixiao("run", folder, *alone, "--out", out).exit_code == 0
    assert len(list(records.rglob("0.json"))) - sum(p.is_dir() for p in records.rglob("0.json")) == 16


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(GOOD, tmp_path / "secret.txt")
    shutil.copy(GOOD, tmp_path / "in" / "good.txt")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    (tmp_path / "in" / "self.txt").symlink_to(tmp_path / "in" / "self.txt")
    jixiao("run", tmp_path / "in", "--out", tmp_path / "out")
    assert rows(tmp_path / "out", "SELECT path FROM files") == [("good.txt",)]
    assert failures(tmp_path / "out") == []


@pytest.mark.engine
@pytest.mark.parametrize("name", ["scan.pdf", "page.png", "page.jpg"])
def test_an_empty_page_image_is_read_and_holds_no_form(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name.endswith(".pdf"):
        write_scan(path)
    else:
        write_picture(path, "PNG" if name.endswith(".png") else "JPEG")
    result = jixiao("run", path, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert f"{name}: no form found" in result.stderr
    assert rows(tmp_path / "out", "SELECT reader, outcome FROM files") == [("ocr", "no form")]


def test_a_broken_image_is_named(tmp_path: Path) -> None:
    whole = tmp_path / "whole.png"
    write_picture(whole, "PNG")
    data = whole.read_bytes()
    (tmp_path / "broken.png").write_bytes(data[: len(data) // 2])
    result = jixiao("run", tmp_path / "broken.png", "--out", tmp_path / "out")
    assert result.exit_code == 1
    ((stage, category, message),) = rows(tmp_path / "out", "SELECT stage, category, message FROM failures")
    assert (stage, category) == ("read", "broken-image")
    assert "broken.png" in message
    assert "scan the page again" in message
