"""What a comparison is written as: a page that opens from disk, JSON, and CSV; the same inputs, the same bytes."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.diff.classify import AGREEING, Class
from pipeline.diff.crops import MOST_BYTES, Crops, ShownPlace, Wanted, cut, key_of
from pipeline.diff.differ import ComparedRow, Diff, shown, summary
from pipeline.messages import Language, language_wanted, spoken, texts
from pipeline.output.cells import guarded
from pipeline.output.names import words_of
from pipeline.output.pictures.originals import Filings
from schemas.compare import ABSENT

NAMES = ("report.html", "diff.json", "diff.csv")
TABLES = ("kind", "family", "reader", "file")
CSV_COLUMNS = (
    "id", "class", "file", "form", "family", "reader", "kind", "where_a", "where_b", "a", "b",
    "moved_to", "moved_from", "risk", "reasons", "note", "page_a", "page_b", "values",
)  # fmt: skip
SIGNS = "signs"  # a class of the page: equal, but for more than white space
PAGE_CLASSES = [name for c in Class for name in ([c.value, SIGNS] if c is Class.REFORMATTED else [c.value])]
TO_ESCAPE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}  # would end the script element, or its lines


class ReportUnwritable(Exception):
    """The folder of the report cannot be written."""


def write_report(result: Diff, out: Path, files: Path | None = None, most_bytes: int = MOST_BYTES) -> list[Path]:
    """Write report.html, diff.json and diff.csv into a folder; `files` holds the filings, for the crops.

    Raises ReportUnwritable.
    """
    crops = cut(list(_wanted(result)), Filings(files), most_bytes)
    texts = (html_of(result, crops, most_bytes), json_of(result), csv_of(result))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in zip(NAMES, texts, strict=True):
            (out / name).write_bytes(text.encode("utf-8", "replace"))  # half a character is no text
    except OSError as error:
        raise ReportUnwritable(f"{out}: cannot be written: {error.strerror or error}; choose another --out") from error
    return [out / name for name in NAMES]


def _wanted(result: Diff) -> Iterator[Wanted]:
    """The places to show: differences first, then what agrees but is not the same text."""
    for row in sorted(result.rows, key=lambda r: r.compared.cls in AGREEING):
        for file, spot, scanned in zip(row.files, row.spots, row.scanned, strict=True):
            if file is not None and spot is not None:
                yield file, spot, scanned


def json_of(result: Diff) -> str:
    """The comparison as JSON: both sides, the totals, what was held against what, every difference."""
    totals = {by: result.table(by).to_dict(orient="index") for by in TABLES}
    data = {
        "a": {"name": result.a.shown, "source": result.a.source.value},
        "b": {"name": result.b.shown, "source": result.b.source.value},
        "values": result.values,
        "differences": result.differences,
        "left_out": result.left_out,
        "totals": totals,
        "files": summary(result.matches),
        "rows": [_as_object(row) for row in result.rows],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _as_object(row: ComparedRow) -> dict[str, Any]:
    """A row; `a` or `b` is left out where that side has no such value, null where it is blank."""
    c = row.compared
    out: dict[str, Any] = {"id": row.id, "class": c.cls.value, "file": row.file, "form": row.form, "family": row.family}
    out |= {"reader": row.reader, "kind": row.kind, "where_a": c.left, "where_b": c.right}
    for name, value in (("a", c.a), ("b", c.b)):
        if value is not ABSENT:
            out[name] = value
    more: dict[str, Any] = {"moved_to": c.moved_to, "moved_from": c.moved_from, "note": c.note}
    if row.doubt:
        more |= {"risk": row.doubt.risk, "reasons": row.doubt.reasons}
    for side, spot in zip("ab", row.spots, strict=True):
        if spot is not None and spot.page is not None and spot.box is not None:
            b = spot.box
            more[f"at_{side}"] = {"page": spot.page, "box": [round(v, 2) for v in (b.left, b.top, b.right, b.bottom)]}
        elif spot is not None and spot.line is not None:
            at = {} if spot.sheet is None else {"sheet": spot.sheet}
            more[f"at_{side}"] = {**at, "line": spot.line, "column": spot.column}
    if row.values > 1:
        more["values"] = row.values
    if c.signs:
        more["signs"] = True
    return out | {k: v for k, v in more.items() if v is not None}


def csv_of(result: Diff) -> str:
    """The rows as CSV with a mark at its beginning; no text of a filing is a formula to a spreadsheet."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for row in result.rows:
        c, doubt = row.compared, row.doubt
        pages = [spot.page if spot else None for spot in row.spots]
        cells: list[Any] = [row.id, c.cls.value, row.file, row.form, row.family, row.reader, row.kind, c.left, c.right]
        cells += [shown(c.a), shown(c.b), c.moved_to, c.moved_from, doubt and doubt.risk, doubt and doubt.reasons]
        cells += [c.note, *pages, row.values]
        writer.writerow([guarded(v) if isinstance(v, str) else v for v in cells])
    return out.getvalue()


