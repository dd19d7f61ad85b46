"""A change of an episode is written whole, once, and never takes away what must stay."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, func, select

from register import reading
from register.children import FormerEpisode, LookedAfterAlready, OpenEpisode, former_episode, other_open_episode
from register.episode_tables import PublicationRow, StepRow
from register.metadata import Base
from register.publication import PublishedOutOfOrder
from register.publish import Standing, publish, standing
from register.queries import episode, escalations, facts, owed_notices, reviews, steps
from rules.facts import Entry
from rules.facts.care import StepExempted
from rules.steps import Escalation
from rules.vocabulary import Phase, Role, StepState
from tests.register.samples import (
    D0,
    MORNING,
    TODAY,
    agenda,
    entry,
    escalation,
    notice,
    opening,
    publication,
    published_result,
    review,
    step,
    twenty_five_steps,
)

RETURN = date(2026, 9, 1)
CHILD = "digest-of-child-1"


def rows_in(engine: Engine, table: type[Base]) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def revisions_of_steps(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return {row.key: row.revision for row in connection.execute(select(StepRow.key, StepRow.revision))}


def test_what_is_published_is_read_back_as_it_was(engine: Engine) -> None:
    derived = agenda(step(), raised=(escalation(),), reviews=(review(),), notices=(notice(),), cover="iro-9")
    exempted = StepExempted(id="e-1", on=D0, by="mgr-1", step="first_review.opening", reason="in hospital")
    said = (entry(), Entry(fact=exempted, at=MORNING))
    publish(engine, publication(derived, entries=said))
    assert steps(engine, "episode-1") == list(derived.steps)
    assert escalations(engine, "episode-1") == list(derived.raised)
    assert reviews(engine, "episode-1") == list(derived.reviews)
    assert facts(engine, "episode-1") == list(said)
    (owed,) = owed_notices(engine)
    assert (owed.episode, owed.key, owed.recipient) == ("episode-1", notice().key, Role.IRO_MANAGER)
    line = episode(engine, "episode-1", today=TODAY)
    assert line and (line.iro, line.cover, line.stage) == ("iro-1", "iro-9", Phase.REVIEW)
    assert (line.child, line.birth_date, line.became_looked_after) == ("child-1", date(2015, 2, 28), D0)


def test_an_instant_comes_back_in_utc_whatever_zone_it_was_given_in(engine: Engine) -> None:
    summer_time = timezone(timedelta(hours=1))
    late_evening = datetime(2026, 7, 1, 0, 30, tzinfo=summer_time)
    publish(engine, publication(agenda(step()), at=late_evening))
    line = episode(engine, "episode-1", today=TODAY)
    assert line and line.opened_at == late_evening
    assert line.opened_at.isoformat() == "2026-06-30T23:30:00+00:00"


def test_a_revision_published_twice_is_written_once(engine: Engine) -> None:
    first = publication(agenda(step(), raised=(escalation(),), notices=(notice(),)), entries=(entry(),))
    publish(engine, first)
    publish(engine, first.model_copy(update={"agenda": agenda(), "result": "another"}))
    assert published_result(engine, "episode-1", 1) == '{"revision":1}'
    assert [one.state for one in steps(engine, "episode-1")] == [StepState.OPEN]
    assert rows_in(engine, PublicationRow) == 1


def test_an_earlier_revision_published_again_changes_nothing(engine: Engine) -> None:
    first = publication(agenda(step(reason="first")))
    publish(engine, first)
    publish(engine, publication(agenda(step(reason="second")), revision=2))
    publish(engine, first)
    assert steps(engine, "episode-1")[0].reason == "second"


def test_a_revision_that_comes_too_late_is_refused(engine: Engine) -> None:
    publish(engine, publication(agenda(step()), revision=3))
    with pytest.raises(PublishedOutOfOrder, match="episode-1 stands at a later revision than 2"):
        publish(engine, publication(agenda(), revision=2))
    assert published_result(engine, "episode-1", 2) is None


def test_a_revision_never_published_has_no_result(engine: Engine) -> None:
    assert published_result(engine, "episode-1", 1) is None


def test_only_the_steps_that_changed_are_written(engine: Engine) -> None:
    publish(engine, publication(agenda(step("a.1"), step("b.1"))))
    publish(engine, publication(agenda(step("a.1"), step("b.1", reason="changed")), revision=2))
    assert revisions_of_steps(engine) == {"a.1": 1, "b.1": 2}


def test_a_closed_step_stays_when_it_is_no_longer_derived(engine: Engine) -> None:
    done = step("report.review-1", state=StepState.DONE_LATE)
    publish(engine, publication(agenda(done, step())))
    publish(engine, publication(agenda(step()), revision=2))
    assert done in steps(engine, "episode-1")


def test_an_open_step_that_a_correction_made_vanish_is_closed_with_its_reason(engine: Engine) -> None:
    publish(engine, publication(agenda(step("report.review-1"), step())))
    publish(engine, publication(agenda(step()), revision=2))
    vanished = next(one for one in steps(engine, "episode-1") if one.key == "report.review-1")
    assert vanished.state is StepState.NOT_REQUIRED
    assert vanished.reason == "no longer owed since a fact was corrected or withdrawn"


def test_a_step_that_vanished_is_owed_again_when_it_comes_back(engine: Engine) -> None:
    for revision, derived in enumerate((agenda(step()), agenda(), agenda(step())), start=1):
        publish(engine, publication(derived, revision=revision))
    assert steps(engine, "episode-1") == [step()]


def test_reviews_are_those_of_the_latest_publication(engine: Engine) -> None:
    first, wrong = review("review-1"), review("review-2", date(2026, 9, 25))
    publish(engine, publication(agenda(reviews=(first, wrong))))
    moved = review("review-1", date(2026, 6, 25))
    publish(engine, publication(agenda(reviews=(moved,)), revision=2))
    assert reviews(engine, "episode-1") == [moved]


def test_no_escalation_is_ever_taken_away(engine: Engine) -> None:
    reminder, breach = escalation("reminder"), escalation("breach", at=MORNING + timedelta(days=2))
    publish(engine, publication(agenda(step(), raised=(reminder,))))
    publish(engine, publication(agenda(step(), raised=(breach,)), revision=2))
    publish(engine, publication(agenda(), revision=3))
    publish(engine, publication(agenda(stage=Phase.VOID, finished=True, ended_on=D0), revision=4))
    assert escalations(engine, "episode-1") == [reminder, breach]


def test_rungs_raised_in_one_instant_are_told_in_the_order_of_the_ladder(engine: Engine) -> None:
    collapsed = Escalation(
        step="first_review.opening",
        rung="service_manager",
        due=D0,
        at=MORNING,
        tell=(Role.SERVICE_MANAGER,),
        covers=("reminder", "breach"),
    )
    top = escalation("assistant_director")
    publish(engine, publication(agenda(step(), raised=(collapsed, top))))
    assert escalations(engine, "episode-1") == [collapsed, top]


def test_the_highest_rung_is_the_agendas_own(engine: Engine) -> None:
    publish(engine, publication(agenda(step()).model_copy(update={"highest_rung": "breach"})))
    line = episode(engine, "episode-1", today=TODAY)
    assert line and line.highest_rung == "breach"


def test_a_notice_is_owed_once(engine: Engine) -> None:
    publish(engine, publication(agenda(notices=(notice(),))))
    publish(engine, publication(agenda(notices=(notice(), notice("another"))), revision=2))
    assert [owed.key for owed in owed_notices(engine, "episode-1")] == [notice().key, "another"]


def test_a_fact_recorded_before_is_known_by_its_id(engine: Engine) -> None:
    publish(engine, publication(agenda(), entries=(entry("fact-1"),)))
    publish(engine, publication(agenda(), entries=(entry("fact-2"),), revision=2))
    asked = ["fact-1", "fact-2", "fact-3"]
    assert standing(engine, "episode-1", 2, asked).recorded == (entry("fact-1"), entry("fact-2"))
    assert standing(engine, "episode-2", 2, asked) == Standing(revision=0, unanswered=(), raised=(), recorded=())


def test_what_was_published_without_an_answer_is_handed_on(engine: Engine) -> None:
    publish(engine, publication(agenda(), entries=(entry("fact-1"),)))
    told = escalation()
    publish(engine, publication(agenda(raised=(told,)), entries=(entry("fact-2"),), revision=2))
    known = standing(engine, "episode-1", 1, ["fact-1", "fact-2"])
    assert (known.revision, known.unanswered, known.raised) == (2, (entry("fact-2"),), (told,))
    assert known.recorded == (entry("fact-1"),)


def test_a_revision_that_stands_is_not_written_again_and_says_so(engine: Engine) -> None:
    assert publish(engine, publication(agenda(), entries=(entry("fact-1"),)))
    assert not publish(engine, publication(agenda(), entries=(entry("fact-2"),)))
    assert facts(engine, "episode-1") == [entry("fact-1")]


def test_a_fact_once_recorded_is_not_recorded_over(engine: Engine) -> None:
    publish(engine, publication(agenda(), entries=(entry("fact-1"),)))
    publish(engine, publication(agenda(), entries=(entry("fact-1", at=MORNING + timedelta(1)),), revision=2))
    assert facts(engine, "episode-1") == [entry("fact-1")]


def test_an_episode_with_many_steps_is_read_back_in_order_of_their_days(engine: Engine) -> None:
    publish(engine, publication(agenda(*reversed(twenty_five_steps()))))
    assert steps(engine, "episode-1") == list(twenty_five_steps())


def ended(engine: Engine, episode_id: str, on: date, iro: str, stage: Phase = Phase.ENDED) -> None:
    derived = agenda(iro=iro, stage=stage, ended_on=on, finished=True)
    publish(engine, publication(derived, episode=episode_id, child_digest=CHILD))


def test_a_child_who_returns_to_care_is_known_to_have_had_an_iro(engine: Engine) -> None:
    ended(engine, "episode-1", date(2026, 6, 30), "iro-early")
    ended(engine, "episode-2", date(2026, 8, 1), "iro-late")
    ended(engine, "episode-3", date(2026, 8, 2), "iro-void", stage=Phase.VOID)
    back = publication(agenda(step()), episode="episode-4", opened_by=opening(on=RETURN), child_digest=CHILD)
    publish(engine, back)
    line = episode(engine, "episode-4", today=RETURN)
    assert line and (line.former_episode, line.former_iro) == ("episode-2", "iro-late")
    assert former_episode(engine, CHILD, RETURN, "episode-4") == FormerEpisode(
        episode="episode-2", iro="iro-late", ended_on=date(2026, 8, 1)
    )


def test_the_former_episode_stays_what_it_was_at_the_first_publication(engine: Engine) -> None:
    ended(engine, "episode-1", date(2026, 6, 30), "iro-early")
    publish(engine, publication(agenda(step()), episode="episode-4", opened_by=opening(on=RETURN), child_digest=CHILD))
    ended(engine, "episode-2", date(2026, 8, 1), "iro-late")
    later = publication(agenda(), episode="episode-4", opened_by=opening(on=RETURN), child_digest=CHILD, revision=2)
    publish(engine, later)
    line = episode(engine, "episode-4", today=RETURN)
    assert line and (line.former_episode, line.former_iro) == ("episode-1", "iro-early")


def test_another_child_has_no_part_in_it(engine: Engine) -> None:
    ended(engine, "episode-1", date(2026, 6, 30), "iro-early")
    assert former_episode(engine, "digest-of-child-2", RETURN, "episode-4") is None
    assert former_episode(engine, CHILD, date(2026, 6, 29), "episode-4") is None
    assert former_episode(engine, CHILD, date(2026, 6, 30), "episode-1") is None


def test_an_episode_that_has_not_ended_is_found_by_its_child(engine: Engine) -> None:
    ended(engine, "episode-1", date(2026, 6, 30), "iro-early")
    assert other_open_episode(engine, CHILD, "none") is None
    publish(engine, publication(agenda(step()), episode="episode-4", opened_by=opening(on=RETURN), child_digest=CHILD))
    found = other_open_episode(engine, CHILD, "none")
    assert found == OpenEpisode(episode="episode-4", became_looked_after=RETURN)


def test_a_child_with_an_open_episode_gets_no_second_one(engine: Engine) -> None:
    publish(engine, publication(agenda(step()), child_digest=CHILD))
    with pytest.raises(LookedAfterAlready) as already:
        publish(engine, publication(agenda(step()), episode="episode-2", child_digest=CHILD))
    assert already.value.other == OpenEpisode(episode="episode-1", became_looked_after=D0)
    assert rows_in(engine, PublicationRow) == 1
    publish(engine, publication(agenda(ended_on=TODAY, finished=True), revision=2, child_digest=CHILD))
    publish(engine, publication(agenda(step()), episode="episode-2", child_digest=CHILD))


def test_the_register_takes_no_time_without_a_zone(engine: Engine) -> None:
    naive = step().model_copy(update={"known_at": datetime(2026, 6, 3, 8, 30)})
    with pytest.raises(Exception, match="names no zone"):
        publish(engine, publication(agenda(naive)))
    assert rows_in(engine, PublicationRow) == 0
    assert MORNING.tzinfo is UTC
