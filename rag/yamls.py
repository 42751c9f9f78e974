"""YAML to validated values, with the line of everything that is wrong."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml.reader import Reader, ReaderError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")
Problem = tuple[int, str]
"""A line, from 1, and what is wrong there."""


def read(text: str, validate: Callable[[Any], T]) -> tuple[T | None, list[Problem]]:
    """The value, or None and every problem found; nothing but plain data is ever constructed."""
    try:
        node = yaml.compose(text, Loader=LOADER)
        if unfit := sorted([*_doubled_keys(node), *_impossible(node)]):
            return None, unfit
        data = yaml.load(text, Loader=LOADER)  # noqa: S506  a safe loader
    except yaml.MarkedYAMLError as error:
        return None, [_unreadable(text, error)]
    except ReaderError:
        return None, [_unprintable(text)]
    try:
        return validate(data), []
    except ValidationError as error:
        return None, [
            (_line(node, problem["loc"]), f"{_name(problem['loc'])}{_said(problem)}")
            for problem in error.errors()
        ]


def line(text: str, location: Sequence[int | str]) -> int:
    """The line of what stands at a location of a YAML text that has been read before."""
    return _line(yaml.compose(text, Loader=LOADER), location)


def _unreadable(text: str, error: yaml.MarkedYAMLError) -> Problem:
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    for number, content in enumerate(text.splitlines(), start=1):
        if "\t" in content[: len(content) - len(content.lstrip())]:
            return number, "a tab: YAML is indented with spaces"
    return line, f"not YAML: {error.problem}"


def _unprintable(text: str) -> Problem:
    found = Reader.NON_PRINTABLE.search(text)
    number = text.count("\n", 0, found.start()) + 1 if found else 1
    return number, "a character that YAML does not allow: take it out"


def _doubled_keys(node: yaml.Node | None) -> list[Problem]:
    return [
        (key.start_mark.line + 1, f"{key.value}: given twice")
        for mapping in _nodes(node, set())
        if isinstance(mapping, yaml.MappingNode)
        for i, (key, _) in enumerate(mapping.value)
        if key.value in [earlier.value for earlier, _ in mapping.value[:i]]
    ]


def _impossible(node: yaml.Node | None) -> list[Problem]:
    """Dates and numbers that there cannot be, as 2024-02-30."""
    problems = []
    for scalar in _nodes(node, set()):
        if not isinstance(scalar, yaml.ScalarNode):
            continue
        try:
            yaml.constructor.SafeConstructor().construct_object(scalar)
        except (ValueError, LookupError, AttributeError) as error:
            problems.append((scalar.start_mark.line + 1, f"{scalar.value!r}: {error}"))
    return problems


def _nodes(node: Any, seen: set[int]) -> Iterator[yaml.Node]:
    """Every node once; an alias may lead back to what it stands in."""
    if not isinstance(node, yaml.Node) or id(node) in seen:
        return
    seen.add(id(node))
    yield node
    for child in node.value if isinstance(node, yaml.CollectionNode) else ():
        for part in child if isinstance(child, tuple) else (child,):
            yield from _nodes(part, seen)


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
