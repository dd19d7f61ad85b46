"""What a notice tells, gathered from a register that the rules have written to."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from activities.composing import Composer
from post.notice import Reader
from post.wording import write
from register import outbox
from register.publish import publish
from rules.agenda import derive
from rules.case import Case
from rules.notice_names import NoticeName
from rules.post_policy import PostPolicy
from rules.vocabulary import Role
from tests.register.samples import publication
from tests.rules.build import Story, child, moment

EPISODE = "episode-1"
ASKED = "Please consider it"
CASE = child("2026-06-05").iro_appointed("2026-06-08").review_held("2026-07-03")


def message(register: Engine, story: Story, new: str, name: NoticeName, role: Role, on: date) -> str:
    """What a new fact has written to one role, once the case is published with it."""
    now = moment(on.isoformat(), 13)
    agenda = derive(story.entries, story.book, now, new=[new])
    opening = Case(story.entries).opening.fact
    publish(register, publication(agenda, EPISODE, entries=story.entries, opened_by=opening, at=now, today=on))
    (waiting,) = [each for each in outbox.notices_ever_owed(register, EPISODE, name) if each.notice.recipient is role]
    written = write(Composer(register, PostPolicy(), on).notice(waiting, Reader(role=role)))
    return f"{written.subject}\n{written.body}\n{written.text}"


def test_the_iro_hears_that_the_case_changed_hands_and_is_asked_for_nothing(register: Engine) -> None:
    story = CASE.social_worker_changed("2026-07-13", social_worker="sw-2")
    today = date(2026, 7, 14)
    words = message(register, story, "social_worker_changed-1", NoticeName.SIGNIFICANT_EVENT, Role.IRO, today)
    assert "What: the child has another social worker" in words
    assert "When: Monday 13 July 2026" in words
    assert ASKED not in words and "sw-2" not in words


def test_the_iro_is_asked_to_consider_a_change_that_is_reported(register: Engine) -> None:
    story = CASE.significant_change("2026-07-13", happened_on="2026-07-13", change="social_worker_changed")
    today = date(2026, 7, 13)
    words = message(register, story, "significant_change-1", NoticeName.SIGNIFICANT_EVENT, Role.IRO, today)
    assert "What: the child has another social worker" in words
    assert f"{ASKED} by Thursday 16 July 2026" in words


def test_a_challenge_put_right_tells_by_when_it_is_answered_now(register: Engine) -> None:
    said = {"answer_by": "2026-07-16", "id": "another-id"}  # A fact keeps its id, whatever its correction calls it.
    story = CASE.challenge_raised("2026-07-13").corrected("challenge_raised-1", "2026-07-14", **said)
    today = date(2026, 7, 14)
    words = message(register, story, "fact_corrected-1", NoticeName.CHALLENGE_RAISED, Role.TEAM_MANAGER, today)
    assert "Please answer by Thursday 16 July 2026." in words


# --- Disputes, referrals, proceedings ---------------------------------------------------------------------------------

RAISED = "2026-07-13"
DISPUTED = CASE.dispute_raised(RAISED, matter="drift", about="No plan yet.", stage="service_manager")
UP = {"dispute": "dispute_raised-1", "reason": "No time to lose."}
MOVED_UP = DISPUTED.dispute_moved_up(
    "2026-07-18",
    dispute="dispute_raised-1",
    unanswered="service_manager",
    to="head_of_service",
    last_day="2026-07-17",
)
ANSWERED = {"dispute": "dispute_raised-1", "answer": "It will be done."}
REFERRED: dict[str, Any] = {
    "failure": "implement_decision",
    "about": "No plan yet.",
    "done_so_far": "Asked twice.",
    "raised_with": ["head_of_service"],
    "childs_view": "Wants to stay.",
    "asks": "Look at it.",
}
OF_PEOPLE = ("No plan yet", "No time to lose", "It will be done", "Asked twice", "Wants to stay", "Look at it")


def told(register: Engine, story: Story, new: str, name: NoticeName, role: Role, on: str) -> str:
    """The same, in which there is nobody's own word."""
    words = message(register, story, new, name, role, date.fromisoformat(on))
    assert not [each for each in OF_PEOPLE if each in words]
    return words


def test_a_dispute_opened_tells_its_stage_and_both_last_days(register: Engine) -> None:
    words = told(register, DISPUTED, "dispute_raised-1", NoticeName.DISPUTE_OPENED, Role.SERVICE_MANAGER, RAISED)
    assert "* Who is to answer: service manager\n* Answer by: Friday 17 July 2026" in words
    assert "* To be resolved by: Monday 10 August 2026" in words


