"""Whether what was found can carry an answer at all."""

from rag.types import AbstentionReason

FAR = 0.30
"""Below this cosine nothing in the corpus is about the question, whatever words it shares."""

NEAR = 0.55
"""From this cosine the best passage is about the question, whatever words it lacks."""

COVERED = 0.45
"""Between the two, this share of the question's idf mass must be found in one passage."""


def shortfall(coverage: float, closest: float) -> AbstentionReason | None:
    """Why the passages do not suffice, or None.

    `coverage` is the share of the query's idf mass in the best lexical hit, `closest` the best
    cosine, both 0 to 1.
    """
    if closest < FAR:
        return AbstentionReason.NOT_IN_CORPUS
    if closest < NEAR and coverage < COVERED:
        return AbstentionReason.NOT_IN_CORPUS
    return None
