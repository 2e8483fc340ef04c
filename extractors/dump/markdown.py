"""Markdown as document parsers write it: lines, tables of pipes, and tables of HTML with their spans."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.dump.dashed import dashed_height, dashed_rows
from extractors.dump.drawn import CORNERS, drawn_height, drawn_table
from extractors.dump.lines import MARKED, DumpCell, DumpLine, plain_marks, split_lines
from extractors.dump.loose_rows import Slot, loose_blocks, repeats
from extractors.dump.rows import are_shifted, join_values, tabbed_blocks
from extractors.dump.tex import without_tex
from extractors.dump.whole import fits
from extractors.marked.build import MarkedCell, MarkedTable, build_blocks
from extractors.marked.loose import is_filled, regrown
from extractors.marked.page import read_html
from extractors.marked.rows import SingleCells
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Block, Line, Place

TABLE_TAG = re.compile(r"<(/?)table\b[^<>]*>", re.IGNORECASE)
MARK = re.compile(rf"[|+{CORNERS}]|--")  # some line of any table without tags has one
SPANNED = re.compile(r"\b(?:row|col)span\s*=\s*[\"']?(?:[2-9]|\d\d)", re.IGNORECASE)
RULE = re.compile(r"\s*+(?:\|\s*+)?:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+(?:\|\s*+)?")
PIPED = re.compile(r"\s*\|.*\|\s*")
PIPE = re.compile(r"(?<!\\)\|")
HEADING = re.compile(r"\s{0,3}#{1,6}\s+(?P<text>.*)")
BULLET = re.compile(r"(?<!\s)\s*+[-*+]\s++(?=\S)")
TASK = re.compile(r"\[(?P<mark>[ xX])\]\s+")
PICTURE = re.compile(r"!\[[^\]\n]{0,500}+\]\([^)\n]{0,1000}+\)")
MARKED_UP = re.compile(rf"[\[*_$\\&\n\xa0]|{MARKED.pattern}")  # what of a cell may be shown as something else
BOLD = re.compile(r"(\*\*|__)(?=\S)(?P<text>.+?)(?<=\S)\1")
ESCAPE = re.compile(r"\\(?P<char>[!-/:-@\[-`{-~])")
SEPARATOR = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*")
PAGE_MARK = re.compile(r"\s*\{\d{1,5}\}-{3,}\s*")  # where a parser begins the next page
COMMENT = re.compile(r"<!--.{0,2000}?-->")
QUOTED_ROW = re.compile(r"^[ ]{0,3}>(?:[ ]?>)*+(?=[ ]?\|)", re.MULTILINE)
QUOTED = re.compile(r"^[ ]{0,3}>(?:[ ]?>)*+(?!\d)", re.MULTILINE)  # not >95%
FEWEST_BARE = 3  # lines that are a table though no pipe stands around them, if each of them
FEWEST_PIPES = 1  # has more pipes than these
FEWEST_ROWS = 2  # lines of pipes that are a table though no rule of dashes stands among them


@dataclass(frozen=True, slots=True)
class _Html:
    """A table of HTML with the lines that stand around it on its first and last line."""

    text: str
    line: int


_Part = _Html | Line | MarkedTable | list[list[Slot]]


def is_marked_down(text: str) -> bool:
    """Whether a text holds tables of Markdown or HTML: a rule of dashes and pipes, rows between pipes, drawn borders,
    columns marked by dashes, whole tables."""
    text = _unquoted(text)
    if _has_html(text):
        return True
    piped = 0
    lines = split_lines(text)
    marked = [MARK.search(line) is not None for line in lines]
    for number, line in enumerate(lines):
        if not any(marked[number : number + 2]):
            piped = 0
            continue
        if ("|" in line and RULE.fullmatch(line)) or drawn_height(lines, number) or dashed_height(lines, number):
            return True
        piped = piped + 1 if PIPED.fullmatch(line) and len(PIPE.findall(line)) > FEWEST_ROWS else 0
        if piped > FEWEST_ROWS or _is_bare_table(lines[number : number + FEWEST_BARE]):
            return True
    return False


def _unquoted(text: str) -> str:
    """A text whose tables are quoted, without the marks of it: blanks stand for them, so that each place stays."""
    quoted = "|" in text and len(QUOTED_ROW.findall(text)) > FEWEST_ROWS
    return QUOTED.sub(lambda match: " " * len(match.group()), text) if quoted else text


def _is_bare_table(lines: Sequence[str]) -> bool:
    """Whether lines are rows of one table though no pipe stands around them: each has as many pipes, and several."""
    pipes = {len(PIPE.findall(line)) for line in lines}
    return len(lines) >= FEWEST_BARE and len(pipes) == 1 and min(pipes) > FEWEST_PIPES


def _has_html(text: str) -> bool:
    tags = {tag[1] for tag in TABLE_TAG.finditer(text)}
    return tags == {"", "/"}


def markdown_blocks(text: str, words: Words) -> tuple[Block, ...]:
    """The lines and tables of a Markdown text in order. Raises what `read_html` raises."""
    text = _unquoted(text)
    parts = list(_parts(text))
    if (lines := _shifted_lines(parts, words)) is not None:
        return tabbed_blocks(lines, words)
    flow: list[Line | MarkedTable] = []
    rows: list[list[Slot]] = []
    spans = SPANNED.search(text) is not None

    def close() -> None:
        if rows:
            flow.extend(loose_blocks(rows, words))
        rows.clear()

    for part in parts:
        if isinstance(part, _Html):
            close()
            flow += _html_tables(part, words, spans=spans)
        elif isinstance(part, (Line, MarkedTable)):
            close()
            flow.append(part)
        else:
            if rows and part and len(part[0]) != len(rows[0]):
                close()
            rows += part
    close()
    return join_values(build_blocks(flow), words)


def _shifted_lines(parts: Sequence[_Part], words: Words) -> list[DumpLine] | None:
    """The lines of a text whose rows of pipes are shifted, as those of tabs may be: nearly all begin at the left, as
    if none stood below a merged cell, they end anywhere, and do not fit their headers. None of others."""
    if not all(isinstance(part, (Line, list)) for part in parts):
        return None
    texts = [[slot.text for slot in row] for part in parts if isinstance(part, list) for row in part]
    texts = [row for row in texts if any(row)]
    if not are_shifted([[i for i, text in enumerate(row) if text] for row in texts]):
        return None
    rows = SingleCells(texts, words)
    if repeats(rows) or fits(rows):
        return None
    out: list[DumpLine] = []
    for part in parts:
        for row in (
            part if isinstance(part, list) else [[Slot(part.text, part.place)]] if isinstance(part, Line) else []
        ):
            cells = [
                DumpCell(slot.text, tab, slot.place.line or 1, slot.place.column or 1)
                for tab, slot in enumerate(row)
                if slot.text
            ]
            if cells:
                asks = len(row) > 1 and words.known_label(cells[0].text)  # a lone label has a blank behind it
                out.append(DumpLine(cells[0].line, tuple(cells), max(cells[-1].tab, int(asks))))
    return out


def _parts(text: str) -> Iterator[_Part]:
    """HTML tables, plain lines, tables with drawn borders, of dashes and of pipes, in order."""
    for number, piece in _pieces(text):
        if TABLE_TAG.match(piece):
            yield _Html(piece, number)
            continue
        lines = split_lines(piece)
        i = 0
        while i < len(lines):
            if height := drawn_height(lines, i):
                yield drawn_table(lines[i : i + height], number + i, plain_cell)
                i += height
                continue
            if height := dashed_height(lines, i):
                yield dashed_rows(lines, i, number + i, plain_cell)
                i += height
                continue
            if height := _table_height(lines, i):
                yield _piped_rows(lines[i : i + height], number + i)
                i += height
                continue
            shown = plain_line(lines[i])
            if shown:
                yield from _lines(shown, number + i)
            i += 1


def _lines(shown: str, number: int) -> Iterator[Line]:
    for part in shown.split("\n"):
        if part.strip():
            yield Line(part.strip(), Place(line=number, column=1))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of the tables of HTML and of what stands between them; a table that has no end is text."""
    start, number = 0, 1
    depth, began = 0, 0
    for tag in TABLE_TAG.finditer(text):
        if not tag[1]:
            began = tag.start() if depth == 0 else began
            depth += 1
            continue
        depth -= depth > 0
        if depth == 0 and began >= start:
            for piece in (text[start:began], text[began : tag.end()]):
                if piece:
                    yield number, piece
                number += piece.count("\n")
            start = tag.end()
    if text[start:]:
        yield number, text[start:]


