"""Answers made of corpus sentences, word for word, chosen and arranged for the question."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from rag.embedding import Embedder, Vectors
from rag.generation import DraftStatement, Faulty, Ledger, Task
from rag.generation.intent import asked_roles
from rag.generation.ranking import (
    NEGATIVE,
    Candidate,
    in_its_guideline,
    led,
    on_topic,
    ranked_for,
)
from rag.index.tokens import tokens
from rag.kinds import excludes, passes_over
from rag.sentences import said, statements
from rag.types import Audience, Role, Turn
from rag.wording import EDUCATIONAL

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

KEEP = 0.7
"""A statement must score this share of the headline's score to be worth reading."""

KEEP_ASIDE = 0.78
"""The same for a kind of sentence that was not asked for."""

KEEP_AGAIN = 0.8
"""The same for what was said earlier in the conversation; it may be what is asked for now."""

PER_SECTION = 4
IN_ALL = 11
SAME_MEANING = 0.86
SAME_WORDS = 0.6
FIGURE = re.compile(
    r"\d+(?:[.,/]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|once|twice|single|daily|"
    r"weekly|monthly)\b",
    re.IGNORECASE,
)
COMPARISON = re.compile(
    r"[<>≤≥](?==?\s?\d)|\b(?:above|below|under|over|more|less|fewer|within|after|before|until|"
    r"at least|at most|exceed\w*|older|younger)\b",
    re.IGNORECASE,
)


class ExtractiveGenerator:
    """Says nothing but what a passage says, in the passage's words."""

    name = "extractive"
    prompt: str | None = None

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def draft(self, task: Task, ledger: Ledger) -> Iterator[DraftStatement]:
        """The best sentence as headline, then those that add to it, by role."""
        sayable = list(self._candidates(task))
        if not sayable:
            return
        candidates = [c for c in sayable if not passes_over(task.query, c.in_context)] or sayable
        meant = self._meant(task)
        ranked = ranked_for(task, meant, candidates)
        asked = asked_roles(task.query) | {Role.RECOMMENDATIONS}
        before = frozenset(text for turn in task.history for text in turn.said)
        chosen = choose(led(ranked, asked, task.question), asked, before)
        steps = self._best_list(chosen[1:], ranked, meant)
        if all(step.text in before for step in steps):
            steps = []
        yield chosen[0].drafted()
        yield from arrange(chosen, steps)

    def repair(
        self, task: Task, faulty: Sequence[Faulty], ledger: Ledger
    ) -> Sequence[DraftStatement | None]:
        """Nothing is better than the words of the corpus."""
        return [None] * len(faulty)

    def rewrite(self, question: str, history: Sequence[Turn], ledger: Ledger) -> str | None:
        """Left to the rules of `rag.followup`."""
        return None

    def reword(
        self, statements: Sequence[str], audience: Audience, ledger: Ledger
    ) -> Sequence[str | None]:
        """Left to the glossary."""
        return [None] * len(statements)

    def close(self) -> None:
        """Nothing to release; the embedder is its owner's."""

    def _meant(self, task: Task) -> Vectors:
        """The vector half way between the question as it was put and as it was searched for."""
        question = self._embedder.embed_query(task.question)
        query = self._embedder.embed_query(task.query) if task.vector is None else task.vector
        meant: Vectors = np.mean([question, query], axis=0, dtype=np.float32)
        return meant

    def _candidates(self, task: Task) -> Iterator[Candidate]:
        for passage in on_topic(task.passages):
            chunk = passage.chunk
            texts = said(chunk.text)
            vectors = task.vectors.get(chunk.id)
            if vectors is None:
                vectors = self._embedder.embed_passages(texts)
            for span, text, vector in zip(statements(chunk.text), texts, vectors, strict=True):
                if chunk.role in HEADINGS and not span.table and not EDUCATIONAL.search(text):
                    yield Candidate(passage, span, text, frozenset(tokens(text)), vector)

    def _best_list(
        self, chosen: Iterable[Candidate], ranked: Iterable[Candidate], meant: Vectors
    ) -> list[Candidate]:
        """Every step of the list that is best for the question, if a step of any was chosen.

        A step alone says little of whom it is for; the heading of its list says that.
        """
        lists: dict[tuple[str, tuple[str, ...]], list[Candidate]] = {}
        for candidate in ranked:
            if candidate.role is Role.STEPS:
                lists.setdefault(candidate.section, []).append(candidate)
        if not any(candidate.role is Role.STEPS for candidate in chosen):
            return []
        headed = self._embedder.embed_passages([" ".join(heading) for _, heading in lists])
        scores = [
            near + sum(step.score for step in steps) / len(steps)
            for near, steps in zip((headed @ meant).tolist(), lists.values(), strict=True)
        ]
        return list(lists.values())[scores.index(max(scores))]


def choose(
    ranked: Sequence[Candidate], asked: frozenset[Role], before: Collection[str]
) -> list[Candidate]:
    """The headline and what is worth adding to it, best first."""
    chosen = [ranked[0]]
    best = max(candidate.score for candidate in ranked)
    per_role: Counter[Role] = Counter()
    for candidate in ranked[1:]:
        worth = KEEP if candidate.role in asked else KEEP_ASIDE
        if candidate.text in before:
            worth = KEEP_AGAIN
        full = len(chosen) > IN_ALL or per_role[candidate.role] == PER_SECTION
        if candidate.score < worth * best or full:
            continue
        if not repeats(candidate, chosen):
            chosen.append(candidate)
            per_role[candidate.role] += 1
    return chosen


def repeats(candidate: Candidate, chosen: Iterable[Candidate]) -> bool:
    """Whether something chosen already says as much, by words, or by meaning in another section.

    A guideline has a reason for each sentence of a section. Recommendations that differ in a
    figure alone, as in a dose or a threshold, in a comparison, a denial or in whom they are for
    are no repeats.
    """
    return any(
        (
            len(candidate.forms & other.forms) > SAME_WORDS * len(candidate.forms | other.forms)
            or (
                candidate.section != other.section
                and float(candidate.vector @ other.vector) > SAME_MEANING
            )
        )
        and told_by(candidate.text) <= told_by(other.text)
        and bool(NEGATIVE.search(candidate.text)) == bool(NEGATIVE.search(other.text))
        and not excludes(candidate.text, other.text)
        for other in chosen
    )


def told_by(text: str) -> set[str]:
    """The figures and comparisons of a text."""
    return {*FIGURE.findall(text), *map(str.lower, COMPARISON.findall(text))}


def arrange(chosen: Sequence[Candidate], steps: Sequence[Candidate]) -> Iterator[DraftStatement]:
    """Sections in the reader's order, each by guideline; the steps are whole lists."""
    for role, heading in HEADINGS.items():
        ordered = role is Role.STEPS
        own = steps if ordered else [c for c in chosen[1:] if c.role is role]
        for candidate in by_guideline(own, chosen[0]):
            yield candidate.drafted(heading, ordered)


def by_guideline(chosen: Sequence[Candidate], headline: Candidate) -> list[Candidate]:
    """What one guideline says together and in its order: the headline's, then by the best."""
    order = list(dict.fromkeys(c.passage.guideline.id for c in (headline, *chosen)))
    return sorted(chosen, key=lambda c: (order.index(c.passage.guideline.id), in_its_guideline(c)))
