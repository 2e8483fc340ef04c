"""An installation that is less than whole: PDFs are read without OpenCV, and what is missing is said with a remedy."""

from __future__ import annotations

import os
import platform
import re
import struct
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from helpers_pdf import write_form, write_scan

from extractors.ocr.hubs import LIBRARIES, HubMissing, represent_missing_hubs
from extractors.ocr.vision import ALONE, ASKED, HEADLESS, advice
from extractors.screenless import MACHINES, SONAME, empty_library, lend_screen

ROOT = Path(__file__).parent.parent
BLOCKED = """
import sys
from importlib.abc import MetaPathFinder

class Blocked(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise {error}

sys.meta_path.insert(0, Blocked())
from pipeline.cli import main
main()
"""
NO_LIBRARY = 'ImportError("libGL.so.1: cannot open shared object file: No such file or directory")'
NOT_INSTALLED = 'ModuleNotFoundError(f"No module named {name!r}", name=name)'


def jixiao(blocked: set[str], error: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a process in which these modules cannot be loaded."""
    command = [sys.executable, "-c", BLOCKED.format(blocked=blocked, error=error), *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_pdfs_are_read_where_opencv_cannot_be_loaded(tmp_path: Path) -> None:
    """As on a machine without a screen, where the system has no libGL."""
    write_form(tmp_path / "form.pdf")
    write_scan(tmp_path / "scan.pdf")
    (tmp_path / "in.txt").write_text("项目支出绩效目标表\n一级指标\t二级指标\t三级指标\t指标值\n", encoding="utf-8")
    files = [tmp_path / name for name in ("form.pdf", "in.txt", "scan.pdf")]
    done = jixiao({"cv2"}, NO_LIBRARY, "run", *files, "--out", tmp_path / "out", "--jobs", "0")
    assert done.returncode == 1
    assert "form.pdf: 1 forms" in done.stderr
    assert "fault of the program" not in done.stderr
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("scan.pdf"))
    assert "libGL.so.1" in line
    assert f"pip install --force-reinstall --no-deps {HEADLESS}" in line


def locked(name: str) -> dict[str, str]:
    """The packages of a lock with what stands behind each name: its version, and where it is needed."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==", 1) for line in lines if "==" in line and not line.startswith((" ", "#")))


def test_the_package_that_is_named_is_the_one_of_the_lock() -> None:
    assert HEADLESS in (ROOT / "requirements.in").read_text(encoding="utf-8")
    assert f"{ALONE}=={locked('requirements.lock')[ALONE]}" == HEADLESS
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert HEADLESS.replace("-headless", "") in wanted


@pytest.mark.parametrize("said", ["libGL.so.1: cannot open", "libgthread-2.0.so.0: cannot open", "libSM.so.6: cannot"])
def test_every_library_of_a_screen_is_told(said: str) -> None:
    assert HEADLESS in advice(ImportError(said))
    assert advice(ImportError("No module named 'x'", name="x")) == "No module named 'x'"


