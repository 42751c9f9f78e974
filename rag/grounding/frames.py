"""What a source asks to find out, and a statement takes as found."""

import re
from collections.abc import Iterator

from rag.types import Mismatch, Reason

ASKED = re.compile(
    r"^\W*(?:\w+ly )?(?P<verb>confirm|check|verify|ensure|make sure|determine|establish|find out|"
    r"ask|assess|decide|clarify)\b[^,;.]{0,30}?\b(?:that|whether|if)\b",
    re.IGNORECASE,
)
"""An order to find something out, at the beginning of a sentence."""

STILL_ASKED = re.compile(
    r"\b(?:confirm|check|verif|ensur|make sure|making sure|determin|establish|find out|ask|assess|"
    r"decid|clarif|should|must|needs?\b|ha(?:s|ve) to|requir|when\b|if\b|once\b|only|whether|"
    r"provided|until|unless|look|test)",
    re.IGNORECASE,
)


def disagreements(statement: str, source: str) -> Iterator[Reason]:
    """Facts that the source only asks to confirm."""
    asked = ASKED.search(source)
    if asked and not STILL_ASKED.search(statement):
        yield Reason(mismatch=Mismatch.CONDITION, words="", source=asked["verb"].lower())
