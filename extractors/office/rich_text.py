"""Read a rich text (RTF): its paragraphs and tables in order, merged cells by their edges and marks.

The libraries that read it give its text without its tables. What a row holds is told at its end: the right edges of its
cells, in twips, and which of them go on from the cell above or before. What the text hides is no text of the filing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from extractors.marked.build import MarkedTable
from extractors.office.rich_rows import RichRow, RowShape, marked_table
from extractors.refusals import OfficeTooLarge

LARGEST = 64 << 20  # bytes; pictures stand in it as digits
DEEPEST = 500  # groups inside groups
TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<symbol>[^A-Za-z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
SKIPPED = frozenset(
    b"""fonttbl colortbl stylesheet info pict object objdata header headerl headerr headerf footer footerl footerr
    footerf footnote annotation fldinst nonesttables themedata datastore listtable listoverridetable rsidtbl generator
    xe tc filetbl revtbl pgdsctbl""".split()
)
"""Destinations whose text the page does not show in its place. So are all that are starred but those below."""
STARRED_BUT_READ = frozenset((b"nesttableprops", b"shppict", b"shpinst"))
CHARACTERS = {
    b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"emspace": "　", b"enspace": " ", b"qmspace": " ",
}  # fmt: skip
SYMBOLS = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t"}
CODE_PAGES = {0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 204: "cp1251"}
"""Encodings by the character sets of fonts."""
CHINESE = "gb18030"
SYMBOLS_SET = 2  # the set of fonts of symbols, whose letters are boxes and ticks


@dataclass(slots=True)
class _State:
    """What a group inherits and leaves behind: whether it is skipped, hidden or deleted, its font, and how many
    characters stand behind a Unicode one for programs that know none."""

    skipped: bool = False
    hidden: bool = False
    deleted: bool = False
    font: int | None = None
    behind: int = 1
    in_fonts: bool = False


@dataclass(slots=True)
class _Level:
    """A depth of tables: the paragraphs that stand open in it, the cells of its row, its rows."""

    flow: list[str | MarkedTable] = field(default_factory=list)
    cells: list[tuple[str | MarkedTable, ...]] = field(default_factory=list)
    rows: list[RichRow] = field(default_factory=list)


def read_rich_text(path: Path) -> tuple[list[str | MarkedTable], list[str]]:
    """(paragraphs and tables in reading order, texts that it hides). Raises ValueError for a text that breaks off."""
    if path.stat().st_size > LARGEST:
        raise OfficeTooLarge(detail=f"{path.stat().st_size >> 20} MB")
    reader = _Reader()
    reader.read(path.read_bytes())
    return reader.levels[0].flow, [f"text that the page does not show: {text}" for text in reader.hidden]


class _Reader:
    """Reads the tokens one after the other."""

    def __init__(self) -> None:
        self.levels = [_Level()]
        self.hidden: list[str] = []
        self._groups: list[_State] = []
        self._state = _State()
        self._fonts: dict[int, str] = {}
        self._symbols: set[int] = set()
        self._font_read: int | None = None
        self._page = CHINESE
        self._bytes = bytearray()
        self._text: list[str] = []
        self._unseen: list[str] = []
        self._skip = 0  # characters behind a Unicode one that still stand for it
        self._starred = False
        self._level = 0
        self._shape = RowShape()

    def read(self, data: bytes) -> None:
        at = 0
        while (token := TOKEN.match(data, at)) is not None:
            at = token.end()
            if token["word"] is not None:
                number = int(token["number"]) if token["number"] else None
                if token["word"] == b"bin":
                    at += max(number or 0, 0)
                    continue
                self._word(token["word"], number)
            elif token["brace"] is not None:
                self._brace(token["brace"])
            elif token["byte"] is not None:
                self._byte(int(token["byte"], 16))
            elif token["text"] is not None:
                self._plain(token["text"])
            elif token["symbol"] is not None:
                self._symbol(token["symbol"])
        if self._groups:
            raise ValueError("it breaks off inside a group")
        self._end_paragraph(0)

    # ── tokens

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._skip, self._starred = 0, False
        if brace == b"{":
            if len(self._groups) >= DEEPEST:
                raise ValueError("groups inside groups, deeper than any that programs write")
            self._groups.append(self._state)
            was = self._state
            self._state = _State(was.skipped, was.hidden, was.deleted, was.font, was.behind, was.in_fonts)
        elif self._groups:
            self._state = self._groups.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        self._flush()
        starred, self._starred = self._starred, False
        state = self._state
        if word == b"fonttbl":
            state.in_fonts = state.skipped = True
        elif word in SKIPPED or (starred and word not in STARRED_BUT_READ):
            state.skipped = True
        elif state.in_fonts:
            self._font(word, number)
        elif not state.skipped:
            self._shown_word(word, number)

    def _shown_word(self, word: bytes, number: int | None) -> None:
        state = self._state
        if word == b"u" and number is not None:
            self._add(chr(number % 0x10000))
            self._skip = state.behind
        elif word in CHARACTERS:
            self._add(CHARACTERS[word])
        elif word == b"uc":
            state.behind = max(number or 0, 0)
        elif word == b"f":
            state.font = number
        elif word == b"ansicpg":
            self._page = CHINESE if number == 936 else f"cp{number}"
        elif word in (b"v", b"strike", b"striked"):
            state.hidden = number != 0
        elif word == b"deleted":
            state.deleted = number != 0
        elif word == b"plain":
            state.hidden = state.deleted = False
        else:
            self._structure(word, number)

    def _structure(self, word: bytes, number: int | None) -> None:
        """A word that says where a paragraph, a cell or a row ends, or what the row looks like."""
        if word in (b"par", b"sect", b"page"):
            self._end_paragraph(self._level)
        elif word == b"pard":
            self._level = 0
        elif word == b"intbl":
            self._level = max(self._level, 1)
        elif word == b"itap":
            self._level = max(number or 0, 0)
        elif word == b"cell":
            self._end_cell(1)
        elif word == b"nestcell":
            self._end_cell(max(self._level, 2))
        elif word == b"row":
            self._end_row(1)
        elif word == b"nestrow":
            self._end_row(max(self._level, 2))
        else:
            self._shape.take(word, number)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif symbol in (b"\r", b"\n"):
            self._word(b"par", None)
        elif symbol in SYMBOLS:
            self._flush()
            if self._skip:
                self._skip -= 1
            else:
                self._add(SYMBOLS[symbol])

    def _byte(self, byte: int) -> None:
        if self._skip:
            self._skip -= 1
        elif not self._state.skipped:
            self._bytes.append(byte)

    def _plain(self, text: bytes) -> None:
        skipped, self._skip = min(self._skip, len(text)), max(self._skip - len(text), 0)
        if not self._state.skipped:
            self._bytes += text[skipped:]

    # ── characters

    def _font(self, word: bytes, number: int | None) -> None:
        """A word of the table of fonts: a font, or its set of characters."""
        if word == b"f":
            self._font_read = number
        elif word == b"fcharset" and self._font_read is not None:
            if number == SYMBOLS_SET:
                self._symbols.add(self._font_read)
            elif number in CODE_PAGES:
                self._fonts[self._font_read] = CODE_PAGES[number]

    def _flush(self) -> None:
        """Add the bytes that were read as characters."""
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._add(self._decoded(data))

    def _decoded(self, data: bytes) -> str:
        """Bytes as characters: in the font's set, in the document's page; Chinese where neither fits."""
        if self._state.font in self._symbols:
            return "".join(chr(byte + 0xF000) if byte > 32 else " " for byte in data)
        if data.isascii():
            return data.decode("ascii")
        own = self._fonts.get(self._state.font) if self._state.font is not None else None
        for name in (own if own != CODE_PAGES[0] else None, self._page, CHINESE, own):
            if name is None:
                continue
            try:
                return data.decode(name)
            except (UnicodeError, LookupError):
                continue
        return data.decode("cp1252", "replace")

    def _add(self, text: str) -> None:
        if self._state.skipped or self._state.deleted:
            return
        (self._unseen if self._state.hidden else self._text).append(text)

    # ── paragraphs, cells, rows

    def _at(self, level: int) -> _Level:
        while len(self.levels) <= level:
            self.levels.append(_Level())
        return self.levels[level]

    def _end_paragraph(self, level: int) -> None:
        text = _whole("".join(self._text))
        self._text.clear()
        if unseen := _whole("".join(self._unseen)).strip():
            self.hidden.append(unseen)
        self._unseen.clear()
        self._close_tables(level)
        self._at(level).flow.append(text)

    def _close_tables(self, level: int) -> None:
        """Tables that are deeper than a level end where its text goes on."""
        for deep in range(len(self.levels) - 1, level, -1):
            inner = self.levels[deep]
            if inner.rows:
                self.levels[deep - 1].flow.append(marked_table(inner.rows))
                inner.rows = []

    def _end_cell(self, level: int) -> None:
        self._end_paragraph(level)
        here = self._at(level)
        here.cells.append(tuple(here.flow))
        here.flow = []

    def _end_row(self, level: int) -> None:
        here = self._at(level)
        self._close_tables(level)
        if here.cells:
            here.rows.append(RichRow(self._shape.cells(len(here.cells)), tuple(here.cells)))
        here.cells, here.flow = [], []


def _whole(text: str) -> str:
    """The text with pairs of surrogates as the characters that they are."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if _has_surrogates(text) else text


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)
