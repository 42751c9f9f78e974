"""What every door says in the same plain words."""

import re

from rag.types import AbstentionReason, Answer, Audience, OutcomeKind, ReviewStatus, Source

EDUCATIONAL = re.compile(r"\beducational,? and no clinician has reviewed it\b")
"""How a summary says so of itself; no answer repeats it, for every answer shows its status."""

_EDUCATION = (
    "For health professionals, as education and reference. It does not replace clinical judgement "
    "or the guideline itself: check doses, thresholds and contraindications in the source before "
    "acting on them."
)
DISCLAIMERS = {
    Audience.CLINICIAN: _EDUCATION,
    Audience.TRAINEE: _EDUCATION,
    Audience.PATIENT: "For information only. It is no advice on your own health: do not start, "
    "stop or change a treatment because of it, and talk to those who treat you.",
}

USE = {
    False: "For health professionals, as education and reference.",
    True: "For education and reference, and no advice on anybody's own health.",
}
"""What the service is for, by whether it is open to patients."""

REVIEWS = {
    ReviewStatus.SUBMITTED: "educational, not yet reviewed by a clinician",
    ReviewStatus.UNDER_REVIEW: "educational, being reviewed by a clinician",
    ReviewStatus.APPROVED: "educational, reviewed by a clinician",
}

REASONS = {
    AbstentionReason.NOT_IN_CORPUS: "No answer: the guidelines here do not cover this question.",
    AbstentionReason.INSUFFICIENT: "No answer: the guidelines here touch on this question, "
    "but none of their statements answers it.",
    AbstentionReason.CONFLICT: "Current guidelines differ on this; each is shown in its own words.",
    AbstentionReason.SUPERSEDED_ONLY: "No answer from current guidelines: only superseded ones "
    "cover this.",
    AbstentionReason.PATIENT_SPECIFIC: "No answer: this asks what one person should do about their "
    "own treatment. Only those who treat that person can say: do not start, stop or change a "
    "medicine before having talked to them. Ask here what guidelines recommend for a condition.",
    AbstentionReason.EMERGENCY: "This reads like an emergency. Call the local emergency number, or "
    "your emergency team, now. Do not wait for an answer here.",
    AbstentionReason.HARMFUL: "If you think of ending your life, or you or somebody else is in "
    "danger, call a crisis line or the local emergency number now: people there listen and help. "
    "This is not a question that is answered here.",
    AbstentionReason.OUT_OF_SCOPE: "No answer: this is about something that the guidelines here "
    "are not about.",
}

HELP = {
    AbstentionReason.EMERGENCY: "This reads like an emergency: call for help before reading on.",
    AbstentionReason.HARMFUL: "If this is about thoughts of suicide or of harm, a crisis line or "
    "the local emergency number helps at any hour.",
}
"""What is said, before all else, beside an answer to a question that may tell of danger."""


def maker(answer: Answer) -> str | None:
    """How far a chat model has worded an answer; None where none was asked."""
    if answer.fallback:
        return f"No chat model worded this answer: {answer.fallback}"
    if answer.provenance.prompt is None or answer.outcome.kind is OutcomeKind.ABSTAINED:
        return None
    return f"Worded by a chat model, {answer.provenance.generator}, checked against its passages"


def link(source: Source) -> str | None:
    """Where the published source is found: its DOI before its URL."""
    return f"https://doi.org/{source.doi}" if source.doi else source.url
