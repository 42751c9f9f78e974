"""The rewordings by name, and a statement reworded by one to three of them."""

from collections.abc import Mapping

from eval.mutating.drawing import Drawn, Place, uniform
from eval.mutating.rewording import Rewording, Told
from eval.mutating.rewording.abbreviations import abbreviated, expanded
from eval.mutating.rewording.clauses import attributed, indication_first, moved, one_unit, shortened
from eval.mutating.rewording.order import drugs_swapped
from eval.mutating.rewording.quantities import (
    dash,
    frequency,
    limit,
    number_word,
    sign,
    spoken,
    unit,
)
from eval.mutating.rewording.spelling import drug_name, spelling
from eval.mutating.rewording.synonyms import synonym
from eval.mutating.rewording.voices import active, equal_strength, impersonal, passive, reported

RULES: Mapping[str, Rewording] = {
    rule.__name__.replace("_", " "): rule
    for rule in (
        spelling,
        drug_name,
        number_word,
        sign,
        spoken,
        limit,
        unit,
        dash,
        frequency,
        synonym,
        passive,
        active,
        impersonal,
        equal_strength,
        reported,
        moved,
        indication_first,
        shortened,
        one_unit,
        attributed,
        expanded,
        abbreviated,
        drugs_swapped,
    )
}
OPPOSITE = {
    one: other
    for pair in (("passive", "active"), ("expanded", "abbreviated"), ("sign", "spoken"))
    for one, other in (pair, pair[::-1])
}
"""Rules that undo one another."""

REPORTED = 0.25
LAST = "reported"
"""Comes after the others, which look for the beginning of a sentence."""


def reworded(place: Place, abbreviations: Mapping[str, str], salt: str) -> Drawn | None:
    """The statement after one to three rules that its hash chooses; None when none applies."""
    text, used = place.text, list[str]()
    wanted = 1 + int(3 * uniform(salt, "rules", place.chunk.id, place.text) - 1e-9)
    while len(used) < wanted and LAST not in used:
        told = Told(text, abbreviations, place.weak)
        found = {
            name: texts
            for name, rule in RULES.items()
            if name not in used
            and OPPOSITE.get(name) not in used
            and (name != LAST or uniform(salt, LAST, text) < REPORTED)
            and (texts := sorted(set(rule(told)) - {place.text}))
        }
        if not found:
            break
        name = _chosen(sorted(found), salt, text)
        text = _chosen(found[name], salt, name + text)
        used.append(name)
    return Drawn(place, text, " + ".join(used)) if used else None


def _chosen(options: list[str], salt: str, what: str) -> str:
    return min(options, key=lambda option: uniform(salt, what, option))
