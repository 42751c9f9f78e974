"""What a text denies: its negations with the words they are about."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rag.grounding.words import concepts, share
from rag.index.tokens import tokens
from rag.types import Mismatch, Reason

WIDE = re.compile(
    r"\b(?:not|never|cannot|neither|avoid(?:ed|ing|s|ance)?|contraindicat\w+|"
    r"(?:advis|recommend|suggest|decid|warn|argu|guid)\w* (?:\w+ ){0,3}against|"
    r"against (?=\w+ing\b|the use|routine)|"
    r"no longer|inappropriate|unnecessary|ineffective|unsuitable|unreliable|unlikely|"
    r"unsafe|unhelpful|fail(?:s|ed|ing)?|insufficient|"
    r"inadequate|inconclusive|refuse[sd]?|unable|unjustified|unwarranted|"
    r"withh[eo]ld\w*|den(?:y|ie[sd]|ying)|discourag\w+|dissuad\w+|refrain\w*|forgo\w*|forego\w*|"
    r"omit\w*|omission|skip(?:s|ped|ping)?|spared?|kept off|keep \w[^,;]*? off|"
    r"prohibit\w*|forbid\w*|rul(?:e[sd]?|ing) out)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Denies what stands around it in its clause."""

NEAR = re.compile(
    r"\b(?:without|no|none|absence of|absent|free (?:of|from)|lacks?|lacking|rather than|"
    r"other than|outside)\b",
    re.IGNORECASE,
)
"""Denies what follows it."""

NO_DENIAL = re.compile(
    r"\b(?:no|not) (?:less|fewer|more|later|longer|earlier|sooner|greater|lower|higher|younger|"
    r"older|smaller|larger|shorter) "
    r"(?:often )?than\b|"
    r"\bnot (?:go |rise |be |fall |drop )?(?:above|over|beyond|below|under) (?=\d)|"
    r"\bnot yet (?=\d)|"
    r"\bnot (?:to )?exceed\w*|\bnot (?:the )?only\b|\b(?:with|and) or without\b|\bif not\b|"
    r"\bfor (?:or|nor) against\b|"
    r"\bwith or without\b|"
    r"\bmore (?:harm|often) than\b|\bno matter\b|\b(?:yet )?to rule out\b|"
    r"\b(?:protects?|protection|vaccin\w*|immuni[sz]\w+|active|effective|weigh\w*|balanced?) "
    r"(?:\w+ ){0,2}against\b",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"[,;:.] |\b(?:but|because|since|unless|whereas|although|if|when|which|who|"
    r"and (?:should|is|are|may|can))\b",
    re.IGNORECASE,
)
BEFORE, AFTER, FOLLOWING = 6, 6, 4
"""Words that carry meaning before and after a denial that tell what it is about."""

ENOUGH = 0.75
"""The share of those words that a statement must have for a denial of the source to concern it."""

SPOKEN_OF = 0.5
"""The share of them that the source must have for a wide denial of a statement to be its contrary.

What a near one denies (`without monitoring`) is a claim, spoken of or not.
"""

