"""Text to vectors: the Embedder protocol and `open_embedder(spec)`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total) as long work advances."""


class Embedder(Protocol):
    """Turns texts into unit-length vectors; equal fingerprints give equal vectors."""

    name: str
    dim: int
    fingerprint: str

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of shape (len(texts), dim), float32, unit length, in the order given."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """One vector of shape (dim,), float32, unit length."""
        ...

    def close(self) -> None:
        """Release the model; a second call does nothing."""
        ...


def open_embedder(spec: str, models: Path, threads: int = 0) -> Embedder:
    """The embedder that a setting names; exported models are kept in the folder `models`.

    `minilm` is the packaged model, anything else a sentence-transformers name or path. 0 threads
    means one per core. Raises ConfigError when there is no such model on this machine.
    """
    if spec == "minilm":
        from rag.embedding.onnx import OnnxEmbedder

        return OnnxEmbedder(models, threads)
    from rag.embedding.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(spec, threads)
