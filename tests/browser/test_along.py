"""Taking an answer along: copied, exported, printed."""

import io
import re
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.asked import ask
from tests.browser.conftest import NewPage
from tests.browser.corpus import BIOPSY, MASS

HEADLINE = "Ultrasound of the abdomen comes first in a child with an abdominal mass."


@pytest.fixture(scope="module")
def answer(address: str) -> str:
    return ask(address, MASS)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page(permissions=["clipboard-read", "clipboard-write"])


def copied(page: Page, answer: str, name: str) -> str:
    page.goto(answer)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("link", name="Copied")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Copied")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_markdown_is_copied(page: Page, answer: str) -> None:
    text = copied(page, answer, "Copy as Markdown")
    assert text.startswith(f"# {MASS}")
    assert rf"**{HEADLINE}** \[1\]" in text


def test_plain_text_is_copied_with_a_vancouver_list(page: Page, answer: str) -> None:
    text = copied(page, answer, "Copy as plain text")
    assert f"{HEADLINE} [1] (ACR: Usually appropriate)" in text
    assert "1. ACR. Imaging first. 2020. Recommendations. Available from: https://" in text


def test_rich_text_is_copied_beside_the_plain(page: Page, answer: str) -> None:
    assert HEADLINE in copied(page, answer, "Copy as rich text")
    html = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            return (await item.getType("text/html")).text();
        }"""
    )
    assert re.search(rf"<strong[^>]*>{re.escape(HEADLINE)}</strong>", html)


def test_references_are_downloaded(page: Page, answer: str) -> None:
    page.goto(answer)
    for name, ending in (("References as RIS", ".ris"), ("References as CSL-JSON", ".json")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(ending)


def printed(browser: Browser, address: str, path: str) -> list[str]:
    """The text of each sheet, its ligatures as letters."""
    pypdf = pytest.importorskip("pypdf")
    page = browser.new_page(base_url=address)
    page.goto(path)
    reader = pypdf.PdfReader(io.BytesIO(page.pdf(format="A5", prefer_css_page_size=False)))
    page.close()
    return [normalize("NFKC", sheet.extract_text()) for sheet in reader.pages]


def test_every_sheet_says_where_it_comes_from(browser: Browser, address: str) -> None:
    path = ask(address, BIOPSY)
    sheets = printed(browser, address, path)
    assert len(sheets) > 1
    for sheet in sheets:
        text = " ".join(sheet.split())
        assert f"{address}{path}" in text.replace(" ", "")
        assert "Submitted: educational, not yet reviewed by a clinician" in text
        assert "Index version 0" in text
        assert "does not replace clinical judgement" in text


def test_notes_are_printed_with_their_words_and_without_the_machinery(
    browser: Browser, address: str, answer: str
) -> None:
    text = " ".join(" ".join(printed(browser, address, answer)).split())
    assert text.count(HEADLINE) > 1
    assert "example.org/acr-imaging" in text
    for machinery in (
        "Which best describes you?",
        "Copy as",
        "Ask a follow-up",
        "Cited in",
        "BM25",
    ):
        assert machinery not in text