def html_of(result: Diff, crops: Crops, most_bytes: int) -> str:
    """The page: its data as JSON in a script element that no text can end, its script and style inside."""
    environment = Environment(
        loader=PackageLoader("pipeline.diff"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    source = environment.loader
    assert source is not None
    style = source.get_source(environment, "report.css")[0]
    script = source.get_source(environment, "report.js")[0]
    data = embedded(_page_data(result, crops, most_bytes))
    noscript = texts(spoken()).tell("This page lists its rows by a script of its own; allow it; nothing is loaded.")
    return environment.get_template("report.html").render(
        style=style, script=script, data=data, a=result.a.shown, b=result.b.shown, noscript=noscript
    )


def embedded(data: Any) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or begins a comment."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(TO_ESCAPE)


class _Numbered:
    """Texts by number, each once."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def of(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))


def _page_data(result: Diff, crops: Crops, most_bytes: int) -> dict[str, Any]:
    """What the page shows. A row is an array, in the order in which report.js names it."""
    names = {name: _Numbered() for name in ("file", "family", "reader", "kind")}
    places = _Numbered()
    rows = []
    for row in result.rows:
        c = row.compared
        spots = []
        for file, spot, scanned in zip(row.files, row.spots, row.scanned, strict=True):
            place = crops.shown.get((key_of(file), spot, scanned)) if file is not None and spot is not None else None
            spots.append(-1 if place is None else places.of(json.dumps(_place(place), ensure_ascii=False)))
        risk = None if row.doubt is None else [row.doubt.risk, row.doubt.reasons]
        rows.append(
            [
                row.id, _class_shown(row), names["file"].of(row.file), row.form, names["family"].of(row.family),
                names["reader"].of(row.reader), names["kind"].of(row.kind), c.left, c.right, _text(c.a), _text(c.b),
                c.moved_to, c.moved_from, risk, c.note, spots[0], spots[1], row.values,
            ]
        )  # fmt: skip
    totals = {by: _totals_shown(result, by) for by in TABLES}
    matches = summary(result.matches)
    return {
        "a": result.a.shown,
        "b": result.b.shown,
        "values": result.values,
        "differences": result.differences,
        "left": result.left_out,
        "classes": PAGE_CLASSES,
        "totals": totals,
        "matches": [[m["a"], m["b"], m["by"], m["forms_a"], m["forms_b"]] for m in matches],
        "names": {name: list(each.texts) for name, each in names.items()},
        "rows": rows,
        "places": [json.loads(text) for text in places.texts],
        "crops": [base64.b64encode(data).decode("ascii") for data in crops.images],
        "sizes": crops.sizes,
        "missing": crops.missing,
        "unreadable": crops.unreadable,
        "over": crops.over,
        "most": most_bytes,
        "texts": {language.value: texts(language).group("diff") for language in Language},
        "words": {language.value: words_of(texts(language)) for language in Language},
        "told": _told(result),
        "asked": spoken().value if language_wanted(os.environ) or spoken() is not Language.EN else "",
    }


def _class_shown(row: ComparedRow) -> str:
    """The class of a row on the page, where a changed sign does not hide among changed spaces."""
    return SIGNS if row.compared.signs else row.compared.cls.value


def _totals_shown(result: Diff, by: str) -> list[list[Any]]:
    """Numbers of values by the classes of the page: [one of `by`, a number a class, all of them]."""
    signs = Counter(getattr(row, by) for row in result.rows if row.compared.signs)
    table = result.table(by)
    table.insert(list(table.columns).index(Class.REFORMATTED.value) + 1, SIGNS, [signs[key] for key in table.index])
    table[Class.REFORMATTED.value] -= table[SIGNS]
    return [[key, *map(int, numbers)] for key, *numbers in table.itertuples(name=None)]


def _told(result: Diff) -> dict[str, str]:
    """Why values are in doubt, and notes on them, in Chinese by their English."""
    lines: dict[str, None] = {}
    for row in result.rows:
        reasons = row.doubt.reasons if row.doubt is not None else None
        lines |= dict.fromkeys([*(reasons or "").split("\n"), row.compared.note or ""])
    chinese = texts(Language.ZH)
    return {line: said for line in lines if (said := chinese.told(line)) != line}


def _text(value: Any) -> str | int | None:
    """A value for the page: text, null for a blank, 0 for what that side does not have."""
    return 0 if value is ABSENT else shown(value)


def _place(place: ShownPlace) -> list[Any]:
    if place.crop is not None:
        return [place.crop, place.box, place.page]
    sheet = [] if place.sheet is None else [place.sheet, place.column]
    return [None, place.line, place.text, place.start, *sheet]
