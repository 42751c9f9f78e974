"""Answers made of corpus sentences, word for word, chosen and arranged for the question."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.embedding import Embedder, Vectors
from rag.generation import Cite, Draft, DraftSection, DraftStatement
from rag.generation.intent import asked_roles
from rag.index.tokens import tokens
from rag.sentences import StatementSpan, plain, statements
from rag.types import Passage, Role, Turn

HEADINGS = {
    Role.RECOMMENDATIONS: "What is recommended",
    Role.STEPS: "Step by step",
    Role.DOSING: "Dosing",
    Role.DIFFERENTIAL: "What to consider",
    Role.RATIONALE: "Why",
    Role.MONITORING: "Monitoring",
    Role.CAVEATS: "Cautions",
}
"""Sections in the order a reader needs; plain language is written for another reader."""

WORDS = 0.35
RETRIEVED = 0.15
ASKED = 0.12
GRADED = 0.03
SAID_BEFORE = 0.15

KEEP = 0.62
"""A statement must score this share of the headline's score to be worth reading."""

PER_SECTION = 4
IN_ALL = 11
SAME_MEANING = 0.86
SAME_WORDS = 0.6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that could be said."""

    passage: Passage
    span: StatementSpan
    text: str
    forms: frozenset[str]
    vector: Vectors
    score: float = 0.0

    @property
    def role(self) -> Role:
        """The role of the section the sentence stands in."""
        return self.passage.chunk.role

    def drafted(self) -> DraftStatement:
        """The sentence with the words it is."""
        cite = Cite(self.passage.chunk.id, self.span.start, self.span.end)
        return DraftStatement(self.text, (cite,), self.span.grade)


class ExtractiveGenerator:
    """Says nothing but what a passage says, in the passage's words."""

    name = "extractive"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def draft(
        self, question: str, query: str, passages: Sequence[Passage], history: Sequence[Turn]
    ) -> Draft:
        """The best sentence as headline, then those that add to it, by role."""
        candidates = self._candidates(passages)
        if not candidates:
            return Draft(None)
        ranked = self._ranked(candidates, question, query, history)
        chosen = choose(ranked)
        headline = chosen[0]
        return Draft(headline.drafted(), tuple(arrange(chosen[1:], candidates)))

    def _candidates(self, passages: Sequence[Passage]) -> list[Candidate]:
        found = [
            (passage, span, plain(passage.chunk.text[span.start : span.end]))
            for passage in passages
            if passage.chunk.role in HEADINGS
            for span in statements(passage.chunk.text)
            if not span.table
        ]
        vectors = self._embedder.embed_passages([text for _, _, text in found])
        return [
            Candidate(passage, span, text, frozenset(tokens(text)), vector)
            for (passage, span, text), vector in zip(found, vectors, strict=True)
        ]

    def _ranked(
        self,
        candidates: Sequence[Candidate],
        question: str,
        query: str,
        history: Sequence[Turn],
    ) -> list[Candidate]:
        asked = asked_roles(question)
        said = {turn.headline for turn in history}
        meant = (self._embedder.embed_query(question) + self._embedder.embed_query(query)) / 2
        shares = shared_words(question, candidates)
        scored = [
            replace(
                candidate,
                score=float(candidate.vector @ meant)
                + WORDS * share
                + RETRIEVED * candidate.passage.scores.fused
                + ASKED * (candidate.role in asked)
                + GRADED * (candidate.span.grade is not None)
                - SAID_BEFORE * (candidate.text in said),
            )
            for candidate, share in zip(candidates, shares, strict=True)
        ]
        return sorted(scored, key=lambda candidate: -candidate.score)


def shared_words(question: str, candidates: Sequence[Candidate]) -> list[float]:
    """For each candidate the share of the question's words it holds, rare words weighing more."""
    seen = Counter(form for candidate in candidates for form in candidate.forms)
    weights = {
        form: math.log(1 + len(candidates) / seen[form])
        for form in set(tokens(question))
        if seen[form]
    }
    total = sum(weights.values()) or 1.0
    return [
        sum(weight for form, weight in weights.items() if form in candidate.forms) / total
        for candidate in candidates
    ]


def choose(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The headline and what is worth adding to it, without repeats, best first."""
    chosen = [ranked[0]]
    per_role: Counter[Role] = Counter()
    for candidate in ranked[1:]:
        if len(chosen) > IN_ALL or candidate.score < KEEP * ranked[0].score:
            break
        if per_role[candidate.role] < PER_SECTION and not repeats(candidate, chosen):
            chosen.append(candidate)
            per_role[candidate.role] += 1
    return chosen


def repeats(candidate: Candidate, chosen: Iterable[Candidate]) -> bool:
    """Whether something chosen already says as much, by meaning or by words."""
    return any(
        float(candidate.vector @ other.vector) > SAME_MEANING
        or len(candidate.forms & other.forms) > SAME_WORDS * len(candidate.forms | other.forms)
        for other in chosen
    )


def arrange(chosen: Sequence[Candidate], candidates: Sequence[Candidate]) -> Iterable[DraftSection]:
    """Sections in the reader's order; steps in the order of their guideline, none left out."""
    for role, heading in HEADINGS.items():
        own = [candidate for candidate in chosen if candidate.role is role]
        if own and role is Role.STEPS:
            own = [c for c in candidates if c.passage.chunk.id == own[0].passage.chunk.id]
        if own:
            ordered = role is Role.STEPS
            yield DraftSection(heading, ordered, tuple(c.drafted() for c in own))
