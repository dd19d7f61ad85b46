"""Formal disputes; what cannot be."""

from rules.acceptance.challenge import is_heard, may_be_taken_further
from rules.acceptance.scene import Refused, Scene, called, says
from rules.dispute_policy import rank
from rules.disputes import AtStage, Dispute, disputes_of, facts_of, history_of
from rules.facts import PlainFact
from rules.facts.base import FactBase
from rules.facts.cafcass import CafcassConsidered, CafcassReferred, LegalAdviceAsked
from rules.facts.challenge import ChallengeRaised
from rules.facts.dispute import (
    DisputeAnswered,
    DisputeMovedUp,
    DisputePaused,
    DisputeRaised,
    DisputeResolved,
    DisputeTakenUp,
    DisputeWithdrawn,
)
from rules.named_iro import named_iro

OF_THE_IRO = (
    DisputeRaised,
    DisputeTakenUp,
    DisputePaused,
    DisputeResolved,
    DisputeWithdrawn,
    CafcassConsidered,
    CafcassReferred,
    LegalAdviceAsked,
)
"""What an IRO alone does in a dispute or of a referral. Nobody on the authority's side may, nor take it back or put it
otherwise."""

_ACTS = "the child's IRO acts in a formal dispute, refers to Cafcass or asks for legal advice"


def raised(scene: Scene, fact: DisputeRaised) -> None:
    """The child's IRO raises it, about one matter once, and it comes of what it says it follows."""
    is_heard(scene)
    is_the_iros(scene, fact)
    if fact.needed_by and fact.needed_by < fact.on:
        raise Refused("The child cannot need it resolved before the dispute was raised; check the days.")
    _comes_of(scene, fact)
    _is_another_matter(scene, fact)
    said = list(facts_of(scene.case, fact.id))
    early = [known.on for known in said if known.on < fact.on]
    if early:
        raise Refused(f"What was recorded on {says(min(early))} of this dispute would then come before it.")
    for move in said:
        if isinstance(move.fact, DisputeTakenUp | DisputeMovedUp) and rank(move.fact.to) <= rank(fact.stage):
            raise Refused(
                f"It went up to the {move.fact.to.words} on {says(move.on)}, and so began below that (stage)."
            )


def answered(scene: Scene, fact: DisputeAnswered) -> None:
    """Each stage answers once, also when the dispute has gone on; nothing is left to answer once it is closed."""
    dispute = _found(scene, fact.dispute, fact)
    closed = dispute.closed_by
    if closed and closed.on < fact.on:
        raise Refused(f"{_the(dispute)} was closed on {says(closed.on)}, so that nothing is left to answer.")
    stages = _answering(dispute, fact)
    if not stages:
        stage = fact.stage.words if fact.stage else dispute.raised.fact.stage.words
        raise Refused(
            f"{_the(dispute)} had not come to the {stage} by {says(fact.on)}; it is with {_where(dispute)}."
            " Check the stage and the day."
        )
    may_be_one_of = stages if scene.correcting else stages[-1:]
    given = may_be_one_of[-1].answered
    if given and all(at.answered for at in may_be_one_of):
        who = may_be_one_of[-1].stage.words
        raise Refused(
            f"The {who} answered on {says(given.on)}; correct that (fact {given.id}), or have the dispute taken up."
        )


def taken_up(scene: Scene, fact: DisputeTakenUp) -> None:
    """The IRO may skip any stage, but goes up."""
    is_heard(scene)
    dispute = _open(scene, fact.dispute, fact)
    is_the_iros(scene, fact)
    _goes_up(scene, dispute, fact)


def moved_up(scene: Scene, fact: DisputeMovedUp) -> None:
    """It moves up by itself from the stage that did not answer, and from no other."""
    dispute = _open(scene, fact.dispute, fact)
    if dispute.now_at.stage is not fact.unanswered or dispute.now_at.answered_in_place:
        raise Refused(f"{_the(dispute)} is with {_where(dispute)}, and has not gone unanswered there.")
    _goes_up(scene, dispute, fact)


