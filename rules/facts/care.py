"""Facts of the child's care: how it begins, changes and ends, and which steps are not owed for now."""

from typing import Annotated, Literal

from pydantic import Field

from rules.codes import EndReason, LegalStatus
from rules.facts.base import FactBase
from rules.vocabulary import Day, Nation, Reference, StepKey, Words

# --- The beginning ---------------------------------------------------------------------------------------------------


class BecameLookedAfter(FactBase):
    """The child became looked after on this day (D0)."""

    kind: Literal["became_looked_after"] = "became_looked_after"
    authority: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    nation: Nation
    child: Reference
    birth_date: Day
    legal_status: LegalStatus = LegalStatus.V2
    social_worker: Reference | None = None
    team_manager: Reference | None = None


class IroServiceNotified(FactBase):
    """The IRO service was told that the child is looked after."""

    kind: Literal["iro_service_notified"] = "iro_service_notified"


class CaseTakenOn(FactBase):
    """The case was taken on from another system; what fell due before this day was that system's to follow."""

    kind: Literal["case_taken_on"] = "case_taken_on"
    first_day_known: bool = True
    """False when the return began after the child became looked after, so that D0 is only the first day seen."""


class SocialWorkerChanged(FactBase):
    """Another social worker took the case over, and with them the team manager named here."""

    kind: Literal["social_worker_changed"] = "social_worker_changed"
    social_worker: Reference
    team_manager: Reference | None = None


class LegalStatusChanged(FactBase):
    """The legal status changed; the period of care, and its dates, go on."""

    kind: Literal["legal_status_changed"] = "legal_status_changed"
    legal_status: LegalStatus


class ShortBreakLimitExceeded(FactBase):
    """The series of short breaks passed its limits: from this day the child is fully looked after."""

    kind: Literal["short_break_limit_exceeded"] = "short_break_limit_exceeded"


# --- Exemptions ------------------------------------------------------------------------------------------------------


class StepExempted(FactBase):
    """A step is not owed for now, for a reason, until a day or for good."""

    kind: Literal["step_exempted"] = "step_exempted"
    step: StepKey
    reason: Words
    until: Day | None = None


class ExemptionEnded(FactBase):
    """An exempted step is owed again."""

    kind: Literal["exemption_ended"] = "exemption_ended"
    step: StepKey


# --- The end ---------------------------------------------------------------------------------------------------------


class CareEnded(FactBase):
    """The child ceased to be looked after."""

    kind: Literal["care_ended"] = "care_ended"
    reason: EndReason


class CareVoided(FactBase):
    """The child was never looked after: it lasted less than 24 hours."""

    kind: Literal["care_voided"] = "care_voided"
    reason: Words
