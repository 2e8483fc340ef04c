"""One form becomes one record: the order in which its parts are read, and the account of what nothing owns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence, Sized
from collections.abc import Set as AbstractSet

from pipeline.reading.forms import IDENTITY, Form
from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.fields import FieldReader
from pipeline.reading.interpret.funds import FundReader
from pipeline.reading.interpret.indicators import IndicatorReader
from pipeline.reading.interpret.labels import INLINE
from pipeline.reading.interpret.lines import LineReader
from pipeline.reading.interpret.outer import OuterReader
from pipeline.reading.interpret.tasks import read_tasks
from pipeline.reading.pieces import title_of
from pipeline.reading.view import TableView
from schemas.families import GENERIC, Family, match_family, nearest_family
from schemas.frozen import dataclass
from schemas.language.columns import BY_ROLE, LEVELS
from schemas.language.keys import plain
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import parse_year
from schemas.model import AsideKind, Cell, Document, Line, Place, Reader, pages_of, union
from schemas.pointers import pointer
from schemas.reading import FamilyMatch, FormReading
from schemas.record import Indicator, Kind, Record, Source

TORN = 0.25  # share of indicator rows without a name or value from which the whole list is doubted
FEWEST_TORN = 3
UNTOLD = "the text does not say where cells begin and end, and no known family is laid out so: all of it was worked out"
SEVERAL = "the text does not say where cells begin and end: several projects may have been read as one"
NOTHING = "the text does not say where cells begin and end, and nothing of this was recognised in it"
OF_NOBODY = "nothing tells of whom or of which project it is, nor the levels of its indicators: it may be a statistic"
FEWEST_HEADLESS = 2  # names of levels before rows that are indicators though no header stands above them
FEWEST_BESIDE = 3  # texts of such a row
HEADLESS = "rows that names of levels stand before lie under no header that could be read: none of them was read"
OF_THE_YEAR = {"progress", "forecast"}  # columns that only forms print which look at a plan before its end


@dataclass(frozen=True, slots=True)
class Identity:
    """Which family a form is of, and the title by which it was found."""

    title: str | None
    family: Family | None
    match: FamilyMatch


def identify(form: Form, families: Sequence[Family]) -> Identity:
    """The family of a form by its title and the labels it prints; raises FamiliesCollide."""
    title = title_of(form.title.text) if form.title is not None else None
    labels = printed_labels(form)
    family, match = match_family(families, title, labels)
    if family is None and is_scanned(form) and (near := nearest_family(families, title, labels)):
        family, match = near
    return Identity(title, family, match)


def is_scanned(form: Form) -> bool:
    """Whether some of the form's text was recognised, not copied: only that has scores."""
    lines = itertools.chain(form.lines, (line for t in form.tables for c in t.table.cells for line in c.lines))
    return any(line.score is not None for line in lines)


