"""LlamaIndex: VectorStoreIndex with what it splits and stores by when nothing else is said."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

SPLITS = "SentenceSplitter, 1,024 tokens, 20 shared; the model reads the first 256"
REFRESHES = "refresh_ref_docs(): the changed document"
PACKAGES = ("llama-index-core", "llama-index-embeddings-huggingface")


class LlamaIndex:
    """See Pipeline."""

    def __init__(self, model: str, folder: Path) -> None:
        self._model = HuggingFaceEmbedding(model_name=model, device="cpu")
        self._model.get_query_embedding("ready")
        self._index = VectorStoreIndex([], embed_model=self._model)
        self._folder = folder

    def index(self, documents: Sequence[Mapping[str, str]]) -> None:
        """See Pipeline."""
        whole = [Document(text=d["text"], id_=d["id"]) for d in documents]
        self._index = VectorStoreIndex.from_documents(whole, embed_model=self._model)
        self._index.storage_context.persist(str(self._folder))

    def passages(self) -> int:
        """See Pipeline."""
        return len(self._index.docstore.docs)

    def query(self, text: str, k: int) -> int:
        """See Pipeline."""
        return len(self._index.as_retriever(similarity_top_k=k).retrieve(text))

    def refresh(self, documents: Sequence[Mapping[str, str]], changed: Mapping[str, str]) -> None:
        """See Pipeline."""
        texts = {d["id"]: d["text"] for d in documents} | {changed["id"]: changed["text"]}
        self._index.refresh_ref_docs([Document(text=text, id_=i) for i, text in texts.items()])
        self._index.storage_context.persist(str(self._folder))


def open_pipeline(job: Mapping[str, Any]) -> LlamaIndex:
    """With the model and the folder of the job."""
    return LlamaIndex(job["model"], Path(job["folder"]))
