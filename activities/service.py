"""The service seen whole: collective concerns raised, and the weekly digest made, each once."""

from datetime import datetime, timedelta

from temporalio import activity

from activities.books import ByTheBook
from register import service
from rules.clock import london_date
from rules.concerns import new_concerns
from workflows.messages import MAKE_DIGESTS, RAISE_CONCERNS


class ServiceActivities(ByTheBook):
    """What the service owes its IRO manager."""

    @activity.defn(name=RAISE_CONCERNS, no_thread_cancel_exception=True)
    def raise_concerns(self, now: datetime) -> int:
        """Raise the collective concerns that are new. Returns how many."""
        today, raised = london_date(now), 0
        for authority, nation in service.authorities(self._register):
            book = self._books.of(nation)
            policy = book.policy.concerns
            since = book.calendar.working_days_before(today + timedelta(days=1), policy.working_days)
            found = new_concerns(
                service.breaches(self._register, authority, since),
                service.concerns(self._register, authority),
                policy,
                book.calendar,
                today,
            )
            raised += sum(service.raise_concern(self._register, authority, each, now) for each in found)
        return raised

    @activity.defn(name=MAKE_DIGESTS, no_thread_cancel_exception=True)
    def make_digests(self, now: datetime) -> int:
        """Make the digest of each authority for the week that has ended. Returns how many are new."""
        today, made = london_date(now), 0
        for authority, nation in service.authorities(self._register):
            week = service.compose_digest(self._register, authority, self._books.of(nation).calendar, today)
            made += service.keep_digest(self._register, week, now)
        return made
