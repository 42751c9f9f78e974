"""Whether what was found can carry an answer at all."""

from rag.types import AbstentionReason

BESIDE = 0.27
"""Below this cosine the question is about something that guidelines are not about."""

NEAR = 0.55
"""From this cosine the guidelines are about the question's subject, answer it or not."""

DOUBT = 0.14
"""A headline whose passage is less than this above enough may be beside the point; one is told."""


def sufficiency(coverage: float, closest: float) -> float:
    """How far a question is met by what was found, 0 to 1.

    `coverage` is the share of the question's idf mass in the best passage, `closest` the best
    cosine, both 0 to 1. Meaning weighs twice as much as words.
    """
    return max(0.0, (2 * closest + coverage) / 3)


def shortfall(coverage: float, closest: float, enough: float) -> AbstentionReason | None:
    """Why the passages do not suffice, or None; `enough` is the sufficiency to answer from."""
    if closest < BESIDE:
        return AbstentionReason.OUT_OF_SCOPE
    if sufficiency(coverage, closest) < enough:
        near = closest >= NEAR
        return AbstentionReason.INSUFFICIENT if near else AbstentionReason.NOT_IN_CORPUS
    return None
