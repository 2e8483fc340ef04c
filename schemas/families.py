"""Form families: one definition file each, saying what identifies a form of the family and what only it knows.

Built-in definitions and a user's own come through the same door.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from schemas.language.columns import Role
from schemas.language.definitions import DefinitionWrong, read_definition
from schemas.language.vocabulary import squeeze
from schemas.reading import FamilyMatch
from schemas.record import Kind

ALIKE = 0.8  # how alike a title or label must be to the family's if it was read from a scan
GENERIC = "generic"
"""What the family of a form is called that none claims."""


class FamilyFileWrong(DefinitionWrong):
    """A family definition file cannot be used."""


class FamiliesCollide(ValueError):
    """Two families claim the same form."""


class Family(BaseModel):
    """A family of forms.

    `title` is a regular expression that the whole title must match; `labels` must all be printed, `without` must
    not. `subcolumns` says what sub-columns hold that a header covers without naming them; `fiscal_children` which
    money lines stand inside 财政拨款 where a dump's positions are in doubt; `prints` the fields that every form of
    the family prints, so that a missing one is known to be lost.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
    kind: Kind
    issuer: str
    years: str
    about: str
    title: str
    labels: list[str] = Field(default_factory=list)
    without: list[str] = Field(default_factory=list)
    subcolumns: dict[Role, dict[int, list[Role]]] = Field(default_factory=dict)
    fiscal_children: list[str] = Field(default_factory=list)
    prints: list[str] = Field(default_factory=list)

    @field_validator("title")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"title is no regular expression: {error}") from error
        return value

    def missing(self, title: str | None, labels: set[str]) -> list[str]:
        """What a form lacks to be of this family; [] where it is."""
        lacks = []
        if not re.fullmatch(self.title, squeeze(title or "")):
            lacks.append(f"title {title!r} does not match {self.title}")
        lacks += [f"label {label} is not printed" for label in self.labels if squeeze(label) not in labels]
        lacks += [f"label {label} is printed" for label in self.without if squeeze(label) in labels]
        return lacks


def load_families(extra: Path | None = None) -> list[Family]:
    """The built-in families, and those of a user's folder; FamilyFileWrong names file and line of what is wrong."""
    families = [
        _read(entry.read_text(encoding="utf-8"), entry.name)
        for entry in sorted(files("schemas").joinpath("families").iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".yaml")
    ]
    if extra is not None:
        if not extra.is_dir():
            raise FamilyFileWrong(f"{extra}: no such folder; --family-dir takes a folder of .yaml definitions")
        for path in sorted(extra.glob("*.yaml")):
            families.append(_read(path.read_text(encoding="utf-8"), str(path)))
    seen: set[str] = set()
    for family in families:
        if family.id in seen:
            raise FamilyFileWrong(f"two family definitions have the id {family.id}; give one another id")
        seen.add(family.id)
    return families


def _read(text: str, name: str) -> Family:
    try:
        return read_definition(text, name, Family)
    except DefinitionWrong as error:
        raise FamilyFileWrong(str(error)) from error


def _nearness(family: Family, title: str | None, printed: set[str]) -> float:
    """How near a form comes to a family: the share of its labels that are printed, and how alike the titles are."""
    held = sum(1 for label in family.labels if squeeze(label) in printed) / max(len(family.labels), 1)
    alike = SequenceMatcher(None, squeeze(title or ""), family.title, autojunk=False).ratio()
    return held + alike


def _nearly(family: Family, title: str | None, printed: set[str]) -> bool:
    """Whether a form is of a family but for what a reading loses: a character of the title or of a label, or one
    label of several."""
    alike = SequenceMatcher(None, squeeze(title or ""), family.title.replace("\\", ""), autojunk=False).ratio()
    held = sum(
        any(SequenceMatcher(None, squeeze(label), other, autojunk=False).ratio() >= ALIKE for other in printed)
        for label in family.labels
    )
    unwanted = any(squeeze(label) in printed for label in family.without)
    return alike >= ALIKE and not unwanted and held >= max(len(family.labels) - 1, 1)


def nearest_family(
    families: Sequence[Family], title: str | None, labels: Iterable[str]
) -> tuple[Family, FamilyMatch] | None:
    """The one family that a scanned form is of if its reading lost a little; None where there is none or several."""
    printed = {squeeze(label) for label in labels}
    near = [family for family in families if _nearly(family, title, printed)]
    if len(near) != 1:
        return None
    family = near[0]
    lacks = tuple(family.missing(title, printed))
    return family, FamilyMatch(family.id, ("all but what the reading may have lost fits", *lacks), missing=lacks)


def match_family(
    families: Sequence[Family], title: str | None, labels: Iterable[str]
) -> tuple[Family | None, FamilyMatch]:
    """The family that claims a form, with its reasons; what came nearest where none does.

    Raises FamiliesCollide, naming both, where two claim it.
    """
    printed = {squeeze(label) for label in labels}
    lacks = {family.id: family.missing(title, printed) for family in families}
    claims = [f for f in families if not lacks[f.id]]
    if len(claims) > 1:
        names = " and ".join(f.id for f in claims)
        raise FamiliesCollide(f"families {names} both claim the form {title!r}; make one's title or labels narrower")
    if claims:
        family = claims[0]
        reasons = (f"title {title!r} matches {family.title}", *(f"label {x} is printed" for x in family.labels))
        return family, FamilyMatch(family.id, reasons)
    nearest = max(families, key=lambda f: (_nearness(f, title, printed), f.id), default=None)
    missing = tuple(lacks[nearest.id]) if nearest else ()
    return None, FamilyMatch(None, ("no family claims it",), nearest.id if nearest else None, missing)
