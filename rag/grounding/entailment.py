"""How far a text carries a claim on the whole: the Entailment protocol and its default."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from rag.embedding import Embedder
from rag.grounding.words import all_concepts, share
from rag.sentences import sentences

Pair = tuple[str, str]
"""A claim, and the text that is to carry it."""

LEXICAL_VECTOR = "lexical-vector"

WORDS = 0.3
"""The weight of shared words against near meaning, chosen on one half of four claim sets."""

SHARPNESS = 6
"""Shared words tell little until nearly all are shared."""

WHOLE = 0.75
"""The weight of the text whole against its nearest sentence, chosen on the same half."""


class Entailment(Protocol):
    """Scores pairs from 0, nothing in common, to 1; from `least` on a text may carry its claim."""

    name: str
    least: float

    def support(self, pairs: Sequence[Pair]) -> Sequence[float]:
        """How far each text carries its claim."""
        ...


class LexicalVectorEntailment:
    """Near meaning, of the text whole and of its nearest sentence, and the claim's words held."""

    name = LEXICAL_VECTOR
    least = 0.5

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def support(self, pairs: Sequence[Pair]) -> Sequence[float]:
        """See Entailment."""
        return [
            WORDS * held(claim, text) ** SHARPNESS + (1 - WORDS) * self._nearness(claim, text)
            for claim, text in pairs
        ]

    def _nearness(self, claim: str, text: str) -> float:
        parts = [text[start:end] for start, end in sentences(text)]
        if not parts:
            return 0.0
        near = self._embedder.embed_passages([text, *parts]) @ self._embedder.embed_query(claim)
        return float(np.clip(WHOLE * near[0] + (1 - WHOLE) * near[1:].max(), 0, 1))


def held(claim: str, text: str) -> float:
    """The share of the claim's words that the text holds."""
    wanted = all_concepts(claim)
    return share(wanted, all_concepts(text)) if wanted else 0.0


def open_entailment(spec: str, embedder: Embedder, threads: int = 0) -> Entailment:
    """The entailment that a setting names: `lexical-vector`, or a cross-encoder's name or path.

    Raises ConfigError when there is no such model on this machine.
    """
    if spec == LEXICAL_VECTOR:
        return LexicalVectorEntailment(embedder)
    from rag.grounding.cross_encoder import CrossEncoderEntailment

    return CrossEncoderEntailment(spec, threads)
