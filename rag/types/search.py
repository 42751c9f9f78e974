"""What is searched for, and what is found."""

from typing import NamedTuple

from pydantic import Field

from rag.types.corpus import Chunk, Currency, Guideline, Kind, Source
from rag.types.value import ChunkId, Value


class Filter(Value):
    """Which guidelines may be searched; empty fields allow everything."""

    issuers: tuple[str, ...] = Field((), description="names, or folders of the corpus")
    kinds: tuple[Kind, ...] = ()
    specialties: tuple[str, ...] = ()
    population: str | None = Field(None, description="words that the population must contain")
    published_from: int | None = Field(None, description="first year")
    published_to: int | None = Field(None, description="last year")
    include_superseded: bool = False


class Hit(NamedTuple):
    """A chunk that a search found."""

    chunk_id: ChunkId
    score: float


class Scores(Value):
    """Why a passage was retrieved; dense is cosine, lexical BM25, fused 0 to 1."""

    dense: float | None = None
    lexical: float | None = None
    fused: float


class Passage(Value):
    """A retrieved chunk with its source and its scores, best first by `rank` (from 1)."""

    rank: int
    chunk: Chunk
    guideline: Guideline
    currency: Currency
    scores: Scores


class Candidate(Value):
    """A passage that was found, whether or not it was cited."""

    rank: int
    chunk_id: ChunkId
    source: Source
    heading: tuple[str, ...]
    scores: Scores
