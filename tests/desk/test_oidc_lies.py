"""A provider that lies, is down or is slow signs nobody in; and who tries in vain too often waits."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from client.server import free_port
from desk.settings import OidcSettings
from desk.sign_in import provider
from register import desk_sessions
from tests.desk.providers import (
    CLIENT,
    IRO,
    SECRET,
    Crooked,
    begin,
    challenge_of,
    crooked_provider,
    last_audited,
    served_with,
)
from tests.desk.town import Served


@pytest.fixture
def crooked() -> Iterator[Crooked]:
    with crooked_provider() as made:
        yield made


@pytest.fixture
def http(served: Served, crooked: Crooked) -> Iterator[httpx.Client]:
    """A browser at a desk whose provider is that one."""
    with served_with(served, crooked.issuer) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def come_back(http: httpx.Client, crooked: Crooked) -> httpx.Response:
    """Begin to sign in, and come back from the provider with a code."""
    sent = begin(http)
    crooked.nonce = crooked.nonce or sent["nonce"]
    return http.get("/sign-in/callback", params={"code": "a-code", "state": sent["state"]})


HONEST = {name: value for name, value in IRO.items() if name != "sub"}


def test_an_honest_token_signs_in_and_the_code_was_exchanged_with_its_verifier(
    crooked: Crooked, http: httpx.Client
) -> None:
    crooked.claims = HONEST
    sent = begin(http)
    crooked.nonce = sent["nonce"]
    answer = http.get("/sign-in/callback", params={"code": "a-code", "state": sent["state"]})
    assert answer.status_code == 303
    (seen,) = crooked.seen
    assert (seen["grant_type"], seen["code"], seen["redirect_uri"]) == (
        "authorization_code",
        "a-code",
        sent["redirect_uri"],
    )
    assert challenge_of(seen["code_verifier"]) == sent["code_challenge"]


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://example.org"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another-service"},
    "another audience, in our name": {"aud": "another-service", "azp": CLIENT},
    "for us and another, to the other": {"aud": [CLIENT, "another-service"], "azp": "another-service"},
    "expired": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "never expires": {"exp": None},
    "not valid yet": {"nbf": int(time.time()) + 3600},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_signs_nobody_in(served: Served, crooked: Crooked, http: httpx.Client, lie: str) -> None:
    crooked.claims = {**HONEST, **LIES[lie]}
    answer = come_back(http, crooked)
    assert (answer.status_code, last_audited(served).detail) == (403, "token")
    assert "desk" not in answer.cookies
    crooked.claims = HONEST
    crooked.nonce = ""
    assert come_back(http, crooked).status_code == 303


def test_a_token_that_another_key_signed_signs_nobody_in(crooked: Crooked, http: httpx.Client) -> None:
    crooked.claims, crooked.signs_with = HONEST, RSAKey.generate_key(2048)
    assert come_back(http, crooked).status_code == 403


def test_a_token_that_nobody_signed_signs_nobody_in(crooked: Crooked, http: httpx.Client) -> None:
    crooked.claims, crooked.header = HONEST, {"alg": "none"}
    assert come_back(http, crooked).status_code == 403


def test_a_provider_that_gives_no_id_token_signs_nobody_in(crooked: Crooked, http: httpx.Client) -> None:
    crooked.without_id_token = True
    assert come_back(http, crooked).status_code == 403


@pytest.mark.parametrize("reference", ["system", "nobody", "link-7", "Two Words", "x" * 49, "", 7, None])
def test_a_reference_that_is_none_or_is_not_for_staff_signs_nobody_in(
    crooked: Crooked, http: httpx.Client, reference: object
) -> None:
    crooked.claims = {**HONEST, "staff_reference": reference}
    answer = come_back(http, crooked)
    assert answer.status_code == 403 and "claim staff_reference" in answer.text


@pytest.mark.parametrize("code", ["999", "Leeds", 822, ["822"], None])
def test_an_authority_there_is_not_signs_nobody_in(crooked: Crooked, http: httpx.Client, code: object) -> None:
    crooked.claims = {**HONEST, "authority": code}
    answer = come_back(http, crooked)
    assert answer.status_code == 403 and "claim authority" in answer.text


def test_a_single_role_and_a_name_of_any_length_are_taken(served: Served, crooked: Crooked, http: httpx.Client) -> None:
    crooked.claims = {**HONEST, "roles": "iro_manager", "name": "<b>Example</b>\n" + "x" * 500}
    answer = come_back(http, crooked)
    session = desk_sessions.find(served.desk.register, answer.cookies["desk"])
    assert session and (session.roles, len(session.name)) == (("iro_manager",), 120)


# --- A provider that is down, and too many tries ---------------------------------------------------------------------


def test_a_provider_that_does_not_answer_is_told_kindly_and_tried_again(served: Served, crooked: Crooked) -> None:
    port = free_port()
    oidc = OidcSettings(issuer=f"http://127.0.0.1:{port}", client_id=CLIENT, client_secret=SecretStr(SECRET))
    with served_with(served, crooked.issuer, oidc=oidc) as url:
        answer = httpx.get(f"{url}/sign-in")
        assert answer.status_code == 503 and answer.headers["retry-after"]
        assert "does not answer" in answer.text
        assert httpx.get(f"{url}/sign-in/callback?code=x&state=y").status_code == 503


def test_a_provider_that_is_slow_or_fails_when_somebody_comes_back_is_told_kindly(
    crooked: Crooked, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    crooked.claims, crooked.status = HONEST, 502
    assert come_back(http, crooked).status_code == 503
    crooked.status, crooked.delay, crooked.nonce = 200, 1.0, ""
    monkeypatch.setattr(provider, "PATIENCE_SECONDS", 0.2)
    assert come_back(http, crooked).status_code == 503
    crooked.delay, crooked.nonce = 0, ""
    monkeypatch.setattr(provider, "PATIENCE_SECONDS", 10.0)
    assert come_back(http, crooked).status_code == 303


def test_a_provider_that_says_it_is_another_is_none(crooked: Crooked, http: httpx.Client) -> None:
    crooked.discovery = {"issuer": "https://example.org"}
    assert http.get("/sign-in").status_code == 503


def test_whoever_signs_out_is_signed_out_here_though_the_provider_is_down_or_has_no_way_out(
    served: Served, crooked: Crooked, http: httpx.Client
) -> None:
    crooked.claims = HONEST
    token = come_back(http, crooked).cookies["desk"]
    session = desk_sessions.find(served.desk.register, token)
    assert session
    answer = http.post("/sign-out", data={"csrf": session.csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, "/signed-out")
    ended = desk_sessions.find(served.desk.register, token)
    assert ended and ended.ended_at


def test_whoever_tries_in_vain_too_often_waits_and_nobody_else_does(crooked: Crooked, http: httpx.Client) -> None:
    for _ in range(20):
        assert http.get("/sign-in/callback?code=x&state=y").status_code == 403
    refused = http.get("/sign-in/callback?code=x&state=y")
    assert refused.status_code == 429 and refused.headers["retry-after"]
    assert http.get("/sign-in").status_code == 429


def test_signing_in_rightly_uses_up_no_tries(crooked: Crooked, http: httpx.Client) -> None:
    crooked.claims = HONEST
    for _ in range(25):
        crooked.nonce = ""
        assert come_back(http, crooked).status_code == 303
