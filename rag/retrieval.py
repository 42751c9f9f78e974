"""A query to ranked chunks: dense and lexical search, fused by scaled scores."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from rag.embedding import Vectors
from rag.index import Allowed, SearchIndex
from rag.index.tokens import tokens
from rag.types import (
    Chunk,
    ChunkId,
    Filter,
    Guideline,
    GuidelineId,
    Hit,
    Role,
    Scores,
)

POOL = 100
"""Hits taken from each list before fusing."""

LEXICAL_PULL = 0.7
"""How far full coverage moves the weight from dense to lexical search."""

SAID = 0.6
"""The weight of the nearest statement of a chunk; the rest is that of the chunk itself."""

Fetch = Callable[[Sequence[ChunkId]], Sequence[Chunk]]


class Scored(NamedTuple):
    """A chunk with the scores it was ranked by."""

    chunk: Chunk
    scores: Scores


def retrieve(
    index: SearchIndex,
    fetch: Fetch,
    query: str,
    vector: Vectors,
    allowed: Allowed,
    k: int,
    roles: Collection[Role] = frozenset(Role),
) -> tuple[Scored, ...]:
    """The k best chunks of these roles for a query, best first.

    The weight of dense search is `1 - LEXICAL_PULL * coverage`: where one chunk holds all the
    rare words of the query those words are trusted, where none does the meaning is.
    """
    pool = max(k, POOL)
    dense = dense_hits(index, vector, pool, allowed)
    lexical = index.lexical(query, pool, allowed)
    best = fetch([hit.chunk_id for hit in lexical[:1]])
    covered = coverage(index.idf(query), best[0].indexed_text) if best else 0.0
    fused = fuse(dense, lexical, 1 - LEXICAL_PULL * covered)
    by_dense, by_lexical = dict(dense), dict(lexical)
    scored = (
        Scored(
            chunk,
            Scores(
                dense=by_dense.get(hit.chunk_id),
                lexical=by_lexical.get(hit.chunk_id),
                fused=hit.score,
            ),
        )
        for hit, chunk in _fetched(fused, fetch, k)
        if chunk.role in roles
    )
    return tuple(islice(scored, k))


def dense_hits(index: SearchIndex, vector: Vectors, k: int, allowed: Allowed = None) -> list[Hit]:
    """The k nearest chunks, each scored by itself and by the nearest of its statements.

    A long chunk is about many things; one statement of it may be all that was asked for.
    """
    hits = []
    for chunk_id, score in index.dense(vector, k, allowed):
        nearest = max((index.statements(chunk_id) @ vector).tolist(), default=score)
        hits.append(Hit(chunk_id, (1 - SAID) * score + SAID * nearest))
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))


def _fetched(hits: Sequence[Hit], fetch: Fetch, batch: int) -> Iterator[tuple[Hit, Chunk]]:
    """Each hit with its chunk, read a few at a time, as far as they are asked for."""
    for first in range(0, len(hits), batch):
        some = hits[first : first + batch]
        yield from zip(some, fetch([hit.chunk_id for hit in some]), strict=True)


def coverage(idf: Mapping[str, float], text: str) -> float:
    """The share of a query's idf mass whose words a text holds, 0 to 1."""
    total = sum(idf.values())
    if not total:
        return 0.0
    held = set(tokens(text))
    return sum(weight for form, weight in idf.items() if form in held) / total


def fuse(dense: Iterable[Hit], lexical: Iterable[Hit], dense_weight: float) -> list[Hit]:
    """Weighted sum of two hit lists, each scaled to 0..1 within the query; ties by id."""
    fused: dict[ChunkId, float] = {}
    for hits, weight in ((dense, dense_weight), (lexical, 1 - dense_weight)):
        for chunk_id, score in scaled(hits):
            fused[chunk_id] = fused.get(chunk_id, 0.0) + weight * score
    hits = [Hit(chunk_id, score) for chunk_id, score in fused.items()]
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))


def scaled(hits: Iterable[Hit]) -> list[Hit]:
    """The same hits with the best score at 1 and the worst at 0; a single score is 1."""
    hits = list(hits)
    if not hits:
        return []
    low = min(hit.score for hit in hits)
    span = max(hit.score for hit in hits) - low
    return [Hit(h.chunk_id, (h.score - low) / span if span else 1.0) for h in hits]


def allowed_guidelines(
    guidelines: Iterable[Guideline], superseded: frozenset[GuidelineId], wanted: Filter
) -> Allowed:
    """Ids of the guidelines that a filter lets through; None when that is all of them."""
    guidelines = list(guidelines)
    ids = frozenset(
        guideline.id
        for guideline in guidelines
        if (wanted.include_superseded or guideline.id not in superseded)
        and matches(guideline, wanted)
    )
    return None if len(ids) == len(guidelines) else ids


def matches(guideline: Guideline, wanted: Filter) -> bool:
    """Whether one guideline is of the issuer, kind, specialty, population and years asked for."""
    folder, _, _ = guideline.id.partition("/")
    return (
        (_among(guideline.issuer, wanted.issuers) or _among(folder, wanted.issuers))
        and (not wanted.kinds or guideline.kind in wanted.kinds)
        and _among(guideline.specialty, wanted.specialties)
        and _within(guideline.year, wanted.published_from, wanted.published_to)
        and _mentions(guideline.population, wanted.population)
    )


def _among(value: str, choices: Sequence[str]) -> bool:
    return not choices or value.casefold() in {choice.casefold() for choice in choices}


def _within(year: int, first: int | None, last: int | None) -> bool:
    return (first is None or year >= first) and (last is None or year <= last)


def _mentions(population: str | None, words: str | None) -> bool:
    return words is None or set(tokens(words)) <= set(tokens(population or ""))
