"""A region of lines without upright rules, parted: what stands below a header, and what labels tell."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.tables.alignment import TextLine
from extractors.tables.borderless import LABEL
from extractors.tables.heads import is_header
from extractors.tables.unruled.texts import strings, texts_of
from schemas.frozen import dataclass
from schemas.language.money import names_block, names_line, parse_amount
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import parse_year, without_year
from schemas.model import Rule

PROSE = 14.0  # of the line height: a line as long as this may be one of a goal's
LONGEST_GOAL = 8  # characters of a label that names a goal
FEWEST_BESIDE = 2  # texts of a row beside the heading of its section
MOST_HEAD = 3  # lines above or below that of most names
FEWEST_COLUMNS = 2  # of money, known for certain, that make a header of a line
HEAD_GAP = 1.6  # of the line height: lines of one header stand no further apart
WRAP = 0.6  # of the line height: lines of one name stand no further apart
NEAR = 3  # lines above one, among which stands what it goes on


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of one make: `head` are the lines of their header, none where labels tell what they hold."""

    head: tuple[TextLine, ...]
    body: tuple[TextLine, ...]


def stretches(lines: Sequence[TextLine], rules: Sequence[Rule], across: Sequence[float], words: Words) -> list[Stretch]:
    """The stretches of a region's lines, from top to bottom; `across` is where some of the rules run across it."""
    out: list[Stretch] = []
    loose: list[TextLine] = []
    at = 0
    while at < len(lines):
        if not heads_columns(strings(lines[at]), words):
            loose.append(lines[at])
            at += 1
            continue
        above = _above(loose, lines[at], across, words)
        below = _ruled_below(lines, at, across, words)
        below = _head_below(lines, at, words) if below is None else below
        head = (*loose[len(loose) - above :], *lines[at : below + 1])
        loose = loose[: len(loose) - above]
        names = strings(lines[at])
        of_money = any(words.fund_column(name) for name in names)
        body = _Body(below + 1, is_header(names, words), of_money, texts_of(lines[at])[0].box.left)
        end = _end(lines, body, rules, words)
        out += [Stretch((), tuple(loose))] if loose else []
        own = list(lines[below + 1 : end])
        again = end < len(lines) and heads_columns(strings(lines[end]), words)
        last = len(own) - (_above(own[1:], lines[end], across, words) if again else 0)
        out.append(Stretch(head, tuple(own[:last])))
        loose, at = own[last:], end
    return [*out, Stretch((), tuple(loose))] if loose else out


def heads_columns(texts: Sequence[str], words: Words) -> bool:
    """Whether the texts of a line are the header of a table: of indicators, of money, or of tasks."""
    if is_header(texts, words):
        return True
    if any(parse_amount(text, words) is not None and parse_year(text) is None for text in texts):
        return False
    columns = [words.fund_column(text) for text in texts]
    tasks = {words.task(text) for text in texts}
    if (
        len(texts) >= FEWEST_COLUMNS
        and any(columns)
        and all(c or _is_year(t, words) for c, t in zip(columns, texts, strict=True))
    ):
        return True
    return sum(c is not None for c in columns) >= FEWEST_COLUMNS or {"name", "content"} <= tasks


def _is_of_header(texts: Sequence[str], words: Words) -> bool:
    """Whether all texts of a line may stand in a header."""
    return all(
        words.header(t) or words.column_group(t) or words.is_heading(t) or words.fund_column(t) or _is_year(t, words)
        for t in texts
    )


def _is_year(text: str, words: Words) -> bool:
    return parse_year(text) is not None and not squeeze(without_year(text))


def _above(loose: Sequence[TextLine], main: TextLine, across: Sequence[float], words: Words) -> int:
    """How many of the lines before a header's are lines of it."""
    ruled = _ruled_above(loose, main, across, words)
    return _head_above(loose, main, words) if ruled is None else ruled


def _ruled_above(loose: Sequence[TextLine], main: TextLine, across: Sequence[float], words: Words) -> int | None:
    """How many of the lines before a header's stand between it and the rule above it; None without a near one."""
    rule = max((y for y in across if y < main.box.middle[1]), default=None)
    if rule is None:
        return None
    count = sum(1 for line in loose if line.box.middle[1] > rule)
    reach = main.box.top - rule <= MOST_HEAD * 2 * main.size
    if count >= MOST_HEAD or not reach:
        return None
    above = loose[len(loose) - count - 1 :][:1]  # names over others, with a rule between
    return count + bool(above and len(above[0].texts) > 1 and _is_of_header(strings(above[0]), words))


def _ruled_below(lines: Sequence[TextLine], main: int, across: Sequence[float], words: Words) -> int | None:
    """The number of the last line of a header that a rule ends; None without one, or where that ends a row as well."""
    rule = min((y for y in across if y > lines[main].box.middle[1]), default=None)
    if rule is None:
        return None
    last = max(k for k in range(main, len(lines)) if k == main or lines[k].box.middle[1] < rule)
    if last - main >= MOST_HEAD:
        return None
    while any(words.header(t) or words.is_heading(t) for t in strings(lines[main])) and _is_next(lines, last, words):
        last += 1  # names below names that stand over them, with a rule between
    return last


def _is_next(lines: Sequence[TextLine], last: int, words: Words) -> bool:
    below = strings(lines[last + 1]) if last + 1 < len(lines) else []
    return len(below) > 1 and _is_of_header(below, words) and not heads_columns(below, words)


