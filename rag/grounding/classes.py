"""Words of a statement that exclude what its source says: of people, directions and routes."""

import re
from collections.abc import Iterator

from rag.kinds import ALL, found
from rag.types import Mismatch, Reason

EITHER_WAY = [kinds.patterns for kinds in ALL if found(kinds, "before")]
"""What is before one thing has the other after it: `substitutions` tells one for the other."""


def disagreements(statement: str, source: str, context: str) -> Iterator[Reason]:
    """Words of a statement that exclude what the source says, or that it must say and does not."""
    for kinds in ALL:
        if kinds.patterns in EITHER_WAY:
            continue
        theirs = found(kinds, source)
        around = {} if kinds.mismatch is Mismatch.DIRECTION else found(kinds, context)
        ours = found(kinds, statement)
        if kinds.mismatch is Mismatch.DIRECTION and theirs.keys() <= ours.keys():
            continue
        for name, words in ours.items():
            if name not in theirs and name not in around and (theirs or kinds.strict):
                instead = next(iter(theirs.values()), "")
                if kinds.mismatch is Mismatch.DIRECTION and (
                    _is_denied(words, statement) or _is_denied(instead, source)
                ):
                    continue
                yield Reason(mismatch=kinds.mismatch, words=words, source=instead)


def _is_denied(words: str, text: str) -> bool:
    """Whether a text says a word with a negation before it: `not stopped` is no stopping."""
    denied = rf"\b(?:not|never|cannot|no)(?: \w+)? {re.escape(words)}"
    return bool(words) and re.search(denied, text) is not None
