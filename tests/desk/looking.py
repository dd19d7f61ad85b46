"""Looking at a page as people do: with axe-core for what a screen reader would stumble over, and as a picture."""

from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


async def require_accessible(page: Page) -> None:
    """Have axe-core find nothing on a page."""
    # What was found to be in order is not worked out in full, which takes most of the time of a long page.
    options = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
    found = await Axe().run(page, options=options)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


async def require_whole(page: Page) -> None:
    """Have nothing of a page stick out sideways, as on a phone it would."""
    wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} pixels too wide"


async def picture(page: Page, folder: Path | None, name: str) -> None:
    """Take a picture of a page, where pictures are wanted."""
    if folder is not None:
        await page.screenshot(path=folder / f"{name}.png", full_page=True)
