"""Money of tasks; past years, progress and forecast of indicators; where findings stand that no value holds."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Double, ForeignKey, Integer, Text

from schemas.language.columns import BY_ROLE

revision = "4"
down_revision = "3"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
EXACT = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """From version 3. What was read before has none of it until it is read again, as a newer program does by itself."""
    _tell_more_of_indicators()
    _place_findings()
    _make_task_amounts()


def _tell_more_of_indicators() -> None:
    for name in ("history", "progress", "forecast", "causes", "likelihood"):
        op.add_column("indicators", Column(name, TEXT, comment=BY_ROLE[name].about))


def _place_findings() -> None:
    edges = {
        "box_left": "left edge in points from the left of the page",
        "box_top": "top edge in points from the top of the page",
        "box_right": "right edge in points from the left of the page",
        "box_bottom": "bottom edge in points from the top of the page",
    }
    op.add_column("findings", Column("page", Integer, comment="page it is about, from 1; null: a value's, or no page"))
    for name, comment in edges.items():
        op.add_column("findings", Column(name, Double, comment=comment))
    op.add_column("findings", Column("sheet", TEXT, comment="sheet of the workbook; null: it is none"))
    line = "line of the dump or document, row of the sheet, from 1"
    op.add_column("findings", Column("line", Integer, comment=line))
    op.add_column("findings", Column("column", Integer, comment="character of that line, column of the sheet, from 1"))


def _make_task_amounts() -> None:
    exact = "amount in 0.0001 yuan, exact; null: no money, or no integer says exactly as much"
    form = ForeignKey("forms.id", ondelete="CASCADE")
    op.create_table(
        "task_amounts",
        Column("form_id", Integer, form, primary_key=True, autoincrement=False, comment="form it stands in"),
        Column("position", Integer, primary_key=True, autoincrement=False, comment="order in the form, from 0"),
        Column("task", Integer, comment="task as in tasks.position; null: the total of all"),
        Column("header", TEXT, nullable=False, comment="header of its column as printed"),
        Column("amount", TEXT, comment="decimal digits as printed; null: blank or unreadable"),
        Column("amount_unit", TEXT, comment="unit of amount as the form declares it; null: none"),
        Column("amount_e4", EXACT, comment=exact),
        comment="money cells of the forms' main tasks and of their total",
        sqlite_with_rowid=False,
    )
