"""How far a text carries a claim: the Entailment protocol and its default."""

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from rag.embedding import Embedder
from rag.index.tokens import tokens
from rag.sentences import sentences

Pair = tuple[str, str]
"""A claim, and the text that is to carry it."""

WORDS = 0.5
"""The weight of shared words against that of near meaning."""

NEGATED = re.compile(
    r"\b(no|not|nor|never|none|without|neither|cannot|fail(s|ed)?|lack(s|ed)?|absence|unlikely|"
    r"insignificant(ly)?)\b|n't\b",
    re.IGNORECASE,
)
UP = re.compile(r"\b(increas|higher|rais|rise|elevat|more|greater|worse|promot|enhanc)\w*", re.I)
DOWN = re.compile(
    r"\b(decreas|lower|reduc|less|fewer|declin|drop|inhibit|prevent|protect)\w*", re.I
)


class Entailment(Protocol):
    """Scores pairs from 0, nothing in common, to 1."""

    name: str

    def support(self, pairs: Sequence[Pair]) -> Sequence[float]:
        """How far each text carries its claim."""
        ...


class LexicalVectorEntailment:
    """The mean of the share of the claim's words held and the nearest sentence's cosine."""

    name = "lexical-vector"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def support(self, pairs: Sequence[Pair]) -> Sequence[float]:
        """See Entailment."""
        return [
            WORDS * held(claim, text) + (1 - WORDS) * self._nearest(claim, text)
            for claim, text in pairs
        ]

    def _nearest(self, claim: str, text: str) -> float:
        said = [text[start:end] for start, end in sentences(text)]
        if not said:
            return 0.0
        near = self._embedder.embed_passages(said) @ self._embedder.embed_query(claim)
        return float(np.clip(near.max(), 0, 1))


def held(claim: str, text: str) -> float:
    """The share of the claim's words that the text holds."""
    wanted = set(tokens(claim))
    return len(wanted & set(tokens(text))) / len(wanted) if wanted else 0.0


def opposed(claim: str, text: str) -> bool:
    """Whether one of the two denies, or names the other direction, and the other does not."""
    denies = [bool(NEGATED.search(part)) for part in (claim, text)]
    up = [bool(UP.search(part)) for part in (claim, text)]
    down = [bool(DOWN.search(part)) for part in (claim, text)]
    turned = any(a != b for a, b in zip(up, down, strict=True)) and up[0] != up[1]
    return denies[0] != denies[1] or (turned and down[0] != down[1])
