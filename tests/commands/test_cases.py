"""`starter.py open`, `record` and `acts`, beside a real server."""

import json
from pathlib import Path
from typing import Any

import pytest

from client.acts import ACTS, act_said
from rules.facts import FACT_TYPES, OF_THE_SYSTEM
from tests.commands.conftest import Typed, days_ago, notification, open_case, program, today
from tests.commands.stack import Stack


def facts_of(typed: Typed, episode: str) -> list[dict[str, Any]]:
    told = typed("timeline", episode, "--json").json["happenings"]
    return [each["fact"] for each in told if each["fact"]]


# --- Opening ------------------------------------------------------------------------------------------------------


def test_a_notification_opens_an_episode_and_the_same_one_finds_it_again(shell: Typed, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(notification("twice")))
    first, again = shell("open", str(file), "--json").json, shell("open", str(file))
    assert first["episode"].startswith("episode-")
    assert (first["existed"], first["stage"]) == (False, "allocation")
    assert again.code == 0
    assert "was open already" in again.out
    assert first["episode"] in again.out


def test_a_notification_may_come_on_standard_input(stack: Stack) -> None:
    given = b"\xef\xbb\xbf" + json.dumps(notification("piped")).encode()
    assert program(("open", "-", "--json"), stack.environment, given).json["existed"] is False


def test_a_contradicting_notification_is_refused(typed: Typed, tmp_path: Path) -> None:
    episode = open_case(typed, tmp_path, **notification("contradicted"))
    file = tmp_path / "other.json"
    file.write_text(json.dumps(notification("contradicted", birth_date="2014-01-31")))
    sentence = typed("open", str(file)).sentence
    assert "says otherwise (birth_date)" in sentence
    assert "2014" not in sentence
    file.write_text(json.dumps(notification("contradicted", became_looked_after=str(days_ago(4)))))
    assert episode in typed("open", str(file)).sentence


# --- Recording ----------------------------------------------------------------------------------------------------


def test_an_act_is_recorded_and_the_same_id_twice_is_recorded_once(opened: str, shell: Typed, typed: Typed) -> None:
    words = ("record", opened, "iro-appointed", "on=today", "iro=iro-1", "--id", "act-1")
    first, second = shell(*words), typed(*words, "--json")
    assert "Recorded: IRO appointed." in first.out
    assert "act-1" in first.out
    assert second.json["revision"] == 2
    assert [fact["id"] for fact in facts_of(typed, opened)].count("act-1") == 1


def test_an_id_that_stands_for_another_fact_is_refused(opened: str, typed: Typed) -> None:
    typed("record", opened, "iro_appointed", "on=today", "iro=iro-1", "--id", "act-1")
    sentence = typed("record", opened, "iro_appointed", "on=today", "iro=iro-2", "--id", "act-1").sentence
    assert "stands for another fact already" in sentence


def test_without_an_id_a_fresh_one_is_made_and_told(opened: str, typed: Typed) -> None:
    one = typed("record", opened, "discussion_held", "on=today", "--json").json["id"]
    other = typed("record", opened, "mid_point_checked", "on=today", "--json").json["id"]
    assert one != other
    assert {one, other} <= {fact["id"] for fact in facts_of(typed, opened)}


def test_values_are_read_as_people_write_them(opened: str, typed: Typed) -> None:
    day = f"on={days_ago(1)}"
    typed("record", opened, "child-consulted", day, "outcome=spoke", "ways=in-person, app", "by=iro-7")
    typed("record", opened, "views_gathered", day, "source=parents", "given=no", "reason=They did not answer.")
    fields = ("participation=pn1", "attended=child,social worker", "counts=yes", "late_reason=")
    typed("record", opened, "review_held", day, *fields)
    consulted, views, review = facts_of(typed, opened)[2:]
    assert (consulted["ways"], consulted["by"]) == (["in_person", "app"], "iro-7")
    assert (views["given"], views["reason"], views["by"]) == (False, "They did not answer.", "operator")
    assert (review["participation"], review["attended"], review["counts"]) == ("PN1", ["child", "social_worker"], True)


