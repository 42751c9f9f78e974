"""Names of terms as they are looked for in texts, whatever their case or spelling; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rag.spelling import fold_spelling
from rag.types import Term

WORD = re.compile(r"[^\W_]+")
BLANK = re.compile(r"[\s‐‑–-]+")
SEVERAL = re.compile(r"(?<=.ss|[^a]us|..x)es$|(?<=..[^sui])s$")
REMEMBERED = 10_000
"""Words whose folded form is kept."""

Place = tuple[int | str, ...]
"""Where something stands in a list of terms: entry, key, position."""


class Named(NamedTuple):
    """A name as it is looked for: its folded words, what stands between them and after."""

    words: tuple[str, ...]
    between: tuple[str, ...]
    after: str
    term: Term

    def end_in(self, text: str, words: Sequence[re.Match[str]]) -> int | None:
        """Where the name ends in a text, if it begins with the first of these words."""
        here = words[: len(self.words)]
        if tuple(fold(word.group()) for word in here) != self.words:
            return None
        if tuple(_joint(text[a.end() : b.start()]) for a, b in pairwise(here)) != self.between:
            return None
        end = here[-1].end()
        return end + len(self.after) if text.startswith(self.after, end) else None


def compiled(name: str, term: Term) -> Named:
    """A name of a term, ready to be looked for."""
    words = list(WORD.finditer(name))
    between = (_joint(name[a.end() : b.start()]) for a, b in pairwise(words))
    folded = tuple(fold(word.group()) for word in words)
    return Named(folded, tuple(between), name[words[-1].end() :], term)


def words_of(text: str) -> frozenset[str]:
    """The distinct folded words of a text."""
    return frozenset(fold(word) for word in WORD.findall(text))


@lru_cache(maxsize=REMEMBERED)
def fold(word: str) -> str:
    """A word without case, number and the ways of spelling it."""
    return _singular(fold_spelling(word.casefold()))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > len("dies"):
        return f"{word[:-3]}y"
    return SEVERAL.sub("", word)


def plural(words: str) -> str:
    """The plural of an English term."""
    if re.search(r"[^aeiou]y$", words):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith(("s", "x", "ch", "sh")) else f"{words}s"


def clashes(terms: Sequence[Term]) -> Iterator[tuple[Place, str]]:
    """Names of two terms, abbreviations whose meanings nothing tells apart, needless words."""
    names: dict[tuple[str, ...], Term] = {}
    shorts: dict[str, Term] = {}
    for i, term in enumerate(terms):
        for j, name in enumerate((term.term, *term.synonyms)):
            words = compiled(name, term).words
            if words in names:
                place = (i, "synonyms", j - 1) if j else (i, "term")
                yield place, f"{name!r} is a name of {names[words].term!r} already"
            names.setdefault(words, term)
        for j, short in enumerate(term.short):
            other = shorts.setdefault(short, term)
            if other is not term and not (other.near and term.near):
                yield (i, "short", j), f"{short!r} is short for {other.term!r} too: both need near"
    for i, term in enumerate(terms):
        yield from (((i, *place), problem) for place, problem in _needless(term, names))


def _needless(term: Term, names: Mapping[tuple[str, ...], Term]) -> Iterator[tuple[Place, str]]:
    """Members, aliases and everyday words that are known already, and classes for drugs."""
    given: set[Named] = set()
    for key, known_as in (("members", term.members), ("lay", term.lay), ("aliases", term.aliases)):
        for j, name in enumerate(known_as):
            named = compiled(name, term)
            known = names.get(named.words)
            if named in given:
                yield (key, j), f"{name!r} is given twice"
            elif known is term:
                yield (key, j), f"{name!r} is a name of it already"
            elif key == "members" and known and known.members:
                yield (key, j), f"{name!r} is a class itself: give its drugs"
            given.add(named)


def found(text: str, names: Mapping[str, Sequence[Named]]) -> Iterator[tuple[int, int, Term]]:
    """Where all the names begin and end that stand in a text, in order, and their terms."""
    words = list(WORD.finditer(text))
    for i, word in enumerate(words):
        for name in names.get(fold(word.group()), ()):
            if end := name.end_in(text, words[i:]):
                yield word.start(), end, name.term


def _joint(between: str) -> str:
    """Blanks and hyphens join words alike."""
    return BLANK.sub(" ", between).replace("’", "'")