def test_postgresql_without_its_driver_is_said_with_what_brings_it(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("项目支出绩效目标表\n", encoding="utf-8")
    place = "postgresql://somebody:secret@localhost:1/x"
    done = jixiao({"psycopg"}, NOT_INSTALLED, "run", tmp_path / "in.txt", "--out", tmp_path / "out", "--db", place)
    assert done.returncode == 2
    assert "pip install 'jixiao[postgres]'" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_libraries_of_hubs_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """PaddleX imports them when it is loaded; models that come with the installation need none of them."""
    for name in [module for module in sys.modules if module.partition(".")[0] in LIBRARIES]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("extractors.ocr.hubs.find_spec", lambda name: None)
    before = set(sys.modules)
    represent_missing_hubs()
    try:
        import aistudio_sdk.snapshot_download as aistudio
        import huggingface_hub
        import modelscope

        huggingface_hub.logging.set_verbosity_error()
        assert issubclass(huggingface_hub.utils.RepositoryNotFoundError, Exception)
        for fetch in (huggingface_hub.snapshot_download, modelscope.snapshot_download, aistudio.snapshot_download):
            with pytest.raises(HubMissing, match=r"not installed: `pip install \w+`"):
                fetch("some/model")
    finally:
        for name in set(sys.modules) - before:
            del sys.modules[name]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_no_lock_brings_a_hub_or_a_second_cv2(lock: str) -> None:
    lines = (ROOT / "requirements-excluded.txt").read_text(encoding="utf-8").splitlines()
    excluded = {line for line in lines if line and not line.startswith("#")}
    assert {name.replace("_", "-") for name in LIBRARIES} | {ASKED} <= excluded
    assert not excluded & locked(lock).keys()


def test_what_is_needed_is_tested_in_the_same_versions() -> None:
    needed, tested = locked("requirements.lock"), locked("requirements-dev.lock")
    assert needed.items() <= tested.items()
    assert not {"pytest", "ray", "psycopg", "playwright"} & needed.keys()


def test_the_headless_opencv_answers_for_the_one_that_is_asked_for(tmp_path: Path) -> None:
    """PaddleX looks for a version under that name; where both are installed, nothing is changed."""
    tried = (
        "import sys; from importlib.metadata import version; from extractors.ocr import vision\n"
        "print(vision.installed()); vision.name_headless(); vision.name_headless()\n"
        "print(version(vision.ASKED), sum('_Namesake' in repr(f) for f in sys.meta_path))"
    )
    printed = []
    for name in (ALONE, ASKED):
        metadata = tmp_path / f"{name.replace('-', '_')}-0.5.dist-info" / "METADATA"
        metadata.parent.mkdir()
        metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.5\n", encoding="utf-8")
        environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
        command = [sys.executable, "-S", "-c", tried]  # nothing of this environment is seen
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout.split())
    assert printed == [[ALONE, "0.5", "1"], [ASKED, "0.5", "0"]]


def test_nothing_is_asked_for_that_is_not_needed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = " ".join(project["dependencies"])
    for name in ("psycopg", "ray", "multipart", "modelscope", "huggingface", "aistudio"):
        assert name not in named.split("rapidocr")[0] + named.split("rapidocr")[-1]
    assert {"postgres", "ray"} <= project["optional-dependencies"].keys()


def native(name: str) -> bytes:
    """A library that cannot be loaded without another of this name."""
    needed, own = struct.pack("<2Q", 1, 1), struct.pack("<2Q", SONAME, 1)
    library = empty_library(name, MACHINES[platform.machine()])
    assert library.count(own) == 1
    return library.replace(own, needed)


@pytest.mark.skipif(platform.machine() not in MACHINES or sys.platform != "linux", reason="made for Linux alone")
@pytest.mark.parametrize(("lent", "loads"), [(["libnoscreen.so.7"], True), (["libother.so.7"], False)])
def test_a_library_of_a_screen_is_lent_where_the_system_has_none(tmp_path: Path, lent: list[str], loads: bool) -> None:
    """As the OpenCV with windows in a slim container: it is linked to libGL, of which nothing is called."""
    package = tmp_path / "windowed"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "windowed.abi3.so").write_bytes(native("libnoscreen.so.7"))
    tried = (
        "import ctypes, sys; from extractors.screenless import lend_screen\n"
        f"print(lend_screen('windowed', {lent!r}))\n"
        "ctypes.CDLL(sys.argv[1])"
    )
    command = [sys.executable, "-c", tried, str(package / "windowed.abi3.so")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == f"{lent if loads else []}\n"
    assert (done.returncode == 0) is loads, done.stderr


def test_nothing_is_lent_where_nothing_lacks() -> None:
    assert lend_screen("no_package_of_this_name") == []
    assert lend_screen() == []


def test_opencv_is_loaded_by_one_door() -> None:
    """What imports it elsewhere cannot load it on a machine without a screen."""
    for path in (p for folder in ("extractors", "pipeline", "jixiao") for p in (ROOT / folder).rglob("*.py")):
        importing = re.search(r"^\s*(?:import|from) cv2\b", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert importing is None or path.name == "opencv.py", path
