"""Where one form ends and the next begins: a title starts a form, its tables and lines belong to it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import field, replace

from pipeline.reading.chapters import chapter_behind
from pipeline.reading.pieces import cut_at_titles, is_title, slices
from pipeline.reading.projects import part_projects
from pipeline.reading.sections import SectionedTable, below_heading, look_at
from pipeline.reading.view import TableView
from schemas.frozen import dataclass
from schemas.language.columns import LEVELS
from schemas.language.money import declared_unit
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Block, Box, Cell, Line, Table, union

SAME_TYPE = 0.06  # of the size: lines of a title differ no more
IDENTITY = ("project_name", "reporting_unit", "implementing_unit", "supervising_department")
FEWEST_COLUMNS = 4  # of a list of projects
FEWEST_LISTED = 2  # rows of a list
APART = re.compile(r"[\s:：]+")
FEWEST_WORDS = 6  # of a form's below a title: a form of which no table was recognised
FEWEST_LABELS = 3  # a titled form without indicators must print at least so many known labels


@dataclass(frozen=True, slots=True)
class Form:
    """A form's title (the line or cell that prints it) and its blocks; each table with its sections and its number in
    the document. A row of a table may hold the title: the table is then cut there."""

    title: Line | Cell | None
    blocks: tuple[Line | SectionedTable, ...]

    @property
    def tables(self) -> list[SectionedTable]:
        return [b for b in self.blocks if isinstance(b, SectionedTable)]

    @property
    def lines(self) -> list[Line]:
        return [b for b in self.blocks if isinstance(b, Line)]


@dataclass(slots=True)
class _Segment:
    title: Line | Cell | None = None
    blocks: list[Line | SectionedTable] = field(default_factory=list)
    has_indicators: bool = False
    identities: set[str] = field(default_factory=set)  # identifying fields whose labels its tables print

    def add(self, table: SectionedTable, words: Words) -> None:
        if self.blocks and isinstance(self.blocks[-1], Line):
            table = below_heading(table, self.blocks[-1].text, words)
        self.blocks.append(table)
        self.has_indicators = self.has_indicators or bool(table.sections)
        self.identities.update(*(found for _, found in _identities(table, words)))

    def begins_anew(self, table: SectionedTable, words: Words) -> bool:
        """Whether a table is another form's, though no title says so: it begins with an identifying label that
        stands above an indicator table of this form already."""
        if not self.has_indicators:
            return False
        first = next((found for row, found in _identities(table, words) if table.view.row(row)), set())
        return bool(first & self.identities)

    def beside(self, table: SectionedTable) -> _Segment:
        """The segment that a table begins: what stands above a form is also that of one which stands at its right."""
        first = next(i for i, block in enumerate(self.blocks) if isinstance(block, SectionedTable))
        left = self.blocks[first]
        if isinstance(left, SectionedTable) and _stands_right_of(left.table, table.table):
            return _Segment(self.title, self.blocks[:first])
        return _Segment()

    def take_chapter(self, then: SectionedTable | None, words: Words) -> list[Line | SectionedTable]:
        """Takes from a form the lines at its end that are a chapter of the report around it."""
        cut = chapter_behind(self.blocks, words, then) if self.has_indicators else None
        if cut is None:
            return []
        chapter = self.blocks[cut:]
        del self.blocks[cut:]
        return chapter

    def is_form(self, words: Words, *, tells_cells: bool) -> bool:
        """A form has an indicator table; or a title, a table and some labels, of which one is enough where the source
        tells no cells: the others may stand within a value. Without a title, what looks like a table of indicators may
        be one of statistics: that of a form tells of whom it is, or the levels of indicators."""
        if self.has_indicators and (self.title is not None or self.identities or self._tells_levels(words)):
            return True
        if self.title is None and not self.has_indicators:
            return False
        cells = (
            cell
            for view in (b.view for b in self.blocks if isinstance(b, SectionedTable))
            for row in view.rows
            if not _heads_a_list(view, row, words)
            for cell in view.starting(row)
        )
        labels = {name for cell in cells if (name := words.label(cell.text) or words.choice(cell.text))}
        listed = not tells_cells and self._numbers_rows(words)  # its labels head the columns of a list
        return (len(labels) >= (FEWEST_LABELS if tells_cells else 1) and not listed) or self._tells_words(words)

    def _numbers_rows(self, words: Words) -> bool:
        """Whether the rows of a table have numbers, as those of a list have."""
        return any(squeeze(text) in words.all.column_numbers.before for text in self._texts())

    def _texts(self) -> Iterator[str]:
        """What its lines and the cells of its tables print."""
        for block in self.blocks:
            yield from (block.text,) if isinstance(block, Line) else (cell.text for cell in block.table.cells)

    def _tells_words(self, words: Words) -> bool:
        """Whether the words of a form, names of levels among them, stand below its title, parted by blanks at least: a
        form of which no table was recognised is one all the same, and what it prints is told as left over."""
        if self.title is None:
            return False
        texts = {word for text in self._texts() for word in APART.split(text) if word}
        levels = {text for text in texts if words.is_level(text) or words.header(text) in LEVELS}
        known = {text for text in texts if words.known_label(text) or words.header(text)}
        return bool(levels) and len(levels | known) >= FEWEST_WORDS

    def _tells_levels(self, words: Words) -> bool:
        """Whether some header has columns of several levels, or some cell is the usual name of one."""
        tables = [block for block in self.blocks if isinstance(block, SectionedTable)]
        columns = [
            {column.role for group in section.groups for column in (*group.columns, *section.outer)}
            for table in tables
            for section in table.sections
        ]
        if any(len(roles.intersection(LEVELS)) > 1 for roles in columns):
            return True
        return any(words.is_level(cell.text) for table in tables for cell in table.table.cells)


def _stands_right_of(left: Table, right: Table) -> bool:
    """Whether a table stands beside another one on a page, at its right, and no lower."""
    if len(left.pages) != 1 or left.pages != right.pages:
        return False
    a, b = _area(left), _area(right)
    return a is not None and b is not None and a.right <= b.left and min(a.bottom, b.bottom) > max(a.top, b.top)


def _area(table: Table) -> Box | None:
    boxes = [place.box for cell in table.cells for _, place in cell.parts if place.box is not None]
    return union(boxes) if boxes else None


def _heads_a_list(view: TableView, row: int, words: Words) -> bool:
    """Whether a row is the head of a list: its columns go on below it, one text under each, for several rows. A form
    that prints its labels in a row has one row of values below it."""
    heads = [c for c in view.starting(row) if c.text.strip()]
    if len(heads) < FEWEST_COLUMNS or any(c.colspan != 1 and c.rowspan != 1 for c in heads):
        return False
    start = row + max(c.rowspan for c in heads)
    columns = {(c.col, c.colspan) for c in heads}
    for below in range(start, start + FEWEST_LISTED):
        cells = view.starting(below)
        if any(words.known_label(c.text) for c in cells):
            return False
        if {(c.col, c.colspan) for c in cells if c.rowspan == 1} != {(c.col, c.colspan) for c in cells}:
            return False
        if not columns <= {(c.col, c.colspan) for c in cells} or sum(1 for c in cells if c.text.strip()) * 2 < len(
            cells
        ):
            return False
    return True


def split_forms(blocks: Iterable[Block], words: Words, *, tells_cells: bool = True) -> list[Form]:
    """The forms among a document's blocks, in reading order; tables and prose that are no form are in none.
    `tells_cells` is the document's."""
    segments = [_Segment()]
    number = 0
    for block in blocks:
        if isinstance(block, Line):
            if is_title(block.text, words):
                title = _with_lines_above(block, segments[-1], words)
                above = _units_above(title, segments[-1], words)
                segments.append(_Segment(title, [*_lines_of_next(segments[-1], words), *above]))
            else:
                segments[-1].blocks.append(block)
            continue
        for heading, part in cut_at_titles(TableView(block, number), words):
            if heading is not None:
                segments.append(_Segment(heading))
            for piece in _cut_at_restarts(look_at(part, words), words) if part is not None else ():
                if segments[-1].begins_anew(piece, words):
                    segments.append(segments[-1].beside(piece))
                elif chapter := segments[-1].take_chapter(piece, words):
                    segments.append(_Segment(blocks=chapter))
                segments[-1].add(piece, words)
        number += 1
    for segment in segments:
        segment.take_chapter(None, words)
    forms = [Form(s.title, tuple(s.blocks)) for s in segments if s.is_form(words, tells_cells=tells_cells)]
    return [part for form in forms for part in _one_a_project(form, words)]


