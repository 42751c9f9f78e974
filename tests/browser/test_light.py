"""What the page weighs, and that nothing jumps."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.asked import ask, pages, streamed, unfinished
from tests.browser.conftest import NewPage
from tests.browser.corpus import MASS

LARGEST_PAGE = 100_000
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
    const jumps = list.getEntries().filter((entry) => !entry.hadRecentInput);
    window.shifts.push(...jumps.map((entry) => entry.value));
}).observe({ type: "layout-shift", buffered: true });
"""


def test_the_first_answer_is_light(page: Page, address: str) -> None:
    path = ask(address, MASS)
    weights: list[int] = []

    def weigh(request: Request) -> None:
        sizes = request.sizes()
        weights.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    page.on("requestfinished", weigh)
    page.goto(path, wait_until="networkidle")
    assert len(weights) > 3
    assert sum(weights) < LARGEST_PAGE


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_on_any_page(new_page: NewPage, address: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    for path in pages(address).values():
        page.goto(path, wait_until="networkidle")
        assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_while_an_answer_arrives(new_page: NewPage, address: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto("/")
    unfinished(page, streamed(address, MASS))
    page.locator("#text").fill(MASS)
    page.evaluate("document.querySelector('.ask').requestSubmit()")
    expect(page.locator(".progress .headline")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate("window.shifts.reduce((sum, shift) => sum + shift, 0)") < 0.01
