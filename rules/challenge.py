"""Phase 8, challenge: whoever the IRO challenges answers, and the IRO says whether that resolves it.

It runs beside the cycle: it outlives the review, the IRO and the period of care. It is closed when it is resolved,
withdrawn or taken further, or when it turns out that the child was never looked after (care_voided); nothing else
closes it, no exemption and no passing of time (Children Act 1989 s.25B; IRO Handbook ch 6; A & S v Lancashire CC [2012]
EWHC 1689 (Fam): the failures that nobody followed up). The days are local policy. A formal dispute takes a challenge
further, with its history (`rules.challenges`).
"""

from collections.abc import Iterator

from rules.challenges import ANSWER, SETTLE, Challenge, challenges_of
from rules.cycles import cycle_on
from rules.exemptions import missed, not_required
from rules.facts.challenge import ChallengeRung
from rules.reading import Reading, owed
from rules.steps import Basis, Step
from rules.vocabulary import Phase

_DAYS = {
    ChallengeRung.INFORMAL_RESOLUTION: "informal_resolution",
    ChallengeRung.PROBLEM_RESOLUTION: "problem_resolution",
    ChallengeRung.MANAGEMENT_ALERT: "management_alert",
}
"""The limit that dates the answer to each rung."""


def steps(reading: Reading) -> Iterator[Step]:
    """The answer to each challenge, and once there is one, what the IRO makes of it."""
    for challenge in challenges_of(reading.case):
        yield _answer(reading, challenge)
        if challenge.answered and not _closed_before_answer(challenge):
            yield _settlement(reading, challenge)


def _answer(reading: Reading, challenge: Challenge) -> Step:
    raised = challenge.raised
    bases = sorted(_bases(reading, challenge), key=lambda basis: basis.due)
    step = owed(
        reading,
        Phase.CHALLENGE,
        bases[0],
        name=ANSWER,
        cycle=cycle_on(reading.cycles, raised.on),
        anchor=raised.id,
        others=tuple(bases[1:]),
        known_at=reading.case.known_at(raised),
        done=challenge.answered,
        owner=raised.fact.addressee,
        ladder="challenge",
    )
    step = step.model_copy(update={"title": f"Answer the IRO's {raised.fact.rung.words}"})
    return _closed_unanswered(reading, challenge, step) if step.is_open and challenge.closed_by else step


def _bases(reading: Reading, challenge: Challenge) -> Iterator[Basis]:
    """By when the answer is owed: as local policy has it for the rung, and as the IRO asked for it."""
    fact = challenge.raised.fact
    yield reading.book.basis(_DAYS[fact.rung], fact.on)
    if fact.answer_by:
        yield reading.book.basis(ANSWER, fact.answer_by)


def _closed_unanswered(reading: Reading, challenge: Challenge, step: Step) -> Step:
    """A challenge that was closed with no answer on record; that the answer was overdue by then is kept."""
    if challenge.withdrawn:
        words = f"withdrawn: {challenge.withdrawn.fact.reason}"
    else:
        words = "resolved without an answer" if challenge.resolved else "taken further without an answer"
    closed_on = challenge.closed_on
    if closed_on and step.due < closed_on:
        return missed(reading, step, closed_on, words)
    return not_required(step, words)


def _closed_before_answer(challenge: Challenge) -> bool:
    """Whether the answer came when there was nothing left to settle."""
    return bool(challenge.answered and challenge.closed_on and challenge.closed_on < challenge.answered.on)


def _settlement(reading: Reading, challenge: Challenge) -> Step:
    answered = challenge.answered
    return owed(
        reading,
        Phase.CHALLENGE,
        reading.book.basis(SETTLE, answered.on if answered else challenge.raised.on),
        cycle=cycle_on(reading.cycles, challenge.raised.on),
        anchor=challenge.id,
        known_at=reading.case.known_at(challenge.raised, answered),
        done=challenge.closed_by,
        outcome=challenge.outcome,
    )
