"""`jixiao families`: list the form families, or explain which one a form is of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Grid
from rich.text import Text

from extractors.ocr.guard import PAGE_SECONDS
from extractors.refusals import CannotRead
from pipeline.commands.terminal import (
    Exit,
    FamilyDir,
    OcrModelNames,
    OcrModels,
    OcrSeconds,
    families_of,
    ocr_choice,
    read_told,
    say,
    stop,
    talk,
)
from pipeline.messages import label, tell, told
from pipeline.output.names import name_of
from pipeline.output.show import plain
from pipeline.reading.unknown import not_understood
from pipeline.running.worker import read_forms
from schemas.families import GENERIC, FamiliesCollide
from schemas.language.vocabulary import load_words

families_app = typer.Typer(invoke_without_command=True, help="List the form families, or explain a form's family.")


@families_app.callback()
def families_list(context: typer.Context, family_dir: FamilyDir = None) -> None:
    """List the form families."""
    if context.invoked_subcommand:
        return
    grid = Grid(show_edge=False)
    for name in ("family", "kind", "issuer", "years", "about"):
        whole = name in ("family", "kind")  # what is looked for stays in one piece
        grid.add_column(label("column", name), no_wrap=whole, overflow="fold")
    for family in families_of(family_dir):
        named = "\n".join(dict.fromkeys((name_of(family.id), family.id)))  # in files it is called by the latter
        cells = (named, name_of(family.kind.value), family.issuer, told(family.years), told(family.about))
        grid.add_row(*(Text(plain(x)) for x in cells))
    say.print(grid)


@families_app.command("explain")
def families_explain(
    file: Annotated[Path, typer.Argument(help="A filing.")],
    family_dir: FamilyDir = None,
    ocr_models: OcrModels = None,
    ocr_model_names: OcrModelNames = None,
    ocr_seconds: OcrSeconds = PAGE_SECONDS,
) -> None:
    """Tell which family matched each form of a file and why, or what came nearest; and what was not understood."""
    ocr = ocr_choice(ocr_models, ocr_model_names, ocr_seconds)
    families = families_of(family_dir)
    words = load_words()
    try:
        document = read_told(file, words, ocr)
        forms = read_forms(document, families, words)
    except (CannotRead, FamiliesCollide) as error:
        stop(str(error), Exit.SOME_FAILED)
    if not forms:
        talk.print(Text(plain(tell("{file}: no form found", file=file))))
    for number, form in enumerate(forms):
        match = form.match
        named = tell(
            "form {number}: {title}: {family}",
            number=number,
            title=form.record.title,
            family=name_of(match.family or GENERIC),
        )
        say.print(Text(plain(named)))
        for reason in match.reasons:
            say.print(Text(plain(tell("  because {reason}", reason=told(reason)))))
        if match.nearest:
            missing = tell("; ").join(map(told, match.missing))
            say.print(
                Text(plain(tell("  nearest: {family}, but {missing}", family=name_of(match.nearest), missing=missing)))
            )
        for line in not_understood(form.record, words):
            say.print(Text(plain(tell("  not understood: {line}", line=told(line)))))
