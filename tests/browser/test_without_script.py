import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.corpus import BIOPSY, MASS


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page(java_script_enabled=False)


def ask(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()


def test_a_question_is_asked_read_and_followed_up(page: Page) -> None:
    page.goto("/")
    ask(page, MASS)
    expect(page).to_have_title(MASS)
    page.locator('.headline a[role="doc-noteref"]').click()
    assert page.url.endswith("#ref-1")
    page.locator("#ref-1 summary").click()
    expect(page.locator("#ref-1 mark").first).to_contain_text("Ultrasound of the abdomen")
    ask(page, "And before a biopsy?")
    expect(page.get_by_text("Question 2 of 2 in this conversation")).to_be_visible()


def test_the_rewritten_question_is_changed(page: Page) -> None:
    page.goto("/")
    ask(page, MASS)
    ask(page, "And then?")
    page.locator(".searched summary").click()
    page.locator(".searched textarea").fill("biopsy of an abdominal mass")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".searched summary")).to_contain_text("biopsy of an abdominal mass")


def test_an_identity_is_asked_about_and_everything_stays(page: Page) -> None:
    page.goto("/")
    page.locator(".narrow summary").click()
    page.get_by_label("Published from").fill("2015")
    ask(page, f"Mr Miller: {MASS}")
    expect(page.get_by_role("alert")).to_contain_text("Mr Miller looks like a name")
    expect(page.locator("#text")).to_have_value(f"Mr Miller: {MASS}")
    expect(page.get_by_label("Published from")).to_have_value("2015")
    page.get_by_role("button", name="Send anyway").click()
    expect(page).to_have_title(f"Mr Miller: {MASS}")


def test_what_cannot_be_asked_stays_with_the_reason(page: Page) -> None:
    page.goto("/")
    page.locator(".narrow summary").click()
    page.get_by_label("Published from").fill("soon")
    ask(page, MASS)
    expect(page.get_by_role("alert")).to_contain_text("'soon' is no year")
    expect(page.locator("#text")).to_have_value(MASS)
    expect(page.get_by_label("Published from")).to_have_value("soon")


def test_the_text_outlives_a_conversation_that_is_gone(page: Page) -> None:
    page.goto("/")
    ask(page, MASS)
    page.locator("#text").fill("And before a biopsy?")
    page.locator('.ask input[name="conversation_id"]').evaluate("input => input.value = 'c-0'")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("there is no conversation c-0")
    expect(page.locator("#text")).to_have_value("And before a biopsy?")


def test_guidelines_that_differ_stand_side_by_side(page: Page) -> None:
    page.goto("/")
    ask(page, BIOPSY)
    sides = page.locator(".side")
    expect(sides).to_have_count(2)
    left, right = (side.bounding_box() for side in sides.all())
    assert left
    assert right
    assert left["y"] == right["y"]
    assert left["x"] < right["x"]


def test_the_corpus_is_found_through_and_leads_to_what_cites_it(page: Page) -> None:
    page.goto("/")
    ask(page, MASS)
    page.get_by_role("link", name="Guidelines", exact=True).click()
    page.get_by_label("Find by title").fill("imaging")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".guidelines li")).to_have_count(1)
    page.get_by_role("link", name="Imaging first").click()
    cited = page.get_by_role("heading", name="Where it is cited").locator("..")
    expect(cited).to_contain_text(re.compile(r"\d+ answers? rests? on it"))
    cited.get_by_role("link", name=MASS, exact=True).first.click()
    expect(page).to_have_title(MASS)
