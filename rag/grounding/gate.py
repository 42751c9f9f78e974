"""The gate: what can be told for certain first, then how near the words are on the whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import NamedTuple

from rag.glossary import Glossary
from rag.grounding import polarity
from rag.grounding.aligning import Unit, aligned, is_evidence, likeliest, together, units
from rag.grounding.asides import additions
from rag.grounding.differing import OF_THE_WHOLE, differences
from rag.grounding.entailment import Entailment
from rag.grounding.joining import are_joined
from rag.grounding.names import missing
from rag.grounding.normalising import normalised
from rag.grounding.ordinary import ORDINARY
from rag.grounding.words import all_concepts, concepts
from rag.sentences import plain, statements
from rag.types import Grade, Mismatch, Reason, Support

FOREIGN = frozenset((Mismatch.NAME, Mismatch.UNSAID, Mismatch.UNCITED))
"""Faults of a statement on which the source is silent."""

LEAST_HELD = 0.5
"""Share of words below which the source does not say it."""

LEAST_SAID = 0.4
"""Share of words that the sentences hold without their headings; no faithful one had fewer."""

LEAST_NEW, FEW = 0.45, 4
"""The same of the words that the headings do not hold, of which few tell little."""

NEARER = 1.2
"""How much nearer it has to be where it holds fewer: a sentence on the same subject that says
another thing has the words of the subject alone."""

DIFFERING, MOST_COUNTED, OPPOSED = 0.08, 8, 0.04
"""What differences, counted up to so many, and opposite senses take from a score."""


JOINTS = re.compile(
    r"[;:] (?:and |but )?|, (?:and|but|while|whereas|then|or) |,? (?:while|whereas) |\. (?=[A-Z])"
)
"""Where a statement that draws sentences together may go from one to the next."""

SAME_WORDS = 0.9
"""From this share on a sentence speaks of the same: what it has otherwise, none can carry."""

LEAST_PARTS = 2
PART_HELD = 0.75
"""A part of a statement leaves less room for other words than a whole."""


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
        if not is_evidence(statement):
            return UNSAID
        for i, each in enumerate(evidence):
            if found := _verbatim(statement, each.text):
                return Verdict(Support.SUPPORTED, (), ((i, *found),), each.grade)
        whole = " ".join(f"{unit.text} {unit.context}" for unit in _units(evidence))
        beside = dict.fromkeys(additions(normalised(statement), self._glossary.expanded(whole)))
        if beside:
            return Verdict(Support.UNSUPPORTED, tuple(beside))
        return self.examine(statement, evidence)

    def examine(self, statement: str, evidence: Sequence[Evidence]) -> Verdict:
        """The same for a statement that may be word for word: every check is made.

        One sentence has to say it all; or each part of it a sentence of its own, or two sentences
        what they share and then what each has alone: so that of "A is first" and "B follows" nobody
        makes "B is first".
        """
        few = likeliest(statement, _units(evidence))
        first = self._by_one(statement, few[0]) if few else UNSAID
        if first.support is Support.SUPPORTED:
            return first
        singles, pairs, parted = few[1:], list(combinations(few, 2)), few[:1]
        if few and self._held(statement, few[:1]) >= SAME_WORDS:
            singles = [unit for unit in singles if self._is_as_near(statement, unit, few[0])]
            pairs, parted = [pair for pair in pairs if few[0] in pair], []
        others = chain(
            (self._by_one(statement, unit) for unit in singles),
            (self._by_parts(statement, few) for _ in parted),
            (self._by_two(statement, pair) for pair in pairs),
        )
        return next((v for v in others if v.support is Support.SUPPORTED), first)

    def nearest(self, statement: str, evidence: Sequence[Evidence]) -> Unit | None:
        """The sentence of the evidence that says most of a statement, if any says half of it."""
        among = [unit for unit in _units(evidence) if not unit.is_table]
        best = likeliest(statement, among)[:1]
        return best[0] if best and self._held(statement, best) >= LEAST_HELD else None

    def score(self, statement: str, evidence: Sequence[Evidence]) -> float:
        """How far the evidence carries a statement, from 0 to 1: for ranking, not for deciding."""
        chosen = aligned(statement, _units(evidence))
        text = " ".join(plain(each.text) for each in evidence)
        found = min(len(self._differences(statement, chosen)), MOST_COUNTED) / MOST_COUNTED
        near = self._entailment.support([(statement, text)])[0]
        against = DIFFERING * found + OPPOSED * polarity.opposed(statement, text)
        return max(0.0, near - against)

    def _is_as_near(self, statement: str, unit: Unit, other: Unit) -> bool:
        """Whether one sentence has as much of a statement as another, and as little besides."""
        has = self._held(statement, [unit]) >= self._held(statement, [other])
        return has and self._share(unit.text, statement) >= self._share(other.text, statement)

    def _by_one(self, statement: str, unit: Unit) -> Verdict:
        if self._held(statement, [unit]) < LEAST_HELD:
            return UNSAID
        return self._judged(statement, [unit], self._differences(statement, [unit]))

    def _by_parts(self, statement: str, few: Sequence[Unit]) -> Verdict:
        parts = [part for part in JOINTS.split(statement) if concepts(part)]
        chosen = [unit for part in parts if (unit := self._saying(part, few))]
        if len(parts) < LEAST_PARTS or len(chosen) < len(parts):
            return UNSAID
        used = list(dict.fromkeys(chosen))
        if len(used) < LEAST_PARTS:
            return UNSAID
        whole = self._differences(statement, used)
        return self._judged(statement, used, [r for r in whole if r.mismatch in OF_THE_WHOLE])

    def _by_two(self, statement: str, pair: tuple[Unit, Unit]) -> Verdict:
        """By two sentences that are said together, as in `neither A nor B`."""
        spelled = [unit._replace(text=self._spelled(unit.text)) for unit in pair]
        if not are_joined(self._spelled(statement), *spelled):
            return UNSAID
        return self._judged(statement, pair, self._differences(statement, pair))

    def _spelled(self, text: str) -> str:
        return self._glossary.spelled(normalised(text))

    def _saying(self, part: str, few: Sequence[Unit]) -> Unit | None:
        """The sentence that says a part of a statement, whatever the rest of it says."""
        for unit in sorted(few, key=lambda unit: -self._held(part, [unit])):
            found = self._differences(part, [unit])
            if self._held(part, [unit]) >= PART_HELD and not [
                reason for reason in found if reason.mismatch not in OF_THE_WHOLE
            ]:
                return unit
        return None

    def _judged(self, statement: str, used: Sequence[Unit], found: Sequence[Reason]) -> Verdict:
        if found:
            return Verdict(_support(found), tuple(found))
        if self._share(statement, together(used)) < LEAST_SAID:
            return UNSAID
        near = self._entailment.support(
            [(self._spelled(statement), self._spelled(together(used)))]
        )[0]
        least = self._entailment.least
        if near < least or (near < NEARER * least and self._is_new(statement, used)):
            return UNSAID
        quoted = tuple((unit.source, unit.start, unit.end) for unit in used)
        return Verdict(Support.SUPPORTED, (), quoted, used[0].grade)

    def _is_new(self, statement: str, used: Sequence[Unit]) -> bool:
        """Whether the sentences say too little of what a statement says beyond its subject."""
        subject = self._glossary.expanded(" ".join(unit.context for unit in used))
        own = set(concepts(normalised(statement))) - set(all_concepts(subject))
        return len(own) >= FEW and self._share_of(own, statement, together(used)) < LEAST_NEW

    def _held(self, statement: str, chosen: Sequence[Unit]) -> float:
        return self._share(statement, f"{together(chosen)} {' '.join(u.context for u in chosen)}")

    def _share(self, statement: str, text: str) -> float:
        """The share of a statement's words that a text has in some form."""
        return self._share_of(set(concepts(normalised(statement))), statement, text)

    def _share_of(self, wanted: set[str], statement: str, text: str) -> float:
        """The same of some of its words."""
        wide = self._glossary.expanded(text)
        without = wanted - set(all_concepts(wide))
        if not without:
            return 1.0
        absent = missing(normalised(statement), wide)
        gone = {concept for word in absent for concept in all_concepts(word)}
        return 1 - len(without & (gone | ORDINARY)) / len(wanted)

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


def _support(reasons: Sequence[Reason]) -> Support:
    found = {reason.mismatch for reason in reasons}
    if found <= OF_THE_WHOLE:
        return Support.PARTIAL
    return Support.UNSUPPORTED if found <= FOREIGN | OF_THE_WHOLE else Support.CONTRADICTED
