"""The IRO: appointed, covered for, made known; what cannot be."""

from rules.acceptance.scene import Refused, Scene, says
from rules.facts.iro import (
    IroAppointed,
    IroChangeAsked,
    IroChangeDeclined,
    IroConflictDeclared,
    IroCoverArranged,
    IroCoverEnded,
    IroHandedOver,
    IroMadeKnown,
    IroNotMadeKnown,
    IroPostVacated,
    KinKnown,
)
from rules.named_iro import named_iro


def appointed(scene: Scene, fact: IroAppointed) -> None:
    """Nobody is appointed who holds the post already, or has a conflict of interest with the child."""
    if any(known.fact.iro == fact.iro for known in scene.case.all(IroConflictDeclared)):
        raise Refused(f"{fact.iro} has a conflict of interest with this child; choose another IRO.")
    if not scene.correcting and named_iro(scene.case, fact.on).iro == fact.iro:
        raise Refused(f"{fact.iro} is the child's IRO already.")


def post_held(scene: Scene, fact: IroPostVacated | IroCoverArranged | IroCoverEnded) -> None:
    """Only a post that is held on the day falls vacant or is covered."""
    named = named_iro(scene.case, fact.on)
    if named.iro is None and fact.on < scene.today:
        raise Refused(f"The child had no IRO on {says(fact.on)}; check the day, or record the appointment first.")
    if named.iro is None:
        raise Refused("The child has no IRO now; appoint one first.")
    if isinstance(fact, IroCoverArranged) and fact.cover == named.iro:
        raise Refused("An IRO cannot cover for themselves; name another.")
    if isinstance(fact, IroCoverArranged) and fact.until and fact.until < fact.on:
        raise Refused("Cover ends before it begins; check the days.")
    if isinstance(fact, IroCoverEnded) and named.cover is None and not scene.correcting:
        raise Refused(f"Nobody covers for the child's IRO on {says(fact.on)}.")


def kin(scene: Scene, fact: KinKnown) -> None:
    """Another child is kin in one way only, and nobody is kin of themselves."""
    if fact.kin == scene.case.opening.fact.child:
        raise Refused("A child is not kin of themselves; check the reference.")
    known = next((known.fact for known in scene.case.all(KinKnown) if known.fact.kin == fact.kin), None)
    if known and known.relation is fact.relation:
        raise Refused(f"That {fact.kin} is the child's {fact.relation.value} is recorded already.")
    if known:
        raise Refused(
            f"{fact.kin} is recorded as the child's {known.relation.value}, and cannot be the {fact.relation.value}"
            " too; correct or withdraw that fact first."
        )


def change_declined(scene: Scene, fact: IroChangeDeclined) -> None:
    """Only a wish that was uttered can be declined."""
    if not any(known.on <= fact.on for known in scene.case.all(IroChangeAsked)):
        raise Refused("The child has not asked for another IRO; record that first (iro_change_asked).")


def handed_over(scene: Scene, fact: IroHandedOver) -> None:
    """There is a handover only from one IRO to another."""
    appointments = [known for known in scene.case.all(IroAppointed) if known.on <= fact.on]
    if len(appointments) < 2:
        raise Refused("The child has had one IRO so far, so there was nothing to hand over; record the new IRO first.")


def iro_to_tell_of(scene: Scene, fact: IroMadeKnown | IroNotMadeKnown) -> None:
    """Nobody can be told of an IRO before there is one."""
    if not any(known.on <= fact.on for known in scene.case.all(IroAppointed)):
        raise Refused(f"No IRO had been appointed by {says(fact.on)}, so nobody could be told who it is.")
