"""The packaged MiniLM on ONNX Runtime; torch is not imported."""

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from rag.embedding import Progress, Vectors
from rag.embedding.exporting import REVISION, exported
from rag.embedding.minilm import DIM, MAX_TOKENS, WEIGHTS_SHA256, check_weights, model_folder

BATCH = 8
"""Texts run at once, of like length, so that little is padding; so few stay in a core's cache."""


class OnnxEmbedder:
    """all-MiniLM-L6-v2; the model is checked and opened at the first text, not before."""

    name = "all-MiniLM-L6-v2"
    dim = DIM
    fingerprint = f"minilm-{WEIGHTS_SHA256[:16]}-r{REVISION}"

    def __init__(self, models: Path, threads: int = 0) -> None:
        self._models = models
        self._threads = threads or available_cores()
        self._lock = Lock()
        self._session: Session | None = None

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Embedder; texts are cut at 256 tokens."""
        vectors = np.zeros((len(texts), DIM), np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for first in range(0, len(texts), BATCH):
            rows = by_length[first : first + BATCH]
            vectors[rows] = self._open().run([texts[i] for i in rows])
            if progress:
                progress(first + len(rows), len(texts))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """See Embedder; questions and passages are embedded alike."""
        vector: Vectors = self._open().run([text])[0]
        return vector

    def close(self) -> None:
        """Let go of the model; a later text opens it again."""
        with self._lock:
            self._session = None

    def _open(self) -> "Session":
        with self._lock:
            if self._session is None:
                folder = model_folder()
                check_weights(folder)
                path = exported(folder, self._models, WEIGHTS_SHA256, MAX_TOKENS)
                tokenizer = folder / "tokenizer.json"
                self._session = Session(path, tokenizer, MAX_TOKENS, self._threads)
            return self._session


class Session:
    """One opened ONNX file and its tokenizer; safe for threads."""

    def __init__(self, path: Path, tokenizer: Path, max_tokens: int, threads: int) -> None:
        # ONNX Runtime 1.32 keeps, and would send, events of its use unless it is told not to before
        # it is imported; disable_telemetry_events() comes too late.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.enable_padding()

    def run(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dim)."""
        encoded = self._tokenizer.encode_batch(list(texts))
        feed = {
            "input_ids": np.array([e.ids for e in encoded], np.int64),
            "attention_mask": np.array([e.attention_mask for e in encoded], np.int64),
        }
        vectors: Vectors = self._session.run(None, feed)[0]
        return vectors


def available_cores() -> int:
    """The cores this process may use, at least 1."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
