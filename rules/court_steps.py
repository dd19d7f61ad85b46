"""What the steps of court proceedings have in common: how one is made, what it is overtaken by, and the hearing that
what is owed to a court comes before.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from rules.case import Known
from rules.court import InDiary, Proceedings, diary_of, last_end
from rules.cycles import cycle_on
from rules.exemptions import missed, not_required
from rules.facts.base import FactBase
from rules.reading import Reading, owed
from rules.steps import Basis, Step
from rules.vocabulary import Phase

BEFORE_HEARING = "before_hearing"
ENDED = "the proceedings ended first"

Overtaking = tuple[Known[FactBase] | None, str]
"""What a step may be overtaken by, and the same in words."""


def step_of(
    reading: Reading,
    rule: str,
    since: date,
    anchor: str,
    *,
    known_by: Sequence[Known[FactBase] | None],
    done: Known[FactBase] | None,
) -> Step:
    """A step of proceedings that is counted from a day; what was before care began, from its first day.

    Args:
        reading: the case.
        rule: the limit's name.
        since: the London date it is counted from.
        anchor: what tells it from others of the name.
        known_by: the facts that set it off.
        done: the fact that did it.
    """
    since = max(since, reading.case.first_day)
    return owed(
        reading,
        Phase.PROCEEDINGS,
        reading.book.basis(rule, since),
        cycle=cycle_on(reading.cycles, since),
        anchor=anchor,
        known_at=reading.case.known_at(*known_by),
        done=done,
    )


def owed_to_the_court(
    reading: Reading,
    sets: Sequence[Proceedings],
    basis: Basis,
    since: date,
    *,
    name: str,
    anchor: str,
    known_by: Sequence[Known[FactBase]],
    done: Known[FactBase] | None,
) -> Step:
    """A step owed to a court: by its own limit, and before the next hearing; the earlier governs.

    Args:
        reading: the case.
        sets: the proceedings it is owed in.
        basis: the working of its own limit.
        since: the London date since which it is owed.
        name: the step's name.
        anchor: what tells it from others of the name.
        known_by: the facts that set it off.
        done: the fact that did it.
    """
    since = max(since, reading.case.first_day)
    ahead = diary_of(sets, since)
    bases, known = [basis], list(known_by)
    if ahead:
        bases.append(before(reading, BEFORE_HEARING, ahead[0], since))
        known.append(ahead[0].hearing.day_known_by)
    governs, *others = sorted(bases, key=lambda one: one.due)
    return owed(
        reading,
        Phase.PROCEEDINGS,
        governs,
        name=name,
        cycle=cycle_on(reading.cycles, since),
        anchor=anchor,
        others=tuple(others),
        known_at=reading.case.known_at(*known),
        done=done,
    )


def before(reading: Reading, rule: str, coming: InDiary, since: date) -> Basis:
    """The last day before a hearing. One that could only be known of on the eve of it, or since, is owed that eve.

    Args:
        reading: the case.
        rule: the limit's name.
        coming: the hearing, later than `since`.
        since: the London date since which it is owed.
    """
    eve = coming.day - timedelta(days=1)
    known_on = max(since, coming.hearing.day_known_by.on)
    return reading.book.not_before(reading.book.basis(rule, coming.day), min(known_on, eve))


def overtaken(reading: Reading, step: Step, sets: Sequence[Proceedings], *by: Overtaking) -> Step:
    """A step that can no longer be done, because of whatever came first: missed where its last day had passed by then,
    else not required.

    Args:
        reading: the case.
        step: the step.
        sets: the proceedings it is owed in; it is owed no more when the last of them ended.
        by: what else may have overtaken it.
    """
    if not step.is_open:
        return step
    came = [(known, words) for known, words in (*by, (last_end(sets), ENDED)) if known]
    if not came:
        return step
    first, words = min(came, key=lambda each: each[0].on)
    return missed(reading, step, first.on, words) if step.due < first.on else not_required(step, words)