IMPLIES = re.compile(
    r"\b(?:instead|nobody|dispens\w*|preclud\w*|give way|even (?:if|when|with)|"
    r"alternative|unless|until|before|keep\w*|kept|continu\w*|spar(?:es?|ing)|"
    r"dis(?:agree|cord|similar|continu)\w*|"
    r"remain\w*|stay\w*|against|reject\w*|ceas\w*|halt\w*|withdr\w*|declin\w*|abstain\w*|"
    r"nothing|superfluous|redundant|minimal\w*|short of|hold\w* off|left (?:as|alone)|"
    r"paus\w*|held|interrupt\w*|suspend\w*|reserv\w*|communit\w+|home|outpatients?|wait\w*|"
    r"delay\w*|defer\w*|postpon\w*|"
    r"only|solely|exclu\w+|except\w*|stop\w*|discontinu\w*|off|out of|too (?:little|few)|little|"
    r"few|fewer|less|poor(?:ly)?|low|outweigh\w*|"
    r"beats?|better|good|harms?|unmet|miss\w*|lost|loss|loses?|prevent\w*|"
    r"ahead of|over|place of|exempt\w*|leave[sd]? out|left out|end(?:s|ed)?|freed?|"
    r"un(?!der|it|i[fvq]|til|less)\w{4,}|non-?\w{4,}|"
    r"in(?:toler|eff|suff|adeq|activ|accur|visib|elig|compat|complet|depend|capab|frequen|sensitiv)\w+|"
    r"im(?:possib|practic|prob|permiss|mobil)\w+|ir(?:relev|respect|regard)\w+|mislead\w*|wrong\w*|"
    r"deter\w*|disappear\w*|resolv\w*|clear(?:s|ed)?|negative|normal|healthy|sole|alone|"
    r"insensitive|silent|open|unclear|uncertain|doubt\w*|rare\w*|seldom|hardly|scarce\w*)\b",
    re.IGNORECASE,
)
"""May stand for a denial where another wording has one, and denies nothing by itself."""

LISTS = re.compile(
    r"\b(?:neither|(?:without|absence of|no) (?=[^.;]*?\b(?:or|and)\b))[^.;]*", re.IGNORECASE
)
"""Where one denial may be of several."""

DENIES = re.compile(
    r"\b(?:no|not|nor|never|none|without|neither|cannot|fail(?:s|ed)?|lack(?:s|ed)?|absence|"
    r"unlikely|insignificant(?:ly)?)\b|n['’]t\b",
    re.IGNORECASE,
)
RARELY = re.compile(r"\b(?:rarely|seldom)\b", re.IGNORECASE)
SENTENCE = re.compile(
    r"[;:.] |\b(?:but|because|since|unless|whereas|although|if|when|and (?=both|n?either))\b", re.I
)
UP = re.compile(
    r"\b(?:increas|higher|rais|rise|elevat|more|greater|worse|promot|enhanc)\w*", re.IGNORECASE
)
DOWN = re.compile(
    r"\b(?:decreas|lower|reduc|less|fewer|declin|drop|inhibit|prevent|protect)\w*", re.IGNORECASE
)


BEGINNING = re.compile(rf"(?:{WIDE.pattern})|no \w+", re.IGNORECASE)
PREFIX = re.compile(r"^(?:un|in|im|ir|non-?)", re.IGNORECASE)


class Denial(NamedTuple):
    """A negation: its own words, and the concepts that it is about."""

    words: str
    about: frozenset[str]


def denials(text: str) -> Iterator[Denial]:
    """Every negation of a text; comparisons as `no more than` deny nothing."""
    text = NO_DENIAL.sub(lambda found: "·" * len(found[0]), text)
    for match in WIDE.finditer(text):
        before, after = _clause(text, match)
        about = concepts(before)[-BEFORE:] + concepts(after)[:AFTER]
        yield Denial(f"{match[0]} {after.strip()}"[:60], frozenset(about))
    for match in NEAR.finditer(WIDE.sub(lambda found: "·" * len(found[0]), text)):
        _, after = _clause(text, match)
        yield Denial(f"{match[0]} {after.strip()}"[:60], frozenset(concepts(after)[:FOLLOWING]))


def disagreements(statement: str, source: str) -> Iterator[Reason]:
    """Negations of one text that the other does not have where it speaks of the same."""
    ours, theirs = list(denials(statement)), list(denials(source))
    said, known = set(concepts(statement)), set(concepts(source))
    left, unmet = _paired(ours, theirs)
    if not left and not unmet:
        return
    if len(ours) == len(theirs) == 1 and _first(ours[0]) != _first(theirs[0]):
        return
    for denial in _without(left, _implied(source, statement)):
        if WIDE.match(denial.words) and 0 < share(denial.about, known) < SPOKEN_OF:
            continue
        yield Reason(mismatch=Mismatch.NEGATION, words=denial.words)
    reach = _listed(statement)
    for denial in _without(unmet, _implied(statement, source)):
        if denial.about and share(denial.about, reach) > ENOUGH:
            continue
        if denial.about and share(denial.about, said) > ENOUGH:
            yield Reason(mismatch=Mismatch.NEGATION, words="", source=denial.words)


