"""What an episode has done for it: its agenda derived and published in one go.

Deriving and publishing in one local activity makes an act one workflow task instead of two. The law is recorded,
not replayed: what comes back stands in history.
"""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from temporalio import activity

from activities.books import Books
from register.children import former_episode
from register.publication import Publication
from register.publish import publish, published_result, recorded_before
from rules import RULES_VERSION
from rules.agenda import derive
from rules.book import RuleBook
from rules.case import Case
from rules.clock import london_date
from rules.cycles import is_short_break_series
from rules.steps import Agenda, Escalation, Step
from rules.vocabulary import Phase
from workflows.messages import DERIVE_AND_PUBLISH, Derived, DeriveRequest, OwedStep


class EpisodeActivities:
    """The effects of an episode on the register."""

    def __init__(self, register: Engine, policy_file: Path | None = None) -> None:
        """Take what they work with.

        Args:
            register: the database.
            policy_file: the authority's own policy, TOML; None for the law and the defaults alone.

        Raises:
            PolicyRefused: the policy file cannot be taken.
        """
        self._register = register
        self._books = Books(register, policy_file)

    @activity.defn(name=DERIVE_AND_PUBLISH)
    def derive_and_publish(self, request: DeriveRequest) -> Derived:
        """Derive the agenda from the facts and publish it, once for each revision."""
        stored = published_result(self._register, request.episode, request.revision)
        if stored is not None:
            return Derived.model_validate_json(stored)
        again = recorded_before(self._register, request.episode, request.new, request.revision)
        entries = tuple(entry for entry in request.entries if entry.fact.id not in again)
        new = tuple(fact_id for fact_id in request.new if fact_id not in again)
        case = Case(entries)
        book = self._books.of(case.opening.fact.nation)
        agenda = derive(entries, book, request.now, request.raised, new=new, spread=request.spread)
        former = former_episode(self._register, request.child_digest, case.first_day, request.episode)
        derived = _derived(request, agenda, book, self._books.calendar_version).model_copy(
            update={"duplicates": tuple(sorted(again)), "former_iro": former.iro if former else None}
        )
        publish(
            self._register,
            Publication(
                episode=request.episode,
                revision=request.revision,
                at=request.now,
                today=london_date(request.now),
                opening=case.opening.fact,
                child_digest=request.child_digest,
                short_breaks=is_short_break_series(case),
                entries=tuple(entry for entry in entries if entry.fact.id in new),
                agenda=agenda,
                rules_version=derived.rules_version,
                policy_version=derived.policy_version,
                calendar_version=derived.calendar_version,
                result=derived.model_dump_json(),
            ),
        )
        return derived


def _derived(request: DeriveRequest, agenda: Agenda, book: RuleBook, calendar_version: str) -> Derived:
    today = london_date(request.now)
    owed = agenda.open_steps
    return Derived(
        revision=request.revision,
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
        review_due=_review_due(owed),
        next_due=min((step.due for step in owed), default=None),
        overdue=sum(step.is_overdue(today) for step in owed),
        highest_rung=_highest_rung((*request.raised, *agenda.raised), owed, book),
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


def _review_due(owed: tuple[Step, ...]) -> date | None:
    return next((step.due for step in owed if step.phase is Phase.REVIEW and step.name != "complete_review"), None)


def _highest_rung(raised: tuple[Escalation, ...], owed: tuple[Step, ...], book: RuleBook) -> str | None:
    """The highest rung reached by a step that is still open."""
    heights = {
        (step.key, rung.name): rung.working_days
        for step in owed
        if step.ladder
        for rung in book.policy.ladder(step.ladder)
    }
    reached = [(heights[each.step, each.rung], each.rung) for each in raised if (each.step, each.rung) in heights]
    return max(reached)[1] if reached else None
