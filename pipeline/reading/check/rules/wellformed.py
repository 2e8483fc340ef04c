"""Single values by their form: ticked options, year, dates, codes, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.reading.check.evidence import judge
from pipeline.reading.check.form import Form, Rule, all_or_each, holds, not_applicable
from schemas.language.keys import plain
from schemas.reading import Check
from schemas.record import Verdict

ONE_OF = ("project_attribute", "project_level", "project_category")  # groups of which one option is ticked
EARLIEST, LATEST = 1990, 2100  # years in which a filing can be
ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
CODE = re.compile(r"\d+[0-9A-Z]*")
PROJECT_CODE = re.compile(r"\d{8}[A-Z]")
"""How the codes of the national budget system begin: division (6 digits), year (2), kind of project (1 letter)."""
PROJECT_CODE_LENGTH = 21  # … and behind them a number of 12 digits
UNIT_CODES = ("reporting_unit_code", "implementing_unit_code")
PHONE = re.compile(
    r"1\d{10}|(?:\(?0\d{2,3}\)?-?)?[2-9]\d{6,7}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4}|\d{3,6}"
)  # mobile, landline with its area, service number, extension of the house


def one_option(form: Form, rule: Rule) -> Iterator[Check]:
    """Exactly one option of the groups that ask for one is ticked."""
    groups = {name: ticked for name, ticked in form.record.choices.items() if name in ONE_OF}
    failing = []
    for name, ticked in groups.items():
        if len(ticked) != 1:
            where = f"/choices/{name}"
            message = f"{len(ticked)} options are ticked, not one"
            failing.append(judge(form, rule, where, message, values={where: None}, printed="、".join(ticked) or None))
    yield from all_or_each(rule, "/choices", len(groups), failing, "groups with one option ticked")


def known_option(form: Form, rule: Rule) -> Iterator[Check]:
    """What is ticked in a known group is an option that forms print there."""
    looked_at, failing = 0, []
    for name, ticked in form.record.choices.items():
        for option in ticked if name in ONE_OF else ():
            group = form.words.option(option)
            looked_at += 1
            if group is not None and group != name:
                where = f"/choices/{name}"
                message = f"{option} is an option of {group}"
                failing.append(
                    judge(form, rule, where, message, values={where: None}, printed=option,
                          otherwise=Verdict.UNDECIDABLE)
                )  # fmt: skip
    yield from all_or_each(rule, "/choices", looked_at, failing, "ticked options")


def year(form: Form, rule: Rule) -> Iterator[Check]:
    """The fiscal year is a year, and within the project's own dates."""
    printed = form.record.year
    if printed is None:
        yield not_applicable(rule, "/year", "the form prints no year")
        return
    start, end = (_year_of(form.record.fields.get(name)) for name in ("start_date", "end_date"))
    text, where = str(printed), "/year"
    if not EARLIEST <= printed <= LATEST:
        yield judge(form, rule, where, f"{text} is no year of a filing", values={where: None}, printed=text)
    elif (start is not None and printed < start) or (end is not None and printed > end):
        span = f"{start or '?'} to {end or '?'}"
        yield judge(
            form, rule, where, f"{text} is not within the project's dates, {span}", values={where: None},
            printed=text, computed=span, otherwise=Verdict.UNDECIDABLE,
            beside=("/fields/start_date", "/fields/end_date"),
        )  # fmt: skip
    else:
        yield holds(rule, where, "a year of a filing, within the project's dates", text)


def _year_of(text: str | None) -> int | None:
    found = ISO.fullmatch(text or "")
    return int(found["year"]) if found else None


def dates(form: Form, rule: Rule) -> Iterator[Check]:
    """Start and end are dates, and the end is not before the start."""
    found = {name: form.record.fields.get(name) for name in ("start_date", "end_date")}
    printed = {f"/fields/{n}": t for n, t in found.items() if t is not None and any(c.isdigit() for c in t)}
    failing = [
        judge(form, rule, where, f"{text} is no date", values={where: None}, printed=text)
        for where, text in printed.items()
        if not _is_date(text)
    ]
    texts = list(printed.values())
    if not failing and len(texts) == 2 and texts[1] < texts[0][: len(texts[1])]:
        message = f"it ends ({texts[1]}) before it starts ({texts[0]})"
        failing.append(judge(form, rule, "/fields/end_date", message, values=dict.fromkeys(printed), printed=texts[1]))
    yield from all_or_each(rule, "/fields", len(printed), failing, "dates")


def _is_date(text: str) -> bool:
    found = ISO.fullmatch(text)
    if found is None:
        return False
    try:
        date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    except ValueError:
        return False
    return EARLIEST <= int(found["year"]) <= LATEST


def codes(form: Form, rule: Rule) -> Iterator[Check]:
    """Codes are digits and capitals, a project's code is as long as the national budget system makes it, a unit's
    code begins with that of its department."""
    fields = form.record.fields
    found = {name: text for name, text in fields.items() if name.endswith("_code") and text is not None}
    failing = []
    for name, text in found.items():
        where = f"/fields/{name}"
        if not CODE.fullmatch(text):
            message = f"{text} is no code: digits and capitals"
        elif name == "project_code" and PROJECT_CODE.match(text) and len(text) != PROJECT_CODE_LENGTH:
            message = f"the code has {len(text)} characters, codes of its kind have {PROJECT_CODE_LENGTH}"
        else:
            continue
        failing.append(judge(form, rule, where, message, values={where: None}, printed=text))
    above = found.get("supervising_department_code")
    for name in UNIT_CODES:
        own = found.get(name)
        if own and above and not own.startswith(above):
            message = f"the unit's code {own} does not begin with its department's, {above}"
            failing.append(
                judge(
                    form, rule, f"/fields/{name}", message, values={f"/fields/{name}": None}, printed=own,
                    otherwise=Verdict.UNDECIDABLE, beside=("/fields/supervising_department_code",),
                )
            )  # fmt: skip
    yield from all_or_each(rule, "/fields", len(found), failing, "codes")


def phone(form: Form, rule: Rule) -> Iterator[Check]:
    """Telephone numbers are numbers that can be dialled."""
    where = "/fields/contact_phone"
    text = form.record.fields.get("contact_phone")
    if text is None or not any(c.isdigit() for c in text) or "*" in text:
        yield not_applicable(
            rule, where if "contact_phone" in form.record.fields else "/fields", "no number is printed"
        )
        return
    parts = [p for p in re.split(r"[、,;/]", plain(text).replace("—", "-").replace("–", "-")) if p]
    if all(PHONE.fullmatch(p) for p in parts):
        yield holds(rule, where, "a telephone number", text)
    else:
        yield judge(
            form, rule, where, f"{text} is no telephone number", values={where: None}, printed=text,
            otherwise=Verdict.UNDECIDABLE,
        )  # fmt: skip


RULES = (
    Rule("choices.one", "项目属性, 项目级次, 项目类别", "exactly one option is ticked", one_option),
    Rule("choices.known", "项目属性, 项目级次, 项目类别", "the ticked option is one of the group's", known_option),
    Rule("form.year", "year and the project's dates", "a year of a filing, within the dates", year),
    Rule("form.dates", "start and end", "dates, in their order", dates),
    Rule("form.codes", "codes of units and projects", "digits and capitals, of the length of their kind", codes),
    Rule("form.phone", "telephone number", "a number that can be dialled", phone),
)
