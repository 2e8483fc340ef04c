"""Pages of the templates that lie beside this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def rendered(template: str, data: Mapping[str, Any], **filters: Callable[..., str]) -> str:
    """A page of a template; every text of a filing in it is escaped, and what the template names has to be there."""
    environment = Environment(loader=PackageLoader("pipeline.output"), autoescape=True, undefined=StrictUndefined)
    environment.filters.update(filters)
    return environment.get_template(template).render(**data)
