"""Versions of the index, what a refresh changes, and what is checked."""

from datetime import datetime

from pydantic import Field

from rag.types.corpus import Chunk, Currency, Source
from rag.types.value import Value, VersionId


class Moves(Value):
    """Which of a kind a refresh adds, changes, moves, removes or leaves alone; by id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0


class Plan(Value):
    """What a refresh would do; computing it writes nothing."""

    guidelines: Moves
    chunks: Moves
    to_embed: int
    to_reuse: int
    answers_affected: tuple[str, ...] = Field((), description="ids of answers citing what goes")
    rebuild: str | None = Field(None, description="why everything is built anew, if it is")
    base: VersionId | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the index already is what the corpus says."""
        moves = (self.guidelines, self.chunks)
        changes = any(m.added or m.changed or m.moved or m.removed for m in moves)
        return not changes and self.rebuild is None


class Refreshed(Value):
    """What a refresh did, and the version that now serves."""

    plan: Plan
    version: VersionId
    new_version: bool
    seconds: float


class Version(Value):
    """One immutable build of the index."""

    id: VersionId
    created: datetime
    fingerprint: str
    corpus_digest: str
    guidelines: int
    chunks: int
    current: bool = False
    present: bool = Field(True, description="whether its files are there to roll back to")


class Excerpt(Value):
    """A chunk that still resolves, whether or not it is in the version that serves."""

    chunk: Chunk
    source: Source
    currency: Currency


class Status(Value):
    """What serves now."""

    version: Version | None
    embedder: str
    generator: str
    by_specialty: dict[str, int] = Field(default_factory=dict)
    by_issuer: dict[str, int] = Field(default_factory=dict)


class Verified(Value):
    """What `verify` looked at in one version, and what it found wrong."""

    version: VersionId
    checks: dict[str, int] = Field(description="how many of each thing were checked")
    problems: tuple[str, ...]
