"""Statements said in other words, of the same meaning; pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from re import Pattern
from typing import NamedTuple

from eval.mutating import WHOLE


class Told(NamedTuple):
    """A statement, what its guideline's abbreviations stand for, whether it is of a weak grade."""

    text: str
    abbreviations: Mapping[str, str]
    weak: bool = False


Rewording = Callable[[Told], Iterator[str]]
Wording = tuple[Pattern[str], str]


def wordings(table: Sequence[tuple[str, str]]) -> tuple[Wording, ...]:
    """Patterns of whole words, each with what says the same."""
    return tuple((re.compile(WHOLE.format(old)), new) for old, new in table)


def each(text: str, table: Sequence[Wording]) -> Iterator[str]:
    """The text with one wording at a time, wherever that wording stands."""
    for pattern, new in table:
        changed = pattern.sub(new, text)
        if changed != text:
            yield capital(changed)


def capital(text: str) -> str:
    """The text with a capital at its beginning, where none follows as in pH."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """The text as it goes on within a sentence: names and abbreviations keep their capital."""
    first = text.split(maxsplit=1)[0] if text else ""
    named = any(c.isupper() or c.isdigit() for c in first[1:]) or first in NAMES
    return text if named or first[1:2] == "-" else text[:1].lower() + text[1:]


NAMES = frozenset(
    (
        "Bell's Wilms Wilms' Helicobacter Clostridioides Clostridium Doppler Iodine-123 Black "
        "Asian African American European NICE Glasgow-Blatchford Doppler HELLP German Talcott "
        "Plasmodium North Child-Pugh Holter Duke Barrett Kawasaki "
        "Hodgkin Crohn's Lyme World Cheyne–Stokes"
    ).split(" ")
)