def paused(scene: Scene, fact: DisputePaused) -> None:
    """The IRO gives a stage longer, and so until a day to come."""
    dispute = _open(scene, fact.dispute, fact)
    is_the_iros(scene, fact)
    if fact.until < fact.on:
        raise Refused("A pause lasts until a day to come; check the days.")
    if dispute.now_at.answered_in_place and not scene.correcting:
        raise Refused(f"{_where(dispute).capitalize()} answered; say whether that resolves it, or take it up.")


def closed(scene: Scene, fact: DisputeResolved | DisputeWithdrawn) -> None:
    """A dispute is resolved, as the IRO sees it, or withdrawn by the IRO, while it is open."""
    _open(scene, fact.dispute, fact)
    is_the_iros(scene, fact)


def is_the_iros(scene: Scene, fact: FactBase, acts: str = _ACTS) -> None:
    """The IRO is personally responsible for a dispute and for a referral (practice notes 4.6), and asks for legal
    advice of their own; whoever covers for them acts for them.

    Args:
        scene: what it is held against.
        fact: the act.
        acts: what only the IRO does, in words.

    Raises:
        Refused: somebody else records it.
    """
    named = named_iro(scene.case, fact.on)
    if scene.correcting or fact.by in (named.iro, named.cover):
        return
    if named.iro is None:
        raise Refused(f"No IRO is appointed on {says(fact.on)}, and only {acts}: have one appointed first.")
    covered = f", covered by {named.cover}" if named.cover else ""
    raise Refused(
        f"Only {acts}: that is {named.iro}{covered}, not {fact.by}. Ask them, or record under"
        " their reference what they did (by)."
    )


def is_put_right_by_the_iro(scene: Scene, wrong: PlainFact, revision: FactBase) -> None:
    """What an IRO did in a dispute or of a referral is taken back, or put otherwise, by the child's IRO.

    Raises:
        Refused: somebody else would.
    """
    if isinstance(wrong, OF_THE_IRO):
        is_the_iros(scene, revision)


def leaves_one_on_a_matter(scene: Scene, wrong: PlainFact) -> None:
    """A dispute is not opened again where another has gone on with its matter.

    Args:
        scene: what it is held against.
        wrong: the fact to be taken back, or that is to be of another dispute.

    Raises:
        Refused: the dispute that it closed would be open beside the other.
    """
    if not isinstance(wrong, DisputeResolved | DisputeWithdrawn):
        return
    closed = next((each for each in disputes_of(scene.case) if each.id == wrong.dispute), None)
    others = [each for each in disputes_of(scene.case) if each.closed_by is None]
    other = next((each for each in others if closed and _goes_on_with(each, closed)), None)
    if other:
        raise Refused(
            f"{_the(other)} has gone on with the matter since, and is open, with {_where(other)}: go on with that one,"
            " or withdraw it first, so that no two are open on it."
        )


def _goes_on_with(other: Dispute, closed: Dispute) -> bool:
    """Whether an open dispute follows one that was closed, or is on its matter and not said to be another."""
    one, two = closed.raised.fact, other.raised.fact
    if other.id == closed.id:
        return False
    same = one.matter is two.matter and two.apart_from is None and one.apart_from != other.id
    return two.follows == closed.id or same


def _comes_of(scene: Scene, fact: DisputeRaised) -> None:
    if fact.follows is None:
        return
    if fact.follows == fact.id:
        raise Refused("A dispute cannot follow itself; name the challenge or the earlier dispute (follows).")
    if any(known.id == fact.follows for known in scene.case.all(ChallengeRaised)):
        may_be_taken_further(scene, fact.follows, fact)
        return
    earlier = next((each for each in disputes_of(scene.case) if each.id == fact.follows), None)
    if earlier is None:
        raise Refused(
            f"There is no such challenge or dispute in the open part of this episode (fact {fact.follows}); name the"
            " one that this follows, or leave it out (follows)."
        )
    if earlier.closed_by is None:
        raise Refused(
            f"{_the(earlier)} is open, with {_where(earlier)}: take that one up (dispute_taken_up) instead of raising"
            " another."
        )
    if earlier.closed_by.on > fact.on:
        raise Refused(f"{_the(earlier)} was closed later, on {says(earlier.closed_by.on)}; check the day.")
    if any(each.raised.fact.follows == fact.id for each in history_of(scene.case, earlier.id)):
        raise Refused(f"{_the(earlier)} came of this one, so that this one cannot follow it in turn (follows).")


