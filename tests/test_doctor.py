"""What `jixiao doctor` says of what is there, missing or wrong, and how to get it."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractors.ocr.models import DETECTION, RECOGNITION, ModelFolders, ModelsMissing
from pipeline.cli import app
from pipeline.running import doctor
from pipeline.running.doctor import MODULES, PACKAGES, examine


def models(folder: Path) -> ModelFolders:
    for name in (DETECTION, RECOGNITION):
        (folder / name).mkdir(parents=True)
        (folder / name / "inference.onnx").write_bytes(b"a model")
    return ModelFolders(DETECTION, RECOGNITION, folder / DETECTION, folder / RECOGNITION)


class Module:
    """A module that was imported."""

    def __init__(self, version: str) -> None:
        self.__version__, self.__file__ = version, "here.py"


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in which nothing is missing; the folder of its models."""
    kept = models(tmp_path / "models")
    wanted = version(doctor.CV2).rpartition(".")[0]
    monkeypatch.setattr(doctor, "built_in", lambda: kept)
    monkeypatch.setattr(doctor, "import_module", lambda name: Module(wanted))
    return tmp_path / "models"


def test_what_is_there_is_printed_with_its_version(whole: Path) -> None:
    report = examine()
    assert report.well
    for name in PACKAGES:
        assert f"{name} {version(name)}" in report.lines
    assert any(DETECTION in line and RECOGNITION in line for line in report.lines)
    sizes = [line for line in report.lines if line.startswith("the model ")]
    assert len(sizes) == 2
    assert report.lines[-1] == "scans can be read"


@pytest.mark.parametrize("name", PACKAGES)
def test_a_missing_package_is_said_with_how_to_get_it(whole: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def look(asked: str) -> str:
        if asked == name:
            raise PackageNotFoundError(asked)
        return version(asked)

    monkeypatch.setattr(doctor, "version", look)
    report = examine()
    assert not report.well
    (line,) = (line for line in report.lines if line.startswith("missing: "))
    assert line.startswith(f"missing: the package {name}; ")
    assert "make run" in line
    assert "scans can be read" not in report.lines


@pytest.mark.parametrize("name", MODULES)
def test_a_module_that_cannot_be_loaded_is_said_with_why(
    whole: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    there = doctor.import_module

    def load(asked: str) -> Any:
        if asked == name:
            raise ImportError("libGL.so.1: cannot open shared object file")
        return there(asked)

    monkeypatch.setattr(doctor, "import_module", load)
    report = examine()
    assert not report.well
    (line,) = (line for line in report.lines if line.startswith("missing: "))
    assert line.startswith(f"missing: {name} cannot be loaded (libGL.so.1")
    assert "requirements.lock" in line


def test_another_cv2_than_the_wanted_one_is_said(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "import_module", lambda name: Module("4.1"))
    report = examine()
    assert not report.well
    (line,) = (line for line in report.lines if line.startswith("wrong: "))
    assert line.startswith(f"wrong: cv2 4.1 is loaded, but {doctor.CV2} is {version(doctor.CV2)}; ")
    assert "uninstall" in line


def test_models_that_cannot_be_laid_out_are_said(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> ModelFolders:
        raise ModelsMissing("rapidocr 1.0 carries no model")

    monkeypatch.setattr(doctor, "built_in", none)
    report = examine()
    assert not report.well
    assert report.lines[-1].startswith("missing: the models: rapidocr 1.0 carries no model; install")


def test_a_model_that_was_deleted_is_said_with_what_to_do(whole: Path) -> None:
    (whole / RECOGNITION / "inference.onnx").unlink()
    report = examine()
    assert not report.well
    assert report.lines[-1].startswith(f"missing: {whole / RECOGNITION / 'inference.onnx'}; remove its folder")


def test_the_command_ends_well_only_where_all_is_there(whole: Path) -> None:
    good = CliRunner().invoke(app, ["doctor"])
    assert (good.exit_code, good.stdout.splitlines()[-1]) == (0, "scans can be read")
    (whole / DETECTION / "inference.onnx").unlink()
    bad = CliRunner().invoke(app, ["doctor"])
    assert bad.exit_code == 1
    assert "missing: " in bad.stdout


def test_here_the_loaded_cv2_is_the_wanted_one() -> None:
    assert doctor._wrong_cv2(import_module("cv2").__version__) == []
