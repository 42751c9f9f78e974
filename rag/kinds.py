"""Words that exclude one another: who is meant, which way, by what route."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

from rag.ranges import asked, holds, leaves_out
from rag.types import Mismatch


class Kinds(NamedTuple):
    """Patterns of which one cannot stand for another; strict where the source must say it."""

    mismatch: Mismatch
    patterns: Mapping[str, str]
    strict: bool = False


AGES = {
    "adults": "adults? men women (1[89]|[2-9]\\d)([-=](year|yr)s?[-=]old|=?yo|=?y/o|[mf])",
    "children": "(\\d|1[0-7])([-=](year|yr)s?[-=]old|=?yo|=?y/o) \\d+[-=]months?[-=]old "
    "child(ren|hood|'s)? "
    "pa?ediatric\\w* adolescen\\w+ young=people teen\\w+ boys? girls? infan\\w+ newborns? "
    "neonat\\w+ toddlers? bab(y|ies)",
}
STAGES = {
    "infants": "infan\\w+ bab(y|ies)",
    "newborns": "newborns? neonat\\w+",
    "adolescents": "adolescen\\w+ teen\\w+",
    "older people": "elderly older=([\\w-]+=){0,2}(adults?|people|patients?|men|women|persons?)",
}
SEXES = {
    "women": "wom[ae]n females? mothers? girls? [1-9]\\df",
    "men": "m[ae]n males? boys? [1-9]\\dm",
}
PREGNANCY = {
    "pregnant": "(?<!non)(?<!not=)(?<!non-)pregnan\\w+ gestation\\w* obstetric\\w*",
    "not pregnant": "non-?pregnant not=pregnant",
    "postpartum": "post-?partum after=(birth|delivery) lactati\\w+ breast-?feed\\w*",
}
SETTINGS = {
    "inpatients": "inpatients? hospitali[sz]ed in=hospital",
    "outpatients": "outpatients? ambulatory primary=care",
}
ROUTES = {
    "oral": "oral(ly)? by=mouth tablets? pills? capsules? enteral(ly)?",
    "intravenous": "intravenous(ly)? i\\.?v\\.? (into|through|by)=(a=)?vein infus\\w+ "
    "parenteral(ly)?",
    "intramuscular": "intramuscular(ly)? i\\.?m\\.?",
    "subcutaneous": "subcutaneous(ly)? under=the=skin s\\.?c\\.?",
    "inhaled": "inhal\\w+ nebuli[sz]\\w+",
    "topical": "topical(ly)? creams? ointments? (eye|ear|nose|nasal)=drops",
    "rectal": "rectal(ly)? suppositor\\w+ enemas?",
    "nasal": "(intra)?nasal(ly)?",
    "sublingual": "sublingual(ly)? buccal(ly)?",
    "transdermal": "transdermal(ly)? patch(es)?",
    "intrathecal": "intrathecal(ly)? epidural(ly)?",
    "intraosseous": "intraosseous(ly)?",
}
OPPOSITES = (
    ("older elderly", "younger"),
    ("cover(s|ed)? includ\\w+", "exclud\\w+ leave[sd]?=out left=out"),
    ("indicated", "contraindicated"),
    ("in=pregnancy during=pregnancy", "outside=pregnancy"),
    ("stable", "unstable"),
    (
        "(go|goes|went|gone)=up "
        "increas\\w+ rais\\w+ rise[sn]? rising rose up-?titrat\\w+ escalat\\w+",
        "decreas\\w+ reduc\\w+ lower(s|ed|ing) fall(s|ing|en)? declin\\w+ down-?titrat\\w+ "
        "taper\\w* de-?escalat\\w+",
    ),
    ("higher greater more(?!=\\w+ly) larger longer", "lower less fewer smaller shorter"),
    ("high elevated", "low reduced"),
    (
        "start\\w* initiat\\w+ begin\\w* began begun commenc\\w+ introduc\\w+",
        "stop\\w* discontinu\\w+ withdr\\w+ ceas\\w+ halt\\w*",
    ),
    ("continu\\w+ maintain\\w* kept keep", "stop\\w* discontinu\\w+ withdr\\w+ ceas\\w+"),
    ("before prior=to preoperative\\w* preced\\w+", "after following postoperative\\w*"),
    (
        "early earlier immediate\\w* promptly urgent\\w*",
        "late later delay\\w* deferr?\\w* elective\\w*",
    ),
    ("above over exceed\\w*", "below under"),
    ("acute\\w*", "chronic\\w*"),
    ("mild(ly)?", "severe(ly)?"),
    ("first[-=]line first", "second[-=]line second third last"),
    ("add(ed|ing|ition\\w*)?", "remov\\w+ omit\\w* replac\\w+"),
    ("primary", "secondary"),
    ("improv\\w+ better benefi\\w+", "wors\\w+ harm\\w*"),
    ("upper", "lower"),
    ("left", "right"),
    ("hyper\\w+", "hypo\\w+"),
    ("inferior", "superior"),
    ("single alone monotherapy", "dual double combin\\w+"),
    ("type=1", "type=2"),
    ("positive", "negative"),
    ("more=often frequent\\w* common\\w*", "rare\\w* uncommon\\w* seldom less=often"),
    ("proximal", "distal"),
    ("systolic", "diastolic"),
    ("invasive", "non-?invasive"),
    ("unilateral", "bilateral"),
    ("liberal", "restrictive"),
    ("short[-=](term|acting|course)", "long[-=](term|acting|course)"),
    ("rapid\\w* fast", "slow\\w* gradual\\w*"),
)
"""In all of these a space parts two patterns, and = stands for a space within one."""

ALL = (
    Kinds(Mismatch.POPULATION, AGES),
    Kinds(Mismatch.POPULATION, STAGES, strict=True),
    Kinds(Mismatch.POPULATION, SEXES, strict=True),
    Kinds(Mismatch.POPULATION, PREGNANCY, strict=True),
    Kinds(Mismatch.POPULATION, SETTINGS),
    Kinds(Mismatch.ROUTE, ROUTES, strict=True),
    *(Kinds(Mismatch.DIRECTION, {"one": one, "other": other}) for one, other in OPPOSITES),
)
SEVERITY = {
    "mild": "mild non-?severe not=severe low-?risk uncomplicated",
    "severe": "(?<!non)(?<!not=)(?<!non-)severe(ly)? life-?threatening high-?risk critical(ly)?",
}
INTENSITY = {
    "low": "low[-=](intensity|dose)",
    "moderate": "moderate[-=](intensity|dose)",
    "high": "high[-=](intensity|dose)",
}
GROWN_UP = 18
"""From how many years on one is an adult."""

BY_AGE = Kinds(Mismatch.POPULATION, AGES)
EXCLUDING = (
    Kinds(Mismatch.POPULATION, PREGNANCY),
    Kinds(Mismatch.POPULATION, SEXES),
    Kinds(Mismatch.DIRECTION, SEVERITY),
    Kinds(Mismatch.DIRECTION, INTENSITY),
)
"""Of these, what is said of one kind does not answer a question about another."""

PARTICULAR = ((Kinds(Mismatch.POPULATION, PREGNANCY), "pregnant"),)


def found(kinds: Kinds, text: str) -> dict[str, str]:
    """The kinds that a text names, each with the words it names them by."""
    matches = ((name, _compiled(pattern).search(text)) for name, pattern in kinds.patterns.items())
    return {name: match[0] for name, match in matches if match}


def counted(kinds: Kinds, text: str) -> Counter[str]:
    """How often a text names each of the kinds."""
    return Counter({name: len(_compiled(p).findall(text)) for name, p in kinds.patterns.items()})


def passes_over(question: str, text: str) -> bool:
    """Whether a question is about people of a kind for whom much differs, and a text names none."""
    return any(
        name in found(kinds, question) and not found(kinds, text) for kinds, name in PARTICULAR
    )


def excludes(question: str, statement: str) -> bool:
    """Whether a statement is about people, a severity or a dose that a question excludes.

    Ages in figures go before the words for them: at 17 years one is of those aged 16 and over.
    """
    return (
        leaves_out(statement, question)
        or (not holds(statement, question) and _apart(_by_age(question), found(BY_AGE, statement)))
        or any(_apart(found(k, question), found(k, statement)) for k in EXCLUDING)
    )


def _apart(ours: Collection[str], theirs: Collection[str]) -> bool:
    return bool(ours) and bool(theirs) and set(ours).isdisjoint(theirs)


def _by_age(question: str) -> set[str]:
    """Whether a question is about adults or children, by the words for them or by an age."""
    spans = asked(question)
    young = {"children" for span in spans if span.low < GROWN_UP}
    return set(found(BY_AGE, question)) or young | {"adults" for s in spans if s.high > GROWN_UP}


@cache
def _compiled(patterns: str) -> re.Pattern[str]:
    alternatives = patterns.replace(" ", "|").replace("=", " ")
    return re.compile(rf"\b(?:{alternatives})(?!\w)", re.IGNORECASE)
