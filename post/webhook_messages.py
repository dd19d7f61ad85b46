"""What webhooks tell: that a step opened, slipped or closed. References, codes and dates, never anybody's words."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from rules.vocabulary import Frozen, Phase, Role, StepState


class WebhookKind(StrEnum):
    """What is told."""

    OPENED = "step.opened"
    """It is owed: new, or again."""
    SLIPPED = "step.slipped"
    """Of a step that escalates: its last day passed, or a rung further up its ladder was reached."""
    CLOSED = "step.closed"
    """It is owed no more: done, exempted, missed, not required, or taken away by a correction."""


class WebhookState(StrEnum):
    """What became of one event for one receiver."""

    OWED = "owed"
    DELIVERED = "delivered"
    FAILED = "failed"


class StepTold(Frozen):
    """A step, as one publication left it.

    Attributes:
        authority: by its three-digit code.
        episode: the episode's id.
        step: the step's key, unique in the episode.
        name: what is owed, by its rule's name.
        title: the same in words.
        phase: the part of the cycle it belongs to.
        owner: the role that owes it.
        due: the last day in law, a London date.
        state: open, or how it closed.
        revision: of the episode; it only ever grows.
        rung: of a slip, the rung of the ladder that was reached.
    """

    authority: str
    episode: str
    step: str
    name: str
    title: str
    phase: Phase
    owner: Role
    due: date
    state: StepState
    revision: int
    rung: str | None = None


class WebhookEvent(Frozen):
    """The body of one request.

    Attributes:
        type: what happened to the step.
        timestamp: when, UTC; the instant of the publication.
        data: the step.
    """

    type: WebhookKind
    timestamp: AwareDatetime
    data: StepTold

    def body(self) -> str:
        """The JSON that is sent, the same however often."""
        return self.model_dump_json(exclude_none=True)
