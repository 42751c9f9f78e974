"""Parts of a statement that have nothing to do with its source, beside a part that is carried."""

import re
from collections.abc import Iterator

from rag.grounding.words import concepts
from rag.types import Mismatch, Reason

PARTS = re.compile(r"[.:;!?]\s+|,\s+|\s+[(–—]|\)\s*|\s+(?:and|but|so|because)\s+")
LEAST = 2
"""Words of a part that must be there before their absence from the source tells anything."""


def additions(statement: str, source: str) -> Iterator[Reason]:
    """Each part of several words of which the source holds not one."""
    held = set(concepts(source))
    parts = PARTS.split(statement)
    for part in parts if len(parts) > 1 else ():
        words = set(concepts(part))
        if len(words) >= LEAST and not words & held:
            yield Reason(mismatch=Mismatch.UNSAID, words=part.strip())
