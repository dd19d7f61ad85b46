"""When a cycle closes the ledger sheds what no open step needs, and nothing else changes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from pydantic_core import to_json

from benchmarks.derivation import as_carried, soon_after, three_years, years_in_care
from rules.acceptance import Refused, check
from rules.agenda import derive
from rules.codes import LegalStatus
from rules.facts import Entry, Fact
from rules.steps import Agenda, Escalation
from rules.vocabulary import StepState
from tests.rules.build import ENGLAND, Story, child, day, fact, moment

MOST_BYTES = 32 * 1024


def _same(carried: Agenda, full: Agenda) -> bool:
    """Whether two agendas owe the same, by the same dates, with the same next alarm and reviews."""
    assert carried.open_steps == full.open_steps
    assert (carried.alarm, carried.reviews, carried.stage) == (full.alarm, full.reviews, full.stage)
    assert (carried.iro, carried.cover) == (full.iro, full.cover)
    assert carried.raised == full.raised == ()
    return True


def _live(entries: Sequence[Entry], until: datetime) -> None:
    """Live through a ledger twice, shedding and not shedding, and compare at every instant."""
    ledger, raised = tuple[Entry, ...](), tuple[Escalation, ...]()
    full, full_raised = tuple[Entry, ...](), tuple[Escalation, ...]()
    coming = sorted(entries, key=lambda entry: entry.at)
    now = coming[0].at
    while now < until:
        while coming and coming[0].at <= now:
            ledger, full = (*ledger, coming[0]), (*full, coming[0])
            coming.pop(0)
        agenda = derive(ledger, ENGLAND, now, raised)
        other = derive(full, ENGLAND, now, full_raised)
        assert agenda.raised == other.raised
        raised, full_raised = (*raised, *agenda.raised), (*full_raised, *other.raised)
        if agenda.carried is not None and agenda.carried_raised is not None:
            ledger, raised = agenda.carried, agenda.carried_raised
        _same(derive(ledger, ENGLAND, now, raised), derive(full, ENGLAND, now, full_raised))
        instants = [entry.at for entry in coming[:1]] + [agenda.alarm.at for agenda in [agenda] if agenda.alarm]
        now = min((at for at in instants if at > now), default=until)


def test_three_years_with_everything_on_time() -> None:
    _live(three_years(), soon_after(three_years()))


def test_what_is_carried_after_three_years_is_the_chain_and_the_open_cycle() -> None:
    ledger, raised = as_carried(three_years())
    reviews = [entry for entry in ledger if entry.fact.kind == "review_held"]
    assert [entry.settled for entry in reviews] == [True] * 6 + [False]
    assert len(ledger) < 45
    assert all(entry.fact.kind != "decisions_sent" or entry.fact.on > day("2025-06-01") for entry in ledger)
    assert len(raised) < 40


def _unfinished() -> Story:
    """Records never finished, decisions left open, an adjournment, two IROs, an exemption."""
    story = child("2024-01-08").iro_appointed("2024-01-10").iro_made_known("2024-01-11")
    story = story.review_opened("2024-01-29").review_adjourned("2024-01-29", hour=13, reconvene_on="2024-02-12")
    story = story.review_held("2024-02-12").decision_made("2024-02-12", due="2024-12-02").decisions_sent("2024-02-14")
    story = story.iro_post_vacated("2024-03-04").iro_appointed("2024-03-07", iro="iro-2")
    story = story.iro_cover_arranged("2024-04-02", cover="iro-9", until="2024-04-30")
    story = story.review_arranged("2024-04-08", planned_for="2024-05-07").discussion_held("2024-04-09")
    story = story.child_consulted("2024-05-02").review_held("2024-05-07")
    story = story.step_exempted("2024-05-20", step="record.review-2", reason="strike", until="2024-09-30")
    for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2024-06-03", recipient=recipient, review="2024-05-07")
    story = story.decisions_sent("2024-05-13").decisions_circulated("2024-05-20")
    story = story.review_arranged("2024-10-01", planned_for="2024-10-31").report_received("2024-10-28")
    story = story.review_held("2024-10-31").corrected("review-3", "2024-11-04", on="2024-10-30")
    story = story.record_completed("2024-11-05", review="2024-02-12").decisions_circulated(
        "2024-11-05", review="2024-02-12"
    )
    for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2024-11-06", recipient=recipient, review="2024-02-12")
    return story.review_held("2025-04-24").decision_carried_out("2025-04-28", decision="d-1")


def test_a_case_with_loose_ends_goes_on_the_same() -> None:
    _live(_unfinished().entries, moment("2025-12-01"))


def test_a_wish_for_another_iro_waits_on_where_the_same_one_comes_back() -> None:
    story = child("2024-01-08").iro_appointed("2024-01-10", iro="iro-9")
    story = story.iro_post_vacated("2024-01-11").iro_appointed("2024-01-12").iro_change_asked("2024-01-15")
    story = story.iro_post_vacated("2024-01-22").iro_appointed("2024-01-25").review_held("2024-02-02")
    for kind in ("decisions_sent", "decisions_circulated", "record_completed"):
        story = getattr(story, kind)("2024-02-05")
    for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2024-02-06", recipient=recipient)
    story = story.review_held("2024-05-02").review_held("2024-10-31")
    step = "answer_change_request.iro_change_asked-1"
    assert story.agenda("2024-05-03").carried is not None
    assert story.step(step, on="2025-01-10").is_open
    _live(story.entries, moment("2025-01-10"))
    _live(story.iro_appointed("2025-01-13", iro="iro-2").entries, moment("2025-02-01"))


def test_a_cycle_that_closes_before_an_older_one_leaves_that_one_its_facts() -> None:
    # The record of the first review is never finished; the second cycle closes all the same.
    story = child("2024-01-08").discussion_held("2024-01-12").report_received("2024-01-29")
    story = story.child_consulted("2024-02-01").review_held("2024-02-02").review_held("2024-05-02")
    for kind in ("decisions_sent", "decisions_circulated", "record_completed"):
        story = getattr(story, kind)("2024-05-08")
    for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2024-05-09", recipient=recipient)
    story = story.iro_appointed("2024-10-01").iro_cover_arranged("2024-10-02", cover="iro-9", until="2024-11-30")
    story = story.review_held("2024-10-31")
    agenda = story.agenda("2024-10-31")
    assert agenda.carried is not None
    kinds = [entry.fact.kind for entry in agenda.carried]
    assert {"discussion_held", "report_received", "child_consulted"} <= set(kinds)
    _live(story.entries, moment("2025-03-01"))


def test_a_step_exempt_until_a_day_keeps_its_cycle_open() -> None:
    story = child("2024-01-08").review_held("2024-02-02")
    for kind in ("decisions_sent", "decisions_circulated"):
        story = getattr(story, kind)("2024-02-06")
    for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2024-02-09", recipient=recipient)
    story = story.step_exempted("2024-02-12", step="record.review-1", reason="strike", until="2024-06-28")
    story = story.review_held("2024-05-02")
    assert story.agenda("2024-05-03").carried is None
    assert "record.review-1" in story.open_keys("2024-07-01")


def test_a_review_moved_by_a_correction_keeps_what_named_its_former_day() -> None:
    story = child("2024-01-08").review_held("2024-02-02").review_held("2024-05-02")
    story = story.record_completed("2024-05-07", review="2024-05-02").corrected(
        "review-2", "2024-05-08", on="2024-05-01"
    )
    for kind in ("decisions_sent", "decisions_circulated", "record_completed"):
        story = getattr(story, kind)("2024-05-09", review="2024-02-02")
    for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2024-05-09", recipient=recipient, review="2024-02-02")
    # The reply counts as given once five working days have passed.
    agenda = story.agenda("2024-05-17")
    assert agenda.carried is not None
    again = derive(agenda.carried, ENGLAND, moment("2024-05-17"), agenda.carried_raised or ())
    record = next(step for step in again.steps if step.key == "record.review-2")
    assert record.done_on == day("2024-05-07")


def test_a_corrected_review_keeps_its_first_meeting_when_it_settles() -> None:
    story = child("2024-01-08").review_opened("2024-02-01").review_held("2024-02-20")
    story = story.corrected("review-1", "2024-02-21", participation="PN2")
    for kind in ("decisions_sent", "decisions_circulated", "record_completed"):
        story = getattr(story, kind)("2024-02-22")
    for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2024-02-23", recipient=recipient)
    story = story.review_held("2024-05-17")
    _live(story.entries, moment("2024-06-03"))


def test_after_eighteen_years_the_carried_state_is_small_and_the_agenda_the_same() -> None:
    # Looked after from birth: 37 reviews, a little under 18 years of them.
    full = years_in_care(day("2008-02-04"), 37)
    ledger, raised = as_carried(full)
    assert len(to_json(ledger)) + len(to_json(raised)) < MOST_BYTES
    now = soon_after(full)
    carried, everything = derive(ledger, ENGLAND, now, raised), derive(full, ENGLAND, now, raised)
    assert len(carried.reviews) == 37
    assert _same(carried, everything)
    assert day("2025-06-01") < full[-1].fact.on < day("2026-02-04")


def test_what_is_recorded_for_a_cycle_long_closed_is_shed_at_the_next() -> None:
    ledger, raised = as_carried(three_years())
    late = fact("record_distributed", "2026-02-02", recipient="school", review=_second_review(ledger))
    now = soon_after(three_years())
    with_late = (*ledger, Entry(fact=late, at=now))
    held = fact("review_held", "2026-07-01", id="review-8")
    after = derive(
        (*with_late, Entry(fact=held, at=now + timedelta(days=150))), ENGLAND, now + timedelta(days=150), raised
    )
    assert after.carried is not None
    assert late.id not in {entry.fact.id for entry in after.carried}


def _second_review(ledger: Sequence[Entry]) -> str:
    return [entry.fact.on.isoformat() for entry in ledger if entry.fact.kind == "review_held"][1]


def _converted() -> tuple[Entry, ...]:
    """Short breaks from birth that passed their limits after the second review, and 16 years of full care."""
    full = years_in_care(day("2008-02-04"), 34)
    exceeded = fact("short_break_limit_exceeded", "2008-06-20")
    opening = full[0].fact.model_copy(update={"legal_status": LegalStatus.V4})
    recorded = Entry(fact=exceeded, at=moment("2008-06-20"))
    return tuple(sorted((full[0].model_copy(update={"fact": opening}), *full[1:], recorded), key=lambda each: each.at))


@pytest.mark.duty("short_break_exceeded")
def test_a_child_converted_from_short_breaks_sheds_what_is_settled_all_the_same() -> None:
    full = _converted()
    ledger, raised = as_carried(full)
    assert len(to_json(ledger)) + len(to_json(raised)) < MOST_BYTES
    now = soon_after(full)
    carried, everything = derive(ledger, ENGLAND, now, raised), derive(full, ENGLAND, now, raised)
    assert (carried.open_steps, carried.reviews) == (everything.open_steps, everything.reviews)
    assert (carried.alarm, carried.raised) == (everything.alarm, ())
    checked = [entry.fact.on for entry in ledger if entry.fact.kind == "mid_point_checked"]
    assert not [on for on in checked if day("2008-06-20") < on < day("2023-04-01")]


@pytest.mark.duty("mid_point_check")
def test_a_check_after_short_breaks_became_full_care_is_none_of_the_cycle_that_gave_way() -> None:
    story = child("2026-01-05", legal_status="V4").review_held("2026-02-02")
    story = story.short_break_limit_exceeded("2026-03-02").review_held("2026-03-27")
    before = story.step("mid_point_check.review-1", on="2026-03-27")
    assert before.state is StepState.NOT_REQUIRED
    assert story.mid_point_checked("2026-06-01").step("mid_point_check.review-1", on="2026-06-01") == before


def _settled_review() -> tuple[Entry, ...]:
    """A review that opened in time and was completed later, as the ledger carries it once it has settled."""
    story = child("2024-01-08").review_opened("2024-02-01").review_held("2024-02-20")
    for kind in ("decisions_sent", "decisions_circulated", "record_completed"):
        story = getattr(story, kind)("2024-02-22")
    for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2024-02-23", recipient=recipient)
    agenda = story.review_held("2024-05-17").agenda("2024-05-17")
    assert agenda.carried is not None
    return agenda.carried


def _put_right(**fields: object) -> Fact:
    to = {"kind": "review_held", "id": "review-1", "by": "worker-1", "on": "2024-02-20", "participation": "PN3"}
    return fact("fact_corrected", "2024-05-20", corrects="review-1", reason="typing error", to=to | fields)


@pytest.mark.duty("first_review")
def test_how_a_child_took_part_in_a_settled_review_is_corrected_and_its_days_stand() -> None:
    check(_settled_review(), _put_right(), day("2024-05-20"))
    ledger = (*_settled_review(), Entry(fact=_put_right(), at=moment("2024-05-20")))
    line = derive(ledger, ENGLAND, moment("2024-05-20")).reviews[0]
    assert (line.completed_on, line.opened_on, line.statutory_in_time) == (day("2024-02-20"), day("2024-02-01"), True)
    assert line.participation == "PN3"


@pytest.mark.parametrize(
    "revision",
    [
        _put_right(on="2024-02-19"),
        _put_right(opened_on="2024-02-02"),
        _put_right(counts=False),
        fact("fact_withdrawn", "2024-05-20", withdraws="review-1", reason="recorded in error"),
    ],
)
def test_the_days_of_a_settled_review_stand(revision: Fact) -> None:
    # What followed it has closed, and would not be judged again.
    with pytest.raises(Refused, match="The review of 20 February 2024 is settled"):
        check(_settled_review(), revision, day("2024-05-20"))
