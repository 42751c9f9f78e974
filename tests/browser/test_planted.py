"""Script in every text that a page shows stays text, wherever it comes from."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rag.assistant import Assistant
from rag.database import open_database
from rag.settings import Settings
from rag.types import (
    Answer,
    Disagreement,
    Fate,
    Grade,
    GradeSystem,
    Mismatch,
    Question,
    Reason,
    Removed,
    Statement,
    Support,
)
from tests.browser.asked import unfinished
from tests.browser.conftest import NewPage
from tests.summaries import write_summary

PLANT = (
    "\"'><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"
    "<svg onload='window.ran = 1'></svg><a href='javascript:window.ran = 1'>x</a>"
)
BODY = f"""# Mass {PLANT}

## Recommendations: {PLANT}

- Ultrasound of the abdominal mass {PLANT} comes first. {{ACR: Usually appropriate}}
- [Open](javascript:window.ran=1) the abdominal mass <script>window.ran = 1</script>

| Mass | {PLANT} |
| --- | --- |
| abdominal {PLANT} | 1 mg |
"""
WATCH = """
document.addEventListener("securitypolicyviolation", (event) => {
    window.ran = `${event.violatedDirective} ${event.blockedURI} ${event.sample}`;
});
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("planted")
    quoted = json.dumps(PLANT)
    write_summary(
        folder / "corpus",
        "acr/planted",
        BODY,
        title=quoted,
        issuer=quoted,
        specialty=quoted,
        population=quoted,
        more=f"setting: {quoted}\njurisdiction: {quoted}\nlicence: {quoted}\n",
    )
    return Settings(corpus=folder / "corpus", indexes=folder / "indexes")


@pytest.fixture(scope="module")
def answer(served: Assistant) -> Answer:
    return served.ask(Question(text=f"Which imaging of an abdominal mass? {PLANT}"))


@pytest.fixture(scope="module")
def written_by_a_model(settings: Settings, answer: Answer) -> Answer:
    """An answer of which every word is a plant."""
    said = Statement(
        text=PLANT,
        wording=PLANT,
        citations=answer.statements[0].citations,
        support=Support.SUPPORTED,
        grade=Grade(system=GradeSystem.ACR, text=PLANT),
    )
    reason = Reason(mismatch=Mismatch.NUMBER, words=PLANT, source=PLANT)
    sections = tuple(
        section.model_copy(update={"heading": PLANT, "statements": (said,)})
        for section in answer.sections or ()
    )
    planted = answer.model_copy(
        update={
            "id": "a-planted",
            "conversation_id": "c-planted",
            "turn": 1,
            "query": f"{PLANT} searched",
            "headline": said,
            "disagreements": (Disagreement(point=PLANT, statements=(said, said)),),
            "nearest": tuple(reference.source for reference in answer.references),
            "sections": sections,
            "removed": (
                Removed(
                    text=PLANT,
                    support=Support.UNSUPPORTED,
                    reasons=(reason,),
                    fate=Fate.DROPPED,
                ),
            ),
            "fallback": PLANT,
            "warnings": (PLANT,),
            "related": (PLANT,),
            "disclaimer": PLANT,
            "provenance": answer.provenance.model_copy(
                update={"generator": PLANT, "embedder": PLANT, "prompt": PLANT}
            ),
        }
    )
    database = open_database(settings.database_url)
    database.start_conversation(planted.conversation_id, planted.created)
    database.save_answer(planted)
    database.close()
    return planted


@pytest.fixture
def page(new_page: NewPage) -> Iterator[Page]:
    page = new_page()
    page.add_init_script(WATCH)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    yield page
    assert dialogs == []


def harmless(page: Page) -> None:
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran ?? null") is None
    assert page.locator("main script, main img, main a[href^='javascript']").count() == 0


def test_nothing_runs_on_any_page(page: Page, answer: Answer, written_by_a_model: Answer) -> None:
    chunk = answer.references[0].chunk_id
    for path in (
        "/",
        f"/answers/{answer.id}",
        f"/conversations/{answer.conversation_id}",
        "/answers/a-planted",
        "/conversations/c-planted",
        "/answers/a-planted.html",
        "/guidelines",
        f"/guidelines?by=issuer&q={PLANT}",
        "/guidelines/acr/planted",
        f"/passages/{chunk}?start=0&end=90",
        f"/answers/{PLANT}",
        f"/guidelines/{PLANT}",
        f"/{PLANT}",
        f"/guidelines?by={PLANT}",
    ):
        page.goto(path)
        harmless(page)


def test_nothing_runs_in_a_card(page: Page, written_by_a_model: Answer) -> None:
    page.goto("/answers/a-planted")
    page.locator('a[role="doc-noteref"]').first.click()
    expect(page.locator(".card")).to_contain_text("<script>")
    harmless(page)


def test_nothing_typed_runs_when_it_is_refused_or_warned_of(page: Page) -> None:
    for text in (f"Mr <img/src/onerror=window.ran=1> Miller a@{PLANT}.org a.b@c.de {PLANT}", "?!"):
        page.goto("/")
        page.locator("#text").fill(text)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_role("alert").first).to_be_visible()
        harmless(page)


def test_nothing_typed_runs_without_script_either(new_page: NewPage, address: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.locator("#text").fill(f"Mr Miller {PLANT}")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#text")).to_have_value(f"Mr Miller {PLANT}")
    assert page.locator("main img").count() == 0


def event(name: str, **data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def test_nothing_streamed_runs(page: Page, written_by_a_model: Answer) -> None:
    statement = written_by_a_model.statements[0].model_dump(mode="json")
    body = (
        event("status", phase="writing", label=PLANT)
        + event("draft", text=f"{PLANT}\n{PLANT}")
        + event("retracted", text=PLANT)
        + event("statement", heading=None, statement=statement)
        + event("statement", heading=PLANT, statement=statement)
    )
    for ending in ("", event("error", title=PLANT, status=500, detail=PLANT)):
        page.goto("/")
        unfinished(page, body + ending)
        page.locator("#text").fill("mass")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator(".problem" if ending else ".retracted").first).to_contain_text("<img")
        harmless(page)


def test_a_guideline_is_read_as_data_and_never_as_a_path(page: Page, settings: Settings) -> None:
    secret = Path(settings.indexes) / "rag.db"
    assert secret.exists()
    for path in ("/static/../rag.db", "/guidelines/..%2f..%2findexes%2frag.db", "/static/%2e%2e/x"):
        response = page.request.get(path)
        assert response.status == 404
