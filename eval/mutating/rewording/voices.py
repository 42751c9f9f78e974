"""Commands as what should be done, and the reverse; who receives as what is given."""

import re
from collections.abc import Iterator

from eval.mutating.rewording import Told, capital, lower

DONE = {
    "Use": "used",
    "Give": "given",
    "Offer": "offered",
    "Perform": "performed",
    "Measure": "measured",
    "Avoid": "avoided",
    "Obtain": "obtained",
    "Repeat": "repeated",
    "Prescribe": "prescribed",
    "Start": "started",
    "Continue": "continued",
    "Check": "checked",
    "Add": "added",
    "Delay": "delayed",
    "Admit": "admitted",
    "Limit": "limited",
    "Assess": "assessed",
}
VERBS = "|".join(DONE)
PEOPLE = re.compile(
    r"\b(?:patients?|adults?|children|child|women|men|people|infants?|persons?)\b", re.I
)
CLAUSE = re.compile(r"\b(?:is|are|does|do|that|which|who|when|if)\b|\b(?:and|but)$")
ENDS_OPEN = re.compile(r"\b(?:by|at|of|for|to|with|in)$")
NO_OBJECT = re.compile(
    rf"{CLAUSE.pattern}|^(?:or|for) |\b(?:about|approximately|around|at least|in people)\b|"
    r"\bintra\w+ly\b|factors$|-month$|"
    r"\b(?:directed|first|solely|only|often|daily|at once|indefinitely|restrictively|on entry|"
    r"\w+ally)$|"
    rf"{ENDS_OPEN.pattern}|\d[\d–-]*(?: \w+)?$"
)
"""In what is no object of a verb, or has been cut off within a range."""

STOP = (
    r"(?<!such)(?<! at)(?= (?:for|in|to|when|as|before|after|within|during|rather than|if|over|"
    r"unless|until|according|every|once|from|and then)\b|\.$)"
)
COMMAND = re.compile(rf"^(?P<verb>{VERBS}) (?P<what>[^,;]+?)(?P<rest>{STOP}[^;]*\.)$")
TREAT = re.compile(
    rf"^Treat (?P<what>(?:(?! with |{PEOPLE.pattern})[^,;])+?)(?P<rest> with [^;]*\.)$", re.I
)
FORBIDDEN = re.compile(
    r"^Do not (?P<verb>use|give|offer|perform|repeat|start|place|diagnose|combine) "
    rf"(?P<what>[^,;]+?)(?P<rest>{STOP}[^;]*\.)$"
)
AND_DO = re.compile(
    r", but |(?:,| and| then| or(?= offer)) (?:[a-z]+ly )?(?:then )?(?:give|treat|do|start|add|"
    r"consider|arrange|look|go|report|overlap|aim|offer|refer|continue|repeat|choose|measure|discharge|correct|assess|check|adjust|record|is|are|not|"
    r"observe)\b"
)
"""A second thing to be done."""

PASSIVE = re.compile(
    r"^(?P<what>[^,;]+?) should (?P<no>not )?be (?P<done>used|given|offered|performed|measured|"
    r"avoided|repeated|prescribed|checked|started)"
    r"(?P<rest>(?: (?!by|or|and)(?:(?! and \w+ed\b)[^;,])*)?\.)$"
)
CLINICIANS = re.compile(
    r"^Clinicians should (?P<no>not )?(?P<verb>give|offer|use|recommend|prescribe|assess|diagnose|"
    rf"screen) (?!their)(?P<what>[^,;]+?)(?P<rest>{STOP}[^;]*\.)$"
)
RECEIVE = re.compile(
    r"^(?P<who>[A-Z][^,;]+?) should receive (?P<what>[^,;]+?)"
    r"(?P<rest>(?: (?:in|within|when|before|at) [^;,]*)?\.)$"
)
OFFERED = re.compile(
    r"^(?P<who>[A-Z][^,;]+?) should (?P<no>not )?be offered (?P<what>[^,;]+?)"
    r"(?P<rest>(?: (?:on|within|when|before|at|after) [^;,]*)?\.)$"
)
PLAIN = {done: verb for verb, done in DONE.items()}
PAST = {verb.lower(): done for verb, done in DONE.items()} | {
    "recommend": "recommended",
    "diagnose": "diagnosed",
    "screen": "screened",
    "place": "placed",
    "combine": "combined",
}
RECOMMENDED = re.compile(
    r"^(?P<what>(?:(?!delivery|admission|surgery)[^,;])+?) (?:is|are) recommended "
    r"(?=for|in|as|when)",
    re.I,
)
SPOKEN = re.compile(r"[A-Z][^.]*\b(?:should|is|are|may)\b")
BIDDEN = re.compile(
    rf"(?:{VERBS}|State|Classify|Raise|Extend|Remove|Monitor|Let|Lay|Intubate|Estimate|Call|"
    r"Arrange|Adapt|Review|Lower|Refer|Treat|Test|Do|Choose|Consider|Prefer|Screen|Order|Tell|"
    r"Take|Look|Advise|Reserve|Ask|Change|Discuss|Confirm|Stop|Place|Retest|Evaluate|Request|Identify|Combine|Escalate)\b"
)
"""Begins what a statement cannot state."""

