"""What settles which step: every step has its act, and the act, as its link fills it in, settles the step."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from desk.access import ACTS, may_do
from desk.forms.of_step import fields_of
from desk.settling import ANSWERS, OF_THE_SYSTEM, SETTLES, STEP, Link, first_links, links, review_followed
from desk.viewer import DeskRole, Viewer
from rules.case import Case
from rules.facts import FACT_TYPES
from rules.limits import LIMITS
from rules.steps import Step
from rules.vocabulary import Nation, Role
from tests.desk.ledgers import Ledger, days_ago

RULES = sorted({rule for table in LIMITS.values() for rule in table})
ONLY_DATES = {
    "appoint_iro_by_first_review",
    "early_review",
    "review_before_plan_change",
    "review_before_placing_with_parent",
    "informal_resolution",
    "problem_resolution",
    "management_alert",
    "short_break_first_review",
    "short_break_subsequent_review",
    "paused_stage",
    "before_hearing",
    "wish_before_review",
}
"""Limits that date a step of another name."""
NEVER_OPEN = {"tell_iro_of_change"}
"""Closed as it is opened."""

MORE: dict[str, dict[str, Any]] = {
    "child_consulted": {"outcome": "spoke", "ways": ["in_person"]},
    "review_held": {"participation": "PN1"},
    "manager_replied": {"outcome": "accepted"},
    "iro_made_known": {"way": "verbally"},
    "notice_delivered": {"way": "letter"},
    "change_considered": {"answer": "spoke_with_social_worker"},
    "challenge_answered": {"answer": "It is being done"},
    "challenge_resolved": {"outcome": "put_right"},
    "iro_change_declined": {"reason": "Told in person"},
    "iro_appointed": {"iro": "iro-9"},
    "iro_post_vacated": {"reason": "OTHERS"},
    "dispute_answered": {"answer": "It is being done"},
    "dispute_resolved": {"outcome": "agreed"},
    "cafcass_considered": {"refer": True, "reason": "It goes on"},
    "cafcass_referred": {
        "failure": "implement_decision", "about": "No dentist", "done_so_far": "A dispute", "raised_with": ["director"],
        "childs_view": "Wants it settled", "asks": "To take it up",
    },
    "cafcass_replied": {"outcome": "advice"},
    "hearing_reported": {"words": "The plan stands"},
    "spoke_with_guardian": {"topics": ["care_plan"]},
    "adult_sought": {"found": False, "reason": "Nobody can"},
    "complaint_weighed": {"stays": True, "reason": "It was a mistake about the day"},
    "complaint_answered": {"answer": "The child was told"},
    "child_wish_answered": {"met": "met"},
}  # fmt: skip
"""What somebody fills in beside what the link has filled in."""


def everybody() -> Viewer:
    return Viewer(person="p-1", name="Example", authority="822", roles=frozenset(DeskRole), csrf="-")


def begun() -> Ledger:
    return Ledger("822", "child-1", since=30, notified=False)


def reviewed(since: int = 100) -> Ledger:
    ledger = Ledger("822", "child-2", since=since).add("iro_appointed", since - 1, iro="iro-1")
    return ledger.add("review_held", since - 10, id="review-1", participation="PN1")


def followed_up() -> Ledger:
    ledger = reviewed(14)
    ledger.add("decision_made", 4, decision="D1", text="Find a dentist", owner="social_worker", due=days_ago(-9))
    ledger.add("decisions_sent", 3)
    ledger.add("significant_change", 3, id="change-1", change="missing", happened_on=days_ago(4))
    raised = {"rung": "informal_resolution", "addressee": "team_manager", "about": "No dentist yet"}
    ledger.add("challenge_raised", 3, id="asked", **raised).add("challenge_raised", 3, id="answered", **raised)
    ledger.add("challenge_answered", 1, challenge="answered", answer="Soon")
    said = {"notice": "7", "name": "record_completed", "recipient": "parents", "about": "x", "reason": "no address"}
    return ledger.add("notice_undelivered", 2, id="undelivered-1", by="system", **said)


def changing() -> Ledger:
    ledger = reviewed().add("iro_change_asked", 20).add("iro_post_vacated", 9, id="left", reason="LEFTRL")
    return ledger.add("review_opened", 3)


def handed_on() -> Ledger:
    return reviewed().add("iro_appointed", 9, iro="iro-2", id="second")


def second_time() -> Ledger:
    return reviewed(200).add("review_held", 100, participation="PN1")


def short_breaks(since: int = 30) -> Ledger:
    return Ledger("822", "child-3", since=since, legal_status="V4").add("iro_appointed", since - 1, iro="iro-1")


def short_breaks_again() -> Ledger:
    return short_breaks(100).add("review_held", 60, participation="PN1")


def disputed() -> Ledger:
    """One dispute that an unanswered stage took up, one that was answered, and one of long ago with Cafcass."""
    ledger = reviewed()
    raised = {"stage": "team_manager", "about": "No dentist yet", "by": "iro-1"}
    ledger.add("dispute_raised", 9, id="moved", matter="health", **raised)
    up: dict[str, Any] = {
        "unanswered": "team_manager",
        "to": "service_manager",
        "last_day": days_ago(1),
        "by": "system",
    }
    ledger.add("dispute_moved_up", 0, id="up", dispute="moved", **up)
    ledger.add("dispute_raised", 2, id="answered", matter="contact", **raised)
    ledger.add("dispute_answered", 1, dispute="answered", answer="Soon")
    return ledger.add("legal_advice_asked", 1, id="advice", about="Whether the plan may stand")


def ignored() -> Ledger:
    """Two disputes about a significant failure that nobody answered: one to be considered, one to be referred."""
    ledger = reviewed()
    raised = {"stage": "chief_executive", "about": "No dentist yet", "failure": "implement_decision", "by": "iro-1"}
    ledger.add("dispute_raised", 60, id="first", matter="health", **raised)
    ledger.add("dispute_raised", 60, id="second", matter="contact", **raised)
    ledger.add("cafcass_considered", 20, id="considered", dispute="second", refer=True, reason="It goes on")
    return ledger.add("cafcass_referred", 5, id="referral", **MORE["cafcass_referred"])


def in_court() -> Ledger:
    """Proceedings under way, with a dispute and hearings; others that are over."""
    ledger = reviewed(40).add("proceedings_issued", 38, id="court", about="care_or_supervision")
    ledger.add("guardian_appointed", 30, id="guardian", proceedings="court")
    ledger.add("review_held", 12, id="review-2", participation="PN1")
    ledger.add("court_document_received", 3, id="order", proceedings="court", document="order")
    ledger.add("hearing_listed", 20, id="held", proceedings="court", hearing="case_management", held_on=days_ago(2))
    ledger.add("hearing_reached", 2, hearing="held", by="system")
    later: dict[str, Any] = {"hearing": "issues_resolution", "held_on": days_ago(-20)}
    ledger.add("hearing_listed", 5, id="to-come", proceedings="court", **later)
    raised = {"stage": "director", "about": "No dentist yet", "matter": "health", "by": "iro-1"}
    ledger.add("dispute_raised", 1, id="dispute", **raised)
    ledger.add("proceedings_issued", 30, id="over", about="placement")
    ledger.add("guardian_appointed", 29, id="gone", proceedings="over")
    return ledger.add("proceedings_ended", 3, proceedings="over", outcome="no_order")


def childs_own() -> Ledger:
    """What the child asked for, and nobody answered yet."""
    ledger = reviewed().add("child_wants_proceedings", 8, id="wants", words="To see my brother")
    ledger.add("child_wants_proceedings", 8, id="unhelped", words="To go home")
    ledger.add("adult_sought", 4, request="unhelped", found=False, reason="Nobody can")
    ledger.add("complaint_made", 2, id="complaint", about="iro", by_child=True, words="Never came")
    ledger.add("complaint_made", 4, id="weighed", about="iro", by_child=True, words="Never listens")
    ledger.add("complaint_weighed", 3, complaint="weighed", stays=False, reason="The trust is gone")
    ledger.add("advocate_asked", 2, id="advocate", by_child=True)
    return ledger.add("child_wished", 2, id="wish", wish="chair", words="I want to begin it")


SCENES = (
    begun, reviewed, followed_up, changing, handed_on, second_time, short_breaks, short_breaks_again,
    disputed, ignored, in_court, childs_own,
)  # fmt: skip


def open_steps(ledger: Ledger) -> dict[str, Step]:
    return {step.key: step for step in ledger.agenda(datetime.now(UTC)).open_steps}


def review_day(ledger: Ledger, step: Step) -> date | None:
    return next((entry.fact.on for entry in ledger.entries if entry.fact.id == review_followed(step)), None)


def each_open_step() -> Iterator[tuple[Ledger, Step]]:
    for scene in SCENES:
        for step in open_steps(scene()).values():
            yield scene(), step


def filled_in(link: Link) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link.href).query))


def told_by_the_case(ledger: Ledger, key: str, act: str) -> dict[str, str]:
    """What the form of an act finds by the step that it was opened from."""
    found = fields_of(Case(ledger.entries), key)
    return {name: value for name, value in found.items() if name in FACT_TYPES[act].model_fields}


def to_whom(link: Link, step: Step) -> list[dict[str, Any]]:
    """What a person chooses on a form that one link for many recipients leads to."""
    asks = "recipient" in FACT_TYPES[link.act].model_fields and "recipient" not in filled_in(link)
    return [{"recipient": each} for each in step.outstanding] if asks else [{}]


# --- The table ----------------------------------------------------------------------------------------------------


def test_every_step_there_is_has_an_act_or_is_the_systems() -> None:
    assert set(RULES) <= set(SETTLES), set(RULES) - set(SETTLES)
    assert [rule for rule, ways in SETTLES.items() if ways == OF_THE_SYSTEM] == ["propose_iro"]


@pytest.mark.parametrize("rule", sorted(SETTLES))
def test_the_acts_are_known_and_ask_for_what_a_link_fills_in(rule: str) -> None:
    for way in SETTLES[rule]:
        fields = FACT_TYPES[way.act].model_fields
        filled = [name for name, _ in way.fields] + [way.anchor or "id"] + (["review"] if way.review else [])
        assert set(filled) | ({"recipient"} if way.each else set()) <= set(fields)
        assert way.act in ACTS


@pytest.mark.parametrize("nation", Nation)
def test_whoever_owes_a_step_may_record_the_act_that_settles_it(nation: Nation) -> None:
    for rule, limit in LIMITS[nation].items():
        if limit.owner is Role.SYSTEM:
            continue
        # The legal service and the complaints manager have no desk: the IRO administrator hears from them.
        at_desk = {role.value: role for role in DeskRole}
        role = at_desk.get(limit.owner.value, DeskRole.IRO_ADMINISTRATOR)
        owner = everybody().model_copy(update={"roles": frozenset({role})})
        assert any(may_do(owner, way.act) for way in SETTLES[rule]), rule


# --- The links ----------------------------------------------------------------------------------------------------


def test_the_scenes_have_every_step_that_can_be_open() -> None:
    seen = {step.name for _, step in each_open_step()}
    assert seen == set(SETTLES) - ONLY_DATES - NEVER_OPEN - {"propose_iro"}


@pytest.mark.parametrize("scene", SCENES)
def test_a_step_is_settled_by_its_act_as_the_link_has_filled_it_in(scene: Callable[[], Ledger]) -> None:
    for key, step in open_steps(scene()).items():
        found = first_links(everybody(), "episode-1", step, review_day(scene(), step))
        assert found, key
        ledger = scene()
        for link in found:
            given = {**told_by_the_case(ledger, key, link.act), **filled_in(link)}
            given.pop(STEP, None)
            for each in to_whom(link, step):
                ledger.add(link.act, 0, **given, **each, **MORE.get(link.act, {}))
        assert key not in open_steps(ledger), key


def test_each_of_several_recipients_has_a_link_of_their_own() -> None:
    step = open_steps(reviewed())["tell_others"]
    said = [(link.says, filled_in(link)) for link in first_links(everybody(), "episode-1", step)]
    assert said == [
        ("Record telling the parents who the IRO is", {"step": "tell_others", "recipient": "parents"}),
        ("Record telling the carer who the IRO is", {"step": "tell_others", "recipient": "carer"}),
    ]
    every = [link.says for link in links(everybody(), "episode-1", step)]
    assert "Record not telling the carer, and why" in every


def test_many_recipients_have_one_link_where_there_is_little_room() -> None:
    step = open_steps(followed_up())["distribution.review-1"]
    [one] = first_links(everybody(), "episode-1", step)
    assert one.says == "Record giving them the record"
    assert set(filled_in(one)) == {"step", "review"}
    assert len([link for link in links(everybody(), "e", step) if link.act == one.act]) == len(step.outstanding) == 5


def test_a_link_says_which_review_is_followed_by_its_day() -> None:
    ledger = followed_up()
    for name in ("decisions", "circulate_decisions", "record", "distribution", "manager_reply"):
        for key, step in open_steps(ledger).items():
            if step.name == name:
                found = links(everybody(), "episode-1", step, review_day(ledger, step))
                assert {filled_in(link)["review"] for link in found} == {str(days_ago(4))}, key


def test_only_the_acts_that_somebody_may_record_are_offered() -> None:
    worker = everybody().model_copy(update={"roles": frozenset({DeskRole.SOCIAL_WORKER})})
    steps = open_steps(reviewed())
    assert [link.act for link in links(worker, "e", steps["second_review.review-1"])] == ["review_arranged"]
    assert links(worker, "e", steps["record.review-1"]) == []
    manager = worker.model_copy(update={"roles": frozenset({DeskRole.IRO_MANAGER})})
    assert [link.href for link in links(manager, "e", open_steps(begun())["appoint_iro"])] == ["/allocation/e"]


@pytest.mark.parametrize(
    ("scene", "key", "told"),
    [
        (disputed, "answer_dispute.up", {"dispute": "moved", "stage": "service_manager"}),
        (disputed, "weigh_dispute_answer.answered", {"dispute": "answered"}),
        (ignored, "refer_to_cafcass.considered", {"dispute": "second"}),
        (in_court, "tell_iro_of_guardian.guardian", {"proceedings": "court"}),
        (in_court, "speak_with_guardian.guardian", {"proceedings": "court"}),
        (in_court, "tell_court_of_dispute.dispute", {"proceedings": "court"}),
        (in_court, "record.review-2", {}),
        (reviewed, "answer_dispute.none", {}),
    ],
)
def test_the_case_tells_what_a_step_is_about_where_its_key_does_not(
    scene: Callable[[], Ledger], key: str, told: dict[str, str]
) -> None:
    assert fields_of(Case(scene().entries), key) == told


def test_a_closed_step_has_no_links() -> None:
    closed = next(step for step in reviewed().agenda(datetime.now(UTC)).steps if not step.is_open)
    assert links(everybody(), "episode-1", closed) == []


@pytest.mark.parametrize(
    ("role", "offered"),
    [(DeskRole.TEAM_MANAGER, {"answer_challenge"}), (DeskRole.IRO_MANAGER, {"answer_challenge", "answer_dispute"})],
)
def test_an_answer_is_a_link_away_only_for_whom_it_is_asked_of_and_those_who_record_for_others(
    role: DeskRole, offered: set[str]
) -> None:
    """The challenge is the team manager's to answer; the dispute stands with the director."""
    viewer = Viewer(person="p-1", name="Example", authority="822", roles=frozenset({role}), csrf="-")
    steps = [*open_steps(followed_up()).values(), *open_steps(in_court()).values()]
    found = {step.name for step in steps for link in links(viewer, "episode-1", step) if link.act in ANSWERS}
    assert found == offered
