"""The objects of a PDF file, told apart by one pattern: numbers, names, texts, lists, dictionaries, streams.

pdfminer looks at every byte of them by itself; the widths and maps of a file's fonts alone took a sixth of its time.
What is written in any unusual way is left to pdfminer, so that both give the same.
"""

from __future__ import annotations

import re
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, int_value
from pdfminer.psparser import KWD, LIT, PSLiteral

TOKEN = re.compile(
    rb"(?P<numbers>[-+.0-9][-+.0-9 \t\n\r\f]*)"
    rb"|(?P<names>(?:/[!\x22$&'*-.0-;=?-Z\\^-z|~]++[ \t\n\r\f]++)++)"
    rb"|/(?P<name>[!\x22$&'*-.0-;=?-Z\\^-z|~]+)(?=[/%\[\]()<>{}])"
    rb"|(?P<word>[A-Za-z]+)"
    rb"|(?P<open>\[|<<)"
    rb"|(?P<close>\]|>>)"
    rb"|\((?P<text>[^()\\\r]*)\)"
    rb"|<(?P<hex>[0-9A-Fa-f]*)>"
    rb"|[ \t\n\r\f]+"
)
HEAD = re.compile(rb"[ \t\n\r\f]*(\d+)[ \t\n\r\f]+\d+[ \t\n\r\f]+obj(?=[ \t\n\r\f/\[(<])")
DATA = re.compile(rb"\r?\n")  # behind the word `stream`
DATA_END = re.compile(rb"(?:\r\n|\r|\n)?endstream")
WINDOWS = (1 << 12, 1 << 16, 1 << 20)  # bytes that are read for an object; larger ones are left to pdfminer
LONGEST_TOKEN = 1 << 11  # bytes: what is longer and no token is none
ENDS = (b"endobj", b"stream")  # words behind an object
BEGINNING = re.compile(rb">>\s*+stream(?:\r\n|\n|\r)")  # of a stream, behind its entries
ENDING = re.compile(rb"endstream|endobj")
TAIL = 32  # bytes that may stand in front of the word `endstream`, with it
WORDS: dict[bytes, Any] = {b"true": True, b"false": False, b"null": None}
PACKED_WORDS = WORDS | {b"null": KWD(b"null")}  # in streams of objects, where pdfminer drops no entry for it


class Unusual(Exception):
    """An object, or the map of a font, is written in a way that is left to pdfminer."""


class CutOff(Unusual):
    """An object goes on behind what was read of the file."""


def read_fast(doc: PDFDocument) -> None:
    """Lets a document read its objects by this module where it can."""
    by_pdfminer, all_by_pdfminer = doc._getobj_parse, doc._get_objects

    def parse(pos: int, objid: int) -> object:
        try:
            return read_object(doc, pos, objid)
        except Unusual:
            return _whole(doc, pos, by_pdfminer(pos, objid))

    def parse_all(stream: PDFStream) -> tuple[list[object], int]:
        try:
            count = stream.attrs.get("N")
            if not isinstance(count, int):
                raise Unusual
            return objects_of(stream.get_data(), doc), count
        except Unusual:
            return all_by_pdfminer(stream)

    doc._getobj_parse = parse  # type: ignore[method-assign]
    doc._get_objects = parse_all  # type: ignore[method-assign]


def read_object(doc: PDFDocument, pos: int, objid: int) -> object:
    """The object of that number at a place of the file. Raises Unusual."""
    parser = doc._parser
    if parser is None or parser.fallback:
        raise Unusual
    for size in WINDOWS:
        parser.fp.seek(pos)
        data = parser.fp.read(size)
        head = HEAD.match(data)
        if head is None or int(head.group(1)) != objid:
            raise Unusual
        try:
            value, word, at = _value(data, head.end(), doc)
        except CutOff:
            if len(data) < size:
                break
            continue
        if word == b"endobj":
            return value
        return _stream(parser, doc, value, pos + at, data[at : at + 2])
    raise Unusual


def objects_of(data: bytes, doc: PDFDocument) -> list[object]:
    """The objects of a stream of objects, one after the other. Raises Unusual."""
    objects, word, _ = _read(data + b" ", 0, doc, PACKED_WORDS)
    if word:
        raise Unusual
    return objects


def _value(data: bytes, at: int, doc: PDFDocument) -> tuple[Any, bytes, int]:
    """The one object from there on, the word behind it (endobj, stream), and where that word ends."""
    objects, word, at = _read(data, at, doc, WORDS)
    if at == len(data):
        raise CutOff  # its last word may go on, or stand for another one
    if len(objects) != 1 or word not in ENDS:
        raise Unusual
    return objects[0], word, at


