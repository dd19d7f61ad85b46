"""A child's reviews, changes, letters and timeline: what became of everything, and who may put it right."""

import re

import pytest

from desk.doors import Child
from desk.seen.changes import changes
from desk.seen.child import read_child
from desk.viewer import DeskRole, Viewer
from register import RegisterUnavailable
from register.queries import episode as episode_line
from rules.calendar import WorkingCalendar
from rules.vocabulary import Nation, Role
from rules.wording import in_full
from tests.desk.ledgers import contact, days_ago, posted
from tests.desk.lives import TABS, begun, lived, tab, words
from tests.desk.town import Town

# --- Reviews ------------------------------------------------------------------------------------------------------


def test_a_review_is_in_time_or_late_by_both_measures_and_says_how_the_child_took_part(town: Town) -> None:
    ledger = begun(town, since=150)
    ledger.add("review_held", 100, participation="PN6", late_reason="child_missing").add(
        "review_held", 50, counts=False
    )
    said = words(tab(town.visitor(DeskRole.IRO), ledger.publish(town.register), "/reviews"))
    assert "Late The child was missing" in said
    assert "By the indicator Late, last day" in said
    assert "Did not come, but sent their views: in writing, by phone, text, audio or video (PN6)" in said
    assert "Meeting that was no statutory review" in said


def test_decisions_say_what_became_of_them(town: Town) -> None:
    episode = lived(town).publish(town.register)
    text = tab(town.visitor(DeskRole.IRO), episode, "/reviews")
    said = words(text)
    assert re.search(r"Find a dentist Due \w+day \d+ \w+.*, in \d+ working days", said)
    assert re.search(r"Life story work Carried out on .*, late; it was due", said)
    assert re.search(r"A new bicycle Dropped on .*: Has one", said)
    assert f"/children/{episode}/record/decision_carried_out?step=decision.D1&amp;decision=D1" in text
    assert f"/children/{episode}/facts/rev1/correct" in text
    assert "/facts/rev1/correct" not in tab(town.visitor(DeskRole.SOCIAL_WORKER), episode, "/reviews")


# --- Changes and challenges ---------------------------------------------------------------------------------------


def test_challenges_and_changes_say_how_they_stand_and_what_comes_next(town: Town) -> None:
    episode = lived(town).publish(town.register)
    text = tab(town.visitor(DeskRole.IRO), episode, "/changes")
    said = words(text)
    assert said.index("No school place") < said.index("No dentist"), "what is open comes first"
    assert "Two schools are asked" in said
    assert "Say whether the challenge is resolved, or take it further Was due" in said
    assert "Resolved on" in said
    assert "What the IRO asked for was done" in said
    assert "The child was excluded from school" in said
    assert "The IRO has not recorded yet what comes of it." in said
    assert "I like my school. I want to stay." in said
    assert "change_considered?step=consider_change.ch1&amp;change=ch1" in text
    assert "Raise a challenge" not in words(tab(town.visitor(DeskRole.SOCIAL_WORKER), episode, "/changes"))


def test_a_change_that_was_told_late_says_by_how_long(town: Town) -> None:
    ledger = begun(town)
    ledger.add("significant_change", 30, id="ch1", change="school_exclusion", happened_on=days_ago(45))
    ledger.add("significant_change", 20, id="ch2", change="missing", happened_on=days_ago(20))
    line = episode_line(town.register, ledger.publish(town.register), today=days_ago(0))
    assert line is not None
    viewer = Viewer(person=town.ref("iro"), name="x", authority=town.code, roles=frozenset({DeskRole.IRO}), csrf="x")
    read = read_child(town.served.desk, Child(viewer, line))
    assert read is not None
    in_time, late = changes(read.scene, read.case, (*read.page.open_steps, *read.page.closed_steps))
    calendar = WorkingCalendar(Nation.ENGLAND)
    days = calendar.working_days_between(calendar.working_days_after(days_ago(45), 2), days_ago(30))
    assert f"the IRO was told on {in_full(days_ago(30))}, {days} working days late." in late.lines[0]
    assert in_time.lines[0].endswith(f"the IRO was told on {in_full(days_ago(20))}.")
    assert late.owed and in_time.owed, "what is owed for each is found as before"


def test_a_change_of_plan_says_what_it_comes_to(town: Town) -> None:
    ledger = begun(town)
    for number, plan in enumerate(("placement_with_parent", "leaving_care_not_to_parent", "other", None)):
        change = "care_plan_change_proposed"
        ledger.add("significant_change", 9, id=f"ch{number}", change=change, happened_on=days_ago(9), plan_change=plan)
    said_now = words(tab(town.visitor(DeskRole.IRO), ledger.publish(town.register), "/changes"))
    proposed = "A change of the care plan is proposed"
    assert f"{proposed}: a child in care is to be placed with a parent" in said_now
    assert f"{proposed}: a child who is not in care is to leave, and not to a parent" in said_now
    assert said_now.count(f"{proposed} Happened on") == 2, "the form has nothing more to say of these"


# --- What was sent ------------------------------------------------------------------------------------------------


def test_what_arrived_what_did_not_and_what_is_not_sent_is_told_with_the_reason(town: Town) -> None:
    ledger = begun(town, since=9)
    episode = ledger.publish(town.register)
    contact(town.register, ledger, Role.PARENTS, "Example Parent", email="parent@example.org")
    posted(town.register, ledger)
    said = words(tab(town.visitor(DeskRole.IRO), episode, "/notices"))
    assert "Example Parent (" in said
    assert "Did not arrive" in said
    assert "The address is not known there" in said
    assert "not to be sent to them. Not safe to write to" in said
    assert said.index("Reached nobody") < said.index("Sent, the latest first") < said.index("Not sent, and why")
    assert "reached nobody. See what did not arrive" in words(tab(town.visitor(DeskRole.IRO), episode))