def _table_height(lines: Sequence[str], i: int) -> int:
    """How many lines from i are a table of pipes; 0 where none begins."""
    end = i
    while end < len(lines) and PIPE.search(lines[end]):
        end += 1
    ruled = any(RULE.fullmatch(line) and "|" in line for line in lines[i : min(end, i + 2)])
    piped = sum(1 for line in lines[i:end] if PIPED.fullmatch(line))
    return end - i if ruled or (piped == end - i >= FEWEST_ROWS) or _is_bare_table(lines[i:end]) else 0


def _piped_rows(lines: Sequence[str], number: int) -> list[list[Slot]]:
    """The rows of a table of pipes. Where pipes stand around its rules, or around all its rows, they bound the rows;
    else what stands outside them is a cell, blank or not."""
    ruled = {k for k, line in enumerate(lines) if RULE.fullmatch(line)}
    rules = [lines[k].strip() for k in sorted(ruled)]
    rows = [line.strip() for k, line in enumerate(lines) if k not in ruled]
    left, right = (
        any(part and all(bounded(line, "|") for line in part) for part in (rules, rows))
        for bounded in (str.startswith, str.endswith)
    )
    return [_slots(line, number + k, left, right) for k, line in enumerate(lines) if k not in ruled]


def _slots(line: str, number: int, left: bool, right: bool) -> list[Slot]:
    """The cells between the pipes of a line; `left` and `right`: pipes stand around them too."""
    parts = PIPE.split(line)
    column = 1
    if left and not parts[0].strip():
        column += len(parts[0]) + 1
        del parts[0]
    if right and parts and not parts[-1].strip():
        del parts[-1]
    slots = []
    for part in parts:
        at = column + len(part) - len(part.lstrip())
        slots.append(Slot(plain_cell(part), Place(line=number, column=at)))
        column += len(part) + 1
    return slots


