"""Embedders that are timed, and one that need not embed a hundred thousand texts."""

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence

import numpy as np

from eval.speed.resampling import origin
from rag.embedding import Embedder, Progress, Vectors

logger = logging.getLogger(__name__)

TOLD_EVERY = 1024
NOISE = 0.75
"""Length of the noise beside a vector of length 1: its cosine with the sum is 0.8."""


class TimedEmbedder:
    """Any embedder, with how many passages it was given and the seconds they took."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self.dim = embedder.dim
        self.fingerprint = embedder.fingerprint
        self.passages = 0
        self.seconds = 0.0
        self._embedder = embedder

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Embedder."""
        started = time.perf_counter()
        vectors = self._embedder.embed_passages(texts, progress)
        self.seconds += time.perf_counter() - started
        self.passages += len(texts)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """See Embedder; not counted."""
        return self._embedder.embed_query(text)

    def close(self) -> None:
        """See Embedder."""
        self._embedder.close()


class NoisyEmbedder:
    """An embedder whose vectors of resampled passages are real ones with seeded noise.

    A text of the source gets the vector that the model gives it. One of a copy gets, by its
    digest, one of the vectors of the guideline it was copied from, or, where it does not say
    which, of any, plus noise, at unit length. It bears the model's own fingerprint, so that a
    service that embeds queries by the model opens what was built with it: measure with such an
    index, and answer nobody from it.
    """

    def __init__(self, embedder: Embedder, sources: Mapping[str, Sequence[str]], seed: int) -> None:
        self.name = embedder.name
        self.dim = embedder.dim
        self.fingerprint = embedder.fingerprint
        self._embedder = embedder
        self._sources = sources
        self._seed = seed
        self._real: dict[str, Vectors] = {}

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Embedder; the first call embeds the whole source."""
        if not self._real:
            known = [text for listed in self._sources.values() for text in listed]
            vectors = self._embedder.embed_passages(known, progress or _report)
            self._real = dict(zip(known, vectors, strict=True))
        return np.array([self._vector(text) for text in texts], np.float32).reshape(-1, self.dim)

    def embed_query(self, text: str) -> Vectors:
        """See Embedder; the model's own."""
        return self._embedder.embed_query(text)

    def close(self) -> None:
        """See Embedder."""
        self._embedder.close()

    def _vector(self, text: str) -> Vectors:
        if text in self._real:
            return self._real[text]
        digest = hashlib.blake2b(text.encode(), digest_size=8, salt=b"%d" % self._seed)
        draw = np.random.default_rng(int.from_bytes(digest.digest()))
        near = self._sources.get(origin(text.split("\n", 1)[0])) or list(self._real)
        vector = self._real[near[int(draw.integers(len(near)))]]
        noise = draw.normal(size=self.dim)
        mixed = vector + NOISE * noise / np.linalg.norm(noise)
        noisy: Vectors = (mixed / np.linalg.norm(mixed)).astype(np.float32)
        return noisy


def _report(done: int, total: int) -> None:
    if done % TOLD_EVERY == 0:
        logger.info("embedding the source %d of %d", done, total)
