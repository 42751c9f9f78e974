"""One question to one answer, event by event: rewrite, search, write, check, keep."""

import secrets
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from rag.answering import Written, write
from rag.citing import currency, source
from rag.database import Database
from rag.embedding import Embedder, Vectors
from rag.errors import InvalidQuestion
from rag.followup import rewrite
from rag.generation import Draft, Generator
from rag.grounding import Gate
from rag.grounding.sufficiency import shortfall
from rag.related import related
from rag.retrieval import Scored, allowed_guidelines, retrieve
from rag.serving import Live
from rag.types import (
    AbstentionReason,
    Answer,
    AnswerEvent,
    Candidate,
    CandidatesEvent,
    Chunk,
    ChunkId,
    Currency,
    DifferingPoint,
    Event,
    Filter,
    Outcome,
    OutcomeKind,
    Passage,
    Provenance,
    Question,
    Role,
    Scores,
    StatementEvent,
    StatusEvent,
    Turn,
)

LONGEST_QUESTION = 2_000
"""Code points; a longer text is no question."""

NEAREST = 3
"""Guidelines shown when there is no answer."""

ON_THE_POINT = 0.5
"""Cosine from which a question is about a point that guidelines differ on."""

DISCLAIMER = (
    "For health professionals, as education and reference. It does not replace clinical judgement "
    "or the guideline itself: check doses, thresholds and contraindications in the source before "
    "acting on them."
)


@dataclass(slots=True)
class Asked:
    """What one question has come to so far."""

    question: str
    conversation_id: str
    started: bool
    history: Sequence[Answer]
    query: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def turns(self) -> list[Turn]:
        """The history as a follow-up sees it."""
        return [
            Turn(
                question=answer.question,
                query=answer.query,
                said=tuple(statement.text for statement in answer.statements),
            )
            for answer in self.history
        ]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to; `reason` says why it does not suffice, if it does not."""

    passages: tuple[Passage, ...]
    vector: Vectors
    reason: AbstentionReason | None


class Asker:
    """Answers questions from a live version and keeps the answers; safe to share by threads."""

    def __init__(
        self, database: Database, embedder: Embedder, generator: Generator, gate: Gate, top_k: int
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._generator = generator
        self._gate = gate
        self._top_k = top_k

    def stream(self, question: Question, live: Live) -> Iterator[Event]:
        """Events as work advances; the last holds the answer, which is kept by then."""
        asked = self._open(question)
        clock = Clock(asked.timings_ms)
        yield StatusEvent(phase="rewriting", label="Reading the question")
        asked.query = question.query or rewrite(asked.question, asked.turns, live.index.idf)
        clock.lap("rewrite")
        yield StatusEvent(phase="searching", label="Searching the guidelines")
        found = self._find(asked.query, question.filter, live)
        clock.lap("search")
        candidates = tuple(map(_candidate, found.passages))
        yield CandidatesEvent(query=asked.query, candidates=candidates)
        yield StatusEvent(phase="writing", label=f"Reading {len(candidates)} passages")
        draft = self._draft(asked, found)
        clock.lap("write")
        yield StatusEvent(phase="checking", label="Checking each statement against its passage")
        written = self._check(asked, draft, found, question.filter, live)
        clock.lap("check")
        yield from _statements(written)
        answer = self._answer(asked, written, found, candidates, live)
        clock.lap("finish")
        answer = answer.model_copy(update={"timings_ms": asked.timings_ms})
        self._keep(asked, answer)
        yield AnswerEvent(answer=answer)

    def search(self, query: str, wanted: Filter, k: int, live: Live) -> tuple[Passage, ...]:
        """The k best passages for a query, best first."""
        return self._retrieve(clean(query), wanted, k, live).passages

    def _open(self, question: Question) -> Asked:
        text = clean(question.text)
        if question.conversation_id is None:
            return Asked(text, f"c-{secrets.token_hex(8)}", started=False, history=())
        conversation = self._database.conversation(question.conversation_id)
        return Asked(text, conversation.id, started=True, history=conversation.answers)

    def _find(self, query: str, wanted: Filter, live: Live) -> Found:
        found = self._retrieve(query, wanted, self._top_k, live)
        if found.reason is None:
            return replace(found, passages=self._with_whole_steps(found.passages, live))
        if wanted.include_superseded or not live.superseded:
            return found
        everything = wanted.model_copy(update={"include_superseded": True})
        if self._retrieve(query, everything, self._top_k, live).reason is None:
            return Found(found.passages, found.vector, AbstentionReason.SUPERSEDED_ONLY)
        return found

    def _retrieve(self, query: str, wanted: Filter, k: int, live: Live) -> Found:
        vector = self._embedder.embed_query(query)
        allowed = allowed_guidelines(live.guidelines.values(), live.superseded, wanted)

        def fetch(ids: Sequence[ChunkId]) -> Sequence[Chunk]:
            return self._database.chunks(live.version.id, ids)

        retrieval = retrieve(live.index, fetch, query, vector, allowed, k)
        passages = tuple(_passages(retrieval.scored, live))
        closest = max((p.scores.dense or 0.0 for p in passages), default=0.0)
        return Found(passages, vector, shortfall(retrieval.coverage, closest))

    def _with_whole_steps(self, passages: tuple[Passage, ...], live: Live) -> tuple[Passage, ...]:
        """The passages, and those that hold the other steps of the best list of steps found.

        A list of steps that ends in the middle can hurt more than none.
        """
        best = next((p.chunk for p in passages if p.chunk.role is Role.STEPS), None)
        if best is None:
            return passages
        known = {passage.chunk.id for passage in passages}
        others = [
            Scored(chunk, Scores(fused=0.0))
            for chunk in self._database.chunks_of(live.version.id, best.guideline_id)
            if chunk.section == best.section and chunk.id not in known
        ]
        return (*passages, *_passages(others, live, first=len(passages) + 1))

    def _draft(self, asked: Asked, found: Found) -> Draft:
        if found.reason is not None:
            return Draft(None)
        return self._generator.draft(asked.question, asked.query, found.passages, asked.turns)

    def _check(
        self, asked: Asked, draft: Draft, found: Found, wanted: Filter, live: Live
    ) -> Written:
        points = [] if draft.headline is None else self._points(found, wanted, live)
        ids = {side.chunk_id for point in points for side in point.sides}
        sides = self._database.chunks(live.version.id, sorted(ids))
        unscored = [Scored(chunk, Scores(fused=0.0)) for chunk in sides]
        known = {p.chunk.id: p for p in (*_passages(unscored, live), *found.passages)}
        taken = self._database.numbers(asked.conversation_id) if asked.started else {}
        return write(draft, points, known, taken, self._gate)

    def _points(self, found: Found, wanted: Filter, live: Live) -> list[DifferingPoint]:
        """Known disagreements on what was asked, between guidelines that may be shown."""
        allowed = allowed_guidelines(live.guidelines.values(), live.superseded, wanted)
        open_points = [
            point
            for point in live.differing
            if allowed is None or all(side.guideline_id in allowed for side in point.sides)
        ]
        vectors = self._embedder.embed_passages([point.point for point in open_points])
        near = (vectors @ found.vector).tolist()
        return [p for p, close in zip(open_points, near, strict=True) if close >= ON_THE_POINT]

    def _answer(
        self,
        asked: Asked,
        written: Written,
        found: Found,
        candidates: tuple[Candidate, ...],
        live: Live,
    ) -> Answer:
        cited = dict.fromkeys(r.source.guideline_id for r in written.references)
        nearest = dict.fromkeys(p.guideline.id for p in found.passages)
        basis = [live.guidelines[i] for i in (cited or nearest)][:NEAREST]
        questions = {asked.question, *(answer.question for answer in asked.history)}
        return Answer(
            id=f"a-{secrets.token_hex(8)}",
            conversation_id=asked.conversation_id,
            turn=len(asked.history) + 1,
            created=datetime.now(UTC),
            question=asked.question,
            query=asked.query,
            outcome=_outcome(written, found),
            headline=written.headline,
            sections=written.sections,
            disagreements=written.disagreements,
            references=written.references,
            nearest=() if written.headline else tuple(map(source, basis)),
            warnings=tuple(_warnings(written)),
            related=related(asked.query, questions, basis, self._embedder),
            disclaimer=DISCLAIMER,
            candidates=candidates,
            provenance=Provenance(
                index_version=live.version.id,
                corpus_digest=live.version.corpus_digest,
                embedder=self._embedder.name,
                generator=self._generator.name,
            ),
            timings_ms={},
        )

    def _keep(self, asked: Asked, answer: Answer) -> None:
        if not asked.started:
            self._database.start_conversation(asked.conversation_id, answer.created)
        self._database.save_answer(answer)


class Clock:
    """Milliseconds between laps, by name."""

    def __init__(self, laps: dict[str, float]) -> None:
        self._laps = laps
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Note the time since the last lap."""
        now = time.perf_counter()
        self._laps[name] = round(1000 * (now - self._last), 2)
        self._last = now


