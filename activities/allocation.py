"""An IRO chosen for a child, in one transaction of the register (design decision 8)."""

from temporalio import activity

from activities.books import ByTheBook
from register.allocations import Allocated, allocate
from register.asking import asked_for
from rules.clock import london_date
from rules.facts import Fact
from rules.facts.iro import IroAppointed, IroProposed, NoIroFound
from rules.vocabulary import SYSTEM
from workflows.messages import CHOOSE_IRO, ChooseRequest, Chosen


class AllocationActivities(ByTheBook):
    """The choice of IROs from the directory."""

    @activity.defn(name=CHOOSE_IRO, no_thread_cancel_exception=True)
    def choose_iro(self, request: ChooseRequest) -> Chosen:
        """Choose, and say as a fact what came of it. Asked again, what was published stands."""
        asked = asked_for(
            request.episode,
            request.entries,
            request.now,
            step=request.step,
            known_revision=request.known_revision,
            former_iro=request.former_iro,
        )
        allocated = allocate(self._register, asked)
        at_once = self._books.of(asked.nation).policy.allocation.confirm == "at_once"
        return Chosen(fact=_fact(allocated, at_once=at_once))


def _fact(allocated: Allocated, *, at_once: bool) -> Fact:
    choice, on = allocated.choice, london_date(allocated.at)
    if choice.iro is None:
        return NoIroFound(id=allocated.fact_id, on=on, by=SYSTEM, directory=allocated.directory)
    if not at_once:
        return IroProposed(id=allocated.fact_id, on=on, by=SYSTEM, iro=choice.iro, over_capacity=choice.over_capacity)
    return IroAppointed(
        id=allocated.fact_id,
        on=on,
        by=SYSTEM,
        iro=choice.iro,
        over_capacity=choice.over_capacity,
        shares_with=choice.shares_with,
    )
