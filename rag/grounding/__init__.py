"""Does this passage carry this statement?"""

from collections.abc import Sequence
from typing import NamedTuple

from rag.sentences import plain
from rag.types import Support


class Verdict(NamedTuple):
    """How far the cited words carry a statement, and why not further."""

    support: Support
    reasons: tuple[str, ...] = ()


def check(text: str, quotes: Sequence[str]) -> Verdict:
    """Supported when one of the quotes says the statement word for word, else unsupported."""
    if not quotes:
        return Verdict(Support.UNSUPPORTED, ("cites nothing",))
    if any(text == plain(exact) for exact in quotes):
        return Verdict(Support.SUPPORTED)
    return Verdict(Support.UNSUPPORTED, ("not in the words of any passage it cites",))
