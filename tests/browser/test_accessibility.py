"""axe-core on every page in both themes, and what it does not look at."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asked import pages, unfinished
from tests.browser.conftest import NewPage

NAMES = (
    "home",
    "answer",
    "follow-up",
    "conversation",
    "differing",
    "abstained",
    "guidelines",
    "by issuer",
    "guideline",
    "superseded",
    "passage",
    "policy",
    "not found",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 24


@pytest.fixture(scope="module")
def paths(address: str) -> dict[str, str]:
    found = pages(address)
    assert tuple(found) == NAMES
    return found


@pytest.fixture(scope="module")
def axe() -> str:
    package = importlib.util.find_spec("axe_playwright_python")
    if package is None or package.origin is None:
        pytest.skip("axe-playwright-python, which carries axe-core, is not installed")
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run({ runOnly: { type: 'tag', values: tags } })", TAGS
    )
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(
    new_page: NewPage, paths: dict[str, str], axe: str, name: str, theme: str
) -> None:
    page = new_page(color_scheme=theme)
    page.goto(paths[name])
    for details in page.locator("main details").all():
        details.evaluate("details => { details.open = true; }")
    assert violations(page, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_card_and_in_a_warning(
    new_page: NewPage, paths: dict[str, str], axe: str, theme: str
) -> None:
    page = new_page(color_scheme=theme)
    page.goto(paths["answer"])
    page.locator("#text").fill("Mr Miller")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator('a[role="doc-noteref"]').first.click()
    expect(page.locator(".card")).to_be_visible()
    assert violations(page, axe) == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_needs_scrolling_sideways_at_320_pixels(
    new_page: NewPage, paths: dict[str, str], name: str
) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(paths[name])
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("name", NAMES)
def test_every_target_is_large_enough(new_page: NewPage, paths: dict[str, str], name: str) -> None:
    """WCAG 2.5.8; links within sentences are exempt."""
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(paths[name])
    small = page.evaluate(
        """smallest => [...document.querySelectorAll("a, button, summary, input, select, textarea")]
            .filter((each) => each.checkVisibility())
            .filter((each) => !each.closest("p:not(.back, .headline), dd, .skip, td"))
            .filter((each) => !each.matches(".audience input, .check input"))
            .filter((each) => Math.min(...((box) => [box.width, box.height])(
                each.getBoundingClientRect())) < smallest)
            .map((each) => each.outerHTML.slice(0, 120))""",
        SMALLEST_TARGET,
    )
    assert small == []


@pytest.mark.parametrize("name", ["home", "answer", "guidelines", "guideline"])
def test_the_keyboard_reaches_everything_and_the_focus_is_seen(
    new_page: NewPage, paths: dict[str, str], name: str
) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(paths[name])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        unseen += page.evaluate(
            """() => {
                const at = document.activeElement;
                const box = at.getBoundingClientRect();
                const shown = at.matches("input[type=radio]") ? at.nextElementSibling : at;
                const outlined = getComputedStyle(shown).outlineStyle !== "none";
                const inside = box.bottom > 0 && box.top < innerHeight;
                return at === document.body || (outlined && inside) ? [] : [at.outerHTML];
            }"""
        )
    assert unseen == []


def test_nothing_moves_for_who_wants_less_motion(new_page: NewPage, paths: dict[str, str]) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(paths["home"])
    unfinished(page, "")
    page.locator("#text").fill("mass")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".steps")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0


def test_the_language_of_every_page_is_said(page: Page, paths: dict[str, str]) -> None:
    for path in paths.values():
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en"
