"""Fitted weights in a file: a SHA-256 and the numbers it is of, so that nothing is parsed."""

import hashlib
import logging
import os
from pathlib import Path
from tempfile import mkstemp

import numpy as np

from rag.embedding import Vectors

logger = logging.getLogger(__name__)

NUMBER = np.dtype("<f4")
DIGEST = hashlib.sha256().digest_size


def kept(path: Path, shape: tuple[int, int]) -> Vectors | None:
    """The weights of a file, or None where it is not there or not as it was written."""
    try:
        if path.stat().st_size != DIGEST + NUMBER.itemsize * shape[0] * shape[1]:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    digest, numbers = content[:DIGEST], content[DIGEST:]
    if hashlib.sha256(numbers).digest() != digest:
        return None
    weights: Vectors = np.frombuffer(numbers, NUMBER).reshape(shape).astype(np.float32)
    return weights


def keep(path: Path, weights: Vectors) -> None:
    """Write weights whole or not at all; where that is not allowed, each process fits its own."""
    numbers = weights.astype(NUMBER).tobytes()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, hashlib.sha256(numbers).digest() + numbers)
    except OSError as error:
        logger.warning("%s cannot be kept: %s", path, error)


def _write(path: Path, content: bytes) -> None:
    opened, name = mkstemp(dir=path.parent, prefix=f"{path.stem}.", suffix=".new")
    aside = Path(name)
    try:
        with open(opened, "wb") as file:
            file.write(content)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