def read_form(form: Form, number: int, document: Document, identity: Identity, words: Words) -> FormReading:
    """The record of one form, with the origin of every value. `number` counts the file's forms from 0."""
    draft = Draft()
    funds = FundReader(draft, words)
    family = identity.family
    subcolumns = {**words.all.subcolumns, **(family.subcolumns if family else {})}
    indicators = IndicatorReader(draft, words, subcolumns)
    fields = FieldReader(draft, words, funds.read_inline)
    outer = OuterReader(draft, words, funds)
    lines = LineReader(draft, words, funds.read_inline)
    _read_title(draft, form)
    for block in form.blocks:
        if isinstance(block, Line):
            lines.read(block)
            continue
        view = block.view
        free = {r for r in view.rows if view.row(r)}
        free -= block.unread
        outer.read(block)
        rows = indicators.read(block)
        free -= rows
        _doubt_rows(draft, "/indicators", view, rows)
        rows = read_tasks(draft, view, free, words)
        free -= rows
        _doubt_rows(draft, "/tasks", view, rows)
        rows = funds.read(view, free)
        _doubt_rows(draft, "/funds", view, rows)
        free -= rows
        headless = _headless_rows(view, free, words)
        if headless:
            draft.doubt("unreadable", "/indicators", HEADLESS, None, _place_of_row(view, min(headless)))
        fields.read(view, free - headless)
    _account(draft, form)
    _tell_aside(draft, form, document)
    _doubt_disorder(draft, indicators.indicators, indicators.columns)
    if family is None and indicators.indicators and _is_of_nobody(draft, funds, indicators):
        draft.doubt("inferred", "", OF_NOBODY)
    told = document.tells_cells and all(t.table.told for t in form.tables)
    if not told and (family is None or identity.match.missing):
        _doubt_cells(draft, funds, indicators)
    if family is not None and identity.match.missing:
        lacks = identity.match.missing
        draft.doubt("inferred", "/family", f"taken for {family.id}, though {'; '.join(lacks)}")
        if any(lack.startswith("title ") for lack in lacks):
            draft.doubt("low-score", "/title", f"forms of {family.id} have another title", identity.title)
    if family is not None:
        if document.reader is Reader.DUMP and family.fiscal_children:
            funds.settle_fiscal(family.fiscal_children)
        _missing_fields(draft, family, document.reader)
    sheets = form_sheets(form)
    record = Record(
        source=Source(
            file=document.path,
            sha256=document.sha256,
            pages=form_pages(form),
            reader=document.reader,
            form=number,
            sheets=sheets or None,
        ),
        family=family.id if family else GENERIC,
        kind=family.kind if family else guess_kind(identity.title, indicators.columns, draft, words),
        title=identity.title,
        year=draft.year,
        amount_unit=draft.amount_unit,
        fields=_in_printed_order(draft, sheets),
        choices=draft.choices,
        tasks=draft.tasks,
        tasks_total=draft.tasks_total,
        funds=funds.funds,
        columns=indicators.columns,
        indicators=indicators.indicators,
        findings=draft.findings,
    )
    return FormReading(record, tuple(draft.origins), identity.match)


def _doubt_rows(draft: Draft, where: str, view: TableView, rows: AbstractSet[int]) -> None:
    """Doubt a list in which one row may be two: then all behind it stand one further down."""
    for row in filter(rows.__contains__, view.table.unsure_rows):
        leaves = [cell for cell in view.starting(row) if cell.rowspan == 1]
        above, *_, below = sorted(place.page or 0 for cell in leaves for _, place in cell.parts)
        draft.doubt(
            "inferred",
            where,
            f"the last row of page {above} and the first of page {below} were taken for one; if they are two, each row"
            " behind them stands one further down",
        )


def _headless_rows(view: TableView, free: AbstractSet[int], words: Words) -> set[int]:
    """The rows of a list of indicators of which no header was read, by the names of levels before them: taken for
    labels and values, their texts would be fields that no form prints."""
    named: dict[int, set[str]] = {}
    for row in free:
        texts = [cell.text for cell in view.row(row) if cell.text.strip()]
        levels = {bare for text in texts if words.is_level(bare := bare_level(text))}
        if levels and len(texts) >= FEWEST_BESIDE:
            named[row] = levels
    return set(named) if len(set().union(*named.values())) >= FEWEST_HEADLESS and len(named) > 1 else set()


def _doubt_cells(draft: Draft, funds: FundReader, indicators: IndicatorReader) -> None:
    """Doubt what a text without cells was taken to say, where no family tells how its forms are laid out: a value may
    well stand under another heading, and a part of which nothing was read may have gone into another."""
    parts: dict[str, Sized] = {
        "/fields": draft.fields,
        "/funds": funds.funds,
        "/indicators": indicators.indicators,
        "/choices": draft.choices,
        "/tasks": draft.tasks,
        "/tasks_total": draft.tasks_total or (),
        "/columns": indicators.columns,
    }
    for where, read in parts.items():
        draft.doubt("inferred", where, UNTOLD if read else NOTHING)
    for where, alone in (("/year", draft.year), ("/amount_unit", draft.amount_unit)):
        if alone is None:
            draft.doubt("inferred", where, NOTHING)
    if _may_be_several(indicators.indicators):
        draft.doubt("inferred", "", SEVERAL)


