"""Whether a passage holds the words that a label names; pure."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

WORD = re.compile(r"\w+")

ENOUGH = 0.6
"""Of the label's words in one run: a span may straddle two passages, or differ in a sign."""


def holds(passage: str, quote: str) -> bool:
    """Whether one run of the passage's words is at least ENOUGH of the quote's words."""
    ours, gold = words(passage), words(quote)
    if not gold or len(set(gold) & set(ours)) < ENOUGH * len(set(gold)):
        return False
    match = SequenceMatcher(None, ours, gold, autojunk=False).find_longest_match()
    return match.size >= ENOUGH * len(gold)


@lru_cache(maxsize=100_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, without case and signs."""
    return tuple(WORD.findall(text.casefold()))
