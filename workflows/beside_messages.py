"""What passes between an episode and the clocks beside it."""

from typing import Literal

from rules.facts import Fact
from rules.steps import RunsBeside
from rules.vocabulary import Frozen

START_BESIDE = "StartBeside"
STANDS = "stands"
RECORD_BESIDE = "record_beside"
FINISHED = "The episode has finished."
"""What is said for an episode that is gone."""
CLOCKS: dict[Literal["dispute", "proceedings"], str] = {"dispute": "Dispute", "proceedings": "Proceedings"}
"""The workflow that is the clock of each kind of matter."""


class BesideStart(Frozen):
    """How a clock begins, and how it goes on.

    Attributes:
        clock: its workflow's id.
        episode: the episode's id.
        authority: whose child it is.
        standing: how the matter stands.
    """

    clock: str
    episode: str
    authority: str
    standing: RunsBeside


class BesideAct(Frozen):
    """What a clock has its episode record."""

    episode: str
    fact: Fact


class BesideAnswer(Frozen):
    """What the episode said to it: why it refused, in one sentence; None when it stands."""

    refused: str | None


class BesideOutcome(Frozen):
    """How a matter stood when it was over."""

    episode: str
    name: str
    stage: str


def clock_of(episode: str, standing: RunsBeside) -> str:
    """The id of the workflow that is the clock of a matter."""
    return f"{episode}-{standing.kind}-{standing.name}"
