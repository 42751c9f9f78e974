"""The words that lexical search compares: one analysis for what is indexed and what is asked."""

import re
import unicodedata
from functools import cache

import tantivy

from rag.spelling import fold_spelling

WORD = re.compile(
    r"[<>≤≥]=?\s?(?=\d)"
    r"|[^\W_]+(?:[-./'’·][^\W_]+)*(?:\+(?!\w)|%)?"
)
"""Keeps `7%`, `0.5`, `SGLT-2`, `HbA1c`, `K+`, `140/90` and `≥` whole."""

STOP = frozenset(
    (
        "a an the of in on at to for from by with as and or if is are was were be been being am do "
        "does did has have had can could will would shall should may might must it its this that "
        "these those there here i you he she we they them his her their our your my me us him who "
        "whom which what when where how why than then so such also into about during per via any"
    ).split(" ")
)


def tokens(text: str) -> list[str]:
    """The indexed forms of a text in order: lower case, American spelling, English stems.

    Compounds (`beta-blocker`, `140/90`) are followed by their parts; stop words are left out.
    """
    found: list[str] = []
    for match in WORD.finditer(unicodedata.normalize("NFKC", text).lower()):
        word = match.group().strip()
        if word not in STOP:
            found += _forms(word)
    return found


@cache
def _stem(word: str) -> str:
    return "".join(_STEMMER.analyze(fold_spelling(word)))


def _forms(word: str) -> list[str]:
    parts = re.split(r"[-/'’]", word)
    if len(parts) == 1:
        return [_stem(word) or word]
    whole = fold_spelling(word)
    return [whole, *(_stem(part) or part for part in parts if part and part not in STOP)]


_STEMMER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    .filter(tantivy.Filter.stemmer("English"))
    .build()
)
