"""`starter.py api-client`: a token for a case system, shown once; listed; revoked."""

from datetime import UTC, datetime, timedelta

import pytest

from register import open_register
from register.api_clients import find_api_client
from tests.commands.conftest import Typed
from tests.commands.service import said
from tests.commands.stack import Stack

ADD = ("api-client", "add", "cms-made-up", "--authority", "383")


def test_a_token_is_shown_once_listed_without_it_and_revoked(typed: Typed, stack: Stack) -> None:
    made = typed(*ADD, "--scope", "episodes:read", "--scope", "acts:write", "--days", "30", "--json").json
    token = made["token"]
    register = open_register(stack.environment["REGISTER_URL"])
    found = find_api_client(register, token)
    assert found and (found.reference, found.authority) == ("cms-made-up", "383")
    assert found.scopes == ("episodes:read", "acts:write")
    assert timedelta(days=29) < found.expires_at - datetime.now(UTC) <= timedelta(days=30)

    told = said(typed("api-client"))
    assert "cms-made-up, authority 383" in told and "acts:write" in told and "never used" in told
    assert token not in told and token not in str(typed("api-client", "list", "--json").json)

    assert "lets nobody in any more" in said(typed("api-client", "revoke", str(found.id)))
    assert "revoked" in said(typed("api-client", "list", "--authority", "383"))
    assert "was revoked before" in typed("api-client", "revoke", str(found.id)).sentence
    found = find_api_client(register, token)
    assert found and found.revoked_by == "operator"


def test_the_token_stands_on_a_line_of_its_own(typed: Typed) -> None:
    done = typed(*ADD, "--scope", "episodes:read")
    assert [line for line in done.out.splitlines() if line.startswith("irc_") and " " not in line]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "Jane Doe", "--authority", "383", "--scope", "episodes:read"), "reference is made of letters"),
        (("add", "system", "--authority", "383", "--scope", "episodes:read"), "stand for something else"),
        (("add", "nobody", "--authority", "383", "--scope", "episodes:read"), "stand for something else"),
        (("add", "link-7", "--authority", "383", "--scope", "episodes:read"), "stand for something else"),
        (("add", "cms", "--authority", "999", "--scope", "episodes:read"), "999"),
        (("add", "cms", "--authority", "383", "--scope", "episode:read"), "did you mean episodes:read?"),
        (("add", "cms", "--authority", "383"), "--scope"),
        (("add", "cms", "--authority", "383", "--scope", "episodes:read", "--days", "9999"), "--days"),
        (("revoke", "9999"), "There is no token 9999"),
        (("list", "--authority", "999"), "999"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(typed: Typed, words: tuple[str, ...], why: str) -> None:
    sentence = typed("api-client", *words).sentence
    assert why in sentence and "Jane" not in sentence


def test_a_reference_is_of_one_authority(typed: Typed) -> None:
    assert typed(*ADD, "--scope", "episodes:read").code == 0
    other = ("api-client", "add", "cms-made-up", "--authority", "384", "--scope", "episodes:read")
    assert "of another authority" in typed(*other).sentence
