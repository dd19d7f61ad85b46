"""Between instants and London dates. A deadline day ends at midnight, Europe/London."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(instant: datetime) -> date:
    """The date in London at an instant: 23:30 UTC on 30 June is 1 July."""
    return instant.astimezone(LONDON).date()


@lru_cache(maxsize=65536)
def start_of(day: date) -> datetime:
    """The instant, UTC, at which a day begins in London."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def at_on(day: date, hour: time) -> datetime:
    """The instant, UTC, of a time of day in London."""
    return datetime.combine(day, hour, LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The instant, UTC, at which a day ends in London, which is when the next one begins."""
    return start_of(day + timedelta(days=1))


def says(day: date) -> str:
    """A day as people write it: 3 March 2026."""
    return f"{day.day} {day:%B %Y}"
