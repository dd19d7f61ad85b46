"""Between reviews, on the real server: a change told late, a challenge that nobody answers, what the child wrote."""

from datetime import date

import pytest
from sqlalchemy import Engine

from activities.composing import Composer
from post.notice import Reader
from post.wording import write
from register import outbox, queries
from register.recorded import settled_facts
from rules.acceptance import Refused
from rules.notice_names import NoticeName
from rules.post_policy import PostPolicy
from rules.vocabulary import Role
from tests.workflows.journey import Journey

# A Tuesday; the first review is on Monday 2 July 2035.
FIRST_DAY, REVIEW = date(2035, 6, 5), date(2035, 7, 2)
SECRET = "Planted words that belong in no email"
ANSWER, SETTLE = "answer_challenge.c-1", "settle_challenge.c-1"


async def reviewed(journey: Journey) -> None:
    """A case that is in order up to its first review and what follows it."""
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    await journey.follow_up(REVIEW)


def message(register: Engine, episode: str, name: NoticeName, role: Role, today: date) -> str:
    """A notice that is owed, as it is written to whoever gets it."""
    (waiting,) = [each for each in outbox.notices_ever_owed(register, episode, name) if each.notice.recipient is role]
    written = write(Composer(register, PostPolicy(), today).notice(waiting, Reader(role=role)))
    return f"{written.subject}\n{written.body}\n{written.text}"


async def test_a_change_told_late_says_by_how_long_and_is_chased_until_the_iro_considers_it(journey: Journey) -> None:
    await reviewed(journey)
    told = date(2035, 7, 19)
    await journey.go_to(told)
    await journey.record(
        "significant_change",
        told,
        fact_id="ch-1",
        change="school_exclusion",
        happened_on=date(2035, 7, 11),
        words=SECRET,
    )
    late = journey.step("tell_iro_of_change.ch-1")
    assert (late.state, late.due, late.reason) == ("done_late", date(2035, 7, 13), "told 4 working days late")
    words = message(journey.register, journey.episode, NoticeName.SIGNIFICANT_EVENT, Role.IRO, told)
    assert "What: the child was excluded from school" in words
    assert "When the IRO was told: Thursday 19 July 2035, told 4 working days late" in words
    assert "Please consider it by Tuesday 24 July 2035" in words
    assert SECRET not in words
    await journey.go_to(date(2035, 7, 26))
    assert journey.rungs("consider_change.ch-1") == ["reminder", "breach"]
    assert journey.rungs("tell_iro_of_change.ch-1") == []
    await journey.record("change_considered", date(2035, 7, 26), change="ch-1", answer="spoke_with_social_worker")
    assert "consider_change.ch-1" not in await journey.owed()
    assert journey.step("consider_change.ch-1").state == "done_late"


async def test_a_change_of_plan_brings_the_review_forward_by_law(journey: Journey) -> None:
    await reviewed(journey)
    told = date(2035, 7, 10)
    await journey.go_to(told)
    proposed, takes_effect = "care_plan_change_proposed", date(2035, 8, 1)
    await journey.record("significant_change", told, change=proposed, happened_on=told, takes_effect=takes_effect)
    derived = await journey.agenda()
    assert derived.review_due == date(2035, 8, 1)
    assert journey.step("second_review.first").basis.source == "CPPCR 2010 reg 32(2)"


async def test_an_unanswered_challenge_climbs_to_the_top_and_outlives_the_review(journey: Journey) -> None:
    await reviewed(journey)
    raised = date(2035, 7, 9)
    await journey.go_to(raised)
    await journey.record(
        "challenge_raised", raised, fact_id="c-1", rung="management_alert", addressee="service_manager", about=SECRET
    )
    words = message(journey.register, journey.episode, NoticeName.CHALLENGE_RAISED, Role.SERVICE_MANAGER, raised)
    assert "Please answer by Monday 16 July 2035" in words
    assert "management alert" in words and SECRET not in words
    await journey.go_to(date(2035, 8, 3))
    assert journey.rungs(ANSWER) == ["reminder", "breach", "service_manager", "assistant_director", "director"]
    with pytest.raises(Refused, match="A challenge, a dispute, .* cannot be exempted"):
        await journey.record("step_exempted", date(2035, 8, 3), step=ANSWER, reason="made up")
    # The second review closes the first cycle: the workflow goes on in a new run, and the challenge with it.
    first_run = (await journey.handle.describe()).run_id
    second = date(2035, 9, 20)
    await journey.go_to(second)
    await journey.prepare(second)
    await journey.record("review_held", second, fact_id="second", participation="PN1")
    assert ANSWER in await journey.owed()
    assert (await journey.handle.describe()).run_id != first_run
    assert "c-1" not in settled_facts(journey.register, journey.episode)
    await journey.record("challenge_answered", second, challenge="c-1", answer=SECRET)
    assert (ANSWER in await journey.owed(), SETTLE in await journey.owed()) == (False, True)
    answered = message(journey.register, journey.episode, NoticeName.CHALLENGE_ANSWERED, Role.IRO, second)
    assert "Please say by Thursday 27 September 2035" in answered and SECRET not in answered
    await journey.record("challenge_resolved", second, challenge="c-1", outcome="agreed")
    assert not {ANSWER, SETTLE} & await journey.owed()
    assert journey.step(SETTLE).outcome == "agreed"


async def test_what_the_child_wrote_reaches_the_iro_and_no_email(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.record("child_wrote", FIRST_DAY, fact_id="w-1", text=SECRET, by="link-1")
    step = journey.step("consult_child")
    assert (step.is_open, step.outcome) == (True, "wrote")
    words = message(journey.register, journey.episode, NoticeName.VIEWS_IN_WRITING, Role.IRO, FIRST_DAY)
    assert "It stands with the child's case, in the desk" in words and SECRET not in words
    facts = [each.fact for each in queries.facts(journey.register, journey.episode)]
    assert [(each.by, each.text) for each in facts if each.kind == "child_wrote"] == [("link-1", SECRET)]
