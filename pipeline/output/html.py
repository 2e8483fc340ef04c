"""Pages of the templates that lie beside this module. They hold every text in each language of the catalogue and show
one of them: that which was asked for, else the browser's; a button changes it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.messages import Language, Texts, language_wanted, spoken, texts
from pipeline.output.names import place_of


def rendered(template: str, data: Mapping[str, Any], **filters: Callable[..., str]) -> str:
    """A page of a template; every text of a filing in it is escaped, and what the template names has to be there.

    In it `t("{n} files", n=3)` is a sentence of the catalogue, `named("reader", "ocr")` a word of ours, and
    `said(message)` a sentence that stands somewhere in English; each in all languages.
    """
    environment = Environment(loader=PackageLoader("pipeline.output"), autoescape=True, undefined=StrictUndefined)
    environment.filters.update(filters)
    environment.globals |= {"t": _sentence, "named": _word, "said": _sentence_of_others, "plain_t": _plain}
    environment.globals |= {"where": _place, "part_name": _name}
    asked = spoken() if language_wanted(os.environ) or spoken() is not Language.EN else ""
    return environment.get_template(template).render(**data, language=spoken(), asked=asked)


def _in_each(said: Callable[[Texts], str]) -> Markup:
    """A text in every language, each marked as what it is."""
    parts = ((language, said(texts(language))) for language in Language)
    return Markup("").join(Markup('<span lang="{}">{}</span>').format(language.value, text) for language, text in parts)


def _sentence(message: str, /, **arguments: object) -> Markup:
    return _in_each(lambda texts: escape(texts.tell(message)).format(**arguments) if arguments else texts.tell(message))


def _word(group: str, key: str) -> Markup:
    return _in_each(lambda texts: texts.label(group, key))


def _sentence_of_others(sentence: str) -> Markup:
    return _in_each(lambda texts: texts.told(sentence))


def _place(pointer: str) -> Markup:
    """Where a JSON pointer leads, for people."""
    return _in_each(lambda texts: place_of(pointer, texts))


def _name(key: str) -> Markup:
    """What people call a family, a reader, a kind of value, or a part of a record; other names as they are."""
    return _in_each(
        lambda texts: next((n for group in ("family", "reader", "part") if (n := texts.label(group, key)) != key), key)
    )


def _plain(message: str, /, **arguments: object) -> str:
    """A sentence where no mark can stand, in the language of the process."""
    return texts(spoken()).tell(message, **arguments)
