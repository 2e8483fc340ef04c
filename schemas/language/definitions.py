"""Definition files (vocabulary, families): YAML held against a model, and what is wrong in one told with its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is seven times faster, where it is built
KEY = "[key]"  # what pydantic puts behind a key that is wrong itself
RAISED = "Value error, "  # what it puts before the words of our own validators


class DefinitionWrong(ValueError):
    """A definition file cannot be used. The message has a line for each fault, with file and line."""


def read_definition(text: str, name: str, model: type[Model]) -> Model:
    """The model that a definition file holds; `name` is what messages call the file. Raises DefinitionWrong."""
    try:
        loader = LOADER(text)
        try:
            root = loader.get_single_node()
            _refuse_twice(root, name)
            data = None if root is None else loader.construct_document(root)
        finally:
            loader.dispose()
        return model.model_validate(data)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f", line {mark.line + 1}" if mark is not None else ""
        raise DefinitionWrong(f"{name}{at}: no YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise DefinitionWrong(f"{name}: no YAML: {error}") from error
    except ValidationError as error:
        told = (f"{name}, line {_line(root, e['loc'])}: {_said(e['loc'], e['msg'])}" for e in error.errors())
        raise DefinitionWrong("\n".join(told)) from error


def _said(loc: Sequence[str | int], message: str) -> str:
    where = ".".join(str(part) for part in loc if part != KEY)
    return f"{where}: {message.removeprefix(RAISED)}" if where else message.removeprefix(RAISED)


def _line(root: yaml.Node | None, loc: Sequence[str | int]) -> int:
    """The line, from 1, of what stands deepest on a path of keys and positions: of what is missing, its parent's."""
    if root is None:
        return 1
    line, node = root.start_mark.line, root
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1


def _refuse_twice(root: yaml.Node | None, name: str) -> None:
    """Raise DefinitionWrong where a key stands twice in one object: YAML would keep the last and drop the others."""
    seen: set[int] = set()  # an alias may lead back to what it stands in
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            first: dict[object, int] = {}
            for key, value in node.value:
                line = key.start_mark.line + 1
                if isinstance(key, yaml.ScalarNode) and first.setdefault(key.value, line) != line:
                    raise DefinitionWrong(f"{name}, line {line}: {key.value} stands in line {first[key.value]} already")
                nodes.append(value)
