"""A generator's draft to an answer: statement by statement through the gate, mended once."""

import logging
from collections import abc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.answering import Composition, Passages, Written
from rag.errors import BackendUnavailable, GenerationFailed
from rag.generation import Delta, DraftStatement, Faulty, Generator, Ledger, Task
from rag.glossary import Glossary
from rag.grounding import Gate
from rag.grounding.entailment import Entailment
from rag.rewording import reworded
from rag.types import (
    Audience,
    ChunkId,
    DifferingPoint,
    DraftEvent,
    Event,
    Fate,
    RetractedEvent,
    StatementEvent,
    StatusEvent,
    Turn,
)

logger = logging.getLogger(__name__)

Attempt = abc.Generator[Event, None, bool]


@dataclass(slots=True)
class Writing:
    """One answer being written, and what came of it."""

    task: Task
    passages: Passages
    taken: Mapping[int, ChunkId] = field(default_factory=dict)
    points: Sequence[DifferingPoint] = ()
    drafts: bool = False
    """Whether the reader wants to see words before they are checked."""
    glossary: Glossary = field(default_factory=lambda: Glossary(()))
    ledger: Ledger = field(default_factory=Ledger)
    written: Written = field(default_factory=Written)
    fallback: str | None = None


class Writer:
    """Writes with a generator; where that fails, with the words of the corpus."""

    def __init__(self, generator: Generator, extractive: Generator, entailment: Entailment) -> None:
        self._generator = generator
        self._extractive = extractive
        self._entailment = entailment

    def rewrite(self, question: str, history: Sequence[Turn], ledger: Ledger) -> str | None:
        """A follow-up as a model words it, to be held against the rules; None without one."""
        try:
            return self._generator.rewrite(question, history, ledger)
        except (GenerationFailed, BackendUnavailable) as error:
            logger.warning("%s could not rewrite: %s", self._generator.name, type(error).__name__)
            return None

    def write(self, writing: Writing) -> Iterator[Event]:
        """Events as statements pass or fail; `writing.written` holds the answer by the end."""
        yield from self._written(writing)
        task = writing.task
        if task.audience is not Audience.CLINICIAN:
            yield StatusEvent(phase="wording", label="Wording it for the reader")
        writing.written = reworded(
            writing.written,
            task.audience,
            writing.glossary,
            self._generator if writing.fallback is None else self._extractive,
            Gate(self._entailment, writing.glossary),
            writing.ledger,
        )

    def _written(self, writing: Writing) -> Iterator[Event]:
        try:
            stands = yield from self._attempt(self._generator, writing)
        except (GenerationFailed, BackendUnavailable) as error:
            logger.warning("%s failed: %s", self._generator.name, type(error).__name__)
            writing.fallback = f"{self._generator.name}: {error}"
        else:
            if not stands and self._generator is not self._extractive:
                said = "none of its statements was carried"
                none = "it stated nothing"
                why = said if writing.written.removed else none
                writing.fallback = f"{self._generator.name}: {why}"
        if writing.fallback:
            yield StatusEvent(phase="writing", label="Falling back on the guidelines' own words")
            removed = writing.written.removed
            yield from self._attempt(self._extractive, writing)
            writing.written = replace(writing.written, removed=removed)

    def _attempt(self, generator: Generator, writing: Writing) -> Attempt:
        """Write with a generator; whether anything that it said stands, as drafted or repaired.

        Sentences of the corpus fill gaps in what stands; where nothing does, those nearest to what
        was made up would answer another question.
        """
        gate = Gate(self._entailment, writing.glossary)
        composition = Composition(writing.passages, writing.taken, gate, writing.points)
        for drafted in generator.draft(writing.task, writing.ledger):
            if isinstance(drafted, Delta):
                if writing.drafts:
                    yield DraftEvent(text=drafted.text)
            else:
                yield from _offered(composition, drafted, writing)
        yield StatusEvent(phase="checking", label="Checking each statement against its passage")
        if faulty := composition.faulty():
            repaired = _repaired(generator, writing, faulty)
            composition.settle(repaired, Fate.REPAIRED)
            if composition.stands:
                composition.settle(
                    [composition.nearest(each) for each in composition.faulty()], Fate.REPLACED
                )
        writing.written = composition.written()
        return composition.stands


def _offered(
    composition: Composition, drafted: DraftStatement, writing: Writing
) -> Iterator[Event]:
    statement = composition.offer(drafted)
    if statement is not None:
        yield StatementEvent(heading=drafted.heading, ordered=drafted.ordered, statement=statement)
    elif writing.drafts:
        yield RetractedEvent(text=drafted.text)


def _repaired(
    generator: Generator, writing: Writing, faulty: Sequence[Faulty]
) -> Sequence[DraftStatement | None]:
    """A model that fails to repair has at least written."""
    try:
        return generator.repair(writing.task, faulty, writing.ledger)
    except (GenerationFailed, BackendUnavailable) as error:
        logger.warning("%s could not repair: %s", generator.name, type(error).__name__)
        return [None] * len(faulty)
