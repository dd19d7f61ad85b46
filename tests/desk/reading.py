"""Reading a page in every way: with script and without, on a wide screen and on a phone."""

from pathlib import Path

from playwright.async_api import BrowserContext, Page

from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.town import Visitor

WIDE, PHONE = {"width": 1100, "height": 900}, {"width": 360, "height": 740}


class Reader:
    """Somebody who reads the same pages in two windows: one with script, and one on a phone without."""

    def __init__(self, page: Page, phone: Page, pictures: Path | None) -> None:
        """Read in these two, and take pictures if a folder is given."""
        self.page, self.phone, self.pictures = page, phone, pictures

    @classmethod
    async def signed_in(
        cls, visitor: Visitor, window: BrowserContext, without_script: BrowserContext, pictures: Path | None
    ) -> "Reader":
        """Sign a visitor in to both."""
        await visitor.sign_in(window)
        await visitor.sign_in(without_script)
        return cls(await window.new_page(), await without_script.new_page(), pictures)

    async def read(self, path: str, name: str, *, long: bool = False) -> Page:
        """Open a page in both, and see that nothing sticks out and that axe finds nothing; give the wide one.

        Args:
            path: the page's.
            name: what its pictures are called.
            long: it has many rows, on which axe is slow: it looks on the wide screen alone.
        """
        answer = await self.page.goto(path)
        assert answer is not None
        assert answer.ok, path
        await require_accessible(self.page)
        await picture(self.page, self.pictures, name)
        await self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        await require_whole(self.page)
        if not long:
            await require_accessible(self.page)
        await picture(self.page, self.pictures, f"{name}-phone")
        await self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        await self.phone.goto(path)
        await require_whole(self.phone)
        return self.page
