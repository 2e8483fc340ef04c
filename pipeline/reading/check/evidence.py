"""The verdict on a check that does not hold: was it misread, is the form itself wrong, or can nobody tell?

Characters of a text layer and of a dump are certain, so that a sum which cannot hold is the form's own error. Ink
is not: where another reading of one value, or another digit that looks alike in a doubtful one, makes the check
hold, the value was misread and that reading is offered; where several values could be the one, nobody can tell.
None is ever applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pipeline.reading.check.form import NUMBER, Form, Number, Rule, number_in
from schemas.language.keys import plain
from schemas.model import Reader
from schemas.reading import Check
from schemas.record import Verdict

Values = Mapping[str, Number | None]
"""The numbers that a check compares, by their pointers; None for a blank."""

SURE = 0.97  # score from which no character of a number is doubted; the worst sample scan reads wrong ones below it
MOST_OFFERS = 8
ALIKE = {
    "0": "68",
    "1": "74",
    "2": "7",
    "3": "85",
    "4": "19",
    "5": "63",
    "6": "508",
    "7": "12",
    "8": "3069",
    "9": "48",
}
"""Digits that bad copies make look alike."""

NOT_READ = frozenset({"unreadable", "lost", "redacted", "inferred"})
"""Doubts that no other reading settles: what stands there, or whether it belongs there, is not known."""


def judge(
    form: Form,
    rule: Rule,
    where: str,
    message: str,
    *,
    values: Values,
    ok: Callable[[Values], bool] | None = None,
    printed: str | None = None,
    computed: str | None = None,
    otherwise: Verdict = Verdict.WRONG_AT_SOURCE,
    beside: Sequence[str] = (),
) -> Check:
    """The outcome of a check that does not hold.

    `values` are what it compares, `ok` tells whether it would hold with others, `otherwise` is the verdict where no
    reading is in doubt, `beside` are further pointers whose doubts count.
    """
    pointers = [*values, *beside]
    unread = {f.rule: None for p in pointers for f in form.doubts(p) if f.rule in NOT_READ}
    offered = tuple(_offers(form, values, ok)) if ok else ()
    places = {pointer for pointer, _ in offered}
    if offered:
        tried = "; ".join(f"{text!r} at {pointer}" for pointer, text in offered)
        verdict = Verdict.MISREAD if len(places) == 1 else Verdict.UNDECIDABLE  # among many, one may fit by chance
        why = f"it would hold with {tried}, which the ink allows"
    elif unread:
        verdict, why = Verdict.UNDECIDABLE, f"part of it is {' and '.join(unread)}"
    elif doubtful := [p for p in pointers if is_doubtful(form, p)]:
        verdict, why = Verdict.UNDECIDABLE, f"the reading of {', '.join(doubtful[:3])} is doubtful"
    elif loose := _loose_number(form) if len(values) > 2 else None:
        verdict, why = Verdict.UNDECIDABLE, f"{loose!r} is printed in no field and may be a part of it"
    else:
        verdict, why = otherwise, ""
    return Check(rule.name, str(verdict), where, printed, computed, f"{message}; {why}" if why else message, offered)


def is_doubtful(form: Form, where: str) -> bool:
    """Whether a recognised value may have been read wrong: a doubt points at it, or its score is not sure."""
    if _is_doubted(form, where):
        return True
    return form.reader is Reader.OCR and any(
        o.covered or o.readings or (o.score is not None and o.score < SURE) for o in form.origins.get(where, ())
    )


def _is_doubted(form: Form, where: str) -> bool:
    return any(f.rule in ("low-score", "covered") for f in form.doubts(where))


def _offers(form: Form, values: Values, ok: Callable[[Values], bool]) -> Iterator[tuple[str, str]]:
    """(pointer, text) of other readings of one value with which the check holds."""
    found: dict[tuple[str, str], None] = {}
    for pointer in values:
        for text in _other_texts(form, pointer):
            number = number_in(text)
            if number is not None and ok({**values, pointer: number}):
                found.setdefault((pointer, text))
    yield from list(found)[:MOST_OFFERS]


def _other_texts(form: Form, where: str) -> Iterator[str]:
    """Other readings of a value's ink, and, where it is doubtful, its number with one digit, mark or point changed."""
    for origin in form.origins.get(where, ()):
        yield from (text for text, _ in origin.readings)
        if origin.raw and form.reader is Reader.OCR and _is_doubted(form, where):
            yield from _digits_changed(plain(origin.raw))


def _digits_changed(text: str) -> Iterator[str]:
    found = NUMBER.search(text)
    if found is None:
        return
    for i in range(found.start(), found.end()):
        for other in ALIKE.get(text[i], ""):
            yield text[:i] + other + text[i + 1 :]
        if text[i] == ".":
            yield text[:i] + text[i + 1 :]
        elif "." not in found.group() and i > found.start():
            yield text[:i] + "." + text[i:]


def _loose_number(form: Form) -> str | None:
    """A number that is printed somewhere in the form and that no field owns."""
    for finding in form.record.findings:
        if finding.rule == "unowned" and number_in(finding.printed) is not None:
            return finding.printed
    return None
