"""A filing as it was read: its forms, their values with places and doubts, its tables and its other lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from jixiao import frames
from jixiao.grids import Sheetlike
from pipeline.messages import told
from schemas.model import Line, Place, Table
from schemas.pointers import escaped, parts
from schemas.reading import FileReading, FormReading
from schemas.record import Finding, Fund, Indicator, Record

if TYPE_CHECKING:
    import pandas as pd
    from PIL.Image import Image

Row = TypeVar("Row", Fund, Indicator, Finding)


@dataclass(frozen=True)
class Value:
    """One value of a record: its text as printed (None: a blank cell), the JSON pointer by which the record calls it,
    where it stands, what there is to doubt in it (0 to 1) and why."""

    text: str | None
    pointer: str
    places: tuple[Place, ...]
    findings: tuple[Finding, ...]
    doubt: float
    original: Path | None = None

    def __str__(self) -> str:
        return "" if self.text is None else self.text

    @property
    def place(self) -> Place | None:
        """Where it stands first; None where the form does not print it (a level name that was inferred)."""
        return self.places[0] if self.places else None

    def show(self, scale: float = 2.0, margin: float = 12.0) -> Image:
        """The page's ink around the value: `scale` in pixels a point, `margin` in points. Raises LookupError where
        there is none to show: the value stands on no page, or the filing was read from bytes."""
        from jixiao.crops import crop

        boxes = [place for place in self.places if place.page is not None and place.box is not None]
        if self.original is None or not boxes:
            raise LookupError(f"{self.pointer} stands on no page that can be shown")
        return crop(self.original, boxes[0], scale, margin)

    def _repr_html_(self) -> str:
        from jixiao.html import blank, why

        marks = "".join(f"<li>{escape(why(one))}</li>" for one in self.findings)
        color = "#b26a00" if self.findings else "inherit"
        text = blank() if self.text is None else escape(self.text)
        place = escape(told(str(self.place or "")))
        return f'<span style="color:{color}">{text}</span> <small>{place}</small><ul>{marks}</ul>'


class Rows(Sequence[Row], Generic[Row]):
    """Rows of one kind, in printed order: a sequence that is also a frame."""

    def __init__(self, rows: Sequence[Row], frame: Callable[[], pd.DataFrame]) -> None:
        self._rows: tuple[Row, ...] = tuple(rows)
        self._frame = frame

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, at: int | slice) -> Row | tuple[Row, ...]:
        return self._rows[at]

    def to_frame(self) -> pd.DataFrame:
        """A row each, with pyarrow types; amounts are exact decimals. The columns are told in the reference."""
        return self._frame()

    def __repr__(self) -> str:
        return f"<{len(self)} rows; .to_frame() makes a table of them>"

    def _repr_html_(self) -> str:
        html: str = self.to_frame().to_html(max_rows=30, na_rep="")
        return html


@dataclass(frozen=True)
class TextLine:
    """A line of text outside of all tables."""

    text: str
    place: Place
    score: float | None


class Form:
    """One form of a filing: `record` is the public contract, the rest are ways to look at it."""

    def __init__(self, form: FormReading, original: Path | None) -> None:
        self._form, self._original = form, original
        self.record: Record = form.record

    @property
    def title(self) -> str | None:
        return self.record.title

    @property
    def year(self) -> int | None:
        return self.record.year

    @property
    def choices(self) -> Mapping[str, Sequence[str]]:
        """The ticked options of each group of boxes."""
        return self.record.choices

    @cached_property
    def fields(self) -> Mapping[str, Value]:
        """The labelled values, by the names of the contract (`reporting_unit`, …) or the printed label."""
        return {name: self.value(f"/fields/{escaped(name)}") for name in self.record.fields}

    @cached_property
    def funds(self) -> Rows[Fund]:
        """The money cells, row by row, blank ones too."""
        return Rows(self.record.funds, lambda: frames.funds(self.record, self._doubts))

    @cached_property
    def indicators(self) -> Rows[Indicator]:
        """The indicators, in reading order."""
        return Rows(self.record.indicators, lambda: frames.indicators(self.record, self._doubts))

    @cached_property
    def findings(self) -> Rows[Finding]:
        """All that is doubtful, inferred, lost, unreadable or wrong in the record."""
        return Rows(self.record.findings, lambda: frames.findings(self.record))

    @cached_property
    def places(self) -> Mapping[str, tuple[Place, ...]]:
        """Where the values stand, by their JSON pointers."""
        places: dict[str, list[Place]] = {}
        for origin in self._form.origins:
            places.setdefault(origin.pointer, []).append(origin.place)
        return {name: tuple(these) for name, these in places.items()}

    def value(self, at: str) -> Value:
        """The value at a JSON pointer (`/fields/project_name`, `/indicators/3/targets/full_year`). Raises KeyError
        where the record has none there."""
        doubts = tuple(one for one in self.record.findings if one.where == at or at.startswith(f"{one.where}/"))
        return Value(
            _text_at(self._data, at), at, self.places.get(at, ()), doubts, self._doubts.get(at, 0.0), self._original
        )

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON values, as it is written to disk."""
        return self.record.as_dict()

    @cached_property
    def _data(self) -> dict[str, Any]:
        return self.record.as_dict()

    @cached_property
    def _doubts(self) -> Mapping[str, float]:
        return {risk.pointer: risk.risk for risk in self._form.risks}

    def __repr__(self) -> str:
        record = self.record
        return (
            f"<{record.kind}: {record.title or 'untitled'}, {record.year or 'no year'}; {len(record.fields)} fields, "
            f"{len(record.funds)} money cells, {len(record.indicators)} indicators, {len(record.findings)} findings>"
        )

    def _repr_html_(self) -> str:
        from jixiao.html import form_html

        return form_html(self.record)


class Reading:
    """One filing: `forms`, `tables`, `lines` outside of them, and what is to be known about the file."""

    def __init__(self, reading: FileReading, original: Path | None) -> None:
        document = reading.document
        self._reading = reading
        self.name: str = document.path
        self.sha256: str = document.sha256
        self.reader: str = str(document.reader)
        self.pages: int = document.pages
        self.notes: tuple[str, ...] = document.notes
        self.forms: tuple[Form, ...] = tuple(Form(form, original) for form in reading.forms)
        self.tables: tuple[Sheetlike, ...] = tuple(Sheetlike(b) for b in document.blocks if isinstance(b, Table))
        self.lines: tuple[TextLine, ...] = tuple(
            TextLine(b.text, b.place, b.score) for b in document.blocks if isinstance(b, Line)
        )

    @property
    def records(self) -> list[Record]:
        return [form.record for form in self.forms]

    @property
    def findings(self) -> list[Finding]:
        """Those of all forms; `where` counts within the form that a finding is about."""
        return [finding for form in self.forms for finding in form.record.findings]

    @property
    def places(self) -> list[Mapping[str, tuple[Place, ...]]]:
        """Where the values stand, a mapping from JSON pointers for each form."""
        return [form.places for form in self.forms]

    def __iter__(self) -> Iterator[Form]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        counts = f"{self.pages} pages, {len(self.forms)} forms, {len(self.tables)} tables"
        return f"<{self.name}, read by {self.reader}: {counts}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>" + "".join(form._repr_html_() for form in self.forms)


def _text_at(data: Any, at: str) -> str | None:
    """What stands at a JSON pointer, as text."""
    for key in parts(at):
        try:
            data = data[int(key)] if isinstance(data, list) else data[key]
        except (LookupError, ValueError, TypeError) as error:
            raise KeyError(at) from error
    return None if data is None else str(data)
