"""What a young person reads about their own reviews, gathered from the register.

Nothing is here that they should not see: of other people's words only the decisions of a review, once they were
circulated or its record was given to the child, and the answers that were written for the child (`desk.my_requests`),
and never what is kept from the child; no step of the staff, nothing of what was late, nobody's address.
"""

from collections.abc import Iterable
from datetime import date, time

from sqlalchemy import Engine

from desk.my_requests import MyRequest, my_requests
from register import queries
from register.contacts import Network, network
from register.directory import person, terms
from register.private_links import PrivateLink
from register.queries import EpisodeLine
from rules.case import Case, Known
from rules.facts.changes import ChildWrote
from rules.facts.reviews import (
    DecisionCarriedOut,
    DecisionChanged,
    DecisionDropped,
    DecisionMade,
    DecisionsCirculated,
    RecordDistributed,
    RecordWithheld,
    ReviewAdjourned,
    ReviewArranged,
    ReviewHeld,
)
from rules.network import Language
from rules.notice_names import NoticeName
from rules.steps import Step
from rules.vocabulary import Frozen, Nation, Phase, Role

PAST_REVIEWS = 2
"""So many past reviews are shown, the latest first."""


class MyIro(Frozen):
    """An IRO, and how to reach them.

    Attributes:
        name: as it is written in a letter; None where the directory does not know them.
        phone, email: how to reach them; None where it is not known.
        picture: where a picture of them is; None where there is none.
    """

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    picture: str | None = None


class MyMeeting(Frozen):
    """The day of the next review. Only what is known of it is not None.

    Attributes:
        on: the day it is arranged for, or goes on.
        at: the time of day then, in London.
        place: where.
        goes_on: it has begun, and is to be finished that day.
        by: where no day is arranged: the day before which, or on which, it is to be.
    """

    on: date | None = None
    at: time | None = None
    place: str | None = None
    goes_on: bool = False
    by: date | None = None


class MyDecision(Frozen):
    """Something that a review decided.

    Attributes:
        text: as the IRO wrote it.
        who: who is to do it.
        by: the day by which; None once that is past, or it is done or dropped.
        done: it was done.
        dropped: it is not to be done any more.
    """

    text: str
    who: Role
    by: date | None = None
    done: bool = False
    dropped: bool = False


class MyPastReview(Frozen):
    """A review that was held.

    Attributes:
        on: the day it was finished.
        told: whether what it decided is to be shown.
        decisions: what it decided; empty where that is not to be shown.
    """

    on: date
    told: bool
    decisions: tuple[MyDecision, ...] = ()


class MyWords(Frozen):
    """Something the young person wrote, and the day they did."""

    on: date
    text: str


class MyReview(Frozen):
    """All that the page shows.

    Attributes:
        episode: the period of care.
        nation: whose helplines.
        language: in which the child is written to.
        iro: who is theirs; None while nobody is.
        cover: who stands in for the IRO; None while nobody does.
        meeting: the day of the next review.
        past: past reviews, the latest first.
        asked: what they asked for, the latest first.
        wrote: what they wrote before, the latest first.
    """

    episode: str
    nation: Nation
    language: Language
    iro: MyIro | None
    cover: MyIro | None
    meeting: MyMeeting
    past: tuple[MyPastReview, ...]
    asked: tuple[MyRequest, ...]
    wrote: tuple[MyWords, ...]


def episode_of(engine: Engine, link: PrivateLink, today: date) -> EpisodeLine | None:
    """The period of care that a link is of; None once care has ended, however it did.

    Args:
        engine: the register.
        link: one that serves.
        today: a London date.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    for line in queries.episodes_of_child(engine, link.authority, link.child, today=today):
        # A child who comes into care again has another IRO, perhaps another home, and gets another link.
        if line.ended_on is None and not line.void and line.opened_at <= link.made_at:
            return line
    return None


def my_review(engine: Engine, line: EpisodeLine, today: date) -> MyReview:
    """What the young person of a period of care reads.

    Args:
        engine: the register.
        line: a period of care that goes on.
        today: a London date.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    around = network(engine, line.authority, line.child)
    case = Case(queries.facts(engine, line.id))
    owed = queries.steps(engine, line.id, only_open=True)
    told_days = not _is_kept(around, NoticeName.REVIEW_ARRANGED)
    told_decisions = not _is_kept(around, NoticeName.DECISIONS_CIRCULATED)
    return MyReview(
        episode=line.id,
        nation=line.nation,
        language=_language(around),
        iro=_iro(engine, line.iro),
        cover=_iro(engine, line.cover),
        meeting=_meeting(case, owed, today) if told_days else MyMeeting(),
        past=tuple(_past(case, today, told_decisions)),
        asked=_asked(case, owed, today, around),
        wrote=tuple(MyWords(on=known.on, text=known.fact.text) for known in reversed(case.all(ChildWrote))),
    )


