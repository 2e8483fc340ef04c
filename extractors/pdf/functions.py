"""The functions of a PDF (types 0, 2, 3 and 4), as far as colours need them: numbers in, numbers out."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

Function = Callable[[Sequence[float]], list[float]]

TALLEST = 100  # entries on a calculator's stack; the format asks for no more


def read_function(spec: Any) -> Function:
    """The function that `spec` (a dictionary, a stream, or a list of functions of one output each) defines.

    Raises ValueError where it defines none."""
    from pdfminer.pdftypes import PDFStream, resolve1

    spec = resolve1(spec)
    if isinstance(spec, list):
        parts = [read_function(part) for part in spec]
        return lambda given: [value for part in parts for value in part(given)]
    attrs = spec.attrs if isinstance(spec, PDFStream) else spec
    if not isinstance(attrs, dict):
        raise ValueError("no function")
    kind = resolve1(attrs.get("FunctionType"))
    domain, limits = _numbers(attrs.get("Domain")), _numbers(attrs.get("Range"))
    if kind == 0 and isinstance(spec, PDFStream):
        body = _sampled(attrs, spec.get_data(), domain, limits)
    elif kind == 2:
        body = _power(attrs)
    elif kind == 3:
        body = _stitched(attrs, domain)
    elif kind == 4 and isinstance(spec, PDFStream):
        body = _calculator(spec.get_data())
    else:
        raise ValueError(f"no function of type {kind!r}")

    def clipped(given: Sequence[float]) -> list[float]:
        out = body(_within(given, domain))
        return _within(out[-(len(limits) // 2) :] if limits else out, limits)

    return clipped


def _numbers(values: Any) -> list[float]:
    from pdfminer.pdftypes import resolve1

    return [float(resolve1(v)) for v in resolve1(values) or ()]


def _within(values: Sequence[float], limits: Sequence[float]) -> list[float]:
    """Each value within its own pair of limits; those without a pair stay."""
    pairs = list(zip(limits[::2], limits[1::2], strict=False))
    return [min(max(v, pairs[i][0]), pairs[i][1]) if i < len(pairs) else v for i, v in enumerate(values)]


def _line(x: float, low: float, high: float, first: float, last: float) -> float:
    return first if high == low else first + (x - low) * (last - first) / (high - low)


def _power(attrs: dict[str, Any]) -> Function:
    """Type 2: from C0 to C1 along a power of the input."""
    start, end = _numbers(attrs.get("C0")) or [0.0], _numbers(attrs.get("C1")) or [1.0]
    exponent = _numbers([attrs.get("N", 1)])[0]
    return lambda given: [a + (max(given[0], 0.0) ** exponent) * (b - a) for a, b in zip(start, end, strict=False)]


def _stitched(attrs: dict[str, Any], domain: Sequence[float]) -> Function:
    """Type 3: one function for each part of the domain."""
    from pdfminer.pdftypes import resolve1

    parts = [read_function(part) for part in resolve1(attrs["Functions"])]
    ends = [domain[0], *_numbers(attrs.get("Bounds")), domain[1]]
    encode = _numbers(attrs.get("Encode"))

    def body(given: Sequence[float]) -> list[float]:
        k = next((i for i in range(len(parts) - 1) if given[0] < ends[i + 1]), len(parts) - 1)
        return parts[k]([_line(given[0], ends[k], ends[k + 1], encode[2 * k], encode[2 * k + 1])])

    return body


def _sampled(attrs: dict[str, Any], data: bytes, domain: Sequence[float], limits: Sequence[float]) -> Function:
    """Type 0: a table of samples, read between its entries along each input."""
    size = [int(n) for n in _numbers(attrs.get("Size"))]
    bits = int(_numbers([attrs["BitsPerSample"]])[0])
    encode = _numbers(attrs.get("Encode")) or [v for n in size for v in (0.0, n - 1.0)]
    decode = _numbers(attrs.get("Decode")) or list(limits)
    outputs = len(limits) // 2
    most = float((1 << bits) - 1)
    if not size or not outputs or bits not in (1, 2, 4, 8, 12, 16, 24, 32):
        raise ValueError("no sampled function")

    def sample(at: Sequence[int], j: int) -> float:
        index = 0
        for n, i in zip(reversed(size), reversed(list(at)), strict=True):
            index = index * n + i
        first = (index * outputs + j) * bits
        piece = data[first // 8 : (first + bits + 7) // 8]
        value = int.from_bytes(piece, "big") >> (-(first + bits) % 8)
        return float(value & ((1 << bits) - 1))

    def body(given: Sequence[float]) -> list[float]:
        inside = [
            min(max(_line(x, domain[2 * i], domain[2 * i + 1], encode[2 * i], encode[2 * i + 1]), 0.0), size[i] - 1.0)
            for i, x in enumerate(given[: len(size)])
        ]
        out = []
        for j in range(outputs):
            total = 0.0
            for corner in itertools.product((0, 1), repeat=len(size)):
                share, at = 1.0, []
                for x, side, n in zip(inside, corner, size, strict=True):
                    low = math.floor(x)
                    share *= (x - low) if side else (1.0 - x + low)
                    at.append(min(low + side, n - 1))
                if share:
                    total += share * sample(at, j)
            out.append(_line(total, 0.0, most, decode[2 * j], decode[2 * j + 1]))
        return out

    return body


def _calculator(data: bytes) -> Function:
    """Type 4: a small program in PostScript."""
    tokens = iter(data.decode("latin-1").replace("{", " { ").replace("}", " } ").split())
    if next(tokens, "") != "{":
        raise ValueError("no program")
    program = _block(tokens)

    def body(given: Sequence[float]) -> list[float]:
        stack: list[Any] = list(given)
        _run(program, stack)
        return [float(v) for v in stack]

    return body


def _block(tokens: Any) -> list[Any]:
    """A program's words up to its closing brace, blocks within it as lists."""
    out: list[Any] = []
    for word in tokens:
        if word == "}":
            return out
        if word == "{":
            out.append(_block(tokens))
            continue
        try:
            out.append(float(word))
        except ValueError:
            out.append(word)
    return out


