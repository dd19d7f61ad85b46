"""What holds of every story, whatever happened and in whatever order it was told."""

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from rules.agenda import derive
from rules.case import Case
from rules.challenges import challenges_of
from rules.clock import start_of
from rules.facts import Entry, FactCorrected, FactWithdrawn
from rules.facts.changes import SignificantChange
from rules.facts.reviews import DecisionMade
from rules.steps import Agenda, Escalation, Step
from rules.vocabulary import STEP_KEY, Phase, StepState
from tests.rules.build import MANAGED as ENGLAND
from tests.rules.moves import (
    CORRECTIONS,
    ENDS,
    EXEMPTIONS,
    FACTS,
    FINISH,
    Move,
    happens,
    lives_led,
    moves,
    openings,
    stories,
    told,
)

ANYTHING = (*FACTS, *FACTS, FINISH, *EXEMPTIONS, *ENDS, *CORRECTIONS)
CHALLENGES = tuple(kind for kind in FACTS if kind.startswith("challenge_"))
SPREAD = timedelta(minutes=3)

# The same cases every time: what passes here passes elsewhere. Without `derandomize` it looks further.
settings.register_profile(
    "rules",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
whatever_happens = settings(settings.get_profile("rules"))
a_few = settings(settings.get_profile("rules"), max_examples=20)

Raised = tuple[Escalation, ...]


def _end(entries: Sequence[Entry], days: int = 40) -> datetime:
    return max(entry.at for entry in entries) + timedelta(days=days)


def _instants(entries: Sequence[Entry], end: datetime) -> Iterator[tuple[datetime, tuple[Entry, ...]]]:
    """Each instant at which a fact is recorded, and the end, with the ledger as it stood."""
    for at in [*sorted({entry.at for entry in entries}), end]:
        yield at, tuple(entry for entry in entries if entry.at <= at)


def _chain(entries: Sequence[Entry], end: datetime, spread: timedelta = SPREAD) -> tuple[Raised, Agenda]:
    """Live through a ledger from fact to fact and alarm to alarm, as the workflow does."""
    raised: Raised = ()
    agenda: Agenda | None = None
    for at, known in _instants(entries, end):
        before = tuple(entry for entry in known if entry.at < at)
        while agenda and agenda.alarm and agenda.alarm.at < at:
            agenda = derive(before, ENGLAND, agenda.alarm.at, raised, spread=spread)
            raised += agenda.raised
        agenda = derive(known, ENGLAND, at, raised, spread=spread)
        raised += agenda.raised
    assert agenda
    return raised, agenda


def _trigger(step: Step, case: Case) -> date:
    """The day of the fact that set a step off."""
    anchor = step.key.partition(".")[2]
    if step.name == "decision":
        return next(made.on for made in case.all(DecisionMade) if made.fact.decision == anchor)
    if step.name == "tell_iro_of_change":  # What happened sets it off, and telling of it does it.
        return next(changed.fact.happened_on for changed in case.all(SignificantChange) if changed.id == anchor)
    return next((known.on for known in case.standing if known.id == anchor), case.first_day)


@whatever_happens
@given(openings(), stories(*ANYTHING))
def test_nothing_falls_due_before_what_set_it_off(opening: Entry, plan: list[Move]) -> None:
    entries = told(opening, plan)
    case = Case(entries)
    for step in derive(entries, ENGLAND, _end(entries)).steps:
        assert step.due >= _trigger(step, case), step.key


@whatever_happens
@given(openings(), stories(*ANYTHING))
def test_the_practical_day_is_a_working_day_and_never_after_the_day_in_law(opening: Entry, plan: list[Move]) -> None:
    entries = told(opening, plan)
    for step in derive(entries, ENGLAND, _end(entries)).steps:
        for basis in (step.basis, *step.others):
            assert basis.practical_due <= basis.due
            held_back = basis.practical_due == basis.due  # Not before what set it off.
            assert ENGLAND.calendar.is_working_day(basis.practical_due) or held_back, step.key


@whatever_happens
@given(openings(), stories(*ANYTHING), st.randoms(use_true_random=False))
def test_the_order_of_the_ledger_does_not_matter(opening: Entry, plan: list[Move], chance: random.Random) -> None:
    entries = list(told(opening, plan))
    now, new = _end(entries), [entry.fact.id for entry in entries]
    agenda = derive(entries, ENGLAND, now, new=new)
    chance.shuffle(entries)
    assert derive(entries, ENGLAND, now, new=new) == agenda


@whatever_happens
@given(openings(), stories(*FACTS, FINISH, *EXEMPTIONS, *ENDS), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_were_recorded_moves_no_date(
    opening: Entry, plan: list[Move], chance: random.Random
) -> None:
    # Two facts of one kind on one day are told apart by nothing else, nor what is said of a dispute; all others are.
    entries = told(opening, plan)
    kinds = [re.sub("^(dispute|hearing)_.*", r"\1", entry.fact.kind).replace("ended", "exempted") for entry in entries]
    days = [(kind, entry.fact.on) for kind, entry in zip(kinds, entries, strict=True)]
    of_which_the_last_stands = {"review_arranged", "decision_changed", "legal_status_changed", "dispute", "hearing"}
    assume(len(set(days)) == len(days) or not of_which_the_last_stands & {kind for kind, _ in days})
    instants = [entry.at for entry in entries]
    chance.shuffle(instants)
    otherwise = [Entry(fact=entry.fact, at=at) for entry, at in zip(entries, instants, strict=True)]
    # A stage of a dispute has at least the day on which it was recorded that it came to it; a referral waits for it.
    by_the_record = ("answer_dispute", "weigh_dispute_answer", "consider_cafcass", "refer_to_cafcass")
    first, second = (_owed(derive(each, ENGLAND, _end(entries)), but=by_the_record) for each in (otherwise, entries))
    assert first == second


def _owed(agenda: Agenda, but: tuple[str, ...] = ()) -> dict[str, tuple[object, ...]]:
    steps = (step for step in agenda.steps if step.name not in but)
    return {step.key: (step.basis, step.state, step.done_on, step.outstanding) for step in steps}


@whatever_happens
@given(openings(), stories(*ANYTHING))
def test_deriving_twice_is_the_same_and_raising_is_done_once(opening: Entry, plan: list[Move]) -> None:
    entries = told(opening, plan)
    for at, known in _instants(entries, _end(entries)):
        agenda = derive(known, ENGLAND, at)
        assert derive(known, ENGLAND, at) == agenda
        again = derive(known, ENGLAND, at, agenda.raised)
        assert again.raised == ()
        assert (again.steps, again.alarm) == (agenda.steps, agenda.alarm)


@whatever_happens
@given(openings(), stories(*ANYTHING))
def test_no_rung_is_raised_twice_unless_a_fact_put_the_date_off(opening: Entry, plan: list[Move]) -> None:
    entries = told(opening, plan)
    raised, _ = _chain(entries, _end(entries))
    seen: dict[tuple[str, str], Escalation] = {}
    for escalation in raised:
        for rung in escalation.rungs:
            before = seen.get((escalation.step, rung))
            if before:
                assert escalation.due > before.due
                assert any(before.at < entry.at <= escalation.at for entry in entries)
            seen[escalation.step, rung] = escalation


@whatever_happens
@given(openings(), stories(*ANYTHING))
def test_a_fact_takes_back_no_escalation(opening: Entry, plan: list[Move]) -> None:
    # What was raised stays in the chain; deriving on with it never asks for it to be raised lower down again.
    entries = told(opening, plan)
    raised: Raised = ()
    for at, known in _instants(entries, _end(entries)):
        agenda = derive(known, ENGLAND, at, raised)
        assert not {(each.step, each.rung, each.due) for each in agenda.raised} & {
            (each.step, each.rung, each.due) for each in raised
        }
        raised += agenda.raised


@whatever_happens
@given(openings(), stories(*ANYTHING))
def test_every_open_step_has_an_alarm_until_it_has_reached_the_top(opening: Entry, plan: list[Move]) -> None:
    entries = told(opening, plan)
    raised, agenda = _chain(entries, end := _end(entries))
    for step in agenda.open_steps:
        reached = {rung for escalation in raised if escalation.step == step.key for rung in escalation.rungs}
        rungs = ENGLAND.rungs(step.ladder, step.due, step.basis.practical_due) if step.ladder else ()
        for timed in rungs:
            if timed.rung.name not in reached:
                assert timed.at + SPREAD > end, f"{step.key} never reached {timed.rung.name}"
                assert agenda.alarm and agenda.alarm.at <= timed.at + SPREAD


@a_few
@given(openings(), stories(*ANYTHING, most=8, gap=15))
def test_looking_every_midnight_raises_what_the_alarms_do(opening: Entry, plan: list[Move]) -> None:
    entries = told(opening, plan)
    end = _end(entries, days=25)
    by_alarm, agenda = _chain(entries, end, timedelta(0))
    by_day: Raised = ()
    first = opening.at.date()
    midnights = [start_of(first + timedelta(n)) for n in range((end.date() - first).days + 1)]
    for at in sorted({*midnights, *(entry.at for entry in entries), end}):
        if opening.at <= at <= end:
            by_day += derive([entry for entry in entries if entry.at <= at], ENGLAND, at, by_day).raised
    assert by_day == by_alarm
    if agenda.alarm:
        assert agenda.alarm.at > end


@a_few
@given(openings(), lives_led(*ANYTHING))
def test_shedding_what_is_settled_changes_nothing(opening: Entry, plan: list[Move]) -> None:
    # Two lives of one child: one ledger sheds what has settled, as the workflow's does, the other keeps all.
    shed: tuple[Entry, ...] = (opening,)
    full: tuple[Entry, ...] = (opening,)
    raised: Raised = ()
    all_raised: Raised = ()
    now = opening.at
    for number, move in enumerate([None, *plan]):
        if move:
            new = tuple(happens(shed, move, number, now))
            shed, full = (*shed, *new), (*full, *new)
            now = new[-1].at if new else now + timedelta(days=move.gap)
        agenda, other = derive(shed, ENGLAND, now, raised), derive(full, ENGLAND, now, all_raised)
        assert agenda.raised == other.raised
        raised, all_raised = (*raised, *agenda.raised), (*all_raised, *other.raised)
        if agenda.carried is not None and agenda.carried_raised is not None:
            shed, raised = agenda.carried, agenda.carried_raised
        agenda, other = derive(shed, ENGLAND, now, raised), derive(full, ENGLAND, now, all_raised)
        assert agenda.open_steps == other.open_steps
        assert agenda.raised == other.raised == ()
        assert (agenda.alarm, agenda.stage, agenda.finished) == (other.alarm, other.stage, other.finished)
        assert (agenda.iro, agenda.cover, agenda.ended_on) == (other.iro, other.cover, other.ended_on)
        assert agenda.reviews == other.reviews
        # Where nothing is done every rung is remembered; lives as they are led stay under half of it.
        assert len(to_json(shed)) + len(to_json(raised)) < 64 * 1024


@pytest.mark.duty("late_notice_moves_no_date")
@whatever_happens
@given(openings(), st.integers(0, 90))
def test_the_day_of_notification_moves_no_date_but_the_local_one(opening: Entry, days: int) -> None:
    now = _end([opening], days=100)
    on = (opening.fact.on + timedelta(days)).isoformat()
    from tests.rules.build import fact

    notified = Entry(fact=fact("iro_service_notified", on), at=opening.at + timedelta(days=days))
    with_it, without = (derive(ledger, ENGLAND, now) for ledger in ([opening, notified], [opening]))
    dues = [
        {step.key: step.due for step in agenda.steps if step.name not in ("appoint_iro", "propose_iro")}
        for agenda in (with_it, without)
    ]
    assert dues[0] == dues[1]


@whatever_happens
@given(openings(), stories(*ANYTHING))
def test_a_step_says_when_it_was_done_if_and_only_if_it_was(opening: Entry, plan: list[Move]) -> None:
    entries = told(opening, plan)
    done = {StepState.DONE_IN_TIME, StepState.DONE_LATE, StepState.DEEMED}
    for step in derive(entries, ENGLAND, _end(entries)).steps:
        if step.state in done:
            assert step.done_on is not None
            assert (step.done_on > step.due) == (step.state is StepState.DONE_LATE)
        if step.state in (StepState.EXEMPTED, StepState.MISSED, StepState.NOT_REQUIRED):
            assert step.reason


@pytest.mark.duty("challenge_stays")
@whatever_happens
@given(openings(), moves(*ANYTHING, *CHALLENGES, *CHALLENGES, *CHALLENGES, most=18))
def test_a_challenge_is_owed_until_it_is_resolved_withdrawn_or_taken_further(opening: Entry, plan: list[Move]) -> None:
    entries = told(opening, plan)
    agenda = derive(entries, ENGLAND, _end(entries))
    assume(agenda.end_reason != "void")
    owed = {step.key.partition(".")[2] for step in agenda.open_steps if step.phase is Phase.CHALLENGE}
    assert owed == {each.id for each in challenges_of(Case(entries)) if each.closed_by is None}
    assert not (owed and agenda.finished)


@whatever_happens
@given(openings(), stories(*ANYTHING))
def test_no_two_steps_share_a_key(opening: Entry, plan: list[Move]) -> None:
    entries = told(opening, plan)
    agenda = derive(entries, ENGLAND, _end(entries))
    keys = [step.key for step in agenda.steps]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(STEP_KEY, key) for key in keys)
    assert len(agenda.beside) == len({each.name for each in agenda.beside})


def test_the_moves_drawn_tell_every_kind_of_story() -> None:
    assert not set(CORRECTIONS) & set(FACTS)
    assert all(not issubclass(kind, FactCorrected | FactWithdrawn) for kind in (DecisionMade,))
