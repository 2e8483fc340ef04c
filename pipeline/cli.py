"""The command line: few verbs, plain nouns; results go to standard output, talk to standard error."""

from __future__ import annotations

import sys

import typer

from pipeline.commands import runs
from pipeline.commands.diff import diff_command
from pipeline.commands.doctor import doctor
from pipeline.commands.draw import draw
from pipeline.commands.export import export
from pipeline.commands.families import families_app
from pipeline.commands.golden import golden_app
from pipeline.commands.review import review
from pipeline.commands.run import run_command
from pipeline.commands.sample import sample_app
from pipeline.commands.show import show
from pipeline.commands.terminal import Exit
from schemas.language.definitions import DefinitionWrong

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(families_app, name="families")
app.add_typer(golden_app, name="golden")
app.add_typer(sample_app, name="sample")
app.command("run")(run_command)
runs.register(app)
app.command("diff")(diff_command)
app.command()(review)
app.command()(doctor)
app.command()(show)
app.command()(export)
app.command()(draw)


def main() -> None:
    """Entry point of `jixiao`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except DefinitionWrong as error:  # the vocabulary, which every command needs
        print(error, file=sys.stderr)
        sys.exit(Exit.WRONG_USE)
