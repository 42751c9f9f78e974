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
