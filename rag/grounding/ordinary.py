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
