"""A guideline of 200 pages and an answer with 60 references are shown whole."""

import pytest
from playwright.sync_api import expect

from rag.assistant import Assistant
from rag.citing import source
from rag.database import open_database
from rag.settings import Settings
from rag.types import (
    Answer,
    Chunk,
    Citation,
    Currency,
    Guideline,
    Outcome,
    OutcomeKind,
    Question,
    Quote,
    Reference,
    Section,
    Statement,
    Support,
)
from tests.browser.conftest import NewPage
from tests.browser.corpus import MASS
from tests.summaries import write_summary

SENTENCE = "Statement {n} on the abdominal mass of a child says what to do and to whom it applies."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("large")
    write_summary(folder / "corpus", "long/guideline", long_body(), title="Long")
    for n in range(60):
        body = f"## Recommendations\n\n- {SENTENCE.format(n=n)}\n"
        write_summary(folder / "corpus", f"many/one-{n}", body, title=f"One of many {n}")
    return Settings(corpus=folder / "corpus", indexes=folder / "indexes")


def long_body() -> str:
    """About 200 pages of 400 words."""
    sections = []
    for section in range(200):
        items = (f"- {SENTENCE.format(n=f'{section}.{n}')}" for n in range(25))
        sections.append(f"## Recommendations: part {section}\n\n" + "\n".join(items))
    return "\n\n".join(sections) + "\n"


@pytest.fixture(scope="module")
def much_cited(settings: Settings, served: Assistant) -> Answer:
    """An answer of 60 statements, each with a reference of its own."""
    answer = served.ask(Question(text=MASS))
    guidelines = [g for g in served.guidelines() if g.id.startswith("many/")]
    cited = [(n, g, served.chunks(g.id)[0]) for n, g in enumerate(guidelines, start=1)]
    statements = tuple(stated(*each) for each in cited)
    large = answer.model_copy(
        update={
            "id": "a-large",
            "conversation_id": "c-large",
            "outcome": Outcome(kind=OutcomeKind.ANSWERED),
            "headline": statements[0],
            "sections": (Section(heading="What is recommended", statements=statements[1:]),),
            "references": tuple(reference(*each) for each in cited),
        }
    )
    database = open_database(settings.database_url)
    database.start_conversation(large.conversation_id, large.created)
    database.save_answer(large)
    database.close()
    return large


def stated(number: int, guideline: Guideline, chunk: Chunk) -> Statement:
    words = chunk.text.removeprefix("- ")
    quote = Quote(exact=words, prefix="- ", suffix="", start=2, end=len(chunk.text))
    citation = Citation(
        number=number,
        chunk_id=chunk.id,
        guideline_id=guideline.id,
        guideline_digest=guideline.digest,
        quote=quote,
    )
    return Statement(text=words, citations=(citation,), support=Support.SUPPORTED)


def reference(number: int, guideline: Guideline, chunk: Chunk) -> Reference:
    return Reference(
        number=number,
        chunk_id=chunk.id,
        source=source(guideline),
        heading=chunk.heading,
        currency=Currency.CURRENT,
    )


def test_a_guideline_of_200_pages_opens_at_the_place_asked_for(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/guidelines/long/guideline#h-recommendations-part-150")
    expect(page.locator("#h-recommendations-part-150")).to_be_in_viewport()
    assert page.locator(".body span[id^='p-']").count() > 500


def test_an_answer_with_60_references_leads_to_the_last(
    new_page: NewPage, much_cited: Answer
) -> None:
    page = new_page()
    page.goto(f"/answers/{much_cited.id}")
    expect(page.locator(".references li")).to_have_count(60)
    page.locator('a[href="#ref-60"][role="doc-noteref"]').click()
    expect(page.locator(".card mark")).to_contain_text("Statement")
