"""The operators of a page's content, one after the other: the words of a content stream told apart by one pattern.

pdfminer's own parser, which this stands in for, looks at every byte by itself and takes half the time of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import LIT

TOKEN = re.compile(
    rb"[\0\t\n\f\r ]+|%[^\r\n]*"
    rb"|(?P<number>[+-]*(?:\d++(?:\.\d*+)?|\.\d+))"
    rb"|(?P<operator>[A-Za-z'\"][^\0\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|/(?P<name>[^\0\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|(?P<plain>\((?:[^()\\\r])*\))"
    rb"|(?P<text>\()"
    rb"|<(?P<hex>[0-9A-Fa-f\0\t\n\f\r ]*)>"
    rb"|(?P<open>\[|<<)"
    rb"|(?P<close>\]|>>)"
    rb"|(?P<other>[^\0\t\n\f\r ()<>\[\]{}/%]+|.)",
    re.DOTALL,
)
OPERATION = re.compile(
    rb"[\t\n\f\r ]*(?:"
    rb"(?:/([^\0\t\n\f\r ()<>\[\]{}/%#]+)[\t\n\f\r ]+)?"
    rb"((?:[-+]?(?:\d++(?:\.\d*+)?|\.\d+)[\t\n\f\r ]++)*+)"
    rb"([A-Za-z'\"][^\0\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|<([0-9A-Fa-f]+)>[\t\n\f\r ]*Tj\b"
    rb"|\[([-+.0-9A-Fa-f<> \t\n\f\r]*)\][\t\n\f\r ]*TJ\b"
    rb")"
)
"""Most operations of a page: an operator behind numbers, with a name in front of them or none; a text in hexadecimal
digits that is shown, whole or in parts with numbers between them."""
PART = re.compile(
    rb"<([0-9A-Fa-f]*)>|([-+]?(?:\d++(?:\.\d*+)?|\.\d+)(?=[-+<.\t\n\f\r ]|\Z))|[\t\n\f\r ]+|([^<\t\n\f\r ]+|.)"
)
INSIDE = re.compile(rb"[^()\\\r]+|\\(?:[0-7]{1,3}|\r\n|.)|\r\n?|[()]", re.DOTALL)  # of a text in brackets
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
HASH = re.compile(rb"#([0-9A-Fa-f]{2})")
SIGNED = re.compile(rb"[+-]*")
IMAGE_END = (re.compile(rb"[\0\t\n\f\r ]EI(?=[\0\t\n\f\r /%\[(<]|\Z)"), re.compile(rb"EI(?=[\0\t\n\f\r ]|\Z)"))
CONSTANTS: dict[bytes, Any] = {b"true": True, b"false": False, b"null": None}
WORDS_APART = frozenset({*CONSTANTS, b"BI", b"ID"})  # words that end no operation

SHORT = 16  # bytes of an operation that is kept as it was understood once
MOST_KEPT = 4096

Operation = tuple[bytes, list[Any]]
"""An operator and what stands before it."""


def operations(streams: Sequence[PDFStream]) -> Iterator[Operation]:
    """The operators of content streams that are read one behind the other, each with all operands since the one before
    it: numbers, names, bytes, lists, dictionaries, and the image of `EI`. The lists of operands are not to be changed:
    what is said again has the same one."""
    data = b"\n".join(stream.get_data() for stream in streams)
    operands: list[Any] = []
    outer: list[tuple[list[Any], bool]] = []  # what stands around an open list or dictionary
    at, end = 0, len(data)
    match, match_whole = TOKEN.match, OPERATION.match
    again: dict[bytes, Operation] = {}  # what most of a page says over and over: q, BT, 0 g, /F1 9 Tf
    number = _Numbers().__getitem__
    while at < end:
        whole = match_whole(data, at) if not operands and not outer else None
        if whole is not None:
            written = whole.group()
            operation = again.get(written)
            if operation is None:
                operation = _operation(whole, number)
                if operation is not None and len(written) <= SHORT and len(again) < MOST_KEPT:
                    again[written] = operation
            if operation is not None:
                at = whole.end()
                yield operation
                continue
        token = match(data, at)
        assert token is not None  # its last part takes any byte
        at = token.end()
        kind = token.lastgroup
        if kind is None:
            continue
        if kind == "number":
            operands.append(_number(token.group()))
        elif kind == "operator":
            word = token.group()
            if word in CONSTANTS:
                operands.append(CONSTANTS[word])
            elif word == b"BI" and not outer:
                operands = []
            elif word == b"ID" and not outer:
                image, at = _image(data, at, operands)
                yield b"EI", [image]
                operands = []
            elif not outer:
                yield word, operands
                operands = []
        elif kind == "plain":
            operands.append(token.group()[1:-1])
        elif kind == "text":
            text, at = _text(data, at)
            operands.append(text)
        elif kind == "hex":
            digits = b"".join(token.group("hex").translate(None, b"\0").split())
            operands.append(_digits(digits))
        elif kind == "name":
            operands.append(_name(token.group("name")))
        elif kind == "open":
            outer.append((operands, token.group() == b"<<"))
            operands = []
        elif kind == "close" and outer:
            inner, (operands, is_dictionary) = operands, outer.pop()
            operands.append(_dictionary(inner) if is_dictionary else inner)


class _Numbers(dict[bytes, float]):
    """Numbers as they are written: pages say the same ones over and over."""

    def __missing__(self, written: bytes) -> float:
        value = float(written) if b"." in written else int(written)
        if len(self) < MOST_KEPT:
            self[written] = value
        return value


def _operation(whole: re.Match[bytes], number: Callable[[bytes], float]) -> Operation | None:
    """An operation that is written as most are; None where it has to be read word by word."""
    name, numbers, word, digits, parted = whole.groups()
    if word is None:
        shown = _digits(digits) if parted is None else _parts(parted)
        return None if shown is None else (b"Tj" if parted is None else b"TJ", [shown])
    if word in WORDS_APART:
        return None
    operands: list[Any] = [] if name is None else [_name(name)]
    operands += map(number, numbers.split())
    return word, operands


def _parts(parted: bytes) -> list[Any] | None:
    """The texts and numbers of a text that is shown in parts, None where other things stand between them."""
    out: list[Any] = []
    for digits, number, other in PART.findall(parted):
        if other:
            return None
        if number:
            out.append(float(number) if b"." in number else int(number))
        elif digits:
            out.append(_digits(digits))
    return out


def _digits(digits: bytes) -> bytes:
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _number(word: bytes) -> float:
    try:
        return int(word)
    except ValueError:
        pass
    try:
        return float(word)
    except ValueError:  # programs write two signs: the last one counts, as readers have it
        signs = SIGNED.match(word)
        length = signs.end() if signs else 0
        return float(word[max(length - 1, 0) :])


def _name(raw: bytes) -> Any:
    if b"#" in raw:
        raw = HASH.sub(lambda match: bytes([int(match.group(1), 16)]), raw)
    try:
        return LIT(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return LIT(raw)


def _text(data: bytes, at: int) -> tuple[bytes, int]:
    """A text in brackets from behind its first one, and where it ends; one that never ends is read to the end."""
    out: list[bytes] = []
    depth = 1
    while at < len(data):
        token = INSIDE.match(data, at)
        if token is None:  # a lone backslash at the end
            break
        at, piece = token.end(), token.group()
        if piece == b"(":
            depth += 1
        elif piece == b")":
            depth -= 1
            if not depth:
                return b"".join(out), at
        elif piece[:1] == b"\\":
            rest = piece[1:]
            piece = bytes([int(rest, 8) & 255]) if rest[:1].isdigit() and rest[:1] < b"8" else ESCAPED.get(rest, rest)
        elif piece[:1] == b"\r":
            piece = b"\n"
        out.append(piece)
    return b"".join(out), len(data)


def _dictionary(parts: list[Any]) -> dict[str, Any]:
    return {str(getattr(key, "name", key)): value for key, value in zip(parts[::2], parts[1::2], strict=False)}


def _image(data: bytes, at: int, parts: list[Any]) -> tuple[PDFStream, int]:
    """An image that stands in the content, from behind its `ID`, and where what follows it begins."""
    attributes = {key: resolve1(value) for key, value in _dictionary(parts).items()}
    start = at + 1  # one white space
    for pattern in IMAGE_END:
        end = pattern.search(data, at)
        if end:
            return PDFStream(attributes, data[start : end.start()]), end.end()
    return PDFStream(attributes, data[start:]), len(data)
