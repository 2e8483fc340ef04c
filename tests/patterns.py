"""Every regular expression of the program that meets foreign text, how it is called, and the worst strings for it.

The expressions are taken from the sources: what is handed to `re` as text, with the methods by which the name that it
is assigned to is called anywhere. Strings are made from an expression's own parts: what each repeated part matches,
many times over, behind what the parts before it match, and with an end that fits nothing.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from re import _constants as sre  # type: ignore[attr-defined]  # isort: skip
from re import _parser  # type: ignore[attr-defined]  # isort: skip

ROOT = Path(__file__).parent.parent
PACKAGES = ("extractors", "pipeline/reading", "pipeline/running", "pipeline/people", "pipeline/output", "schemas")
METHODS = frozenset({"match", "search", "fullmatch", "findall", "finditer", "split", "sub", "subn"})
STARTED = frozenset({"match", "fullmatch"})  # what begins at one place only
ALPHABET = " \t\n\u3000,.:;()（）：。、-_/*'\"<>[]=1２xA一年元第"
NO_MORE = "\x00"  # an end that fits hardly anything
SMALL = (14, 18, 22, 100)  # repetitions at which 2^n, and n^3 behind it, shows itself and still ends
SIZES = (500, 1_000, 2_000)  # repetitions: n, 2n, 4n
NOTICED = 0.004  # seconds below which a time is no time
FAR_TOO_LONG = 0.1  # seconds for up to 500 repetitions: nothing that is linear takes a tenth
GROWTH = 2.0 * 4  # times that 4n may cost of n: linear, times a logarithm and some noise


@dataclass(frozen=True)
class Expression:
    """A regular expression, where it stands, and by which methods it is called."""

    where: str
    text: str | bytes
    flags: int
    methods: frozenset[str]


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted(p for p in (ROOT / package).rglob("*.py") if "migrations" not in p.parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def methods_of(module: str, name: str) -> frozenset[str]:
    """The methods by which an expression of a module is called, there and where it is imported; all, if by none."""
    out: set[str] = set()
    for path in sources():
        tree = parsed(path)
        if named(path) == module or any(
            isinstance(node, ast.ImportFrom) and node.module == module and any(a.name == name for a in node.names)
            for node in ast.walk(tree)
        ):
            out |= {
                node.attr
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
            }
    return frozenset(out & METHODS) or METHODS


def named(path: Path) -> str:
    """The module that a file is."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def expressions(*, called: bool = True) -> tuple[list[Expression], list[str]]:
    """The expressions that stand in the sources, and the places of those that are put together when they are used.
    Unless `called`, it is not looked for how they are called."""
    out: list[Expression] = []
    made_later: list[str] = []
    for path in sources():
        module, tree = importlib.import_module(named(path)), parsed(path)
        names = {id(node.value): target.id for node in ast.walk(tree) for target in _targets(node)}
        for node in ast.walk(tree):
            if not _is_of_re(node):
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            try:
                text, *more = [eval(compile(ast.Expression(a), "", "eval"), vars(module)) for a in _pattern(node)]
            except NameError:
                made_later.append(where)
                continue
            kind = node.func.attr
            methods = frozenset({kind}) if kind in METHODS else METHODS
            if called and kind not in METHODS:
                methods = methods_of(module.__name__, names.get(id(node), ""))
            out.append(Expression(where, text, int(more[0]) if more else 0, methods))
    return out, made_later


def _targets(node: ast.AST) -> list[Any]:
    if isinstance(node, ast.Assign):
        return [t for t in node.targets if isinstance(t, ast.Name)]
    return []


def _is_of_re(node: Any) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in METHODS | {"compile"}
    )


def _pattern(node: ast.Call) -> list[ast.expr]:
    flags = [k.value for k in node.keywords if k.arg == "flags"]
    assert isinstance(node.func, ast.Attribute)
    place = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(node.func.attr, 2)
    return [node.args[0], *flags, *node.args[place : place + 1]]


# ── strings


def worst(text: str | bytes) -> Iterator[tuple[str, str, str]]:
    """(before, what is repeated, behind) of strings that may cost an expression most."""
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    tree = _parser.parse(text)
    letters = "".join(dict.fromkeys(ALPHABET + "".join(_literals(tree))))[:60]
    seen = set()
    for before, bodies in _repeats(tree, ""):
        pumps = {sample for body in bodies for sample in (_sample(body), *_singles(body, letters))}
        for pump in sorted(p for p in pumps if p):
            for front in {"", before}:
                for behind in (NO_MORE, ""):
                    if (front, pump, behind) not in seen:
                        seen.add((front, pump, behind))
                        yield front, pump, behind
    whole = _sample(tree)
    if whole:
        yield "", whole, NO_MORE
        yield "", whole[: len(whole) // 2 + 1], NO_MORE
        yield "", whole[:-1] or whole, NO_MORE


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, list[Any]]]:
    """(what comes before, the parts) of every repeated part."""
    for op, arg in tree:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, body = arg
            if high == sre.MAXREPEAT or high > 8:
                yield before, [body]
            yield from _repeats(body, before)
            before += _sample(body) * max(low, 1)
            continue
        for inner in _inner(op, arg):
            yield from _repeats(inner, before)
        before += _sample([(op, arg)])


