"""The hash of the file in which a record stands on disk, by which a damaged one is noticed."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "5"
down_revision = "4"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    """From version 4. Records that were written before have none until they are written again."""
    comment = "SHA-256 of the file with the record, hexadecimal; null: written before there was one"
    op.add_column("forms", Column("record_sha256", TEXT, comment=comment))
