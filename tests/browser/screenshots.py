"""Pictures of every page of a running service, at three widths and in both themes.

`scripts/screenshots` starts the service over the shipped corpus and runs this.
"""

import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Literal

import httpx
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from tests.browser.asked import ask, streamed, unfinished
from tests.browser.conftest import CHROMIUM
from tests.browser.pictures import slim

WIDTHS = (360, 768, 1280)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 1_700
"""A taller page is cut off, for it goes on in the same way."""

WINDOWS = ("card", "basis")
"""Scenes of which the window is shown, not the page from its top."""

MASS = (
    "What is the most appropriate next step for a pediatric patient presenting with an abdominal "
    "mass in the left flank and internal calcification on X-ray?"
)
AFTERWARDS = "And if the CT is indeterminate?"
PRESSURE = "From what blood pressure is hypertension diagnosed in adults?"
TOMATOES = "Which fertilizer is best for tomatoes?"
NAMED = "Mrs Miller, born 3 March 1961, has a blood pressure of 150/95 mmHg. What is her target?"

Scene = Callable[[Page], None]


def scenes(address: str) -> Iterator[tuple[str, Scene]]:
    """What is looked at, by the name of its picture."""
    mass, first = ask(address, MASS), ask(address, MASS)
    answer = httpx.get(f"{address}/v1{first}").json()
    conversation = answer["conversation_id"]
    reference = answer["references"][0]
    follow_up = ask(address, AFTERWARDS, conversation_id=conversation)
    quote = f"/passages/{reference['chunk_id']}?start=2&end=140"
    yield "home", opened("/")
    yield "warning", warned
    yield "progress", arriving(streamed(address, MASS))
    yield "answer", opened(mass)
    yield "card", carded(mass)
    yield "basis", basis(mass)
    yield "follow-up", opened(follow_up)
    yield "conversation", opened(f"/conversations/{conversation}")
    yield "differing", opened(ask(address, PRESSURE))
    yield "abstained", opened(ask(address, TOMATOES))
    yield "guidelines", opened("/guidelines")
    yield "guideline", opened(f"/guidelines/{reference['source']['guideline_id']}")
    yield "passage", opened(quote)
    yield "policy", opened("/policy")
    yield "not-found", opened("/answers/a-0")


def opened(path: str) -> Scene:
    """A page as it is opened."""

    def scene(page: Page) -> None:
        page.goto(path)

    return scene


def warned(page: Page) -> None:
    """A question that tells who the patient is."""
    page.goto("/")
    page.locator("#text").fill(NAMED)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("alert").wait_for()


def arriving(events: str) -> Scene:
    """An answer of which the last part has not come."""

    def scene(page: Page) -> None:
        page.goto("/")
        unfinished(page, events)
        page.locator("#text").fill(MASS)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator(".progress .statements li").first.wait_for()

    return scene


def carded(path: str) -> Scene:
    """The card behind a number."""

    def scene(page: Page) -> None:
        page.goto(path)
        page.locator('.statements a[role="doc-noteref"]').nth(1).click()
        page.locator(".card").wait_for()

    return scene


def basis(path: str) -> Scene:
    """What an answer rests on."""

    def scene(page: Page) -> None:
        page.goto(path)
        page.get_by_role("link", name="statements verified").click()

    return scene


def shoot(browser: Browser, address: str, folder: Path, wanted: set[str]) -> None:
    """Write `NAME-WIDTH-THEME.png` for every scene wanted."""
    blank = browser.new_page()
    for name, scene in scenes(address):
        for width, theme in product(WIDTHS, THEMES) if not wanted or name in wanted else ():
            page = browser.new_page(
                base_url=address,
                viewport={"width": width, "height": 800},
                color_scheme=theme,
                reduced_motion="reduce",
            )
            scene(page)
            page.mouse.move(0, 0)
            png = picture(page, width, whole=name not in WINDOWS)
            (folder / f"{name}-{width}-{theme}.png").write_bytes(slim(blank, png))
            page.close()


def picture(page: Page, width: int, whole: bool) -> bytes:
    """The page from its top, or what is in the window."""
    if not whole:
        return page.screenshot()
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = FloatRect(x=0, y=0, width=width, height=min(height, TALLEST))
    return page.screenshot(full_page=True, clip=clip)


def main() -> None:
    """Take what the command names: ADDRESS FOLDER [NAME...]."""
    address, folder, *names = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shoot(browser, address, Path(folder), set(names))
        browser.close()


if __name__ == "__main__":
    main()
