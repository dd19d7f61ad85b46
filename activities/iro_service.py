"""What befalls an IRO, told to the episode of each of their children."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from activities.acts import tell
from register import directory
from register.allocations import ChildOf, children_of
from register.queries import facts
from rules.clock import london_date
from rules.directory import Absence
from rules.facts import Fact, FactWithdrawn
from rules.facts.iro import IroCoverArranged, IroCoverEnded, IroPostVacated, IroProposed
from workflows.messages import COVER_CHILDREN, GIVE_UP_CHILDREN, ChildrenTold, IroAbsent, IroLeaving


class IroServiceActivities:
    """The effects on children of what befalls their IRO."""

    def __init__(self, register: Engine, client: Client) -> None:
        """Take what they work with.

        Args:
            register: the database, to find the children.
            client: how their episodes are reached.
        """
        self._register = register
        self._client = client

    @activity.defn(name=GIVE_UP_CHILDREN)
    async def give_up_children(self, leaving: IroLeaving, now: datetime) -> ChildrenTold:
        """Record in each child's episode that the IRO gave the child up; the system then owes another one.

        Nothing is done when the directory has another last day by now: they stay, or leave later.
        """
        person = directory.person(self._register, leaving.iro)
        if person is None or person.until != leaving.last_day:
            return ChildrenTold(episodes=(), over=True)
        today, told = london_date(now), list[str]()
        theirs = children_of(self._register, leaving.iro)
        for child in theirs.named:
            if await self._gives_up(leaving, child, today):
                told.append(child.episode)
            activity.heartbeat(len(told))
        for child in theirs.proposed:
            await self._takes_back_the_proposal(leaving, child, today)
            activity.heartbeat(len(told))
        still = {child.episode for child in children_of(self._register, leaving.iro).named}
        return ChildrenTold(episodes=tuple(each for each in told if each not in still), left=len(still))

    async def _gives_up(self, leaving: IroLeaving, child: ChildOf, today: date) -> bool:
        # From the last day if it was their post then, so that the vacancy shows how long it has been one.
        for on in dict.fromkeys((min(leaving.last_day, today), today)):
            name = _name("left", leaving.iro, child.episode, on)
            vacated = IroPostVacated(id=name, on=on, by=leaving.by, reason=leaving.reason)
            if await tell(self._client, child.episode, vacated) is None:
                return True
        return False

    async def _takes_back_the_proposal(self, leaving: IroLeaving, child: ChildOf, today: date) -> None:
        proposals = [
            entry.fact.id
            for entry in facts(self._register, child.episode)
            if isinstance(entry.fact, IroProposed) and entry.fact.iro == leaving.iro
        ]
        for proposal in proposals[-1:]:
            name = _name("gone", leaving.iro, child.episode, today)
            gone = FactWithdrawn(id=name, on=today, by=leaving.by, withdraws=proposal, reason="The IRO leaves.")
            await tell(self._client, child.episode, gone)

    @activity.defn(name=COVER_CHILDREN)
    async def cover_children(self, absent: IroAbsent, now: datetime) -> ChildrenTold:
        """Record the cover in each child's episode while the absence stands, and its end when it does not."""
        today = london_date(now)
        standing = _standing(directory.absences(self._register, absent.absence.person), absent.absence)
        absence = standing or absent.absence
        if absence.cover is None:
            return ChildrenTold(episodes=(), over=True)
        children = children_of(self._register, absence.person).named
        covered = {child.episode for child in children_of(self._register, absence.cover).covered}
        if standing and (standing.until is None or today <= standing.until):
            cover, until = absence.cover, absence.until
            return await self._tell_each(
                (child for child in children if child.episode not in covered),
                lambda child: IroCoverArranged(
                    id=_name("cover", cover, child.episode, today), on=today, by=absent.by, cover=cover, until=until
                ),
            )
        told = await self._tell_each(
            (child for child in children if child.episode in covered),
            lambda child: IroCoverEnded(id=_name("back", absence.person, child.episode, today), on=today, by=absent.by),
        )
        return told.model_copy(update={"over": told.left == 0})

    async def _tell_each(self, children: Iterable[ChildOf], fact: Callable[[ChildOf], Fact]) -> ChildrenTold:
        told: list[str] = []
        refused = 0
        for child in children:
            if await tell(self._client, child.episode, fact(child)) is None:
                told.append(child.episode)
            else:
                refused += 1
            activity.heartbeat(len(told))
        return ChildrenTold(episodes=tuple(told), left=refused)


def _standing(known: Iterable[Absence], absence: Absence) -> Absence | None:
    """The absence as the directory has it now; None when it was withdrawn."""
    return next((each for each in known if each.since == absence.since), None)


def _name(what: str, iro: str, episode: str, on: date) -> str:
    return f"{what}-{sha256(f'{iro}:{episode}:{on}'.encode()).hexdigest()[:16]}"
