"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables of the first release."""
    op.create_table(
        "guidelines",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "chunks",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("guideline_id", sa.String, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("guideline_digest", sa.String, nullable=False),
        sa.ForeignKeyConstraint(
            ["guideline_id", "guideline_digest"], ["guidelines.id", "guidelines.digest"]
        ),
    )
    op.create_table(
        "vectors",
        sa.Column("fingerprint", sa.String, primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("corpus_digest", sa.String, nullable=False),
        sa.Column("guidelines", sa.Integer, nullable=False),
        sa.Column("chunks", sa.Integer, nullable=False),
    )
    op.create_table(
        "version_guidelines",
        sa.Column("version", sa.String, sa.ForeignKey("versions.id"), primary_key=True),
        sa.Column("guideline_id", sa.String, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.ForeignKeyConstraint(["guideline_id", "digest"], ["guidelines.id", "guidelines.digest"]),
    )
    op.create_table(
        "placements",
        sa.Column("version", sa.String, sa.ForeignKey("versions.id"), primary_key=True),
        sa.Column("chunk_id", sa.String(16), sa.ForeignKey("chunks.id"), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("embedded", sa.String(64), nullable=False),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "numbers",
        sa.Column(
            "conversation_id", sa.String, sa.ForeignKey("conversations.id"), primary_key=True
        ),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("chunk_id", sa.String(16), sa.ForeignKey("chunks.id"), nullable=False),
        sa.UniqueConstraint("conversation_id", "chunk_id"),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.UniqueConstraint("conversation_id", "turn"),
    )
    op.create_table(
        "citations",
        sa.Column("answer_id", sa.String, sa.ForeignKey("answers.id"), primary_key=True),
        sa.Column("chunk_id", sa.String(16), sa.ForeignKey("chunks.id"), primary_key=True),
        sa.Column("guideline_id", sa.String, nullable=False),
        sa.Column("guideline_digest", sa.String, nullable=False),
    )
    op.create_index("citations_by_chunk", "citations", ["chunk_id"])
