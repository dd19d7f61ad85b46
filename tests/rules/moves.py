"""Made-up stories for the property tests: moves drawn by hypothesis, each told as a fact if it can be.

A move is a kind of fact with a few small numbers; what it says is worked out from what has been told so far, and what
the rules refuse is left out. So every ledger drawn is one that could stand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from rules.acceptance import Refused, check
from rules.agenda import derive
from rules.case import Case
from rules.facts import Entry, FactCorrected, FactWithdrawn, parse_fact
from rules.facts.challenge import ChallengeRaised, ChallengeRung
from rules.facts.changes import ChangeAnswer, PlanChange, SignificantChange
from rules.facts.reviews import DecisionMade
from rules.follow_up import RECORD_RECIPIENTS
from rules.vocabulary import birthday
from tests.rules.build import MANAGED, fact, moment
from tests.rules.moves_beside import CHILDS_ROAD, DISPUTES, PROCEEDINGS, said_beside

FACTS = (
    "iro_service_notified",
    "iro_appointed",
    "iro_post_vacated",
    "iro_cover_arranged",
    "iro_proposed",
    "no_iro_found",
    "iro_conflict_declared",
    "iro_change_asked",
    "iro_change_declined",
    "iro_handed_over",
    "iro_made_known",
    "iro_not_made_known",
    "reviewing_policy_given",
    "review_arranged",
    "early_review_required",
    "discussion_held",
    "invitations_sent",
    "report_received",
    "child_consulted",
    "views_gathered",
    "review_opened",
    "review_adjourned",
    "review_held",
    "review_held",
    "review_held",
    "decision_made",
    "decision_changed",
    "decision_carried_out",
    "decisions_sent",
    "manager_replied",
    "decisions_circulated",
    "record_completed",
    "record_distributed",
    "mid_point_checked",
    "significant_change",
    "significant_change",
    "change_considered",
    "child_wrote",
    "challenge_raised",
    "challenge_raised",
    "challenge_answered",
    "challenge_resolved",
    "challenge_withdrawn",
    "good_practice_noted",
    "poor_practice_noted",
    "notice_undelivered",
    "notice_delivered",
    "social_worker_changed",
    "legal_status_changed",
    "short_break_limit_exceeded",
)
A_CLOCK_RINGS = "a clock beside the case rings"
FINISH = "finish what follows the last review"
EXEMPTIONS = ("step_exempted", "exemption_ended")
ENDS = ("care_ended",)
CORRECTIONS = ("fact_corrected", "fact_withdrawn")
FAMILY = ("child", "parents", "carer")
_BETWEEN = ("iro_appointed", "review_held", FINISH, *ENDS, *EXEMPTIONS, *CORRECTIONS)
OF_A_DISPUTE = (*DISPUTES, *DISPUTES, *(A_CLOCK_RINGS,) * 4, "iro_cover_arranged", "challenge_raised", *_BETWEEN)
OF_A_COURT = (*PROCEEDINGS, *PROCEEDINGS, *(A_CLOCK_RINGS,) * 4, "dispute_raised", "dispute_resolved", *_BETWEEN)
OF_THE_CHILD = (*CHILDS_ROAD, *CHILDS_ROAD, "review_arranged", *_BETWEEN)
_BEGINNINGS = {
    OF_A_DISPUTE: ("iro_appointed", "challenge_raised", "dispute_raised"),
    OF_A_COURT: ("iro_appointed", "proceedings_issued", "guardian_appointed", "hearing_listed"),
    OF_THE_CHILD: ("iro_appointed", "child_wants_proceedings", "complaint_made", "child_wished"),
}
"""How the stories of what runs beside the cycle begin: otherwise there would be little to tell."""


@dataclass(frozen=True)
class Move:
    """One thing that may happen.

    Attributes:
        kind: the kind of fact, or `FINISH`.
        gap: days since the move before.
        lag: days between its happening and its being recorded.
        pick: chooses among what there is to choose from.
        ahead: days ahead, where the fact names a day to come.
    """

    kind: str
    gap: int
    lag: int
    pick: int
    ahead: int


def moves(*kinds: str, least: int = 5, most: int = 14, gap: int = 45) -> st.SearchStrategy[list[Move]]:
    """Lists of moves of these kinds."""
    return st.lists(_move(st.sampled_from(kinds), gap), min_size=least, max_size=most)


def stories(*kinds: str, least: int = 5, most: int = 14, gap: int = 45) -> st.SearchStrategy[list[Move]]:
    """Moves of these kinds; or the story of a dispute, of court proceedings, of what a child asks for."""
    return moves(*kinds, least=least, most=most, gap=gap) | st.one_of(
        [_after_beginning(about, moves(*about, least=least, most=most + 4, gap=min(gap, 12))) for about in _BEGINNINGS]
    )


def lives_led(*kinds: str) -> st.SearchStrategy[list[Move]]:
    """The same, over several cycles."""
    return lives(*kinds) | st.one_of([_after_beginning(about, lives(*about)) for about in _BEGINNINGS])


def _after_beginning(about: tuple[str, ...], plans: st.SearchStrategy[list[Move]]) -> st.SearchStrategy[list[Move]]:
    begun = st.tuples(*(_move(st.just(kind), 3, lags=(0,)) for kind in _BEGINNINGS[about]))
    return st.builds(lambda first, then: [*first, *then], begun, plans)


def _move(
    kind: st.SearchStrategy[str], gap: int, lags: tuple[int, ...] = (0, 0, 0, 0, 1, 4, 20)
) -> st.SearchStrategy[Move]:
    return st.builds(
        Move,
        kind=kind,
        gap=st.integers(0, gap),
        lag=st.sampled_from(lags),
        pick=st.integers(0, 11),
        ahead=st.integers(0, 70),
    )


@st.composite
def lives(draw: st.DrawFn, *kinds: str) -> list[Move]:
    """Two to five cycles, most of them brought to their end, with anything in between."""
    plan: list[Move] = []
    between = st.lists(_move(st.sampled_from(kinds), 30), max_size=4)
    for _ in range(draw(st.integers(2, 5))):
        plan += draw(between)
        plan.append(draw(_move(st.just("review_held"), 60)))
        plan += draw(between)
        if draw(st.integers(0, 3)):
            plan.append(draw(_move(st.just(FINISH), 30)))
    return plan


@st.composite
def openings(draw: st.DrawFn) -> Entry:
    """A child who became looked after, notified at once or late."""
    on = draw(st.dates(date(2024, 1, 1), date(2026, 6, 1)))
    status = draw(st.sampled_from(("V2", "V2", "V2", "C1", "J1", "V4")))
    age_in_days = draw(st.integers(0, 6500))
    late = draw(st.sampled_from((0, 0, 0, 1, 9, 60)))
    opening = fact(
        "became_looked_after",
        on.isoformat(),
        id="opening",
        legal_status=status,
        birth_date=(on - timedelta(age_in_days)).isoformat(),
    )
    return Entry(fact=opening, at=moment((on + timedelta(late)).isoformat()))


def told(opening: Entry, plan: Sequence[Move]) -> tuple[Entry, ...]:
    """The ledger that an opening and a plan come to."""
    entries = [opening]
    for number, move in enumerate(plan):
        entries.extend(happens(entries, move, number, entries[-1].at))
    return tuple(entries)


def happens(entries: Sequence[Entry], move: Move, number: int, last: datetime) -> Iterator[Entry]:
    """What a move adds to a ledger: nothing when it cannot be.

    Args:
        entries: the ledger.
        move: what may happen.
        number: tells its facts from those of other moves.
        last: the instant the latest fact was recorded.
    """
    now = last + timedelta(days=move.gap, seconds=1)
    known = list(entries)
    for kind, fields in _says(known, move):
        on = now.date() - timedelta(move.lag)
        data = {"id": f"f{number}.{len(known)}", "on": on.isoformat()} | fields
        try:
            check(known, fact(kind, **data), now.date())
        except Refused:
            continue
        known.append(Entry(fact=parse_fact(fact(kind, **data).model_dump()), at=now))
        yield known[-1]
        now += timedelta(seconds=1)


def _says(entries: list[Entry], move: Move) -> Iterator[tuple[str, dict[str, Any]]]:
    """The facts of a move, with what each says beside its day."""
    if move.kind == FINISH:
        yield "decisions_sent", {}
        yield "decisions_circulated", {}
        yield "record_completed", {}
        for role in RECORD_RECIPIENTS:
            yield "record_distributed", {"recipient": role.value}
    elif move.kind == A_CLOCK_RINGS:
        yield from _rings(entries, move)
    elif move.kind in CORRECTIONS:
        yield from _revision(entries, move)
    elif move.kind in EXEMPTIONS:
        yield move.kind, _exemption(entries, move)
    else:
        yield move.kind, _fields(entries, move)


def _fields(entries: list[Entry], move: Move) -> dict[str, Any]:
    now = entries[-1].at.date() + timedelta(move.gap)
    ahead = (now + timedelta(move.ahead)).isoformat()
    made = [entry.fact.decision for entry in entries if isinstance(entry.fact, DecisionMade)]
    decision = made[move.pick % len(made)] if made else "d-0"
    child = Case(entries).opening.fact
    challenged = [entry.fact.id for entry in entries if isinstance(entry.fact, ChallengeRaised)]
    challenge = {"challenge": challenged[move.pick % len(challenged)] if challenged else "no-challenge"}
    of_kind: dict[str, dict[str, Any]] = {
        "iro_appointed": {"iro": f"iro-{move.pick}"},
        "iro_proposed": {"iro": f"iro-{move.pick}"},
        "no_iro_found": {"directory": str(move.pick % 2)},
        "iro_conflict_declared": {"iro": f"iro-{move.pick}", "reason": "a cousin"},
        "iro_change_declined": {"reason": "she stays"},
        "iro_cover_arranged": {"cover": "iro-99", "until": ahead if move.pick % 2 else None},
        "iro_made_known": {"recipient": FAMILY[move.pick % 3]},
        "iro_not_made_known": {"recipient": FAMILY[move.pick % 3], "reason": "not safe"},
        "reviewing_policy_given": {"recipient": FAMILY[move.pick % 2]},
        "review_arranged": {"planned_for": ahead},
        "early_review_required": {"before": ahead},
        "review_adjourned": {"reconvene_on": (now + timedelta(1 + move.pick)).isoformat()},
        "review_held": {
            "participation": "PN0" if now - timedelta(move.lag) < birthday(child.birth_date, 4) else "PN1",
            "late_reason": "other",
            "counts": move.pick != 3,
        },
        "decision_made": {"decision": f"d-{len(entries)}", "due": ahead},
        "decision_changed": {"decision": decision, "due": ahead, "reason": "later"},
        "decision_carried_out": {"decision": decision},
        "record_distributed": {"recipient": RECORD_RECIPIENTS[move.pick % 5].value},
        "significant_change": _change(now - timedelta(move.lag), move),
        "change_considered": _considered(entries, move),
        "challenge_raised": {
            "rung": list(ChallengeRung)[move.pick % 3].value,
            "addressee": ("social_worker", "team_manager", "assistant_director")[move.pick % 3],
            "answer_by": ahead if move.pick % 2 else None,
            "follows": challenged[move.ahead % len(challenged)] if challenged and move.pick > 5 else None,
        },
        "challenge_answered": challenge,
        "challenge_resolved": challenge,
        "challenge_withdrawn": challenge,
        "notice_undelivered": {
            "notice": f"n-{move.pick}",
            "name": ("review_arranged", "record_completed", "escalation")[move.pick % 3],
            "recipient": FAMILY[move.pick % 3],
            "about": ("f1.1", "f1.2", "deliver_notice.f1:breach:2026-01-01")[move.ahead % 3],
            "reason": "nobody of that role is known",
        },
        "notice_delivered": {"notice": f"n-{move.pick}", "way": "verbally"},
        "social_worker_changed": {"social_worker": f"sw-{move.pick % 3}"},
        "legal_status_changed": {"legal_status": ("V2", "C1", "C2")[move.pick % 3]},
    }
    return of_kind.get(move.kind) or said_beside(move.kind, entries, move.pick, now - timedelta(move.lag), ahead)


def _rings(entries: list[Entry], move: Move) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the clocks beside the case have recorded by now."""
    now = entries[-1].at + timedelta(days=move.gap)
    for each in derive(entries, MANAGED, now).beside:
        if each.then and each.next and each.next.at <= now:
            yield each.then.kind, each.then.model_dump(mode="json", exclude={"kind"})


