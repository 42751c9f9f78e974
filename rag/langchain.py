"""Our search as a LangChain retriever, for those who build chains on it."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from rag.assistant import Assistant
from rag.types import Filter, Passage


class GuidelineRetriever(BaseRetriever):
    """The k best passages for a text as Documents: the exact text, its source as metadata.

    Raises what `Assistant.search` raises. The Assistant stays the caller's to close.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    filter: Filter = Filter()
    k: int = Field(6, ge=1)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
    ) -> list[Document]:
        return [_document(p) for p in self.assistant.search(query, self.filter, self.k)]


def _document(passage: Passage) -> Document:
    guideline, chunk = passage.guideline, passage.chunk
    return Document(
        id=chunk.id,
        page_content=chunk.text,
        metadata={
            "guideline_id": guideline.id,
            "title": guideline.title,
            "issuer": guideline.issuer,
            "year": guideline.year,
            "kind": guideline.kind.value,
            "doi": guideline.doi,
            "url": guideline.url,
            "heading": list(chunk.heading),
            "start": chunk.start,
            "end": chunk.end,
            "currency": passage.currency.value,
            "score": passage.scores.fused,
        },
    )
