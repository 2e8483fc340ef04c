"""Which engine reads: the built-in models, a user's folder, or models of PaddleOCR's hub by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from extractors.ocr.engine import Engine, PaddleEngine
from extractors.ocr.guard import PAGE_SECONDS, Guarded
from extractors.ocr.models import ModelFolders, ModelsMissing, built_in, carrier_version, from_folder
from schemas.frozen import dataclass

EngineSource = Callable[[], Engine]
"""Gives the engine; called at the first page that needs one."""


@dataclass(frozen=True, slots=True)
class OcrChoice:
    """What the command line chose: a folder of models, or the names of a detection and a recognition model; the
    seconds that the engine may take for a page, and how many threads it may use."""

    folder: Path | None = None
    names: tuple[str, str] | None = None
    seconds: float = PAGE_SECONDS
    threads: int = 2

    @property
    def label(self) -> str:
        """What a run's settings say of it."""
        if self.folder is not None:
            return f"folder {self.folder}"
        return "/".join(self.names) if self.names else "built-in"


def parse_names(text: str) -> tuple[str, str]:
    """`DET,REC` as two model names; raises ModelsMissing."""
    parts = [p.strip() for p in text.split(",")]
    if len(parts) != 2 or not all(parts):
        raise ModelsMissing(f"--ocr-model-names takes two names, DET,REC; got {text}")
    return parts[0], parts[1]


def engine_source(choice: OcrChoice) -> EngineSource:
    """The source of the engine that was chosen."""
    if choice == OcrChoice():
        return built_in_engine
    return cache(lambda: Guarded(PaddleEngine(folders(choice), choice.threads), choice.seconds))


def folders(choice: OcrChoice) -> ModelFolders:
    """The models that were chosen; raises ModelsMissing."""
    if choice.folder is not None:
        return from_folder(choice.folder)
    if choice.names is not None:
        return ModelFolders(choice.names[0], choice.names[1], None, None)
    return built_in()


def models_version(choice: OcrChoice) -> str:
    """Which models these are: another text where others may read otherwise. Raises ModelsMissing."""
    if choice.names is not None:
        return "/".join(choice.names)
    if choice.folder is None:
        return carrier_version()
    chosen = folders(choice)
    seen = hashlib.sha256()
    for folder in (chosen.detection, chosen.recognition):
        for path in sorted(folder.iterdir()) if folder is not None else ():
            if path.is_file():
                seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{chosen.detection_name}/{chosen.recognition_name} {seen.hexdigest()[:12]}"


@cache
def built_in_engine() -> Engine:
    """PaddleOCR with the models that are installed with the program."""
    return Guarded(PaddleEngine(built_in()))
