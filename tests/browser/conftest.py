"""A server, and the system's Chromium to look at it with."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from rag.assistant import Assistant
from rag.settings import Settings
from tests.browser.corpus import write_corpus
from tests.browser.servers import running
from tests.fakes import HashEmbedder

CHROMIUM = Path("/usr/bin/chromium")
HERE = Path(__file__).parent
PATIENCE = 20_000
"""Milliseconds to wait for what a busy machine shows late."""

NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = pytest.mark.skip(reason=f"there is no Chromium at {CHROMIUM}")
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")
            if not CHROMIUM.exists():
                item.add_marker(absent)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("browser")
    write_corpus(folder / "corpus")
    return Settings(corpus=folder / "corpus", indexes=folder / "indexes")


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[Assistant]:
    with Assistant(settings, HashEmbedder()) as assistant:
        assistant.refresh()
        yield assistant


@pytest.fixture(scope="module")
def address(settings: Settings, served: Assistant) -> Iterator[str]:
    with running(settings, served) as url:
        yield url


@pytest.fixture
def new_page(browser: Browser, address: str) -> Iterator[NewPage]:
    """Makes pages of a context of their own; in the end none may have met an error in a script."""
    errors: list[str] = []
    contexts = []

    def make(base_url: str = address, **options: Any) -> Page:
        context = browser.new_context(base_url=base_url, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()
