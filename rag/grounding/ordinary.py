"""Ordinary words: those that a rewording may bring in without claiming anything of medicine."""

from rag.grounding.words import all_concepts, lines
from rag.index.tokens import tokens

VERBS = frozenset(" ".join(lines("verbs.txt")).split(" "))
WORDS = VERBS | frozenset(" ".join(lines("ordinary.txt")).split(" "))
CLAIMING = frozenset(
    all_concepts("high low increase decrease average elderly young mouth vein acute chronic")
)
"""What a group of synonyms may hold beside an ordinary word."""

ORDINARY = frozenset((*tokens(" ".join(WORDS)), *all_concepts(" ".join(WORDS)))) - CLAIMING
"""Their indexed forms, and the concepts they belong to."""

EVERYDAY = ORDINARY | frozenset(tokens(" ".join(lines("everyday.txt"))))
"""The same, and everyday words that a rewording may not bring in."""

ENGLISH = EVERYDAY | frozenset(tokens(" ".join((*WORDS, *lines("things.txt")))))
"""The same, those that claim something, and words for things that a guideline may be about."""


def is_everyday(word: str) -> bool:
    """Whether a word, in any form, is one of everyday English that says nothing of medicine."""
    return EVERYDAY.issuperset(tokens(word.replace("’", "'")))


def is_english(word: str) -> bool:
    """Whether a word, in any form, is one of everyday English, of whatever it speaks."""
    return ENGLISH.issuperset(tokens(word))
