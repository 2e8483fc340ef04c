"""The texts of the page: a module for its script, made of the catalogue."""

from __future__ import annotations

import json

from pipeline.messages import Language, texts
from pipeline.output.names import roles_of

PAGE = "page"  # the group of the catalogue that holds buttons and labels: `t("accept")` in the script
OF_VALUES = (
    *("state.open", "state.begun", "state.done", "state.whole", "state.clear"),
    *("said.accepted", "said.corrected", "said.unreadable", "said.wrong_at_source"),
    *("sort.risk", "sort.left", "sort.file", "sort.year", "sort.looked"),
    *("facet.q", "facet.file", "facet.state", "facet.family", "facet.kind", "facet.year", "facet.reader"),
    *("facet.rule", "facet.reviewer", "ask.form", "ask.row"),
)  # keys of that group which the script puts together
NAMES = ("column", "family", "fund_column", "kind", "look", "part", "reader", "rule", "side", "verdict")
"""Groups of names of what is shown: fields and columns, checks, what is said of values: `NAMES[lang].rule[…]`."""


def texts_module() -> str:
    """`TEXTS` (by language and key) and `NAMES` (by language, group and key) as a module of JavaScript."""
    labels = {language.value: texts(language).group(PAGE) for language in Language}
    names = {language.value: {group: texts(language).group(group) for group in NAMES} for language in Language}
    for language in Language:
        names[language.value]["column"] |= roles_of(texts(language))
    return "".join(
        f"export const {name} = {json.dumps(value, ensure_ascii=False, sort_keys=True)};\n"
        for name, value in (("TEXTS", labels), ("NAMES", names))
    )
