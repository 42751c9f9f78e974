"""What kind of section, and what figure, a question asks for, read from its words."""

import re

from rag.types import Role

ASKED: tuple[tuple[Role, str], ...] = (
    (Role.DOSING, r"dos(e|es|ing|age)|how much|mg|units?|infusion|loading|titrat\w+"),
    (
        Role.DIFFERENTIAL,
        r"differential|causes?|what (could|might|may|can) (it|this|that) be|diagnos[ei]s|"
        r"which \w+ (are|is|most|can|calcif\w+|cause\w*)|distinguish\w*|differentiat\w+|mimics?",
    ),
    (Role.RATIONALE, r"why|reasons?|rationale|evidence|benefits?|harms?|trials?|advantages?"),
    (
        Role.MONITORING,
        r"monitor\w*|follow[- ]?up|how often|interval|recheck|surveillance|repeat\w*|"
        r"check(ed|ing)?",
    ),
    (
        Role.CAVEATS,
        r"avoid\w*|contraindicat\w*|risks?|safe\w*|caution\w*|pitfalls?|limitations?|"
        r"not to|should(n't| not)|uncertain\w*",
    ),
    (
        Role.STEPS,
        r"next step|step|steps|algorithm|approach|work[- ]?up|sequence|order|pathway|"
        r"manage\w*|initial|first|protocol|indeterminate|what (should|do) (i|we) do|what now",
    ),
    (
        Role.RECOMMENDATIONS,
        r"recommend\w*|should|next step|most appropriate|best|first[- ]line|treat\w*|"
        r"indicat\w*|threshold|target|goal|when|who|screen\w*|test\w*|imag\w*|start|would you|"
        r"prefer\w*|first|choice|drug|therapy|manage\w*|indeterminate",
    ),
)
TIMES = r"hours?|days?|weeks?|months?|years?"
FIGURES: tuple[tuple[str, str], ...] = (
    (
        r"(?<!low[- ])(?<!high[- ])dos(e|es|ing|age)|how much|max(imum|imal)?(?! heart)|loading|"
        r"how many (mg|g|ml|units?|tablets?|grams?|lit(er|re)s?)",
        r"\d ?(mg|g|µg|mcg|ml|l|iu|units?|mmol|meq|tablets?)\b",
    ),
    (
        rf"how long(?! is the)|how many ({TIMES})|duration|minimum length",
        rf"(\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a)[ -]({TIMES})\b",
    ),
    (
        r"how (often|frequently)|what interval|at what intervals",
        rf"\b(every|once|twice|daily|weekly|monthly|yearly|annual(ly)?|(per|a) ({TIMES}))\b",
    ),
    (
        r"percent(age)?|how (common|likely)|proportion|odds of|chances?",
        r"\d ?%|\b(per cent|half|one in|out of)\b",
    ),
    (
        r"thresholds?|(target|goal)(?! organ)|cut-?offs?|(?<!hearing )range|how (low|high)|"
        r"(below|above|at) what|what level",
        r"[<>≤≥]|\b(below|above|under|over|at least|at most|between|up to) \d|\d ?(to|-|–) ?\d",
    ),
    (
        r"when (is|are|was|were|do|does|did|can|could|should|will|would|to)|how (soon|old)|"
        r"what (age|time)",
        rf"\b(within|before|after|until|from|aged?|as soon as|immediately|once)\b|\d ({TIMES})\b",
    ),
    (r"how many", r"\d|\b(one|two|three|four|five|six)\b"),
)
"""What a question asks a figure with, and how such a figure is told."""

PATTERNS = tuple((role, re.compile(rf"\b({words})\b", re.IGNORECASE)) for role, words in ASKED)

FIGURE_PATTERNS = tuple(
    (re.compile(rf"\b({asked})\b", re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for asked, told in FIGURES
)


def asked_roles(question: str) -> frozenset[Role]:
    """The roles whose sections answer such a question; recommendations when nothing tells."""
    roles = {role for role, pattern in PATTERNS if pattern.search(question)}
    return frozenset(roles or {Role.RECOMMENDATIONS})


def asked_figures(question: str) -> tuple[re.Pattern[str], ...]:
    """What tells the figures that such a question asks for, as a dose, a duration or an age."""
    return tuple(told for asked, told in FIGURE_PATTERNS if asked.search(question))