def clean(text: str) -> str:
    """The question with control characters as spaces; raises InvalidQuestion."""
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text)
    words = " ".join(kept.split())
    if not any(c.isalnum() for c in words):
        raise InvalidQuestion("the question is empty: ask one in words")
    if len(words) > LONGEST_QUESTION:
        raise InvalidQuestion(
            f"the question has {len(words):,} characters, {LONGEST_QUESTION:,} are allowed: "
            "ask one thing at a time"
        )
    return words


def _passages(scored: Sequence[Scored], live: Live, first: int = 1) -> Iterator[Passage]:
    today = date.today()
    for rank, (chunk, scores) in enumerate(scored, start=first):
        guideline = live.guidelines[chunk.guideline_id]
        yield Passage(
            rank=rank,
            chunk=chunk,
            guideline=guideline,
            currency=currency(guideline, live.superseded, today),
            scores=scores,
        )


def _candidate(passage: Passage) -> Candidate:
    return Candidate(
        rank=passage.rank,
        chunk_id=passage.chunk.id,
        source=source(passage.guideline),
        heading=passage.chunk.heading,
        scores=passage.scores,
    )


def _outcome(written: Written, found: Found) -> Outcome:
    if written.headline is not None:
        return Outcome(kind=OutcomeKind.ANSWERED)
    reason = found.reason or AbstentionReason.INSUFFICIENT
    return Outcome(kind=OutcomeKind.ABSTAINED, reason=reason)


def _warnings(written: Written) -> Iterator[str]:
    for reference in written.references:
        if reference.currency is not Currency.CURRENT:
            yield f"[{reference.number}] {reference.source.title} is {reference.currency}."


def _statements(written: Written) -> Iterator[StatementEvent]:
    if written.headline:
        yield StatementEvent(heading=None, statement=written.headline)
    for section in written.sections:
        for statement in section.statements:
            yield StatementEvent(heading=section.heading, statement=statement)
    for disagreement in written.disagreements:
        for statement in disagreement.statements:
            yield StatementEvent(heading=disagreement.point, statement=statement)
