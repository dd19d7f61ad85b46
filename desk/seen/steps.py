"""The steps of one child, made ready to be shown: what is owed, by whom, by when; and what was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from desk.seen.dues import DueSeen, due_seen
from desk.seen.matters import whom
from desk.seen.names import Names, called, holder
from desk.settling import Link, first_links, review_followed
from desk.viewer import Viewer
from register.queries import EpisodeLine
from rules.calendar import WorkingCalendar
from rules.steps import Escalation, ReviewLine, Step
from rules.vocabulary import Role, StepState
from rules.wording import people, plain, state_words, with_capital

_BADLY = frozenset({StepState.DONE_LATE, StepState.MISSED})


class OpenStep(NamedTuple):
    """Something owed.

    Attributes:
        title: what.
        detail: of a decision, what was decided; empty for any other.
        due: by when, in words.
        owner: who owes it, where that is not whoever looks, and to whom, in words.
        why_href: why that date.
        links: the act that settles it, for those who may.
        remarks: what else there is to know.
    """

    title: str
    detail: str
    due: DueSeen
    owner: str
    why_href: str
    links: list[Link]
    remarks: list[str]


class ClosedStep(NamedTuple):
    """Something that was owed.

    Attributes:
        title: what.
        detail: of a decision, what was decided; empty for any other.
        state: how it closed, in words.
        badly: it was late or missed.
        why_href: why it was due when it was.
    """

    title: str
    detail: str
    state: str
    badly: bool
    why_href: str


@dataclass(frozen=True)
class Scene:
    """What steps are looked at with.

    Attributes:
        viewer: who looks.
        line: the episode.
        names: by reference.
        decisions: what was decided, by the decision's reference.
        reviews: the reviews held.
        escalations: the rungs raised, the latest first.
        today: a London date.
        calendar: whose working days are counted.
    """

    viewer: Viewer
    line: EpisodeLine
    names: Names
    decisions: Mapping[str, str]
    reviews: tuple[ReviewLine, ...]
    escalations: tuple[Escalation, ...]
    today: date
    calendar: WorkingCalendar

    def review_day(self, step: Step) -> date | None:
        """The day of the review that a step follows, where the step itself does not tell it."""
        review = review_followed(step)
        return next((each.completed_on for each in self.reviews if each.key == review), None)

    def detail(self, step: Step) -> str:
        """What a decision says; empty for any other step."""
        return self.decisions.get(step.key.partition(".")[2], "") if step.name == "decision" else ""

    def why_href(self, step: Step) -> str:
        """The page that explains a step's date."""
        return f"/children/{self.line.id}/steps/{step.key}"

    def is_yours(self, step: Step) -> bool:
        """Whether whoever looks owes a step: for their own child, or in a post that owes it for every child."""
        if step.owner.value not in {role.value for role in self.viewer.roles}:
            return False
        of_the_case = {
            Role.IRO: (self.line.iro, self.line.cover),
            Role.SOCIAL_WORKER: (self.line.social_worker,),
            Role.TEAM_MANAGER: (self.line.team_manager,),
        }
        return step.owner not in of_the_case or self.viewer.person in of_the_case[step.owner]

    def owner(self, step: Step) -> str:
        """Who owes a step, where that is not whoever looks, and to whom it is still owed."""
        person = holder(step.owner, self.line.people)
        who = f"Owed by {whom(step.owner)}" + (f", {called(person, self.names)}" if person else "")
        found = [] if self.is_yours(step) else [who]
        return with_capital(
            "; ".join([*found, f"still to the {people(step.outstanding)}"] if step.outstanding else found)
        )


def open_steps(scene: Scene, steps: Iterable[Step]) -> list[OpenStep]:
    """What is owed, as the page shows it.

    Args:
        scene: what they are looked at with.
        steps: open ones.
    """
    reached = {each.step: each.rung for each in reversed(scene.escalations)}
    return [
        OpenStep(
            title=step.title,
            detail=scene.detail(step),
            due=due_seen(step, scene.today, scene.calendar),
            owner=scene.owner(step),
            why_href=scene.why_href(step),
            links=first_links(scene.viewer, scene.line.id, step, scene.review_day(step)),
            remarks=_remarks(step, reached.get(step.key)),
        )
        for step in steps
    ]


def closed_steps(scene: Scene, steps: Iterable[Step]) -> list[ClosedStep]:
    """What was owed, as the page shows it.

    Args:
        scene: what they are looked at with.
        steps: closed ones.
    """
    return [
        ClosedStep(
            title=step.title,
            detail=scene.detail(step),
            state=with_capital(state_words(step)),
            badly=step.state in _BADLY,
            why_href=scene.why_href(step),
        )
        for step in steps
    ]


def _remarks(step: Step, rung: str | None) -> list[str]:
    found = [f"Escalation reached: {plain(rung)}"] if rung else []
    return [*found, f"So far: {plain(step.outcome)}"] if step.outcome else found
