"""txtai: paragraphs in its Embeddings database, with FAISS and SQLite behind it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from txtai import Embeddings
from txtai.pipeline import Segmentation

SPLITS = "Segmentation(paragraphs=True): at blank lines"
REFRESHES = "delete() and upsert(): the changed document, named by the caller"
PACKAGES = ("txtai", "faiss-cpu")


class Txtai:
    """See Pipeline."""

    def __init__(self, model: str, folder: Path) -> None:
        self._embeddings = Embeddings(path=model, content=True, gpu=False)
        self._embeddings.batchtransform(["ready"])
        self._split = Segmentation(paragraphs=True)
        self._ids: dict[str, list[str]] = {}
        self._folder = folder

    def index(self, documents: Sequence[Mapping[str, str]]) -> None:
        """See Pipeline."""
        self._embeddings.index([row for d in documents for row in self._rows(d)])
        self._embeddings.save(str(self._folder))

    def passages(self) -> int:
        """See Pipeline."""
        return int(self._embeddings.count())

    def query(self, text: str, k: int) -> int:
        """See Pipeline."""
        return len(self._embeddings.search(text, k))

    def refresh(self, documents: Sequence[Mapping[str, str]], changed: Mapping[str, str]) -> None:
        """See Pipeline."""
        self._embeddings.delete(self._ids[changed["id"]])
        self._embeddings.upsert(list(self._rows(changed)))
        self._embeddings.save(str(self._folder))

    def _rows(self, document: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        pieces = self._split(document["text"])
        rows = [(f"{document['id']}#{number}", piece) for number, piece in enumerate(pieces)]
        self._ids[document["id"]] = [row_id for row_id, _ in rows]
        yield from rows


def open_pipeline(job: Mapping[str, Any]) -> Txtai:
    """With the model and the folder of the job."""
    return Txtai(job["model"], Path(job["folder"]))
