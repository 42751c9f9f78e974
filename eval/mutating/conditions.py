"""A condition left out, so that advice holds more broadly; all of them for any, any for all."""

import re
from collections.abc import Iterator
from re import Match

from eval.mutating import MIN_WORDS, Change, Said
from eval.mutating.names import DRUGS
from rag.index.tokens import tokens

PEOPLE = r"(?:patients|adults|children|women|people|infants|persons|those|adolescents|newborns|men)"
VERB = (
    r"(?:is|are|was|were|should|may|can|must|has|have|need|needs|receives?|starts?|begins?|do|does|"
    r"recommends?|suggests?|advises|gets?|gives?|makes?|lowers|raises|reduces|brings|helps?|shows?|rules)"
)
VERBS = re.compile(rf"\b{VERB}\b")
COMMAND = re.compile(r"^(?:Do not )?[A-Z][a-z]+ (?!of|in|on|with|for)")
OPENING = re.compile(
    rf"^(?:If|When|Where|Unless|Before|After|During|With|Without|In {PEOPLE}|For {PEOPLE}) [^,]+, "
    r"(?!and |or |but )(?=[a-z])"
)
CLOSING = re.compile(
    r",? (?:(?:only |especially |particularly )?(?:if|when|where|while)|unless|provided that|"
    r"except|as long as|only after|until|"
    r"once(?! (?:daily|an?|weekly|every|when|plus|and|or|in|at|for|is|as)\b)) [^.;]{8,}(?=[.;]?$)"
)
ADJUNCT = re.compile(
    r",? (?:in addition to|in combination with|together with|(?<!be )(?<!are )combined with|"
    r"despite|"
    r"on maximally|on the maximum|without waiting|under close|under specialist|with close|"
    r"with careful|after weighing|within shared|"
    r"without (?!waiting|feeling|invasive|radiation|delay|screening|prior|a proven)) ?"
    r"[^,;.]{8,}(?=[.;]?$)"
)
WHOSE = rf"(?:whose|in whom) [^,;.]*?\b{VERB}\b"
AMONG = re.compile(
    rf",? in {PEOPLE} (?:{WHOSE}|who|with|without|aged) [^,;.]{{5,}}?(?= {VERB}\b|[.;]?$)"
)
HAVING = re.compile(
    rf" (?:(?:{WHOSE}|without|with|despite) [^,;.]{{8,}}?(?= {VERB}\b)"
    r"|after [^,;.]{8,}?(?= (?:should|may|can|must)\b))"
)
DANGLING = re.compile(r"\b(?:and|or|but|then|only|at|to|least|know|decides|by|of|told|numbers?)$")
SECOND = re.compile(
    r", (?:and|but|to|in which|which) | to (?:patients|adults|decide|children)|moderate certainty|"
    r" in the \d{4} | (?:with|without)\b.* (?:when|that) "
)
"""Begins what does not belong to the condition."""

GROUP = re.compile(
    rf"\b{PEOPLE}(?P<which> (?:{WHOSE}|who|with|without|aged|"
    rf"at (?=high|low|average|increased|risk)) [^,;.]{{5,}}?)(?= {VERB}\b|[.;]?$)",
    re.I,
)
ALL_OF = re.compile(
    r"\b(?:if|when|with|who|whose|has|have|unless|until|both|defined by|plus)\b[^.;]{0,70}$"
)
ANY_OF = re.compile(r"\b(?:if|when|unless|until|once|either|defined by)\b[^.;]{0,70}$")
"""Words after which "and" asks for all, and "or" for any; "with A or B" may be heard as both."""

TREATED = re.compile(
    r"\b(?:use|give|given|treat\w*|receive|offered|start\w*|combin\w+|add)\b", re.I
)
CHOICE = re.compile(r"\b(?:options?|regimens?|differ|between|especially|dose of|doses of)\b", re.I)
"""In what names alternatives, where "and" and "or" say the same."""

