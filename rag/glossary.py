"""Terms and abbreviations of a text: found, expanded for search, explained to an audience; pure.

An explanation is only ever put in: what was said stays as it is, letter by letter.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rag.naming import WORD, Named, compiled, fold, found, plural, words_of
from rag.typed import Typed
from rag.types import Audience, Term

GROWN = re.compile(r"(?:[‐‑–/-][^\W_]+)*")
"""What has grown together with a mention, as in `CT-guided` and `FEV1/FVC`."""

BRACKET = re.compile(r"\s?[(\[]")


class Mention(NamedTuple):
    """A term in a text, by the name that stands there; `short` if that is an abbreviation."""

    start: int
    end: int
    name: str
    term: Term
    short: str | None = None

    @property
    def expansion(self) -> str:
        """What the abbreviation stands for, in the number it has in the text."""
        several = self.short and self.name != self.short
        return plural(self.term.term) if several else self.term.term


class Segment(NamedTuple):
    """A stretch of a wording: what was said, or what was added to it."""

    text: str
    added: bool = False


class _Short(NamedTuple):
    """An abbreviation, compared letter by letter, and what it may stand for."""

    short: str
    pattern: re.Pattern[str]
    terms: list[Term]


class Glossary:
    """The terms of a corpus, compiled once to be found in texts.

    `is_english` tells everyday words: an abbreviation that spells one is known in its own case
    alone. Without it that holds for all.
    """

    def __init__(
        self, terms: Iterable[Term], is_english: Callable[[str], bool] = lambda word: True
    ) -> None:
        terms = list(terms)
        self._is_english = is_english
        meanings: dict[str, list[Term]] = defaultdict(list)
        self._names: dict[str, list[Named]] = defaultdict(list)
        self._shorts: dict[str, list[_Short]] = defaultdict(list)
        self._members: dict[str, list[Named]] = defaultdict(list)
        self._lay: dict[str, list[Named]] = defaultdict(list)
        self._near: dict[str, list[frozenset[str]]] = {}
        for term in terms:
            self._near[term.term] = [words_of(near) for near in (term.term, *term.near)]
            for names, index in (
                ((term.term, *term.synonyms), self._names),
                (term.members, self._members),
                ((*term.lay, *term.aliases), self._lay),
            ):
                for name in names:
                    named = compiled(name, term)
                    index[named.words[0]].append(named)
            for short in term.short:
                meanings[short].append(term)
        for short, known in meanings.items():
            pattern = re.compile(rf"{re.escape(short)}s?(?![^\W_])")
            self._shorts[WORD.findall(short)[0]].append(_Short(short, pattern, known))
        self._typed = Typed(meanings, terms, is_english)

    def knows(self, abbreviation: str) -> bool:
        """Whether it has a meaning here, or several."""
        first = WORD.findall(abbreviation)[:1]
        return any(s.short == abbreviation for word in first for s in self._shorts.get(word, ()))

    def named(self, query: str) -> Iterator[tuple[str, Term]]:
        """What a query calls terms, everyday words included, with each term that it may mean."""
        query = self._typed.written(query)
        yield from ((m.name, m.term) for m in self.mentions(query))
        yield from ((query[start:end], term) for start, end, term in found(query, self._lay))
        for word in WORD.findall(query):
            meant = (s.terms for s in self._shorts.get(word, ()) if s.short == word)
            yield from ((word, term) for terms in meant for term in terms)

    def mentions(self, text: str, context: str = "") -> list[Mention]:
        """The terms of a text in order: whole words, the longest name, none within another.

        The words of the text and its context tell which meaning an abbreviation has; where they
        tell none, or more than one, it is no mention.
        """
        words, said = list(WORD.finditer(text)), words_of(f"{text} {context}")
        mentions: list[Mention] = []
        for i, word in enumerate(words):
            if not mentions or word.start() >= mentions[-1].end:
                mentions += self._beginning(text, words[i:], said)
        return mentions

    def expanded(self, query: str) -> str:
        """The query, and in brackets the other names of its terms."""
        said, added = words_of(query), []
        for mention in self.mentions(query):
            mentioned = words_of(mention.name)
            for name in mention.term.names:
                if not (words_of(name) <= said or words_of(name) >= mentioned):
                    said |= words_of(name)
                    added.append(name)
        return f"{query} ({', '.join(added)})" if added else query

    def termed(self, query: str) -> str:
        """The expanded query, aliases replaced, in brackets what its everyday words may mean.

        Abbreviations are known in any case, as they are typed in a hurry.
        """
        query = self._unaliased(self._typed.written(query))
        return _with(self.expanded(query), [term.term for *_, term in self._everyday(query)])

    def widened(self, query: str) -> str:
        """The same, and in brackets the classes of the drugs that are named.

        For search alone: a drug is not its class, and everyday words mean more than one thing.
        """
        wide = self.termed(query)
        classes = [term for *_, term in found(wide, self._members)]
        return _with(wide, [next(iter(term.short), term.term) for term in classes])

    def matched(self, query: str, text: str) -> str:
        """The query with everyday words replaced by what the text calls the thing.

        Words that mean nothing which the text names stay as they are; abbreviations get the case
        in which they are known.
        """
        query = self._typed.written(query)
        said, pieces, at = words_of(self.spelled(text)), [], 0
        for start, end, term in self._everyday(query):
            if start >= at and words_of(term.term) <= said:
                pieces += [query[at:start], term.term]
                at = end
        return "".join((*pieces, query[at:]))

    def spelled(self, text: str, context: str = "") -> str:
        """The text with the names of its terms written out in one way, abbreviations too.

        The context helps to tell what an abbreviation means.
        """
        for mention in reversed(self.mentions(text, context)):
            text = f"{text[: mention.start]}{mention.term.term}{text[mention.end :]}"
        return text

    def worded(self, text: str, audience: Audience, explained: set[str], context: str = "") -> str:
        """The text as an audience reads it: see `segments`."""
        return "".join(s.text for s in self.segments(text, audience, explained, context))

    def segments(
        self, text: str, audience: Audience, explained: set[str], context: str = ""
    ) -> list[Segment]:
        """The text in pieces, and between them what the audience needs to be told.

        A trainee is told what abbreviations stand for, a patient what all terms mean, each once:
        `explained` grows by what has been told, and is handed on from text to text of an answer.
        """
        pieces, at = [], 0
        mentions = [] if audience is Audience.CLINICIAN else self.mentions(text, context)
        for place, words in _explanations(text, mentions, audience, explained):
            pieces += [Segment(text[at:place]), Segment(words, added=True)]
            at = place
        return [piece for piece in (*pieces, Segment(text[at:])) if piece.text]

    def _beginning(
        self, text: str, words: Sequence[re.Match[str]], said: frozenset[str]
    ) -> list[Mention]:
        """The longest name that begins with the first of the words, where its meaning is told."""
        start, first = words[0].start(), words[0].group()
        ends: list[tuple[int, list[Term], str | None]] = [
            (end, [name.term], None)
            for name in self._names.get(fold(first), ())
            if (end := name.end_in(text, words))
        ]
        for short in (*self._shorts.get(first, ()), *self._shorts.get(first.removesuffix("s"), ())):
            if match := short.pattern.match(text, start):
                fits = [term for term in short.terms if self._fits(term, said)]
                ends.append((match.end(), fits, short.short))
        end, meant, abbreviation = max(ends, key=lambda each: each[0], default=(0, [], None))
        if len(meant) != 1:
            return []
        return [Mention(start, end, text[start:end], meant[0], abbreviation)]

    def _everyday(self, text: str) -> list[tuple[int, int, Term]]:
        """What the everyday words of a text may mean, where they are no part of a longer name."""
        meanings = list(found(text, self._lay))
        names = [*meanings, *((m.start, m.end, m.term) for m in self.mentions(text))]
        return [
            (start, end, term)
            for start, end, term in meanings
            if not any(a <= start and end <= b and b - a > end - start for a, b, _ in names)
        ]

    def _unaliased(self, text: str) -> str:
        """The text with terms in the place of aliases; one that is English has its capital."""
        for start, end, term in sorted(
            self._everyday(text), key=lambda each: each[0], reverse=True
        ):
            said = text[start:end]
            is_name = said[0].isupper() or not self._is_english(said)
            if is_name and said.casefold() in {alias.casefold() for alias in term.aliases}:
                text = f"{text[:start]}{term.term}{text[end:]}"
        return text

    def _fits(self, term: Term, said: frozenset[str]) -> bool:
        return not term.near or any(near <= said for near in self._near[term.term])


def unworded(segments: Iterable[Segment]) -> str:
    """The text that was said, without what was added to it."""
    return "".join(segment.text for segment in segments if not segment.added)


def _explanations(
    text: str, mentions: Sequence[Mention], audience: Audience, explained: set[str]
) -> Iterator[tuple[int, str]]:
    """What is put in, and where, in order."""
    place = 0
    for i, mention in enumerate(mentions):
        place = max(place, _place(text, mention, mentions[i + 1 :]))
        if bracketed := _is_bracketed(text, mention.start, place):
            explained |= _explained_by_text(text, mention, mentions[i - 1] if i else None)
        if not BRACKET.match(text, place) and (told := _told(mention, audience, explained)):
            yield place, f", {told}" if bracketed else f" ({told})"


def _told(mention: Mention, audience: Audience, explained: set[str]) -> str:
    """What the audience does not know of a mention yet; plain words need no other plain words."""
    term, told = mention.term, []
    if mention.short and _key(mention.short, term) not in explained:
        told.append(mention.expansion)
        explained.add(_key(mention.short, term))
    if audience is Audience.PATIENT and term.plain and term.term not in explained:
        explained.add(term.term)
        if not words_of(mention.name) <= words_of(term.plain):
            told.append(term.plain)
    return ": ".join(told)


def _explained_by_text(text: str, mention: Mention, before: Mention | None) -> set[str]:
    """The abbreviations that the text spells out, before brackets or in them."""
    if before and before.term is mention.term:
        return {_key(each.short, each.term) for each in (before, mention) if each.short}
    letters = [c for c in (mention.short or "").casefold() if c.isalpha()]
    spelt = WORD.findall(text[: mention.start])[-len(letters) :]
    if letters and spelt and spelt[0].casefold().startswith(letters[0]):
        return {_key(mention.short or "", mention.term)}
    return set()


def _place(text: str, mention: Mention, later: Sequence[Mention]) -> int:
    """Behind the mention and what it has grown together with, never inside another mention."""
    grown = GROWN.match(text, mention.end)
    place = grown.end() if grown else mention.end
    return next((each.end for each in later if each.start < place < each.end), place)


def _is_bracketed(text: str, start: int, end: int) -> bool:
    return text[:start].endswith(("(", "[")) and text.startswith((")", "]"), end)


def _key(short: str, term: Term) -> str:
    return f"{short} = {term.term}"


def _with(text: str, names: Iterable[str]) -> str:
    """The text, and in brackets the names whose words it does not hold yet."""
    said, added = words_of(text), []
    for name in names:
        if not words_of(name) <= said:
            said |= words_of(name)
            added.append(name)
    return f"{text} ({', '.join(added)})" if added else text
