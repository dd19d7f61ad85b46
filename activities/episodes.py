"""What an episode has done for it: its agenda derived and published in one go.

Deriving and publishing in one local activity makes an act one workflow task instead of two. The law is recorded,
not replayed: what comes back stands in history.

No activity of this room that writes is interrupted from outside (`no_thread_cancel_exception`): when the worker lets go
of an episode whose local activity is under way, an exception in that thread could fall between taking the register's
turn and giving it back, and nobody in this process would ever write again.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.books import ByTheBook
from activities.sorting import Sorting
from register.children import FormerEpisode, LookedAfterAlready, former_episode
from register.publication import Publication
from register.publish import publish, standing
from rules import RULES_VERSION
from rules.agenda import derive
from rules.book import RuleBook
from rules.case import Case
from rules.clock import london_date
from rules.cycles import is_short_break_series
from rules.facts import Entry, FactCorrected, FactWithdrawn
from rules.facts.iro import KinKnown
from rules.opening import second_episode
from rules.steps import Agenda, Step
from workflows.messages import DERIVE_AND_PUBLISH, Derived, DeriveRequest, OwedStep


class EpisodeActivities(ByTheBook):
    """The effects of an episode on the register."""

    def __init__(
        self,
        register: Engine,
        policy_file: Path | None = None,
        urgent: Callable[[], None] = lambda: None,
        webhooks_owed: Callable[[], None] = lambda: None,
    ) -> None:
        """Take what they work with.

        Args:
            register: the database.
            policy_file: the authority's own policy, TOML; None for the law and the defaults alone.
            urgent: called when something is owed to somebody that does not wait for the morning.
            webhooks_owed: called when a webhook is to tell of something.

        Raises:
            PolicyRefused: the policy file cannot be taken.
        """
        super().__init__(register, policy_file)
        self._sorting = Sorting(register)
        self._urgent = urgent
        self._webhooks_owed = webhooks_owed

    @activity.defn(name=DERIVE_AND_PUBLISH, no_thread_cancel_exception=True)
    def derive_and_publish(self, request: DeriveRequest) -> Derived:
        """Derive the agenda from the facts and publish it as the next revision.

        What an earlier attempt published without its answer reaching the workflow stands: its facts and escalations
        are taken up first, so that none is lost and none raised twice.
        """
        known = standing(self._register, request.episode, request.known_revision, request.new)
        restored, dropped = self._sorting.sort_out(request, known)
        if known.revision == 0 and dropped.refused:
            raise ApplicationError(dropped.refused[0].why, type="Refused", non_retryable=True)
        entries = (*restored, *(entry for entry in request.entries if entry.fact.id not in dropped.all))
        raised = (*request.raised, *known.raised)
        case = Case(entries)
        opening = case.opening.fact
        book = self._books.of(opening.nation)
        written = {entry.fact.id for entry in known.unanswered}
        new = tuple(fact_id for fact_id in request.new if fact_id not in dropped.all)
        agenda = derive(entries, book, request.now, raised, new=new, spread=request.spread)
        former = self._former(request, case) if request.known_revision == 0 else None
        derived = _derived(request, agenda, book, self._books.calendar_version).model_copy(
            update={
                "revision": known.revision + 1,
                "raised": (*known.raised, *agenda.raised),
                "restored": restored,
                "duplicates": dropped.duplicates,
                "refused": dropped.refused,
                "former_iro": former.iro if former else None,
            }
        )
        publication = Publication(
            episode=request.episode,
            revision=derived.revision,
            at=request.now,
            today=london_date(request.now),
            opening=opening,
            child_digest=request.child_digest,
            short_breaks=is_short_break_series(case),
            entries=tuple(entry for entry in entries if entry.fact.id in new and entry.fact.id not in written),
            kin=_kin(case, entries, new),
            settled=_settled(entries, agenda),
            unheard=known.revision - request.known_revision,
            agenda=agenda,
            rules_version=derived.rules_version,
            policy_version=derived.policy_version,
            calendar_version=derived.calendar_version,
            result=derived.model_dump_json(),
        )
        if not self._publish(publication):
            raise ApplicationError("Another attempt published this revision first; going on from it.", type="Overtaken")
        if any(not notice.name.is_routine for notice in agenda.notices):
            self._urgent()
        return derived

    def _former(self, request: DeriveRequest, case: Case) -> FormerEpisode | None:
        """The child's earlier period of care, if there was one: its IRO should have the child again."""
        return former_episode(self._register, request.child_digest, case.first_day, request.episode)

    def _publish(self, publication: Publication) -> bool:
        """Publish it, unless the child is looked after in another episode: two may have been opened at once."""
        try:
            return publish(self._register, publication, self._webhooks_owed)
        except LookedAfterAlready as already:
            other = already.other
            raise ApplicationError(
                second_episode(other.became_looked_after, other.episode), type="Refused", non_retryable=True
            ) from None


def _kin(case: Case, entries: tuple[Entry, ...], new: tuple[str, ...]) -> tuple[KinKnown, ...] | None:
    """Who is kin of the child, when something new may have changed that."""
    says = (KinKnown, FactCorrected, FactWithdrawn)
    if not any(isinstance(entry.fact, says) for entry in entries if entry.fact.id in new):
        return None
    return tuple(known.fact for known in case.all(KinKnown))


def _settled(entries: tuple[Entry, ...], agenda: Agenda) -> tuple[str, ...]:
    """What the workflow does not go on with, where a cycle closes now."""
    if agenda.carried is None:
        return ()
    carried = {entry.fact.id for entry in agenda.carried}
    return tuple(entry.fact.id for entry in entries if entry.fact.id not in carried)


def _derived(request: DeriveRequest, agenda: Agenda, book: RuleBook, calendar_version: str) -> Derived:
    today = london_date(request.now)
    owed = agenda.open_steps
    return Derived(
        revision=request.known_revision + 1,
        at=request.now,
        stage=agenda.stage,
        steps=tuple(_line(step) for step in owed),
        raised=agenda.raised,
        alarm=agenda.alarm,
        iro=agenda.iro,
        cover=agenda.cover,
        ended_on=agenda.ended_on,
        end_reason=agenda.end_reason,
        finished=agenda.finished,
        review_due=agenda.review_due,
        complete_by=agenda.complete_by,
        held_due=agenda.held_due,
        proposed=agenda.proposed,
        for_the_system=agenda.for_the_system,
        beside=agenda.beside,
        next_due=min((step.due for step in owed), default=None),
        overdue=sum(step.is_overdue(today) for step in owed),
        highest_rung=agenda.highest_rung,
        carried=agenda.carried,
        carried_raised=agenda.carried_raised,
        rules_version=RULES_VERSION,
        policy_version=book.policy.digest,
        calendar_version=calendar_version,
    )


def _line(step: Step) -> OwedStep:
    return OwedStep(
        key=step.key,
        title=step.title,
        owner=step.owner,
        phase=step.phase,
        due=step.due,
        practical_due=step.basis.practical_due,
        rule=step.basis.rule,
        source=step.basis.source,
        force=step.basis.force,
        outstanding=step.outstanding,
    )
