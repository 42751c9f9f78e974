"""How strongly a sentence recommends, by its verbs and by its grade."""

import re
from collections.abc import Iterator, Sequence

from rag.grounding.aligning import Unit
from rag.types import Grade, Mismatch, Reason

WEAK = re.compile(
    r"\b(?:may|might|can|could|consider\w*|suggests?|suggested|reasonable|option(?:al)?|possibl[ey]|"
    r"uncertain|weigh\w*|individuali[sz]\w+|selectively|conditional\w*|discretion|discuss\w*)\b",
    re.IGNORECASE,
)
STRONG = re.compile(
    r"\b(?:should|must|shall|(?:is|are) (?:\w+ )?(?:recommended|indicated|required|mandatory|"
    r"needed|essential|contraindicated|preferred)|recommends?|needs?|requires?|ought|always|never)\b",
    re.IGNORECASE,
)
WEAK_GRADE = re.compile(
    r"2a|2b|iia|iib|conditional|weak|consider|may be appropriate|grade c|i statement|option|"
    r"2[abcd]\b|level c\b|moderate$",
    re.IGNORECASE,
)


def disagreements(statement: str, chosen: Sequence[Unit]) -> Iterator[Reason]:
    """A statement that recommends more strongly than every sentence it was made of."""
    strong = STRONG.search(statement)
    if strong is None or WEAK.search(statement) or not chosen:
        return
    lead = chosen[0]
    weak = WEAK.search(lead.text)
    if weak and not STRONG.search(WEAK.sub("", lead.text)):
        yield Reason(mismatch=Mismatch.STRENGTH, words=strong[0], source=weak[0])
    elif is_weak(lead.grade) and not STRONG.search(lead.text):
        yield Reason(mismatch=Mismatch.STRENGTH, words=strong[0], source=str(lead.grade))


def is_weak(grade: Grade | None) -> bool:
    """Whether a grade leaves the decision open."""
    return grade is not None and bool(WEAK_GRADE.search(grade.text))
