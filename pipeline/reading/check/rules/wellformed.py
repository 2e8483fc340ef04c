"""Single values by their form: ticked options, year, dates, codes, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.reading.check.form import CheckedForm
from pipeline.reading.check.rule import CheckRule, Comparison, nothing_to_compare
from schemas.language.keys import plain
from schemas.language.values import Option, is_like_date, parse_options

ONE_OF = ("project_attribute", "project_level", "project_category")  # groups of which one option is ticked
EARLIEST, LATEST = 1990, 2100  # years in which a filing can be
ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
CODE = re.compile(r"\d++[0-9A-Z]*+")
LIKE_A_CODE = re.compile(r"[0-9A-Za-z]+")
"""What may be a code that is printed wrong; anything else may be a code and something beside it."""
PROJECT_CODE = re.compile(r"\d{8}[A-Z]")
"""How the codes of the national budget system begin: division (6 digits), year (2), kind of project (1 letter)."""
PROJECT_CODE_LENGTH = 21  # … and behind them a number of 12 digits
SLIPS = 3  # digits by which a code that is one of the national system may be too long or too short
UNIT_CODES = ("reporting_unit_code", "implementing_unit_code")
PHONE = re.compile(
    r"1\d{10}|(?:\(?0\d{2,3}\)?-?)?[2-9]\d{6,7}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4}|\d{3,6}"
)  # mobile, landline with its area, service number, extension of the house


def one_option(form: CheckedForm) -> Iterator[Comparison]:
    """Exactly one option of the groups that ask for one is ticked."""
    for name, ticked in form.record.choices.items():
        if name in ONE_OF:
            yield Comparison(
                f"/choices/{name}",
                len(ticked) == 1,
                f"{len(ticked)} options are ticked, not one",
                got="、".join(ticked) or None,
                unproved=_uncertain_ticks(form, name),
            )


def _uncertain_ticks(form: CheckedForm, name: str) -> str | None:
    """Why the ticks of a group prove nothing, None where the text itself shows a mark at each of its options and
    nothing else. A tick that is drawn, or a word of another group, shows there as a text that bears no mark."""
    raw = [origin.raw or "" for origin in form.origins.get(f"/choices/{name}", ())]
    options = [option for text in raw for option in parse_options(text, form.words)]
    if len(options) < 2:
        return "which options the form prints is not known"
    if not all(option.marked for option in options):
        return "not every option bears a mark that is a character"
    if strange := [option.text for option in options if not _is_of(form, name, option)]:
        return f"{strange[0]} may be an option of another group"
    return None


def _is_of(form: CheckedForm, name: str, option: Option) -> bool:
    return form.words.option(option.text) == name


def known_option(form: CheckedForm) -> Iterator[Comparison]:
    """What is ticked in a known group is an option that forms print there."""
    for name, ticked in form.record.choices.items():
        for option in ticked if name in ONE_OF else ():
            group = form.words.option(option)
            wording = f"{option} is an option of {group}"
            yield Comparison(f"/choices/{name}", group in (None, name), wording, got=option, blames=False)


def year(form: CheckedForm) -> Iterator[Comparison]:
    """The fiscal year is a year, and within the project's own dates."""
    printed = form.record.year
    if printed is None:
        return
    start, end = (_year_of(form.record.fields.get(name)) for name in ("start_date", "end_date"))
    text, where = str(printed), "/year"
    if not EARLIEST <= printed <= LATEST:
        yield Comparison(where, False, f"{text} is no year of a filing", got=text)
    elif (start is not None and printed < start) or (end is not None and printed > end):
        span = f"{start or '?'} to {end or '?'}"
        wording = f"{text} is not within the project's dates, {span}"
        dates_of_project = ("/fields/start_date", "/fields/end_date")
        yield Comparison(where, False, wording, got=text, expected=span, beside=dates_of_project, blames=False)
    else:
        yield Comparison(where, True, "a year of a filing, within the project's dates", got=text)


def _year_of(text: str | None) -> int | None:
    iso = ISO.fullmatch(text or "")
    return int(iso["year"]) if iso else None


