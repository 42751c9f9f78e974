"""What a sentence makes its advice depend on, and whether another keeps it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.grounding.figures import agrees
from rag.grounding.names import missing
from rag.grounding.ordinary import ORDINARY
from rag.grounding.polarity import is_denied_before
from rag.grounding.words import all_concepts, concepts
from rag.quantities import Quantity, quantities, without_quantities
from rag.types import Mismatch, Reason

OPENS = re.compile(
    r"\b(?:if|when|whenever|unless|until|provided(?: that)?|only|except(?: for| in| when| if)?|"
    r"in (?:adults?|children|women|men|patients?|people|infants?|newborns?|individuals?|persons?|"
    r"those|pregnan\w+|the presence|the absence|case of)|"
    r"for (?:adults?|children|women|men|patients?|people|infants?|newborns?|those)|"
    r"with(?:out)?|who(?:se|m)?|aged|among|whether|where|once|despite|after|before|during|"
    r"within|at (?:high|low|increased|intermediate|average|the start)|"
    r"at risk|weighing|receiving|undergoing|taking|treated|having)\b",
    re.IGNORECASE,
)
"""Where a phrase begins that narrows what is said."""

CLOSES = re.compile(
    r"[,;:.](?= |$)|[()]|\b(?:should|must|may|can|is|are|need|needs|was|were)\b", re.I
)
REASON = re.compile(
    r",? \b(?:because|since|so that|which (?:is|are|has|have|may|can|means)|in order to)\b.*|"
    r"\((?:[^()]*)\)",
    re.IGNORECASE,
)
"""Why something is advised, and what stands in brackets, may be left out."""

KEPT = 0.34
"""The share of a condition's words that must be met again."""

OPENERS = frozenset(
    all_concepts(
        "if when whenever unless until provided except without despite after before during within "
        "once among whether only"
    )
)
ONLY = re.compile(r"only\b", re.IGNORECASE)
ONLY_THEN = re.compile(
    r"\b(?:only|solely|exclusively|just|reserv\w+|restrict\w+|limit\w+|confin\w+|unless|until|not|"
    r"alone|sole|but)\b",
    re.IGNORECASE,
)
PERSONS = frozenset(all_concepts("adults people persons patients individuals those"))
CHOICE = re.compile(r"\b(?:between|options?|alternatives?)\b", re.IGNORECASE)
"""Of these `and` joins what is elsewhere joined by `or`."""

RANKS = frozenset(
    all_concepts(
        "borderline low moderate intermediate high mild severe early late first second third acute "
        "chronic primary secondary adult child infant newborn adolescent woman man"
    )
)
"""Of those that exclude one another nobody is both: `men and women` are men or women."""

LIST_JOINED = re.compile(r"([\w-]+),? (and|or|and/or) (?:a |an |the )?([\w-]+)", re.IGNORECASE)


def conditions(text: str) -> list[str]:
    """The phrases that narrow what is said, reasons left out."""
    text = REASON.sub(" ", text)
    found = []
    starts = [match.start() for match in OPENS.finditer(text)]
    for start, following in pairwise([*starts, len(text)]):
        close = CLOSES.search(text, start)
        end = min(following, close.start() if close else len(text))
        phrase = text[start:end].strip(" ,;")
        if phrase:
            found.append(phrase)
    return found


def disagreements(statement: str, source: str, context: str = "") -> Iterator[Reason]:
    """Conditions of the source that the statement drops, and `and` made `or` or the reverse.

    What the headings above the source say goes without saying.
    """
    ours, our_figures = set(all_concepts(statement)), quantities(statement)
    known = set(all_concepts(context))
    own, phrases = conditions(statement), conditions(source)
    for phrase in phrases:
        wanted = set(concepts(without_quantities(phrase))) - OPENERS
        if ONLY.match(phrase) and not ONLY_THEN.search(statement):
            wanted.add(phrase)
        elif wanted <= known:
            wanted = set()
        said = quantities(phrase)
        if (said and wanted <= ORDINARY) or (wanted <= PERSONS and _has_age(our_figures)):
            wanted = set()
        core = wanted - ORDINARY
        if not core and not said and len(own) >= len(phrases) and not ONLY.match(phrase):
            continue
        figures = [q for q in said if not any(agrees(q, o) or agrees(o, q) for o in our_figures)]
        lost = len(_lost(wanted - ours, phrase, statement)) + len(figures)
        total = len(wanted) + len(said)
        if total and lost > (1 - KEPT) * total and (figures or not said):
            yield Reason(mismatch=Mismatch.CONDITION, words="", source=phrase)
    yield from _joined_otherwise(statement, source)


def _lost(unmet: set[str], phrase: str, statement: str) -> set[str]:
    """What of a condition's words the statement has in no form."""
    gone = {concept for word in missing(phrase, statement) for concept in concepts(word)}
    return {word for word in unmet if word in gone or word in ORDINARY or word == phrase}


def _has_age(figures: Sequence[Quantity]) -> bool:
    return any(quantity.unit == ("year",) for quantity in figures)


def _joined_otherwise(statement: str, source: str) -> Iterator[Reason]:
    theirs = _joins(source)
    if CHOICE.search(statement):
        return
    for pair, ours in _joins(statement).items():
        other = theirs.get(pair)
        is_other = other and ours[2].lower() != other[2].lower() and _in_one_number(ours, other)
        if RANKS.issuperset(pair):
            continue
        if other and is_other and not is_turned(statement, ours.start(), source, other.start()):
            yield Reason(mismatch=Mismatch.CONDITION, words=ours[0], source=other[0])


def is_turned(statement: str, at: int, source: str, there: int) -> bool:
    """Whether a denial stands before two in one text alone: of both `and` may make `or`."""
    return is_denied_before(statement, at) != is_denied_before(source, there)


def _joins(text: str) -> dict[tuple[str, str], re.Match[str]]:
    """Neighbours that `and` or `or` joins."""
    found = {}
    for match in LIST_JOINED.finditer(text):
        before, after = all_concepts(match[1]), all_concepts(match[3])
        if before and after:
            found[before[-1], after[0]] = match
    return found


def _in_one_number(one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether both speak of one or both of several: `wounds and burns` or `a wound or burn`."""
    return all(one[i].endswith("s") == other[i].endswith("s") for i in (1, 3))
