import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.asked import ask
from tests.browser.conftest import NewPage
from tests.browser.corpus import MASS


@pytest.fixture(scope="module")
def answer(address: str) -> str:
    return ask(address, MASS)


def number(page: Page, path: str) -> Locator:
    page.goto(path)
    return page.locator('.headline a[role="doc-noteref"]').first


def card(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Reference [1]")


def test_hovering_over_a_number_shows_the_words_behind_it(page: Page, answer: str) -> None:
    number(page, answer).hover()
    expect(card(page)).to_be_visible()
    expect(card(page).locator("mark")).to_have_text(
        "Ultrasound of the abdomen comes first in a child with an abdominal mass."
    )
    for words in ("Guideline", "ACR, 2020", "Imaging first", "Recommendations", "Current"):
        expect(card(page)).to_contain_text(words)
    expect(card(page).locator(".marks .grade")).to_have_text("ACR: Usually appropriate")


def test_a_card_can_be_moved_into_and_goes_when_it_is_left(page: Page, answer: str) -> None:
    number(page, answer).hover()
    card(page).locator("mark").hover()
    page.wait_for_timeout(600)
    expect(card(page)).to_be_visible()
    page.locator("header.site").hover()
    expect(card(page)).to_have_count(0)


def test_escape_dismisses_a_card_without_moving_the_pointer(page: Page, answer: str) -> None:
    number(page, answer).hover()
    expect(card(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)


def test_the_keyboard_opens_enters_and_leaves_a_card(page: Page, answer: str) -> None:
    link = number(page, answer)
    page.locator("h1").focus()
    while not link.evaluate("link => link === document.activeElement"):
        page.keyboard.press("Tab")
    expect(card(page)).to_be_visible()
    page.keyboard.press("Enter")
    expect(card(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(card(page).get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    expect(link).to_be_focused()


def test_tabbing_on_leads_past_a_card_that_was_not_entered(page: Page, answer: str) -> None:
    page.goto(answer)
    numbers = page.locator('a[role="doc-noteref"]')
    numbers.nth(0).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(card(page)).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
    expect(card(page)).to_have_count(0)


def test_a_click_pins_a_card_until_it_is_closed(page: Page, answer: str) -> None:
    number(page, answer).click()
    page.locator("header.site").hover()
    page.wait_for_timeout(600)
    expect(card(page)).to_be_visible()
    card(page).get_by_role("button", name="Close").click()
    expect(card(page)).to_have_count(0)


def test_a_touch_opens_a_sheet_that_hides_no_number(new_page: NewPage, answer: str) -> None:
    small = {"width": 360, "height": 640}
    page = new_page(viewport=small, has_touch=True, is_mobile=True, reduced_motion="reduce")
    link = number(page, answer)
    link.tap()
    expect(card(page)).to_be_visible()
    box = card(page).bounding_box()
    at = link.bounding_box()
    assert box
    assert at
    assert (box["x"], box["width"]) == (0, 360)
    assert box["y"] + box["height"] == pytest.approx(640, abs=1)
    assert at["y"] + at["height"] <= box["y"]
    page.touchscreen.tap(180, 5)
    expect(card(page)).to_have_count(0)


def test_a_card_leads_to_the_guideline_at_that_place(page: Page, answer: str) -> None:
    number(page, answer).click()
    card(page).get_by_role("link", name="Open the summary here").click()
    page.wait_for_url(re.compile(r"/guidelines/acr/imaging#p-[0-9a-f]{16}$"))
    target = page.locator(":target")
    expect(target).to_be_attached()
    expect(page.locator("li:has(> :target), li:has(:target)").first).to_contain_text("Ultrasound")


def test_the_quote_can_be_copied(new_page: NewPage, answer: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    number(page, answer).click()
    card(page).get_by_role("button", name="Copy the quote").click()
    expect(card(page).get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "“Ultrasound of the abdomen comes first in a child with an abdominal mass.” "
        "(ACR, 2020. Imaging first)"
    )


def test_a_reference_leads_back_to_what_cites_it(page: Page, answer: str) -> None:
    page.goto(answer)
    back = page.locator("#ref-1").get_by_role("link", name="a, back to the statement")
    back.click()
    assert page.url.endswith("#s1-1")
    expect(page.locator("#s1-1")).to_be_in_viewport()
