"""Questions that no guideline summary should answer: emergencies, one's own treatment, harm.

What is looked for stands in `scope.txt`. Patterns know the common ways of putting a thing and miss
others; what they let pass meets `recognising`, the gate and the disclaimer like any question.
"""

import re
from collections.abc import Iterable
from functools import cache

from rag.grounding.words import lines
from rag.types import AbstentionReason

NAME = re.compile(r"\[([\w -]+)\]")
REFERENCE = re.compile(r"\{([a-z][\w -]*)\}")


def concern(question: str) -> AbstentionReason | None:
    """Why a question should not be answered from guidelines at all, or None.

    Who treats an emergency needs the dose, and is told to call for help besides.
    """
    if _says("harm", question) or _says("despair", question):
        return AbstentionReason.HARMFUL
    if _says("self-harm", question) and not _says("healing", question):
        return AbstentionReason.HARMFUL
    if is_clinical(question):
        return None
    if is_emergency(question):
        return AbstentionReason.EMERGENCY
    return AbstentionReason.PATIENT_SPECIFIC if is_personal(question) else None


def is_emergency(question: str) -> bool:
    """Whether a question tells of danger to oneself or one's own, now."""
    if _says("taken", question):
        return True
    if _says("danger", question) and ("!" in question or _says("urgent", question)):
        return True
    return _says("at home", question) and not _says("calm", question)


def is_urgent(question: str) -> bool:
    """Whether a question, whoever asks, reads like an emergency."""
    if is_emergency(question):
        return True
    return _says("danger", question) and not _says("calm", question)


def is_personal(question: str) -> bool:
    """Whether a question asks for a decision on the treatment of whoever asks."""
    if _says("decides", question) and not _asks_how(question):
        return True
    return _says("own", question) and _says("decides on own", question)


def _asks_how(question: str) -> bool:
    """Whether all that a question would decide is how a medicine is taken."""
    if _says("dose in doubt", question):
        return False
    asked = question.replace("’", "'")
    return not _says("decides", _lists()["how to take"].sub(" ", asked))


def is_clinical(question: str) -> bool:
    """Whether whoever asks says to be one who treats."""
    return _says("clinical", question)


def is_own(question: str) -> bool:
    """Whether a question tells of whoever asks, or of one of their own."""
    return any(_says(name, question) for name in ("family", "own", "body"))


def _says(name: str, question: str) -> bool:
    return _lists()[name].search(question.replace("’", "'")) is not None


@cache
def _lists() -> dict[str, re.Pattern[str]]:
    lists: dict[str, list[str]] = {}
    for line in lines("scope.txt"):
        if found := NAME.fullmatch(line):
            here = lists.setdefault(found[1], [])
        else:
            here.append(REFERENCE.sub(lambda match: _group(lists[match[1]]), line))
    return {
        name: re.compile(rf"\b{_group(patterns)}\b", re.IGNORECASE)
        for name, patterns in lists.items()
    }


def _group(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"
