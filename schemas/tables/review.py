"""What people said of the readings: looks at single values, and the samples that were drawn for spot checks.

A look names the content and the form, not the row of a reading: it stays when the file is read again.
"""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from schemas.tables.base import Base, Id, Key, by_key, inside, of


class Review(Base):
    """A look of a person at a value. The last one of a value counts; none is ever overwritten: to take one back is a
    further look, `withdrawn`. A row that a person added has the pointer of the row that it stands before, with a `+`
    and a number: `/indicators/4+1`."""

    __tablename__ = "reviews"
    __table_args__ = (
        Index("ix_reviews_value", "sha256", "form_index", "pointer"),
        {"comment": "looks of people at values; the last one of a value counts"},
    )
    id: Mapped[Id] = mapped_column(comment="number of the look, from 1, in the order of time")
    sha256: Mapped[str] = mapped_column(comment="content of the file, as in files.sha256")
    form_index: Mapped[int] = mapped_column(comment="number of the form in its file, from 0")
    pointer: Mapped[str] = mapped_column(comment="JSON pointer of the value in the record")
    verdict: Mapped[str] = mapped_column(
        comment="accepted: read right; corrected: new holds; unreadable: nobody can read it; wrong_at_source: read"
        " right, but the form errs"
    )
    old: Mapped[str | None] = mapped_column(comment="value as read when it was looked at, as JSON; null: no such value")
    new: Mapped[str | None] = mapped_column(comment="value as corrected, as JSON; null: not corrected")
    who: Mapped[str] = mapped_column(comment="name of the person")
    at: Mapped[str] = mapped_column(comment="when: ISO 8601, UTC")
    why: Mapped[str | None] = mapped_column(comment="what the person said of it")
    sample_id: Mapped[int | None] = of("samples", "sample for which the value was looked at; null: none", index=True)


class Sample(Base):
    """A random sample of values, drawn for a spot check."""

    __tablename__ = "samples"
    __table_args__ = ({"comment": "random samples of values, drawn for spot checks"},)
    id: Mapped[Id] = mapped_column(comment="number of the sample, from 1")
    drawn: Mapped[str] = mapped_column(comment="when it was drawn: ISO 8601, UTC")
    seed: Mapped[int] = mapped_column(comment="seed of the random numbers: the same seed draws the same values")
    size: Mapped[int] = mapped_column(comment="number of values that were drawn")
    population: Mapped[int] = mapped_column(comment="number of values that it was drawn from")
    strata: Mapped[str] = mapped_column(comment="JSON list: what divides the values into strata; [] for none")


class SampleItem(Base):
    """A value of a sample."""

    __tablename__ = "sample_items"
    __table_args__ = by_key("values of the samples, in the order of drawing")
    sample_id: Mapped[int] = inside("samples", "sample it belongs to")
    position: Mapped[Key] = mapped_column(comment="order in the sample, from 0")
    sha256: Mapped[str] = mapped_column(comment="content of the file, as in files.sha256")
    form_index: Mapped[int] = mapped_column(comment="number of the form in its file, from 0")
    pointer: Mapped[str] = mapped_column(comment="JSON pointer of the value in the record")
    stratum: Mapped[str] = mapped_column(comment="stratum, as JSON list of the values that strata names")
    stratum_size: Mapped[int] = mapped_column(comment="number of values in the stratum that it was drawn from")
    value: Mapped[str] = mapped_column(comment="value as read when it was drawn, as JSON")
