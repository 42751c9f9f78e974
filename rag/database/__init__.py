"""What is kept: the database is the truth, index files derive from it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, text

from rag.database import content, conversations
from rag.database.opening import mapped, open_engine
from rag.embedding import Vectors
from rag.errors import NotFound
from rag.types import (
    Answer,
    Chunk,
    ChunkId,
    Conversation,
    Guideline,
    GuidelineId,
    Version,
    VersionId,
)

P = ParamSpec("P")
R = TypeVar("R")


def open_database(url: str) -> "Database":
    """Open a database, making or migrating its tables.

    Raises ConfigError (no such URL, or of a newer release), BackendUnavailable, IndexDamaged.
    """
    return Database(open_engine(url))


class Database:
    """Reads and writes, one transaction each; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def vectors(self, fingerprint: str, digests: Collection[str]) -> dict[str, Vectors]:
        """The vectors known of these texts, one after the other, by the SHA-256 of the text.

        What was kept in shape (n, dim) comes back in shape (n * dim,).
        """
        return self._run(content.vectors, fingerprint, digests)

    def missing_vectors(self, fingerprint: str, digests: Collection[str]) -> list[str]:
        """The texts, by digest, that have no vector yet."""
        return sorted(set(digests) - self.vectors(fingerprint, digests).keys())

    def add_vectors(self, fingerprint: str, made: Mapping[str, Vectors]) -> None:
        """Keep vectors; one that is known stays as it is."""
        self._run(content.add_vectors, fingerprint, made)

    def add_version(
        self,
        version: Version,
        guidelines: Sequence[Guideline],
        chunks: Sequence[Chunk],
        embedded: Mapping[ChunkId, str],
    ) -> None:
        """Store a version whole or not at all; raises Conflict when a chunk id clashes."""
        self._run(content.add_version, version, guidelines, chunks, embedded)

    def versions(self) -> list[Version]:
        """Every version, newest first."""
        return self._run(content.versions)

    def version(self, version: VersionId) -> Version:
        """One version; or NotFound."""
        found = next((known for known in self.versions() if known.id == version), None)
        if found is None:
            raise NotFound(f"there is no version {version}: `rag versions` lists them")
        return found

    def remove_version(self, version: VersionId) -> None:
        """Forget a version; what no other version lists and no answer cites goes with it."""
        self._run(content.remove_version, version)

    def guidelines(self, version: VersionId) -> list[Guideline]:
        """The guidelines of a version, by id."""
        return self._run(content.guidelines, version)

    def chunks(self, version: VersionId, ids: Sequence[ChunkId] | None = None) -> list[Chunk]:
        """The chunks of a version in reading order, or those named in the order named."""
        return self._run(content.chunks, version, ids)

    def chunks_of(self, version: VersionId, guideline_id: GuidelineId) -> list[Chunk]:
        """The chunks of one guideline of a version in reading order."""
        return self._run(content.chunks_of, version, guideline_id)

    def embedded(self, version: VersionId) -> dict[ChunkId, str]:
        """For each chunk of a version the digest of the text its vector was made of."""
        return self._run(content.embedded, version)

    def excerpt(self, chunk_id: ChunkId) -> tuple[Chunk, Guideline]:
        """A chunk and its guideline as the newest version that held it had them; or NotFound."""
        return self._run(content.excerpt, chunk_id)

    def revision(self, guideline_id: GuidelineId, digest: str) -> Guideline:
        """A guideline as it was when an answer cited it; or NotFound."""
        return self._run(content.revision, guideline_id, digest)

    def start_conversation(self, conversation_id: str, created: datetime) -> None:
        """Note that a conversation begins."""
        self._run(conversations.start_conversation, conversation_id, created)

    def conversation(self, conversation_id: str) -> Conversation:
        """A conversation with its answers in order; or NotFound."""
        return self._run(conversations.conversation, conversation_id)

    def numbers(self, conversation_id: str) -> dict[int, ChunkId]:
        """The numbers a conversation has given, in order."""
        return self._run(conversations.numbers, conversation_id)

    def save_answer(self, answer: Answer) -> None:
        """Keep an answer and its new numbers; raises Conflict if another turn came first."""
        self._run(conversations.save_answer, answer)

    def answer(self, answer_id: str) -> Answer:
        """An answer as it was given; or NotFound."""
        return self._run(conversations.answer, answer_id)

    def answers_citing(self, chunk_ids: Collection[ChunkId]) -> list[str]:
        """Ids of the answers that rest on any of these chunks."""
        return self._run(conversations.answers_citing, chunk_ids)

    def check(self) -> list[str]:
        """What the database itself finds wrong with its files."""
        if self.dialect != "sqlite":
            return []
        with mapped(self._engine.url), self._engine.connect() as connection:
            rows = connection.execute(text("PRAGMA quick_check")).scalars()
            return [f"{self._engine.url.database}: {row}" for row in rows if row != "ok"]

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _run(
        self, do: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        with mapped(self._engine.url), self._engine.begin() as connection:
            return do(connection, *args, **kwargs)
