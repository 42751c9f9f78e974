"""Clauses in another place, and parts left out that nothing hangs on."""

import re
from collections.abc import Iterator

from eval.mutating import MIN_WORDS
from eval.mutating.names import DISEASES
from eval.mutating.rewording import Told, capital, lower

OPENING = re.compile(r"^(?P<clause>(?:If|When) [^,]+), (?P<main>(?!and|or|but)[^,;]+)\.$")
CLOSING = re.compile(r"^(?P<main>[^,;]+?),? (?P<clause>(?:if|when|unless) [^,;]+)\.$")
JOINED = re.compile(r"\b(?:and|or|but|that|rather than|whether|who|which|until|so)\b")
PEOPLE = r"(?:patients|adults|children|women|people|infants|adolescents)"
AMONG = re.compile(
    rf"^(?P<main>[^,;]+?) (?P<clause>in (?:[a-z-]+ )?{PEOPLE} (?:with|who|without|aged) [^,;]+)\.$"
)
AMONG_FIRST = re.compile(
    rf"^(?P<clause>(?:In|For) (?:[a-z-]+ )?{PEOPLE} [^,;]+), (?P<main>[^,;]+)\.$"
)
DOSE = re.compile(
    r"^(?P<drug>[^,;()]+?) for (?P<what>[^,;]+?) "
    r"(?P<dose>(?:is|are) given (?:as|at|by|for|in) [^;]+)\.$"
)
FINITE = re.compile(
    r"\b(?:is|are|was|were|should|may|can|must|has|have)\b|^(?:Use|Give|Avoid|Consider|Offer|Do|Treat|Start)\b"
)
REASON = re.compile(r", because [^;]+\.$")
WHICH_IS_WHY = re.compile(r", (?:which is (?:one reason )?why|so that|and that is why) [^;]+\.$")
SECOND_HALF = re.compile(r"(?:;|, (?:whereas|while(?! the pain))) [^;]+\.$")
EXAMPLES = re.compile(
    r", (?:such as|for example) "
    r"(?P<list>(?:(?!, (?:and|or)\b)[^;()])+?(?: (?:and|or) [^,;()]+)?)\.$"
)
GOES_ON = re.compile(
    r", (?:when|if|unless|until|before|after|during|on|in|at|by|for|with|to|but|so|which|who|"
    r"is|are|should|may|can|has|have|needs?)\b|.\b(?:when|if|unless)\b"
)
"""In what is no list to its end."""

ENDS_EARLY = re.compile(
    r"\b(?:even|only|also|except|than|especially|particularly|above all|ideally|preferably|as)$"
)
"""The end of what makes no sense without the clause after it."""

POINTING = re.compile(r"^(?:if|when|unless) (?:it|its|they|their)\b")
"""Begins a clause that names what it speaks of only after it has been told."""

MORE_THAN_WHO = re.compile(
    r"\b(?:for at least|as in|than|when|while|if|unless|to (?!\d)\w+|in the 20\d\d|and cost)\b"
)
PERSON = re.compile(
    r"\b(?:child|children|patients?|adults?|women|pregnant|infants?|newborns?|people)\b", re.I
)
UNIT = r"(?:mmol/mol|mmol/L|mg/dL|mg/mmol|mg/g|µmol/L|kPa|km)"
SAME_AMOUNT = re.compile(rf"(?<=[\w%]) \([<>≥≤]?[\d.,]+(?: (?:to|–) [\d.,]+)? {UNIT}\)")
ATTRIBUTION = re.compile(r",? according to (?P<whom>(?:the )?[A-Z\d][^,;]+)\.$")
IN_GUIDELINE = re.compile(
    r",? (?:in|by) (?P<whom>the (?:20\d\d )?[A-Z][^,;.]*?(?:guideline|statement|update))\.$"
)
UNFINISHED = re.compile(
    r"\b(?:is|are|was|were|be|found|given|listed|described|covered|addressed|laid down|no grade)$"
)
PRESENT = re.compile(r"^(?!.*\b(?:was|were)\b).*\b(?:is|are|should|may|can|has|have)\b")


def moved(told: Told) -> Iterator[str]:
    """The condition before what it is a condition of, or after it."""
    text = told.text
    if match := OPENING.match(text):
        yield f"{capital(match['main'])} {lower(match['clause'])}."
    for pattern in (CLOSING, AMONG):
        match = pattern.match(text)
        if match and _is_whole(match["main"]) and _comes_first(match["clause"], match["main"]):
            yield f"{capital(match['clause'])}, {lower(match['main'])}."
    match = AMONG_FIRST.match(text)
    if match and not JOINED.search(match["main"]):
        yield f"{capital(match['main'])} {lower(match['clause'])}."


def _is_whole(main: str) -> bool:
    """Whether it is one clause that may end where it ends."""
    return " " in main and not JOINED.search(main) and not ENDS_EARLY.search(main)


def _comes_first(clause: str, main: str) -> bool:
    """Whether a condition names what it speaks of; whether people are named and no more is said."""
    if not clause.startswith("in "):
        return not POINTING.match(clause) and "than when" not in clause
    return bool(FINITE.search(main)) and not MORE_THAN_WHO.search(clause)


def indication_first(told: Told) -> Iterator[str]:
    """What a drug is for before its dose, or after."""
    match = DOSE.match(told.text)
    if match and not re.search(r"\bfor\b|\band\b", match["drug"]):
        yield f"For {match['what']}, {lower(match['drug'])} {match['dose']}."
        if "," not in match["dose"]:
            yield f"{match['drug']} {match['dose']} for {match['what']}."


def shortened(told: Told) -> Iterator[str]:
    """Without the reason, the contrast or the examples at the end."""
    for pattern in (REASON, WHICH_IS_WHY, SECOND_HALF, EXAMPLES):
        match = pattern.search(told.text)
        if match is None or (pattern is EXAMPLES and GOES_ON.search(match["list"])):
            continue
        kept, left = told.text[: match.start()], match.group()
        if len(kept.split()) > MIN_WORDS and (_tells_of_whom(kept) or not _tells_of_whom(left)):
            yield f"{kept}."


def _tells_of_whom(text: str) -> bool:
    """Whether people or a disease are named."""
    return bool(PERSON.search(text)) or any(DISEASES.find(text))


def one_unit(told: Told) -> Iterator[str]:
    """Without the same amount in another unit."""
    text = SAME_AMOUNT.sub("", told.text)
    if text != told.text:
        yield text


def attributed(told: Told) -> Iterator[str]:
    """Who says it at the beginning, or left to the citation."""
    for pattern in (ATTRIBUTION, IN_GUIDELINE):
        match = pattern.search(told.text)
        if match and not UNFINISHED.search(told.text[: match.start()]):
            rest = told.text[: match.start()]
            if PRESENT.search(rest) and len(rest.split()) > MIN_WORDS:
                yield rest + "."
            yield f"According to {match['whom']}, {lower(rest)}."