def _head_above(loose: Sequence[TextLine], main: TextLine, words: Words) -> int:
    """How many of the lines before a header's are lines of it, where no rule tells."""
    count, top = 0, main.box.top
    for line in reversed(loose):
        gap = top - line.box.bottom
        overlaps = gap < 0
        if not overlaps and not (gap <= HEAD_GAP * main.size and _is_of_header(strings(line), words)):
            break
        if any(LABEL.match(text) for text in strings(line)):
            break
        count, top = count + 1, line.box.top
    return count


def _head_below(lines: Sequence[TextLine], main: int, words: Words) -> int:
    """The number of the last line of a header."""
    last = main
    for k in range(main + 1, len(lines)):
        gap = lines[k].box.top - lines[last].box.bottom
        texts = strings(lines[k])
        overlaps = gap < 0
        again = not overlaps and heads_columns(texts, words) and is_header(strings(lines[main]), words)
        if again or not (overlaps or (gap <= HEAD_GAP * lines[main].size and _is_of_header(texts, words))):
            break
        last = k
    return last


@dataclass(frozen=True, slots=True)
class _Body:
    """A body: the number of its first line, whether it is one of indicators, one of money, and where its first column's
    name begins."""

    start: int
    of_indicators: bool
    of_money: bool
    left: float


def _end(lines: Sequence[TextLine], body: _Body, rules: Sequence[Rule], words: Words) -> int:
    """The number of the line behind a body: where a header, a label or another block begins."""
    for k in range(body.start, len(lines)):
        texts = strings(lines[k])
        labelled = all(LABEL.match(text) for text in texts)
        if labelled or heads_columns(texts, words) or texts[0].startswith(tuple(words.all.remarks)):
            return k
        first = texts_of(lines[k])[0].box
        at_side = not body.of_money and first.middle[0] < body.left and names_block(texts[0], words)
        begins = (at_side or _begins_label(texts[0], body, words)) and not _wraps(lines, body.start, k, words)
        if begins and not (_may_head(texts[0], words) and _stands_beside(lines, body, k, rules)):
            return _first_of_block(lines, body, k, rules)
    return len(lines)


def _first_of_block(lines: Sequence[TextLine], body: _Body, at: int, rules: Sequence[Rule]) -> int:
    """The number of the first line of the block whose label begins a line: a label stands in the middle of what stands
    beside it."""
    label = texts_of(lines[at])[0].box
    above = (r.at for r in rules if not r.vertical and r.start < label.right and r.end > label.left)
    top = max((y for y in above if lines[body.start].box.middle[1] < y < label.middle[1]), default=None)
    first = at
    while first > body.start + 1:
        before = lines[first - 1]
        if top is None:
            near = lines[first].box.top - before.box.bottom <= WRAP * before.size
            if not (near and len(before.texts) == 1 and before.box.width >= PROSE * before.size):
                break
        elif before.box.middle[1] < top:
            break
        first -= 1
    return first


def _may_head(text: str, words: Words) -> bool:
    """Whether a text may be the heading of a whole section, at its side."""
    return words.is_heading(text) or (words.is_goal(text) and not names_block(text, words))


def _stands_beside(lines: Sequence[TextLine], body: _Body, at: int, rules: Sequence[Rule]) -> bool:
    """Whether the first text of a line stands beside a body, left of its first column, with no rule through it that
    parts it from the first rows, and beside rules that part rows, or no text that runs over several columns."""
    first, *rest = texts_of(lines[at])
    if first.box.right >= body.left:
        return False
    top = lines[body.start].box.middle[1]
    above = [r for r in rules if not r.vertical and top < r.at < first.box.middle[1]]
    if any(r.start < first.box.right for r in above):
        return False
    spared = any(r.end > body.left for r in above)
    return spared or not rest or len(rest) >= FEWEST_BESIDE


def _begins_label(text: str, body: _Body, words: Words) -> bool:
    """Whether a line that begins with a text is none of a table's body: it begins with a label."""
    name = text
    if label := LABEL.match(text):
        name = label.group().strip().rstrip("：:")
    if words.is_level(bare_level(name)):
        return not body.of_indicators
    if not body.of_indicators and names_line(text, words):
        return False
    return words.known_label(name) or (words.is_goal(name) and len(name) <= LONGEST_GOAL) or words.is_heading(name)


def _wraps(lines: Sequence[TextLine], start: int, at: int, words: Words) -> bool:
    """Whether the first text of a line goes on with the name that stands right above it, which is none by itself."""
    here = texts_of(lines[at])[0]
    for line in reversed(lines[max(start, at - NEAR) : at]):
        for text in texts_of(line):
            apart = here.box.top - text.box.bottom
            if apart <= WRAP * line.size and abs(text.box.middle[0] - here.box.middle[0]) <= line.size:
                return not words.is_level(bare_level(text.text)) or words.is_level(bare_level(text.text + here.text))
    return False


def first_body(
    lines: Sequence[TextLine], left: float, rules: Sequence[Rule], words: Words, *, of_money: bool
) -> list[TextLine]:
    """The first lines of a page that may go on with a table of indicators, or one of money, up to where something else
    begins; the first column with a name begins at `left`."""
    return list(lines[: _end(lines, _Body(0, not of_money, of_money, left), rules, words)])
