"""One period of care, as one durable workflow: facts in, agenda out, and one timer to the next alarm.

The story is in `run`: bring the agenda up to date, close when all is done, otherwise sleep until an act comes in
or the next alarm rings. What is owed and when is never decided here, but in `rules`; it is derived in an activity,
so that history records what was decided and a change of the law never breaks a replay.
"""

from datetime import timedelta
from typing import NoReturn

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from rules.acceptance import Refused, check
    from rules.case import Case
    from rules.clock import london_date
    from rules.facts import FACT_TYPES, OF_THE_CLOCKS, OF_THE_POST_ROOM, OF_THE_SYSTEM, Entry, Fact
    from rules.facts.care import BecameLookedAfter
    from rules.facts.iro import IroAppointed
    from rules.opening import contradiction, opening_entries
    from rules.steps import Escalation, RunsBeside
    from rules.vocabulary import SYSTEM
    from workflows import search_attributes
    from workflows.beside_messages import STANDS, START_BESIDE, BesideStart, clock_of
    from workflows.details import in_words
    from workflows.messages import (
        CHOOSE_IRO,
        DERIVE_AGAIN,
        DERIVE_AND_PUBLISH,
        Act,
        ChooseRequest,
        Chosen,
        Derived,
        DeriveRequest,
        EpisodeOutcome,
        EpisodeStart,
        EpisodeState,
        Receipt,
        TimelineView,
    )

OPENING_ACT = "became_looked_after"
SENT_BY_THE_SYSTEM = OF_THE_POST_ROOM | OF_THE_CLOCKS
OF_ITSELF = OF_THE_SYSTEM - SENT_BY_THE_SYSTEM
"""Facts that come about within the episode: nobody sends them, not even the post room or a clock."""
OTHER_ACTS = tuple(name for name in FACT_TYPES if name != OPENING_ACT and name not in OF_ITSELF)

# A register that is down must not hold up a case for long once it is back.
_KEEP_TRYING = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=5))


def _one_handler_an_act(episode: "type[EpisodeWorkflow]") -> "type[EpisodeWorkflow]":
    """Give the workflow a named Update for each act, so that history reads as what people did.

    Made once, with the class: made with each episode, they were a tenth of its opening.
    """
    for act in OTHER_ACTS:
        setattr(episode, act, _handler_of(act))
    return episode


def _handler_of(act: str) -> object:
    # `self` bears no type: the SDK would take one that does for the first argument.
    @workflow.update(name=act)
    async def handle(self, given: Act) -> Receipt:  # type: ignore[no-untyped-def]
        receipt: Receipt = await self.record(given)
        return receipt

    @handle.validator
    def refuse(self, given: Act) -> None:  # type: ignore[no-untyped-def]
        self.refuse_what_cannot_be(given)

    return handle