def _one_a_project(form: Form, words: Words) -> list[Form]:
    """A form for each project of a form's tables, each with what stands once for all of them; a form of one project
    is itself."""
    parts: list[tuple[str, list[tuple[int, SectionedTable]]]] = []  # of each project its name, and its tables by block
    listed: set[int] = set()
    for i, block in enumerate(form.blocks):
        for name, table in part_projects(block, words) if isinstance(block, SectionedTable) else ():
            listed.add(i)
            if parts and parts[-1][0] == name:
                parts[-1][1].append((i, table))
            else:
                parts.append((name, [(i, table)]))
    if len(parts) < 2:
        return [form]
    return [replace(form, blocks=_blocks_of(form, dict(tables), listed)) for _, tables in parts]


def _blocks_of(form: Form, tables: dict[int, SectionedTable], listed: set[int]) -> tuple[Line | SectionedTable, ...]:
    """The blocks of a form with these in the place of those that hold projects."""
    return tuple(tables.get(i, block) for i, block in enumerate(form.blocks) if i in tables or i not in listed)


def _lines_of_next(segment: _Segment, words: Words) -> list[Line | SectionedTable]:
    """Takes from a segment the lines behind its last table that print its labels a second time: a dump may hold
    the labels of the next form before its title."""
    last = max((i for i, b in enumerate(segment.blocks) if isinstance(b, SectionedTable)), default=None)
    if last is None:
        return []
    seen = {name for b in segment.blocks[:last] if isinstance(b, Line) and (name := _label_of(b, words))}
    behind = segment.blocks[last + 1 :]
    first = next((i for i, b in enumerate(behind) if isinstance(b, Line) and _label_of(b, words) in seen), None)
    if first is None:
        return []
    moved = behind[first:]
    del segment.blocks[last + 1 + first :]
    return moved


