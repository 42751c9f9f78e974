"""Models of sentence-transformers that lie on this machine, run by torch on the CPU."""

import os
from typing import Any, Literal

from rag.errors import ConfigError


def load_model(
    kind: Literal["SentenceTransformer", "CrossEncoder"], spec: str, threads: int, setting: str
) -> Any:
    """The model of a name or path; raises ConfigError naming the setting when it is not on disk.

    Nothing is fetched. 0 threads means as many as torch takes.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    import sentence_transformers
    import torch

    if threads:
        torch.set_num_threads(threads)
    try:
        return getattr(sentence_transformers, kind)(spec, device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{setting} (RAG_{setting.upper()}) is {spec!r}: no such model on this machine, and "
            f"nothing is fetched; give the folder of a {kind}, or leave it at its default"
        ) from error
