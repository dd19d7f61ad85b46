"""`starter.py contact`: a child's network kept as a person types it, and who is written to because of it."""

import logging

import pytest

from tests.commands.conftest import NOBODY, Typed, days_ago, today
from tests.commands.posting import MAIL, NAME, STREET, Office, no_rounds, office, stack
from tests.commands.service import said
from tests.commands.stack import Stack

__all__ = ["office", "stack"]


def test_a_network_is_listed_without_names_and_one_of_it_in_full(office: Office) -> None:
    episode = office.opened("ana")
    assert "Nobody of this child's network is known." in said(office.typed("contact", episode))
    fields = (
        f"email={MAIL}",
        f"address= {STREET} ; Leeds; LS1 1AA;",
        "language=Welsh",
        "way=letter",
        "phone=07700900123",
    )
    more = ("needs=large-print, read aloud", "barred=yes", f"since={days_ago(3)}", "until=2080-01-01")
    mum = office.ref("mum")
    added = said(office.typed("contact", "add", episode, mum, f"name={NAME}", "role=parents", *fields, *more))
    for words in (f"{mum} is in the child's network.", NAME, STREET, "Welsh", "large print and read aloud"):
        assert words in added
    again = office.typed("contact", "add", episode, mum, f"name={NAME}", "role=parents", *fields, *more)
    assert f"{mum} is in the child's network already." in said(again)

    listed = office.typed("contact", episode)
    for words in ("parents letter, email and phone", "in Welsh, best by letter", "may not learn where the child lives"):
        assert words in said(listed)
    assert NAME not in listed.out and MAIL not in listed.out and STREET not in listed.out
    [one] = office.typed("contact", episode, "--json").json["contacts"]
    assert (one["reference"], one["role"], one["language"], one["needs"]) == (
        mum,
        "parents",
        "Welsh",
        ["large_print", "read_aloud"],
    )
    assert (one["reached_by"], one["barred"], one["involved"]) == (["letter", "email", "phone"], True, True)
    assert not {"name", "email", "phone", "address"} & set(one)
    assert NAME in said(office.typed("contact", mum))
    assert office.typed("contact", mum, "--json").json["address"] == [STREET, "Leeds", "LS1 1AA"]


def test_only_what_is_given_changes_and_nothing_after_a_name_takes_it_away(office: Office) -> None:
    episode = office.opened("ana")
    mum = office.contact(episode, "mum", "parents", f"email={MAIL}", "way=email", "needs=large_print")
    changed = office.typed("contact", "change", mum, "phone=07700 900123", "way=", "needs=", "--json").json
    assert (changed["name"], changed["email"], changed["phone"]) == (NAME, MAIL, "07700 900123")
    assert (changed["way"], changed["needs"]) == (None, [])
    assert office.typed("contact", "change", mum, "email=", "--json").json["reached_by"] == ["phone"]
    assert "The last day of" in said(office.typed("contact", "end", mum, "on=today"))
    assert f"{mum} stays." in said(office.typed("contact", "end", mum, "on=never"))


REFUSED: list[tuple[tuple[str, ...], str]] = [
    (("add", "{episode}", "{new}", "role=parents"), "Give name= too"),
    (("add", "{episode}", "{new}", "name=A"), "Give role= too"),
    (("add", "{episode}", "name=A", "role=parents"), "contact add EPISODE REFERENCE"),
    (("add", "episode-x", "{new}", "name=A", "role=parents"), "There is no episode episode-x"),
    (("add", "{episode}", "Jane Doe", "name=A", "role=parents"), "That is no reference"),
    (("add", "{episode}", "{new}", "name=A", "role=parnts"), "There is no such role"),
    (("add", "{episode}", "{new}", "name=A", "role=iro"), "starter.py person add"),
    (("add", "{episode}", "{new}", "name=A", "role=child"), "in the network already, as {kid}"),
    (("add", "{episode}", "{mum}", "name=A", "role=parents"), "in a child's network already"),
    (("add", "{episode}", "{staff}", "name=A", "role=parents"), "is in the directory"),
    (("add", "{episode}", "{new}", "name=A", "role=parents", "email=zebedee at example"), "The email cannot be taken"),
    (("add", "{episode}", "{new}", "name=A", "role=parents", "address=1;2;3;4;5;6;7"), "at most 6 lines"),
    (("add", "{episode}", "{new}", "name=A", "role=parents", "language=french"), "english or welsh"),
    (("add", "{episode}", "{new}", "name=A", "role=parents", "way=pigeon"), "There is no such way"),
    (("add", "{episode}", "{new}", "name=A", "role=parents", "needs=braille"), "There is no such need"),
    (("add", "{episode}", "{new}", "name=A", "role=parents", "barred=perhaps"), "barred must be yes or no"),
    (("add", "{episode}", "{new}", "name=A", "role=parents", "since=1/2/2026"), "yyyy-mm-dd"),
    (
        ("add", "{episode}", "{new}", "name=A", "role=parents", "since=today", "until=2020-01-01"),
        "comes before the first",
    ),
    (("add", "{episode}", "{new}", "nam=A", "role=parents"), "did you mean name?"),
    (("change", "{mum}"), "Say what is to change"),
    (("change", "{mum}", "name="), "The name cannot be taken"),
    (("change", "{mum}", "phone=1"), "The telephone number cannot be taken"),
    (("change", "{mum}", "role=carer"), "takes no role"),
    (("change", "nobody", "way=letter"), "Nobody in a child's network has that reference"),
    (("change", "way=letter"), "Say who, by reference"),
    (("end", "{mum}"), "Give on= too"),
    (("end", "{late}", "on=2020-01-01"), "comes before the first"),
    (("suppress", "{mum}"), "Give reason= too"),
    (("suppress", "{mum}", "notice=review_aranged", "reason=A"), "did you mean review_arranged?"),
    (("suppress", "{staff}", "reason=A"), "Nobody in a child's network has that reference"),
    (("send", "{mum}"), "Nothing of that kind is kept from"),
    (("ad", "{episode}"), "did you mean add?"),
    (("chnage",), "did you mean change?"),
    (("episode-x",), "There is no such case"),
]


