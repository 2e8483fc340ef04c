"""`jixiao.toml` in the folder where a command is called: what an archive would otherwise type each time.

    db = "data/out/jixiao.db"     # for every command; default: that of [run] out

    [run]
    inputs = ["data/raw"]
    out = "data/out"
    jobs = 2
    timeout = 900

    [review]
    by = "王"

A table is a command (of a group: `["sample report"]`), a key an option without its strokes, `inputs` what stands behind
the command. What is typed counts before what stands here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NAME = "jixiao.toml"
DATABASE = "jixiao.db"
Settings = dict[str, dict[str, Any]]
"""By command the values of its parameters; the commands of a group by theirs."""


class SettingsWrong(ValueError):
    """The file of settings cannot be used. The message names it and what is wrong."""


def read_settings(folder: Path) -> Settings:
    """The settings of a folder, none where it has no such file. Raises SettingsWrong."""
    path = folder / NAME
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # tomllib tells line and column
        raise SettingsWrong(f"{path}: cannot be read: {error}") from error
    settings: Settings = {}
    for name, value in told.items():
        if name == "db":
            continue
        if not isinstance(value, dict):
            raise SettingsWrong(f"{path}: {name} stands in no table; options stand below the name of a command, [run]")
        _hold(settings, name.split(), {key.replace("-", "_"): each for key, each in value.items()})
    settings.setdefault("run", {}).setdefault("db", told.get("db"))
    return settings


def _hold(settings: Settings, names: list[str], values: dict[str, Any]) -> None:
    own: dict[str, Any] = settings
    for name in names:
        own = own.setdefault(name, {})
    own.update(values)


def database_of(settings: Settings) -> str | None:
    """The database of `run`, which the other commands look into; None where nothing is said of it."""
    own = settings.get("run", {})
    if own.get("db"):
        return str(own["db"])
    return str(Path(own["out"]) / DATABASE) if "out" in own else None


def defaults(command: Any, settings: Mapping[str, Any], db: str | None, folder: Path) -> dict[str, Any]:
    """The values of the parameters of a command of typer, or of those of a group, as its contexts take them. Raises
    SettingsWrong for a key that it does not have, and for a value of another kind."""
    made: dict[str, Any] = {}
    if hasattr(command, "commands"):
        for name, below in command.commands.items():
            made[name] = defaults(below, settings.get(name, {}), db, folder)
        _refuse(command, [key for key in settings if key not in command.commands], command.commands, folder)
        return made
    parameters = {parameter.name: parameter for parameter in command.params if parameter.name}
    if db is not None and "db" in parameters:
        made["db"] = db
    _refuse(command, [key for key in settings if key not in parameters], parameters, folder)
    return made | dict(_checked(command, settings, parameters, folder))


def _refuse(command: Any, unknown: list[str], known: Mapping[str, Any], folder: Path) -> None:
    if unknown:
        names = ", ".join(sorted(name.replace("_", "-") for name in known))
        raise SettingsWrong(f"{folder / NAME}: [{command.name}] has no {unknown[0]!r}; it knows {names}")


def _checked(
    command: Any, settings: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path
) -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        several = parameters[key].multiple or parameters[key].nargs != 1
        if several != isinstance(value, list) or isinstance(value, dict):
            wanted = "a list" if several else "one value"
            raise SettingsWrong(f"{folder / NAME}: [{command.name}] {key}: {wanted} is wanted, not {value!r}")
        yield key, value