def _read(data: bytes, at: int, doc: PDFDocument, words: dict[bytes, Any]) -> tuple[list[Any], bytes, int]:
    """The objects from a place on up to a word that is none of them, that word, and where it ends: no word, where the
    data end."""
    stack: list[Any] = []
    outer: list[tuple[list[Any], bytes]] = []  # the lists around the one that is open, each with what opened it
    match, end = TOKEN.match, len(data)
    while at < end:
        token = match(data, at)
        if token is None:
            # what is no token yet may be one that the end of the data cuts
            raise CutOff if end - at < LONGEST_TOKEN else Unusual
        at = token.end()
        kind = token.lastgroup
        if kind == "names":
            stack += [LIT(word[1:].decode("ascii")) for word in token.group().split()]
        elif kind == "name":
            stack.append(LIT(token.group("name").decode("ascii")))
        elif kind == "numbers":
            stack += _numbers(token.group())
        elif kind == "open":
            outer.append((stack, token.group()))
            stack = []
        elif kind == "close":
            if not outer:
                raise Unusual
            around, opened = outer.pop()
            if (opened == b"[") != (token.group() == b"]"):
                raise Unusual
            around.append(stack if opened == b"[" else _dictionary(stack))
            stack = around
        elif kind == "word":
            word = token.group()
            if not outer and word not in WORDS:
                return stack, word, at
            _word(word, stack, doc, words)
        elif kind == "text":
            stack.append(token.group("text"))
        elif kind == "hex":
            digits = token.group("hex")
            if len(digits) % 2:
                raise Unusual
            stack.append(bytes.fromhex(digits.decode("ascii")))
    if outer:
        raise CutOff
    return stack, b"", at


def _numbers(run: bytes) -> list[float]:
    try:
        return [float(word) if b"." in word else int(word) for word in run.split()]
    except ValueError as error:
        raise Unusual from error


def _word(word: bytes, stack: list[Any], doc: PDFDocument, words: dict[bytes, Any]) -> None:
    if word == b"R":
        number = stack[-2] if len(stack) > 1 else None
        if type(number) is not int or type(stack[-1]) is not int:
            raise Unusual
        stack[-2:] = [PDFObjRef(doc, number)]
    elif word in words:
        stack.append(words[word])
    else:
        raise Unusual


def _dictionary(parts: list[Any]) -> dict[str, Any]:
    keys, values = parts[::2], parts[1::2]
    if len(keys) != len(values) or not all(isinstance(key, PSLiteral) for key in keys):
        raise Unusual
    return {str(key.name): value for key, value in zip(keys, values, strict=True) if value is not None}


def _stream(parser: PDFParser, doc: PDFDocument, attributes: Any, pos: int, behind: bytes) -> PDFStream:
    """The stream whose data begin at `pos`, behind the word that announces it."""
    start = DATA.match(behind)
    if not isinstance(attributes, dict) or start is None:
        raise Unusual
    length = int_value(attributes.get("Length"))
    if length <= 0:
        raise Unusual
    parser.fp.seek(pos + start.end())
    data = parser.fp.read(length + TAIL)
    if DATA_END.match(data, length) is None:
        raise Unusual
    return PDFStream(attributes, data[:length], doc.decipher)


def _whole(doc: PDFDocument, pos: int, value: object) -> object:
    """What pdfminer read at a place of the file; a stream that does not end where its length says, or that says none,
    up to the word that ends it, as other readers have it."""
    parser = doc._parser
    if parser is None or parser.fallback or not isinstance(value, PDFStream):
        return value
    file = parser.fp
    file.seek(pos)
    begins = BEGINNING.search(file.read(WINDOWS[1]))
    if begins is None:
        return value
    start = pos + begins.end()
    file.seek(start + len(value.rawdata or b""))
    if file.read(TAIL).lstrip().startswith(b"endstream"):
        return value
    file.seek(start)
    data = b""
    while (ends := ENDING.search(data, max(len(data) - WINDOWS[1] - TAIL, 0))) is None:
        more = file.read(WINDOWS[1])
        if not more:
            return value
        data += more
    if ends.group() == b"endobj":
        return value
    return PDFStream(value.attrs, re.sub(rb"(?:\r\n|\r|\n)\Z", b"", data[: ends.start()]), doc.decipher)
