"""What Alembic runs to go the steps: on the connection that it is given, in the transaction that is open there."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.ddl.base import AddColumn
from sqlalchemy.ext.compiler import compiles

from schemas.tables.base import remark


@compiles(AddColumn, "sqlite")
def _add_column_with_comment(add: AddColumn, compiler: Any, **options: Any) -> str:
    """SQLite keeps the text of a column that is added as it is, and with it the comment."""
    column = compiler.get_column_specification(add.column)
    table = compiler.preparer.format_table(add.column.table)
    return f"ALTER TABLE {table} ADD COLUMN {column}{remark(add.column.comment)}"


context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
