"""Significant changes, challenges and good practice, made ready to be shown."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from desk.forms.controls import as_clause
from desk.forms.words.choices import CHANGE_ANSWERS, PLAN_CHANGES
from desk.seen.dues import DueSeen, due_seen
from desk.seen.matters import (
    closed_words,
    dispute_path,
    matter_words,
    of_the_twenty,
    outcome_words,
    recorded_by,
    refused_of,
    where,
    whom,
)
from desk.seen.names import Names
from desk.seen.steps import Scene
from desk.settling import Link, links
from rules.case import Case
from rules.challenges import ANSWER, SETTLE, Challenge, challenges_of
from rules.changes_reported import CONSIDER, TELL
from rules.codes import EndReason
from rules.dispute import ANSWER as ANSWER_DISPUTE
from rules.dispute import RESOLVE, WEIGH
from rules.disputes import Dispute, disputes_of
from rules.facts.challenge import GoodPracticeNoted, PoorPracticeNoted
from rules.facts.changes import ChangeConsidered, ChildWrote, PlanChange, SignificantChange
from rules.facts.dispute import DisputeRaised
from rules.reading import key
from rules.steps import Step
from rules.vocabulary import StepState
from rules.wording import in_full, with_capital


class Told(NamedTuple):
    """A change, a challenge, or good practice, with what came of it.

    Attributes:
        title: what it was.
        lines: what was said of it, and what came of it, in order.
        owed: what is owed for it next; empty where nothing is.
        due: by when, in words; None where nothing is owed.
        links: what may be recorded of it.
        still_open: something is yet to come of it.
        href: its own page; None where it has none.
    """

    title: str
    lines: list[str]
    owed: str
    due: DueSeen | None
    links: list[Link]
    still_open: bool
    href: str | None = None


def changes(scene: Scene, case: Case, steps: tuple[Step, ...]) -> list[Told]:
    """The significant changes of which the IRO was told, the latest first.

    Args:
        scene: what they are looked at with.
        case: the facts that stand, the whole history of them.
        steps: what is owed, and what was: by how long the IRO was told too late stands there.
    """
    by_key = {step.key: step for step in steps}
    considered = {known.fact.change: known.fact for known in reversed(case.all(ChangeConsidered))}
    found = []
    for known in reversed(case.all(SignificantChange)):
        answer = considered.get(known.id)
        lines = [*_of_the_change(known.fact, by_key.get(key(TELL, known.id))), *_considered(answer)]
        owed = [step for step in (by_key.get(key(CONSIDER, known.id)),) if step]
        found.append(told(scene, _change_words(known.fact), lines, owed, still_open=answer is None))
    return found


def challenges(scene: Scene, case: Case, steps: tuple[Step, ...]) -> list[Told]:
    """The IRO's challenges, those that are open first, then the latest.

    Args:
        scene: what they are looked at with.
        case: the facts that stand, the whole history of them.
        steps: what is owed.
    """
    found = []
    for each in reversed(challenges_of(case)):
        owed = [step for step in steps if step.key in (key(ANSWER, each.id), key(SETTLE, each.id))]
        fact = each.raised.fact
        title = f"{with_capital(fact.rung.words)} to {whom(fact.addressee)}"
        found.append(
            told(scene, title, list(of_the_challenge(each, scene.names)), owed, still_open=each.closed_by is None)
        )
    return sorted(found, key=lambda each: not each.still_open)


def disputes(scene: Scene, case: Case, steps: tuple[Step, ...]) -> list[Told]:
    """The formal disputes, those that are open first, then the latest.

    Args:
        scene: what they are looked at with.
        case: the facts that stand, the whole history of them.
        steps: what is owed, the earliest due first.
    """
    found = []
    by_key = {step.key: step for step in steps}
    for each in reversed(disputes_of(case)):
        of_a_stage = {key(name, at.began.id) for at in each.stages for name in (ANSWER_DISPUTE, WEIGH)}
        in_all = by_key.get(key(RESOLVE, each.id))
        owed = [*(step for step in steps if step.key in of_a_stage), *([in_all] if in_all else [])]
        title = f"Formal dispute: {matter_words(each.raised.fact.matter).lower()}"
        lines = list(_of_the_dispute(scene, each, in_all))
        path = dispute_path(scene.line.id, each.id)
        seen = told(scene, title, lines, owed, still_open=each.closed_by is None, href=path)
        refused = refused_of(each, has_died=scene.line.end_reason == EndReason.E2)
        found.append(seen._replace(links=[link for link in seen.links if link.act not in refused]))
    return sorted(found, key=lambda each: not each.still_open)


def good_practice(case: Case) -> list[str]:
    """The good practice that the IRO noted, the latest first."""
    return [
        f"{in_full(known.on)}, of {whom(known.fact.of)}: {known.fact.about}"
        for known in reversed(case.all(GoodPracticeNoted))
    ]


def poor_practice(case: Case) -> list[str]:
    """The poor practice that the IRO noted, the latest first."""
    return [
        f"{in_full(known.on)}, of {whom(known.fact.of)}, {known.fact.theme.words}: {known.fact.about}"
        for known in reversed(case.all(PoorPracticeNoted))
    ]


def written_views(case: Case) -> list[tuple[str, str]]:
    """What the child wrote, the latest first: the day, and the words."""
    return [(in_full(known.on), known.fact.text) for known in reversed(case.all(ChildWrote))]


def told(
    scene: Scene, title: str, lines: list[str], owed: Iterable[Step], *, still_open: bool, href: str | None = None
) -> Told:
    """Something with what came of it, and what is owed for it next.

    Args:
        scene: what it is looked at with.
        title: what it was.
        lines: what was said of it, in order.
        owed: the steps that it set off, the one that is meant to come first of them first.
        still_open: something is yet to come of it.
        href: its own page.
    """
    step = next((each for each in owed if each.is_open), None)
    return Told(
        title=title,
        lines=lines,
        owed=step.title if step else "",
        due=due_seen(step, scene.today, scene.calendar) if step else None,
        links=links(scene.viewer, scene.line.id, step) if step else [],
        still_open=still_open,
        href=href,
    )


def _change_words(fact: SignificantChange) -> str:
    """What changed; of the care plan, what the change comes to, so that one is not taken for another."""
    words = with_capital(fact.change.words)
    if fact.plan_change in (None, PlanChange.OTHER):
        return words
    return f"{words}: {as_clause(PLAN_CHANGES[fact.plan_change])}"


def _of_the_change(fact: SignificantChange, telling: Step | None) -> Iterator[str]:
    late = ""
    if telling and telling.reason and telling.state is StepState.DONE_LATE:
        late = f", {telling.reason.removeprefix('told ')}"
    yield f"Happened on {in_full(fact.happened_on)}; the IRO was told on {in_full(fact.on)}{late}."
    if fact.words:
        yield fact.words
    if fact.takes_effect:
        yield f"The plan is to change on {in_full(fact.takes_effect)}."
    if fact.detained_until:
        yield f"Detention or remand ends on {in_full(fact.detained_until)}."


def _considered(fact: ChangeConsidered | None) -> Iterator[str]:
    if fact is None:
        yield "The IRO has not recorded yet what comes of it."
        return
    why = f" {fact.reason}" if fact.reason else ""
    yield f"Considered by the IRO on {in_full(fact.on)}: {CHANGE_ANSWERS[fact.answer]}.{why}"
    if fact.before:
        yield f"A review is owed by {in_full(fact.before)}."


def _of_the_dispute(scene: Scene, each: Dispute, in_all: Step | None) -> Iterator[str]:
    yield f"Raised on {in_full(each.raised.on)}: {each.raised.fact.about}"
    yield closed_words(each, scene.today) or f"{where(each.now_at, scene.today, scene.names)}."
    if in_all:
        yield f"Working days: {of_the_twenty(in_all.due, scene.today, scene.calendar).words.lower()}."


def of_the_challenge(each: Challenge, names: Names) -> Iterator[str]:
    """What was said of a challenge, and what came of it, in order.

    Args:
        each: the challenge.
        names: by reference.
    """
    yield f"Raised on {in_full(each.raised.on)}: {each.raised.fact.about}"
    if each.answered:
        by = recorded_by(each.answered, names)
        yield f"Answered on {in_full(each.answered.on)}, {by}: {each.answered.fact.answer}"
    if each.resolved:
        yield f"Resolved on {in_full(each.resolved.on)}: {outcome_words(each.resolved.fact)}"
    if each.withdrawn:
        yield f"Withdrawn on {in_full(each.withdrawn.on)}: {each.withdrawn.fact.reason}"
    if each.further:
        further = each.further.fact
        on = in_full(further.on)
        if isinstance(further, DisputeRaised):
            yield f"Taken further on {on}, as formal dispute with {whom(further.stage)}"
        else:
            yield f"Taken further on {on}, as {further.rung.words} to {whom(further.addressee)}"
