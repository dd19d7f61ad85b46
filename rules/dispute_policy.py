"""How an authority's formal disputes go: its stages, and the days of each (IRO Handbook ch 6; practice notes 4.6)."""

from itertools import pairwise
from typing import Annotated, get_args

from pydantic import Field, model_validator

from rules.facts.dispute import DisputeStage
from rules.vocabulary import Frozen, Role

STAGES: tuple[DisputeStage, ...] = get_args(DisputeStage)
"""Every stage there can be, from the first to the last."""
WORKING_DAYS_IN_ALL = 20
"""A formal dispute is resolved within so many working days, whatever the stages (IRO Handbook ch 6; unverified)."""


class StageDays(Frozen):
    """A stage, and its time to answer.

    Attributes:
        stage: who answers.
        working_days: how many working days they have.
    """

    stage: DisputeStage
    working_days: Annotated[int, Field(ge=1, le=WORKING_DAYS_IN_ALL, strict=True)]


def _default_stages() -> tuple[StageDays, ...]:
    days = zip(STAGES, (5, 4, 3, 3, 3, 2), strict=True)
    return tuple(StageDays(stage=stage, working_days=each) for stage, each in days)


class DisputePolicy(Frozen):
    """An authority's own stages of a formal dispute.

    Attributes:
        stages: from the first to the last; together at most 20 working days. The Handbook fixes no days for a stage.
        straight_to_any_stage: whether an IRO may go straight to any stage. It cannot be otherwise.
        senior_from: from which stage on those who hear of it are of appropriate seniority (CPPCR 2010 reg 45).
    """

    stages: Annotated[tuple[StageDays, ...], Field(min_length=1)] = _default_stages()
    straight_to_any_stage: Annotated[bool, Field(strict=True)] = True
    senior_from: DisputeStage = Role.HEAD_OF_SERVICE

    @model_validator(mode="after")
    def _keeps_to_the_handbook(self) -> "DisputePolicy":
        in_all = sum(each.working_days for each in self.stages)
        if in_all > WORKING_DAYS_IN_ALL:
            raise ValueError(
                f"the stages of a dispute add up to {in_all} working days, and the IRO Handbook (ch 6) allows"
                f" {WORKING_DAYS_IN_ALL} in all: give some of them fewer"
            )
        if any(rank(after.stage) <= rank(before.stage) for before, after in pairwise(self.stages)):
            raise ValueError(
                "the stages of a dispute go up the line, each once: " + ", ".join(stage.value for stage in STAGES)
            )
        if not self.straight_to_any_stage:
            raise ValueError(
                "an IRO may go straight to any stage of a dispute (IRO Handbook ch 6): leave straight_to_any_stage out"
            )
        if rank(self.senior_from) > rank(self.last):
            raise ValueError(
                f"senior_from is {self.senior_from.value}, beyond the last stage ({self.last.value}): a referral to"
                " Cafcass would never come to be considered (CPPCR 2010 reg 45), so name one of the stages"
            )
        return self

    def days_of(self, stage: DisputeStage) -> int:
        """The working days a stage has to answer; of one that is no longer in the policy, the fewest of any."""
        named = [each.working_days for each in self.stages if each.stage is stage]
        return named[0] if named else min(each.working_days for each in self.stages)

    def after(self, stage: DisputeStage) -> DisputeStage | None:
        """The stage that follows one; None after the last."""
        return next((each.stage for each in self.stages if rank(each.stage) > rank(stage)), None)

    @property
    def last(self) -> DisputeStage:
        """The stage beyond which there is none in the authority."""
        return self.stages[-1].stage


def rank(stage: DisputeStage) -> int:
    """How far up the line a stage is, from 0."""
    return STAGES.index(stage)
