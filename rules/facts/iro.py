"""Facts of the child's IRO: who it is to be and who it is, and who was told of it and of the reviewing policy."""

from typing import Literal

from rules.facts.base import FactBase, ToSomeone
from rules.vocabulary import ApartGround, Day, KinRelation, Need, Reference, VacancyReason, WayTold, Words

# --- Who it is -------------------------------------------------------------------------------------------------------


class KinKnown(FactBase):
    """A brother or sister, a parent or a child of this child is looked after by the authority too."""

    kind: Literal["kin_known"] = "kin_known"
    kin: Reference
    relation: KinRelation


class SiblingsKeptApart(FactBase):
    """This child is not to share an IRO with the siblings, for a reason."""

    kind: Literal["siblings_kept_apart"] = "siblings_kept_apart"
    ground: ApartGround
    reason: Words


class NeedsKnown(FactBase):
    """What the child needs of an IRO, such as a language; all that is needed, each time."""

    kind: Literal["needs_known"] = "needs_known"
    needs: tuple[Need, ...]


class IroProposed(FactBase):
    """An IRO was chosen for the child, and waits for the IRO manager's word."""

    kind: Literal["iro_proposed"] = "iro_proposed"
    iro: Reference
    over_capacity: bool = False


class NoIroFound(FactBase):
    """No IRO in the directory may review for the child: each is barred, away or gone."""

    kind: Literal["no_iro_found"] = "no_iro_found"
    directory: str
    """The version of the directory that was looked in."""


class IroAppointed(FactBase):
    """An IRO was appointed for the child, the first or a new one."""

    kind: Literal["iro_appointed"] = "iro_appointed"
    iro: Reference
    reason: Words | None = None
    """Why this one, where the IRO manager chose otherwise than was proposed."""
    over_capacity: bool = False
    """The IRO has more children than the limit allows, because everyone else was full."""
    shares_with: tuple[Reference, ...] = ()
    """The siblings who have the same IRO."""


class IroConflictDeclared(FactBase):
    """An IRO has a conflict of interest with this child; if it is the child's own, there is a vacancy."""

    kind: Literal["iro_conflict_declared"] = "iro_conflict_declared"
    iro: Reference
    reason: Words


class IroChangeAsked(FactBase):
    """The child asked for another IRO, or complained of the one there is."""

    kind: Literal["iro_change_asked"] = "iro_change_asked"
    reason: Words | None = None


class IroChangeDeclined(FactBase):
    """The IRO manager decided that the child's IRO stays, and told the child why: they read it on their own page."""

    kind: Literal["iro_change_declined"] = "iro_change_declined"
    reason: Words


class IroHandedOver(FactBase):
    """The outgoing IRO introduced the incoming one to the child in person."""

    kind: Literal["iro_handed_over"] = "iro_handed_over"


class IroPostVacated(FactBase):
    """The child's IRO gave the child up; there is a vacancy."""

    kind: Literal["iro_post_vacated"] = "iro_post_vacated"
    reason: VacancyReason


class IroCoverArranged(FactBase):
    """Another IRO covers for the named one, who remains the child's IRO."""

    kind: Literal["iro_cover_arranged"] = "iro_cover_arranged"
    cover: Reference
    until: Day | None = None


class IroCoverEnded(FactBase):
    """The named IRO is back; cover has ended."""

    kind: Literal["iro_cover_ended"] = "iro_cover_ended"


# --- Who was told ----------------------------------------------------------------------------------------------------


class IroMadeKnown(ToSomeone):
    """Someone was told who the IRO is and how to reach them; a verbal telling carries its day too."""

    kind: Literal["iro_made_known"] = "iro_made_known"
    way: WayTold


class IroNotMadeKnown(ToSomeone):
    """Someone is not to be told who the IRO is, for a reason."""

    kind: Literal["iro_not_made_known"] = "iro_not_made_known"
    reason: Words


class ReviewingPolicyGiven(ToSomeone):
    """The authority's written policy on reviews was given to someone."""

    kind: Literal["reviewing_policy_given"] = "reviewing_policy_given"


class ReviewingPolicyWithheld(ToSomeone):
    """The written policy is not to be given to someone, for a reason (reg 34(2): age, understanding)."""

    kind: Literal["reviewing_policy_withheld"] = "reviewing_policy_withheld"
    reason: Words
