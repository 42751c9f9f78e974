"""Which of two stands on which side: what is preferred to what, and what is said of which."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.grounding.words import concepts
from rag.index.tokens import tokens
from rag.types import Mismatch, Reason

TURNS = re.compile(
    r"\b(?:rather than|instead of|in preference to|(?<!more )(?<!less )than|over(?= (?!\d))|"
    r"prefer\w* to|compared (?:with|to)|and not)\b",
    re.IGNORECASE,
)
"""What stands before these is chosen, or is more, and what follows is not."""
TURN_NAMED = "the other of the two"
PART_NAMED = "the other part"

PARTS = re.compile(r"[,;] (?:while|whereas|but)\b|\b(?:while|whereas)\b|;", re.IGNORECASE)
"""What is said on either side of these is said of another thing."""

FIRST = re.compile(
    r"\b(?:comes?|is|are|be|done|given|used|goes|tried|chosen) first\b"
    r"|\bfirst[- ](?:line|choice)\b",
    re.IGNORECASE,
)
SAID_FIRST = re.compile(
    r"\b(?:first|initial|prefer|before|start|begin|primar|earl|choice|prior|then\b|once\b|opening)",
    re.IGNORECASE,
)
"""How a source puts a thing before others."""

ENDS = re.compile(
    r"[,;.:(]|\b(?:for|in|when|if|who|as|with|after|before|and|because|should|is|are|about|at|on)\b",
    re.IGNORECASE,
)
"""Where what follows a turn ends."""


class Sides(NamedTuple):
    """The words that stand on one side alone."""

    before: frozenset[str]
    after: frozenset[str]


def disagreements(statement: str, source: str) -> Iterator[Reason]:
    """Sides that a statement exchanges, or mixes, where the source has them apart; who is first."""
    if (first := FIRST.search(statement)) and not SAID_FIRST.search(source):
        yield Reason(mismatch=Mismatch.DIRECTION, words=first[0])
    ours, theirs = _turned_sides(statement), _turned_sides(source)
    if ours and theirs and ours.after & theirs.before and theirs.after & ours.before:
        words = " ".join(sorted(ours.after & theirs.before))
        yield Reason(mismatch=Mismatch.DIRECTION, words=words, source=TURN_NAMED)
    ours, theirs = _parted_sides(statement), _parted_sides(source)
    if ours and theirs and _is_mixed(ours, theirs):
        words = " ".join(sorted(ours.before & theirs.after))
        yield Reason(mismatch=Mismatch.DIRECTION, words=words, source=PART_NAMED)


def _turned_sides(text: str) -> Sides | None:
    match = TURNS.search(text)
    if match is None:
        return None
    end = ENDS.search(text, match.end() + 1)
    before = _marked(text[: match.start()])
    after = _marked(text[match.end() : end.start() if end else len(text)])
    return Sides(before - after, after - before)


def _parted_sides(text: str) -> Sides | None:
    match = PARTS.search(text)
    if match is None:
        return None
    before, after = _marked(text[: match.start()]), _marked(text[match.end() :])
    return Sides(before - after, after - before)


def _marked(text: str) -> frozenset[str]:
    figures = (token for token in tokens(text) if token[:1].isdigit())
    return frozenset((*concepts(text), *figures))


def _is_mixed(ours: Sides, theirs: Sides) -> bool:
    """Whether both sides hold words that the source has on different sides."""
    return all(side & theirs.before and side & theirs.after for side in (ours.before, ours.after))
