"""What workbooks for people call sheets and columns: in Chinese, or as the tables call them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pipeline.messages import Language, Texts, texts
from pipeline.output.names import place_of
from schemas.conditions import RANGE
from schemas.frozen import dataclass

VALUES = {"column": "fund_column"} | {
    name: name for name in ("family", "kind", "side", "reader", "verdict", "year_from", "indicator_kind", "rule")
}
"""Columns that hold words of ours, and the group of the catalogue that has these."""
SENTENCES = frozenset({"message", "met_reason"})
"""Columns of sentences that stand in the database in English."""


@dataclass(frozen=True, slots=True)
class Captions:
    """Names of sheets, of columns, of what is parsed of a column and of our words in it, by those of the tables."""

    sheets: Mapping[str, str]
    columns: Mapping[str, str]
    parsed: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    said: Texts | None = None

    def column(self, name: str) -> str:
        """What people call a column; its own name where there is no other."""
        if name in self.columns:
            return self.columns[name]
        for ending, caption in self.parsed.items():
            if name.endswith(ending) and name.removesuffix(ending) in self.columns:
                return self.columns[name.removesuffix(ending)] + caption
        return name

    def value(self, column: str, text: str) -> str:
        """What people call a word of ours in a column; any other text as it is."""
        if column == "name":
            return self.columns.get(text, text)
        if self.said is not None and column in SENTENCES:
            return self.said.told(text)
        if self.said is not None and column == "rules":  # several, parted by blanks
            rules = self.values["rule"]
            return self.said.tell(", ").join(rules.get(rule, rule) for rule in text.split())
        if self.said is not None and column == "pointer":
            return place_of(text, self.said)
        if self.said is not None and text == RANGE and column.endswith("_op"):
            return self.said.label("word", text)
        return self.values.get(column, {}).get(text, text)

    def sheet(self, name: str) -> str:
        """What people call a sheet."""
        return self.sheets.get(name, name)


@cache
def captions_in(language: Language) -> Captions:
    """The names in a language. In English sheets and columns are called as the tables of the database are, so that
    what is written about these holds for the workbook too."""
    if language is Language.EN:
        return Captions({}, {}, {}, {})
    said = texts(language)
    values = {column: said.group(group) for column, group in VALUES.items()}
    return Captions(said.group("sheet"), said.group("column"), said.group("parsed"), values, said)
