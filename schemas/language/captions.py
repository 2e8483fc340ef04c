"""What workbooks for people call sheets and columns: in Chinese, or as the tables call them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from schemas.language.definitions import read_definition


class Captions(BaseModel):
    """Names of sheets, of columns, of what is parsed of a column and of our words in it, by those of the tables."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sheets: dict[str, str]
    columns: dict[str, str]
    parsed: dict[str, str]
    values: dict[str, dict[str, str]]

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
        return self.values.get(column, {}).get(text, text)

    def sheet(self, name: str) -> str:
        """What people call a sheet."""
        return self.sheets.get(name, name)


PLAIN = Captions(sheets={}, columns={}, parsed={}, values={})
"""Every sheet and column as the tables call it."""


@cache
def load_captions() -> Captions:
    """The Chinese names; DefinitionWrong names the line that is not right."""
    text = files("schemas.language").joinpath("captions.yaml").read_text(encoding="utf-8")
    return read_definition(text, "captions.yaml", Captions)
