"""An embedder that keeps every vector it ever made, so that no run embeds a text again."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from threading import Lock

import numpy as np

from eval.records import Misused
from eval.suites import Options
from rag.embedding import Embedder, Progress, Vectors, open_embedder

FILE = "vectors.db"
AT_ONCE = 500
"""Vectors looked up by one statement."""

TABLE = """CREATE TABLE IF NOT EXISTS vectors (
    fingerprint TEXT NOT NULL, digest BLOB NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (fingerprint, digest)
) WITHOUT ROWID"""


def open_kept(options: Options) -> "KeptEmbedder":
    """The embedder of a run, or the one it was given, with its vectors kept in the workspace."""
    settings = options.settings
    embedder = options.embedder or open_embedder(
        settings.embedder, settings.models_folder, settings.threads
    )
    return KeptEmbedder(embedder, options.workspace / FILE)


class KeptEmbedder:
    """Any embedder over a file of vectors by the digests of their texts; safe for threads.

    Questions are kept, too, which the service never does: here nobody asks them.
    """

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self.name = embedder.name
        self.dim = embedder.dim
        self.fingerprint = embedder.fingerprint
        self._embedder = embedder
        self._lock = Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._file = sqlite3.connect(path, timeout=60, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(TABLE)
        except sqlite3.DatabaseError as error:
            raise Misused(f"{path}: {error}: remove it, and its vectors are made again") from error

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Embedder; only texts never met are embedded."""
        wanted = {_digest(text): text for text in texts}
        with self._lock:
            known = dict(self._kept(wanted))
        new = [digest for digest in wanted if digest not in known]
        if new:
            made = self._embedder.embed_passages([wanted[digest] for digest in new], progress)
            self._keep(dict(zip(new, made, strict=True)))
            known.update(zip(new, made, strict=True))
        rows = [known[_digest(text)] for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.dim)

    def embed_query(self, text: str) -> Vectors:
        """See Embedder; questions and passages are kept apart."""
        digest = _digest(f"question\0{text}")
        with self._lock:
            known = dict(self._kept([digest]))
        if digest not in known:
            known[digest] = self._embedder.embed_query(text)
            self._keep(known)
        return known[digest]

    def close(self) -> None:
        """Close the file and the embedder."""
        with self._lock:
            self._file.close()
        self._embedder.close()

    def _kept(self, digests: Iterable[bytes]) -> Iterator[tuple[bytes, Vectors]]:
        left = iter(digests)
        while some := list(islice(left, AT_ONCE)):
            marks = ", ".join("?" * len(some))
            rows = self._file.execute(
                f"SELECT digest, vector FROM vectors WHERE fingerprint = ? AND digest IN ({marks})",  # noqa: S608
                (self.fingerprint, *some),
            )
            for digest, vector in rows:
                yield digest, np.frombuffer(vector, np.float32)

    def _keep(self, vectors: dict[bytes, Vectors]) -> None:
        rows = [(self.fingerprint, digest, v.tobytes()) for digest, v in vectors.items()]
        with self._lock, self._file:
            self._file.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", rows)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
