"""All tables and views as one schema with a version."""

from __future__ import annotations

from sqlalchemy import Connection, insert, text

from schemas.tables.archive import Meta
from schemas.tables.base import Base, remark
from schemas.views import VIEWS

SCHEMA_VERSION = 2


def create_schema(connection: Connection) -> None:
    """Make all tables and views in an empty database and write down their version."""
    Base.metadata.create_all(connection)
    for name, (comment, query) in VIEWS.items():
        connection.execute(text(f"CREATE VIEW {name} AS{remark(comment)}\n{query.strip()}"))
    connection.execute(insert(Meta).values(id=1, schema_version=SCHEMA_VERSION))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
