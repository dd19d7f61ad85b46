"""`starter.py webhook`: receivers are added, listed and revoked, and what became of their events is told."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from client.keys import Keys
from client.sealing import Seal
from register import migrate, open_register, writing
from tests.commands.conftest import Typed
from tests.commands.posting import Office, office, stack
from tests.commands.service import said
from tests.commands.stack import Stack

__all__ = ["office", "stack"]

URL = "https://cases.invalid/hooks"


def added(office: Office, *words: str, url: str = URL) -> dict[str, Any]:
    made: dict[str, Any] = office.typed("webhook", "add", url, "--authority", office.code, *words, "--json").json
    return made


def events(office: Office, webhook: dict[str, Any], *words: str) -> list[dict[str, Any]]:
    """What a receiver was to be told, once there is something."""
    of = ("--webhook", str(webhook["id"]), "--limit", "200", *words)
    found: list[dict[str, Any]] = office.until(lambda: office.typed("webhook", "deliveries", *of, "--json").json)
    return found


def fail(stack: Stack, webhook: dict[str, Any]) -> None:
    """Days have passed in vain."""
    with writing(open_register(stack.environment["REGISTER_URL"])) as connection:
        failing = "UPDATE webhook_delivery SET state = 'failed', reason = 'The receiver answered 500.'"
        connection.execute(text(f"{failing} WHERE webhook_id = :id"), {"id": webhook["id"]})


def test_a_webhook_is_added_and_its_secret_shown_this_once(office: Office, stack: Stack) -> None:
    told = said(office.typed("webhook", "add", URL, "--authority", office.code))
    [secret] = re.findall(r"whsec_\S+", told)
    assert secret not in said(office.typed("webhook")) and secret not in office.typed("webhook", "--json").out
    with writing(open_register(stack.environment["REGISTER_URL"])) as connection:
        kept = connection.execute(text("SELECT secret FROM webhook ORDER BY id DESC")).scalar()
    keys = Keys.load(Path(stack.environment["KEYS_FILE"]))
    assert secret not in str(kept) and Seal(keys).open(str(kept)) == secret


def test_the_list_says_who_is_told_of_what_and_how_it_fares(office: Office, stack: Stack) -> None:
    everything = added(office)
    some = added(office, "--event", "slipped", "--event", "step.closed")
    assert everything["events"] == ["step.opened", "step.slipped", "step.closed"]
    assert some["events"] == ["step.slipped", "step.closed"]
    office.opened("ana")
    assert "step.opened" in {each["kind"] for each in events(office, everything)}
    assert "step.opened" not in {each["kind"] for each in events(office, some)}
    [line] = [each for each in office.typed("webhook", "list", "--json").json if each["id"] == everything["id"]]
    assert line["owed"] > 3 and line["failed"] == 0 and "secret" not in line
    mine = said(office.typed("webhook", "list", "--authority", office.code))
    assert f"authority {office.code}: everything" in mine and "slipped and closed" in mine
    office.until(lambda: "takes nothing since" in said(office.typed("webhook", "list")))
    revoked = said(office.typed("webhook", "revoke", str(some["id"])))
    assert f"Webhook {some['id']} is told nothing more." in revoked
    assert "by operator" in said(office.typed("webhook", "list", "--authority", office.code))


def test_what_became_of_each_event_is_told_and_what_failed_is_sent_again(office: Office, stack: Stack) -> None:
    webhook = added(office)
    episode = office.opened("ana")
    waits = office.until(lambda: [each for each in events(office, webhook) if each["tries"]])
    assert waits[0]["reason"] == "The receiver's name is not known."
    drawn = said(office.typed("webhook", "deliveries", "--webhook", str(webhook["id"])))
    assert "tried again" in drawn and episode in drawn and "opened" in drawn
    assert "is still owed and is tried by itself" in office.typed("webhook", "send-again", str(waits[0]["id"])).sentence
    assert (
        "Nothing failed for webhook"
        in office.typed("webhook", "send-again", "--failed-of", str(webhook["id"])).sentence
    )
    fail(stack, webhook)
    failed = events(office, webhook, "--state", "failed")
    assert "send-again --failed-of N" in said(office.typed("webhook", "deliveries", "--state", "failed"))
    again = office.typed("webhook", "send-again", str(failed[0]["id"]), "--json").json
    assert again == {"again": 1, "woken": True}
    all_again = said(office.typed("webhook", "send-again", "--failed-of", str(webhook["id"])))
    assert f"{len(failed) - 1} events sent once more" in all_again
    assert [each["reference"] for each in events(office, webhook)] == [each["reference"] for each in failed]
    office.typed("webhook", "revoke", str(webhook["id"]))
    assert (
        "was revoked, so nothing more is sent"
        in office.typed("webhook", "send-again", "--failed-of", str(webhook["id"])).sentence
    )
    assert (
        "was revoked, so nothing more is sent" in office.typed("webhook", "send-again", str(failed[0]["id"])).sentence
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "http://cases.example.org/", "--authority", "810"), "Webhooks go by https"),
        (("add", "https://10.0.0.1/", "--authority", "810"), "name the network in WEBHOOK_NETWORKS"),
        (("add", "https://me:secret@cases.example.org/", "--authority", "810"), "no name, password or #"),
        (("add", URL, "--authority", "000"), "000"),
        (("add", URL), "--authority"),
        (("add", URL, "--authority", "810", "--event", "slips"), "did you mean slipped?"),
        (("revoke", "99999"), "There is no webhook 99999"),
        (("deliveries", "--webhook", "99999"), "There is no webhook 99999"),
        (("deliveries", "--state", "oed"), "did you mean owed?"),
        (("send-again",), "Say which"),
        (("send-again", "1", "--failed-of", "1"), "Say which"),
        (("send-again", "99999"), "There is no delivery 99999"),
        (("send-again", "--failed-of", "99999"), "There is no webhook 99999"),
        (("list", "--authority", "999"), "999"),
        (("--json", "list"), "Put --json after `webhook list`"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(typed: Typed, words: tuple[str, ...], why: str) -> None:
    assert why in typed("webhook", *words).sentence


def test_a_webhook_that_was_revoked_is_not_revoked_again(office: Office) -> None:
    webhook = added(office)
    assert office.typed("webhook", "revoke", str(webhook["id"])).code == 0
    assert "was revoked before" in office.typed("webhook", "revoke", str(webhook["id"])).sentence


def test_a_receiver_on_this_machine_may_be_named_where_the_settings_say_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_NETWORKS", "127.0.0.0/8")
    assert added(office, url="http://localhost:9000/")["url"] == "http://localhost:9000/"
    monkeypatch.setenv("WEBHOOK_NETWORKS", "here")
    assert "is no list of networks" in office.typed("webhook", "add", URL, "--authority", office.code).sentence


def test_where_there_is_none_it_says_how_to_add_one(alone: Typed) -> None:
    migrate(f"sqlite:///{os.environ['DATA_DIR']}/register.db")
    assert "There is no webhook yet" in said(alone("webhook"))
    assert "nothing of that kind" in said(alone("webhook", "deliveries"))
    assert "There is no keys file" in alone("webhook", "add", URL, "--authority", "810").sentence
