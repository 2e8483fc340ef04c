"""ZIP archives: every file by itself, names as they were meant, nothing written outside, no bomb unpacked."""

from __future__ import annotations

import io
import json
import os
import pickle
import shutil
import sqlite3
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from helpers_office import write_docx
from helpers_pdf import write_form
from typer.testing import CliRunner

from extractors import archive_zip, containers
from extractors.archive_zip import list_members, member_names, safe_path, unpacked
from extractors.refusals import CannotRead
from pipeline.cli import app
from pipeline.running.files import Input, find_inputs
from schemas.reading import Failure

RAW = Path(__file__).parent.parent / "data" / "raw"
GOOD = (RAW / "dumps" / "002_a291d28074b2eada.txt").read_bytes()
CJK = "绩效/目标表.txt"


def jixiao(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def packed(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def in_memory(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def raw_named(path: Path, name: bytes, data: bytes, flags: int = 0, extra: bytes = b"") -> Path:
    """An archive of one stored file whose name is these bytes: the library would only write UTF-8."""
    head = struct.pack("<5H3L2H", 20, flags, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), len(extra))
    local = b"PK\x03\x04" + head + name + extra + data
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<3H2L", 0, 0, 0, 0, 0) + name + extra
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, len(entry), len(local), 0)
    path.write_bytes(local + entry + end)
    return path


def patched(path: Path, change: Callable[[bytearray, int, int], None]) -> Path:
    """Change the first entry in both places; `change` gets the bytes and where the two heads begin."""
    data = bytearray(path.read_bytes())
    change(data, data.find(b"PK\x03\x04"), data.find(b"PK\x01\x02"))
    path.write_bytes(data)
    return path


def lock(data: bytearray, local: int, central: int) -> None:
    data[local + 6] |= 1
    data[central + 8] |= 1


def other_method(data: bytearray, local: int, central: int) -> None:
    data[local + 8 : local + 10] = data[central + 10 : central + 12] = struct.pack("<H", 9)  # deflate64


def damage(data: bytearray, local: int, central: int) -> None:
    data[local + 60 : local + 90] = b"\xff" * 30


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def split(found: list[Input | Failure]) -> tuple[list[Input], list[Failure]]:
    return [f for f in found if isinstance(f, Input)], [f for f in found if isinstance(f, Failure)]


def listed(path: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """(paths of the members, (path, category) of what is refused)."""
    inputs, failures = split(find_inputs([str(path)]))
    return [i.shown for i in inputs], [(f.file, f.category) for f in failures]


def rows(out: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(out / "jixiao.db")) as connection:
        return connection.execute(sql).fetchall()


# ── What is read


def test_each_file_of_an_archive_has_its_own_hash_outcome_and_records(tmp_path: Path) -> None:
    form = write_form(tmp_path / "form.pdf").read_bytes()
    inner = in_memory(("里/in.txt", GOOD + b"\n"))
    path = packed(
        tmp_path / "a.zip",
        ("x/form.pdf", form),
        (CJK, GOOD),
        ("inner.zip", inner),
        ("bad.pdf", b"no"),
        ("y.jpg.exe", b""),
    )
    out = tmp_path / "out"
    result = jixiao("run", path, "--out", out)
    assert result.exit_code == 1
    assert rows(out, "SELECT path, name, outcome FROM files ORDER BY path") == [
        ("a.zip/inner.zip/里/in.txt", "a.zip/inner.zip/里/in", "forms"),
        ("a.zip/x/form.pdf", "a.zip/x/form", "forms"),
        ("a.zip/绩效/目标表.txt", "a.zip/绩效/目标表", "forms"),
    ]
    assert rows(out, "SELECT file, category FROM failures") == [("a.zip/bad.pdf", "not-a-pdf")]
    assert len(set(rows(out, "SELECT sha256 FROM files"))) == 3
    record = json.loads((out / "records/a.zip/绩效/目标表/0.json").read_text(encoding="utf-8"))
    assert record["source"]["file"] == "a.zip/绩效/目标表.txt"
    again = jixiao("run", path, "--out", out)
    assert "already done │        3" in again.stdout


def test_a_file_is_read_alike_inside_and_outside_an_archive(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(GOOD)
    word = write_docx(tmp_path / "x.docx", ())
    packed(tmp_path / "a.zip", ("x.txt", GOOD), ("x.docx", word.read_bytes()))
    jixiao("run", tmp_path / "x.txt", "--out", tmp_path / "1")
    jixiao("run", tmp_path / "a.zip", "--out", tmp_path / "2")
    found = []
    for record in (tmp_path / "1/records/x/0.json", *(tmp_path / "2/records/a.zip").rglob("0.json")):
        data = json.loads(record.read_text(encoding="utf-8"))
        assert data["source"].pop("file").endswith("x.txt")
        found.append(data)
    assert len(found) == 2
    assert found[0] == found[1]


def test_archives_in_a_folder_are_opened_and_office_files_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    packed(folder / "a.zip", ("x.txt", GOOD), ("__MACOSX/._x.txt", b"x"), (".hidden.txt", b"x"), ("folder/", b""))
    write_docx(folder / "w.docx", ())
    shutil.copy(folder / "w.docx", folder / "named.zip")
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 broken")
    shown, refused = listed(folder)
    assert shown == ["a.zip/x.txt", "named.zip", "w.docx"]
    assert refused == [("broken.zip", "broken-archive")]


def test_an_input_is_small_and_can_be_sent_to_another_process(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", *((f"{i}.txt", GOOD) for i in range(50)))
    inputs, _ = split(find_inputs([str(path)]))
    sent = pickle.dumps(inputs[7])
    assert len(sent) < 1000
    with pickle.loads(sent).at_hand() as file:
        assert file.read_bytes() == GOOD


def test_a_member_is_gone_after_it_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    path = packed(tmp_path / "a.zip", ("inner.zip", in_memory(("x.txt", GOOD))), ("bad.pdf", b"no"))
    for item in split(find_inputs([str(path)]))[0]:
        with item.at_hand() as file:
            assert file.is_relative_to(place)
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert list(place.iterdir()) == []
    jixiao("run", path, "--out", tmp_path / "out")
    assert list(place.iterdir()) == []


# ── Names

GBK = CJK.encode("gbk")


@pytest.mark.parametrize(
    ("name", "flags", "extra"),
    [
        (GBK, 0, b""),
        (CJK.encode(), 0x800, b""),
        (CJK.encode(), 0, b""),  # as macOS writes them
        (GBK.decode("cp437").encode(), 0x800, b""),  # taken for code page 437 by the packer, and marked
        (b"x.txt", 0, struct.pack("<HHBL", 0x7075, 5 + len(CJK.encode()), 1, zlib.crc32(b"x.txt")) + CJK.encode()),
    ],
    ids=["gbk", "utf-8", "utf-8 without its flag", "mojibake", "name in the extra field"],
)
def test_chinese_names_come_out_right(name: bytes, flags: int, extra: bytes, tmp_path: Path) -> None:
    path = raw_named(tmp_path / "a.zip", name, GOOD, flags, extra)
    assert listed(path) == ([f"a.zip/{CJK}"], [])
    (item,) = split(find_inputs([str(path)]))[0]
    with item.at_hand() as file:
        assert file.read_bytes() == GOOD


def test_an_extra_name_that_belongs_to_another_is_not_taken() -> None:
    info = zipfile.ZipInfo("x.txt")
    info.extra = struct.pack("<HHBL", 0x7075, 5 + 5, 1, 12345) + b"y.txt"
    info.flag_bits = 0
    assert member_names([info]) == ["x.txt"]


def test_western_names_stay() -> None:
    for name in ("été.txt", "naïve.txt", "Ω.txt", "─.txt"):
        info = zipfile.ZipInfo(name)
        info.flag_bits = 0x800
        assert member_names([info]) == [name]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x.txt", "x.txt"),
        ("/etc/x.txt", "etc/x.txt"),
        ("C:\\Windows\\x.txt", "Windows/x.txt"),
        ("a\\..\\..\\x.txt", "a/x.txt"),
        ("./a/./x.txt", "a/x.txt"),
        ("a/ .. /x.txt", "a/x.txt"),
        ("\x1b[2Jx.txt", "�[2Jx.txt"),
        ("ab:c?.txt", "ab_c_.txt"),
        ("..", "_"),
        ("", "_"),
    ],
)
def test_a_name_leads_nowhere(name: str, kept: str) -> None:
    assert safe_path(name) == kept


def test_names_too_long_for_a_file_system_are_shortened_and_stay_apart(tmp_path: Path) -> None:
    long = "绩" * 300
    path = packed(
        tmp_path / "a.zip", (f"{long}1.txt", GOOD), (f"{long}2.txt", GOOD + b" "), ("a/" * 500 + "x.txt", GOOD + b"\n")
    )
    out = tmp_path / "out"
    assert jixiao("run", path, "--out", out).exit_code == 0
    names = [name for (name,) in rows(out, "SELECT name FROM files")]
    assert len(set(names)) == 3
    assert all(len(part.encode()) < 256 for name in names for part in name.split("/"))
    assert all((out / "records" / name / "0.json").is_file() for name in names)


def test_nothing_is_written_outside(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "in"
    folder.mkdir(parents=True)
    evil = ["../../../x.txt", "/tmp/jixiao-evil/x.txt", "..\\..\\y.txt", "C:\\z.txt", "0.json/x.txt", "a/../../b.txt"]
    packed(folder / "a.zip", *((name, GOOD + name.encode()) for name in evil))
    out = tmp_path / "deep" / "out"
    assert jixiao("run", folder, "--out", out).exit_code == 0
    assert not Path("/tmp/jixiao-evil").exists()
    written = {p.relative_to(tmp_path).parts[:2] for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {("deep", "in"), ("deep", "out")}
    records = [p for p in (out / "records").rglob("*.json") if p.is_file()]
    assert len(records) == len(evil)
    assert all(p.is_relative_to(out / "records" / "a.zip") for p in records)


def test_files_of_one_name_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed(path, ("x.txt", GOOD), ("x.txt", GOOD + b" "))
    inputs, _ = split(find_inputs([str(path)]))
    contents = []
    for item in inputs:
        with item.at_hand() as file:
            contents.append(file.read_bytes())
    assert contents == [GOOD, GOOD + b" "]
    assert len({i.shown for i in inputs}) == len({i.name for i in inputs}) == 2


# ── What is refused


Make = Callable[[Path], object]
REFUSED: dict[str, tuple[Make, str, str, str]] = {
    # case: how it is made, the file named, category, what the message says to do
    "password": (lambda p: patched(packed(p, ("x.txt", GOOD)), lock), "a.zip/x.txt", "encrypted", "with the password"),
    "link": (
        lambda p: packed(p, (link("x.txt"), b"/etc/passwd")),
        "a.zip/x.txt",
        "archive-link",
        "give the file itself",
    ),
    "other packing": (
        lambda p: patched(packed(p, ("x.txt", GOOD)), other_method),
        "a.zip/x.txt",
        "not-supported",
        "pack the archive again",
    ),
    "LZMA": (
        lambda p: packed(p, ("x.txt", GOOD), method=zipfile.ZIP_LZMA),
        "a.zip/x.txt",
        "not-supported",
        "pack the archive again",
    ),
    "bomb": (
        lambda p: packed(p, ("x.txt", b"0" * (archive_zip.HARMLESS + 1))),
        "a.zip/x.txt",
        "archive-bomb",
        "unpack it yourself if you trust it",
    ),
    "bomb in an archive": (
        lambda p: packed(p, ("i.zip", in_memory(("x.txt", b"0" * (archive_zip.HARMLESS + 1))))),
        "a.zip/i.zip/x.txt",
        "archive-bomb",
        "unpack it yourself",
    ),
    "too deep": (
        lambda p: packed(p, ("i.zip", in_memory(("j.zip", in_memory(("x.txt", GOOD)))))),
        "a.zip/i.zip/j.zip",
        "archive-too-deep",
        "unpack the outer one",
    ),
    "broken inside": (lambda p: packed(p, ("i.zip", b"PK\x03\x04")), "a.zip/i.zip", "broken-archive", "get it again"),
    "empty": (lambda p: p.write_bytes(b""), "a.zip", "empty", "get it again"),
    "no archive": (lambda p: p.write_bytes(b"text"), "a.zip", "broken-archive", "get it again"),
    "cut": (
        lambda p: p.write_bytes(packed(p, ("x.txt", GOOD)).read_bytes()[:-30]),
        "a.zip",
        "broken-archive",
        "get it again",
    ),
    "nothing in it": (lambda p: packed(p, ("x.exe", b"x")), "a.zip", "no-files", "give the folder"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_named_and_the_rest_is_done(case: str, tmp_path: Path) -> None:
    make, named, category, advice = REFUSED[case]
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    make(folder / "a.zip")
    (folder / "good.txt").write_bytes(GOOD)
    result = jixiao("run", folder, "--out", out)
    assert result.exit_code == 1
    assert rows(out, "SELECT file, category FROM failures") == [(named, category)]
    ((message,),) = rows(out, "SELECT message FROM failures")
    assert message.startswith(f"{named}: ")
    assert advice in message
    assert rows(out, "SELECT path FROM files") == [("good.txt",)]


def test_one_bad_file_never_stops_the_others_of_its_archive(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("1.txt", GOOD), ("2.txt", GOOD + b" "), ("3.txt", GOOD + b"\n"))
    patched(path, damage)
    out = tmp_path / "out"
    assert jixiao("run", path, "--out", out).exit_code == 1
    assert rows(out, "SELECT file, stage, category FROM failures") == [("a.zip/1.txt", "intake", "broken-member")]
    assert rows(out, "SELECT path FROM files ORDER BY path") == [("a.zip/2.txt",), ("a.zip/3.txt",)]


def test_limits_of_a_whole_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "a.zip", *((f"{i}.txt", GOOD) for i in range(5)))
    for limit, value in (("MOST_MEMBERS", 4), ("LARGEST_TOTAL", 4 * len(GOOD)), ("LONGEST_LIST", 100)):
        with monkeypatch.context() as patch:
            patch.setattr(archive_zip, limit, value)
            assert listed(path) == ([], [("a.zip", "archive-too-large")])
    monkeypatch.setattr(archive_zip, "LARGEST_MEMBER", len(GOOD) - 1)
    assert [category for _, category in listed(path)[1]] == ["archive-too-large"] * 5


def test_a_size_that_lies_gives_no_more_than_it_says(tmp_path: Path) -> None:
    """The list says 100 bytes; a hundred megabytes stand behind it."""
    path = packed(tmp_path / "a.zip", ("x.txt", b"0" * (100 << 20)))

    def small(data: bytearray, local: int, central: int) -> None:
        data[central + 24 : central + 28] = struct.pack("<L", 100)

    patched(path, small)
    (item,) = split(find_inputs([str(path)]))[0]
    with pytest.raises(CannotRead) as caught, item.at_hand():
        pass
    assert caught.value.category == "broken-member"


def test_the_list_of_an_archive_is_measured_before_it_is_read() -> None:
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 9, 9, 1 << 30, 0, 0)
    assert containers.list_length(io.BytesIO(b"x" * 100 + end), 122) == 1 << 30
    large = b"PK\x06\x06" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, 9, 9, 1 << 40, 0)
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0, 0)
    stream = io.BytesIO(large + b"\0" * 20 + end)
    assert containers.list_length(stream, stream.seek(0, os.SEEK_END)) == 1 << 40


def test_an_archive_that_changes_after_it_was_listed(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("x.txt", GOOD), ("y.txt", GOOD + b" "))
    inputs, _ = split(find_inputs([str(path)]))
    packed(path, ("z.txt", GOOD))
    for item in inputs:
        with pytest.raises(CannotRead, match="has changed since it was listed"), item.at_hand():
            pass
    path.unlink()
    with pytest.raises(CannotRead) as caught, inputs[0].at_hand():
        pass
    assert caught.value.category == "not-found"


def test_fuzzed_archives_end_in_a_list_or_a_refusal(tmp_path: Path) -> None:
    import random

    whole = packed(tmp_path / "a.zip", (CJK, b"x" * 500), ("i.zip", in_memory(("x.txt", b"y" * 500)))).read_bytes()
    chance = random.Random(7)
    ends = set()
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / "a.zip").write_bytes(data)
        inputs, failures = split(find_inputs([str(tmp_path / "a.zip")]))
        ends.update(f.category for f in failures)
        for item in inputs:
            try:
                with item.at_hand() as file:
                    assert file.stat().st_size <= 2 * len(whole)
                ends.add("read")
            except CannotRead as error:
                ends.add(error.category)
    assert {"read", "broken-archive", "broken-member"} <= ends


def test_every_broken_list_of_entries_is_the_one_broken_zip(tmp_path: Path) -> None:
    whole = in_memory(("[Content_Types].xml", b"x"), ("word/document.xml", b"x"))
    path = tmp_path / "a.docx"
    broken = set()
    for at in range(whole.index(b"PK\x01\x02"), len(whole)):
        for value in (0x00, 0x7F, 0xFF):
            path.write_bytes(whole[:at] + bytes([value]) + whole[at + 1 :])
            try:
                containers.zip_names(path)
            except containers.BrokenZip as error:
                broken.add(type(error.__cause__))
    assert {zipfile.BadZipFile, NotImplementedError} <= broken
    for other in (tmp_path, tmp_path / "none.docx"):
        with pytest.raises(containers.BrokenZip):
            containers.zip_names(other)


def test_a_long_list_is_read_once_and_another_archive_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    opened: list[object] = []

    class Counted(zipfile.ZipFile):
        def __init__(self, file: Any, *given: Any) -> None:
            opened.append(file)
            super().__init__(file, *given)

    for content in ("one", "another"):
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(30):
                archive.writestr(f"{number}.txt", f"{content} {number}")
        members, refused = list_members(path, "a.zip", (".txt",))
        assert (len(members), refused) == (30, [])
        with monkeypatch.context() as patch:
            patch.setattr(zipfile, "ZipFile", Counted)
            for member in reversed(members):
                with unpacked(path, f"a.zip/{member.shown}", member) as file:
                    assert file.read_text() == f"{content} {member.shown.removesuffix('.txt')}"
    assert len(opened) == 2


def test_an_archive_in_an_archive_is_unpacked_once_for_all_its_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = packed(tmp_path / "i.zip", *((f"{number}.txt", b"%d" % number) for number in range(30)))
    other = packed(tmp_path / "o.zip", ("x.txt", b"x"))
    path = packed(tmp_path / "a.zip", ("i.zip", inner.read_bytes()), ("o.zip", other.read_bytes()), ("y.txt", b"y"))
    members, refused = list_members(path, "a.zip", (".txt",))
    assert (len(members), refused) == (32, [])
    unpackings: list[str] = []
    chunks = archive_zip._chunks
    monkeypatch.setattr(
        archive_zip,
        "_chunks",
        lambda archive, entry, *more: unpackings.append(entry.filename) or chunks(archive, entry, *more),
    )
    for member in (*members, members[0]):
        with unpacked(path, f"a.zip/{member.shown}", member) as file:
            assert file.read_text() == member.shown.split("/")[-1].removesuffix(".txt")
    assert [unpackings.count(name) for name in ("i.zip", "o.zip", "y.txt")] == [2, 1, 1]  # again after another one
    archive_zip.let_go()
    assert not archive_zip.LAST


def test_an_archive_written_anew_in_its_place_is_noticed_though_its_time_is_set_back(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("1.txt", b"one"), method=zipfile.ZIP_STORED)
    [member], _ = list_members(path, "a.zip", (".txt",))
    with unpacked(path, "a.zip/1.txt", member) as file:
        assert file.read_bytes() == b"one"
    before = path.stat()
    path.write_bytes(packed(tmp_path / "b.zip", ("1.txt", b"two"), method=zipfile.ZIP_STORED).read_bytes())
    while path.stat().st_ctime_ns == before.st_ctime_ns:  # a clock of some milliseconds
        path.touch()
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)
    with unpacked(path, "a.zip/1.txt", member) as file:
        assert file.read_bytes() == b"two"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are listed on Linux only")
@pytest.mark.parametrize("jobs", ["0", "1"])
def test_no_archive_stays_open_after_a_run(tmp_path: Path, jobs: str) -> None:
    path = packed(tmp_path / "a.zip", ("1.txt", GOOD), ("2.txt", b"no form"))
    jixiao("run", path, "--out", tmp_path / "out", "--jobs", jobs)
    held = [str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
    assert [name for name in held if "a.zip" in name] == []
    assert archive_zip.LAST == {}
