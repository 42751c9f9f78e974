"""Questions that no guideline summary should answer: emergencies, one's own treatment, harm."""

import re
from collections.abc import Sequence

from rag.types import AbstentionReason


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns), re.IGNORECASE)


SOMEBODY = (
    r"(?:i|he|she|they|somebody|someone|the (?:baby|child|kid|boy|girl|man|woman|lady)|"
    r"my (?:\w+ )?(?:son|daughter|child|kid|baby|boy|girl|toddler|husband|wife|partner|mum|mom|"
    r"mother|dad|father|brother|sister|friend|neighbou?r|gran\w*))"
)
DANGER = (
    "(?:not breathing|stopped breathing|(?:can ?not|can['’]t|struggling to) breathe|unresponsive|"
    "unconscious|passed out|collapsed|choking|turn(?:ed|ing) blue|gone blue|is blue|"
    "won['’]t wake up|having an? (?:fit|seizure|stroke|heart attack)|bleeding out|"
    "(?:severe|crushing) chest pain|"
    "(?:lips|tongue|throat|face) (?:is|are)(?: all)? (?:swelling|swollen|closing|drooping))"
)
EMERGENCY = _any(
    (
        "right now|at this very moment|just (?:collapsed|swallowed|stopped breathing|passed out)",
        rf"{SOMEBODY}\b[^.?]{{0,80}}\b{DANGER}",
        r"(?:i|he|she)(?:['’]m|['’]s| am| is| have| has) chest pain",
        "(?:bleeding|blood) (?:won['’]t|will not|does not|doesn['’]t) stop",
        r"(?:i|he|she) (?:took|has taken|have taken|swallowed) (?:an overdose|too many|\d+ \w+)",
        "swallowed (?:a|the|some) (?:button )?(?:battery|bleach|poison)",
    )
)
SELF_HARM = _any(
    (
        "(?:kill|hurt|harm|cut|burn|starve) (?:myself|me)|end my (?:own )?life",
        "i (?:want|wish|plan) to (?:die|overdose)",
    )
)
HARM = _any(
    (
        "(?:kill|poison|murder) (?:someone|somebody|him|her|them|a person|people|my|another)",
        "without (?:them|him|her|anyone|anybody) (?:knowing|noticing|tasting)",
        "so that (?:nobody|no one) (?:will )?(?:knows?|notices?)",
        r"(?:slip|sneak|hide|mix|crush|put) [^?]*in(?:to)? (?:his|her|their|someone['’]s|"
        r"somebody['’]s|my \w+['’]s) (?:drink|food|tea|coffee|meal|dinner)",
        "(?:lethal|fatal|deadly) (?:dose|amount|combination)s? (?:of [^?]*)?"
        "(?:to (?:give|use|kill)|undetected|painless(?:ly)?)",
        "without (?:leaving a trace|being (?:caught|detected))",
        r"(?:synthesi[sz]e|cook|make) (?:meth\w*|fentanyl|heroin|ricin|sarin)",
    )
)
OWN = _any(
    (
        "my (?:own )?(?:medication|medicine|tablets|pills|dose|prescription|symptoms?|doctor|gp|"
        "surgery|operation|pregnancy|chest|head|leg|stomach|throat|rash|results?|cholesterol|"
        "blood pressure|biopsy|period|baby)",
        r"i(?: am|['’]m|['’]ve| have)(?: been)?(?: [\w-]+){0,3} (?:taking|prescribed|diagnosed|"
        "pregnant|allergic|on)",
        "i have (?:an? |had |been )?(?:pain|fever|rash|headache|cough|lump|diabetes|cancer|asthma)",
        "i take",
    )
)
"""Words of one who is treated; to be told what guidelines say is no decision yet."""

ASKED = "(?:should|can|could|may|must|shall) i (?:just |still |now |also |safely )?"
DECIDES = _any(
    (
        f"{ASKED}(?:take|skip|miss|quit|keep taking|stop taking|start taking|be worried|worry|"
        "go to|see a|need to see)",
        "(?:stop|skip|change|increase|double|halve|reduce|refill|come off) my",
    )
)
DECIDES_ON_OWN = _any(
    (
        f"{ASKED}(?:stop|start|change|switch|swap|increase|double|halve|reduce|come off|go off)",
        "what (?:should|do|can|must) i do|what (?:about my|now|next)|safe for me",
    )
)
"""What one who treats asks too: beside words that are OWN it is a decision on oneself."""

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
    if not treats and is_personal(question):
        return AbstentionReason.PATIENT_SPECIFIC
    return None


def is_personal(question: str) -> bool:
    """Whether a question asks for a decision on the treatment of whoever asks."""
    own = OWN.search(question) is not None
    return DECIDES.search(question) is not None or (
        own and DECIDES_ON_OWN.search(question) is not None
    )


def is_urgent(question: str) -> bool:
    """Whether a question, whoever asks, reads like an emergency."""
    return EMERGENCY.search(question) is not None
