"""jixiao: read budget-performance filings. Results go to standard output, talk to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.messages import told
from pipeline.settings import SettingsWrong, database_of, defaults, read_settings
from pipeline.tongue import SpeakingGroup, command_of


@dataclass(frozen=True, slots=True)
class _Command:
    """A command, or a group of them, and where it is found. What its help begins with stands here too: a list of the
    commands has to load none of them, each with the libraries of its own."""

    name: str
    module: str
    function: str
    about: str
    is_group: bool = False

    def load(self) -> Any:
        return getattr(import_module(f"pipeline.commands.{self.module}"), self.function)


COMMANDS = (
    _Command("run", "run", "run_command", "Read filings into the database and into records."),
    _Command(
        "runs",
        "runs",
        "list_runs",
        "List the runs of a database: when, how they stand, how many files had which outcome.",
    ),
    _Command(
        "status",
        "runs",
        "status",
        "Tell how a run stands: its settings and versions, outcomes, seconds by stage, and what failed.",
    ),
    _Command(
        "retry",
        "runs",
        "retry",
        "Read once more what failed in a run, with its inputs, families and models, as a run of its own.",
    ),
    _Command("diff", "diff", "diff_command", "Compare two readings value by value."),
    _Command(
        "review",
        "review",
        "review",
        "Serve a local page on which values are looked at beside their page, and corrected.",
    ),
    _Command(
        "doctor",
        "doctor",
        "doctor",
        "Print the OCR engine, its models, the versions it depends on, what is missing and how to get it.",
    ),
    _Command(
        "show",
        "show",
        "show",
        "Print records as readable trees: fields, money tree, indicator hierarchy, findings.",
    ),
    _Command("export", "export", "export", "Write the records of a database as JSON, CSV, XLSX or Parquet."),
    _Command("draw", "draw", "draw", "Draw a page as PNG with the rules, cells and spans that were found on it."),
    _Command(
        "families",
        "families",
        "families_app",
        "List the form families, or explain a form's family.",
        is_group=True,
    ),
    _Command(
        "golden",
        "golden",
        "golden_app",
        "List the goldens, show one, hold readings against them, or make one.",
        is_group=True,
    ),
    _Command(
        "sample",
        "sample",
        "sample_app",
        "Draw values for a spot check, and report what it found.",
        is_group=True,
    ),
)
SETTINGS = {"help_option_names": ["-h", "--help"]}


def build(loaded: Collection[str] | None = None) -> typer.Typer:
    """The command line. Of the commands only those of these names can be called, the others are only told of; None:
    all can be."""
    app = typer.Typer(
        cls=SpeakingGroup,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        help=__doc__,
        context_settings=SETTINGS,
    )
    app.callback()(_options)
    for command in COMMANDS:
        made = command.load() if loaded is None or command.name in loaded else _told_of(command)
        if command.is_group:
            app.add_typer(made, name=command.name)
        else:
            app.command(command.name)(made)
    return app


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"jixiao {version('jixiao')}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Print the version of jixiao.")
    ] = False,
) -> None: ...


def _told_of(command: _Command) -> Any:
    """A command, or a group, that is listed and never called."""

    def nothing() -> None: ...

    nothing.__doc__ = command.about
    if not command.is_group:
        return nothing
    group = typer.Typer(help=command.about)
    group.command()(nothing)
    group.callback()(nothing)
    return group


def __getattr__(name: str) -> typer.Typer:
    """`app`, the whole command line."""
    if name != "app":
        raise AttributeError(name)
    return build()


def main() -> None:
    """Entry point of `jixiao`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = _shown(sys.argv[1:])
    called = _called(arguments)
    try:
        command = typer.main.get_command(build({called} if called else ()))
        command(arguments, default_map=_settings(command, called))
    except ValueError as error:
        from schemas.language.definitions import DefinitionWrong

        if not isinstance(error, (DefinitionWrong, SettingsWrong)):
            raise
        print(told(str(error)), file=sys.stderr)  # of the vocabulary, which every command needs, or of the settings
        sys.exit(2)


def _called(arguments: Sequence[str]) -> str | None:
    """The name of the command, also where a shell asks what could complete a line."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS")
    words = line.split()[1:] if line else arguments
    return command_of(words)


def _shown(arguments: list[str]) -> list[str]:
    """`jixiao FILE` is `jixiao show FILE`: what is no command and looks like a path, or is one."""
    first = arguments[0] if arguments else ""
    known = {command.name for command in COMMANDS}
    if first and not first.startswith("-") and first not in known and (Path(first).suffix or Path(first).exists()):
        return ["show", *arguments]
    return arguments


def _settings(command: Any, called: str | None) -> dict[str, Any]:
    """What `jixiao.toml` in this folder says of the command that is called."""
    folder = Path.cwd()
    settings = read_settings(folder)
    if called is None or called not in command.commands:
        return {}
    db = None if called == "run" else database_of(settings)  # `run` finds its own, below the --out that is typed
    return {called: defaults(command.commands[called], settings.get(called, {}), db, folder)}