def plain_line(line: str) -> str:
    """A line outside tables without the marks of Markdown."""
    line = COMMENT.sub("", line.replace("\f", ""))
    if SEPARATOR.fullmatch(line) or PAGE_MARK.fullmatch(line):
        return ""
    if (heading := HEADING.fullmatch(line)) is not None:
        line = heading["text"].rstrip().rstrip("#").rstrip()
    line = BULLET.sub("", line, count=1)
    return plain_cell(line)


def plain_cell(text: str) -> str:
    """The text of a cell as the page shows it."""
    text = text.strip()
    if MARKED_UP.search(text) is None:
        return text
    text = TASK.sub(lambda match: "□" if match["mark"] == " " else "☑", PICTURE.sub("", text))
    text = BOLD.sub(lambda match: match["text"], without_tex(text))
    text = ESCAPE.sub(lambda match: match["char"], text)
    return html.unescape(plain_marks(text)).replace("\xa0", " ").strip()


def _html_tables(part: _Html, words: Words, *, spans: bool) -> list[Line | MarkedTable]:
    """The tables of a piece of HTML, each cell with the line of the text that it stands on. `spans`: the text marks
    merged cells somewhere."""
    flow, _ = read_html(part.text, first_line=part.line)
    out: list[Line | MarkedTable] = []
    for each in flow:
        if isinstance(each, MarkedTable):
            out.append(_with_spans(_without_tex(each), words, spans=spans))
        else:
            out += _lines(plain_cell(each), part.line)
    return out


def _with_spans(table: MarkedTable, words: Words, *, spans: bool) -> MarkedTable:
    """The table; one that marks no merged cell, with them whole again: it repeats a text in each part of one, or the
    whole text marks none and leaves blanks."""
    merged = any(cell.rowspan > 1 or cell.colspan > 1 or cell.tables for cell in table.cells)
    return table if merged or (spans and not is_filled(table, words)) else regrown(table, words)


def _without_tex(table: MarkedTable) -> MarkedTable:
    return replace(table, ruled=True, cells=tuple(_cell_without_tex(cell) for cell in table.cells))


def _cell_without_tex(cell: MarkedCell) -> MarkedCell:
    return replace(cell, flow=tuple(_without_tex(f) if isinstance(f, MarkedTable) else _shown(f) for f in cell.flow))


def _shown(text: str) -> str:
    return BOLD.sub(lambda match: match["text"], without_tex(text))
