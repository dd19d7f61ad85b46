"""One date explained: why it is what it is, who is told when it slips, and the choice of an IRO behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from register import directory, queries
from register.allocations import Allocation, allocations
from register.closed_days import closed_days
from register.queries import EpisodeLine
from rules.calendar import WorkingCalendar
from rules.case import Case
from rules.directory import Absence, Person
from rules.dispute import ANSWER
from rules.explaining import reached_on, reached_when, why
from rules.facts.iro import IroAppointed
from rules.policy import Policy
from rules.posts import Addressee, CasePeople, addressee, is_post
from rules.steps import Escalation, Step
from rules.vocabulary import Frozen, Role
from rules.wording import in_full

OF_A_CHOICE = frozenset({"appoint_iro", "propose_iro", "fill_vacancy"})
"""The steps behind whose date there is a choice."""


class RungSaid(Frozen):
    """A rung of a step's ladder: when it is reached, and who is told.

    Attributes:
        rung: its name.
        on: the day; a reminder comes at its start, any other rung at its end.
        when: the same in words, from the last day; empty for a rung that the policy has no longer.
        tell: who is told.
        behind: of those who hold a post, who that is today, and why somebody else where it is; empty while the
            directory holds nobody.
        raised: the instant it was raised, UTC; None while it was not.
    """

    rung: str
    on: date
    when: str
    tell: tuple[Role, ...]
    behind: tuple[Addressee, ...] = ()
    raised: datetime | None = None


class Explained(Frozen):
    """One date explained.

    Attributes:
        step: whose date it is.
        says: why it is what it is, sentence by sentence, the date itself first.
        ladder: who is told when it slips, lowest rung first.
        nobody_told: where nobody is told, that in a sentence, and what happens instead; empty where somebody is.
        choice: the choice of an IRO that was made for it, if one was.
        appointed: the appointment that followed the choice, of the one chosen or of another by hand.
    """

    step: Step
    says: tuple[str, ...]
    ladder: tuple[RungSaid, ...]
    nobody_told: str = ""
    choice: Allocation | None = None
    appointed: IroAppointed | None = None


def explained(register: Engine, episode: EpisodeLine, step: Step, policy: Policy, today: date) -> Explained:
    """Explain one date.

    Args:
        register: the database.
        episode: the child's.
        step: whose date it is, one of the episode's.
        policy: in force, which has the ladders.
        today: a London date: who holds which post on it.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    calendar = WorkingCalendar(episode.nation, closed_days(register))
    raised = [each for each in queries.escalations(register, episode.id) if each.step == step.key]
    made = choice_for(register, episode.id, step.key)
    ladder = tuple(_ladder(step, policy, calendar, raised, line_of(register, episode, today)))
    return Explained(
        step=step,
        says=tuple(why(step, calendar)),
        ladder=ladder,
        nobody_told="" if ladder else _nobody_told(step),
        choice=made,
        appointed=appointed_after(register, episode.id, made) if made else None,
    )


# --- Who is told ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """The people of the service, as one child's case sees them on a day."""

    case: CasePeople
    people: tuple[Person, ...]
    absences: tuple[Absence, ...]
    day: date

    def behind(self, roles: Iterable[Role]) -> tuple[Addressee, ...]:
        """Who receives what is addressed to each role that is a post; nothing of those for whom nobody is known."""
        if not self.people:
            return ()
        found = (addressee(role, self.case, self.people, self.absences, self.day) for role in roles if is_post(role))
        return tuple(each for each in found if each.person)


def line_of(register: Engine, episode: EpisodeLine, day: date) -> Line:
    """The line of a child's case.

    Args:
        register: the database.
        episode: the child's.
        day: a London date.
    """
    people = directory.people(register, authority=episode.authority)
    return Line(episode.people, tuple(people), tuple(directory.absences(register) if people else ()), day)


def behind_words(role: Role, found: Iterable[Addressee]) -> tuple[str, str]:
    """A role with who is behind it, and the sentence why it is somebody else than the holder; empty where it is not."""
    each = next((each for each in found if each.role is role), None)
    if each is None:
        return role.words, ""
    return f"{role.words}: {each.person}", each.instead_because or ""


def _ladder(
    step: Step, policy: Policy, calendar: WorkingCalendar, raised: Iterable[Escalation], line: Line
) -> Iterator[RungSaid]:
    """The rungs ahead and those raised; a step that silence closes climbs none."""
    at = {rung: each for each in raised for rung in each.rungs}
    for rung in policy.ladder(step.ladder) if step.ladder else ():
        escalation = at.pop(rung.name, None)
        if not step.is_open and escalation is None:
            continue
        tell = rung.recipients(step.owner)
        yield RungSaid(
            rung=rung.name,
            on=reached_on(rung, step, calendar),
            when=reached_when(rung),
            tell=tell,
            behind=line.behind(tell),
            raised=escalation.at if escalation else None,
        )
    for name, escalation in at.items():
        behind = line.behind(escalation.tell)
        yield RungSaid(rung=name, on=escalation.due, when="", tell=escalation.tell, behind=behind, raised=escalation.at)


def _nobody_told(step: Step) -> str:
    """That nobody is told. A stage of a formal dispute that does not answer is answered by the dispute's own clock."""
    if not step.is_open:
        return "Nobody had to be told."
    if step.name == ANSWER and step.ladder is None:
        return (
            "If nobody has answered, the dispute goes up to the next stage by itself at the end of that day,"
            f" {in_full(step.due)}."
        )
    return "Nobody is told when it slips."


# --- The choice of an IRO -------------------------------------------------------------------------------------------


def choice_for(register: Engine, episode: str, step: str) -> Allocation | None:
    """The choice that was made for a step of an episode, the latest of several; None where none was.

    Args:
        register: the database.
        episode: its id.
        step: the step's key.
    """
    name, dot, anchor = step.partition(".")
    if name not in OF_A_CHOICE:
        return None
    made = [each for each in allocations(register, episode) if each.step == f"propose_iro{dot}{anchor}"]
    return made[-1] if made else None


def appointed_after(register: Engine, episode: str, made: Allocation) -> IroAppointed | None:
    """The appointment that followed a choice, of the one chosen or of another by hand; None while none has."""
    found = (known for known in Case(queries.facts(register, episode)).all(IroAppointed) if known.at >= made.at)
    first = min(found, key=lambda known: known.at, default=None)
    return first.fact if first else None
