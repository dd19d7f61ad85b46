"""Who is told of a dispute whose stage nobody holds: whoever stands in, and the message says for whom."""

from datetime import date

import pytest
from sqlalchemy import Engine

from activities.addressing import Addresser
from register import outbox
from register.directory import add_person
from register.post import NewDispatch
from register.publish import publish
from rules.agenda import derive
from rules.case import Case
from rules.directory import Person
from rules.notice_names import NoticeName
from rules.post_policy import PostPolicy
from rules.vocabulary import Role
from tests.register.samples import publication
from tests.rules.build import child, moment

EPISODE, TODAY = "episode-1", date(2026, 7, 13)
NOBODY_NAMED = child("2026-06-05", social_worker=None, team_manager=None).iro_appointed("2026-06-08")
DISPUTED = NOBODY_NAMED.dispute_raised(TODAY.isoformat(), matter="drift", about="No plan yet.", stage="team_manager")
WHY = "the child's team manager is not known"


@pytest.fixture
def register(register: Engine) -> Engine:
    """A register in which the case stands, and a dispute was raised today."""
    now = moment(TODAY.isoformat(), 13)
    agenda = derive(DISPUTED.entries, DISPUTED.book, now, new=["dispute_raised-1"])
    opening = Case(DISPUTED.entries).opening.fact
    publish(register, publication(agenda, EPISODE, entries=DISPUTED.entries, opened_by=opening, at=now, today=TODAY))
    return register


def staffed(register: Engine, *roles: Role) -> None:
    for role in roles:
        said = {"name": f"Test {role.words}", "email": f"{role.value}@example.org", "authority": "383"}
        person = Person.model_validate({"reference": role.value, "role": role} | said)
        add_person(register, person, None, "test", moment("2026-06-01"))


def told(register: Engine) -> dict[Role, NewDispatch]:
    """The message that each role's notice of the dispute went into."""
    waiting = outbox.notices_ever_owed(register, EPISODE, NoticeName.DISPUTE_OPENED)
    sent = Addresser(register, PostPolicy(), moment(TODAY.isoformat(), 14), TODAY, None).at_once(waiting)[1]
    return {each.recipient: to for each in waiting for to in sent if each.id in to.carries}


def test_whoever_stands_in_for_two_posts_reads_that_one_of_them_is_the_stage_that_answers(register: Engine) -> None:
    staffed(register, Role.SERVICE_MANAGER, Role.IRO_MANAGER)
    messages = told(register)
    message = messages[Role.TEAM_MANAGER]
    assert message is messages[Role.SOCIAL_WORKER] and message.recipient == "service_manager" and message.stands_in
    words = " ".join(message.message.written.body.split())
    assert "Who is to answer: team manager" in words
    assert f"Why this came to you: {WHY}, so it goes to the service manager; the child's social worker" in words


def test_whoever_is_told_in_their_own_right_reads_for_whom_they_stand_in_too(register: Engine) -> None:
    staffed(register, Role.IRO_MANAGER)
    message = told(register)[Role.TEAM_MANAGER]
    assert (message.role, message.recipient, message.stands_in) == (Role.IRO_MANAGER, "iro_manager", False)
    words = " ".join(message.message.written.body.split())
    assert "Why this came to you: you are the IRO manager; " in words and WHY in words
