"""What all values have in common."""

from pydantic import BaseModel, ConfigDict

ChunkId = str
"""16 hex digits of a positive int64: a string everywhere but inside an index."""

GuidelineId = str
"""`issuer/slug`: the path below `corpus/` without its ending, unless the front matter says."""

VersionId = str


class Value(BaseModel):
    """Base of all values: frozen, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
