"""What a notice tells, gathered from a register that the rules have written to."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from activities.composing import Composer
from post.notice import Reader
from post.wording import write
from register import migrate, open_register, outbox
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


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Engine]:
    """A register of its own."""
    url = f"sqlite:///{tmp_path}/register.db"
    migrate(url)
    opened = open_register(url)
    yield opened
    opened.dispose()


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
