"""The headings of a summary: which section of the body has which role; pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.types import Role

HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*$", re.MULTILINE)


class Part(NamedTuple):
    """A stretch of the body between two headings, which are no part of it."""

    start: int
    end: int
    heading: tuple[str, ...]
    role: Role | None
    line: int


def parts(body: str) -> Iterator[Part]:
    """The stretches of a body in order, each with the headings it stands under.

    The title (level 1) is left out of the heading path. `role` is None before the first section
    and under a heading that names no role; `line` is that of the heading, from 1.
    """
    path: list[tuple[int, str]] = []
    start, line = 0, 1
    for match in HEADING.finditer(body):
        yield _part(start, match.start(), path, line)
        level = len(match["marks"])
        path = [entry for entry in path if entry[0] < level] + [(level, match["text"])]
        start, line = match.end(), body.count("\n", 0, match.start()) + 1
    yield _part(start, len(body), path, line)


def role_of(heading: str) -> Role | None:
    """The role that a section's heading names, before any colon."""
    try:
        return Role(heading.split(":", maxsplit=1)[0].strip().casefold())
    except ValueError:
        return None


def _part(start: int, end: int, path: list[tuple[int, str]], line: int) -> Part:
    heading = tuple(text for level, text in path if level > 1)
    return Part(start, end, heading, role_of(heading[0]) if heading else None, line)
