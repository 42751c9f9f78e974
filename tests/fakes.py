"""Real, small implementations of the seams; each passes the contract of its seam."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from rag.embedding import Progress, Vectors
from rag.grounding.entailment import held


class HashEmbedder:
    """Words hashed into a few dimensions: equal words are near, the same in every process."""

    name = "hash"
    fingerprint = "hash-1"

    def __init__(self, dim: int = 32) -> None:
        self.dim = dim
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Embedder; every text is noted in `embedded`."""
        self.embedded += texts
        if progress:
            progress(len(texts), len(texts))
        return np.array([self._vector(text) for text in texts], np.float32).reshape(-1, self.dim)

    def embed_query(self, text: str) -> Vectors:
        """See Embedder."""
        return self._vector(text)

    def close(self) -> None:
        """Nothing to release."""

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dim, np.float32)
        for word in re.findall(r"\w+", text.lower()) or [""]:
            digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
            vector[digest[0] % self.dim] += 1 if digest[1] % 2 else -1
        if not vector.any():
            vector[0] = 1
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit


class WordEntailment:
    """The share of a claim's words that a text holds."""

    name = "words"
    least = 0.5

    def support(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [held(claim, text) for claim, text in pairs]
