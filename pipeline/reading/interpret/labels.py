"""Labels by their words: which texts are labels, alone or in front of a value, and how one stands as a key."""

from __future__ import annotations

import re
from functools import lru_cache

from schemas.language.vocabulary import Words
from schemas.language.writing import IDEOGRAPHS, SENTENCE_ENDS

LONGEST_LABEL = 24  # characters of a label that the vocabulary does not know
INLINE = re.compile(r"\s*+(?P<label>[^\s:：][^:：\n]{0,23}?)\s*[:：]\s*(?P<value>.*)", re.DOTALL)
LABEL_BEHIND_SPACE = re.compile(r"(?<!\s)(\s++)(?=([^\s:：][^:：\n]{0,23}?)\s*[:：])")
BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
ENDS = SENTENCE_ENDS + "！!"
LONGEST_PARTED = 16  # characters of a label that a wide gap parts from what stands before it
WIDE_GAP = re.compile(r"(?<!\s)\s{2,}|(?<!\s)\u3000")
"""A gap wider than one between words."""
UNKNOWN = re.compile(rf"[{IDEOGRAPHS}（）()/]{{2,12}}\s*[:：]\s*[^。；]{{0,40}}")
"""A label of none of our words with its value, and no sentence."""
NUMBER_BEHIND = re.compile(rf"(?P<label>[{IDEOGRAPHS}（）()/]{{2,16}})(?P<value>\d[\d-]{{5,20}})")
"""A label of nothing but characters, and behind it a number of many digits."""
LABEL = re.compile(rf"[{IDEOGRAPHS}]{{2,8}}")
"""A label of none of our words, of nothing but characters."""
SHORT_PAIR = re.compile(
    rf"[{IDEOGRAPHS}]{{2,8}}(?:[（(][{IDEOGRAPHS}]{{1,6}}[)）])?[:：]\s*[^\s:：。；;，,][^:：。；;，,]{{0,40}}"
)
SHORT_PAIRS = re.compile(rf"(?<!\s)\s+(?=[{IDEOGRAPHS}]{{2,8}}(?:[（(][{IDEOGRAPHS}]{{1,6}}[)）])?[:：])")
"""White space before a label with a colon."""


@lru_cache(maxsize=16384)  # forms print the same labels over and over, and a cell is asked by several
def is_known(text: str, words: Words) -> bool:
    """Whether a text is a label that the vocabulary knows, or two of them that share a cell, or one of an opinion."""
    return words.known_label(text) or bool(joined_labels(text, words)) or words.is_opinion(text)


def joined_labels(label: str, words: Words) -> tuple[str, str] | None:
    """The two fields that a label such as 项目负责人/联系电话 names, else None."""
    parts = [p for p in re.split(words.all.joined_by, re.sub(r"[:：\s]", "", label)) if p]
    if len(parts) != 2:
        return None
    first, second = words.label(parts[0]), words.label(parts[1])
    if first and words.all.joined.get(first) == second and second:
        return first, second
    return None


def printed_label(label: str, words: Words) -> str:
    """A printed label as a key: without white space, seal mark and colon."""
    text = re.sub(r"\s", "", label).rstrip(":：")
    return re.sub(_seal(words), "", text)


def asks_for_seal(text: str, words: Words) -> bool:
    """Whether words in brackets that ask for a seal or a signature end a text, or stand before its date."""
    return bool(re.search(rf"{_seal(words)}[\s\d{IDEOGRAPHS}]{{0,12}}$", text))


def _seal(words: Words) -> str:
    return rf"[（(]\s*(?:{'|'.join(words.all.seals)})\s*[）)]"


def without_seal(value: str, words: Words) -> str:
    """A value without the words behind it that ask for a seal: 某县某局（盖章）. Behind a sentence they ask whom it is
    of, and stay."""
    bare = re.sub(rf"{_seal(words)}$", "", value).rstrip()
    return bare if bare and "\n" not in bare and bare[-1] not in ENDS else value


def joined_prefix(text: str, words: Words) -> re.Match[str] | None:
    """A label and its value parted by a space only, as dumps print them, or by nothing before a number of many
    digits, where a line that wraps had the space."""
    bare = text.strip()
    parted = re.fullmatch(r"(?P<label>\S{2,16})\s+(?P<value>\S.*)", bare, re.DOTALL) or NUMBER_BEHIND.fullmatch(bare)
    if parted is None or is_known(text, words):
        return None  # 年度 目标 is one label
    return parted if is_known(parted.group("label"), words) else None


def split_labels(text: str, words: Words) -> list[str]:
    """A text cut before each label with a colon that white space parts from what stands before it; where that is one
    space, or the label's own letters stand apart, it must be a known one, or all of the text be short labels with short
    values: 填报人：某 审核人：某."""
    if (pieces := SHORT_PAIRS.split(text.strip())) and len(pieces) > 1 and all(map(SHORT_PAIR.fullmatch, pieces)):
        return pieces
    cuts, end = [0], 0  # the end of the last label
    for label in LABEL_BEHIND_SPACE.finditer(text):
        gap, name = label.groups()
        if is_known(text[cuts[-1] : label.end()] + name, words):
            continue  # letters of a label that stand apart
        wide = (len(gap) > 1 or "\u3000" in gap) and len(name) <= LONGEST_PARTED and not re.search(r"\s", name)
        if label.start() >= end and (wide or is_known(name, words) or words.is_unit_label(name)):
            cuts.append(label.start())
            end = label.end() + len(name)
    return [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def labelled_parts(text: str, words: Words, *, band: bool = False) -> list[tuple[str, str]]:
    """(label, value) of each part of a text that prints several known labels, each before its value; [] where some
    part is none. Short labels with short values, wide gaps between them, need not all be known. A `band`, which stands
    alone in its row as a line stands above a table, may print labels that are not known and the unit of amounts, in
    brackets or without."""
    pieces = [piece.strip() for piece in split_labels(text, words)]
    if (
        len(pieces) > 1
        and all(map(SHORT_PAIR.fullmatch, pieces))
        and len(WIDE_GAP.findall(text.strip())) + 1 == len(pieces)
    ):
        pairs = [(m.group("label"), m.group("value")) for m in map(INLINE.fullmatch, pieces) if m]
        if any(is_known(label, words) for label, _ in pairs):
            return pairs
    parts = [(piece, INLINE.fullmatch(_bare(piece) if band else piece)) for piece in pieces]
    pairs = [
        (part.group("label"), part.group("value"))
        for piece, part in parts
        if part and (is_known(part.group("label"), words) or (band and _may_head(piece, part.group("label"), words)))
    ]
    return pairs if len(pairs) == len(parts) else []


def _may_head(piece: str, label: str, words: Words) -> bool:
    return words.is_unit_label(label) or bool(UNKNOWN.fullmatch(piece))


def _bare(piece: str) -> str:
    """A piece without the brackets around it."""
    return piece[1:-1] if BRACKETED.fullmatch(piece) else piece


def part_inside(text: str, words: Words) -> tuple[str, str] | None:
    """(label, amount) of a part of money in one text: `其中: 财政资金: 2.00 万元`; None where it is none."""
    part = re.fullmatch(rf"\s*({words.all.funds.part}\s*[:：]\s*+[^:：]++)[:：](.*)", text, re.DOTALL)
    return (part.group(1), part.group(2)) if part else None
