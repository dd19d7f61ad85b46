"""The IRO's challenges; what cannot be."""

from collections.abc import Iterator

from rules.acceptance.scene import Refused, Scene, called, says
from rules.case import Known
from rules.challenges import Challenge, challenges_of, history_of
from rules.facts.base import FactBase
from rules.facts.challenge import ChallengeAnswered, ChallengeRaised, ChallengeResolved, ChallengeWithdrawn
from rules.facts.dispute import DisputeRaised


def raised(scene: Scene, fact: ChallengeRaised) -> None:
    """A challenge asks for an answer to come, and finds somebody to hear it; what it takes further is open."""
    is_heard(scene)
    if fact.answer_by and fact.answer_by < fact.on:
        raise Refused("An answer cannot be owed before the challenge was raised; check the days.")
    if fact.follows == fact.id:
        raise Refused("A challenge cannot take itself further; name the earlier one (follows).")
    if fact.follows:
        _is_open(scene, fact.follows, fact)
        _goes_in_no_circle(scene, fact, fact.follows)
    early = [known.on for known in _said_of(scene, fact.id) if known.on < fact.on]
    if early:
        raise Refused(f"What was recorded on {says(min(early))} of this challenge would then come before it.")


def answered(scene: Scene, fact: ChallengeAnswered) -> None:
    """A challenge is answered once; an answer that comes after it was taken further still stands on record."""
    challenge = _found(scene, fact.challenge, fact)
    if challenge.answered:
        raise Refused(
            f"The {called(challenge.raised.fact)} was answered on {says(challenge.answered.on)}; correct that"
            f" (fact {challenge.answered.id}), or have the challenge taken further."
        )
    closed = challenge.resolved or challenge.withdrawn
    if closed and closed.on < fact.on:
        how = "resolved" if challenge.resolved else "withdrawn"
        raise Refused(
            f"The {called(challenge.raised.fact)} was {how} on {says(closed.on)}, so that nothing is left to answer."
        )


def closed(scene: Scene, fact: ChallengeResolved | ChallengeWithdrawn) -> None:
    """A challenge is resolved or withdrawn while it is open."""
    _is_open(scene, fact.challenge, fact)


def is_heard(scene: Scene) -> None:
    """After a death nobody would hear of a challenge or a dispute.

    Raises:
        Refused: the child had died.
    """
    ending = scene.ending
    if ending and ending.death and not scene.correcting:
        raise Refused(
            f"The child died on {says(ending.on)}, and no notice is sent from here after that, so that nobody would"
            " hear of this; take it to the IRO manager directly."
        )


def may_be_taken_further(scene: Scene, name: str, fact: FactBase) -> None:
    """An open challenge is taken further, by another challenge or by a dispute.

    Raises:
        Refused: there is none of that name, or it is closed.
    """
    _is_open(scene, name, fact)


def _goes_in_no_circle(scene: Scene, fact: ChallengeRaised, follows: str) -> None:
    """Two challenges that took each other further would both be closed, with nobody having answered."""
    for earlier in history_of(challenges_of(scene.case), follows):
        if earlier.raised.fact.follows == fact.id:
            raise Refused(
                f"The {called(earlier.raised.fact)} took this one further, so that this one cannot take it, or what"
                " came of it, further in turn; name an earlier one (follows)."
            )


def _found(scene: Scene, name: str, fact: FactBase) -> Challenge:
    found = next((each for each in challenges_of(scene.case) if each.id == name), None)
    if found is None:
        raise Refused(
            f"There is no such open challenge (fact {name}); the agenda lists those that are open (answer_challenge,"
            " settle_challenge)."
        )
    if fact.on < found.raised.on:
        raise Refused(f"That challenge was raised later, on {says(found.raised.on)} (fact {name}); check the day.")
    return found


def _is_open(scene: Scene, name: str, fact: FactBase) -> None:
    found = _found(scene, name, fact)
    if found.further and found.closed_by is found.further and found.further.id != fact.id:
        raise Refused(
            f"The {called(found.raised.fact)} was taken further on {says(found.further.on)}, by the"
            f" {called(found.further.fact)}; say what comes of that one."
        )
    if closed := found.resolved or found.withdrawn:
        how = "resolved" if found.resolved else "withdrawn"
        raise Refused(
            f"The {called(found.raised.fact)} was {how} on {says(closed.on)}; withdraw that record first"
            f" (fact {closed.id})."
        )


def _said_of(scene: Scene, name: str) -> Iterator[Known[FactBase]]:
    """What was recorded of a challenge since it was raised."""
    for challenge in challenges_of(scene.case):
        if challenge.raised.fact.follows == name:
            yield challenge.raised
    yield from (known for known in scene.case.all(DisputeRaised) if known.fact.follows == name)
    said: list[Known[ChallengeAnswered | ChallengeResolved | ChallengeWithdrawn]] = [
        *scene.case.all(ChallengeAnswered),
        *scene.case.all(ChallengeResolved),
        *scene.case.all(ChallengeWithdrawn),
    ]
    yield from (known for known in said if known.fact.challenge == name)
