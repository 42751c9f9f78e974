"""Questions that no guideline summary should answer: emergencies, one's own treatment, harm."""

import re
from collections.abc import Sequence

from rag.types import AbstentionReason


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns), re.IGNORECASE)


EMERGENCY = _any(
    (
        "right now|at this very moment|just (?:collapsed|swallowed|stopped breathing|passed out)",
        "is (?:not breathing|unresponsive|unconscious|choking)",
        "is having an? (?:seizure|stroke|heart attack)",
        "(?:can ?not|can['’]t) breathe",
        r"(?:i|he|she)(?:['’]m|['’]s| am| is| have| has) (?:severe |crushing )?chest pain",
        "(?:bleeding out|turning blue|won['’]t wake up)",
        r"(?:i|he|she) (?:took|has taken|have taken|swallowed) (?:an overdose|too many|\d+ \w+)",
        "swallowed (?:a|the|some) (?:button )?(?:battery|bleach|poison)",
    )
)
SELF_HARM = _any(
    (
        "kill (?:myself|me)|end my (?:own )?life|hurt myself|harm myself",
        "i (?:want|wish|plan) to die",
    )
)
HARM = _any(
    (
        "(?:kill|poison|murder) (?:someone|somebody|him|her|them|a person|people|my|another)",
        "without (?:them|him|her|anyone) (?:knowing|noticing)|so that (?:nobody|no one) (?:will )?"
        "(?:knows?|notices?)",
        "(?:lethal|fatal|deadly) (?:dose|amount|combination)s? (?:of [^?]*)?"
        "(?:to (?:give|use|kill)|undetected|painless(?:ly)?)",
        "without (?:leaving a trace|being (?:caught|detected))",
        "(?:synthesi[sz]e|cook|make) (?:meth\\w*|fentanyl|heroin|ricin|sarin)",
    )
)
PERSONAL = _any(
    (
        "(?:should|can|could|may|must|do|shall) i (?:take|skip|get|be worried|worry|go to|see a|"
        "quit|keep taking|stop taking|start taking|need to see)",
        "(?:stop|skip|change|increase|double|halve|reduce|refill) my",
        "my (?:own )?(?:medication|medicine|tablets|pills|dose|prescription|symptoms?|doctor|gp|"
        "surgery|operation|pregnancy|chest|head|leg|stomach|throat|rash|results?|cholesterol|"
        "blood pressure|biopsy|period|baby)",
        r"i(?: am|['’]m|['’]ve| have)(?: been)? (?:taking|prescribed|diagnosed|pregnant|allergic)",
        "i have (?:an? |had |been )?(?:pain|fever|rash|headache|cough|lump|diabetes|cancer|asthma)",
    )
)
CLINICAL = _any(
    (
        "(?<!i am )(?<!i['’]m )(?<!as )(?<!just )(?<!only )(?:an?|the|this|which) patients?",
        "(?:my|our) (?:patients?|ward|clinic|practice|service|hospital|team|unit)",
        "i(?: am|['’]m) (?:an? |the )?(?:doctor|gp|nurse|resident|registrar|physician|pharmacist|"
        "clinician|paediatrician|pediatrician|treating|seeing|managing)",
    )
)
"""Words of one who treats: the same question is then about a patient, and may be answered.

Who treats an emergency needs the dose, and is told to call for help besides.
"""

CONCERNS = (
    (SELF_HARM, AbstentionReason.HARMFUL),
    (EMERGENCY, AbstentionReason.EMERGENCY),
    (HARM, AbstentionReason.HARMFUL),
)


def concern(question: str) -> AbstentionReason | None:
    """Why a question should not be answered from guidelines at all, or None."""
    treats = CLINICAL.search(question) is not None
    for pattern, reason in CONCERNS:
        if pattern.search(question) and not (treats and reason is AbstentionReason.EMERGENCY):
            return reason
    if PERSONAL.search(question) and not treats:
        return AbstentionReason.PATIENT_SPECIFIC
    return None


def is_urgent(question: str) -> bool:
    """Whether a question, whoever asks, reads like an emergency."""
    return EMERGENCY.search(question) is not None
