"""Made-up publications. All dates are fixed: the child became looked after on Monday 1 June 2026."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from register import reading
from register.episode_tables import PublicationRow
from register.publication import Publication
from rules.directory import Person
from rules.facts import Entry
from rules.facts.care import BecameLookedAfter, IroServiceNotified
from rules.facts.iro import IroAppointed, KinKnown
from rules.notice_names import NoticeName
from rules.steps import Agenda, Basis, Escalation, Notice, ReviewLine, Skipped, Step
from rules.vocabulary import Force, KinRelation, Nation, Phase, Role, StepState, Unit

D0 = date(2026, 6, 1)
TODAY = date(2026, 6, 3)
MORNING = datetime(2026, 6, 3, 8, 30, tzinfo=UTC)


def opening(
    authority: str = "822", nation: Nation = Nation.ENGLAND, on: date = D0, child: str = "child-1"
) -> BecameLookedAfter:
    return BecameLookedAfter(
        id="opening",
        on=on,
        by="case-system",
        authority=authority,
        nation=nation,
        child=child,
        birth_date=date(2015, 2, 28),
        social_worker="sw-7",
        team_manager="tm-2",
    )


def entry(fact_id: str = "notified", at: datetime = MORNING) -> Entry:
    return Entry(fact=IroServiceNotified(id=fact_id, on=D0, by="sw-7"), at=at)


def step(
    key: str = "first_review.opening",
    due: date = date(2026, 6, 29),
    state: StepState = StepState.OPEN,
    phase: Phase = Phase.REVIEW,
    reason: str | None = None,
) -> Step:
    basis = Basis(
        rule="first_review",
        source="CPPCR reg 33(1)",
        force=Force.REGULATION,
        unverified=False,
        counted_from=D0,
        event="the child became looked after",
        amount=20,
        unit=Unit.WORKING_DAYS,
        before=False,
        due=due,
        practical_due=due,
        skipped=tuple(Skipped(day=D0 + timedelta(days=n), why="Saturday") for n in (5, 12, 19, 26)),
    )
    return Step(
        key=key,
        name=key.split(".")[0],
        title="First review",
        phase=phase,
        cycle=1,
        owner=Role.IRO,
        basis=basis,
        others=(basis.model_copy(update={"rule": "outer_limit"}),),
        state=state,
        known_at=MORNING,
        reason=reason,
        outstanding=(Role.CHILD, Role.PARENTS),
    )


def twenty_five_steps(reason: str | None = None) -> tuple[Step, ...]:
    return tuple(step(f"step_{n}.opening", due=D0 + timedelta(days=n), reason=reason) for n in range(25))


def escalation(rung: str = "breach", key: str = "first_review.opening", at: datetime = MORNING) -> Escalation:
    return Escalation(step=key, rung=rung, due=date(2026, 6, 29), at=at, tell=(Role.IRO, Role.IRO_MANAGER))


def review(key: str = "review-1", completed_on: date = date(2026, 6, 26)) -> ReviewLine:
    return ReviewLine(
        key=key,
        name="first_review",
        opened_on=completed_on,
        completed_on=completed_on,
        due=date(2026, 6, 29),
        indicator_due=date(2026, 6, 29),
        statutory_in_time=True,
        indicator_in_time=True,
    )


def notice(key: str = "breach:first_review.opening") -> Notice:
    return Notice(key=key, name=NoticeName.ESCALATION, recipient=Role.IRO_MANAGER, about="first_review.opening")


def iro(reference: str = "iro-1", **more: Any) -> Person:
    given = {"reference": reference, "name": "Test Person", "role": Role.IRO, "authority": "822"}
    return Person.model_validate(given | more)


def kin(who: str, relation: KinRelation = KinRelation.SIBLING) -> KinKnown:
    return KinKnown(id=f"kin-{who}", on=D0, by="sw-7", kin=who, relation=relation)


def appointed(fact_id: str = "appointed", iro: str = "iro-1", shares_with: tuple[str, ...] = ()) -> Entry:
    return Entry(fact=IroAppointed(id=fact_id, on=TODAY, by="mgr-1", iro=iro, shares_with=shares_with), at=MORNING)


def agenda(
    *steps: Step,
    raised: tuple[Escalation, ...] = (),
    reviews: tuple[ReviewLine, ...] = (),
    notices: tuple[Notice, ...] = (),
    iro: str | None = "iro-1",
    cover: str | None = None,
    stage: Phase | None = None,
    ended_on: date | None = None,
    finished: bool = False,
    proposed: str | None = None,
) -> Agenda:
    still_open = [one.phase for one in steps if one.is_open]
    return Agenda(
        steps=steps,
        stage=stage or min(still_open, key=list(Phase).index, default=Phase.ENDED),
        reviews=reviews,
        raised=raised,
        notices=notices,
        alarm=None,
        iro=iro,
        cover=cover,
        ended_on=ended_on,
        end_reason="E4A" if ended_on else None,
        finished=finished,
        proposed=proposed,
    )


def publication(
    derived: Agenda,
    episode: str = "episode-1",
    revision: int = 1,
    entries: tuple[Entry, ...] = (),
    opened_by: BecameLookedAfter | None = None,
    child_digest: str | None = None,
    at: datetime = MORNING,
    today: date = TODAY,
    kin: tuple[KinKnown, ...] | None = None,
    settled: tuple[str, ...] = (),
    unheard: int = 0,
) -> Publication:
    return Publication(
        episode=episode,
        revision=revision,
        at=at,
        today=today,
        opening=opened_by or opening(),
        child_digest=child_digest or f"digest-of-the-child-of-{episode}",
        short_breaks=False,
        entries=entries,
        agenda=derived,
        rules_version="2026.11",
        policy_version="default",
        calendar_version="0.109",
        result=f'{{"revision":{revision}}}',
        kin=kin,
        settled=settled,
        unheard=unheard,
    )


def published_result(engine: Engine, episode: str, revision: int) -> str | None:
    """What came of a revision; None when it was never published."""
    with reading(engine) as connection:
        return connection.scalar(
            select(PublicationRow.result).where(
                PublicationRow.episode_id == episode, PublicationRow.revision == revision
            )
        )
