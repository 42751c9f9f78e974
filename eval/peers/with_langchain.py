"""LangChain: its recursive splitter, its in-memory store, its indexing API."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from langchain_core.documents import Document
from langchain_core.indexing import InMemoryRecordManager, index
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

SPLITS = "RecursiveCharacterTextSplitter, 1,000 characters, 200 shared"
REFRESHES = "index() with a record manager: the changed document"
PACKAGES = ("langchain-core", "langchain-huggingface", "langchain-text-splitters")


class LangChain:
    """See Pipeline."""

    def __init__(self, model: str, folder: Path) -> None:
        embeddings = HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})
        embeddings.embed_query("ready")
        self._store = InMemoryVectorStore(embeddings)
        self._known = InMemoryRecordManager("documents")
        self._known.create_schema()
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        self._path = folder / "store.json"

    def index(self, documents: Sequence[Mapping[str, str]]) -> None:
        """See Pipeline."""
        whole = [Document(page_content=d["text"], metadata={"source": d["id"]}) for d in documents]
        index(
            self._splitter.split_documents(whole),
            self._known,
            self._store,
            cleanup="incremental",
            source_id_key="source",
            key_encoder="blake2b",
        )
        self._store.dump(str(self._path))

    def passages(self) -> int:
        """See Pipeline."""
        return len(self._store.store)

    def query(self, text: str, k: int) -> int:
        """See Pipeline."""
        return len(self._store.similarity_search(text, k=k))

    def refresh(self, documents: Sequence[Mapping[str, str]], changed: Mapping[str, str]) -> None:
        """See Pipeline."""
        self.index([changed if d["id"] == changed["id"] else d for d in documents])


def open_pipeline(job: Mapping[str, Any]) -> LangChain:
    """With the model and the folder of the job."""
    return LangChain(job["model"], Path(job["folder"]))
