"""Any sentence-transformers model that is on this machine, run by torch."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.embedding import Progress, Vectors
from rag.embedding.on_disk import load_model

BATCH = 32


class SentenceTransformerEmbedder:
    """A model by name or path; its weights must be on disk, nothing is fetched."""

    def __init__(self, spec: str, threads: int = 0) -> None:
        self._model = load_model("SentenceTransformer", spec, threads, "embedder")
        self.name = Path(spec).name
        self.dim = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = f"st-{_weights_hash(self._model)[:16]}"

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Embedder; the model's own prompt for passages is used where it has one."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for first in range(0, len(texts), BATCH):
            rows = by_length[first : first + BATCH]
            vectors[rows] = self._model.encode_document(
                [texts[i] for i in rows], normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(first + len(rows), len(texts))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """See Embedder; the model's own prompt for queries is used where it has one."""
        vector: Vectors = self._model.encode_query(
            text, normalize_embeddings=True, show_progress_bar=False
        )
        return vector

    def close(self) -> None:
        """Nothing to release: the memory goes with the object."""


def _weights_hash(model: Any) -> str:
    """A hash of every weight, so that a changed model is another model."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
