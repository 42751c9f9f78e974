"""The words of a statement that carry meaning, with words of equal meaning made one."""

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files

from rag.index.tokens import tokens

LIGHT = (
    "recommend recommended recommendation advise advised advice suggest suggested should may can "
    "could might must offer offered guideline guidance consider considered reasonable "
    "appropriate give use patient do make made be become provide case who whom also "
    "well very "
    "other another each both either"
)
"""Words that frame a statement and say nothing of what it is about."""


def lines(name: str) -> list[str]:
    """The lines of a word list of this package, without comments."""
    text = files(__package__).joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


SAME = lines("synonyms.txt")
"""Words that a rewording may exchange."""


def _forms(words: str) -> list[str]:
    return [form for word in words.split(" ") for form in tokens(word)]


_CONCEPTS = {form: group[0] for same in SAME if (group := _forms(same)) for form in group}
_LIGHT = {_CONCEPTS.get(form, form) for form in _forms(LIGHT)}


def members() -> Iterator[tuple[str, str]]:
    """Every word that has others of equal meaning, with the one that stands for them."""
    return ((word, _CONCEPTS[form]) for same in SAME for word in same.split(" ")
            if len(word) > len("abcd") for form in _forms(word)[:1])  # fmt: skip


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
