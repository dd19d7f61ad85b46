"""The IRO: appointed, covered for, made known; what cannot be."""

from rules.acceptance.scene import Refused, Scene, says
from rules.facts import (
    IroAppointed,
    IroCoverArranged,
    IroCoverEnded,
    IroMadeKnown,
    IroNotMadeKnown,
    IroPostVacated,
)
from rules.named_iro import named_iro


def appointed(scene: Scene, fact: IroAppointed) -> None:
    """Nobody is appointed who holds the post already."""
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


def iro_to_tell_of(scene: Scene, fact: IroMadeKnown | IroNotMadeKnown) -> None:
    """Nobody can be told of an IRO before there is one."""
    if not any(known.on <= fact.on for known in scene.case.all(IroAppointed)):
        raise Refused(f"No IRO had been appointed by {says(fact.on)}, so nobody could be told who it is.")
