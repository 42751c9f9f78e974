"""An embedder that does not embed the same text twice."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from rag.embedding import Embedder, Progress, Vectors


class RememberingEmbedder:
    """Any embedder, with the vectors of the latest texts kept in memory; safe for threads."""

    def __init__(self, embedder: Embedder, kept: int = 20_000) -> None:
        self.name = embedder.name
        self.dim = embedder.dim
        self.fingerprint = embedder.fingerprint
        self._embedder = embedder
        self._kept = kept
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors in the order given; only texts not met lately are embedded."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, self._embedder.embed_passages(new, progress), strict=True))
        self._remember(known)
        return np.array([known[text] for text in texts], np.float32).reshape(-1, self.dim)

    def embed_query(self, text: str) -> Vectors:
        """The vector of one query, which is not kept: it is the words of a person."""
        return self._embedder.embed_query(text)

    def close(self) -> None:
        """Forget everything and close the embedder."""
        with self._lock:
            self._vectors.clear()
        self._embedder.close()

    def _remember(self, vectors: dict[str, Vectors]) -> None:
        with self._lock:
            for text, vector in vectors.items():
                self._vectors[text] = vector
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._kept:
                self._vectors.popitem(last=False)
