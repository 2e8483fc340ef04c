"""The vocabulary: the words of the forms, read from `vocabulary.yaml` and looked up by what is printed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from schemas.language.columns import FUND_COLUMNS, Amounts, FundRole, Role
from schemas.language.definitions import read_definition
from schemas.language.keys import plain
from schemas.language.remembered import remembered
from schemas.language.writing import ENUMERATOR
from schemas.language.years import has_span, without_spans, without_year

SHORTEST_BARE = 4  # characters of a label without its affixes: shorter words name other things

LONGEST_NUMBER = 2  # digits behind a label that is numbered
LONGEST_OPINION = 24  # characters of a label of somebody's opinion


BRACKET = re.compile(r"[()\[\]【】]")


class Period(StrEnum):
    """What the values of a block are of: the year, or the whole project."""

    YEAR = "full_year"
    WHOLE_PROJECT = "whole_project"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kinds(_Section):
    review: str
    department: str
    monitoring: str


class Fiscal(_Section):
    parent: str
    children: list[str]


class FundWords(_Section):
    block: str
    line_headers: list[str]
    sides: dict[str, list[str]]
    total: list[str]
    applied_total: list[str]
    total_endings: list[str]
    subtotals: list[str]
    part: str
    parents: list[str]
    beside: list[str]
    fiscal: Fiscal
    expenditure_line: str
    source_endings: list[str]
    sources: dict[str, list[str]]
    never_parts: list[str]
    line: str
    columns: dict[FundRole, list[str]]
    past: str
    column_patterns: dict[FundRole, str]


class Affixes(_Section):
    before: list[str]
    behind: list[str]


class ColumnNumbers(_Section):
    before: list[str]
    stems: str


class Measures(_Section):
    multiples: str
    times: str
    never_alone: list[str]
    of_deadlines: str
    years: list[str]


class Goals(_Section):
    word: str
    usual: dict[Period, str]


class Periods(_Section):
    whole: str
    year: str
    beside: str


class Ticks(_Section):
    ticked: str
    empty: str


class Vocabulary(_Section):
    """The words by meaning; see the comments in `vocabulary.yaml`."""

    title: str
    title_longest: int
    attachment: str
    chapter: str
    seals: list[str]
    opinion: str
    remarks: list[str]
    kinds: Kinds
    labels: dict[str, list[str]]
    label_affixes: Affixes
    coded: dict[str, str]
    code_words: list[str]
    joined: dict[str, str]
    joined_by: str
    goals: Goals
    periods: Periods
    year_labels: list[str]
    unit_labels: list[str]
    unit_or_office: str
    choices: dict[str, list[str]]
    options: dict[str, list[str]]
    headers: dict[Role, list[str]]
    header_prefixes: dict[Role, list[str]]
    so_far: str
    header_patterns: dict[Role, str]
    column_groups: dict[Role, list[str]]
    this_year: list[str]
    whole_project_of: dict[Role, Role]
    level3_else: list[str]
    subcolumns: dict[Role, dict[int, list[Role]]]
    value_prefixes: dict[Role, list[str]]
    level_words: dict[str, list[str]]
    level_suffix: str
    usual_level1: dict[str, list[str]]
    usual_level2: dict[str, list[str]]
    totals: list[str]
    grades: list[str]
    placeholders: str
    numbered_name: str
    column_numbers: ColumnNumbers
    headings: list[str]
    funds: FundWords
    amount_units: dict[str, int]
    currencies: list[str]
    amount_ends: list[str]
    approximate: list[str]
    amount_in_words: str
    tasks: dict[str, list[str]]
    sure_tasks: list[str]
    operators: dict[str, list[str]]
    operators_behind: dict[str, list[str]]
    inclusive: str
    qualitative: list[str]
    units: list[str]
    indicator_kinds: dict[str, str]
    ratios: list[str]
    shares: str
    measures: Measures
    empty_marks: list[str]
    redacted: str
    ticks: Ticks


class Words:
    """The vocabulary made ready for looking up: printed text in, meaning out."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.all = vocabulary
        self._label = _Labels(_index(vocabulary.labels), vocabulary.label_affixes, vocabulary.goals.word)
        self._choice = _index(vocabulary.choices)
        self._header = _index(vocabulary.headers)
        self._header_prefix = _Prefixes({p: role for role, words in vocabulary.header_prefixes.items() for p in words})
        self._header_pattern = _Patterns(vocabulary.header_patterns, vocabulary.so_far)
        self._time = re.compile(vocabulary.so_far)
        self._column_group = _index(vocabulary.column_groups)
        self._column = _index(vocabulary.funds.columns)
        rates = (words for role, words in vocabulary.funds.columns.items() if FUND_COLUMNS[role] is Amounts.RATE)
        self._rates = tuple(squeeze(word) for words in rates for word in words)
        self._past_money = re.compile(vocabulary.funds.past)
        self._column_pattern = _Patterns(vocabulary.funds.column_patterns, vocabulary.so_far)
        self._task = _index(vocabulary.tasks)
        self._option = {squeeze(w): group for group, words in vocabulary.options.items() for w in words}
        self._level3_else = {squeeze(w) for w in vocabulary.level3_else}
        self._year = {squeeze(w) for w in vocabulary.year_labels}
        self._unit = {squeeze(w) for w in vocabulary.unit_labels}
        self._headings = {squeeze(w) for w in vocabulary.headings}
        self._totals = {squeeze(w) for w in vocabulary.totals}
        self._grades = frozenset(map(squeeze, vocabulary.grades))
        self._sides = _index(vocabulary.funds.sides)
        self._applied_totals = {squeeze(w) for w in vocabulary.funds.applied_total}
        self._fund_totals = {squeeze(w) for w in vocabulary.funds.total} | self._applied_totals
        self._total_endings = tuple(vocabulary.funds.total_endings)
        self._subtotals = frozenset(vocabulary.funds.subtotals)
        self._source_ending = re.compile(f"(?:{'|'.join(map(re.escape, vocabulary.funds.source_endings))})$")
        self._sources = {stem: name for name, stems in vocabulary.funds.sources.items() for stem in (name, *stems)}
        self._indicator_kinds = {kind: re.compile(words) for kind, words in vocabulary.indicator_kinds.items()}
        self._line_headers = {squeeze(w) for w in vocabulary.funds.line_headers}
        self._operators = {squeeze(s): op for op, signs in vocabulary.operators.items() for s in signs}
        self._operators |= {squeeze(w): "text" for w in vocabulary.qualitative}
        self.units = frozenset(squeeze(w) for w in vocabulary.units)
        self.ratios = frozenset(vocabulary.ratios)
        self.share = re.compile(vocabulary.shares)
        self.title = re.compile(vocabulary.title)
        self.attachment = re.compile(vocabulary.attachment)
        self.chapter = re.compile(vocabulary.chapter)
        self.placeholder = re.compile(vocabulary.placeholders)
        self._this_year = re.compile(f"^(?:{'|'.join(map(re.escape, vocabulary.this_year))})")
        self._opinion = re.compile(vocabulary.opinion)
        self._numbered_name = re.compile(vocabulary.numbered_name)
        self.marks = frozenset(vocabulary.ticks.ticked + vocabulary.ticks.empty)
        self.redacted = re.compile(vocabulary.redacted, re.IGNORECASE)
        self.review = re.compile(vocabulary.kinds.review)
        self.department = re.compile(vocabulary.kinds.department)
        self.monitoring = re.compile(vocabulary.kinds.monitoring)
        # longest first, so that 万元 is not read as 元
        self.amount_unit = "|".join(sorted(vocabulary.amount_units, key=len, reverse=True))
        self.amount_in_words = re.compile(vocabulary.amount_in_words)
        self.fund_block = re.compile(vocabulary.funds.block)
        self.fund_line = re.compile(vocabulary.funds.line)
        self._levels = {
            level: {squeeze(w) for w in words} | {squeeze(w + vocabulary.level_suffix) for w in words}
            for level, words in vocabulary.level_words.items()
        }
        self._usual = {squeeze(name): parent for parent, names in vocabulary.usual_level2.items() for name in names}

        self._usual_level1 = {
            self._bare(name): first for first, names in vocabulary.usual_level1.items() for name in names
        }
        self._usual_names = {squeeze(name) for name in vocabulary.usual_level2}

    def __reduce__(self) -> tuple[type[Words], tuple[Vocabulary]]:
        """What is sent to another process: made anew there, without what is remembered."""
        return Words, (self.all,)

    @remembered
    def label(self, text: str) -> str | None:
        """The field that a printed label fills."""
        return None if self.option(text) else self._label.find(text)

    @remembered
    def choice(self, text: str) -> str | None:
        """The option group that a printed label announces."""
        return self._choice.find(text)

    def header_word(self, text: str) -> str | None:
        """The role that a header names whole, not by how it begins."""
        return self._header.find(text)

    @remembered
    def header(self, text: str) -> str | None:
        """The role of an indicator table's column by its header."""
        return self._header.find(text) or self._header_prefix.find(text) or self._header_pattern.find(text)

    def column_group(self, text: str) -> str | None:
        """The role of the columns that a header covers which has columns of its own below it."""
        return self._column_group.find(text)

    def is_level3_else(self, text: str) -> bool:
        """Whether a header is level 3 where no other column is."""
        return squeeze(text) in self._level3_else

    @remembered
    def fund_column(self, text: str) -> str | None:
        """The money column that a printed header names."""
        return self._column.find(text) or self._column_pattern.find(text)

    def is_past_money(self, text: str) -> bool:
        """Whether a header is that of money of a year past: 上年度预算安排."""
        return bool(self._past_money.fullmatch(squeeze(text)))

    def names_rate(self, text: str) -> bool:
        """Whether a label ends as one of the money columns of rates is called: 年度预算执行率."""
        return squeeze(text).endswith(self._rates)

    @remembered
    def task(self, text: str) -> str | None:
        return self._task.find(text)

    def option(self, text: str) -> str | None:
        """The option group that usually prints this option."""
        return self._option.get(squeeze(text))

    @remembered
    def is_opinion(self, text: str) -> bool:
        """Whether a text is the label of somebody's opinion: 主管部门审核意见."""
        short = squeeze(text)
        return len(short) <= LONGEST_OPINION and bool(self._opinion.search(short))

    def numbered_names(self, text: str) -> list[str]:
        """The names of a text that begins with a numbered one, 指标1：… 指标2：…; [] where it begins otherwise."""
        starts = [name.start() for name in self._numbered_name.finditer(text)]
        if not starts or text[: starts[0]].strip():
            return []
        return [text[a:b].strip() for a, b in itertools.pairwise([*starts, len(text)])]

    def is_goal(self, text: str) -> bool:
        """Whether a text may head or name a goal: 项目总目标, 三年总目标, 目标情况."""
        return self.all.goals.word in squeeze(text)

    def usual_goal(self, heading: str) -> str | None:
        """The usual label of the goal whose period a heading names, None where it names none."""
        period = self.period(heading, beside=True)
        return self.all.goals.usual[period] if period else None

    def period(self, heading: str, *, beside: bool = False) -> Period | None:
        """The period that the heading of a block names, None where it names none or both. `beside`: another block
        stands beside it, so that one of the whole need not say for how long."""
        marks = self.all.periods
        spans, short = has_span(heading), squeeze(without_spans(heading))
        whole = spans or bool(re.search(marks.whole, short))
        year = bool(re.search(marks.year, re.sub(marks.whole, "", short)))
        if whole or year:
            return None if whole and year else Period.WHOLE_PROJECT if whole else Period.YEAR
        return Period.WHOLE_PROJECT if beside and re.search(marks.beside, short) else None

    def is_time(self, text: str) -> bool:
        """Whether a text names a time within the year and nothing else: 6月底, 上半年."""
        return bool(self._time.fullmatch(squeeze(text)))

    def asks_for_code(self, text: str) -> bool:
        """Whether a label asks for a code before a name: 主管部门及代码."""
        return any(word in squeeze(text) for word in self.all.code_words)

    def is_year_label(self, text: str) -> bool:
        return _any(self._year, text)

    def is_unit_label(self, text: str) -> bool:
        return _any(self._unit, text)

    @remembered
    def is_title(self, text: str) -> bool:
        """Whether a text could be the title of a form."""
        short = squeeze(text)
        return len(short) <= self.all.title_longest and bool(self.title.search(without_year(short)))

    @remembered
    def is_heading(self, text: str) -> bool:
        """Whether a text is the name of a section, a number before it or not: 一、基本情况."""
        number = ENUMERATOR.match(text)
        return _any(self._headings, text[number.end() :] if number else text)

    @remembered
    def is_total(self, text: str) -> bool:
        return _any(self._totals, text)

    def is_grade(self, text: str) -> bool:
        """Whether a text is the grade of a whole review: 优, 良好."""
        return squeeze(text) in self._grades

    @remembered
    def is_line_header(self, text: str) -> bool:
        return _any(self._line_headers, text)

    @remembered
    def is_fund_total(self, text: str) -> bool:
        return _any(self._fund_totals, text)

    def is_applied_total(self, text: str) -> bool:
        """Whether a total is of what is applied for, and stands beside the lines of another total."""
        return _any(self._applied_totals, text)

    def ends_as_fund_total(self, text: str) -> bool:
        """Whether a label of money says that its amount is a total, be it a known one or not: 某项经费合计."""
        return squeeze(text).endswith(self._total_endings)

    def is_subtotal(self, text: str) -> bool:
        """Whether a label below another one names the sum of the lines beside it: 小计."""
        return squeeze(text) in self._subtotals

    @remembered
    def fund_source(self, text: str) -> str | None:
        """The one name of the source of money that a label names: 政府性基金预算 for 政府性基金. None for no source."""
        stem = self._this_year.sub("", squeeze(text), count=1)
        while stem not in self._sources:
            shorter = self._source_ending.sub("", stem)
            if not shorter or shorter == stem:
                return None
            stem = shorter
        return self._sources[stem]

    @remembered
    def indicator_kind(self, *levels: str | None) -> str | None:
        """What an indicator is of, told by its name or a level, the innermost first: `satisfaction` for 满意率."""
        known = (kind for level in levels for kind, words in self._indicator_kinds.items() if words.search(level or ""))
        return next(known, None)

    def side(self, text: str) -> str | None:
        """`income` or `expenditure` for a cell that parts the money block into two sides."""
        return self._sides.find(text)

    @remembered
    def level(self, text: str, level: str) -> bool:
        """Whether a text is a usual name of `level1` or `level2` (points in brackets aside), or begins a list of such:
        （数量、质量、成本方面的指标）."""
        return _any(self._levels[level], text) or self._lists(self._levels[level], text)

    def _lists(self, names: set[str], text: str) -> bool:
        """Whether a text lists several names and says that they are indicators."""
        inner = squeeze(text).strip("()")
        first, *rest = re.split("[、,]", inner) if inner.endswith(self.all.level_suffix) else [""]
        return bool(rest) and first in names

    @remembered
    def is_level(self, text: str) -> bool:
        """Whether a text is a usual name of a level 1 or 2."""
        return self.level(text, "level1") or self.level(text, "level2")

    def usual_level2(self, name: str) -> str | None:
        """The level 2 under which the common framework prints the indicator `name`."""
        return self._usual.get(squeeze(name))

    def usual_level1(self, level2: str) -> str | None:
        """The level 1, without 指标, under which the common framework prints a level 2."""
        return self._usual_level1.get(self._bare(level2))

    def same_level(self, name: str, other: str) -> bool:
        """Whether two level names are one, points and the word 指标 aside."""
        return self._bare(name) == self._bare(other)

    def _bare(self, name: str) -> str:
        short = re.sub(r"\(\d[^()]*\)$", "", squeeze(name))
        return short.removesuffix(self.all.level_suffix) or short

    def is_usual_level2(self, text: str) -> bool:
        """Whether a name is a level 2 of the common framework."""
        return squeeze(text) in self._usual_names

    def operator(self, text: str) -> str | None:
        """The operator that an operator column's text names, `text` for 定性."""
        return self._operators.get(squeeze(text))

    @remembered
    def known_label(self, text: str) -> bool:
        """Whether a text is any label: of a field, an option group, the year or the unit of amounts."""
        return bool(self.label(text) or self.choice(text) or self.is_year_label(text))


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """The comparison form of a printed word: NFKC, no white space, no colon at its end."""
    return plain(text).rstrip(":：")


