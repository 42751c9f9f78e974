"""What a reader may want to ask next."""

from collections.abc import Collection, Iterable, Sequence

from rag.embedding import Embedder, Vectors
from rag.types import Guideline

SAME_QUESTION = 0.8
"""Above this cosine two questions ask the same thing."""

ON_TOPIC = 0.3
"""Below this cosine a question has nothing to do with the one asked."""


def related(
    query: Vectors,
    asked: Collection[str],
    guidelines: Iterable[Guideline],
    embedder: Embedder,
    k: int = 4,
) -> tuple[str, ...]:
    """Up to k questions these guidelines say they answer, near the vector of a query, not asked."""
    questions = [q for guideline in guidelines for q in guideline.questions if q not in asked]
    closeness = embedder.embed_passages(questions) @ query
    ranked = sorted(zip(closeness.tolist(), questions, strict=True), reverse=True)
    return _distinct(
        [question for close, question in ranked if ON_TOPIC < close < SAME_QUESTION], embedder, k
    )


def _distinct(questions: Sequence[str], embedder: Embedder, k: int) -> tuple[str, ...]:
    vectors = embedder.embed_passages(questions)
    kept: list[int] = []
    for i, vector in enumerate(vectors):
        if len(kept) < k and all(float(vector @ vectors[j]) < SAME_QUESTION for j in kept):
            kept.append(i)
    return tuple(questions[i] for i in kept)
