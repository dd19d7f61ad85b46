"""What stands in a calendar that people subscribe to, read from the register each time it is asked for."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine

from post.calendars import FeedEvent, uid
from register import queries
from register.contacts import contact, network
from register.feeds import Feed
from rules.case import Case
from rules.clock import london_date
from rules.facts.reviews import ReviewArranged
from rules.network import FeedKind, Language, NetworkContact
from rules.notice_names import NoticeName
from rules.steps import Step
from rules.vocabulary import Role

PAST = timedelta(days=92)
"""How far back reviews are shown."""

REVIEWS = ("first_review", "second_review", "subsequent_review")
HANDOVER = "hand_over"
_DAYS = NoticeName.REVIEW_ARRANGED

_WORDS = {
    "review": {Language.ENGLISH: "Review meeting", Language.WELSH: "Cyfarfod adolygu"},
    "due": {Language.ENGLISH: "Last day for the review", Language.WELSH: "Diwrnod olaf ar gyfer yr adolygiad"},
    "handover": {Language.ENGLISH: "A new IRO is introduced", Language.WELSH: "Cyflwyno IRO newydd"},
}


def name_of(feed: Feed) -> str:
    """What a calendar program calls it; no person's name."""
    return {Language.ENGLISH: "Reviews", Language.WELSH: "Adolygiadau"}[feed.language]


def events_of(register: Engine, feed: Feed, now: datetime) -> list[FeedEvent]:
    """The days in a calendar: reviews, and what falls due; for an IRO those of all their children.

    Args:
        register: the database.
        feed: whose.
        now: the instant, UTC.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    today = london_date(now)
    if feed.kind is FeedKind.IRO:
        lines = queries.list_episodes(register, today=today, iro=feed.about)
        return [event for line in lines if not line.finished for event in _of_child(register, line, feed, now)]
    theirs = contact(register, feed.for_contact) if feed.for_contact else None
    if theirs is None or not may_read(register, theirs, today):
        return []
    lines = queries.episodes_of_child(register, feed.authority, feed.about, today=today)
    return [
        event
        for line in lines
        if line.ended_on is None and not line.void
        for event in _of_child(register, line, feed, now, barred=theirs.barred)
    ]


def may_read(register: Engine, reader: NetworkContact, day: date) -> bool:
    """Whether somebody of a child's network may have the days of reviews: involved, and they are not kept from them.

    Args:
        register: the database.
        reader: who.
        day: a London date.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    against = network(register, reader.authority, reader.child).suppressions
    kept = any(each.contact == reader.reference and each.notice in (None, _DAYS) for each in against)
    return reader.is_involved_on(day) and not kept


def _of_child(
    register: Engine, line: queries.EpisodeLine, feed: Feed, now: datetime, *, barred: bool = False
) -> list[FeedEvent]:
    owed = queries.steps(register, line.id, only_open=True)
    whose = f" ({line.child})" if feed.kind is FeedKind.IRO else ""
    shown = [step for step in owed if _is_shown(step, feed)]
    events = [
        FeedEvent(
            uid=uid(line.id, step.key),
            on=step.due,
            title=f"{_title(step, feed)}{whose}",
            detail=step.basis.source if feed.kind is FeedKind.IRO else None,
            revision=line.revision,
        )
        for step in shown
    ]
    case = Case(queries.facts(register, line.id))
    since = case.reviews[-1].on if case.reviews else case.first_day
    arranged = [each for each in case.all(ReviewArranged) if each.fact.planned_for > since]
    if arranged and arranged[-1].fact.planned_for >= london_date(now) - PAST:
        fact = arranged[-1].fact
        at: time | None = fact.at
        events.append(
            FeedEvent(
                uid=uid(line.id, "meeting", arranged[0].id),
                on=fact.planned_for,
                at=at,
                title=f"{_WORDS['review'][feed.language]}{whose}",
                place=None if barred else fact.place,
                revision=line.revision,
            )
        )
    return events


def _is_shown(step: Step, feed: Feed) -> bool:
    """An IRO sees what the IRO owes, and each review's last day; a child's network that day and the handover."""
    if step.name in REVIEWS or step.name == HANDOVER:
        return True
    return feed.kind is FeedKind.IRO and step.owner is Role.IRO


def _title(step: Step, feed: Feed) -> str:
    if feed.kind is FeedKind.IRO:
        return step.title
    return _WORDS["due" if step.name in REVIEWS else "handover"][feed.language]
