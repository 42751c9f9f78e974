"""Does what a statement cites carry it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.grounding.entailment import Entailment
from rag.sentences import plain, statements
from rag.types import Grade, Mismatch, Reason, Support


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cited passage: its text, the title and headings it stands under, its grade."""

    text: str
    context: str = ""
    grade: Grade | None = None


class Verdict(NamedTuple):
    """How far the cited words carry a statement, and why not further."""

    support: Support
    reasons: tuple[Reason, ...] = ()


class Gate:
    """Lets through what the cited passages carry."""

    def __init__(self, entailment: Entailment) -> None:
        self._entailment = entailment

    def check(self, statement: str, evidence: Sequence[Evidence]) -> Verdict:
        """Supported when one of the passages says the statement word for word."""
        if not evidence:
            return Verdict(
                Support.UNSUPPORTED, (Reason(mismatch=Mismatch.UNCITED, words=statement),)
            )
        if any(statement in said(each.text) for each in evidence):
            return Verdict(Support.SUPPORTED)
        return Verdict(Support.UNSUPPORTED, (Reason(mismatch=Mismatch.UNSAID, words=statement),))


def said(text: str) -> set[str]:
    """The text as it is read, and each of its statements."""
    return {plain(text), *(plain(text[s.start : s.end]) for s in statements(text))}
