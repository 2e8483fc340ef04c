"""The language that the command line speaks: `--lang` on every command, help and wrong use translated.

Help texts stand in English where the commands are defined; they are said anew when the command line is called, for only
then the language is known.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.messages import Language, language_named, language_of, speak, spoken, tell, told

OPTION = "--lang"
LANGUAGE_HELP = "Language of messages and reports; default: that of the system."
WRONG_USE: Any = typer.BadParameter.__mro__[1]  # what it is called has changed with the versions of typer
# What the library behind the command line says in English, which passes through here.
FROM_TYPER = (
    "Arguments",
    "Options",
    "Commands",
    "Error",
    "Aborted.",
    "[default: {}]",
    "[required]",
    "Try [blue]'{command_path} {help_option}'[/] for help.",
    "Usage: ",
    "Show this message and exit.",
    "Missing command.",
    "No such command {0}.",
    "No such command {0}. Did you mean {1}?",
    "No such option: {0}",
    "No such option: {0} Did you mean {1}?",
    "No such option: {0} (Possible options: {1})",
    "Missing argument {0}.",
    "Missing option {0}.",
    "Missing option {0}. Choose from:\n\t{1}",
    "Invalid value for {0}: {1}",
    "{0} is not one of {1}.",
    "{0} is not a valid int.",
    "{0} is not a valid integer.",
    "{0} is not a valid float.",
    "{0} is not in the range {1}.",
    "{0} does not match the format {1}.",
    "{0} does not match the formats {1}.",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be greater than or equal to {0}",
    "Input should be less than or equal to {0}",
    "Value error, {0}",
    "Option {0} requires an argument.",
    "Option {0} does not take a value.",
    "Got unexpected extra argument ({0})",
    "Got unexpected extra arguments ({0})",
    "Got unexpected extra argument(s) ({0})",
)
USAGE, HELP = "Usage: ", "Show this message and exit."
USAGE_PARTS = (USAGE, "[OPTIONS]", "COMMAND [ARGS]...")
TYPES = ("<bool>", "<int>", "<int range>", "<float range>", "<str>", "<path>", "<list[str]>", "<list[Path]>")
CONSTANTS = {
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commands",
    "ERRORS_PANEL_TITLE": "Error",
    "ABORTED_TEXT": "Aborted.",
    "DEFAULT_STRING": "[default: {}]",
    "REQUIRED_LONG_STRING": "[required]",
    "RICH_HELP": "Try [blue]'{command_path} {help_option}'[/] for help.",
}


class SpeakingGroup(TyperGroup):
    """The commands; who calls them is answered in the language that was asked for."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        if parent is None:
            speak(asked_on(args) or language_of(os.environ))
            translate(self)
        with _wrong_use_translated():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        with _wrong_use_translated():
            return super().invoke(ctx)


def asked_on(arguments: Sequence[str]) -> Language | None:
    """The language that a command line asks for; None where it asks for none."""
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == OPTION and at + 1 < len(arguments):
            return language_named(arguments[at + 1])
        if argument.startswith(f"{OPTION}="):
            return language_named(argument.removeprefix(f"{OPTION}="))
    return None


def command_of(arguments: Sequence[str]) -> str | None:
    """The command that a command line calls: its first word that is neither an option nor a language."""
    words = [word for before, word in zip(["", *arguments], arguments, strict=False) if before != OPTION]
    return next((word for word in words if not word.startswith("-")), None)


def help_texts(app: typer.Typer) -> list[str]:
    """All that the command line says of itself, each once."""
    texts: dict[str, None] = {LANGUAGE_HELP: None}
    for command in _below(typer.main.get_command(app)):
        for text in (command.help, command.short_help, *(getattr(p, "help", None) for p in command.params)):
            if text:
                texts[_flat(text)] = None
    return list(texts)


def translate(command: Any) -> None:
    """Say the help of a command and of all below it in the language of the process, and give each `--lang`."""
    _language_option().help = tell(LANGUAGE_HELP)
    for each in _below(command):
        if not any(OPTION in p.opts for p in each.params):
            each.params.append(_language_option())
        _translate_frame(each)
        for param in each.params:
            _translate_type(param)
        for thing in (each, *(p for p in each.params if p is not _language_option())):
            for name in ("help", "short_help"):
                if text := getattr(thing, name, None):
                    setattr(thing, name, tell(_flat(text)))
    if spoken() is not Language.EN or "typer.rich_utils" in sys.modules:
        import typer.rich_utils as shown  # only where something of it is said anew: it takes its time

        for name, text in CONSTANTS.items():
            setattr(shown, name, tell(text))
        if not hasattr(shown._make_rich_text, "__wrapped__"):
            shown._make_rich_text = _folded(shown._make_rich_text)
            shown._get_parameter_help = _folded(shown._get_parameter_help)


def _folded(make: Callable[..., Any]) -> Callable[..., Any]:
    """Texts of the help that are folded at the end of a line: one without blanks, as Chinese is, would be cut there."""

    @wraps(make)
    def made(*given: Any, **named: Any) -> Any:
        whole = make(*given, **named)
        for text in getattr(whole, "renderables", [whole]):
            if hasattr(text, "overflow"):
                text.overflow = "fold"
        return whole

    return made


def _translate_frame(command: Any) -> None:
    """What the library itself says in a command's help: the word before its usage, and what `--help` does. Both are
    made anew for each call of it."""
    usage, help_option = command.get_usage, command.get_help_option

    def translated_usage(context: Any) -> str:
        text = str(usage(context))
        for part in USAGE_PARTS:
            text = text.replace(part, tell(part), 1)
        return text

    def translated_option(context: Any) -> Any:
        option = help_option(context)
        if option is not None:
            option.help = tell(HELP)
            _translate_type(option)
        return option

    command.get_usage, command.get_help_option = translated_usage, translated_option


def _translate_type(param: Any) -> None:
    """What a value of an option is: a number, a path."""
    show = getattr(param, "display_type_rich", None)
    if show is None or hasattr(show, "__wrapped__"):
        return

    @wraps(show)
    def shown(*given: Any, **named: Any) -> Any:
        text = show(*given, **named)
        return tell(text) if text in TYPES else text

    param.display_type_rich = shown


@cache
def _language_option() -> Any:
    """`--lang`, which was looked at before the options are: it has to be allowed and told of."""

    def speaking(
        lang: Annotated[Language | None, typer.Option(OPTION, help=LANGUAGE_HELP)] = None,
    ) -> None: ...

    app = typer.Typer(add_completion=False)
    app.command()(speaking)
    (option,) = (p for p in typer.main.get_command(app).params if OPTION in p.opts)
    option.expose_value = False
    return option


def _below(command: Any) -> Iterator[Any]:
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from _below(each)


def _flat(text: str) -> str:
    return " ".join(text.split())


@contextmanager
def _wrong_use_translated() -> Iterator[None]:
    """What the library says of wrong use, in the language of the process."""
    try:
        yield
    except WRONG_USE as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            raise
        message = " ".join(error.format_message().split(" "))
        if (said := told(message)) == message:
            raise
        raise WRONG_USE(said, ctx=getattr(error, "ctx", None)) from error
