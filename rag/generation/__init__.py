"""Passages to a drafted answer: the Generator protocol and `open_generator(spec)`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.embedding import Embedder
from rag.errors import ConfigError
from rag.types import ChunkId, Grade, Passage, Turn


@dataclass(frozen=True, slots=True)
class Cite:
    """The words `chunk.text[start:end]` that a drafted statement rests on."""

    chunk_id: ChunkId
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DraftStatement:
    """A sentence that has not been checked yet."""

    text: str
    cites: tuple[Cite, ...]
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class DraftSection:
    """Drafted statements under one heading."""

    heading: str
    ordered: bool
    statements: tuple[DraftStatement, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a generator proposes; no headline means it found nothing to say."""

    headline: DraftStatement | None
    sections: tuple[DraftSection, ...] = ()


class Generator(Protocol):
    """Writes a draft from numbered passages and nothing else."""

    name: str

    def draft(
        self, question: str, query: str, passages: Sequence[Passage], history: Sequence[Turn]
    ) -> Draft:
        """An answer to the question in the words and cites of the passages."""
        ...


def open_generator(spec: str, embedder: Embedder) -> Generator:
    """The generator that a setting names; ConfigError when there is none of that name."""
    if spec == "extractive":
        from rag.generation.extractive import ExtractiveGenerator

        return ExtractiveGenerator(embedder)
    raise ConfigError(f"generator (RAG_GENERATOR) is {spec!r}: the choice is `extractive`")
