"""Whether a statement says two sentences one after the other, what they share said once."""

import re
from itertools import pairwise

from rag.grounding.aligning import Unit
from rag.grounding.ordinary import ORDINARY
from rag.grounding.words import all_concepts, share
from rag.index.tokens import tokens
from rag.quantities import WORDS

BRACKETS = re.compile(r"\([^()]*\)")
KEPT = 0.6
"""The share of what is said of one sentence alone that the statement must hold."""


def are_joined(statement: str, one: Unit, other: Unit) -> bool:
    """Whether the words that each has alone are there, and none between those of the other.

    So that of "A is first" and "B follows" nobody makes "B is first".
    """
    ones, others = (_marks(BRACKETS.sub(" ", unit.text)) for unit in (one, other))
    ours, theirs = set(ones) - set(others), set(others) - set(ones)
    said = _marks(statement)
    if not (ours and theirs) or min(share(ours, said), share(theirs, said)) < KEPT:
        return False
    sides = [mark in ours for mark in said if mark in ours or mark in theirs]
    return sum(before != after for before, after in pairwise(sides)) == 1


def _marks(text: str) -> list[str]:
    """The words that claim something, and the figures."""
    found = []
    for word in text.split():
        figure = WORDS.get(word.lower().strip(",;:()"))
        found += [f"{figure:g}"] if figure else [t for t in tokens(word) if t[:1].isdigit()]
        found += [concept for concept in all_concepts(word) if concept not in ORDINARY]
    return found
