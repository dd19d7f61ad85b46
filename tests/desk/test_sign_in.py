"""Getting in and out at the chooser of made-up people, and what a session is."""

import httpx
import pytest
from playwright.async_api import BrowserContext

from desk.settings import DeskRefused, DeskSettings
from desk.sign_in.chooser import require_loopback
from desk.viewer import DeskRole
from tests.desk.looking import require_accessible
from tests.desk.town import Served, Town


def test_nobody_sees_a_page_without_signing_in(served: Served) -> None:
    answer = httpx.get(f"{served.url}/", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/"


async def test_somebody_chosen_is_signed_in_and_signs_out(town: Town, window: BrowserContext) -> None:
    page = await window.new_page()
    await page.goto("/sign-in")
    await require_accessible(page)
    await page.locator(f"[value='{town.code}/operator/operator']").check()
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Sign out").click()
    assert page.url.endswith("/signed-out")
    await require_accessible(page)
    await page.goto("/")
    assert "/sign-in" in page.url


def test_signing_out_ends_the_session_at_our_side_too(town: Town) -> None:
    visitor = town.visitor(DeskRole.IRO)
    assert visitor.get("/").headers["location"] == "/tasks"
    assert visitor.post("/sign-out").headers["location"] == "/signed-out"
    again = httpx.Client(base_url=town.served.url, cookies={"desk": visitor.token})
    assert again.get("/").headers["location"] == "/sign-in?next=/"


def test_a_form_without_the_sessions_own_word_is_refused(town: Town) -> None:
    visitor = town.visitor(DeskRole.IRO)
    assert visitor.post("/sign-out", csrf="another").status_code == 403
    assert visitor.get("/").status_code == 303


@pytest.mark.parametrize(
    "to", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "/\tx"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(town: Town, to: str) -> None:
    fields = {"who": f"{town.code}/operator/operator", "next": to}
    answer = httpx.post(f"{town.served.url}/sign-in", data=fields, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_a_session_is_a_new_one_each_time_so_that_none_can_be_fixed(town: Town) -> None:
    held = {"desk": "chosen-by-somebody-else"}
    fields = {"who": f"{town.code}/operator/operator"}
    answer = httpx.post(f"{town.served.url}/sign-in", data=fields, cookies=held)
    assert answer.cookies["desk"] != held["desk"]


@pytest.mark.parametrize(
    ("host", "url"), [("0.0.0.0", "http://127.0.0.1:8200"), ("127.0.0.1", "https://reviews.example.org")]
)
def test_the_chooser_refuses_to_serve_anybody_else(host: str, url: str) -> None:
    with pytest.raises(DeskRefused, match="this machine only"):
        require_loopback(DeskSettings(url=url), host)
