"""Does what a statement cites carry it?

First what can be told for certain: numbers with their units and comparators, routes, negations,
names, who is meant, direction, conditions, strength. Then how near the words are on the whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.glossary import Glossary
from rag.grounding import classes, conditions, figures, names, order, polarity, strength
from rag.grounding.aligning import Unit, aligned, held_by, likeliest, together, units
from rag.grounding.entailment import Entailment
from rag.grounding.normalising import normalised
from rag.grounding.quantities import without_quantities
from rag.grounding.words import all_concepts, concepts, share
from rag.sentences import plain, statements
from rag.types import Grade, Mismatch, Reason, Support

NARROWER = frozenset((Mismatch.CONDITION, Mismatch.STRENGTH))
"""Faults of a statement that says the same of more people, or more firmly."""

FOREIGN = frozenset((Mismatch.NAME, Mismatch.UNSAID, Mismatch.UNCITED))
"""Faults of a statement on which the source is silent."""

LEAST_HELD = 0.5
LEAST_SUPPORT = 0.55
"""Shares of words, and of support by the entailment, below which the source does not say it."""

DIFFERING, MOST_COUNTED, OPPOSED = 0.10, 4, 0.055
"""What differences, counted up to so many, and opposite senses take from a score."""


JOINTS = re.compile(
    r"[;,:] (?:and |but |then )?|\.? (?:and|but|while|whereas|then|or) ", re.IGNORECASE
)
"""Where a statement that draws sentences together may go from one to the next."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cited passage: its text, the title and headings it stands under, its grade."""

    text: str
    context: str = ""
    grade: Grade | None = None


class Verdict(NamedTuple):
    """How far the cited words carry a statement, and why not further."""

    support: Support
    reasons: tuple[Reason, ...] = ()
    quoted: tuple[tuple[int, int, int], ...] = ()
    """What carries the statement: which evidence, and where in its text."""
    grade: Grade | None = None
    """That of the sentence which carries most of it."""


UNSAID = Verdict(Support.UNSUPPORTED, (Reason(mismatch=Mismatch.UNSAID, words=""),))


