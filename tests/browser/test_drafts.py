"""Words shown while a chat model writes, and what is left of them in the end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from rag.assistant import Assistant
from rag.settings import Settings
from tests.browser.corpus import MASS, write_corpus
from tests.model_server import ModelServer, Reply, model_server

WORDED = "In a child with an abdominal mass, ultrasound of the abdomen comes first."
MADE_UP = "Give 80 mg of colchicine."
SEEN = """
new MutationObserver(() => {
    for (const name of ["draft", "retracted"]) {
        const shown = document.querySelector(`.progress .${name}`);
        if (shown) sessionStorage.setItem(name, shown.textContent);
    }
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
"""Notes what was shown before the answer came; it outlives the way to the answer."""


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_server([Reply("NONE")]) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "none")
        yield server


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Settings:
    folder = tmp_path_factory.mktemp("drafts")
    write_corpus(folder / "corpus")
    return Settings(
        corpus=folder / "corpus",
        indexes=folder / "indexes",
        generator="openai:local",
        chat_url=model.url,
        chat_retries=0,
    )


def drafted(model: ModelServer, served: Assistant) -> None:
    """Let the model write a statement that holds, and one that does not; it mends nothing."""
    passages = served.search(MASS, k=12)
    n = next(n for n, p in enumerate(passages, start=1) if "Ultrasound" in p.chunk.text)
    model.replies[:] = [Reply(f"{WORDED} [{n}]\n- {MADE_UP} [{n}]\n"), Reply("NONE")]


def ask(page: Page, drafts: bool) -> None:
    page.add_init_script(SEEN)
    page.goto("/")
    page.locator(".narrow summary").click()
    page.get_by_label("Show words as they are written").set_checked(drafts)
    page.locator("#text").fill(MASS)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url("**/answers/*")


def test_words_come_unchecked_where_that_is_asked_for_and_the_answer_is_what_holds(
    page: Page, model: ModelServer, served: Assistant
) -> None:
    drafted(model, served)
    ask(page, drafts=True)
    assert "Not yet checked" in page.evaluate("sessionStorage.draft")
    taken_back = page.evaluate("sessionStorage.retracted")
    assert taken_back == f"{MADE_UP} Taken back: no passage carries it as it is"
    expect(page.locator(".headline")).to_contain_text(WORDED)
    expect(page.locator(".facts")).to_contain_text("Worded by a chat model")
    expect(page.locator(".said")).not_to_contain_text("colchicine")
    page.get_by_text("Basis of this answer").click()
    expect(page.locator(".basis")).to_contain_text("openai:local")
    expect(page.locator(".basis")).to_contain_text("calls of the model")


def test_nothing_unchecked_is_shown_otherwise(
    page: Page, model: ModelServer, served: Assistant
) -> None:
    drafted(model, served)
    ask(page, drafts=False)
    expect(page.locator(".headline")).to_contain_text(WORDED)
    assert page.evaluate("[sessionStorage.draft, sessionStorage.retracted]") == [None, None]


def test_a_model_that_fails_leaves_the_words_of_the_summaries(
    page: Page, model: ModelServer
) -> None:
    model.replies[:] = [Reply(status=401)]
    ask(page, drafts=True)
    expect(page.locator(".head")).to_contain_text("No chat model worded this answer: openai:local")
    expect(page.locator(".facts")).to_contain_text("Word for word from the summaries")
    expect(page.locator(".headline")).to_contain_text("Ultrasound of the abdomen comes first")