def _label_of(line: Line, words: Words) -> str | None:
    return words.label(re.split(r"[:：]", line.text, maxsplit=1)[0]) if re.search(r"[:：]", line.text) else None


def _identities(table: SectionedTable, words: Words) -> Iterator[tuple[int, set[str]]]:
    """Each row with the identifying fields whose labels begin in it; the header of columns that name projects has
    none."""
    headers = {row for section in table.sections for row in section.header}
    for row in table.view.rows:
        cells = () if row in headers else table.view.starting(row)
        yield row, {name for c in cells if (name := words.label(c.text)) in IDENTITY}


def _cut_at_restarts(looked: SectionedTable, words: Words) -> list[SectionedTable]:
    """A table cut where, below its indicators, the identifying labels of a form begin again."""
    view, table = looked.view, looked.table
    if not looked.sections:
        return [looked]
    seen: set[str] = set()
    cuts = [0]
    begun = sorted(section.header.start for section in looked.sections)
    for row, here in _identities(looked, words):
        if here & seen and bisect_left(begun, row) > bisect_left(begun, cuts[-1]):
            cuts.append(row)
            seen = set()
        seen |= here
    if len(cuts) == 1:
        return [looked]
    ends = [*cuts[1:], table.rows]
    return [look_at(TableView(part, view.index), words) for part in slices(table, list(zip(cuts, ends, strict=True)))]


def _with_lines_above(title: Line, segment: _Segment, words: Words) -> Line:
    """A title with the lines right above it in the same type: titles are set in several lines."""
    lines = [title]
    while segment.blocks and isinstance(above := segment.blocks[-1], Line) and _same_type(above, lines[0], words):
        lines.insert(0, above)
        segment.blocks.pop()
    return title if len(lines) == 1 else replace(title, text="".join(line.text for line in lines))


def _units_above(title: Line, segment: _Segment, words: Words) -> list[Line | SectionedTable]:
    """Takes from a segment the lines right above a title that declare the unit of its amounts: some forms print it in
    the corner of the page, higher than the title."""
    count = 0
    for block in reversed(segment.blocks):
        if not isinstance(block, Line) or block.place.page != title.place.page or not declared_unit(block.text, words):
            break
        count += 1
    start = len(segment.blocks) - count
    moved = segment.blocks[start:]
    del segment.blocks[start:]
    return moved


def _same_type(above: Line, below: Line, words: Words) -> bool:
    a, b = above.place.box, below.place.box
    if a is None or b is None or above.place.page != below.place.page or re.search(r"[:：。]", above.text):
        return False
    if words.attachment.search(above.text):
        return False
    return abs(above.size - below.size) <= SAME_TYPE * below.size and b.top - a.bottom <= below.size
