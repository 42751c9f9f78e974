"""Parts of a statement that have nothing to do with its source, beside a part that is carried."""

import re
from collections.abc import Iterator

from rag.grounding.words import concepts
from rag.types import Mismatch, Reason

SENTENCES = re.compile(r"[.:;!?]\s+")
CLAUSES = re.compile(r"[.:;!?]\s+|,\s+|\s+[–—]|\)\s+|\s+(?:and|but|so|because)\s+")
ALLOWS = re.compile(r"(?:or|however|whatever|whether|regardless|no matter)\b", re.IGNORECASE)
"""A clause that opens so claims nothing: it leaves open what may be."""

LEAST_OF_A_CLAUSE = 2
"""Words of a clause that must be there before their absence from the source tells anything."""


def additions(statement: str, source: str) -> Iterator[Reason]:
    """Each sentence, and each clause of several words, of which the source holds not one."""
    held = set(concepts(source))
    for pattern, least in ((SENTENCES, 1), (CLAUSES, LEAST_OF_A_CLAUSE)):
        parts = pattern.split(statement)
        for part in parts if len(parts) > 1 else ():
            words = set(concepts(part))
            if len(words) >= least and not words & held and not ALLOWS.match(part):
                yield Reason(mismatch=Mismatch.UNSAID, words=part.strip())
