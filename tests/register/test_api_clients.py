"""Tokens of case systems, and keys under which they send something."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from register.api_clients import (
    TOKEN_PREFIX,
    OtherAuthoritys,
    api_clients,
    find_api_client,
    make_api_client,
    note_use,
    revoke_api_client,
)
from register.idempotency import KEPT, KeyTaken, Sent, answered_before, keep_answer

NOW = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)
YEAR = NOW + timedelta(days=365)
SCOPES = ("episodes:read", "acts:write")


def token_of(engine: Engine, reference: str = "case-system", authority: str = "383") -> str:
    return make_api_client(engine, reference, authority, SCOPES, by="operator", at=NOW, expires=YEAR)[1]


def test_a_token_is_found_again_and_is_itself_not_kept(engine: Engine) -> None:
    token = token_of(engine)
    found = find_api_client(engine, token)
    assert found is not None and token.startswith(TOKEN_PREFIX)
    assert (found.reference, found.authority, found.scopes) == ("case-system", "383", SCOPES)
    assert find_api_client(engine, token + "x") is None
    with engine.connect() as connection:
        assert token not in str(connection.execute(text("SELECT * FROM api_client")).all())


def test_a_token_serves_until_it_expires_or_is_revoked(engine: Engine) -> None:
    token = token_of(engine)
    found = find_api_client(engine, token)
    assert found and found.is_alive(YEAR - timedelta(seconds=1)) and not found.is_alive(YEAR)
    assert revoke_api_client(engine, found.id, "operator", NOW)
    assert not revoke_api_client(engine, found.id, "operator", NOW)
    revoked = find_api_client(engine, token)
    assert revoked and not revoked.is_alive(NOW) and revoked.revoked_by == "operator"


def test_one_token_takes_over_from_another_of_the_same_system(engine: Engine) -> None:
    first, second = token_of(engine), token_of(engine)
    assert first != second
    assert [each.reference for each in api_clients(engine, "383")] == ["case-system", "case-system"]


def test_a_reference_is_of_one_authority(engine: Engine) -> None:
    token_of(engine)
    with pytest.raises(OtherAuthoritys, match="another authority"):
        token_of(engine, authority="384")
    assert api_clients(engine, "384") == []


def test_use_is_noted_about_once_a_minute(engine: Engine) -> None:
    token = token_of(engine)
    for seconds, noted in ((0, 0), (30, 0), (61, 61)):
        found = find_api_client(engine, token)
        assert found is not None
        note_use(engine, found, NOW + timedelta(seconds=seconds))
        found = find_api_client(engine, token)
        assert found and found.used_at == NOW + timedelta(seconds=noted)


SENT = Sent(client="case-system", key="key-1", content="digest-1")


def test_the_same_key_gets_the_answer_that_was_kept_first(engine: Engine) -> None:
    assert answered_before(engine, SENT, NOW) is None
    assert answered_before(engine, SENT, NOW) is None
    assert keep_answer(engine, SENT, {"episode": "first"}) == {"episode": "first"}
    assert keep_answer(engine, SENT, {"episode": "second"}) == {"episode": "first"}
    assert answered_before(engine, SENT, NOW) == {"episode": "first"}


def test_a_key_serves_for_one_content_of_one_system_alone(engine: Engine) -> None:
    answered_before(engine, SENT, NOW)
    with pytest.raises(KeyTaken):
        answered_before(engine, SENT.model_copy(update={"content": "digest-2"}), NOW)
    assert answered_before(engine, SENT.model_copy(update={"client": "other", "content": "digest-2"}), NOW) is None


def test_a_key_is_forgotten_in_time(engine: Engine) -> None:
    answered_before(engine, SENT, NOW)
    keep_answer(engine, SENT, {"episode": "first"})
    later = SENT.model_copy(update={"content": "digest-2"})
    assert answered_before(engine, later, NOW + KEPT + timedelta(seconds=1)) is None


def test_of_many_calls_at_once_one_content_wins_the_key(engine: Engine) -> None:
    def send(number: int) -> bool:
        try:
            answered_before(engine, SENT.model_copy(update={"content": f"digest-{number % 2}"}), NOW)
        except KeyTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(send, range(16)))
    assert sum(taken) == 8
