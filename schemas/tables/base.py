"""What all tables share: how their rows are numbered, and comments that SQLite keeps too."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Integer, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateColumn, CreateTable

PATH_SEPARATOR = " / "  # between the labels of a money line

Id = Annotated[int, mapped_column(primary_key=True, autoincrement=False)]
Key = Annotated[int, mapped_column(primary_key=True, autoincrement=False)]
Exact = Annotated[int | None, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]


class Doubted:
    """The columns of rows that say how far to trust them."""

    doubt: Mapped[float | None] = mapped_column(
        comment="highest risk among the row's values, 0 to 1; null: they were not weighed"
    )
    rules: Mapped[str | None] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"),
        comment="rules of the findings about the row, joined by blanks; empty: none",
    )


class Base(DeclarativeBase):
    """Numbers of rows are given out by the store, so that the same filings get the same ones.

    Texts are ordered by their code points, as SQLite orders them, whatever language a server was set up with.
    """

    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text().with_variant(Text(collation="C"), "postgresql")}


def by_key(comment: str) -> tuple[dict[str, Any]]:
    """The options of a table whose rows stand in the order of their key, not of their writing."""
    return ({"comment": comment, "sqlite_with_rowid": False},)


def inside(parent: str, comment: str) -> Any:
    """The column that says which row of `parent` this row belongs to and goes with; first part of the key."""
    target = ForeignKey(f"{parent}.id", ondelete="CASCADE")
    return mapped_column(target, primary_key=True, autoincrement=False, comment=comment)


def of(parent: str, comment: str, *, index: bool = False) -> Any:
    """The column that says which row of `parent` a row goes with; `index` where no constraint brings one."""
    return mapped_column(ForeignKey(f"{parent}.id", ondelete="CASCADE"), index=index, comment=comment)


def remark(comment: str | None) -> str:
    """A comment as SQL text that it cannot end early."""
    return f" /* {comment.replace('*/', '* /')} */" if comment else ""


@compiles(CreateTable, "sqlite")
def _create_table_with_comment(create: CreateTable, compiler: Any, **options: Any) -> str:
    """SQLite has no COMMENT ON, but keeps the text of CREATE TABLE: the comments stand in there."""
    head, body = compiler.visit_create_table(create, **options).split("(", 1)
    return f"{head}({remark(create.element.comment)}{body}"


@compiles(CreateColumn, "sqlite")
def _create_column_with_comment(create: CreateColumn, compiler: Any, **options: Any) -> str:
    return f"{compiler.visit_create_column(create, **options)}{remark(create.element.comment)}"
