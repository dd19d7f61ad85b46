"""Nothing owed to a court falls due on or after its hearing, for any hearings, moves, disputes and appointments."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.acceptance import Refused, check
from rules.agenda import derive
from rules.case import Case, Known
from rules.court import all_proceedings
from rules.facts import Entry
from rules.facts.dispute import DisputeRaised, DisputeWithdrawn
from rules.facts.iro import IroAppointed
from rules.facts.proceedings import (
    CourtToldOfDispute,
    HearingListed,
    HearingMoved,
    ProceedingsEnded,
    ProceedingsIssued,
)
from rules.limits import LIMITS
from rules.proceedings import COURT_TOLD, DISPUTE_TOLD, FILE
from rules.steps import Step
from rules.vocabulary import STEP_KEY, Nation
from tests.rules.build import ENGLAND, child, day, fact, moment

ISSUED = (
    child("2026-06-05")
    .iro_appointed("2026-06-08")
    .review_held("2026-07-03")
    .proceedings_issued("2026-07-13", about="care_or_supervision")
)
DISPUTE = {"about": "The plan has not moved.", "stage": "team_manager"}
OWED_TO_A_COURT = (COURT_TOLD, FILE, DISPUTE_TOLD)

in_court = settings(derandomize=True, deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])

Told = tuple[str, dict[str, Any]]


@st.composite
def court_life(draw: st.DrawFn) -> list[Entry]:
    """Proceedings, one set or more, with hearings listed, moved and taken away, reviews, disputes and new IROs."""
    entries = list(ISSUED.entries)
    on = day("2026-07-13")
    for number in range(draw(st.integers(4, 22))):
        on += timedelta(draw(st.integers(0, 12)))
        happens = _what_may_happen(entries, draw(st.integers(-1, 40)), draw(st.integers(0, 5)), on)
        kind, said = draw(st.sampled_from(list(happens)))
        told = fact(kind, on.isoformat(), **{"id": f"f-{number}"} | said)
        try:
            check(entries, told, on)
        except Refused:
            continue
        entries.append(Entry(fact=told, at=moment(on.isoformat()) + timedelta(seconds=number)))
    return entries


def _what_may_happen(entries: list[Entry], ahead: int, pick: int, on: date) -> Iterator[Told]:
    case = Case(entries)
    sets = [known.id for known in case.all(ProceedingsIssued)]
    listed = [known.id for known in case.all(HearingListed)] or ["none"]
    raised = [known.id for known in case.all(DisputeRaised)] or ["none"]
    of = {"proceedings": sets[pick % len(sets)]}
    then = (on + timedelta(ahead)).isoformat()
    iro = case.all(IroAppointed)[-1].fact.iro
    yield "proceedings_issued", {"about": ("secure_accommodation", "placement")[pick % 2]}
    kinds = ("issues_resolution", "final", "case_management")
    for _ in range(3):
        yield "hearing_listed", of | {"hearing": kinds[pick % 3], "held_on": then}
    which = {"hearing": listed[pick % len(listed)], "reason": "the judge is ill"}
    yield "hearing_moved", which | {"held_on": then}
    yield "hearing_moved", which | {"held_on": None if pick == 0 else then}
    matter = ("care_plan", "contact", "health", "education", "placement", "drift")[pick]
    yield "dispute_raised", DISPUTE | {"by": iro, "matter": matter}
    yield "court_told_of_dispute", of | {"dispute": raised[pick % len(raised)]}
    yield "dispute_withdrawn", {"by": iro, "dispute": raised[pick % len(raised)], "reason": "in error"}
    yield "iro_appointed", {"iro": f"iro-{pick}"}
    yield "iro_named_in_proceedings", of | {"to": ("court", "legal")[pick % 2]}
    yield "guardian_appointed", of
    yield "guardian_invited", of
    yield "review_held", {"late_reason": "other"}
    yield "record_filed", {}
    yield "review_arranged", {"planned_for": then}
    if pick == 0:
        yield "proceedings_ended", of | {"outcome": "care_order"}


def _hearings(case: Case, *, after: date, only: str | None = None) -> dict[str, list[date]]:
    """The days of the hearings of each set, read from the facts by themselves."""
    ends = {known.fact.proceedings: known.on for known in case.all(ProceedingsEnded)}
    found: dict[str, list[date]] = {}
    for known in case.all(HearingListed):
        moves = [move.fact for move in case.all(HearingMoved) if move.fact.hearing == known.id]
        on = moves[-1].held_on if moves else known.fact.held_on
        if on and on > after and (only is None or known.fact.hearing == only):
            if on <= ends.get(known.fact.proceedings, on):
                found.setdefault(known.fact.proceedings, []).append(on)
    return {of: sorted(days) for of, days in found.items()}


def _first_hearing(step: Step, case: Case) -> date | None:
    """The first hearing since a step arose, in the proceedings it is owed in; None where there is none."""
    anchor = next(known for known in case.standing if known.id == step.key.partition(".")[2])
    sets = {each.id for each in all_proceedings(case) if each.id == anchor.id or each.go_on_on(anchor.on)}
    if isinstance(anchor.fact, ProceedingsIssued):
        sets = {anchor.id}
    elif isinstance(anchor.fact, IroAppointed):
        sets = {each.id for each in all_proceedings(case) if each.id in sets and each.issued.on < anchor.on}
    return min((days[0] for of, days in _hearings(case, after=anchor.on).items() if of in sets), default=None)


def _to_be_told(case: Case, dispute: Known[DisputeRaised], today: date) -> date | None:
    """The first issues resolution hearing to come of which the court was not told of a dispute."""
    told = {known.fact.proceedings for known in case.all(CourtToldOfDispute) if known.fact.dispute == dispute.id}
    hearings = _hearings(case, after=max(today, dispute.on), only="issues_resolution")
    return min((days[0] for of, days in hearings.items() if of not in told), default=None)


@pytest.mark.duty("before_hearing")
@pytest.mark.duty("file_record")
@pytest.mark.duty("tell_court_of_iro")
@in_court
@given(court_life(), st.integers(0, 60))
def test_nothing_owed_to_a_court_falls_due_on_or_after_its_hearing(entries: list[Entry], later: int) -> None:
    case = Case(entries)
    for step in derive(entries, ENGLAND, entries[-1].at + timedelta(days=later)).steps:
        if step.name in OWED_TO_A_COURT and step.name != DISPUTE_TOLD:
            hearing_on = _first_hearing(step, case)
            assert hearing_on is None or step.due < hearing_on, step.key


@pytest.mark.duty("tell_court_of_dispute")
@in_court
@given(court_life(), st.integers(0, 60))
def test_an_open_dispute_is_owed_before_the_next_issues_resolution_hearing(entries: list[Entry], later: int) -> None:
    now, case = entries[-1].at + timedelta(days=later), Case(entries)
    closed = {known.fact.dispute for known in case.all(DisputeWithdrawn)}
    owed = {step.key: step.due for step in derive(entries, ENGLAND, now).open_steps}
    for dispute in case.all(DisputeRaised):
        hearing_on = _to_be_told(case, dispute, now.date())
        due = owed.get(f"{DISPUTE_TOLD}.{dispute.id}")
        if hearing_on is None or dispute.id in closed:
            assert due is None
        else:
            assert due is not None and due < hearing_on


@in_court
@given(court_life())
def test_of_whatever_happens_in_court_no_two_steps_share_a_key(entries: list[Entry]) -> None:
    keys = [step.key for step in derive(entries, ENGLAND, entries[-1].at + timedelta(days=20)).steps]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(STEP_KEY, key) for key in keys)


def test_what_is_owed_to_a_court_is_all_that_the_legal_service_owes_one() -> None:
    owed = {limit.rule for limit in LIMITS[Nation.ENGLAND].values() if "the court" in limit.title.lower()}
    assert owed == {*OWED_TO_A_COURT, "before_hearing"}