@workflow.defn(name="Episode")
@_one_handler_an_act
class EpisodeWorkflow:
    """A child's time in care, from becoming looked after until it ceases."""

    @workflow.init
    def __init__(self, start: EpisodeStart) -> None:
        """Take up the state of the run before, or the facts of the opening."""
        self.start = start
        self.published: list[Entry] = list(start.carried.entries) if start.carried else []
        self.pending: list[Entry] = []
        self.raised: list[Escalation] = list(start.carried.raised) if start.carried else []
        self.derived: Derived | None = start.carried.derived if start.carried else None
        self.refusals: dict[str, str] = {}
        self.refused: str | None = None
        self.in_vain: set[str] = set()
        self.asked_again = 0
        self.answered = 0
        self.beside = {each.name: each for each in start.carried.beside} if start.carried else {}
        if start.carried is None:
            self.pending = list(opening_entries(start.opening, start.facts, workflow.now()))

    @workflow.run
    async def run(self, start: EpisodeStart) -> EpisodeOutcome:
        """Follow the child until care has ended and nothing more is owed."""
        if self.derived:
            workflow.set_current_details(in_words(self.derived))
        while True:
            if self._is_out_of_date():
                await self._derive_and_publish()
            if (owed := self._owed_by_the_system()) and not self.pending:
                await self._do_what_the_system_owes(owed)
                continue
            await self._tell_the_clocks_beside()
            await self._close_or_continue()
            if self._is_closed():
                return self._outcome()
            if not self._is_out_of_date():
                await self._sleep_until_next_alarm()

    # --- What people do ---------------------------------------------------------------------------------------------

    @workflow.update(name=OPENING_ACT)
    async def became_looked_after(self, act: Act) -> Receipt:
        """Acknowledge the notification that opened this episode, once or again."""
        return await self._published(act.fact)

    @became_looked_after.validator
    def refuse_a_contradicting_notification(self, act: Act) -> None:
        """The same notification again finds the same episode; one that says otherwise is refused."""
        if not isinstance(act.fact, BecameLookedAfter):
            raise _refusal("An episode opens with the fact became_looked_after.")
        reason = contradiction(act.fact, self.start.opening, Case(self._ledger()).opening.fact)
        if reason:
            raise _refusal(reason)

    async def record(self, act: Act) -> Receipt:
        """Record a fact; answered once it is published, so that whoever wrote it can read it."""
        if not self._holds(act.fact.id):
            self.pending.append(Entry(fact=act.fact, at=workflow.now()))
        return await self._published(act.fact)

    def refuse_what_cannot_be(self, act: Act) -> None:
        """Refuse an act that the facts contradict, before anything is written to history."""
        fact = act.fact
        held = next((entry.fact for entry in self._ledger() if entry.fact.id == fact.id), None)
        if held == fact:
            return
        if held is not None:
            raise _refusal(_taken(fact.id))
        update = workflow.current_update_info()
        if fact.kind in OF_THE_CLOCKS:
            self._refuse_what_is_not_due(fact)
        elif fact.by == SYSTEM and fact.kind not in OF_THE_POST_ROOM:
            raise _refusal("Only the system itself records facts as `system`; give your own reference (by).")
        elif fact.by != SYSTEM and fact.kind in OF_THE_SYSTEM:
            raise _refusal(f"Only the system itself records {fact.kind}; say notice_delivered when it was delivered.")
        if update and update.name != fact.kind:
            raise _refusal(f"The act {update.name} was sent with a fact of kind {fact.kind}.")
        try:
            known = self.derived
            check(
                self._ledger(),
                fact,
                london_date(workflow.now()),
                known.review_due if known else None,
                [step.key for step in known.steps] if known else (),
                known.complete_by if known else None,
                known.held_due if known else None,
            )
        except Refused as refused:
            raise _refusal(str(refused)) from None

    @workflow.signal(name=DERIVE_AGAIN)
    def derive_again(self) -> None:
        """Derive the agenda again: the calendar, the policy or the directory changed."""
        self.asked_again += 1

    # --- What people ask --------------------------------------------------------------------------------------------

    @workflow.query
    def state(self) -> EpisodeState | None:
        """Everything the episode carries; None before the first agenda."""
        return self._state() if self.derived else None

    @workflow.query
    def agenda(self) -> Derived | None:
        """What is owed, as last derived; None before the first agenda."""
        return self.derived

    @workflow.query
    def timeline(self) -> TimelineView:
        """What happened in the open part of the episode."""
        return TimelineView(entries=tuple(self._ledger()), raised=tuple(self.raised))

    # --- How it is done ---------------------------------------------------------------------------------------------

    def _ledger(self) -> list[Entry]:
        return [*self.published, *self.pending]

    def _holds(self, fact_id: str) -> bool:
        return any(entry.fact.id == fact_id for entry in self._ledger())

    async def _published(self, fact: Fact) -> Receipt:
        await workflow.wait_condition(lambda: all(entry.fact.id != fact.id for entry in self.pending))
        if self.refused:
            raise _refusal(self.refused)
        if fact.id in self.refusals:
            raise _refusal(self.refusals[fact.id])
        derived = self._known()
        return Receipt(
            fact=fact.id,
            revision=derived.revision,
            stage=derived.stage,
            next_due=derived.next_due,
            overdue=derived.overdue,
        )

    def _known(self) -> Derived:
        if self.derived is None:
            raise ApplicationError("The episode has no agenda yet; try again.", type="NotYet")
        return self.derived

    def _is_out_of_date(self) -> bool:
        derived = self.derived
        if derived is None or self.pending or self.asked_again > self.answered:
            return True
        return derived.alarm is not None and derived.alarm.at <= workflow.now()

    async def _derive_and_publish(self) -> None:
        """Derive the agenda from all facts, publish it, and take up what it says."""
        taken, asked = tuple(self.pending), self.asked_again
        request = DeriveRequest(
            episode=workflow.info().workflow_id,
            child_digest=self.start.child_digest,
            known_revision=self.derived.revision if self.derived else 0,
            entries=(*self.published, *taken),
            new=tuple(entry.fact.id for entry in taken),
            raised=tuple(self.raised),
            now=workflow.now(),
            spread=self.start.spread,
        )
        try:
            derived: Derived = await workflow.execute_local_activity(
                DERIVE_AND_PUBLISH,
                request,
                result_type=Derived,
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=_KEEP_TRYING,
            )
        except ActivityError as error:
            await self._give_up(error)
        self._take_up(derived, taken)
        self.answered = asked

    def _owed_by_the_system(self) -> str | None:
        return next((step for step in self._known().for_the_system if step not in self.in_vain), None)

    async def _do_what_the_system_owes(self, step: str) -> None:
        """Have an IRO chosen for the child; what comes of it is a fact like any other."""
        chosen: Chosen = await workflow.execute_local_activity(
            CHOOSE_IRO,
            ChooseRequest(
                episode=workflow.info().workflow_id,
                step=step,
                known_revision=self._known().revision,
                entries=tuple(self.published),
                former_iro=self._known().former_iro,
                now=workflow.now(),
            ),
            result_type=Chosen,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_KEEP_TRYING,
        )
        if any(isinstance(entry.fact, IroAppointed) for entry in self.pending):
            return  # Somebody was faster.
        if self._holds(chosen.fact.id) or chosen.fact.id in self.refusals:
            self.in_vain.add(step)  # It is owed on, and escalates; asking again and again would change nothing.
            return
        self.pending.append(Entry(fact=chosen.fact, at=workflow.now()))

    async def _give_up(self, error: ActivityError) -> NoReturn:
        """The register refuses this episode: the child is looked after in another one already."""
        self.refused = error.cause.message if isinstance(error.cause, ApplicationError) else str(error)
        self.pending = []
        await workflow.wait_condition(workflow.all_handlers_finished)
        raise _refusal(self.refused)

    def _take_up(self, derived: Derived, taken: tuple[Entry, ...]) -> None:
        dropped = (*derived.duplicates, *(refused.fact for refused in derived.refused))
        new = [*derived.restored, *(entry for entry in taken if entry.fact.id not in dropped)]
        self.published = list(derived.carried) if derived.carried is not None else [*self.published, *new]
        self.refusals.update({refused.fact: refused.why for refused in derived.refused})
        self.raised = (
            list(derived.carried_raised) if derived.carried_raised is not None else [*self.raised, *derived.raised]
        )
        self.pending = self.pending[len(taken) :]
        # The register is asked for an earlier period of care at the first publication only.
        former = derived.former_iro or (self.derived.former_iro if self.derived else None)
        self.derived = derived.model_copy(update={"former_iro": former})
        self._show_what_changed(derived)
        workflow.set_current_details(in_words(derived))

    def _show_what_changed(self, derived: Derived) -> None:
        """Set the search attributes that are not as they should be: each setting is a row for the server to write."""
        standing = workflow.info().typed_search_attributes
        wanted = search_attributes.updates(
            iro=derived.iro,
            stage=derived.stage,
            next_due=derived.next_due,
            overdue=derived.overdue,
            highest_rung=derived.highest_rung,
        )
        if changed := [update for update in wanted if update.value != standing.get(update.key)]:
            workflow.upsert_search_attributes(changed)

    def _refuse_what_is_not_due(self, fact: Fact) -> None:
        """What comes by itself comes at its instant, as last derived, and not otherwise."""
        if self.pending or self.asked_again > self.answered:
            raise _refusal("Something is being recorded just now that may speak against it; ask again in a moment.")
        due = any(
            each.then == fact and each.next is not None and each.next.at <= workflow.now()
            for each in (self.derived.beside if self.derived else ())
        )
        if not due:
            raise _refusal(f"Only the system itself records {fact.kind}, when it is due; it is not due now.")

    async def _tell_the_clocks_beside(self) -> None:
        """Start the clock of each dispute and of proceedings, and tell it whenever its matter stands otherwise."""
        standing = {each.name: each for each in self._known().beside}
        gone = (each.model_copy(update={"over": True}) for name, each in self.beside.items() if name not in standing)
        for each in (*standing.values(), *gone):
            told = self.beside.get(each.name)
            if (each == told and not _is_silent(each)) or (told is None and each.over):
                continue
            if (told and await self._is_told(each)) or await self._is_started(each):
                self.beside[each.name] = each
        self.beside = {name: each for name, each in self.beside.items() if name in standing}

    async def _is_told(self, standing: RunsBeside) -> bool:
        """Tell a clock how its matter stands; False where it is to be started, again."""
        clock = workflow.get_external_workflow_handle(clock_of(workflow.info().workflow_id, standing))
        try:
            await clock.signal(STANDS, standing)
        except ApplicationError:
            return standing.over
        return True

    async def _is_started(self, standing: RunsBeside) -> bool:
        """Start a clock; False where that failed, and is to be tried again with the next agenda."""
        episode = workflow.info().workflow_id
        clock = clock_of(episode, standing)
        try:
            await workflow.execute_child_workflow(
                START_BESIDE,
                BesideStart(clock=clock, episode=episode, authority=self.start.opening.authority, standing=standing),
                id=f"{clock}-start-{self._known().revision}",
            )
        except (ChildWorkflowError, WorkflowAlreadyStartedError):
            return False
        return True

    async def _sleep_until_next_alarm(self) -> None:
        alarm = self._known().alarm
        try:
            await workflow.wait_condition(
                self._is_out_of_date,
                timeout=max(alarm.at - workflow.now(), timedelta(0)) if alarm else None,
                timeout_summary=alarm.what if alarm else None,
            )
        except TimeoutError:
            pass  # The alarm rang: the agenda is out of date now.

    async def _close_or_continue(self) -> None:
        """When a cycle has closed, or history has grown long, go on in a new run that carries the state."""
        derived = self._known()
        closed_a_cycle = derived.carried is not None
        if derived.finished:
            await workflow.wait_condition(lambda: workflow.all_handlers_finished() or bool(self.pending))
        elif closed_a_cycle or workflow.info().is_continue_as_new_suggested():
            await workflow.wait_condition(lambda: workflow.all_handlers_finished() or self._is_out_of_date())
            if not self._is_out_of_date():
                workflow.continue_as_new(self.start.model_copy(update={"facts": (), "carried": self._state()}))

    def _state(self) -> EpisodeState:
        derived = self._known().model_copy(update={"carried": None, "carried_raised": None})
        return EpisodeState(
            entries=tuple(self.published),
            raised=tuple(self.raised),
            derived=derived,
            beside=tuple(self.beside.values()),
        )

    def _is_closed(self) -> bool:
        return self._known().finished and not self._is_out_of_date()

    def _outcome(self) -> EpisodeOutcome:
        derived = self._known()
        return EpisodeOutcome(ended_on=derived.ended_on, reason=derived.end_reason, revision=derived.revision)


def _is_silent(standing: RunsBeside) -> bool:
    """Whether a clock has not rung long after its instant: somebody may have stopped it."""
    return standing.silent_from is not None and standing.silent_from <= workflow.now()


def _taken(fact_id: str) -> str:
    return f"The id {fact_id} stands for another fact already; send this one under a new id."


def _refusal(reason: str) -> ApplicationError:
    return ApplicationError(reason, type="Refused", non_retryable=True)
