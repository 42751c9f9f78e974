"""What a statement names that its source does not."""

import re
from collections.abc import Iterator
from functools import cache

from rag.grounding.ordinary import ORDINARY
from rag.grounding.words import all_concepts, members
from rag.spelling import fold_spelling
from rag.types import Mismatch, Reason

WORD = re.compile(r"(?<![\w.])(?![a-z]{1,2}\b|[A-Z]\b)[^\W\d_][^\W_]*(?:-[^\W_]+)*\+?")
SUFFIX = re.compile(
    r"(?:i[sz]ations?|i[sz](?:e[ds]?|ing)|ations?|itions?|[st]?ions?|ings?|ed|[ae]nces?|[ae]nt|ically|"
    r"ical|ics?|otic|osis|is|ia[ce]?|ae?|us|um|aries|ary|y|ies|es|s|al(?:ly)?|ly|ive(?:ly)?|ab(?:le|ility)|"
    r"ures?|[eo]rs?|ous|ity|ments?|e)$"
)
CAPITALS = re.compile(r"[A-Z]{2,}[A-Za-z]?s?")
NEGATED = re.compile(
    r"(?:un|in|im|ir|non-?)(?=[a-z]{5})(?!patient|fect|vasive|take|creas|duc|halat|ject|fusi)"
)
SKIPPED = frozenset(("of", "and", "the", "for", "in", "with", "or", "a", "an", "on", "to"))


def disagreements(statement: str, source: str, context: str) -> Iterator[Reason]:
    """Words of a statement, other than ordinary ones, that neither source nor context has."""
    foreign = missing(statement, f"{source} {context}")
    left = missing(source, statement) if foreign else []
    for word in foreign:
        yield Reason(mismatch=Mismatch.NAME, words=word, source=left[0] if left else "")


def words(text: str) -> list[str]:
    """The distinct words of a text, in order."""
    return list(dict.fromkeys(match[0] for match in WORD.finditer(text)))


def missing(text: str, other: str) -> list[str]:
    """The words of a text, ordinary ones aside, that another has in no form."""
    held, spelled = set(all_concepts(other)), initials(other)
    roots = {root(part) for match in WORD.finditer(other) for part in match[0].split("-")}
    roots |= {root(match[0]) for match in WORD.finditer(other)}
    return [
        word
        for word in words(text)
        if not _forms(word) <= held
        and CONCEPT_ROOTS.get(root(word)) not in held
        and not _denies_what_is(word, held)
        and not _is_derived(root(word), roots)
        and not _is_spelled_out(word, spelled, other)
    ]


def initials(text: str) -> str:
    """First letters of the words of a text, so that `computed tomography` holds CT."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() not in SKIPPED]
    return "".join(word if CAPITALS.fullmatch(word) else word[0].upper() for word in words)


@cache
def root(word: str) -> str:
    """A word without its ending, so that `cirrhotic` is held by `cirrhosis`."""
    lower = fold_spelling(word.lower())
    short = SUFFIX.sub("", lower)
    return short if len(short) > 3 else lower  # noqa: PLR2004


CONCEPT_ROOTS = {root(word): concept for word, concept in members()}
"""Words of equal meaning by their roots: `injured` has that of `injury`."""


def _is_derived(own: str, roots: set[str]) -> bool:
    """Whether a root is among others, give or take a few last letters of a long one."""
    if own in roots:
        return True
    return any(
        min(len(own), len(other)) > 5  # noqa: PLR2004
        and abs(len(own) - len(other)) < 4  # noqa: PLR2004
        and (own.startswith(other) or other.startswith(own))
        for other in roots
    )


def _denies_what_is(word: str, held: set[str]) -> bool:
    """Whether a word is a known one with a negation before it, which `polarity` looks at."""
    prefix = NEGATED.match(word.lower())
    return prefix is not None and set(all_concepts(word[prefix.end() :])) <= held | ORDINARY


def _is_spelled_out(word: str, spelled: str, other: str) -> bool:
    """Whether capitals stand for several words of a text, or for the letters of a long one."""
    short = word.removesuffix("s").upper()
    if len(short) < 2 or not CAPITALS.fullmatch(word):  # noqa: PLR2004
        return False
    letters = "[a-z]*".join(short.lower())
    return short in spelled or bool(re.search(rf"(?i)\b(?=\w{{8}}){letters}", other))


def _forms(word: str) -> set[str]:
    """The concepts of a word that claim something; of a compound those of its parts."""
    found = all_concepts(word)
    parts = found[1:] if len(found) > 1 else found
    return {part for part in parts if part not in ORDINARY}
