"""People of a sort that the source does not speak of."""

import re
from collections.abc import Iterator

from rag.grounding.words import all_concepts, concepts
from rag.types import Mismatch, Reason

_LINKS = "for|in|of|among|to|with"
_ANY = "and|or|the|a|an|all|any|each|every|both|most|many|some|these|those|other|who|whose"
_PEOPLE = (
    "patients?|adults?|child(?:ren)?|people|persons?|wom[ae]n|m[ae]n|infants?|individuals?|"
    "neonates?"
)
WHO = re.compile(
    rf"\b(?:{_LINKS})\s+(?P<sort>(?:(?!(?:{_LINKS}|{_ANY})\b)[\w-]+\s+){{1,3}})(?:{_PEOPLE})\b",
    re.IGNORECASE,
)
"""As in `for hemodynamically unstable patients`."""


def disagreements(statement: str, source: str) -> Iterator[Reason]:
    """Each sort of people of whose description the source has not one word."""
    held = set(all_concepts(source))
    for match in WHO.finditer(statement):
        sort = set(concepts(match["sort"]))
        if sort and not sort & held:
            yield Reason(mismatch=Mismatch.POPULATION, words=match["sort"].strip())
