"""What became of what a generator drafted, and every sent statement with the words it cites."""

from typing import Any

from rag.citing import marks
from rag.types import Answer, Fate, Statement


def kept(answer: Answer) -> float:
    """The share of what the generator drafted that was sent as it was; none if it fell back."""
    if answer.fallback:
        return 0.0
    sent = len(answer.statements)
    changed = sum(removed.fate is not Fate.DROPPED for removed in answer.removed)
    dropped = len(answer.removed) - changed
    return (sent - changed) / (sent + dropped)


def scores(answer: Answer) -> dict[str, float]:
    """Counts of statements by their fate, tokens and seconds; nothing without a chat model."""
    usage = answer.provenance.usage
    if usage is None:
        return {}
    fates = [removed.fate for removed in answer.removed]
    own = 0 if answer.fallback else len(answer.statements) - _sides(answer)
    as_drafted = own - len(fates) + fates.count(Fate.DROPPED) if own else 0
    return {
        "drafted": float(as_drafted + len(fates)),
        "kept": float(as_drafted),
        **{str(fate): float(fates.count(fate)) for fate in Fate},
        "fell back": float(answer.fallback is not None),
        "calls": float(usage.calls),
        "input tokens": float(usage.input_tokens),
        "output tokens": float(usage.output_tokens),
        "seconds": sum(answer.timings_ms.values()) / 1_000,
    }


def shown(answer: Answer) -> dict[str, Any]:
    """What a reader needs to judge a chat model by: what it said, what was sent, and on what."""
    if answer.provenance.usage is None:
        return {}
    return {
        "fallback": answer.fallback,
        "removed": [
            {"text": r.text, "fate": r.fate, "reasons": [str(reason) for reason in r.reasons]}
            for r in answer.removed
        ],
        "sent": [
            {
                "text": statement.text,
                "verbatim": statement.verbatim,
                "cited": [citation.quote.exact for citation in statement.citations],
            }
            for statement in answer.statements
        ],
    }


def said(statement: Statement) -> str:
    """A statement with its reference numbers."""
    return f"{statement.text} {marks(statement.numbers)}"


def _sides(answer: Answer) -> int:
    return sum(len(point.statements) for point in answer.disagreements)
