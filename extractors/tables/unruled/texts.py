"""The texts of a page's lines, each with its place: what columns and rows are told from."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extractors.tables.alignment import PIECE_GAP, TextLine, text_lines
from extractors.tables.sureness import is_figure
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Box, Rule, Word, union

VALUE = re.compile(r".[：:]")  # the last letter of a label before its value
LETTER = 1  # characters of a text that may be a letter of a name
WRAP = 0.6  # of the line height: the lines of one name stand no further apart
NEAR = 2  # lines below one, among which stands what a name of it goes on with
WIDE = 0.6  # of the width of lines: a rule as long as this runs across them


@dataclass(frozen=True, slots=True)
class Text:
    """Words of one line between which no column's gap stands."""

    words: tuple[Word, ...]
    box: Box

    @classmethod
    def of(cls, words: Sequence[Word]) -> Text:
        return cls(tuple(words), union([w.box for w in words]))

    @property
    def text(self) -> str:
        return "".join(w.text for w in self.words).strip()

    @property
    def is_figure(self) -> bool:
        return is_figure(self.words)


@dataclass(frozen=True, slots=True)
class Block:
    """Texts one below the other that are one cell's."""

    texts: tuple[Text, ...]

    @property
    def box(self) -> Box:
        return union([t.box for t in self.texts])

    @property
    def middle(self) -> float:
        return self.box.middle[1]

    @property
    def text(self) -> str:
        return "".join(t.text for t in self.texts)


def texts_of(line: TextLine) -> list[Text]:
    return [Text.of(words) for words in line.texts]


def lines_of(words: Iterable[Word], known: Words) -> list[TextLine]:
    """Words as lines, names that are set letter by letter whole, names side by side apart."""
    lines = text_lines(words)
    out = []
    for n, line in enumerate(lines):
        below = _below(line, lines[n + 1 : n + 1 + NEAR])
        texts = _whole(_apart(line, below, known), below, known)
        out.append(replace(line, texts=tuple(texts)))
    return out


def _apart(line: TextLine, below: Sequence[Text], known: Words) -> Iterator[tuple[Word, ...]]:
    """The texts of a line; one of several names of columns, with white between them, is parted. A name may go on with
    what stands `below` it."""
    for text in line.texts:
        white = [b.box.left - a.box.right for a, b in itertools.pairwise(text)]
        several = len(text) > 1 and min(white) > PIECE_GAP * line.size and not _is_column(_string(text), known)
        if several and all(_is_column(word.text, known) or _wraps((word,), below, known) for word in text):
            yield from ((word,) for word in text)
        else:
            yield text


def _wraps(run: Sequence[Word], below: Iterable[Text], known: Words) -> bool:
    """Whether words are the name of a column with the text that stands below them."""
    rest = [t.text for t in below if run[0].box.left < t.box.middle[0] < run[-1].box.right]
    return bool(rest) and _is_column(_string(run) + rest[0], known)


def _below(line: TextLine, lines: Iterable[TextLine]) -> list[Text]:
    """The texts of the next `lines` that stand right below one."""
    near = WRAP * line.size
    return [t for each in lines for t in texts_of(each) if -near < t.box.top - line.box.bottom <= near]


def _whole(texts: Iterable[tuple[Word, ...]], below: Sequence[Text], known: Words) -> list[tuple[Word, ...]]:
    """The texts of a line; those of a letter each that make a known name together are one, with what stands below them
    if the name wraps."""
    out = list(texts)
    at = 0
    while at < len(out):
        most = next((k for k in range(at, len(out)) if _size(out[k]) > LETTER), len(out))
        most += most < len(out) and most > at and bool(VALUE.match(_string(out[most])))  # 称：and a value
        for end in range(most, at + 1, -1):
            run = [word for text in out[at:end] for word in text]
            name = re.split("[：:]", _string(run))[0]
            if known.known_label(name) or _is_column(name, known) or _wraps(run, below, known):
                out[at:end] = [tuple(run)]
                break
        at += 1
    return out


def _is_column(name: str, known: Words) -> bool:
    return bool(known.header(name) or known.fund_column(name))


def _size(text: Sequence[Word]) -> int:
    return len(_string(text))


def _string(text: Sequence[Word]) -> str:
    return "".join(word.text for word in text).strip()


def rules_across(lines: Sequence[TextLine], rules: Iterable[Rule]) -> list[float]:
    """Where rules run across lines, over most of their width."""
    area = box_of(lines)
    long = (
        r for r in rules if not r.vertical and min(r.end, area.right) - max(r.start, area.left) >= WIDE * area.width
    )
    return sorted(r.at for r in long)


def strings(line: TextLine) -> list[str]:
    return [text.text for text in texts_of(line)]


def box_of(lines: Iterable[TextLine]) -> Box:
    return union([line.box for line in lines])


def is_parted(upper: Box, lower: Box, rules: Iterable[Rule]) -> bool:
    """Whether a rule runs between two texts, below the one and above the other."""
    left, right = max(upper.left, lower.left), min(upper.right, lower.right)
    return any(
        upper.middle[1] < rule.at < lower.middle[1] and rule.start < right and rule.end > left
        for rule in rules
        if not rule.vertical
    )
