"""`jixiao doctor`: what reading needs, and what of it is missing."""

from __future__ import annotations

import typer
from rich.text import Text

from pipeline.commands.terminal import Exit, say
from pipeline.messages import told
from pipeline.output.show import plain
from pipeline.running.doctor import examine


def doctor() -> None:
    """Print the OCR engine, its models, the versions it depends on, what is missing and how to get it."""
    report = examine()
    for line in report.lines:
        say.print(Text(plain(told(line))))
    raise typer.Exit(Exit.GOOD if report.well else Exit.SOME_FAILED)
