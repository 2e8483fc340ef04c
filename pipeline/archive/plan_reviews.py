"""How reviews agree with the plans of their unit: compared again where forms of the unit have come or gone.

A review that is compared has an outcome among its checks, if only that there is nothing to compare. Who writes or
takes away a form forgets the outcomes of its unit in the same transaction; a review without one is what the next
run has to compare, whatever ended the run before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from itertools import count

from sqlalchemy import Connection, delete, func, insert, select

from pipeline.reading.check.agreement import PLAN_REVIEW
from schemas import tables as t
from schemas.reading import Check
from schemas.record import Kind, Record
from schemas.tables.rows import check_row

REVIEWS = (Kind.DEPARTMENT_REVIEW.value, Kind.PROJECT_REVIEW.value)

Compare = Callable[[Mapping[int, Record]], Mapping[int, Sequence[Check]]]
"""From the records of a unit by the number of their form to the checks of the reviews among them."""


class Reopened:
    """The units whose outcomes one store has forgotten since it last compared reviews. To forget them again for each of
    a unit's files would cost the square of their number."""

    def __init__(self) -> None:
        self._units: set[str] = set()

    def reopen(self, connection: Connection, units: Set[str]) -> None:
        """Forget how the reviews of some units agree with their plans: a form of theirs comes or goes."""
        _forget(connection, units - self._units)
        self._units |= units

    def undone(self) -> None:
        """What was forgotten may stand again: a transaction was not kept."""
        self._units.clear()

    def check(self, connection: Connection, compare: Compare) -> None:
        """Compare the reviews of the units in which one has no outcome, and of those that were reopened: another run
        may have compared them meanwhile. The same filings give the same rows in whatever order they came."""
        _forget(connection, self._units)
        self._units.clear()
        _compare(connection, compare)


def _forget(connection: Connection, units: Set[str]) -> None:
    for unit in sorted(units):
        reviews = select(t.Form.id).where(t.Form.unit_key == unit, t.Form.kind.in_(REVIEWS))
        connection.execute(delete(t.Check).where(t.Check.form_id.in_(reviews), t.Check.rule == PLAN_REVIEW))


def units_of(connection: Connection, file: int) -> Set[str]:
    """The units, by their keys, that a file's forms are of."""
    units = select(t.Form.unit_key).where(t.Form.file_id == file, t.Form.unit_key.is_not(None))
    return {unit for unit in connection.execute(units).scalars() if unit}


def _compare(connection: Connection, compare: Compare) -> None:
    form = t.Form
    outcomes = select(t.Check.form_id).where(t.Check.form_id == form.id, t.Check.rule == PLAN_REVIEW)
    units = select(form.unit_key).where(form.kind.in_(REVIEWS), form.unit_key.is_not(None), ~outcomes.exists())
    for unit in connection.execute(units.distinct().order_by(form.unit_key)).scalars().all():
        _forget(connection, {str(unit)})
        known = select(form.id, form.record).where(form.unit_key == unit).order_by(form.id)
        records = {n: Record.model_validate_json(text) for n, text in connection.execute(known)}
        for number, checks in compare(records).items():
            last = select(func.max(t.Check.position)).where(t.Check.form_id == number)
            start = connection.execute(last).scalar()
            places = count(0 if start is None else start + 1)
            rows = [check_row(check) | {"form_id": number, "position": next(places)} for check in checks]
            if rows:
                connection.execute(insert(t.Check), rows)
