"""This project, through the Assistant: chunks, dense and lexical search, fused."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.assistant import Assistant
from rag.settings import Settings

SPLITS = "by heading and paragraph, 90 words"
REFRESHES = "the changed chunks; a new version, verified"
PACKAGES = ("guideline-rag", "faiss-cpu", "tantivy", "onnxruntime")


class Ours:
    """See Pipeline; the documents are the files of the corpus that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._assistant = Assistant(settings)
        self._assistant.embedder.embed_query("ready")

    def index(self, documents: Sequence[Mapping[str, str]]) -> None:
        """See Pipeline."""
        self._assistant.refresh(force=True)

    def passages(self) -> int:
        """See Pipeline."""
        return self._assistant.live().version.chunks

    def query(self, text: str, k: int) -> int:
        """See Pipeline."""
        return len(self._assistant.search(text, k=k))

    def refresh(self, documents: Sequence[Mapping[str, str]], changed: Mapping[str, str]) -> None:
        """See Pipeline."""
        path: Path = self._assistant.settings.corpus / changed["path"]
        path.write_text(changed["file"], "utf-8")
        self._assistant.refresh()


def open_pipeline(job: Mapping[str, Any]) -> Ours:
    """Over the settings of the job."""
    return Ours(Settings(**job["settings"]))