def _is_of_nobody(draft: Draft, funds: FundReader, indicators: IndicatorReader) -> bool:
    """Whether a titled table of names and values has no other mark of a form: tables of statistics have titles too."""
    marks = draft.choices or draft.tasks or funds.funds or not draft.fields.keys().isdisjoint(IDENTITY)
    levels = any(i.level1 or i.level2 for i in indicators.indicators)
    return not marks and not levels and set(LEVELS[:2]).isdisjoint(indicators.columns)


def _may_be_several(indicators: Sequence[Indicator]) -> bool:
    """Whether the indicators may be those of several projects: a level 1 begins anew behind another one, or the text
    told none, or no indicators."""
    runs = [level for level, _ in itertools.groupby(i.level1 for i in indicators)]
    return not indicators or None in runs or len(set(runs)) < len(runs)


def _in_printed_order(draft: Draft, sheets: Sequence[str]) -> dict[str, str | None]:
    """The fields in the order in which they stand in the filing; those that stand nowhere come last."""
    places: dict[str, tuple[float, float, float]] = {}
    for origin in draft.origins:
        place = origin.place
        top, left = (place.box.top, place.box.left) if place.box else (place.line or 0, place.column or 0)
        page = sheets.index(place.sheet) if place.sheet in sheets else place.page or 0
        places.setdefault(origin.pointer, (page, top, left))
    last = (float("inf"), 0.0, 0.0)
    return dict(sorted(draft.fields.items(), key=lambda item: places.get(pointer("fields", item[0]), last)))


def printed_labels(form: Form) -> set[str]:
    """Every short text of a form that may be a label: whole cells, and what stands before a colon."""
    texts = [c.text for t in form.tables for c in t.table.cells] + [line.text for line in form.lines]
    labels: set[str] = set()
    for text in texts:
        if len(text) <= 40:
            labels.add(squeeze(text))
        if (":" in text or "：" in text) and (inline := INLINE.fullmatch(text)):
            labels.add(squeeze(inline.group("label")))
    return labels


def form_pages(form: Form) -> list[int]:
    """The pages that a form stands on; [] for a dump."""
    pages = {page for table in form.tables for page in pages_of(table.table)}
    pages |= {b.place.page for b in [*form.lines, form.title] if b is not None and b.place.page is not None}
    return sorted(pages)


def form_sheets(form: Form) -> list[str]:
    """The sheets of a workbook that a form stands on, in its order; [] for what is no workbook."""
    places = [b.place for b in (form.title, *form.lines) if b is not None]
    places += [place for table in form.tables for cell in table.table.cells for _, place in cell.parts]
    return list(dict.fromkeys(place.sheet for place in places if place.sheet is not None))


def guess_kind(title: str | None, columns: Sequence[str], draft: Draft, words: Words) -> Kind:
    """The kind of a form that no family claims: by its title, else by what it prints."""
    review = bool(words.review.search(title or "")) or "actual" in columns
    within_the_year = not OF_THE_YEAR.isdisjoint(columns) and "actual" not in columns
    monitoring = bool(words.monitoring.search(title or "")) or within_the_year
    named = bool(words.department.search(title or ""))
    department = named or ("project_name" not in draft.fields and "main_functions" in draft.fields)
    if monitoring:
        return Kind.DEPARTMENT_MONITORING if department else Kind.PROJECT_MONITORING
    if review:
        return Kind.DEPARTMENT_REVIEW if department else Kind.PROJECT_REVIEW
    return Kind.DEPARTMENT_TARGET if department else Kind.PROJECT_TARGET


def _read_title(draft: Draft, form: Form) -> None:
    if form.title is None:
        draft.doubt("inferred", "/title", "no title is printed above the form's indicator table")
        return
    draft.own(form.title)
    year = parse_year(form.title.text)
    pointers = ["/title", "/year"] if year is not None else ["/title"]
    draft.year = year
    for where in pointers:
        if isinstance(form.title, Line):
            draft.origin_line(where, form.title.text, form.title)
        else:
            draft.origin(where, form.title.text, None, form.title)


