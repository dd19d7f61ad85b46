"""The service seen whole: concerns and patterns of poor practice raised, and the weekly digest made, each once."""

from datetime import date, datetime, timedelta

from temporalio import activity

from activities.books import ByTheBook
from register import service
from register.poor_practice import poor_practice
from rules.clock import london_date
from rules.concerns import Concern, new_concerns
from rules.vocabulary import Nation
from workflows.messages import MAKE_DIGESTS, RAISE_CONCERNS


class ServiceActivities(ByTheBook):
    """What the service owes its IRO manager and, of poor practice, senior managers."""

    @activity.defn(name=RAISE_CONCERNS, no_thread_cancel_exception=True)
    def raise_concerns(self, now: datetime) -> int:
        """Raise the collective concerns and the patterns of poor practice that are new. Returns how many."""
        today, raised = london_date(now), 0
        for authority, nation in service.authorities(self._register):
            found = [*self._slips(authority, nation, today), *self._patterns(authority, nation, today)]
            raised += sum(service.raise_concern(self._register, authority, each, now) for each in found)
        return raised

    def _slips(self, authority: str, nation: Nation, today: date) -> tuple[Concern, ...]:
        book = self._books.of(nation)
        policy = book.policy.concerns
        since = book.calendar.working_days_before(today + timedelta(days=1), policy.working_days)
        slipped = service.breaches(self._register, authority, since)
        return new_concerns(slipped, service.concerns(self._register, authority), policy, book.calendar, today)

    def _patterns(self, authority: str, nation: Nation, today: date) -> tuple[Concern, ...]:
        book = self._books.of(nation)
        noted = poor_practice(self._register, authority)
        known = service.concerns(self._register, authority)
        return new_concerns(noted, known, book.policy.poor_practice, book.calendar, today)

    @activity.defn(name=MAKE_DIGESTS, no_thread_cancel_exception=True)
    def make_digests(self, now: datetime) -> int:
        """Make the digest of each authority for the week that has ended. Returns how many are new."""
        today, made = london_date(now), 0
        for authority, nation in service.authorities(self._register):
            week = service.compose_digest(self._register, authority, self._books.of(nation).calendar, today)
            made += service.keep_digest(self._register, week, now)
        return made
