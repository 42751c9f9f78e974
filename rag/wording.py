"""What every door says in the same plain words."""

from rag.types import AbstentionReason, ReviewStatus, Source

REVIEWS = {
    ReviewStatus.SUBMITTED: "educational, not yet reviewed by a clinician",
    ReviewStatus.UNDER_REVIEW: "educational, being reviewed by a clinician",
    ReviewStatus.APPROVED: "educational, reviewed by a clinician",
}

REASONS = {
    AbstentionReason.NOT_IN_CORPUS: "No answer: the guidelines here do not cover this question.",
    AbstentionReason.INSUFFICIENT: "No answer: the guidelines here touch on this question, "
    "but none of their statements answers it.",
    AbstentionReason.SUPERSEDED_ONLY: "No answer from current guidelines: only superseded ones "
    "cover this.",
}


def link(source: Source) -> str | None:
    """Where the published source is found: its DOI before its URL."""
    return f"https://doi.org/{source.doi}" if source.doi else source.url
