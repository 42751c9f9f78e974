"""Answers made of corpus sentences, word for word, chosen and arranged for the question."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.embedding import Embedder, Vectors
from rag.generation import Cite, DraftStatement, Faulty, Ledger, Task
from rag.generation.intent import asked_roles
from rag.index.tokens import tokens
from rag.kinds import excludes, passes_over
from rag.sentences import StatementSpan, said, statements
from rag.types import Audience, Passage, Role, Turn
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

WORDS = 0.35
RETRIEVED = 0.45
ASKED = 0.06
GRADED = 0.03
LED_BEFORE = 0.15
EXCLUDED = 0.2
"""Off the score of what is said of people, or a severity, that the question excludes."""

ON_TOPIC = 0.75
"""A guideline with less than this share of the best cosine is about something else."""

KEEP = 0.7
"""A statement must score this share of the headline's score to be worth reading."""

KEEP_ASIDE = 0.78
"""The same for a kind of sentence that was not asked for."""

LEADS = 0.95
"""With this share of the best score a sentence of the kind asked for becomes the headline."""

AS_WELL = 0.98
"""Scores this near say nothing on which of two sentences leads."""

PER_SECTION = 4
IN_ALL = 11
SAME_MEANING = 0.86
SAME_WORDS = 0.6
FIGURE = re.compile(
    r"\d+(?:[.,/]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|once|twice|single|daily|"
    r"weekly|monthly)\b",
    re.IGNORECASE,
)
OPEN = re.compile(r"^\W*(?:and|so|then|but)?\W*(?:how|what|which|who|when|where)\b", re.IGNORECASE)
NEGATIVE = re.compile(r"\b(?:not|never|avoid\w*|against|contraindicated)\b", re.IGNORECASE)
"""A question for what is done is not led in by what is not."""


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

    @property
    def section(self) -> tuple[str, tuple[str, ...]]:
        """The section the sentence stands in: its guideline and its heading."""
        return self.passage.chunk.section

    @property
    def in_context(self) -> str:
        """The sentence under the title of its guideline and its headings."""
        return f"{self.passage.chunk.context}\n{self.text}"

    def drafted(self, heading: str | None = None, ordered: bool = False) -> DraftStatement:
        """The sentence with the words it is, under a heading or as the headline."""
        cite = Cite(self.passage.chunk.id, self.span.start, self.span.end)
        return DraftStatement(self.text, (cite,), self.span.grade, heading, ordered)


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
        asked = asked_roles(task.question) | {Role.RECOMMENDATIONS}
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


def ranked_for(task: Task, meant: Vectors, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with their scores, best first; `meant` is the vector of the question."""
    asked = asked_roles(task.question)
    led_before = {turn.said[0] for turn in task.history if turn.said}
    scored = [
        replace(
            candidate,
            score=float(candidate.vector @ meant)
            + WORDS * share
            + RETRIEVED * candidate.passage.scores.fused
            + ASKED * (candidate.role in asked)
            + GRADED * (candidate.span.grade is not None)
            - LED_BEFORE * (candidate.text in led_before)
            - EXCLUDED * excludes(task.query, candidate.text),
        )
        for candidate, share in zip(
            candidates, shared_words(task.question, candidates), strict=True
        )
    ]
    return sorted(scored, key=lambda candidate: -candidate.score)


def on_topic(passages: Sequence[Passage]) -> list[Passage]:
    """The passages of guidelines whose nearest passage is about as near as the nearest of all."""
    nearest: dict[str, float] = {}
    for passage in passages:
        near = max(nearest.get(passage.guideline.id, 0.0), passage.scores.dense or 0.0)
        nearest[passage.guideline.id] = near
    enough = ON_TOPIC * max(nearest.values(), default=0.0)
    return [passage for passage in passages if nearest[passage.guideline.id] >= enough]


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


def led(ranked: Sequence[Candidate], asked: frozenset[Role], question: str) -> list[Candidate]:
    """The same, with a sentence of the kind asked for, or a recommendation, to lead if it may.

    Of sentences of one section that would lead as well, the one that the guideline puts first.
    """
    best = ranked[0].score
    able = [c for c in ranked if c.role in asked and c.score >= LEADS * best] or [ranked[0]]
    if OPEN.search(question) and not NEGATIVE.search(question):
        able = [c for c in able if not NEGATIVE.search(c.text)] or able
    equal = [c for c in able if c.score >= AS_WELL * able[0].score and c.section == able[0].section]
    first = min(equal, key=in_its_guideline)
    return [first, *(c for c in ranked if c is not first)]


def choose(
    ranked: Sequence[Candidate], asked: frozenset[Role], before: Collection[str]
) -> list[Candidate]:
    """The headline and what is worth adding to it and was not said before, best first."""
    chosen = [ranked[0]]
    best = max(candidate.score for candidate in ranked)
    per_role: Counter[Role] = Counter()
    for candidate in ranked[1:]:
        enough = (KEEP if candidate.role in asked else KEEP_ASIDE) * best
        full = len(chosen) > IN_ALL or per_role[candidate.role] == PER_SECTION
        if candidate.score < enough or full or candidate.text in before:
            continue
        if not repeats(candidate, chosen):
            chosen.append(candidate)
            per_role[candidate.role] += 1
    return chosen


def repeats(candidate: Candidate, chosen: Iterable[Candidate]) -> bool:
    """Whether something chosen already says as much, by meaning or by words, with all figures.

    Recommendations that differ in a figure alone, as in a dose or a threshold, are no repeats.
    """
    figures = set(FIGURE.findall(candidate.text))
    return any(
        figures <= set(FIGURE.findall(other.text))
        and (
            float(candidate.vector @ other.vector) > SAME_MEANING
            or len(candidate.forms & other.forms) > SAME_WORDS * len(candidate.forms | other.forms)
        )
        for other in chosen
    )


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


def in_its_guideline(candidate: Candidate) -> int:
    """Where a sentence stands in the body of its guideline."""
    return candidate.passage.chunk.start + candidate.span.start