OF_THE_SUMMARY = re.compile(
    r"\bsummar|general practice|needs? checking|\bgiven here|\bare in (?:the|each)\b|website"
)
"""What no guideline says of itself."""

OUGHT = re.compile(r"\bshould be (given|offered|measured|done|avoided|checked)\b")


def passive(told: Told) -> Iterator[str]:
    """A command as what should be done; not of a weak recommendation, which it may seem to lift."""
    if told.weak or AND_DO.search(told.text[1:]):
        return
    match = COMMAND.match(told.text)
    if match and not NO_OBJECT.search(match["what"]):
        yield f"{capital(match['what'])} should be {DONE[match['verb']]}{match['rest']}"
    match = TREAT.match(told.text)
    if match and not NO_OBJECT.search(match["what"]):
        yield f"{capital(match['what'])} should be treated{match['rest']}"
    match = FORBIDDEN.match(told.text)
    if match and not NO_OBJECT.search(match["what"]):
        yield f"{capital(match['what'])} should not be {PAST[match['verb']]}{match['rest']}"


def active(told: Told) -> Iterator[str]:
    """What should be done as a command."""
    match = PASSIVE.match(told.text)
    if match and not AND_DO.search(told.text) and not CLAUSE.search(match["what"]):
        verb = PLAIN[match["done"]]
        start = f"Do not {verb.lower()}" if match["no"] else verb
        yield f"{start} {lower(match['what'])}{match['rest']}"


def impersonal(told: Told) -> Iterator[str]:
    """What clinicians should do as what should be done; what people get as what they are given."""
    if AND_DO.search(told.text[1:]):
        return
    match = CLINICIANS.match(told.text)
    if match and not NO_OBJECT.search(match["what"]):
        done = PAST[match["verb"]]
        yield f"{capital(match['what'])} should {match['no'] or ''}be {done}{match['rest']}"
    match = RECEIVE.match(told.text)
    if match and PEOPLE.search(match["who"]) and not ENDS_OPEN.search(match["what"]):
        yield f"{capital(match['what'])} should be given to {lower(match['who'])}{match['rest']}"
    match = OFFERED.match(told.text)
    if match and PEOPLE.search(match["who"]):
        what, no = capital(match["what"]), match["no"] or ""
        yield f"{what} should {no}be offered to {lower(match['who'])}{match['rest']}"


def equal_strength(told: Told) -> Iterator[str]:
    """Another verb that binds as much."""
    if not told.weak and not re.search(r"rather than| over |not recommended", told.text):
        text = RECOMMENDED.sub(r"\g<what> should be used ", told.text)
        if text != told.text:
            yield text
    text = OUGHT.sub(r"ought to be \1", told.text)
    if text != told.text:
        yield text


def reported(told: Told) -> Iterator[str]:
    """The same as what a guideline says."""
    if not SPOKEN.match(told.text) or OF_THE_SUMMARY.search(told.text):
        return
    yield f"According to the guidance, {lower(told.text)}"
    if not BIDDEN.match(told.text):
        yield f"The guidance states that {lower(told.text)}"
