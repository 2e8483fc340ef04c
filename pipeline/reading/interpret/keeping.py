"""Values put into the record: fields by their labels, options that are ticked, the year and the unit of amounts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.labels import joined_labels, printed_label, without_seal
from pipeline.reading.interpret.redaction import blank_to_none, unless_redacted
from pipeline.reading.view import TableView
from schemas.language.keys import plain
from schemas.language.money import amount_unit
from schemas.language.values import (
    begins_like_code,
    parse_date,
    parse_options,
    split_code,
    split_contact,
    without_enumerator,
)
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import ENUMERATOR
from schemas.language.years import parse_year
from schemas.model import Cell
from schemas.pointers import pointer
from schemas.record import Finding
from schemas.verdicts import Verdict

PHONE = "contact_phone"
NUMBERED = re.compile(r"\D\d{1,2}$")  # a label that counts
REDACTION = re.compile(r"[■█]{2,}")  # a blacked-out text is no tick

NoteOrigin = Callable[[str, str | None], None]
"""Notes where the value at a pointer stands, and its raw text."""


def has_marks(text: str, words: Words) -> bool:
    """Whether a text bears boxes or ticks."""
    return not words.marks.isdisjoint(text) and not words.marks.isdisjoint(REDACTION.sub("", text))


class FieldKeeper:
    """Puts values into the fields and option groups of a draft, each under the name that its label has there."""

    def __init__(self, draft: Draft, words: Words) -> None:
        self.draft = draft
        self.words = words

    def keep_cells(self, label: str, values: Sequence[Cell], view: TableView) -> None:
        """A label with the cells of its value."""
        if self.words.choice(label) or any(has_marks(v.text, self.words) for v in values):
            self._choose(label, values, view)
            return
        self.draft.own(*values)
        text = "\n".join(v.text.strip() for v in values if v.text.strip())
        source = next((v for v in values if v.text.strip()), values[0] if values else None)

        def origin(where: str, raw: str | None) -> None:
            self.draft.origin(where, raw, view, source)

        self.keep(label, text, origin, recognised=source is not None and source.score is not None)

    def _choose(self, label: str, values: Sequence[Cell], view: TableView) -> None:
        self.draft.own(*values)

        def origin_of(cell: Cell) -> NoteOrigin:
            return lambda where, raw: self.draft.origin(where, raw, view, cell)

        self._set_options(label, [(v.text, origin_of(v), v.score is not None) for v in values])

    def _set_options(self, label: str, texts: Sequence[tuple[str, NoteOrigin, bool]]) -> None:
        """The ticked options of a group whose options stand in some texts; each with its origin, and whether it was
        recognised, not copied."""
        name = self.words.choice(label) or printed_label(label, self.words)
        marked = any(has_marks(text, self.words) for text, *_ in texts)
        options = [(o, i) for i, (text, *_) in enumerate(texts) for o in parse_options(text, self.words)]
        if len(options) > 1 and all(ENUMERATOR.match(o.text) for o, _ in options):
            options = [(replace(o, text=without_enumerator(o.text)), i) for o, i in options]
        ticked = [o.text for o, _ in options if o.ticked]
        where = pointer("choices", name)
        if not marked and len(options) == 1:
            ticked = [options[0][0].text]
            self.draft.doubt("inferred", where, "the only option is printed without a mark and was taken as chosen")
        self.draft.choices[name] = self.draft.choices.get(name, []) + ticked
        bare = [o.text for o, i in options if not o.marked and texts[i][2]]
        if marked and bare:
            self.draft.doubt("lost", where, f"no mark was seen beside {'、'.join(bare)}, though other options have one")
        for _, i in sorted(options, key=lambda pair: not pair[0].ticked)[:1]:
            text, origin, _ = texts[i]
            origin(where, text.strip())

    def keep(self, label: str, text: str, origin: NoteOrigin, *, recognised: bool = False) -> None:
        """Put a value into the field that its label fills; options into their group. `recognised`: not copied."""
        if text.strip() and (self.words.choice(label) or has_marks(text, self.words)):
            self._set_options(label, [(text, origin, recognised)])
            return
        value = without_seal(text.strip(), self.words)
        both = joined_labels(label, self.words)
        if both:
            name, phone = split_contact(value) if value else (None, None)
            for target, part in zip(both, (name, phone), strict=True):
                self._put(target, part or "", label, origin, recognised=recognised)
            return
        if self.words.is_year_label(label) and parse_year(value):
            self.keep_year(value, origin)
            return
        if self.words.is_unit_label(label) and not self.words.label(label):
            if unit := amount_unit(value, self.words):
                self.draft.amount_unit = unit
                origin("/amount_unit", value)
                return
            if value and squeeze(label) == self.words.all.unit_or_office:
                self._put("reporting_unit", value, label, origin, recognised=recognised)
                return
        name = self.words.label(label) or printed_label(label, self.words)
        self._put(name, value, label, origin, recognised=recognised)

    def keep_year(self, text: str, origin: NoteOrigin) -> None:
        year = parse_year(text)
        if year is not None and self.draft.year is None:
            self.draft.year = year
            origin("/year", text)
        elif year != self.draft.year:
            self.draft.findings.append(
                Finding(
                    rule="year.one",
                    verdict=Verdict.UNDECIDABLE,
                    where="/year",
                    printed=text,
                    message=f"the form prints another year too: {text}",
                )
            )

    def _put(self, name: str, text: str, label: str, origin: NoteOrigin, *, recognised: bool) -> None:
        where = pointer("fields", name)
        if self.draft.fields.get(name) is not None:
            if not text or plain(self.draft.fields[name] or "") == plain(text):
                return
            if NUMBERED.search(printed_label(label, self.words)):
                self.draft.fields[name] = f"{self.draft.fields[name]}\n{text}"
                self.draft.doubt("inferred", where, "its parts stand behind numbered labels, and were put together")
                origin(where, text)
                return
            printed = printed_label(label, self.words)
            more = (f"{name} {count}" for count in itertools.count(2))
            name = next(free for free in itertools.chain([printed], more) if free not in self.draft.fields)
            where = pointer("fields", name)
        value = unless_redacted(self.draft, self.words, where, text)
        if value is not None:
            code_field = self.words.all.coded.get(name)
            if code_field:
                code, value = split_code(value, asked=self.words.asks_for_code(label))
                if code is not None:
                    self.draft.fields[code_field] = code
                    origin(pointer("fields", code_field), text)
                elif recognised and begins_like_code(value):
                    self.draft.fields[code_field] = None
                    why = "what stands before the name is written as no code is, and may be one that was misread"
                    self.draft.doubt("unreadable", pointer("fields", code_field), why, value)
            if name in ("start_date", "end_date"):
                value = parse_date(value)
            if name == PHONE and not any(char.isdigit() or char in self.words.all.empty_marks for char in value):
                self.draft.doubt(
                    "inferred", where, "it has no digit: it may be a label of its own, its value blank", value
                )
        self.draft.fields[name] = value
        origin(where, blank_to_none(text))
