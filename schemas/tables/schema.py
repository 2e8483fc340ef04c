"""All tables and views as one schema with a version."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, inspect, select, text, update
from sqlalchemy.schema import SetColumnComment, SetTableComment

from schemas.tables.archive import Meta
from schemas.tables.base import Base, remark
from schemas.tables.views import VIEWS, made_views

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA_VERSION = max(
    int(step.name.removeprefix("v").partition("_")[0])
    for step in files("schemas.migrations.versions").iterdir()
    if step.name.startswith("v")
)
"""With every change of a table one more: the number of the last module in schemas/migrations/versions."""
STAMP = "alembic_version"  # the table in which Alembic keeps how far it came


def create_schema(connection: Connection) -> None:
    """Make all tables and views in an empty database and write down their version."""
    from alembic import command

    Base.metadata.create_all(connection)
    _create_views(connection)
    connection.execute(insert(Meta).values(id=1, schema_version=SCHEMA_VERSION))
    _note_version(connection)
    command.stamp(_steps(connection), "head")


def version_of(connection: Connection) -> int | None:
    """The version of our tables; None where the database has not got them."""
    if not {"meta", "files", "forms"} <= set(inspect(connection).get_table_names()):
        return None
    sqlite = connection.dialect.name == "sqlite"
    query = text("PRAGMA user_version") if sqlite else select(Meta.schema_version)
    return int(connection.execute(query).scalar_one())


def upgrade_schema(connection: Connection) -> None:
    """Bring tables of an older version up to ours, rows and all, within the transaction of the connection."""
    from alembic import command

    steps = _steps(connection)
    at_first = version_of(connection)
    held = inspect(connection)
    for name in reversed(VIEWS):  # those that ask others go first
        if name in held.get_view_names():
            connection.execute(text(f"DROP VIEW {name}"))
    if STAMP not in held.get_table_names():  # version 1 was made without Alembic
        command.stamp(steps, str(at_first))
    command.upgrade(steps, "head")
    _create_views(connection)
    _comment_anew(connection)
    connection.execute(update(Meta).values(schema_version=SCHEMA_VERSION))
    _note_version(connection)


def _steps(connection: Connection) -> Config:
    """Alembic set to our steps and to this connection, without a file of settings."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("schemas") / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _create_views(connection: Connection) -> None:
    for name, (comment, query) in made_views().items():
        connection.execute(text(f"CREATE VIEW {name} AS{remark(comment)}\n{query.strip()}"))
        if connection.dialect.name == "postgresql":  # which keeps no comment that stands in a query
            said = comment.replace("'", "''")
            connection.execute(text(f"COMMENT ON VIEW {name} IS '{said}'"))


def _comment_anew(connection: Connection) -> None:
    """A remark that was reworded reaches the catalogue. In SQLite it is text of its table, and stays as it was."""
    if connection.dialect.supports_comments:
        for table in Base.metadata.sorted_tables:
            connection.execute(SetTableComment(table))
            for column in table.columns:
                connection.execute(SetColumnComment(column))


def _note_version(connection: Connection) -> None:
    """For SQLite also in the head of the file, where it can be read without knowing any table."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