TRIVIAL = re.compile(
    r"(?:benefits?|doses?|signs?|history|morbidity|diagnosis|ages?|criteria|grades|skin|comorbidities|"
    r"illness|family|care|advice|risks?|costs?|details|thresholds|figures|evidence|harms?|health|"
    r"quality|values|goals|gloves|soap|physical|more|overweight|,)$"
)
ALIKE = re.compile(
    r"\b(?:without|no|not|nor|neither|never|such as|for example|includ\w+|outside|left out)\b"
    r"[^.;]{0,90}$",
    re.I,
)
"""Words after which "and" and "or" say the same, or name but examples."""

ELSEWHERE = re.compile(r"not in the summary|in the full|taken from|checked? in|reproduced")
"""In what says where something is to be read."""

FIXED = re.compile(
    r"(?:older|younger|more|less|higher|lower|longer|shorter|fewer|beyond|without|not|above|two|three|"
    r"four|five|six|about|over|under|he|adults|children|adolescents|women|men|people|it|they|is|are|should|then|so|[\d≥])\b"
)


def dropped(said: Said) -> Iterator[Change]:
    """Every condition left out, unless it is the topic or no sentence is left."""
    for start, end, how in _conditions(said.text):
        change = Change(start, end, "", how)
        new = set(tokens(said.text[start:end])) - set(tokens(said.topic))
        if new and not DANGLING.search(said.text[:start]) and is_sentence(change.made(said.text)):
            yield change


def _conditions(text: str) -> Iterator[tuple[int, int, str]]:
    if match := OPENING.match(text):
        yield *match.span(), f"{match.group().split()[0].lower()} … left out"
    for pattern in (CLOSING, ADJUNCT, AMONG, HAVING):
        for match in pattern.finditer(text):
            if not SECOND.search(match.group()) and (
                pattern is CLOSING or _stands_apart(text, match)
            ):
                first = match.group().strip(" ,").split()[0]
                yield *match.span(), f"… {first} … left out"
    for match in GROUP.finditer(text):
        if not SECOND.search(match["which"]) and _stands_apart(text, match):
            yield *match.span("which"), "which people left out"


def _stands_apart(text: str, match: Match[str]) -> bool:
    """Whether what is taken out holds no verb of the main clause, which keeps one."""
    last = match.end() >= len(text.rstrip(".;"))
    relative = re.match(r"\W*(?:\w+ )?(?:who|whose|in whom)\b", match.group())
    if last:
        return bool(relative) or not VERBS.search(match.group())
    return not VERBS.search(text[: match.start()])


def is_sentence(text: str) -> bool:
    """Whether words are left that say something."""
    return len(text.split()) >= MIN_WORDS and bool(VERBS.search(text) or COMMAND.match(text))


def joined(said: Said) -> Iterator[Change]:
    """Every "and" between conditions or drugs as "or", and the reverse."""
    text = said.text
    for match in re.finditer(r" (and|or) (?=\S)", text):
        before, after = text[: match.start()], text[match.end() :]
        if _binds(match[1], text, before, after):
            other = " or " if match[1] == "and" else " and "
            yield Change(*match.span(), other, f"{match[1]} →{other.rstrip()}")
    for old, new in (("either", "both "), ("both", "either ")):
        for match in re.finditer(rf"\b{old} (?=[^,.;]*\b(?:and|or)\b)", text, re.I):
            yield from _paired(text, match.start(), match.end(), new)


def _binds(word: str, text: str, before: str, after: str) -> bool:
    """Whether the other word would say something else."""
    if ELSEWHERE.search(text) or CHOICE.search(text) or FIXED.match(after):
        return False
    if TRIVIAL.search(before) or ALIKE.search(before):
        return False
    condition = ALL_OF if word == "and" else ANY_OF
    return bool(condition.search(before)) or (DRUGS.begins(after) and bool(TREATED.search(before)))


def _paired(text: str, start: int, end: int, new: str) -> Iterator[Change]:
    """Both of two as either of them, and the reverse."""
    old, word = (" or ", " and ") if new == "both " else (" and ", " or ")
    at = text.find(old, end)
    if at >= 0:
        words = new + text[end:at] + word
        yield Change(start, at + len(old), words, f"{old.strip()} → {word.strip()} of a pair")