@lru_cache(maxsize=65536)
def forms(text: str) -> tuple[str, ...]:
    """The forms under which a printed word is looked up: whole, without its brackets, without their contents."""
    whole = squeeze(text)
    if BRACKET.search(whole) is None:
        return (whole,) if whole else ()
    inner = re.sub(r"[()\[\]【】]", "", whole)
    outer = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】", "", whole).rstrip(":")
    return tuple(f for f in dict.fromkeys((whole, outer, inner)) if f)


def _index(groups: Mapping[str, Iterable[str]]) -> _Index:
    index: dict[str, str] = {}
    for name, words in groups.items():
        for word in words:
            for form in {squeeze(word), re.sub(r"[()]", "", squeeze(word))}:
                index.setdefault(form, name)
    return _Index(index)


class _Index(dict[str, str]):
    """Meanings by word; what was looked up once is remembered."""

    @remembered
    def find(self, text: str) -> str | None:
        """The meaning of a printed word, None where it has none."""
        return self._look_up(text)

    def _look_up(self, text: str) -> str | None:
        return next((self[f] for f in forms(text) if f in self), None)


class _Labels(_Index):
    """Meanings of labels, also of those that a word before or behind makes no others (项目主管单位, 申报单位名称), and
    of numbered ones of what is `numbered`: 长期目标1."""

    def __init__(self, words: Mapping[str, str], affixes: Affixes, numbered: str) -> None:
        super().__init__(words)
        self._number = re.compile(rf"(?<={numbered})\d{{1,2}}$")
        self._before = tuple(map(squeeze, affixes.before))
        self._behind = tuple(map(squeeze, affixes.behind))
        affixed = max(map(len, self._before), default=0) + max(map(len, self._behind), default=0)
        self._longest = max(map(len, self), default=0) + affixed + LONGEST_NUMBER

    def _look_up(self, text: str) -> str | None:
        return super()._look_up(text) or next(
            (self[bare] for form in forms(text) for bare in self._bare(form) if bare in self), self._numbered(text)
        )

    def _numbered(self, text: str) -> str | None:
        """The meaning of a label behind its number: 1.年度目标完成情况."""
        number = ENUMERATOR.match(text)
        return self.find(text[number.end() :]) if number else None

    def _bare(self, label: str) -> Iterator[str]:
        """A label without what may stand before or behind it, where enough of it is left; none of what is longer than a
        known one may be."""
        if len(label) > self._longest:
            return iter(())
        heads = ("", *(word for word in self._before if label.startswith(word)))
        tails = ("", *(word for word in self._behind if label.endswith(word)))
        label = self._number.sub("", label)
        bare = (label.removeprefix(head).removesuffix(tail) for head, tail in itertools.product(heads, tails))
        return (short for short in bare if len(short) >= SHORTEST_BARE)


class _Prefixes(_Index):
    """Meanings by how a text begins."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__(prefixes)
        self._prefixes = tuple(prefixes)

    def _look_up(self, text: str) -> str | None:
        short = squeeze(text)
        if not short.startswith(self._prefixes):
            return None
        return next((meaning for prefix, meaning in self.items() if short.startswith(prefix)), None)


class _Patterns(_Index):
    """Meanings by patterns that a word matches as a whole; `{so_far}` in them stands for a pattern of its own."""

    def __init__(self, patterns: Mapping[str, str], so_far: str) -> None:
        super().__init__({})
        self._patterns = {meaning: re.compile(text.replace("{so_far}", so_far)) for meaning, text in patterns.items()}

    def _look_up(self, text: str) -> str | None:
        shapes = forms(text)
        return next((meaning for meaning, one in self._patterns.items() if any(map(one.fullmatch, shapes))), None)


def _any(words: set[str], text: str) -> bool:
    return not words.isdisjoint(forms(text))


@cache
def load_words() -> Words:
    """The built-in vocabulary; DefinitionWrong names the line that is not right."""
    text = files("schemas.language").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    return Words(read_definition(text, "vocabulary.yaml", Vocabulary))
