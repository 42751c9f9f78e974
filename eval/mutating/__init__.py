"""Statements changed in one way each, as a chat model gets them wrong; pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from re import Match, Pattern
from typing import NamedTuple

MIN_WORDS = 4
"""A statement of fewer words is none."""


class Said(NamedTuple):
    """A statement as it is read, the passage it stands in, and the headings above."""

    text: str
    around: str = ""
    topic: str = ""


class Change(NamedTuple):
    """The one stretch of a text that is changed, and what then stands there."""

    start: int
    end: int
    words: str
    how: str

    def made(self, text: str) -> str:
        """The text with the change, a capital where it had one."""
        changed = text[: self.start] + self.words + text[self.end :]
        return changed[:1].upper() + changed[1:] if text[:1].isupper() else changed


WHOLE = r"(?<![\w-])(?:{})(?:(?<=\s)|(?![\w-]))"
"""A pattern that begins and ends with a word, or with the space after one."""

Mutator = Callable[[Said], Iterator[Change]]
Rule = tuple[Pattern[str], str]


def rules(table: Sequence[tuple[str, str]]) -> tuple[Rule, ...]:
    """Patterns of whole words in any case, each with what replaces them."""
    return tuple((re.compile(WHOLE.format(old), re.I), new) for old, new in table)


def replaced(text: str, table: Sequence[Rule]) -> Iterator[Change]:
    """Every place where a rule holds, changed by it."""
    for pattern, new in table:
        for match in pattern.finditer(text):
            words = like(match.group(), match.expand(new))
            yield Change(*match.span(), words, how(match, words))


def like(old: str, new: str) -> str:
    """New words with a capital where the old ones have but one."""
    return new[:1].upper() + new[1:] if old[:1].isupper() and not old[1:2].isupper() else new


def how(match: Match[str], words: str) -> str:
    """What stood there and what stands there now, whatever the numbers are."""
    return " → ".join(re.sub(r"\d[\d.,]*", "N", part.lower()) for part in (match.group(), words))
