"""`starter.py post`: what is owed, what went out and what did not, beside a post room at work."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import update

from client.connection import connect_to
from client.keys import Keys
from client.schedules import keep_schedules
from commands import post_round
from register import open_register, writing
from register.post_tables import DispatchRow
from rules.network import DispatchState
from tests.commands.conftest import NOBODY, Typed
from tests.commands.posting import MAIL, NAME, STREET, Office, files, office, stack
from tests.commands.service import said
from tests.commands.stack import Stack, running

__all__ = ["office", "stack"]


def test_an_iro_is_appointed_and_everyone_is_written_to_by_their_own_way(
    office: Office, stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    episode = office.opened("ana")
    family = office.family(episode)
    office.appoint()
    letter = office.message(episode, notice="iro_appointed", role="child", state="sent")
    email = office.message(episode, notice="iro_appointed", role="parents", state="sent")
    text = office.message(episode, notice="iro_appointed", role="carer", state="sent")
    assert [(each["way"], each["recipient"]) for each in (letter, email, text)] == [
        ("letter", family["kid"]),
        ("email", family["mum"]),
        ("text", family["carer"]),
    ]
    [pdf] = [file for file in files(stack, ".pdf") if file.stem == letter["reference"]]
    assert pdf.read_bytes().startswith(b"%PDF-")
    [eml] = [file for file in files(stack, ".eml") if file.stem == email["reference"]]
    assert message_from_bytes(eml.read_bytes())["To"] == f"{NAME} <{MAIL}>"

    shown = office.typed("post", "show", str(letter["id"]))
    told = said(shown)
    for words in (f"Message {letter['id']}: the IRO's appointment", NAME, STREET, "LS1 1AA", "letter, in English"):
        assert words in told
    assert f"child ({family['kid']})" in told
    assert "".join(pdf.name.split()) in "".join(told.split())
    answer = office.typed("post", "show", str(letter["id"]), "--json").json
    assert (answer["to_name"], answer["address"][0], answer["file"]) == (NAME, STREET, str(pdf))
    assert office.typed("post", "show", str(text["id"]), "--json").json["to"] == "07700 900123"

    listed = said(office.typed("post", "list", "--episode", episode))
    assert "The IRO's appointment: child, by letter" in listed
    sent = [(each["what"], each["role"], each["way"]) for each in office.told(episode, "sent")]
    assert ("the IRO's appointment", "parents", "email") in sent
    timeline = said(office.typed("timeline", episode))
    assert "Sent: the IRO's appointment" in timeline
    for where in (caplog.text, listed, timeline, *(str(file) for file in files(stack, ""))):
        assert NAME not in where and MAIL not in where and STREET not in where


def test_the_overview_says_how_much_went_and_what_is_to_come(office: Office) -> None:
    episode = office.opened("ana")
    office.message(episode, notice="became_looked_after", role="team_manager", state="sent")
    round_made = office.typed("post", "send", "--json").json
    assert set(round_made["round"]) >= {"sent", "failed", "blocked"}
    assert round_made["tally"]["sent"] > 0
    assert "The round is over" in said(office.typed("post", "send"))
    told = said(office.typed("post"))
    assert "Sent" in told and "reminders wait for the morning" in told
    assert "tally" in office.typed("post", "--json").json


def test_what_nobody_could_be_found_for_is_a_step_until_somebody_is_known(office: Office) -> None:
    episode = office.opened("ana")
    office.appoint()
    office.until(lambda: len(office.deliveries(episode)) == 3)
    step = next(each for each in office.deliveries(episode) if "to the parents" in each["title"])
    assert step["owner"] == "iro_administrator"
    assert step["key"] in said(office.typed("agenda", episode))
    assert "Owed by IRO administrator" in said(office.typed("explain", episode, step["key"]))
    trouble = next(each for each in office.troubles(episode) if each["role"] == "parents")
    assert (trouble["what"], trouble["message"], trouble["why"]) == (
        "nobody found",
        None,
        "nobody of that role is known",
    )
    assert "parents" in office.typed("contact", episode, "--json").json["nobody_found_for"]

    added = office.typed("contact", "add", episode, office.ref("mum"), f"name={NAME}", "role=parents", f"email={MAIL}")
    assert "2 notices that had nobody to go to are looked at again now." in said(added)
    office.message(episode, notice="iro_appointed", role="parents", state="sent")
    office.until(lambda: all("parents" not in each["title"] for each in office.deliveries(episode)))
    assert all(each["role"] != "parents" for each in office.troubles(episode))
    assert office.outcome(episode, step["key"]) == "email"


def test_what_was_delivered_by_hand_is_no_trouble_and_the_next_notice_is_told_anew(office: Office) -> None:
    episode = office.opened("ana")
    office.appoint()
    office.until(lambda: len(office.deliveries(episode)) == 3)
    step = next(each for each in office.deliveries(episode) if "to the parents" in each["title"])
    words = ("on=today", f"notice={step['key'].partition('.')[2]}", "way=verbally")
    assert office.typed("record", episode, "notice_delivered", *words).code == 0
    named = [(each["notice"], each["role"]) for each in office.troubles(episode)]
    assert ("iro_appointed", "parents") not in named
    assert ("iro_appointed", "carer") in named
    office.arrange(episode)
    title = "Deliver the notice of the day of the review to the parents"
    office.until(lambda: any(each["title"] == title for each in office.deliveries(episode)))


def test_what_failed_is_sent_once_more_to_the_address_put_right(office: Office) -> None:
    head = office.ref("virtual-school-head")
    office.typed("person", "change", head, "email=nonsense")
    episode = office.opened("ana")
    first = office.message(episode, recipient=head, state="failed")
    told = said(office.typed("post", "list", "--state", "failed", "--episode", episode))
    assert "The child's becoming" in told and "failed" in told
    assert "nonsense" not in told
    [trouble] = [each for each in office.troubles(episode) if each["role"] == "virtual_school_head"]
    assert (trouble["what"], trouble["message"]) == ("failed", first["id"])
    assert "starter.py post resend N" in said(office.typed("post"))
    assert office.until(lambda: office.told(episode, "failed"))[0]["role"] == "virtual_school_head"
    office.until(lambda: office.deliveries(episode))

    again = office.typed("post", "resend", str(first["id"]), "--json").json
    assert (again["state"], again["instead_of"], again["why_not_yet"]) == ("failed", first["id"], None)
    office.typed("person", "change", head, "email=head@example.org")
    resent = office.typed("post", "resend", str(again["id"]))
    assert f"Message {again['id']} is sent once more as message" in said(resent)
    assert office.message(episode, recipient=head)["state"] == "sent"
    assert office.troubles(episode) == []
    office.until(lambda: not office.deliveries(episode))


def test_where_no_round_can_be_made_a_message_sent_again_waits_for_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode = office.opened("ana")
    first = office.message(episode, role="team_manager", state="sent")
    with monkeypatch.context() as alone:
        alone.setenv("TEMPORAL_ADDRESS", NOBODY)
        told = said(office.typed("post", "resend", str(first["id"])))
        assert ": owed. " in told and "It goes with the next round." in told
        [owed] = [each["id"] for each in office.messages(episode) if each["instead_of"] == first["id"]]
        assert NOBODY in office.typed("post", "send").sentence
    assert office.typed("post", "send").code == 0
    assert office.typed("post", "show", str(owed), "--json").json["state"] == "sent"


def test_what_is_still_owed_is_not_sent_again(office: Office, stack: Stack) -> None:
    episode = office.opened("ana")
    number = office.message(episode, role="team_manager", state="sent")["id"]
    # As if its way out had said to come back tomorrow.
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    waits = {"state": DispatchState.OWED, "not_before": tomorrow, "reason": "It is busy."}
    with writing(open_register(stack.environment["REGISTER_URL"])) as connection:
        connection.execute(update(DispatchRow).where(DispatchRow.id == number).values(waits))
    assert f"Message {number} is still owed" in office.typed("post", "resend", str(number)).sentence


def test_what_would_not_be_sent_now_is_not_sent_again(office: Office) -> None:
    episode = office.opened("ana")
    mum = office.family(episode)["mum"]
    office.appoint()
    first = office.message(episode, recipient=mum, state="sent")
    assert office.typed("contact", "suppress", mum, "reason=Court order").code == 0
    sentence = office.typed("post", "resend", str(first["id"])).sentence
    assert f"{mum} would not get message {first['id']} now" in sentence
    assert "Court order" in sentence
    assert not [each for each in office.messages(episode, recipient=mum) if each["instead_of"]]


def test_a_preview_shows_what_everyone_would_get_and_keeps_nothing(
    office: Office, stack: Stack, tmp_path: Path
) -> None:
    episode = office.opened("ana")
    family = office.family(episode)
    office.appoint()
    office.message(episode, notice="reviewing_policy", role="parents", state="sent")
    office.typed("contact", "suppress", family["mum"], "notice=review_cancelled", "reason=Court order")
    office.typed("post", "send")
    before = (office.messages(episode), office.typed("post", "--json").json, sorted(files(stack, "")))

    made = office.typed("post", "preview", "reviewing-policy", episode, "--to", "child", "--json").json
    assert (made["made_up"], made["about"]) == (False, "opening")
    [letter] = made["messages"]
    assert (letter["role"], letter["way"], letter["to_name"]) == ("child", "letter", NAME)
    file = tmp_path / "letter.pdf"
    told = said(office.typed("post", "preview", "iro_appointed", episode, "--pdf", str(file)))
    assert "Nothing is sent." in told and f"child ({family['kid']})" in told
    assert file.read_bytes().startswith(b"%PDF-") and file.stat().st_mode & 0o077 == 0
    example = said(office.typed("post", "preview", "review_cancelled", episode))
    assert "made-up example" in example
    assert "not to be sent to them: Court order" in example
    for name in ("dispute_opened", "reminder", "escalation", "decisions_circulated", "notice_undelivered"):
        assert office.typed("post", "preview", name, episode, "--json").json["messages"], name

    for words, why in (
        (("iro_apointed", episode), "did you mean iro_appointed?"),
        (("iro_appointed", "episode-x"), "There is no episode episode-x"),
        (("iro_appointed", episode, "--to", "parnts"), "did you mean parents?"),
        (("became_looked_after", episode, "--to", "child"), "no words of became_looked_after for the child"),
        (("iro_appointed", episode, "--about", "f-none"), "has no such fact"),
        (("weekly_digest", episode), "starter.py digest"),
        (("became_looked_after", episode, "--pdf", str(tmp_path / "none.pdf")), "Nobody would get this as a letter"),
        (("iro_appointed", episode, "--pdf", str(tmp_path / "no" / "folder.pdf")), "cannot be written"),
    ):
        assert why in office.typed("post", "preview", *words).sentence, words
    after = (office.messages(episode), office.typed("post", "--json").json, sorted(files(stack, "")))
    assert after == before


def test_what_cannot_be_is_refused_in_one_sentence(office: Office) -> None:
    for words, why in (
        (("show", "999999"), "There is no message 999999"),
        (("resend", "999999"), "There is no message 999999"),
        (("list", "--state", "faild"), "did you mean failed?"),
        (("list", "--episode", "episode-x"), "There is no episode episode-x"),
        (("--json", "list"), "Put --json after `post list`"),
        (("lst",), "see `starter.py post --help`"),
        (("show", "x"), "see `starter.py post show --help`"),
    ):
        assert why in office.typed("post", *words).sentence, words


# --- Where nobody works ---------------------------------------------------------------------------------------------


@pytest.fixture
def idle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack whose post room never began."""
    with running(tmp_path) as started:
        for name, value in started.environment.items():
            monkeypatch.setenv(name, value)
        yield started


def test_where_nobody_works_a_round_says_so(typed: Typed, idle: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_round, "UNTIL_TAKEN_UP_SECONDS", 1.0)
    assert "there is no post room: see that a worker runs" in typed("post", "send").sentence
    assert "Sent 0 messages Nothing is stuck" in said(typed("post"))
    asyncio.run(_keep_schedules_of_nobody(idle))
    assert "Nobody has taken up the round" in typed("post", "send").sentence


async def _keep_schedules_of_nobody(idle: Stack) -> None:
    client = await connect_to(idle.address, Keys.load(idle.folder / "keys.json"))
    await keep_schedules(client, "nobody-works-here")
