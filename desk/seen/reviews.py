"""The reviews held and what they decided, made ready to be shown."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from desk.access import may_do
from desk.forms.words.choices import LATE, PARTICIPATION
from desk.seen.dues import day_words
from desk.seen.names import called
from desk.seen.steps import Scene
from desk.settling import Link, links
from rules.case import Case, Known
from rules.facts.reviews import DecisionCarriedOut, DecisionChanged, DecisionDropped, DecisionMade
from rules.limits import LIMITS
from rules.steps import ReviewLine, Step
from rules.wording import in_full

_NAMES = {"subsequent_review": "Review", "short_break_subsequent_review": "Review of the short breaks"}
INTERIM = "interim"


class ReviewSeen(NamedTuple):
    """A review that was held.

    Attributes:
        name: which.
        held: when: its first meeting too, where that was an earlier day.
        due: the last day in law; empty for a meeting that was no statutory review.
        in_law, by_indicator: in time or late, by the law and by the national indicator.
        late: by either of them.
        participation: how the child took part.
        late_reason: why it was late; empty where it was not, or none is given.
        correct_href: where it is put right, for those who may.
    """

    name: str
    held: str
    due: str
    in_law: str
    by_indicator: str
    late: bool
    participation: str
    late_reason: str
    correct_href: str | None


class DecisionSeen(NamedTuple):
    """A decision of a review.

    Attributes:
        reference: its reference.
        text: what was decided.
        owner: who is to do it.
        state: whether it was done, in words.
        style: the class of its colour.
        why_href: why its day is what it is; None where its step is no longer at hand.
        links: what may be recorded of it.
    """

    reference: str
    text: str
    owner: str
    state: str
    style: str
    why_href: str | None
    links: list[Link]


class Decided(NamedTuple):
    """What one review decided."""

    review: str
    decisions: list[DecisionSeen]


def reviews_seen(scene: Scene, reviews: tuple[ReviewLine, ...]) -> list[ReviewSeen]:
    """The reviews, the latest first.

    Args:
        scene: what they are looked at with.
        reviews: in order.
    """
    may_correct = may_do(scene.viewer, "review_held") and not scene.line.finished
    return [_review(each, scene.line.id if may_correct else None) for each in reversed(reviews)]


def decided(scene: Scene, case: Case, steps: tuple[Step, ...]) -> list[Decided]:
    """The decisions of each review, the latest review's first.

    Args:
        scene: what they are looked at with.
        case: the facts that stand, the whole history of them.
        steps: those of the decisions that are at hand.
    """
    by_key = {step.key: step for step in steps}
    found: dict[date | None, list[DecisionSeen]] = {}
    told = _Told(case)
    for made in case.all(DecisionMade):
        review = case.review_followed(made.fact)
        step = by_key.get(f"decision.{made.fact.decision}")
        found.setdefault(review.on if review else None, []).append(_decision(scene, told, made.fact, step))
    latest_first = sorted(found.items(), key=lambda each: each[0] or date.min, reverse=True)
    return [Decided(f"Review of {in_full(day)}" if day else "Of no review", each) for day, each in latest_first]


def review_name(name: str) -> str:
    """What a review is called."""
    if name == INTERIM:
        return "Meeting that was no statutory review"
    limit = LIMITS[next(iter(LIMITS))].get(name)
    return _NAMES.get(name) or (limit.title if limit else name)


def _review(line: ReviewLine, episode: str | None) -> ReviewSeen:
    held = in_full(line.completed_on)
    if line.opened_on != line.completed_on:
        held = f"Opened {in_full(line.opened_on)}, completed {held}"
    counts = line.name != INTERIM
    return ReviewSeen(
        name=review_name(line.name),
        held=held,
        due=in_full(line.due) if counts else "",
        in_law=_in_time(line.statutory_in_time) if counts else "Not counted",
        by_indicator=f"{_in_time(line.indicator_in_time)}, last day {in_full(line.indicator_due)}"
        if counts
        else "Not counted",
        late=counts and not (line.statutory_in_time and line.indicator_in_time),
        participation=PARTICIPATION.get(line.participation, line.participation) if line.participation else "Not given",
        late_reason=LATE.get(line.late_reason, line.late_reason) if line.late_reason else "",
        correct_href=f"/children/{episode}/facts/{line.key}/correct" if episode else None,
    )


def _in_time(yes: bool) -> str:
    return "In time" if yes else "Late"


class _Told:
    """What became of each decision, by its reference."""

    def __init__(self, case: Case) -> None:
        self.changed: Mapping[str, Known[DecisionChanged]] = {
            each.fact.decision: each for each in case.all(DecisionChanged)
        }
        self.done: Mapping[str, Known[DecisionCarriedOut]] = {
            each.fact.decision: each for each in reversed(case.all(DecisionCarriedOut))
        }
        self.dropped: Mapping[str, Known[DecisionDropped]] = {
            each.fact.decision: each for each in reversed(case.all(DecisionDropped))
        }


def _decision(scene: Scene, told: _Told, made: DecisionMade, step: Step | None) -> DecisionSeen:
    changed = told.changed.get(made.decision)
    owner = (changed.fact.owner if changed else None) or made.owner
    named = f", {called(made.owner_reference, scene.names)}" if made.owner_reference and owner == made.owner else ""
    state, style = _state(scene, told, made)
    return DecisionSeen(
        reference=made.decision,
        text=made.text,
        owner=f"The {owner.words}{named}",
        state=". ".join([state, *_changed(changed)]),
        style=style,
        why_href=scene.why_href(step) if step else None,
        links=links(scene.viewer, scene.line.id, step) if step else [],
    )


def _state(scene: Scene, told: _Told, made: DecisionMade) -> tuple[str, str]:
    done, dropped = told.done.get(made.decision), told.dropped.get(made.decision)
    changed = told.changed.get(made.decision)
    due = changed.fact.due if changed else made.due
    if done:
        late = f", late; it was due {in_full(due)}" if done.on > due else ", in time"
        return f"Carried out on {in_full(done.on)}{late}", ""
    if dropped:
        return f"Dropped on {in_full(dropped.on)}: {dropped.fact.reason}", ""
    if scene.line.ended_on and scene.line.finished:
        return f"Not carried out by {in_full(due)}", ""
    return day_words(due, scene.today, scene.calendar)


def _changed(changed: Known[DecisionChanged] | None) -> Iterator[str]:
    if changed:
        yield f"Changed on {in_full(changed.on)}: {changed.fact.reason}"
