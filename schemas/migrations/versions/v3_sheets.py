"""Which sheet of a workbook a value stands on."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "3"
down_revision = "2"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    """From version 2. What was read before has no sheet until it is read again, as a newer program does by itself.
    Reviews are compared with their plans again by the next run, which compares only those that have no outcome."""
    op.execute("DELETE FROM checks WHERE rule = 'agreement.plan-review'")
    op.add_column("origins", Column("sheet", TEXT, comment="sheet of the workbook; null: it is none"))
