"""What a source asks to find out, and what it advises against; a statement may claim neither."""

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

ADVISED_AGAINST = re.compile(
    r"\b(?:do|does|did|is|are)(?: not|n't) (?:recommend|suggest|advis)\w*"
    r"|\b(?:recommend|advis|suggest)\w* against",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"recommend|suggest|advi[sc]|avoid|against|contraindicat|withh"
    r"|\b(?:do|is|are|be|should|must|can) not"
    r"|n't\b|\bnot (?:be|indicated|needed|required|routine|given|done|used|offered)"
    r"|\bno (?:role|need|routine|place)",
    re.IGNORECASE,
)
"""How a source advises at all, or denies what is done."""


def disagreements(statement: str, source: str) -> Iterator[Reason]:
    """Facts that the source only asks to confirm, and advice against what it merely tells of."""
    asked = ASKED.search(source)
    if asked and not STILL_ASKED.search(statement):
        yield Reason(mismatch=Mismatch.CONDITION, words="", source=asked["verb"].lower())
    against = ADVISED_AGAINST.search(statement)
    if against and not DENIED.search(source):
        yield Reason(mismatch=Mismatch.NEGATION, words=against[0])