def test_a_dispute_put_right_tells_the_days_it_has_now(register: Engine) -> None:
    story = DISPUTED.corrected("dispute_raised-1", "2026-07-14", stage="director", id="another-id")
    words = told(register, story, "fact_corrected-1", NoticeName.DISPUTE_OPENED, Role.DIRECTOR, "2026-07-14")
    assert "* Who is to answer: director\n* Answer by: Thursday 16 July 2026" in words


def test_a_dispute_that_moved_tells_from_where_and_why(register: Engine) -> None:
    moved = NoticeName.DISPUTE_MOVED
    words = told(register, MOVED_UP, "dispute_moved_up-1", moved, Role.HEAD_OF_SERVICE, "2026-07-18")
    assert "* Where it was: service manager, who did not answer in time" in words
    assert "* Who is to answer: head of service\n* Answer by: Wednesday 22 July 2026" in words
    assert "* To be resolved by: Monday 10 August 2026" in words


def test_a_dispute_the_iro_took_up_says_that_the_iro_did(register: Engine) -> None:
    story = DISPUTED.dispute_taken_up("2026-07-14", to="chief_executive", **UP)
    moved = NoticeName.DISPUTE_MOVED
    words = told(register, story, "dispute_taken_up-1", moved, Role.CHIEF_EXECUTIVE, "2026-07-14")
    assert "* Where it was: service manager, from whom the IRO took it up" in words
    assert "* Who is to answer: chief executive\n" in words


@pytest.mark.parametrize(
    ("kind", "said", "came_of_it"),
    [
        ("dispute_resolved", {"outcome": "agreed"}, "it was agreed what is to be done, and by when"),
        ("dispute_withdrawn", {"reason": "No time to lose."}, "the IRO withdrew it"),
    ],
)
def test_a_dispute_closed_tells_what_came_of_it(
    register: Engine, kind: str, said: dict[str, str], came_of_it: str
) -> None:
    story = getattr(MOVED_UP, kind)("2026-07-20", dispute="dispute_raised-1", **said)
    closed = NoticeName.DISPUTE_CLOSED
    words = told(register, story, f"{kind}-1", closed, Role.SERVICE_MANAGER, "2026-07-20")
    assert f"* What came of it: {came_of_it}\n* Where it stood: head of service" in words
    assert "Where it was" not in words and "To be resolved" not in words and "Answer by" not in words


def test_the_iro_is_asked_what_comes_of_a_dispute_that_was_answered(register: Engine) -> None:
    story = DISPUTED.dispute_answered("2026-07-15", **ANSWERED)
    answered = NoticeName.CHALLENGE_ANSWERED
    words = told(register, story, "dispute_answered-1", answered, Role.IRO, "2026-07-15")
    assert "was answered by the service manager, or for them" in words
    assert "Please say by Friday 17 July 2026 what comes of it" in words


def test_an_answer_that_came_too_late_says_where_the_dispute_is_now(register: Engine) -> None:
    story = MOVED_UP.dispute_answered("2026-07-20", stage="service_manager", **ANSWERED)
    answered = NoticeName.CHALLENGE_ANSWERED
    words = told(register, story, "dispute_answered-1", answered, Role.IRO, "2026-07-20")
    assert "answered by the service manager" in words and "has gone on to the head of service" in words


def test_a_referral_tells_of_the_dispute_that_goes_with_it_while_that_is_open(register: Engine) -> None:
    story = MOVED_UP.cafcass_referred("2026-07-20", dispute="dispute_raised-1", **REFERRED)
    referral = NoticeName.CAFCASS_REFERRAL
    words = told(register, story, "cafcass_referred-1", referral, Role.ASSISTANT_DIRECTOR, "2026-07-20")
    assert "* When: Monday 20 July 2026" in words and "* Who is to answer: head of service" in words
    assert "Where it was" not in words


def test_a_referral_by_itself_or_after_a_dispute_tells_of_none(register: Engine) -> None:
    closed = MOVED_UP.dispute_withdrawn("2026-07-19", dispute="dispute_raised-1", reason="No time to lose.")
    story = closed.cafcass_referred("2026-07-20", dispute="dispute_raised-1", **REFERRED)
    referral = NoticeName.CAFCASS_REFERRAL
    words = told(register, story, "cafcass_referred-1", referral, Role.TEAM_MANAGER, "2026-07-20")
    assert "goes with it" not in words and "to answer" not in words


def test_the_iro_hears_which_proceedings_were_issued(register: Engine) -> None:
    story = CASE.proceedings_issued("2026-07-13", about="care_or_supervision")
    event = NoticeName.SIGNIFICANT_EVENT
    words = told(register, story, "proceedings_issued-1", event, Role.IRO, "2026-07-13")
    assert "* What: court proceedings were issued (care or supervision)\n* When: Monday 13 July 2026" in words
    assert ASKED not in words
