"""The verdict on a comparison that does not fit: was it misread, is the form itself wrong, or can nobody tell?

The form is blamed only with proof (`proof`). Characters of a text layer and of a dump are certain; ink is not: where
another reading of one value, or another digit that looks alike in a doubtful one, makes the check hold, the value
was misread and that reading is offered; where several values could be the one, nobody can tell. None is ever applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.reading.check.form import NUMBER, CheckedForm, number_in
from pipeline.reading.check.proof import lack_of_proof
from pipeline.reading.check.rule import Comparison, FormRule, Values
from schemas.language.keys import plain
from schemas.model import Reader
from schemas.reading import Check
from schemas.verdicts import NOT_KNOWN, CheckVerdict, Doubt, Verdict

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

NOT_SETTLED = NOT_KNOWN | {Doubt.INFERRED}
"""Doubts that no other reading settles: what stands there, or whether it belongs there, is not known."""
FEW = 3  # pointers that a reason names


def judge(form: CheckedForm, rule: FormRule, comparison: Comparison) -> Check:
    """The outcome of a comparison that does not fit."""
    offered = tuple(_offers(form, comparison))
    verdict, why = _verdict(form, comparison, offered)
    wording = f"{comparison.wording}; {why}" if why else comparison.wording
    said = CheckVerdict(verdict)
    return Check(rule.name, said, comparison.where, comparison.got, comparison.expected, wording, offered)


def _verdict(form: CheckedForm, comparison: Comparison, offered: tuple[tuple[str, str], ...]) -> tuple[Verdict, str]:
    """The verdict, and what it rests on."""
    pointers = comparison.pointers
    if offered:
        tried = "; ".join(f"{text!r} at {pointer}" for pointer, text in offered)
        alone = len({pointer for pointer, _ in offered}) == 1  # among many, one may fit by chance
        return Verdict.MISREAD if alone else Verdict.UNDECIDABLE, f"it would hold with {tried}, which the ink allows"
    if unread := {f.rule: None for p in pointers for f in form.doubts(p) if f.rule in NOT_SETTLED}:
        return Verdict.UNDECIDABLE, f"part of it is {' and '.join(unread)}"
    if doubtful := [p for p in pointers if is_doubtful(form, p)]:
        return Verdict.UNDECIDABLE, f"the reading of {', '.join(doubtful[:FEW])} is doubtful"
    if len(comparison.members) > 2 and (loose := _loose_number(form)):
        return Verdict.UNDECIDABLE, f"{loose!r} is printed in no field and may be a part of it"
    if comparison.blames and (lack := lack_of_proof(form, comparison)):
        return Verdict.UNDECIDABLE, lack
    return comparison.otherwise, ""


def is_doubtful(form: CheckedForm, where: str) -> bool:
    """Whether a recognised value may have been read wrong: a doubt points at it, or its score is not sure."""
    if _is_doubted(form, where):
        return True
    return form.reader is Reader.OCR and any(
        o.covered or o.readings or (o.score is not None and o.score < SURE) for o in form.origins.get(where, ())
    )


def _is_doubted(form: CheckedForm, where: str) -> bool:
    return any(f.rule in (Doubt.LOW_SCORE, Doubt.COVERED) for f in form.doubts(where))


def _offers(form: CheckedForm, comparison: Comparison) -> Iterator[tuple[str, str]]:
    """(pointer, text) of other readings of one value with which the comparison fits."""
    if not callable(comparison.fits):
        return
    offers = dict.fromkeys(_fitting(form, comparison.members, comparison.fits))
    yield from list(offers)[:MOST_OFFERS]


def _fitting(form: CheckedForm, members: Values, fits: Callable[[Values], bool]) -> Iterator[tuple[str, str]]:
    for pointer in members:
        for text in _other_texts(form, pointer):
            number = number_in(text)
            if number is not None and fits({**members, pointer: number}):
                yield pointer, text


def _other_texts(form: CheckedForm, where: str) -> Iterator[str]:
    """Other readings of a value's ink, and, where it is doubtful, its number with one digit, mark or point changed."""
    for origin in form.origins.get(where, ()):
        yield from (text for text, _ in origin.readings)
        if origin.raw and form.reader is Reader.OCR and _is_doubted(form, where):
            yield from _digits_changed(plain(origin.raw))


def _digits_changed(text: str) -> Iterator[str]:
    number = NUMBER.search(text)
    if number is None:
        return
    for i in range(number.start(), number.end()):
        for other in ALIKE.get(text[i], ""):
            yield text[:i] + other + text[i + 1 :]
        if text[i] == ".":
            yield text[:i] + text[i + 1 :]
        elif "." not in number.group() and i > number.start():
            yield text[:i] + "." + text[i:]


def _loose_number(form: CheckedForm) -> str | None:
    """A number that is printed somewhere in the form and that no field owns."""
    for finding in form.record.findings:
        if finding.rule == Doubt.UNOWNED and number_in(finding.printed) is not None:
            return finding.printed
    return None