def test_a_notice_that_reached_nobody_leads_to_its_delivery_by_hand(town: Town) -> None:
    ledger = begun(town, since=9)
    outbox = posted(town.register, ledger.publishing(town.register))
    ledger.add(
        "notice_undelivered", 0, id="undelivered-1", by="system", notice=str(outbox.id), name=outbox.name,
        recipient=outbox.recipient, about=outbox.about, reason="The address is not known there",
    )  # fmt: skip
    episode = ledger.publish(town.register, revision=2)
    link = f"/children/{episode}/record/notice_delivered?step=deliver_notice.undelivered-1&amp;notice=undelivered-1"
    assert link in tab(town.visitor(DeskRole.IRO), episode, "/notices")
    assert link not in tab(town.visitor(DeskRole.SOCIAL_WORKER), episode, "/notices")


# --- The timeline -------------------------------------------------------------------------------------------------


def test_the_timeline_tells_who_what_and_when_with_what_is_owed_next_at_the_top(town: Town) -> None:
    episode = lived(town).publish(town.register)
    said = words(tab(town.visitor(DeskRole.IRO), episode, "/timeline", show="recorded"))
    assert "Next: " in said
    assert "Decision made" in said
    assert f"Recorded by Example Iro {town.code} on" in said.replace("IRO", "Iro")
    assert "How the child took part Came and spoke for themselves (PN1)" in said
    assert re.search(r"Which challenge Challenge raised, \w+day", said)
    assert said.index("Challenge answered") < said.index("Review held") < said.index("The child became looked after")


def test_what_was_withdrawn_or_corrected_since_says_so(town: Town) -> None:
    episode = lived(town).publish(town.register)
    text = tab(town.visitor(DeskRole.IRO), episode, "/timeline", show="recorded")
    said = words(text)
    assert "Views gathered Withdrawn since" in said
    assert re.search(r"Takes back Views gathered, .* Why Another child's", said)
    assert "Decision made Corrected since; shown as it stands now" in said
    assert re.search(r"Corrects Decision made, .* By which day .*, not .* Why The day was wrong", said)
    assert f"/children/{episode}/facts/oops/correct" not in text


def test_facts_are_put_right_only_by_whoever_may_record_them(town: Town) -> None:
    episode = lived(town).publish(town.register)
    mine, theirs = f"/children/{episode}/facts/rev1/correct", f"/children/{episode}/facts/notified/withdraw"
    opening = f"/children/{episode}/facts/opening/"
    iro, worker = (
        tab(town.visitor(role), episode, "/timeline", show="recorded")
        for role in (DeskRole.IRO, DeskRole.SOCIAL_WORKER)
    )
    assert (mine in iro, theirs in iro, opening in iro) == (True, False, False)
    assert (mine in worker, theirs in worker, opening in worker) == (False, True, False)


def test_a_closed_case_offers_nothing_to_record_or_correct(town: Town) -> None:
    ledger = begun(town, since=90).add("care_ended", 60, reason="E4A")
    ledger.add("iro_made_known", 88, recipient="child", way="letter")
    episode = ledger.publish(town.register)
    text = " ".join(tab(town.visitor(DeskRole.IRO), episode, path) for path in TABS)
    assert "/facts/" not in text
    assert f"/children/{episode}/record" not in text


def test_what_people_write_is_shown_as_they_wrote_it(town: Town) -> None:
    ledger = begun(town, since=120).add("review_held", 104, participation="PN1")
    said = {"decision": "D1", "text": "<b>See</b> & hear", "owner": "social_worker", "due": days_ago(9)}
    episode = ledger.add("decision_made", 104, by="test", **said).publish(town.register)
    visitor = town.visitor(DeskRole.SOCIAL_WORKER)
    paths = ["/tasks", *(f"/children/{episode}{path}" for path in ("", "/reviews", "/timeline?show=recorded"))]
    for text in (visitor.get(path).text for path in paths):
        assert "&lt;b&gt;See&lt;/b&gt; &amp; hear" in text
        assert "<b>See" not in text


def test_the_timeline_has_parts_and_pages(town: Town) -> None:
    ledger = begun(town, since=600)
    for day in range(520, 20, -1):
        ledger.add("mid_point_checked", day)
    episode = ledger.publish(town.register)
    visitor = town.visitor(DeskRole.IRO)
    pages = [tab(visitor, episode, "/timeline", show="recorded", page=str(page)) for page in (1, 2, 11, 12)]
    assert [page.count("Recorded by") for page in pages] == [50, 50, 3, 0]
    assert ['rel="next"' in page for page in pages] == [True, True, False, False]
    assert "Slipped: " not in tab(visitor, episode, "/timeline", show="recorded")
    slips = tab(visitor, episode, "/timeline", show="slipped")
    assert "Slipped: " in slips
    assert "Recorded by" not in slips
    assert visitor.get(f"/children/{episode}/timeline?show=nothing").status_code == 404


def test_what_happened_is_told_as_missing_where_it_cannot_be_read(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise RegisterUnavailable("The register cannot be used.")

    episode = begun(town).publish(town.register)
    monkeypatch.setattr("desk.pages.child.timeline_from_register", unavailable)
    said = words(tab(town.visitor(DeskRole.IRO), episode, "/timeline"))
    assert "What happened cannot be shown just now" in said
    assert "Next: " in said
