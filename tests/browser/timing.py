"""When a page can be used."""

from playwright.sync_api import Page


def usable_ms(page: Page) -> float:
    """When scripts have run and the page takes input."""
    time: float = page.evaluate(
        "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    )
    return time
