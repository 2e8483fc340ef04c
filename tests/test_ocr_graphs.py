"""Models are made to cost less before they are run, and give the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from extractors.ocr.graphs import (
    FLOATS,
    GRAPH,
    LOGITS,
    OUTPUT,
    TENSOR,
    TENSOR_BYTES,
    TENSOR_NAME,
    TENSOR_SIDE,
    TENSOR_TYPE,
    made,
    made_node,
    without_softmax,
    without_subnormals,
)
from extractors.ocr.lines import HEIGHT, chosen, likeliest
from extractors.ocr.models import built_in
from extractors.ocr.sessions import MODEL, Runner, session

Floats = npt.NDArray[np.float32]

WEIGHTS = np.array([[4, 0, -4, 1e-42], [0, 3, 9, -1e-40]], np.float32)
BIAS = np.array([0.5, 1e-39, -0.5, 0], np.float32)
PLACES = np.array(
    [[[1, 0], [1, 0.1], [0, 1], [0.2, 0.9], [0, 0]], [[0, 0], [0, 1], [0, 1], [0, 0], [0.5, 1]]], np.float32
)
LAST = made_node("Softmax", ("e",), ("chances",))


def tensor(name: str, values: Floats, *, packed: bool = False) -> bytes:
    sides = [made(TENSOR_SIDE, bytes(values.shape))] if packed else [made(TENSOR_SIDE, n) for n in values.shape]
    inner = [*sides, made(TENSOR_TYPE, FLOATS), made(TENSOR_NAME, name), made(TENSOR_BYTES, values.tobytes())]
    return made(TENSOR, b"".join(inner))


def value(key: int, name: str, sides: int) -> bytes:
    shape = made(2, made(1, b"") * sides)
    return made(key, made(1, name) + made(2, made(1, made(1, FLOATS) + shape)))


def model(last: bytes = LAST, *others: bytes, packed: bool = False) -> bytes:
    """x × weights + bias, with steps between that do nothing, and a last one."""
    steps = [
        made_node("MatMul", ("x", "weights"), ("a",)),
        made_node("Identity", ("a",), ("b",)),
        made_node("Add", ("b", "bias"), ("c",)),
        made_node("Identity", ("c",), ("d",)),
        made_node("Identity", ("d",), ("e",)),
        last,
    ]
    constants = [tensor("weights", WEIGHTS, packed=packed), tensor("bias", BIAS)]
    graph = [*steps, made(2, "g"), *constants, value(11, "x", 3), value(OUTPUT, "chances", 3), *others]
    return made(1, 8) + made(8, made(2, 13)) + made(GRAPH, b"".join(graph))


def run(given: bytes) -> tuple[str, Any]:
    import onnxruntime

    made_session = onnxruntime.InferenceSession(given, providers=["CPUExecutionProvider"])
    return made_session.get_outputs()[0].name, made_session.run(None, {"x": PLACES})[0]


@pytest.mark.parametrize("packed", [False, True])
def test_a_model_without_its_softmax_tells_the_same_characters_and_chances(packed: bool) -> None:
    name, chances = run(model(packed=packed))
    bare, logits = run(without_softmax(model(packed=packed)))
    assert (name, bare) == ("chances", LOGITS)
    assert logits.shape == (10, 4)
    best, sure = chosen(logits, 2)
    known, certain = likeliest(chances)
    assert best.tolist() == known.tolist() == [[0, 0, 2, 2, 0], [0, 2, 2, 0, 2]]
    begins = [[False, False, True, False, False], [False, True, False, False, True]]
    assert (sure > 0).tolist() == begins
    assert sure[begins] == pytest.approx(certain[begins], abs=1e-6)


@pytest.mark.parametrize(
    "other",
    [
        model(made_node("Sigmoid", ("e",), ("chances",))),
        model(LAST, made_node("Identity", ("c",), ("also",))),
        model(LAST, value(OUTPUT, "a", 3)),
        model(made_node("Softmax", ("nothing",), ("chances",))),
        b"",
    ],
    ids=["another end", "used elsewhere", "two outputs", "no start", "no graph"],
)
def test_models_that_end_in_another_way_are_left_alone(other: bytes) -> None:
    assert without_softmax(other) == other


def test_weights_too_small_to_count_with_are_none() -> None:
    changed = without_subnormals(model())
    assert len(changed) == len(model())
    assert np.where(np.abs(WEIGHTS) < 1e-38, 0, WEIGHTS).astype(np.float32).tobytes() in changed
    assert np.where(np.abs(BIAS) < 1e-38, 0, BIAS).astype(np.float32).tobytes() in changed
    assert (run(changed)[1] == run(model())[1]).all()


@pytest.mark.engine
def test_detection_gives_the_same_to_the_last_bit() -> None:
    import onnxruntime

    folder = built_in().detection
    assert folder is not None
    page = np.random.default_rng(5).normal(size=(1, 3, 160, 96)).astype(np.float32)
    plain = onnxruntime.InferenceSession(str(folder / MODEL), providers=["CPUExecutionProvider"])
    (theirs,) = plain.run(None, {plain.get_inputs()[0].name: page})
    (ours,) = Runner(folder)([page])
    assert (ours == theirs).all()


@pytest.mark.engine
def test_recognition_gives_the_same_characters_and_chances() -> None:
    import onnxruntime

    folder = built_in().recognition
    assert folder is not None
    stripes = np.random.default_rng(5).choice([-1, 1], size=(3, 1, 8, 40)).astype(np.float32)
    lines = np.repeat(np.kron(stripes, np.ones((HEIGHT // 8, 4), np.float32)), 3, axis=1)
    plain = onnxruntime.InferenceSession(str(folder / MODEL), providers=["CPUExecutionProvider"])
    known, certain = likeliest(plain.run(None, {plain.get_inputs()[0].name: lines})[0])
    bare = session(Path(folder / MODEL))
    best, sure = chosen(bare.run(None, {bare.get_inputs()[0].name: lines})[0], len(lines))
    assert (sure > 0).any()
    assert (best == known).all()
    assert sure[sure > 0] == pytest.approx(certain[sure > 0], abs=1e-5)