def _inner(op: Any, arg: Any) -> list[Any]:
    if op is sre.SUBPATTERN:
        return [arg[3]]
    if op is sre.BRANCH:
        return list(arg[1])
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [arg[1]]
    if op is sre.ATOMIC_GROUP:
        return [arg]
    return []


def _sample(tree: Any) -> str:
    """A short text that the parts match, or nearly."""
    out = ""
    for op, arg in tree:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            out += _sample(arg[2]) * max(arg[0], 1)
        elif op is sre.LITERAL:
            out += chr(arg)
        elif op in (sre.IN, sre.NOT_LITERAL, sre.ANY):
            out += next((c for c in "1x一 年" + ALPHABET if _fits((op, arg), c)), _of_range(arg))
        elif op is sre.BRANCH:
            out += _sample(arg[1][0])
        elif op not in (sre.ASSERT, sre.ASSERT_NOT):
            out += "".join(_sample(inner) for inner in _inner(op, arg))
    return out


def _of_range(arg: Any) -> str:
    for op, value in arg if isinstance(arg, list) else []:
        if op is sre.RANGE:
            return chr(value[0])
        if op is sre.LITERAL:
            return chr(value)
    return ""


def _singles(tree: Any, letters: str) -> list[str]:
    """The letters that a part of one character matches."""
    if len(tree) != 1 or tree[0][0] not in (sre.IN, sre.NOT_LITERAL, sre.ANY):
        return []
    return [c for c in letters if _fits(tree[0], c)]


def _fits(part: Any, char: str) -> bool:
    op, arg = part
    if op is sre.LITERAL:
        return ord(char) == arg
    if op is sre.NOT_LITERAL:
        return ord(char) != arg
    if op is sre.ANY:
        return char != "\n"
    negated, fits = False, False
    for kind, value in arg:
        if kind is sre.NEGATE:
            negated = True
        elif kind is sre.LITERAL:
            fits |= ord(char) == value
        elif kind is sre.RANGE:
            fits |= value[0] <= ord(char) <= value[1]
        elif kind is sre.CATEGORY:
            fits |= bool(CATEGORIES[value].match(char))
    return fits != negated


CATEGORIES = {
    sre.CATEGORY_DIGIT: re.compile(r"\d"),
    sre.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    sre.CATEGORY_SPACE: re.compile(r"\s"),
    sre.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    sre.CATEGORY_WORD: re.compile(r"\w"),
    sre.CATEGORY_NOT_WORD: re.compile(r"\W"),
}


def _literals(tree: Any) -> Iterator[str]:
    for op, arg in tree:
        if op is sre.LITERAL:
            yield chr(arg)
        elif op is sre.IN:
            yield from (chr(v) for k, v in arg if k is sre.LITERAL)
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield from _literals(arg[2])
        else:
            for inner in _inner(op, arg):
                yield from _literals(inner)


# ── times


def fault(expression: Expression) -> str | None:
    """How an expression's cost grows beyond its input; None where it does not."""
    made = re.compile(expression.text, expression.flags)
    wide = sorted(expression.methods - STARTED)[-1:]  # all of them look everywhere
    for before, pump, behind in worst(expression.text):
        for method in sorted(expression.methods & STARTED) + wide:

            def cost(number: int, method: str = method, case: tuple[str, str, str] = (before, pump, behind)) -> float:
                return _seconds(made, method, case[0] + case[1] * number + case[2])

            said = f"{method} of {before!r} + {pump!r} * n + {behind!r}"
            for size in (*SMALL, *SIZES):
                if (seconds := cost(size)) > FAR_TOO_LONG * max(size, SIZES[0]) / SIZES[0]:
                    return f"{said}: {seconds:.4f} s for n = {size}"
            if cost(SIZES[-1]) > NOTICED:
                times = [min(cost(size) for _ in range(3)) for size in SIZES]
                if times[-1] > NOTICED and times[-1] > GROWTH * times[0]:
                    told = ", ".join(f"{t:.4f}" for t in times)
                    return f"{said}: {told} s for n of {SIZES}"
    return None


def _seconds(made: re.Pattern[Any], method: str, text: str) -> float:
    given: Any = text.encode("latin-1", "replace") if isinstance(made.pattern, bytes) else text
    begun = time.thread_time()
    if method in ("sub", "subn"):
        getattr(made, method)(given[:0], given)
    elif method == "finditer":
        for _ in made.finditer(given):
            pass
    else:
        getattr(made, method)(given)
    return time.thread_time() - begun
