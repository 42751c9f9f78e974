"""What a run was made with: settings, code, packages and machine."""

import hashlib
import platform
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.speed import machine
from rag.settings import Settings

PACKAGES = ("guideline-rag", "faiss-cpu", "tantivy", "onnxruntime", "numpy", "ir-measures")
TOLD = {"embedder", "index", "generator", "top_k", "audiences", "threads"}
"""Settings that a figure may depend on; addresses and paths are nobody's business."""

CODE = ("rag", "eval")


def made_with(settings: Settings) -> dict[str, Any]:
    """Everything but what was searched and how it was indexed, which the suites know."""
    return {
        "settings": settings.model_dump(mode="json", include=TOLD),
        "code": code_digest(Path(__file__).resolve().parents[1]),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "machine": machine.facts(),
    }


@lru_cache
def code_digest(root: Path) -> str:
    """Of every module of the service and of the harness, as they lie on the disk."""
    return digest(path for name in CODE for path in sorted((root / name).rglob("*.py")))


def digest(files: Iterable[Path]) -> str:
    """Of the content of files, in the order given."""
    whole = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:16]
