"""Passages to drafted statements: the Generator protocol and `open_generator`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from rag.embedding import Embedder, Vectors
from rag.errors import ConfigError
from rag.settings import Settings
from rag.types import Audience, ChunkId, Grade, Passage, Reason, Turn, Usage


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be answered, from which passages and for whom.

    `vectors` holds those of the statements of passages, shape (n, dim), and `vector` is that of
    the query as it was searched for, where they are known.
    """

    question: str
    query: str
    passages: tuple[Passage, ...]
    history: tuple[Turn, ...] = ()
    audience: Audience = Audience.CLINICIAN
    vectors: Mapping[ChunkId, Vectors] = field(default_factory=dict)
    vector: Vectors | None = None


class Cite(NamedTuple):
    """The words `chunk.text[start:end]` that a drafted statement rests on."""

    chunk_id: ChunkId
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DraftStatement:
    """A sentence that has not been checked yet; without a heading it is the headline."""

    text: str
    cites: tuple[Cite, ...]
    grade: Grade | None = None
    heading: str | None = None
    ordered: bool = False
    verbatim: bool = True


class Delta(NamedTuple):
    """Words of a draft as they come, before anybody has looked at them."""

    text: str


class Faulty(NamedTuple):
    """A drafted statement that its passages do not carry, and why not."""

    statement: DraftStatement
    reasons: tuple[Reason, ...]


Drafted = Delta | DraftStatement


class Ledger:
    """What one answer costs, in calls and tokens; nothing without a chat model."""

    def __init__(self) -> None:
        self.usage: Usage | None = None

    def add(self, input_tokens: int, output_tokens: int, cost: float | None = None) -> None:
        """Note one call, and what it cost where that is known."""
        before = self.usage or Usage()
        known = [each for each in (before.cost, cost) if each is not None]
        self.usage = Usage(
            calls=before.calls + 1,
            input_tokens=before.input_tokens + input_tokens,
            output_tokens=before.output_tokens + output_tokens,
            cost=sum(known) if known else None,
        )


class Generator(Protocol):
    """Words an answer from passages and nothing else; raises GenerationFailed and its kin."""

    name: str
    prompt: str | None
    """SHA-256 of the instructions that a model is given; None where there is no model."""

    def draft(self, task: Task, ledger: Ledger) -> Iterator[Drafted]:
        """Statements in reading order, the headline first, each with the passages it cites."""
        ...

    def repair(
        self, task: Task, faulty: Sequence[Faulty], ledger: Ledger
    ) -> Sequence[DraftStatement | None]:
        """A better wording of each faulty statement, or None, in the same order."""
        ...

    def rewrite(self, question: str, history: Sequence[Turn], ledger: Ledger) -> str | None:
        """A follow-up that stands alone, or None to leave that to the rules."""
        ...

    def reword(
        self, statements: Sequence[str], audience: Audience, ledger: Ledger
    ) -> Sequence[str | None]:
        """Each statement in the words of an audience, or None to leave that to the glossary."""
        ...

    def close(self) -> None:
        """Release what it holds; a second call does nothing."""
        ...


def open_generator(settings: Settings, embedder: Embedder) -> Generator:
    """The generator that a setting names; raises ConfigError, MissingExtra."""
    spec = settings.generator
    if spec == "extractive":
        from rag.generation.extractive import ExtractiveGenerator

        return ExtractiveGenerator(embedder)
    if ":" not in spec:
        raise ConfigError(
            f"generator (RAG_GENERATOR) is {spec!r}: give `extractive`, or PROVIDER:MODEL as "
            "`openai:gpt-4o`, `ollama:llama3.1` or `gguf:/models/model.gguf`"
        )
    from rag.generation.chat import ChatGenerator
    from rag.generation.model import open_model

    return ChatGenerator(open_model(settings))
