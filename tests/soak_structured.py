"""Good files whose structure is changed, and not their bytes alone: elements, parts, objects, rows, cells.

What is changed and how is drawn by hypothesis, so that a seed gives the same files again. Used by the soak.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from lxml import etree, html

Good = tuple[str, bytes]  # a suffix and the bytes of a file

WRITTEN = (2024, 1, 1, 0, 0, 0)  # when every part was
BLOCK = 50  # files that are drawn at a time
MOST = 4 << 20  # bytes that a change may make of a file: what is larger is another trial
ODD = (
    *("", "0", "-1", "1", "2", "99", "16384", "1048577", "99999999", "2147483648", "1e400", "NaN", "x", "一", "true"),
    *("A1", "XFD1048576", "A1:XFD1048576", "ZZZ9", "../../x", "\u202e", "&amp;", "%", "□√", "≥", "十" * 500, "９９"),
    *("2024-13-45", "#REF!", "=1+1", "0%", "[", "none", "restart", "continue", "rId99"),
)

Step = tuple[int, int, int, str]  # which change, two places, an odd value

STEPS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 1 << 16), st.integers(0, 1 << 16), st.sampled_from(ODD)),
    min_size=1,
    max_size=6,
)


def structured(good: Sequence[Good], seed: int, number: int) -> Good:
    """The changed file of this number, the same one for the same seed whatever was asked for before it."""
    drawn = _drawn(len(good), seed * 100_003 + number // BLOCK)
    place, steps = drawn[number % len(drawn)]
    suffix, data = good[place]
    return suffix, changed(data, steps)


@lru_cache(maxsize=4)
def _drawn(count: int, seed: int) -> list[tuple[int, list[Step]]]:
    """Places of good files, of which there are so many, with the changes to make of each."""
    drawn: list[tuple[int, list[Step]]] = []

    @seeded(seed)
    @settings(
        max_examples=BLOCK,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, count - 1), STEPS)
    def take(place: int, steps: list[Step]) -> None:
        drawn.append((place, steps))

    take()
    return drawn


def changed(data: bytes, steps: Sequence[Step]) -> bytes:
    """A file after some changes of its structure, as its content tells what it is."""
    for step in steps:
        if data.startswith(b"PK\x03\x04"):
            after = _package(data, step)
        elif data.startswith(b"%PDF"):
            after = _objects(data, step)
        elif data.lstrip()[:1] == b"<":
            after = _tree(data, step)
        elif data.startswith(b"{\\rtf"):
            after = _parted(data, step, rb"(\\[a-z]+-?\d*|[{}])")
        else:
            after = _parted(data, step, rb"(\r?\n|[\t,|;]|\b\d+\b)")
        if len(after) <= MOST:
            data = after
    return data


def _package(data: bytes, step: Step) -> bytes:
    """A part of an archive dropped, doubled, renamed, emptied, given another's content, or changed itself."""
    what, first, second, odd = step
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError):
        return data
    if not parts:
        return data
    at, other = first % len(parts), second % len(parts)
    name, content = parts[at]
    if what == 0:
        del parts[at]
    elif what == 1:
        parts.insert(other, parts[at])
    elif what == 2:
        parts[at] = (name.upper() if second % 2 else name.replace("/", "\\"), content)
    elif what == 3:
        parts[at] = (name, parts[other][1])
    elif what == 4:
        parts[at] = (name, content[: second % (len(content) + 1)])
    else:  # most often the part that is largest, which holds the tables
        at = max(range(len(parts)), key=lambda i: len(parts[i][1])) if what < 9 else at
        parts[at] = (parts[at][0], _tree(parts[at][1], (first % 10, second, first // 10, odd)))
    out = io.BytesIO()
    packing = zipfile.ZIP_DEFLATED if first % 3 else zipfile.ZIP_STORED
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")  # of two parts by one name
        for each, held in parts:
            if each not in archive.namelist() or second % 5 == 0:
                archive.writestr(zipfile.ZipInfo(each, WRITTEN), held, packing)
    return out.getvalue()


def _tree(data: bytes, step: Step) -> bytes:
    """An element dropped, doubled, moved, emptied, nested, renamed, or given odd values."""
    what, first, second, odd = step
    try:
        is_page = b"<html" in data[:500].lower()
        root: Any = html.fromstring(data) if is_page else etree.fromstring(data)
    except (etree.LxmlError, ValueError):
        return data
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    one, other = elements[first % len(elements)], elements[second % len(elements)]
    parent = one.getparent()
    if what == 0 and parent is not None:
        parent.remove(one)
    elif what == 1 and parent is not None:
        for _ in range(1 + second % 40):
            parent.insert(parent.index(one), etree.fromstring(etree.tostring(one)))
    elif what == 2 and parent is not None and one not in other.iterancestors() and one is not other:
        other.append(one)
    elif what == 3:
        del one[:]
    elif what == 4:
        inner = etree.tostring(one, with_tail=False)
        for _ in range(1 + second % 60):
            inner = b"<x>" + inner + b"</x>" if second % 3 else inner
        one.append(etree.fromstring(inner))
    elif what == 5:
        one.tag = other.tag
    elif what in (6, 7) and one.attrib:
        one.set(list(one.attrib)[second % len(one.attrib)], odd)
    elif what == 8:
        for name, value in other.attrib.items():
            one.set(name, value)
    else:
        one.text = odd
    return bytes(html.tostring(root, encoding="utf-8") if is_page else etree.tostring(root))


OBJECT = re.compile(rb"\d+ 0 obj\b.*?endobj", re.DOTALL)
VALUE = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])|/[A-Za-z]+")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def _objects(data: bytes, step: Step) -> bytes:
    """An object of a PDF dropped, doubled or given another's number; a number or name of it changed; the operators of
    its stream changed and packed again."""
    what, first, second, odd = step
    found = list(OBJECT.finditer(data))
    if not found:
        return data
    one, other = found[first % len(found)], found[second % len(found)]
    body = one[0]
    if what == 0:
        body = b""
    elif what == 1:
        body = body + b"\n" + body
    elif what == 2:
        body = other[0].split(b" ", 1)[0] + b" " + body.split(b" ", 1)[1]
    elif what in (3, 4, 5):
        body = _spot(body.split(b"stream", 1)[0], VALUE, second, odd.encode() or b"null") + b"".join(
            body.partition(b"stream")[1:]
        )
    else:
        stream = STREAM.search(body)
        with_ = stream[1] if stream else b""
        try:
            plain = zlib.decompress(with_) if b"FlateDecode" in body else with_
        except zlib.error:
            return data
        plain = _parted(plain, (what, second, first, odd), rb"(\s+)")
        packed = zlib.compress(plain) if b"FlateDecode" in body else plain
        if stream:
            body = body[: stream.start(1)] + packed + body[stream.end(1) :]
    return data[: one.start()] + body + data[one.end() :]


def _spot(data: bytes, pattern: re.Pattern[bytes], number: int, instead: bytes) -> bytes:
    """One match of a pattern replaced."""
    places = list(pattern.finditer(data))
    if not places:
        return data
    place = places[number % len(places)]
    return data[: place.start()] + instead + data[place.end() :]


def _parted(data: bytes, step: Step, marks: bytes) -> bytes:
    """What stands between the marks of a text dropped, doubled, exchanged or replaced, or the marks themselves."""
    what, first, second, odd = step
    pieces = re.split(marks, data)
    at, other = first % len(pieces), second % len(pieces)
    if what == 0:
        del pieces[at]
    elif what == 1:
        pieces[at : at + 1] = pieces[at : at + 1] * (1 + second % 50)
    elif what == 2:
        pieces[at], pieces[other] = pieces[other], pieces[at]
    elif what == 3:
        low, high = sorted((at, other))
        pieces[low:high] = pieces[low:high][::-1]
    elif what == 4:
        low, high = sorted((at, other))
        pieces = pieces[:high] + pieces[low:high] + pieces[high:]
    elif what == 5:
        low, high = sorted((at, other))
        del pieces[low : min(high, low + 200)]
    else:
        pieces[at] = odd.encode()
    return b"".join(pieces)
