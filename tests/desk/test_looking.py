"""The looking itself: what a screen reader stumbles over and what sticks out of a phone is found."""

import pytest
from playwright.async_api import BrowserContext

from tests.desk.looking import require_accessible, require_whole


async def test_a_picture_without_words_and_pale_letters_are_found(window: BrowserContext) -> None:
    page = await window.new_page()
    await page.set_content(
        "<html lang=en><title>Test</title><main><h1>Test</h1><img src=x>"
        "<p style='color: #ccc; background: #fff'>Pale</p></main></html>"
    )
    with pytest.raises(AssertionError) as found:
        await require_accessible(page)
    assert "image-alt" in str(found.value) and "color-contrast" in str(found.value)


async def test_what_is_wider_than_a_phone_is_found(window: BrowserContext) -> None:
    page = await window.new_page()
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.set_content("<html lang=en><title>Test</title><p style='width: 500px'>Wide</p></html>")
    with pytest.raises(AssertionError, match="pixels too wide"):
        await require_whole(page)
