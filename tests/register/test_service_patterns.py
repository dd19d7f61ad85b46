"""Poor practice noted with several children of one team is a pattern, told to senior managers by name, once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from activities.addressing import Addresser
from activities.service import ServiceActivities
from register import outbox
from register.directory import add_person
from register.poor_practice import poor_practice
from register.post import NewDispatch
from register.publish import publish
from register.queries import owed_notices
from register.service import concerns
from rules.case import Case
from rules.concerns import Breach, ConcernKind
from rules.directory import Person
from rules.facts import Entry, Fact, FactCorrected, FactWithdrawn
from rules.facts.care import SocialWorkerChanged
from rules.facts.challenge import PoorPracticeNoted, PracticeTheme
from rules.notice_names import NoticeName
from rules.post_policy import PostPolicy
from rules.vocabulary import Role
from tests.register.samples import MORNING, TODAY, agenda, opening, publication

AUTHORITY = "822"
DRIFT, MISSED = PracticeTheme.DRIFT, PracticeTheme.VISITS_MISSED
SENIOR = (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR)


def note(
    theme: PracticeTheme = DRIFT, on: date = TODAY, fact_id: str = "noted", about: str = "The plan has not moved."
) -> PoorPracticeNoted:
    return PoorPracticeNoted(id=fact_id, on=on, by="iro-1", theme=theme, of=Role.SOCIAL_WORKER, about=about)


def child(engine: Engine, number: int, *facts: Fact, **fields: object) -> None:
    """A child in care, with what was recorded, one fact a second."""
    opened = opening(child=f"child-{number}").model_copy(update=fields)
    said = (opened, *facts)
    entries = tuple(Entry(fact=fact, at=MORNING + timedelta(seconds=place)) for place, fact in enumerate(said))
    now = agenda().model_copy(update={"workers": Case(entries).workers})
    publish(engine, publication(now, episode=f"episode-{number}", opened_by=opened, entries=entries))


def noted(number: int, theme: PracticeTheme = DRIFT, on: date = TODAY, team: str = "tm-2") -> Breach:
    return Breach(episode=f"episode-{number}", team=team, step=theme, day=on, kind=ConcernKind.POOR_PRACTICE)


def raise_all(engine: Engine, at: datetime = MORNING, policy: Path | None = None) -> int:
    return ServiceActivities(engine, policy).raise_concerns(at)


def told(engine: Engine) -> list[tuple[str, Role]]:
    owed = (each for each in owed_notices(engine) if each.service == AUTHORITY)
    return [(each.about, each.recipient) for each in owed if each.name is NoticeName.POOR_PRACTICE_PATTERN]


def messages(engine: Engine) -> Sequence[NewDispatch]:
    waiting = [each for each in outbox.waiting(engine, [], 100) if each.name is NoticeName.POOR_PRACTICE_PATTERN]
    return Addresser(engine, PostPolicy(), MORNING, TODAY, None).at_once(waiting)[1]


def person(engine: Engine, reference: str, role: Role, **more: str) -> None:
    given = {"name": f"Test {reference}", "email": f"{reference}@example.org", "authority": AUTHORITY}
    add_person(engine, Person.model_validate({"reference": reference, "role": role} | given | more), None, "t", MORNING)


def test_what_was_noted_counts_as_it_stands_for_the_team_that_has_the_case(engine: Engine) -> None:
    child(engine, 1, note())
    to = note(MISSED, TODAY - timedelta(days=1))
    child(engine, 2, note(), FactCorrected(id="c", on=TODAY, by="iro-1", corrects="noted", reason="typing", to=to))
    child(engine, 3, note(), FactWithdrawn(id="w", on=TODAY, by="iro-1", withdraws="noted", reason="another child's"))
    child(engine, 4, note(), team_manager=None, social_worker=None)
    child(engine, 5)
    child(engine, 6, note(fact_id="a"), note(fact_id="b"), team_manager="tm-3")
    assert poor_practice(engine, AUTHORITY) == [
        noted(1),
        noted(2, MISSED, TODAY - timedelta(days=1)),
        noted(6, team="tm-3"),
        noted(6, team="tm-3"),
    ]
    assert poor_practice(engine, "383") == []


def test_a_note_stays_with_the_team_that_had_the_case_when_it_was_made(engine: Engine) -> None:
    person(engine, "sw-7", Role.SOCIAL_WORKER, team="tm-4")
    moved = SocialWorkerChanged(id="m", on=TODAY, by="tm-2", social_worker="sw-8", team_manager="tm-3")
    before = TODAY - timedelta(days=1)
    child(engine, 1, note(on=before, fact_id="a"), note(fact_id="b"), moved)
    child(engine, 2, note(on=before), moved, team_manager=None)
    child(engine, 3, note(on=before), moved, team_manager=None, social_worker=None)
    assert poor_practice(engine, AUTHORITY) == [
        noted(1, on=before),
        noted(1, team="tm-3"),
        noted(2, on=before, team="tm-4"),
        noted(3, on=before, team="tm-3"),
    ]


@pytest.mark.duty("poor_practice_pattern")
def test_one_theme_with_three_children_of_a_team_is_told_once_to_senior_managers(engine: Engine) -> None:
    for number in (1, 2):
        child(engine, number, note())
    child(engine, 3, note(MISSED))
    child(engine, 4, note(), team_manager="tm-3")
    assert raise_all(engine) == 0
    child(engine, 5, note(on=TODAY - timedelta(days=30)))
    assert raise_all(engine) == 1
    (pattern,) = concerns(engine, AUTHORITY)
    assert (pattern.kind, pattern.team, pattern.step) == (ConcernKind.POOR_PRACTICE, "tm-2", "drift")
    assert pattern.episodes == ("episode-1", "episode-2", "episode-5")
    assert tuple(role for _, role in told(engine)) == SENIOR
    assert raise_all(engine) == raise_all(engine, MORNING + timedelta(days=1)) == 0
    assert len(told(engine)) == len(SENIOR)


@pytest.mark.duty("poor_practice_pattern")
def test_other_children_who_come_to_it_are_another_pattern_also_when_noted_late(engine: Engine) -> None:
    for number in (1, 2, 3):
        child(engine, number, note())
    assert raise_all(engine) == 1
    for number in (4, 5, 6):
        child(engine, number, note())
    assert raise_all(engine, MORNING + timedelta(days=1)) == 1
    assert [each.episodes[0] for each in concerns(engine, AUTHORITY)] == ["episode-1", "episode-4"]
    assert len({about for about, _ in told(engine)}) == 2


@pytest.mark.duty("poor_practice_pattern")
def test_how_many_children_and_days_make_a_pattern_is_the_authoritys_own(engine: Engine, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[poor_practice]\nchildren = 2\nworking_days = 10\n")
    child(engine, 1, note(on=date(2026, 5, 19)))  # The 11th working day back: 25 May 2026 is a bank holiday.
    child(engine, 2, note())
    assert raise_all(engine, policy=policy) == 0
    child(engine, 3, note(on=date(2026, 5, 20)))
    assert raise_all(engine, policy=policy) == 1
    assert concerns(engine, AUTHORITY)[0].episodes == ("episode-2", "episode-3")


@pytest.mark.duty("poor_practice_pattern")
def test_it_reaches_those_above_the_team_by_name_with_the_cases_and_nobodys_words(engine: Engine) -> None:
    person(engine, "hos-1", Role.HEAD_OF_SERVICE)
    person(engine, "sm-9", Role.SERVICE_MANAGER, line_manager="hos-1")
    person(engine, "sm-1", Role.SERVICE_MANAGER)
    person(engine, "tm-2", Role.TEAM_MANAGER, line_manager="sm-9")
    person(engine, "ad-1", Role.ASSISTANT_DIRECTOR)
    for number in (1, 2, 3):
        child(engine, number, note())
    raise_all(engine)
    sent = {each.recipient: each.message for each in messages(engine)}
    assert set(sent) == {"sm-9", "hos-1", "ad-1"}
    words = sent["sm-9"].written.body
    assert words.startswith("Dear Test sm-9,")
    assert "* drift, the team of Test tm-2, from Wednesday 3 June 2026 to Wednesday 3 June 2026" in words
    assert all(f"* child-{number}" in words for number in (1, 2, 3))
    assert "has not moved" not in words and "episode-1" not in words


def test_whoever_holds_or_stands_in_for_several_of_the_posts_is_told_once(engine: Engine) -> None:
    person(engine, "ad-1", Role.ASSISTANT_DIRECTOR)
    for number in (1, 2, 3):
        child(engine, number, note())
    raise_all(engine)
    (message,) = messages(engine)
    assert message.recipient == "ad-1" and len(message.carries) == len(SENIOR)
    words = message.message.written.body
    assert "* drift, team tm-2, from" in words, "a team by a name of its own"
    assert "you are the assistant director; the post of service manager is empty" in words
