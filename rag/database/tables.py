"""The tables: content that is never rewritten, versions that list it, and what was answered."""

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

HEAD = "0001"
"""The newest migration; a test compares it with Alembic's."""

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An instant in UTC; SQLite keeps no time zone, PostgreSQL answers in that of the session."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As it is written."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As it is read."""
        if value is None or value.tzinfo:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


guidelines = Table(
    "guidelines",
    metadata,
    Column("id", String, primary_key=True),
    Column("digest", String, primary_key=True),
    Column("content", Text, nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("guideline_id", String, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("guideline_digest", String, nullable=False),
    ForeignKeyConstraint(
        ["guideline_id", "guideline_digest"], ["guidelines.id", "guidelines.digest"]
    ),
)
"""`content` and `guideline_digest` are those of the newest version that held the chunk."""

vectors = Table(
    "vectors",
    metadata,
    Column("fingerprint", String, primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("id", String, primary_key=True),
    Column("created", Instant, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("corpus_digest", String, nullable=False),
    Column("guidelines", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
)

version_guidelines = Table(
    "version_guidelines",
    metadata,
    Column("version", String, ForeignKey("versions.id"), primary_key=True),
    Column("guideline_id", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("path", String, nullable=False),
    ForeignKeyConstraint(["guideline_id", "digest"], ["guidelines.id", "guidelines.digest"]),
)

placements = Table(
    "placements",
    metadata,
    Column("version", String, ForeignKey("versions.id"), primary_key=True),
    Column("chunk_id", String(16), ForeignKey("chunks.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("context", Text, nullable=False),
    Column("embedded", String(64), nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("created", Instant, nullable=False),
)

numbers = Table(
    "numbers",
    metadata,
    Column("conversation_id", String, ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("chunk_id", String(16), ForeignKey("chunks.id"), nullable=False),
    UniqueConstraint("conversation_id", "chunk_id"),
)

answers = Table(
    "answers",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", String, ForeignKey("conversations.id"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("conversation_id", "turn"),
)

citations = Table(
    "citations",
    metadata,
    Column("answer_id", String, ForeignKey("answers.id"), primary_key=True),
    Column("chunk_id", String(16), ForeignKey("chunks.id"), primary_key=True),
    Column("guideline_id", String, nullable=False),
    Column("guideline_digest", String, nullable=False),
    Index("citations_by_chunk", "chunk_id"),
)