class Gate:
    """Lets through what the cited passages carry."""

    def __init__(self, entailment: Entailment, glossary: Glossary | None = None) -> None:
        self._entailment = entailment
        self._glossary = glossary or Glossary(())

    def check(self, statement: str, evidence: Sequence[Evidence]) -> Verdict:
        """How far the evidence carries a statement, with every reason against it."""
        if not evidence:
            return Verdict(
                Support.UNSUPPORTED, (Reason(mismatch=Mismatch.UNCITED, words=statement),)
            )
        for i, each in enumerate(evidence):
            if found := _verbatim(statement, each.text):
                return Verdict(Support.SUPPORTED, (), ((i, *found),), each.grade)
        return self.examine(statement, evidence)

    def nearest(self, statement: str, evidence: Sequence[Evidence]) -> Unit | None:
        """The sentence of the evidence that says most of a statement, if any says half of it."""
        among = [unit for unit in _units(evidence) if not unit.is_table]
        best = aligned(statement, among)[:1]
        return best[0] if best and held_by(statement, best) >= LEAST_HELD else None

    def score(self, statement: str, evidence: Sequence[Evidence]) -> float:
        """How far the evidence carries a statement, from 0 to 1: for ranking, not for deciding."""
        chosen = aligned(statement, _units(evidence))
        text = " ".join(plain(each.text) for each in evidence)
        found = min(len(self._differences(statement, chosen)), MOST_COUNTED) / MOST_COUNTED
        near = self._entailment.support([(statement, text)])[0]
        against = DIFFERING * found + OPPOSED * polarity.opposed(statement, text)
        return max(0.0, near - against)

    def examine(self, statement: str, evidence: Sequence[Evidence]) -> Verdict:
        """The same for a statement that may be word for word: every check is made."""
        among = _units(evidence)
        chosen = aligned(statement, among)
        first = self._examined(statement, chosen)
        if first.support is Support.SUPPORTED:
            return first
        others = ([unit] for unit in likeliest(statement, among) if [unit] != chosen)
        verdicts = (self._examined(statement, other) for other in others)
        return next((v for v in verdicts if v.support is Support.SUPPORTED), first)

    def _examined(self, statement: str, chosen: Sequence[Unit]) -> Verdict:
        """The verdict if these are the sentences that the statement was made of."""
        if self._held(statement, chosen) < LEAST_HELD:
            return UNSAID
        if reasons := self._differences(statement, chosen) or self._mixed(statement, chosen):
            return Verdict(_support(reasons), reasons)
        near = self._entailment.support([(statement, together(chosen))])[0]
        if near < LEAST_SUPPORT:
            return UNSAID
        quoted = tuple((unit.source, unit.start, unit.end) for unit in chosen)
        return Verdict(Support.SUPPORTED, (), quoted, chosen[0].grade)

    def _mixed(self, statement: str, chosen: Sequence[Unit]) -> tuple[Reason, ...]:
        """Parts of a statement that take their words from several sentences, none of which says so.

        Two sentences may be drawn together, each saying its part; of "A is first" and "B follows"
        nobody may make "B is first".
        """
        if len(chosen) < 2:  # noqa: PLR2004
            return ()
        wide = [self._glossary.expanded(f"{unit.text} {unit.context}") for unit in chosen]
        return tuple(
            Reason(mismatch=Mismatch.UNSAID, words=part.strip())
            for part in JOINTS.split(normalised(statement))
            if all(names.missing(without_quantities(part), text) for text in wide)
        )

    def _held(self, statement: str, chosen: Sequence[Unit]) -> float:
        text = f"{together(chosen)} {' '.join(unit.context for unit in chosen)}"
        return share(concepts(normalised(statement)), all_concepts(self._glossary.expanded(text)))

    def _differences(self, statement: str, chosen: Sequence[Unit]) -> tuple[Reason, ...]:
        return tuple(dict.fromkeys(differences(statement, chosen, self._glossary)))


def _units(evidence: Sequence[Evidence]) -> list[Unit]:
    return [
        unit
        for source, each in enumerate(evidence)
        for unit in units(each.text, each.context, each.grade, source)
    ]


def _verbatim(statement: str, text: str) -> tuple[int, int] | None:
    """Where a text, or a sentence of it, says a statement word for word."""
    if statement == plain(text):
        return 0, len(text)
    spans = ((s.start, s.end) for s in statements(text))
    return next((s for s in spans if statement == plain(text[s[0] : s[1]])), None)


def differences(statement: str, chosen: Sequence[Unit], glossary: Glossary) -> Iterator[Reason]:
    """Everything in which a statement differs for certain from the sentences it was made of.

    Both are compared in one way of writing, and with the other names of their terms beside them.
    """
    ours, source = normalised(statement), normalised(together(chosen))
    context = " ".join(dict.fromkeys(unit.context for unit in chosen))
    wide_ours, wide_source = glossary.expanded(ours), glossary.expanded(f"{source} {context}")
    yield from figures.disagreements(ours, source)
    yield from polarity.disagreements(ours, source)
    words, said = without_quantities(ours), without_quantities(source)
    yield from classes.disagreements(words, said, f"{context} {wide_source}")
    yield from order.disagreements(ours, source)
    yield from names.disagreements(words, wide_source, context)
    yield from conditions.disagreements(wide_ours, source)
    yield from strength.disagreements(ours, chosen)


def _support(reasons: Sequence[Reason]) -> Support:
    found = {reason.mismatch for reason in reasons}
    if found <= NARROWER:
        return Support.PARTIAL
    return Support.UNSUPPORTED if found <= FOREIGN | NARROWER else Support.CONTRADICTED