def test_what_cannot_be_is_refused_in_one_sentence_and_changes_nothing(office: Office) -> None:
    episode = office.opened("ana")
    known = {
        "episode": episode,
        "new": office.ref("new"),
        "staff": office.ref("team-manager"),
        "kid": office.contact(episode, "kid", "child"),
        "mum": office.contact(episode, "mum", "parents", f"email={MAIL}"),
        "late": office.contact(episode, "late", "other", "since=today"),
    }
    before = office.typed("contact", episode, "--json").json
    for words, why in REFUSED:
        sentence = office.typed("contact", *(word.format(**known) for word in words)).sentence
        assert why.format(**known) in sentence, (words, sentence)
        assert "Jane" not in sentence and "zebedee" not in sentence.lower() and "pigeon" not in sentence
    assert office.typed("contact", episode, "--json").json == before


def test_what_is_kept_from_somebody_is_not_sent_and_stays_visible(office: Office) -> None:
    episode = office.opened("ana")
    mum = office.family(episode)["mum"]
    kept = office.typed("contact", "suppress", mum, "notice=review-arranged", "reason=Court order")
    assert "the reason stays visible" in said(kept)
    assert "stood already" in said(office.typed("contact", "suppress", mum, "notice=review_arranged", "reason=Again"))
    office.arrange(episode)
    office.message(episode, notice="review_arranged", role="carer", state="sent")
    assert office.messages(episode, recipient=mum, notice="review_arranged") == []
    [told] = [each for each in office.told(episode, "not_sent") if each["role"] == "parents"]
    assert (told["what"], told["why"]) == ("the day of the review", "not to be sent to them: Court order")
    assert "parents: not to be sent to them: Court order" in said(office.typed("timeline", episode))
    assert "Court order" in said(office.typed("contact", episode))
    assert office.troubles(episode) == []

    assert "what was owed meanwhile stays unsent" in said(
        office.typed("contact", "send", mum, "notice=review_arranged")
    )
    assert "Court order" not in office.typed("contact", episode).out
    office.arrange(episode, 15)
    office.message(episode, notice="review_arranged", recipient=mum, state="sent")


def test_who_is_no_longer_involved_gets_nothing(office: Office) -> None:
    episode = office.opened("ana")
    family = office.family(episode)
    former = office.contact(episode, "former", "carer", "email=former@example.org")
    office.typed("contact", "end", former, f"on={days_ago(1)}")
    office.appoint()
    office.message(episode, notice="iro_appointed", recipient=family["carer"], state="sent")
    office.arrange(episode)
    office.message(episode, notice="review_arranged", recipient=family["carer"], state="sent")
    office.typed("post", "send")
    assert office.messages(episode, recipient=former) == []
    assert "no longer involved since" in said(office.typed("contact", episode))


def test_somebody_added_is_written_to_in_time_even_where_the_post_cannot_be_woken(
    office: Office, stack: Stack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    episode = office.opened("ana")
    office.appoint()
    office.until(lambda: len(office.deliveries(episode)) == 3)
    with no_rounds(stack):
        with monkeypatch.context() as alone:
            alone.setenv("TEMPORAL_ADDRESS", NOBODY)
            words = ("contact", "add", episode, office.ref("carer"), f"name={NAME}", "role=carer", f"email={MAIL}")
            told = said(office.typed(*words))
        # What is the child's goes to the carer, too, where the child has no way of their own.
        assert "3 notices that had nobody to go to are looked at again with the next round of the post room." in told
        assert office.messages(episode, recipient=office.ref("carer")) == []
    office.typed("post", "send")
    assert {each["role"] for each in office.messages(episode, recipient=office.ref("carer"))} == {"carer", "child"}
    assert NAME not in caplog.text and MAIL not in caplog.text


def test_without_words_it_says_what_can_be_done(alone: Typed) -> None:
    told, helped = said(alone("contact")), alone("contact", "--help").out
    for words in ("EPISODE", "its lines, with semicolons", "never, if they stay after all"):
        assert words in told and words in " ".join(helped.split())
    assert set(alone("contact", "--json").json) == {"add", "change", "end", "suppress", "send"}
    assert today().isoformat() not in told
