"""Which sentences of the passages answer a question best; pure."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.embedding import Vectors
from rag.generation import Cite, DraftStatement, Task
from rag.generation.intent import asked_figures, asked_roles
from rag.index.tokens import tokens
from rag.kinds import excludes
from rag.sentences import StatementSpan
from rag.types import Passage, Role
from rag.values import missed

WORDS = 0.15
PIECES = 0.25
PIECE = 4
FIGURED = 0.1
RETRIEVED = 0.45
ASKED = 0.06
GRADED = 0.03
LED_BEFORE = 0.15
EXCLUDED = 0.2
"""Off the score of what is said of people, a severity, a dose or value not asked about."""

ON_TOPIC = 0.75
"""A guideline with less than this share of the best cosine is about something else."""

LEADS = 0.95
"""With this share of the best score a sentence of the kind asked for becomes the headline."""

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


def ranked_for(task: Task, meant: Vectors, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with their scores, best first; `meant` is the vector of the question."""
    asked, figures = asked_roles(task.query), asked_figures(task.query)
    led_before = {turn.said[0] for turn in task.history if turn.said}
    words = shared(frozenset(tokens(task.question)), [c.forms for c in candidates])
    pieces = shared(pieces_of(tokens(task.query)), [pieces_of(c.forms) for c in candidates])
    missing = missed(task.query, [candidate.text for candidate in candidates])
    scored = [
        replace(
            candidate,
            score=float(candidate.vector @ meant)
            + WORDS * by_word
            + PIECES * by_piece
            + RETRIEVED * candidate.passage.scores.fused
            + ASKED * (candidate.role in asked)
            + FIGURED * any(told.search(candidate.text) for told in figures)
            + GRADED * (candidate.span.grade is not None)
            - LED_BEFORE * (candidate.text in led_before)
            - EXCLUDED * (misses or excludes(task.query, candidate.text)),
        )
        for candidate, by_word, by_piece, misses in zip(
            candidates, words, pieces, missing, strict=True
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


def shared(asked: Collection[str], held: Sequence[Collection[str]]) -> list[float]:
    """For each text the share of what is asked that it holds; what few of them hold weighs more."""
    seen = Counter(form for forms in held for form in forms)
    weights = {form: math.log(1 + len(held) / seen[form]) for form in asked if seen[form]}
    total = sum(weights.values()) or 1.0
    return [
        sum(weight for form, weight in weights.items() if form in forms) / total for forms in held
    ]


def pieces_of(forms: Iterable[str]) -> frozenset[str]:
    """Four letters each of the words, so that `hemolytic` is like `hemolysis`."""
    framed = (f" {form} " for form in forms)
    return frozenset(
        word[at : at + PIECE] for word in framed for at in range(max(1, len(word) - PIECE + 1))
    )


def led(ranked: Sequence[Candidate], asked: frozenset[Role], question: str) -> list[Candidate]:
    """The same, with a sentence of the kind asked for, or a recommendation, to lead if it may."""
    best = ranked[0].score
    able = [c for c in ranked if c.role in asked and c.score >= LEADS * best] or [ranked[0]]
    if OPEN.search(question) and not NEGATIVE.search(question):
        able = [c for c in able if not NEGATIVE.search(c.text)] or able
    return [able[0], *(c for c in ranked if c is not able[0])]


def in_its_guideline(candidate: Candidate) -> int:
    """Where a sentence stands in the body of its guideline."""
    return candidate.passage.chunk.start + candidate.span.start
