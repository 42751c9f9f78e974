"""What a statement names that its source does not."""

import re
from collections.abc import Iterator
from functools import cache

from rag.grounding.ordinary import ORDINARY
from rag.grounding.words import all_concepts, lines, members
from rag.spelling import fold_spelling
from rag.types import Mismatch, Reason

WORD = re.compile(r"(?<![\w.])(?![a-z]{1,2}\b|[A-Z]\b)[^\W\d_][^\W_]*(?:-[^\W_]+)*\+?")
SUFFIX = re.compile(
    r"(?:i[sz]ations?|i[sz](?:e[ds]?|ing)|ations?|itions?|[st]?ions?|ings?|ed|[ae]nces?|[ae]nt|ically|"
    r"ical|ics?|otic|osis|is|ia[ce]?|ae?|us|um|aries|ary|y|ies|es|s|al(?:ly)?|ly|ive(?:ly)?|ab(?:le|ility)|"
    r"ures?|[eo]rs?|ous|ity|ments?|age|o?genic|(?<=y)(?:s[ei]s|tics?)|e)$"
)
FIRST = re.compile(r"(?:^|[.:;] )[A-Z](?=[a-z]+\b(?!-))")
"""A capital that a sentence begins with is no name's."""

CAPITALS = re.compile(r"[A-Z]{2,}[A-Za-z]?s?")
NEGATED = re.compile(
    r"(?:un|in|im|ir|non-?)(?=[a-z]{5})(?!patient|fect|vasive|take|creas|duc|halat|ject|fusi)"
)
AGAINST = re.compile(r"^anti-?(?=[a-z]{5})")
NAMING = re.compile(
    r"(?:itis|os[ei]s|omas?|omata|[ae]mi[ac]|path(?:y|ies|ic)|algia|uria|peni[ac]|pleg(?:ia|ic)|"
    r"rrh(?:ea|oea|age|agic)|megaly|ectomy|oscopy|gra(?:phy|m)|plast[yi]c?|[ot]omy|centesis|lysis|"
    r"troph(?:y|ic)|plasia|sten|cept|mab|nib|vir|stat|ban|tran|grel|[ty]ide|gliptin|flozin|lukast|"
    r"caine|fen|oxib|triptan|setron|pitant|platin|taxel|fil|pril|sartan|olol|azole|cillin|cycline|"
    r"pa[mn]|[lz]am|[xlr]ate|[oi]nate|ase|id|in|ine|ide|ium|ol|one|yl)s?$|^pseudo",
    re.IGNORECASE,
)
"""Endings of the names of diseases, procedures and drugs."""

NAMED = frozenset(all_concepts(" ".join(lines("named.txt"))))
DEGREES = frozenset(("high", "low"))
"""Of a dose or a risk they are a claim; `higher` and `raised` are looked at as directions."""

SPOKEN = 0.1
"""One word that names nothing is a way of speaking, and so is this share of a long statement."""

GENERAL = frozenset(
    all_concepts(
        "symptom sign diagnosis infection disease illness disorder attack episode serum organ "
        "tissue test imaging measure therapy drug dose doctor care fluid"
    )
)
"""Words of medicine that say nothing new beside what they are of: `serum` creatinine."""

ALIKE = (("y", "i"), ("ph", "f"), ("ae", "e"), ("oe", "e"))
"""Letters that ways of spelling exchange: `aciclovir`, `cyclosporin`, `melaena`."""

SKIPPED = frozenset(("of", "and", "the", "for", "in", "with", "or", "a", "an", "on", "to"))


def disagreements(statement: str, source: str, context: str) -> Iterator[Reason]:
    """Words of a statement, other than ordinary ones, that neither source nor context has.

    Where they are few, one has to be a name.
    """
    statement = FIRST.sub(lambda found: found[0].lower(), statement)
    foreign = missing(statement, f"{source} {context}")
    is_little = len(foreign) <= max(1, SPOKEN * len(words(statement)))
    if is_little and not any(map(_is_name, foreign)):
        return
    left = missing(source, statement)
    for word in foreign:
        yield Reason(mismatch=Mismatch.NAME, words=word, source=left[0] if left else "")


def words(text: str) -> list[str]:
    """The distinct words of a text, in order."""
    return list(dict.fromkeys(match[0] for match in WORD.finditer(text)))


def missing(text: str, other: str) -> list[str]:
    """The words of a text, ordinary ones aside, that another has in no form."""
    held, spelled = set(all_concepts(other)), initials(other)
    roots = {root(part) for match in WORD.finditer(other) for part in match[0].split("-")}
    roots |= {root(match[0].replace("-", "")) for match in WORD.finditer(other)}
    return [
        word
        for word in words(text)
        if not _forms(word) - GENERAL <= held
        and CONCEPT_ROOTS.get(root(word)) not in held
        and not _denies_what_is(word, held)
        and not _is_derived(root(AGAINST.sub("", word.lower()).replace("-", "")), roots)
        and not _is_spelled_out(word, spelled, other)
    ]


def _is_name(word: str) -> bool:
    """Whether a word names a drug, a disease, people or the like, as far as can be told."""
    is_spelled_as_one = word != word.lower() or NAMING.search(word) is not None
    return is_spelled_as_one or word in DEGREES or not NAMED.isdisjoint(all_concepts(word))


def initials(text: str) -> str:
    """First letters of the words of a text, so that `computed tomography` holds CT."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() not in SKIPPED]
    return "".join(word if CAPITALS.fullmatch(word) else word[0].upper() for word in words)


@cache
def root(word: str) -> str:
    """A word without its ending, so that `cirrhotic` is held by `cirrhosis`."""
    lower = fold_spelling(word.lower())
    short = SUFFIX.sub("", lower)
    for letters, plain in ALIKE:
        short = short.replace(letters, plain)
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
