"""`jixiao review`: serve the page on which people look at values."""

from __future__ import annotations

import getpass
import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text
from sqlalchemy import select

from pipeline.archive.runs import input_folders
from pipeline.archive.store import DatabaseUnusable, Store, WrongDatabaseVersion
from pipeline.commands.terminal import say, stop, talk
from pipeline.messages import tell
from pipeline.output.run_report import REVIEW_PORT
from pipeline.output.show import plain
from schemas import tables as t


def review(
    db: Annotated[str, typer.Option("--db", help="Database: a path or an SQLAlchemy URL.")] = "data/out/jixiao.db",
    files: Annotated[
        list[Path] | None,
        typer.Option("--files", help="Folder of the original files; may be given again. Default: those of the runs."),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = REVIEW_PORT,
    sample: Annotated[int | None, typer.Option("--sample", help="Show only the values of this sample.")] = None,
    independent: Annotated[
        bool,
        typer.Option(
            "--independent", help="With --sample: each person looks at all its values, without what others said."
        ),
    ] = False,
    goldens: Annotated[
        Path, typer.Option("--goldens", help="Folder that forms go to as goldens which were looked at whole.")
    ] = Path("tests/golden"),
    by: Annotated[str | None, typer.Option("--by", help="Who reviews; default: the user's name.")] = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    open_to_network: Annotated[
        bool, typer.Option("--open-to-network", help="Allow a --host that other machines can reach.")
    ] = False,
) -> None:
    """Serve a local page on which values are looked at beside their page, and corrected."""
    import uvicorn  # heavy: only where the page is served

    from pipeline.review.app import make_app
    from pipeline.review.security import DOOR, LOOPBACK

    if host not in LOOPBACK:
        if not open_to_network:
            stop(
                tell(
                    "--host {host}: others could read and change everything; say --open-to-network if you mean it",
                    host=host,
                )
            )
        warning = tell("Warning: everyone who reaches {host} reads and changes this database", host=plain(host))
        talk.print(Text(warning, style="red"))
    if independent and sample is None:
        stop(tell("--independent measures how far people agree on a sample: name it with --sample"))
    for folder in files or ():
        if not folder.is_dir():
            missing = tell("{folder}: no such folder; records are shown without their pages (--files)", folder=folder)
            talk.print(Text(plain(missing)))
    try:
        with Store.open(db, create=False) as store:
            folders = files or input_folders(store) or [Path("data/raw")]
            if sample is not None and not _has_sample(store, sample):
                stop(tell("{db} holds no sample {sample}", db=db, sample=sample))
            word = secrets.token_urlsafe(24)
            app = make_app(
                store, folders, by=by or _user(), sample=sample, blind=independent, goldens=goldens,
                hosts=LOOPBACK | {host}, entrance=word,
            )  # fmt: skip
            shown = f"[{host}]" if ":" in host else host
            say.print(
                Text(tell("{address}  (end with Ctrl+C)", address=f"http://{plain(shown)}:{port}/?{DOOR}={word}"))
            )
            uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
    except (DatabaseUnusable, WrongDatabaseVersion) as error:
        stop(str(error))


def _has_sample(store: Store, sample: int) -> bool:
    with store.reading() as connection:
        return connection.execute(select(t.Sample.id).where(t.Sample.id == sample)).first() is not None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "reviewer"
