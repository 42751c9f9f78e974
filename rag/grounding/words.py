"""The words of a statement that carry meaning, with words of equal meaning made one."""

import re
from collections.abc import Iterable

from rag.index.tokens import tokens

SAME = (
    "start begin initiate commence institute introduce",
    "stop discontinue cease withdraw halt",
    "give administer receive take use prescribe treat treatment therapy deliver",
    "drug medicine medication agent pharmacotherapy",
    "perform carry undergo conduct obtain do done",
    "measure check test assess assessment evaluate evaluation determine examine examination",
    "child children pediatric kid childhood",
    "infant baby infancy",
    "newborn neonate neonatal",
    "pregnant pregnancy gestational",
    "doctor physician clinician",
    "patient person people individual individuals subject",
    "woman women female",
    "man men male",
    "adult adults",
    "elderly older old aged age",
    "illness disease condition disorder",
    "raise raised elevate elevated high higher increase increased rise",
    "lower low reduce reduced decrease decreased reduction fall",
    "prefer preferred preferable favor",
    "refer referral referred",
    "monitor monitoring follow watch",
    "kidney renal",
    "liver hepatic",
    "heart cardiac",
    "lung pulmonary",
    "brain cerebral",
    "tumor tumour neoplasm",
    "scan imaging image",
    "surgery surgical operation operate",
    "symptom symptoms symptomatic",
    "severe serious",
    "mouth oral orally",
    "vein intravenous intravenously iv",
    "subcutaneous subcutaneously",
    "intramuscular intramuscularly im",
    "day daily",
    "week weekly",
    "month monthly",
    "year yearly annual annually",
    "hour hourly",
    "first initial initially",
    "continue maintain keep",
    "repeat repeated again",
    "add addition additional plus together combine combination combined",
    "prevent prevention prophylaxis prophylactic",
    "include including such",
    "choice option alternative",
    "avoid avoided",
    "confirm confirmed confirmation",
    "alone single solely only monotherapy",
    "main primary",
    "show shows demonstrate reveal indicates",
    "help helps aid",
    "about approximately around roughly",
    "need needs require required necessary",
    "bleed bleeding hemorrhage",
    "blood serum plasma",
    "urine urinary",
    "fever febrile",
    "consider considered consideration",
    "routine routinely",
    "quick quickly rapid rapidly fast prompt promptly immediate immediately urgent urgently",
)
"""Words that a rewording may exchange. Names of drugs and of diseases are never among them."""

LIGHT = (
    "recommend recommended recommendation advise advised advice suggest suggested should may can "
    "could might must offer offered guideline guidance consider considered reasonable "
    "appropriate give use patient do make made be become provide case who whom also "
    "well very "
    "other another each both either"
)
"""Words that frame a statement and say nothing of what it is about."""


def _forms(words: str) -> list[str]:
    return [form for word in words.split(" ") for form in tokens(word)]


_CONCEPTS = {form: group[0] for same in SAME if (group := _forms(same)) for form in group}
_LIGHT = {_CONCEPTS.get(form, form) for form in _forms(LIGHT)}
_FIGURE = re.compile(r"[\d<>≤≥=.,/%×²³⁹+-]+")


def concepts(text: str) -> list[str]:
    """The words that carry meaning, in order: stems, equal meanings made one, no figures."""
    return [concept for concept in all_concepts(text) if concept not in _LIGHT]


def all_concepts(text: str) -> list[str]:
    """The same with the words that only frame a statement."""
    return [_CONCEPTS.get(form, form) for form in tokens(text) if not _FIGURE.fullmatch(form)]


def share(wanted: Iterable[str], held: Iterable[str]) -> float:
    """The share of the wanted words that are held; 1 when nothing is wanted."""
    distinct = set(wanted)
    return len(distinct & set(held)) / len(distinct) if distinct else 1.0
