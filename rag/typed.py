"""Abbreviations as they are typed in a hurry, in the case in which the glossary knows them; pure.

For queries alone: in a text that is quoted or compared an abbreviation has its own letters.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from rag.naming import WORD, fold
from rag.types import Term

SHORTEST = 3
"""The fewest letters and digits of an abbreviation that is known in any case."""


class Typed:
    """The abbreviations of a glossary that are known in any case, as they spell no word."""

    def __init__(
        self, shorts: Iterable[str], terms: Iterable[Term], is_english: Callable[[str], bool]
    ) -> None:
        self._is_english = is_english
        self._words = frozenset(_lower_words(terms))
        self._shorts: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
        for short in shorts:
            if self._is_safe(short):
                pattern = re.compile(rf"{re.escape(short)}s?(?![^\W_])", re.IGNORECASE)
                self._shorts[WORD.findall(short)[0].casefold()].append((short, pattern))

    def written(self, query: str) -> str:
        """The query with its abbreviations in the case of the glossary, and nothing else changed.

        The longest is taken; one that spells an everyday word, or has fewer than three letters,
        stays as it is typed.
        """
        pieces, at = [], 0
        for word in WORD.finditer(query):
            if word.start() >= at and (short := self._at(query, word)):
                pieces += [query[at : word.start()], short]
                at = word.start() + len(short)
        return "".join((*pieces, query[at:]))

    def _at(self, query: str, word: re.Match[str]) -> str:
        """The abbreviation that begins with a word of the query; empty if there is none."""
        first = word.group().casefold()
        matches = [
            (match.group(), short)
            for known in dict.fromkeys((first, first.removesuffix("s")))
            for short, pattern in self._shorts.get(known, ())
            if (match := pattern.match(query, word.start())) and self._is_safe(match.group())
        ]
        typed, short = max(
            matches, key=lambda each: (len(each[0]), each[0].startswith(each[1])), default=("", "")
        )
        return f"{short}s" if len(typed) > len(short) else short

    def _is_safe(self, short: str) -> bool:
        """Whether it spells no word in lower case, and is long enough not to stand for many."""
        words = WORD.findall(short)
        if sum(map(len, words)) < SHORTEST or all(map(self._is_english, words)):
            return False
        return len(words) > 1 or fold(words[0]) not in self._words


def _lower_words(terms: Iterable[Term]) -> Iterable[str]:
    """The folded words that a glossary writes in lower case."""
    for term in terms:
        names = (
            term.term,
            *term.synonyms,
            *term.members,
            *term.lay,
            *term.aliases,
            *term.near,
            term.plain or "",
        )
        yield from (fold(word) for name in names for word in WORD.findall(name) if word.islower())
