"""What is changed in a model before it is run, so that it gives the same for less.

A model (ONNX) is a message in protobuf's wire format: fields with a number, which are whole numbers or pieces of bytes,
and these are texts, arrays or messages again. Little of it is needed here, and no library for it is among the
requirements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from schemas.frozen import dataclass

GRAPH = 7  # of a model; all numbers are those of onnx.proto
NODE, TENSOR, OUTPUT = 1, 5, 12  # of a graph
NODE_INPUT, NODE_OUTPUT, NODE_KIND = 1, 2, 4
TENSOR_SIDE, TENSOR_TYPE, TENSOR_NAME, TENSOR_BYTES = 1, 2, 8, 9
FLOATS, INTEGERS = 1, 7  # types of tensors: of 32 and of 64 bits
NUMBER, EIGHT_BYTES, PIECE, FOUR_BYTES = 0, 1, 2, 5  # kinds of fields

LOGITS = "logits"  # the output of a model without its last step
FLAT, ROWS = "logits_flat", "logits_rows"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message: its number, its value (`number` or `piece`, by its kind), and all of its bytes."""

    key: int
    number: int
    piece: memoryview
    whole: memoryview

    @property
    def text(self) -> str:
        return bytes(self.piece).decode()


@dataclass(frozen=True, slots=True)
class Node:
    """A step of a graph, its inputs and outputs by name."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def fields(message: memoryview) -> Iterator[Field]:
    """The fields of a message. Raises IndexError where it breaks off."""
    at = 0
    while at < len(message):
        begin = at
        tag, at = _number(message, at)
        kind, number, size = tag & 7, 0, 0
        if kind == NUMBER:
            number, at = _number(message, at)
        elif kind == PIECE:
            size, at = _number(message, at)
        else:
            size = {EIGHT_BYTES: 8, FOUR_BYTES: 4}[kind]
        yield Field(tag >> 3, number, message[at : at + size], message[begin : at + size])
        at += size


def _number(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def made(key: int, value: int | str | bytes) -> bytes:
    """A field."""
    if isinstance(value, int):
        return _varint(key << 3 | NUMBER) + _varint(value)
    piece = value.encode() if isinstance(value, str) else value
    return _varint(key << 3 | PIECE) + _varint(len(piece)) + piece


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def made_node(kind: str, inputs: Sequence[str], outputs: Sequence[str]) -> bytes:
    """A step of a graph, as a field of it."""
    names = [made(NODE_INPUT, name) for name in inputs] + [made(NODE_OUTPUT, name) for name in outputs]
    return made(NODE, b"".join([*names, made(NODE_KIND, kind)]))


def without_subnormals(model: bytes) -> bytes:
    """The model with 0 for weights that are too small to be normal numbers of 32 bits: training leaves them where it
    switched a channel off, they move no output by a bit, and a processor takes a hundred times as long for them."""
    out = bytearray(model)
    for graph in _of(memoryview(out), GRAPH):
        for tensor in _of(graph.piece, TENSOR):
            if any(f.number == FLOATS for f in _of(tensor.piece, TENSOR_TYPE)):
                for weights in _of(tensor.piece, TENSOR_BYTES):
                    values = np.frombuffer(weights.piece, "<f4")
                    values[np.abs(values) < np.finfo(np.float32).tiny] = 0.0
    return bytes(out)


def without_softmax(model: bytes) -> bytes:
    """The model with its last steps, chances = Softmax(values × weights + bias), as one: what it gives under the name
    LOGITS is a row of values × weights + bias for each place. Models that end in another way are given back."""
    whole = memoryview(model)
    found = [f for f in fields(whole) if f.key == GRAPH]
    if len(found) != 1:
        return model
    parts = list(fields(found[0].piece))
    nodes = {i: _node(f) for i, f in enumerate(parts) if f.key == NODE}
    sides = dict(_sides(f) for f in parts if f.key == TENSOR)
    outputs = [next(_of(f.piece, 1)).text for f in parts if f.key == OUTPUT]
    end = _end(nodes, sides, outputs)
    if end is None:
        return model
    steps, values, weights, bias = end
    kept = [bytes(f.whole) for i, f in enumerate(parts) if f.key != OUTPUT and i not in steps]
    rows = np.array([-1, sides[weights][0]], "<i8").tobytes()
    kept += [
        made(
            TENSOR,
            made(TENSOR_SIDE, 2) + made(TENSOR_TYPE, INTEGERS) + made(TENSOR_NAME, ROWS) + made(TENSOR_BYTES, rows),
        ),
        made_node("Reshape", (values, ROWS), (FLAT,)),
        made_node("Gemm", (FLAT, weights, bias), (LOGITS,)),
        made(OUTPUT, made(1, LOGITS) + made(2, made(1, made(1, FLOATS) + made(2, made(1, b"") * 2)))),  # with two sides
    ]
    graph = made(GRAPH, b"".join(kept))
    return b"".join(graph if f.key == GRAPH else bytes(f.whole) for f in fields(whole))


def _end(
    nodes: Mapping[int, Node], sides: Mapping[str, Sequence[int]], outputs: Sequence[str]
) -> tuple[set[int], str, str, str] | None:
    """The last steps of a graph, where they are Softmax(values × weights + bias) and nothing else takes what is
    between them: the steps, and the names of values, weights and bias."""
    makers = {name: i for i, node in nodes.items() for name in node.outputs}
    used = Counter(name for node in nodes.values() for name in node.inputs)
    steps: set[int] = set()
    name, constants = outputs[0] if len(outputs) == 1 else "", list[str]()
    for kind in ("Softmax", "Add", "MatMul"):
        while name in makers and used[name] <= 1:
            steps.add(makers[name])
            node = nodes[makers[name]]
            name = node.inputs[0]
            if node.kind != "Identity":
                break
        else:
            return None
        if node.kind != kind:
            return None
        constants += node.inputs[1:]
    if [len(sides.get(constant, ())) for constant in constants] != [1, 2]:
        return None
    bias, weights = constants
    return steps, name, weights, bias


def _node(field: Field) -> Node:
    inner = list(fields(field.piece))
    inputs, outputs = (tuple(f.text for f in inner if f.key == key) for key in (NODE_INPUT, NODE_OUTPUT))
    return Node(next((f.text for f in inner if f.key == NODE_KIND), ""), inputs, outputs)


def _sides(field: Field) -> tuple[str, list[int]]:
    """The name and the sides of a tensor, which may be one field each or all one."""
    name, sides = "", []
    for inner in fields(field.piece):
        if inner.key == TENSOR_NAME:
            name = inner.text
        elif inner.key == TENSOR_SIDE and not inner.piece:
            sides.append(inner.number)
        elif inner.key == TENSOR_SIDE:
            at = 0
            while at < len(inner.piece):
                side, at = _number(inner.piece, at)
                sides.append(side)
    return name, sides


def _of(message: memoryview, key: int) -> Iterator[Field]:
    return (field for field in fields(message) if field.key == key)
