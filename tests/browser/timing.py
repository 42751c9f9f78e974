"""How soon pages can be used: python -m tests.browser.timing http://127.0.0.1:8000 / /corpus.

Opens each path in a browser with nothing kept, several times over, and prints the best and the
median milliseconds until its scripts have run and it takes input.
"""

import statistics
import sys

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM

TIMES = 15


def usable_ms(browser: Browser, url: str) -> float:
    """When scripts have run and the page takes input, in a browser with nothing kept."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    time: float = page.evaluate(
        "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    )
    context.close()
    return time


def main() -> None:
    """Print a line per path."""
    address, *paths = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for path in paths:
            times = [usable_ms(browser, address + path) for _ in range(TIMES)]
            sys.stdout.write(f"{min(times):6.0f} {statistics.median(times):6.0f}  {path}\n")
        browser.close()


if __name__ == "__main__":
    main()
