"""What befalls an IRO, told to the episode of each of their children."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from activities.acts import tell
from register.allocations import ChildOf, children_of
from register.directory import absences
from rules.clock import london_date
from rules.directory import Absence
from rules.facts import Fact, IroCoverArranged, IroCoverEnded, IroPostVacated
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
        """Record in each child's episode that the IRO gave the child up; the system then owes another one."""
        today = london_date(now)

        def vacated(child: ChildOf, on: date) -> Fact:
            name = _name("left", leaving.iro, child.episode, on)
            return IroPostVacated(id=name, on=on, by=leaving.by, reason=leaving.reason)

        told: list[str] = []
        for child in children_of(self._register, leaving.iro).named:
            # From the last day if it was their post then, so that the vacancy shows how long it has been one.
            for on in dict.fromkeys((min(leaving.last_day, today), today)):
                if await tell(self._client, child.episode, vacated(child, on)) is None:
                    told.append(child.episode)
                    break
            activity.heartbeat(len(told))
        left = children_of(self._register, leaving.iro).named
        still = {child.episode for child in left}
        return ChildrenTold(episodes=tuple(each for each in told if each not in still), left=len(left))

    @activity.defn(name=COVER_CHILDREN)
    async def cover_children(self, absent: IroAbsent, now: datetime) -> ChildrenTold:
        """Record the cover in each child's episode while the absence stands, and its end when it does not."""
        today, absence = london_date(now), absent.absence
        standing = _standing(absences(self._register, absence.person), absence)
        children = children_of(self._register, absence.person).named
        if absence.cover is None:
            return ChildrenTold(episodes=(), over=True)
        covered = {child.episode for child in children_of(self._register, absence.cover).covered}
        if standing and (standing.until is None or today <= standing.until):
            return await self._tell_each(
                (child for child in children if child.episode not in covered),
                lambda child: IroCoverArranged(
                    id=_name("cover", absence.person, child.episode, today),
                    on=today,
                    by=absent.by,
                    cover=absence.cover or "",
                    until=standing.until,
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