def test_a_fact_may_come_as_a_file(opened: str, typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "fact.json"
    file.write_text(json.dumps({"id": "from-file", "on": str(today()), "iro": "iro-1", "by": "case-system"}))
    assert typed("record", opened, "iro_appointed", str(file), "--json").json["id"] == "from-file"
    assert "another id" in typed("record", opened, "iro_appointed", str(file), "--id", "other").sentence
    file.write_text(json.dumps({"kind": "care_ended", "on": str(today()), "reason": "E4A"}))
    assert "another kind" in typed("record", opened, "iro_appointed", str(file)).sentence


def test_a_correction_changes_what_is_named_and_keeps_the_rest(opened: str, typed: Typed) -> None:
    fields = (f"on={days_ago(1)}", "participation=PN2", "attended=child,carer")
    typed("record", opened, "review_held", *fields, "--id", "review-1")
    why = ("on=today", "corrects=review-1", "reason=The day was mistyped.")
    typed("record", opened, "fact_corrected", *why, f"to.on={days_ago(2)}", "to.participation=PN1")
    [*_, correction] = facts_of(typed, opened)
    right = correction["to"]
    assert (right["id"], right["on"], right["participation"]) == ("review-1", str(days_ago(2)), "PN1")
    assert right["attended"] == ["child", "carer"]
    again = ("on=today", "corrects=review-1", "reason=Nobody attended.", "to.attended=")
    typed("record", opened, "fact-corrected", *again)
    [*_, second] = facts_of(typed, opened)
    assert (second["to"]["on"], second["to"]["attended"]) == (str(days_ago(2)), [])


def test_the_opening_is_corrected_like_any_fact(opened: str, typed: Typed) -> None:
    why = ("on=today", "corrects=opening", "reason=Back-dated.")
    typed("record", opened, "fact_corrected", *why, f"to.on={days_ago(6)}")
    [line] = [line for line in typed("list", "--json").json if line["id"] == opened]
    assert line["became_looked_after"] == str(days_ago(6))
    assert "birth_date" not in line


def test_a_correction_may_come_as_a_file(opened: str, typed: Typed, tmp_path: Path) -> None:
    typed("record", opened, "iro_appointed", f"on={days_ago(1)}", "iro=iro-1", "--id", "iro")
    right = {"kind": "iro_appointed", "id": "iro", "on": str(days_ago(2)), "by": "operator", "iro": "iro-2"}
    file = tmp_path / "correction.json"
    file.write_text(json.dumps({"on": str(today()), "corrects": "iro", "reason": "Another IRO.", "to": right}))
    assert typed("record", opened, "fact_corrected", str(file)).code == 0
    assert typed("agenda", opened, "--json").json["iro"] == "iro-2"


REFUSED: list[tuple[tuple[str, ...], str]] = [
    (("revew_held", "on=today"), "no such act (did you mean review_held?); `starter.py acts` lists them"),
    (("zzz",), "no such act; `starter.py acts`"),
    (("became_looked_after", "on=today"), "starter.py open"),
    (("iro_proposed", "on=today", "iro=iro-1"), "Only the system itself records iro_proposed"),
    (("no-iro-found", "on=today", "directory=1"), "starter.py allocate EPISODE"),
    (("notice_undelivered", "on=today"), "record notice_delivered"),
    (("dispute_moved_up", "on=today"), "Take a dispute up with dispute_taken_up"),
    (("hearing-reached", "on=today"), "what came of a hearing with hearing_reported"),
    (("dispute_raised", "on=today", "matter=drift", "about=x", "stage=director"), "only the child's IRO"),
    (("notice_delivered", "on=today", "notice=n-1", "way=verbally"), "no such undelivered notice (notice=n-1)"),
    (("review_arranged", "on=today", "planned_for=today", "at=noon"), "written hh:mm"),
    (("needs_known", "on=today", "needs=Welsh Language"), "one word in small letters"),
    (("kin_known", "on=today", "kin=refusing", "relation=sibling"), "not kin of themselves"),
    (("iro_handed_over", "on=today"), "had one IRO so far"),
    (("review_held", "on=today", "partcipation=PN1"), "no such field (did you mean participation?)"),
    (("review_held", "participation=PN1"), "on=today"),
    (("review_held",), "Say on which day"),
    (("review_held", "on=18/11/2026"), "yyyy-mm-dd"),
    (("review_held", "on=2026-02-30"), "does not exist"),
    (("review_held", "on=tomorrow"), "yyyy-mm-dd"),
    (("review_held", "on=today", "participation=PN9"), "PN6 or PN7"),
    (("review_held", "on=today", "counts=perhaps"), "counts must be yes or no"),
    (("review_held", "on=today", "attended=child,nobody"), "attended must be child"),
    (("review_held", "on=today", "on=today"), "given twice"),
    (("review_held", "on=today", "and more"), "name=value"),
    (("review_held", "today"), "name=value"),
    (("review_held", "none.json"), "There is no file none.json"),
    (("iro_appointed", "on=today"), "iro is missing"),
    (("iro_appointed", "on=today", "iro=Jane Doe"), "iro must be a reference"),
    (("iro_appointed", "on=today", "iro=iro-1", "--id", "an id"), "id must be a reference"),
    (("care_voided", "on=today", "reason= "), "reason is missing"),
    (("care_voided", "on=today", "reason=" + "secret " * 400), "no longer than 2000"),
    (("decision_made", "on=today", "decision=d", "text=secret", "owner=iro", "due=2099-01-01"), "1970 to 2090"),
    (("fact_corrected", "on=today", "reason=x"), "corrects=ID"),
    (("fact_corrected", "on=today", "reason=x", "corrects=opening"), "to.on="),
    (("fact_corrected", "on=today", "reason=x", "corrects=none", "to.on=today"), "No fact of that id stands"),
    (("fact_corrected", "on=today", "reason=x", "corrects=opening", "to.born=today"), "no such field"),
    (("fact_withdrawn", "on=today", "reason=x", "withdraws=opening"), "cannot be withdrawn"),
    (("iro_cover_ended", "on=today"), "appoint one first"),
    (("discussion_held", "on=2020-01-01"), "before the child became looked after"),
    (("discussion_held", f"on={days_ago(-1)}"), "has not come yet"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED, ids=[" ".join(words)[:50] for words, _ in REFUSED])
def test_an_act_that_cannot_be_is_refused_in_one_sentence(
    refusing: str, typed: Typed, words: tuple[str, ...], said: str
) -> None:
    done = typed("record", refusing, *words)
    assert said in done.sentence
    assert "secret" not in done.err and "Jane" not in done.err
    assert len(facts_of(typed, refusing)) == 2


@pytest.fixture
def refusing(typed: Typed, tmp_path: Path) -> str:
    """One episode for all refusals, as none of them leaves a trace."""
    return open_case(typed, tmp_path, **notification("refusing"))


def test_an_unknown_episode_takes_no_acts(typed: Typed) -> None:
    assert "There is no episode episode-x" in typed("record", "episode-x", "discussion_held", "on=today").sentence


def test_an_ended_episode_takes_only_what_follows_its_last_review(opened: str, typed: Typed) -> None:
    typed("record", opened, "care_ended", f"on={days_ago(1)}", "reason=E4A")
    assert "Care ended on" in typed("record", opened, "discussion_held", "on=today").sentence


# --- Acts ---------------------------------------------------------------------------------------------------------


def test_every_act_is_told_with_its_fields(alone: Typed) -> None:
    told = {act["act"]: act for act in alone("acts", "--json").json}
    assert set(told) == set(FACT_TYPES) - OF_THE_SYSTEM
    for name in told:
        kind = FACT_TYPES[name]
        assert {field["name"] for field in told[name]["fields"]} == set(kind.model_fields) - {"kind"}
        assert told[name]["says"].endswith(".")
    [participation] = [field for field in told["review_held"]["fields"] if field["name"] == "participation"]
    assert participation["choices"] == [f"PN{number}" for number in range(8)]


def test_a_person_reads_the_acts_at_80_columns(alone: Typed) -> None:
    done = alone("acts")
    assert max(len(line) for line in done.out.splitlines()) <= 80
    for act in ACTS:
        assert f"\n{act}\n" in done.out


def test_one_act_alone(alone: Typed) -> None:
    done = alone("acts", "care-ended")
    assert "E4A (returned home, planned)" in done.out
    assert "review_held" not in done.out
    assert act_said("care_ended").says == "The child ceased to be looked after."