def _is_another_matter(scene: Scene, fact: DisputeRaised) -> None:
    same = [
        other
        for other in disputes_of(scene.case)
        if other.raised.fact.matter is fact.matter and other.closed_by is None and other.id != fact.id
    ]
    if same and fact.apart_from not in {other.id for other in same}:
        other = same[-1]
        raise Refused(
            f"{_the(other)} is open, with {_where(other)}. If it is the same matter, take that one up; if it is"
            f" another, say so (apart_from={other.id})."
        )


def _answering(dispute: Dispute, fact: DisputeAnswered) -> list[AtStage]:
    """The stages that an answer of that day can be from: the one it names, or those where the dispute was that day."""
    begun = [at for at in dispute.stages if at.began.on <= fact.on]
    if fact.stage:
        return [at for at in begun if at.stage is fact.stage]
    return [at for at in begun if at is begun[-1] or (at.left and at.left.on >= fact.on)]


def _goes_up(scene: Scene, dispute: Dispute, fact: DisputeTakenUp | DisputeMovedUp) -> None:
    """A move goes up from the stage where the dispute stands; one that is put right, from the stage before it."""
    below = [at for at in dispute.stages if rank(at.stage) < rank(fact.to)]
    above = [at for at in dispute.stages if rank(at.stage) >= rank(fact.to)]
    if not below or (above and not scene.correcting) or (above and above[0].stage is fact.to):
        raise Refused(f"{_the(dispute)} is with {_where(dispute)}; it can only be taken up from there.")
    before = below[-1]
    if fact.on < before.began.on:
        raise Refused(f"The dispute came to the {before.stage.words} on {says(before.began.on)}; check the day.")
    if above and above[0].began.on < fact.on:
        raise Refused(f"The dispute went on to the {above[0].stage.words} on {says(above[0].began.on)}; check the day.")


def the_dispute(scene: Scene, fact: FactBase, name: str, if_none: str) -> Dispute:
    """The dispute that a fact names.

    Args:
        scene: what the fact is held against.
        fact: the fact.
        name: the dispute, by the id of the fact that raised it.
        if_none: what is said where there is none of that name.

    Raises:
        Refused: there is none, or it was raised only after the fact's day.
    """
    found = next((each for each in disputes_of(scene.case) if each.id == name), None)
    if found is None:
        raise Refused(if_none)
    if fact.on < found.raised.on:
        raise Refused(f"That dispute was raised later, on {says(found.raised.on)} (fact {name}); check the day.")
    return found


def _found(scene: Scene, name: str, fact: FactBase) -> Dispute:
    if_none = f"There is no such open dispute (fact {name}); the agenda lists those that are open (resolve_dispute)."
    return the_dispute(scene, fact, name, if_none)


def _open(scene: Scene, name: str, fact: FactBase) -> Dispute:
    """An open dispute; or one closed since, where what was recorded of it before is put right."""
    found = _found(scene, name, fact)
    if (closed := found.closed_by) and not (scene.correcting and fact.on <= closed.on):
        how = "resolved" if found.resolved else "withdrawn"
        raise Refused(f"{_the(found)} was {how} on {says(closed.on)}; withdraw that record first (fact {closed.id}).")
    return found


def _the(dispute: Dispute) -> str:
    return f"The {called(dispute.raised.fact)}"


def _where(dispute: Dispute) -> str:
    return f"the {dispute.now_at.stage.words}"
