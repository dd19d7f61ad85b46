"""Signing in by OpenID Connect with a real provider, in a real browser and by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext

from desk.sign_in import begun
from desk.viewer import DeskRole
from register import desk_sessions
from register.audit import Outcome
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.providers import (
    AUTHORITY,
    CLIENT,
    IRO,
    asked,
    begin,
    last_audited,
    real_provider,
    refreshed,
    served_with,
)
from tests.desk.town import Served

BOTH = {**IRO, "sub": "both", "staff_reference": "oidc-both", "roles": ["Reviewing", "operator", "of-another-service"]}
WITHOUT_ROLE = {**IRO, "sub": "without-role", "roles": ["of-another-service"]}
WITHOUT_ALL = {"sub": "without-all", "name": "Example Stranger"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with real_provider(IRO, BOTH, WITHOUT_ROLE, WITHOUT_ALL) as address:
        yield address


@pytest.fixture(scope="module")
def desk(served: Served, issuer: str) -> Iterator[str]:
    """A desk whose provider is honest."""
    with served_with(served, issuer) as url:
        yield url


@pytest.fixture
async def tab(browser: Browser, desk: str) -> Any:
    """A window at that desk."""
    context = await browser.new_context(base_url=desk, viewport={"width": 900, "height": 800})
    context.set_default_timeout(20_000)
    yield context
    await context.close()


# --- With a real provider --------------------------------------------------------------------------------------------


async def test_somebody_signs_in_with_the_provider_and_out_of_both(
    served: Served, desk: str, issuer: str, tab: BrowserContext, pictures: Path | None
) -> None:
    page = await tab.new_page()
    await page.goto("/signed-out?wanted=here")
    await page.goto("/sign-in?next=/signed-out%3Fwanted=here")
    await page.wait_for_url(f"{issuer}/**")
    await page.get_by_role("button", name="iro", exact=True).click()
    await page.wait_for_url(f"{desk}/signed-out?wanted=here")
    (held,) = await tab.cookies()
    assert (held["name"], held["httpOnly"], held["sameSite"], held["path"]) == ("desk", True, "Lax", "/")
    session = desk_sessions.find(served.desk.register, held["value"])
    assert session and (session.person, session.name, session.authority) == ("oidc-iro", "Example Iro", AUTHORITY)
    assert session.roles == ("iro",)
    assert (last_audited(served).who, last_audited(served).outcome) == ("oidc-iro", Outcome.DONE)
    await page.goto("/nowhere-at-all")
    await page.evaluate(
        """csrf => { document.body.innerHTML = '<form method=post action=/sign-out><input name=csrf></form>';
        document.querySelector('input').value = csrf; document.querySelector('form').submit(); }""",
        session.csrf,
    )
    await page.wait_for_url(f"{issuer}/oauth2/end_session**")
    await picture(page, pictures, "oidc-end-session")
    assert asked(page.url)["post_logout_redirect_uri"] == f"{desk}/signed-out"
    await page.get_by_role("button").first.click()
    await page.wait_for_url(f"{desk}/signed-out**")
    await require_accessible(page)
    assert await tab.cookies(desk) == []
    ended = desk_sessions.find(served.desk.register, held["value"])
    assert ended and ended.ended_at


async def test_a_browser_without_script_signs_in_too(browser: Browser, desk: str, issuer: str) -> None:
    context = await browser.new_context(
        base_url=desk, java_script_enabled=False, viewport={"width": 360, "height": 700}
    )
    page = await context.new_page()
    await page.goto("/sign-in?next=/signed-out")
    await page.wait_for_url(f"{issuer}/**")
    await page.get_by_role("button", name="iro", exact=True).click()
    await page.wait_for_url(f"{desk}/signed-out")
    await context.close()


async def test_whoever_stops_at_the_provider_is_told_and_not_signed_in(
    served: Served, desk: str, issuer: str, tab: BrowserContext
) -> None:
    page = await tab.new_page()
    await page.goto("/sign-in")
    await page.wait_for_url(f"{issuer}/**")
    await page.get_by_role("button", name="Deny").click()
    await page.wait_for_url(f"{desk}/sign-in/callback**")
    await require_accessible(page)
    assert await page.get_by_role("heading", level=1).inner_text() == "You are not signed in"
    assert await tab.cookies() == []
    assert (last_audited(served).outcome, last_audited(served).detail) == (Outcome.DENIED, "cancelled")


@pytest.mark.parametrize(
    ("sub", "missing", "there"),
    [
        ("without-role", ["claim roles"], ["staff_reference", "claim authority"]),
        ("without-all", ["claim staff_reference", "claim authority", "claim roles"], []),
    ],
)
async def test_whoever_the_provider_does_not_say_enough_of_is_told_what_is_missing(
    served: Served,
    desk: str,
    issuer: str,
    tab: BrowserContext,
    pictures: Path | None,
    sub: str,
    missing: list[str],
    there: list[str],
) -> None:
    page = await tab.new_page()
    await page.goto("/sign-in")
    await page.wait_for_url(f"{issuer}/**")
    await page.get_by_role("button", name=sub, exact=True).click()
    await page.wait_for_url(f"{desk}/sign-in/callback**")
    said = await page.get_by_role("main").inner_text()
    assert all(each in said for each in missing) and not any(each in said for each in there)
    assert "Tell the people who look after your council account" in said
    await require_accessible(page)
    await page.set_viewport_size({"width": 360, "height": 740})
    await require_whole(page)
    await picture(page, pictures, f"oidc-{sub}")
    assert await tab.cookies() == []
    entry = last_audited(served)
    assert (entry.what, entry.outcome, entry.who, entry.detail) == ("sign_in", Outcome.DENIED, "nobody", "claims")


# --- As a browser, by hand -------------------------------------------------------------------------------------------


def chosen_at(issuer: str, http: httpx.Client, sub: str = "iro") -> str:
    """Sign in at the provider as somebody; gives the path that it sends the browser back to."""
    there = refreshed(http.get("/sign-in"))
    answer = httpx.post(there, data={"sub": sub})
    assert answer.status_code in (302, 303), answer.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def test_several_roles_and_the_providers_own_names_of_them_are_understood(
    served: Served, desk: str, issuer: str
) -> None:
    http = httpx.Client(base_url=desk)
    assert http.get(chosen_at(issuer, http, "both")).status_code == 303
    session = desk_sessions.find(served.desk.register, http.cookies["desk"])
    assert session and set(session.roles) == {DeskRole.IRO, DeskRole.OPERATOR}


def test_the_provider_is_asked_with_pkce_state_and_nonce(desk: str) -> None:
    first, second = begin(httpx.Client(base_url=desk)), begin(httpx.Client(base_url=desk))
    assert (first["response_type"], first["client_id"], first["code_challenge_method"]) == ("code", CLIENT, "S256")
    assert first["redirect_uri"] == f"{desk}/sign-in/callback"
    assert "openid" in first["scope"].split()
    assert all(len(first[name]) >= 20 and first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


def test_each_sign_in_is_a_new_session_and_ends_the_one_the_browser_had(served: Served, desk: str, issuer: str) -> None:
    http = httpx.Client(base_url=desk, cookies={"desk": "fixed-by-somebody-else"})
    http.get(chosen_at(issuer, http))
    first = [each.value for each in http.cookies.jar if each.value != "fixed-by-somebody-else"][-1] or ""
    http.cookies.clear()
    http.cookies.set("desk", first)
    answer = http.get(chosen_at(issuer, http))
    second = answer.cookies["desk"]
    assert len({first, second, "fixed-by-somebody-else"}) == 3
    before = desk_sessions.find(served.desk.register, first)
    assert before and before.ended_at
    assert httpx.get(f"{desk}/", cookies={"desk": second}).headers["location"] == "/tasks"


def test_an_answer_that_is_replayed_signs_nobody_in(served: Served, desk: str, issuer: str) -> None:
    http = httpx.Client(base_url=desk)
    back = chosen_at(issuer, http)
    kept = dict(http.cookies)
    assert http.get(back).status_code == 303
    again = http.get(back)
    assert (again.status_code, last_audited(served).detail) == (403, "state")
    with_the_old_cookie = httpx.get(desk + back, cookies=kept)
    assert (with_the_old_cookie.status_code, last_audited(served).detail) == (403, "refused")
    assert "desk" not in with_the_old_cookie.cookies


def test_an_answer_meant_for_another_browser_signs_nobody_in(desk: str, issuer: str) -> None:
    theirs, ours = httpx.Client(base_url=desk), httpx.Client(base_url=desk)
    back = chosen_at(issuer, theirs)
    assert httpx.get(desk + back).status_code == 403
    begin(ours)
    answer = ours.get(back)
    assert answer.status_code == 403 and "desk" not in answer.cookies
    assert "in another window" in answer.text


def test_what_the_browser_holds_meanwhile_cannot_be_tampered_with(desk: str, issuer: str) -> None:
    http = httpx.Client(base_url=desk)
    back = chosen_at(issuer, http)
    held = http.cookies["desk-sign-in"]
    for tampered in (held[:-2] + "xx", "x" + held, held.partition(".")[0], ""):
        assert httpx.get(desk + back, cookies={"desk-sign-in": tampered}).status_code == 403
    assert http.get(back).status_code == 303


def test_a_sign_in_that_took_too_long_begins_anew(desk: str, issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    http = httpx.Client(base_url=desk)
    back = chosen_at(issuer, http)
    monkeypatch.setattr(begun, "MINUTES", -1)
    assert http.get(back).status_code == 403


@pytest.mark.parametrize("to", ["https://example.org/", "//example.org", "/\\example.org", "/" + "x" * 2000])
def test_nobody_is_sent_elsewhere_after_signing_in(desk: str, issuer: str, to: str) -> None:
    http = httpx.Client(base_url=desk)
    there = refreshed(http.get("/sign-in", params={"next": to}))
    back = urlsplit(httpx.post(there, data={"sub": "iro"}).headers["location"])
    assert http.get(f"{back.path}?{back.query}").headers["location"] == "/"


def test_another_process_with_the_same_keys_can_finish_a_sign_in(served: Served, desk: str, issuer: str) -> None:
    http = httpx.Client(base_url=desk)
    back = chosen_at(issuer, http)
    with served_with(served, issuer) as other:
        answer = httpx.get(other + back, cookies=dict(http.cookies))
    assert (answer.status_code, last_audited(served).outcome) == (303, Outcome.DONE)


def test_over_tls_cookies_are_bound_to_it_and_to_this_host(served: Served, issuer: str) -> None:
    with served_with(served, issuer, url="https://reviews.example.org") as url:
        begun_with = httpx.get(f"{url}/sign-in")
        held = begun_with.headers["set-cookie"]
        assert held.startswith("__Host-desk-sign-in=")
        assert all(each in held for each in ("Secure", "HttpOnly", "SameSite=lax", "Path=/")) and "Domain" not in held
        there = refreshed(begun_with)
        assert asked(there)["redirect_uri"] == "https://reviews.example.org/sign-in/callback"
        back = urlsplit(httpx.post(there, data={"sub": "iro"}).headers["location"])
        cookie = {"Cookie": held.partition(";")[0]}
        answer = httpx.get(f"{url}{back.path}?{back.query}", headers=cookie)
        kept = [each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-desk=")]
        assert len(kept) == 1
        assert all(each in kept[0] for each in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"))
        assert "Domain" not in kept[0]
        assert "max-age" in answer.headers["strict-transport-security"]
        cleared = [each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-desk-sign-in=")]
        assert "Max-Age=0" in cleared[0] and "Secure" in cleared[0]
