"""The catalogue: every text that a person is told, in Chinese and in English.

GNU gettext, because it needs nothing but the standard library where it runs (`--help` stays fast) and Babel, which a
translator's tools know too, where it is kept. The files are `LANGUAGE/LC_MESSAGES/DOMAIN.po` beside this module and,
compiled, `.mo`; three domains, so that people who work on one do not meet the others: `program` (commands, reports),
`review` (the review page), `readings` (what stands in records and databases in English).

How a text gets into it:

- A sentence of Python or of a template is its own key: `tell("{n} files were read", n=3)` in a command (the language of
  this process), `texts(language).tell(…)` where the language is a reader's (a request, a report), `{{ t("Files") }}`
  in a template. Arguments are named, never put in before. Where a language is asked for by a browser:
  `texts(asked_for(request.headers.get("accept-language")))`.
- A word of ours that is no sentence (the name of a field, of a column, of a rule, of a button) has a key in a group:
  `label("field", "main_functions")`. The groups `page` and `diff` are the buttons and labels of two pages: their
  scripts get them by `texts(language).group("page")` as JSON, {key: text}, and use them as `t("accept")`.
- What stands in a record, in the database or in an exception is English, as the record's contract fixes it; whoever
  shows it to people says `told(sentence)`: the sentence is recognised by what the code can say, and said anew with its
  arguments. Nothing has to be marked where such a sentence is made.

Then `make messages`: it finds the new keys, writes them into the `.po` files and compiles these; put the translation
into the `.po` file and call it once more. `tests/test_messages.py` fails for a key that has none, for one that nothing
uses, and for placeholders that differ.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from typing import Any

from pipeline.messages.recognised import Recognised

DOMAINS = ("program", "review", "readings")
VARIABLES = ("JIXIAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")  # the first that says anything decides
GROUP_END = "\x04"  # parts the group from the key in a compiled catalogue


class Language(StrEnum):
    """A language that the catalogue has."""

    ZH = "zh"
    EN = "en"


def language_named(name: str) -> Language | None:
    """The language that a name like `zh_CN.UTF-8` or `en-GB` means; None for one that the catalogue does not have."""
    return next((each for each in Language if name.lower().replace("-", "_").split("_")[0].split(".")[0] == each), None)


def language_wanted(environment: Mapping[str, str]) -> Language | None:
    """The language that an environment asks for; None where it says nothing (C, POSIX) or asks for another."""
    return language_named(next((value for name in VARIABLES if (value := environment.get(name))), ""))


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that an environment asks for, else English."""
    return language_wanted(environment) or Language.EN


def asked_for(accept_language: str | None) -> Language:
    """The language that a browser likes best, by its header Accept-Language; English where it names neither."""
    wishes: list[tuple[float, int, Language]] = []
    for at, part in enumerate((accept_language or "").split(",")):
        name, _, weight = part.strip().partition(";q=")
        language = language_named(name)
        if language is not None:
            try:
                wishes.append((-float(weight or 1), at, language))
            except ValueError:
                continue
    return min(wishes)[2] if wishes else Language.EN


class Texts:
    """The texts of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._entries: dict[str, str] = {}
        for domain in DOMAINS:
            place = files(__name__).joinpath(language.value, "LC_MESSAGES", f"{domain}.mo")
            if place.is_file():
                with place.open("rb") as stream:
                    catalogue = GNUTranslations(stream)
                # the class keeps no list of its keys that is public
                self._entries |= {k: v for k, v in catalogue._catalog.items() if isinstance(k, str)}  # type: ignore[attr-defined]
        self._recognised: Recognised | None = None

    def tell(self, message: str, /, **arguments: object) -> str:
        """A sentence with its arguments; in English where it has no translation."""
        text = self._entries.get(message, message)
        return text.format(**arguments) if arguments else text

    def label(self, group: str, key: str) -> str:
        """A word of ours by its key; the key itself where the group has none such."""
        return self._entries.get(f"{group}{GROUP_END}{key}", key)

    def group(self, group: str) -> dict[str, str]:
        """All words of a group by their keys."""
        start = group + GROUP_END
        return {key.removeprefix(start): text for key, text in self._entries.items() if key.startswith(start)}

    def told(self, sentence: str) -> str:
        """A sentence that stands somewhere in English (a finding, a failure, an exception), in this language; what the
        code never says stays as it is."""
        if self.language is Language.EN:
            return sentence
        if self._recognised is None:
            words = {**self.group("column"), **self.group("fund_column"), **self.group("reader"), **self.group("word")}
            sentences = {key: said for key, said in self._entries.items() if key and GROUP_END not in key}
            self._recognised = Recognised(sentences, words)
        return self._recognised.told(sentence)


@cache
def texts(language: Language) -> Texts:
    """The texts of a language."""
    return Texts(language)


_spoken = language_of(os.environ)


def speak(language: Language) -> None:
    """From now on `tell`, `label` and `told` are in this language."""
    global _spoken
    _spoken = language


def spoken() -> Language:
    """The language of this process."""
    return _spoken


def tell(message: str, /, **arguments: Any) -> str:
    """A sentence in the language of this process."""
    return texts(_spoken).tell(message, **arguments)


def label(group: str, key: str) -> str:
    """A word of ours in the language of this process."""
    return texts(_spoken).label(group, key)


def told(sentence: str) -> str:
    """A sentence that stands somewhere in English, in the language of this process."""
    return texts(_spoken).told(sentence)