def dates(form: CheckedForm) -> Iterator[Comparison]:
    """Start and end are dates, and the end is not before the start."""
    named = {f"/fields/{name}": form.record.fields.get(name) for name in ("start_date", "end_date")}
    printed = {where: text for where, text in named.items() if text is not None and any(c.isdigit() for c in text)}
    each = [_date(where, text) for where, text in printed.items()]
    texts = list(printed.values())
    if all(c.holds for c in each) and len(texts) == 2 and texts[1] < texts[0][: len(texts[1])]:
        wording = f"it ends ({texts[1]}) before it starts ({texts[0]})"
        yield Comparison("/fields/end_date", False, wording, dict.fromkeys(printed), texts[1])
    yield from each


def _date(where: str, text: str) -> Comparison:
    unproved = None if is_like_date(text) else "more than a date may have been read there"
    return Comparison(where, _is_date(text), f"{text} is no date", got=text, unproved=unproved)


def _is_date(text: str) -> bool:
    iso = ISO.fullmatch(text)
    if iso is None:
        return False
    try:
        date(int(iso["year"]), int(iso["month"] or 1), int(iso["day"] or 1))
    except ValueError:
        return False
    return EARLIEST <= int(iso["year"]) <= LATEST


def codes(form: CheckedForm) -> Iterator[Comparison]:
    """Codes are digits and capitals, a project's code is as long as the national budget system makes it, a unit's
    code begins with that of its department."""
    printed = {n: text for n, text in form.record.fields.items() if n.endswith("_code") and text is not None}
    for name, text in printed.items():
        wording = _wrong_code(name, text)
        unproved = None if LIKE_A_CODE.fullmatch(text) else "more than a code may have been read there"
        if abs(len(text) - PROJECT_CODE_LENGTH) > SLIPS and CODE.fullmatch(text):
            unproved = "not every place numbers its projects as the national budget system does"
        yield Comparison(f"/fields/{name}", not wording, wording, got=text, unproved=unproved)
    above = printed.get("supervising_department_code")
    for name in UNIT_CODES:
        own = printed.get(name)
        if own and above and not own.startswith(above):
            wording = f"the unit's code {own} does not begin with its department's, {above}"
            beside = ("/fields/supervising_department_code",)
            yield Comparison(f"/fields/{name}", False, wording, got=own, beside=beside, blames=False)


def _wrong_code(name: str, text: str) -> str:
    """What is wrong with a code; empty where nothing is."""
    if not CODE.fullmatch(text):
        return f"{text} is no code: digits and capitals"
    if name == "project_code" and PROJECT_CODE.match(text) and len(text) != PROJECT_CODE_LENGTH:
        return f"the code has {len(text)} characters, codes of its kind have {PROJECT_CODE_LENGTH}"
    return ""


def phone(form: CheckedForm) -> Iterator[Comparison]:
    """Telephone numbers are numbers that can be dialled."""
    where = "/fields/contact_phone"
    text = form.record.fields.get("contact_phone")
    if text is None or not any(c.isdigit() for c in text) or "*" in text:
        at = where if "contact_phone" in form.record.fields else "/fields"
        yield nothing_to_compare(at, "no number is printed")
        return
    parts = [p for p in re.split(r"[、,;/]", plain(text).replace("—", "-").replace("–", "-")) if p]
    dialled = all(PHONE.fullmatch(p) for p in parts)
    wording = "a telephone number" if dialled else f"{text} is no telephone number"
    yield Comparison(where, dialled, wording, got=text, blames=False)


RULES = (
    CheckRule(
        "choices.one", "the options of a project", "exactly one option is ticked", one_option, "/choices",
        "groups with one option ticked",
    ),
    CheckRule(
        "choices.known", "the options of a project", "the ticked option is one of the group's", known_option,
        "/choices", "ticked options",
    ),
    CheckRule(
        "form.year", "year and the project's dates", "a year of a filing, within the dates", year, "/year",
        nothing="the form prints no year", each=True,
    ),
    CheckRule("form.dates", "start and end", "dates, in their order", dates, "/fields", "dates"),
    CheckRule(
        "form.codes", "codes of units and projects", "digits and capitals, of the length of their kind", codes,
        "/fields", "codes",
    ),
    CheckRule("form.phone", "telephone number", "a number that can be dialled", phone, "/fields", each=True),
)  # fmt: skip
