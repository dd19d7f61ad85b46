"""`starter.py feed`: calendars to subscribe to, made, read from a real server, and revoked."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from icalendar import Calendar

from client.keys import Keys
from client.settings import Settings
from desk.parts import Desk
from desk.serving import serving_desk
from desk.settings import DeskSettings
from register import open_register
from tests.commands.conftest import days_ago, today
from tests.commands.posting import MAIL, NAME, Office, office, stack
from tests.commands.service import said
from tests.commands.stack import Stack

__all__ = ["office", "stack"]


@pytest.fixture
def desk(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The desk, served, and named in the settings."""
    settings = Settings.from_environment(stack.folder, stack.environment)
    desk = Desk(open_register(settings.register_url), Keys.load(settings.keys_file), settings, DeskSettings())
    with serving_desk(desk, 0) as url:
        monkeypatch.setenv("DESK_URL", f"{url}/")
        yield url


def _read(address: str) -> dict[str, str]:
    """The days in a calendar by their titles."""
    answer = httpx.get(address)
    assert answer.status_code == 200
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    return {str(event["SUMMARY"]): str(event.decoded("DTSTART")) for event in events}


def test_an_iros_calendar_is_read_by_its_address_until_it_is_revoked(
    office: Office, desk: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    iro = office.appoint()
    episode = office.opened("ana")
    office.until(lambda: office.line(episode)["iro"] == iro)
    day = office.arrange(episode)
    made = office.typed("feed", "add", "iro", iro, "--json").json
    assert made["address"].startswith(f"{desk}/calendars/")
    days = _read(made["address"])
    assert days[f"Review meeting ({office.ref('ana')})"] == str(day)
    listed = said(office.typed("feed"))
    assert f"iro {iro}" in listed and made["address"] not in listed
    assert "address" not in office.typed("feed", "--json").json[-1]

    assert "leads nowhere now" in said(office.typed("feed", "revoke", str(made["id"])))
    assert httpx.get(made["address"]).status_code == 404
    assert "was revoked before" in office.typed("feed", "revoke", str(made["id"])).sentence
    assert "revoked" in said(office.typed("feed"))
    token = made["address"].rpartition("/")[2].removesuffix(".ics")
    # What asks for it logs it here; the desk does not.
    assert not [each for each in caplog.records if token in each.getMessage() and not each.name.startswith("http")]


def test_a_childs_calendar_is_for_one_of_the_network_while_they_may_know(office: Office, desk: str) -> None:
    episode = office.opened("ana")
    mum = office.contact(episode, "mum", "parents", f"email={MAIL}", "language=welsh")
    day = office.arrange(episode)
    told = said(office.typed("feed", "add", "child", episode, "--for", mum))
    [address] = [word for word in told.split() if word.startswith(desk)]
    assert _read(address)["Cyfarfod adolygu"] == str(day)
    assert NAME not in httpx.get(address).text
    office.typed("contact", "suppress", mum, "notice=review_arranged", "reason=Court order")
    assert _read(address) == {}
    office.typed("contact", "send", mum, "notice=review_arranged")
    assert _read(address)
    office.typed("contact", "end", mum, f"on={days_ago(1)}")
    assert _read(address) == {}


def test_a_calendar_for_nobody_is_refused_in_one_sentence(office: Office) -> None:
    episode, other = office.opened("ana"), office.opened("ben")
    gone = office.iro("gone")
    office.typed("iro", "leave", gone, f"on={days_ago(3)}")
    former = office.contact(episode, "former", "parents")
    office.typed("contact", "end", former, f"on={days_ago(1)}")
    later = office.contact(episode, "later", "parents", f"since={today() + timedelta(days=3)}")
    for words, why in (
        (("add", "iro", "nobody"), "Nobody in the directory has that reference"),
        (("add", "iro", gone), "left on"),
        (("add", "iro", office.ref("team-manager")), "not an IRO"),
        (("add", "iro", gone, "--for", former), "leave out --for"),
        (("add", "child", "episode-x", "--for", former), "There is no episode episode-x"),
        (("add", "child", episode), "--for REFERENCE"),
        (("add", "child", episode, "--for", "nobody"), "Nobody of that reference is in this child's network"),
        (("add", "child", other, "--for", former), "Nobody of that reference is in this child's network"),
        (("add", "child", episode, "--for", former), "is not involved now"),
        (("add", "child", episode, "--for", later), "is not involved now"),
        (("add", "chld", episode), "did you mean child?"),
        (("revoke", "99999"), "There is no calendar 99999"),
        (("revoke", "x"), "see `starter.py feed revoke --help`"),
    ):
        assert why in office.typed("feed", *words).sentence, words
