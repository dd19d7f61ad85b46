"""What was recorded, for whoever writes more of it; and the unfinished forms of others."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from register.drafts import Draft, keep, others_at_it
from register.publish import publish
from register.queries import episodes_of_ids
from register.recorded import facts_begun, facts_of, recorded_since, settled_facts, step_changed_by
from tests.register.samples import MORNING, TODAY, agenda, entry, publication, step

FORM = "f-0123456789abcdef"


def published(engine: Engine, *ids: str, revision: int = 1) -> None:
    entries = tuple(entry(each, MORNING) for each in ids)
    publish(engine, publication(agenda(step()), revision=revision, entries=entries))


def test_the_facts_of_one_form_are_found_and_of_no_other(engine: Engine) -> None:
    published(engine, FORM, f"{FORM}.g-child", f"{FORM}2", "another")
    assert set(facts_begun(engine, "episode-1", FORM)) == {FORM, f"{FORM}.g-child"}
    assert facts_begun(engine, "episode-2", FORM) == {}


def test_what_came_after_a_revision_is_told_in_order(engine: Engine) -> None:
    published(engine, "first")
    published(engine, "second", "third", revision=2)
    assert [each.fact.id for each in recorded_since(engine, "episode-1", 1)] == ["second", "third"]
    assert recorded_since(engine, "episode-1", 2) == []


def test_only_the_kinds_that_are_asked_for_are_read(engine: Engine) -> None:
    published(engine, "first")
    assert [each.fact.id for each in facts_of(engine, "episode-1", {"iro_service_notified"})] == ["first"]
    assert facts_of(engine, "episode-1", {"review_held"}) == []


def test_what_the_workflow_let_go_is_told_from_then_on(engine: Engine) -> None:
    published(engine, "first", "second")
    assert settled_facts(engine, "episode-1") == frozenset()
    for revision, settled in ((2, ("first",)), (3, ()), (4, ("first", "second"))):
        publish(engine, publication(agenda(step()), revision=revision, settled=settled))
        assert "first" in settled_facts(engine, "episode-1")
    assert settled_facts(engine, "episode-1") == {"first", "second"}
    assert settled_facts(engine, "episode-2") == frozenset()


def test_what_a_publication_let_go_that_the_workflow_never_heard_of_is_held_on(engine: Engine) -> None:
    published(engine, "first", "second", "third")
    publish(engine, publication(agenda(step()), revision=2, settled=("first",)))
    publish(engine, publication(agenda(step()), revision=3, settled=("second", "third")))
    publish(engine, publication(agenda(step()), revision=4, settled=("third",), unheard=1))
    assert settled_facts(engine, "episode-1") == {"first", "third"}


def test_a_step_tells_which_revision_changed_it(engine: Engine) -> None:
    published(engine, "first")
    published(engine, "second", revision=2)
    assert step_changed_by(engine, "episode-1", step().key) == 1
    assert step_changed_by(engine, "episode-1", "none") is None


def test_somebody_elses_unfinished_form_is_told_for_whatever_step_it_was_opened(engine: Engine) -> None:
    now = datetime(2026, 6, 30, 9, tzinfo=UTC)

    def draft(person: str, form: str, minutes: int) -> Draft:
        return Draft(person=person, episode="e", form=form, body={}, saved_at=now - timedelta(minutes=minutes))

    for each in (
        draft("me", "review_held", 1),
        draft("early", "review_held", 90),
        draft("same", "review_held", 2),
        draft("step", "review_held:first_review", 3),
        draft("other", "review_held_elsewhere", 4),
        draft("alike", "review-held:x", 5),
    ):
        keep(engine, each)
    found = others_at_it(engine, "me", "e", "review_held", now - timedelta(hours=1))
    assert [each.person for each in found] == ["same", "step"]


def test_some_episodes_are_read_at_once(engine: Engine) -> None:
    published(engine, "first")
    assert [line.id for line in episodes_of_ids(engine, {"episode-1", "none"}, today=TODAY)] == ["episode-1"]
    assert episodes_of_ids(engine, set(), today=TODAY) == []