def language_of(engine: Engine, line: EpisodeLine) -> Language:
    """The language in which the child of a period of care is written to.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    return _language(network(engine, line.authority, line.child))


def _language(around: Network) -> Language:
    return next((each.language for each in around.contacts if each.role is Role.CHILD), Language.ENGLISH)


def _is_kept(around: Network, *notices: NoticeName) -> bool:
    """Whether the child is not to have one of these notices, or any, for a reason that stands in the register: nor this
    way.
    """
    child = {each.reference for each in around.contacts if each.role is Role.CHILD}
    return any(each.contact in child and each.notice in (None, *notices) for each in around.suppressions)


def _asked(case: Case, owed: Iterable[Step], today: date, around: Network) -> tuple[MyRequest, ...]:
    """What they asked for, but for what was answered before the reviews that are shown; none where nothing is told."""
    if _is_kept(around):
        return ()
    return my_requests(
        case,
        owed,
        today,
        since=case.reviews[-PAST_REVIEWS].on if len(case.reviews) >= PAST_REVIEWS else case.first_day,
        told_days=not _is_kept(around, NoticeName.REVIEW_ARRANGED),
        told_change=not _is_kept(around, NoticeName.IRO_CHANGE_DECLINED, NoticeName.IRO_APPOINTED),
    )


def _iro(engine: Engine, reference: str | None) -> MyIro | None:
    if reference is None:
        return None
    known = person(engine, reference)
    if known is None:
        return MyIro()
    of_iro = terms(engine, known.reference)
    return MyIro(name=known.name, phone=known.phone, email=known.email, picture=of_iro.picture if of_iro else None)


def _meeting(case: Case, owed: Iterable[Step], today: date) -> MyMeeting:
    """The day that was said last and is still to come; else the last day there is, while that is to come."""
    since = case.reviews[-1].on if case.reviews else case.first_day
    said: list[Known[ReviewArranged] | Known[ReviewAdjourned]] = [
        *(known for known in case.all(ReviewArranged) if known.on >= since < known.fact.planned_for),
        *(known for known in case.all(ReviewAdjourned) if known.on >= since < known.fact.reconvene_on),
    ]
    latest = max(said, key=lambda known: known.at, default=None)
    if latest is not None:
        fact = latest.fact
        if isinstance(fact, ReviewAdjourned) and fact.reconvene_on >= today:
            return MyMeeting(on=fact.reconvene_on, goes_on=True)
        if isinstance(fact, ReviewArranged) and fact.planned_for >= today:
            return MyMeeting(on=fact.planned_for, at=fact.at, place=fact.place)
    due = min((step.due for step in owed if step.phase is Phase.REVIEW), default=None)
    return MyMeeting(by=due if due and due >= today else None)


def _past(case: Case, today: date, told_decisions: bool) -> Iterable[MyPastReview]:
    """The latest review, and the one before where there is something to tell of it."""
    latest_first = list(reversed(case.reviews))[:PAST_REVIEWS]
    for place, review in enumerate(latest_first):
        told = told_decisions and _may_be_told(case, review)
        decisions = tuple(_decision(case, made, today) for made in case.following(DecisionMade, review)) if told else ()
        if decisions or place == 0:
            yield MyPastReview(on=review.on, told=told, decisions=decisions)


def _may_be_told(case: Case, review: Known[ReviewHeld]) -> bool:
    """Whether what a review decided was sent round, or its record given to the child, and is not kept from them."""
    if any(known.fact.recipient is Role.CHILD for known in case.following(RecordWithheld, review)):
        return False
    given = any(known.fact.recipient is Role.CHILD for known in case.following(RecordDistributed, review))
    return given or bool(case.following(DecisionsCirculated, review))


def _decision(case: Case, made: Known[DecisionMade], today: date) -> MyDecision:
    name = made.fact.decision
    changes = [known.fact for known in case.all(DecisionChanged) if known.fact.decision == name]
    done = any(known.fact.decision == name for known in case.all(DecisionCarriedOut))
    dropped = not done and any(known.fact.decision == name for known in case.all(DecisionDropped))
    due = changes[-1].due if changes else made.fact.due
    owners = [made.fact.owner, *(change.owner for change in changes if change.owner)]
    return MyDecision(
        text=made.fact.text,
        who=owners[-1],
        by=due if due >= today and not done and not dropped else None,
        done=done,
        dropped=dropped,
    )