def _account(draft: Draft, form: Form) -> None:
    """Every text of the form that nothing of the record owns becomes a finding: nothing is lost unseen."""
    for line in form.lines:
        if not draft.is_owned(line) and line.text.strip():
            _unowned(draft, line, None)
    for view in (table.view for table in form.tables):
        for cell in view.table.cells:
            if cell.text.strip() and not draft.is_owned(cell):
                _unowned(draft, cell, view)
            elif cell.unreadable and cell.inferred and not draft.is_owned(cell):
                draft.doubt("unreadable", "", f"{cell.place}, in no field: {cell.inferred}", place=cell.place)
        for one in view.table.hidden:
            message = f"the file holds and does not show, so it was not read: {one.what}"
            place = _place_of_row(view, one.row) if one.place is None else one.place
            draft.doubt("hidden", "", message, place=place)


def _tell_aside(draft: Draft, form: Form, document: Document) -> None:
    """What was set aside of a form's pages: heads and feet are told once though every page prints them, and what no
    line and no cell holds is told whole. A page that shows nothing belongs to the form before it."""
    told: set[str] = set()
    for _, aside in sorted(one for page in form_pages(form) for one in document.aside_by_page.get(page, ())):
        if aside.kind is AsideKind.LOST:
            message = f"printed on page {aside.place.page}: {aside.why}"
            draft.doubt("unowned", "", message, aside.text, aside.place)
        elif (key := re.sub(r"\d+", "0", plain(aside.text))) not in told:
            told.add(key)
            draft.doubt("hidden", "", f"{aside.why}, {aside.place}: it was not read", aside.text, aside.place)


def _place_of_row(view: TableView, row: int) -> Place | None:
    """Where a row of a table stands: the area of its cells on paper, its first cell elsewhere; None without any."""
    areas = [place for cell in view.row(row) for first, place in cell.parts if first <= row]
    if not areas or areas[0].page is None:
        return areas[0] if areas else None
    boxes = [area.box for area in areas if area.box is not None and area.page == areas[0].page]
    return Place(areas[0].page, union(boxes) if boxes else None)


def _unowned(draft: Draft, thing: Cell | Line, view: TableView | None) -> None:
    where = (
        f"table {view.index + 1}, row {thing.row + 1}, column {thing.col + 1}"
        if view and isinstance(thing, Cell)
        else ""
    )
    message = f"printed at {thing.place}{', ' + where if where else ''}, in no field"
    draft.doubt("unowned", "", message, thing.text, thing.place)


def _doubt_disorder(draft: Draft, indicators: Sequence[Indicator], columns: Sequence[str]) -> None:
    """Rows without a name or without any value tell that texts and columns do not fit: then all are doubtful. Where the
    form prints no column of values, its points are what a row holds."""
    measured = any(BY_ROLE[role].has_value for role in columns)

    def holds(one: Indicator) -> bool:
        if measured:
            return bool(any(one.targets.values()) or one.actual or one.progress)
        return bool(any(one.weights.values()) or one.score)

    torn = [i for i in indicators if i.level3 is None or not holds(i)]
    if len(torn) >= FEWEST_TORN and len(torn) > TORN * len(indicators):
        draft.doubt(
            "inferred",
            "/indicators",
            f"{len(torn)} of {len(indicators)} rows lack a name or a value: the order of the source's texts does not"
            " fit its columns",
        )


def _missing_fields(draft: Draft, family: Family, reader: Reader) -> None:
    """A field that every form of the family prints and this source does not hold is lost."""
    for name in family.prints:
        if name not in draft.fields and name not in draft.choices:
            draft.fields[name] = None
            draft.doubt(
                "lost", pointer("fields", name), f"forms of this family print it; this {reader} does not hold it"
            )
