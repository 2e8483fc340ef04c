"""Samples and their looks in the database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import and_, func, insert, select

from pipeline.archive.clock import now
from pipeline.archive.store import Store
from pipeline.people.sample import Drawn, SampledLook, SampledValue, Stored
from schemas import tables as t
from schemas.frozen import dataclass
from schemas.tables.rows import json_text
from schemas.verdicts import LookVerdict

CHUNK = 200  # forms that are held at a time


class NoSuchSample(Exception):
    """The database holds no sample of that number."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A sample as it was kept: its number, when and how it was drawn, its items in their order."""

    number: int
    drawn: str
    seed: int
    population: int
    strata: tuple[str, ...]
    items: tuple[SampledValue, ...]


def stored_forms(store: Store) -> Iterator[Stored]:
    """All records by content and form, so that neither paths nor the order of reading change a sample."""
    query = select(t.File.sha256, t.Form.form_index, t.Form.record).join(t.File, t.File.id == t.Form.file_id)
    query = query.order_by(t.File.sha256, t.Form.form_index).execution_options(yield_per=CHUNK)
    with store.reading() as connection:
        for sha256, index, record in connection.execute(query):
            yield Stored(sha256, index, json.loads(record))


def save_sample(store: Store, drawn: Drawn) -> int:
    """Keep a sample; its number."""
    with store.writing() as connection:
        number = int(connection.execute(select(func.coalesce(func.max(t.Sample.id), 0) + 1)).scalar_one())
        row = {"id": number, "drawn": now(), "seed": drawn.seed}
        row |= {"size": len(drawn.items), "population": drawn.population, "strata": json_text(drawn.strata)}
        connection.execute(insert(t.Sample).values(row))
        items = [
            {
                "sample_id": number,
                "position": position,
                "sha256": item.sha256,
                "form_index": item.form_index,
                "pointer": item.pointer,
                "stratum": json_text(item.stratum),
                "stratum_size": item.stratum_size,
                "value": item.value,
            }
            for position, item in enumerate(drawn.items)
        ]
        connection.execute(insert(t.SampleItem), items)
    return number


def load_sample(store: Store, number: int) -> Kept:
    """A sample by its number. Raises NoSuchSample."""
    with store.reading() as connection:
        row = connection.execute(select(t.Sample).where(t.Sample.id == number)).first()
        if row is None:
            raise NoSuchSample(f"{store.where}: holds no sample {number}; `jixiao sample list` lists those it has")
        items = t.SampleItem
        query = select(
            items.sha256, items.form_index, items.pointer, items.stratum, items.stratum_size, items.value
        ).where(items.sample_id == number)
        drawn = tuple(
            SampledValue(sha256, index, pointer, tuple(json.loads(stratum)), size, value)
            for sha256, index, pointer, stratum, size, value in connection.execute(query.order_by(items.position))
        )
    return Kept(row.id, row.drawn, row.seed, row.population, tuple(json.loads(row.strata)), drawn)


def looks_of(store: Store, number: int) -> list[SampledLook]:
    """The looks that were taken for a sample, in the order of time, at the values as they were drawn: a look at what a
    newer reading says tells nothing of the drawn one."""
    r, s = t.Review, t.SampleItem
    drawn = and_(
        s.sample_id == r.sample_id, s.sha256 == r.sha256, s.form_index == r.form_index, s.pointer == r.pointer,
        s.value == r.old,
    )  # fmt: skip
    query = select(r.sha256, r.form_index, r.pointer, r.verdict, r.new, r.who, r.at, r.why)
    with store.reading() as connection:
        query = query.join(s, drawn).where(r.sample_id == number).order_by(r.id)
        rows = [row._asdict() for row in connection.execute(query)]
    return _kept([SampledLook(**row | {"verdict": LookVerdict(row["verdict"])}) for row in rows])


def _kept(looks: Sequence[SampledLook]) -> list[SampledLook]:
    """The looks that their people did not take back."""
    kept: list[SampledLook] = []
    for look in looks:
        if look.verdict is not LookVerdict.WITHDRAWN:
            kept.append(look)
        elif own := [n for n, each in enumerate(kept) if each.who == look.who and each.place == look.place]:
            del kept[own[-1]]
    return kept


def list_samples(store: Store) -> list[tuple[int, str, int, int, int, str, int]]:
    """(number, when, seed, size, population, strata, values looked at) of every sample."""
    s = t.Sample
    query = select(s.id, s.drawn, s.seed, s.size, s.population, s.strata).order_by(s.id)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return [
        (number, drawn, seed, size, of, ",".join(json.loads(strata)), len({x.place for x in looks_of(store, number)}))
        for number, drawn, seed, size, of, strata in rows
    ]


def paths_of(store: Store) -> dict[str, str]:
    """The path of every content."""
    with store.reading() as connection:
        return {row.sha256: row.path for row in connection.execute(select(t.File.sha256, t.File.path))}
