"""What the scan road needs and what of it is there: engine, models, versions; and how to get what is missing."""

from __future__ import annotations

import hashlib
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from extractors.ocr import vision
from extractors.ocr.hubs import represent_missing_hubs
from extractors.ocr.models import ModelsMissing, built_in
from extractors.screenless import lend_screen
from schemas.frozen import dataclass

CV2 = vision.installed()
PACKAGES = ("paddleocr", "paddlex", "onnxruntime", "rapidocr", CV2, "numpy", "pillow", "pypdfium2")
MODULES = ("paddleocr", "onnxruntime", "cv2", "pypdfium2")
HOW = "install the project with `make run` (or pip install -r requirements.lock), which brings it"


@dataclass(frozen=True, slots=True)
class Report:
    """Lines to print, and whether scans can be read."""

    lines: tuple[str, ...]
    well: bool


def examine() -> Report:
    """Look at the engine and everything it depends on."""
    lines: list[str] = []
    missing: list[str] = []  # or wrong
    for name in PACKAGES:
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(f"missing: the package {name}; {HOW}")
    represent_missing_hubs()
    vision.name_headless()
    lent = lend_screen()
    for name in MODULES:
        try:
            module = import_module(name)
        except ImportError as error:
            missing.append(f"missing: {name} cannot be loaded ({error}); {_mend(name)}")
            continue
        if name == "cv2":
            lines.append(f"cv2 {module.__version__} from {module.__file__}")
            missing += _wrong_cv2(str(module.__version__))
    if lent:
        lines.append(f"this machine has no {', '.join(lent)}, which only windows would need: scans are read without")
    try:
        models = built_in()
    except (ModelsMissing, OSError) as error:
        missing.append(f"missing: the models: {error}; {HOW}")
    else:
        lines.append(f"engine: PaddleOCR on ONNX Runtime, {models.detection_name} and {models.recognition_name}")
        for folder in (models.detection, models.recognition):
            file = folder / "inference.onnx" if folder is not None else None
            if file is not None and file.is_file():
                digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
                lines.append(f"the model {file} ({file.stat().st_size / 1e6:.1f} MB, sha256 {digest})")
            else:
                missing.append(f"missing: {file}; remove its folder, and it is written anew")
    lines += missing or ["scans can be read"]
    return Report(tuple(lines), not missing)


def _wrong_cv2(loaded: str) -> list[str]:
    """What is wrong with the cv2 that is loaded: several packages bring one, and the last installed wins."""
    try:
        wanted = version(CV2)
    except PackageNotFoundError:
        return []  # said already
    if wanted == loaded or wanted.startswith(f"{loaded}."):
        return []
    how = f"uninstall every package opencv-*, and {_mend('cv2')}"
    return [f"wrong: cv2 {loaded} is loaded, but {CV2} is {wanted}; another package brought its own: {how}"]


def _mend(name: str) -> str:
    """How to get a module that cannot be loaded."""
    return f"`{vision.HOW}` brings one that needs nothing of the system; or {HOW}" if name == "cv2" else HOW
