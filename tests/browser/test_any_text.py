"""Text of any length and script is asked, shown and taken along without breaking the page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asked import ask
from tests.browser.conftest import NewPage

TEXTS = {
    "one long word": "Pneumonoultramicroscopicsilicovolcanoconiosis" * 30,
    "as long as may be": "abdominal mass " * 133,
    "Arabic": "ما هو الفحص الأول لكتلة في بطن الطفل؟ " * 5,
    "Chinese": "儿童腹部肿块首选什么影像检查？" * 20,
    "Thai": "การตรวจภาพแรกสำหรับก้อนในช่องท้องของเด็ก" * 10,
    "emoji": "mass \U0001f469\U0001f3fd\u200d\u2695\ufe0f " * 8,
    "hidden marks": "mass x\u0301\u0302 \u00ad\u200b\u202edesrever\u202c " * 8,
    "ampersands": "a&b<c>d\"e'f` \\ {{ 7 * 7 }} {% raw %} %s {0} $1 " * 8,
}


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page(viewport={"width": 320, "height": 640})


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_any_text_is_shown_as_it_is_and_fits(page: Page, address: str, text: str) -> None:
    path = ask(address, text)
    page.goto(path)
    title = page.get_by_role("heading", level=1)
    kept = title.text_content() or ""
    assert kept.split() == page.request.get(f"/v1{path}").json()["question"].split()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    expect(page.locator("#text")).to_be_visible()
    for form in ("md", "txt", "html"):
        assert page.request.get(f"{path}.{form}").status == 200


def test_a_text_is_set_in_its_own_direction(page: Page, address: str) -> None:
    page.goto(ask(address, TEXTS["Arabic"]))
    title = page.get_by_role("heading", level=1)
    assert title.evaluate("title => getComputedStyle(title).direction") == "rtl"
    assert page.locator("html").evaluate("html => getComputedStyle(html).direction") == "ltr"
