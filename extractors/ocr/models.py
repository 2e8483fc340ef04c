"""The models of the engine: those that the rapidocr wheel carries, laid out as PaddleOCR wants them; or a user's."""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from schemas.frozen import dataclass

DETECTION, RECOGNITION = "PP-OCRv6_small_det", "PP-OCRv6_small_rec"
CARRIER = "rapidocr"
FILES = {DETECTION: "PP-OCRv6_det_small.onnx", RECOGNITION: "PP-OCRv6_rec_small.onnx"}


class ModelsMissing(Exception):
    """The OCR models cannot be found; the message says where they were looked for and how to get them."""


@dataclass(frozen=True, slots=True)
class ModelFolders:
    """A detection and a recognition model: PaddleOCR's names, and the folders that hold them (None: PaddleOCR
    fetches the model of that name from its hub)."""

    detection_name: str
    recognition_name: str
    detection: Path | None
    recognition: Path | None


def built_in(cache: Path | None = None) -> ModelFolders:
    """The models of the rapidocr wheel, written once into a cache as PaddleOCR's folders."""
    root = (cache or default_cache()) / carrier_version()
    for name in (DETECTION, RECOGNITION):
        if not (root / name / "inference.yml").is_file():
            _lay_out(root, name)
    return ModelFolders(DETECTION, RECOGNITION, root / DETECTION, root / RECOGNITION)


def from_folder(folder: Path) -> ModelFolders:
    """A user's PaddleOCR model folders: one with `det` in its model's name, one with `rec`."""
    named: dict[str, tuple[str, Path]] = {}
    for path in sorted(folder.glob("*/inference.yml")):
        name = str((yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("Global", {}).get("model_name", ""))
        for kind in ("det", "rec"):
            if kind in name.lower():
                named.setdefault(kind, (name, path.parent))
    if named.keys() != {"det", "rec"}:
        raise ModelsMissing(
            f"{folder}: --ocr-models takes a folder with two PaddleOCR model folders in it, a detection and a "
            f"recognition model, each with inference.yml; found {sorted(n for n, _ in named.values()) or 'none'}"
        )
    return ModelFolders(named["det"][0], named["rec"][0], named["det"][1], named["rec"][1])


def default_cache() -> Path:
    """Where models are kept: $XDG_CACHE_HOME/jixiao, else ~/.cache/jixiao."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "jixiao"


def carrier_version() -> str:
    """The package that carries the models, with its version. Raises ModelsMissing."""
    try:
        return f"{CARRIER}-{version(CARRIER)}"
    except PackageNotFoundError as error:
        raise ModelsMissing(f"the package {CARRIER}, which carries the OCR models, is not installed") from error


def _lay_out(root: Path, name: str) -> None:
    """Write one model's folder whole: the model as it is, and the description that PaddleOCR reads."""
    spec = find_spec(CARRIER)
    source = Path(spec.origin).parent / "models" / FILES[name] if spec and spec.origin else None
    if source is None or not source.is_file():
        raise ModelsMissing(f"{carrier_version()} carries no {FILES[name]}; install the version of the lock")
    root.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=root))
    shutil.copyfile(source, fresh / "inference.onnx")
    text = yaml.safe_dump(_description(name, source), allow_unicode=True, sort_keys=False)
    (fresh / "inference.yml").write_text(text, encoding="utf-8")
    try:
        fresh.rename(root / name)
    except OSError:  # another process was first
        shutil.rmtree(fresh)


def _description(name: str, model: Path) -> dict[str, Any]:
    """What PaddleOCR's inference.yml must say of a model."""
    if name == DETECTION:
        steps = [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"DetResizeForTest": {"resize_long": 960}},
            {
                "NormalizeImage": {
                    "mean": [0.485, 0.456, 0.406],
                    "std": [0.229, 0.224, 0.225],
                    "scale": "1./255.",
                    "order": "hwc",
                }
            },
            {"ToCHWImage": None},
        ]
        post = {
            "name": "DBPostProcess",
            "thresh": 0.2,
            "box_thresh": 0.45,
            "max_candidates": 3000,
            "unclip_ratio": 1.4,
        }
        return {"Global": {"model_name": name}, "PreProcess": {"transform_ops": steps}, "PostProcess": post}
    import onnxruntime

    options = onnxruntime.SessionOptions()
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return {
        "Global": {"model_name": name},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, 320]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": characters},
    }
