"""What was read besides the forms: how sure tables are, the scores of their cells, and the lines outside them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Double, ForeignKey, Integer, Text

revision = "7"
down_revision = "6"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
SCORE = "confidence of the reader, 0 to 1; null: none given"


def upgrade() -> None:
    """From version 6. Files that were read before have neither until they are read again."""
    sure = "0 to 1: how sure it is that this is a table; null: read before it was kept"
    op.add_column("tables", Column("sure", Double(), comment=sure))
    op.add_column("cells", Column("score", Double(), comment=SCORE))
    edges = {"left": "left", "top": "top", "right": "left", "bottom": "top"}
    op.create_table(
        "text_lines",
        Column(
            "file_id",
            Integer,
            ForeignKey("files.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
            comment="file it stands in",
        ),
        Column("position", Integer, primary_key=True, autoincrement=False, comment="order in the file, from 0"),
        Column("tables_before", Integer, nullable=False, comment="number of the file's tables that stand before it"),
        Column("text", TEXT, nullable=False, comment="its text as printed"),
        Column("score", Double(), comment=SCORE),
        Column("page", Integer, comment="page, from 1; null in a dump and in what has no pages"),
        *(
            Column(f"box_{edge}", Double(), comment=f"{edge} edge in points from the {start} of the page")
            for edge, start in edges.items()
        ),
        Column("sheet", TEXT, comment="sheet of the workbook; null: it is none"),
        Column("line", Integer, comment="line of the dump or document, row of the sheet, from 1"),
        Column("column", Integer, comment="character of that line, column of the sheet, from 1"),
        comment="lines of the files outside their tables; none of files read before they were kept",
        sqlite_with_rowid=False,
    )
