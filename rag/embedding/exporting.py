"""A sentence-transformers model to one ONNX file with pooling and normalisation, once."""

import hashlib
import json
import logging
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from rag.errors import BackendUnavailable, IndexDamaged

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

REVISION = 1
"""Changes when the graph changes: pooling, normalisation, inputs."""

CLOSE = 0.9999
"""Cosine that the export must reach against sentence-transformers."""

PROBES = (
    "Ultrasound",
    "HbA1c ≥ 48 mmol/mol (6.5 %) on two occasions; give 0.5 µg/kg β-agonist.",
    "In a child with a palpable abdominal mass, which imaging comes first? " * 12,
    "",
)


def exported(model: Path, models: Path, weights_sha256: str, max_tokens: int) -> Path:
    """The ONNX file of a model folder, exported if it is not there or not as it was written.

    Kept as `models/<first 16 of the weights' hash>-r<revision>.onnx` with a JSON file beside it
    that holds its SHA-256. Importing torch happens here, and only when exporting.
    """
    path = models / f"{weights_sha256[:16]}-r{REVISION}.onnx"
    if is_whole(path):
        return path
    models.mkdir(parents=True, exist_ok=True)
    with FileLock(models / "export.lock"):
        if not is_whole(path):
            logger.warning("exporting the embedding model to %s, once; this takes 20 s", path)
            _export(model, path, max_tokens)
    return path


def is_whole(path: Path) -> bool:
    """Whether an export is there and its bytes are those that were written."""
    try:
        noted = json.loads(path.with_suffix(".json").read_text("utf-8"))["sha256"]
        return bool(noted == _hash(path))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _export(model: Path, path: Path, max_tokens: int) -> None:
    aside = path.with_suffix(".new")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            original = _load(model)
            _write_graph(original, aside)
            _compare(original, aside, model, max_tokens)
        noted = {"sha256": _hash(aside), "model": model.parent.name, "revision": REVISION}
        path.with_suffix(".json").write_text(json.dumps(noted), "utf-8")
        aside.replace(path)
    except OSError as error:
        raise BackendUnavailable(f"{path} cannot be written: {error.strerror}") from error
    finally:
        aside.unlink(missing_ok=True)


def _load(model: Path) -> "SentenceTransformer":
    os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    return SentenceTransformer(str(model), device="cpu", local_files_only=True)


def _write_graph(original: "SentenceTransformer", path: Path) -> None:
    import torch

    logging.getLogger("torch.onnx").setLevel(logging.ERROR)

    class Encoder(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.transformer = original[0].auto_model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            words = self.transformer(input_ids=input_ids, attention_mask=attention_mask)[0]
            mask = attention_mask.unsqueeze(-1).to(words.dtype)
            pooled = (words * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(pooled, dim=1)

    # Two tensors: an export of one tensor given twice takes them for one input.
    example = (torch.ones((2, 8), dtype=torch.int64), torch.ones((2, 8), dtype=torch.int64))
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    shape = {0: batch, 1: length}
    with torch.no_grad():
        torch.onnx.export(
            Encoder().eval(),
            example,
            str(path),
            input_names=["input_ids", "attention_mask"],
            dynamic_shapes={"input_ids": shape, "attention_mask": shape},
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _compare(original: "SentenceTransformer", path: Path, model: Path, max_tokens: int) -> None:
    from rag.embedding.onnx import Session

    theirs = original.encode(list(PROBES), normalize_embeddings=True)
    ours = Session(path, model / "tokenizer.json", max_tokens, threads=1).run(list(PROBES))
    worst = float(np.sum(theirs * ours, axis=1).min())
    if worst < CLOSE:
        raise IndexDamaged(f"the exported model differs from the original: cosine {worst:.5f}")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
