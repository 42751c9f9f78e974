from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

from rag.assistant import Assistant
from rag.langchain import GuidelineRetriever
from rag.types import Filter

MASS = "imaging of a child with an abdominal mass"


def test_a_chain_retrieves_exact_passages_with_their_sources(served: Assistant) -> None:
    def sources(documents: list[Document]) -> list[str]:
        return [document.metadata["guideline_id"] for document in documents]

    chain = GuidelineRetriever(assistant=served, k=2) | RunnableLambda(sources)
    assert chain.invoke(MASS) == [p.guideline.id for p in served.search(MASS, k=2)]


def test_a_document_is_a_span_of_its_guideline(served: Assistant) -> None:
    for document in GuidelineRetriever(assistant=served).invoke(MASS):
        body = served.guideline(document.metadata["guideline_id"]).body
        at = slice(document.metadata["start"], document.metadata["end"])
        assert body[at] == document.page_content


def test_its_filter_is_heeded(served: Assistant) -> None:
    retriever = GuidelineRetriever(assistant=served, filter=Filter(issuers=("SIOP",)))
    assert {d.metadata["issuer"] for d in retriever.invoke(MASS)} == {"SIOP"}
