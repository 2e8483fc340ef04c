"""Draws forms, prints them on one road, reads them and holds each value against the truth."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.intake import take_in
from extractors.refusals import CannotRead
from pipeline.running.worker import read_file
from schemas.compare import Difference, compare_records
from schemas.families import load_families
from schemas.language.keys import comparison_key
from schemas.language.vocabulary import load_words

from .. import dump, pdf, scan
from ..finish import RULES, STAMPS
from ..judge import points_at, wrong_values
from ..layout import Layout
from ..lots import Lots
from . import texts
from .form import Drawn, draw_form
from .office import WRITERS

ROADS = (".pdf", ".scan.pdf", ".docx", ".xlsx", ".html", ".htm", ".txt", ".md", ".csv", *texts.PAGE_TEXT)


@dataclass(slots=True)
class Score:
    """Counts of values, and what is wrong: told by a finding, or silent."""

    forms: int = 0
    values: int = 0
    doubted: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    blamed: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """A line for each value that is wrong, then one for all."""
        yield from (f"wrong {line}" for line in self.doubted)
        yield from (f"silent {line}" for line in self.silent)
        yield from (f"blamed {line}" for line in self.blamed)
        yield self.line()

    @property
    def right(self) -> int:
        return self.values - len(self.doubted) - len(self.silent)

    def line(self) -> str:
        return (f"{self.forms} forms, {self.values} values: right {self.right}, wrong {len(self.doubted)}, "
                f"wrong and silent {len(self.silent)}, blamed {len(self.blamed)}")  # fmt: skip


def draw(seed: int) -> Drawn:
    return draw_form(Lots(f"layout/{seed}"))


def print_form(folder: Path, layout: Layout, seed: int, road: str, rules: str = "") -> Path:
    """The file of a layout; paper has a random look, and borders drawn as `rules` says."""
    path = folder / f"{seed}{road}"
    lots = Lots(f"print/{seed}{road}")
    if road == ".pdf":
        style = pdf.Style(
            font=lots.one(pdf.fonts()), size=lots.one((7.0, 8.0, 9.0)), large=lots.chance(0.2),
            split=lots.chance(0.3), low=lots.chance(0.1), foot=lots.one(tuple(pdf.FURNITURE)),
            rules=rules,
        )  # fmt: skip
        return pdf.write_pdf(path, [(layout, style)])
    if road == ".scan.pdf":
        style = pdf.Style(
            font=pdf.fonts()[-1], size=lots.one((8.0, 9.0, 10.5)), foot=lots.one(tuple(pdf.FURNITURE)),
            stamp=lots.one(tuple(STAMPS)), rules=rules or lots.one(("", *RULES)), dark=lots.chance(0.2),
        )  # fmt: skip
        return scan.write_scan(path, [(layout, style)], lots.one(scan.MILD))
    if road == ".txt":
        return dump.write_dump(path, [(layout, dump.Style(breaks=False))], "utf-8", lots)
    if road == ".md":
        return texts.write_markdown(path, layout, lots)
    if road == ".csv":
        return texts.write_commas(path, layout, lots)
    if road in texts.PAGE_TEXT:
        page = print_form(folder, layout, seed, ".pdf")
        texts.write_page_text(path, page, road, lots)
        page.unlink()
        return path
    return WRITERS[road](path, layout)


def try_seeds(seeds: Iterable[int], road: str, rules: str = "") -> Score:
    """The score of some seeds on a road, on paper with borders drawn as `rules` says."""
    score = Score()
    families, words = load_families(), load_words()
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            drawn = draw(seed)
            path = print_form(Path(folder), drawn.layout, seed, road, rules)
            try:
                reading = read_file(take_in(path, path.name), path.stem, families, words)
                forms = [form.record.as_dict() for form in reading.forms]
            except CannotRead as refusal:
                forms = []
                score.silent.append(f"{seed}{road} refused: {refusal}")
            _hold(score, f"{seed}{road} {drawn.shape}", drawn.records, forms)
            path.unlink()
    return score


def _hold(score: Score, name: str, truth: list[dict[str, Any]], read: list[dict[str, Any]]) -> None:
    """Hold records against the truth; one that is missing is told where another says that it may be several."""
    score.forms += len(truth)
    several = any(f["rule"] == "inferred" and f["where"] == "" for record in read for f in record["findings"])
    if len(truth) != len(read):
        (score.doubted if several else score.silent).append(f"{name}: {len(truth)} records, read {len(read)}")
    for number, record in enumerate(truth):
        got = read[number] if number < len(read) else {"findings": []}
        differences = compare_records(record, got)
        score.values += len(differences)
        for difference in wrong_values(differences):
            line = f"{name} [{number}] {difference.where}: {difference.left!r}, read {difference.right!r}"
            missing = several and number >= len(read)
            told = missing or points_at(got, difference.where) or _is_unowned(got, difference)
            (score.doubted if told else score.silent).append(line)
        for finding in got["findings"]:
            if finding["verdict"] == "wrong_at_source" and not _is_blank(record, finding["where"]):
                score.blamed.append(f"{name} [{number}] {finding['rule']} {finding['where']}: {finding['message']}")


def _is_blank(truth: dict[str, Any], where: str) -> bool:
    """Whether a form prints nothing at a place: then it may be said."""
    return any(d.where == where and d.left is None for d in compare_records(truth, truth))


def _is_unowned(read: dict[str, Any], difference: Difference) -> bool:
    """Whether a finding prints a text of the form, or the label of a blank, that stands in no value."""
    text = difference.left if isinstance(difference.left, str) else difference.where.rpartition("/")[2]
    unowned = [f["printed"] for f in read["findings"] if f["rule"] == "unowned" and f.get("printed")]
    return any(comparison_key(text) in comparison_key(printed) for printed in unowned)
