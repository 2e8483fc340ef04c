"""Sessions of our own for the models of the engine, on one thread that does not spin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.ocr.graphs import without_softmax, without_subnormals

MODEL = "inference.onnx"


def session(model: Path) -> Any:
    """A session for a model, which is made to cost less first."""
    import onnxruntime  # heavy: only where a scan is read

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(model.parent))
    options.log_severity_level = 3
    changed = without_softmax(without_subnormals(model.read_bytes()))
    return onnxruntime.InferenceSession(changed, options, providers=["CPUExecutionProvider"])


class Runner:
    """What PaddleOCR runs a model by: arrays in, arrays out."""

    def __init__(self, folder: Path) -> None:
        self.session = session(folder / MODEL)
        self._names = [given.name for given in self.session.get_inputs()]

    def __call__(self, x: Sequence[npt.NDArray[np.float32]]) -> list[Any]:
        arrays = [np.ascontiguousarray(array) for array in x]
        outputs: list[Any] = self.session.run(None, dict(zip(self._names, arrays, strict=True)))
        return outputs