def _change(on: date, move: Move) -> dict[str, Any]:
    """A change that was told of on a day, a few days after it happened."""
    ahead = (on + timedelta(move.ahead - 5)).isoformat()
    said: dict[str, Any] = {"happened_on": (on - timedelta(move.pick)).isoformat()}
    if move.pick % 3 == 0:
        plan = list(PlanChange)[move.ahead % 3].value
        return said | {"change": "care_plan_change_proposed", "plan_change": plan, "takes_effect": ahead}
    if move.pick % 3 == 1:
        return said | {"change": "charged_or_sentenced", "detained_until": ahead}
    return said | {"change": "missing"}


def _considered(entries: list[Entry], move: Move) -> dict[str, Any]:
    changes = [entry.fact.id for entry in entries if isinstance(entry.fact, SignificantChange)]
    said = {"change": changes[move.pick % len(changes)] if changes else "no-change", "reason": "looked into"}
    if move.pick % 2:
        return said | {"answer": ChangeAnswer.SPOKE_WITH_SOCIAL_WORKER.value}
    before = entries[-1].at.date() + timedelta(move.gap + move.ahead)
    return said | {"answer": ChangeAnswer.BROUGHT_REVIEW_FORWARD.value, "before": before.isoformat()}


def _exemption(entries: list[Entry], move: Move) -> dict[str, Any]:
    now = entries[-1].at + timedelta(days=move.gap)
    steps = derive(entries, MANAGED, now).steps
    step = steps[(move.pick * 7 + move.ahead) % len(steps)].key
    if move.kind == "exemption_ended":
        return {"step": step}
    return {"step": step, "reason": "court", "until": (now.date() + timedelta(move.ahead)).isoformat()}


def _revision(entries: list[Entry], move: Move) -> Iterator[tuple[str, dict[str, Any]]]:
    plain = [entry.fact for entry in entries if not isinstance(entry.fact, FactCorrected | FactWithdrawn)]
    wrong = plain[(move.pick * 5 + move.ahead) % len(plain)]
    if move.kind == "fact_withdrawn":
        yield "fact_withdrawn", {"withdraws": wrong.id, "reason": "in error"}
    else:
        right = wrong.model_dump(mode="json") | {"on": (wrong.on + timedelta(move.pick - 5)).isoformat()}
        yield "fact_corrected", {"corrects": wrong.id, "reason": "typing error", "to": right}
