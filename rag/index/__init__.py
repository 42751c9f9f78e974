"""Search over one immutable set of chunks: the SearchIndex protocol, and building and opening."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.embedding import Vectors
from rag.types import ChunkId, GuidelineId, Hit

Allowed = frozenset[GuidelineId] | None
"""Guidelines that may be found; None allows all."""


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """What an index holds of a chunk; `vector` has shape (dim,), unit length."""

    id: ChunkId
    guideline_id: GuidelineId
    text: str
    vector: Vectors


class SearchIndex(Protocol):
    """Dense and lexical search over the chunks of one version."""

    def dense(self, vector: Vectors, k: int, allowed: Allowed = None) -> list[Hit]:
        """The k chunks of highest cosine, best first; ties by id."""
        ...

    def lexical(self, text: str, k: int, allowed: Allowed = None) -> list[Hit]:
        """The k chunks of highest BM25, best first; any text is legal, no match is no hit."""
        ...

    def idf(self, text: str) -> dict[str, float]:
        """Each distinct indexed form of the words of a text, with its inverse document frequency."""
        ...

    def ids(self) -> Collection[ChunkId]:
        """Every chunk the index holds."""
        ...

    def close(self) -> None:
        """Release files and memory; a second call does nothing."""
        ...