def _bits(whole: Callable[[int, int], int], truth: Callable[[bool, bool], bool]) -> Callable[[Any, Any], Any]:
    """An operator on truths, or on the bits of integers."""
    return lambda a, b: truth(a, b) if isinstance(a, bool) else float(whole(int(a), int(b)))


ONE: dict[str, Callable[[Any], Any]] = {
    "abs": abs,
    "neg": operator.neg,
    "ceiling": math.ceil,
    "floor": math.floor,
    "round": lambda a: math.floor(a + 0.5),
    "truncate": math.trunc,
    "cvi": math.trunc,
    "cvr": float,
    "sqrt": lambda a: math.sqrt(max(a, 0.0)),
    "sin": lambda a: math.sin(math.radians(a)),
    "cos": lambda a: math.cos(math.radians(a)),
    "ln": lambda a: math.log(a) if a > 0 else 0.0,
    "log": lambda a: math.log10(a) if a > 0 else 0.0,
    "not": lambda a: not a if isinstance(a, bool) else float(~int(a)),
}
TWO: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": lambda a, b: a / b if b else 0.0,
    "idiv": lambda a, b: math.trunc(a / b) if b else 0.0,
    "mod": lambda a, b: math.fmod(a, b) if b else 0.0,
    "exp": lambda a, b: max(a, 0.0) ** b,
    "atan": lambda a, b: math.degrees(math.atan2(a, b)) % 360,
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "and": _bits(operator.and_, operator.and_),
    "or": _bits(operator.or_, operator.or_),
    "xor": _bits(operator.xor, operator.xor),
    "bitshift": lambda a, b: float(int(a) << int(b) if b >= 0 else int(a) >> -int(b)),
}


def _run(program: Sequence[Any], stack: list[Any]) -> None:
    """The program's effect on the stack. Raises ValueError or IndexError where it is none."""
    for word in program:
        if len(stack) > TALLEST:
            raise ValueError("a program that never ends its stack")
        if not isinstance(word, str):
            stack.append(word)
        elif word in ONE:
            stack.append(ONE[word](stack.pop()))
        elif word in TWO:
            b, a = stack.pop(), stack.pop()
            stack.append(TWO[word](a, b))
        elif word == "if":
            then = stack.pop()
            if stack.pop():
                _run(then, stack)
        elif word == "ifelse":
            other, then = stack.pop(), stack.pop()
            _run(then if stack.pop() else other, stack)
        else:
            _shuffle(word, stack)


def _shuffle(word: str, stack: list[Any]) -> None:
    """The operators that only move what is on the stack."""
    if word == "pop":
        stack.pop()
    elif word == "exch":
        stack[-1], stack[-2] = stack[-2], stack[-1]
    elif word == "dup":
        stack.append(stack[-1])
    elif word == "copy":
        n = int(stack.pop())
        stack.extend(stack[len(stack) - n :])
    elif word == "index":
        stack.append(stack[-1 - int(stack.pop())])
    elif word == "roll":
        by, n = int(stack.pop()), int(stack.pop())
        if n:
            part = stack[-n:]
            by %= n
            stack[-n:] = part[-by:] + part[:-by] if by else part
    elif word in ("true", "false"):
        stack.append(word == "true")
    else:
        raise ValueError(f"no operator: {word}")
