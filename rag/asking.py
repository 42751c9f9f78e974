"""One question to one answer, event by event: rewrite, search, write, check, keep."""

import secrets
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rag.answering import Written
from rag.cautions import cautions
from rag.citing import source
from rag.database import Database
from rag.embedding import Embedder
from rag.errors import InvalidQuestion
from rag.followup import rewritten
from rag.generation import Generator, Ledger, Task
from rag.grounding.recognising import GRAVE, Recogniser, Told
from rag.related import related
from rag.searching import Found, Searcher
from rag.serving import Live
from rag.types import (
    AbstentionReason,
    Answer,
    AnswerEvent,
    Audience,
    Candidate,
    CandidatesEvent,
    Event,
    Filter,
    Outcome,
    OutcomeKind,
    Passage,
    Provenance,
    Question,
    StatusEvent,
    Turn,
)
from rag.wording import DISCLAIMERS, HELP
from rag.writing import Writer, Writing

LONGEST_QUESTION = 2_000
"""Code points; a longer text is no question."""

NEAREST = 3
"""Guidelines shown when there is no answer."""


@dataclass(slots=True)
class Asked:
    """What one question has come to so far."""

    question: str
    conversation_id: str
    started: bool
    history: Sequence[Answer]
    audience: Audience
    query: str = ""
    told: Told = field(default_factory=Told)
    ledger: Ledger = field(default_factory=Ledger)
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as a follow-up sees it."""
        return tuple(
            Turn(
                question=answer.question,
                query=answer.query,
                said=tuple(statement.text for statement in answer.statements),
            )
            for answer in self.history
        )


class Asker:
    """Answers questions from a live version and keeps the answers; safe to share by threads."""

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        generator: Generator,
        searcher: Searcher,
        recogniser: Recogniser,
        writer: Writer,
        offered: Sequence[Audience],
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._generator = generator
        self._searcher = searcher
        self._recogniser = recogniser
        self._writer = writer
        self._offered = offered

    def stream(self, question: Question, live: Live) -> Iterator[Event]:
        """Events as work advances; the last holds the answer, which is kept by then."""
        asked = self._open(question)
        clock = Clock(asked.timings_ms)
        yield StatusEvent(phase="rewriting", label="Reading the question")
        asked.told = self._recogniser.tell(asked.question)
        clock.lap("recognise")
        if asked.told.danger is not None:
            yield StatusEvent(phase="rewriting", label=HELP[asked.told.danger])
        asked.query = clean(question.query) if question.query else self._rewritten(asked, live)
        clock.lap("rewrite")
        yield StatusEvent(phase="searching", label="Searching the guidelines")
        found = self._searcher.find(asked.query, question.filter, live)
        clock.lap("search")
        candidates = tuple(map(_candidate, found.passages))
        yield CandidatesEvent(query=asked.query, candidates=candidates)
        yield StatusEvent(phase="writing", label=f"Reading {len(candidates)} passages")
        writing = self._writing(asked, question, found, live)
        if not asked.told.is_sure and found.reason is None:
            yield from self._writer.write(writing)
        clock.lap("write")
        answer = self._answer(asked, writing, found, candidates, live)
        clock.lap("finish")
        answer = answer.model_copy(update={"timings_ms": asked.timings_ms})
        self._keep(asked, answer)
        yield AnswerEvent(answer=answer)

    def search(self, query: str, wanted: Filter, k: int, live: Live) -> tuple[Passage, ...]:
        """The k best passages for a query, best first."""
        return self._searcher.nearest(clean(query), wanted, k, live).passages

    def _open(self, question: Question) -> Asked:
        text = clean(question.text)
        if question.conversation_id is None:
            audience = chosen(question.audience, self._offered)
            return Asked(text, f"c-{secrets.token_hex(8)}", False, (), audience)
        conversation = self._database.conversation(question.conversation_id)
        before = [answer.audience for answer in conversation.answers]
        audience = chosen(question.audience, self._offered, before)
        return Asked(text, conversation.id, True, conversation.answers, audience)

    def _rewritten(self, asked: Asked, live: Live) -> str:
        offered = None
        if asked.history:
            offered = self._writer.rewrite(asked.question, asked.turns, asked.ledger)
        return rewritten(asked.question, asked.turns, live.index.idf, offered)

    def _writing(self, asked: Asked, question: Question, found: Found, live: Live) -> Writing:
        points = self._searcher.differing(found, question.filter, live)
        task = Task(
            asked.question,
            asked.query,
            found.passages,
            asked.turns,
            asked.audience,
            {p.chunk.id: live.index.statements(p.chunk.id) for p in found.passages},
            found.vector,
        )
        return Writing(
            task=task,
            passages=self._searcher.with_sides(found, points, live),
            taken=self._database.numbers(asked.conversation_id) if asked.started else {},
            points=points,
            glossary=live.glossary,
            drafts=question.stream == "draft",
            ledger=asked.ledger,
        )

    def _answer(
        self,
        asked: Asked,
        writing: Writing,
        found: Found,
        candidates: tuple[Candidate, ...],
        live: Live,
    ) -> Answer:
        written = writing.written
        cited = dict.fromkeys(r.source.guideline_id for r in written.references)
        nearest = dict.fromkeys(p.guideline.id for p in found.passages)
        basis = [live.guidelines[i] for i in (cited or nearest)][:NEAREST]
        questions = {asked.question, *(answer.question for answer in asked.history)}
        concern = _concern(asked.told, written, found)
        is_grave = concern in GRAVE
        is_last = is_grave or found.reason is AbstentionReason.OUT_OF_SCOPE
        is_beside = is_grave and (concern is AbstentionReason.HARMFUL or found.reason is not None)
        warned = cautions(asked.question, asked.told.danger, written, found, live)
        return Answer(
            id=f"a-{secrets.token_hex(8)}",
            conversation_id=asked.conversation_id,
            turn=len(asked.history) + 1,
            created=datetime.now(UTC),
            question=asked.question,
            audience=asked.audience,
            query=asked.query,
            outcome=_outcome(written, found, concern),
            headline=written.headline,
            sections=written.sections,
            disagreements=written.disagreements,
            references=written.references,
            nearest=() if written.references or is_beside else tuple(map(source, basis)),
            removed=written.removed,
            fallback=writing.fallback,
            warnings=() if is_grave else tuple(warned),
            related=() if is_last else related(found.vector, questions, basis, self._embedder),
            disclaimer=DISCLAIMERS[asked.audience],
            candidates=candidates,
            provenance=self._provenance(writing, live),
            timings_ms={},
        )

    def _provenance(self, writing: Writing, live: Live) -> Provenance:
        by_model = writing.fallback is None and writing.ledger.usage is not None
        return Provenance(
            index_version=live.version.id,
            corpus_digest=live.version.corpus_digest,
            embedder=self._embedder.name,
            generator=self._generator.name if writing.fallback is None else "extractive",
            prompt=self._generator.prompt if by_model else None,
            usage=writing.ledger.usage,
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
    """The question with control and hidden characters as spaces; raises InvalidQuestion."""
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Cf"} else c for c in text)
    words = " ".join(kept.split())
    if not any(c.isalnum() for c in words):
        raise InvalidQuestion("the question is empty: ask one in words")
    if len(words) > LONGEST_QUESTION:
        raise InvalidQuestion(
            f"the question has {len(words):,} characters, {LONGEST_QUESTION:,} are allowed: "
            "ask one thing at a time"
        )
    return words


def chosen(
    named: str | None, offered: Sequence[Audience], before: Sequence[Audience] = ()
) -> Audience:
    """Who an answer is for: who is named, else who asked before, else the first that is offered.

    Raises InvalidQuestion where who is named is not offered.
    """
    if named is None:
        return before[-1] if before and before[-1] in offered else offered[0]
    if named not in offered:
        names = " or ".join(offered)
        raise InvalidQuestion(f"{str(named)!r} is no audience of this service: ask as {names}")
    return Audience(named)


def _candidate(passage: Passage) -> Candidate:
    return Candidate(
        rank=passage.rank,
        chunk_id=passage.chunk.id,
        source=source(passage.guideline),
        heading=passage.chunk.heading,
        scores=passage.scores,
    )


def _concern(told: Told, written: Written, found: Found) -> AbstentionReason | None:
    """What is only likely takes no answer away: it is the reason where there is none."""
    is_lacking = written.is_empty and found.reason is not AbstentionReason.SUPERSEDED_ONLY
    return told.reason if told.is_sure or is_lacking else None


def _outcome(written: Written, found: Found, concern: AbstentionReason | None) -> Outcome:
    kind, reason = OutcomeKind.ANSWERED, None
    if written.headline is None and written.disagreements:
        kind, reason = OutcomeKind.PARTIAL, AbstentionReason.CONFLICT
    elif written.headline is None:
        kind = OutcomeKind.ABSTAINED
        reason = concern or found.reason or AbstentionReason.INSUFFICIENT
    return Outcome(
        kind=kind, reason=reason, sufficiency=round(found.sufficiency, 3), enough=found.enough
    )
