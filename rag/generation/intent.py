"""What kind of section a question asks for, read from its words."""

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
PATTERNS = tuple((role, re.compile(rf"\b({words})\b", re.IGNORECASE)) for role, words in ASKED)


def asked_roles(question: str) -> frozenset[Role]:
    """The roles whose sections answer such a question; recommendations when nothing tells."""
    roles = {role for role, pattern in PATTERNS if pattern.search(question)}
    return frozenset(roles or {Role.RECOMMENDATIONS})
