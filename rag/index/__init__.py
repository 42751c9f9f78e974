"""Search over one immutable set of chunks: the SearchIndex protocol, and building and opening."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.embedding import Vectors
from rag.errors import ConfigError
from rag.types import ChunkId, GuidelineId, Hit

Allowed = frozenset[GuidelineId] | None
"""Guidelines that may be found; None allows all."""


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """What an index holds of a chunk: its words, its vector, and those of its n statements.

    `vector` has shape (dim,), `statements` (n, dim), each of unit length.
    """

    id: ChunkId
    guideline_id: GuidelineId
    text: str
    vector: Vectors
    statements: Vectors


class SearchIndex(Protocol):
    """Dense and lexical search over the chunks of one version."""

    dim: int

    def dense(self, vector: Vectors, k: int, allowed: Allowed = None) -> list[Hit]:
        """The k chunks of highest cosine, best first; ties by id."""
        ...

    def statements(self, chunk_id: ChunkId) -> Vectors:
        """Vectors of the statements of a chunk in reading order, shape (n, dim)."""
        ...

    def lexical(self, text: str, k: int, allowed: Allowed = None) -> list[Hit]:
        """The k chunks of highest BM25, best first; any text is legal, no match is no hit."""
        ...

    def idf(self, text: str) -> dict[str, float]:
        """Each distinct indexed form of a text's words, and its inverse document frequency."""
        ...

    def absent(self, text: str) -> frozenset[str]:
        """The indexed forms of a text's words that no chunk holds."""
        ...

    def ids(self) -> Collection[ChunkId]:
        """Every chunk the index holds."""
        ...

    def close(self) -> None:
        """Release files and memory; a second call does nothing."""
        ...


def build_index(spec: str, folder: Path, chunks: Iterable[IndexedChunk], dim: int) -> None:
    """Write the index that a setting names into an empty folder."""
    _known(spec)
    from rag.index.local import build_local

    build_local(folder, chunks, dim)


def open_index(spec: str, folder: Path) -> SearchIndex:
    """Open the index of a folder; raises ConfigError, IndexDamaged."""
    _known(spec)
    from rag.index.local import open_local

    return open_local(folder)


def _known(spec: str) -> None:
    if spec != "local":
        raise ConfigError(f"index (RAG_INDEX) is {spec!r}: the choice is `local`")
