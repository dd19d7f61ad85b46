"""Calendars: invitations to reviews, which move and are cancelled, and feeds to subscribe to. None names anybody.

An invitation follows RFC 5546 as Outlook and Google take it: one UID for one review however often it is moved, a
SEQUENCE that only grows, METHOD:REQUEST to invite and to move, METHOD:CANCEL to call off.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar import Calendar as ICalendar
from icalendar import Event, vCalAddress

from post.ways import Calendar
from rules.network import Language
from rules.vocabulary import Frozen

PRODUCT = "-//IRO review cycle//Post room//EN"
LONDON = ZoneInfo("Europe/London")
LENGTH = timedelta(hours=1, minutes=30)
"""How long a review is taken to last where a time of day is given."""
REFRESH = timedelta(hours=4)
"""How often a calendar program is asked to look again."""


class Meeting(Frozen):
    """A review that people are invited to.

    Attributes:
        uid: the same for one review, however often it is moved.
        sequence: higher each time it is moved or called off.
        on: the day, a London date.
        at: the time of day in London; None when only the day is known.
        place: where; None when it is not known, or not to be told.
        cancelled: it will not be held.
    """

    uid: str
    sequence: int
    on: date
    at: time | None = None
    place: str | None = None
    cancelled: bool = False


class FeedEvent(Frozen):
    """A day in a feed.

    Attributes:
        uid: stable.
        on: the day, a London date.
        at: the time of day in London; None for the whole day.
        title: what, without a name.
        place: where; None when it is not known, or not to be told.
        detail: more, without a name.
        revision: of the case, which only grows.
    """

    uid: str
    on: date
    at: time | None = None
    title: str
    place: str | None = None
    detail: str | None = None
    revision: int = 0


_REVIEW = {Language.ENGLISH: "Review meeting", Language.WELSH: "Cyfarfod adolygu"}


def uid(*parts: str) -> str:
    """An id for a calendar, from what stands for something in the register; it tells nobody what.

    Args:
        parts: what it is made from, always in the same order.
    """
    return f"{sha256(':'.join(parts).encode()).hexdigest()[:32]}@iro-review-cycle"


def invitation(
    meeting: Meeting, *, organiser: str, organiser_email: str, attendee_email: str, language: Language, at: datetime
) -> Calendar:
    """An invitation to a review, its move or its cancellation, for one person.

    Args:
        meeting: which.
        organiser: the council's name.
        organiser_email: where an answer goes.
        attendee_email: whom it invites.
        language: the reader's.
        at: the instant it is written, UTC.
    """
    method = "CANCEL" if meeting.cancelled else "REQUEST"
    calendar = _calendar()
    calendar.add("method", method)
    event = _event(meeting.uid, meeting.on, meeting.at, at)
    event.add("summary", _REVIEW[language])
    event.add("sequence", meeting.sequence)
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    event.add("organizer", _address(organiser_email, organiser))
    attendee = _address(attendee_email, None)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return Calendar(method=method, ics=_text(calendar))


def feed(name: str, events: Iterable[FeedEvent], at: datetime) -> str:
    """A calendar to subscribe to, as iCalendar text.

    Args:
        name: what the calendar program calls it; no person's name.
        events: in any order.
        at: the instant it is written, UTC.
    """
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", LONDON.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for each in sorted(events, key=lambda each: (each.on, each.uid)):
        event = _event(each.uid, each.on, each.at, at)
        event.add("summary", each.title)
        event.add("sequence", each.revision)
        event.add("transp", "TRANSPARENT" if each.at is None else "OPAQUE")
        if each.place:
            event.add("location", each.place)
        if each.detail:
            event.add("description", each.detail)
        calendar.add_component(event)
    return _text(calendar)


def _calendar() -> ICalendar:
    calendar = ICalendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(uid_: str, on: date, at: time | None, written: datetime) -> Event:
    event = Event()
    event.add("uid", uid_)
    event.add("dtstamp", written)
    if at is None:
        event.add("dtstart", on)
        event.add("dtend", on + timedelta(days=1))
    else:
        # As an instant: what stands in London time would need the whole history of London's clock beside it.
        starts = datetime.combine(on, at, LONDON).astimezone(UTC)
        event.add("dtstart", starts)
        event.add("dtend", starts + LENGTH)
    return event


def _address(email: str, name: str | None) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = name
    return address


def _text(calendar: ICalendar) -> str:
    text: bytes = calendar.to_ical()
    return text.decode()
