"""YAML to validated values, with the line of everything that is wrong."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")
Problem = tuple[int, str]
"""A line, from 1, and what is wrong there."""


def read(text: str, validate: Callable[[Any], T]) -> tuple[T | None, list[Problem]]:
    """The value, or None and every problem found; nothing but plain data is ever constructed."""
    try:
        node = yaml.compose(text, Loader=LOADER)
        data = yaml.load(text, Loader=LOADER)  # noqa: S506  a safe loader
    except yaml.MarkedYAMLError as error:
        return None, [_unreadable(text, error)]
    except ValueError as error:
        return None, [(1, str(error))]
    if doubled := _doubled_keys(node):
        return None, doubled
    try:
        return validate(data), []
    except ValidationError as error:
        return None, [
            (_line(node, problem["loc"]), f"{_name(problem['loc'])}{_said(problem)}")
            for problem in error.errors()
        ]


def _unreadable(text: str, error: yaml.MarkedYAMLError) -> Problem:
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    for number, content in enumerate(text.splitlines(), start=1):
        if "\t" in content[: len(content) - len(content.lstrip())]:
            return number, "a tab: YAML is indented with spaces"
    return line, f"not YAML: {error.problem}"


def _doubled_keys(node: yaml.Node | None) -> list[Problem]:
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = [key.value for key, _ in node.value]
    return [
        (key.start_mark.line + 1, f"{key.value}: given twice")
        for i, (key, _) in enumerate(node.value)
        if key.value in keys[:i]
    ]


def _line(node: yaml.Node | None, location: Sequence[int | str]) -> int:
    """The line of the deepest node on the way to a location."""
    line = 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == step), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def _name(location: Sequence[int | str]) -> str:
    return "".join(f"{step}: " for step in location if isinstance(step, str))[:80]


def _said(problem: ErrorDetails) -> str:
    plainly = {"missing": "missing", "extra_forbidden": "no such key"}
    return plainly.get(problem["type"]) or f"{problem['msg']}, not {problem['input']!r}"[:200]
