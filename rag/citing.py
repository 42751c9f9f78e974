"""Numbers, quotes and the reference list; pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rag.types import (
    ChunkId,
    Currency,
    Guideline,
    GuidelineId,
    Passage,
    Quote,
    Reference,
    Source,
    Statement,
)

QUOTE_CONTEXT = 48
"""Code points kept before and after a quote, so that it can be found again after an edit."""


def number(taken: Mapping[int, ChunkId], cited: Iterable[ChunkId]) -> dict[ChunkId, int]:
    """The number of every chunk: those taken keep theirs, new ones follow as first cited."""
    numbers = {chunk_id: n for n, chunk_id in taken.items()}
    for chunk_id in cited:
        numbers.setdefault(chunk_id, len(numbers) + 1)
    return numbers


def quote(body: str, start: int, end: int) -> Quote:
    """The words `body[start:end]` with a little of what stands around them."""
    return Quote(
        exact=body[start:end],
        prefix=body[max(0, start - QUOTE_CONTEXT) : start],
        suffix=body[end : end + QUOTE_CONTEXT],
        start=start,
        end=end,
    )


def source(guideline: Guideline) -> Source:
    """What a reference list says of a guideline."""
    return Source(
        guideline_id=guideline.id,
        title=guideline.title,
        issuer=guideline.issuer,
        kind=guideline.kind,
        year=guideline.year,
        url=guideline.url,
        doi=guideline.doi,
    )


def marks(numbers: Sequence[int]) -> str:
    """Reference numbers as they are printed: `[1][2]`."""
    return "".join(f"[{n}]" for n in numbers)


def references(
    statements: Iterable[Statement], cited: Mapping[ChunkId, Passage]
) -> tuple[Reference, ...]:
    """One entry per number that a statement cites, in the order of the numbers."""
    chunk_by_number = {
        citation.number: citation.chunk_id
        for statement in statements
        for citation in statement.citations
    }
    return tuple(
        Reference(
            number=n,
            chunk_id=chunk_id,
            source=source(cited[chunk_id].guideline),
            heading=cited[chunk_id].chunk.heading,
            currency=cited[chunk_id].currency,
        )
        for n, chunk_id in sorted(chunk_by_number.items())
    )


def currency(guideline: Guideline, superseded: frozenset[GuidelineId], today: date) -> Currency:
    """Whether a guideline of the version that serves still stands today."""
    if guideline.id in superseded:
        return Currency.SUPERSEDED
    if guideline.review_by is not None and guideline.review_by < today:
        return Currency.PAST_REVIEW
    return Currency.CURRENT
