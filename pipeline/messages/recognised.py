"""English sentences that stand in records, databases and exceptions, said in another language.

A sentence is recognised by a template with places for its arguments, `line {0} ends before this column`. What stands in
a place may be a sentence too (`the lines below 项目支出 add up to 3, not 4`), and sentences are put together by
punctuation: `FILE: the file is empty; get it again (page 3)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

PLACE = re.compile(r"\{(\w*)\}")
BRACKET, CLOSED = " (", ")"
JOINTS = ("; ", ", ", ": ", BRACKET, " and ")
"""What sentences are put together by, tried in this order; the catalogue has them as keys, and the bracket's end."""
DEEPEST = 6  # sentences inside sentences
LONGEST = 4000  # characters: what is longer is no sentence of ours
REMEMBERED = 4096  # sentences
PREPOSITION = 3  # letters: a template with fewer is one (`{0} of {1}`), which any sentence may hold


@dataclass(frozen=True, slots=True)
class _Template:
    """A sentence with places: how it is recognised, and how it is said."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    said: str
    weight: int  # letters outside its places: of several that fit the one that says most is meant
    longest: str  # the longest piece between places, which a sentence must have


@dataclass(frozen=True, slots=True)
class _Said:
    """A translation: how many letters of the sentence were known, and how many arguments it has."""

    text: str
    weight: int
    places: int = 0


class Recognised:
    """The sentences that code can say, by their translations."""

    def __init__(self, entries: Mapping[str, str], words: Mapping[str, str] | None = None) -> None:
        """`entries`: translations by English sentences, both with places like {0} or {n}; `words`: of single words of
        ours that stand in their places."""
        self._words = words or {}
        entries = dict(_whole(key, said) for key, said in entries.items())
        self._whole = {key: said for key, said in entries.items() if not PLACE.search(key)}
        templates = [_template(key, said) for key, said in entries.items() if PLACE.search(key)]
        self._templates = sorted(templates, key=lambda t: -t.weight)
        self.told = lru_cache(maxsize=REMEMBERED)(self._told)

    def _told(self, sentence: str) -> str:
        """The sentence in the other language; as it is where nothing of it is known."""
        if len(sentence) > LONGEST:
            return sentence
        said = self._said(sentence, DEEPEST)
        return said.text if said is not None else sentence

    def _said(self, sentence: str, depth: int) -> _Said | None:
        """The translation, None where nothing of the sentence is known. Of several ways to understand it that counts
        by which most of it is known, of these the one with most arguments."""
        if sentence in self._whole:
            return _Said(self._whole[sentence], len(sentence))
        if not depth or not sentence:
            return None
        best: _Said | None = None
        for template in self._templates:
            if template.longest in sentence and (match := template.pattern.fullmatch(sentence)):
                said = self._filled(template, match.groups(), depth)
                if said is not None and (best is None or (said.weight, said.places) > (best.weight, best.places)):
                    best = said
        return best or self._joined(sentence, depth)

    def _filled(self, template: _Template, given: Sequence[str], depth: int) -> _Said | None:
        """A template with its arguments; None where it is a preposition between words of a sentence that is not
        known."""
        known = [self._said(text, depth - 1) for text in given]
        if template.weight < PREPOSITION and any(
            " " in text and (k is None or k.weight < PREPOSITION) for k, text in zip(known, given, strict=True)
        ):
            return None
        arguments = [k or _Said(self._words.get(text, text), 0) for k, text in zip(known, given, strict=True)]
        text = template.said.format(**{name: a.text for name, a in zip(template.names, arguments, strict=True)})
        return _Said(text, template.weight + sum(a.weight for a in arguments), len(given))

    def _joined(self, sentence: str, depth: int) -> _Said | None:
        """Two parts of a sentence that is put together, of which one is known. Where both are cut at several places
        the last one counts: what stands before may be the name of a file, which has what it likes in it."""
        best: _Said | None = None
        for joint in JOINTS:
            own: _Said | None = None
            for cut in re.finditer(re.escape(joint), sentence):
                left, right = sentence[: cut.start()], sentence[cut.end() :]
                if joint == BRACKET and not right.endswith(")"):
                    continue
                ending = self._whole.get(CLOSED, CLOSED) if joint == BRACKET else ""
                first = self._said(left, depth - 1)
                second = self._said(right.removesuffix(")") if ending else right, depth - 1)
                if first is not None or second is not None:
                    first, second = (
                        first or _Said(left, 0),
                        second or _Said(right.removesuffix(")") if ending else right, 0),
                    )
                    weight = first.weight + second.weight
                    if own is None or weight >= own.weight:
                        own = _Said(f"{first.text}{self._whole.get(joint, joint)}{second.text}{ending}", weight)
            if own is not None and (best is None or own.weight > best.weight):
                best = own
        return best


def _whole(key: str, said: str) -> tuple[str, str]:
    """A sentence and its translation; a part of one, which begins with a comma or ends before more is said, with a
    place for what stands there."""
    if key in JOINTS or key == CLOSED:
        return key, said
    if key.startswith((";", ",", " ")):
        key, said = f"{{before}}{key}", f"{{before}}{said}"
    if key.endswith(" "):
        key, said = f"{key}{{after}}", f"{said}{{after}}"
    return key, said


def _template(key: str, said: str) -> _Template:
    pieces = PLACE.split(key)
    literals, names = pieces[::2], pieces[1::2]
    pattern = "(.*?)".join(re.escape(piece) for piece in literals)
    # numbered places need names to be filled by name
    return _Template(
        re.compile(pattern, re.DOTALL),
        tuple(f"_{name}" for name in names),
        PLACE.sub(r"{_\1}", said),
        sum(len(piece.strip()) for piece in literals),
        max(literals, key=len),
    )