def _first(denial: Denial) -> str:
    return denial.words.split(" ")[0].lower()


def _listed(text: str) -> set[str]:
    """What a text denies in one list: `neither A, B or C`, `in the absence of A and B`."""
    return {concept for match in LISTS.finditer(text) for concept in concepts(match[0])}


def _implied(text: str, other: str) -> Iterator[Denial]:
    """What a text denies without a word of denial, by words that the other does not have."""
    known = {form for match in IMPLIES.finditer(other) for form in tokens(match[0])}
    for match in IMPLIES.finditer(text):
        if not known.issuperset(tokens(match[0])):
            before, after = _clause(text, match)
            own = f"{match[0]} {PREFIX.sub('', match[0])}"
            about = (*concepts(before)[-BEFORE:], *concepts(own), *concepts(after)[:AFTER])
            yield Denial(match[0], frozenset(about))


def _without(denials: Sequence[Denial], implied: Iterable[Denial]) -> list[Denial]:
    """The denials that no implied one, each for one of them, says in its own way."""
    left = list(denials)
    for one in implied:
        met = max(left, key=lambda denial: len(denial.about & one.about), default=None)
        if met and met.about & one.about:
            left.remove(met)
    return left


def is_denied_before(text: str, at: int) -> bool:
    """Whether a denial stands before a place in its sentence: `not A or B` is `A and B not`."""
    before = SENTENCE.split(text[:at])[-1]
    return DENIES.search(before) is not None or RARELY.search(before) is not None


def opposed(claim: str, text: str) -> bool:
    """Whether one of two texts denies, or names the other direction, and the other does not.

    A rough sign over whole texts, where `disagreements` looks at each negation.
    """
    denies = [bool(DENIES.search(part)) for part in (claim, text)]
    up = [bool(UP.search(part)) for part in (claim, text)]
    down = [bool(DOWN.search(part)) for part in (claim, text)]
    turned = up[0] != up[1] and down[0] != down[1] and up[0] != down[0]
    return denies[0] != denies[1] or turned


def _paired(ours: Sequence[Denial], theirs: Sequence[Denial]) -> tuple[list[Denial], list[Denial]]:
    """What is left of both when each denial is met by the one that shares most with it."""
    pairs = sorted(
        (
            (len(one.about & other.about), i, j)
            for i, one in enumerate(ours)
            for j, other in enumerate(theirs)
            if one.about & other.about or not one.about or not other.about
        ),
        reverse=True,
    )
    met_ours, met_theirs = set[int](), set[int]()
    for _, i, j in pairs:
        if i not in met_ours and j not in met_theirs:
            met_ours.add(i)
            met_theirs.add(j)
    return _alike(
        [denial for i, denial in enumerate(ours) if i not in met_ours],
        [denial for j, denial in enumerate(theirs) if j not in met_theirs],
    )


def _alike(ours: list[Denial], theirs: list[Denial]) -> tuple[list[Denial], list[Denial]]:
    """What is left when one denial alone on each side begins alike: `not`, or `no need`."""
    begins = {
        found[0].lower() if found else each
        for each in (*ours, *theirs)
        for found in [BEGINNING.match(each.words)]
    }
    alone = len(ours) == len(theirs) == 1 == len(begins)
    return ([], []) if alone else (ours, theirs)


def _clause(text: str, match: re.Match[str]) -> tuple[str, str]:
    """What stands before and after a negation within its clause."""
    starts = [edge.end() for edge in CLAUSE.finditer(text, 0, match.start())]
    end = CLAUSE.search(text, match.end())
    start = starts[-1] if starts else 0
    return text[start : match.start()], text[match.end() : end.start() if end else len(text)]
